"""Sellers and creators, and what the desk knows from talking with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from escalation_desk.casework.choices import (
    Channel,
    Direction,
    Language,
    Market,
    NoteForm,
    NoteVisibility,
    Platform,
    SellerRisk,
    SellerSegment,
    SellerStatus,
    Sentiment,
    Trust,
)
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.rhythm import RHYTHM
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import N_, _

EDIT_WINDOW = timedelta(minutes=15)


@dataclass(kw_only=True)
class Seller(Record):
    """A shop or a creator."""

    kind: ClassVar[str] = "seller"
    label: ClassVar[str] = N_("Seller")

    shop_name: str = field(N_("Shop"), required=True, searchable=True, sortable=True, show="column form sheet")
    legal_name: str | None = field(N_("Legal name"), default=None, personal=True, searchable=True, show="form")
    external_ids: frozenset[str] = field(
        N_("Shop ids"), default=frozenset(), merge=Merge.SET, code=True, searchable=True, show="column form sheet"
    )
    creator: bool = field(N_("Creator"), default=False, facet=True, show="form")
    market: Market = field(N_("Market"), default=Market.VN, facet=True, show="column form sheet")
    platform: Platform = field(N_("Platform"), default=Platform.OTHER, facet=True, show="column form sheet")
    category: str | None = field(N_("Category"), default=None, facet=True, show="form sheet")
    segment: SellerSegment = field(N_("Segment"), default=SellerSegment.LONG_TAIL, facet=True, show="column form sheet")
    status: SellerStatus = field(N_("Status"), default=SellerStatus.ACTIVE, facet=True, show="column form sheet")
    risk: SellerRisk | None = field(N_("Risk"), default=None, facet=True, show="column form sheet")
    risk_reason: str | None = field(N_("Why this risk"), default=None, show="form")
    language: Language | None = field(N_("Language"), default=None, show="form sheet")
    time_zone: str | None = field(N_("Time zone"), default=None, show="form")
    city: str | None = field(N_("City"), default=None, show="form sheet")
    since: date | None = field(N_("Seller since"), default=None, show="form")
    contact_person: str | None = field(N_("Contact person"), default=None, personal=True, searchable=True, show="form")
    phone: str | None = field(N_("Phone"), default=None, personal=True, code=True, searchable=True, show="form")
    email: str | None = field(N_("Email"), default=None, personal=True, code=True, searchable=True, show="form")
    account_manager: str | None = field(N_("Account manager"), default=None, personal=True, show="form sheet")
    relationship_owner: str | None = field(
        N_("Relationship owner"), default=None, refers_to="user", facet=True, show="column form"
    )
    parent: str | None = field(N_("Belongs to"), default=None, refers_to="seller", show="form")
    pinned_note: str | None = field(
        N_("Pinned note"), default=None, long=True, searchable=True, merge=Merge.TEXT, show="form"
    )
    contact_every_days: int | None = field(N_("Contact every (days)"), default=None, show="form")
    tags: frozenset[str] = field(N_("Tags"), default=frozenset(), merge=Merge.SET, searchable=True, show="form sheet")
    merged_into: str | None = field(N_("Merged into"), default=None, refers_to="seller", merge=Merge.GUARDED)

    last_contact_at: datetime | None = field(
        N_("Last contact"), default=None, computed=True, sortable=True, show="column sheet"
    )
    next_contact_at: datetime | None = field(
        N_("Next contact"), default=None, computed=True, sortable=True, show="column sheet"
    )
    open_cases: int = field(N_("Live cases"), default=0, computed=True, sortable=True, show="column sheet")
    open_promises: int = field(N_("Open promises"), default=0, computed=True, sortable=True, show="column sheet")

    @property
    def name(self) -> str:
        return self.shop_name

    @property
    def rhythm(self) -> int | None:
        """Days from one contact to the next: what was agreed (0 is none), or what is usual; none for a closed shop."""
        if self.contact_every_days is not None:
            return self.contact_every_days or None
        return None if self.status is SellerStatus.CLOSED else RHYTHM[self.segment][self.risk or SellerRisk.GREEN]

    def natural_keys(self) -> frozenset[str]:
        return self.external_ids


@dataclass(kw_only=True)
class SellerNote(Record):
    """One contact with a seller, or an internal remark. After 15 minutes a correction is an amendment."""

    kind: ClassVar[str] = "seller_note"
    label: ClassVar[str] = N_("Note")

    seller: str = field(N_("Seller"), refers_to="seller", once=True, required=True)
    at: datetime | None = field(N_("When"), default=None, show="form")
    form: NoteForm = field(N_("Kind"), default=NoteForm.CALL, show="form")
    channel: Channel | None = field(N_("Channel"), default=None, show="form")
    direction: Direction = field(N_("Direction"), default=Direction.OUT, show="form")
    contact: str | None = field(N_("Contact person"), default=None, personal=True, searchable=True, show="form")
    our_people: frozenset[str] = field(N_("Our people"), default=frozenset(), refers_to="user")
    topic: str = field(N_("Topic"), required=True, searchable=True, show="form")
    said: str = field(N_("What was said"), default="", long=True, personal=True, searchable=True, show="form")
    asked: str | None = field(
        N_("What they asked"), default=None, long=True, personal=True, searchable=True, show="form"
    )
    sentiment: Sentiment | None = field(N_("Sentiment of this contact"), default=None, show="form")
    trust: Trust | None = field(N_("Trust in the relation"), default=None, show="form")
    next_step: str | None = field(N_("Next step"), default=None, show="form")
    next_contact_at: datetime | None = field(N_("Next contact"), default=None, show="form")
    cases: frozenset[str] = field(N_("Cases"), default=frozenset(), merge=Merge.SET, refers_to="case")
    visibility: NoteVisibility = field(N_("Who may read it"), default=NoteVisibility.DESK, show="form")
    language: Language | None = field(N_("Language"), default=None, show="form")
    tags: frozenset[str] = field(N_("Tags"), default=frozenset(), merge=Merge.SET, searchable=True, show="form")
    amends: str | None = field(N_("Corrects"), default=None, refers_to="seller_note", once=True)
    answers: str | None = field(N_("Replies to"), default=None, refers_to="seller_note", once=True)

    @property
    def name(self) -> str:
        return one_line(self.topic, 60)

    def refuse_late_edit(self, now: datetime) -> None:
        if self.created_at and now - self.created_at > EDIT_WINDOW:
            raise Refused(_("This note is older than 15 minutes and stays as it is; add a correction to it instead."))
