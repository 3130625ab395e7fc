"""What is done with requests to points of contact, each within one entry: case, request, rule and timeline together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.contacts import chasing, requests, routing
from escalation_desk.casework.contacts.records import AnswerQuality, PocRequest
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.escalating import brief, life
from escalation_desk.casework.escalating.records import Authority, AuthorityForm, Escalation
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import contacts, escalations, reading

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.contacts.ola import OpenHours, Terms
    from escalation_desk.casework.contacts.routing import Route
    from escalation_desk.casework.people import User
    from escalation_desk.journal.work import Work


class _Held(NamedTuple):
    """A request that is acted on, with what belongs to it."""

    request: PocRequest
    case: Case
    known: contacts.Known
    told: requests.Told

    @property
    def terms(self) -> Terms:
        return self.known.held(self.request)

    @property
    def hours(self) -> OpenHours:
        return self.known.hours(self.terms.calendar)


def _held(work: Work, request_id: str, me: User) -> _Held:
    request = work.get(PocRequest, request_id)
    known = work.ask(contacts.known)
    told = requests.Told(me, work.now, known.who(request))
    return _Held(request, work.get(Case, request.case), known, told)


def ask(work: Work, me: User, case_id: str, to: Route, text: str, *, waits: bool = False) -> PocRequest:
    """Ask a point of contact, at once; `waits` lets the case wait for the answer."""
    case, known = work.get(Case, case_id), work.ask(contacts.known)
    request = requests.draft(case, to, text, me)
    _send(work, known, case, request, me)
    if waits and case.status is CaseStatus.OPEN:
        requests.waits(case, me, work.now)
    return request


def _send(work: Work, known: contacts.Known, case: Case, request: PocRequest, me: User) -> None:
    route = routing.Route(request.team, request.poc, request.routed_by, request.routed_because or "")
    terms = known.terms(case, route)
    told = requests.Told(me, work.now, known.who(request))
    work.add(request)
    work.add(requests.send(request, case, terms, known.hours(terms.calendar), told))


def send(work: Work, me: User, request_id: str) -> None:
    """Send a request that was only begun, by a macro or by hand; its clocks begin now."""
    held = _held(work, request_id, me)
    route = routing.Route(held.request.team, held.request.poc, None, "")
    terms = held.known.terms(held.case, route)
    work.add(requests.send(held.request, held.case, terms, held.known.hours(terms.calendar), held.told))


def acknowledge(work: Work, me: User, request_id: str) -> None:
    requests.acknowledge(_held(work, request_id, me).request, work.now)


def answer(work: Work, me: User, request_id: str, text: str, quality: AnswerQuality | None = None) -> None:
    """Write an answer down; the case is ours again once nobody inside is to answer any more."""
    held = _held(work, request_id, me)
    work.add(requests.answer(held.request, held.case, text, held.told, quality))
    _settle(work, held)


def accept(work: Work, me: User, request_id: str, quality: AnswerQuality) -> None:
    requests.accept(_held(work, request_id, me).request, quality)


def not_enough(work: Work, me: User, request_id: str, missing: str) -> None:
    """Ask again: what is missing. A case that waited for them waits again."""
    held = _held(work, request_id, me)
    work.add(requests.not_enough(held.request, held.case, missing, held.told, held.terms, held.hours))


def bounce(work: Work, me: User, request_id: str, to: Route, why: str = "") -> PocRequest:
    """Send a request on to the right contact; the rule that named the wrong one is flagged."""
    held = _held(work, request_id, me)
    new, note = requests.bounce(held.request, held.case, to, held.told, why)
    work.add(note)
    _send(work, held.known, held.case, new, me)
    held.request.bounced_to = new.id
    return new


def withdraw(work: Work, me: User, request_id: str, why: str) -> None:
    held = _held(work, request_id, me)
    requests.withdraw(held.request, why)
    _settle(work, held)


def pass_on(work: Work, me: User, request_id: str, text: str) -> None:
    """Tell the requester what came of it, on the timeline."""
    held = _held(work, request_id, me)
    work.add(requests.pass_on(held.request, held.case, text, held.told))


def chase(work: Work, me: User, request_id: str, text: str) -> None:
    """Write down that they were chased, and when they will be again."""
    held = _held(work, request_id, me)
    said = chasing.chase(held.request, held.case, text, me, work.now, held.told.who, held.terms, held.hours)
    work.add(said)


def climb(work: Work, me: User, request_id: str, because: str = "") -> Escalation:
    """Raise an escalation because nobody has answered. It tells nobody by itself; a person does, and says so there."""
    held = _held(work, request_id, me)
    ladder = work.ask(lambda made: escalations.ladder_of(made, held.case.id))
    authority = above(ladder)
    raised = chasing.raised(held.request, held.case, held.told.who)
    needed_by = raised.needed_by if raised.needed_by and raised.needed_by > work.now else None
    page = brief.prefilled(held.case, needed_by)._replace(one_line=raised.reason, decision=raised.decision_asked)
    due = _due(ladder, authority, held.case, work.now)
    asked = life.Asked(_text(work, page, held.case, me), because or raised.reason, due)
    made, said = life.escalate(held.case, authority, page, asked, me, work.now, others=ladder.escalations)
    work.add(made)
    work.add(said)
    chasing.climb(held.request, made.id, me, work.now, held.terms, held.hours)
    return made


def above(ladder: life.Ladder) -> Authority:
    """Find the lowest level of the hierarchy: who is told first when a team stays silent."""
    levels = [one for one in ladder.authorities.values() if one.active and one.form is AuthorityForm.HIERARCHICAL]
    if not levels:
        raise Refused(_("No authority stands above the desk; ask a lead to add one."))
    return min(levels, key=lambda one: (one.level, one.code))


def _text(work: Work, page: brief.Brief, case: Case, me: User) -> str:
    """Write the text that a person sends, in the language and zone of whoever raises it."""
    macro = work.ask(lambda made: reading.find(made, Macro, brief.MACRO))
    return brief.text_of(page, case, macro, str(me.locale), ZoneInfo(me.time_zone)) if macro else ""


def _due(ladder: life.Ladder, authority: Authority, case: Case, now: datetime) -> datetime | None:
    minutes = ladder.notify_min(authority.code, case.priority)
    return now + timedelta(minutes=minutes) if minutes is not None else None


def _settle(work: Work, held: _Held) -> None:
    mine = {held.request.id: held.request}
    others = work.ask(lambda made: contacts.requests_of(made, held.case.id))
    requests.settle(held.case, [mine.get(one.id, one) for one in others])
