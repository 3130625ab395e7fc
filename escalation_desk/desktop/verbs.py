"""The two verbs of the window: `do` writes one entry on the writer's thread, `ask` reads on a reader's thread.

Only plain rows and frozen answers come back; they arrive on the window's thread. The window never waits for the disk.
"""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import CellType
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import N_, _
from escalation_desk.journal import leading
from escalation_desk.journal.journal import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal, Touched
    from escalation_desk.journal.work import Work

T = TypeVar("T")
_READERS = 2
_SIDES = 4
_WHO_LEADS = frozenset({User.kind, ALL})
_log = logging.getLogger(__name__)


class Verbs(QObject):
    """What every screen is given: the way to change things, the way to read them, and word of every change."""

    changed = Signal(object)  # Touched, after any entry: a local one, an import, later a sync
    said = Signal(str, str)  # a sentence to the person and its kind: "done", "refused" or "fault"
    busy = Signal(bool)  # whether something waits to be written
    _back = Signal(object, object)

    def __init__(self, journal: Journal, me: User) -> None:
        super().__init__()
        self.journal = journal
        self.me = me
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")
        # What takes long (counts over a million cases) waits for itself only, never before a page of rows.
        self._counter = ThreadPoolExecutor(1, thread_name_prefix="counter")
        # Long work is done by other processes, or lets go of the interpreter; its threads only wait for it.
        self._beside = ThreadPoolExecutor(_SIDES, thread_name_prefix="beside")
        self._connections: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._local = threading.local()
        self._waiting = 0
        self._closed = False
        self._alone = False
        self._back.connect(self._deliver)
        journal.on_change(self.changed.emit)
        self.changed.connect(self._see_who_leads)
        self._see_who_leads(frozenset({(ALL, ALL)}))

    @property
    def keeps_rules(self) -> bool:
        """Whether whoever works here may change what everybody's desk is made of; the journal refuses all others."""
        return self.me.leads or self._alone

    def _see_who_leads(self, touched: Touched) -> None:
        """Look anew whether this is the desk of one person, when people have changed or a server has adopted it."""
        if not self.me.leads and any(kind in _WHO_LEADS for kind, _id in touched):
            self.ask(leading.is_alone, partial(setattr, self, "_alone"))

    def do(
        self,
        title: str,
        operation: Callable[[Work], T],
        then: Callable[[T], None] | None = None,
        *,
        refused: Callable[[str], None] | None = None,
        **places: str,
    ) -> None:
        """Write one entry named `title` (marked with N_). `then` gets what the operation returns, once it is saved."""

        def write() -> T:
            with self.journal.entry(title, **places) as work:
                return operation(work)

        self.run(write, then, refused=refused)

    def run(
        self,
        task: Callable[[], T],
        then: Callable[[T], None] | None = None,
        *,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Do something on the writer's thread that makes its own entries: undo, an import, a backup."""
        if self._closed:
            return  # A timer of a window that is going; what it wants is done when the next one opens.
        self._waiting += 1
        self.busy.emit(True)
        self._writer.submit(self._attempt, task, then, refused, True)

    def beside(
        self,
        task: Callable[[], T],
        then: Callable[[T], None] | None = None,
        *,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """Do something long that stands in nobody's way: an import, an export. Saving and reading go on."""
        if not self._closed:
            self._beside.submit(self._attempt, task, then, refused, False)

    def ask(
        self,
        question: Callable[[Connection], T],
        then: Callable[[T], None],
        *,
        refused: Callable[[str], None] | None = None,
        slow: bool = False,
    ) -> None:
        """Read something and hand the answer to the screen; `slow` reads never stand in the way of quick ones."""
        if self._closed:
            return  # A timer of a window that is going; nobody is there to hear the answer.
        lane = self._counter if slow else self._readers
        lane.submit(self._attempt, lambda: question(self._reader()), then, refused, False)

    def quietly(self, task: Callable[[], T], then: Callable[[T], None] | None = None) -> None:
        """Do something small on the writer's thread that is no entry: remember, look at what can be undone."""
        if not self._closed:
            self._writer.submit(self._attempt, task, then, None, False)

    def keep(self, statement: str, rows: Sequence[tuple[Any, ...]], then: Callable[[], None] | None = None) -> None:
        """Write what only this workstation remembers."""

        def write() -> None:
            for values in rows:
                self.journal.local(statement, values)

        self.quietly(write, (lambda _done: then()) if then else None)

    def undo(self) -> None:
        self.run(self.journal.undo, lambda act: self.said.emit(_("Undone: {act}", act=act), "done"))

    def redo(self) -> None:
        self.run(self.journal.redo, lambda act: self.said.emit(_("Done again: {act}", act=act), "done"))

    def close(self) -> None:
        """Finish what was begun, then let go of the data."""
        self._closed = True
        self._counter.shutdown(cancel_futures=True)
        self._beside.shutdown()
        self._readers.shutdown(cancel_futures=True)
        self._writer.shutdown()
        while not self._connections.empty():
            self._connections.get().close()

    def _reader(self) -> Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = self.journal.reader()
            self._connections.put(self._local.connection)
        return self._local.connection

    def _attempt(
        self,
        task: Callable[[], Any],
        then: Callable[[Any], None] | None,
        refused: Callable[[str], None] | None,
        writes: bool,
    ) -> None:
        try:
            answer = task()
        except (Refused, Fault) as sentence:
            kind = "fault" if isinstance(sentence, Fault) else "refused"
            text = str(sentence)
            self._back.emit(lambda: refused(text) if refused else self.said.emit(text, kind), writes)
        except Exception:  # noqa: BLE001 - the border: whatever it is, it is logged whole and said.
            _log.exception("a task of the window failed")
            self._back.emit(lambda: self.said.emit(_(_BUG), "fault"), writes)
        else:
            self._back.emit((lambda: None if _gone(then) else then(answer)) if then else (lambda: None), writes)

    def _deliver(self, deliver: Callable[[], None], writes: bool) -> None:
        if writes:
            self._waiting -= 1
            self.busy.emit(self._waiting > 0)
        deliver()


def _gone(hearer: Any, depth: int = 4) -> bool:
    """Tell whether an answer is for a widget that is no more: its tab was closed, its window made anew."""
    if isinstance(hearer, QObject):
        return not isValid(hearer)
    if depth == 0 or not callable(hearer):
        return False
    if isinstance(hearer, partial):
        return any(_gone(one, depth - 1) for one in (hearer.func, *hearer.args))
    cells = getattr(hearer, "__closure__", None) or ()
    held = [cell.cell_contents for cell in cells if cell != CellType()]
    return any(_gone(one, depth - 1) for one in (getattr(hearer, "__self__", None), *held))


_BUG = N_("Something went wrong inside the program. Nothing was changed; what happened is in the log.")
