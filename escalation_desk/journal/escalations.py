"""Reads what escalating a case needs, and writes the acts on escalations; silence is looked for when the desk looks."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Direction, Priority, RiskFlag
from escalation_desk.casework.clocks.records import Calendar, Holiday
from escalation_desk.casework.clocks.working import WorkingTime, working_time
from escalation_desk.casework.desk import Macro, Reason
from escalation_desk.casework.escalating import life
from escalation_desk.casework.escalating.assessing import assessments
from escalation_desk.casework.escalating.brief import MACRO, Brief
from escalation_desk.casework.escalating.flags import Hint, Words, open_hints, texts_of
from escalation_desk.casework.escalating.life import Ladder
from escalation_desk.casework.escalating.matrix import Since, Telling, tellings
from escalation_desk.casework.escalating.records import Authority, AuthorityRule, Escalation, RiskWord
from escalation_desk.casework.escalating.used import reached
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.people import User
from escalation_desk.i18n import N_
from escalation_desk.journal import reading
from escalation_desk.journal.clocks.rules import rules_of
from escalation_desk.journal.clocks.telling import clocks_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.casework.choices import Market
    from escalation_desk.casework.escalating.life import Asked
    from escalation_desk.casework.escalating.used import Reached
    from escalation_desk.casework.timeline import Message
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.work import Work


class Standing(NamedTuple):
    """How a case stands with its authorities: who must be told, what was escalated, what hints at a risk."""

    case: Case
    tellings: tuple[Telling, ...]
    escalations: tuple[Escalation, ...]
    hints: tuple[Hint, ...]
    ladder: Ladder
    reason: Reason | None
    macro: Macro | None
    names: dict[str, str]
    """Who assessed the case."""


def standing(made: Connection, case_id: str, now: datetime) -> Standing:
    """Read how a case stands. Refused where there is none."""
    case = reading.record(made, Case, case_id)
    ladder = ladder_of(made, case_id)
    told = ladder.escalations
    since = since_of(made, case)._replace(used=_used(made, case, ladder, now)) if case.live else None
    due = tellings(case, ladder.rules, since, now, _opening(made), told) if since else ()
    known = tuple(one for one in due if one.authority in ladder.authorities)
    reason = reading.find(made, Reason, case.reason) if case.reason else None
    names = reading.names(made, User.kind, {one.by for one in assessments(case) if one.by})
    macro = reading.find(made, Macro, MACRO)
    return Standing(case, known, told, hints_of(made, case), ladder, reason, macro, names)


def ladder_of(made: Connection, case_id: str) -> Ladder:
    """Read the authorities with their rules, and what was escalated of a case, the oldest first."""
    authorities = {one.code: one for one in reading.all_of(made, Authority)}
    rules = sorted(reading.all_of(made, AuthorityRule), key=lambda one: (one.place, one.code))
    return Ladder(authorities, tuple(rules), tuple(reading.all_of(made, Escalation, pointing=("case", case_id))))


def hints_of(made: Connection, case: Case) -> tuple[Hint, ...]:
    """Find the words of risk in the texts of a case that nobody has answered yet."""
    rows = made.execute(
        'SELECT id, body FROM message WHERE "case" = ? AND direction = ? AND deleted_at IS NULL ORDER BY seq',
        (case.id, str(Direction.IN)),
    )
    words = Words.of(reading.all_of(made, RiskWord))
    return open_hints(case, words.hints(texts_of(case, [(row[0], row[1]) for row in rows])))


# Since when


def since_of(made: Connection, case: Case) -> Since:
    """Say since when the flags, the reason and the priority of a case are what they are."""
    received = case.received_at or case.created_at or datetime.now(UTC)
    flags, held = _flags_since(made, case), _reasons_since(made, case, received)
    return Since(received, flags, held, tuple(_priorities(case)), reopened=tuple(_reopenings(case)))


def _reopenings(case: Case) -> Iterator[datetime]:
    """Yield when a case that was over was worked on again."""
    live = {str(one) for one in CaseStatus if one.live}
    for before, after in pairwise(case.phases):
        if after.get("status") in live and before.get("status") not in live and after.get("at"):
            yield datetime.fromisoformat(str(after["at"]))


def _used(made: Connection, case: Case, ladder: Ladder, now: datetime) -> dict[int, tuple[Reached, ...]]:
    """Count the clocks of a case for the rules that ask how much of one is used."""
    percents = {one.clock_used for one in ladder.rules if one.active and one.clock_used}
    if not percents:
        return {}
    return reached(clocks_now(made, [case.id], now).get(case.id, ()), rules_of(made), percents, now)


def _flags_since(made: Connection, case: Case) -> dict[RiskFlag, datetime]:
    """Say when each flag was set that was not there from the beginning."""
    since: dict[RiskFlag, datetime] = {}
    for at, before, after in _changes(made, case.id, "risk_flags"):
        old, new = frozenset(before or ()), frozenset(after or ())
        since.update((flag, at) for flag in RiskFlag if str(flag) in new - old)
    return {flag: at for flag, at in since.items() if flag in case.risk_flags}


def _reasons_since(made: Connection, case: Case, received: datetime) -> tuple[tuple[datetime, str | None], ...]:
    changes = list(_changes(made, case.id, "reason"))
    first = changes[0][1] if changes else case.reason
    return ((received, first), *((at, after) for at, _before, after in changes))


def _priorities(case: Case) -> Iterator[tuple[datetime, Priority]]:
    for phase in case.phases:
        known = next((one for one in Priority if str(one) == phase.get("priority")), None)
        if known is not None and phase.get("at"):
            yield datetime.fromisoformat(str(phase["at"])), known


def _changes(made: Connection, record: str, field: str) -> Iterator[tuple[datetime, Any, Any]]:
    rows = made.execute(
        'SELECT e.at, c."before", c."after" FROM change c JOIN entry e ON e.number = c.entry '
        "WHERE c.record = ? AND c.field = ? AND c.op = 'set' ORDER BY c.entry, c.position",
        (record, field),
    )
    for at, before, after in rows:
        yield datetime.fromisoformat(at), json.loads(before or "null"), json.loads(after or "null")


def _opening(made: Connection) -> Callable[[str, Market, datetime], datetime | None]:
    """Answer when a calendar is next open; each is compiled once, when a rule names it."""
    compiled: dict[str, WorkingTime | None] = {}

    def opens(code: str, _market: Market, at: datetime) -> datetime | None:
        if code not in compiled:
            calendar = reading.find(made, Calendar, code)
            compiled[code] = working_time(calendar, reading.all_of(made, Holiday)) if calendar else None
        working = compiled[code]
        return datetime.fromtimestamp(working.opens(int(at.timestamp())), UTC) if working else None

    return opens


# Acts


def escalate(
    work: Work, case_id: str, authority: str, brief: Brief, asked: Asked, me: User, *, previous: str = ""
) -> str:
    """Raise an escalation and put it on the timeline; answer its id. Nobody is told by it."""
    case, ladder = work.get(Case, case_id), work.ask(lambda made: ladder_of(made, case_id))
    before = work.get(Escalation, previous) if previous else None
    made, message = life.escalate(
        case, ladder.authorities[authority], brief, asked, me, work.now, others=ladder.escalations, previous=before
    )
    work.add(message)
    return work.add(made).id


def act(work: Work, escalation: str, what: Callable[[Escalation, Case, str], Message]) -> None:
    """Do something with an escalation; `what` is given it, its case, and what the authority is called."""
    one = work.get(Escalation, escalation)
    authority = work.find(Authority, one.authority)
    work.add(what(one, work.get(Case, one.case), authority.name if authority else one.authority))


# Time


def silent(made: Connection, now: datetime) -> list[str]:
    """List the escalations of live cases that nobody acknowledged in time, the oldest first."""
    rows = made.execute(
        'SELECT e.id FROM escalation e JOIN "case" c ON c.id = e."case" WHERE e.state = ? AND e.ack_due_at <= ? '
        "AND e.deleted_at IS NULL AND c.live AND c.deleted_at IS NULL ORDER BY e.ack_due_at",
        ("raised", instant_text(now)),
    )
    return [row[0] for row in rows]


def let_time_out(journal: Journal) -> int:
    """Raise the next level for every authority that is silent; answer for how many. Done twice, it does nothing more.

    It is no act of a person, so it cannot be undone: the authority was silent.
    """
    with closing(journal.reader()) as made:
        found = [reading.record(made, Escalation, one) for one in silent(made, journal.now())]
        numbers = reading.names(made, Case.kind, [one.case for one in found])
        names = reading.names(made, Authority.kind, [one.authority for one in found])
    for one in found:
        title = N_("{authority} did not answer in time on {case}")
        places = {"authority": names.get(one.authority, one.authority), "case": numbers.get(one.case, "")}
        with journal.entry(title, kind="fact", **places) as work:
            _time_out(work, one.id)
    return len(found)


def _time_out(work: Work, escalation: str) -> None:
    one = work.get(Escalation, escalation)
    ladder = work.ask(lambda made: ladder_of(made, one.case))
    following, message = life.time_out(one, work.get(Case, one.case), ladder, work.now)
    for record in (following, message):
        if record is not None:
            work.add(record)
