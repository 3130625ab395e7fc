"""The columns of the list as each view has them: which, in which order, how wide; remembered when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from escalation_desk.desktop.table import ColumnPlace, QueueTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.pages import Kept
    from escalation_desk.desktop.queue.views import ListView


class ColumnsKept(QObject):
    """Lays the columns of a table out for a view; `want` is told which ones are on the screen."""

    def __init__(self, table: QueueTable, kept: Kept, want: Callable[[list[str]], None]) -> None:
        super().__init__(table)
        self._table = table
        self._kept = kept
        self._want = want
        self._view: ListView | None = None
        self._laying = False
        table.columns.layout_changed.connect(self._changed)

    def lay_out(self, view: ListView) -> None:
        """Give the columns the places they have in a view."""
        self._view = view
        offered = self._table.rows.columns
        if not offered:
            return
        kept: Any = self._kept.get(f"columns:{view.code}") or view.definition.get("columns", [])
        asked_by = self._table.columns.asked_by
        places = [ColumnPlace(*place) for place in kept] or [ColumnPlace(c.id, asked_by(c), c.shown) for c in offered]
        self._laying = True
        self._table.columns.set_places(places)
        self._laying = False
        self._want(self.shown())

    def shown(self) -> list[str]:
        return [place.id for place in self._table.columns.places() if place.shown]

    def as_data(self) -> list[list[object]]:
        """Tell the columns as a saved view keeps them."""
        return [[place.id, place.letters, place.shown] for place in self._table.columns.places()]

    def _changed(self) -> None:
        if not self._laying and self._view and self._table.rows.columns:
            self._kept.put(f"columns:{self._view.code}", self.as_data())
            self._want(self.shown())
