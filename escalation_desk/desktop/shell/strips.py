"""Strips at the foot for long work: what is being done, how far it is, and a way to stop it. Nobody has to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable


class Handle(QObject):
    """What long work is given; called from any thread."""

    _moved = Signal(int, int)
    _ended = Signal()

    def __init__(self, strip: Strip, cancel: Callable[[], None] | None) -> None:
        super().__init__(strip)
        self.cancelled = False
        self._cancel = cancel
        self._moved.connect(strip.show_at)
        self._ended.connect(strip.end)

    def at(self, done: int, total: int = 0) -> None:
        self._moved.emit(done, total)

    def end(self) -> None:
        self._ended.emit()

    def cancel(self) -> None:
        """Ask the work to stop; it says `end` when it has."""
        self.cancelled = True
        if self._cancel:
            self._cancel()


class Strip(QFrame):
    """One piece of long work."""

    ended = Signal(QWidget)

    def __init__(self, title: str, cancel: Callable[[], None] | None) -> None:
        super().__init__()
        letters = look().letters
        self.setProperty("kind", "strip")
        self.setAccessibleName(title)
        self.handle = Handle(self, cancel)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(title)
        self._count = PlainLabel("", Role.SMALL)
        self._stop = button(_("Cancel"), self._cancel, kind="quiet", sign="close")
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.wide, letters.tight, letters.wide, letters.tight)
        row.setSpacing(letters.wide)
        row.addWidget(PlainLabel(title))
        row.addWidget(self._bar, 1)
        row.addWidget(self._count)
        row.addWidget(self._stop)

    def show_at(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        if total:
            self._count.setText(_("{done} of {total}", done=f"{done:,}", total=f"{total:,}"))
        else:
            self._count.setText(f"{done:,}" if done else "")

    def end(self) -> None:
        self.ended.emit(self)

    def _cancel(self) -> None:
        self._stop.setEnabled(False)
        self._stop.setText(_("Stopping…"))
        self.handle.cancel()


class Strips(QWidget):
    """Holds the strips; without any it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def begin(self, title: str, cancel: Callable[[], None] | None) -> Handle:
        strip = Strip(title, cancel)
        strip.ended.connect(self._remove)
        self._column.addWidget(strip)
        return strip.handle

    def _remove(self, strip: QWidget) -> None:
        self._column.removeWidget(strip)
        strip.deleteLater()
