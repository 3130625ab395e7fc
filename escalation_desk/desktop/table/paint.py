"""Paints all visible rows in one go: a thousand small calls into Qt per screen are what makes a table slow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QLine, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from escalation_desk.desktop.look.icons import picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain.pieces import paint_chip
from escalation_desk.desktop.table.measuring import Measures
from escalation_desk.desktop.table.rows import CellStyle, Group, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.look.now import Look

_PLAIN: Final = CellStyle()
# Texts measured once are remembered; a page down brings some hundred new ones, so this is a few minutes of work.
_REMEMBERED: Final = 20_000
# No cell shows more; measuring a line of a million letters would stop the window.
_LONGEST: Final = 400


class Strip(NamedTuple):
    """One visible column: its number among all, where it stands, how wide it is; `inset` is room for the unread dot."""

    column: int
    left: int
    width: int
    right: bool
    inset: int = 0


class Line(NamedTuple):
    """One visible line: what it shows, where it stands, and how it is picked out."""

    shown: Row | Group | None
    top: int
    selected: bool
    current: bool
    hovered: bool
    folded: bool = False


class RowPainter:
    """Knows the fonts, colours and measured texts of one look; a new look gets a new painter."""

    def __init__(self, ratio: float) -> None:
        self.worn: Look = look()
        self.ratio = ratio
        letters, colours = self.worn.letters, self.worn.colours
        self._fonts = (letters.font(), letters.font(Role.STRONG))
        self._metrics = tuple(QFontMetricsF(font) for font in self._fonts)
        self._measures = tuple(Measures(metrics) for metrics in self._metrics)
        self._small = letters.font(Role.SMALL)
        self._widest = self._metrics[1].horizontalAdvance("W")
        self._pad = letters.gap
        self._text = QColor(colours.text)
        self._muted = QColor(colours.muted)
        self._inks = {tone: QColor(self.worn.ink(tone).ink) for tone in Tone}
        self._shown: dict[tuple[str, int, bool], tuple[str, float]] = {}
        self._chips: dict[tuple[str, Tone, int], QPixmap] = {}
        self._signs: dict[tuple[str, str], QPixmap] = {}
        self._bold = -1
        self._pen_now: QColor | None = None
        self._lines_at: tuple[int, int, int] = (0, 0, 0)

    def paint(
        self, painter: QPainter, area: QRect, lines: Sequence[Line], strips: Sequence[Strip], height: int, *, live: bool
    ) -> None:
        """Draw lines into an area; `live` is whether the table has the focus."""
        painter.fillRect(area, QColor(self.worn.colours.surface))
        for line in lines:
            self._ground(painter, area, line, height, live=live)
        painter.setPen(QPen(QColor(self.worn.colours.line), 1))
        painter.drawLines([QLine(area.left(), y, area.right(), y) for y in (line.top + height - 1 for line in lines)])
        rows = [(line.shown, line.top) for line in lines if isinstance(line.shown, Row)]
        for strip in strips:
            self._column(painter, strip, rows, height)
        self._unread(painter, rows, strips, height)
        for line in lines:
            if isinstance(line.shown, Group):
                self._heading(painter, area, line, height)
            elif line.shown is None:
                self._waiting(painter, line, strips, height)

    def cut(self, text: str, room: int, *, strong: bool) -> tuple[str, float]:
        """Answer what of a text fits into a room, and its width; remembered."""
        key = (text, room, strong)
        known = self._shown.get(key)
        if known is None:
            if len(self._shown) > _REMEMBERED:
                self._shown.clear()
            known = self._shown[key] = self._measures[strong].cut(text[:_LONGEST], room)
        return known

    # The ground

    def _ground(self, painter: QPainter, area: QRect, line: Line, height: int, *, live: bool) -> None:
        colours = self.worn.colours
        fill = None
        if isinstance(line.shown, Group):
            fill = colours.window
        elif line.selected:
            fill = colours.selection if live else colours.selection_idle
        elif line.hovered:
            fill = colours.hover
        elif line.shown is not None and line.shown.tone:
            fill = self.worn.ink(line.shown.tone).fill
        if fill:
            painter.fillRect(area.left(), line.top, area.width(), height, QColor(fill))
        if line.current and live:
            painter.fillRect(0, line.top, max(2, self.worn.letters.px(0.2)), height, QColor(colours.accent_ink))

    # Cells

    def _column(self, painter: QPainter, strip: Strip, rows: Sequence[tuple[Row, int]], height: int) -> None:
        number = strip.column
        self._bold, self._pen_now = -1, None
        if strip.width - strip.inset <= 2 * self._pad:
            return
        for row, top in rows:
            style = (row.styles[number] if row.styles else None) or _PLAIN
            if style.chip and style.tone:
                self._chip(painter, strip, row.cells[number], style, top, height)
            elif row.cells[number] or style.sign:
                self._cell(painter, strip, row, style, top, height)

    def _cell(self, painter: QPainter, strip: Strip, row: Row, style: CellStyle, top: int, height: int) -> None:
        text, strong, pen = row.cells[strip.column], row.unread or style.strong, self._pen(row, style)
        # Fonts and pens change seldom down a column; setting them for every cell would cost more than the letters.
        if strong != self._bold:
            painter.setFont(self._fonts[strong])
            self._bold = strong
        if pen is not self._pen_now:
            painter.setPen(pen)
            self._pen_now = pen
        x, room = strip.left + strip.inset + self._pad, strip.width - strip.inset - 2 * self._pad
        if style.sign:
            taken = self._sign(painter, style.sign, pen, x, top, height)
            x, room = x + taken, room - taken
        if style.mark:
            text = f"{style.mark} {text}"
        # Most texts surely fit; only the others are measured.
        if strip.right or len(text) * self._widest > room:
            text, advance = self.cut(text, room, strong=strong)
            if strip.right:
                x = strip.left + strip.width - self._pad - round(advance)
        painter.drawText(x, top + self._baselines(height)[0], text)

    def _pen(self, row: Row, style: CellStyle) -> QColor:
        if style.tone:
            return self._inks[style.tone]
        return self._muted if row.muted or style.muted else self._text

    def _chip(self, painter: QPainter, strip: Strip, text: str, style: CellStyle, top: int, height: int) -> None:
        assert style.tone is not None  # noqa: S101 - Asked before; for the type checker.
        tall = round(self.worn.letters.letter * 1.45)
        made = self._chip_picture(f"{style.mark} {text}".strip(), style.tone, strip.width - strip.inset - self._pad)
        painter.drawPixmap(strip.left + strip.inset + self._pad // 2, top + (height - tall) // 2, made)

    def _chip_picture(self, text: str, tone: Tone, room: int) -> QPixmap:
        key = (text, tone, room)
        made = self._chips.get(key)
        if made is None:
            if len(self._chips) > 500:
                self._chips.clear()
            made = self._chips[key] = self._draw_chip(text[:_LONGEST], tone, room)
        return made

    def _draw_chip(self, text: str, tone: Tone, room: int) -> QPixmap:
        tall = round(self.worn.letters.letter * 1.45)
        metrics = QFontMetricsF(self._small)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room - tall * 0.9, 1.0))
        size = QSize(round(metrics.horizontalAdvance(text) + tall * 0.9) + 1, tall)
        made = QPixmap(size * self.ratio)
        made.setDevicePixelRatio(self.ratio)
        made.fill(Qt.GlobalColor.transparent)
        with QPainter(made) as painter:
            painter.setFont(self._small)
            paint_chip(painter, QRectF(0, 0, size.width(), size.height()), text, tone)
        return made

    def _sign(self, painter: QPainter, sign: str, colour: QColor, x: int, top: int, height: int) -> int:
        side = self.worn.letters.px(1.1)
        key = (sign, colour.name())
        if key not in self._signs:
            self._signs[key] = picture(sign, side, colour.name(), self.ratio)
        painter.drawPixmap(x, top + (height - side) // 2, self._signs[key])
        return side + self.worn.letters.tight

    def _unread(self, painter: QPainter, rows: Sequence[tuple[Row, int]], strips: Sequence[Strip], height: int) -> None:
        first = next((strip for strip in strips if strip.inset), None)
        tops = [top for row, top in rows if row.unread]
        if not tops or first is None:
            return
        radius = self.worn.letters.letter * 0.2
        x = first.left + (first.inset + self._pad) / 2 + radius / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.worn.colours.accent_ink))
        for top in tops:
            painter.drawEllipse(QPointF(x, top + height / 2), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # Headings and rows on their way

    def _heading(self, painter: QPainter, area: QRect, line: Line, height: int) -> None:
        group = line.shown
        assert isinstance(group, Group)  # noqa: S101 - Asked before; for the type checker.
        x = self._pad
        x += self._sign(painter, "right" if line.folded else "down", self._muted, x, line.top, height)
        baseline = line.top + self._baselines(height)[1]
        painter.setFont(self._fonts[1])
        painter.setPen(self._inks[group.style.tone] if group.style and group.style.tone else self._text)
        mark = f"{group.style.mark} " if group.style and group.style.mark else ""
        text, advance = self.cut(mark + group.text, max(area.width() - 8 * self._pad, 1), strong=True)
        painter.drawText(x, baseline, text)
        painter.setFont(self._fonts[0])
        painter.setPen(self._muted)
        painter.drawText(x + round(advance) + self._pad, baseline, f"{group.count:,}")

    def _waiting(self, painter: QPainter, line: Line, strips: Sequence[Strip], height: int) -> None:
        colour = QColor(self.worn.colours.sunken)
        tall = self.worn.letters.px(0.5)
        for strip in strips:
            width = min(max(strip.width // 2, 1), strip.width - 2 * self._pad)
            painter.fillRect(strip.left + strip.inset + self._pad, line.top + (height - tall) // 2, width, tall, colour)

    # Measures

    def _baselines(self, height: int) -> tuple[int, int]:
        """Answer where letters stand in a line of this height, regular and strong."""
        if self._lines_at[2] != height:
            regular, strong = (round((height + each.ascent() - each.descent()) / 2) for each in self._metrics)
            self._lines_at = (regular, strong, height)
        return self._lines_at[0], self._lines_at[1]
