"""What the desk itself is made of: reasons, macros, views, import batches, and the record of each export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language, PersonalData, Severity, Urgency
from escalation_desk.casework.fields import Merge, field
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _, language


@dataclass(kw_only=True)
class Reason(Record):
    """Why requesters come: a tree, coded requester.domain.leaf. Codes are never reused; leaves are switched off."""

    kind: ClassVar[str] = "reason"
    label: ClassVar[str] = N_("Reason")

    code: str = field(N_("Code"), once=True, required=True, show="column")
    parent: str | None = field(N_("Group"), default=None, once=True)
    leaf: bool = field(N_("Leaf"), default=True, once=True)
    labels: dict[str, str] = field(N_("Words"), default=None, required=True, show="column")
    severity: Severity | None = field(N_("Usual severity"), default=None)
    urgency: Urgency | None = field(N_("Usual urgency"), default=None)
    poc_team: str | None = field(N_("Team that answers"), default=None)
    evidence: frozenset[str] = field(N_("Evidence wanted"), default=frozenset(), merge=Merge.SET)
    flags: frozenset[str] = field(N_("Flags"), default=frozenset(), merge=Merge.SET)
    active: bool = field(N_("Active"), default=True)

    @property
    def name(self) -> str:
        return in_language(self.labels)

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.code})


@dataclass(kw_only=True)
class Macro(Record):
    """A text used again and again, one body per language, with {places} that are filled from the case.

    What it does beside that is said by `actions` (casework.macro_actions). One with an owner is that person's own.
    """

    kind: ClassVar[str] = "macro"
    label: ClassVar[str] = N_("Macro")

    code: str = field(N_("Code"), once=True, required=True, show="column")
    use: str = field(N_("Use"), required=True, show="column form")
    texts: dict[str, str] = field(N_("Texts"), default=None, required=True)
    subject_kinds: frozenset[str] = field(N_("For"), default=frozenset(), merge=Merge.SET)
    actions: tuple[dict[str, Any], ...] = field(N_("Actions"), default=(), show="form")
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", once=True, show="column")
    needs_approval: str | None = field(N_("Needs the approval of"), default=None, refers_to="authority", show="form")
    active: bool = field(N_("Active"), default=True, show="form")

    @property
    def name(self) -> str:
        return self.code

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.code})


@dataclass(kw_only=True)
class SavedView(Record):
    """A named way to look at a list: filters, sort keys, columns, grouping."""

    kind: ClassVar[str] = "view"
    label: ClassVar[str] = N_("View")

    title: str = field(N_("Name"), required=True)
    about: str = field(N_("List"), default="case", once=True)
    owner: str | None = field(N_("Owner"), default=None, refers_to="user", once=True)
    shared: bool = field(N_("Shared with the team"), default=False)
    definition: dict[str, Any] = field(N_("Definition"), default=None, required=True)

    @property
    def name(self) -> str:
        return self.title


@dataclass(kw_only=True)
class ImportBatch(Record):
    """One import of one file."""

    kind: ClassVar[str] = "import_batch"
    label: ClassVar[str] = N_("Import")

    source: str = field(N_("Source"), required=True, once=True)
    file_name: str = field(N_("File"), required=True, once=True)
    sha256: str = field(N_("SHA-256"), required=True, once=True)
    rows: int = field(N_("Rows"), default=0, once=True)
    created: int = field(N_("New"), default=0, once=True)
    updated: int = field(N_("Changed"), default=0, once=True)
    unchanged: int = field(N_("Same"), default=0, once=True)
    refused: int = field(N_("Refused"), default=0, once=True)

    @property
    def name(self) -> str:
        return self.file_name


@dataclass(kw_only=True)
class ImportProfile(Record):
    """How the columns of a source become fields, as a person settled it."""

    kind: ClassVar[str] = "import_profile"
    label: ClassVar[str] = N_("Column map")

    source: str = field(N_("Source"), required=True, once=True)
    columns: dict[str, Any] = field(N_("Columns"), default=None, required=True)

    @property
    def name(self) -> str:
        return self.source

    def natural_keys(self) -> frozenset[str]:
        return frozenset({self.source})


@dataclass(kw_only=True)
class ExportRecord(Record):
    """A document that left the program. Never changed."""

    kind: ClassVar[str] = "export"
    label: ClassVar[str] = N_("Export")

    form: ExportKind = field(N_("Document"), default=ExportKind.CASE_SUMMARY, once=True)
    document_no: str = field(N_("Document number"), required=True, once=True)
    subjects: tuple[str, ...] = field(N_("About"), default=(), once=True)
    file_name: str = field(N_("File"), default="", once=True)
    language: Language = field(N_("Language"), default=Language.EN, once=True)
    format: ExportFormat = field(N_("Format"), default=ExportFormat.DOCX, once=True)
    personal_data: PersonalData = field(N_("Personal data"), default=PersonalData.MASKED, once=True)
    reason: str | None = field(N_("Why in full"), default=None, once=True)
    content_sha256: str = field(N_("SHA-256"), required=True, once=True)
    snapshot_at: datetime | None = field(N_("As of"), default=None, once=True)
    sync_state: str = field(N_("State of sync"), default="", once=True)
    items: int = field(N_("Items"), default=1, once=True)

    @property
    def name(self) -> str:
        return self.document_no

    def check(self, before: dict[str, Any]) -> None:
        if before:
            raise Refused(_("The record of an export is never changed."))


def in_language(texts: dict[str, str] | None, code: str | None = None) -> str:
    """Pick the words for a language; English stands in where there are none."""
    texts = texts or {}
    return texts.get(code or language()) or texts.get("en") or next(iter(texts.values()), "")
