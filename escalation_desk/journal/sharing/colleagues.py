"""What colleagues did, as the server tells it: written into the journal beside our own, so that histories are whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from escalation_desk.journal.rows import carried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from escalation_desk.journal.connection import Connection

_ENTRY = (
    "INSERT INTO entry (id, title, places, kind, at, by, workstation, acknowledged_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number"
)
_CHANGE = (
    'INSERT INTO change (entry, position, kind, record, op, field, "before", "after") VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
)
_KINDS = frozenset({"do", "undo", "redo", "import", "fact"})


class Told(Protocol):
    """An entry of somebody."""

    @property
    def entry(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def places(self) -> Mapping[str, str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def by(self) -> str | None: ...
    @property
    def workstation(self) -> str: ...
    @property
    def changes(self) -> Sequence[tuple[str, str, str, str | None, Any, Any]]: ...


def note(made: Connection, told: Sequence[Told], now: str) -> None:
    """Write down what was not known yet. An entry may come in pieces, as it touches several scopes."""
    if not told:
        return
    (own,) = made.execute("SELECT id FROM workstation").fetchone()
    known = _known(made, [one.entry for one in told])
    for one in told:
        if one.workstation == own and one.entry in known:
            continue
        if one.entry not in known:
            if not one.changes:
                continue
            known[one.entry] = _begin(made, one, now)
        _add(made, known[one.entry], one)


def stamps(told: Sequence[Told]) -> dict[str, dict[str, Any]]:
    """Tell when and by whom records were made and last changed."""
    found: dict[str, dict[str, Any]] = {}
    for one in told:
        for change in one.changes:
            stamp = found.setdefault(change[1], {})
            if change[2] == "create":
                stamp |= {"created_at": one.at, "created_by": one.by}
            stamp |= {"updated_at": one.at, "updated_by": one.by}
    return found


def _known(made: Connection, ids: list[str]) -> dict[str, int]:
    rows = made.execute("SELECT id, number FROM entry WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    return dict(rows.fetchall())


def _begin(made: Connection, one: Told, now: str) -> int:
    kind = one.kind if one.kind in _KINDS else "fact"
    places = json.dumps({str(name): str(value) for name, value in one.places.items()}, ensure_ascii=False)
    row = made.execute(_ENTRY, (one.entry, one.title, places, kind, one.at, one.by, one.workstation, now)).fetchone()
    return int(row[0])


def _add(made: Connection, number: int, one: Told) -> None:
    noted = made.execute("SELECT position, record, op, field FROM change WHERE entry = ?", (number,)).fetchall()
    here = {row[1:] for row in noted}
    more = [change for change in one.changes if tuple(change[1:4]) not in here]
    end = max((row[0] for row in noted), default=0)
    made.executemany(
        _CHANGE,
        (
            (number, position, *change[:4], carried(change[4]), carried(change[5]))
            for position, change in enumerate(more, end + 1)
        ),
    )
