"""Reads for screens, documents and the command line: plain rows and frozen answers, never a record in the making."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from escalation_desk.casework.desk import Macro, Reason, in_language
from escalation_desk.casework.fields import Merge, fields_of, to_json
from escalation_desk.casework.kinds import CODED, kind_of
from escalation_desk.casework.lists import Op
from escalation_desk.casework.people import User
from escalation_desk.casework.records import COMMON
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal.rows import fetch, from_row, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.lists import Condition, ListQuery
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

R = TypeVar("R", bound="Record")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PastChange:
    """One line of a record's history: who, when, what, from, to, and by which act."""

    at: str
    by: str | None
    workstation: str
    act: str
    places: dict[str, str]
    entry_kind: str
    entry: int
    op: str
    field: str | None
    before: Any
    after: Any

    @property
    def title(self) -> str:
        return _(self.act, **self.places)


def record(made: Connection, kind: type[R], record_id: str) -> R:
    """Read one record. Refused where there is none."""
    found = fetch(made, kind.kind, record_id)
    if found is None or found.deleted_at:
        raise Refused(_("{label} {id} does not exist.", label=_(kind.label), id=record_id))
    return cast("R", found)


def find(made: Connection, kind: type[R], key: str) -> R | None:
    """Read the record that the outside world knows by this natural key."""
    row = made.execute("SELECT record FROM natural_key WHERE kind = ? AND key = ?", (kind.kind, key)).fetchone()
    return cast("R", fetch(made, kind.kind, row[0])) if row else None


def all_of(made: Connection, kind: type[R], *, pointing: tuple[str, str] | None = None) -> list[R]:
    """Read all records of a kind, oldest first, or those that point to one record: `("case", case_id)`."""
    shape = shape_of(kind.kind)
    where = "deleted_at IS NULL"
    values: tuple[str, ...] = ()
    if pointing:
        where, values = f'{where} AND "{pointing[0]}" = ?', (pointing[1],)
    return [
        cast("R", from_row(shape, row)) for row in made.execute(f"{shape.select} WHERE {where} ORDER BY seq", values)
    ]


def several(made: Connection, kind: type[R], wanted: Sequence[str]) -> list[R]:
    """Read the records with these ids, in the order asked for; what is gone is left out."""
    shape = shape_of(kind.kind)
    found: dict[str, R] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = made.execute(f"{shape.select} WHERE id IN ({','.join('?' * len(chunk))})", tuple(chunk))
        found.update((row[0], cast("R", from_row(shape, row))) for row in rows)
    return [found[one] for one in wanted if one in found]


_NAME_FIELDS = {
    **dict.fromkeys(CODED, "labels"),
    "case": "case_no",
    "user": "full_name",
    "team": "title",
    "party": "display_name",
    "seller": "shop_name",
    "macro": "code",
    "seller_note": "topic",
    "message": "body",
    "article": "title",
    "problem": "title",
    "poc": "full_name",
    "poc_request": "ask",
    "escalation": "reason",
    "exception": "we_did",
    "attachment": "file_name",
    "sla_policy": "code",
    "routing_rule": "code",
    "procedure": "code",
}


def key_of(one: Record) -> str:
    """Say by what other records name this one: its code where its kind has codes, else its id."""
    return str(getattr(one, "code", one.id)) if one.kind in CODED else one.id


def names(made: Connection, kind: str, wanted: Iterable[str]) -> dict[str, str]:
    """Look up how people call records: a page of a list shows names where it keeps ids."""
    key = "code" if kind in CODED else "id"
    # One value, however many they are: SQLite keeps the statement, and does not read it anew for each page.
    sql = f'SELECT {key}, "{_NAME_FIELDS[kind]}" FROM "{kind}" WHERE {key} IN (SELECT value FROM json_each(?))'  # noqa: S608 - declared names.
    found: dict[str, str] = dict(made.execute(sql, (json.dumps([one for one in set(wanted) if one]),)))
    return {code: in_language(json.loads(labels)) for code, labels in found.items()} if kind in CODED else found


def history(made: Connection, record_id: str) -> list[PastChange]:
    """Tell everything that was ever done to a record, newest first; what it noted about itself is no news beside it."""
    rows = made.execute(
        'SELECT e.at, e.by, e.workstation, e.title, e.places, e.kind, e.number, c.op, c.field, c."before", c."after", '
        "c.kind FROM change c JOIN entry e ON e.number = c.entry WHERE c.record = ? "
        "ORDER BY c.entry DESC, c.position DESC",
        (record_id,),
    )
    return [
        PastChange(*(*row[:4], json.loads(row[4]), *row[5:9], _carried(row[9]), _carried(row[10])))
        for row in rows
        if row[8] not in noted(row[11])
    ]


@cache
def noted(kind: str) -> frozenset[str]:
    """Name the fields in which records of a kind note what becomes of them."""
    return frozenset(f.name for f in fields_of(kind_of(kind)) if f.declared.merge is Merge.NOTED)


def as_data(found: Record) -> dict[str, Any]:
    """Lay a record out by the declared names of its fields, as JSON values."""
    data: dict[str, Any] = {"id": found.id}
    data.update((f.name, to_json(f.kind, getattr(found, f.name))) for f in fields_of(type(found)))
    for name in COMMON:
        value = getattr(found, name)
        data[name] = value if value is None or isinstance(value, str) else value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return data


def reasons(made: Connection) -> dict[str, Reason]:
    """Read the tree of reasons by code."""
    return {reason.code: reason for reason in all_of(made, Reason)}


def whole_groups(made: Connection, query: ListQuery) -> ListQuery:
    """Let a group of reasons that a list is narrowed by mean every reason in it, now and later."""
    return replace(query, where=tuple(_with_what_is_below(made, condition) for condition in query.where))


def _with_what_is_below(made: Connection, condition: Condition) -> Condition:
    if condition.field != "reason" or condition.op is not Op.ANY:
        return condition
    groups = tuple(f"{code}." for code in condition.value if code)
    below = [code for code in reasons(made) if code.startswith(groups)]
    return condition._replace(value=[*dict.fromkeys([*condition.value, *below])])


def macros(made: Connection, me: str) -> list[Macro]:
    """Read the macros that somebody can use: those of all, and their own."""
    return [macro for macro in all_of(made, Macro) if macro.active and macro.owner in {None, me}]


def people(made: Connection) -> list[User]:
    """Read who works at the desk; those whom only a CRM names are left out."""
    return [user for user in all_of(made, User) if user.active]


def blob(made: Connection, sha256: str) -> bytes:
    """Read the bytes of an attachment. Refused while they are not on this computer."""
    row = made.execute("SELECT bytes FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise Refused(_("The file is not on this computer yet."))
    return bytes(row[0])


def case_id(made: Connection, number: str) -> str:
    """Find a case by its number, by the number of its CRM ticket, or by its id. Refused where there is none."""
    row = made.execute(
        'SELECT id FROM "case" WHERE deleted_at IS NULL AND (case_no = :n OR crm_number = :n OR id = :n) '
        "ORDER BY case_no = :n DESC, live DESC, seq DESC LIMIT 1",
        {"n": number.strip()},
    ).fetchone()
    if row is None:
        raise Refused(_("There is no case {number}; look it up with: list cases --search TEXT.", number=number))
    return str(row[0])


def label_of(kind: str, name: str) -> str:
    """Name a field for people: the common ones too."""
    declared = {f.name: f.label for f in fields_of(kind_of(kind))}
    return _(declared[name]) if name in declared else name


def _carried(text: str | None) -> Any:
    return None if text is None else json.loads(text)
