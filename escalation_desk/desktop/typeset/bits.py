"""The smallest things on a printed page: a line of words, a row of chips, a picture.

All lengths are twentieths of a point and fonts have pixel sizes in that unit, so that every printer, every PDF and the
preview break the same lines at the same places. Texts are laid out as plain text; there is no markup to be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.pictures import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.documents.blocks import PictureBlock

UNITS: Final = 20  # In a point.
PER_MM: Final = UNITS * 72 / 25.4
INK, GREY, ACCENT, HAIR, WASH, CHIP = "#1F2A30", "#5B6770", "#0E6B6B", "#D3DADE", "#F1F6F6", "#DCEBEB"
# The first that is there: each knows every letter of Vietnamese.
_FAMILIES: Final = ["Noto Sans", "Calibri", "Arial"]
_LIGATURES: Final = QFont.Tag("liga")
_SEPARATOR: Final = "\u2028"  # A new line within a paragraph.

Paint = Callable[[QPainter, float, float], None]


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of lettering: points, distance of lines in points, colour, weight."""

    size: float
    line: float
    colour: str = INK
    bold: bool = False
    italic: bool = False
    apart: float = 0.0  # Points between letters.

    @property
    def font(self) -> QFont:
        font = QFont(_FAMILIES)
        font.setPixelSize(round(self.size * UNITS))
        font.setWeight(QFont.Weight.Bold if self.bold else QFont.Weight.Normal)
        font.setItalic(self.italic)
        if self.apart:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self.apart * UNITS)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setFeature(_LIGATURES, 0)  # Who searches a PDF for a word with “fi” in it shall find it.
        return font


TITLE = Type(15, 22, bold=True)
HEADING = Type(11.5, 16, ACCENT, bold=True)
PART = Type(10.5, 15, bold=True)
BODY = Type(10, 14)
TABLE = Type(9, 13)
TABLE_HEAD = Type(8, 12, GREY, bold=True)
LABEL = Type(8, 12, GREY)
FACT_LABEL = Type(8.5, 14, GREY)
SMALL = Type(8.5, 12, GREY, italic=True)
QUOTE_HEAD = Type(8.5, 12, GREY)
CAPTION = Type(8, 11, GREY)
CHIP_TYPE = Type(9, 16, ACCENT, bold=True)
MARK = Type(8, 14, ACCENT, bold=True)
KICKER = Type(8, 12, ACCENT, bold=True, apart=1.2)
BAND = Type(8, 11, GREY)
BAND_STRONG = Type(8, 11, bold=True)
FOOT = Type(7.5, 11, GREY)
FOOT_STRONG = Type(7.5, 11, bold=True)


@dataclass(frozen=True, slots=True)
class Bit:
    """Something of a height that is never cut, and how it is painted with its left upper corner at a place."""

    height: float
    paint: Paint


def lines(text: str, kind: Type, width: float, *, number: str = "") -> list[Bit]:
    """Break a text into lines of a width; a `number` before it stands out."""
    shown = f"{number}  {text}" if number else text
    layout = QTextLayout(shown.replace("\n", _SEPARATOR), kind.font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(True)
    layout.setTextOption(option)
    layout.setFormats([_coloured(0, len(shown), kind.colour), *([_coloured(0, len(number), ACCENT)] if number else [])])
    layout.beginLayout()
    made = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, 0))
        made.append(line)
    layout.endLayout()
    return [_line(layout, n, kind) for n in range(len(made))]


def advance(text: str, kind: Type) -> float:
    return QFontMetricsF(kind.font).horizontalAdvance(text)


def one_line(text: str, kind: Type, width: float) -> Bit:
    """Set what must not take a second line; an ellipsis stands where it is too long."""
    return lines(QFontMetricsF(kind.font).elidedText(text, Qt.TextElideMode.ElideRight, width), kind, width + UNITS)[0]


def _coloured(start: int, length: int, colour: str) -> QTextLayout.FormatRange:
    stretch = QTextLayout.FormatRange()
    stretch.start, stretch.length = start, length
    words = QTextCharFormat()
    words.setForeground(QColor(colour))
    stretch.format = words
    return stretch


def _line(layout: QTextLayout, n: int, kind: Type) -> Bit:
    height = kind.line * UNITS

    def paint(painter: QPainter, x: float, y: float) -> None:
        line = layout.lineAt(n)  # Belongs to the layout, which lives as long as this does.
        line.draw(painter, QPointF(x, y + (height - line.height()) / 2))

    return Bit(height, paint)


def row_of_chips(words: Sequence[str], width: float, kind: Type = CHIP_TYPE, remark: str = "") -> list[Bit]:
    """Set words as chips, in as many lines as they need, after a quiet remark."""
    metrics = QFontMetricsF(kind.font)
    side, apart = 3.0 * UNITS, 6.0 * UNITS
    rows: list[list[tuple[float, float, str, bool]]] = [[]]
    x = 0.0
    for word, is_chip in [*([(remark, False)] if remark else []), *((word, True) for word in words)]:
        wide = metrics.horizontalAdvance(word) + 2 * side * is_chip
        if x and x + wide > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, min(wide, width), word, is_chip))
        x += wide + apart
    return [_chips(row, kind, side) for row in rows if row]


def _chips(row: list[tuple[float, float, str, bool]], kind: Type, side: float) -> Bit:
    font, height = kind.font, kind.line * UNITS

    def paint(painter: QPainter, x: float, y: float) -> None:
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        tall = metrics.height() * 0.98
        for left, wide, word, is_chip in row:
            box = QRectF(x + left, y + (height - tall) / 2, wide, tall)
            if is_chip:
                painter.fillRect(box, QColor(CHIP))
            painter.setPen(QColor(kind.colour if is_chip else GREY))
            baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
            room = wide - 2 * side * is_chip
            shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room + 1)
            painter.drawText(QPointF(box.x() + side * is_chip, baseline), shown)

    return Bit(height, paint)


def picture(block: PictureBlock, width: float, tallest: float) -> list[Bit]:
    """Set a picture and its caption, scaled down to its room; its bytes are read when it is painted."""
    try:
        prepared = prepare(block.picture)
    except Refused as sentence:
        return lines(str(sentence), SMALL, width)
    per_pixel = UNITS * 72 / 96
    turned = prepared.turns % 2 == 1
    wide, high = (prepared.height, prepared.width) if turned else (prepared.width, prepared.height)
    scale = min(per_pixel, width / wide, tallest / high)
    box = QRectF(0, 0, wide * scale, high * scale)

    def paint(painter: QPainter, x: float, y: float) -> None:
        image = QImage.fromData(prepare(block.picture).content)
        painter.save()
        painter.translate(x + box.width() / 2, y + 3 * UNITS + box.height() / 2)
        painter.rotate(90 * prepared.turns)
        across = QRectF(0, 0, box.height(), box.width()) if turned else QRectF(box)
        across.moveCenter(QPointF(0, 0))
        painter.drawImage(across, image)
        painter.setPen(QPen(QColor(HAIR), 0.5 * UNITS))  # A white screenshot would have no edge on white paper.
        painter.drawRect(across)
        painter.restore()

    return [Bit(box.height() + 5 * UNITS, paint), *lines(block.caption, CAPTION, width)]
