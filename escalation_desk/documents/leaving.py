"""Everything that leaves the desk: gathered, written, and logged as one export with its hash (features.md E10)."""

from __future__ import annotations

import secrets
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language, PersonalData
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.masking import Mask
from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.case_document import write_case_summaries
from escalation_desk.documents.case_summary import Issue
from escalation_desk.documents.files import Cancelled, never, no_progress
from escalation_desk.documents.gathering import Gatherer
from escalation_desk.documents.listed import cell_kind, rows_of, sheet_fields, width_of
from escalation_desk.documents.noted import Noting
from escalation_desk.documents.sheet import Column, write_list
from escalation_desk.i18n import N_, _, language, n_, speaking
from escalation_desk.journal import listing, reading
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.people import User
    from escalation_desk.documents.case_summary import CaseSummary, Form
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal


_KINDS = {ExportKind.CASE_SUMMARY: "CS", ExportKind.LIST: "LI", ExportKind.ESCALATION_BRIEF: "EB"}
_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # None that could be taken for another.


@dataclass(frozen=True, slots=True)
class Leave:
    """Under which conditions something leaves: masked, unless a reason is given."""

    reason: str = ""

    @property
    def personal_data(self) -> PersonalData:
        return PersonalData.FULL if self.reason.strip() else PersonalData.MASKED


def summaries(
    journal: Journal,
    case_ids: Sequence[str],
    form: Form,
    cancelled: Callable[[], bool] = never,
) -> tuple[list[CaseSummary], Issue]:
    """Gather what a summary needs, and the circumstances that stand on every page.

    Pictures are read when they are put on a page, over a connection of their own: a thousand cases do not hold all of
    theirs at once, and the page may be painted on another thread.
    """

    def blob(sha256: str) -> bytes:
        with closing(journal.reader()) as made:
            return reading.blob(made, sha256)

    with speaking(form.language), closing(journal.reader()) as made, _as_of(made):
        about = issue(journal, profile_of(journal))
        gatherer = Gatherer.over(made, blob, about.as_of, about.zone)
        gathered = []
        for one in case_ids:
            if cancelled():
                raise Cancelled
            gathered.append(gatherer.gather(one))
        return gathered, about


@contextmanager
def _as_of(made: Connection) -> Iterator[None]:
    """Read everything from one state of the data, whatever is written meanwhile."""
    made.execute("BEGIN")
    try:
        yield
    finally:
        made.execute("ROLLBACK")


def issue(journal: Journal, me: User, kind: ExportKind = ExportKind.CASE_SUMMARY) -> Issue:
    """Say when, by whom and from which state of the data a document is made."""
    now = journal.now()
    return Issue(
        organisation=_("Escalation Desk"),
        desk=_(me.market.label),
        number=_number(journal, now, kind),
        as_of=now,
        zone=ZoneInfo(me.time_zone),
        sync_state=sync_state(journal),
        by=me.full_name,
    )


def _number(journal: Journal, now: datetime, kind: ExportKind) -> str:
    """Name a document after its desk, its day and six letters of chance.

    A counter would have to be raised before it is known whether the document comes about, and two made at once would
    have to wait for each other.
    """
    with closing(journal.reader()) as made:
        (prefix,) = made.execute("SELECT prefix FROM workstation").fetchone()
    letters = "".join(secrets.choice(_LETTERS) for _place in range(6))
    return f"{_KINDS[kind]}-{prefix}-{now:%y%m%d}-{letters}"


def sync_state(journal: Journal) -> str:
    waiting = journal.waiting()
    return n_("local, {n} change not sent", "local, {n} changes not sent", waiting)


def export_cases(
    journal: Journal,
    case_ids: Sequence[str],
    path: Path,
    form: Form,
    leave: Leave,
    *,
    progress: Callable[[int, int], None] = no_progress,
    cancelled: Callable[[], bool] = never,
) -> ExportRecord:
    """Write case summaries as one Word file and log it."""
    form = permitted(form, leave, profile_of(journal))
    gathered, circumstances = summaries(journal, case_ids, form, cancelled)
    written = write_case_summaries(path, gathered, form, circumstances, progress=progress, cancelled=cancelled)
    return log(
        journal,
        ExportRecord(
            form=ExportKind.CASE_SUMMARY,
            document_no=circumstances.number,
            subjects=tuple(case_ids),
            file_name=path.name,
            language=Language(form.language),  # type: ignore[call-arg]
            format=ExportFormat.DOCX,
            personal_data=leave.personal_data,
            reason=leave.reason.strip() or None,
            content_sha256=written.sha256,
            snapshot_at=circumstances.as_of,
            sync_state=circumstances.sync_state,
            items=written.cases,
        ),
    )


def permitted(form: Form, leave: Leave, me: User) -> Form:
    """Let personal data out in full only for a lead, and only with a reason."""
    if form.full_personal_data:
        check_full(leave, me)
    return form


def check_full(leave: Leave, me: User) -> None:
    if not me.leads:
        raise Refused(_("Personal data leave in full only for a lead; export them masked, or ask a lead."))
    if not leave.reason.strip():
        raise Refused(_("Personal data leave in full only with a reason; say why."))


def log(journal: Journal, record: ExportRecord) -> ExportRecord:
    """Write down that a document left. The record is never changed and not undone."""
    with journal.entry(N_("Export {file}"), kind="fact", file=record.file_name or record.document_no) as work:
        work.add(record)
    return record


def export_list(
    journal: Journal,
    query: ListQuery,
    path: Path,
    title: str,
    *,
    names: Sequence[str] | None = None,
    leave: Leave | None = None,
    language_code: str = "",
    progress: Callable[[int, int], None] = no_progress,
    cancelled: Callable[[], bool] = never,
) -> ExportRecord:
    """Write a list as an Excel workbook with a sheet that says what it is, and log it."""
    leave = leave or Leave()
    me = profile_of(journal)
    masked = leave.personal_data is PersonalData.MASKED
    if not masked:
        check_full(leave, me)
    spoken = language_code or language()
    shown = Mask().text(title) if masked else title
    with speaking(spoken), closing(journal.reader()) as made, _as_of(made):
        circumstances = issue(journal, me, ExportKind.LIST)
        fields = sheet_fields(query.kind, names)
        total = listing.count(made, query)
        noting = Noting(made, query, circumstances.zone, masked=masked)
        sheet = write_list(
            path,
            shown,
            [Column(_(f.label), cell_kind(f), width_of(f)) for f in fields],
            rows_of(made, query, fields, masked=masked, as_of=(circumstances.as_of, circumstances.zone)),
            _notes(noting, shown, circumstances, leave, fields),
            as_of=circumstances.as_of,
            zone=circumstances.zone,
            total=total,
            progress=progress,
            cancelled=cancelled,
        )
    return log(
        journal,
        ExportRecord(
            form=ExportKind.LIST,
            document_no=circumstances.number,
            subjects=(title,),
            file_name=path.name,
            language=Language(spoken),  # type: ignore[call-arg]
            format=ExportFormat.XLSX,
            personal_data=leave.personal_data,
            reason=leave.reason.strip() or None,
            content_sha256=sheet.sha256,
            snapshot_at=circumstances.as_of,
            sync_state=circumstances.sync_state,
            items=sheet.rows,
        ),
    )


def _notes(
    noting: Noting, title: str, circumstances: Issue, leave: Leave, fields: Sequence[Field]
) -> list[tuple[str, str]]:
    return [
        (_("View"), title),
        *noting.asked(),
        (_("Personal data"), _(leave.personal_data.label)),
        (_("Made by"), circumstances.by),
        (_("State of the data"), circumstances.sync_state),
        (_("Document"), circumstances.number),
        *noting.definitions(fields),
    ]
