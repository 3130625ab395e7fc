"""The table of clocks: the rows of a case are counted anew whenever anything of it was touched.

A row says when its clock is due, if nothing more happens: what time alone does is read from that, and nothing ticks.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.clocks.facts import ClockState
from escalation_desk.casework.clocks.running import clocks_of
from escalation_desk.journal.clocks.facts import known_of
from escalation_desk.journal.clocks.rules import rules_of
from escalation_desk.journal.rows import shape_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.casework.clocks.policies import Rules
    from escalation_desk.journal.clocks.facts import Known
    from escalation_desk.journal.connection import Connection

Row = tuple[Any, ...]
"""A clock as its table keeps it: id, case, clock, cycle, state, …, in the order of `COLUMNS`."""

COLUMNS: Final = (
    *("id", "case", "clock", "cycle", "state", "due_at", "priority", "policy", "calendar", "started_at"),
    *("finished_at", "target_min", "used_min", "paused", "resumed_at", "left_seconds"),
)
_CHUNK = 2_000
_SAME: Final = ("id", "policy", "priority", "started_at", "finished_at", "target_min", "calendar", "state", "paused")
"""What makes a finished clock the same one: then it stays as it was counted, whatever became of its calendar."""


def refresh(made: Connection, ids: Collection[str]) -> None:
    """Count the clocks of these cases, and write what is otherwise than it stands."""
    rules = rules_of(made)
    listed = sorted(ids)
    for start in range(0, len(listed), _CHUNK):
        _refresh(made, listed[start : start + _CHUNK], rules)


def _refresh(made: Connection, ids: Sequence[str], rules: Rules) -> None:
    known, here = known_of(made, ids), kept_of(made, ids)
    written, facts = [], []
    gone = [row[0] for case in here.keys() - known.keys() for row in here[case]]
    for case, one in known.items():
        before = {row[0]: row for row in here.get(case, ())}
        rows = recounted(case, one, before.values(), rules)
        written += [row for row in rows if before.get(row[0]) != row]
        gone += before.keys() - {row[0] for row in rows}
        told = facts_of(rows, live=one.live)
        if told != one.kept:
            # What a case that came just now has beside its clocks; `derived` knows more of the others.
            due = _earliest(one.asked_by, told[0]) if one.live else None
            facts.append((*told, due, due, case))
    made.executemany("DELETE FROM clock WHERE id = ?", ((one,) for one in gone))
    made.executemany(_writing(), [_in_full(row) for row in written])
    made.executemany(_TELLING, facts)
    made.executemany(_TELLING, [(*[None] * 5, case) for case in here.keys() - known.keys()])


_FACTS: Final = ("sla_due_at", "breached_at", "missed_from", "breach_due_at", "next_due_at")
_TELLING = f'UPDATE "case" SET {", ".join(f"{name} = ?" for name in _FACTS)} WHERE id = ?'  # noqa: S608 - as above.


def kept_of(made: Connection, ids: Iterable[str]) -> dict[str, list[Row]]:
    """Read the rows of cases as they stand."""
    found: dict[str, list[Row]] = {}
    for row in made.execute(_KEPT, (json.dumps(list(ids)),)):
        found.setdefault(row[1], []).append(row)
    return found


_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_KEPT = f'SELECT {_NAMES} FROM clock WHERE "case" IN (SELECT value FROM json_each(?))'  # noqa: S608 - declared names.


def recounted(case: str, known: Known, before: Iterable[Row], rules: Rules) -> list[Row]:
    """Count the clocks of a case, as of the last thing that happened: the same on every workstation at any hour."""
    there = {row[0]: row for row in before}
    counted = (_row(case, clock, rules) for clock in clocks_of(known.facts, rules, known.as_of))
    return [_as_it_was(row, there.get(row[0])) for row in counted]


def _row(case: str, clock: Clock, rules: Rules) -> Row:
    runs = clock.open and clock.due_at is not None
    resumed, left = _run(clock, clock.due_at, rules) if clock.open and clock.due_at is not None else (None, None)
    paused = [[text_of(p.begins), p.ends and text_of(p.ends), str(p.why)] for p in clock.paused]
    return (
        f"{case}:{clock.kind}:{clock.cycle}",
        case,
        str(clock.kind),
        clock.cycle,
        str(ClockState.RUNNING if runs and clock.state is ClockState.BREACHED else clock.state),
        clock.due_at and text_of(clock.due_at),
        str(clock.priority),
        clock.policy,
        clock.calendar,
        text_of(clock.started_at),
        clock.finished_at and text_of(clock.finished_at),
        clock.target_min,
        clock.used_min,
        json.dumps(paused, separators=(",", ":")) if paused else "[]",
        resumed and text_of(resumed),
        left,
    )


def _run(clock: Clock, due: int, rules: Rules) -> tuple[int, int]:
    """Say since when a clock ran without a break until it is due, and how many seconds were left then."""
    since = max([clock.started_at, *(pause.ends for pause in clock.paused if pause.ends and pause.ends <= due)])
    return since, rules.working(clock.calendar).spent(since, due)


def _as_it_was(row: Row, before: Row | None) -> Row:
    """Leave a finished clock as it was counted: a holiday that is entered later changes nobody's past."""
    if before is None or row[_AT["finished_at"]] is None:
        return row
    return before if all(row[_AT[name]] == before[_AT[name]] for name in _SAME) else row


_AT = {name: place for place, name in enumerate(COLUMNS)}
_DUE, _STATE, _FINISHED = _AT["due_at"], _AT["state"], _AT["finished_at"]


def facts_of(rows: Iterable[Row], *, live: bool) -> tuple[str | None, ...]:
    """Tell what the clocks say of their case: due next, missed first, and from when on it counts as missed.

    A clock that runs will be missed at its due time. Together with what was missed that gives one moment, and whoever
    looks compares it with the time.
    """
    running = missed = None
    for row in rows:
        if row[_FINISHED] is None and row[_DUE] is not None and live:
            running = _earliest(running, row[_DUE])
        elif row[_STATE] == _BREACHED:
            missed = _earliest(missed, row[_DUE])
    return running, missed, _earliest(missed, running)


_BREACHED = str(ClockState.BREACHED)


def _earliest(one: str | None, other: str | None) -> str | None:
    return min(one, other) if one and other else one or other


@cache
def _writing() -> str:
    columns = (*COLUMNS, "created_at", "updated_at")
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    anew = ", ".join(f'"{name}" = excluded."{name}"' for name in columns[1:])
    return f"INSERT INTO {shape_of('clock').kind} ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {anew}"  # noqa: S608 - declared names.


def _in_full(row: Row) -> Row:
    begun = row[_AT["started_at"]]
    return (*row, begun, begun)


def text_of(second: int) -> str:
    """Write a moment of a clock as a column keeps it."""
    return f"{datetime.fromtimestamp(second, UTC).isoformat()[:19]}Z"
