"""Comes forward when the program is started again on the same folder: whoever starts it wants to see its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from escalation_desk.journal import place

if TYPE_CHECKING:
    from pathlib import Path


class Door(QObject):
    """Watches the lock of the folder, which whoever comes second touches."""

    knocked = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._watcher = QFileSystemWatcher([str(folder / place.HELD)], self)
        self._watcher.fileChanged.connect(self._look)

    def _look(self) -> None:
        if place.answer_knock(self._folder):
            self.knocked.emit()
