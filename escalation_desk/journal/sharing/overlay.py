"""What waits here, laid over what the server has, so that nobody stops seeing what they typed."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from escalation_desk.casework.fields import Field, fields_of
from escalation_desk.casework.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.journal.connection import Connection


class Merge(Protocol):
    """Makes one value of two edits of a field; the room above knows the rules."""

    def __call__(self, field: Field | None, base: Any, theirs: Any, mine: Any, /) -> tuple[Any, bool]: ...


class Step(NamedTuple):
    """One waiting change of a record; values are JSON."""

    op: str
    field: str | None
    before: Any
    after: Any


class Standing(NamedTuple):
    """A record as JSON, and whether it is deleted."""

    data: dict[str, Any]
    deleted: bool


_WAITING = """
SELECT c.record, c.op, c.field, c."before", c."after" FROM json_each(?) w CROSS JOIN change c ON c.record = w.value
CROSS JOIN entry e ON e.number = c.entry
WHERE e.acknowledged_at IS NULL AND (e.mid IS NULL OR e.mid > ?) AND e.kind <> 'coming' ORDER BY c.entry, c.position
"""


def waiting(made: Connection, ids: Iterable[str], last_mid: int) -> dict[str, list[Step]]:
    """Read the changes that wait about records, in order; what the server has done by `last_mid` waits no more."""
    found: dict[str, list[Step]] = defaultdict(list)
    for record, op, name, before, after in made.execute(_WAITING, (json.dumps(list(ids)), last_mid)):
        found[record].append(Step(op, name, _value(before), _value(after)))
    return found


def replay(kind: str, standing: Standing, steps: Sequence[Step], merge: Merge) -> Standing:
    """Do the waiting changes again, on what the server has."""
    fields = {f.name: f for f in fields_of(kind_of(kind))}
    data, deleted = dict(standing.data), standing.deleted
    for step in steps:
        if step.op == "create":
            deleted = False
            for name, value in step.after.items():
                data[name] = merge(fields.get(name), None, data.get(name), value)[0]
        elif step.op == "set" and step.field:
            data[step.field] = merge(fields.get(step.field), step.before, data.get(step.field), step.after)[0]
        else:
            deleted = step.op == "delete"
    return Standing(data, deleted)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
