"""A small window over a field: type a few letters, choose with the arrows, Enter takes it, Esc leaves all as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from escalation_desk.desktop.case.offers import Offer
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, SearchField
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.connection import Connection

OFFER: Final = int(Qt.ItemDataRole.UserRole)
_CREATE: Final = "\x00create"
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Picker(QFrame):
    """Offers what a look-up finds; `chosen` comes with the offer, `asked_for_new` with a name that is not there yet."""

    chosen = Signal(object)
    asked_for_new = Signal(str)

    def __init__(
        self,
        verbs: Verbs,
        lookup: Callable[[Connection, str], list[Offer]],
        name: str,
        *,
        create: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._verbs = verbs
        self._lookup = lookup
        self._create = create
        self._asked = ""
        self.search = SearchField(_("Type to find"))
        self.search.setAccessibleName(name)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.nothing = PlainLabel(_("Nothing found. Try other letters."), Role.MUTED)
        self.nothing.hide()
        self._lay_out()
        self.search.textChanged.connect(self._ask)
        self.search.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self._ask("")

    def open_under(self, widget: QWidget) -> None:
        """Show under a field, above it where there is no room."""
        letters = look().letters
        size = QSize(max(widget.width(), letters.px(26)), letters.px(24))
        room = widget.screen().availableGeometry()
        below = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        above = widget.mapToGlobal(QPoint(0, -size.height() - 2))
        place = below if below.y() + size.height() <= room.bottom() else above
        left = min(place.x(), room.right() - size.width())
        self.setGeometry(max(left, room.left()), max(place.y(), room.top()), size.width(), size.height())
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _STEPS:
                self._step(_STEPS[key])
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        gap = look().letters.tight
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)

    def _ask(self, typed: str) -> None:
        self._asked = typed
        self._verbs.ask(
            lambda made: (typed, self._lookup(made, typed)),
            self._show,
        )

    def _show(self, found: tuple[str, list[Offer]]) -> None:
        typed, offers = found
        if typed != self._asked:
            return  # Somebody has typed on since.
        self.list.clear()
        if self._create and typed.strip():
            offers = [*offers, Offer(_(self._create, name=typed.strip()), _CREATE + typed.strip())]
        for offer in offers:
            self._add(offer)
        self.nothing.setVisible(not offers)
        self._step(1)

    def _add(self, offer: Offer) -> None:
        item = QListWidgetItem(offer.text, self.list)
        item.setData(OFFER, offer)
        if offer.value is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _step(self, rows: int) -> None:
        """Go some rows on, over headings."""
        at, way = self.list.currentRow(), 1 if rows > 0 else -1
        goal = min(max(at + rows, 0), self.list.count() - 1)
        while 0 <= goal < self.list.count() and not self.list.item(goal).flags():
            goal += way
        if 0 <= goal < self.list.count():
            self.list.setCurrentRow(goal)

    def _take(self, item: QListWidgetItem | None) -> None:
        offer: Offer | None = item.data(OFFER) if item else None
        if offer is None or offer.value is None:
            return
        self.close()
        if offer.value.startswith(_CREATE):
            self.asked_for_new.emit(offer.value.removeprefix(_CREATE))
        else:
            self.chosen.emit(offer)


class TwoLines(QStyledItemDelegate):
    """Draws the words of an offer, its detail quieter beside or below it, and headings small."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        offer: Offer = index.data(OFFER)
        lines = 2.9 if offer.detail and offer.value is not None else 1.9
        return QSize(option.rect.width(), look().letters.px(lines))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        offer: Offer = index.data(OFFER)
        worn = look()
        self._paint_ground(painter, option)
        box = option.rect.adjusted(worn.letters.gap, worn.letters.px(0.2), -worn.letters.gap, -worn.letters.px(0.2))
        if offer.value is None:
            painter.setFont(worn.letters.font(Role.SMALL))
            _write(painter, box, offer.text, worn.colours.faint, Qt.AlignmentFlag.AlignBottom)
            return
        painter.setFont(worn.letters.font())
        above = Qt.AlignmentFlag.AlignTop if offer.detail else Qt.AlignmentFlag.AlignVCenter
        _write(painter, box, offer.text, worn.colours.text, above)
        if offer.detail:
            painter.setFont(worn.letters.font(Role.SMALL))
            _write(painter, box, offer.detail, worn.colours.muted, Qt.AlignmentFlag.AlignBottom)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        worn = look()
        if option.state & QStyle.StateFlag.State_Selected:
            ground = worn.colours.selection
        elif option.state & QStyle.StateFlag.State_MouseOver and option.state & QStyle.StateFlag.State_Enabled:
            ground = worn.colours.hover
        else:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(option.rect, worn.letters.px(0.3), worn.letters.px(0.3))


def _write(painter: QPainter, box: Any, text: str, colour: str, where: Qt.AlignmentFlag) -> None:
    painter.setPen(QColor(colour))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(where | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine), shown)
