"""The operators: a word of the desk or the name of any field, a colon, and a value; all of them must hold.

`-state:closed` turns one around, commas offer several values, quotes hold blanks together, `none` asks for what is
empty and `me` for whoever asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.fields import Declared, Field, Kind
from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.lists import Condition, Op
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean, fold
from escalation_desk.casework.typed import value_of
from escalation_desk.i18n import N_, _
from escalation_desk.journal.asking import values
from escalation_desk.journal.asking.times import stretch

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection

WORDS: Final = {
    "case": {
        "state": "status",
        "priority": "priority",
        "owner": "owner",
        "created": "received_at",
        "due": "next_due_at",
        "updated": "last_activity_at",
        "resolved": "resolved_at",
        "seller": "seller",
        "shop": "seller",
        "requester": "requester",
        "customer": "requester",
        "from": "requester_kind",
        "order": "orders",
        "ticket": "crm_number",
        "tracking": "tracking",
        "tag": "tags",
        "risk": "risk_flags",
        "reason": "reason",
        "team": "team",
        "waiting": "waiting_on",
        "kind": "family",
        "market": "market",
        "platform": "platform",
        "channel": "channel",
    },
    "seller": {
        "state": "status",
        "risk": "risk",
        "owner": "relationship_owner",
        "segment": "segment",
        "market": "market",
        "platform": "platform",
        "contacted": "last_contact_at",
        "due": "next_contact_at",
        "id": "external_ids",
        "tag": "tags",
    },
    "follow_up": {
        "state": "state",
        "owner": "owner",
        "due": "due_at",
        "by": "promised_by",
        "kind": "form",
        "seller": "seller",
        "case": "case",
        "done": "done_at",
    },
}
"""The operators by the words of the desk; the names of all other fields are operators too."""

UNREAD: Final = "unread"
"""Asks for what this person has not looked at since something happened last; no field of the case knows that."""

_UNREAD_FLAG: Final = Field(UNREAD, Kind.FLAG, optional=False, default=None, declared=Declared(N_("Unread")))

_OPERATOR = re.compile(r"""(?<!\S)(-?)([A-Za-z_]{2,}):(>=|<=|>|<|=|)("[^"]*"|(?!/)[^\s"]\S*)""")
_PLAIN_WORD = re.compile(r'[^\s,"]+|"[^"]*"')
_COMPARED: Final = {Kind.INSTANT, Kind.DAY, Kind.INTEGER, Kind.DECIMAL}


@dataclass(frozen=True, slots=True)
class Asked:
    """One line taken apart: what must hold, and the words to look for."""

    conditions: tuple[Condition, ...]
    words: str


def operators_of(kind: str) -> tuple[str, ...]:
    return (*WORDS.get(kind, {}), *((UNREAD,) if kind == "case" else ()))


def read(made: Connection, kind: str, text: str, me: User, now: datetime) -> Asked:
    """Take a line apart. Refused for an operator that there is not, or a value that fits none."""
    text = clean(text)
    found = _OPERATOR.findall(text)
    conditions = [condition for one in found for condition in _conditions(made, kind, one, me, now)]
    return Asked(tuple(conditions), " ".join(_OPERATOR.sub(" ", text).split()))


def narrowed(made: Connection, query: ListQuery, text: str, me: User, now: datetime) -> ListQuery:
    """Narrow a list by a line."""
    asked = read(made, query.kind, text, me, now)
    return replace(query.also(*asked.conditions), search=" ".join(filter(None, (query.search, asked.words))))


def _conditions(
    made: Connection, kind: str, found: tuple[str, str, str, str], me: User, now: datetime
) -> list[Condition]:
    minus, name, sign, value = found
    if kind == "case" and name.lower() in {"state", "status"} and fold(value) == "live":
        return [Condition("live", Op.IS, value=not minus)]
    if kind == "case" and name.lower() == UNREAD:
        unseen = _flag(value) != bool(minus)
        return [Condition("live", Op.IS, value=True), Condition("last_activity_at", Op.UNSEEN, value=unseen)]
    field = _field(kind, name)
    conditions = _meant(made, kind, field, sign, value, me, now)
    return [_turned(name, condition) for condition in conditions] if minus else conditions


def _flag(value: str) -> bool:
    return bool(value_of(_UNREAD_FLAG, value))


def _field(kind: str, name: str) -> Field:
    wanted = WORDS.get(kind, {}).get(name.lower(), name.lower())
    for field in listed_fields(kind):
        if field.name == wanted and field.kind is not Kind.DATA:
            return field
    raise Refused(
        _(
            "There is no operator “{name}:”; use one of {operators}, or put the text in quotes.",
            name=name,
            operators=", ".join(f"{one}:" for one in operators_of(kind)),
        )
    )


def _meant(
    made: Connection, kind: str, field: Field, sign: str, value: str, me: User, now: datetime
) -> list[Condition]:
    members = [one.strip('"') for one in _PLAIN_WORD.findall(value)] or [value.strip('"')]
    if [fold(one) for one in members] == ["none"]:
        return [Condition(field.name, Op.EMPTY)]
    if field.kind in {Kind.INSTANT, Kind.DAY}:
        return [stretch(field, sign, value.strip('"'), values.zone_of(me), now)]
    if field.kind in _COMPARED:
        return [values.number(field, sign, members[0])]
    if sign not in {"", "="}:
        raise Refused(_("“{field}” is not compared with > or <; write it with a plain colon.", field=_(field.label)))
    return [values.one_of(made, kind, field, members, me)]


def _turned(name: str, condition: Condition) -> Condition:
    """Turn a condition around."""
    match condition.op:
        case Op.EMPTY:
            return Condition(condition.field, Op.FILLED)
        case Op.ANY:
            return Condition(condition.field, Op.NONE, condition.value)
        case Op.IS if isinstance(condition.value, bool):
            return Condition(condition.field, Op.IS, value=not condition.value)
        case Op.IS:
            return Condition(condition.field, Op.NOT, condition.value)
        case _:
            raise Refused(_("“-{name}:” cannot be turned around; write the values you want instead.", name=name))
