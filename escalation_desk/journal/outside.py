"""What the outside world has to do with records: the names it knows them by, and what its files have said of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.merging import POINTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.journal.connection import Connection


def imported(made: Connection, wanted: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Read what imports that stand have said about records: each field's newest word, as JSON."""
    said: dict[str, dict[str, Any]] = {one: {} for one in wanted}
    undone: dict[int, bool] = {}
    for record_id, op, name, after, entry, undone_by in made.execute(
        'SELECT c.record, c.op, c.field, c."after", c.entry, e.undone_by FROM json_each(?) w '
        "CROSS JOIN change c ON c.record = w.value JOIN entry e ON e.number = c.entry "
        "WHERE e.kind = 'import' AND c.op IN ('create', 'set') ORDER BY c.entry, c.position",
        (json.dumps(list(wanted)),),
    ).fetchall():
        if undone_by and undone.setdefault(entry, _is_undone(made, undone_by)):
            continue
        value = None if after is None else json.loads(after)
        said[record_id].update(value or {} if op == "create" else {name: value})
    return said


def _is_undone(made: Connection, undone_by: int | None) -> bool:
    """Follow what was undone, done again and undone again, to how it stands now."""
    undone = False
    while undone_by is not None:
        undone = not undone
        undone_by = made.execute("SELECT undone_by FROM entry WHERE number = ?", (undone_by,)).fetchone()[0]
    return undone


def by_keys(made: Connection, kind: str, keys: Iterable[str]) -> dict[str, str]:
    """Find the ids of the records that the outside world knows by these natural keys; of a merged one, the whole's."""
    found: dict[str, str] = dict(
        made.execute(
            "SELECT k.key, k.record FROM json_each(?) w CROSS JOIN natural_key k ON k.kind = ? AND k.key = w.value",
            (json.dumps(list(keys)), kind),
        )
    )
    if kind in POINTERS and found:
        merged = dict(
            made.execute(
                f'SELECT r.id, r.merged_into FROM json_each(?) w CROSS JOIN "{kind}" r ON r.id = w.value '  # noqa: S608 - a declared kind.
                "WHERE r.merged_into IS NOT NULL",
                (json.dumps(list(found.values())),),
            )
        )
        found = {key: merged.get(record_id, record_id) for key, record_id in found.items()}
    return found
