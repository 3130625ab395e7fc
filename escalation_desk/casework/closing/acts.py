"""What people do on the way to the end of a case: check, sign off, look again, grant an exception, follow on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.acts import internal_note
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Form, Priority, VerificationMethod
from escalation_desk.casework.closing import guards
from escalation_desk.casework.closing.records import (
    ExceptionDecision,
    ExceptionState,
    LookAt,
    LookState,
    PeerReview,
    RootCause,
)
from escalation_desk.casework.closing.surroundings import Surroundings, is_high_risk
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message


def verify(case: Case, how: VerificationMethod, result: str, me: User, now: datetime) -> None:
    """Record the closed-loop check: how somebody made sure that the outcome has arrived, and what they found."""
    if not result.strip():
        raise Refused(_("Write what the check found."))
    if how is VerificationMethod.WAIVED and not me.leads:
        raise Refused(_("Only a lead may waive the check; ask one, or make the check."))
    case.verified_how, case.verified_result = how, result.strip()
    case.verified_by, case.verified_at = me.id, now


def sign_off(case: Case, me: User, now: datetime) -> None:
    """Sign off what was done on a case of high risk."""
    if not me.leads:
        raise Refused(_("Only a lead signs off a case; ask one."))
    case.signed_off_by, case.signed_off_at = me.id, now


def ask_look(
    case: Case, about: LookAt, me: User, now: datetime, *, of: str | None = None, text: str = ""
) -> PeerReview:
    """Ask for a second pair of eyes: a colleague's, or anybody's. A message is looked at by its text."""
    if of == me.id:
        raise Refused(_("A second look is somebody else's; choose a colleague."))
    if about is LookAt.MESSAGE and not text.strip():
        raise Refused(_("There is nothing written yet."))
    return PeerReview(case=case.id, about=about, text=text.strip() or None, asked_by=me.id, asked_of=of, asked_at=now)


def answer_look(look: PeerReview, agrees: bool, remark: str, me: User, now: datetime) -> None:
    """Agree, or want changes and say which."""
    _refuse_answered(look)
    if look.asked_by == me.id:
        raise Refused(_("You asked for this second look; somebody else answers it."))
    if not agrees and not remark.strip():
        raise Refused(_("Say what should change."))
    look.state = LookState.AGREED if agrees else LookState.CHANGES
    look.answered_by, look.answered_at, look.remark = me.id, now, remark.strip() or None


def withdraw_look(look: PeerReview, me: User) -> None:
    """Need the second look no more; only who asked, or a lead, says so."""
    if look.state is not LookState.CHANGES:
        _refuse_answered(look)
    if look.asked_by != me.id and not me.leads:
        raise Refused(_("Only who asked for the second look, or a lead, withdraws it."))
    look.state = LookState.WITHDRAWN


def _refuse_answered(look: PeerReview) -> None:
    if look.state is not LookState.ASKED:
        raise Refused(_("This second look is answered already; ask for another one."))


def ask_exception(
    case: Case, policy_says: str, we_did: str, because: str, me: User, now: datetime, **more: Any
) -> ExceptionDecision:
    """Write down that policy says one thing, and the desk wants to do another; a lead decides."""
    if not all(part.strip() for part in (policy_says, we_did, because)):
        raise Refused(_("Write what policy says, what is done instead, and why."))
    return ExceptionDecision(
        case=case.id,
        reason=case.reason,
        policy_says=policy_says.strip(),
        we_did=we_did.strip(),
        because=because.strip(),
        asked_by=me.id,
        asked_at=now,
        **more,
    )


def decide_exception(
    case: Case, asked: ExceptionDecision, granted: bool, me: User, now: datetime, *, condition: str = ""
) -> Message:
    """Grant an exception or refuse it; the decision stands on the timeline."""
    if not me.leads:
        raise Refused(_("Only a lead decides on an exception; ask one."))
    if asked.state is not ExceptionState.ASKED:
        raise Refused(_("This exception is decided already."))
    asked.state = ExceptionState.GRANTED if granted else ExceptionState.REFUSED
    asked.decided_by, asked.decided_at, asked.condition = me.id, now, condition.strip() or None
    sentence = (
        _("Exception granted: {what}", what=asked.we_did)
        if granted
        else _("Exception refused: {what}", what=asked.we_did)
    )
    told = internal_note(case, "\n".join([sentence, *([asked.condition] if asked.condition else [])]), me, now)
    told.form = Form.DECISION
    return told


def review_cause(cause: RootCause, me: User, now: datetime) -> None:
    """Confirm a root cause as somebody else than who found it."""
    if not cause.cause.strip():
        raise Refused(_("There is no root cause written yet."))
    if cause.by == me.id:
        raise Refused(_("Somebody else than who found the cause reviews it."))
    cause.reviewed_by, cause.reviewed_at = me.id, now


_CARRIED = (
    *("requester", "seller", "market", "platform", "channel", "language", "reason", "severity", "urgency", "family"),
    *("orders", "products", "tracking", "carrier", "team"),
)


def follow_on(case: Case, title: str, me: User, now: datetime) -> Case:
    """Open a new case about a matter whose case is final; what it is about comes along."""
    return Case(
        title=title.strip() or case.title,
        follow_up_of=case.id,
        owner=me.id,
        assignment=Assignment.ACCEPTED,
        status=CaseStatus.OPEN,
        received_at=now,
        risk_flags=case.risk_flags,
        **{name: getattr(case, name) for name in _CARRIED},
    )


def close_by_itself(case: Case, around: Surroundings, now: datetime) -> bool:
    """Close a case of P2 or P3 on which nobody came back in time; nothing that its gate asks for is left out."""
    if not closes_by_itself(case, around, now):
        return False
    if case.verified_how is None:
        case.verified_how, case.verified_at = VerificationMethod.NO_REPLY_AFTER_NUDGES, now
        case.verified_result = _("Nobody came back within {days} days.", days=guards.AUTO_CLOSE.days)
    if guards.missing(case, CaseStatus.RESOLVED, CaseStatus.CLOSED, around, None, now):
        return False
    case.status, case.closed_at, case.waiting_on = CaseStatus.CLOSED, now, None
    return True


def closes_by_itself(case: Case, around: Surroundings, now: datetime) -> bool:
    return (
        case.status is CaseStatus.RESOLVED
        and case.priority in {Priority.P2, Priority.P3}
        and not is_high_risk(case, around)
        and case.resolved_at is not None
        and now - case.resolved_at >= guards.AUTO_CLOSE
        and not around.they_spoke_last
    )
