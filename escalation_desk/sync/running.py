"""Keeps a desk in step while the window is open: told within seconds of an edit, read when the server pokes."""

from __future__ import annotations

import logging
import random
import threading
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.sync.client import Client
from escalation_desk.sync.engine import Engine
from escalation_desk.sync.keys import Keeper
from escalation_desk.sync.refusals import SignedOut
from escalation_desk.sync.standing import Board, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.journal import Journal, Touched
    from escalation_desk.journal.sharing.adopting import Belonging

_log = logging.getLogger(__name__)
_POLL: Final = 15.0
_GATHER: Final = 0.4
"""Seconds in which further edits may join the one that woke us."""
_SHORTEST, _LONGEST = 1.0, 120.0
_MAY_END_AT: Final = frozenset({"after outcomes", "before page"})
"""Points of an exchange at which nothing is under way that the next one would ask for again."""
_PATIENCE: Final = 2.0


class Ended(Fault):
    """The desk closes, or somebody stopped this; the next exchange goes on where it was."""


class Runner:
    """Two threads: one exchanges, one waits for the server's poke. Neither is ever the window's."""

    def __init__(self, journal: Journal, to: Belonging, board: Board) -> None:
        self._journal = journal
        self._to = to
        self._board = board
        self._keeper = Keeper(journal)
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._exchanging = threading.Thread(target=self._exchange, name="sync", daemon=True)
        self._listening = threading.Thread(target=self._listen, name="sync-poke", daemon=True)
        self._poker: Client | None = None
        self._teller: Client | None = None
        journal.on_change(self._changed)

    def start(self) -> None:
        self._exchanging.start()
        self._listening.start()

    def nudge(self) -> None:
        """Exchange now."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is on its way, and end; nobody waits long for a server that does not answer."""
        if not self._stopped.is_set():
            self._journal.off_change(self._changed)
        self._stopped.set()
        self._wake.set()
        if self._poker is not None:
            self._poker.close()
        if not self._exchanging.is_alive():
            return
        self._exchanging.join(timeout=_PATIENCE)
        if self._exchanging.is_alive() and self._teller is not None:
            self._teller.close()
            self._exchanging.join(timeout=_PATIENCE)

    def _changed(self, _touched: Touched) -> None:
        if threading.current_thread() is not self._exchanging:
            self._wake.set()

    def _client(self) -> Client:
        return Client(self._to.url, self._journal.workstation, self._keeper, self._journal.clock)

    def _exchange(self) -> None:
        self._teller = client = self._client()
        engine = Engine(self._journal, client, self._board, pause=self._pause, at=self._passing)
        failed = 0
        try:
            while not self._stopped.is_set():
                self._wake.clear()
                failed = 0 if self._once(engine.exchange) else failed + 1
                self._wake.wait(_backoff(failed) if failed else _POLL)
                self._stopped.wait(_GATHER)
        finally:
            engine.close()
            client.close()

    def _pause(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def _passing(self, point: str) -> None:
        if self._stopped.is_set() and point in _MAY_END_AT:
            raise Ended(_("The exchange was stopped; the next one goes on where it was."))

    def _once(self, exchange: Callable[[], object]) -> bool:
        try:
            exchange()
        except SignedOut:
            self._wake.wait()  # Nothing is to be had before somebody signs in.
            return True
        except (Refused, Fault) as sentence:
            _log.info("sync: %s", type(sentence).__name__)
            return False
        except Exception:  # noqa: BLE001 - the border of the thread: it goes on, the fault is logged whole.
            _log.exception("sync failed")
            self._board.write(link=Link.FAULT)
            return False
        return True

    def _listen(self) -> None:
        self._poker = client = self._client()
        while not self._stopped.is_set():
            try:
                changed = self._board.standing.link in {Link.SYNCED, Link.AT_IT} and client.poke()
            except (Refused, Fault):
                changed = False
            except RuntimeError:  # Closed under our hands by `stop`.
                return
            if changed:
                self._wake.set()
            self._stopped.wait(0.2 if changed else 1.0)


def _backoff(failed: int) -> float:
    """Wait longer after each failure, and never all workstations at once."""
    longest = min(_LONGEST, _SHORTEST * 2 ** min(failed, 10))
    return random.uniform(longest / 2, longest)  # noqa: S311 - no secret.
