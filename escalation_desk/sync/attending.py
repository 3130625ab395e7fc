"""Tells the server which case is open here, and learns who else has which open: soft, forgotten soon, never a lock."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.sync.client import Client
from escalation_desk.sync.keys import Keeper
from escalation_desk.sync.standing import Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.sharing.adopting import Belonging
    from escalation_desk.sync.standing import Board

Present = dict[str, list[str]]
"""The names of those who have a case open, by the id of the case."""

_EVERY: Final = 10.0
"""Seconds; the server forgets after forty-five."""
_HEARD: Final = frozenset({Link.SYNCED, Link.AT_IT, Link.TOO_OLD})


class Attendance:
    """One thread that tells and asks while the server answers; it says what it heard when that changes."""

    def __init__(self, journal: Journal, to: Belonging, board: Board, heard: Callable[[Present], None]) -> None:
        self._journal = journal
        self._to = to
        self._board = board
        self._heard = heard
        self._case: str | None = None
        self._known: Present = {}
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._attend, name="sync-presence", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def open(self, case: str | None) -> None:
        """Say which case is in front here; None where it is none."""
        if case != self._case:
            self._case = case
            self._wake.set()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def _attend(self) -> None:
        client = Client(self._to.url, self._journal.workstation, Keeper(self._journal), self._journal.clock)
        try:
            while not self._stopped.is_set():
                self._wake.clear()
                self._tell(self._ask(client))
                self._wake.wait(_EVERY if self._board.standing.link in _HEARD else 1.0)
            self._leave(client)
        finally:
            client.close()

    def _ask(self, client: Client) -> Present:
        if self._board.standing.link not in _HEARD:
            return {}
        try:
            return client.present(self._case)
        except (Refused, Fault):
            return {}  # The exchange says what stands between; here nobody is seen, that is all.

    def _leave(self, client: Client) -> None:
        if self._case is not None and self._board.standing.link in _HEARD:
            self._case = None
            self._ask(client)

    def _tell(self, present: Present) -> None:
        if present != self._known:
            self._known = present
            self._heard(present)
