"""The places at the left of the window: Today, the queue and its views, sellers, follow-ups; with live counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from escalation_desk.desktop.look.icons import picture
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import own_viewport, tip_text
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QContextMenuEvent

Index = QModelIndex | QPersistentModelIndex
_PLACE: Final = int(Qt.ItemDataRole.UserRole)
_COUNT: Final = _PLACE + 1
_URGENT: Final = Tone.BAD


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the panel. Without a place it is a heading."""

    text: str
    place: str = ""
    view: str = ""
    icon: str = ""
    urgent: bool = False


class PlacesPanel(QListWidget):
    """Tells which place, and which view of it, somebody wants to see."""

    chosen = Signal(str, str)
    menu_asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self.setProperty("kind", "places")
        self.setAccessibleName(_("Places"))
        self.setItemDelegate(_EntryPainter(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self._shown: tuple[str, str] = ("", "")
        self.hovered = -1
        self.itemEntered.connect(lambda item: self._hover(self.row(item)))
        self.currentItemChanged.connect(self._moved)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Lay the lines out anew; the chosen one stays chosen, the counts stay until better ones come."""
        counts = {entry.view or entry.place: self.item(at).data(_COUNT) for at, entry in enumerate(self.entries())}
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.text)
            item.setData(_PLACE, entry)
            item.setToolTip(tip_text(entry.text))
            item.setData(_COUNT, counts.get(entry.view or entry.place))
            if not entry.place:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        self.blockSignals(False)
        self.mark(*self._shown)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many each view (or place) holds."""
        for at, entry in enumerate(self.entries()):
            count = counts.get(entry.view or entry.place)
            if count is not None:
                self.item(at).setData(_COUNT, count)
                spoken = n_("{name}, {n} case", "{name}, {n} cases", count, name=entry.text)
                self.item(at).setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def mark(self, place: str, view: str) -> None:
        """Show which place is in the middle, without going there."""
        self._shown = (place, view)
        self.blockSignals(True)
        self.setCurrentRow(next((at for at, e in enumerate(self.entries()) if (e.place, e.view) == (place, view)), -1))
        self.blockSignals(False)
        self.viewport().update()

    def entries(self) -> list[Entry]:
        return [self.item(at).data(_PLACE) for at in range(self.count())]

    def sizeHint(self) -> QSize:
        return QSize(look().letters.px(17.5), look().letters.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().letters.px(11), look().letters.px(10))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        entry = (index if index.isValid() else self.currentIndex()).data(_PLACE)
        if isinstance(entry, Entry) and entry.view:
            self.menu_asked.emit(entry.view, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        self.hovered = row
        self.viewport().update()

    def _moved(self, item: QListWidgetItem | None) -> None:
        entry = item.data(_PLACE) if item is not None else None
        if isinstance(entry, Entry) and entry.place:
            self._shown = (entry.place, entry.view)
            self.chosen.emit(entry.place, entry.view)


class _EntryPainter(QStyledItemDelegate):
    """Paints a line: icon, words, and its count at the right."""

    def __init__(self, panel: PlacesPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        letters = look().letters
        entry: Entry = index.data(_PLACE)
        if not entry.place:
            return QSize(letters.px(8), letters.px(2.3))
        return QSize(letters.px(8), letters.px(1.95))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(_PLACE)
        box: QRect = option.rect
        painter.save()
        if entry.place:
            self._line(painter, box, index, chosen=index.row() == self._panel.currentRow())
        else:
            self._heading(painter, box, entry)
        painter.restore()

    def _heading(self, painter: QPainter, box: QRect, entry: Entry) -> None:
        letters = look().letters
        painter.setFont(letters.font(Role.SMALL))
        painter.setPen(QColor(look().colours.faint))
        inner = box.adjusted(letters.wide, 0, -letters.gap, -letters.tight)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), entry.text)

    def _line(self, painter: QPainter, box: QRect, index: Index, *, chosen: bool) -> None:
        letters, colours = look().letters, look().colours
        entry: Entry = index.data(_PLACE)
        self._ground(painter, box, chosen=chosen, hovered=index.row() == self._panel.hovered)
        ink = colours.accent_ink if chosen else colours.text
        left = box.left() + letters.wide
        if entry.icon:
            side = letters.px(1.15)
            drawn = picture(entry.icon, side, ink if chosen else colours.muted, painter.device().devicePixelRatioF())
            painter.drawPixmap(left, box.center().y() - side // 2 + 1, drawn)
        left += letters.px(1.15) + letters.gap
        right = box.right() - letters.wide
        right -= self._count(painter, QRect(left, box.top(), right - left, box.height()), entry, index.data(_COUNT))
        painter.setFont(letters.font(Role.STRONG if chosen else Role.BODY))
        painter.setPen(QColor(ink))
        room = QRect(left, box.top(), right - left, box.height())
        shown = painter.fontMetrics().elidedText(entry.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)

    def _ground(self, painter: QPainter, box: QRect, *, chosen: bool, hovered: bool) -> None:
        colours, letters = look().colours, look().letters
        if not chosen and not hovered:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent_soft if chosen else colours.hover))
        inner = QRectF(box).adjusted(letters.tight, 1, -letters.tight, -1)
        painter.drawRoundedRect(inner, letters.tight, letters.tight)

    def _count(self, painter: QPainter, room: QRect, entry: Entry, count: int | None) -> int:
        """Write the count; answer the width it took."""
        if not count:
            return 0
        text = f"{count:,}"
        painter.setFont(look().letters.font(Role.SMALL))
        painter.setPen(QColor(look().ink(_URGENT).ink if entry.urgent else look().colours.muted))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
        return painter.fontMetrics().horizontalAdvance(text) + look().letters.gap
