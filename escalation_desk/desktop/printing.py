"""Prints case summaries: on paper with a preview, or as a PDF of the same pages.

The pages follow from the same blocks as the Word file. Texts are put in as plain text, never as markup.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.desktop.typeset import bits
from escalation_desk.desktop.typeset.bits import HAIR, UNITS
from escalation_desk.desktop.typeset.laying import Laying
from escalation_desk.desktop.typeset.paging import Sheet, paged
from escalation_desk.documents.case_document import classification, content_hash, form_said
from escalation_desk.documents.files import Cancelled, never, no_progress, replace_file
from escalation_desk.documents.leaving import Leave, log, permitted, summaries
from escalation_desk.documents.outline import contents, outline
from escalation_desk.documents.words import stamp, utc_offset
from escalation_desk.i18n import _, speaking
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from escalation_desk.documents.case_summary import CaseSummary, Form, Issue
    from escalation_desk.journal.journal import Journal

_MARGIN_MM = 18.0
_HASH_SHOWN = 12
_HEAD, _FOOT = 34.0 * UNITS, 30.0 * UNITS  # What the bands at the head and the foot of a page take.


@dataclass
class Pages:
    """Case summaries laid out for one print, with what stands on every page beside them.

    Cases are laid out one at a time and let go: first to count their pages, then to paint them. So a thousand take no
    more memory than one.
    """

    cases: Sequence[CaseSummary]
    form: Form
    issue: Issue

    def paint(
        self,
        device: QPagedPaintDevice,
        progress: Callable[[int, int], None] = no_progress,
        cancelled: Callable[[], bool] = never,
    ) -> None:
        """Paint all pages on paper of any size and resolution."""
        with speaking(self.form.language):
            room = _room(device)
            watch = _Watch(2 * len(self.cases), progress, cancelled)
            counts = [len(self._sheets(n, room)) for n in watch.over(range(len(self.cases)))]
            first = self._contents(room, counts)
            total = len(first) + sum(counts)
            painter = QPainter(device)
            try:
                painting = _Painting(painter, device, room, self._said(), total)
                painting.add(first)
                for n in watch.over(range(len(self.cases))):
                    painting.add(self._sheets(n, room))
            finally:
                painter.end()

    def _sheets(self, n: int, room: QRectF) -> list[Sheet]:
        many = len(self.cases)
        place = _("{n} of {total}", n=n + 1, total=many) if many > 1 else ""
        blocks = outline(self.cases[n], self.form, self.issue, place)
        return paged(Laying(room.width(), room.height()).strips(blocks), room.height())

    def _contents(self, room: QRectF, counts: Sequence[int]) -> list[Sheet]:
        """Lay out the table of contents of several cases: once to know its length, once with the numbers of pages."""
        if len(self.cases) < 2:
            return []
        pages = [0] * len(counts)
        for _turn in range(2):
            blocks = contents(self.cases, self.form, self.issue, pages)
            sheets = paged(Laying(room.width(), room.height()).strips(blocks), room.height())
            pages = [len(sheets) + 1 + sum_before for sum_before in _running(counts)]
        return sheets

    @cached_property
    def content_hash(self) -> str:
        return content_hash(self.cases, self.form, self.issue)

    @property
    def title(self) -> str:
        title = _("Case summary")
        return f"{title} {self.cases[0].head.number}" if len(self.cases) == 1 else title

    def _said(self) -> _Said:
        issue = self.issue
        as_of = f"{stamp(issue.as_of, issue.zone)} {utc_offset(issue.as_of, issue.zone)}"
        return _Said(
            title=self.title,
            number=issue.number,
            desk=f"{issue.organisation} · {issue.desk}",
            classification=classification(self.cases, self.form),
            form=form_said(self.form),
            made=" · ".join(filter(None, (as_of, issue.by, issue.sync_state))),
            digest=self.content_hash[:_HASH_SHOWN],
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands at the head and the foot of every page."""

    title: str
    number: str
    desk: str
    classification: str
    form: str
    made: str
    digest: str


def _running(counts: Sequence[int]) -> Iterator[int]:
    """Give the sum of what comes before each."""
    before = 0
    for count in counts:
        yield before
        before += count


@dataclass
class _Watch:
    """Tells how far the work is and looks whether anybody still wants it."""

    total: int
    progress: Callable[[int, int], None]
    cancelled: Callable[[], bool]
    done: int = 0

    def over(self, numbers: range) -> Iterator[int]:
        for n in numbers:
            if self.cancelled():
                raise Cancelled
            yield n
            self.done += 1
            self.progress(self.done, self.total)


def _room(device: QPagedPaintDevice) -> QRectF:
    """Measure the page between margins and bands; the same in the unit of the layout on every device."""
    page = device.pageLayout().paintRect(QPageLayout.Unit.Point)
    return QRectF(0, 0, page.width() * UNITS, page.height() * UNITS - _HEAD - _FOOT)


@dataclass
class _Painting:
    """Paints sheet after sheet with head and foot."""

    painter: QPainter
    device: QPagedPaintDevice
    room: QRectF
    said: _Said
    total: int
    page: int = 0

    def add(self, sheets: Sequence[Sheet]) -> None:
        for sheet in sheets:
            if self.page:
                self.device.newPage()
            self.page += 1
            self.painter.save()
            scale = self.device.logicalDpiX() / (72 * UNITS)
            self.painter.scale(scale, scale)
            self._bands()
            sheet.paint(self.painter, 0, _HEAD)
            self.painter.restore()

    def _bands(self) -> None:
        said = self.said
        foot = _HEAD + self.room.height() + _FOOT - 22 * UNITS
        self._pair((_("Case summary").upper(), bits.KICKER), (said.number, bits.BAND_STRONG), 0)
        self._pair((said.desk, bits.BAND), (said.classification, bits.BAND), 12 * UNITS)
        self.painter.fillRect(QRectF(0, foot - 5 * UNITS, self.room.width(), 0.5 * UNITS), QColor(HAIR))
        pages = _("Page {page} of {pages}", page=self.page, pages=self.total)
        after = bits.advance(said.title, bits.FOOT_STRONG)
        bits.one_line(said.title, bits.FOOT_STRONG, after + UNITS).paint(self.painter, 0, foot)
        self._pair((f"  ·  {said.form}", bits.FOOT), (pages, bits.FOOT), foot, after)
        self._pair((said.made, bits.FOOT), (f"# {said.digest}", bits.FOOT), foot + 11 * UNITS)

    def _pair(self, left: tuple[str, bits.Type], right: tuple[str, bits.Type], y: float, after: float = 0) -> None:
        aside = bits.advance(*right)
        bits.lines(right[0], right[1], aside + UNITS)[0].paint(self.painter, self.room.width() - aside, y)
        bits.one_line(*left, self.room.width() - aside - after - 12 * UNITS).paint(self.painter, after, y)


def write_pdf(
    journal: Journal,
    case_ids: Sequence[str],
    path: Path,
    form: Form,
    leave: Leave,
    *,
    progress: Callable[[int, int], None] = no_progress,
    cancelled: Callable[[], bool] = never,
) -> ExportRecord:
    """Write case summaries as one PDF and log it. Works without a display."""
    ensure_application()
    pages = gather(journal, case_ids, permitted(form, leave, profile_of(journal)), cancelled)
    sha256 = replace_file(path, lambda stream: _write(stream, path.parent, pages, progress, cancelled))
    return logged(journal, case_ids, pages, leave, sha256, ExportFormat.PDF, path.name)


def _write(
    stream: IO[bytes],
    folder: Path,
    pages: Pages,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Let Qt write into a private folder beside the target: it takes a name, not an open file."""
    with tempfile.TemporaryDirectory(prefix=".print-", dir=folder) as beside:
        made = Path(beside) / "pages.pdf"
        writer = QPdfWriter(str(made))
        writer.setResolution(600)
        with speaking(pages.form.language):
            writer.setTitle(pages.title)
        writer.setCreator("Escalation Desk")
        set_page(writer)
        pages.paint(writer, progress, cancelled)
        del writer  # Closes the file.
        with made.open("rb") as whole:
            while chunk := whole.read(1 << 20):
                stream.write(chunk)


def gather(journal: Journal, case_ids: Sequence[str], form: Form, cancelled: Callable[[], bool] = never) -> Pages:
    """Read the cases as they stand now; their pictures are read when they are painted."""
    cases, issue = summaries(journal, case_ids, form, cancelled)
    return Pages(cases, form, issue)


def logged(
    journal: Journal,
    case_ids: Sequence[str],
    pages: Pages,
    leave: Leave,
    sha256: str,
    format_: ExportFormat,
    name: str,
) -> ExportRecord:
    """Log a print or a PDF. Paper has no file to hash: there it is the hash of what the pages say."""
    return log(
        journal,
        ExportRecord(
            form=ExportKind.CASE_SUMMARY,
            document_no=pages.issue.number,
            subjects=tuple(case_ids),
            file_name=name,
            language=Language(pages.form.language),  # type: ignore[call-arg]
            format=format_,
            personal_data=leave.personal_data,
            reason=leave.reason.strip() or None,
            content_sha256=sha256,
            snapshot_at=pages.issue.as_of,
            sync_state=pages.issue.sync_state,
            items=len(pages.cases),
        ),
    )


def set_page(device: QPagedPaintDevice) -> None:
    """Choose A4 with the desk's margins."""
    margins = QMarginsF(_MARGIN_MM, 12.0, _MARGIN_MM, 11.0)  # Head and foot stand in the margins, as in Word.
    device.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )


def ensure_application() -> None:
    """Make sure that Qt runs: a command writes a PDF without a window, and without a display."""
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        _kept.append(QGuiApplication([]))


_kept: list[QGuiApplication] = []
