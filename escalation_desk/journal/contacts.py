"""What the desk knows of points of contact, read at one go: directory, OLA terms, working hours, requests and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Market
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.clocks.records import Calendar, Holiday, SlaPolicy
from escalation_desk.casework.contacts import ola
from escalation_desk.casework.contacts.records import Poc, PocRequest, PocTeam, RequestState, RoutingRule
from escalation_desk.casework.contacts.routing import About, Directory, Route, route
from escalation_desk.casework.contacts.scorecard import Asked
from escalation_desk.casework.people import Party
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from escalation_desk.casework.clocks.working import WorkingTime
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection

_ALWAYS = "CAL-247"


@dataclass(frozen=True)
class Known:
    """The directory with the policies and hours that go with it."""

    directory: Directory
    policies: tuple[SlaPolicy, ...]
    rules: Rules

    def hours(self, calendar: str) -> WorkingTime:
        return self.rules.working(calendar)

    def terms(self, case: Case, to: Route) -> ola.Terms:
        """Say what a team would owe for a request about a case."""
        team, poc = self.directory.teams.get(to.team), self.directory.pocs.get(to.poc or "")
        return ola.terms_of(self.policies, case.priority, team, case.market, poc)

    def held(self, request: PocRequest) -> ola.Terms:
        """Say what they owe for a request that was sent."""
        return ola.again(self.policies, request.policy, request.priority, request.calendar)

    def who(self, one: PocRequest | Route) -> str:
        return self.directory.who(one.team, one.poc)

    def own_hours(self, request: PocRequest, market: Market | None) -> WorkingTime:
        """Give the hours in which whoever was asked works; without any, the calendar of the request counts."""
        team, poc = self.directory.teams.get(request.team), self.directory.pocs.get(request.poc or "")
        return self.hours(ola.hours_of(team, market, poc) or request.calendar or _ALWAYS)

    def zone(self, request: PocRequest, market: Market | None) -> ZoneInfo:
        """Give the zone in which whoever was asked reads the clock."""
        return self.own_hours(request, market).hours.zone


def known(made: Connection) -> Known:
    """Read who there is, with the hours and what is owed."""
    policies = tuple(reading.all_of(made, SlaPolicy))
    return Known(
        Directory(
            {one.code: one for one in reading.all_of(made, PocTeam)},
            {one.id: one for one in reading.all_of(made, Poc)},
            tuple(reading.all_of(made, RoutingRule)),
        ),
        policies,
        Rules.of(policies, reading.all_of(made, Calendar), reading.all_of(made, Holiday)),
    )


def about(made: Connection, case: Case) -> About:
    """Read what the rules ask of a case."""
    found = reading.several(made, Party, [case.requester]) if case.requester else []
    return About(case.reason, case.market, found[0].party_kind if found else None)


def requests_of(made: Connection, case_id: str) -> list[PocRequest]:
    """List the requests of a case: those that still wait first, by when the answer is due."""
    found = reading.all_of(made, PocRequest, pointing=("case", case_id))
    return sorted(found, key=_rank)


def _rank(one: PocRequest) -> tuple[int, str]:
    to_do = 0 if one.state.waiting else 1 if to_pass_on(one) or one.state.open else 2
    return to_do, one.answer_due_at.isoformat() if one.answer_due_at else ""


def to_pass_on(one: PocRequest) -> bool:
    """Say whether they have answered, and the requester does not know yet."""
    return one.state in {RequestState.ANSWERED, RequestState.ACCEPTED} and one.passed_on_at is None


class Sent(NamedTuple):
    """Where a case would go, and what is known for it."""

    known: Known
    case: Case
    route: Route | None


def where(made: Connection, case_id: str, on: date) -> Sent:
    """Try the rules on a case."""
    case, found = reading.record(made, Case, case_id), known(made)
    return Sent(found, case, route(about(made, case), found.directory, on))


def today(me: User, now: datetime) -> date:
    return now.astimezone(ZoneInfo(me.time_zone)).date()


_ASKED = (
    'SELECT r.id, c.market, c.reason FROM poc_request r JOIN "case" c ON c.id = r."case" '
    "WHERE r.deleted_at IS NULL AND r.sent_at IS NOT NULL AND r.sent_at >= ? ORDER BY r.seq"
)
_TOPIC_WORDS = 2


def asked_since(made: Connection, since: str) -> list[Asked]:
    """Read the requests sent since a moment, with market and topic: what the scorecard is made from."""
    rows = made.execute(_ASKED, (since,)).fetchall()
    found = {one.id: one for one in reading.several(made, PocRequest, [row[0] for row in rows])}
    return [
        Asked(found[one], Market(market) if market else None, topic_of(reason))  # type: ignore[call-arg]  # looks up
        for one, market, reason in rows
        if one in found
    ]


def topic_of(reason: str | None) -> str:
    """Name the group of a reason: who asks, and the domain."""
    return ".".join((reason or "").split(".")[:_TOPIC_WORDS])


class Correction(NamedTuple):
    """A rule that named a wrong contact, and what the right one turned out to be, most often first."""

    rule: RoutingRule
    times: int
    right: tuple[tuple[str, int], ...]


_BOUNCED = (
    "SELECT r.routed_by, n.team, count(*) FROM poc_request r LEFT JOIN poc_request n ON n.id = r.bounced_to "
    "WHERE r.deleted_at IS NULL AND r.state = 'bounced' AND r.routed_by IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2"
)


def corrections(made: Connection, rules: Iterable[RoutingRule]) -> list[Correction]:
    """List the rules with wrong contacts, the worst first; counted from the requests, which two desks never lose."""
    wrong: dict[str, list[tuple[str | None, int]]] = {}
    for rule, team, times in made.execute(_BOUNCED):
        wrong.setdefault(rule, []).append((team, times))
    found = [
        Correction(rule, sum(n for _team, n in wrong[rule.id]), tuple((team, n) for team, n in wrong[rule.id] if team))
        for rule in rules
        if rule.id in wrong
    ]
    return sorted(found, key=lambda one: (-one.times, one.rule.code))
