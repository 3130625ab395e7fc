"""What waits to be told to the server: this workstation's entries in order, numbered without gaps before they go."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.ids import new_prefix
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.work import COMING

if TYPE_CHECKING:
    from collections.abc import Iterator

from escalation_desk.journal.connection import Connection

PARKED: Final = "parked"
"""What became of an entry that the server cannot digest: it was told that there was one, not what it changes."""


class Told(NamedTuple):
    """One change as it is told; values are JSON."""

    kind: str
    record: str
    op: str
    field: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry on its way, or a part of a large one. A parked one goes without its changes."""

    mid: int
    entry: str
    title: str
    places: dict[str, str]
    kind: str
    at: str
    changes: tuple[Told, ...]
    part: int = 1
    parts: int = 1


class _Span(NamedTuple):
    """Positions of changes that go together: after the first, up to the last."""

    after: int
    until: int
    size: int


_NOTHING_TO_TELL = """
UPDATE entry SET acknowledged_at = at WHERE acknowledged_at IS NULL AND mid IS NULL AND kind <> 'coming'
AND NOT EXISTS (SELECT 1 FROM change c WHERE c.entry = entry.number)
AND NOT EXISTS (SELECT 1 FROM coming o WHERE o.number = 0 AND o.record = CAST(entry.number AS TEXT))
"""


def give_mids(made: Connection) -> None:
    """Give numbers to what has none; what an import still brings is not there before all of it is."""
    with transaction(made):
        made.execute(_NOTHING_TO_TELL)
        (highest,) = made.execute("SELECT ifnull(max(mid), 0) FROM entry").fetchone()
        made.executemany(
            "UPDATE entry SET mid = ? WHERE number = ?",
            [(mid, number) for mid, number in enumerate(_unnumbered(made), highest + 1)],
        )


def _unnumbered(made: Connection) -> list[int]:
    """List entries without a number. While an import arrives, what came after it may speak of its records: it waits."""
    rows = made.execute(
        "SELECT e.number FROM entry e, workstation w WHERE e.acknowledged_at IS NULL AND e.mid IS NULL "
        "AND e.workstation = w.id AND e.kind <> ? AND e.number < ifnull((SELECT a.number FROM coming c "
        "JOIN entry a ON a.number = CAST(c.record AS INTEGER) WHERE c.number = 0 AND a.kind <> ?), 1 << 62) "
        "ORDER BY e.number",
        (COMING, COMING),
    )
    return [row[0] for row in rows]


def batches(made: Connection, after: int, most: int, most_bytes: int) -> Iterator[list[Waiting]]:
    """Read what waits with numbers above `after`, in batches; a part of a large entry is a batch of its own."""
    batch: list[Waiting] = []
    size = 0
    while (head := _next(made, after)) is not None:
        number, mid = head[0], head[1]
        spans = _spans(made, number, most_bytes, parked=_is_parked(head[7]))
        if batch and (len(spans) > 1 or len(batch) >= most or size + spans[0].size > most_bytes):
            yield batch
            batch, size = [], 0
        if len(spans) > 1:
            yield from ([_read(made, head, span, part, len(spans))] for part, span in enumerate(spans, 1))
        else:
            batch.append(_read(made, head, spans[0], 1, 1))
            size += spans[0].size
        after = mid
    if batch:
        yield batch


def park(made: Connection, mid: int, why: str) -> None:
    """Let an entry that the server cannot digest go without its changes, so that others are not kept by it."""
    with transaction(made):
        made.execute("UPDATE entry SET outcome = ? WHERE mid = ?", (outcome(PARKED, why), mid))


def outcome(state: str, why: str = "", places: dict[str, str] | None = None) -> str:
    """Write down what became of an entry."""
    return json.dumps({"state": state, "why": why, "places": places or {}}, ensure_ascii=False)


def count_waiting(made: Connection) -> int:
    """Count what no server has acknowledged."""
    row = made.execute(
        "SELECT count(*) FROM entry e, workstation w WHERE e.acknowledged_at IS NULL AND e.workstation = w.id "
        "AND e.kind <> ?",
        (COMING,),
    ).fetchone()
    return int(row[0])


_Head = tuple[int, int, str, str, str, str, str, str | None]


def _next(made: Connection, after: int) -> _Head | None:
    return made.execute(  # type: ignore[no-any-return]
        "SELECT number, mid, id, title, places, kind, at, outcome FROM entry "
        "WHERE mid > ? AND acknowledged_at IS NULL ORDER BY mid LIMIT 1",
        (after,),
    ).fetchone()


def _is_parked(said: str | None) -> bool:
    return said is not None and json.loads(said)["state"] == PARKED


def _spans(made: Connection, number: int, most_bytes: int, *, parked: bool) -> list[_Span]:
    """Divide an entry's changes into parts that fit into one push."""
    spans: list[_Span] = []
    begun = last = size = 0
    if not parked:
        for position, length in made.execute(
            "SELECT position, 120 + 2 * length(ifnull(\"before\", '')) + 2 * length(ifnull(\"after\", '')) "
            "FROM change WHERE entry = ? ORDER BY position",
            (number,),
        ):
            if size and size + length > most_bytes:
                spans.append(_Span(begun, last, size))
                begun, size = last, 0
            last, size = position, size + length
    return [*spans, _Span(begun, last, size + 400)]


def _read(made: Connection, head: _Head, span: _Span, part: int, parts: int) -> Waiting:
    number, mid, entry, title, places, kind, at, _outcome = head
    rows = made.execute(
        'SELECT kind, record, op, field, "before", "after" FROM change '
        "WHERE entry = ? AND position > ? AND position <= ? ORDER BY position",
        (number, span.after, span.until),
    ).fetchall()
    changes = tuple(Told(*row[:4], *map(_value, row[4:])) for row in rows)
    return Waiting(mid, entry, title, json.loads(places), kind, at, changes, part, parts)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def become_another(made: Connection, workstation: str) -> None:
    """Begin to count anew under another name: the server has heard more of this one than it can have said.

    That is so for a copy of a desk, and for one that was restored from a backup. What waits is told by the new one.
    """
    with transaction(made):
        made.execute(
            "UPDATE entry SET workstation = ? WHERE acknowledged_at IS NULL "
            "AND workstation = (SELECT id FROM workstation)",
            (workstation,),
        )
        made.execute("UPDATE entry SET mid = NULL, outcome = NULL WHERE acknowledged_at IS NULL")
        made.execute("UPDATE entry SET mid = NULL")
        # Numbers of cases are given anew too: the other copy goes on with the old ones.
        made.execute("UPDATE workstation SET id = ?, prefix = ?, next_case = 1", (workstation, new_prefix()))
