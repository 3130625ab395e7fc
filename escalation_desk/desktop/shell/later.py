"""What a first page does not need, done once it is painted: one step at a time, and the window answers between two."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from escalation_desk.i18n import n_

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.window import Desk

# After the rows have come, Qt paints them; where none come (another place, a slow disk), nobody waits for them longer.
_PAINTED: Final = 40
_AT_LATEST: Final = 500
# The first backup waits until nobody waits for the program any more.
_QUIET: Final = 20_000
_HOUR: Final = 3_600_000


class Later(QObject):
    """Takes the steps below in their order, once; `done` comes after the last."""

    done = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._steps = iter(_STEPS)
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self._next)
        self.begun = False

    def wait(self) -> None:
        """Begin when the first page is painted, or after a while."""
        if not self.begun:
            self._wait.start(_AT_LATEST)

    def page_came(self) -> None:
        """Begin soon: the rows of the first page are there."""
        if self._wait.isActive() and not self.begun:
            self._wait.start(_PAINTED)

    def _next(self) -> None:
        self.begun = True
        step = next(self._steps, None)
        if step is None:
            self.done.emit()
        else:
            step(self._desk, self._go_on)

    def _go_on(self) -> None:
        self._wait.start(0)  # What waits to be painted or was typed meanwhile goes first.


# Each step calls back when the next one may follow.


def _collect_garbage(_desk: Desk, then: Callable[[], None]) -> None:
    gc.enable()  # Off since the start (desktop/__init__.py).
    gc.freeze()
    then()


def _count(desk: Desk, then: Callable[[], None]) -> None:
    desk.show_left()
    desk.counts.count()
    desk.undoing.look()
    then()


def _load(desk: Desk, then: Callable[[], None]) -> None:
    """Load on another thread what the next steps are made of."""
    desk.verbs.ask(lambda _made: desk.load_what_follows(), lambda _nothing: then())


def _show_search(desk: Desk, then: Callable[[], None]) -> None:
    _made = desk.search
    then()


def _open_again(desk: Desk, then: Callable[[], None]) -> None:
    """Open what was open when the window was left."""
    if desk.kept.get("preview"):
        desk.queue.head.preview.setChecked(True)
    desk.tabs.restore()
    then()


def _join(desk: Desk, then: Callable[[], None]) -> None:
    """Speak with the server, where the desk is shared."""
    if desk.link.to is None:
        desk.link.begin()
    else:  # The window was made anew, the line was not.
        desk.show_belonging(belongs=True)
    then()


def _look_for_silence(desk: Desk, then: Callable[[], None]) -> None:
    """Raise the next level for authorities that were silent while the program was closed, and look each minute."""
    from escalation_desk.desktop.escalations.watch import SilenceWatch  # Nothing of it is needed for the first page.

    SilenceWatch(desk, desk)
    then()


def _load_notices(desk: Desk, then: Callable[[], None]) -> None:
    """Load on another thread what the notices are made of."""

    def load(_made: object) -> None:
        from escalation_desk.desktop.notices import side  # noqa: F401 - loaded, not used here.

    desk.verbs.ask(load, lambda _nothing: then())


def _show_notices(desk: Desk, then: Callable[[], None]) -> None:
    _made = desk.notices
    then()


def _back_up(desk: Desk, then: Callable[[], None]) -> None:
    _soon_and_each_hour(desk, desk.acts.back_up_by_rota)
    then()


def _soon_and_each_hour(desk: Desk, act: Callable[[], None]) -> None:
    """Call an act while the window lasts. Timers of its own end with it; one of Qt's that are set once do not."""
    soon, hourly = QTimer(desk, singleShot=True, interval=_QUIET), QTimer(desk, interval=_HOUR)
    for timer in (soon, hourly):
        timer.timeout.connect(act)
        timer.start()


def _close_in_time(desk: Desk, then: Callable[[], None]) -> None:
    """Close, soon and each hour, what was resolved here days ago and nobody came back on."""

    def close() -> None:
        from escalation_desk.journal import closing  # It knows most kinds of records; the first page does not.

        desk.verbs.run(lambda: closing.close_in_time(desk.verbs.journal), tell)

    def tell(closed: int) -> None:
        if closed:
            desk.tell(n_("{n} case closed after its time.", "{n} cases closed after their time.", closed))

    _soon_and_each_hour(desk, close)
    then()


_STEPS: Final = (
    _collect_garbage,
    _count,
    _load,
    _show_search,
    _open_again,
    _join,
    _look_for_silence,
    _load_notices,
    _show_notices,
    _back_up,
    _close_in_time,
)
