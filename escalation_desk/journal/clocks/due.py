"""When running clocks are due, counted from their rows alone: after somebody has changed a calendar or a holiday.

A row says since when its clock runs without a break, and how many seconds were left then. So a due time is one search
in the calendar, for every open case of the desk in the time of a keystroke.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.journal.clocks.rows import text_of
from escalation_desk.journal.clocks.rules import KINDS, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from escalation_desk.casework.clocks.policies import Rules
    from escalation_desk.journal.connection import Connection

RUNNING = (
    "SELECT id, calendar, resumed_at, left_seconds, due_at FROM clock WHERE finished_at IS NULL AND due_at IS NOT NULL"
)


class Moved(NamedTuple):
    """A clock that is due at another time than its row says."""

    id: str
    due_at: str


def moved(rows: Iterable[tuple[str, str, str, int, str]], rules: Rules) -> Iterator[Moved]:
    """Count due times anew, and tell those that differ; by a calendar that is gone or spoilt nothing is due."""
    due: dict[str, Callable[[int, int], int]] = {}
    read = datetime.fromisoformat
    for clock, calendar, resumed, left, was in rows:
        count = due.get(calendar)
        if count is None:
            working = rules.working_or_none(calendar)
            count = due[calendar] = working.due if working else _never
        at = count(int(read(resumed).timestamp()), left)
        if at != read(was).timestamp():
            yield Moved(clock, text_of(at))


def _never(_start: int, _seconds: int) -> int:
    return 0


def follow(made: Connection, changed: Collection[str]) -> set[str]:
    """Let clocks follow their calendars where kinds of records that rule them were changed.

    Answers the cases whose clocks must be counted anew from the beginning.
    """
    concerned: set[str] = set()
    if RULED & set(changed):
        found = list(moved(made.execute(RUNNING).fetchall(), rules_of(made)))
        concerned = {one.id.partition(":")[0] for one in found}
        concerned |= {row[0] for row in made.execute(_INTERRUPTED)}
        concerned |= {row[0] for row in made.execute(_WITHOUT)}
    return concerned


RULED: Final = frozenset(KINDS)

# What such a clock has used lies in stretches that the calendar may have had otherwise.
_INTERRUPTED = (
    'SELECT DISTINCT "case" FROM clock WHERE finished_at IS NULL AND (due_at IS NULL OR resumed_at <> started_at '
    "OR left_seconds <> 60 * target_min)"
)

# A case can come from the server before its policy and the calendar of that.
_WITHOUT = (
    'SELECT id FROM "case" WHERE policy_used IS NOT NULL AND deleted_at IS NULL '
    'AND NOT EXISTS (SELECT 1 FROM clock c WHERE c."case" = "case".id)'
)
