"""The settings as a dialog, made from their declarations; what is chosen holds at once, so there is no OK."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.desktop.settings import SETTINGS, Setting, Settings
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable


class SettingsDialog(QDialog):
    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        letters = look().letters
        self._settings = settings
        self.boxes: dict[str, QComboBox] = {}
        self._labels: list[PlainLabel] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Settings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        for group, declared in groupby(SETTINGS, key=lambda setting: setting.group):
            column.addWidget(PlainLabel(_(group), Role.HEADING))
            column.addLayout(self._form(declared))
        self._line_up()
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        closes = button(_("Close"), self.accept, kind="first")
        closes.setDefault(True)
        buttons.addWidget(closes)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(34))

    def _line_up(self) -> None:
        """Let the boxes of all groups begin at one line."""
        widest = max(label.sizeHint().width() for label in self._labels)
        for label in self._labels:
            label.setMinimumWidth(widest)

    def _form(self, declared: Iterable[Setting]) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(look().letters.page)
        form.setVerticalSpacing(look().letters.gap)
        for setting in declared:
            self._labels.append(PlainLabel(_(setting.label)))
            self._labels[-1].setBuddy(box := self._box(setting))
            form.addRow(self._labels[-1], box)
            if setting.hint:
                form.addRow("", PlainLabel(_(setting.hint), Role.SMALL, wrap=True))
        return form

    def _box(self, setting: Setting) -> QComboBox:
        box = self.boxes[setting.name] = QComboBox()
        box.setAccessibleName(_(setting.label))
        for value, label in setting.choices:
            box.addItem(_(label) if setting.spoken else label, value)
        box.setCurrentIndex(box.findData(self._settings.value(setting.name)))
        box.currentIndexChanged.connect(lambda _at: self._settings.choose(setting.name, box.currentData()))
        return box
