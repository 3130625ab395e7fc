"""Promises and reminders: everything that has a date and somebody waiting for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import FollowUpForm, FollowUpState, PromisedBy
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_


@dataclass(kw_only=True)
class FollowUp(Record):
    """A promise or a reminder with a date. A moved date stays visible: the first one counts."""

    kind: ClassVar[str] = "follow_up"
    label: ClassVar[str] = N_("Follow-up")

    case: str | None = field(N_("Case"), default=None, refers_to="case", once=True, show="column")
    seller: str | None = field(N_("Seller"), default=None, refers_to="seller", once=True, show="column")
    note: str | None = field(N_("Seller note"), default=None, refers_to="seller_note", once=True)
    form: FollowUpForm = field(N_("Kind"), default=FollowUpForm.REMINDER, once=True, facet=True, show="column form")
    promised_by: PromisedBy | None = field(N_("Who promised"), default=None, once=True, facet=True, show="column form")
    text: str = field(N_("What"), required=True, long=True, searchable=True, show="column form")
    to_whom: str | None = field(N_("To whom"), default=None, personal=True, show="column form")
    due_at: datetime | None = field(N_("Due"), default=None, required=True, sortable=True, show="column form")
    first_due_at: datetime | None = field(N_("First due"), default=None, once=True, show="sheet")
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", facet=True, show="column form")
    state: FollowUpState = field(
        N_("State"), default=FollowUpState.OPEN, merge=Merge.GUARDED, facet=True, sortable=True, show="column form"
    )
    done_at: datetime | None = field(N_("Done"), default=None, show="sheet")
    why_cancelled: str | None = field(N_("Why cancelled"), default=None)
    moved: tuple[dict[str, Any], ...] = field(N_("Moved"), default=(), merge=Merge.APPEND)

    @property
    def name(self) -> str:
        return one_line(self.text, 60)

    @property
    def kept(self) -> bool | None:
        """Whether it was done by its first date; None while it is open."""
        if self.done_at is None or self.first_due_at is None:
            return None
        return self.done_at <= self.first_due_at
