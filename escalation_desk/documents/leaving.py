"""Everything that leaves the desk: gathered, written, and logged as one export with its hash (features.md E10)."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language, PersonalData
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.fields import Kind, Show, fields_of
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.masking import Mask
from escalation_desk.casework.refusal import Refused
from escalation_desk.documents import cells
from escalation_desk.documents.case_document import write_case_summaries
from escalation_desk.documents.case_summary import Issue
from escalation_desk.documents.files import Cancelled, never, no_progress
from escalation_desk.documents.gathering import Gatherer
from escalation_desk.documents.sheet import Column, write_list
from escalation_desk.i18n import N_, _, n_, speaking
from escalation_desk.journal import listing, reading
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.people import User
    from escalation_desk.documents.case_summary import CaseSummary, Form
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal


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
        gatherer = Gatherer.over(made, blob)
        gathered = []
        for one in case_ids:
            if cancelled():
                raise Cancelled
            gathered.append(gatherer.gather(one))
        return gathered, issue(journal, profile_of(journal))


@contextmanager
def _as_of(made: Connection) -> Iterator[None]:
    """Read everything from one state of the data, whatever is written meanwhile."""
    made.execute("BEGIN")
    try:
        yield
    finally:
        made.execute("ROLLBACK")


def issue(journal: Journal, me: User) -> Issue:
    """Say when, by whom and from which state of the data a document is made."""
    now = journal.now()
    return Issue(
        organisation=_("Escalation Desk"),
        desk=_(me.market.label),
        number=f"CS-{now.strftime('%Y%m%d-%H%M%S')}",
        as_of=now,
        zone=ZoneInfo(me.time_zone),
        sync_state=sync_state(journal),
        by=me.full_name,
    )


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
    progress: Callable[[int, int], None] = no_progress,
    cancelled: Callable[[], bool] = never,
) -> ExportRecord:
    """Write a list as an Excel workbook with a sheet that says what it is, and log it."""
    leave = leave or Leave()
    me = profile_of(journal)
    circumstances = issue(journal, me)
    made = journal.reader()
    try:
        fields = _sheet_fields(query.kind, names)
        total = listing.count(made, query)
        sheet = write_list(
            path,
            title,
            [Column(_(f.label), _kind(f), _width(f)) for f in fields],
            _rows(made, query, fields, masked=leave.personal_data is PersonalData.MASKED),
            _notes(query, title, circumstances, total, fields),
            as_of=circumstances.as_of,
            zone=circumstances.zone,
            total=total,
            progress=progress,
            cancelled=cancelled,
        )
    finally:
        made.close()
    return log(
        journal,
        ExportRecord(
            form=ExportKind.LIST,
            document_no=circumstances.number.replace("CS-", "LI-"),
            subjects=(title,),
            file_name=path.name,
            language=me.locale,
            format=ExportFormat.XLSX,
            personal_data=leave.personal_data,
            reason=leave.reason.strip() or None,
            content_sha256=sheet.sha256,
            snapshot_at=circumstances.as_of,
            sync_state=circumstances.sync_state,
            items=sheet.rows,
        ),
    )


def _sheet_fields(kind: str, names: Sequence[str] | None) -> list[Field]:
    fields = fields_of(kind_of(kind))
    if names:
        by_name = {f.name: f for f in fields}
        return [by_name[name] for name in names]
    return [f for f in fields if f.declared.show & {Show.SHEET, Show.COLUMN}]


def _rows(made: Connection, query: ListQuery, fields: Sequence[Field], *, masked: bool) -> Iterator[list[Any]]:
    mask = Mask()
    names = [f.name for f in fields]
    after = None
    while rows := listing.page(made, query, names, after, 500):
        columns = [
            _column(made, f, [row.values[place] for row in rows], mask if masked else None)
            for place, f in enumerate(fields)
        ]
        yield from (list(row) for row in zip(*columns, strict=True))
        after = rows[-1].place


def _column(made: Connection, field: Field, values: list[Any], mask: Mask | None) -> list[Any]:
    """Put a page of one column into words: names for ids, labels for codes, masked where it is personal."""
    to = field.declared.refers_to
    if to:
        found = reading.names(made, to, [v for v in values if isinstance(v, str)])
        named = [found.get(v, "") if isinstance(v, str) else "" for v in values]
        return [mask.name(name) if mask and to == "party" else name for name in named]
    if field.choices:
        labels = {str(choice): _(choice.label) for choice in field.choices}
        return [
            _joined([labels.get(v, v) for v in value]) if isinstance(value, list) else labels.get(value, value)
            for value in values
        ]
    if mask and field.declared.personal:
        return [mask.text(value) if isinstance(value, str) else value for value in values]
    return [_joined(value) if isinstance(value, list) else value for value in values]


def _joined(members: list[Any]) -> str:
    return ", ".join(map(str, members))


_CELLS = {
    Kind.INTEGER: cells.Kind.NUMBER,
    Kind.FLAG: cells.Kind.FLAG,
    Kind.INSTANT: cells.Kind.INSTANT,
    Kind.DAY: cells.Kind.DAY,
    Kind.DECIMAL: cells.Kind.DECIMAL,
}


def _kind(field: Field) -> cells.Kind:
    if field.declared.code:
        return cells.Kind.ID
    return _CELLS.get(field.kind, cells.Kind.TEXT)


def _width(field: Field) -> float:
    if field.declared.long:
        return 48
    return 32 if field.name in {"title", "shop_name", "text"} else 18


def _notes(
    query: ListQuery, title: str, circumstances: Issue, total: int, fields: Sequence[Field]
) -> list[tuple[str, str]]:
    conditions = [
        f"{reading.label_of(query.kind, c.field)} {c.op} {'' if c.value is None else c.value}" for c in query.where
    ]
    orders = [
        _("{field}, descending", field=reading.label_of(query.kind, o.field))
        if o.descending
        else reading.label_of(query.kind, o.field)
        for o in query.order
    ]
    return [
        (_("View"), title),
        (_("Filter"), "; ".join(conditions) or _("none")),
        (_("Search"), query.search or _("none")),
        (_("Order"), "; ".join(orders) or _("newest first")),
        (_("Rows"), str(total)),
        (_("Made by"), circumstances.by),
        (_("State of the data"), circumstances.sync_state),
        (_("Document"), circumstances.number.replace("CS-", "LI-")),
        *((_(f.label), _definition(f)) for f in fields if f.declared.computed),
    ]


_DEFINITIONS = {
    "priority": N_("Severity and urgency looked up in the desk's matrix, unless set by hand with a reason."),
    "next_due_at": N_("The earliest of what the CRM asks for and of the open promises and reminders of the case."),
    "last_activity_at": N_("The last time that somebody wrote, changed or received something on the case."),
    "last_contact_at": N_("The last note of a contact with the seller; internal remarks do not count."),
    "next_contact_at": N_("The date that the last note names, or else the last contact and the agreed rhythm."),
    "open_cases": N_("Cases of the seller that are neither resolved, closed nor cancelled."),
    "open_promises": N_("Promises of ours and theirs that are still open."),
}


def _definition(field: Field) -> str:
    return _(_DEFINITIONS[field.name]) if field.name in _DEFINITIONS else _("Computed by the program.")
