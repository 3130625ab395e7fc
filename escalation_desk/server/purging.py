"""Forgets what was deleted long ago: its content for good, its id never, so that it cannot come back (sync.md §5.7).

A workstation that was away for longer begins these scopes anew and keeps what waits there.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.fields import instant_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from escalation_desk.server.database import Cursor, Database

KEPT: Final = timedelta(days=400)
_GONE: Final = (
    b"SELECT id::text, scope, seq, data ->> 'sha256' FROM record"
    b" WHERE deleted AND data ->> 'updated_at' < %s ORDER BY id FOR UPDATE"
)
_MARKERS: Final = (
    b"DELETE FROM left_scope l USING change c WHERE c.scope = l.scope AND c.seq = l.seq AND c.received_at < %s"
    b" RETURNING l.scope, l.seq"
)
_FLOORS: Final = (
    b"UPDATE scope_clock SET floor = greatest(floor, u.seq)"
    b" FROM (SELECT scope, max(seq) AS seq FROM unnest(%s::text[], %s::bigint[]) AS x(scope, seq) GROUP BY scope) AS u"
    b" WHERE scope_clock.scope = u.scope"
)
_LEFTOVERS: Final = (
    b"DELETE FROM session WHERE refresh_until < now()",
    b"DELETE FROM part WHERE received_at < now() - interval '30 days'",
    b"DELETE FROM attempt WHERE last_at < now() - interval '1 day'",
    b"DELETE FROM presence WHERE at < now() - interval '1 day'",
)


def purge(database: Database, folder: Path, kept: timedelta = KEPT) -> int:
    """Forget; the database is opened as its owner. Answers how many records are gone."""
    before = instant_text(datetime.now(UTC) - kept)
    with database.writing() as cursor:
        gone = cursor.execute(_GONE, (before,)).fetchall()
        # Counters in the order of their names, as every push takes them.
        cursor.execute(b'SELECT 1 FROM scope_clock ORDER BY scope COLLATE "C" FOR UPDATE')
        markers = cursor.execute(_MARKERS, (before,)).fetchall()
        _raise_floors(cursor, [row[1:3] for row in gone] + markers)
        _forget(cursor, [row[0] for row in gone], before)
        for statement in _LEFTOVERS:
            cursor.execute(statement)
        unused = _unused(cursor, [row[3] for row in gone if row[3]])
    for sha256 in unused:
        (folder / "blobs" / sha256[:2] / sha256).unlink(missing_ok=True)
    return len(gone)


def _raise_floors(cursor: Cursor, passed: Sequence[tuple[Any, ...]]) -> None:
    if passed:
        cursor.execute(_FLOORS, ([row[0] for row in passed], [row[1] for row in passed]))


def _forget(cursor: Cursor, records: Sequence[str], before: str) -> None:
    asked = (list(records),)
    cursor.execute(b"INSERT INTO purged (id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING", asked)
    cursor.execute(b"UPDATE change SET patch = NULL WHERE record = ANY(%s::uuid[]) AND patch IS NOT NULL", asked)
    cursor.execute(b"DELETE FROM natural_key WHERE record = ANY(%s::uuid[])", asked)
    cursor.execute(b"DELETE FROM record WHERE id = ANY(%s::uuid[])", asked)
    cursor.execute(b"UPDATE mutation SET body = NULL WHERE body IS NOT NULL AND received_at < %s", (before,))


def _unused(cursor: Cursor, hashes: Sequence[str]) -> list[str]:
    """Find the bytes that no attachment has any more."""
    found = cursor.execute(
        b"DELETE FROM blob WHERE sha256 = ANY(%s) AND NOT EXISTS"
        b" (SELECT FROM record WHERE kind = 'attachment' AND data ->> 'sha256' = blob.sha256) RETURNING sha256",
        (list(hashes),),
    ).fetchall()
    return [row[0] for row in found]
