"""Saves the one-page brief as Word: masked, logged like everything that leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.casework.escalating.brief import Brief
    from escalation_desk.desktop.pages import Frame, Progress


def save_brief(frame: Frame, case: Case, brief: Brief, authorities: Sequence[str], language: str) -> None:
    """Ask where, then write the page beside the window."""
    # What writes Word is loaded when something leaves.
    from escalation_desk.desktop.papers import doing
    from escalation_desk.documents.brief_document import export_brief
    from escalation_desk.documents.leaving import Leave

    offered = doing.file_name(frame, _("Escalation brief"), case.case_no, ".docx")
    path = doing.ask_where(frame, _("Save as Word"), offered, _("Word documents (*.docx)"))
    if path is None:
        return

    def work(_strip: Progress) -> ExportRecord:
        return export_brief(frame.verbs.journal, case.id, brief, authorities, path, language, Leave())

    def done(record: ExportRecord) -> None:
        frame.tell(_("{file} is written and logged as {number}.", file=path, number=record.name))

    doing.beside(frame, _("Writing {file}", file=path.name), work, done)
