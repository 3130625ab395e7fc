"""PySide6 6.12.0 drops one reference to None per void call under Python 3.10 and 3.11: after some thousand calls the
process dies. pyproject.toml keeps us below it; whoever tries a newer one learns here whether it is mended."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = 500


class _Listener(QObject):
    told = Signal()

    def hear(self) -> None:
        pass


class _Taker(QWidget):
    def event(self, event: QEvent) -> bool:
        return super().event(event)


def _void_call() -> Callable[[], object]:
    thing = QObject()
    return lambda: thing.setObjectName("x")


def _answer_of_none() -> Callable[[], object]:
    thing = QObject()
    return lambda: (thing.parent(), thing.property("missing"))


def _signal_to_a_method() -> Callable[[], object]:
    listener = _Listener()
    listener.told.connect(listener.hear)
    return lambda: listener.told.emit()  # noqa: PLW0108 - Holds the listener.


def _timer() -> Callable[[], object]:
    timer = QTimer()

    def start_and_stop() -> None:
        timer.start(1000)
        timer.stop()

    return start_and_stop


def _event_through_python() -> Callable[[], object]:
    taker = _Taker()
    return lambda: QApplication.sendEvent(taker, QEvent(QEvent.Type.User))


def _painting() -> Callable[[], object]:
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)

    def paint() -> None:
        with QPainter(image) as painter:
            painter.setPen(QColor("#123456"))
            painter.drawLine(0, 0, 7, 7)

    return paint


@pytest.mark.parametrize(
    "make", [_void_call, _answer_of_none, _signal_to_a_method, _timer, _event_through_python, _painting]
)
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None, True and False are never counted since Python 3.12")
def test_calls_into_qt_leave_the_count_of_none_true_and_false_alone(
    qapp: QApplication, make: Callable[[], Callable[[], object]]
) -> None:
    call = make()
    call()
    gc.collect()
    before = [sys.getrefcount(each) for each in (None, True, False)]
    for _ in range(CALLS):
        call()
    after = [sys.getrefcount(each) for each in (None, True, False)]
    for lost in (was - now for was, now in zip(before, after, strict=True)):
        assert lost < CALLS / 10
