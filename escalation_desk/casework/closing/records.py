"""What is written down before a case ends: root cause, second look, exception from policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from escalation_desk.casework.choices import Choice, Currency, FaultParty
from escalation_desk.casework.coded import Coded
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_


class CauseMethod(Choice):
    FIVE_WHYS = "five_whys", N_("Five whys")
    FISHBONE = "fishbone", N_("Fishbone")
    TIMELINE = "timeline", N_("Timeline")
    SIMPLE = "simple", N_("In short")


class Confidence(Choice):
    CONFIRMED = "confirmed", N_("Confirmed")
    LIKELY = "likely", N_("Likely")
    SUSPECTED = "suspected", N_("Suspected")


class LookAt(Choice):
    MESSAGE = "message", N_("Message before it is sent")
    RESOLVING = "resolving", N_("Case before it is resolved")
    CLOSING = "closing", N_("Case before it is closed")


class LookState(Choice):
    ASKED = "asked", N_("Asked for")
    AGREED = "agreed", N_("Agreed")
    CHANGES = "changes", N_("Changes wanted")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class ExceptionState(Choice):
    ASKED = "asked", N_("Asked for")
    GRANTED = "granted", N_("Granted")
    REFUSED = "refused", N_("Refused")


@dataclass(kw_only=True)
class FaultCode(Coded, Record):
    """Why something went wrong: eight bones of a fishbone (groups) with their codes."""

    kind: ClassVar[str] = "fault_code"
    label: ClassVar[str] = N_("Fault code")

    parent: str | None = field(N_("Group"), default=None, once=True, show="column")
    active: bool = field(N_("Active"), default=True, show="form")


@dataclass(kw_only=True)
class RootCause(Record):
    """The analysis of what caused a case. `bones` holds lines by the code of a group of fault codes."""

    kind: ClassVar[str] = "root_cause"
    label: ClassVar[str] = N_("Root cause")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    method: CauseMethod = field(N_("Method"), default=CauseMethod.FIVE_WHYS, show="column form")
    problem_statement: str = field(
        N_("Problem, without cause or blame"), default="", long=True, searchable=True, merge=Merge.TEXT, show="form"
    )
    whys: tuple[str, ...] = field(N_("Whys"), default=(), show="form")
    bones: dict[str, Any] | None = field(N_("Fishbone"), default=None, show="form")
    trigger: str | None = field(N_("What set it off"), default=None, long=True, merge=Merge.TEXT, show="form")
    detection: str | None = field(
        N_("How it was found, and why not earlier"), default=None, long=True, merge=Merge.TEXT, show="form"
    )
    cause: str = field(N_("Root cause"), default="", long=True, searchable=True, merge=Merge.TEXT, show="column form")
    fault_party: FaultParty | None = field(N_("Caused by"), default=None, facet=True, show="column form")
    fault_code: str | None = field(
        N_("Fault code"), default=None, refers_to="fault_code", facet=True, show="column form"
    )
    evidence: frozenset[str] = field(
        N_("Evidence"), default=frozenset(), merge=Merge.SET, refers_to="attachment", show="form"
    )
    links: frozenset[str] = field(N_("Links"), default=frozenset(), merge=Merge.SET, show="form")
    confidence: Confidence = field(N_("How sure"), default=Confidence.SUSPECTED, show="column form")
    by: str | None = field(N_("By"), default=None, refers_to="user", show="column")
    reviewed_by: str | None = field(N_("Reviewed by"), default=None, refers_to="user", merge=Merge.GUARDED, show="form")
    reviewed_at: datetime | None = field(N_("Reviewed"), default=None, merge=Merge.GUARDED, show="form")

    @property
    def name(self) -> str:
        return one_line(self.cause or self.problem_statement, 60)


@dataclass(kw_only=True)
class PeerReview(Record):
    """A second pair of eyes on a message or on the end of a case."""

    kind: ClassVar[str] = "peer_review"
    label: ClassVar[str] = N_("Second look")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    about: LookAt = field(N_("About"), default=LookAt.RESOLVING, once=True, show="column")
    text: str | None = field(N_("Text looked at"), default=None, once=True, long=True, personal=True, show="form")
    asked_by: str | None = field(N_("Asked by"), default=None, refers_to="user", once=True, show="column")
    asked_of: str | None = field(N_("Asked of"), default=None, refers_to="user", show="column form")
    asked_at: datetime | None = field(N_("Asked"), default=None, once=True, sortable=True, show="column")
    state: LookState = field(N_("State"), default=LookState.ASKED, merge=Merge.GUARDED, facet=True, show="column")
    answered_by: str | None = field(N_("Answered by"), default=None, refers_to="user", merge=Merge.GUARDED)
    answered_at: datetime | None = field(N_("Answered"), default=None, merge=Merge.GUARDED, show="column")
    remark: str | None = field(N_("Remark"), default=None, long=True, show="column form")

    @property
    def name(self) -> str:
        return one_line(self.text or "", 60)


@dataclass(kw_only=True)
class ExceptionDecision(Record):
    """Policy says one thing, we did another, and why. Later cases look here for precedents."""

    kind: ClassVar[str] = "exception"
    label: ClassVar[str] = N_("Exception from policy")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True, show="column")
    reason: str | None = field(N_("Reason"), default=None, refers_to="reason", once=True, facet=True, show="column")
    policy_says: str = field(N_("Policy says"), required=True, long=True, searchable=True, show="column form")
    we_did: str = field(N_("We did"), required=True, long=True, searchable=True, show="column form")
    because: str = field(N_("Because"), required=True, long=True, searchable=True, show="column form")
    amount: Decimal | None = field(N_("Amount"), default=None, show="column form")
    currency: Currency | None = field(N_("Currency"), default=None, show="column form")
    state: ExceptionState = field(
        N_("State"), default=ExceptionState.ASKED, merge=Merge.GUARDED, facet=True, show="column"
    )
    asked_by: str | None = field(N_("Asked by"), default=None, refers_to="user", once=True, show="column")
    asked_at: datetime | None = field(N_("Asked"), default=None, once=True, sortable=True, show="column")
    decided_by: str | None = field(N_("Decided by"), default=None, refers_to="user", merge=Merge.GUARDED, show="column")
    decided_at: datetime | None = field(N_("Decided"), default=None, merge=Merge.GUARDED, show="column")
    condition: str | None = field(N_("On condition that"), default=None, long=True, show="form")
    precedents: frozenset[str] = field(
        N_("Precedents"), default=frozenset(), merge=Merge.SET, refers_to="exception", show="form"
    )

    @property
    def name(self) -> str:
        return one_line(self.we_did, 60)
