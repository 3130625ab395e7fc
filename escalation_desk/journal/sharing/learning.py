"""After an update of the program: fields that were kept as they came, being unknown, take their place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import whole
from escalation_desk.casework.kinds import KINDS
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.rows import carried
from escalation_desk.journal.sharing.laying import Sheet, lay, present, unknown_of

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.journal.connection import Connection


def learn(made: Connection, now: datetime) -> frozenset[tuple[str, str]]:
    """Lay down what this version knows by now; kinds that were unknown are laid by the next exchange."""
    rows = made.execute("SELECT record, kind, unknown, data FROM base WHERE unknown IS NOT NULL").fetchall()
    known = [(record, kind, json.loads(unknown), data) for record, kind, unknown, data in rows if kind in KINDS]
    learnt = [row for row in known if unknown_of(row[1], row[2]).keys() != row[2].keys()]
    touched: set[tuple[str, str]] = set()
    if learnt:
        with transaction(made):
            for record, kind, unknown, data in learnt:
                touched |= _learn(made, kind, record, unknown, data, now)
    return frozenset(touched)


def _learn(
    made: Connection, kind: str, record: str, unknown: dict[str, Any], data: str | None, now: datetime
) -> set[tuple[str, str]]:
    left = unknown_of(kind, unknown)
    fields = {name: value for name, value in unknown.items() if name not in left}
    apart = None if data is None else carried({**json.loads(data), **fields})
    made.execute(
        "UPDATE base SET unknown = ?, data = ? WHERE record = ?", (carried(left) if left else None, apart, record)
    )
    here = present(made, kind, [record]).get(record)
    if here is None:
        return set()
    sheet = Sheet(record, {**whole(here), **fields}, here.deleted_at is not None, {})
    return lay(made, kind, [sheet], now).touched
