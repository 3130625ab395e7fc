"""Of what somebody wants to be told, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from escalation_desk.casework.notices import NoticeKind
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import time

    from escalation_desk.desktop.notices.watch import NoticeWatch


class WishesDialog(QDialog):
    """Each kind on or off, hours of quiet, sound."""

    def __init__(self, parent: QWidget, watch: NoticeWatch) -> None:
        super().__init__(parent)
        self._watch = watch
        wishes = watch.wishes
        self.setWindowTitle(_("What you are told of"))
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.gap)
        column.addWidget(PlainLabel(self.windowTitle(), Role.HEADING))
        self.kinds: dict[NoticeKind, QCheckBox] = {}
        for kind in NoticeKind:
            box = self.kinds[kind] = QCheckBox(_(kind.label))
            box.setChecked(kind not in wishes.off)
            column.addWidget(box)
        column.addWidget(PlainLabel(_("Quiet hours"), Role.STRONG))
        row = QHBoxLayout()
        self.begins, self.ends = _hour(wishes.quiet[0], _("Quiet from")), _hour(wishes.quiet[1], _("Quiet until"))
        row.addWidget(self.begins)
        row.addWidget(PlainLabel("–"))
        row.addWidget(self.ends)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(
            PlainLabel(
                _("What is critical comes through all the same; the rest waits in the list. Equal times: no quiet."),
                Role.MUTED,
                wrap=True,
            )
        )
        self.sound = QCheckBox(_("A sound for what is critical"))
        self.sound.setChecked(wishes.sound)
        column.addWidget(self.sound)
        buttons = QHBoxLayout()
        buttons.setSpacing(letters.gap)
        buttons.addStretch()
        buttons.addWidget(button(_("Cancel"), self.reject))
        buttons.addWidget(button(_("Save"), self.accept, kind="first"))
        column.addLayout(buttons)

    def accept(self) -> None:
        self._watch.wish(
            self._watch.wishes._replace(
                off=frozenset(kind for kind, box in self.kinds.items() if not box.isChecked()),
                quiet=(self.begins.time().toPython(), self.ends.time().toPython()),  # type: ignore[arg-type]  # Qt says object.
                sound=self.sound.isChecked(),
            )
        )
        super().accept()


def _hour(at: time, name: str) -> QTimeEdit:
    edit = QTimeEdit(QTime(at.hour, at.minute))
    edit.setDisplayFormat("HH:mm")
    edit.setAccessibleName(name)
    return edit
