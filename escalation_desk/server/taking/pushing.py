"""Takes what a workstation sends: each mutation once, in its order, all of a push in one transaction (sync.md §5.4)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.scopes import FOLLOWS
from escalation_desk.server.database import again
from escalation_desk.server.taking.columns import as_text, columns, unnested
from escalation_desk.server.taking.ground import Ground
from escalation_desk.server.taking.judging import UNREADABLE, judge
from escalation_desk.server.taking.numbering import Numbers, write
from escalation_desk.server.taking.shapes import NAMED_BY, Malformed, check_id, natural_keys
from escalation_desk.sync.messages import APPLIED, MOST_MUTATIONS, REFUSED, Mutation, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.server.database import Cursor, Database
    from escalation_desk.server.rights import Rights

MOST_PARTS: Final = 4_000
_DEEPEST: Final = 100
_ZERO: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_MUTATIONS: Final = (
    b"INSERT INTO mutation"
    b" (client, mid, entry, title, places, kind, at, received_at, skew_ms, actor, state, outcome, body)"
    b" SELECT %s, mid, entry, title #>> '{}', places, kind #>> '{}', at, %s, %s, %s, state, outcome, body FROM "
    + unnested("mid:bigint entry:uuid title:json places:json kind:json at:text state:text outcome:json body:json")
)
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
"""The entry of a mutation that could not be read."""
TOUCHED: Final = "escalation_desk_touched"
"""The channel on which scopes are named that something was written to."""


class Revoked(Exception):  # noqa: N818 - an answer.
    """The workstation is not welcome any more, or belongs to somebody else."""


class Copied(Exception):  # noqa: N818 - an answer.
    """Two desks speak as one workstation: what comes under a number is not what came under it before."""


class Pushed(NamedTuple):
    """What came of a push."""

    outcomes: tuple[Outcome, ...]
    last_mid: int
    epoch: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who pushes, from where, with what offset of the clock."""

    client: str
    rights: Rights
    skew: timedelta | None = None


def push(database: Database, sender: Sender, said: Sequence[Any], *, schema: int = 1, plain: bool = False) -> Pushed:
    """Apply mutations, given as JSON. Malformed is raised only where not even the number of one can be read.

    `plain` says that the message had no escapes in it, so that there can be no characters that nobody types.
    """
    mutations = [_read(one, plain=plain) for one in said[:MOST_MUTATIONS]]
    return again(lambda: _push(database, sender, mutations, schema))


def _push(database: Database, sender: Sender, mutations: Sequence[Mutation | _Unreadable], schema: int) -> Pushed:
    now = datetime.now(UTC)
    with database.writing(client=sender.client) as cursor:
        last = _lock_client(cursor, sender)
        scopes = sender.rights.among(row[0] for row in cursor.execute(b"SELECT scope FROM scope_clock"))
        ground = Ground(cursor, sender.rights, sender.client, instant_text(now), list(scopes))
        ground.see_anew()
        told = _Telling(ground, sender, now, last)
        old = _outcomes(cursor, sender.client, [one for one in mutations if one.mid <= last])
        fresh = [one for one in mutations if one.mid > last]
        _ask_ahead(ground, fresh)
        told.all(fresh)
        touched = told.finish(schema)
        epoch = cursor.execute(b"SELECT epoch::text FROM server_meta").fetchone()
    return Pushed((*old, *told.outcomes), told.last, epoch[0] if epoch else "", touched)


def _lock_client(cursor: Cursor, sender: Sender) -> int:
    row = cursor.execute(
        b"SELECT last_mid FROM client WHERE id = %s AND account = %s AND revoked_at IS NULL FOR UPDATE",
        (sender.client, sender.rights.account),
    ).fetchone()
    if row is None:
        raise Revoked
    return int(row[0])


def _outcomes(cursor: Cursor, client: str, came: Sequence[Mutation | _Unreadable]) -> list[Outcome]:
    """Say again what was said when these mutations came first."""
    if not came:
        return []
    found = cursor.execute(
        b"SELECT mid, entry::text, state, outcome::text FROM mutation WHERE client = %s AND mid = ANY(%s)",
        (client, [one.mid for one in came]),
    ).fetchall()
    entries = {one.mid: one.entry for one in came if isinstance(one, Mutation)}
    if any(entry not in {_NOBODY, entries.get(mid, entry)} for mid, entry, _state, _text in found):
        raise Copied
    known = {
        mid: Outcome.from_json(json.loads(text)) if text else Outcome(mid, state) for mid, _entry, state, text in found
    }
    return [known.get(one.mid, Outcome(one.mid, APPLIED)) for one in came]


def _ask_ahead(ground: Ground, mutations: Iterable[Mutation | _Unreadable]) -> None:
    """Lock everything that the mutations speak of, and look all their names up, in one question each."""
    wanted: set[str] = set()
    names: set[tuple[str, str]] = set()
    for mutation in mutations:
        for change in mutation.changes:
            wanted.add(change.record)
            if change.op == "create" and isinstance(change.after, dict):
                wanted.update(x for name, _ in FOLLOWS.get(change.kind, ()) if (x := change.after.get(name)))
                names.update((change.kind, key) for key in _keys(change.kind, change.after))
    ground.ask_for(one for one in wanted if _is_id(one))
    ground.ask_for_taken(one for one in wanted if _is_id(one))
    ground.ask_for_names(names)


def _keys(kind: str, data: dict[str, Any]) -> Iterable[str]:
    if kind not in NAMED_BY:
        return ()
    try:
        return natural_keys(kind, data)
    except (ValueError, TypeError, AttributeError):
        return ()  # Judged, and refused, with its mutation.


def _is_id(text: Any) -> bool:
    try:
        check_id(text)
    except Malformed:
        return False
    return True


class _Telling:
    """Goes through fresh mutations until a number is missing, and keeps what is to be said of each."""

    def __init__(self, ground: Ground, sender: Sender, now: datetime, last: int) -> None:
        self.outcomes: list[Outcome] = []
        self.last = last
        self._ground, self._sender, self._now = ground, sender, now
        self._numbers = Numbers()
        self._rows: list[tuple[Any, ...]] = []

    def all(self, mutations: Sequence[Mutation | _Unreadable]) -> None:
        for one in mutations:
            if one.mid != self.last + 1:
                return
            if isinstance(one, _Unreadable):
                self._tell(one.stand_in(self._ground.now), Outcome(one.mid, REFUSED, UNREADABLE), one.body)
            elif one.parts > 1:
                self._part(one)
            else:
                if (at := self._at(one.at)) != one.at:
                    one = replace(one, at=at)  # noqa: PLW2901 - the same one, at the time that counts here.
                outcome = judge(self._ground, one)
                self._tell(one, outcome, one.as_json() if outcome.state == REFUSED else None)

    def _part(self, one: Mutation) -> None:
        """Lay a part aside; with the last one, the whole is applied piece by piece."""
        cursor = self._ground.cursor
        cursor.execute(
            b"INSERT INTO part (client, mid, part, body) VALUES (%s, %s, %s, %s)"
            b" ON CONFLICT (client, mid, part) DO UPDATE SET body = excluded.body",
            (self._sender.client, one.mid, one.part, as_text(one.as_json()).encode()),
        )
        here = cursor.execute(
            b"SELECT count(*) FROM part WHERE client = %s AND mid = %s AND part <= %s",
            (self._sender.client, one.mid, one.parts),
        ).fetchone()
        if here and here[0] == one.parts:
            self._together(one)

    def _together(self, last: Mutation) -> None:
        """Apply a large entry without ever holding all of it; refused in one part, it is refused whole."""
        write(self._ground, self._numbers)
        cursor = self._ground.cursor
        cursor.execute(b"SAVEPOINT whole")
        outcomes: list[Outcome] = []
        for part in range(1, last.parts + 1):
            row = cursor.execute(
                b"SELECT body FROM part WHERE client = %s AND mid = %s AND part = %s",
                (self._sender.client, last.mid, part),
            ).fetchone()
            piece = Mutation.from_json(json.loads(bytes(row[0]))) if row else last
            piece = replace(piece, at=self._at(piece.at))
            _ask_ahead(self._ground, [piece])
            outcomes.append(judge(self._ground, piece))
            if outcomes[-1].state == REFUSED:
                break
            write(self._ground, self._numbers)
            self._ground.forget()
        outcome = _joined(outcomes)
        if outcome.state == REFUSED:
            cursor.execute(b"ROLLBACK TO SAVEPOINT whole")
            self._ground.forget()
            self._numbers.clocks.clear()
        whole = replace(last, changes=(), parts=1, part=1, at=self._at(last.at))
        self._tell(whole, outcome, None)
        cursor.execute(b"DELETE FROM part WHERE client = %s AND mid <= %s", (self._sender.client, last.mid))

    def _tell(self, mutation: Mutation, outcome: Outcome, body: Any) -> None:
        self.outcomes.append(outcome)
        self.last = mutation.mid
        said = None if outcome.state == APPLIED else as_text(outcome.as_json())
        self._rows.append(
            (
                mutation.mid,
                mutation.entry,
                as_text(mutation.title),
                as_text(dict(mutation.places)),
                as_text(mutation.kind),
                mutation.at,
                outcome.state,
                said,
                None if body is None else as_text(body),
            )
        )

    def finish(self, schema: int) -> frozenset[str]:
        """Write everything, and wake those who wait for it."""
        cursor, sender = self._ground.cursor, self._sender
        if self._rows:
            skew = None if sender.skew is None else int(sender.skew.total_seconds() * 1000)
            given = (sender.client, self._ground.now, skew, sender.rights.account)
            cursor.execute(_MUTATIONS, (*given, *columns(self._rows)))
        write(self._ground, self._numbers)
        cursor.execute(
            b"UPDATE client SET last_mid = %s, seen_at = now(), schema = %s WHERE id = %s",
            (self.last, schema, sender.client),
        )
        for scope in self._numbers.clocks:
            cursor.execute(b"SELECT pg_notify(%s, %s)", (TOUCHED, scope))
        return frozenset(self._numbers.clocks)

    def _at(self, text: str) -> str:
        """Correct the time by what the workstation's clock is off; nothing happened later than now."""
        try:
            return instant_text(min(datetime.fromisoformat(text) + (self._sender.skew or timedelta()), self._now))
        except OverflowError:
            return instant_text(self._now)


def _joined(outcomes: Sequence[Outcome]) -> Outcome:
    worst = max(outcomes, key=lambda one: (one.state == REFUSED, one.state != APPLIED))
    if worst.state == REFUSED:
        return worst
    return replace(worst, conflicts=tuple(dict.fromkeys(id_ for one in outcomes for id_ in one.conflicts)))


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A mutation of which no more than the number can be understood; it is answered, kept and stepped over."""

    mid: int
    body: Any
    changes: tuple[Any, ...] = ()

    def stand_in(self, now: str) -> Mutation:
        return Mutation(self.mid, _NOBODY, "", {}, "do", now, ())


def _read(said: Any, *, plain: bool) -> Mutation | _Unreadable:
    if not isinstance(said, dict) or type(said.get("mid")) is not int or not 0 < said["mid"] < 2**62:
        raise Malformed("mid")
    try:
        read = Mutation.from_json(said)
        _check(read)
        if not plain:
            _refuse_unkeepable(said)
    except (Malformed, KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return _Unreadable(said["mid"], _safe(said))
    return read


def _check(read: Mutation) -> None:
    check_id(read.entry)
    texts = (read.title, read.kind, *read.places.keys(), *read.places.values())
    if not all(isinstance(text, str) for text in texts) or not 1 <= read.part <= read.parts <= MOST_PARTS:
        raise Malformed("entry")
    if datetime.fromisoformat(read.at).tzinfo is None:
        raise Malformed("at")
    for change in read.changes:
        _refuse_deep((change.before, change.after))


def _refuse_deep(value: Any, left: int = _DEEPEST) -> None:
    """Refuse what is nested deeper than it could be written again."""
    if not left:
        raise Malformed("depth")
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            _refuse_deep(one, left - 1)


def _refuse_unkeepable(said: Any) -> None:
    """PostgreSQL keeps no zero character and no half of a surrogate pair; no person types either."""
    text = json.dumps(said, ensure_ascii=False, allow_nan=False)
    if "\\u0000" in text and _ZERO.search(text):
        raise Malformed("text")
    text.encode()


def _safe(said: Any) -> Any:
    """Keep an unreadable mutation for the lead, whatever it holds."""
    try:
        text = json.dumps(said, ensure_ascii=True)
    except RecursionError:
        text = "nested too deeply"
    return {"unreadable": text[:20_000].replace("\\u0000", "?")}
