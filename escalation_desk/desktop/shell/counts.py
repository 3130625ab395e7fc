"""How many cases each view holds: counted behind everything else, again after a change and every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from escalation_desk.casework.views import CASE_VIEWS, VIEWS
from escalation_desk.desktop.queue.views import STARRED, ListView, count_query, saved_views
from escalation_desk.journal import listing, seen

if TYPE_CHECKING:
    from escalation_desk.casework.views import Now
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.connection import Connection

_PAUSE: Final = 300
_OF_PLACES: Final = {
    "follow-ups": "follow-ups-today",
    "sellers": "next-contact",
    "escalations": "escalations-unacknowledged",
}
"""What the count beside a place says: what is due there today."""


class Counts(QObject):
    """Tells the counts by code of view, and the saved views there are."""

    counted = Signal(dict)
    views_read = Signal(list)

    def __init__(self, verbs: Verbs, now: Any) -> None:
        super().__init__()
        self._verbs = verbs
        self._now = now
        self._counting = False
        self._again = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.count)
        verbs.changed.connect(self.soon)

    def soon(self) -> None:
        self._pause.start()

    def count(self) -> None:
        """Count; where one count is still running, once more after it."""
        if self._counting:
            self._again = True
            return
        self._counting = True
        now, me = self._now(), self._verbs.me.id
        self._verbs.ask(lambda made: saved_views(made, me), self._list)
        self._verbs.ask(lambda made: _counts(made, now, me), self._take, slow=True)

    def _list(self, views: list[ListView]) -> None:
        self.views_read.emit(views)  # Not handed over bare: a signal does not tell whether its owner is gone.

    def _take(self, counts: dict[str, int]) -> None:
        self._counting = False
        self.counted.emit(counts)
        if self._again:
            self._again = False
            self._pause.start()


def _counts(made: Connection, now: Now, me: str) -> dict[str, int]:
    views = [*(ListView(view.code, view.label) for view in CASE_VIEWS), *saved_views(made, me)]
    counts = {view.code: listing.count(made, count_query(made, view, now)) for view in views}
    counts |= {place: listing.count(made, VIEWS[code].query(now)) for place, code in _OF_PLACES.items()}
    return counts | {STARRED: len(seen.starred(made))}
