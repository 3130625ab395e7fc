"""What may be done with a case, each act as a function of the records and the moment; the rules stand here once.

Acts change the records they are given and return the new ones they make. They refuse with a sentence and then have
changed nothing that counts, because the entry they run in is taken back whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework import states
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CancelReason,
    CaseStatus,
    Channel,
    Direction,
    FollowUpForm,
    FollowUpState,
    Form,
    PromisedBy,
    ReopenReason,
    Visibility,
    WaitingOn,
)
from escalation_desk.casework.fields import Field, Merge, field_of, instant_text
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.people import User

WAITS_ON = {
    CaseStatus.PENDING_REQUESTER: WaitingOn.CUSTOMER,
    CaseStatus.PENDING_INTERNAL: WaitingOn.TEAM,
    CaseStatus.PENDING_THIRD_PARTY: WaitingOn.CARRIER,
    CaseStatus.OPEN: WaitingOn.US,
}


class ReasonMissing(Refused):
    """What was asked is possible, once somebody says why."""


def take(case: Case, me: User, now: datetime, *, why: str = "") -> Message | None:
    """Become the owner. Taking over somebody else's case needs a reason, which goes on the timeline."""
    if case.owner == me.id and case.assignment is Assignment.ACCEPTED:
        return None
    note = None
    if case.owner and case.owner != me.id:
        if not why.strip():
            raise ReasonMissing(_("Somebody else owns {case}; say why you take it over.", case=case.case_no))
        note = internal_note(case, _("Taken over: {why}", why=why.strip()), me, now)
    assign(case, me.id)
    _begin(case)
    return note


def assign(case: Case, to: str) -> None:
    """Make somebody the owner; an offer to somebody else ends with it."""
    case.owner, case.assignment, case.offered_to, case.offered_at = to, Assignment.ACCEPTED, None, None


def refuse_assigning(case: Case, me: User) -> None:
    """Let only leads give a case to somebody who was not asked (domain.md §2.2)."""
    if not me.leads:
        raise Refused(_("Only a lead may assign {case}; offer it instead.", case=case.case_no))


def _begin(case: Case) -> None:
    if case.status is CaseStatus.NEW:
        case.status, case.waiting_on = CaseStatus.OPEN, WAITS_ON[CaseStatus.OPEN]


def offer(case: Case, to: User, me: User, now: datetime) -> None:
    """Offer a case to a colleague; the owner stays until the colleague accepts."""
    if to.id == me.id:
        raise Refused(_("You cannot offer a case to yourself; take it instead."))
    if not to.active:
        raise Refused(_("{name} does not work at the desk any more; choose somebody else.", name=to.full_name))
    if not case.live:
        raise Refused(_("{case} is finished; there is nothing to offer.", case=case.case_no))
    case.offered_to, case.assignment, case.offered_at = to.id, Assignment.OFFERED, now


def accept(case: Case, me: User) -> None:
    """Accept an offered case and become its owner."""
    if case.offered_to != me.id:
        raise Refused(_("{case} was not offered to you.", case=case.case_no))
    assign(case, me.id)
    _begin(case)


def decline(case: Case, me: User, now: datetime, why: str) -> Message:
    """Decline an offered case with a reason; it stays with whoever offered it."""
    if case.offered_to != me.id:
        raise Refused(_("{case} was not offered to you.", case=case.case_no))
    if not why.strip():
        raise Refused(_("Say why you decline the case."))
    end_offer(case)
    return internal_note(case, _("Declined: {why}", why=why.strip()), me, now)


def end_offer(case: Case) -> None:
    """Let an offer be none; the case is whose it was."""
    case.offered_to, case.offered_at = None, None
    case.assignment = Assignment.ACCEPTED if case.owner else Assignment.UNASSIGNED


def hand_back(case: Case, why: str, lesson: str, me: User, now: datetime) -> list[Message]:
    """Give a case back to Tier 1 with a reason; what they can learn from it goes to them as a message."""
    if not why.strip():
        raise Refused(_("Say why the case goes back to Tier 1."))
    move(case, CaseStatus.CANCELLED, me, now, cancel_reason=CancelReason.RETURNED_TIER1)
    told = [internal_note(case, _("Handed back to Tier 1: {why}", why=why.strip()), me, now)]
    if lesson.strip():
        to = case.tier1_agent or case.tier1_team or _("Tier 1")
        told.append(say(case, lesson.strip(), me, now, form=Form.POC, counterpart=to))
    return told


def move(
    case: Case,
    to: CaseStatus,
    me: User,
    now: datetime,
    cancel_reason: CancelReason | None = None,
    reopen_reason: ReopenReason | None = None,
) -> None:
    """Bring a case into another state by one of the eighteen ways; whether it may go, the journal asks its guards."""
    if to is case.status:
        return
    way = states.transition(case.status, to)
    if way.code == "T01" and case.owner is None:
        take(case, me, now)
        return
    if way.code == "T14":
        _reopen(case, reopen_reason)
    case.cancel_reason = cancel_reason or case.cancel_reason
    case.status = to
    case.waiting_on = WAITS_ON.get(to)
    if to is CaseStatus.RESOLVED:
        case.resolved_at, case.first_resolved_at = now, case.first_resolved_at or now
        case.resolved_by = me.id
    if to in {CaseStatus.CLOSED, CaseStatus.CANCELLED}:
        case.closed_at = now


def _reopen(case: Case, why: ReopenReason | None) -> None:
    """Count a reopening. What was checked and signed off held for the outcome that is now none."""
    case.reopen_reason = why
    case.reopen_count += 1
    case.resolved_at = case.resolved_by = None
    case.verified_how = case.verified_result = case.verified_by = case.verified_at = None
    case.signed_off_by = case.signed_off_at = None


def refuse_over(case: Case) -> None:
    """Refuse to begin something on a case that is final: nobody would look for how it ends."""
    if case.status in {CaseStatus.CLOSED, CaseStatus.CANCELLED}:
        raise Refused(_("{case} is over; open a new case that follows it.", case=case.case_no))


def internal_note(case: Case, text: str, me: User, now: datetime) -> Message:
    return Message(case=case.id, body=text, form=Form.NOTE, at=now, by=me.id)


def say(
    case: Case,
    text: str,
    me: User,
    now: datetime,
    *,
    form: Form,
    channel: Channel | None = None,
    direction: Direction = Direction.OUT,
    **said: Any,
) -> Message:
    """Put something on the timeline. A message or call to the requester is external, all else stays inside."""
    if not text.strip():
        raise Refused(_("There is nothing written yet."))
    external = form in {Form.MESSAGE, Form.CALL, Form.CHAT}
    if external and direction is Direction.OUT and case.first_response_at is None and not said.get("automatic"):
        case.first_response_at = now
    return Message(
        case=case.id,
        body=text,
        form=form,
        channel=channel or (case.channel if external else None),
        direction=direction if external or form is Form.POC else Direction.INTERNAL,
        visibility=Visibility.PUBLIC if external else Visibility.INTERNAL,
        at=now,
        by=me.id,
        **said,
    )


def promise(
    text: str,
    due: datetime,
    me: User,
    *,
    case: str | None = None,
    seller: str | None = None,
    form: FollowUpForm = FollowUpForm.PROMISE,
    promised_by: PromisedBy = PromisedBy.US,
    to_whom: str | None = None,
    note: str | None = None,
    owner: str | None = None,
) -> FollowUp:
    """Make a follow-up. The first date is kept beside the present one."""
    return FollowUp(
        text=text,
        due_at=due,
        first_due_at=due,
        case=case,
        seller=seller,
        note=note,
        form=form,
        promised_by=promised_by if form is FollowUpForm.PROMISE else None,
        to_whom=to_whom,
        owner=owner or me.id,
    )


def move_due(follow_up: FollowUp, to: datetime, why: str, me: User, now: datetime) -> None:
    """Move a date; the move stays visible, and a promise that was moved counts as not kept."""
    if follow_up.due_at is None or to == follow_up.due_at:
        return
    if not why.strip():
        raise Refused(_("Say why the date moves."))
    moved = {
        "from": instant_text(follow_up.due_at),
        "to": instant_text(to),
        "why": why.strip(),
        "by": me.id,
        "at": instant_text(now),
    }
    follow_up.moved = (*follow_up.moved, moved)
    follow_up.due_at = to


def finish(follow_up: FollowUp, now: datetime) -> None:
    follow_up.state, follow_up.done_at = FollowUpState.DONE, now


def cancel(follow_up: FollowUp, why: str) -> None:
    if not why.strip():
        raise Refused(_("Say why this is not done."))
    follow_up.state, follow_up.why_cancelled = FollowUpState.CANCELLED, why.strip()


def edit(case: Case, values: dict[str, Any], me: User, now: datetime, *, why: str = "") -> Message | None:
    """Set fields by name. State and owner go by their own acts, with the reasons that came along.

    Whoever becomes the owner in this way takes the case over; the note that says why is given back, to be added.
    """
    values = dict(values)
    status = values.pop("status", None)
    reasons = {name: values.pop(name) for name in ("cancel_reason", "reopen_reason") if name in values and status}
    note = None
    if values.get("owner") == me.id:
        del values["owner"]
        note = take(case, me, now, why=why)
    elif values.get("owner"):
        refuse_assigning(case, me)
        assign(case, values.pop("owner"))
    for name, value in values.items():
        setattr(case, _changeable(name).name, value)
    if "verified_how" in values:
        case.verified_by, case.verified_at = (me.id, now) if case.verified_how else (None, None)
    if status is not None:
        move(case, status, me, now, **reasons)
    return note


BY_ACTS = frozenset(
    {
        *("assignment", "offered_to", "offered_at", "merged_into", "resolved_at", "resolved_by", "closed_at"),
        *("reopen_count", "verified_by", "verified_at", "signed_off_by", "signed_off_at"),
        *("first_response_at", "first_resolved_at", "restricted", "risk_answers", "breaches"),
    }
)
"""What follows from acts of their own: offering, merging, answering, resolving, checking, signing off, closing,
reopening, restricting, judging a hint or a missed deadline."""


def _changeable(name: str) -> Field:
    try:
        found = field_of(Case, name)
    except KeyError as error:
        raise Refused(_("A case has no field “{name}”.", name=name)) from error
    if found.declared.computed or found.declared.merge is Merge.NOTED or name in BY_ACTS:
        raise Refused(_("“{field}” follows from other fields and is not set by hand.", field=_(found.label)))
    return found
