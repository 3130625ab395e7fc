"""Says what problem is behind a case: one that is known, or a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.linking.problems import ENDED
from escalation_desk.casework.linking.records import Problem
from escalation_desk.casework.text import fold
from escalation_desk.desktop.case.offers import Offer
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.i18n import N_, _
from escalation_desk.journal import problems, reading

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.case import Case
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work


def ask_problem(frame: Frame, under: QWidget, case: Case) -> Picker:
    """Offer the problems that are not ended; what is typed and not there yet becomes a new one."""
    picker = Picker(frame.verbs, _known, _("Problem"), create=N_("New problem “{name}”"), parent=under)
    picker.chosen.connect(lambda offer: join(frame, case, offer.value))
    picker.asked_for_new.connect(lambda title: begin(frame, case, title))
    picker.open_under(under)
    return picker


def join(frame: Frame, case: Case, problem: str) -> None:
    me = frame.verbs.me
    frame.verbs.do(
        N_("Say what is behind {case}"), lambda work: problems.join(work, case.id, problem, me), case=case.case_no
    )


def begin(frame: Frame, case: Case, title: str) -> None:
    """Write a new problem down, with this case as its first."""
    me = frame.verbs.me

    def operate(work: Work) -> None:
        made = problems.begin(work, title, me, symptoms=case.summary or case.description or None, market=case.market)
        work.flush()
        problems.join(work, case.id, made.id, me)

    frame.verbs.do(N_("New problem behind {case}"), operate, case=case.case_no)


def _known(made: Connection, typed: str) -> list[Offer]:
    wanted = fold(typed).split()
    held = [one for one in reading.all_of(made, Problem) if one.state not in ENDED]
    found = [one for one in held if all(word in fold(one.name) for word in wanted)]
    return [Offer(one.title, one.id, f"{one.number} · {_(one.state.label)}") for one in reversed(found)]
