"""Finds what somebody must be told of, from the records alone, and remembers on this workstation what was told.

A look costs some questions answered by indexes; it is made when something changed, and when the next moment comes.
Nothing of it is shared: each workstation tells its own person.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import CaseStatus, Priority
from escalation_desk.casework.clocks.facts import Clock, ClockKind, ClockState
from escalation_desk.casework.clocks.warnings import ClockWarning, Level, warnings_of
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.notices import Notice, NoticeKind, Told
from escalation_desk.casework.spans import NO_TIME
from escalation_desk.journal.clocks.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection

BEFORE: Final = timedelta(minutes=15)
"""So long before its time somebody hears of a promise."""
_A_DAY: Final = timedelta(days=1)
"""So long before its time somebody hears of a date from outside: evidence is not found in a quarter of an hour."""
_KEPT: Final = timedelta(days=14)
_LISTED: Final = 200
_AGO: Final = timedelta(days=2)
"""What became due longer ago than this is in the lists; nobody who comes back is told of each."""

_PUT = (
    "INSERT INTO notice (key, kind, about_kind, about, at, what, critical) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (key) DO NOTHING"
)
_PUT_CURSOR = (
    "INSERT INTO setting (name, value) VALUES ('noticed', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_FORGET = "DELETE FROM notice WHERE at < ? AND read_at IS NOT NULL AND key NOT IN (SELECT value FROM json_each(?))"
_READ = "SELECT key, kind, about_kind, about, at, what, critical, read_at, snoozed_until FROM notice"


def look(made: Connection, me: User, now: datetime) -> list[Notice]:
    """Find what there is to tell and was not told before, the oldest first. Writes it down as told."""
    cursor = _cursor(made)
    last = made.execute("SELECT ifnull(max(number), 0) FROM entry").fetchone()[0]
    found = [
        *_facts(made, me, now),
        *_warnings(made, me, now),
        *(_entries(made, me, cursor) if cursor is not None else ()),
    ]
    true = json.dumps([one.key for one in found])
    known = {row[0] for row in made.execute("SELECT key FROM notice")}
    fresh = sorted((one for one in found if one.key not in known), key=lambda one: (one.at, one.key))
    made.executemany(_PUT, [_row(one) for one in fresh])
    made.execute(_PUT_CURSOR, (str(last),))
    # What is still so is kept, however old it is: it would be told anew each time.
    made.execute(_FORGET, (instant_text(now - _KEPT), true))
    return [*fresh, *_woken(made, now)]


def _woken(made: Connection, now: datetime) -> list[Notice]:
    """Find what was put off until now; it is told again."""
    rows = made.execute(
        f"{_READ} WHERE read_at IS NULL AND snoozed_until <= ? ORDER BY at, key", (instant_text(now),)
    ).fetchall()
    made.executemany("UPDATE notice SET snoozed_until = NULL WHERE key = ?", [(row[0],) for row in rows])
    return [_notice(row) for row in rows]


def told(made: Connection) -> list[Told]:
    """List what was told, the newest first."""
    rows = made.execute(f"{_READ} ORDER BY at DESC, key LIMIT ?", (_LISTED,))
    return [Told(_notice(row), *map(_instant, row[7:])) for row in rows]


def next_moment(made: Connection, me: User, now: datetime) -> datetime | None:
    """Say when there will be something to tell if nothing changes: then, and not before, it is looked again."""
    moments = [row[0] for question, values in _moments(me, now) for row in made.execute(question, values) if row[0]]
    seconds = int(now.timestamp())
    warned = [one.at for *_clock, warnings in _warned(made, me, now) for one in warnings if one.at > seconds]
    moments += [instant_text(datetime.fromtimestamp(at, UTC)) for at in warned]
    return _instant(min(moments, default=None))


MARK_READ: Final = "UPDATE notice SET read_at = ? WHERE key = ? AND read_at IS NULL"
MARK_ALL_READ: Final = "UPDATE notice SET read_at = ? WHERE read_at IS NULL"
SNOOZE: Final = "UPDATE notice SET snoozed_until = ?, read_at = NULL WHERE key = ?"


def _row(one: Notice) -> tuple[Any, ...]:
    return (one.key, one.kind.value, one.about_kind, one.about, instant_text(one.at), one.what, int(one.critical))


def _notice(row: tuple[Any, ...]) -> Notice:
    key, kind, about_kind, about, at, what, critical = row[:7]
    return Notice(key, NoticeKind(kind), about_kind, about, _instant(at) or _BEGINNING, what, bool(critical))  # type: ignore[call-arg]  # looks a member up


_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _cursor(made: Connection) -> int | None:
    """Say up to which entry it was looked; nothing yet means that all there is counts as known."""
    row = made.execute("SELECT value FROM setting WHERE name = 'noticed'").fetchone()
    return int(row[0]) if row else None


def _facts(made: Connection, me: User, now: datetime) -> Iterator[Notice]:
    """Find what is true now: what is due, offered, answered, in conflict."""
    moments = {"now": now, "soon": now + BEFORE, "day": now + _A_DAY, "ago": now - _AGO}
    values = {"me": me.id, "leads": int(me.leads)} | {name: instant_text(at) for name, at in moments.items()}
    for kind, about_kind, question in _QUESTIONS:
        for key, about, at, what, critical in made.execute(question, values):
            yield Notice(f"{kind}:{key}", kind, about_kind, about, _instant(at) or now, what or "", bool(critical))


_QUESTIONS: Final[tuple[tuple[NoticeKind, str, str], ...]] = (
    (
        NoticeKind.MISSED,
        "case",
        """SELECT c.id || ':' || k.clock || ':' || k.cycle || ':' || k.due_at, c.id, k.due_at, c.title,
            k.priority IN ('P0', 'P1')
        FROM clock k JOIN "case" c ON c.id = k."case" WHERE k.deleted_at IS NULL AND k.finished_at IS NULL
            AND ifnull(k.due_at, '\uffff') BETWEEN :ago AND :now AND c.live = 1 AND c.deleted_at IS NULL
            AND (c.owner = :me OR (:leads AND (c.owner IS NULL OR k.priority IN ('P0', 'P1'))))""",
    ),
    (
        NoticeKind.MISSED,
        "case",
        """SELECT 'deadline:' || d.id || ':' || d.due_at, c.id, d.due_at, d.title, 1
        FROM deadline d JOIN "case" c ON c.id = d."case" WHERE d.deleted_at IS NULL AND d.side = 'desk'
            AND d.met_at IS NULL AND d.dropped_why IS NULL AND ifnull(d.due_at, '\uffff') BETWEEN :ago AND :now
            AND c.deleted_at IS NULL AND (c.owner = :me OR (:leads AND c.owner IS NULL))""",
    ),
    (
        NoticeKind.WARNED,
        "case",
        """SELECT 'deadline:' || d.id || ':' || d.due_at, c.id, d.due_at, d.title, 0
        FROM deadline d JOIN "case" c ON c.id = d."case" WHERE d.deleted_at IS NULL AND d.side = 'desk'
            AND d.met_at IS NULL AND d.dropped_why IS NULL AND ifnull(d.due_at, '\uffff') BETWEEN :now AND :day
            AND c.deleted_at IS NULL AND (c.owner = :me OR (:leads AND c.owner IS NULL))""",
    ),
    (
        NoticeKind.OFFERED,
        "case",
        """SELECT c.id || ':' || ifnull(c.offered_at, ''), c.id, c.offered_at, c.title, c.priority IN ('P0', 'P1')
        FROM "case" c INDEXED BY case_offered
        WHERE c.deleted_at IS NULL AND c.live = 1 AND c.offered_to IS NOT NULL AND c.offered_to = :me""",
    ),
    (
        NoticeKind.PROMISE,
        "case",
        """SELECT f.id || ':' || f.due_at, f."case", f.due_at, f.text, 0 FROM follow_up f
        WHERE f.deleted_at IS NULL AND f.state = 'open' AND f.owner = :me AND f."case" IS NOT NULL
            AND ifnull(f.due_at, '~') BETWEEN :ago AND :soon""",
    ),
    (
        NoticeKind.PROMISE,
        "seller",
        """SELECT f.id || ':' || f.due_at, f.seller, f.due_at, f.text, 0 FROM follow_up f
        WHERE f.deleted_at IS NULL AND f.state = 'open' AND f.owner = :me AND f."case" IS NULL AND f.seller IS NOT NULL
            AND ifnull(f.due_at, '~') BETWEEN :ago AND :soon""",
    ),
    (
        NoticeKind.ANSWERED,
        "case",
        """SELECT r.id || ':' || r.answered_at, r."case", r.answered_at, r.ask, 0 FROM poc_request r
        WHERE r.deleted_at IS NULL AND r.state = 'answered' AND r.owner = :me AND r.answered_at IS NOT NULL""",
    ),
    (
        NoticeKind.LATE_ANSWER,
        "case",
        """SELECT r.id || ':' || r.answer_due_at, r."case", r.answer_due_at, r.ask, 0 FROM poc_request r
        WHERE r.deleted_at IS NULL AND r.state IN ('sent', 'acknowledged') AND r.owner = :me
            AND r.answer_due_at BETWEEN :ago AND :now""",
    ),
    (
        NoticeKind.LATE_ANSWER,
        "case",
        """SELECT r.id || ':chase:' || r.next_chase_at, r."case", r.next_chase_at, r.ask, 0 FROM poc_request r
        WHERE r.deleted_at IS NULL AND r.state IN ('sent', 'acknowledged') AND r.owner = :me
            AND r.next_chase_at BETWEEN :ago AND :now""",
    ),
    (
        NoticeKind.AUTHORITY,
        "case",
        """SELECT e.id || ':' || e.state, e."case", coalesce(e.ended_at, e.decided_at, e.acknowledged_at),
            e.reason, e.state = 'timed_out'
        FROM escalation e JOIN "case" c ON c.id = e."case" WHERE e.deleted_at IS NULL
            AND (e.raised_by = :me OR c.owner = :me) AND e.state IN ('acknowledged', 'decided', 'timed_out')
            AND coalesce(e.ended_at, e.decided_at, e.acknowledged_at) >= :ago""",
    ),
    (
        NoticeKind.AUTHORITY,
        "case",
        """SELECT e.id || ':silent', e."case", e.ack_due_at, e.reason, 1 FROM escalation e
        JOIN "case" c ON c.id = e."case" WHERE e.deleted_at IS NULL AND e.state = 'raised'
            AND (e.raised_by = :me OR c.owner = :me OR :leads) AND e.ack_due_at BETWEEN :ago AND :now""",
    ),
    (
        NoticeKind.AUTHORITY,
        "case",
        """SELECT e.id || ':untold:' || e.notify_due_at, e."case", e.notify_due_at, e.reason, 1 FROM escalation e
        JOIN "case" c ON c.id = e."case" WHERE e.deleted_at IS NULL AND e.state = 'raised' AND e.notified_at IS NULL
            AND (e.raised_by = :me OR c.owner = :me OR :leads) AND e.notify_due_at BETWEEN :ago AND :now""",
    ),
    (
        NoticeKind.CONFLICT,
        "case",
        """SELECT x.id, x.about, x.created_at, '', 0 FROM conflict x WHERE x.deleted_at IS NULL AND x.state = 'open'
            AND EXISTS (SELECT 1 FROM "case" c WHERE c.id = x.about)""",
    ),
)


def _warnings(made: Connection, me: User, now: datetime) -> Iterator[Notice]:
    """Find the latest warning of each of my running clocks that has come."""
    moment = int(now.timestamp())
    for case, title, clock, warnings in _warned(made, me, now):
        last = max((one for one in warnings if one.at <= moment), default=None)
        if last is not None and clock.due_at is not None and clock.due_at > moment:
            key = f"{NoticeKind.WARNED}:{case}:{clock.kind}:{clock.cycle}:{clock.due_at}:{last.at}"
            critical = last.level is Level.URGENT and clock.priority in {Priority.P0, Priority.P1}
            yield Notice(key, NoticeKind.WARNED, "case", case, datetime.fromtimestamp(last.at, UTC), title, critical)


def _warned(made: Connection, me: User, now: datetime) -> Iterator[tuple[str, str, Clock, tuple[ClockWarning, ...]]]:
    """List my running clocks that are due soon enough to warn, with their warnings."""
    rules = rules_of(made)
    until = instant_text(now + _AHEAD)
    for case, title, *columns in made.execute(_MY_CLOCKS, (me.id, instant_text(now), until)).fetchall():
        kind, cycle, policy, priority, target, calendar, started, due = columns
        clock = Clock(
            kind=ClockKind(kind),  # type: ignore[call-arg]  # looks a member up
            cycle=cycle,
            policy=policy,
            priority=Priority(priority),  # type: ignore[call-arg]  # as above
            target_min=target,
            calendar=calendar,
            started_at=int(_at(started).timestamp()),
            due_at=int(_at(due).timestamp()),
            paused=(),
            used_min=0,
            state=ClockState.RUNNING,
            finished_at=None,
        )
        yield case, title, clock, warnings_of(clock, rules.policy(policy), rules)


_AHEAD: Final = timedelta(days=5)
"""A clock of a week warns at three quarters; what is due later does not warn yet."""
_LIVE: Final = ", ".join(f"'{one.value}'" for one in CaseStatus if one.live)
# From my cases to their clocks: a large desk has some hundred thousand running clocks, and few of them are mine.
_MY_CLOCKS = f"""SELECT c.id, c.title,
        k.clock, k.cycle, k.policy, k.priority, k.target_min, k.calendar, k.started_at, k.due_at
    FROM "case" c CROSS JOIN clock k ON k."case" = c.id
    WHERE ifnull(c.owner, '{NO_TIME}') = ? AND c.status IN ({_LIVE}) AND c.live = 1 AND c.deleted_at IS NULL
    AND k.deleted_at IS NULL AND k.finished_at IS NULL AND k.state = 'running' AND k.due_at BETWEEN ? AND ?"""  # noqa: S608 - declared states.


def _entries(made: Connection, me: User, cursor: int) -> Iterator[Notice]:
    """Find what others did since it was looked last: gave me a case, called me by my name."""
    sign = f"@{me.full_name}"
    rows = made.execute(
        """SELECT c.kind, c.record, c.after, e.at, e.number FROM entry e JOIN change c ON c.entry = e.number
        WHERE e.number > ? AND ifnull(e.by, '') <> ? AND e.kind <> 'import'
            AND ((c.kind = 'case' AND c.field = 'owner') OR (c.kind = 'message' AND c.op = 'create'))""",
        (cursor, me.id),
    )
    for kind, record, after, at, number in rows:
        value = json.loads(after) if after else None
        if kind == "case" and value == me.id:
            yield Notice(f"given:{record}:{number}", NoticeKind.GIVEN, "case", record, _at(at), _title(made, record))
        elif isinstance(value, dict) and sign in str(value.get("body", "")):
            case = str(value.get("case", ""))
            yield Notice(f"mentioned:{record}", NoticeKind.MENTIONED, "case", case, _at(at), _title(made, case))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _title(made: Connection, case: str) -> str:
    row = made.execute('SELECT title FROM "case" WHERE id = ?', (case,)).fetchone()
    return str(row[0]) if row else ""


def _moments(me: User, now: datetime) -> Iterator[tuple[str, tuple[str, ...]]]:
    moment, mine = instant_text(now), (me.id, instant_text(now))
    yield _NEXT_MISS, (moment,)
    yield _NEXT_PROMISE, (me.id, instant_text(now + BEFORE))
    yield _NEXT_ANSWER, mine
    yield _NEXT_CHASE, mine
    yield _NEXT_SILENCE, (moment,)
    yield _NEXT_TELLING, (moment,)
    yield _NEXT_DATE, (moment,)
    yield _NEXT_DATE_WARNED, (instant_text(now + _A_DAY),)
    yield _NEXT_WAKING, (moment,)


# As the index of clocks by their due time is made.
_DUE = f"ifnull(due_at, '{NO_TIME}')"
_NEXT_MISS = f"""SELECT min({_DUE}) FROM clock
    WHERE deleted_at IS NULL AND finished_at IS NULL AND {_DUE} > ? AND {_DUE} < '{NO_TIME}'"""  # noqa: S608 - one constant in another.
_NEXT_PROMISE = """SELECT min(due_at) FROM follow_up
    WHERE deleted_at IS NULL AND state = 'open' AND owner = ? AND due_at > ?"""
_NEXT_ANSWER = """SELECT min(answer_due_at) FROM poc_request
    WHERE deleted_at IS NULL AND owner = ? AND state IN ('sent', 'acknowledged') AND answer_due_at > ?"""
_NEXT_CHASE = """SELECT min(next_chase_at) FROM poc_request
    WHERE deleted_at IS NULL AND owner = ? AND state IN ('sent', 'acknowledged') AND next_chase_at > ?"""
_NEXT_SILENCE = (
    "SELECT min(ack_due_at) FROM escalation WHERE deleted_at IS NULL AND state = 'raised' AND ack_due_at > ?"
)
_NEXT_TELLING = """SELECT min(notify_due_at) FROM escalation
    WHERE deleted_at IS NULL AND state = 'raised' AND notified_at IS NULL AND notify_due_at > ?"""
_NEXT_DATE = f"""SELECT min({_DUE}) FROM deadline WHERE deleted_at IS NULL AND met_at IS NULL AND dropped_why IS NULL
    AND {_DUE} > ? AND {_DUE} < '{NO_TIME}'"""  # noqa: S608 - as above.
_NEXT_DATE_WARNED = f"SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ({_NEXT_DATE}), '-1 day')"
_NEXT_WAKING = "SELECT min(snoozed_until) FROM notice WHERE read_at IS NULL AND snoozed_until > ?"
