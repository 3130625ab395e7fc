"""What the guards of a case look at beside the case itself: what was said, promised, asked, escalated and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.choices import FollowUpForm, FollowUpState, PromisedBy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.clocks.records import Deadline, DeadlineSide
    from escalation_desk.casework.closing.records import ExceptionDecision, PeerReview, RootCause
    from escalation_desk.casework.contacts.records import PocRequest
    from escalation_desk.casework.desk import Reason
    from escalation_desk.casework.escalating.records import Escalation
    from escalation_desk.casework.linking.records import CaseLink
    from escalation_desk.casework.promises import FollowUp


class Spoken(NamedTuple):
    """That something was said between the desk and the requester. What a machine sent or a correction is no speech."""

    at: datetime
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """All that hangs on one case. `undone_steps` are required and neither done nor left out with a reason."""

    reason: Reason | None = None
    spoken: Sequence[Spoken] = ()
    follow_ups: Sequence[FollowUp] = ()
    requests: Sequence[PocRequest] = ()
    escalations: Sequence[Escalation] = ()
    deadlines: Sequence[Deadline] = ()
    links: Sequence[CaseLink] = ()
    parts: Sequence[Case] = ()
    causes: Sequence[RootCause] = ()
    looks: Sequence[PeerReview] = ()
    exceptions: Sequence[ExceptionDecision] = ()
    undone_steps: int = 0

    @property
    def they_spoke_last(self) -> bool:
        return bool(self.spoken) and not self.spoken[-1].ours

    @property
    def we_spoke_last(self) -> bool:
        """Whether something went out to the requester after the last that came in."""
        return bool(self.spoken) and self.spoken[-1].ours

    def unanswered(self) -> list[Spoken]:
        """List what the desk has said since the requester last spoke."""
        ours: list[Spoken] = []
        for said in self.spoken:
            ours = [*ours, said] if said.ours else []
        return ours

    def open_follow_ups(self) -> list[FollowUp]:
        return [one for one in self.follow_ups if one.state is FollowUpState.OPEN]

    def broken_promises(self, now: datetime) -> list[FollowUp]:
        """List what the desk promised, has not done, and carries by no date that is still to come."""
        ours = (one for one in self.open_follow_ups() if one.form is FollowUpForm.PROMISE)
        return [one for one in ours if one.promised_by is not PromisedBy.THEM and not (one.due_at and one.due_at > now)]

    def open_deadlines(self, side: DeadlineSide | None = None) -> list[Deadline]:
        """List the dates from outside that are neither met nor dropped; of one side, or of all."""
        return [one for one in self.deadlines if one.open and side in {None, one.side}]

    def open_requests(self) -> list[PocRequest]:
        return [one for one in self.requests if one.state.open]


def is_high_risk(case: Case, around: Surroundings) -> bool:
    """Say whether the case has a flag of risk, or a reason that is one by itself."""
    return case.high_risk or bool(around.reason and "high_risk" in around.reason.flags)
