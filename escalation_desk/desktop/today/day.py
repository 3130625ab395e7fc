"""What a day asks: which lists, in which order (domain.md §1.2), and their first lines, read at one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.views import NEXT_BEST, VIEWS, Now
from escalation_desk.i18n import N_
from escalation_desk.journal import listing, reading, seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.look.tones import Tone
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.connection import Connection

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One record in a section: what it is called, what it is about, and the time that matters."""

    kind: str
    record: str
    name: str
    text: str
    time: str
    tone: Tone | None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the day, and the place that answers it whole."""

    code: str
    label: str
    nothing: str
    place: str
    view: str
    query: Callable[[Now], ListQuery]
    urgent: bool = False
    time: str = "next_due_at"


def _mine(now: Now, *conditions: Condition, order: tuple[Order, ...] = NEXT_BEST) -> ListQuery:
    own = (Condition("live", Op.IS, value=True), Condition("owner", Op.IS, now.me))
    return ListQuery("case", (*own, *conditions), order)


def _view(code: str) -> Callable[[Now], ListQuery]:
    return VIEWS[code].query


def _my_requests(code: str) -> Callable[[Now], ListQuery]:
    return lambda now: VIEWS[code].query(now).also(Condition("owner", Op.IS, now.me))


def _still_due(now: Now) -> ListQuery:
    """Leave out what is overdue: it stands above."""
    return VIEWS["due-today"].query(now).also(Condition("next_due_at", Op.FROM, instant_text(now.moment)))


SECTIONS: Final = (
    Section(
        "urgent",
        N_("Mine, urgent"),
        N_("No P0 or P1 case is yours."),
        "queue",
        "mine",
        lambda now: _mine(now, Condition("priority", Op.ANY, ["P0", "P1"])),
        urgent=True,
    ),
    Section(
        "breached",
        N_("Breached"),
        N_("No deadline of yours is missed."),
        "queue",
        "breached",
        lambda now: VIEWS["breached"].query(now).also(Condition("owner", Op.IS, now.me)),
        urgent=True,
        time="missed_from",
    ),
    Section(
        "promised",
        N_("Promised today"),
        N_("No promise falls due today."),
        "queue",
        "promised-today",
        _view("promised-today"),
        time="promise_due_at",
    ),
    Section("overdue", N_("Overdue"), N_("Nothing is overdue."), "queue", "overdue", _view("overdue"), urgent=True),
    Section("due", N_("Due today"), N_("Nothing more is due today."), "queue", "due-today", _still_due),
    Section(
        "follow-ups",
        N_("Follow-ups due"),
        N_("No follow-up is due today."),
        "follow-ups",
        "",
        _view("follow-ups-today"),
        time="due_at",
    ),
    Section(
        "chase",
        N_("Points of contact to chase"),
        N_("No point of contact is to be chased."),
        "contacts",
        "poc-requests-chase",
        _my_requests("poc-requests-chase"),
        time="next_chase_at",
    ),
    Section(
        "answered",
        N_("Answered, not passed on"),
        N_("Every answer was passed on."),
        "contacts",
        "poc-requests-answered-not-passed-on",
        _my_requests("poc-requests-answered-not-passed-on"),
        time="answered_at",
    ),
    Section(
        "silent",
        N_("Escalations not acknowledged"),
        N_("Every escalation is acknowledged."),
        "escalations",
        "escalations-unacknowledged",
        _view("escalations-unacknowledged"),
        urgent=True,
        time="ack_due_at",
    ),
    Section("new", N_("New"), N_("No new case."), "queue", "new", _view("new"), time="received_at"),
    Section(
        "unowned",
        N_("Open without an owner"),
        N_("Every open case has an owner."),
        "queue",
        "unowned",
        _view("unowned"),
        urgent=True,
        time="received_at",
    ),
    Section(
        "contact",
        N_("Sellers to contact"),
        N_("No seller waits to hear from us."),
        "sellers",
        "",
        _view("next-contact"),
        time="next_contact_at",
    ),
    Section(
        "stirred",
        N_("Something happened on mine"),
        N_("You have seen everything that happened on your cases."),
        "queue",
        "mine",
        lambda now: _mine(now, order=(Order("last_activity_at", descending=True),)),
        time="last_activity_at",
    ),
)


LATELY: Final = Section(
    "lately",
    N_("Recently viewed"),
    N_("Cases that you open are listed here."),
    "queue",
    "lately",
    lambda _now: ListQuery(),
)


@dataclass(frozen=True, slots=True)
class Day:
    """What the page shows, read at one go: lines and the whole count of each section."""

    lines: dict[str, list[Line]]
    counts: dict[str, int]
    lately: list[Line]
    empty: bool


def read_day(made: Connection, now: Now, clock: Clock) -> Day:
    """Read the day of a person."""
    found: dict[str, list[Line]] = {}
    counts: dict[str, int] = {}
    for section in SECTIONS:
        query = section.query(now)
        if section.code == "stirred":
            found[section.code], counts[section.code] = _unread(made, query, clock)
        else:
            found[section.code] = lines_of(made, query, section.time, clock)
            counts[section.code] = listing.count(made, query)
    lately = ListQuery("case", (Condition("id", Op.ANY, seen.lately(made, 8)),))
    empty = not listing.page(made, ListQuery("case"), (), limit=1)
    return Day(found, counts, lines_of(made, lately, "last_activity_at", clock, 8), empty)


def _unread(made: Connection, query: ListQuery, clock: Clock) -> tuple[list[Line], int]:
    """Find my cases on which something happened since I looked."""
    rows = listing.page(made, query, ("last_activity_at",))
    marks = seen.marks(made, [row.id for row in rows])
    fresh = [row.id for row in rows if (row.values[0] or "") > marks.get(row.id, seen.Mark()).at]
    asked = ListQuery("case", (Condition("id", Op.ANY, fresh[:_SHOWN]),), query.order)
    return lines_of(made, asked, "last_activity_at", clock), len(fresh)


_WORDS: Final = {
    "case": ("case_no", "title"),
    "follow_up": ("text", "to_whom"),
    "seller": ("shop_name", "pinned_note"),
    "poc_request": ("ask", "team"),
    "escalation": ("reason", "authority"),
}
_ON: Final = {"follow_up": ("case", "seller"), "poc_request": ("case",), "escalation": ("case",)}
"""What is said of a case or a seller, and opens that: its fields, the first one filled counts."""


def lines_of(made: Connection, query: ListQuery, time: str, clock: Clock, limit: int = _SHOWN) -> list[Line]:
    """Read the first lines of a list, each with the time that matters here."""
    names = (*_WORDS[query.kind], time, *_ON.get(query.kind, ()))
    rows = listing.page(made, query, names, limit=limit)
    return [_line(made, query.kind, row, time, clock) for row in rows]


def _line(made: Connection, kind: str, row: listing.Row, time: str, clock: Clock) -> Line:
    first, second, at, *pointers = row.values
    said, tone = (clock.due(at), clock.due_tone(at)) if time in _DUES else (clock.short(at), None)
    if kind not in _ON:
        return Line(kind, row.id, first, second or "", said, tone)
    on, record = next(((on, one) for on, one in zip(_ON[kind], pointers, strict=True) if one), ("case", ""))
    name = reading.names(made, on, [record]).get(record, "") if record else ""
    return Line(on, record, name, first, said, tone)


_DUES: Final = frozenset(
    {
        *("next_due_at", "promise_due_at", "due_at", "next_contact_at", "answer_due_at", "ack_due_at", "sla_due_at"),
        *("missed_from", "next_chase_at"),
    }
)
