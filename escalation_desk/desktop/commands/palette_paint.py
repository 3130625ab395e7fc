"""How a line of the palette is drawn: its sign, its words, its keys as caps at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from escalation_desk.desktop.look.icons import picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPaintEvent

    from escalation_desk.desktop.commands.items import PaletteItem


class Shadow(QWidget):
    """The shadow under something that lies over the window. Qt's own effect would blur it anew at every key."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def lie_under(self, widget: QWidget) -> None:
        reach = look().letters.px(1.4)
        self.setGeometry(widget.geometry().adjusted(-reach, -reach // 2, reach, reach + reach // 2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        reach = look().letters.px(1.4)
        dark = look().colours.dark
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 7 if dark else 2))
            for inward in range(0, reach, max(1, reach // 10)):
                box = QRectF(self.rect()).adjusted(inward, inward, -inward, -inward)
                painter.drawRoundedRect(box, reach + 6 - inward, reach + 6 - inward)


class PaletteDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(look().letters.px(20), look().letters.row())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        worn = look()
        item: PaletteItem = index.data(int(Qt.ItemDataRole.UserRole))
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colour = worn.colours.text if item.enabled else worn.colours.off
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen and item.enabled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(worn.colours.selection))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), worn.letters.px(0.45), worn.letters.px(0.45))
        left = box.left() + worn.letters.gap
        if item.sign:
            side = worn.letters.px(1.2)
            ratio = painter.device().devicePixelRatioF()
            drawn = picture(item.sign, side, worn.colours.muted if item.enabled else worn.colours.off, ratio)
            painter.drawPixmap(QPointF(left, box.center().y() - side / 2), drawn)
        left += worn.letters.px(1.9)
        right = self._at_right(painter, item, box)
        painter.setFont(worn.letters.font())
        painter.setPen(QColor(colour))
        metrics = QFontMetricsF(painter.font())
        text = metrics.elidedText(item.text, Qt.TextElideMode.ElideRight, max(right - left - worn.letters.gap, 1.0))
        painter.drawText(QPointF(left, _baseline(metrics, box)), text)
        painter.restore()

    def _at_right(self, painter: QPainter, item: PaletteItem, box: QRectF) -> float:
        """Draw keys and kind from the right; answer where the room for the words ends."""
        worn = look()
        painter.setFont(worn.letters.font(Role.SMALL))
        metrics = QFontMetricsF(painter.font())
        x = box.right() - worn.letters.gap
        if item.keys:
            x = draw_cap(painter, item.keys, x, box)
        if item.kind:
            x -= metrics.horizontalAdvance(item.kind)
            painter.setPen(QColor(worn.colours.muted))
            painter.drawText(QPointF(x, _baseline(metrics, box)), item.kind)
        return x


def draw_cap(painter: QPainter, keys: str, right: float, box: QRectF) -> float:
    """Draw keys as a cap that ends at `right`; answer where it begins."""
    worn = look()
    metrics = QFontMetricsF(painter.font())
    tall = worn.letters.letter * 1.5
    width = max(metrics.horizontalAdvance(keys) + worn.letters.letter * 0.9, tall)
    cap = QRectF(right - width, box.center().y() - tall / 2, width, tall)
    painter.setPen(QPen(QColor(worn.colours.edge), 1))
    painter.setBrush(QColor(worn.colours.window))
    painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), worn.letters.px(0.32), worn.letters.px(0.32))
    painter.setPen(QColor(worn.colours.muted))
    painter.drawText(
        QPointF(cap.center().x() - metrics.horizontalAdvance(keys) / 2, _baseline(metrics, cap)),
        keys,
    )
    return cap.left() - worn.letters.tight


def _baseline(metrics: QFontMetricsF, box: QRectF) -> float:
    return box.center().y() + (metrics.ascent() - metrics.descent()) / 2
