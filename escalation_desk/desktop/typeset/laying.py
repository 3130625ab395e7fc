"""Turns the blocks of a document into strips for the page, in the look of the built-in Word template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from escalation_desk.desktop.typeset import bits
from escalation_desk.desktop.typeset.bits import ACCENT, GREY, HAIR, PER_MM, UNITS, WASH, Bit
from escalation_desk.desktop.typeset.paging import Strip
from escalation_desk.documents.blocks import (
    Beside,
    Block,
    Chips,
    Facts,
    Heading,
    Line,
    Look,
    Paragraph,
    PictureBlock,
    RowNote,
    Signatures,
    TableBlock,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtGui import QPainter

_HEADINGS: Final = {1: (bits.TITLE, 0, 4), 2: (bits.HEADING, 9, 3), 3: (bits.PART, 9, 3)}
_FACTS, _CARD, _NARROW = (26, 74), (20, 80), (43, 57)
_GUTTER: Final = 12.0
_ABREAST: Final = 4
_PAD: Final = 1.5 * UNITS
_CELL: Final = 3.5 * UNITS
_PICTURE_MM, _ANNEX_MM = (82, 80), 195
# A row is kept whole up to this share of the page; a longer one may be cut between its lines.
_WHOLE: Final = 0.5

Decorate = Callable[["QPainter", QRectF], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a cell of a row begins, and what is in it."""

    x: float
    bits: list[Bit]

    @property
    def height(self) -> float:
        return sum(bit.height for bit in self.bits)


@dataclass(frozen=True)
class Laying:
    """Lays out blocks for a page of a width and a height."""

    width: float
    height: float

    def strips(self, blocks: Iterable[Block]) -> list[Strip]:
        return [strip for block in blocks for strip in self._block(block)]

    def _block(self, block: Block) -> list[Strip]:
        laid: dict[type, Callable[[Any], list[Strip]]] = {
            Heading: self._heading,
            Chips: self._chips,
            Paragraph: self._paragraph,
            Line: self._quiet,
            Facts: self._facts,
            Beside: self._beside,
            TableBlock: self._table,
            PictureBlock: self._picture,
            Signatures: self._signatures,
        }
        return laid[type(block)](block)

    def _chips(self, block: Chips) -> list[Strip]:
        return _stacked(bits.row_of_chips(block.words, self.width, remark=block.remark), after=6)

    def _paragraph(self, block: Paragraph) -> list[Strip]:
        if block.quoted:
            return self._quote(block.text)
        return _stacked(bits.lines(block.text, bits.BODY, self.width), after=6)

    def _heading(self, block: Heading) -> list[Strip]:
        kind, before, after = _HEADINGS[block.level]
        made = _stacked(bits.lines(block.text, kind, self.width, number=block.number), before=before, after=after)
        kept = [replace(strip, keep=True) for strip in made]
        return [replace(kept[0], new_page=block.new_page), *kept[1:]]

    def _quiet(self, block: Line) -> list[Strip]:
        if not block.leads:
            return _stacked(bits.lines(block.text, bits.SMALL, self.width), before=2, after=4)
        made = _stacked(bits.lines(block.text, bits.QUOTE_HEAD, self.width), before=8, after=2)
        return [replace(strip, keep=True) for strip in made]

    def _quote(self, text: str) -> list[Strip]:
        def bar(painter: QPainter, box: QRectF) -> None:
            painter.fillRect(QRectF(box.x(), box.y(), 2.25 * UNITS, box.height()), QColor(HAIR))

        inside = bits.lines(text, bits.BODY, self.width - 12 * UNITS)
        return self._row([Cell(12 * UNITS, inside)], bar, pad=0, throughout=True)

    def _picture(self, block: PictureBlock) -> list[Strip]:
        made = bits.picture(block, self.width, _ANNEX_MM * PER_MM)
        return [Strip(bit.height, bit.paint, keep=bit is not made[-1]) for bit in made]

    # Facts

    def _facts(self, block: Facts) -> list[Strip]:
        if block.look is Look.GRID:
            return self._grid(block.pairs)
        if block.look is Look.LIST:
            return [strip for pair in block.pairs for strip in self._fact(pair)]
        frame = _card if block.look is Look.CARD else _box
        rows = [self._pair(pair, _CARD, inset=8.5) for pair in block.pairs]
        return _framed(rows, frame, self.width)

    def _fact(self, pair: tuple[str, str]) -> list[Strip]:
        narrow = self.width < 100 * PER_MM
        return self._row(self._pair(pair, _NARROW if narrow else _FACTS, narrow=narrow), _under(HAIR), pad=_PAD)

    def _pair(
        self, pair: tuple[str, str], shares: tuple[int, int], inset: float = 0, *, narrow: bool = False
    ) -> list[Cell]:
        room = self.width - 2 * inset * UNITS
        first = room * shares[0] / 100
        label = bits.lines(pair[0], bits.FACT_LABEL, first - 8 * UNITS)
        value = bits.lines(pair[1], bits.TABLE if narrow else bits.BODY, room - first)
        return [Cell(inset * UNITS, label), Cell(inset * UNITS + first, value)]

    def _grid(self, pairs: Sequence[tuple[str, str]]) -> list[Strip]:
        wide = self.width / _ABREAST
        rows = [pairs[at : at + _ABREAST] for at in range(0, len(pairs), _ABREAST)]
        made = []
        for n, row in enumerate(rows):
            cells = [
                Cell(
                    at * wide,
                    bits.lines(label, bits.LABEL, wide - 4 * UNITS) + bits.lines(value, bits.BODY, wide - 4 * UNITS),
                )
                for at, (label, value) in enumerate(row)
            ]
            made += self._row(cells, _under(HAIR) if n else _over_and_under(HAIR), pad=_PAD, keep=n < len(rows) - 1)
        return made

    def _beside(self, block: Beside) -> list[Strip]:
        """Set two columns side by side; where one is long, below each other."""
        half = (self.width - _GUTTER * UNITS) / 2
        columns = [Laying(half, self.height).strips(blocks) for blocks in (block.left, block.right)]
        highest = max(sum(strip.gap + strip.height for strip in column) for column in columns)
        if highest > self.height * _WHOLE:
            return self.strips((*block.left, *block.right))

        def paint(painter: QPainter, x: float, y: float) -> None:
            for n, column in enumerate(columns):
                top = y - column[0].gap
                for strip in column:
                    strip.paint(painter, x + n * (half + _GUTTER * UNITS), top + strip.gap)
                    top += strip.gap + strip.height

        gap = columns[0][0].gap
        return [Strip(highest - gap, paint, gap)]

    # Tables

    def _table(self, block: TableBlock) -> list[Strip]:
        widths = [self.width * share / sum(block.widths) for share in block.widths]
        header = self._row(_cells(block.header, widths, bits.TABLE_HEAD), _under(ACCENT, 1), pad=2 * UNITS)
        first = replace(header[0], keep=True)
        made = [first]
        for n, row in enumerate(block.rows):
            cells = _cells(row, widths, bits.TABLE)
            if n < len(block.notes):
                cells[block.noted].bits.extend(_note(block.notes[n], widths[block.noted] - 2 * _CELL))
            made += [replace(strip, header=first) for strip in self._row(cells, _under(HAIR), pad=2 * UNITS)]
        return made

    def _row(
        self, cells: list[Cell], decorate: Decorate, *, pad: float, keep: bool = False, throughout: bool = False
    ) -> list[Strip]:
        """Set a row as slices that may be parted; a row that is not long is kept whole."""
        whole = max(cell.height for cell in cells)
        cuts = _cuts(cells, whole)
        slices = list(zip([0.0, *cuts], [*cuts, whole], strict=True))
        together = whole + 2 * pad <= self.height * _WHOLE
        if together:
            slices = [(0.0, whole)]
        last = len(slices) - 1
        return [
            _slice(
                cells,
                span,
                decorate if n == last or throughout else _nothing,
                self.width,
                (pad if n == 0 else 0.0, pad if n == last else 0.0),
                keep=keep if n == last else n in {0, last - 1},
            )
            for n, span in enumerate(slices)
        ]

    def _signatures(self, block: Signatures) -> list[Strip]:
        wide = self.width / len(block.roles)
        height = 70 * UNITS

        def paint(painter: QPainter, x: float, y: float) -> None:
            for n, role in enumerate(block.roles):
                left = x + n * wide
                room = wide - _GUTTER * UNITS
                bits.lines(role, bits.LABEL, room)[0].paint(painter, left, y)
                painter.fillRect(QRectF(left, y + 54 * UNITS, room, 0.5 * UNITS), QColor(GREY))
                bits.lines(block.under, bits.LABEL, room)[0].paint(painter, left, y + 57 * UNITS)

        return [Strip(height, paint)]


def _stacked(made: list[Bit], *, before: float = 0, after: float = 0) -> list[Strip]:
    """Set lines below each other; the first two and the last two stay together."""
    last = len(made) - 1
    return [
        Strip(
            bit.height + (after * UNITS if n == last else 0),
            bit.paint,
            before * UNITS if n == 0 else 0,
            keep=n != last and n in {0, last - 1},
        )
        for n, bit in enumerate(made)
    ]


def _cells(texts: Sequence[str], widths: Sequence[float], kind: bits.Type) -> list[Cell]:
    starts = accumulate(widths, initial=0.0)
    return [
        Cell(start + _CELL, bits.lines(text, kind, width - 2 * _CELL))
        for start, text, width in zip(starts, texts, widths, strict=False)
    ]


def _note(note: RowNote, width: float) -> Iterator[Bit]:
    if note.mark:
        yield from bits.row_of_chips([note.mark], width, bits.MARK)
    for one in note.pictures:
        yield from bits.picture(one, min(width, _PICTURE_MM[0] * PER_MM), _PICTURE_MM[1] * PER_MM)


def _cuts(cells: Sequence[Cell], whole: float) -> list[float]:
    """Find the heights at which no line and no picture of any cell would be cut through."""
    spans = [
        (end - bit.height, end)
        for cell in cells
        for bit, end in zip(cell.bits, accumulate(bit.height for bit in cell.bits), strict=True)
    ]
    ends = sorted({round(end, 2) for _start, end in spans if end < whole - 1})
    longest = max(cells, key=lambda cell: cell.height)
    if all(bit.height == longest.bits[0].height for bit in longest.bits):
        return ends  # Nothing but lines of one height, the common case: every line is a cut.
    return [cut for cut in ends if not any(start + 1 < cut < end - 1 for start, end in spans)]


def _slice(
    cells: Sequence[Cell],
    span: tuple[float, float],
    decorate: Decorate,
    width: float,
    pads: tuple[float, float],
    *,
    keep: bool,
) -> Strip:
    begin, end = span
    parts = [
        (cell.x, start - begin + pads[0], bit)
        for cell in cells
        for bit, start in zip(cell.bits, accumulate((b.height for b in cell.bits), initial=0.0), strict=False)
        if begin - 1 <= start < end - 1
    ]
    height = end - begin + sum(pads)

    def paint(painter: QPainter, x: float, y: float) -> None:
        decorate(painter, QRectF(x, y, width, height))
        for left, top, bit in parts:
            bit.paint(painter, x + left, y + top)

    return Strip(height, paint, keep=keep)


def _framed(rows: list[list[Cell]], frame: Decorate, width: float) -> list[Strip]:
    """Set rows of facts in one frame."""
    made = []
    for n, cells in enumerate(rows):
        ends = (n == 0, n == len(rows) - 1)
        whole = max(cell.height for cell in cells)
        pads = (3 * UNITS if ends[0] else _PAD, 3 * UNITS if ends[1] else _PAD)

        def sides(painter: QPainter, box: QRectF, ends: tuple[bool, bool] = ends) -> None:
            frame(painter, box)
            if frame is _box:
                _close_box(painter, box, *ends)

        made.append(_slice(cells, (0.0, whole), sides, width, pads, keep=not ends[1]))
    return made


def _card(painter: QPainter, box: QRectF) -> None:
    painter.fillRect(box, QColor(WASH))
    painter.fillRect(QRectF(box.x(), box.y(), 3 * UNITS, box.height()), QColor(ACCENT))


def _box(painter: QPainter, box: QRectF) -> None:
    thick = 1.5 * UNITS
    for x in (box.x(), box.right() - thick):
        painter.fillRect(QRectF(x, box.y(), thick, box.height()), QColor(ACCENT))


def _close_box(painter: QPainter, box: QRectF, first: bool, last: bool) -> None:
    thick = 1.5 * UNITS
    for y in [box.y()] * first + [box.bottom() - thick] * last:
        painter.fillRect(QRectF(box.x(), y, box.width(), thick), QColor(ACCENT))


def _under(colour: str, points: float = 0.5) -> Decorate:
    def rule(painter: QPainter, box: QRectF) -> None:
        painter.fillRect(QRectF(box.x(), box.bottom() - points * UNITS, box.width(), points * UNITS), QColor(colour))

    return rule


def _over_and_under(colour: str) -> Decorate:
    under = _under(colour)

    def rules(painter: QPainter, box: QRectF) -> None:
        under(painter, box)
        painter.fillRect(QRectF(box.x(), box.y(), box.width(), 0.5 * UNITS), QColor(colour))

    return rules


def _nothing(_painter: QPainter, _box: QRectF) -> None:
    """Leave a slice in the middle of a row bare."""
