"""What the server knows of fields from their declarations: which values can be, and what is there when nothing is."""

from __future__ import annotations

import dataclasses
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.fields import Kind, fields_of, from_json, keepable, to_json
from escalation_desk.casework.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.records import Record

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Malformed(Exception):  # noqa: N818 - as Refused: an answer to whoever sent it.
    """Something that no program of ours would send."""


@cache
def shape_of(kind: str) -> Mapping[str, Field]:
    """Map the declared fields of a kind by name; nothing for a kind of a newer version."""
    record = KINDS.get(kind)
    return {one.name: one for one in fields_of(record)} if record else {}


@cache
def empty(kind: str, name: str) -> Any:
    """Give what a field holds, as JSON, in a record that says nothing of it."""
    one = shape_of(kind).get(name)
    return None if one is None else to_json(one.kind, one.default)


def value_in(kind: str, data: Mapping[str, Any], name: str) -> Any:
    return data[name] if name in data else empty(kind, name)


def check_value(one: Field | None, value: Any, *, optional: bool = True) -> None:
    """Let only values pass that the field can hold. Fields of a newer version are taken as they are."""
    if one is None or (value is None and optional):
        return
    try:
        if not isinstance(value, _WIRE[one.kind]) or not _holds(one, value):
            raise Malformed(one.name)
    except (ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise Malformed(one.name) from error


def _holds(one: Field, value: Any) -> bool:
    if one.kind is Kind.TEXT and one.choices is None:
        return True
    return _SAYS[one.kind](one, value)


@cache
def _codes(choices: type[Choice] | None) -> frozenset[str]:
    return frozenset(choice.value for choice in choices or ())


def _same_again(one: Field, value: Any) -> bool:
    """Accept only the one way of writing a value, because values are compared as they are written."""
    return bool(to_json(one.kind, from_json(one, value)) == value)


def _words(one: Field, value: Any) -> bool:
    return not value or (all(isinstance(word, str) for word in value) and _same_again(one, value))


_WIRE: Final[dict[Kind, type | tuple[type, ...]]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.FLAG: bool,
    Kind.INSTANT: str,
    Kind.DAY: str,
    Kind.DECIMAL: str,
    Kind.SET: list,
    Kind.DATA: (list, dict),
}
_SAYS: Final[dict[Kind, Callable[[Field, Any], bool]]] = {
    Kind.TEXT: lambda one, value: value in _codes(one.choices),
    Kind.INTEGER: lambda one, value: not isinstance(value, bool) and keepable(one.kind, value),
    Kind.FLAG: lambda _one, _value: True,
    Kind.INSTANT: _same_again,
    Kind.DAY: _same_again,
    Kind.DECIMAL: lambda one, value: keepable(one.kind, from_json(one, value)) and _same_again(one, value),
    Kind.SET: _words,
    Kind.DATA: lambda _one, _value: True,
}


def check_whole(kind: str, data: Any) -> None:
    if not isinstance(data, dict):
        raise Malformed(kind)
    fields, plain = shape_of(kind), _plain_texts(kind)
    for name, value in data.items():
        # Most of a record is text that may say anything; a question less for each of it.
        if value is not None and not (name in plain and isinstance(value, str)):
            check_value(fields.get(name), value)


@cache
def _plain_texts(kind: str) -> frozenset[str]:
    return frozenset(one.name for one in shape_of(kind).values() if one.kind is Kind.TEXT and one.choices is None)


def check_id(text: Any) -> str:
    """Let an id pass if it is written as one."""
    if isinstance(text, str) and _ID.fullmatch(text):
        return text
    raise Malformed("id")


def as_record(kind: str, record_id: str, data: Mapping[str, Any]) -> Record | None:
    """Make the record that data describes; None for a kind that this version does not know."""
    made = KINDS.get(kind)
    if made is None:
        return None
    fields = shape_of(kind)
    values = {name: from_json(fields[name], value) for name, value in data.items() if name in fields}
    return made(id=record_id, **{**_without_default(kind), **values})


@cache
def _without_default(kind: str) -> Mapping[str, None]:
    """List what must be said to make a record; what a message leaves out is not there."""
    made = {one.name for one in dataclasses.fields(KINDS[kind]) if one.default is dataclasses.MISSING}
    return dict.fromkeys(name for name in shape_of(kind) if name in made)


NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("crm", "crm_number", "case_no"),
    "party": ("external_ids",),
    "seller": ("external_ids",),
    "team": ("title",),
    "user": ("login",),
}
"""The kinds whose records the outside world knows by a name, and the fields that make it."""


def natural_keys(kind: str, data: Mapping[str, Any]) -> frozenset[str]:
    """List the names by which the outside world knows a record."""
    said = tuple((name, _hashable(data[name])) for name in NAMED_BY.get(kind, ()) if data.get(name))
    return _keys(kind, said) if said else frozenset()


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=4096)  # A push asks several times: who else has them, who had them, which are new.
def _keys(kind: str, said: tuple[tuple[str, Any], ...]) -> frozenset[str]:
    record = as_record(kind, "", {name: list(value) if isinstance(value, tuple) else value for name, value in said})
    return record.natural_keys() if record else frozenset()
