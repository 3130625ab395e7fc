"""What the person at this workstation has seen and starred; nobody else's business, so it is no entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.journal.connection import Connection

_MARKS = "SELECT record, at, starred FROM seen WHERE record IN (SELECT value FROM json_each(?))"
MARK_SEEN = "INSERT INTO seen (record, at) VALUES (?, ?) ON CONFLICT (record) DO UPDATE SET at = excluded.at"
MARK_UNSEEN = "UPDATE seen SET at = '' WHERE record = ?"
STAR = (
    "INSERT INTO seen (record, at, starred) VALUES (?, '', ?) "
    "ON CONFLICT (record) DO UPDATE SET starred = excluded.starred"
)


class Mark(NamedTuple):
    """When a record was looked at last (empty: never), and whether it is starred."""

    at: str = ""
    starred: bool = False


def marks(made: Connection, ids: Sequence[str]) -> dict[str, Mark]:
    """Read the marks of some records; what has none is left out."""
    rows = made.execute(_MARKS, (json.dumps(ids),))
    return {record: Mark(at, bool(starred)) for record, at, starred in rows}


def news(made: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Count the entries that came onto the timelines of cases since each was looked at; cases without are left out."""
    rows = made.execute(
        'SELECT m."case", count(*) FROM message m LEFT JOIN seen s ON s.record = m."case" '
        'WHERE m."case" IN (SELECT value FROM json_each(?)) AND m.deleted_at IS NULL '
        "AND m.created_at > ifnull(s.at, '') GROUP BY 1",
        (json.dumps(ids),),
    )
    return dict(rows)


def starred(made: Connection) -> list[str]:
    return [row[0] for row in made.execute("SELECT record FROM seen WHERE starred ORDER BY at DESC")]


def lately(made: Connection, limit: int = 50) -> list[str]:
    """List what was looked at last, newest first."""
    return [row[0] for row in made.execute("SELECT record FROM seen WHERE at <> '' ORDER BY at DESC LIMIT ?", (limit,))]
