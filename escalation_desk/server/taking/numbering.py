"""Writes what a push changed: the counters of its scopes are taken last, in the order of their names (sync.md §5.2).

A push that waits for a counter gets it only after the one before has committed, so numbers are dense and nobody who
reads can have passed a number that is still to come.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from escalation_desk.server.taking.columns import as_text, columns, unnested
from escalation_desk.server.taking.shapes import NAMED_BY, natural_keys
from escalation_desk.sync.messages import mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.server.database import Cursor
    from escalation_desk.server.taking.ground import Ground, Head

_NEW_CLOCKS: Final = b"INSERT INTO scope_clock (scope) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
_CLOCKS: Final = (
    b'SELECT scope, last, n, sum, head FROM scope_clock WHERE scope = ANY(%s) ORDER BY scope COLLATE "C" FOR UPDATE'
)
_SET_CLOCKS: Final = (
    b"UPDATE scope_clock SET last = u.last, n = u.n, sum = u.sum, head = u.head FROM "
    + unnested("scope:text last:bigint n:bigint sum:numeric head:bytea")
    + b" WHERE scope_clock.scope = u.scope"
)
_CHANGES: Final = (
    b"INSERT INTO change"
    b" (scope, seq, record, kind, client, mid, place, actor, received_at, ver, patch, payload_hash, chain)"
    b" SELECT scope, seq, record, kind, %s, mid, place, %s, %s, ver, patch, hash, chain FROM "
    + unnested(
        "scope:text seq:bigint record:uuid kind:text mid:bigint place:int ver:int patch:json hash:bytea chain:bytea"
    )
)
_ROWS: Final = unnested("id:uuid kind:text scope:text seq:bigint ver:int deleted:bool follows:uuid data:jsonb")
_NEW: Final = (
    b"INSERT INTO record (id, kind, scope, seq, ver, deleted, follows, client, data)"
    b" SELECT id, kind, scope, seq, ver, deleted, follows, %s, data FROM " + _ROWS
)
_CHANGED: Final = (
    b"UPDATE record SET scope = u.scope, seq = u.seq, ver = u.ver, deleted = u.deleted, client = %s, data = u.data"
    b" FROM " + _ROWS + b" WHERE record.id = u.id"
)
_NAMES: Final = (
    b"INSERT INTO natural_key (kind, key, record) SELECT kind, key #>> '{}', record FROM "
    + unnested("kind:text key:json record:uuid")
    + b" ON CONFLICT DO NOTHING"
)


@dataclass(slots=True)
class Clock:
    """The counter of a scope, and what is summed up of it."""

    last: int
    n: int
    sum: int
    head: bytes


@dataclass(slots=True)
class Numbers:
    """The counters that this transaction holds. Large mutations write in several goes under the same counters."""

    clocks: dict[str, Clock] = field(default_factory=dict)
    placed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """How many changes of a mutation were written."""

    def take(self, cursor: Cursor, scopes: Iterable[str]) -> None:
        wanted = sorted(set(scopes) - self.clocks.keys())
        if not wanted:
            return
        found = cursor.execute(_CLOCKS, (wanted,)).fetchall()
        if len(found) < len(wanted):
            cursor.execute(_NEW_CLOCKS, (wanted,))
            found = cursor.execute(_CLOCKS, (wanted,)).fetchall()
        for scope, last, n, total, head in found:
            self.clocks[scope] = Clock(last, n, int(total), bytes(head))


def link(
    head: bytes, scope: str, seq: int, actor: str, client: str, mid: int, received_at: str, payload: bytes
) -> bytes:
    """Chain one change to the one before it in its scope."""
    said = f"{scope}\n{seq}\n{actor}\n{client}\n{mid}\n{received_at}\n".encode()
    return hashlib.sha256(head + said + payload).digest()


def write(ground: Ground, numbers: Numbers) -> None:
    """Give numbers to all that was touched, and write it. Afterwards the ground counts as stored."""
    touched = {touch.record for touch in ground.touches}
    if not touched:
        return
    heads = [ground.heads[record] for record in touched]
    patches = [as_text(touch.patch) for touch in ground.touches]
    texts = [as_text(head.data) for head in heads]
    numbers.take(ground.cursor, (touch.scope for touch in ground.touches))
    _write_changes(ground, numbers, patches)
    _count(ground, numbers, heads)
    _write_heads(ground, heads, texts)
    _write_markers(ground)
    _write_names(ground, heads)
    _set_clocks(ground.cursor, numbers)
    for head in heads:
        head.fresh = False
        ground.stored[head.id] = head.copy(head.data)
    ground.touches.clear()


def _write_changes(ground: Ground, numbers: Numbers, patches: list[str]) -> None:
    actor = ground.rights.account
    rows = []
    for touch, patch in zip(ground.touches, patches, strict=True):
        clock = numbers.clocks[touch.scope]
        clock.last += 1
        payload = hashlib.sha256(patch.encode()).digest()
        clock.head = link(clock.head, touch.scope, clock.last, actor, ground.client, touch.mid, ground.now, payload)
        place = numbers.placed[touch.mid]
        numbers.placed[touch.mid] += 1
        if touch.ver:
            ground.heads[touch.record].seq = clock.last
        rows.append(
            (touch.scope, clock.last, touch.record, touch.kind, touch.mid, place, touch.ver, patch, payload, clock.head)
        )
    ground.cursor.execute(_CHANGES, (ground.client, actor, ground.now, *columns(rows)))


def _count(ground: Ground, numbers: Numbers, heads: list[Head]) -> None:
    """Keep count and sum of each scope as if they had been summed up anew."""
    for head in heads:
        before = ground.stored.get(head.id)
        if before is not None and not before.deleted:
            _add(numbers, ground.cursor, before, -1)
        if not head.deleted:
            _add(numbers, ground.cursor, head, 1)


def _add(numbers: Numbers, cursor: Cursor, head: Head, sign: int) -> None:
    numbers.take(cursor, [head.scope])
    clock = numbers.clocks[head.scope]
    clock.n += sign
    clock.sum = (clock.sum + sign * mark(head.id, head.ver)) % 2**64


def _write_heads(ground: Ground, heads: list[Head], texts: list[str]) -> None:
    """Write new records, and over those that are there; the latter are locked, so nobody takes them away meanwhile."""
    for fresh, statement in ((True, _NEW), (False, _CHANGED)):
        rows = [
            (head.id, head.kind, head.scope, head.seq, head.ver, head.deleted, head.follows, text)
            for head, text in zip(heads, texts, strict=True)
            if head.fresh is fresh
        ]
        if rows:
            ground.cursor.execute(statement, (ground.client, *columns(rows)))


def _write_markers(ground: Ground) -> None:
    left = [touch for touch in ground.touches if touch.ver == 0]
    if not left:
        return
    records = list({touch.record for touch in left})
    ground.cursor.execute(
        b"INSERT INTO left_scope (scope, record, seq)"
        b" SELECT DISTINCT ON (scope, record) scope, record, seq FROM change"
        b" WHERE client = %s AND ver = 0 AND record = ANY(%s) AND mid = ANY(%s) ORDER BY scope, record, seq DESC"
        b" ON CONFLICT (scope, record) DO UPDATE SET seq = excluded.seq",
        (ground.client, records, list({touch.mid for touch in left})),
    )
    ground.cursor.execute(
        b"DELETE FROM left_scope l USING record r WHERE r.id = l.record AND r.scope = l.scope AND r.id = ANY(%s)",
        (records,),
    )


def _write_names(ground: Ground, heads: list[Head]) -> None:
    """Keep the names by which the outside world knows records."""
    changed = [head for head in heads if _is_named_anew(head, ground.stored.get(head.id))]
    known = [head.id for head in changed if head.id in ground.stored]
    if known:
        ground.cursor.execute(b"DELETE FROM natural_key WHERE record = ANY(%s)", (known,))
    rows = [(head.kind, as_text(key), head.id) for head in changed for key in natural_keys(head.kind, head.data)]
    if rows:
        ground.cursor.execute(_NAMES, columns(rows))


def _is_named_anew(head: Head, before: Head | None) -> bool:
    named = NAMED_BY.get(head.kind, ())
    return before is None or any(head.data.get(name) != before.data.get(name) for name in named)


def _set_clocks(cursor: Cursor, numbers: Numbers) -> None:
    rows = [(scope, clock.last, clock.n, clock.sum, clock.head) for scope, clock in numbers.clocks.items()]
    cursor.execute(_SET_CLOCKS, columns(rows))
