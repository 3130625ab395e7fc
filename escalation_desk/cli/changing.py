"""`set` and `note`: one entry each, refused exactly as in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Form
from escalation_desk.casework.fields import Field, Kind, field_of
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.casework.typed import value_of
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import datetime

    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal


def set_fields(journal: Journal, asked: Namespace) -> str:
    me = profile_of(journal)
    made = journal.reader()
    try:
        case_id = reading.case_id(made, asked.number)
        values = _values(made, me, asked.changes)
    finally:
        made.close()
    labels = ", ".join(reading.label_of("case", name) for name in values)
    with journal.entry(N_("Change {fields} of {case}"), fields=labels, case=asked.number) as work:
        case = work.get(Case, case_id)
        note = _edited(case, values, me, work.now, asked.reason)
        if note:
            work.add(note)
    return _("{case} is saved.", case=case.case_no)


def _edited(case: Case, values: dict[str, Any], me: User, now: datetime, why: str) -> Message | None:
    try:
        return acts.edit(case, values, me, now, why=why)
    except acts.ReasonMissing as refused:
        raise Refused(_("{refusal} Add --reason TEXT.", refusal=refused)) from refused


def add_note(journal: Journal, asked: Namespace) -> str:
    me = profile_of(journal)
    made = journal.reader()
    try:
        case_id = reading.case_id(made, asked.number)
    finally:
        made.close()
    with journal.entry(N_("Note on {case}"), case=asked.number) as work:
        case = work.get(Case, case_id)
        work.add(acts.say(case, asked.text, me, work.now, form=Form.NOTE))
    return _("The note is on {case}.", case=case.case_no)


def _values(made: Connection, me: User, changes: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for change in changes:
        name, value = _value(made, me, change)
        if name in values:
            raise Refused(_("“{field}” is given twice; say which holds.", field=reading.label_of("case", name)))
        values[name] = value
    return values


def _value(made: Connection, me: User, change: str) -> tuple[str, Any]:
    name, sign, text = change.partition("=")
    if not sign:
        raise Refused(_("“{change}” is not FIELD=VALUE.", change=change))
    try:
        field = field_of(Case, name.strip())
    except KeyError as error:
        raise Refused(_("A case has no field “{name}”.", name=name.strip())) from error
    if field.declared.refers_to and text.strip():
        return field.name, _reference(made, me, field, text.strip())
    return field.name, value_of(field, text, ZoneInfo(me.time_zone))


def _reference(made: Connection, me: User, field: Field, text: str) -> Any:
    if field.kind is Kind.SET:
        return frozenset(_record(made, me, field, part.strip()) for part in text.split(",") if part.strip())
    return _record(made, me, field, text)


def _record(made: Connection, me: User, field: Field, text: str) -> str:
    """Find whom or what a person means: me, an id, a code, a login, or the whole name."""
    kind = kind_of(str(field.declared.refers_to))
    if kind.kind == "user" and fold(text) == "me":
        return me.id
    if kind.kind == "case":
        return reading.case_id(made, text)
    found = reading.find(made, kind, text)
    if found is None:
        found = next((r for r in reading.all_of(made, kind) if text == r.id or fold(r.name) == fold(text)), None)
    if found is None:
        raise Refused(_("There is no {label} “{text}”.", label=_(kind.label), text=text))
    return reading.key_of(found)
