"""Gives the feed: what is new in each scope since a workstation's cursors, all as of one moment (sync.md §5.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from escalation_desk.casework.fields import instant_text
from escalation_desk.server.database import say_whose
from escalation_desk.server.rights import OWN
from escalation_desk.sync.messages import MERGED, REFUSED, Outcome, Trailer, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from escalation_desk.server.database import Cursor, Database
    from escalation_desk.server.rights import Rights

MOST_ROWS: Final = 2_000
ENTRIES_UP_TO: Final = 20_000
"""Further behind than this, a workstation gets records alone and asks for histories when somebody reads them."""
_MOST_OUTCOMES: Final = 500

_CLOCKS: Final = (
    b"SELECT m.epoch::text, m.min_schema, (SELECT last_mid FROM client WHERE id = %s),"
    b" c.scope, c.last, c.floor, c.n, c.sum, c.head FROM server_meta m, scope_clock c"
    # There are as many as people; nobody but they themselves has them.
    b" WHERE left(c.scope, 5) <> 'user/' OR c.scope = %s"
    b' ORDER BY c.scope COLLATE "C"'
)
_ROWS: Final = (
    b"SELECT c.scope, r.seq, r.way, r.kind, r.id, r.ver, r.data"
    b" FROM unnest(%s::text[], %s::bigint[]) AS c(scope, behind) CROSS JOIN LATERAL ("
    b"  (SELECT seq, CASE WHEN deleted THEN 'deleted' ELSE 'in' END AS way, kind, id::text, ver, data::text"
    b"   FROM record WHERE scope = c.scope AND seq > c.behind ORDER BY seq LIMIT %s)"
    b"  UNION ALL"
    # Whoever begins has nothing that could have left.
    b"  (SELECT seq, 'out', '', record::text, 0, NULL"
    b"   FROM left_scope WHERE scope = c.scope AND seq > c.behind AND c.behind > 0 ORDER BY seq LIMIT %s)"
    b' ) AS r ORDER BY c.scope COLLATE "C", r.seq LIMIT %s'
)
_ENTRIES: Final = (
    b"SELECT m.entry::text, m.title, m.places::text, m.kind, m.at, m.actor::text, c.client::text,"
    # A record that nobody has changed since stands beside its entry, in the same answer; once is enough.
    b" c.kind, c.record::text, CASE WHEN r.ver = 1 AND r.scope = c.scope AND r.seq = c.seq AND c.patch IS NOT NULL"
    b" THEN '[[\"create\",null,null,null]]' ELSE c.patch::text END"
    b" FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS s(scope, behind, upto)"
    b" JOIN change c ON c.scope = s.scope AND c.seq > s.behind AND c.seq <= s.upto"
    # Where a record is now decides who may read how it came to be.
    b" JOIN record r ON r.id = c.record AND r.scope = ANY(%s)"
    b" JOIN mutation m ON m.client = c.client AND m.mid = c.mid"
    b" ORDER BY c.received_at, c.client, c.mid, c.place"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a workstation asks for. `mid` is the last mutation whose outcome it knows."""

    client: str
    epoch: str | None
    cursors: Mapping[str, int]
    limit: int = MOST_ROWS
    entries: bool = True
    mid: int | None = None


class TooOld(Exception):  # noqa: N818 - an answer.
    """Cursors from before what is still remembered, or of another life of the server; these scopes begin anew."""

    def __init__(self, scopes: Sequence[str], epoch: str) -> None:
        super().__init__(", ".join(scopes))
        self.scopes, self.epoch = scopes, epoch


@dataclass(slots=True)
class _Clocks:
    """The counters of the granted scopes, as of the one moment."""

    epoch: str
    min_schema: int
    last_mid: int
    roles: dict[str, str]
    last: dict[str, int] = field(default_factory=dict)
    floor: dict[str, int] = field(default_factory=dict)
    checks: dict[str, tuple[int, int]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)


def pull(database: Database, rights: Rights, asked: Asked) -> Iterator[bytes]:
    """Give the lines of the answer. TooOld is raised before the first of them."""
    with database.reading(client=asked.client) as cursor:
        clocks = _read_clocks(cursor, rights, asked.client)
        _refuse_old(asked, clocks)
        known = {scope: asked.cursors.get(scope, 0) for scope in clocks.roles}
        behind = {scope: known[scope] for scope in clocks.roles if known[scope] < clocks.last[scope]}
        if behind:
            say_whose(cursor, clocks.roles, asked.client)
        reached, lines = _rows(cursor, clocks, behind, max(1, min(asked.limit, MOST_ROWS)))
        if asked.entries and behind:
            lines += _entries(cursor, clocks, behind, reached)
        lines.append(line("end", _trailer(cursor, asked, clocks, {**known, **reached}).as_json()))
    return iter(lines)


def _read_clocks(cursor: Cursor, rights: Rights, client: str) -> _Clocks:
    found = cursor.execute(_CLOCKS, (client, f"{OWN}{rights.account}")).fetchall()
    epoch, min_schema, last_mid = found[0][:3]
    roles = {scope: role.value for scope, role in rights.among(row[3] for row in found).items()}
    clocks = _Clocks(epoch, min_schema, last_mid or 0, roles)
    for scope, last, floor, n, total, head in (row[3:] for row in found):
        if scope in roles:
            clocks.last[scope], clocks.floor[scope] = last, floor
            clocks.checks[scope], clocks.heads[scope] = (n, int(total)), bytes(head).hex()
    return clocks


def _refuse_old(asked: Asked, clocks: _Clocks) -> None:
    begun = {scope: seq for scope, seq in asked.cursors.items() if scope in clocks.roles and seq}
    other_life = asked.epoch is not None and asked.epoch != clocks.epoch
    old = [scope for scope, seq in begun.items() if other_life or seq < clocks.floor[scope] or seq > clocks.last[scope]]
    if old:
        raise TooOld(old, clocks.epoch)


def _rows(cursor: Cursor, clocks: _Clocks, behind: Mapping[str, int], limit: int) -> tuple[dict[str, int], list[bytes]]:
    """Read records in the order of each scope; where there are more than asked for, the last scope is cut."""
    if not behind:
        return {}, []
    scopes = list(behind)
    lasts = [clocks.last[scope] for scope in scopes]
    more = limit + 1
    found = cursor.execute(_ROWS, (scopes, list(behind.values()), more, more, more)).fetchall()
    reached = dict(zip(scopes, lasts, strict=True))
    if len(found) > limit:
        cut = found[limit][0]
        found = found[:limit]
        for scope in scopes[scopes.index(cut) :]:
            reached[scope] = behind[scope]
        reached[cut] = max((row[1] for row in found if row[0] == cut), default=behind[cut])
    names = {scope: json.dumps(scope, ensure_ascii=False) for scope in scopes}
    return reached, [_row(names, row) for row in found]


def _row(names: Mapping[str, str], row: tuple[Any, ...]) -> bytes:
    """Write one row without reading its data: PostgreSQL gives it as the JSON that it is."""
    scope, seq, way, kind, record, version, data = row
    said = "null" if way == "out" else data
    kind = json.dumps(kind)
    return f'{{"row":[{names[scope]},{seq},"{way}",{kind},"{record}",{version},{said}]}}\n'.encode()


def _entries(cursor: Cursor, clocks: _Clocks, behind: Mapping[str, int], reached: Mapping[str, int]) -> list[bytes]:
    """Tell who did what between the cursors, where its records are seen; an entry goes on where the last page ended."""
    near = [
        scope
        for scope in reached
        if clocks.last[scope] - behind[scope] <= ENTRIES_UP_TO and reached[scope] > behind[scope]
    ]
    if not near:
        return []
    reach = ([behind[scope] for scope in near], [reached[scope] for scope in near])
    found = cursor.execute(_ENTRIES, (near, *reach, list(clocks.roles)))
    return list(entry_lines(found))


def entry_lines(found: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """Write entries from rows that come in the order of entries."""
    for said in entries_json(found):
        yield b'{"entry":' + said.encode() + b"}\n"


def entries_json(found: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    head: tuple[Any, ...] | None = None
    changes: list[str] = []
    for row in found:
        if head is not None and row[:7] != head:
            yield from _entry(head, changes)
            changes = []
        head = row[:7]
        kind, record, patch = row[7:]
        changes += _changes(kind, record, patch)
    if head is not None:
        yield from _entry(head, changes)


def _changes(kind: str, record: str, patch: str | None) -> Iterator[str]:
    """Put kind and record before each change of a patch: it is stored without them."""
    for op, name, before, after in orjson.loads(patch) if patch else ():
        yield orjson.dumps([kind, record, op, name, before, after]).decode()


def _entry(head: tuple[Any, ...], changes: list[str]) -> Iterator[str]:
    if changes:
        entry, title, places, kind, at, actor, client = head
        said = orjson.dumps(
            {"entry": entry, "title": title, "kind": kind, "at": at, "by": actor, "workstation": client}
        ).decode()
        yield f'{said[:-1]},"places":{places},"changes":[{",".join(changes)}]}}'


def _trailer(cursor: Cursor, asked: Asked, clocks: _Clocks, cursors: dict[str, int]) -> Trailer:
    since = clocks.last_mid - _MOST_OUTCOMES if asked.mid is None else asked.mid
    return Trailer(
        epoch=clocks.epoch,
        cursors=cursors,
        complete=all(cursors[scope] >= clocks.last[scope] for scope in clocks.roles),
        last_mid=clocks.last_mid,
        scopes=clocks.roles,
        checks=clocks.checks,
        heads=clocks.heads,
        server_time=instant_text(datetime.now(UTC)),
        min_schema=clocks.min_schema,
        outcomes=_outcomes(cursor, asked.client, since),
    )


def _outcomes(cursor: Cursor, client: str, since: int) -> tuple[Outcome, ...]:
    found = cursor.execute(
        b"SELECT outcome::text FROM mutation"
        b" WHERE client = %s AND mid > %s AND outcome IS NOT NULL ORDER BY mid LIMIT %s",
        (client, since, _MOST_OUTCOMES),
    )
    told = (Outcome.from_json(json.loads(row[0])) for row in found)
    return tuple(outcome for outcome in told if outcome.state in {MERGED, REFUSED})
