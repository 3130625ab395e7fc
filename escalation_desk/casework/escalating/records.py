"""Authorities, the rules by which they are told, the words that hint at risk, and each escalation with its life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from escalation_desk.casework.choices import Channel, Choice, Language, Market, RiskFlag
from escalation_desk.casework.coded import Coded
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_


class AuthorityForm(Choice):
    FUNCTIONAL = "functional", N_("By subject")
    HIERARCHICAL = "hierarchical", N_("By rank")


class EscalationState(Choice):
    RAISED = "raised", N_("Raised")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged")
    DECIDED = "decided", N_("Decided")
    CLOSED = "closed", N_("Closed")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    TIMED_OUT = "timed_out", N_("Not answered in time")

    @property
    def open(self) -> bool:
        return self in {EscalationState.RAISED, EscalationState.ACKNOWLEDGED, EscalationState.DECIDED}

    @property
    def unanswered(self) -> bool:
        return self in {EscalationState.RAISED, EscalationState.ACKNOWLEDGED}


@dataclass(kw_only=True)
class Authority(Coded, Record):
    """Somebody with the skill or the power to decide: Legal, Finance, a duty manager."""

    kind: ClassVar[str] = "authority"
    label: ClassVar[str] = N_("Authority")

    form: AuthorityForm = field(N_("Kind"), default=AuthorityForm.FUNCTIONAL, show="column form")
    level: int = field(N_("Level"), default=0, show="column form")
    active: bool = field(N_("Active"), default=True, show="form")


@dataclass(kw_only=True)
class AuthorityRule(Record):
    """When an authority must be told, and who that is.

    A rule holds for a case that has one of its flags or a reason under one of its prefixes, of which a clock has used
    so many parts of a hundred (100: missed), that was reopened so often, or for every case; and then only in its
    markets and its hours, where it names any. `hours` names a calendar. `notify_min` and `ack_min` hold calendar
    minutes by priority, `{"P0": 15}`; a priority that is missing is not told by rule.
    `contacts` is `[{"market", "primary", "backup", "channel", "address"}]`.
    """

    kind: ClassVar[str] = "authority_rule"
    label: ClassVar[str] = N_("Rule for telling")

    code: str = field(N_("Code"), once=True, required=True, code=True, show="column")
    authority: str = field(N_("Authority"), refers_to="authority", once=True, required=True, show="column form")
    place: int = field(N_("Order"), default=100, show="column form")
    always: bool = field(N_("Told of every case"), default=False, show="form")
    flags: frozenset[RiskFlag] = field(N_("Risk"), default=frozenset(), merge=Merge.SET, show="column form")
    reasons: frozenset[str] = field(N_("Reasons"), default=frozenset(), merge=Merge.SET, show="column form")
    markets: frozenset[Market] = field(N_("Markets"), default=frozenset(), merge=Merge.SET, show="column form")
    clock_used: int | None = field(N_("Told when a clock has used (%)"), default=None, show="form")
    reopened: int | None = field(N_("Told when reopened (times)"), default=None, show="form")
    hours: str | None = field(N_("Hours"), default=None, show="form")
    notify_min: dict[str, Any] = field(N_("Tell within (minutes)"), default=None, required=True, show="column form")
    ack_min: dict[str, Any] | None = field(N_("Acknowledge within (minutes)"), default=None, show="column form")
    contacts: tuple[dict[str, Any], ...] = field(N_("Contacts"), default=(), personal=True, show="form")
    next_authority: str | None = field(N_("Next when silent"), default=None, show="form")
    active: bool = field(N_("Active"), default=True, show="form")

    @property
    def name(self) -> str:
        return self.code

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.code})


@dataclass(kw_only=True)
class RiskWord(Record):
    """A word that hints at a risk, or one that only looks like it. Only a person makes a flag of a hint."""

    kind: ClassVar[str] = "risk_word"
    label: ClassVar[str] = N_("Word of risk")

    word: str = field(N_("Word"), once=True, required=True, show="column form")
    language: Language = field(N_("Language"), default=Language.EN, once=True, show="column form")
    flag: RiskFlag | None = field(N_("Risk"), default=None, show="column form")
    excluded: bool = field(N_("Does not count"), default=False, show="column form")
    active: bool = field(N_("Active"), default=True, show="form")

    @property
    def name(self) -> str:
        return self.word

    def natural_keys(self) -> frozenset[str]:
        return frozenset({f"{self.language}:{self.word}"})


@dataclass(kw_only=True)
class Escalation(Record):
    """An authority was told, and a decision asked for. The program tells nobody; a person did, and says so here."""

    kind: ClassVar[str] = "escalation"
    label: ClassVar[str] = N_("Escalation")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    authority: str = field(N_("Authority"), refers_to="authority", once=True, required=True, facet=True, show="column")
    state: EscalationState = field(
        N_("State"), default=EscalationState.RAISED, merge=Merge.GUARDED, facet=True, sortable=True, show="column"
    )
    notify_due_at: datetime | None = field(N_("To be told by"), default=None, once=True, show="column")
    ack_due_at: datetime | None = field(N_("Acknowledgement due"), default=None, merge=Merge.GUARDED, show="column")
    form: AuthorityForm = field(N_("Kind"), default=AuthorityForm.FUNCTIONAL, once=True, show="form")
    level: int = field(N_("Level"), default=0, once=True, show="form")
    reason: str = field(N_("In one line"), required=True, long=True, searchable=True, show="column form")
    decision_asked: str = field(N_("Decision asked"), required=True, long=True, searchable=True, show="column form")
    affected: str | None = field(N_("People affected"), default=None, show="form")
    risk: str | None = field(N_("Risk"), default=None, long=True, show="form")
    tried: str | None = field(N_("Done so far"), default=None, long=True, show="form")
    recommendation: str | None = field(N_("Recommendation"), default=None, long=True, show="form")
    because: str | None = field(N_("Why told"), default=None, once=True, long=True, show="form")
    brief: str | None = field(N_("Text"), default=None, long=True, personal=True, show="form")
    needed_by: datetime | None = field(N_("Needed by"), default=None, sortable=True, show="column form")
    told_whom: str | None = field(N_("Told"), default=None, personal=True, show="column form")
    channel: Channel | None = field(N_("Channel"), default=None, show="column form")
    raised_by: str | None = field(N_("Raised by"), default=None, refers_to="user", once=True, show="column")
    raised_at: datetime | None = field(N_("Raised"), default=None, once=True, sortable=True, show="column")
    notified_at: datetime | None = field(N_("Marked as sent"), default=None, merge=Merge.GUARDED, show="column")
    acknowledged_at: datetime | None = field(N_("Acknowledged"), default=None, merge=Merge.GUARDED, show="column")
    acknowledged_by: str | None = field(N_("Acknowledged by"), default=None, personal=True, merge=Merge.GUARDED)
    decision: str | None = field(
        N_("Decision"), default=None, long=True, searchable=True, merge=Merge.GUARDED, show="column form"
    )
    decided_at: datetime | None = field(N_("Decided"), default=None, merge=Merge.GUARDED, show="column")
    decided_by: str | None = field(N_("Decided by"), default=None, personal=True, merge=Merge.GUARDED)
    ended_why: str | None = field(N_("Why it ended"), default=None, merge=Merge.GUARDED, show="form")
    ended_at: datetime | None = field(N_("Ended"), default=None, merge=Merge.GUARDED, show="form")
    previous: str | None = field(N_("Follows"), default=None, refers_to="escalation", once=True)
    tell_min: int | None = field(N_("Told after (minutes)"), default=None, computed=True, show="column sheet")
    ack_min: int | None = field(N_("Acknowledged after (minutes)"), default=None, computed=True, show="column sheet")
    late: bool = field(N_("Told or acknowledged late"), default=False, computed=True, show="column sheet")

    @property
    def name(self) -> str:
        return one_line(self.reason, 60)

    def derive(self) -> None:
        """Say how long it took to tell the authority and to get its answer, and whether that was too long."""
        self.tell_min = _minutes(self.raised_at, self.notified_at)
        self.ack_min = _minutes(self.notified_at, self.acknowledged_at)
        silent = self.state is EscalationState.TIMED_OUT
        self.late = (
            silent
            or self.late_by("notified_at", "notify_due_at") > timedelta(0)
            or self.late_by("acknowledged_at", "ack_due_at") > timedelta(0)
        )

    def late_by(self, done: str, due: str) -> timedelta:
        """Say by how much something was done after it was due; nothing where it was in time, or is not done."""
        at, wanted = getattr(self, done), getattr(self, due)
        return max(at - wanted, timedelta(0)) if at and wanted else timedelta(0)


def _minutes(begins: datetime | None, ends: datetime | None) -> int | None:
    return max(int((ends - begins) / timedelta(minutes=1)), 0) if begins and ends else None
