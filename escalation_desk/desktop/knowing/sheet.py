"""A sheet over the window on which one record is written, with a sentence where something is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button, resize_within
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class Sheet(QDialog):
    """`inner` takes what is written, `acts` further buttons. Ctrl+Enter saves, Esc leaves it."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        letters = look().letters
        self.heading = PlainLabel(title, Role.HEADING, wrap=True)
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        holder = QWidget()
        self.inner = QVBoxLayout(holder)
        self.inner.setContentsMargins(0, 0, letters.gap, 0)
        self.inner.setSpacing(letters.gap)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        self.acts = QHBoxLayout()
        self.acts.setSpacing(letters.tight)
        self.keep = button(_("Save"), self.save, kind="first")
        ends = QHBoxLayout()
        ends.addLayout(self.acts)
        ends.addStretch()
        ends.addWidget(button(_("Cancel"), self.reject, kind="quiet"))
        ends.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.gap)
        column.addWidget(self.heading)
        column.addWidget(area, 1)
        column.addWidget(self.refusal)
        column.addLayout(ends)
        resize_within(self, 58, 52)

    def save(self) -> None:
        """Save what is written, or say what is missing."""
        raise NotImplementedError

    def refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.save()
        elif not enter:  # Enter alone is for the boxes; a dialog would press its first button.
            super().keyPressEvent(event)
