"""The window's end of the line to the server: begun after the first paint, told from other threads, ended in order.

Nothing of the room `sync` is loaded with this module: a desk that belongs to no server never needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.sharing.adopting import Belonging
    from escalation_desk.sync.attending import Attendance, Present
    from escalation_desk.sync.running import Runner
    from escalation_desk.sync.standing import Board, Standing

_BLINK: Final = 1_500
"""Milliseconds that an exchange may take before the window says that one is under way."""


class _Line(NamedTuple):
    """What runs while the desk is connected."""

    to: Belonging
    board: Board
    runner: Runner
    attendance: Attendance
    is_first: bool

    def stop(self) -> None:
        self.attendance.stop()
        self.runner.stop()


class ServerLink(QObject):
    """How it stands with the server, and who has which case open. Everything arrives on the window's thread."""

    stands = Signal(object)  # sync.standing.Standing
    belongs = Signal(bool)  # whether this desk belongs to a server
    present = Signal(object)  # sync.attending.Present
    adopted = Signal(bool)  # somebody has signed in; whether the desk belonged to no server before
    _wrote = Signal(object, object)
    _heard = Signal(object)

    def __init__(self, verbs: Verbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._line: _Line | None = None
        self._case: str | None = None
        self._closed = False
        self._beginning = False
        self.to: Belonging | None = None
        self.standing: Standing | None = None
        self.there: Present = {}
        self.paused = False
        self.is_first = False
        """Whether everything is fetched for the first time."""
        self._newest: Standing | None = None
        self._blink = QTimer(self, singleShot=True, interval=_BLINK)
        self._blink.timeout.connect(self._show_newest)
        self._wrote.connect(self._written)
        self._heard.connect(self._told)
        verbs.changed.connect(self._changed)

    @property
    def running(self) -> bool:
        return self._line is not None

    def begin(self) -> None:
        """Connect, where this desk belongs to a server; what that needs is loaded beside the window."""
        if self._line is None and not self._closed and not self._beginning:
            self._beginning = True
            journal = self._verbs.journal
            self._verbs.beside(lambda: _made(journal, self._wrote.emit, self._heard.emit), self._connected)

    def nudge(self) -> None:
        """Exchange now; what was stopped goes on."""
        if self._line is not None:
            self._line.runner.nudge()
        else:
            self.begin()

    def pause(self) -> None:
        """Stop the exchange where it is; `nudge` goes on with it."""
        self._stop_beside()
        self.paused = True
        if self.standing is not None:
            self.stands.emit(self.standing)

    def open(self, case: str | None) -> None:
        """Say which case is in front."""
        self._case = case
        if self._line is not None:
            self._line.attendance.open(case)

    def count(self) -> None:
        """Count anew what waits and what is to be settled; a local entry has changed it."""
        if self._line is not None:
            line, journal = self._line, self._verbs.journal
            self._verbs.quietly(lambda: _count(journal, line.board))

    def again(self) -> None:
        """Begin anew: somebody has signed in or out."""
        self._stop_beside()
        self.begin()

    def signed_in(self) -> None:
        """Go on as whoever has signed in."""
        first, self.to = self.to is None, None
        self._stop_beside()
        self.adopted.emit(first)
        self.begin()

    def close(self) -> None:
        """Let go of the data: everything that runs has ended when this is done."""
        self._closed = True
        if (line := self._end()) is not None:
            line.stop()

    # What comes

    def _changed(self, _touched: object) -> None:
        self.count()

    def _connected(self, line: _Line | None) -> None:
        self._beginning = False
        if line is None or self._closed:
            self.belongs.emit(False)
            return
        self._line, self.to, self.paused = line, line.to, False
        self.is_first = line.is_first
        self.belongs.emit(True)
        self._show(line.board.standing)
        line.attendance.open(self._case)
        line.runner.start()
        line.attendance.start()

    def _written(self, board: Board, standing: Standing) -> None:
        """Show what the board says; an exchange that is over in a moment is not worth a word."""
        if self._line is None or board is not self._line.board:
            return
        self._newest = standing
        if standing.link == "at_it" and not standing.read:
            if not self._blink.isActive():
                self._blink.start()
            return
        self._blink.stop()
        self._show(standing)

    def _show_newest(self) -> None:
        if self._newest is not None:
            self._show(self._newest)

    def _show(self, standing: Standing) -> None:
        if standing != self.standing:
            self.is_first = self.is_first and standing.link != "synced"
            self.standing = standing
            self.stands.emit(standing)

    def _told(self, present: Present) -> None:
        self.there = present
        self.present.emit(present)

    def _stop_beside(self) -> None:
        """End what runs without letting the window wait; what begins meanwhile takes its turn behind it."""
        if (line := self._end()) is not None:
            self._verbs.beside(line.stop)

    def _end(self) -> _Line | None:
        self._blink.stop()
        line, self._line = self._line, None
        if line is not None:
            self._told({})
        return line


def _made(journal: Journal, wrote: Callable[..., None], heard: Callable[[Present], None]) -> _Line | None:
    from escalation_desk.journal.sharing import scopes  # What shares a desk is loaded where one is shared.
    from escalation_desk.journal.sharing.adopting import belonging

    with journal.writing() as made:
        to, is_first = belonging(made), not any(cursor.seq for cursor in scopes.cursors(made))
    if to is None:
        return None
    from escalation_desk.sync.attending import Attendance  # as above.
    from escalation_desk.sync.running import Runner
    from escalation_desk.sync.standing import Board, Link

    board = Board()
    board.write(link=Link.AT_IT)
    _count(journal, board)
    board.listen(lambda standing: wrote(board, standing))
    return _Line(to, board, Runner(journal, to, board), Attendance(journal, to, board, heard), is_first)


def _count(journal: Journal, board: Board) -> None:
    from escalation_desk.journal.sharing import outbox  # as above.
    from escalation_desk.sync.engine import count_refused, open_conflicts

    with journal.writing() as made:
        board.write(waiting=outbox.count_waiting(made), conflicts=open_conflicts(made), refused=count_refused(made))
