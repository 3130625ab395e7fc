"""How much each person has: counted over the live cases at one go, for the lead's board."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.fields import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.journal.connection import Connection


class Load(NamedTuple):
    """What one person has. `user` is empty for cases without an owner; `away_until` is an instant in text."""

    user: str
    name: str
    live: int = 0
    urgent: int = 0
    overdue: int = 0
    today: int = 0
    waiting: int = 0
    offered: int = 0
    away_until: str = ""


_COUNTS = """
SELECT ifnull(owner, ''), count(*), sum(priority IN ('P0', 'P1')), sum(ifnull(next_due_at, '~') < :now),
    sum(ifnull(next_due_at, '~') >= :now AND ifnull(next_due_at, '~') < :day_end), sum(status LIKE 'pending_%')
FROM "case" INDEXED BY case_live WHERE deleted_at IS NULL AND live = 1 GROUP BY 1
"""
_OFFERED = """
SELECT offered_to, count(*) FROM "case" INDEXED BY case_offered
    WHERE deleted_at IS NULL AND live = 1 AND offered_to IS NOT NULL GROUP BY 1
"""
_AWAY = """
SELECT user, max(ends_at) FROM absence WHERE deleted_at IS NULL AND begins_at <= :now AND ends_at > :now GROUP BY 1
"""
_PEOPLE = "SELECT id, full_name FROM user WHERE deleted_at IS NULL AND active ORDER BY full_name"


def loads(made: Connection, now: datetime, day_end: datetime) -> list[Load]:
    """Count for everybody who works at the desk or owns a live case; first what nobody owns, then by name."""
    moment = {"now": instant_text(now), "day_end": instant_text(day_end)}
    counted = {owner: counts for owner, *counts in made.execute(_COUNTS, moment)}
    offered = dict(made.execute(_OFFERED))
    away = dict(made.execute(_AWAY, {"now": moment["now"]}))
    names = dict(made.execute(_PEOPLE))
    gone = [owner for owner in counted if owner and owner not in names]
    names |= {one: name for one in gone for (name,) in made.execute("SELECT full_name FROM user WHERE id = ?", (one,))}
    found = [
        _load(user, name, counted.get(user))._replace(offered=offered.get(user, 0), away_until=away.get(user, ""))
        for user, name in names.items()
    ]
    return [*([_load("", "", counted[""])] if "" in counted else []), *found]


def _load(user: str, name: str, counts: list[int] | None) -> Load:
    live, urgent, overdue, today, waiting = counts or [0] * 5
    return Load(user, name, live, urgent, overdue, today, waiting)
