"""The sources that the desk knows, declared as data: by which columns a file is recognised, what each column becomes.

A file of no known source is read by the names of its columns (`columns` by alias). Adding a source adds lines here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Row = Mapping[str, Any]
    Wanted = Callable[[Row], str | None]

ZENDESK_STATES = {
    "new": "new",
    "open": "open",
    "pending": "pending_requester",
    "hold": "pending_third_party",
    "on-hold": "pending_third_party",
    "solved": "resolved",
    "closed": "closed",
    "deleted": "cancelled",
}
_ZENDESK_SEVERITY = {"urgent": "S2", "high": "S3", "normal": "S3", "low": "S4"}
_ZENDESK_URGENCY = {"urgent": "U1", "high": "U2", "normal": "U3", "low": "U3"}
_ZENDESK_CHANNELS = {
    "web": "web",
    "chat": "in_app_chat",
    "voice": "phone",
    "phone": "phone",
    "email": "email",
    "api": "crm",
    "facebook": "social",
    "twitter": "social",
    "*": "crm",
}
_SERVICENOW_STATES = {
    "new": "new",
    "active": "open",
    "in progress": "open",
    "awaiting user info": "pending_requester",
    "awaiting evidence": "pending_requester",
    "awaiting problem": "pending_internal",
    "awaiting vendor": "pending_third_party",
    "on hold": "pending_internal",
    "resolved": "resolved",
    "closed": "closed",
    "canceled": "cancelled",
    "cancelled": "cancelled",
}
_HELPDESK_STATES = {
    "insert ticket": "new",
    "assign seriousness": "new",
    "take in charge ticket": "open",
    "create sw anomaly": "pending_internal",
    "schedule intervention": "pending_internal",
    "require upgrade": "pending_internal",
    "wait": "pending_requester",
    "resolve sw anomaly": "open",
    "resolve ticket": "resolved",
    "resolved": "resolved",
    "verified": "resolved",
    "closed": "closed",
    "invalid": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Log:
    """How rows that are steps of a case become its history."""

    at: str
    state: str | None
    tells: tuple[str, ...]
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of export.

    `fields` says from which column a field is read (`a|b`: from the first of these that is filled), `words` turns what
    stands there into codes, `pointers` say which column names another record.
    """

    code: str
    label: str
    needs: frozenset[str]
    kind: str = "case"
    key: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pointers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    title: str = "{key}"
    tags: tuple[str, ...] = ()
    log: Log | None = None
    changed: str = "updated_at|last_updated_at|updated|last_updated|sys_updated_on"
    """The column that says when a row was changed last: then it got into the state it is in, at the latest."""
    day_first: bool | None = None
    wanted: Wanted | None = None
    lenient: bool = False
    """Whether words that are not known are kept as tags instead of refusing the row."""
    refusal: str = ""
    """Why files of this kind are not taken, for those that are known but hold no cases."""
    crm: str = ""
    """The CRM whose numbers these are; sources of one CRM share it, so that tickets, people and shops meet."""

    def key_prefix(self) -> str:
        return self.crm or self.code


def _complaint(row: Row) -> str | None:
    """Take the reviews that are complaints: one or two stars."""
    score = str(row.get("review_score") or "").strip()
    if score in {"1", "2"}:
        return None
    return N_("A review of 3 or more stars is no complaint; only 1 and 2 stars become cases.")


def _troubled(row: Row) -> str | None:
    """Take the orders that went wrong: cancelled, not to be had, or delivered after the promised day."""
    promised, delivered = row.get("order_estimated_delivery_date"), row.get("order_delivered_customer_date")
    if row.get("order_status") in {"canceled", "unavailable"} or (promised and delivered and delivered > promised):
        return None
    return N_("This order was not cancelled and not late; there is nothing to escalate.")


SOURCES: tuple[Source, ...] = (
    Source(
        "servicenow",
        N_("ServiceNow incidents"),
        needs=frozenset({"number", "incident_state", "sys_updated_at"}),
        key=("number",),
        fields={
            "crm_number": "number",
            "status": "incident_state",
            "severity": "impact",
            "urgency": "urgency",
            "received_at": "opened_at",
            "resolved_at": "resolved_at",
            "closed_at": "closed_at",
            "channel": "contact_type",
            "reopen_count": "reopen_count",
            "tier1_agent": "opened_by",
        },
        words={
            "status": _SERVICENOW_STATES,
            "severity": {"1 - high": "S2", "2 - medium": "S3", "3 - low": "S4"},
            "urgency": {"1 - high": "U1", "2 - medium": "U2", "3 - low": "U3"},
            "channel": {"phone": "phone", "email": "email", "self service": "web", "ivr": "phone", "*": "crm"},
        },
        pointers={
            "requester": ("party", "caller_id"),
            "owner": ("user", "assigned_to"),
            "team": ("team", "assignment_group"),
        },
        title="{category} · {subcategory} · {u_symptom}",
        tags=("category", "subcategory", "location"),
        log=Log(
            at="sys_updated_at",
            state="incident_state",
            tells=(
                "incident_state",
                "assignment_group",
                "assigned_to",
                "reassignment_count",
                "reopen_count",
                "made_sla",
            ),
            by="sys_updated_by",
        ),
        day_first=True,
        always={"source": "tier1_crm"},
    ),
    Source(
        "helpdesk-log",
        N_("Help-desk event log"),
        needs=frozenset({"Case ID", "Activity", "Complete Timestamp"}),
        key=("Case ID",),
        fields={
            "crm_number": "Case ID",
            "status": "Activity",
        },
        words={"status": _HELPDESK_STATES},
        pointers={
            "requester": ("party", "customer"),
            "owner": ("user", "Resource"),
            "team": ("team", "workgroup"),
        },
        title="{Case ID} · {service_type} · {product}",
        tags=("service_level", "seriousness"),
        log=Log(
            at="Complete Timestamp", state="Activity", tells=("Activity", "Resource", "seriousness"), by="Resource"
        ),
        always={"source": "tier1_crm"},
    ),
    Source(
        "zendesk",
        N_("Zendesk tickets"),
        needs=frozenset({"subject", "status", "priority", "submitter_id"}),
        key=("_id|id",),
        fields={
            "crm_number": "_id|id",
            "title": "subject",
            "description": "description",
            "status": "status",
            "severity": "priority",
            "urgency": "priority",
            "channel": "via",
            "received_at": "created_at",
            "due_at": "due_at",
            "tags": "tags",
            "external_tickets": "external_id",
        },
        words={
            "status": ZENDESK_STATES,
            "severity": _ZENDESK_SEVERITY,
            "urgency": _ZENDESK_URGENCY,
            "channel": _ZENDESK_CHANNELS,
        },
        pointers={
            "requester": ("party", "requester_id|submitter_id"),
            "owner": ("user", "assignee_id"),
            "team": ("team", "group_id"),
            "seller": ("seller", "organization_id"),
        },
        always={"source": "tier1_crm"},
        title="{description}",
    ),
    Source(
        "zendesk-users",
        N_("Zendesk users"),
        kind="party",
        crm="zendesk",
        needs=frozenset({"name", "role", "organization_id", "signature"}),
        key=("_id|id",),
        fields={
            "display_name": "name",
            "email": "email",
            "phone": "phone",
            "language": "locale",
        },
        words={
            "language": {
                "en": "en",
                "vi": "vi",
                "id": "id",
                "zh": "zh",
                "th": "th",
                "ms": "ms",
                "pt": "pt",
                "*": "other",
            }
        },
        always={"party_kind": "customer"},
    ),
    Source(
        "zendesk-organizations",
        N_("Zendesk organisations"),
        kind="seller",
        crm="zendesk",
        needs=frozenset({"name", "domain_names", "shared_tickets"}),
        key=("_id|id",),
        fields={
            "shop_name": "name",
            "category": "details",
            "tags": "tags",
        },
        always={"market": "other"},
    ),
    Source(
        "olist-sellers",
        N_("Olist sellers"),
        kind="seller",
        crm="olist",
        needs=frozenset({"seller_id", "seller_zip_code_prefix", "seller_city"}),
        key=("seller_id",),
        fields={
            "city": "seller_city",
        },
        tags=("seller_state",),
        title="{seller_city} {seller_id}",
        always={"market": "other", "platform": "other", "language": "pt", "time_zone": "America/Sao_Paulo"},
    ),
    Source(
        "olist-reviews",
        N_("Olist reviews"),
        crm="olist",
        needs=frozenset({"review_id", "order_id", "review_score"}),
        key=("review_id", "order_id"),
        fields={
            "orders": "order_id",
            "title": "review_comment_title",
            "description": "review_comment_message",
            "received_at": "review_creation_date",
            "first_response_at": "review_answer_timestamp",
            "severity": "review_score",
        },
        words={"severity": {"1": "S3", "2": "S4"}},
        title="{review_comment_message}",
        always={"market": "other", "language": "pt", "family": "complaint", "urgency": "U3", "channel": "web"},
        wanted=_complaint,
    ),
    Source(
        "olist-orders",
        N_("Olist orders"),
        crm="olist",
        needs=frozenset({"order_id", "customer_id", "order_status", "order_estimated_delivery_date"}),
        key=("order_id",),
        fields={
            "orders": "order_id",
            "received_at": "order_estimated_delivery_date",
        },
        pointers={"requester": ("party", "customer_id")},
        title="{order_status} · {order_id}",
        tags=("order_status",),
        always={
            "market": "other",
            "language": "pt",
            "family": "fulfilment",
            "severity": "S4",
            "urgency": "U2",
            "source": "proactive",
            "channel": "crm",
        },
        wanted=_troubled,
    ),
)

_NO_CASES = N_("This file holds no tickets but what goes with them; export the tickets instead.")


def _not_taken(code: str, *needs: str) -> Source:
    return Source(code, N_("Zendesk"), needs=frozenset(needs), refusal=_NO_CASES)


SOURCES += (
    _not_taken("zendesk-comment", "author_id", "public", "body"),
    _not_taken("zendesk-audit", "events", "metadata", "ticket_id"),
    _not_taken("zendesk-metric", "ticket_id", "reopens", "reply_time_in_minutes"),
    _not_taken("zendesk-rating", "ticket_id", "score", "requester_id"),
    _not_taken("zendesk-policy", "policy_metrics", "filter"),
)


def recognise(columns: tuple[str, ...]) -> Source | None:
    """Find the source whose columns a table has; the most particular one wins."""
    found = [source for source in SOURCES if source.needs <= set(columns)]
    return max(found, key=lambda source: len(source.needs), default=None)


def by_code(code: str) -> Source | None:
    return next((source for source in SOURCES if source.code == code), None)
