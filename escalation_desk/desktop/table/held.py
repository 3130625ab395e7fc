"""Leaves the picture of a list as it is until the next list is there: no list flashes empty, none is painted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView

# Rows that are longer in coming are shown as being on their way.
_AT_ONCE: Final = 80  # ms


class HeldPicture(QTimer):
    """Holds the picture of one table; running as long as it is held."""

    def __init__(self, table: QAbstractItemView) -> None:
        super().__init__(table, singleShot=True, interval=_AT_ONCE)
        self._table = table
        self._size = table.size()
        self.timeout.connect(self.let_go)

    def hold(self) -> None:
        self._size = self._table.size()
        self._table.setUpdatesEnabled(False)
        self.start()

    def let_go(self) -> None:
        if self.isActive() or not self._table.updatesEnabled():
            self.stop()
            # A scroll bar that comes later would have everything painted twice.
            self._table.executeDelayedItemsLayout()
            self._table.setUpdatesEnabled(True)

    def resized(self) -> None:
        """Let go when the table has another size; that its scroll bar goes and comes is part of what is not shown."""
        if self._table.size() != self._size:
            self.let_go()
