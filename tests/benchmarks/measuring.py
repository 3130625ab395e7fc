"""What the benchmarks of the window share: acts timed until they are painted, gaps of the event loop, memory."""

from __future__ import annotations

import gc
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QTableView

from escalation_desk.desktop.table import QueueTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

_PATIENCE = 120


class OurTable(QueueTable):
    """The queue table, counting the paintings that showed fresh rows only."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += self.settled


class TheirTable(QTableView):
    """Qt's own table, counting its paintings."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1


class Gaps(QObject):
    """Measures how long the event loop was away, by a timer that wants to come every millisecond."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=1)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._come)
        self.collecting = 0.0
        self._collects = 0.0
        gc.callbacks.append(self._collected)
        self.begin()

    def begin(self) -> None:
        self.found: list[tuple[float, float]] = []
        self._last, self._busy = time.perf_counter(), time.thread_time()
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()
        gc.callbacks.remove(self._collected)

    def _collected(self, phase: str, _told: object) -> None:
        """Note the longest collection of garbage: nobody else gets the interpreter meanwhile."""
        if phase == "start":
            self._collects = time.perf_counter()
        else:
            self.collecting = max(self.collecting, (time.perf_counter() - self._collects) * 1000)

    @property
    def worst(self) -> float:
        """The longest gap in ms: by the clock, with whatever else the computer did meanwhile."""
        return max((gap for gap, _busy in self.found), default=0.0)

    @property
    def busiest(self) -> float:
        """The most that the thread of the window computed within one gap, in ms: what is our own doing."""
        return max((busy for _gap, busy in self.found), default=0.0)

    def over(self, limit: float) -> int:
        return sum(gap > limit for gap, _busy in self.found)

    def busy_over(self, limit: float) -> int:
        return sum(busy > limit for _gap, busy in self.found)

    def _come(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        if now - self._last > 0.005:  # Shorter ones are the timer itself.
            self.found.append(((now - self._last) * 1000, (busy - self._busy) * 1000))
        self._last, self._busy = now, busy


def until_painted(table: OurTable | TheirTable, act: Callable[[], object]) -> float:
    """Do something to a table; answer the ms until the screen is painted from real rows."""
    seen = table.painted
    begun = time.perf_counter()
    act()
    table.viewport().update()
    wait_for(lambda: table.painted != seen)
    return (time.perf_counter() - begun) * 1000


def wait_for(done: Callable[[], bool], patience: float = _PATIENCE) -> None:
    """Let the event loop go on until something holds. It sleeps in between, as a real one: readers need the lock."""
    alarm = QTimer(interval=100)
    alarm.start()
    until = time.perf_counter() + patience
    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > until:
            raise TimeoutError
    alarm.stop()


def settle(seconds: float = 0.05) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def press(table: QTableView, key: Qt.Key) -> None:
    QApplication.sendEvent(table, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def memory() -> float:
    """Read the resident memory in MB; 0 where the system does not tell in this way."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def median(taken: list[float]) -> float:
    return statistics.median(taken)
