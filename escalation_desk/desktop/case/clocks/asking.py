"""Questions about deadlines: when one began, what it is and until when, and why one was missed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox

from escalation_desk.casework.clocks.records import DeadlineSide
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.boxes import MomentLine
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.clocks.records import DeadlineRule
    from escalation_desk.desktop.moments import Clock


class WhyMissed(Words):
    """Asks why a deadline was missed, and whether the desk could have helped it."""

    def __init__(self, parent: QWidget | None, what: str, then: Callable[[str, bool], object]) -> None:
        super().__init__(
            parent,
            _("Why was “{what}” missed?", what=what),
            _("Keep the reason"),
            lambda why: then(why, self.ours.isChecked()),
        )
        self.ours = QCheckBox(_("The desk could have prevented it"))
        self._words.addWidget(self.ours)


class BeganAt(Words):
    """Asks with which moment a rule begins to count; a remark is welcome and not needed."""

    def __init__(
        self,
        parent: QWidget | None,
        rule: DeadlineRule,
        clock: Callable[[], Clock],
        then: Callable[[datetime, str], object],
    ) -> None:
        super().__init__(
            parent,
            rule.name,
            _("Add the deadline"),
            self._answer,
            detail=_("When did it begin? The deadline follows from that in calendar time, and nothing pauses it."),
            optional=True,
        )
        self._then = then
        self.begins = MomentLine(clock, _("Began"), hint=_("Began: 14:30, yesterday 9:00, 24/11 9:00"))
        self.begins.edited.connect(self._look)
        self._words.insertWidget(2, self.begins)
        self.editor.setPlaceholderText(_("Remark"))
        self.begins.show_value(clock().now)
        self.begins.setFocus()
        self._look()

    def _look(self) -> None:
        begins = getattr(self, "begins", None)
        self.yes.setEnabled(begins is not None and isinstance(begins.value(), datetime))

    def _answer(self, remark: str) -> None:
        begins = self.begins.value()
        if isinstance(begins, datetime):
            self._then(begins, remark)


class OwnDeadline(Words):
    """Asks for a deadline that no rule knows: what, until when, and who has to act."""

    def __init__(
        self, parent: QWidget | None, clock: Callable[[], Clock], then: Callable[[str, datetime, DeadlineSide], object]
    ) -> None:
        super().__init__(parent, _("What has to be done by the deadline?"), _("Add the deadline"), self._answer)
        self._then = then
        self.due = MomentLine(clock, _("Due"), hint=_("Due: 14:30, tomorrow 9:00, 30/11 17:00"))
        self.due.edited.connect(self._look)
        self.side = QComboBox()
        self.side.setAccessibleName(_("Who has to act"))
        for one in DeadlineSide:
            self.side.addItem(_(one.label), one)
        self._words.addWidget(self.due)
        self._words.addWidget(self.side)

    def _look(self) -> None:
        due = getattr(self, "due", None)
        moment = due.value() if due else None
        self.yes.setEnabled(isinstance(moment, datetime) and bool(self.editor.text().strip()))

    def _answer(self, title: str) -> None:
        due = self.due.value()
        if isinstance(due, datetime):
            self._then(title, due, list(DeadlineSide)[self.side.currentIndex()])
