"""Undo and redo: a new entry that takes another one back, refused where others have changed the same since."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import field_of, from_json, to_json
from escalation_desk.casework.kinds import KINDS, kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _, n_
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_CHUNK = 500


def take_back(made: Connection, work: Work, entry: int) -> None:
    """Write the reverse of every change of an entry, newest first."""
    _refuse_if_built_upon(made, entry)
    for op, reverse in (("set", _set_back), ("create", _unmake), ("restore", _unmake), ("delete", _bring_back)):
        reverse(made, work, entry, op)


def _set_back(made: Connection, work: Work, entry: int, op: str) -> None:
    rows = made.execute(
        'SELECT kind, record, field, "before", "after" FROM change WHERE entry = ? AND op = ? ORDER BY position DESC',
        (entry, op),
    ).fetchall()
    wanted: dict[tuple[str, str], dict[str, tuple[Any, Any]]] = {}
    for kind, record, name, before, after in rows:
        newest = wanted.setdefault((kind, record), {}).get(name)
        wanted[kind, record][name] = (_value(before), newest[1] if newest else _value(after))
    for (kind, record), fields in wanted.items():
        _refuse_if_changed(made, kind, record, fields)
        values = {name: from_json(field_of(kind_of(kind), name), before) for name, (before, _after) in fields.items()}
        work.set_back(kind, record, {name: _or_empty(kind, name, value) for name, value in values.items()})


def _or_empty(kind: str, name: str, value: Any) -> Any:
    """Give an empty value its proper shape: what was never said is not carried."""
    declared = field_of(kind_of(kind), name)
    return declared.default if value is None and not declared.optional else value


def _unmake(made: Connection, work: Work, entry: int, op: str) -> None:
    for kind, ids in _ids(made, entry, op):
        work.disappear(kind, ids)


def _bring_back(made: Connection, work: Work, entry: int, op: str) -> None:
    for kind, ids in _ids(made, entry, op):
        work.reappear(kind, ids)


def _ids(made: Connection, entry: int, op: str) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for kind, record in made.execute(
        "SELECT kind, record FROM change WHERE entry = ? AND op = ? ORDER BY position DESC", (entry, op)
    ):
        found.setdefault(kind, []).append(record)
    return [(kind, ids[start : start + _CHUNK]) for kind, ids in found.items() for start in range(0, len(ids), _CHUNK)]


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


_LATER = """
SELECT count(DISTINCT made.record) FROM change made
JOIN change later ON later.record = made.record AND later.entry > made.entry
JOIN entry e ON e.number = later.entry AND e.undone_by IS NULL AND e.kind <> 'undo'
WHERE made.entry = ? AND made.op = 'create'
"""


def _refuse_if_built_upon(made: Connection, entry: int) -> None:
    """Refuse to unmake records that somebody has worked on since, or that others now point to."""
    count = made.execute(_LATER, (entry,)).fetchone()[0] + sum(
        made.execute(_pointing(kind, name), (entry, entry)).fetchone()[0] for kind, name in _POINTERS
    )
    if count:
        raise Refused(
            n_(
                "{n} record of this was worked on since, so it is not undone; undo that work first.",
                "{n} records of this were worked on since, so it is not undone; undo that work first.",
                count,
            )
        )


_POINTERS = (
    ("message", "case"),
    ("follow_up", "case"),
    ("follow_up", "seller"),
    ("seller_note", "seller"),
    ("attachment", "case"),
    ("case", "seller"),
    ("case", "requester"),
)


def _pointing(kind: str, name: str) -> str:
    pointed = field_of(KINDS[kind], name).declared.refers_to
    return (
        f'SELECT count(*) FROM change c JOIN "{kind}" p ON p."{name}" = c.record AND p.deleted_at IS NULL '  # noqa: S608 - declared names.
        f"WHERE c.entry = ? AND c.op = 'create' AND c.kind = '{pointed}' "
        f"AND NOT EXISTS (SELECT 1 FROM change own WHERE own.entry = ? AND own.record = p.id AND own.op = 'create')"
    )


def _value(carried: str | None) -> Any:
    return None if carried is None else json.loads(carried)
