"""What the clocks run by: calendars, holidays, policies; and deadlines that somebody outside the desk has set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import Choice, Market, PartyKind, Platform
from escalation_desk.casework.coded import Coded
from escalation_desk.casework.desk import in_language
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.i18n import N_


class HolidayForm(Choice):
    PUBLIC = "public", N_("Public holiday")
    JOINT_LEAVE = "joint_leave", N_("Joint leave")


class PolicyForm(Choice):
    SLA = "sla", N_("For requesters (SLA)")
    OLA = "ola", N_("For internal teams (OLA)")


class DeadlineSide(Choice):
    """Who has to act by the date."""

    DESK = "desk", N_("Desk")
    PLATFORM = "platform", N_("Platform")
    SELLER = "seller", N_("Seller")
    CUSTOMER = "customer", N_("Customer")
    CREATOR = "creator", N_("Creator")


@dataclass(kw_only=True)
class Calendar(Coded, Record):
    """Working time. `week` holds intervals for each day, `{"mon": [["09:00", "12:00"], …]}`, `24:00` is the day's end.

    An interval whose end is not after its start ends on the next day. `extra_days` are worked although week or holidays
    say otherwise, `closed_days` are not worked; both by day: `{"2026-08-22": [["09:00", "12:00"]]}`.
    """

    kind: ClassVar[str] = "calendar"
    label: ClassVar[str] = N_("Calendar")

    time_zone: str = field(N_("Time zone"), default="Asia/Ho_Chi_Minh", required=True, show="column form")
    week: dict[str, Any] = field(N_("Working week"), default=None, required=True, show="form")
    holidays: Market | None = field(N_("Holidays of"), default=None, show="column form")
    joint_leave: bool = field(N_("Joint leave is free"), default=False, show="form")
    extra_days: dict[str, Any] | None = field(N_("Days worked besides"), default=None, show="form")
    closed_days: dict[str, Any] | None = field(N_("Days closed besides"), default=None, show="form")
    active: bool = field(N_("Active"), default=True, show="form")


@dataclass(kw_only=True)
class Holiday(Record):
    """A day on which a market does not work."""

    kind: ClassVar[str] = "holiday"
    label: ClassVar[str] = N_("Holiday")

    market: Market = field(N_("Market"), default=Market.VN, once=True, show="column form")
    day: date | None = field(N_("Day"), default=None, once=True, required=True, show="column form")
    form: HolidayForm = field(N_("Kind"), default=HolidayForm.PUBLIC, show="column form")
    labels: dict[str, str] = field(N_("Words"), default=None, required=True, show="column form")
    active: bool = field(N_("Active"), default=True, show="form")

    @property
    def name(self) -> str:
        return in_language(self.labels)

    def natural_keys(self) -> frozenset[str]:
        return frozenset({f"{self.market}:{self.day}:{self.labels.get('en', '')}"} if self.day else ())


@dataclass(kw_only=True)
class SlaPolicy(Record):
    """Targets by priority. A change makes a new version; cases keep the one that they were given.

    The first active policy in order of `place` whose conditions hold is taken; a condition is
    `{"field", "op", "value"}` over the fields of the case and its requester, no condition always holds.
    A target is `{"priority", "calendar", "first_response_min", "next_update_min", "resolution_min", …}`, in working
    minutes of the calendar whose code it names; for an OLA `{"ack_min", "answer_min", "first_chase_min", …}`.
    """

    kind: ClassVar[str] = "sla_policy"
    label: ClassVar[str] = N_("Policy")

    code: str = field(N_("Code"), once=True, required=True, code=True, show="column")
    edition: int = field(N_("Version"), default=1, once=True, show="column")
    labels: dict[str, str] = field(N_("Words"), default=None, required=True, once=True, show="column form")
    form: PolicyForm = field(N_("Kind"), default=PolicyForm.SLA, once=True, show="column form")
    place: int = field(N_("Order"), default=100, show="column form")
    requester_kinds: frozenset[PartyKind] = field(
        N_("For"), default=frozenset(), merge=Merge.SET, once=True, show="form"
    )
    conditions: tuple[dict[str, Any], ...] = field(N_("Conditions"), default=(), once=True, show="form")
    targets: tuple[dict[str, Any], ...] = field(N_("Targets"), default=(), required=True, once=True, show="form")
    warn_at: tuple[dict[str, Any], ...] = field(N_("Warnings"), default=(), once=True, show="form")
    third_party_pauses: bool = field(N_("Waiting for a third party pauses"), default=False, once=True, show="form")
    active: bool = field(N_("Active"), default=True, show="form")

    @property
    def name(self) -> str:
        return f"{self.code} v{self.edition}"

    def natural_keys(self) -> frozenset[str]:
        return frozenset({f"{self.code}@{self.edition}"})


@dataclass(kw_only=True)
class DeadlineRule(Coded, Record):
    """A span that law or a platform sets, in calendar time; nothing pauses it."""

    kind: ClassVar[str] = "deadline_rule"
    label: ClassVar[str] = N_("Rule of a deadline")

    applies: str = field(N_("Applies to"), default="", show="form")
    side: DeadlineSide = field(N_("Who has to act"), default=DeadlineSide.DESK, show="column form")
    market: Market | None = field(N_("Market"), default=None, show="column form")
    platform: Platform | None = field(N_("Platform"), default=None, show="column form")
    reasons: frozenset[str] = field(N_("Reasons"), default=frozenset(), merge=Merge.SET, show="form")
    begins: str = field(N_("Begins with"), default="", show="form")
    minutes: int = field(N_("Minutes"), required=True, show="column form")
    seen_at: str = field(N_("Source"), default="", show="form")
    active: bool = field(N_("Active"), default=True, show="form")


@dataclass(kw_only=True)
class Deadline(Record):
    """A date on a case that somebody outside the desk has set."""

    kind: ClassVar[str] = "deadline"
    label: ClassVar[str] = N_("External deadline")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    rule: str | None = field(N_("Rule"), default=None, once=True, show="form")
    title: str = field(N_("What"), required=True, show="column form")
    side: DeadlineSide = field(N_("Who has to act"), default=DeadlineSide.DESK, facet=True, show="column form")
    begins_at: datetime | None = field(N_("Begins"), default=None, show="form")
    due_at: datetime | None = field(N_("Due"), default=None, required=True, sortable=True, show="column form")
    met_at: datetime | None = field(N_("Met"), default=None, show="column form")
    dropped_why: str | None = field(N_("Why dropped"), default=None, show="form")
    note: str | None = field(N_("Note"), default=None, long=True, show="form")

    @property
    def name(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        return self.met_at is None and not self.dropped_why
