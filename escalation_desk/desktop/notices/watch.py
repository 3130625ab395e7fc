"""Looks when something changed, and when the next moment comes: no clock ticks in between, and no network is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.notices import Notice, Told, Wishes, loud, wishes_from, wishes_to
from escalation_desk.desktop.moments import zone_of
from escalation_desk.journal import noticing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched

_PAUSE: Final = 800
_LONGEST: Final = timedelta(hours=1)
"""A computer that slept wakes with timers that are late; so long at most nobody looks."""
_KEPT: Final = "notices"


class NoticeWatch(QObject):
    """`counted` tells how many wait to be looked at, `came` what is new and may come up on the screen."""

    counted = Signal(int)
    came = Signal(list)

    def __init__(self, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._frame = frame
        self.wishes: Wishes = wishes_from(_kept(frame))
        self._looked = False
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self.look)
        self._then = QTimer(self, singleShot=True)
        self._then.timeout.connect(self.look)
        frame.verbs.changed.connect(self._changed)
        self.look()

    def look(self) -> None:
        """Find what there is to tell."""
        verbs = self._frame.verbs
        me, now = verbs.me, verbs.journal.now()

        def write() -> tuple[list[Notice], int, datetime | None]:
            with verbs.journal.short() as made:
                fresh = noticing.look(made, me, now)
                return fresh, _waiting(made, now), noticing.next_moment(made, me, now)

        verbs.quietly(write, lambda found: self._tell(*found))

    def read(self, keys: Sequence[str]) -> None:
        """Mark as looked at."""
        at = instant_text(self._frame.verbs.journal.now())
        self._frame.verbs.keep(noticing.MARK_READ, [(at, key) for key in keys], self._recount)

    def read_all(self) -> None:
        self._frame.verbs.keep(
            noticing.MARK_ALL_READ, [(instant_text(self._frame.verbs.journal.now()),)], self._recount
        )

    def snooze(self, keys: Sequence[str], until: datetime) -> None:
        """Put off; it is told again then."""
        self._frame.verbs.keep(noticing.SNOOZE, [(instant_text(until), key) for key in keys], self.look)

    def mute(self, case: str) -> None:
        """Say nothing more of a case, but for what is critical; said again, it speaks again."""
        self.wish(self.wishes._replace(muted=self.wishes.muted ^ {case}))

    def wish(self, wishes: Wishes) -> None:
        self.wishes = wishes
        self._frame.kept.put(_KEPT, wishes_to(wishes))

    def _tell(self, fresh: list[Notice], waiting: int, moment: datetime | None) -> None:
        verbs = self._frame.verbs
        now = verbs.journal.now()
        local = now.astimezone(zone_of(verbs.me))
        self.counted.emit(waiting)
        # What there was when the window opened stands in the list; it does not talk over what is said then.
        heard = [one for one in fresh if self._looked and loud(one, self.wishes, local)]
        self._looked = True
        if heard:
            self.came.emit(heard)
        wait = min(max(moment - now, timedelta()), _LONGEST) if moment else _LONGEST
        self._then.start(int(wait.total_seconds() * 1000) + 1)

    def _recount(self) -> None:
        now = self._frame.verbs.journal.now()
        self._frame.verbs.ask(lambda made: _waiting(made, now), self.counted.emit)

    def _changed(self, _touched: Touched) -> None:
        self._soon.start()


def _kept(frame: Frame) -> dict[str, object]:
    found = frame.kept.get(_KEPT)
    return found if isinstance(found, dict) else {}


def _waiting(made: Connection, now: datetime) -> int:
    return sum(one.waits(now) for one in noticing.told(made))


def listed(found: Sequence[Told], wishes: Wishes) -> list[Told]:
    """Leave out of the list what somebody switched off."""
    return [one for one in found if one.notice.kind not in wishes.off]
