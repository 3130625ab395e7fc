"""Paints the entries of a timeline: internal behind a dashed border, external behind a whole one, and a word."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from escalation_desk.desktop.case.told import Day, Earlier, Entry
from escalation_desk.desktop.look.icons import picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import paint_chip
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

LINE: Final = int(Qt.ItemDataRole.UserRole)
_LAYOUTS_KEPT: Final = 120
_WIDEST: Final = 62  # letters; longer lines are hard to read.


class EntryDelegate(QStyledItemDelegate):
    """Measures and paints lines. Heights are remembered by width, so scrolling measures nothing twice."""

    def __init__(self, unfolded: Callable[[str], bool], parent: Any = None) -> None:
        super().__init__(parent)
        self._unfolded = unfolded
        self._heights: dict[tuple[str, int, bool], int] = {}
        self._layouts: OrderedDict[tuple[str, int, bool], QTextLayout] = OrderedDict()

    def forget(self) -> None:
        """Measure anew: the letters have another size, or the entries are others."""
        self._heights.clear()
        self._layouts.clear()

    # Measuring

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        line = index.data(LINE)
        width = self._width(option)
        letters = look().letters
        if not isinstance(line, Entry):
            return QSize(width, letters.px(2.6 if isinstance(line, Earlier) else 2.2))
        key = (line.key, width, self._unfolded(line.key))
        if key not in self._heights:
            self._heights[key] = self._height(line, width)
        return QSize(width, self._heights[key])

    def _width(self, option: QStyleOptionViewItem) -> int:
        view: Any = option.widget
        return int(view.viewport().width()) if view is not None else option.rect.width()

    def _height(self, entry: Entry, width: int) -> int:
        letters = look().letters
        layout = self._layout(entry, width)
        text = layout.boundingRect().height()
        if entry.quiet:
            return max(round(text + letters.px(0.5)), letters.px(1.9))
        more = letters.px(1.6) if entry.long else 0
        return round(text + letters.px(1.5) + 2 * letters.px(0.55) + letters.px(0.3) + more + letters.px(0.6))

    def _layout(self, entry: Entry, width: int) -> QTextLayout:
        unfolded = self._unfolded(entry.key)
        key = (entry.key, width, unfolded)
        known = self._layouts.pop(key, None)
        if known is None:
            room = self._quiet_room(entry, width) if entry.quiet else self._room(width)
            body = entry.body if unfolded else entry.folded_body
            known = _laid_out(f"{entry.who}  {body}" if entry.quiet and entry.who else body, room)
        self._layouts[key] = known
        while len(self._layouts) > _LAYOUTS_KEPT:
            self._layouts.popitem(last=False)
        return known

    def _room(self, width: int) -> int:
        letters = look().letters
        return min(width - 2 * letters.wide - 2 * letters.wide, letters.px(_WIDEST))

    def _quiet_room(self, entry: Entry, width: int) -> int:
        letters = look().letters
        time = QFontMetricsF(letters.font(Role.SMALL)).horizontalAdvance(entry.time)
        return round(width - 2 * letters.wide - letters.px(2.6) - time)

    # Painting

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = index.data(LINE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = selected and bool(option.state & QStyle.StateFlag.State_Active)
        if isinstance(line, Entry) and line.quiet:
            self._paint_quiet(painter, option.rect, line, selected=selected)
        elif isinstance(line, Entry):
            hover = bool(option.state & QStyle.StateFlag.State_MouseOver)
            self._paint_entry(painter, option.rect, line, selected=focused, hover=hover)
        elif isinstance(line, Day):
            _paint_day(painter, option.rect, line.text)
        elif isinstance(line, Earlier):
            _paint_earlier(painter, option.rect, line.count, selected=selected)
        painter.restore()

    def _paint_quiet(self, painter: QPainter, rect: QRect, entry: Entry, *, selected: bool) -> None:
        worn = look()
        letters = worn.letters
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn.colours.hover))
            painter.drawRoundedRect(rect.adjusted(letters.gap, 0, -letters.gap, 0), letters.tight, letters.tight)
        side = letters.px(1.05)
        top = rect.y() + letters.px(0.3)
        painter.drawPixmap(rect.x() + letters.wide, top, _sign(painter, entry.sign, side, worn.colours.faint))
        left = rect.x() + letters.wide + letters.px(1.8)
        painter.setPen(QColor(worn.colours.muted))
        self._layout(entry, rect.width()).draw(painter, QPointF(left, rect.y() + letters.px(0.25)))
        _paint_time(painter, rect, entry.time, top)

    def _paint_entry(self, painter: QPainter, rect: QRect, entry: Entry, *, selected: bool, hover: bool) -> None:
        letters = look().letters
        card = QRectF(rect).adjusted(letters.wide, letters.px(0.3), -letters.wide, -letters.px(0.3))
        _paint_card(painter, card, external=entry.external, selected=selected)
        inner = card.adjusted(letters.wide, letters.px(0.55), -letters.wide, -letters.px(0.55))
        self._paint_heading(painter, inner, entry)
        layout = self._layout(entry, rect.width())
        painter.setPen(QColor(look().colours.text))
        top = inner.y() + letters.px(1.5) + letters.px(0.3)
        layout.draw(painter, QPointF(inner.x(), top))
        if entry.long:
            painter.setFont(letters.font(Role.SMALL))
            painter.setPen(QColor(look().colours.accent_ink))
            more = _("Show less") if self._unfolded(entry.key) else _("Show all")
            painter.drawText(QPointF(inner.x(), inner.bottom() - letters.px(0.15)), more)
        if hover or selected:
            dots = _sign(painter, "more", letters.px(1.05), look().colours.muted)
            painter.drawPixmap(self.dots(rect).topLeft(), dots)

    def dots(self, rect: QRect) -> QRect:
        """Say where the three dots of an entry are."""
        letters = look().letters
        side = letters.px(1.05)
        return QRect(rect.right() - 2 * letters.wide - side + 1, rect.y() + letters.px(1.05), side, side)

    def _paint_heading(self, painter: QPainter, inner: QRectF, entry: Entry) -> None:
        """Write icon, who and what at the left, time and the word for the side at the right."""
        worn = look()
        letters = worn.letters
        side = letters.px(1.15)
        ink = worn.ink(Tone.ACCENT if entry.external else Tone.WARN).ink
        painter.drawPixmap(QPointF(inner.x(), inner.y() + letters.px(0.15)), _sign(painter, entry.sign, side, ink))
        right = inner.right() - letters.px(1.5)
        right = _write_right(painter, right, inner, entry.time)
        word = f"{'↗' if entry.external else '▣'} {entry.side}"
        right = _chip_right(painter, right, inner, word, Tone.ACCENT if entry.external else Tone.WARN)
        for text, tone in reversed(entry.marks):
            right = _chip_right(painter, right, inner, text, tone)
        left = inner.x() + letters.px(1.7)
        left = _write(painter, left, right, inner, entry.who, Role.STRONG, worn.colours.text)
        _write(painter, left, right, inner, entry.what, Role.SMALL, worn.colours.muted)


def _laid_out(text: str, room: int) -> QTextLayout:
    layout = QTextLayout(text.replace("\n", "\u2028"), look().letters.font())
    layout.setTextOption(_option())
    layout.setCacheEnabled(True)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(room, 40))
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout


def _option() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _sign(painter: QPainter, name: str, side: int, colour: str) -> Any:
    return picture(name, side, colour, painter.device().devicePixelRatioF())


def _paint_card(painter: QPainter, card: QRectF, *, external: bool, selected: bool) -> None:
    worn = look()
    ink = worn.ink(Tone.ACCENT if external else Tone.WARN)
    radius = worn.letters.px(0.55)
    pen = QPen(QColor(ink.ink if selected else ink.rim), 1.5 if selected else 1)
    if not external:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(QColor(worn.colours.surface))
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def _paint_day(painter: QPainter, rect: QRect, text: str) -> None:
    worn = look()
    painter.setFont(worn.letters.font(Role.SMALL))
    width = painter.fontMetrics().horizontalAdvance(text) + 2 * worn.letters.gap
    middle = rect.center().y() + worn.letters.px(0.2)
    painter.setPen(QColor(worn.colours.line))
    painter.drawLine(rect.x() + worn.letters.wide, middle, rect.right() - worn.letters.wide, middle)
    box = QRect(rect.center().x() - width // 2, rect.y(), width, rect.height() + worn.letters.px(0.4))
    painter.fillRect(box, QColor(worn.colours.window))
    painter.setPen(QColor(worn.colours.faint))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _paint_earlier(painter: QPainter, rect: QRect, count: int, *, selected: bool) -> None:
    worn = look()
    font = worn.letters.font(Role.SMALL)
    font.setUnderline(selected)
    painter.setFont(font)
    painter.setPen(QColor(worn.colours.accent_ink))
    text = n_("Show {n} earlier entry", "Show {n} earlier entries", count)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _paint_time(painter: QPainter, rect: QRect, time: str, top: int) -> None:
    worn = look()
    painter.setFont(worn.letters.font(Role.SMALL))
    painter.setPen(QColor(worn.colours.faint))
    box = QRect(rect.x(), top, rect.width() - worn.letters.wide, worn.letters.px(1.3))
    painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, time)


def _write_right(painter: QPainter, right: float, inner: QRectF, text: str) -> float:
    worn = look()
    painter.setFont(worn.letters.font(Role.SMALL))
    painter.setPen(QColor(worn.colours.faint))
    width = painter.fontMetrics().horizontalAdvance(text)
    box = QRectF(right - width, inner.y(), width + 1, worn.letters.px(1.5))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    return right - width - worn.letters.gap


def _chip_right(painter: QPainter, right: float, inner: QRectF, text: str, tone: Tone) -> float:
    letters = look().letters
    painter.setFont(letters.font(Role.SMALL))
    height = letters.px(1.4)
    width = painter.fontMetrics().horizontalAdvance(text) + height * 0.95
    if right - width < inner.x() + letters.px(9):  # There is no room; the spoken text still says it.
        return right
    paint_chip(painter, QRectF(right - width, inner.y() + (letters.px(1.5) - height) / 2, width, height), text, tone)
    return right - width - letters.tight


def _write(painter: QPainter, left: float, right: float, inner: QRectF, text: str, role: Role, colour: str) -> float:
    letters = look().letters
    room = right - left
    if not text or room < letters.px(2):
        return left
    painter.setFont(letters.font(role))
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))
    box = QRectF(left, inner.y(), room, letters.px(1.5))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
    return left + painter.fontMetrics().horizontalAdvance(shown) + letters.gap
