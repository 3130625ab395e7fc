"""A field is declared once, on its record.

Form row, queue column, sheet, import target, history line, undo, search and masking all ask here.

A record is a dataclass whose attributes are made with `field`. What a field holds follows from its annotation:
text, whole number, yes/no, instant, day, decimal, a set of words, or structured data (a JSON list or object).
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.choices import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEY = "escalation_desk.field"
_MONEY_PLACES = 4  # Decimals are stored as whole ten-thousandths: exact, and they sort.
_TOO_LARGE = 2**63


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    INTEGER = "integer"
    FLAG = "flag"
    INSTANT = "instant"
    DAY = "day"
    DECIMAL = "decimal"
    SET = "set"
    DATA = "data"


class Merge(StrEnum):
    """What happens when two people changed the field from the same base (sync.md §5.6).

    NOTED is what a record notes about itself (`Record.note_down`): never set by hand, and nobody is asked about it.
    """

    PLAIN = "plain"
    HIGHEST = "highest"
    EARLIEST = "earliest"
    GUARDED = "guarded"
    SET = "set"
    TEXT = "text"
    APPEND = "append"
    NOTED = "noted"
    COMPUTED = "computed"


class Show(StrEnum):
    """Where a field appears without anybody asking for it."""

    COLUMN = "column"
    FORM = "form"
    SHEET = "sheet"


class Declared(NamedTuple):
    """What a record says about one of its fields."""

    label: str
    choices: type[Choice] | None = None
    refers_to: str | None = None
    show: frozenset[Show] = frozenset()
    long: bool = False
    personal: bool = False
    searchable: bool = False
    code: bool = False
    required: bool = False
    once: bool = False
    computed: bool = False
    sortable: bool = False
    facet: bool = False
    merge: Merge = Merge.PLAIN
    aliases: tuple[str, ...] = ()


class Field(NamedTuple):
    """A declared field together with its name and kind."""

    name: str
    kind: Kind
    optional: bool
    default: Any
    declared: Declared

    @property
    def label(self) -> str:
        return self.declared.label

    @property
    def choices(self) -> type[Choice] | None:
        return self.declared.choices


def field(
    label: str,
    *,
    default: Any = dataclasses.MISSING,
    show: str = "",
    merge: Merge | None = None,
    computed: bool = False,
    **said: Any,
) -> Any:
    """Declare a field: its label, its default, and anything that `Declared` knows.

    `show` names places separated by blanks, e.g. "column form sheet".
    """
    declared = Declared(
        label,
        show=frozenset(Show(place) for place in show.split()),
        merge=merge or (Merge.COMPUTED if computed else Merge.PLAIN),
        computed=computed,
        **said,
    )
    return dataclasses.field(default=default, metadata={_KEY: declared})


def fields_of(record: type[Any]) -> tuple[Field, ...]:
    """List the declared fields of a record type in order of declaration."""
    if record not in _declared:
        declared = [f for f in dataclasses.fields(record) if _KEY in f.metadata]
        in_words = any(isinstance(f.type, str) for f in declared)
        hints = typing.get_type_hints(record) if in_words else {f.name: f.type for f in declared}
        _declared[record] = tuple(_field(f.name, hints[f.name], f.default, f.metadata[_KEY]) for f in declared)
    return _declared[record]


_declared: dict[type, tuple[Field, ...]] = {}


def field_of(record: type[Any], name: str) -> Field:
    """Find one field by name; KeyError names the record and what was asked."""
    try:
        return _by_name(record)[name]  # type: ignore[arg-type]  # a type can be hashed.
    except KeyError:
        raise KeyError(f"{record.__name__}.{name}") from None


@cache
def _by_name(record: type[Any]) -> dict[str, Field]:
    return {one.name: one for one in fields_of(record)}


def _field(name: str, hint: Any, default: Any, declared: Declared) -> Field:
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    held = next(option for option in typing.get_args(hint) if option is not type(None)) if union else hint
    choices = next((t for t in (held, *typing.get_args(held)) if isinstance(t, type) and issubclass(t, Choice)), None)
    declared = declared._replace(choices=declared.choices or choices)
    return Field(name, _kind(held), union, None if default is dataclasses.MISSING else default, declared)


_KINDS: tuple[tuple[type, Kind], ...] = (
    (bool, Kind.FLAG),
    (str, Kind.TEXT),
    (int, Kind.INTEGER),
    (datetime, Kind.INSTANT),
    (date, Kind.DAY),
    (Decimal, Kind.DECIMAL),
    (frozenset, Kind.SET),
    (tuple, Kind.DATA),
    (dict, Kind.DATA),
)


def _kind(hint: Any) -> Kind:
    held = typing.get_origin(hint) or hint
    for python, kind in _KINDS:
        if issubclass(held, python):
            return kind
    raise TypeError(f"no kind of field holds {hint!r}")


def instant_text(value: datetime) -> str:
    """Write an instant as UTC with second precision: 2026-11-24T10:00:00Z."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return f"{value.isoformat()[:19]}Z"


def keepable(kind: Kind, number: Decimal | int) -> bool:
    """Say whether a number fits into a column: 64 bits, which for money is 900 billions with four decimals."""
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    limit = _TOO_LARGE // int(10**_MONEY_PLACES) if kind is Kind.DECIMAL else _TOO_LARGE
    return -limit < number < limit


def _ten_thousandths(value: Decimal) -> int:
    return int(value.scaleb(_MONEY_PLACES).to_integral_value())


def _amount_text(ten_thousandths: int) -> str:
    """Write an amount in one way only, however it was typed: 89000.50 is 89000.5."""
    return f"{Decimal(ten_thousandths).scaleb(-_MONEY_PLACES).normalize():f}"


_AS_JSON: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.FLAG: bool,
    Kind.INSTANT: instant_text,
    Kind.DAY: lambda value: value.isoformat(),
    Kind.DECIMAL: lambda value: _amount_text(_ten_thousandths(value)),
    Kind.SET: lambda value: sorted(map(str, value)),
    Kind.DATA: lambda value: list(value) if isinstance(value, tuple) else dict(value),
}


def to_json(kind: Kind, value: Any) -> Any:
    """Turn a value into what a change, a message or `--json` carries."""
    return None if value is None else _AS_JSON[kind](value)


def from_json(field: Field, value: Any) -> Any:  # noqa: PLR0911 - as to_json.
    """Turn what a change carries back into a value. ValueError where it cannot be one."""
    choices = field.choices
    match field.kind:
        case _ if value is None:
            return None
        case Kind.TEXT if choices:
            return choices(value)  # type: ignore[call-arg]  # looks a member up
        case Kind.SET if choices:
            return frozenset(map(choices, value))
        case Kind.INSTANT:
            return datetime.fromisoformat(value)
        case Kind.DAY:
            return date.fromisoformat(value)
        case Kind.DECIMAL:
            return Decimal(value)
        case Kind.SET:
            return frozenset(value)
        case Kind.DATA:
            return tuple(value) if isinstance(value, list) else value
        case Kind.FLAG:
            return bool(value)
        case _:
            return value


written: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Write JSON in the one way in which it is kept; made once, because a record has dozens of such values."""


def _as_text(kind: Kind) -> Callable[[Any], str]:
    laid_out = _AS_JSON[kind]

    def text(value: Any) -> str:
        if value:
            return written(laid_out(value))
        return "{}" if isinstance(value, dict) else "[]"  # Most sets are empty.

    return text


AS_STORED: dict[Kind, Callable[[Any], str | int]] = {
    **_AS_JSON,
    Kind.FLAG: int,
    Kind.DECIMAL: _ten_thousandths,
    Kind.SET: _as_text(Kind.SET),
    Kind.DATA: _as_text(Kind.DATA),
}
"""How a value of each kind, unless it is None, becomes what a column of the local database keeps."""


def to_stored(kind: Kind, value: Any) -> str | int | None:
    """Turn a value into what a column of the local database keeps."""
    return None if value is None else AS_STORED[kind](value)


def from_stored(field: Field, stored: str | int | None) -> Any:
    """Turn what a column keeps back into a value."""
    return from_json(field, stored_to_json(field.kind, stored))


def stored_to_json(kind: Kind, stored: str | int | None) -> Any:
    """Turn what a column keeps into JSON."""
    match kind:
        case _ if stored is None:
            return None
        case Kind.DECIMAL:
            return _amount_text(int(stored))
        case Kind.SET | Kind.DATA:
            return [] if stored == "[]" else json.loads(typing.cast("str", stored))  # Most sets are empty.
        case Kind.FLAG:
            return bool(stored)
        case _:
            return stored


def whole(record: Any) -> Mapping[str, Any]:
    """Carry a whole record as JSON: what the change of a creation holds. Computed fields are left out."""
    names, read, puts = _carrying(type(record))  # type: ignore[arg-type]  # as field_of.
    told = zip(names, puts, read(record), strict=True)
    return {name: put(value) for name, put, value in told if value is not None}


@cache
def _carrying(
    record: type[Any],
) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Callable[[Any], Any], ...]]:
    """Name the fields that travel, and say how all of them are read at one go, and each becomes JSON."""
    fields = [f for f in fields_of(record) if not f.declared.computed]
    names = tuple(f.name for f in fields)
    one_by_one = attrgetter(*names) if len(names) > 1 else lambda held: tuple(getattr(held, name) for name in names)
    return names, one_by_one, tuple(_AS_JSON[f.kind] for f in fields)
