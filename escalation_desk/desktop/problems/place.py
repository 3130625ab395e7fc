"""The problems behind the cases: those that go on, mine, all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.views import PROBLEM_VIEWS
from escalation_desk.desktop.plain import EmptyState, button
from escalation_desk.desktop.seller.asking import ask_line
from escalation_desk.desktop.seller.records import RecordsPlace
from escalation_desk.i18n import N_, _
from escalation_desk.journal import problems

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

_SHOWS: Final = ("problem", "user")


class ProblemsPlace(RecordsPlace):
    """The middle of the window while people look for what is behind their cases."""

    icon: Final = "problems"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "problem", PROBLEM_VIEWS, _("Problems"), _SHOWS)
        self.new = button(_("New problem"), self.ask_new, sign="plus")
        self.head.acts.addWidget(self.new)
        self.table.set_empty(
            EmptyState(
                "problems",
                _("No problem here"),
                _("New problem"),
                self.ask_new,
                detail=_("Write one down when several cases have one cause; link them from their pages."),
            )
        )

    def open_record(self, record: str) -> None:
        self._frame.open_problem(record)

    def ask_new(self) -> None:
        """Ask what the problem is, and open its page."""
        ask_line(self, _("What is the problem, in a line?"), _("Write down"), self._add)

    def _add(self, title: str) -> None:
        me = self._frame.verbs.me

        def operate(work: Work) -> str:
            return problems.begin(work, title, me).id

        self._frame.verbs.do(N_("New problem {problem}"), operate, self._frame.open_problem, problem=title)
