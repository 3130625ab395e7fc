"""The one-page brief of an escalation as a Word file, filled from a template that a lead can edit.

Like the case summary: what it holds is declared once with its labels, personal data are masked, and what left is
logged. It is about a case and an ask; nobody is told by writing it.
"""

# ruff: noqa: RUF009 - `shown` makes dataclass fields, as `dataclasses.field` does.

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - read at run time, like every annotation of a declared field.
from typing import IO, TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.documents.case_document import DOCUMENT_VALUES, chips, on_every_page
from escalation_desk.documents.case_summary import Form, Head, Personal, shown, shown_of
from escalation_desk.documents.files import replace_file
from escalation_desk.documents.leaving import issue, log, permitted, summaries
from escalation_desk.documents.properties import Properties
from escalation_desk.documents.summary_reading import SummaryReader
from escalation_desk.documents.tags import Tags
from escalation_desk.documents.template import load_template
from escalation_desk.documents.words import NOTHING
from escalation_desk.i18n import N_, _, speaking
from escalation_desk.journal.desk import profile_of
from escalation_desk.resources import file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from escalation_desk.casework.escalating.brief import Brief
    from escalation_desk.documents.case_summary import CaseSummary, Issue
    from escalation_desk.documents.leaving import Leave
    from escalation_desk.documents.tags import Problem
    from escalation_desk.documents.template import Template
    from escalation_desk.documents.words import Reading
    from escalation_desk.journal.journal import Journal

BUILT_IN: Final = file("templates") / "escalation-brief.docx"
WORDS: Final = {
    "escalation_brief": N_("Escalation brief"),
    "asked": N_("What is asked"),
    "grounds": N_("What to know"),
    "case": N_("Case"),
    "tells_nobody": N_("Writing this page has told nobody: a person sends it, and marks it as sent on the case."),
}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked, of whom, and by when."""

    to: str | None = shown(N_("To"))
    one_line: str | None = shown(N_("In one line"), Personal.TEXT)
    decision: str | None = shown(N_("Decision asked"), Personal.TEXT)
    needed_by: datetime | None = shown(N_("Needed by"))


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What whoever decides should know."""

    affected: str | None = shown(N_("People affected"), Personal.TEXT)
    risk: str | None = shown(N_("Risk"), Personal.TEXT)
    tried: str | None = shown(N_("Done so far"), Personal.TEXT)
    recommendation: str | None = shown(N_("Recommendation"), Personal.TEXT)


_SECTIONS: Final = {"ask": Ask, "grounds": Grounds, "head": Head}


def brief_tags() -> Tags:
    """List the tags that a template of a brief may use; the declarations say which."""
    names = {f"{section}.{one.name}" for section, record in _SECTIONS.items() for one in shown_of(record)}
    labels = {f"label.{name}" for name in (*WORDS, *names)}
    given = {f"{name}.given" for name in names}
    blocks = {"chips": Tags(frozenset({"text"})), "grounds.facts": Tags(frozenset({"name", "value"}))}
    return Tags(frozenset(names | labels | given | {"ask", "grounds"} | set(DOCUMENT_VALUES)), blocks=blocks)


def load_brief_template(path: Path | None = None) -> tuple[Template, list[Problem]]:
    """Read a lead's template for briefs, or the built-in one; say what is wrong with the lead's."""
    return load_template(path, brief_tags(), built_in=BUILT_IN)


def export_brief(
    journal: Journal,
    case_id: str,
    brief: Brief,
    authorities: Sequence[str],
    path: Path,
    language: str,
    leave: Leave,
    *,
    template: Template | None = None,
) -> ExportRecord:
    """Write the brief of a case as one Word page and log it; masked, unless a lead gives a reason."""
    me = profile_of(journal)
    full = bool(leave.reason.strip())
    form = permitted(Form(language=language, long=False, messages=False, full_personal_data=full), leave, me)
    (summary,), _issue = summaries(journal, [case_id], form)
    circumstances = issue(journal, me, ExportKind.ESCALATION_BRIEF)
    digest = write_brief(path, summary, brief, authorities, form, circumstances, template=template)
    return log(
        journal,
        ExportRecord(
            form=ExportKind.ESCALATION_BRIEF,
            document_no=circumstances.number,
            subjects=(case_id,),
            file_name=path.name,
            language=Language(language),  # type: ignore[call-arg]  # looks a member up
            format=ExportFormat.DOCX,
            personal_data=leave.personal_data,
            reason=leave.reason.strip() or None,
            content_sha256=digest,
            snapshot_at=circumstances.as_of,
            sync_state=circumstances.sync_state,
        ),
    )


def write_brief(
    path: Path,
    summary: CaseSummary,
    brief: Brief,
    authorities: Sequence[str],
    form: Form,
    issue: Issue,
    *,
    template: Template | None = None,
) -> str:
    """Write the page; answer the hash of the file."""
    chosen = template or load_brief_template()[0]

    def write(stream: IO[bytes]) -> None:
        with speaking(form.language):
            values = _values(summary, brief, authorities, form, issue)
            title = f"{_('Escalation brief')} {summary.head.number}"
            properties = Properties(
                title, values["document.classification"], summary.head.number, issue.as_of, form.language
            )
            chosen.fill(stream, values, properties)

    return replace_file(path, write)


def _values(summary: CaseSummary, brief: Brief, authorities: Sequence[str], form: Form, issue: Issue) -> dict[str, Any]:
    reader = SummaryReader(form, issue)
    reading = reader.reading_of(summary)
    ask = Ask(
        to=" · ".join(authorities) or None,
        one_line=brief.one_line,
        decision=brief.decision,
        needed_by=brief.needed_by,
    )
    grounds = Grounds(affected=brief.affected, risk=brief.risk, tried=brief.tried, recommendation=brief.recommendation)
    head = reader.head(summary)
    told = {"ask": _read(reading, ask), "grounds": _read(reading, grounds), "head": head}
    digest = hashlib.sha256("\0".join(text for one in told.values() for text in one.values()).encode()).hexdigest()
    values: dict[str, Any] = _labels() | on_every_page(
        f"{_('Escalation brief')} {summary.head.number}", _private(form), _form_said(form), issue, digest
    )
    for section, held in told.items():
        values |= {f"{section}.{name}": text for name, text in held.items()}
        values |= {f"{section}.{name}.given": text != NOTHING for name, text in held.items()}
        values[section] = any(text != NOTHING for text in held.values())
    facts = [(one.label, told["grounds"][one.name]) for one in shown_of(Grounds)]
    values["grounds.facts"] = [{"name": _(label), "value": text} for label, text in facts if text != NOTHING]
    return values | {"chips": chips(head)}


def _read(reading: Reading, record: Any) -> dict[str, str]:
    return {
        one.name: reading.say(getattr(record, one.name), one.personal) or NOTHING for one in shown_of(record.__class__)
    }


def _labels() -> dict[str, str]:
    labels = {f"label.{name}": _(text) for name, text in WORDS.items()}
    for section, record in _SECTIONS.items():
        labels |= {f"label.{section}.{one.name}": _(one.label) for one in shown_of(record)}
    return labels


def _private(form: Form) -> str:
    if form.full_personal_data:
        return _("Confidential – contains personal data")
    return _("Confidential – personal data masked")


def _form_said(form: Form) -> str:
    return _("personal data in full") if form.full_personal_data else _("personal data masked")
