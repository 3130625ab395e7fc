"""Values of operators: words of the desk by code or label, people and shops by parts of their names, numbers."""

from __future__ import annotations

import json
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from escalation_desk.casework.fields import Field, Kind, to_stored
from escalation_desk.casework.kinds import CODED, KINDS
from escalation_desk.casework.lists import Condition, Op
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold, words
from escalation_desk.casework.typed import value_of
from escalation_desk.i18n import _
from escalation_desk.journal import reading
from escalation_desk.journal.ordering import EMPTY_NUMBER
from escalation_desk.journal.searching import INDEXES, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection

_MOST: Final = 2_000
_CALLED: Final = {"user": ("full_name", "login"), "team": ("title",)}


def zone_of(me: User) -> tzinfo:
    try:
        return ZoneInfo(me.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def number(field: Field, sign: str, text: str) -> Condition:
    """Say that a number is this, more or less."""
    value = to_stored(field.kind, value_of(field, text))
    if not isinstance(value, int) or sign in {"", "="}:
        return Condition(field.name, Op.IS, value)
    # What is stored are whole numbers, of units or of ten-thousandths, so “more than 3” begins at the next.
    edge = value + 1 if sign in {">", "<="} else value
    if sign in {"<", "<="}:
        return Condition(field.name, Op.BEFORE, edge)
    return Condition(field.name, Op.WITHIN, [[edge, EMPTY_NUMBER]])


def one_of(made: Connection, kind: str, field: Field, members: Sequence[str], me: User) -> Condition:
    """Say that a field has one of some values."""
    if field.kind is Kind.FLAG:
        return Condition(field.name, Op.IS, value=bool(value_of(field, members[0])))
    if field.choices:
        return _any(field, _choices(field, members))
    if field.declared.refers_to:
        found = [one for member in members for one in _records(made, field, member, me)]
        return _any(field, list(dict.fromkeys(found)))
    if field.declared.code and kind in INDEXES:
        return Condition("id", Op.ANY, _by_number(made, kind, field, members))
    if field.kind is Kind.SET:
        return Condition(field.name, Op.ANY, _spellings(made, kind, field, members))
    if len(members) > 1:
        raise Refused(_("“{field}” takes one value at a time.", field=_(field.label)))
    return Condition(field.name, Op.CONTAINS, members[0])


def _any(field: Field, found: list[str]) -> Condition:
    """Ask for one value by itself, which its index can answer."""
    alone = len(found) == 1 and field.kind is not Kind.SET
    return Condition(field.name, Op.IS, found[0]) if alone else Condition(field.name, Op.ANY, found)


def _choices(field: Field, members: Iterable[str]) -> list[str]:
    """Find choices by code, by label, or by how these begin."""
    assert field.choices is not None  # noqa: S101 - whoever calls has looked; for the type checker.
    found: list[str] = []
    for member in members:
        wanted = fold(member)
        ways = {str(c): {fold(str(c)), fold(c.label), fold(_(c.label))} for c in field.choices}
        same = [code for code, names in ways.items() if wanted in names]
        begun = [code for code, names in ways.items() if any(name.startswith(wanted) for name in names)]
        if not (same or begun):
            value_of(field, member)  # Refuses, and names the choices.
        found += same or begun
    return list(dict.fromkeys(found))


def _records(made: Connection, field: Field, member: str, me: User) -> list[str]:
    to = str(field.declared.refers_to)
    if to == "user" and fold(member) == "me":
        return [me.id]
    if to in _CALLED:
        found = _called(made, to, member)
    elif to == "reason":
        found = [code for code, reason in reading.reasons(made).items() if _begins(member, [code, reason.name])]
    elif to in CODED or (to not in INDEXES and to != "case"):
        known = ((reading.key_of(one), one.name) for one in reading.all_of(made, KINDS[to]))
        found = [key for key, name in known if _begins(member, [key, name])]
    elif to == "case":
        found = [reading.case_id(made, member)]
    else:
        found = _by_name(made, to, member)
    if not found:
        raise Refused(_("Nothing called “{name}” is known as “{field}”.", name=member, field=_(field.label)))
    return found


def _called(made: Connection, kind: str, member: str) -> list[str]:
    columns = ", ".join(_CALLED[kind])
    rows = made.execute(f'SELECT id, {columns} FROM "{kind}" WHERE deleted_at IS NULL')  # noqa: S608 - declared names.
    return [row[0] for row in rows if _begins(member, row[1:])]


def _begins(member: str, names: Sequence[str]) -> bool:
    """Say whether each word is the beginning of a word of one of the names."""
    wanted = words(fold(member))
    return bool(wanted) and any(
        all(any(word.startswith(one) for word in words(fold(name))) for one in wanted) for name in names
    )


def _by_name(made: Connection, kind: str, member: str) -> list[str]:
    """Find shops and requesters by their names and numbers; what was merged stands for the whole."""
    asked = written(f"{member} ")
    index = INDEXES[kind]
    found: list[str] = []
    for table, match in ((index.words, asked.match), (index.codes, asked.code)):
        if table and match:
            rows = made.execute(
                f'SELECT ifnull(r.merged_into, r.id) FROM {table} f CROSS JOIN "{kind}" r '  # noqa: S608 - declared names.
                f"ON r.seq = f.rowid WHERE {table} MATCH ? AND r.deleted_at IS NULL LIMIT ?",
                (match, _MOST),
            )
            found += [row[0] for row in rows]
    return found


def _by_number(made: Connection, kind: str, field: Field, members: Iterable[str]) -> list[str]:
    """Name the records in which one of some numbers, or a part of it, stands in this very field."""
    found: list[str] = []
    for member in members:
        asked = written(f"{member} ")
        index = INDEXES[kind]
        table, match = (index.codes, asked.code) if asked.code else (index.words, asked.match)
        part = fold(member)
        rows = made.execute(
            f'SELECT r.id, r."{field.name}" FROM {table} f CROSS JOIN "{kind}" r ON r.seq = f.rowid '  # noqa: S608 - declared names.
            f"WHERE {table} MATCH ? AND r.deleted_at IS NULL ORDER BY f.rowid DESC LIMIT ?",
            (match or '""', _MOST),
        )
        found += [row[0] for row in rows if row[1] and part in fold(row[1])]
    return found


def _spellings(made: Connection, kind: str, field: Field, members: Iterable[str]) -> list[str]:
    """Find how tags are written: `gap` is `gấp`."""
    found: set[str] = set()
    for member in members:
        rows: Any = ()
        if kind in INDEXES and (match := written(f'"{member}"').match):
            table = INDEXES[kind].words
            rows = made.execute(
                f'SELECT DISTINCT r."{field.name}" FROM {table} f CROSS JOIN "{kind}" r ON r.seq = f.rowid '  # noqa: S608 - declared names.
                f"WHERE {table} MATCH ? AND r.\"{field.name}\" <> '[]' ORDER BY f.rowid DESC LIMIT ?",
                (match, _MOST),
            )
        known = {tag for row in rows for tag in json.loads(row[0])}
        found |= {tag for tag in known if fold(tag) == fold(member)} or {member}
    return sorted(found)
