"""Promises and reminders: everything that has a date and somebody waiting for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from escalation_desk.casework.choices import FollowUpForm, FollowUpState, PromisedBy
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.clocks.working import WorkingTime


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
        """Whether it was done by its first date. One that was moved is not kept; None while that is open."""
        if self.moved:
            return False
        if self.done_at is None or self.first_due_at is None:
            return None
        return self.done_at <= self.first_due_at

    def kept_by(self, now: datetime) -> bool | None:
        """Whether it counts as kept now: what is overdue, or was called off after its date, is not."""
        if self.kept is not None or self.first_due_at is None:
            return self.kept
        ended = self.updated_at if self.state is FollowUpState.CANCELLED and self.updated_at else now
        return False if self.first_due_at < ended else None


class KeptRate(NamedTuple):
    """How many of the promises that had to be kept by now were (domain.md §4). Moved ones are told apart."""

    kept: int
    n: int
    moved: int

    @property
    def percent(self) -> int | None:
        """None where there was nothing to keep: that is neither 0 % nor 100 %."""
        return round(100 * self.kept / self.n) if self.n else None


def opens_after(due: datetime, hours: WorkingTime) -> datetime | None:
    """Say when the desk opens next, if nobody is there when something falls due; None within desk hours."""
    at = int(due.timestamp())
    opens = hours.opens(at)
    return None if opens == at else datetime.fromtimestamp(opens, UTC)


def kept_rate(follow_ups: Iterable[FollowUp], now: datetime, by: PromisedBy = PromisedBy.US) -> KeptRate:
    """Count the promises of one side."""
    promises = [one for one in follow_ups if one.form is FollowUpForm.PROMISE and (one.promised_by or by) is by]
    told = [(one, kept) for one in promises if (kept := one.kept_by(now)) is not None]
    return KeptRate(sum(kept for _one, kept in told), len(told), sum(bool(one.moved) for one, _kept in told))
