"""Takes records off this disk that are shared with it no more: rows, words, names, files, history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from escalation_desk.casework.kinds import KINDS
from escalation_desk.i18n import N_
from escalation_desk.journal import searching

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.journal.connection import Connection

_WIPED = N_("Something that is not shared with this workstation any more")


def wipe(made: Connection, records: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Wipe records, given as (kind, id), and answer them; what still waits about them stays until it was told."""
    gone = set(records)
    files = _files(made, gone)
    for kind in {kind for kind, _record in gone}:
        ids = [record for of, record in gone if of == kind]
        _rows(made, kind, ids)
        _names(made, ids)
        _history(made, ids)
    _bytes(made, files)
    return gone


def _rows(made: Connection, kind: str, ids: list[str]) -> None:
    if kind in KINDS:
        searching.forget(made, kind, ids)
        made.execute(f'DELETE FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))', (json.dumps(ids),))  # noqa: S608 - a declared kind.


def _names(made: Connection, ids: list[str]) -> None:
    listed = (json.dumps(ids),)
    for table in ("natural_key", "seen", "base"):
        made.execute(f"DELETE FROM {table} WHERE record IN (SELECT value FROM json_each(?))", listed)  # noqa: S608 - three names.


def _history(made: Connection, ids: list[str]) -> None:
    """Forget what acknowledged entries say about these records, and the entries of which nothing is left."""
    listed = (json.dumps(ids),)
    entries = made.execute(
        "SELECT DISTINCT c.entry FROM json_each(?) w CROSS JOIN change c ON c.record = w.value "
        "JOIN entry e ON e.number = c.entry WHERE e.acknowledged_at IS NOT NULL",
        listed,
    ).fetchall()
    made.executemany(
        "DELETE FROM change WHERE entry = ? AND record IN (SELECT value FROM json_each(?))",
        [(row[0], *listed) for row in entries],
    )
    # The head stays: others count on its number. Its title may name what was wiped.
    made.executemany(
        "UPDATE entry SET kind = 'fact', title = ?, places = '{}' WHERE number = ? "
        "AND NOT EXISTS (SELECT 1 FROM change c WHERE c.entry = entry.number)",
        [(_WIPED, row[0]) for row in entries],
    )


def _files(made: Connection, gone: set[tuple[str, str]]) -> list[str]:
    ids = [record for kind, record in gone if kind == "attachment"]
    rows = made.execute(
        "SELECT DISTINCT sha256 FROM attachment WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    )
    return [row[0] for row in rows if row[0]]


def _bytes(made: Connection, files: list[str]) -> None:
    for sha256 in files:
        if made.execute("SELECT 1 FROM attachment WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone() is None:
            made.execute("DELETE FROM blob WHERE sha256 = ?", (sha256,))
            made.execute("DELETE FROM blob_state WHERE sha256 = ?", (sha256,))
