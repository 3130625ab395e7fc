"""Logs a call while it is still on the line: a timer, and the four things that come of most calls."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QTimer, Signal

from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import button
from escalation_desk.i18n import N_, _

OUTCOMES: Final = (N_("Reached"), N_("No answer"), N_("Left a message"), N_("Will call back"))
_SECOND: Final = 1_000


class CallBar(FlowBox):
    """`logged` comes with the words that belong into the text."""

    logged = Signal(str)

    def __init__(self) -> None:
        super().__init__(look().letters.tight)
        self._began: float | None = None
        flow = self.flow
        self.timer = button(_("Start the timer"), self._flip, kind="chip", sign="call")
        flow.addWidget(self.timer)
        for words in OUTCOMES:
            flow.addWidget(button(_(words), lambda words=words: self.logged.emit(_(words)), kind="chip"))  # type: ignore[misc]  # the default is a text.
        self._tick = QTimer(self, interval=_SECOND)
        self._tick.timeout.connect(self._show)

    @property
    def running(self) -> bool:
        return self._began is not None

    def _flip(self) -> None:
        if self._began is None:
            # How long something takes is asked of the monotonic clock: the other one may be set back meanwhile.
            self._began = time.monotonic()
            self._tick.start()
            self._show()
        else:
            self.logged.emit(_("Call of {time}", time=_lasted(self._seconds())))
            self._began = None
            self._tick.stop()
            self._show()

    def _seconds(self) -> int:
        return int(time.monotonic() - self._began) if self._began is not None else 0

    def _show(self) -> None:
        if self._began is None:
            self.timer.setText(_("Start the timer"))
            self.timer.setIcon(icon("call"))
        else:
            self.timer.setText(_("Stop, {time}", time=_lasted(self._seconds())))


def _lasted(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"
