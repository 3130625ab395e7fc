"""Who works at the desk, and who writes to it."""

# Annotations are real here, not words to be looked up (casework.fields): every start asks for these fields.

from dataclasses import dataclass
from typing import Any, ClassVar

from escalation_desk.casework.choices import Language, Market, PartyKind, Role
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.i18n import N_


@dataclass(kw_only=True)
class User(Record):
    """A person who works at the desk, or whom a CRM names as an owner."""

    kind: ClassVar[str] = "user"
    label: ClassVar[str] = N_("Person")

    full_name: str = field(N_("Name"), personal=True, required=True, searchable=True, show="column form")
    login: str = field(N_("Login"), once=True, required=True, code=True)
    roles: frozenset[Role] = field(N_("Roles"), default=frozenset({Role.SPECIALIST}), merge=Merge.SET)
    locale: Language = field(N_("Language"), default=Language.EN, show="form")
    time_zone: str = field(N_("Time zone"), default="Asia/Ho_Chi_Minh", show="form")
    market: Market = field(N_("Market"), default=Market.VN, show="form")
    team: str | None = field(N_("Team"), default=None, refers_to="team")
    active: bool = field(N_("Active"), default=True)

    @property
    def name(self) -> str:
        return self.full_name

    @property
    def leads(self) -> bool:
        return bool(self.roles & {Role.LEAD, Role.SHIFT_LEAD, Role.ADMIN})

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.login})


@dataclass(kw_only=True)
class Team(Record):
    """A team of the desk or a shift group."""

    kind: ClassVar[str] = "team"
    label: ClassVar[str] = N_("Team")

    title: str = field(N_("Name"), required=True, show="column form")
    market: Market = field(N_("Market"), default=Market.VN, show="column form")
    code: str | None = field(N_("Code"), default=None, once=True, code=True, show="column form")

    @property
    def name(self) -> str:
        return self.title

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.title.casefold()})


@dataclass(kw_only=True)
class Party(Record):
    """Customer, contact person, creator, colleague or authority that a case is about or comes from."""

    kind: ClassVar[str] = "party"
    label: ClassVar[str] = N_("Requester")

    party_kind: PartyKind = field(
        N_("Kind of requester"), default=PartyKind.CUSTOMER, once=True, show="column form", facet=True
    )
    display_name: str = field(N_("Name"), personal=True, required=True, searchable=True, show="column form")
    external_ids: frozenset[str] = field(
        N_("Outside ids"), default=frozenset(), merge=Merge.SET, code=True, searchable=True, show="form"
    )
    market: Market | None = field(N_("Market"), default=None, show="form")
    language: Language | None = field(N_("Language"), default=None, show="form")
    time_zone: str | None = field(N_("Time zone"), default=None, show="form")
    phone: str | None = field(N_("Phone"), default=None, personal=True, code=True, searchable=True, show="form")
    email: str | None = field(N_("Email"), default=None, personal=True, code=True, searchable=True, show="form")
    contacts: tuple[dict[str, Any], ...] = field(N_("More contacts"), default=(), personal=True)
    organisation: str | None = field(N_("Organisation"), default=None, searchable=True, show="form")
    vip: bool = field(N_("Key person"), default=False, show="form")
    do_not_contact: bool = field(N_("Do not contact"), default=False, show="form")
    merged_into: str | None = field(N_("Merged into"), default=None, refers_to="party")

    @property
    def name(self) -> str:
        return self.display_name

    def natural_keys(self) -> frozenset[str]:
        return self.external_ids
