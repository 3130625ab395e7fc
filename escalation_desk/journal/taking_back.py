"""Undo and redo: a new entry that takes another one back, refused where others have changed the same since."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.fields import Merge, field_of, fields_of, from_json, to_json
from escalation_desk.casework.kinds import KINDS, kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _, n_
from escalation_desk.journal.ordering import points
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_CHUNK = 500


def take_back(made: Connection, work: Work, entry: int) -> None:
    """Write the reverse of an entry: what it made goes, what it changed is set back, what it deleted returns."""
    _refuse_if_built_upon(made, entry)
    lives = _lives(made, entry)
    _set_back(made, work, entry, {record for record, life in lives.items() if not life.there_before})
    gone = [record for record, life in lives.items() if not life.there_before and life.there_after]
    for kind, ids in _by_kind(gone):
        work.disappear(kind, ids)
    back = [record for record, life in lives.items() if life.there_before and not life.there_after]
    for kind, ids in _by_kind(back):
        work.reappear(kind, ids)


class _Life(NamedTuple):
    """Whether a record was there before an entry made, deleted or restored it, and whether it is there after."""

    there_before: bool
    there_after: bool


def _lives(made: Connection, entry: int) -> dict[tuple[str, str], _Life]:
    """Sum up the comings and goings of records in an entry, newest first."""
    lives: dict[tuple[str, str], _Life] = {}
    for kind, record, op in made.execute(
        "SELECT kind, record, op FROM change WHERE entry = ? AND op <> 'set' ORDER BY position DESC", (entry,)
    ):
        newest = lives.get((kind, record))
        lives[kind, record] = _Life(op == "delete", newest.there_after if newest else op != "delete")
    return lives


def _set_back(made: Connection, work: Work, entry: int, fresh: set[tuple[str, str]]) -> None:
    rows = made.execute(
        'SELECT kind, record, field, "before", "after" FROM change WHERE entry = ? AND op = \'set\' '
        "ORDER BY position DESC",
        (entry,),
    ).fetchall()
    wanted: dict[tuple[str, str], dict[str, tuple[Any, Any]]] = {}
    for kind, record, name, before, after in rows:
        if (kind, record) in fresh:
            continue
        newest = wanted.setdefault((kind, record), {}).get(name)
        wanted[kind, record][name] = (_value(before), newest[1] if newest else _value(after))
    for (kind, record), fields in wanted.items():
        _leave_what_was_noted_since(made, kind, record, fields)
        _refuse_if_changed(made, kind, record, fields)
        values = {name: from_json(field_of(kind_of(kind), name), before) for name, (before, _after) in fields.items()}
        work.set_back(kind, record, {name: _or_empty(kind, name, value) for name, value in values.items()})


def _or_empty(kind: str, name: str, value: Any) -> Any:
    """Give an empty value its proper shape: what was never said is not carried."""
    declared = field_of(kind_of(kind), name)
    return declared.default if value is None and not declared.optional else value


def _by_kind(records: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for kind, record in records:
        found.setdefault(kind, []).append(record)
    return [(kind, ids[start : start + _CHUNK]) for kind, ids in found.items() for start in range(0, len(ids), _CHUNK)]


def _leave_what_was_noted_since(made: Connection, kind: str, record: str, fields: dict[str, tuple[Any, Any]]) -> None:
    """Let go of what the record notes about itself where it went on since: it notes that it was taken back as well."""
    noted = [name for name in fields if field_of(kind_of(kind), name).declared.merge is Merge.NOTED]
    now = fetch(made, kind, record) if noted else None
    for name in noted:
        if to_json(field_of(kind_of(kind), name).kind, getattr(now, name, None)) != fields[name][1]:
            del fields[name]


def _refuse_if_changed(made: Connection, kind: str, record: str, fields: dict[str, tuple[Any, Any]]) -> None:
    now = fetch(made, kind, record)
    for name, (_before, after) in fields.items():
        declared = field_of(kind_of(kind), name)
        value = to_json(declared.kind, getattr(now, name, None))
        if value != after:
            raise Refused(
                _(
                    "“{field}” of {name} was changed since, so this is not undone; change it by hand if it is wrong.",
                    field=_(declared.label),
                    name=now.name if now else record,
                )
            )


_FIRST = """
(WITH RECURSIVE back (number, undoes) AS (
    SELECT {entry}.number, {entry}.undoes
    UNION ALL SELECT e.number, e.undoes FROM back JOIN entry e ON e.number = back.undoes)
SELECT min(number) FROM back)
"""
"""The act that an entry did first, when it does it again: what counts is when that was."""

_LATER = f"""
SELECT count(DISTINCT made.record) FROM entry own
JOIN change made ON made.entry = own.number AND made.op IN ('create', 'restore')
JOIN change later ON later.record = made.record AND later.entry > made.entry
JOIN entry e ON e.number = later.entry AND e.undone_by IS NULL AND e.kind <> 'undo'
    AND (e.kind <> 'redo' OR {_FIRST.format(entry="e")} > {_FIRST.format(entry="own")})
WHERE own.number = ?
"""  # noqa: S608 - one constant in another.


def _refuse_if_built_upon(made: Connection, entry: int) -> None:
    """Refuse to unmake records that somebody has worked on since, or that others now point to."""
    count = made.execute(_LATER, (entry,)).fetchone()[0]
    if not count and not _is_undo(made, entry):  # A deletion that is done again asks of pointers no more than at first.
        count = sum(made.execute(_pointing(kind, name), (entry, entry)).fetchone()[0] for kind, name in _POINTERS)
    if count:
        raise Refused(
            n_(
                "{n} record of this was worked on since, so it is not undone; undo that work first.",
                "{n} records of this were worked on since, so it is not undone; undo that work first.",
                count,
            )
        )


def _is_undo(made: Connection, entry: int) -> bool:
    return bool(made.execute("SELECT kind = 'undo' FROM entry WHERE number = ?", (entry,)).fetchone()[0])


_POINTERS = tuple((kind, f.name) for kind in KINDS for f in fields_of(KINDS[kind]) if points(f))


def _pointing(kind: str, name: str) -> str:
    pointed = field_of(KINDS[kind], name).declared.refers_to
    return (
        f'SELECT count(*) FROM change c JOIN "{kind}" p ON p."{name}" = c.record AND p.deleted_at IS NULL '  # noqa: S608 - declared names.
        f"WHERE c.entry = ? AND c.op IN ('create', 'restore') AND c.kind = '{pointed}' AND NOT EXISTS "
        f"(SELECT 1 FROM change own WHERE own.entry = ? AND own.record = p.id AND own.op IN ('create', 'restore'))"
    )


def _value(carried: str | None) -> Any:
    return None if carried is None else json.loads(carried)
