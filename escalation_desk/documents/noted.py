"""What a list is, in words: its view, its filter, its order, what its computed columns mean. For the sheet of notes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import Field, Kind
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.lists import Condition, ListQuery, Op
from escalation_desk.casework.masking import Mask, mask_contact, mask_name
from escalation_desk.documents.words import stamp
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from escalation_desk.journal.connection import Connection

_OPS = {
    Op.IS: N_("{field} is {value}"),
    Op.NOT: N_("{field} is not {value}"),
    Op.ANY: N_("{field} is one of {value}"),
    Op.NONE: N_("{field} is none of {value}"),
    Op.EMPTY: N_("{field} is empty"),
    Op.FILLED: N_("{field} is filled in"),
    Op.BEFORE: N_("{field} is before {value}"),
    Op.FROM: N_("{field} is {value} or later"),
    Op.WITHIN: N_("{field} is {value}"),
    Op.HAS: N_("{field} has {value}"),
    Op.CONTAINS: N_("{field} contains {value}"),
}
# Columns that lists can be asked for but nobody fills in.
_LABELS = {"live": N_("Live"), "created_at": N_("Created"), "updated_at": N_("Changed"), "created_by": N_("Created by")}
_DEFINITIONS = {
    "priority": N_("Severity and urgency looked up in the desk's matrix, unless set by hand with a reason."),
    "next_due_at": N_("The earliest of what the CRM asks for and of the open promises and reminders of the case."),
    "promise_due_at": N_("The earliest date of an open promise of the case."),
    "last_activity_at": N_("The last time that somebody wrote, changed or received something on the case."),
    "last_contact_at": N_("The last note of a contact with the seller; internal remarks do not count."),
    "next_contact_at": N_("The date that the last note names, or else the last contact and the agreed rhythm."),
    "open_cases": N_("Cases of the seller that are neither resolved, closed nor cancelled."),
    "open_promises": N_("Promises of ours and theirs that are still open."),
    "requester_kind": N_("What the requester is; it is kept with the requester, not with the case."),
    "high_risk": N_("The case has a risk flag that the desk counts as high."),
}
_MOST_NAMED = 12


class Noting:
    """Says of one list what it is, for a reader in a time zone, masked or not."""

    def __init__(self, made: Connection, query: ListQuery, zone: tzinfo, *, masked: bool) -> None:
        self._made = made
        self._query = query
        self._zone = zone
        self._masked = masked
        self._fields = {f.name: f for f in listed_fields(query.kind)}

    def asked(self) -> list[tuple[str, str]]:
        """Say by what the list was narrowed, searched and ordered."""
        query = self._query
        return [
            (_("Filter"), "\n".join(map(self._condition, query.where)) or _("none")),
            (_("Search"), (self._hidden(query.search) if query.search else "") or _("none")),
            (_("Order"), ", ".join(self._orders()) or _("newest first")),
        ]

    def definitions(self, fields: Sequence[Field]) -> list[tuple[str, str]]:
        """Define the columns that nobody fills in."""
        return [
            (_(f.label), _(_DEFINITIONS.get(f.name, N_("Computed by the program."))))
            for f in fields
            if f.declared.computed or f.name in _DEFINITIONS
        ]

    def _orders(self) -> Iterator[str]:
        for one in self._query.order:
            label = self._label(one.field)
            yield _("{field}, descending", field=label) if one.descending else label

    def _condition(self, condition: Condition) -> str:
        return _(_OPS[condition.op], field=self._label(condition.field), value=self._value(condition))

    def _label(self, name: str) -> str:
        if name == "id":
            return _(kind_of(self._query.kind).label)
        return _(self._fields[name].label) if name in self._fields else _(_LABELS.get(name, name))

    def _value(self, condition: Condition) -> str:
        if condition.op is Op.WITHIN:
            return f" {_('or')} ".join(self._stretch(*pair) for pair in condition.value or ())
        values = condition.value if isinstance(condition.value, list | tuple) else [condition.value]
        said = [self._said(condition.field, value) for value in values[:_MOST_NAMED]]
        if len(values) > _MOST_NAMED:
            said.append(_("{n} more", n=len(values) - _MOST_NAMED))
        return ", ".join(said)

    def _stretch(self, begins: Any, ends: Any) -> str:
        if begins and ends:
            return _("from {begin} to {end}", begin=self._moment(begins), end=self._moment(ends))
        if begins:
            return _("{begin} or later", begin=self._moment(begins))
        return _("before {end}", end=self._moment(ends)) if ends else _("any")

    def _said(self, name: str, value: Any) -> str:
        """Put a value into words: a name, a label, a moment."""
        if value is None or value == "":
            return _("nothing")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        field = self._fields.get(name)
        refers_to = self._query.kind if name == "id" else field.declared.refers_to if field else None
        if refers_to:
            return self._name(refers_to, str(value))
        if field is not None and field.choices:
            return {str(choice): _(choice.label) for choice in field.choices}.get(value, str(value))
        if field is not None and field.kind is Kind.INSTANT:
            return self._moment(value)
        personal = field is not None and field.declared.personal and not field.declared.long
        return mask_contact(str(value)) if personal and self._masked else self._hidden(str(value))

    def _name(self, refers_to: str, value: str) -> str:
        name = reading.names(self._made, refers_to, [value]).get(value, value)
        return mask_name(name) if self._masked and refers_to == "party" else name

    def _moment(self, value: Any) -> str:
        try:
            return stamp(datetime.fromisoformat(value), self._zone)
        except (TypeError, ValueError):
            return str(value)

    def _hidden(self, text: str) -> str:
        return Mask().text(text) if self._masked else text
