"""The life of a request to a point of contact: asked, acknowledged, answered, judged; answered is not yet passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework import acts
from escalation_desk.casework.choices import CaseStatus, Channel, Direction, Form, WaitingOn
from escalation_desk.casework.contacts.chasing import next_chase
from escalation_desk.casework.contacts.ola import after
from escalation_desk.casework.contacts.records import AnswerQuality, PocRequest, RequestState
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.contacts.ola import OpenHours, Terms
    from escalation_desk.casework.contacts.routing import Route
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message

S = RequestState


class Told(NamedTuple):
    """Who acts, when, and how the other side is called on the timeline."""

    me: User
    now: datetime
    who: str


def draft(case: Case, to: Route, ask: str, me: User) -> PocRequest:
    """Begin a request; nothing is asked of anybody before it is sent."""
    acts.refuse_over(case)
    if not ask.strip():
        raise Refused(_("Say what is asked."))
    return PocRequest(
        case=case.id,
        team=to.team,
        poc=to.poc,
        routed_by=to.rule,
        routed_because=to.because,
        ask=ask.strip(),
        owner=case.owner or me.id,
    )


def send(request: PocRequest, case: Case, terms: Terms, hours: OpenHours, told: Told) -> Message:
    """Start both clocks; what was asked goes on the timeline."""
    _from(request, S.DRAFT)
    acts.refuse_over(case)
    request.state, request.sent_at = S.SENT, told.now
    request.policy, request.priority, request.calendar = terms.policy, terms.priority, terms.calendar
    request.ack_due_at = after(hours, told.now, terms.ack_min)
    request.answer_due_at = after(hours, told.now, terms.answer_min)
    request.next_chase_at = next_chase(request, terms, hours, told.now)
    return _say(case, request.ask, told)


def acknowledge(request: PocRequest, at: datetime) -> None:
    """They have seen it; the answer is still owed."""
    _from(request, S.SENT)
    request.state = S.ACKNOWLEDGED
    request.acknowledged_at = request.acknowledged_at or at


def answer(request: PocRequest, case: Case, text: str, told: Told, quality: AnswerQuality | None = None) -> Message:
    """Write down what they answered. A useful answer is accepted with it; any other still has to be judged."""
    _from(request, S.SENT, S.ACKNOWLEDGED)
    if not text.strip():
        raise Refused(_("Write down what they answered."))
    request.state, request.answered_at, request.answer = S.ANSWERED, told.now, text.strip()
    request.acknowledged_at = request.acknowledged_at or told.now
    request.next_chase_at = None
    request.quality = quality
    if quality is AnswerQuality.USEFUL:
        request.state = S.ACCEPTED
    return _say(case, request.answer, told, Direction.IN)


def accept(request: PocRequest, quality: AnswerQuality) -> None:
    """Take the answer as it is, and rate it."""
    _from(request, S.ANSWERED)
    if quality is AnswerQuality.NOT_USEFUL:
        raise Refused(_("An answer that is not useful is not accepted; say what is missing, and ask again."))
    request.state, request.quality = S.ACCEPTED, quality


def not_enough(request: PocRequest, case: Case, missing: str, told: Told, terms: Terms, hours: OpenHours) -> Message:
    """Ask again within the same request. Its clock runs since it was first sent: only a useful answer ends it."""
    _from(request, S.ANSWERED, S.ACCEPTED)
    if not missing.strip():
        raise Refused(_("Say what is missing in the answer."))
    if request.passed_on_at:
        raise Refused(_("The answer was passed on already; ask anew with another request."))
    request.rounds = (*request.rounds, _round(request, missing.strip(), told))
    request.state, request.quality, request.answer, request.answered_at = S.SENT, None, None, None
    request.next_chase_at = next_chase(request, terms, hours, told.now)
    return _say(case, missing.strip(), told)


def _round(request: PocRequest, missing: str, told: Told) -> dict[str, str]:
    rated = request.quality if request.quality is not AnswerQuality.USEFUL else None
    return {
        "answer": request.answer or "",
        "answered_at": instant_text(request.answered_at) if request.answered_at else "",
        "quality": str(rated or AnswerQuality.NOT_USEFUL),
        "missing": missing,
        "by": told.me.id,
        "at": instant_text(told.now),
    }


def bounce(request: PocRequest, case: Case, to: Route, told: Told, why: str = "") -> tuple[PocRequest, Message]:
    """End a request that reached the wrong contact, and begin the one to the right contact, to be sent.

    It counts against the rule that named them, never against whoever was asked: the request remembers the rule.
    """
    _from(request, S.SENT, S.ACKNOWLEDGED)
    if (to.team, to.poc) == (request.team, request.poc):
        raise Refused(_("This is the contact that was asked; choose the right one."))
    _end(request, S.BOUNCED, why.strip() or _("Not theirs"))
    note = acts.internal_note(
        case, _("Wrong contact: {who}. {why}", who=told.who, why=request.ended_why), told.me, told.now
    )
    return draft(case, to, request.ask, told.me), note


def withdraw(request: PocRequest, why: str) -> None:
    """Ask no longer; the reason stays."""
    if not request.state.open:
        raise Refused(_("This request has ended already."))
    if not why.strip():
        raise Refused(_("Say why the request is withdrawn."))
    _end(request, S.WITHDRAWN, why.strip())


def _end(request: PocRequest, state: RequestState, why: str) -> None:
    request.state, request.ended_why, request.next_chase_at = state, why, None


def pass_on(request: PocRequest, case: Case, text: str, told: Told) -> Message:
    """Tell the requester what came of it. Only then is the loop closed for this request."""
    if request.state not in {S.ANSWERED, S.ACCEPTED}:
        raise Refused(_("There is no answer yet that could be passed on."))
    if request.state is S.ANSWERED:
        accept(request, request.quality or AnswerQuality.PARTLY)
    request.passed_on_at = told.now
    return acts.say(case, text, told.me, told.now, form=Form.MESSAGE)


def waits(case: Case, me: User, now: datetime) -> None:
    """Let the case wait for the team that was asked. The resolution clock goes on: waiting inside is our own time."""
    if case.status is not CaseStatus.OPEN:
        return
    acts.move(case, CaseStatus.PENDING_INTERNAL, me, now)


def waiting_on(case: Case, requests: Iterable[PocRequest]) -> WaitingOn | None:
    """Say whom a case waits on, as its requests stand: a team as long as one of them is still to answer."""
    if any(one.state.waiting for one in requests):
        return WaitingOn.TEAM
    return WaitingOn.US if case.status is CaseStatus.PENDING_INTERNAL else case.waiting_on


def settle(case: Case, requests: Iterable[PocRequest]) -> bool:
    """Give a case back to us when nobody inside is to answer any more; say whether it was so (T07, by the system)."""
    if case.status is not CaseStatus.PENDING_INTERNAL or waiting_on(case, requests) is not WaitingOn.US:
        return False
    case.status, case.waiting_on = CaseStatus.OPEN, WaitingOn.US
    return True


def _from(request: PocRequest, *states: RequestState) -> None:
    if request.state not in states:
        raise Refused(
            _(
                "The request is “{state}”; this is done with one that is: {states}.",
                state=_(request.state.label),
                states=", ".join(_(one.label) for one in states),
            )
        )


def _say(case: Case, text: str, told: Told, direction: Direction = Direction.OUT) -> Message:
    return acts.say(
        case,
        text,
        told.me,
        told.now,
        form=Form.POC,
        channel=Channel.INTERNAL_CHAT,
        direction=direction,
        counterpart=told.who,
    )
