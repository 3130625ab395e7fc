"""One exchange with the server: all that waits is told, all that is new is read, and both sides are compared.

A kill at any instant, a lost question or a lost answer leave nothing lost and nothing twice: the server numbers what it
was told, and here nothing stops to wait before the server has shown, in one complete answer, that it has it.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.ids import new_id
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _
from escalation_desk.journal import place
from escalation_desk.journal.connection import connect
from escalation_desk.journal.sharing import outbox, scopes, settling
from escalation_desk.journal.sharing.learning import learn
from escalation_desk.journal.sharing.receiving import Incoming, Page, Rules, receive
from escalation_desk.sync import files
from escalation_desk.sync.beginning import WORTH_IT, read_file
from escalation_desk.sync.merging import merge
from escalation_desk.sync.messages import MOST_BYTES, MOST_MUTATIONS, REFUSED, Change, Mutation, mark
from escalation_desk.sync.refusals import Copied, ReadAnew, Revoked, SignedOut, TooOld, Undigested, Unreachable
from escalation_desk.sync.standing import Board, Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal
    from escalation_desk.sync.client import Client, Pulled, Pushed
    from escalation_desk.sync.messages import Outcome, Trailer

_log = logging.getLogger(__name__)
_RULES: Final = Rules(merge, mark)
_FIRST_PAGE, _PAGE = 5_000, 1_000
"""Rows to a page: large ones while everything comes for the first time, later such that nobody waits to save."""
_TRIES: Final = 3
_ROUNDS: Final = 20
_LOCK: Final = "sync.lock"
_TURN_SECONDS: Final = 60.0
_PARKED_WHY: Final = N_("The server could not digest this, so it was left out; it stays in the history here.")


@dataclass(slots=True)
class Report:
    """What came of an exchange: entries told, records read, conflicts that are open, entries refused, entries left."""

    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    refused: int = 0
    waiting: int = 0

    def as_json(self) -> dict[str, int]:
        return asdict(self)


class Engine:
    """The workstation's side of sync. Used by one thread, with a connection of its own."""

    def __init__(
        self,
        journal: Journal,
        client: Client,
        board: Board | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
        at: Callable[[str], None] = lambda _point: None,
        rows: int | None = None,
        file_from: int = WORTH_IT,
    ) -> None:
        self.board = board or Board()
        self._journal = journal
        self._client = client
        self._made: Connection = connect(journal.path, journal.key, writes=True)
        self._pause = pause
        self._at = at
        """Called before and after each commit and each message, by tests that end the program there."""
        self._rows = rows
        """How many rows a page has, where that is not to follow from how much there is to read."""
        self._file_from = file_from
        """How many records have to be missing for a scope to begin with a file."""
        self._begun: set[str] = set()
        self._report = Report()
        self._is_first = True
        if learnt := learn(self._made, journal.now()):
            journal.tell(learnt)

    def close(self) -> None:
        self._made.close()

    def exchange(self) -> Report:
        """Tell and read until both sides have the same. Refused or a Fault says what stands between."""
        self._report = Report()
        self._begun.clear()
        with self._turn(), self._watched():
            self.board.write(link=Link.AT_IT, read=0)
            if self._is_first and self._waits():
                # What the server has heard of us is looked at before new numbers are given: this may be a copy.
                self._pull()
            self._is_first = False
            too_old = self._push()
            self._pull()
            if too_old is None and self._lost():
                self._push()
                self._pull()
            self._count()
            files.exchange(self._journal, self._made, self._client)
            if too_old is not None:
                raise too_old
        return self._report

    # Around it

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one process of this desk sync at a time."""
        until = time.monotonic() + _TURN_SECONDS
        while (held := place.take(self._journal.folder / _LOCK)) is None:
            if time.monotonic() > until:
                raise Refused(_("Another program is syncing this desk; wait until it is done."))
            self._pause(0.1)
        with closing(held):
            yield

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Write on the board what came of it."""
        try:
            yield
        except Exception as error:
            self._count()
            link = next((link for kind, link in _LINKS if isinstance(error, kind)), Link.FAULT)
            since = self.board.standing.since or self._journal.now()
            self.board.write(link=link, since=since if link is Link.OFFLINE else None, why=str(error))
            raise
        now = self._journal.now()
        self.board.write(link=Link.SYNCED, synced_at=now, since=None, why="", skew=self._client.skew)

    def _count(self) -> None:
        self._report.waiting = outbox.count_waiting(self._made)
        self._report.conflicts = open_conflicts(self._made)
        self.board.write(
            waiting=self._report.waiting, conflicts=self._report.conflicts, refused=count_refused(self._made)
        )

    # Telling

    def _push(self) -> TooOld | None:
        """Tell what waits. A version that is too old to tell anything may still read."""
        try:
            self._tell()
        except TooOld as refusal:
            return refusal
        except Copied:
            self._become_another()
        return None

    def _tell(self) -> None:
        outbox.give_mids(self._made)
        after, last_round = self._first_waiting() - 1, -1
        for _round in range(_ROUNDS):
            for batch in outbox.batches(self._made, after, MOST_MUTATIONS, MOST_BYTES):
                last = batch[-1]
                reached = self._send(batch)
                if reached != (last.mid if last.part == last.parts else last.mid - 1):
                    after = reached
                    break
            else:
                return
            if after == last_round:
                raise Undigested(_("The server takes nothing more, and does not say why; it is tried again."), 0)
            last_round = after

    def _first_waiting(self) -> int:
        (mid,) = self._made.execute(
            "SELECT ifnull(min(mid), 1) FROM entry WHERE acknowledged_at IS NULL AND mid IS NOT NULL"
        ).fetchone()
        return int(mid)

    def _send(self, batch: Sequence[outbox.Waiting]) -> int:
        """Tell a batch; answer up to where the server has heard. One that it cannot digest is halved, then parked."""
        for tried in range(_TRIES):
            try:
                return self._heard(batch, self._client.push([_mutation(one) for one in batch]))
            except Undigested as fault:
                _log.warning("the server could not digest %d entries (%d)", len(batch), fault.status)
                if len(batch) > 1:
                    middle = len(batch) // 2
                    reached = self._send(batch[:middle])
                    return self._send(batch[middle:]) if reached == batch[middle - 1].mid else reached
                if tried + 1 < _TRIES:
                    self._pause(_jitter(tried))
                elif not batch[0].changes:
                    raise
        outbox.park(self._made, batch[0].mid, _PARKED_WHY)
        return self._send([replace(batch[0], changes=(), part=1, parts=1)])

    def _heard(self, batch: Sequence[outbox.Waiting], said: Pushed) -> int:
        self._at("told")
        (highest,) = self._made.execute("SELECT ifnull(max(mid), 0) FROM entry").fetchone()
        if said.last_mid > highest:
            self._become_another()
        if said.last_mid < batch[0].mid - 1:
            settling.send_again(self._made, said.last_mid)
            return said.last_mid
        self._at("before outcomes")
        settling.keep_outcomes(self._made, {one.mid: _outcome(one) for one in said.outcomes})
        self._at("after outcomes")
        mids = {one.mid for one in batch}
        self._report.pushed += len([one for one in said.outcomes if one.mid in mids])
        self._report.refused += len([one for one in said.outcomes if one.mid in mids and one.state == REFUSED])
        return said.last_mid

    def _become_another(self) -> None:
        """Stop being a workstation that has said more than this copy of it knows."""
        outbox.become_another(self._made, new_id(self._journal.now()))
        raise SignedOut(_("This desk is a copy, or came back from a backup; sign in again, and nothing is lost."))

    # Reading

    def _pull(self) -> None:
        for _attempt in range(_TRIES):
            end = self._read_all()
            differing = scopes.differing(self._made, end.end.checks)
            if not differing:
                return
            self._at("differing")
            _log.warning("scopes differ from the server and are read anew: %d", len(differing))
            scopes.read_anew(self._made, differing)
        raise Undigested(_("What is here stays different from what the server has; tell whoever runs it."), 0)

    def _read_all(self) -> Pulled:
        while True:
            known = scopes.cursors(self._made)
            epoch = next((cursor.epoch for cursor in known if cursor.epoch), "")
            first = not known or any(cursor.seq == 0 for cursor in known)
            limit = self._rows or (_FIRST_PAGE if first else _PAGE)
            try:
                said = self._client.pull({cursor.scope: cursor.seq for cursor in known}, epoch, limit)
            except ReadAnew as anew:
                scopes.read_anew(self._made, anew.scopes or [cursor.scope for cursor in known])
                continue
            self._take(said, epoch)
            if said.end.complete:
                return said
            self._begin_by_file(said.end)

    def _begin_by_file(self, end: Trailer) -> None:
        for scope in scopes.lacking(self._made, end.checks, self._file_from):
            if scope in self._begun:
                continue  # It was read, and the rest has to come with the feed.
            self._begun.add(scope)
            try:
                anew = partial(scopes.read_anew, self._made, [scope])
                read_file(self._client, scope, end, anew, lambda said: self._take(said, end.epoch))
            except Undigested:
                _log.warning("a file to begin with could not be had; it goes on page by page")

    def _take(self, said: Pulled, epoch: str) -> None:
        self._at("read")
        (highest,) = self._made.execute("SELECT ifnull(max(mid), 0) FROM entry").fetchone()
        if said.end.last_mid > highest:
            self._become_another()
        if epoch and said.end.epoch != epoch:
            # Another life of the server: what it lost waits again.
            settling.send_again(self._made, said.end.last_mid)
        self._at("before page")
        touched = receive(self._made, _page(said), _RULES, self._journal.now())
        self._at("after page")
        self._report.pulled += sum(row.way == "in" for row in said.rows)
        self.board.write(read=self._report.pulled)
        if touched:
            self._journal.tell(touched if len(touched) <= _EXACT else frozenset((kind, "*") for kind, _one in touched))

    def _waits(self) -> bool:
        return outbox.count_waiting(self._made) > 0

    def _lost(self) -> bool:
        """Tell whether entries wait that were told once: the server was restored, and gets them again."""
        row = self._made.execute(
            "SELECT 1 FROM entry WHERE acknowledged_at IS NULL AND mid IS NOT NULL LIMIT 1"
        ).fetchone()
        return row is not None


_EXACT: Final = 2_000
_LINKS: Final = (
    (Unreachable, Link.OFFLINE),
    (TooOld, Link.TOO_OLD),
    (Revoked, Link.REVOKED),
    (SignedOut, Link.SIGNED_OUT),
)


def open_conflicts(made: Connection) -> int:
    row = made.execute("SELECT count(*) FROM conflict WHERE state = 'open' AND deleted_at IS NULL").fetchone()
    return int(row[0])


def count_refused(made: Connection) -> int:
    """Count the entries that the server did not take and that nobody has looked at."""
    row = made.execute(
        "SELECT count(*) FROM entry, workstation w WHERE mid IS NOT NULL AND workstation = w.id "
        "AND json_extract(outcome, '$.state') IN ('refused', 'parked') AND json_extract(outcome, '$.seen') IS NULL"
    ).fetchone()
    return int(row[0])


def _jitter(tried: int) -> float:
    import random  # For a moment's length; nothing hangs on it.

    return float((2**tried) * random.uniform(0.5, 1.5))  # noqa: S311 - no secret.


def _mutation(one: outbox.Waiting) -> Mutation:
    changes = tuple(Change(*change) for change in one.changes)
    return Mutation(one.mid, one.entry, one.title, one.places, one.kind, one.at, changes, one.part, one.parts)


def _outcome(one: Outcome) -> str:
    return json.dumps(
        {"state": one.state, "why": one.why, "places": dict(one.places), "conflicts": list(one.conflicts)},
        ensure_ascii=False,
    )


def _page(said: Pulled) -> Page:
    end = said.end
    return Page(
        rows=[Incoming(*row) for row in said.rows],
        entries=said.entries,
        epoch=end.epoch,
        cursors=end.cursors,
        complete=end.complete,
        last_mid=end.last_mid,
        scopes=end.scopes,
        heads=end.heads,
        outcomes={one.mid: _outcome(one) for one in end.outcomes},
    )
