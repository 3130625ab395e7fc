"""What is typed and not saved yet, kept outside the journal: in a small encrypted file of its own beside the desk.

A long import may hold the desk's writer for minutes; a draft waits for nobody. It is written on a thread of its own and
is there again after a crash, with the last few versions of each place in which something is written.
"""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.journal.connection import connect, transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.journal.connection import Connection

T = TypeVar("T")
_log = logging.getLogger(__name__)

FILE: Final = "drafts.db"
KEPT: Final = 5
# Typing on writes over the same version until this much later, so that five versions are minutes apart, not seconds.
SPAN: Final = timedelta(minutes=1)
_FORGOTTEN_AFTER: Final = timedelta(days=30)

_TABLE = """
CREATE TABLE IF NOT EXISTS draft (
    place TEXT NOT NULL, number INTEGER NOT NULL, began TEXT NOT NULL, at TEXT NOT NULL,
    open INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (place, number)
) WITHOUT ROWID
"""
_NEWEST = "SELECT number, began, open, content FROM draft WHERE place = ? ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a place at a time. `open` while it is neither saved nor thrown away."""

    place: str
    number: int
    at: str
    open: bool
    content: dict[str, Any]


class Drafts:
    """The drafts of one desk. May be called from any thread; writing comes back at once, reading waits its turn."""

    def __init__(self, folder: Path, key: bytes, clock: Callable[[], datetime]) -> None:
        self._path = folder / FILE
        self._key = key
        self._clock = clock
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="drafts")
        self._lock = threading.Lock()
        self._waiting: dict[str, dict[str, Any] | None] = {}
        self._asked = False
        self._closed = False
        self._opened: Connection | None = None
        self._listeners: list[Callable[[str], None]] = []

    def on_fault(self, listener: Callable[[str], None]) -> None:
        """Tell this listener, on the drafts' own thread, the sentence of a disk that refuses a draft."""
        self._listeners.append(listener)

    def put(self, place: str, content: dict[str, Any]) -> None:
        """Keep what stands in a place now."""
        self._later(place, content)

    def close_place(self, place: str) -> None:
        """Say that what stood in a place was saved or thrown away; its versions can still be looked at."""
        self._later(place, None)

    def get(self, place: str) -> Draft | None:
        """Read what stands unsaved in a place."""
        found = self.versions(place)
        return found[0] if found and found[0].open else None

    def versions(self, place: str) -> list[Draft]:
        """List the last versions of a place, newest first."""
        return self._now(lambda made: _versions(made, place))

    def flush(self) -> None:
        """Wait until all that was put is on the disk."""
        self._now(lambda _made: None)

    def close(self) -> None:
        """Write what waits, then let go of the file."""
        with self._lock:
            self._closed = True
        self._lane.submit(self._let_go)
        self._lane.shutdown()

    def _later(self, place: str, content: dict[str, Any] | None) -> None:
        """Leave it for the thread; a newer text of the same place takes the room of one still waiting."""
        with self._lock:
            if self._closed:  # The window has kept everything before it closed; what its ruins say comes too late.
                return
            self._waiting[place] = content
            asked, self._asked = self._asked, True
        if not asked:
            self._lane.submit(self._write)

    def _now(self, read: Callable[[Connection], T]) -> T:
        answer: Future[T] = self._lane.submit(lambda: read(self._connection()))
        return answer.result()

    def _write(self) -> None:
        with self._lock:
            waiting, self._waiting, self._asked = self._waiting, {}, False
        try:
            self._keep_all(waiting)
        except Fault as sentence:
            with self._lock:  # It goes along with the next one; by then there may be room again.
                self._waiting = waiting | self._waiting
            for listener in self._listeners:
                listener(str(sentence))
        except Exception:
            _log.exception("drafts could not be kept")
            raise

    def _keep_all(self, waiting: dict[str, dict[str, Any] | None]) -> None:
        now = self._clock()
        with transaction(self._connection()) as made:
            for place, content in waiting.items():
                _keep(made, place, content, now)

    def _connection(self) -> Connection:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Connection:
        try:
            made = self._connect()
        except Refused:
            self._set_aside()
            made = self._connect()
        with transaction(made):
            made.execute(_TABLE)
            oldest = instant_text(self._clock() - _FORGOTTEN_AFTER)
            made.execute("DELETE FROM draft WHERE NOT open AND at < ?", (oldest,))
        return made

    def _connect(self) -> Connection:
        try:
            self._path.touch(0o600)
        except OSError as error:
            raise Fault(_("Drafts cannot be kept: {error}.", error=error.strerror)) from error
        return connect(self._path, self._key, writes=True)

    def _set_aside(self) -> None:
        """Move a file away that belongs to another key: the desk was restored from elsewhere."""
        stamp = f"{self._clock():%Y%m%d-%H%M%S}"
        for ending in ("", "-wal", "-shm"):
            path = self._path.with_name(FILE + ending)
            if path.exists():
                path.rename(path.with_name(f"other-{stamp}-{path.name}"))

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _keep(made: Connection, place: str, content: dict[str, Any] | None, now: datetime) -> None:
    newest = made.execute(_NEWEST, (place,)).fetchone()
    if content is None:
        made.execute("UPDATE draft SET open = 0 WHERE place = ? AND open", (place,))
        return
    # Broken halves of characters cannot be written as they are; escaped they can.
    text, at = json.dumps(content, separators=(",", ":")), instant_text(now)
    if newest and _goes_on(newest, text, now):
        made.execute(
            "UPDATE draft SET content = ?, at = ?, open = 1 WHERE place = ? AND number = ?",
            (text, at, place, newest[0]),
        )
        return
    number = newest[0] + 1 if newest else 1
    made.execute("INSERT INTO draft VALUES (?, ?, ?, ?, 1, ?)", (place, number, at, at, text))
    made.execute("DELETE FROM draft WHERE place = ? AND number <= ?", (place, number - KEPT))


def _goes_on(newest: tuple[int, str, int, str], text: str, now: datetime) -> bool:
    """Tell whether this is the same version still: a moment old, and not much of it was taken away."""
    _number, began, is_open, content = newest
    if content == text:
        return True
    fresh = now - datetime.fromisoformat(began) < SPAN
    return bool(is_open) and fresh and len(text) * 2 >= len(content)


def _versions(made: Connection, place: str) -> list[Draft]:
    rows = made.execute(
        "SELECT place, number, at, open, content FROM draft WHERE place = ? ORDER BY number DESC", (place,)
    )
    return [Draft(row[0], row[1], row[2], bool(row[3]), json.loads(row[4])) for row in rows]
