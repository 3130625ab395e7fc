"""The rows of a source as Qt wants them: headers, keys and screen readers ask here, painting asks for whole rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from escalation_desk.desktop.plain.characters import tip_text
from escalation_desk.desktop.table.folds import Folds
from escalation_desk.desktop.table.pages import PAGE, Pages
from escalation_desk.desktop.table.rows import Group, Row, RowSource, Shape
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.table.rows import Column

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_NOTHING: Final = Shape(0)
_SCREEN: Final = 64  # lines
_PAINTED: Final = 100  # ms


class QueueModel(QAbstractTableModel):
    """Holds a window on a source of any length; what is not there yet comes, and `arrived` says so."""

    # With the first and the last row that came.
    arrived = Signal(int, int)
    counted = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: RowSource | None = None
        self._columns: Sequence[Column] = ()
        self._pages = Pages()
        self._folds = Folds(_NOTHING)
        self._count: int | None = None
        self._round = 0
        self._screen = _SCREEN
        # The first rows are painted before anybody counts: at the same time both would take longer. Unpainted ones
        # (the table is behind another) are counted as well.
        self._uncounted = QTimer(self, singleShot=True, interval=_PAINTED)
        self._uncounted.timeout.connect(self._ask_shape)

    # What is shown

    def show(self, source: RowSource, screen: int = _SCREEN) -> None:
        """Show another source from its beginning; `screen` is how many lines of it are seen."""
        self._screen = screen
        self.beginResetModel()
        self._source = source
        self._columns = tuple(source.columns)
        self._pages = Pages()
        self._folds = Folds(_NOTHING)
        self._count = None
        self.endResetModel()
        self._begin()

    def refresh(self) -> None:
        """Ask everything again; what is on the screen stays until the fresh rows are there."""
        self._pages.age()
        self._begin()

    @property
    def columns(self) -> Sequence[Column]:
        return self._columns

    @property
    def source(self) -> RowSource | None:
        return self._source

    @property
    def count(self) -> int | None:
        """How many rows the source has, once it has said so."""
        return self._count

    @property
    def folds(self) -> Folds:
        return self._folds

    def line(self, line: int) -> Row | Group | None:
        """Answer what one line shows; None is a row still on its way."""
        at = self._folds.at(line)
        return at if isinstance(at, Group) else self._pages.row(at)

    def row(self, at: int) -> Row | None:
        """Answer a row of the source, if it is loaded."""
        return self._pages.row(at)

    def rows_at_hand(self) -> list[tuple[int, Row]]:
        """Give every loaded row with its line, folded ones left out."""
        lines = ((self._folds.line_of(index), row) for index, row in self._pages.items())
        return [(line, row) for line, row in lines if line is not None]

    def need(self, first: int, last: int, *, ahead: bool = False) -> bool:
        """Ask for what lines first..last lack; answer whether they were all there, fresh.

        `ahead` says that the screen is painted: now what lies beside it is asked for, and how many rows there are.
        """
        if self._source is None or (self._source.grouped and self._count is None):
            return False
        low, high = self._span(first, last)
        if low is None or high is None:
            return True
        if ahead and self._uncounted.isActive():
            self._ask_shape()
        numbers = self._pages.wanted(low, high, self._count, ahead=ahead)
        if numbers is not None:
            self._fetch(numbers)
        return self._pages.settled(low, high)

    def toggle(self, group: Group) -> None:
        """Fold or unfold the rows under a heading."""
        head = self._folds.line_of_group(group.key)
        folds = self._folds.toggled(group.key)
        if not group.count:
            self._folds = folds
        elif group.key in folds.folded:
            self.beginRemoveRows(_NOWHERE, head + 1, head + group.count)
            self._folds = folds
            self.endRemoveRows()
        else:
            self.beginInsertRows(_NOWHERE, head + 1, head + group.count)
            self._folds = folds
            self.endInsertRows()

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._folds.lines

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self._columns[index.column()].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text("\n".join(part for part in (self._text(index), self._note(index)) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._columns):
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return _(self._columns[section].label)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self._columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        if isinstance(self._folds.at(index.row()), Group):
            return plain
        return plain | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def _text(self, index: Index) -> str:
        shown = self.line(index.row())
        if isinstance(shown, Group):
            return f"{shown.text} ({shown.count:,})" if index.column() == 0 else ""
        return shown.cells[index.column()] if shown else ""

    def _note(self, index: Index) -> str:
        shown = self.line(index.row()) if index.column() == 0 else None
        return shown.note if isinstance(shown, Row) else ""

    def _spoken(self, index: Index) -> str:
        shown = self.line(index.row())
        if shown is None:
            return _("On its way")
        text = self._text(index)
        if isinstance(shown, Row):
            text = f"{_(self._columns[index.column()].label)}: {text}"
            if self._note(index):
                text = f"{text}. {self._note(index)}"
            if shown.unread and index.column() == 0:
                return _("Unread. {cell}", cell=text)
        return text

    # How it comes

    def _begin(self) -> None:
        if self._source is None:
            return
        self._round += 1
        self._uncounted.stop()
        # The first page goes ahead of the counting, which may have to walk through everything.
        if not self._source.grouped and self._count is None:
            self._fetch(range((self._screen - 1) // PAGE + 1))
        else:
            self._ask_shape()

    def _ask_shape(self) -> None:
        self._uncounted.stop()
        if self._source is not None:
            self._source.shape(partial(self._take_shape, self._round))

    def _fetch(self, numbers: range) -> None:
        assert self._source is not None  # noqa: S101 - Only called with a source; for the type checker.
        after, before = self._pages.ask(numbers)
        answer = partial(self._take_pages, self._round, numbers)
        self._source.fetch(numbers.start * PAGE, len(numbers) * PAGE, answer, after=after, before=before)

    def _take_pages(self, asked_in: int, numbers: range, rows: Sequence[Row]) -> None:
        if asked_in != self._round:
            return
        for at, number in enumerate(numbers):
            self._pages.put(number, rows[at * PAGE : (at + 1) * PAGE])
        if self._count is None and numbers.start == 0:
            self._reshape(Shape(len(rows)))
            self._uncounted.start()
        self.arrived.emit(numbers.start * PAGE, numbers.stop * PAGE - 1)

    def _take_shape(self, asked_in: int, shape: Shape) -> None:
        if asked_in != self._round:
            return
        self._count = shape.count
        self._reshape(shape)
        self.counted.emit(shape.count)

    def _reshape(self, shape: Shape) -> None:
        folds = Folds(shape, self._folds.folded)
        had, has = self._folds.lines, folds.lines
        if [(group.key, group.count) for group in shape.groups] != [(g.key, g.count) for g in self._folds.groups]:
            self.beginResetModel()
            self._folds = folds
            self.endResetModel()
        elif has > had:
            self.beginInsertRows(_NOWHERE, had, has - 1)
            self._folds = folds
            self.endInsertRows()
        elif has < had:
            self.beginRemoveRows(_NOWHERE, has, had - 1)
            self._folds = folds
            self.endRemoveRows()
        else:
            self._folds = folds

    def _span(self, first: int, last: int) -> tuple[int | None, int | None]:
        """Turn lines into the rows of the source that they show."""
        if not self._folds.groups:
            top = max(min(last, self._folds.lines - 1), 0)
            return min(first, top), top
        within = range(first, min(last, self._folds.lines - 1) + 1)
        shown = [at for at in map(self._folds.at, within) if isinstance(at, int)]
        return (shown[0], shown[-1]) if shown else (None, None)
