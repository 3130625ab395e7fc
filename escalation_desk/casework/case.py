"""The case: the desk's record of one escalated matter. Not the CRM ticket: a case can carry several of those."""

# Annotations are real here, not words to be looked up (casework.fields): every start asks for these fields.

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from escalation_desk.casework import states
from escalation_desk.casework.choices import (
    Assignment,
    BadCaseDecision,
    CancelReason,
    CaseFamily,
    CaseStatus,
    Channel,
    Currency,
    FaultParty,
    KnowledgeDecision,
    Language,
    Market,
    Platform,
    Priority,
    ReopenReason,
    ResolutionCode,
    RiskFlag,
    Severity,
    Source,
    Temperature,
    Urgency,
    VerificationMethod,
    WaitingOn,
)
from escalation_desk.casework.fields import Merge, field, instant_text
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _

_MATRIX = {
    Severity.S1: {Urgency.U1: Priority.P0, Urgency.U2: Priority.P0, Urgency.U3: Priority.P1},
    Severity.S2: {Urgency.U1: Priority.P1, Urgency.U2: Priority.P1, Urgency.U3: Priority.P2},
    Severity.S3: {Urgency.U1: Priority.P1, Urgency.U2: Priority.P2, Urgency.U3: Priority.P3},
    Severity.S4: {Urgency.U1: Priority.P2, Urgency.U2: Priority.P3, Urgency.U3: Priority.P3},
}


def priority_of(severity: Severity, urgency: Urgency) -> Priority:
    """Look priority up in the matrix of severity and urgency (domain.md §2.4)."""
    return _MATRIX[severity][urgency]


@dataclass(kw_only=True)
class Case(Record):
    """One escalated matter, with one owner."""

    kind: ClassVar[str] = "case"
    label: ClassVar[str] = N_("Case")

    case_no: str = field(
        N_("Case"), default="", once=True, code=True, searchable=True, sortable=True, show="column sheet"
    )
    title: str = field(
        N_("Title"),
        required=True,
        searchable=True,
        show="column form sheet",
        aliases=("subject", "summary", "short_description", "issue"),
    )
    status: CaseStatus = field(
        N_("Status"),
        default=CaseStatus.NEW,
        merge=Merge.GUARDED,
        facet=True,
        sortable=True,
        show="column form sheet",
        aliases=("state", "incident_state"),
    )
    priority: Priority = field(
        N_("Priority"), default=Priority.P3, computed=True, facet=True, sortable=True, show="column sheet"
    )
    severity: Severity = field(
        N_("Severity"),
        default=Severity.S4,
        merge=Merge.HIGHEST,
        facet=True,
        show="form sheet",
        aliases=("impact",),
    )
    urgency: Urgency = field(N_("Urgency"), default=Urgency.U3, merge=Merge.HIGHEST, facet=True, show="form sheet")
    priority_override: Priority | None = field(N_("Priority set by hand"), default=None, show="form")
    priority_reason: str | None = field(N_("Why this priority"), default=None, show="form")
    risk_flags: frozenset[RiskFlag] = field(
        N_("Risk"), default=frozenset(), merge=Merge.SET, facet=True, show="column form sheet"
    )
    risk_answers: tuple[dict[str, Any], ...] = field(N_("Hints of risk"), default=(), merge=Merge.APPEND)
    assessments: tuple[dict[str, Any], ...] = field(N_("Assessments"), default=(), personal=True, merge=Merge.APPEND)
    family: CaseFamily = field(N_("Kind of case"), default=CaseFamily.COMPLAINT, facet=True, show="form sheet")
    reason: str | None = field(
        N_("Reason"),
        default=None,
        refers_to="reason",
        facet=True,
        sortable=True,
        show="column form sheet",
        aliases=("category",),
    )
    owner: str | None = field(
        N_("Owner"),
        default=None,
        refers_to="user",
        merge=Merge.GUARDED,
        facet=True,
        sortable=True,
        show="column form sheet",
        aliases=("assignee", "assigned_to", "assignee_id", "agent"),
    )
    assignment: Assignment = field(N_("Assignment"), default=Assignment.UNASSIGNED, merge=Merge.GUARDED, facet=True)
    offered_to: str | None = field(N_("Offered to"), default=None, refers_to="user", merge=Merge.GUARDED)
    offered_at: datetime | None = field(N_("Offered since"), default=None, merge=Merge.GUARDED)
    team: str | None = field(
        N_("Team"),
        default=None,
        refers_to="team",
        facet=True,
        sortable=True,
        show="form sheet",
        aliases=("assignment_group", "group", "group_id", "workgroup"),
    )
    collaborators: frozenset[str] = field(N_("Collaborators"), default=frozenset(), merge=Merge.SET, refers_to="user")
    watchers: frozenset[str] = field(N_("Watchers"), default=frozenset(), merge=Merge.SET, refers_to="user")

    requester: str | None = field(
        N_("Requester"),
        default=None,
        refers_to="party",
        show="column form sheet",
        aliases=("caller_id", "customer", "customer_id", "requester_id", "submitter_id"),
    )
    seller: str | None = field(
        N_("Seller"),
        default=None,
        refers_to="seller",
        facet=True,
        show="column form sheet",
        aliases=("shop", "shop_id", "seller_id", "organization_id"),
    )
    source: Source = field(N_("Came from"), default=Source.TIER1_CRM, once=True, facet=True, show="form sheet")
    market: Market = field(N_("Market"), default=Market.VN, facet=True, show="form sheet")
    platform: Platform = field(N_("Platform"), default=Platform.OTHER, facet=True, show="form sheet")
    channel: Channel = field(
        N_("Channel"), default=Channel.CRM, facet=True, show="form sheet", aliases=("via", "contact_type", "channel_in")
    )
    language: Language | None = field(N_("Language"), default=None, facet=True, show="form sheet")

    crm: str | None = field(N_("CRM"), default=None, once=True, facet=True, show="sheet")
    crm_number: str | None = field(
        N_("CRM number"),
        default=None,
        once=True,
        code=True,
        searchable=True,
        show="column sheet",
        aliases=(
            "number",
            "ticket",
            "ticket_id",
            "ticket_no",
            "ticket_number",
            "case_id",
            "case_number",
            "issue_key",
            "key",
            "complaint_id",
            "incident",
            "id",
            "no",
        ),
    )
    external_tickets: frozenset[str] = field(
        N_("Other tickets"), default=frozenset(), merge=Merge.SET, code=True, searchable=True, show="form sheet"
    )
    orders: frozenset[str] = field(
        N_("Orders"),
        default=frozenset(),
        merge=Merge.SET,
        code=True,
        searchable=True,
        show="form sheet",
        aliases=("order", "order_id", "order_no", "order_number"),
    )
    products: frozenset[str] = field(
        N_("Products"),
        default=frozenset(),
        merge=Merge.SET,
        code=True,
        searchable=True,
        show="form sheet",
        aliases=("sku", "product_id"),
    )
    tracking: str | None = field(
        N_("Tracking number"),
        default=None,
        code=True,
        searchable=True,
        show="form sheet",
        aliases=("tracking_no", "awb"),
    )
    carrier: str | None = field(N_("Carrier"), default=None, show="form sheet")
    amount: Decimal | None = field(N_("Amount"), default=None, show="form sheet", aliases=("price", "value"))
    currency: Currency | None = field(N_("Currency"), default=None, show="form sheet")
    affected_count: int | None = field(N_("Requesters affected"), default=None, show="form sheet")

    description: str = field(
        N_("What the requester says"),
        default="",
        long=True,
        personal=True,
        searchable=True,
        merge=Merge.TEXT,
        show="form sheet",
        aliases=(
            "body",
            "message",
            "complaint",
            "content",
            "text",
            "narrative",
            "consumer_complaint_narrative",
            "comment",
            "review",
            "feedback",
        ),
    )
    tier1_agent: str | None = field(N_("Tier 1 agent"), default=None, show="form", aliases=("opened_by",))
    tier1_team: str | None = field(N_("Tier 1 team"), default=None, show="form")
    tier1_summary: str | None = field(
        N_("Tier 1 summary"), default=None, long=True, personal=True, searchable=True, show="form"
    )
    tried_before: str | None = field(N_("Tried before"), default=None, long=True, searchable=True, show="form")
    requester_expects: str | None = field(
        N_("Requester expects"), default=None, long=True, searchable=True, show="form"
    )
    escalation_reason: str | None = field(N_("Why Tier 1 passed it on"), default=None, long=True, show="form")
    summary: str | None = field(
        N_("In three lines"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form"
    )
    decision_needed: str | None = field(
        N_("Decision or help needed"), default=None, long=True, merge=Merge.TEXT, show="form"
    )
    temperature: Temperature | None = field(N_("Temperature"), default=None, facet=True, show="form")
    waiting_on: WaitingOn | None = field(N_("Waiting on"), default=None, facet=True, show="column form sheet")
    waiting_for: str | None = field(N_("Waiting for"), default=None, show="form")
    waiting_until: datetime | None = field(N_("Expected by"), default=None, show="form")

    received_at: datetime | None = field(
        N_("Received"),
        default=None,
        once=True,
        sortable=True,
        show="column sheet",
        aliases=("created_at", "opened_at", "created", "reported", "date_received", "review_creation_date"),
    )
    due_at: datetime | None = field(
        N_("Due in the CRM"), default=None, merge=Merge.EARLIEST, show="form sheet", aliases=("due", "due_date")
    )
    first_response_at: datetime | None = field(N_("First response"), default=None, merge=Merge.EARLIEST, show="sheet")
    first_resolved_at: datetime | None = field(N_("First resolved"), default=None, merge=Merge.EARLIEST)
    resolved_at: datetime | None = field(
        N_("Resolved"), default=None, merge=Merge.GUARDED, sortable=True, show="sheet", aliases=("solved_at",)
    )
    closed_at: datetime | None = field(N_("Closed"), default=None, merge=Merge.GUARDED, show="sheet")
    reopen_count: int = field(N_("Reopened"), default=0, merge=Merge.GUARDED, show="sheet", aliases=("reopens",))
    cancel_reason: CancelReason | None = field(N_("Why cancelled"), default=None, merge=Merge.GUARDED)
    reopen_reason: ReopenReason | None = field(N_("Why reopened"), default=None, merge=Merge.GUARDED)
    resolution_code: ResolutionCode | None = field(
        N_("Outcome"), default=None, merge=Merge.GUARDED, facet=True, show="form sheet"
    )
    resolution_summary: str | None = field(
        N_("Outcome in words"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form"
    )
    fault_party: FaultParty | None = field(N_("Caused by"), default=None, facet=True, show="form sheet")
    root_cause: str | None = field(
        N_("Root cause"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form"
    )

    fault_code: str | None = field(
        N_("Fault code"), default=None, refers_to="fault_code", facet=True, show="form sheet"
    )
    resolved_by: str | None = field(N_("Resolved by"), default=None, refers_to="user", merge=Merge.GUARDED)
    no_contact_reason: str | None = field(N_("Why the requester was not told"), default=None, show="form")
    parts_why: str | None = field(N_("Why it closes before its parts"), default=None, show="form")
    customer_benefit: str | None = field(N_("What the requester gets"), default=None, long=True, show="form")
    cost: Decimal | None = field(N_("Cost"), default=None, show="form sheet")
    cost_approved_by: str | None = field(N_("Cost approved by"), default=None, refers_to="user", show="form")
    verified_how: VerificationMethod | None = field(N_("Checked how"), default=None, merge=Merge.GUARDED, show="form")
    verified_result: str | None = field(N_("Result of the check"), default=None, merge=Merge.GUARDED, show="form")
    verified_by: str | None = field(N_("Checked by"), default=None, refers_to="user", merge=Merge.GUARDED)
    verified_at: datetime | None = field(N_("Checked"), default=None, merge=Merge.GUARDED)
    knowledge: KnowledgeDecision | None = field(N_("Knowledge"), default=None, facet=True, show="form")
    knowledge_article: str | None = field(N_("Article"), default=None, refers_to="article", show="form")
    knowledge_why: str | None = field(N_("Why no article"), default=None, show="form")
    bad_case: BadCaseDecision | None = field(N_("Bad case"), default=None, facet=True, show="form")
    bad_case_why: str | None = field(N_("Why (bad case)"), default=None, show="form")
    signed_off_by: str | None = field(N_("Signed off by"), default=None, refers_to="user", merge=Merge.GUARDED)
    signed_off_at: datetime | None = field(N_("Signed off"), default=None, merge=Merge.GUARDED)
    mitigated_at: datetime | None = field(N_("Harm stopped"), default=None, merge=Merge.EARLIEST, show="form")

    policy_used: str | None = field(N_("SLA policy"), default=None, refers_to="sla_policy", merge=Merge.NOTED)
    phases: tuple[dict[str, Any], ...] = field(N_("Phases"), default=(), merge=Merge.NOTED)
    breaches: tuple[dict[str, Any], ...] = field(N_("Why deadlines were missed"), default=(), merge=Merge.APPEND)

    right_kind: str | None = field(N_("Kind of right"), default=None, show="form")
    registration_no: str | None = field(
        N_("Registration number"), default=None, code=True, searchable=True, show="form"
    )
    notice_at: datetime | None = field(N_("Notice received"), default=None, show="form")
    appeal_until: datetime | None = field(N_("Last day to appeal"), default=None, show="form")
    violation_no: str | None = field(N_("Violation number"), default=None, code=True, searchable=True, show="form")
    policy: str | None = field(N_("Policy and clause"), default=None, show="form")
    other_party: str | None = field(N_("Other party of the dispute"), default=None, personal=True, show="form")
    claim: str | None = field(N_("Claim"), default=None, long=True, show="form")
    ruling: str | None = field(N_("Ruling"), default=None, long=True, show="form")
    loss: Decimal | None = field(N_("Loss"), default=None, show="form")
    account_state: str | None = field(N_("State of the account"), default=None, show="form")
    statement_no: str | None = field(N_("Settlement statement"), default=None, code=True, searchable=True, show="form")
    batch_no: str | None = field(N_("Batch of the product"), default=None, code=True, show="form")
    injury: str | None = field(N_("Injury or damage"), default=None, personal=True, show="form")

    tags: frozenset[str] = field(
        N_("Tags"), default=frozenset(), merge=Merge.SET, searchable=True, facet=True, show="form sheet"
    )
    flagged: bool = field(N_("Flagged for all"), default=False)
    restricted: bool = field(N_("Restricted"), default=False, merge=Merge.GUARDED, facet=True)
    follow_up_of: str | None = field(N_("Follows case"), default=None, once=True, refers_to="case")
    merged_into: str | None = field(N_("Merged into"), default=None, refers_to="case", merge=Merge.GUARDED)

    live: bool = field(N_("Live"), default=True, computed=True)
    high_risk: bool = field(N_("High risk"), default=False, computed=True, facet=True)
    next_due_at: datetime | None = field(N_("Due"), default=None, computed=True, sortable=True, show="column sheet")
    promise_due_at: datetime | None = field(N_("Promised for"), default=None, computed=True)
    sla_due_at: datetime | None = field(N_("SLA due"), default=None, computed=True, sortable=True, show="column sheet")
    breached_at: datetime | None = field(N_("Deadline missed"), default=None, computed=True, show="sheet")
    missed_from: datetime | None = field(N_("Missed from"), default=None, computed=True)
    breach_due_at: datetime | None = field(N_("Next deadline"), default=None, computed=True)
    last_activity_at: datetime | None = field(
        N_("Last activity"), default=None, computed=True, sortable=True, show="column sheet"
    )

    @property
    def name(self) -> str:
        return self.case_no

    def derive(self) -> None:
        self.priority = self.priority_override or priority_of(self.severity, self.urgency)
        self.live = self.status.live and self.merged_into is None and self.deleted_at is None
        self.high_risk = bool(self.risk_flags)
        if self.created_at is None:  # Until something happens on the case; then the journal keeps these.
            self.next_due_at = self.breach_due_at = self.due_at if self.live else None
            self.last_activity_at = self.received_at

    def note_down(self, now: datetime) -> None:
        """Note a phase where what the clocks follow has changed: state, priority, policy, waiting-on, market."""
        stands = self.standing()
        last = self.phases[-1] if self.phases else None
        if last is None or {name: said for name, said in last.items() if name != "at"} != stands:
            at = now if self.phases else self.received_at or now
            self.phases = (*self.phases, {"at": instant_text(at), **stands})

    def standing(self) -> dict[str, str]:
        """Say what the clocks follow, as it is now."""
        said = {
            "status": self.status,
            "priority": self.priority,
            "policy": self.policy_used,
            "waiting_on": self.waiting_on,
            "market": self.market,
            "merged_into": self.merged_into,
        }
        return {name: str(value) for name, value in said.items() if value is not None}

    def check(self, before: dict[str, Any]) -> None:
        if "status" in before:
            self._check_status(before["status"])
        if (
            self.priority_override
            and not self.priority_reason
            and before.keys() & {"priority_override", "priority_reason"}
        ):
            raise Refused(_("A priority set by hand needs a reason; write why in “Why this priority”."))
        if before.get("owner") and self.owner is None and self.live:
            raise Refused(
                _("A case that somebody owns is never left without an owner; offer it to a colleague instead.")
            )

    def _check_status(self, before: CaseStatus) -> None:
        states.transition(before, self.status)
        if self.status is CaseStatus.CANCELLED and self.cancel_reason is None and self.merged_into is None:
            raise Refused(
                _("To cancel a case, say why: duplicate, out of scope, returned to Tier 1, withdrawn or test.")
            )
        if before is CaseStatus.RESOLVED and self.status is CaseStatus.OPEN and self.reopen_reason is None:
            raise Refused(_("To reopen a case, say why: choose a reason for reopening."))
        if self.status is CaseStatus.OPEN and self.owner is None:
            raise Refused(_("A case in progress needs an owner; take it over first."))

    def natural_keys(self) -> frozenset[str]:
        own = {f"{self.crm}:{self.crm_number}"} if self.crm and self.crm_number else set()
        return frozenset(own | {f"no:{self.case_no}"} if self.case_no else own)


FAMILY_FIELDS: dict[CaseFamily, tuple[str, ...]] = {
    CaseFamily.DISPUTE: ("other_party", "claim", "ruling", "appeal_until"),
    CaseFamily.GOVERNANCE: ("violation_no", "policy", "notice_at", "appeal_until"),
    CaseFamily.FRAUD_LOSS: ("loss", "other_party", "violation_no"),
    CaseFamily.IPR: ("right_kind", "registration_no", "notice_at", "appeal_until", "other_party"),
    CaseFamily.PAYMENT: ("statement_no", "loss"),
    CaseFamily.ACCOUNT: ("account_state", "violation_no", "policy", "notice_at", "appeal_until"),
    CaseFamily.PRODUCT_SAFETY: ("batch_no", "injury"),
    CaseFamily.CRISIS: ("injury", "loss"),
}
"""The fields that only some kinds of case have; the form shows them for those."""
