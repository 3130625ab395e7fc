"""The case summary (domain.md §10.1): what it holds, section by section, each value declared once with its label.

Neutral on purpose: no record of the journal, no language, no layout. Words of the desk come as `Choice`s and are
translated when the summary is read; times are instants; personal values are marked and masked when it is read.
Word, print and PDF all follow from these declarations.
"""

# ruff: noqa: RUF009 - `shown` and `_section` make dataclass fields, as `dataclasses.field` does.

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read at run time, like every annotation of a declared field.
from enum import StrEnum
from functools import cache
from typing import Any

from escalation_desk.casework.choices import Choice
from escalation_desk.casework.masking import Known
from escalation_desk.documents.pictures import Picture  # noqa: TC001 - as above.
from escalation_desk.documents.words import Money  # noqa: TC001 - as above.
from escalation_desk.i18n import N_

Word = Choice | str | None
_KEY = "escalation_desk.shown"


class Personal(StrEnum):
    """What kind of personal value a field holds, and so how it is masked."""

    NO = ""
    TEXT = "text"  # Words in which names, phones and addresses may occur.
    NAME = "name"
    CONTACT = "contact"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Shown:
    """A declared value: its name, its label, its kind of privacy, and its share of a table's width in hundredths."""

    name: str
    label: str
    personal: Personal
    width: int
    numbered: bool


def shown(
    label: str, personal: Personal = Personal.NO, *, width: int = 0, numbered: bool = False, default: Any = None
) -> Any:
    """Declare a value that is printed; several in one are set in a row, or numbered below each other."""
    return dataclasses.field(default=default, metadata={_KEY: (label, personal, width, numbered)})


@cache
def shown_of(record: type) -> tuple[Shown, ...]:
    return tuple(Shown(f.name, *f.metadata[_KEY]) for f in dataclasses.fields(record) if _KEY in f.metadata)


@dataclass(frozen=True, kw_only=True)
class Head:
    """What the case is, at a glance."""

    number: str = shown(N_("Case"), default="")
    title: str = shown(N_("Title"), Personal.TEXT, default="")
    status: Word = shown(N_("Status"))
    priority: Word = shown(N_("Priority"))
    severity: Word = shown(N_("Severity"))
    risk_flags: tuple[Word, ...] = shown(N_("Risk flags"), default=())
    owner: str | None = shown(N_("Owner"))  # People of the desk answer for what they did: their names stay.
    market: Word = shown(N_("Market"))
    platform: Word = shown(N_("Platform"))
    channel: Word = shown(N_("Channel"))
    tickets: tuple[str, ...] = shown(N_("CRM numbers"), default=())
    received: datetime | None = shown(N_("Received"))
    first_response: datetime | None = shown(N_("First response"))
    resolved: datetime | None = shown(N_("Resolved"))
    closed: datetime | None = shown(N_("Closed"))
    clocks: tuple[str, ...] = shown(N_("Service levels"), Personal.TEXT, numbered=True, default=())
    deadlines: tuple[str, ...] = shown(N_("External deadlines"), Personal.TEXT, numbered=True, default=())
    linked: tuple[str, ...] = shown(N_("Linked cases"), default=())


@dataclass(frozen=True, kw_only=True)
class ThreeLines:
    """The case for somebody with half a minute."""

    happened: str | None = shown(N_("What happened"), Personal.TEXT)
    means: str | None = shown(N_("What it means for the requester"), Personal.TEXT)
    stands: str | None = shown(N_("Where it stands"), Personal.TEXT)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is asked of the reader."""

    what: str | None = shown(N_("What is needed"), Personal.TEXT)
    by_whom: str | None = shown(N_("From whom"))
    by_when: datetime | None = shown(N_("By when"))
    options: tuple[str, ...] = shown(N_("Options"), Personal.TEXT, numbered=True, default=())
    recommendation: str | None = shown(N_("Recommendation"), Personal.TEXT)


@dataclass(frozen=True, kw_only=True)
class PartyLine:
    """One party of the case."""

    role: Word = shown(N_("Role"), width=20)
    name: str | None = shown(N_("Name"), Personal.NAME, width=30)
    contacts: tuple[str, ...] = shown(N_("Contact"), Personal.CONTACT, width=30, default=())
    ids: tuple[str, ...] = shown(N_("Numbers"), width=20, default=())


@dataclass(frozen=True, kw_only=True)
class Goods:
    """What it is about: orders, products, money."""

    orders: tuple[str, ...] = shown(N_("Orders"), default=())
    products: tuple[str, ...] = shown(N_("Products"), default=())
    tracking: str | None = shown(N_("Tracking number"))
    account: str | None = shown(N_("Bank account"), Personal.ACCOUNT)
    amount: Money | None = shown(N_("Amount"))


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Why the case is where it is."""

    reason: tuple[Word, ...] = shown(N_("Reason"), default=())
    test: Word = shown(N_("Severity test met"))
    affected: int | None = shown(N_("Requesters affected"))
    loss: Money | None = shown(N_("Money at stake"))


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The requester's side in the requester's words."""

    words: str | None = shown(N_("In their words"), Personal.TEXT)
    expects: str | None = shown(N_("Expects"), Personal.TEXT)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that was tried or done."""

    at: datetime | None = shown(N_("Time"), width=17)
    who: str | None = shown(N_("Who"), Personal.TEXT, width=19)
    what: str | None = shown(N_("What"), Personal.TEXT, width=38)
    result: str | None = shown(N_("Result"), Personal.TEXT, width=26)
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of the timeline; pictures pasted there are shown there."""

    at: datetime | None = shown(N_("Time"), width=17)
    who: str | None = shown(N_("Who"), Personal.TEXT, width=18)
    channel: Word = shown(N_("Channel"), width=15)
    what: str | None = shown(N_("What"), Personal.TEXT, width=50)
    entered: datetime | None = None  # When it was written down, if later.
    pictures: tuple[Picture, ...] = ()
    automatic: bool = False
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Request:
    """An escalation or a question to a point of contact."""

    to: str | None = shown(N_("To"), Personal.TEXT, width=16)
    what: str | None = shown(N_("What"), Personal.TEXT, width=22)
    when: str | None = shown(N_("When"), width=27)
    answer: str | None = shown(N_("Answer"), Personal.TEXT, width=20)
    used: str | None = shown(N_("Time used"), width=15)
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class PromiseLine:
    """A promise or follow-up, and what became of it."""

    to_whom: str | None = shown(N_("To whom"), Personal.NAME, width=22)
    what: str | None = shown(N_("What"), Personal.TEXT, width=42)
    due: datetime | None = shown(N_("Due"), width=18)
    state: Word = shown(N_("State"), width=18)
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class PublicMessage:
    """Something the requester was told or told us."""

    at: datetime | None = shown(N_("Time"))
    who: str | None = shown(N_("Who"), Personal.TEXT)
    channel: Word = shown(N_("Channel"))
    text: str | None = shown(N_("Text"), Personal.TEXT)


@dataclass(frozen=True, kw_only=True)
class RootCause:
    """Why it happened."""

    problem: str | None = shown(N_("Problem"), Personal.TEXT)
    method: Word = shown(N_("Method"))
    whys: tuple[str, ...] = shown(N_("Whys"), Personal.TEXT, numbered=True, default=())
    bones: tuple[str, ...] = shown(N_("Fishbone"), Personal.TEXT, numbered=True, default=())
    cause: str | None = shown(N_("Root cause"), Personal.TEXT)
    fault_party: Word = shown(N_("Caused by"))
    fault_code: Word = shown(N_("Fault code"))
    confidence: Word = shown(N_("Confidence"))
    reviewed: str | None = shown(N_("Reviewed by"))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How it ended and how that was checked."""

    code: Word = shown(N_("Outcome"))
    summary: str | None = shown(N_("Outcome in words"), Personal.TEXT)
    benefit: str | None = shown(N_("What the requester gets"), Personal.TEXT)
    cost: Money | None = shown(N_("Cost"))
    approved: str | None = shown(N_("Cost approved by"))
    method: Word = shown(N_("Checked how"))
    result: str | None = shown(N_("Result of the check"), Personal.TEXT)
    by: str | None = shown(N_("Checked by whom"))
    at: datetime | None = shown(N_("Checked on"))
    signed: str | None = shown(N_("Signed off by"))
    knowledge: str | None = shown(N_("Knowledge"))
    bad_case: str | None = shown(N_("Bad-case review"))
    exceptions: tuple[str, ...] = shown(N_("Exceptions from policy"), Personal.TEXT, numbered=True, default=())
    second_looks: tuple[str, ...] = shown(N_("Second looks"), Personal.TEXT, numbered=True, default=())


@dataclass(frozen=True, kw_only=True)
class EvidenceLine:
    """A file on the case."""

    name: str | None = shown(N_("File"), Personal.TEXT, width=44)
    kind: Word = shown(N_("Kind"), width=18)
    at: datetime | None = shown(N_("Date"), width=18)
    sha256: str | None = shown(N_("SHA-256 begins"), width=20)
    picture: Picture | None = None  # Shown in the annex, if one is asked for.
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A declared section: its name, its heading, what it holds, and whether it stands on the first page."""

    name: str
    label: str
    record: type
    many: bool
    first_page: bool


def _section(label: str, record: type, *, many: bool = False, first_page: bool = False) -> Any:
    default = () if many else None
    return dataclasses.field(default=default, metadata={_KEY: (label, record, many, first_page)})


@dataclass(frozen=True, kw_only=True)
class CaseSummary:
    """One case, ready to be read. A section that has nothing to say yet prints one line that says so."""

    head: Head = dataclasses.field(metadata={_KEY: (N_("Case"), Head, False, True)})
    three_lines: ThreeLines | None = _section(N_("In three lines"), ThreeLines, first_page=True)
    decision: Decision | None = _section(N_("Decision or help needed"), Decision, first_page=True)
    parties: tuple[PartyLine, ...] = _section(N_("Parties"), PartyLine, many=True, first_page=True)
    goods: Goods | None = _section(N_("Orders and amount"), Goods, first_page=True)
    impact: Impact | None = _section(N_("Reason and impact"), Impact, first_page=True)
    statement: Statement | None = _section(N_("What the requester says"), Statement)
    tried: tuple[Step, ...] = _section(N_("What Tier 1 tried"), Step, many=True)
    done: tuple[Step, ...] = _section(N_("What the desk did"), Step, many=True)
    timeline: tuple[Happening, ...] = _section(N_("Timeline"), Happening, many=True)
    requests: tuple[Request, ...] = _section(N_("Escalations and requests to points of contact"), Request, many=True)
    promises: tuple[PromiseLine, ...] = _section(N_("Promises and follow-ups"), PromiseLine, many=True)
    messages: tuple[PublicMessage, ...] = _section(N_("Messages with the requester"), PublicMessage, many=True)
    root_cause: RootCause | None = _section(N_("Root cause"), RootCause)
    outcome: Outcome | None = _section(N_("Outcome and closed-loop check"), Outcome)
    evidence: tuple[EvidenceLine, ...] = _section(N_("Evidence"), EvidenceLine, many=True)
    known: Known = Known()  # No section: whom masking looks for beside the parties, and which numbers it leaves alone.


@cache
def sections() -> tuple[Section, ...]:
    return tuple(Section(f.name, *f.metadata[_KEY]) for f in dataclasses.fields(CaseSummary) if _KEY in f.metadata)


SIGNATURES = {"prepared": N_("Prepared by"), "checked": N_("Checked by"), "approved": N_("Approved by")}


@dataclass(frozen=True, kw_only=True)
class Form:
    """What the reader asked for."""

    language: str = "en"
    long: bool = True
    internal: bool = False
    automatic: bool = False
    messages: bool = True
    pictures: bool = True
    annex: bool = False
    signatures: bool = False
    full_personal_data: bool = False


@dataclass(frozen=True, kw_only=True)
class Issue:
    """The circumstances of one print: who made it, when, from which state of the data."""

    organisation: str
    desk: str
    number: str
    as_of: datetime
    zone: Any  # A tzinfo; times are printed in it.
    sync_state: str
    by: str = ""
