"""The cases of a problem. Once it is solved each can be brought one step on from here; none is ever closed silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.linking.records import Problem, ProblemState
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.opener import Opener
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

_NEXT: Final = {
    CaseStatus.OPEN: CaseStatus.RESOLVED,
    CaseStatus.PENDING_REQUESTER: CaseStatus.RESOLVED,
    CaseStatus.PENDING_INTERNAL: CaseStatus.RESOLVED,
    CaseStatus.PENDING_THIRD_PARTY: CaseStatus.RESOLVED,
    CaseStatus.RESOLVED: CaseStatus.CLOSED,
}
"""The step that brings a case nearer to its end."""


class CasesCard(Refilled):
    def __init__(self, frame: Frame) -> None:
        super().__init__(_("Its cases"))
        self._frame = frame

    def show_cases(self, problem: Problem, cases: Sequence[Case]) -> None:
        left = [case for case in cases if case.live or case.status is CaseStatus.RESOLVED]
        solved = problem.state is ProblemState.SOLVED
        rows: list[QWidget] = []
        if solved and left:
            words = n_(
                "Solved. {n} case of it is not closed; bring it on when its requester knows.",
                "Solved. {n} cases of it are not closed; bring each on when its requester knows.",
                len(left),
            )
            told = PlainLabel(words, wrap=True)
            told.set_tone(Tone.GOOD)
            rows.append(told)
        rows += [self._row(case, offers=solved and case in left) for case in cases]
        self.refill(rows or [PlainLabel(_("No case is linked yet; link them from their pages."), Role.MUTED)])

    def _row(self, case: Case, *, offers: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.gap)
        opener = Opener(f"{meaning(case.status).mark} {case.case_no}  {one_line(case.title, 90)}")
        opener.opened.connect(lambda behind: self._frame.open_case(case.id, behind=behind))
        said = {"case": case.case_no, "status": _(case.status.label), "title": case.title}
        opener.setAccessibleName(_("Open {case}, {status}: {title}", **said))
        row.addWidget(opener, 1)
        row.addWidget(PlainLabel(_(case.status.label), Role.SMALL))
        to = _NEXT.get(case.status)
        if offers and to is not None:
            text = _("Resolve") if to is CaseStatus.RESOLVED else _("Close it")
            act = button(text, lambda: self._bring_on(case, to), kind="link")
            act.setAccessibleName(_("{act}: {case}", act=text, case=case.case_no))
            row.addWidget(act)
        return holder

    def _bring_on(self, case: Case, to: CaseStatus) -> None:
        """Take the step; where something is missing, the sentence says so and the case is open to fill it in."""
        me = self._frame.verbs.me

        def operate(work: Work) -> None:
            acts.move(work.get(Case, case.id), to, me, work.now)

        def missing(sentence: str) -> None:
            self._frame.tell(sentence, "refused")
            self._frame.open_case(case.id)

        self._frame.verbs.do(N_("Bring {case} on"), operate, case=case.case_no, refused=missing)
