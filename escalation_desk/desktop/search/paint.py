"""How a line of the panel is drawn: the words that were typed stand out, the rest is quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from escalation_desk.desktop.look.icons import picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from escalation_desk.desktop.search.lines import Line, Spans

LINE = int(Qt.ItemDataRole.UserRole)


class LineDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        line: Line = index.data(LINE)
        letters = look().letters
        return QSize(letters.px(20), letters.px(1.9 if line.heading else 2.9 if line.detail else 2.1))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line: Line = index.data(LINE)
        worn, box = look(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected and line.leads_to:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn.colours.selection))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), worn.letters.px(0.45), worn.letters.px(0.45))
        inner = box.adjusted(worn.letters.gap, worn.letters.px(0.25), -worn.letters.gap, -worn.letters.px(0.25))
        if line.heading:
            self._write(painter, inner, line.text, (), worn.letters.font(Role.SMALL), worn.colours.faint)
        else:
            self._line(painter, inner, line)
        painter.restore()

    def _line(self, painter: QPainter, box: QRectF, line: Line) -> None:
        worn = look()
        side = worn.letters.px(1.15)
        halves = (box, QRectF())
        if line.detail:
            upper = QRectF(box.left(), box.top(), box.width(), box.height() * 0.54)
            halves = (upper, box.adjusted(0, box.height() * 0.54, 0, 0))
        if line.sign:
            drawn = picture(line.sign, side, worn.colours.muted, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.left(), halves[0].center().y() - side / 2), drawn)
        left = worn.letters.px(1.15) + worn.letters.gap
        text, detail = halves[0].adjusted(left, 0, 0, 0), halves[1].adjusted(left, 0, 0, 0)
        if line.at:
            text.setRight(self._at(painter, text, line.at) - worn.letters.gap)
        self._write(painter, text, line.text, line.strong, worn.letters.font(), worn.colours.text)
        if line.detail:
            font = worn.letters.font(Role.SMALL)
            self._write(painter, detail, line.detail, line.strong_detail, font, worn.colours.muted)

    def _at(self, painter: QPainter, box: QRectF, at: str) -> float:
        """Write the moment at the right; answer where it begins."""
        painter.setFont(look().letters.font(Role.SMALL))
        metrics = QFontMetricsF(painter.font())
        left = box.right() - metrics.horizontalAdvance(at)
        painter.setPen(QColor(look().colours.faint))
        painter.drawText(QPointF(left, _baseline(metrics, box)), at)
        return left

    def _write(self, painter: QPainter, box: QRectF, text: str, strong: Spans, font: QFont, colour: str) -> None:
        """Write a text on one line, some stretches of it stronger."""
        heavy = QFont(font)
        heavy.setWeight(QFont.Weight.Bold)
        metrics = QFontMetricsF(heavy if strong else font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(box.width(), 1.0))
        left, base = box.left(), _baseline(metrics, box)
        painter.setPen(QColor(colour))
        painter.setClipRect(box)
        for part, marked in _parts(shown, strong):
            painter.setFont(heavy if marked else font)
            painter.drawText(QPointF(left, base), part)
            left += QFontMetricsF(painter.font()).horizontalAdvance(part)
        painter.setClipping(False)


def _parts(text: str, strong: Spans) -> list[tuple[str, bool]]:
    """Cut a text at the stretches that stand out."""
    parts, at = [], 0
    for begins, ends in strong:
        if begins < at or begins >= len(text):
            continue
        parts += [(text[at:begins], False), (text[begins:ends], True)]
        at = ends
    return [(part, marked) for part, marked in [*parts, (text[at:], False)] if part]


def _baseline(metrics: QFontMetricsF, box: QRectF) -> float:
    return box.center().y() + (metrics.ascent() - metrics.descent()) / 2
