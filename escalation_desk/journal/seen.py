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


def starred(made: Connection) -> list[str]:
    return [row[0] for row in made.execute("SELECT record FROM seen WHERE starred ORDER BY at DESC")]


def lately(made: Connection, limit: int = 50) -> list[str]:
    """List what was looked at last, newest first."""
    return [row[0] for row in made.execute("SELECT record FROM seen WHERE at <> '' ORDER BY at DESC LIMIT ?", (limit,))]
