"""`export`: Word summaries, their PDF, and Excel lists, each logged with its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.views import VIEWS
from escalation_desk.cli.looking import query_of
from escalation_desk.documents.case_summary import Form
from escalation_desk.documents.leaving import Leave, export_cases, export_list
from escalation_desk.i18n import _, language
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from escalation_desk.journal.journal import Journal

    WritePdf = Callable[[Journal, Sequence[str], Path, Form, Leave], object]


def export(journal: Journal, asked: Namespace, write_pdf: WritePdf) -> str:
    path = asked.to.absolute()
    if asked.what == "list":
        return _list(journal, asked, path)
    if asked.full_personal_data and not asked.reason.strip():
        raise Refused(_("Personal data leave in full only with a reason; add --reason TEXT."))
    form = Form(
        language=asked.language or language(),
        long=not asked.short,
        internal=not asked.without_internal_notes,
        full_personal_data=asked.full_personal_data,
    )
    leave = Leave(asked.reason if asked.full_personal_data else "")
    made = journal.reader()
    try:
        case_ids = [reading.case_id(made, number) for number in asked.numbers]
    finally:
        made.close()
    match path.suffix.lower():
        case ".docx":
            export_cases(journal, case_ids, path, form, leave)
        case ".pdf":
            write_pdf(journal, case_ids, path, form, leave)
        case _:
            raise Refused(_("A case summary is a .docx or a .pdf; give the file such a name."))
    return _("{file} is written and logged.", file=path)


def _list(journal: Journal, asked: Namespace, path: Path) -> str:
    if path.suffix.lower() != ".xlsx":
        raise Refused(_("A list is an .xlsx; give the file such a name."))
    made = journal.reader()
    try:
        query = query_of(journal, made, None, asked.view, asked.search)
    finally:
        made.close()
    view = VIEWS.get(asked.view)
    record = export_list(journal, query, path, _(view.label) if view else asked.view)
    return _("{file} is written and logged: {rows} rows.", file=path, rows=record.items)
