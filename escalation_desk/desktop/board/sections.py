"""What a lead must know of the desk at once, whoever it concerns: the questions, in the order of their danger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.contacts.records import RequestState
from escalation_desk.casework.escalating.records import EscalationState
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.desktop.today.day import Line, Section, lines_of
from escalation_desk.i18n import N_
from escalation_desk.journal import listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.connection import Connection

UNANSWERED_AFTER: Final = timedelta(minutes=30)
"""An offer that nobody answers this long goes to the shift lead (domain.md §2.8)."""

_SHOWN: Final = 3
_LIVE: Final = Condition("live", Op.IS, value=True)


def _live(now: Now, *conditions: Condition, order: str) -> ListQuery:
    del now
    return ListQuery("case", (_LIVE, *conditions), (Order(order),))


def _missed(now: Now) -> ListQuery:
    return _live(now, Condition("sla_due_at", Op.BEFORE, instant_text(now.moment)), order="sla_due_at")


def _within_the_hour(now: Now) -> ListQuery:
    begins, ends = (instant_text(now.moment + timedelta(hours=hours)) for hours in (0, 1))
    return _live(now, Condition("next_due_at", Op.WITHIN, [[begins, ends]]), order="next_due_at")


def _unanswered_offers(now: Now) -> ListQuery:
    offered = Condition("assignment", Op.IS, "offered")
    long_ago = Condition("offered_at", Op.BEFORE, instant_text(now.moment - UNANSWERED_AFTER))
    return _live(now, offered, long_ago, order="next_due_at")


def _silent_authorities(_now: Now) -> ListQuery:
    return ListQuery("escalation", (Condition("state", Op.IS, EscalationState.RAISED.value),), (Order("needed_by"),))


def _overdue_answers(now: Now) -> ListQuery:
    waiting = [state.value for state in RequestState if state.waiting]
    due = Condition("answer_due_at", Op.BEFORE, instant_text(now.moment))
    return ListQuery("poc_request", (Condition("state", Op.ANY, waiting), due), (Order("answer_due_at"),))


def _view(code: str) -> Callable[[Now], ListQuery]:
    return VIEWS[code].query


SECTIONS: Final = (
    Section(
        "missed",
        N_("Deadline missed"),
        N_("No running deadline is missed."),
        "queue",
        "overdue",
        _missed,
        urgent=True,
        time="sla_due_at",
    ),
    Section(
        "hour", N_("Due within the hour"), N_("Nothing is due within the hour."), "queue", "due-today", _within_the_hour
    ),
    Section(
        "unowned",
        N_("Unassigned"),
        N_("Every case has an owner."),
        "queue",
        "unassigned",
        _view("unassigned"),
        urgent=True,
    ),
    Section(
        "offers",
        N_("Offers that nobody answers"),
        N_("Every offer was answered."),
        "queue",
        "all-live",
        _unanswered_offers,
        urgent=True,
    ),
    Section(
        "silent",
        N_("Authorities that have not acknowledged"),
        N_("Every escalation is acknowledged."),
        "queue",
        "high-risk",
        _silent_authorities,
        urgent=True,
        time="ack_due_at",
    ),
    Section(
        "answers",
        N_("Answers overdue"),
        N_("No point of contact is late with an answer."),
        "queue",
        "waiting-team",
        _overdue_answers,
        time="answer_due_at",
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
    Section("risk", N_("High risk"), N_("No case is at high risk."), "queue", "high-risk", _view("high-risk")),
)


def read_sections(made: Connection, now: Now, clock: Clock) -> dict[str, tuple[list[Line], int]]:
    """Read the first lines and the whole count of each section."""
    found = {}
    for section in SECTIONS:
        query = section.query(now)
        found[section.code] = lines_of(made, query, section.time, clock, _SHOWN), listing.count(made, query)
    return found
