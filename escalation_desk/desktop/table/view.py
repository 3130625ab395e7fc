"""The queue table itself: Qt's headers, selection and keyboard, our own painting, and acts told by record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QHoverEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import own_viewport
from escalation_desk.desktop.table.current import Current
from escalation_desk.desktop.table.header import ColumnHeader
from escalation_desk.desktop.table.held import HeldPicture
from escalation_desk.desktop.table.model import QueueModel
from escalation_desk.desktop.table.paint import Line, RowPainter, Strip
from escalation_desk.desktop.table.picks import Picks
from escalation_desk.desktop.table.rows import Group, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent

    from escalation_desk.desktop.table.model import Index
    from escalation_desk.desktop.table.rows import RowSource

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_FOLD = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space}


class QueueTable(QTableView):
    """Shows a `RowSource` of any length. What it tells is a record's id, never a place on the screen."""

    opened = Signal(str)
    current_changed = Signal(str)
    selection_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        own_viewport(self)
        self.rows = QueueModel(self)
        self.columns = ColumnHeader(self)
        self.settled = False
        self._painter: RowPainter | None = None
        self._compact = False
        self._hovered = -1
        self._empty: QWidget | None = None
        self._current = Current(self, self.rows)
        self._look_ahead = QTimer(self, singleShot=True, interval=0)
        self._look_ahead.timeout.connect(self._fetch_ahead)
        self._held = HeldPicture(self)
        self.setAccessibleName(name)
        self.setHorizontalHeader(self.columns)
        self.setModel(self.rows)
        # To paint itself, a header asks whether whole columns are selected: a question per row, seconds in a million.
        self.columns.setSelectionModel(QItemSelectionModel(self.rows, self.columns))
        self._picks = Picks(self.rows, self.selectionModel(), self)
        self._current.told.connect(self.current_changed)
        self._set_up()
        self._dress()

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        # The painter fills all of it: once is enough.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Letters are commands here: an input method would keep them to itself.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        # Fixed heights keep a million sections cheap: nothing is measured, positions are a multiplication.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.rows.arrived.connect(self._arrived)
        self.rows.counted.connect(self._counted)
        self.rows.modelReset.connect(self._show_empty)
        self.columns.layout_changed.connect(self.viewport().update)
        self._picks.changed.connect(self.selection_changed)

    # What is shown

    def show_source(self, source: RowSource) -> None:
        """Show a source from its beginning; the columns keep their places when they are the same ones."""
        known = [column.id for column in self.rows.columns]
        self._picks.forget()
        self.settled = False
        if self.isVisible() and self._painter is not None:
            self._held.hold()
        self.rows.show(source, self.viewport().height() // self.verticalHeader().defaultSectionSize() + 1)
        if known != [column.id for column in source.columns]:
            self.columns.lay_out(self.rows.columns)
        self.verticalScrollBar().setValue(0)
        self._current.tell()

    def refresh(self) -> None:
        """Fetch again what is on the screen; the selection stays with its records wherever they went."""
        self._picks.aged()
        self.settled = False
        self.rows.refresh()
        self.viewport().update()

    def set_empty(self, widget: QWidget) -> None:
        """Give what is shown when the source has no row at all."""
        self._empty = widget
        widget.setParent(self.viewport())
        self._show_empty()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self._dress()

    # Records

    def current_id(self) -> str:
        return self._current.record()

    def selected_count(self) -> int:
        return self._picks.count()

    def with_selected(self, then: Callable[[list[str]], None]) -> None:
        """Hand over the ids of all selected records: at once where they are known, else as soon as the source says."""
        self._picks.hand_over(then)

    def step(self, lines: int) -> None:
        """Go to the next (1) or previous (-1) record, over headings."""
        at = self.currentIndex().row() + lines
        while 0 <= at < self.rows.rowCount() and isinstance(self.rows.line(at), Group):
            at += 1 if lines > 0 else -1
        if 0 <= at < self.rows.rowCount():
            self._go_to(at)

    def go_to(self, record: str) -> bool:
        """Make a loaded record the current one; answer whether it was there."""
        line = next((line for line, row in self.rows.rows_at_hand() if row.id == record), None)
        if line is not None:
            self._go_to(line)
        return line is not None

    def _go_to(self, line: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self.rows.index(line, self._home()), flags)

    def _home(self) -> int:
        """Answer the leftmost column that is shown."""
        shown = [at for at in range(self.columns.count()) if not self.columns.isSectionHidden(at)]
        return min(shown, key=self.columns.visualIndex, default=0)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        height = self.verticalHeader().defaultSectionSize()
        offset = self.verticalHeader().offset()
        area = event.rect()
        first, last = self._visible()
        self.settled = self.rows.need(first, last)
        # What lies beside the screen is read when the screen is there: both at once would hold each other up.
        self._look_ahead.start()
        low = max(first, (area.top() + offset) // height)
        high = min(last, (area.bottom() + offset) // height)
        with QPainter(self.viewport()) as painter:
            lines = self._lines(low, high, offset, height)
            self._brush().paint(painter, area, lines, self._strips(area), height, live=self.hasFocus())

    def _visible(self) -> tuple[int, int]:
        """Answer the first and the last line on the screen."""
        height = self.verticalHeader().defaultSectionSize()
        offset = self.verticalHeader().offset()
        last = (offset + self.viewport().height() - 1) // height
        return offset // height, min(last, self.rows.rowCount() - 1)

    def _lines(self, low: int, high: int, offset: int, height: int) -> list[Line]:
        chosen = self._chosen(low, high)
        current, folded = self.currentIndex().row(), self.rows.folds.folded
        lines = []
        for at in range(low, high + 1):
            shown = self.rows.line(at)
            shut = isinstance(shown, Group) and shown.key in folded
            lines.append(Line(shown, at * height - offset, at in chosen, at == current, at == self._hovered, shut))
        return lines

    def _chosen(self, low: int, high: int) -> set[int]:
        # The ranges are few; asking for each line would be a call into Qt per line.
        ranges = self.selectionModel().selection().toList()
        return {at for each in ranges for at in range(max(each.top(), low), min(each.bottom(), high) + 1)}

    def _strips(self, area: QRect) -> list[Strip]:
        strips, home, gutter = [], self._home(), look().letters.gutter
        for at, column in enumerate(self.rows.columns):
            left, width = self.columns.sectionViewportPosition(at), self.columns.sectionSize(at)
            if width and left <= area.right() and left + width >= area.left():
                strips.append(Strip(at, left, width, column.right, gutter if at == home else 0))
        return strips

    def _brush(self) -> RowPainter:
        if self._painter is None or self._painter.worn is not look():
            self._painter = RowPainter(self.devicePixelRatioF())
        return self._painter

    def _arrived(self, first: int, last: int) -> None:
        self._held.let_go()
        self._current.settle(first, last)
        self._picks.settle(first, last)
        low, high = self._visible()
        if any(rows.start <= last and rows.stop > first for rows in self.rows.folds.rows_in(low, high)):
            self.viewport().update()
        else:
            # A page fetched ahead changes nothing on the screen, but lets the next one be asked for.
            self.rows.need(low, high)
            self._look_ahead.start()

    def _counted(self) -> None:
        self._show_empty()
        if self._held.isActive():
            # Nothing is painted yet, so nobody has asked for what stands under the headings.
            self.executeDelayedItemsLayout()
            self.rows.need(*self._visible())

    def _fetch_ahead(self) -> None:
        self.rows.need(*self._visible(), ahead=True)

    # Looks

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.PaletteChange}:
            self._dress()

    def _dress(self) -> None:
        self._painter = None
        height = look().letters.row(compact=self._compact)
        if height != self.verticalHeader().defaultSectionSize():
            self._set_row_height(height)
        self.verticalScrollBar().setSingleStep(height)
        self.columns.dress()

    def _set_row_height(self, height: int) -> None:
        header = self.verticalHeader()
        # Without this every section tells of its new size, a million signals.
        was = header.blockSignals(True)
        header.setDefaultSectionSize(height)
        header.blockSignals(was)
        self.updateGeometries()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit(event.size().width())
        self._held.resized()
        if self._empty is not None:
            self._empty.setGeometry(self.viewport().rect())

    def _show_empty(self) -> None:
        if self._empty is not None:
            self._empty.setGeometry(self.viewport().rect())
            self._empty.setVisible(self.rows.count == 0)

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self.rows.line(self.currentIndex().row()) if self.currentIndex().isValid() else None
        if isinstance(shown, Group) and event.key() in _ENTER | _FOLD:
            self.rows.toggle(shown)
        elif isinstance(shown, Row) and event.key() in _ENTER and not event.modifiers():
            self.opened.emit(shown.id)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name.
        """Leave letters to the commands: Qt would read the whole list for the next row that begins so."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shown = self._under(event)
        if isinstance(shown, Group) and event.button() is Qt.MouseButton.LeftButton:
            self.rows.toggle(shown)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        shown = self._under(event)
        if isinstance(shown, Row):
            self.opened.emit(shown.id)
        elif isinstance(shown, Group):
            self.rows.toggle(shown)

    def _under(self, event: QMouseEvent) -> Row | Group | None:
        line = self.rowAt(event.position().toPoint().y())
        return self.rows.line(line) if line >= 0 else None

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            left = event.type() is QEvent.Type.HoverLeave
            self._hover(-1 if left else self.rowAt(event.position().toPoint().y()))
        return super().viewportEvent(event)

    def _hover(self, line: int) -> None:
        if line == self._hovered:
            return
        height = self.verticalHeader().defaultSectionSize()
        for at in (self._hovered, line):
            self.viewport().update(0, self.rowViewportPosition(at), self.viewport().width(), height)
        self._hovered = line

    def moveCursor(  # noqa: N802 - Qt's name.
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Let Home and End mean the list, not the line: its cells are no places to be in."""
        column = max(self.currentIndex().column(), self._home())
        if action is QAbstractItemView.CursorAction.MoveHome:
            return self.rows.index(0, column)
        if action is QAbstractItemView.CursorAction.MoveEnd:
            return self.rows.index(self.rows.rowCount() - 1, column)
        return super().moveCursor(action, modifiers)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - Qt's name.
        # For screen readers Qt would list every cell of a selection; it tells them only the first, so that is given.
        super().selectionChanged(_first_lines(selected), _first_lines(deselected))
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name.
        super().currentChanged(current, previous)
        self._current.tell()
        self.viewport().update()


def _first_lines(selection: QItemSelection) -> QItemSelection:
    firsts = QItemSelection()
    for each in selection.toList():
        firsts.select(each.topLeft(), each.topLeft())
    return firsts
