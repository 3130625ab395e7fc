"""An entry that comes in many short transactions, so that people save beside it: hidden until all of it is there.

What it adds is hidden as deleted records are; what it changes waits in a table. `settle` is the one moment at which it
comes about: from there on it is shown part by part, and finished by whoever opens the desk next if this program ends.
Before that moment it is withdrawn without a trace, by this program or by the next.
"""

from __future__ import annotations

import json
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from escalation_desk.casework.fields import field_of, from_json
from escalation_desk.casework.kinds import KINDS, kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import derived, place, searching
from escalation_desk.journal.clocks import rows as clocks
from escalation_desk.journal.connection import PRAGMAS, DiskFull
from escalation_desk.journal.work import COMING, HIDDEN, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal

_HELD = 0.5
"""Seconds for which a part may keep others from saving; the size of the parts follows from how long they take."""
_LEAVE = 0.02
"""Seconds left free between two parts: more than it takes those who wait to look up (`connection`)."""
_FEWEST, _MOST = 50, 2_000
_TURN_SECONDS = 1_800
_EXACT = 2_000


class Pace:
    """How much is written at one go, so that nobody else waits long."""

    def __init__(self) -> None:
        self.size = 200

    @contextmanager
    def step(self) -> Iterator[None]:
        """Take the time of a part, and leave a moment to others after it."""
        begun = time.monotonic()
        yield
        seconds = max(time.monotonic() - begun, 0.001)
        self.size = max(_FEWEST, min(_MOST, int(self.size * min(2.0, _HELD / seconds))))
        time.sleep(_LEAVE)


class Coming:
    """One entry in the making. Left before it is settled, it leaves nothing behind."""

    def __init__(self, journal: Journal, title: str, **places: object) -> None:
        self.pace = Pace()
        self._journal = journal
        self._waits: list[tuple[str, str, str]] = []
        self._settled = False
        with journal.short() as made:
            self.entry = journal.begin(title, COMING, places)
            (next_case,) = made.execute("SELECT next_case FROM workstation").fetchone()
            made.execute("INSERT INTO coming VALUES (0, 'entry', ?, ?)", (str(self.entry), str(next_case)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self._settled:
            _withdraw(self._journal, self.entry)

    @contextmanager
    def part(self) -> Iterator[Work]:
        """Write a part: what is added to this work is not seen yet."""
        with self.pace.step(), self._journal.short() as made:
            work = _work(self._journal, made, self.entry, hidden=True)
            yield work
            work.flush()
            made.executemany("INSERT INTO coming (kind, record, steps) VALUES (?, ?, ?)", self._waits)
            self._waits.clear()

    def change(self, kind: str, record: str, steps: Iterable[dict[str, Any]]) -> None:
        """Change a record when the entry is shown, unless somebody has changed it by then; steps are JSON values."""
        self._waits.append((kind, record, json.dumps(list(steps), ensure_ascii=False)))

    def settle(self) -> None:
        """Let it come about. From here on nothing takes it back but its undo."""
        with self._journal.short() as made:
            made.execute("UPDATE entry SET kind = 'import' WHERE number = ?", (self.entry,))
        self._settled = True

    def arrive(self) -> list[str]:
        """Show all of it; answer the records that somebody has changed meanwhile, and that are left as they are."""
        return _arrive(self._journal, self.entry, self.pace)


@contextmanager
def turn(journal: Journal, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until no other import writes to this desk, and take up what one has left that was cut short.

    `waiting` is called now and then, and ends the wait by raising something.
    """
    until = time.monotonic() + _TURN_SECONDS
    while (held := place.take(journal.folder / _TURN)) is None:
        waiting()
        if time.monotonic() > until:
            raise Refused(_("Another file is being imported; wait until that is done, then import this one again."))
        time.sleep(0.1)
    with closing(held), _seldom_in_the_file(journal):
        _finish(journal)
        yield


@contextmanager
def _seldom_in_the_file(journal: Journal) -> Iterator[None]:
    """Let the log grow: parts write the same pages again and again, which then go into the file once for many."""
    with journal.writing() as made:
        made.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_IN_LOG}")
    try:
        yield
    finally:
        with journal.writing() as made:
            made.execute(f"PRAGMA {PRAGMAS[-1]}")
            made.execute("PRAGMA wal_checkpoint(PASSIVE)")


_PAGES_IN_LOG = 16_000  # 64 MB
_TURN = "import.lock"


def recover(journal: Journal) -> None:
    """Finish what a program was cut short in, unless it is still at it."""
    if _left(journal) is None:
        return
    held = place.take(journal.folder / _TURN)
    if held is not None:
        # A full disk keeps nobody from opening the desk: what was coming stays hidden until there is room.
        with closing(held), suppress(DiskFull):
            _finish(journal)


def arriving(made: Connection, entry: int) -> bool:
    """Tell whether an entry is not shown whole yet."""
    found = made.execute("SELECT 1 FROM coming WHERE number = 0 AND record = ?", (str(entry),)).fetchone()
    return found is not None


def _finish(journal: Journal) -> None:
    entry = _left(journal)
    if entry is None:
        return
    with journal.writing() as made:
        (kind,) = made.execute("SELECT kind FROM entry WHERE number = ?", (entry,)).fetchone() or (COMING,)
    if kind == COMING:
        _withdraw(journal, entry)
    else:
        _arrive(journal, entry, Pace())


def _left(journal: Journal) -> int | None:
    with journal.writing() as made:
        row = made.execute("SELECT record FROM coming WHERE number = 0").fetchone()
    return int(row[0]) if row else None


def _work(journal: Journal, made: Connection, entry: int, *, hidden: bool = False) -> Work:
    me = made.execute("SELECT profile FROM workstation").fetchone()[0]
    return Work(made, entry, journal.now(), me, position=_end(made, entry), hidden=hidden)


def _end(made: Connection, entry: int) -> int:
    return int(made.execute("SELECT ifnull(max(position), 0) FROM change WHERE entry = ?", (entry,)).fetchone()[0])


# Shown


def _arrive(journal: Journal, entry: int, pace: Pace) -> list[str]:
    with journal.writing() as made:
        end = _end(made, entry)
    shown = 0
    while shown < end:
        with pace.step(), journal.short() as made:
            shown = _show(made, entry, shown, shown + pace.size)
    overtaken = _change_all(journal, entry, pace)
    _refresh_sellers(journal, entry, pace)
    with journal.short() as made:
        made.execute("DELETE FROM coming")
        touched = _touched(made, entry)
    journal.tell(touched)
    return overtaken


def _show(made: Connection, entry: int, after: int, until: int) -> int:
    """Show the records that were made between two positions; nothing happens to one that was deleted since."""
    came = made.execute(
        "SELECT kind, record FROM change WHERE entry = ? AND position > ? AND position <= ? AND op = 'create'",
        (entry, after, until),
    ).fetchall()
    known = _by_kind(came)
    clocks.refresh(made, known.get("case", ()))
    for kind, ids in known.items():
        listed = (json.dumps(ids),)
        made.execute(
            f'UPDATE "{kind}" SET deleted_at = NULL WHERE id IN (SELECT value FROM json_each(?)) '  # noqa: S608 - a declared kind.
            f"AND deleted_at = '{HIDDEN}'",
            listed,
        )
        names = (*listed, f"{COMING}:{kind}")
        made.execute(
            "INSERT OR IGNORE INTO natural_key SELECT ?, key, record FROM natural_key "
            "WHERE record IN (SELECT value FROM json_each(?)) AND kind = ?",
            (kind, *names),
        )
        made.execute("DELETE FROM natural_key WHERE record IN (SELECT value FROM json_each(?)) AND kind = ?", names)
    derived.refresh(made, set(came), {record for _kind, record in came}, kinds=("case",), counted=True)
    return until


def _change_all(journal: Journal, entry: int, pace: Pace) -> list[str]:
    overtaken: list[str] = []
    more = True
    while more:
        with pace.step(), journal.short() as made:
            rows = made.execute(
                "SELECT number, kind, record, steps FROM coming WHERE number > 0 ORDER BY number LIMIT ?", (pace.size,)
            ).fetchall()
            work = _work(journal, made, entry)
            overtaken += [record for _number, kind, record, steps in rows if not _change(work, kind, record, steps)]
            work.finish()
            made.executemany("DELETE FROM coming WHERE number = ?", [(row[0],) for row in rows])
            more = bool(rows)
    return overtaken


def _change(work: Work, kind: str, record_id: str, steps: str) -> bool:
    """Change a record as it was planned, unless anybody has changed it since the entry began."""
    later = "SELECT 1 FROM change WHERE record = ? AND entry > ? LIMIT 1"
    if work.ask(lambda made: made.execute(later, (record_id, work.entry)).fetchone()):
        return False
    try:
        for step in json.loads(steps):
            take_step(work, kind, record_id, step)
    except Refused:
        return False
    return True


def take_step(work: Work, kind: str, record_id: str, step: dict[str, Any]) -> None:
    """Give fields of a record the values of a step, which are JSON, and write that."""
    record = work.get(kind_of(kind), record_id)
    try:
        for name, value in step.items():
            setattr(record, name, from_json(field_of(type(record), name), value))
        work.flush()
    except Refused:
        work.forget(record)  # Otherwise the next flush would write it, or refuse everything for it.
        raise


def _refresh_sellers(journal: Journal, entry: int, pace: Pace) -> None:
    """Compute the facts of the sellers that new cases are about; of all at once, each only once."""
    with journal.writing() as made:
        sellers = made.execute(
            'SELECT DISTINCT c.seller FROM change m JOIN "case" c ON c.id = m.record '
            "WHERE m.entry = ? AND m.kind = 'case' AND m.op = 'create' AND c.seller IS NOT NULL",
            (entry,),
        ).fetchall()
    while sellers:
        with pace.step(), journal.short() as made:
            some, sellers = sellers[: pace.size], sellers[pace.size :]
            derived.refresh(made, {("seller", row[0]) for row in some}, set(), kinds=("seller",))


def _touched(made: Connection, entry: int) -> frozenset[tuple[str, str]]:
    which = "record" if _end(made, entry) <= _EXACT else "'*'"
    return frozenset(made.execute(f"SELECT DISTINCT kind, {which} FROM change WHERE entry = ?", (entry,)))  # noqa: S608 - one of two words.


# Withdrawn


def _withdraw(journal: Journal, entry: int) -> None:
    """Take everything away that was written of an entry; nobody has seen it."""
    pace = Pace()
    more = True
    while more:
        with pace.step(), journal.short() as made:
            more = _erase(made, entry, pace.size)
    with journal.short() as made:
        # Where nobody has made a case meanwhile, the numbers are given again.
        made.execute(
            "UPDATE workstation SET next_case = (SELECT CAST(steps AS INTEGER) FROM coming WHERE number = 0) "
            "WHERE NOT EXISTS (SELECT 1 FROM change WHERE entry > ? AND kind = 'case' AND op = 'create')",
            (entry,),
        )
        made.execute("DELETE FROM coming")
        made.execute("DELETE FROM entry WHERE number = ?", (entry,))


def _erase(made: Connection, entry: int, most: int) -> bool:
    last = made.execute(
        "SELECT position, kind, record FROM change WHERE entry = ? ORDER BY position DESC LIMIT ?", (entry, most)
    ).fetchall()
    for kind, ids in _by_kind((kind, record) for _position, kind, record in last).items():
        searching.forget(made, kind, ids)
        listed = (json.dumps(ids),)
        made.execute("DELETE FROM natural_key WHERE record IN (SELECT value FROM json_each(?))", listed)
        made.execute(f'DELETE FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))', listed)  # noqa: S608 - a declared kind.
    if last:
        made.execute("DELETE FROM change WHERE entry = ? AND position >= ?", (entry, last[-1][0]))
    return bool(last)


def _by_kind(records: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, record in records:
        if kind in KINDS:
            found.setdefault(kind, []).append(record)
    return found
