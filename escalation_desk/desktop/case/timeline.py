"""The timeline of a case: everything that was said and done, in the order of time, newest at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.entry_paint import LINE, EntryDelegate
from escalation_desk.desktop.case.told import FILTERS, Earlier, Entry, Line, chosen, lines_of
from escalation_desk.desktop.case.zones import Segments
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import EmptyState, SearchField, button, literal, set_tip
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from escalation_desk.desktop.moments import Clock

AT_ONCE: Final = 200
"""So many entries are laid out; earlier ones when somebody asks, so that a case of thousands opens like any other."""

_PINNED_SHOWN: Final = 3
_READ_APART: Final = 20_000
_Index = QModelIndex | QPersistentModelIndex


class TimelineModel(QAbstractListModel):
    """The lines of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default.
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return line.spoken if isinstance(line, Entry) else _spoken(line)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        line = self.lines[index.row()]
        if isinstance(line, Entry | Earlier):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def show_lines(self, lines: list[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def row_of(self, key: str) -> int:
        return next((at for at, line in enumerate(self.lines) if isinstance(line, Entry) and line.key == key), -1)


def _spoken(line: Line) -> str:
    if isinstance(line, Earlier):
        return n_("Show {n} earlier entry", "Show {n} earlier entries", line.count)
    return getattr(line, "text", "")


class EntryList(QListView):
    """The list itself. Enter unfolds or opens, the menu key offers what can be done, Ctrl+C copies the text."""

    entered = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.unfolded: set[str] = set()
        self.painter_of = EntryDelegate(lambda key: key in self.unfolded, self)
        self.setItemDelegate(self.painter_of)
        self.setProperty("kind", "timeline")
        self.setAccessibleName(_("Timeline"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(look().letters.px(1.6))

    def current(self) -> Line | None:
        index = self.currentIndex()
        return index.data(LINE) if index.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        foot = self.at_foot()
        super().resizeEvent(event)
        if foot:
            QTimer.singleShot(0, self, self.scrollToBottom)

    def at_foot(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - look().letters.px(2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.painter_of.forget()
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self.current()
        if event.matches(QKeySequence.StandardKey.Copy) and isinstance(line, Entry):
            QGuiApplication.clipboard().setText(line.body)
        elif Qt.Key(event.key()) in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() and line:
            self.entered.emit(line)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = index.data(LINE) if index.isValid() else None
        if event.button() is not Qt.MouseButton.LeftButton or line is None:
            return
        rect = self.visualRect(index)
        if isinstance(line, Entry) and not line.quiet and self._on_dots(rect, event.position().toPoint()):
            self.menu_asked.emit(line, event.globalPosition().toPoint())
        elif isinstance(line, Earlier) or (line.long and event.position().y() > rect.bottom() - look().letters.px(2.4)):
            self.entered.emit(line)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        line = self.current()
        if line is not None:
            self.entered.emit(line)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        line = self.current()
        if isinstance(line, Entry):
            at = event.globalPos()
            if event.reason() is QContextMenuEvent.Reason.Keyboard:
                at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
            self.menu_asked.emit(line, at)

    def _on_dots(self, rect: Any, at: QPoint) -> bool:
        reach = look().letters.tight
        return bool(self.painter_of.dots(rect).adjusted(-reach, -reach, reach, reach).contains(at))


class Timeline(QWidget):
    """Filter, pinned entries and the list."""

    entered = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self._clock = clock
        self._all: list[Entry] = []
        self._shown: list[Entry] = []
        self._kind = "all"
        self._room = AT_ONCE
        self.model = TimelineModel()
        self.list = EntryList()
        self.list.setModel(self.model)
        self.kinds = Segments(_("Show on the timeline"), kind="filters")
        self.kinds.show_words([(code, _(label)) for code, label in FILTERS.items()])
        self.kinds.choose("all")
        self.search = SearchField(_("Find in this case"))
        self.pinned = _Pinned()
        self.empty = EmptyState("note", _("Nothing has happened yet"), detail=_("Write the first note below."))
        self._lay_out()
        self.kinds.chosen.connect(self._filter)
        self.search.textChanged.connect(lambda _text: self._filter(self._kind))
        self.list.entered.connect(self._enter)
        self.list.menu_asked.connect(self.menu_asked)
        self.pinned.chosen.connect(self.go_to)

    def show_entries(self, entries: list[Entry]) -> None:
        """Show these; whoever reads further up stays there, whoever is at the foot sees the newest."""
        if entries == self._all and self.model.lines:
            return
        first = not self._all
        foot = first or self.list.at_foot()
        self._all = entries
        self.list.painter_of.forget()
        self.pinned.show_pinned([entry for entry in entries if entry.pinned])
        self._draw(foot=foot)

    def go_to(self, key: str) -> None:
        """Bring an entry into sight, whatever is filtered or folded away."""
        if self.model.row_of(key) < 0:
            self.search.clear()
            self.kinds.choose("all")
            self._kind, self._room = "all", len(self._all)
            self._draw(foot=False)
        row = self.model.row_of(key)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
            self.list.scrollTo(self.model.index(row), QAbstractItemView.ScrollHint.PositionAtCenter)
            self.list.setFocus()

    def _filter(self, kind: str) -> None:
        self._kind, self._room = kind, AT_ONCE
        self._draw(foot=True)

    def _draw(self, *, foot: bool) -> None:
        current, anchor = self.list.current(), self._anchor()
        self._shown = chosen(self._all, self._kind, self.search.text())
        hidden = max(len(self._shown) - self._room, 0)
        self.model.show_lines(lines_of(self._shown[hidden:], self._clock(), hidden))
        self.empty.setVisible(not self._all)
        if isinstance(current, Entry):
            self._select(self.model.row_of(current.key))
        self.list.doItemsLayout()
        bar = self.list.verticalScrollBar()
        bar.setValue(bar.maximum())
        if not foot and anchor:
            self._return_to(*anchor)

    def _anchor(self) -> tuple[str, int] | None:
        """Note which entry is uppermost in sight, and where."""
        for at in range(self.list.indexAt(QPoint(2, 2)).row(), len(self.model.lines)):
            line = self.model.lines[at] if at >= 0 else None
            if isinstance(line, Entry):
                return line.key, self.list.visualRect(self.model.index(at)).y()
        return None

    def _return_to(self, key: str, y: int) -> None:
        """Scroll so that an entry is where it was before others came."""
        row = self.model.row_of(key)
        if row >= 0:
            bar = self.list.verticalScrollBar()
            bar.setValue(bar.value() + self.list.visualRect(self.model.index(row)).y() - y)

    def _select(self, row: int) -> None:
        """Select a row without scrolling to it."""
        if row >= 0:
            model = self.list.selectionModel()
            model.setCurrentIndex(self.model.index(row), model.SelectionFlag.ClearAndSelect)

    def _enter(self, line: Line) -> None:
        if isinstance(line, Earlier):
            self._room += AT_ONCE * 2
            self._draw(foot=False)
        elif isinstance(line, Entry) and line.long and len(line.body) < _READ_APART:
            self.list.unfolded ^= {line.key}
            self.list.painter_of.forget()
            self.list.scheduleDelayedItemsLayout()
        elif isinstance(line, Entry):
            self.entered.emit(line)

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(0, letters.tight, letters.wide, letters.tight)
        top.addWidget(self.kinds, 1)
        self.search.setMaximumWidth(letters.px(16))
        top.addWidget(self.search)
        column.addLayout(top)
        column.addWidget(self.pinned)
        column.addWidget(self.list, 1)
        # Over the list, not instead of it: the keyboard goes to the list even while there is nothing in it.
        QVBoxLayout(self.list.viewport()).addWidget(self.empty)


class _Pinned(QFrame):
    """What was pinned, a line each, above everything else."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "pinned")
        self.setAccessibleName(_("Pinned entries"))
        letters = look().letters
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(letters.wide, letters.tight, letters.wide, letters.tight)
        self._column.setSpacing(0)
        self._buttons: list[QWidget] = []
        self.hide()

    def show_pinned(self, entries: list[Entry]) -> None:
        for one in self._buttons:
            self._column.removeWidget(one)
            one.deleteLater()
        self._buttons = []
        for entry in entries[-_PINNED_SHOWN:]:
            made = button(literal(one_line(entry.body, 90)), kind="pin", sign="pin")
            made.setAccessibleName(_("Pinned: {text}", text=one_line(entry.body, 200)))
            made.clicked.connect(lambda _on=False, key=entry.key: self.chosen.emit(key))
            set_tip(made, one_line(entry.body, 400))
            self._column.addWidget(made)
            self._buttons.append(made)
        self.setVisible(bool(entries))
