"""The panel under the box: lines to go through by the arrows, never taking the keyboard from the box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from escalation_desk.desktop.commands.palette_paint import Shadow
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.search.paint import LINE, LineDelegate
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent

    from escalation_desk.desktop.search.lines import Line

_NOWHERE: Final = QModelIndex()
_TALLEST: Final = 34
_WIDEST: Final = 52
_LEAST: Final = 30


class Lines(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (line.text, line.detail, line.at) if part)
        return line if role == LINE else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        leads = index.isValid() and self.lines[index.row()].leads_to
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled if leads else Qt.ItemFlag.NoItemFlags


class ResultPanel(QFrame):
    """Lies over the window, so that input methods go on writing into the box."""

    chosen = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._shadow = Shadow(window)
        self.setProperty("kind", "palette")
        self.setAccessibleName(_("Found"))
        self.hide()
        self._lines = Lines(self)
        self.list = QListView()
        self.list.setModel(self._lines)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Found"))
        self.list.entered.connect(self._over)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        column = QVBoxLayout(self)
        letters = look().letters
        column.setContentsMargins(letters.tight, letters.tight, letters.tight, letters.tight)
        column.addWidget(self.list)

    @property
    def lines(self) -> Sequence[Line]:
        return self._lines.lines

    def show_under(self, box: QWidget, lines: Sequence[Line]) -> None:
        """Show lines under a box, the first that leads somewhere chosen."""
        self._lines.show(lines)
        letters, window = look().letters, self._window
        width = min(max(box.width(), letters.px(_LEAST)), letters.px(_WIDEST), window.width() - 2 * letters.gap)
        place = box.mapTo(window, QPoint(0, box.height() + letters.tight))
        left = max(min(place.x(), window.width() - width - letters.gap), letters.gap)
        wanted = sum(self.list.sizeHintForRow(row) for row in range(len(lines))) + 2 * letters.gap + 4
        room = window.height() - place.y() - letters.page
        self.setGeometry(left, place.y(), width, min(wanted, letters.px(_TALLEST), max(room, letters.px(8))))
        self._shadow.lie_under(self)
        self._shadow.show()
        self._shadow.raise_()
        self.show()
        self.raise_()
        self.list.setCurrentIndex(_NOWHERE)
        self.list.scrollToTop()
        self.step(1)

    def step(self, lines: int) -> None:
        """Go some lines on, over what leads nowhere."""
        leading = [row for row, line in enumerate(self.lines) if line.leads_to]
        if not leading:
            return
        at = self.list.currentIndex().row()
        here = leading.index(at) if at in leading else -1
        row = leading[min(max(here + lines, 0), len(leading) - 1)]
        self.list.setCurrentIndex(self._lines.index(row, 0))
        if row == leading[0]:
            self.list.scrollToTop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._shadow.hide()

    def choose(self) -> None:
        self._choose(self.list.currentIndex().row())

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.lines) and self.lines[row].leads_to:
            self.chosen.emit(self.lines[row])

    def _over(self, index: QModelIndex) -> None:
        if self.lines[index.row()].leads_to:
            self.list.setCurrentIndex(index)
