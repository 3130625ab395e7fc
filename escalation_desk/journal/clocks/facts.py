"""What the clocks of cases follow from, read for many cases at one go."""

from __future__ import annotations

import json
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.choices import CaseStatus, Direction, Priority, WaitingOn
from escalation_desk.casework.clocks.facts import Facts, Phase, Spoken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from escalation_desk.journal.connection import Connection


class Known(NamedTuple):
    """The facts of a case, and what its row says of its clocks so far."""

    facts: Facts
    as_of: int
    live: bool
    asked_by: str | None
    """When the CRM wants it done."""
    kept: tuple[str | None, ...]
    """When its clocks are due, missed first, and count as missed, so far."""


# What an import hides until all of it is there (journal.work) is counted already: it is shown with its clocks.
_CASES = """
SELECT id, received_at, created_at, phases, status, priority, policy_used, waiting_on, market, merged_into,
    first_response_at, mitigated_at, live, due_at, sla_due_at, breached_at, missed_from
FROM "case" WHERE id IN (SELECT value FROM json_each(?)) AND policy_used IS NOT NULL
    AND (deleted_at IS NULL OR deleted_at > '9')
"""

# A correction of what was said is no word of its own.
_SPOKEN = """
SELECT "case", ifnull(at, created_at), direction, automatic, deleted_at IS NULL FROM message
WHERE "case" IN (SELECT value FROM json_each(?)) AND visibility = 'public' AND direction <> 'internal'
    AND amends IS NULL AND ifnull(deleted_at, '') < '9' ORDER BY 2
"""


def known_of(made: Connection, ids: Iterable[str]) -> dict[str, Known]:
    """Read the cases of these ids that are there and have a policy."""
    listed = (json.dumps(list(ids)),)
    spoken: dict[str, list[Spoken]] = {}
    unsaid: dict[str, set[int]] = {}
    for case, at, direction, automatic, there in made.execute(_SPOKEN, listed):
        if there:
            spoken.setdefault(case, []).append(Spoken(seconds_of(at), _DIRECTIONS[direction], not automatic))
        else:
            unsaid.setdefault(case, set()).add(seconds_of(at))
    return {row[0]: _known(row, spoken.get(row[0], []), unsaid.get(row[0], ())) for row in made.execute(_CASES, listed)}


_DIRECTIONS = {str(one): one for one in Direction}
_STATES = {str(one): one for one in CaseStatus}
_PRIORITIES = {str(one): one for one in Priority}
_WAITS = {str(one): one for one in WaitingOn}


def _known(row: tuple[Any, ...], spoken: list[Spoken], unsaid: Collection[int]) -> Known:
    _id, received, created, written, *stands, merged, answered, mitigated, live, asked_by = row[:-3]
    begun = seconds_of(received or created)
    told = json.loads(written)
    if answered:
        spoken = _with_first(spoken, seconds_of(answered), unsaid)
    phases = _phases(told, stands, begun)
    done = seconds_of(mitigated) if mitigated else None
    ended = _merged_at(told, begun) if merged else None
    facts = Facts(begun, phases, tuple(spoken), done, stands[-1], ended)
    last = max(begun, phases[-1].at, spoken[-1].at if spoken else 0, done or 0, ended or 0)
    return Known(facts, last, bool(live), asked_by, row[-3:])


def _with_first(spoken: list[Spoken], answered: int, unsaid: Collection[int]) -> list[Spoken]:
    """Add the first answer where only the CRM knows its words; what was taken back since was no answer."""
    first = min((one.at for one in spoken if one.direction is Direction.OUT and one.by_person), default=None)
    if answered in unsaid or (first is not None and first <= answered):
        return spoken
    return sorted([*spoken, Spoken(answered, Direction.OUT, by_person=True)])


def _phases(told: list[dict[str, str]], stands: list[Any], begun: int) -> tuple[Phase, ...]:
    """Read the phases. The last one is how the case stands.

    Where two people changed it at once, what each noted was put together, and may end otherwise.
    """
    status, priority, policy, waiting, market = stands
    phases = sorted((_phase(one, policy, market) for one in told), key=_at)
    last = phases[-1].at if phases else begun
    now = Phase(last, _STATES[status], _PRIORITIES[priority], policy, _WAITS.get(waiting), market)
    return (*phases,) if phases and phases[-1] == now else (*phases, now)


_at = attrgetter("at")


def _phase(one: dict[str, str], policy: str | None, market: str | None) -> Phase:
    return Phase(
        seconds_of(one["at"]),
        _STATES.get(one.get("status", ""), CaseStatus.OPEN),
        _PRIORITIES.get(one.get("priority", ""), Priority.P3),
        one.get("policy", policy),
        _WAITS.get(one.get("waiting_on", "")),
        one.get("market", market),
    )


def _merged_at(told: list[dict[str, str]], begun: int) -> int:
    found = [one["at"] for one in told if one.get("merged_into")]
    return seconds_of(found[-1]) if found else max([begun, *(seconds_of(one["at"]) for one in told)])


def seconds_of(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
