"""Between records and rows: the statements and the conversions, made once per kind from its declared fields."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.fields import (
    AS_STORED,
    Field,
    Kind,
    fields_of,
    from_json,
    from_stored,
    instant_text,
    written,
)
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.records import COMMON
from escalation_desk.casework.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection


class Shape(NamedTuple):
    """The statements of one kind. Names of tables and columns come from declarations, never from input."""

    kind: str
    record: type[Record]
    fields: tuple[Field, ...]
    select: str
    insert: str


@cache
def shape_of(kind: str) -> Shape:
    fields = fields_of(kind_of(kind))
    columns = ", ".join(f'"{name}"' for name in ("id", *COMMON, *(f.name for f in fields)))
    marks = ", ".join("?" * (1 + len(COMMON) + len(fields)))
    return Shape(
        kind,
        kind_of(kind),
        fields,
        select=f'SELECT {columns} FROM "{kind}"',  # noqa: S608 - see the class.
        insert=f'INSERT INTO "{kind}" ({columns}) VALUES ({marks})',  # noqa: S608 - see the class.
    )


def to_row(record: Record) -> tuple[Any, ...]:
    """Lay a record out in the order of its insert statement."""
    read, stored = _laying_out(record.kind)
    values = list(read(record))
    for at, put in stored:
        if values[at] is not None:
            values[at] = put(values[at])
    return (record.id, *(_instant(getattr(record, name)) for name in COMMON), *values)


@cache
def _laying_out(
    kind: str,
) -> tuple[Callable[[Record], tuple[Any, ...]], tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """Say how all fields of a kind are read at one go, and how those become what a column keeps that are not yet so."""
    fields = shape_of(kind).fields
    return (
        attrgetter(*(f.name for f in fields)),
        tuple((at, AS_STORED[f.kind]) for at, f in enumerate(fields) if f.kind is not Kind.TEXT or f.choices),
    )


def from_row(shape: Shape, row: Sequence[Any]) -> Record:
    values: dict[str, Any] = {"id": row[0]}
    created_at, created_by, updated_at, updated_by, deleted_at = row[1 : 1 + len(COMMON)]
    values.update(
        created_at=_at(created_at),
        created_by=created_by,
        updated_at=_at(updated_at),
        updated_by=updated_by,
        deleted_at=_at(deleted_at),
    )
    values.update(
        (f.name, from_stored(f, stored)) for f, stored in zip(shape.fields, row[1 + len(COMMON) :], strict=True)
    )
    return shape.record(**values)


def from_whole(kind: str, record_id: str, whole: Mapping[str, Any]) -> Record:
    """Build a record from what the change of its creation carries. Fields this version does not know are left out."""
    known = {f.name: f for f in shape_of(kind).fields}
    return shape_of(kind).record(
        id=record_id, **{name: from_json(known[name], value) for name, value in whole.items() if name in known}
    )


def fetch(made: Connection, kind: str, record_id: str) -> Record | None:
    shape = shape_of(kind)
    row = made.execute(f"{shape.select} WHERE id = ?", (record_id,)).fetchone()
    return from_row(shape, row) if row else None


def clean_texts(record: Record) -> None:
    """Make every text of a record safe to keep, in place."""
    for name, cleaned in _cleaning(record.kind):
        value = getattr(record, name)
        if value:
            setattr(record, name, cleaned(value))


@cache
def _cleaning(kind: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Say of each field of a kind that holds words how they are cleaned."""
    ways: dict[Kind, Callable[[Any], Any]] = {Kind.DATA: _cleaned}
    free: dict[Kind, Callable[[Any], Any]] = {Kind.TEXT: clean, Kind.SET: _cleaned_set}
    either = ((f.name, (ways if f.choices else free | ways).get(f.kind)) for f in shape_of(kind).fields)
    return tuple((name, cleaned) for name, cleaned in either if cleaned)


def _cleaned_set(members: Iterable[str]) -> frozenset[str]:
    return frozenset(map(clean, members))


def _cleaned(value: Any) -> Any:
    """Clean the texts inside of a list or an object."""
    match value:
        case str():
            return clean(value)
        case dict():
            return {clean(str(key)): _cleaned(held) for key, held in value.items()}
        case list() | tuple():
            return type(value)(map(_cleaned, value))
        case _:
            return value


def carried(value: Any) -> str | None:
    """Write what a change carries as JSON text."""
    return None if value is None else written(value)


def _instant(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else instant_text(value)


def _at(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
