"""Which record is the current one: told when it changes, followed when rows move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QObject, Signal

from escalation_desk.desktop.table.rows import Row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView

    from escalation_desk.desktop.table.model import QueueModel


class Current(QObject):
    """Knows the current record of a table by its id."""

    told = Signal(str)

    def __init__(self, table: QTableView, rows: QueueModel) -> None:
        super().__init__(table)
        self._table = table
        self._rows = rows
        self._told = ""

    def record(self) -> str:
        """Answer the id of the current record; empty on a heading, and while its row is on its way."""
        at = self._table.currentIndex().row()
        shown = self._rows.line(at) if at >= 0 else None
        return shown.id if isinstance(shown, Row) else ""

    def tell(self) -> None:
        record = self.record()
        if record != self._told:
            self._told = record
            self.told.emit(record)

    def settle(self, first: int, last: int) -> None:
        """Follow the current record into rows first..last, which have just come."""
        if not self._told or self.record() == self._told:
            self.tell()
            return
        found = [at for at in range(first, last + 1) if (row := self._rows.row(at)) and row.id == self._told]
        line = self._rows.folds.line_of(found[0]) if found else None
        if line is not None:
            self._follow(line)
        elif any(first <= rows.start <= last for rows in self._stretch()):
            self.tell()

    def _stretch(self) -> list[range]:
        at = self._table.currentIndex().row()
        return self._rows.folds.rows_in(at, at) if at >= 0 else []

    def _follow(self, line: int) -> None:
        """Make another line the current one, and let it stand where the old one stood on the screen."""
        bar, was = self._table.verticalScrollBar(), self._table.currentIndex()
        scrolled = bar.value()
        index = self._rows.index(line, max(was.column(), 0))
        self._table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        known = was.isValid() and scrolled
        bar.setValue(scrolled + (line - was.row()) * self._table.rowHeight(line) if known else scrolled)
