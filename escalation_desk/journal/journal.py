"""The one journal: every act of a person is an entry with its changes, written in the transaction that does it.

Reading a first page loads nothing of what writes: that is imported by the first entry.
"""

from __future__ import annotations

import json
import threading
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.ids import new_id, new_prefix
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.i18n import N_, _
from escalation_desk.journal import place, schema
from escalation_desk.journal.connection import DiskFull, Error, connect, transaction
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.drafts import Drafts
    from escalation_desk.journal.work import Work

Touched = frozenset[tuple[str, str]]
"""What an entry concerned: (kind, id) of each record; one answer for a local edit, an import and a sync."""

_ROOM_WAS_KEPT = N_(
    "The disk was full, and nothing was changed. Some room was kept for this moment: do it again, then free more."
)
ALL = "*"
_MANY = 2_000


class Act(NamedTuple):
    """An entry as a person names it."""

    number: int
    title: str
    places: dict[str, str]

    def __str__(self) -> str:
        return _(self.title, **self.places)


class _Said(NamedTuple):
    """What the journal says of an entry itself."""

    act: Act
    kind: str
    undoes: int
    undone_by: int | None


class Journal:
    """The desk's data in one folder. Written by one thread at a time; every reader has its own connection."""

    def __init__(self, folder: Path, key: bytes, clock: Callable[[], datetime] | None = None) -> None:
        place.prepare(folder)
        self.folder = folder
        self.path = folder / place.DATABASE
        self.clock = clock or (lambda: datetime.now(UTC))
        self._key = key
        self._lock = threading.RLock()
        self._listeners: list[Callable[[Touched], None]] = []
        self.guarded = True
        """Whether acts of people are checked by the guards of a case; only the sample tells what has been right."""
        self.is_new = not self.path.exists()
        self._made = self._open()
        self.workstation: str = self._made.execute("SELECT id FROM workstation").fetchone()[0]
        self._take_up()

    def _take_up(self) -> None:
        if self._made.execute("SELECT 1 FROM coming WHERE number = 0").fetchone() is not None:
            from escalation_desk.journal import coming  # Few starts find an import that was cut short.

            coming.recover(self)

    def _open(self) -> Connection:
        if self.is_new:
            self._make()
        self._look()
        self._sitting = place.Sitting(self.folder)
        self.was_left_open = self._sitting.alone and place.has_log(self.path)
        """Whether the program that had the desk last did not close it: it or the computer was cut short."""
        try:
            return self._prepared()
        except BaseException:
            self._sitting.rise()
            raise

    def _prepared(self) -> Connection:
        made = connect(self.path, self._key, writes=True)
        try:
            self.path.chmod(0o600)
            schema.prepare(made, self.path, lambda: self._back_up(made))
        except BaseException:
            made.close()
            raise
        return made

    def _back_up(self, made: Connection) -> None:
        from escalation_desk.journal.backup import back_up_before_update  # Few starts find an older database.

        back_up_before_update(made, self.folder, self._key, self.now())

    def _make(self) -> None:
        """Make a new desk under another name first, so that it is there whole or not at all."""
        fresh = self.path.with_name(f"{place.DATABASE}.new")
        place.remove_database(fresh)
        fresh.touch(0o600)
        made = connect(fresh, self._key, writes=True)
        try:
            schema.prepare(made, fresh, list)
            _found(made, self.now())
        finally:
            made.close()
        place.settle(fresh, self.path)

    def _look(self) -> None:
        """Refuse a file that is no desk of this version before anything is written to it."""
        if self.path.stat().st_size == 0:
            raise Refused(_("{path} is empty; restore a backup, or remove it to begin anew.", path=self.path))
        with closing(self.reader()) as looking:
            schema.refuse_strange(looking, self.path)

    def now(self) -> datetime:
        return self.clock().astimezone(UTC).replace(microsecond=0)

    @cached_property
    def drafts(self) -> Drafts:
        """What is typed and not saved yet; never a part of the journal."""
        from escalation_desk.journal.drafts import Drafts  # See the module.

        return Drafts(self.folder, self._key, self.now)

    def close(self) -> None:
        if "drafts" in vars(self):
            self.drafts.close()
        with self._lock:
            with suppress(Error):  # What was saved is safe in the log; a full disk keeps nobody from closing.
                self._made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._made.close()
        self._sitting.rise()

    def reader(self) -> Connection:
        """Open a connection that only reads, for one thread."""
        return connect(self.path, self._key, writes=False)

    @property
    def key(self) -> bytes:
        return self._key

    def on_change(self, listener: Callable[[Touched], None]) -> None:
        """Tell this listener what each entry touched, after it was committed, on the thread that wrote it."""
        self._listeners.append(listener)

    def off_change(self, listener: Callable[[Touched], None]) -> None:
        """Tell it nothing more."""
        self._listeners.remove(listener)

    @property
    def profile(self) -> User | None:
        """The person at this workstation."""
        with self._lock:
            row = self._made.execute("SELECT profile FROM workstation").fetchone()
            found = fetch(self._made, "user", row[0]) if row[0] else None
        return found if isinstance(found, User) else None

    def set_profile(self, user: User) -> None:
        """Say who works here; the person is written down if new."""
        with self.entry(N_("Begin to work as {name}"), kind="fact", name=user.full_name) as work:
            if not user.id:
                work.add(user)
                work.flush()
            self._made.execute("UPDATE workstation SET profile = ?", (user.id,))

    @contextmanager
    def entry(self, title: str, /, *, kind: str = "do", **places: object) -> Iterator[Work]:
        """Write one entry: all of it or nothing. An entry that changes nothing is not written.

        `title` is marked with N_ and may have named places, so that everybody reads it in their own language.
        """
        with self._written(title, kind, places) as work:
            yield work

    @contextmanager
    def _written(self, title: str, kind: str, places: dict[str, object], undoes: int | None = None) -> Iterator[Work]:
        from escalation_desk.journal.work import Work  # See the module.

        touched: Touched = frozenset()
        with self._lock, self._with_room(), transaction(self._made) as made:
            number = self.begin(title, kind, places, undoes)
            me = made.execute("SELECT profile FROM workstation").fetchone()[0]
            work = Work(made, number, self.now(), me)
            work.guarded = self.guarded and kind == "do"
            yield work
            work.finish()
            if work.empty and undoes is None:
                made.execute("DELETE FROM entry WHERE number = ?", (number,))
            touched = _gathered(work.touched)
        self.tell(touched)

    def tell(self, touched: Touched) -> None:
        """Say what was touched, by an entry of this process or of another one that worked for it."""
        for listener in tuple(self._listeners):  # One may leave meanwhile, on a thread of its own.
            listener(touched)

    @contextmanager
    def short(self) -> Iterator[Connection]:
        """Lend the writer's connection for one transaction of an entry that is made of several."""
        with self._lock, self._with_room(), transaction(self._made) as made:
            yield made

    def begin(self, title: str, kind: str, places: dict[str, object], undoes: int | None = None) -> int:
        """Write the head of an entry, within a transaction; answer its number."""
        filled = {name: clean(str(value)) for name, value in places.items()}
        row = self._made.execute(
            "INSERT INTO entry (id, title, places, kind, at, by, workstation, undoes) "
            "SELECT ?, ?, ?, ?, ?, profile, id, ? FROM workstation RETURNING number",
            (
                new_id(self.now()),
                title,
                json.dumps(filled, ensure_ascii=False),
                kind,
                instant_text(self.now()),
                undoes,
            ),
        ).fetchone()
        return int(row[0])

    def undoable(self) -> Act | None:
        """Name the act that Ctrl+Z takes back: the newest of this workstation that still stands."""
        return self._newest("e.kind IN ('do', 'import', 'redo')")

    def redoable(self) -> Act | None:
        """Name the act that Ctrl+Shift+Z does again: what was undone last, while nothing new was done since."""
        return self._newest(
            "e.kind = 'undo' AND NOT EXISTS (SELECT 1 FROM entry later WHERE later.number > e.number "
            "AND later.workstation = e.workstation AND later.kind IN ('do', 'import'))"
        )

    def undo(self, number: int | None = None) -> Act:
        """Take an entry back by a new one; without a number, the newest."""
        act = self.undoable() if number is None else self._standing(number)
        if act is None:
            raise Refused(_("There is nothing to undo."))
        with self._written(N_("Undo: {act}"), "undo", {"act": act}, act.number) as work:
            self._take_back(work, act.number)
        return act

    def redo(self) -> Act:
        """Do again what was undone last."""
        undone = self.redoable()
        if undone is None:
            raise Refused(_("There is nothing to redo."))
        act = self._act(self._said_of(undone.number).undoes)
        with self._written(act.title, "redo", dict(act.places), undone.number) as work:
            self._take_back(work, undone.number)
        return act

    def _take_back(self, work: Work, undone: int) -> None:
        from escalation_desk.journal.taking_back import take_back  # See the module.

        take_back(self._made, work, undone)
        work.flush()
        self._made.execute("UPDATE entry SET undone_by = ? WHERE number = ?", (work.entry, undone))

    def waiting(self) -> int:
        """How many entries no server has acknowledged."""
        with self._lock:
            row = self._made.execute("SELECT count(*) FROM entry WHERE acknowledged_at IS NULL").fetchone()
        return int(row[0])

    def _newest(self, which: str) -> Act | None:
        with self._lock:
            row = self._made.execute(
                "SELECT number, title, places FROM entry e "  # noqa: S608 - one of two constants.
                f"WHERE e.undone_by IS NULL AND e.workstation = ? AND {which} "
                "AND NOT EXISTS (SELECT 1 FROM coming c WHERE c.number = 0 AND c.record = CAST(e.number AS TEXT)) "
                "ORDER BY number DESC LIMIT 1",
                (self.workstation,),
            ).fetchone()
        return _act(row) if row else None

    def _standing(self, number: int) -> Act:
        """Name the entry that can be taken back: this one, or the one that did it again."""
        from escalation_desk.journal import coming  # See the module.

        said = self._said_of(number)
        if coming.arriving(self._made, number):
            raise Refused(_("“{act}” is not all there yet; undo it in a moment.", act=said.act))
        if said.kind not in {"do", "import", "redo"}:
            raise Refused(_("“{act}” is no change that can be undone.", act=said.act))
        while said.undone_by is not None:
            undo = self._said_of(said.undone_by)
            if undo.undone_by is None:
                raise Refused(_("“{act}” was undone already.", act=said.act))
            said = self._said_of(undo.undone_by)
        return said.act

    def _act(self, number: int) -> Act:
        return self._said_of(number).act

    def _said_of(self, number: int) -> _Said:
        with self._lock:
            row = self._made.execute(
                "SELECT number, title, places, kind, undoes, undone_by FROM entry WHERE number = ?", (number,)
            ).fetchone()
        if row is None:
            raise Refused(_("There is no entry {number}.", number=number))
        return _Said(_act(row[:3]), *row[3:])

    def local(self, statement: str, values: tuple[Any, ...] = ()) -> None:
        """Write what is nobody else's business: what was seen, starred, or chosen on this workstation."""
        with self.short() as made:
            made.execute(statement, values)

    @contextmanager
    def _with_room(self) -> Iterator[None]:
        """Where the disk is full, give up the room that was kept for this, so that the next try can be saved."""
        try:
            yield
        except DiskFull as full:
            ballast = place.ballast(self.folder)
            if not ballast.exists():
                raise
            ballast.unlink()
            raise DiskFull(_(_ROOM_WAS_KEPT)) from full

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend the writer's connection for a backup or a check."""
        with self._lock:
            yield self._made


def _found(made: Connection, now: datetime) -> None:
    """Give a new desk its identity; numbers of cases begin with its prefix, so that no two desks make the same."""
    prefix = new_prefix()
    with transaction(made):
        made.execute("INSERT INTO workstation (only, id, prefix, next_case) VALUES (1, ?, ?, 1)", (new_id(now), prefix))


def _act(row: tuple[int, str, str]) -> Act:
    return Act(row[0], row[1], json.loads(row[2]))


def _gathered(touched: set[tuple[str, str]]) -> Touched:
    """Say “all of a kind” where an entry touched more records than a screen would look up one by one."""
    if len(touched) <= _MANY:
        return frozenset(touched)
    return frozenset((kind, ALL) for kind, _id in touched)
