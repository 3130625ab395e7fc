"""What the server has of each record: its version, and the record itself while entries about it wait here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import fields_of, to_json, whole
from escalation_desk.journal.rows import carried, fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

_TOGETHER = "SELECT 1 FROM base WHERE record = ? AND data IS NULL"
_APART = "UPDATE base SET data = ? WHERE record = ? AND data IS NULL"


def set_apart(made: Connection, record: Record, held: dict[str, Any]) -> None:
    """Keep what the server has of a record that is changed here for the first time; `held` are its values so far."""
    if made.execute(_TOGETHER, (record.id,)).fetchone():
        kept = {
            f.name: to_json(f.kind, held[f.name])
            for f in fields_of(type(record))
            if not f.declared.computed and held[f.name] is not None
        }
        made.execute(_APART, (carried(kept), record.id))


def set_wholes_apart(made: Connection, kind: str, ids: Sequence[str]) -> None:
    """Keep what the server has of records that are deleted here."""
    together = made.execute(
        "SELECT record FROM base WHERE record IN (SELECT value FROM json_each(?)) AND data IS NULL",
        (json.dumps(list(ids)),),
    ).fetchall()
    records = (fetch(made, kind, row[0]) for row in together)
    made.executemany(_APART, [(carried(whole(record)), record.id) for record in records if record is not None])


def versions(made: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Look up the versions of records that the server knows."""
    return dict(
        made.execute(
            "SELECT record, version FROM base WHERE record IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )
