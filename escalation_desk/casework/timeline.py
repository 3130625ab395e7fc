"""What is said and done on a case: entries of the timeline, questions and answers, attachments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import Channel, Direction, EvidenceKind, Form, Language, Visibility
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _


@dataclass(kw_only=True)
class Message(Record):
    """One entry of a case's timeline. What was said is never changed; a correction is another entry that amends it."""

    kind: ClassVar[str] = "message"
    label: ClassVar[str] = N_("Entry")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True)
    form: Form = field(N_("Kind of entry"), default=Form.NOTE, once=True)
    direction: Direction = field(N_("Direction"), default=Direction.INTERNAL, once=True)
    visibility: Visibility = field(N_("Visibility"), default=Visibility.INTERNAL, once=True)
    channel: Channel | None = field(N_("Channel"), default=None, once=True)
    body: str = field(
        N_("Text"), required=True, once=True, long=True, personal=True, searchable=True, merge=Merge.APPEND
    )
    language: Language | None = field(N_("Language"), default=None, once=True)
    at: datetime | None = field(N_("When"), default=None, once=True)
    by: str | None = field(N_("By"), default=None, refers_to="user", once=True)
    author: str | None = field(N_("Author in the CRM"), default=None, once=True, personal=True)
    counterpart: str | None = field(N_("With"), default=None, once=True, personal=True)
    automatic: bool = field(N_("Automatic"), default=False, once=True)
    macro: str | None = field(N_("Macro"), default=None, refers_to="macro", once=True)
    amends: str | None = field(N_("Corrects"), default=None, refers_to="message", once=True)
    pinned: bool = field(N_("Pinned"), default=False)
    outside_id: str | None = field(N_("Outside id"), default=None, once=True)

    def check(self, before: dict[str, Any]) -> None:
        if before.keys() - {"pinned"}:
            raise Refused(_("What was written on the timeline is not changed; add an entry that corrects it."))

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.outside_id} if self.outside_id else ())


@dataclass(kw_only=True)
class Clarification(Record):
    """A question to the requester and its answer."""

    kind: ClassVar[str] = "clarification"
    label: ClassVar[str] = N_("Question and answer")

    case: str = field(N_("Case"), refers_to="case", once=True, required=True)
    question: str = field(N_("Question"), required=True, long=True, searchable=True, personal=True)
    asked_at: datetime | None = field(N_("Asked"), default=None, once=True)
    answer: str | None = field(N_("Answer"), default=None, long=True, searchable=True, personal=True, merge=Merge.TEXT)
    answered_at: datetime | None = field(N_("Answered"), default=None)


@dataclass(kw_only=True)
class Attachment(Record):
    """A file as evidence. Its bytes are kept once, under their SHA-256."""

    kind: ClassVar[str] = "attachment"
    label: ClassVar[str] = N_("Attachment")

    case: str | None = field(N_("Case"), default=None, refers_to="case", once=True)
    seller: str | None = field(N_("Seller"), default=None, refers_to="seller", once=True)
    file_name: str = field(N_("File name"), required=True, once=True, searchable=True)
    size: int = field(N_("Size"), default=0, once=True)
    sha256: str = field(N_("SHA-256"), required=True, once=True)
    media_type: str = field(N_("Type"), default="application/octet-stream", once=True)
    evidence: EvidenceKind = field(N_("Kind of evidence"), default=EvidenceKind.OTHER)
    personal_data: bool = field(N_("Contains personal data"), default=True)

    @property
    def name(self) -> str:
        return self.file_name
