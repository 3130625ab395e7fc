"""A plain table of a few dozen lines that are chosen by arrows and opened by Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import tip_text, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.look.tones import Tone

_KEY = int(Qt.ItemDataRole.UserRole)


class Cell(NamedTuple):
    """What a cell says, in which tone; a tone never says alone what the words do not."""

    text: str
    tone: Tone | None = None
    number: bool = False


class LineTable(QTableWidget):
    """`opened` tells the key of a line, `moved` that another one is chosen."""

    opened = Signal(str)
    moved = Signal()

    def __init__(self, name: str, headings: Sequence[str]) -> None:
        super().__init__(0, len(headings))
        self.setAccessibleName(name)
        self.setProperty("kind", "plain")
        self.setHorizontalHeaderLabels(list(headings))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(look().letters.px(4))
        header.setHighlightSections(False)
        self.currentCellChanged.connect(lambda *_where: self.moved.emit())
        self.cellDoubleClicked.connect(lambda *_where: self.opened.emit(self.key()))

    def show_lines(self, lines: Sequence[tuple[str, Sequence[Cell]]]) -> None:
        """Lay the lines out anew; the chosen one stays chosen."""
        before = self.key()
        self.setRowCount(len(lines))
        for at, (key, cells) in enumerate(lines):
            for column, cell in enumerate(cells):
                self.setItem(at, column, _item(cell, key))
            self.setRowHeight(at, look().letters.row())
        kept = next((at for at, (key, _cells) in enumerate(lines) if key == before), 0)
        if lines:
            self.setCurrentCell(
                kept, 0, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            )
        self.moved.emit()

    def key(self) -> str:
        """Name the line that is chosen."""
        held: QTableWidgetItem | None = self.item(self.currentRow(), 0)
        return str(held.data(_KEY)) if held is not None else ""

    def texts(self) -> list[list[str]]:
        """Say what stands there, line by line."""
        cells = [[self.item(at, n) for n in range(self.columnCount())] for at in range(self.rowCount())]
        return [[cell.text() if cell is not None else "" for cell in line] for line in cells]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.key():
            self.opened.emit(self.key())
        else:
            super().keyPressEvent(event)


def _item(cell: Cell, key: str) -> QTableWidgetItem:
    made = QTableWidgetItem(visible(cell.text))
    made.setData(_KEY, key)
    made.setToolTip(tip_text(cell.text))
    if cell.tone:
        made.setForeground(QColor(look().ink(cell.tone).ink))
    if cell.number:
        made.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
