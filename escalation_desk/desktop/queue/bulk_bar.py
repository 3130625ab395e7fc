"""The bar under the list while several cases are selected: what can be done with all of them at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QWidget

from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _, n_

_ACTS: Final = (
    ("assign", N_("Assign…"), "assign"),
    ("edit", N_("Change…"), "edit"),
    ("note", N_("Note…"), "note"),
    ("follow-up", N_("Follow-up…"), "bell"),
    ("macro", N_("Macro…"), "macro"),
)


class BulkBar(QFrame):
    """Tells which act somebody wants on what is selected, or that nothing shall be."""

    asked = Signal(str)
    more_asked = Signal(QPoint)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        letters = look().letters
        self.setProperty("kind", "strip")
        self._count = PlainLabel("", Role.STRONG)
        row = Flow(self, letters.tight)
        row.setContentsMargins(letters.wide, letters.tight, letters.wide, letters.tight)
        self._count.setMinimumHeight(letters.px(2.2))
        row.addWidget(self._count)
        for act, label, sign in _ACTS:
            row.addWidget(button(_(label), lambda act=act: self.asked.emit(act), kind="quiet", sign=sign))  # type: ignore[misc]  # a string.
        self._more = button(_("More"), self._ask_more, kind="quiet", sign="more")
        row.addWidget(self._more)
        row.addWidget(button(_("Clear"), self.cleared.emit, kind="quiet", sign="close"))
        self.hide()

    def show_count(self, count: int) -> None:
        self._count.setText(n_("{n} selected", "{n} selected", count))
        self.setVisible(count > 1)

    def _ask_more(self) -> None:
        self.more_asked.emit(self._more.mapToGlobal(QPoint(0, 0)))
