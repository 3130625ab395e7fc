"""Teams and people who answer for a matter, the routing to them, and each request with its chases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import Choice, Market, PartyKind
from escalation_desk.casework.coded import Coded
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_


class RequestState(Choice):
    DRAFT = "draft", N_("Draft")
    SENT = "sent", N_("Sent")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged")
    ANSWERED = "answered", N_("Answered")
    ACCEPTED = "accepted", N_("Answer accepted")
    INSUFFICIENT = "insufficient", N_("Answer not enough")
    BOUNCED = "bounced", N_("Wrong contact")
    WITHDRAWN = "withdrawn", N_("Withdrawn")

    @property
    def open(self) -> bool:
        return self not in {RequestState.ACCEPTED, RequestState.BOUNCED, RequestState.WITHDRAWN}

    @property
    def waiting(self) -> bool:
        """Whether the next word is theirs."""
        return self in {RequestState.SENT, RequestState.ACKNOWLEDGED}


class AnswerQuality(Choice):
    USEFUL = "useful", N_("Useful")
    PARTLY = "partly", N_("Partly useful")
    NOT_USEFUL = "not_useful", N_("Not useful")


@dataclass(kw_only=True)
class PocTeam(Coded, Record):
    """An internal team that answers requests of the desk."""

    kind: ClassVar[str] = "poc_team"
    label: ClassVar[str] = N_("Team that answers")

    calendars: dict[str, Any] | None = field(N_("Calendar by market"), default=None, show="form")
    asks: str | None = field(N_("What they always need"), default=None, long=True, show="form")
    active: bool = field(N_("Active"), default=True, show="form")


@dataclass(kw_only=True)
class Poc(Record):
    """A person or duty mailbox of a team. `channels` is `[{"channel", "value"}]`, the preferred one first."""

    kind: ClassVar[str] = "poc"
    label: ClassVar[str] = N_("Point of contact")

    team: str = field(N_("Team"), refers_to="poc_team", required=True, facet=True, show="column form")
    full_name: str = field(N_("Name"), required=True, personal=True, searchable=True, show="column form")
    market: Market | None = field(N_("Market"), default=None, facet=True, show="column form")
    topics: str | None = field(N_("Topics"), default=None, show="column form")
    channels: tuple[dict[str, Any], ...] = field(N_("Channels"), default=(), personal=True, show="form")
    calendar: str | None = field(N_("Hours"), default=None, refers_to="calendar", show="column form")
    backup: str | None = field(N_("Backup"), default=None, refers_to="poc", show="column form")
    valid_from: date | None = field(N_("From"), default=None, show="column form")
    valid_to: date | None = field(N_("Until"), default=None, show="column form")
    away_until: date | None = field(N_("Away until"), default=None, show="column form")
    confirmed_on: date | None = field(N_("Last confirmed"), default=None, show="column form")

    @property
    def name(self) -> str:
        return self.full_name


@dataclass(kw_only=True)
class RoutingRule(Record):
    """Which team answers which reason. The first rule that holds is taken, by `place`, then by the longer prefix."""

    kind: ClassVar[str] = "routing_rule"
    label: ClassVar[str] = N_("Routing rule")

    code: str = field(N_("Code"), once=True, required=True, code=True, show="column")
    reason_prefix: str = field(N_("Reason begins with"), default="", show="column form")
    market: Market | None = field(N_("Market"), default=None, show="column form")
    requester_kind: PartyKind | None = field(N_("Kind of requester"), default=None, show="column form")
    team: str = field(N_("Team"), refers_to="poc_team", required=True, show="column form")
    poc: str | None = field(N_("Point of contact"), default=None, refers_to="poc", show="column form")
    place: int = field(N_("Order"), default=100, show="column form")
    valid_from: date | None = field(N_("From"), default=None, show="form")
    valid_to: date | None = field(N_("Until"), default=None, show="form")

    @property
    def name(self) -> str:
        return self.code

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.code})


@dataclass(kw_only=True)
class PocRequest(Record):
    """A question or task for a point of contact, and every chase. `rounds` keeps the answers that were not enough."""

    kind: ClassVar[str] = "poc_request"
    label: ClassVar[str] = N_("Request to a point of contact")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    team: str = field(N_("Team"), refers_to="poc_team", required=True, facet=True, show="column form")
    poc: str | None = field(N_("Point of contact"), default=None, refers_to="poc", show="column form")
    routed_by: str | None = field(N_("Routed by"), default=None, refers_to="routing_rule", once=True, show="form")
    routed_because: str | None = field(N_("Because"), default=None, once=True, show="form")
    ask: str = field(N_("What is asked"), required=True, long=True, searchable=True, show="column form")
    evidence: frozenset[str] = field(
        N_("Evidence"), default=frozenset(), merge=Merge.SET, refers_to="attachment", show="form"
    )
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", facet=True, show="column form")
    state: RequestState = field(
        N_("State"), default=RequestState.DRAFT, merge=Merge.GUARDED, facet=True, sortable=True, show="column"
    )
    policy: str | None = field(N_("OLA"), default=None, refers_to="sla_policy", once=True)
    priority: str | None = field(N_("Priority"), default=None, once=True, show="column")
    calendar: str | None = field(N_("Calendar"), default=None, refers_to="calendar", once=True)
    sent_at: datetime | None = field(N_("Sent"), default=None, merge=Merge.GUARDED, sortable=True, show="column")
    ack_due_at: datetime | None = field(N_("Acknowledgement due"), default=None, merge=Merge.GUARDED, show="column")
    answer_due_at: datetime | None = field(
        N_("Answer due"), default=None, merge=Merge.GUARDED, sortable=True, show="column"
    )
    acknowledged_at: datetime | None = field(N_("Acknowledged"), default=None, merge=Merge.GUARDED, show="column")
    answered_at: datetime | None = field(N_("Answered"), default=None, merge=Merge.GUARDED, show="column")
    answer: str | None = field(
        N_("Answer"), default=None, long=True, searchable=True, merge=Merge.GUARDED, show="column form"
    )
    quality: AnswerQuality | None = field(N_("Quality of the answer"), default=None, merge=Merge.GUARDED, show="form")
    passed_on_at: datetime | None = field(N_("Passed on to the requester"), default=None, show="column")
    next_chase_at: datetime | None = field(
        N_("Next chase"), default=None, merge=Merge.GUARDED, sortable=True, show="column form"
    )
    chases: tuple[dict[str, Any], ...] = field(N_("Chases"), default=(), merge=Merge.APPEND, show="form")
    rounds: tuple[dict[str, Any], ...] = field(N_("Earlier answers"), default=(), merge=Merge.APPEND, show="form")
    bounced_to: str | None = field(N_("Right contact"), default=None, refers_to="poc_request", merge=Merge.GUARDED)
    ended_why: str | None = field(N_("Why it ended"), default=None, merge=Merge.GUARDED, show="form")

    @property
    def name(self) -> str:
        return one_line(self.ask, 60)
