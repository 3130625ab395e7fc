"""Which records are selected. A selection belongs to records: when rows move, it moves along, never to a neighbour."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal

from escalation_desk.desktop.table.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from escalation_desk.desktop.table.model import QueueModel

# Wider selections (select all) are kept as stretches, and their records named only when something is done with them.
_MOST_BY_NAME: Final = 5_000
_SELECT: Final = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_DESELECT: Final = QItemSelectionModel.SelectionFlag.Deselect | QItemSelectionModel.SelectionFlag.Rows


class Picks(QObject):
    """Watches a selection model and knows the records behind it."""

    changed = Signal(int)

    def __init__(self, rows: QueueModel, selection: QItemSelectionModel, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._selection = selection
        self._where: dict[str, int] = {}
        self._wide = False
        self._moving = False
        selection.selectionChanged.connect(self._selected)

    def count(self) -> int:
        return sum(map(len, self._stretches())) if self._wide else len(self._where)

    def forget(self) -> None:
        self._where.clear()
        self._wide = False
        self._selection.clear()

    def hand_over(self, then: Callable[[list[str]], None]) -> None:
        """Give the selected records in the order of the list."""
        if not self._wide:
            then(sorted(self._where, key=self._where.__getitem__))
            return
        self._name(self._stretches(), [], then)

    def aged(self) -> None:
        """Say that rows may have moved: a wide selection that is not the whole list has lost its meaning."""
        if self._wide and self.count() < self._rows.folds.rows:
            self.forget()
            self.changed.emit(0)

    def settle(self, first: int, last: int) -> None:
        """Lay the selection on rows first..last, which have just come."""
        if self._wide or not self._where:
            return
        found = self._find(first, last)
        for record, at in list(self._where.items()):
            if record in found:
                self._where[record] = found[record]
            elif first <= at <= last and not self._elsewhere(record):
                del self._where[record]
        before, after = self._lines_selected(first, last), set(self._lines(found.values()))
        self._move(before - after, _DESELECT)
        self._move(after - before, _SELECT)
        self.changed.emit(self.count())

    # Following the selection model

    def _selected(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._moving:
            return
        stretches = self._stretches()
        self._wide = sum(map(len, stretches)) > _MOST_BY_NAME
        if not self._wide:
            self._follow(stretches)
        self.changed.emit(self.count())

    def _follow(self, stretches: list[range]) -> None:
        names = {at: record for record, at in self._where.items()}
        where: dict[str, int] = {}
        for at in chain.from_iterable(stretches):
            row = self._rows.row(at)
            record = row.id if row else names.get(at)
            if record is None:
                self._wide = True
                return
            where[record] = at
        self._where = where

    def _stretches(self) -> list[range]:
        folds = self._rows.folds
        spans = [folds.rows_in(each.top(), each.bottom()) for each in self._selection.selection().toList()]
        # Qt keeps several ranges over the same rows after some clicks.
        return _joined(sorted(chain.from_iterable(spans), key=lambda stretch: stretch.start))

    def _lines_selected(self, first: int, last: int) -> set[int]:
        inside = range(first, last + 1)
        rows = (at for stretch in self._stretches() for at in stretch if at in inside)
        return set(self._lines(rows))

    def _lines(self, rows: Iterable[int]) -> list[int]:
        lines = map(self._rows.folds.line_of, rows)
        return [line for line in lines if line is not None]

    def _find(self, first: int, last: int) -> dict[str, int]:
        rows = ((at, self._rows.row(at)) for at in range(first, last + 1))
        return {row.id: at for at, row in rows if isinstance(row, Row) and row.id in self._where}

    def _elsewhere(self, record: str) -> bool:
        return any(row.id == record for _line, row in self._rows.rows_at_hand())

    def _move(self, lines: set[int], flags: QItemSelectionModel.SelectionFlag) -> None:
        self._moving = True
        for line in lines:
            self._selection.select(self._rows.index(line, 0), flags)
        self._moving = False

    # Naming what is not loaded

    def _name(self, stretches: Sequence[range], named: list[str], then: Callable[[list[str]], None]) -> None:
        source = self._rows.source
        if not stretches or source is None:
            then(named)
            return
        ahead, *rest = stretches
        source.ids(ahead.start, len(ahead), lambda more: self._name(rest, [*named, *more], then))


def _joined(stretches: list[range]) -> list[range]:
    joined: list[range] = []
    for each in stretches:
        if joined and each.start <= joined[-1].stop:
            joined[-1] = range(joined[-1].start, max(joined[-1].stop, each.stop))
        else:
            joined.append(each)
    return joined
