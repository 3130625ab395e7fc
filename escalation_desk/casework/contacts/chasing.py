"""The ladder of chases: when the next one is due, its text filled in, and the step at which somebody above is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework import acts
from escalation_desk.casework.choices import Channel, Form
from escalation_desk.casework.contacts.ola import after
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.contacts.ola import OpenHours, Terms
    from escalation_desk.casework.contacts.records import PocRequest
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message

MACRO: Final = "M05"
"""The text of a chase."""
RAISED: Final = "raised"
"""Marks the rung at which somebody above was told; it holds the id of the escalation."""


class Step(NamedTuple):
    """The next rung: its number, when it is due, and whether it goes to somebody above instead of to them again."""

    number: int
    due_at: datetime | None
    escalates: bool


class Raised(NamedTuple):
    """What an authority is to be told of when a contact stays silent."""

    reason: str
    decision_asked: str
    needed_by: datetime | None


def step_of(request: PocRequest, terms: Terms) -> Step:
    """Say which rung is next."""
    lines = _since_asked(request)
    done = sum(1 for line in lines if RAISED not in line)
    above = any(RAISED in line for line in lines)
    return Step(done + 1, request.next_chase_at, escalates=done >= terms.chases_before_escalation and not above)


def chases_of(request: PocRequest) -> int:
    """Count how often they were chased; that somebody above was told is no chase."""
    return sum(1 for line in request.chases if RAISED not in line)


def _since_asked(request: PocRequest) -> list[dict[str, Any]]:
    """List the rungs since they were asked last: an answer that was not enough begins the ladder anew."""
    asked_again = request.rounds[-1]["at"] if request.rounds else ""
    return [line for line in request.chases if line["at"] >= asked_again]


def next_chase(request: PocRequest, terms: Terms, hours: OpenHours, since: datetime) -> datetime:
    """Say when to chase next, in the hours of whoever is chased."""
    begun = request.chases or request.rounds
    return after(hours, since, terms.chase_every_min if begun else terms.first_chase_min)


def escalates_at(request: PocRequest, terms: Terms, hours: OpenHours, now: datetime) -> datetime:
    """Say when it goes to somebody above if nobody answers, should this chase be sent now."""
    left = max(terms.chases_before_escalation - step_of(request, terms).number + 1, 1)
    return after(hours, now, terms.chase_every_min * left)


def chase(
    request: PocRequest, case: Case, text: str, me: User, now: datetime, who: str, terms: Terms, hours: OpenHours
) -> Message:
    """Write a chase down and set the next one. The program sends nothing; a person has."""
    if not request.state.waiting:
        raise Refused(_("They have answered, or the request has ended; there is nothing to chase."))
    if not text.strip():
        raise Refused(_("There is nothing written yet."))
    line = {"at": instant_text(now), "by": me.id, "channel": str(Channel.INTERNAL_CHAT), "text": text.strip()}
    request.chases = (*request.chases, line)
    request.next_chase_at = next_chase(request, terms, hours, now)
    return acts.say(case, text.strip(), me, now, form=Form.POC, channel=Channel.INTERNAL_CHAT, counterpart=who)


def climb(request: PocRequest, escalation: str, me: User, now: datetime, terms: Terms, hours: OpenHours) -> None:
    """Keep that somebody above is told now; whoever was asked still owes the answer, and is chased on."""
    line = {"at": instant_text(now), "by": me.id, RAISED: escalation, "text": ""}
    request.chases = (*request.chases, line)
    request.next_chase_at = after(hours, now, terms.chase_every_min)


def raised(request: PocRequest, case: Case, who: str) -> Raised:
    """Say what an authority is told when the ladder ends: whom we asked, how often, and what we need."""
    reason = _("{who} has not answered for {case} after {n} chases", who=who, case=case.case_no, n=chases_of(request))
    asked = _("Get an answer, or name who can give one: {ask}", ask=request.ask)
    return Raised(reason, asked, request.answer_due_at)


def places(
    request: PocRequest, case: Case, terms: Terms, hours: OpenHours, now: datetime, zone: tzinfo, above: str
) -> dict[str, str]:
    """Fill the places of the chase; moments in the zone of whoever is chased."""

    def local(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%d/%m/%Y %H:%M}" if at else ""

    return {
        "chase_no": str(chases_of(request) + 1),
        "case_no": case.case_no,
        "sent_local": local(request.sent_at),
        "due_local": local(request.answer_due_at),
        "escalate_local": local(escalates_at(request, terms, hours, now)),
        "next_authority": above,
    }
