"""Prints case summaries: a few with a preview of the very pages, many at once beside the window; all are logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QDialog

from escalation_desk.casework.choices import ExportFormat
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.papers import doing
from escalation_desk.desktop.printing import Pages, gather, logged, set_page
from escalation_desk.documents.leaving import permitted
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.desktop.pages import Frame, Progress
    from escalation_desk.documents.case_summary import Form
    from escalation_desk.documents.leaving import Leave

# The preview lays out all pages at once, on the window's thread: it is for as many as that takes no time to speak of.
_PREVIEWED: Final = 12


def print_cases(frame: Frame, ids: Sequence[str], form: Form, leave: Leave) -> None:
    """Gather the cases beside the window, then show or print their pages."""
    journal, me = frame.verbs.journal, frame.verbs.me

    def work(strip: Progress) -> Pages:
        return gather(journal, ids, permitted(form, leave, me), lambda: strip.cancelled)

    def show(pages: Pages) -> None:
        if len(pages.cases) <= _PREVIEWED:
            Preview(frame, ids, pages, leave).open()
        else:
            _print_many(frame, ids, pages, leave)

    doing.beside(frame, _("Gathering what is printed"), work, show)


def printer_for(pages: Pages) -> QPrinter:
    """Make a printer that knows the page and what the document is called."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_page(printer)
    printer.setDocName(pages.issue.number)
    printer.setCreator("Escalation Desk")
    return printer


class Preview(QPrintPreviewDialog):
    """Shows the pages; what is printed from it is logged."""

    def __init__(self, frame: Frame, ids: Sequence[str], pages: Pages, leave: Leave) -> None:
        self._printer = printer_for(pages)  # Qt only points to it, so it lives as long as this does.
        super().__init__(self._printer, frame.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Print: {title}", title=pages.title))
        letters = look().letters
        self.resize(letters.px(60), letters.px(62))
        self.paintRequested.connect(pages.paint)
        self.accepted.connect(lambda: _log(frame, ids, pages, leave))


def _print_many(frame: Frame, ids: Sequence[str], pages: Pages, leave: Leave) -> None:
    """Print without a preview; the pages are laid out and sent beside the window."""
    printer = printer_for(pages)
    if QPrintDialog(printer, frame.window()).exec() != QDialog.DialogCode.Accepted:
        return

    def work(strip: Progress) -> ExportRecord:
        pages.paint(printer, strip.at, lambda: strip.cancelled)
        return _logged(frame, ids, pages, leave)

    title = n_("Printing {n} case", "Printing {n} cases", len(pages.cases))
    doing.beside(frame, title, work, lambda record: _told(frame, record))


def _log(frame: Frame, ids: Sequence[str], pages: Pages, leave: Leave) -> None:
    frame.verbs.run(lambda: _logged(frame, ids, pages, leave), lambda record: _told(frame, record))


def _logged(frame: Frame, ids: Sequence[str], pages: Pages, leave: Leave) -> ExportRecord:
    return logged(frame.verbs.journal, ids, pages, leave, pages.content_hash, ExportFormat.PRINT, "")


def _told(frame: Frame, record: ExportRecord) -> None:
    frame.tell(_("Printed and logged as {number}.", number=record.name))
