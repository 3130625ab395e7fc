"""Checks what the server's tables say of themselves: dense numbers, counts and sums, and the chain of changes."""

from __future__ import annotations

import hashlib
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.server.taking.numbering import link
from escalation_desk.sync.messages import mark, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from escalation_desk.server.database import Cursor, Database

_AT_ONCE: Final = 5_000
_CHANGES: Final = (
    b"SELECT scope, seq, actor::text, client::text, mid, received_at, patch::text, payload_hash, chain FROM change"
    b' ORDER BY scope COLLATE "C", seq'
)


def problems(database: Database) -> list[str]:
    """List what is wrong, in words; the database is opened as its owner, because everything is looked at."""
    with database.reading() as cursor:
        clocks = {
            scope: (last, floor, n, int(summed), bytes(head))
            for scope, last, floor, n, summed, head in cursor.execute(
                b"SELECT scope, last, floor, n, sum, head FROM scope_clock"
            ).fetchall()
        }
        return [*_sums(cursor, clocks), *_chains(cursor, clocks), *_numbers(cursor)]


def _sums(cursor: Cursor, clocks: dict[str, tuple[int, int, int, int, bytes]]) -> Iterator[str]:
    found: dict[str, list[int]] = {}
    for scope, record, version in _streamed(
        cursor, b"SELECT scope, id::text, ver FROM record WHERE NOT deleted ORDER BY scope"
    ):
        found.setdefault(scope, []).append(mark(record, version))
    for scope, (_last, _floor, n, summed, _head) in clocks.items():
        marks = found.pop(scope, [])
        if (len(marks), total(marks)) != (n, summed):
            yield f"{scope}: {len(marks)} records where {n} are counted, or another sum of them"
    yield from (f"{scope}: has records and no counter" for scope in found)


def _chains(cursor: Cursor, clocks: dict[str, tuple[int, int, int, int, bytes]]) -> Iterator[str]:
    seen = set()
    for scope, rows in groupby(_streamed(cursor, _CHANGES), key=lambda row: row[0]):
        seen.add(scope)
        yield from _chain(scope, rows, clocks[scope])
    yield from (f"{scope}: its changes are gone" for scope, clock in clocks.items() if scope not in seen and clock[0])


def _chain(scope: str, rows: Iterable[tuple[Any, ...]], clock: tuple[int, int, int, int, bytes]) -> Iterator[str]:
    last, _floor, _n, _summed, head = clock
    chain, expected = b"", 0
    for _scope, seq, actor, client, mid, received_at, patch, payload, chained in rows:
        expected += 1
        if seq != expected:
            yield f"{scope}: number {expected} is missing"
            return
        chain = link(chain, scope, seq, actor or "", client, mid, received_at, bytes(payload))
        if chain != bytes(chained):
            yield f"{scope}: the chain is broken at {seq}"
            return
        if patch is not None and hashlib.sha256(patch.encode()).digest() != bytes(payload):
            yield f"{scope}: change {seq} was rewritten"
    if (expected, chain) != (last, head):
        yield f"{scope}: changes end at {expected}, the counter says {last}"


def _numbers(cursor: Cursor) -> Iterator[str]:
    """Compare each record with its newest change, and each workstation with its newest mutation."""
    for (record,) in cursor.execute(
        b"SELECT r.id::text FROM record r LEFT JOIN change c ON c.scope = r.scope AND c.seq = r.seq"
        b" WHERE c.record IS DISTINCT FROM r.id OR c.ver IS DISTINCT FROM r.ver LIMIT 10"
    ).fetchall():
        yield f"record {record}: its newest change is another's"
    for client, last, count in cursor.execute(
        b"SELECT c.id::text, c.last_mid, count(m.mid) FROM client c LEFT JOIN mutation m ON m.client = c.id"
        b" GROUP BY c.id HAVING count(m.mid) <> c.last_mid LIMIT 10"
    ).fetchall():
        yield f"workstation {client}: {count} entries where {last} are counted"


def _streamed(cursor: Cursor, question: bytes) -> Iterator[tuple[Any, ...]]:
    """Read without holding all of it."""
    with cursor.connection.cursor("streamed") as server_side:
        server_side.itersize = _AT_ONCE
        yield from server_side.execute(question)
