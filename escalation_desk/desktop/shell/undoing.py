"""Watches what can be undone and done again, and how much no server has; asked after every entry, never waited for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.journal import Journal


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the journal stands: the acts as people name them, empty where there is none."""

    undo: str
    undo_number: int
    redo: str
    waiting: int


class UndoWatch(QObject):
    """Tells the standing after every entry; `done` when a new act can be undone."""

    stands = Signal(Standing)
    done = Signal(str)

    def __init__(self, verbs: Verbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._newest: int | None = None
        self.standing = Standing("", 0, "", 0)
        verbs.changed.connect(self.look)

    def look(self) -> None:
        journal = self._verbs.journal
        self._verbs.quietly(lambda: _standing(journal), self._take)

    def _take(self, standing: Standing) -> None:
        self.standing = standing
        # An undo uncovers an older act; only a newer number is something that was just done.
        if self._newest is not None and standing.undo_number > self._newest:
            self.done.emit(standing.undo)
        self._newest = max(standing.undo_number, self._newest or 0)
        self.stands.emit(standing)


def _standing(journal: Journal) -> Standing:
    undo, redo = journal.undoable(), journal.redoable()
    # What is done again is named after the act that was undone, not after its undoing.
    again = redo.places.get("act", str(redo)) if redo else ""
    return Standing(str(undo or ""), undo.number if undo else 0, again, journal.waiting())
