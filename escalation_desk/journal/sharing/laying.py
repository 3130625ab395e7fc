"""Lays records that come as JSON into their tables, many at once: rows, natural keys and search."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.fields import Kind, fields_of, from_json
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.records import COMMON
from escalation_desk.journal import derived, searching
from escalation_desk.journal.rows import from_row, shape_of, to_row
from escalation_desk.journal.work import values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection


class Sheet(NamedTuple):
    """One record to lay down: its fields as JSON, whether it is deleted, and who made and changed it when."""

    record: str
    data: Mapping[str, Any]
    deleted: bool
    stamps: Mapping[str, Any]


class Laid(NamedTuple):
    """What came of it: the records that are new or have changed, those that are new, and whom they point to."""

    touched: set[tuple[str, str]]
    fresh: set[str]


def lay(made: Connection, kind: str, sheets: Sequence[Sheet], now: datetime) -> Laid:
    """Make the rows of a kind be what is said; what is so already stays untouched."""
    here = present(made, kind, [sheet.record for sheet in sheets])
    new = [_made(kind, sheet, now) for sheet in sheets if sheet.record not in here and sheet.data]
    _insert(made, kind, new)
    touched = {(kind, record.id) for record in new}
    for sheet in sheets:
        if sheet.record in here:
            touched |= _change(made, here[sheet.record], sheet, now)
    touched |= {pointed for record in new for pointed in _pointed(record)}
    return Laid(touched, {record.id for record in new})


def unknown_of(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Pick out what this version does not know: fields, and words of a choice."""
    readers, words = _readers(kind), _words(kind)
    return {
        name: value
        for name, value in data.items()
        if (name not in readers and name not in COMMON) or not _is_known(words.get(name), value)
    }


def present(made: Connection, kind: str, ids: Sequence[str]) -> dict[str, Record]:
    """Read the records of these ids that have a row, deleted or not."""
    shape = shape_of(kind)
    rows = made.execute(f"{shape.select} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))  # noqa: S608 - a declared kind.
    return {row[0]: from_row(shape, row) for row in rows}


def _made(kind: str, sheet: Sheet, now: datetime) -> Record:
    record = kind_of(kind)(id=sheet.record, **_values(kind, sheet.data))
    record.derive()
    _stamp(record, sheet, now)
    if sheet.deleted:
        record.derive()
    return record


def _values(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Read every field that travels; what is not said, or not in words this version knows, is empty."""
    values = {}
    for name, (f, read) in _readers(kind).items():
        value = data.get(name)
        if value is not None and read is not None:
            value = _read(read, value)
        values[name] = value if value is not None or f.optional else _empty(f)
    return values


def _empty(field: Field) -> Any:
    if field.default is not None:
        return field.default
    if field.choices is not None and field.kind is Kind.TEXT:
        return next(iter(field.choices))
    return _EMPTY.get(field.kind)


_EMPTY: Final[dict[Kind, Any]] = {
    Kind.TEXT: "",
    Kind.INTEGER: 0,
    Kind.FLAG: False,
    Kind.SET: frozenset(),
    Kind.DATA: {},
}


_Reader = tuple["Field", "Callable[[Any], Any] | None"]


@cache
def _readers(kind: str) -> dict[str, _Reader]:
    """Give each field that travels; text and numbers are taken as they are, which is most of a record."""
    return {f.name: (f, _reader(f)) for f in fields_of(kind_of(kind)) if not f.declared.computed}


def _reader(field: Field) -> Callable[[Any], Any] | None:
    if field.kind is Kind.TEXT and field.choices is not None:
        return {choice.value: choice for choice in field.choices}.get
    return None if field.kind in {Kind.TEXT, Kind.INTEGER} else partial(from_json, field)


def _read(read: Callable[[Any], Any], value: Any) -> Any:
    """Read a value; None where it is a word that only a newer version knows."""
    try:
        return read(value)
    except (ValueError, ArithmeticError, TypeError):
        return None


@cache
def _words(kind: str) -> dict[str, frozenset[str]]:
    """Give the words of each field that is a choice, or a set of choices."""
    return {
        f.name: frozenset(choice.value for choice in f.choices)
        for f in fields_of(kind_of(kind))
        if f.choices is not None
    }


def _is_known(words: frozenset[str] | None, value: Any) -> bool:
    if words is None or value is None:
        return True
    return words.issuperset(value) if isinstance(value, list) else value in words


def _stamp(record: Record, sheet: Sheet, now: datetime) -> None:
    for name in COMMON[:4]:
        said = sheet.stamps.get(name)
        setattr(record, name, said or getattr(record, name) or (None if name.endswith("_by") else now))
    record.deleted_at = (record.deleted_at or now) if sheet.deleted else None


def _insert(made: Connection, kind: str, records: Sequence[Record]) -> None:
    made.executemany(shape_of(kind).insert, map(to_row, records))
    standing = [record for record in records if record.deleted_at is None]
    claim(made, standing)
    searching.remember(made, standing)


def claim(made: Connection, records: Iterable[Record]) -> None:
    made.executemany(
        "INSERT OR IGNORE INTO natural_key (kind, key, record) VALUES (?, ?, ?)",
        [(record.kind, key, record.id) for record in records for key in record.natural_keys()],
    )


def _change(made: Connection, record: Record, sheet: Sheet, now: datetime) -> set[tuple[str, str]]:
    """Make a row be what is said; answer whom it concerns, which is nobody where it is so already."""
    before, was_deleted = values_of(record), record.deleted_at is not None
    pointed = _pointed(record)
    if sheet.data:
        for name, value in _values(record.kind, sheet.data).items():
            setattr(record, name, value)
    _stamp(record, sheet, now)
    record.derive()
    after = values_of(record)
    changed = {name for name, value in after.items() if value != before[name]}
    if not changed and was_deleted == sheet.deleted:
        return set()
    _update(made, record)
    _find_anew(made, record, changed, was_deleted=was_deleted)
    return {(record.kind, record.id), *pointed, *_pointed(record)}


def _update(made: Connection, record: Record) -> None:
    made.execute(_updating(record.kind), (*to_row(record)[1:], record.id))


@cache
def _updating(kind: str) -> str:
    names = (*COMMON, *(f.name for f in shape_of(kind).fields))
    return f'UPDATE "{kind}" SET {", ".join(f""""{name}" = ?""" for name in names)} WHERE id = ?'  # noqa: S608 - declared names only.


def _find_anew(made: Connection, record: Record, changed: set[str], *, was_deleted: bool) -> None:
    made.execute("DELETE FROM natural_key WHERE record = ? AND kind = ?", (record.id, record.kind))
    if record.deleted_at is not None:
        searching.forget(made, record.kind, [record.id])
        return
    claim(made, [record])
    if was_deleted or searching.concerns(record.kind, changed):
        searching.remember(made, [record])


def _pointed(record: Record) -> set[tuple[str, str]]:
    """List what a record points to and whose facts may follow from it."""
    return {
        (f.declared.refers_to, value)
        for f in fields_of(type(record))
        if f.declared.refers_to in derived.OWNERS and isinstance(value := getattr(record, f.name), str)
    }
