"""Prints case summaries: on paper with a preview, or as a PDF of the same pages.

The pages follow from the same blocks as the Word file. Texts are put in as plain text, never as markup.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.blocks import Block, Facts, Heading, Line, Paragraph, PictureBlock, TableBlock
from escalation_desk.documents.case_document import content_hash
from escalation_desk.documents.files import replace_file
from escalation_desk.documents.leaving import Leave, log, permitted, summaries
from escalation_desk.documents.outline import outline
from escalation_desk.documents.pictures import Picture, prepare
from escalation_desk.documents.words import stamp, utc_offset
from escalation_desk.i18n import _, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from escalation_desk.documents.case_summary import CaseSummary, Form, Issue
    from escalation_desk.journal.journal import Journal

_MARGINS_MM = 18.0
_BAND_MM = 8.0
_POINTS_PER_MM = 72 / 25.4
_INK, _QUIET, _ACCENT, _RULE, _SHADE = "#1B1F24", "#5B6470", "#0E6B6B", "#C9CED6", "#F1F4F5"
_SIZES = {1: 17.0, 2: 12.0, 3: 10.5}
_BODY, _SMALL = 9.5, 8.0


@dataclass(frozen=True)
class Pages:
    """Case summaries laid out for one print: what stands on every page beside them."""

    cases: Sequence[CaseSummary]
    form: Form
    issue: Issue

    def paint(self, device: QPagedPaintDevice) -> None:
        """Paint all cases, each beginning on its own page, on paper of any size and resolution."""
        painter = QPainter(device)
        try:
            for number, case in enumerate(self.cases):
                if number:
                    device.newPage()
                self._paint_case(painter, device, case)
        finally:
            painter.end()

    def _paint_case(self, painter: QPainter, device: QPagedPaintDevice, case: CaseSummary) -> None:
        scale = device.logicalDpiX() / 72
        page = device.pageLayout().paintRectPixels(device.logicalDpiX()).size()
        width, height = page.width() / scale, page.height() / scale
        band = _BAND_MM * _POINTS_PER_MM
        with speaking(self.form.language):
            document = _document(outline(case, self.form, self.issue), QSizeF(width, height - 2 * band))
            pages = document.pageCount()
            for page_number in range(pages):
                if page_number:
                    device.newPage()
                painter.save()
                painter.scale(scale, scale)
                self._paint_bands(painter, case, QSizeF(width, height), page_number + 1, pages)
                painter.translate(0, band - page_number * (height - 2 * band))
                clip = QRectF(0, page_number * (height - 2 * band), width, height - 2 * band)
                document.drawContents(painter, clip)
                painter.restore()

    def _paint_bands(self, painter: QPainter, case: CaseSummary, size: QSizeF, page: int, pages: int) -> None:
        digest = content_hash(self.cases, self.form, self.issue)[:12]
        masked = _("Confidential – personal data masked")
        full = _("Confidential – contains personal data")
        as_of = f"{stamp(self.issue.as_of, self.issue.zone)} {utc_offset(self.issue.as_of, self.issue.zone)}"
        painter.setFont(_font(_SMALL))
        painter.setPen(QColor(_QUIET))
        line = _SMALL * 1.6
        header = (f"{self.issue.organisation} · {self.issue.desk}", full if self.form.full_personal_data else masked)
        footer = (
            f"{_('Case summary')} {case.head.number} · {as_of} · {self.issue.sync_state} · {digest}",
            _("Page {page} of {pages}", page=page, pages=pages),
        )
        for top, (left, right) in ((0.0, header), (size.height() - line, footer)):
            place = QRectF(0, top, size.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, left)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, right)


def write_pdf(journal: Journal, case_ids: Sequence[str], path: Path, form: Form, leave: Leave) -> ExportRecord:
    """Write case summaries as one PDF and log it. Works without a display."""
    ensure_application()
    pages = gather(journal, case_ids, permitted(form, leave))

    def write(stream: IO[bytes]) -> None:
        with tempfile.TemporaryDirectory(prefix=".print-", dir=path.parent) as beside:
            made = Path(beside) / "pages.pdf"
            writer = QPdfWriter(str(made))
            writer.setResolution(300)
            writer.setTitle(_("Case summary"))
            writer.setCreator("Escalation Desk")
            set_page(writer)
            pages.paint(writer)
            del writer
            stream.write(made.read_bytes())

    return logged(journal, case_ids, pages, leave, replace_file(path, write), ExportFormat.PDF, path.name)


def gather(journal: Journal, case_ids: Sequence[str], form: Form) -> Pages:
    """Read the cases as they stand now."""
    made = journal.reader()
    try:
        cases, issue = summaries(journal, made, case_ids, form)
        return Pages([_with_its_pictures(case) for case in cases], form, issue)
    finally:
        made.close()


def _with_its_pictures(case: CaseSummary) -> CaseSummary:
    """Read the pictures of a case now, while the reader that knows them is open."""
    timeline = tuple(replace(one, pictures=tuple(map(_read, one.pictures))) for one in case.timeline)
    evidence = tuple(replace(one, picture=_read(one.picture) if one.picture else None) for one in case.evidence)
    return replace(case, timeline=timeline, evidence=evidence)


def _read(picture: Picture) -> Picture:
    content = picture.read()
    return Picture(picture.name, lambda: content)


def logged(
    journal: Journal,
    case_ids: Sequence[str],
    pages: Pages,
    leave: Leave,
    sha256: str,
    format_: ExportFormat,
    name: str,
) -> ExportRecord:
    """Log a print or a PDF."""
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
    margins = QMarginsF(_MARGINS_MM, _MARGINS_MM, _MARGINS_MM, _MARGINS_MM)
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


def _font(points: float, *, bold: bool = False) -> QFont:
    font = QFont("Noto Sans")
    font.setPointSizeF(points)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _document(blocks: list[Block], size: QSizeF) -> QTextDocument:
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setDefaultFont(_font(_BODY))
    document.setPageSize(size)
    cursor = QTextCursor(document)
    for block in blocks:
        _lay(cursor, block, size)
    return document


def _lay(cursor: QTextCursor, block: Block, size: QSizeF) -> None:
    match block:
        case Heading():
            _heading(cursor, block)
        case Paragraph():
            _text(cursor, block.text, indent=12.0 if block.quoted else 0.0)
        case Line():
            _text(cursor, block.text, colour=_QUIET, points=_SMALL)
        case Facts():
            _table(cursor, None, list(block.pairs), (26, 74), labelled=True)
        case TableBlock():
            _table(cursor, block.header, list(block.rows), block.widths)
        case PictureBlock():
            _picture(cursor, block, size)


def _heading(cursor: QTextCursor, block: Heading) -> None:
    form = QTextBlockFormat()
    form.setTopMargin(0 if block.level == 1 else 11)
    form.setBottomMargin(5)
    form.setHeadingLevel(block.level)
    if block.new_page:
        form.setPageBreakPolicy(QTextBlockFormat.PageBreakFlag.PageBreak_AlwaysBefore)
    _put(cursor, block.text, form, _characters(_SIZES[block.level], _INK if block.level == 1 else _ACCENT, bold=True))


def _text(cursor: QTextCursor, text: str, *, indent: float = 0.0, colour: str = _INK, points: float = _BODY) -> None:
    form = QTextBlockFormat()
    form.setLeftMargin(indent)
    form.setBottomMargin(4)
    form.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    _put(cursor, text, form, _characters(points, colour))


def _put(cursor: QTextCursor, text: str, form: QTextBlockFormat, characters: QTextCharFormat) -> None:
    cursor.movePosition(QTextCursor.MoveOperation.End)
    if cursor.document().isEmpty():
        cursor.setBlockFormat(form)
        cursor.setCharFormat(characters)
    else:
        cursor.insertBlock(form, characters)
    cursor.insertText(text.replace("\n", "\u2028"), characters)


def _characters(points: float, colour: str, *, bold: bool = False) -> QTextCharFormat:
    characters = QTextCharFormat()
    characters.setFont(_font(points, bold=bold))
    characters.setForeground(QColor(colour))
    return characters


def _table(
    cursor: QTextCursor,
    header: tuple[str, ...] | None,
    rows: list[tuple[str, ...]],
    widths: tuple[int, ...],
    *,
    labelled: bool = False,
) -> None:
    if not rows:
        return
    cursor.movePosition(QTextCursor.MoveOperation.End)
    form = QTextTableFormat()
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    form.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, width) for width in widths])
    form.setCellPadding(3)
    form.setCellSpacing(0)
    form.setBorder(0 if labelled else 0.6)
    form.setBorderBrush(QColor(_RULE))
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderCollapse(True)
    form.setHeaderRowCount(1 if header else 0)
    form.setBottomMargin(6)
    lines = [header, *rows] if header else rows
    table = cursor.insertTable(len(lines), len(widths), form)
    for line, cells in enumerate(lines):
        for column, text in enumerate(cells):
            cell = table.cellAt(line, column)
            if header and line == 0:
                shaded = QTextTableCellFormat()
                shaded.setBackground(QColor(_SHADE))
                cell.setFormat(shaded)
            _cell(cell.firstCursorPosition(), text, heads=bool(header) and line == 0, label=labelled and column == 0)
    cursor.movePosition(QTextCursor.MoveOperation.End)


def _cell(cursor: QTextCursor, text: str, *, heads: bool, label: bool) -> None:
    form = QTextBlockFormat()
    form.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    colour = _QUIET if heads or label else _INK
    characters = _characters(_SMALL if heads or label else _BODY - 0.5, colour, bold=heads)
    cursor.setBlockFormat(form)
    cursor.setCharFormat(characters)
    cursor.insertText(text.replace("\n", "\u2028"), characters)


def _picture(cursor: QTextCursor, block: PictureBlock, size: QSizeF) -> None:
    try:
        prepared = prepare(block.picture)
    except Refused as sentence:
        _text(cursor, str(sentence), colour=_QUIET)
        return
    image = QImage.fromData(prepared.content)
    scale = min(1.0, size.width() * 0.9 / max(image.width(), 1), size.height() * 0.45 / max(image.height(), 1))
    name = QUrl(f"picture:{cursor.position()}")
    cursor.document().addResource(QTextDocument.ResourceType.ImageResource.value, name, image)
    shown = QTextImageFormat()
    shown.setName(name.toString())
    shown.setWidth(image.width() * scale)
    shown.setHeight(image.height() * scale)
    _put(cursor, "", QTextBlockFormat(), _characters(_BODY, _INK))
    cursor.insertImage(shown)
    _text(cursor, block.caption, colour=_QUIET, points=_SMALL)
