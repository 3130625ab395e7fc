"""The views every desk has, declared once: what they hold, in which order. People add their own beside them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.choices import CaseStatus, FollowUpForm, FollowUpState, WaitingOn
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.spans import SPANS
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

NEXT_BEST = (
    Order("flagged", descending=True),
    Order("high_risk", descending=True),
    Order("breach_due_at"),
    Order("promise_due_at"),
    Order("priority"),
)
"""What was flagged for all floats on top (Q12); then risk, what is or will be breached, promises, priority, age."""


UNANSWERED: Final = timedelta(minutes=30)
"""An offer that nobody has answered for this long is the shift lead's business (domain.md §2.8)."""


class Now(NamedTuple):
    """What a view may ask about whoever looks: who, at which moment, when their day ends, in which team."""

    me: str
    moment: datetime
    day_end: datetime
    team: str = ""
    stands_for: tuple[str, ...] = ()


class View(NamedTuple):
    """A named list. `query` is made anew for each look, because “mine” and “today” depend on who looks when."""

    code: str
    label: str
    query: Callable[[Now], ListQuery]


_LIVE = Condition("live", Op.IS, value=True)


def _cases(*conditions: Condition, order: tuple[Order, ...] = NEXT_BEST) -> ListQuery:
    return ListQuery("case", (_LIVE, *conditions), order)


def _next_hour(now: Now) -> list[str]:
    return [instant_text(now.moment), instant_text(now.moment + timedelta(hours=1))]


def _waiting(on: WaitingOn) -> Callable[[Now], ListQuery]:
    return lambda _now: _cases(Condition("waiting_on", Op.IS, on.value))


CASE_VIEWS: tuple[View, ...] = (
    View("mine", N_("My cases"), lambda now: _cases(Condition("owner", Op.IS, now.me))),
    View("standing-in", N_("I stand in for"), lambda now: _cases(Condition("owner", Op.ANY, list(now.stands_for)))),
    View("my-team", N_("My team"), lambda now: _cases(Condition("team", Op.IS, now.team))),
    View("watched", N_("Watched by me"), lambda now: _cases(Condition("watchers", Op.HAS, now.me))),
    View("unassigned", N_("Unassigned"), lambda _now: _cases(Condition("owner", Op.EMPTY))),
    View(
        "unowned",
        N_("Open without an owner"),
        lambda _now: _cases(Condition("owner", Op.EMPTY), Condition("status", Op.NOT, CaseStatus.NEW.value)),
    ),
    View(
        "unanswered-offers",
        N_("Unanswered offers"),
        lambda now: _cases(
            Condition("offered_to", Op.FILLED),
            Condition("offered_at", Op.BEFORE, instant_text(now.moment - UNANSWERED)),
            order=(Order("offered_at"),),
        ),
    ),
    View(
        "due-today", N_("Due today"), lambda now: _cases(Condition("next_due_at", Op.BEFORE, instant_text(now.day_end)))
    ),
    View(
        "due-hour",
        N_("Due within the hour"),
        lambda now: _cases(Condition("next_due_at", Op.WITHIN, [_next_hour(now)])),
    ),
    View("overdue", N_("Overdue"), lambda now: _cases(Condition("next_due_at", Op.BEFORE, instant_text(now.moment)))),
    View("breached", N_("Breached"), lambda now: _cases(Condition("missed_from", Op.BEFORE, instant_text(now.moment)))),
    View(
        "promised-today",
        N_("Promised today"),
        lambda now: _cases(Condition("promise_due_at", Op.BEFORE, instant_text(now.day_end))),
    ),
    View("high-risk", N_("High risk"), lambda _now: _cases(Condition("high_risk", Op.IS, value=True))),
    View("flagged", N_("Flagged for all"), lambda _now: _cases(Condition("flagged", Op.IS, value=True))),
    View("new", N_("New"), lambda _now: _cases(Condition("status", Op.IS, CaseStatus.NEW.value))),
    View("waiting-customer", N_("Waiting on the customer"), _waiting(WaitingOn.CUSTOMER)),
    View("waiting-seller", N_("Waiting on the seller"), _waiting(WaitingOn.SELLER)),
    View("waiting-team", N_("Waiting on a team"), _waiting(WaitingOn.TEAM)),
    View("waiting-third-party", N_("Waiting on the carrier"), _waiting(WaitingOn.CARRIER)),
    View(
        "untouched",
        N_("Untouched for 3 days"),
        lambda now: _cases(
            Condition("last_activity_at", Op.BEFORE, instant_text(now.moment - timedelta(days=3))),
            order=(Order("last_activity_at"),),
        ),
    ),
    View("all-live", N_("All live cases"), lambda _now: _cases()),
    View("everything", N_("Everything"), lambda _now: ListQuery("case", (), (Order("received_at", descending=True),))),
)

_STANDING = Condition("merged_into", Op.EMPTY)


def _sellers(*conditions: Condition, order: Order) -> ListQuery:
    """List sellers that stand for themselves; what was merged is found under the whole."""
    return ListQuery("seller", (_STANDING, *conditions), (order,))


SELLER_VIEWS: tuple[View, ...] = (
    View("sellers", N_("All sellers"), lambda _now: _sellers(order=Order("shop_name"))),
    View(
        "my-sellers",
        N_("My sellers"),
        lambda now: _sellers(Condition("relationship_owner", Op.IS, now.me), order=Order("next_contact_at")),
    ),
    View(
        "next-contact",
        N_("Contact due"),
        lambda now: _sellers(
            Condition("next_contact_at", Op.BEFORE, instant_text(now.day_end)), order=Order("next_contact_at")
        ),
    ),
    View(
        "contact-overdue",
        N_("Contact overdue"),
        lambda now: _sellers(
            Condition("next_contact_at", Op.BEFORE, instant_text(now.moment)), order=Order("next_contact_at")
        ),
    ),
    View(
        "risky-sellers",
        N_("Sellers at risk"),
        lambda _now: _sellers(Condition("risk", Op.ANY, ["red", "amber"]), order=Order("open_cases", descending=True)),
    ),
)

_OPEN = Condition("state", Op.IS, FollowUpState.OPEN.value)

FOLLOW_UP_VIEWS: tuple[View, ...] = (
    View(
        "my-follow-ups",
        N_("My follow-ups"),
        lambda now: ListQuery("follow_up", (_OPEN, Condition("owner", Op.IS, now.me)), (Order("due_at"),)),
    ),
    View(
        "follow-ups-today",
        N_("Due today"),
        lambda now: ListQuery(
            "follow_up", (_OPEN, Condition("due_at", Op.BEFORE, instant_text(now.day_end))), (Order("due_at"),)
        ),
    ),
    View(
        "promises",
        N_("Open promises"),
        lambda _now: ListQuery(
            "follow_up", (_OPEN, Condition("form", Op.IS, FollowUpForm.PROMISE.value)), (Order("due_at"),)
        ),
    ),
    View("follow-ups", N_("All follow-ups"), lambda _now: ListQuery("follow_up", (), (Order("due_at"),))),
)

_ASKED = "poc_request"
_BY_ANSWER = (Order("answer_due_at"),)
_TO_ANSWER = Condition("state", Op.ANY, ["sent", "acknowledged"])
_UNDER_WAY = Condition("state", Op.ANY, ["draft", "sent", "acknowledged", "answered", "insufficient"])
_HAS_ANSWER = Condition("state", Op.ANY, ["answered", "accepted"])

POC_VIEWS: tuple[View, ...] = (
    View("poc-requests-open", N_("Open requests"), lambda _now: ListQuery(_ASKED, (_UNDER_WAY,), _BY_ANSWER)),
    View(
        "poc-requests-mine",
        N_("My open requests"),
        lambda now: ListQuery(_ASKED, (_UNDER_WAY, Condition("owner", Op.IS, now.me)), _BY_ANSWER),
    ),
    View(
        "poc-requests-chase",
        N_("To chase"),
        lambda now: ListQuery(
            _ASKED,
            (_TO_ANSWER, Condition("next_chase_at", Op.BEFORE, instant_text(now.moment))),
            (Order("next_chase_at"),),
        ),
    ),
    View(
        "poc-requests-overdue",
        N_("Answer overdue"),
        lambda now: ListQuery(
            _ASKED, (_TO_ANSWER, Condition("answer_due_at", Op.BEFORE, instant_text(now.moment))), _BY_ANSWER
        ),
    ),
    View(
        "poc-requests-answered-not-passed-on",
        N_("Answered, not passed on"),
        lambda _now: ListQuery(_ASKED, (_HAS_ANSWER, Condition("passed_on_at", Op.EMPTY)), _BY_ANSWER),
    ),
    View(
        "poc-requests-all",
        N_("All requests"),
        lambda _now: ListQuery(_ASKED, (), (Order("sent_at", descending=True),)),
    ),
)

_ESCALATION = "escalation"
_UNANSWERED_FIRST = (Order("state", descending=True), Order("ack_due_at"), Order("notify_due_at"))
"""The codes of the states happen to stand so: raised, decided, acknowledged. What nobody has acknowledged is on top."""

ESCALATION_VIEWS: tuple[View, ...] = (
    View(
        "escalations-open",
        N_("Open escalations"),
        lambda _now: ListQuery(
            _ESCALATION, (Condition("state", Op.ANY, ["raised", "acknowledged", "decided"]),), _UNANSWERED_FIRST
        ),
    ),
    View(
        "escalations-unacknowledged",
        N_("Not acknowledged"),
        lambda _now: ListQuery(_ESCALATION, (Condition("state", Op.IS, "raised"),), _UNANSWERED_FIRST),
    ),
    View(
        "escalations-not-sent",
        N_("Not sent yet"),
        lambda _now: ListQuery(
            _ESCALATION,
            (Condition("state", Op.IS, "raised"), Condition("notified_at", Op.EMPTY)),
            (Order("notify_due_at"),),
        ),
    ),
    View(
        "escalations-mine",
        N_("Raised by me"),
        lambda now: ListQuery(
            _ESCALATION, (Condition("raised_by", Op.IS, now.me),), (Order("raised_at", descending=True),)
        ),
    ),
    View(
        "escalations-timed-out",
        N_("Not answered in time"),
        lambda _now: ListQuery(
            _ESCALATION, (Condition("state", Op.IS, "timed_out"),), (Order("raised_at", descending=True),)
        ),
    ),
    View(
        "escalations",
        N_("All escalations"),
        lambda _now: ListQuery(_ESCALATION, (), (Order("raised_at", descending=True),)),
    ),
)

_PROBLEM_GOES_ON = Condition("state", Op.ANY, ["open", "known"])
_BY_AGE = (Order("known_since"),)

PROBLEM_VIEWS: tuple[View, ...] = (
    View("problems-open", N_("Open problems"), lambda _now: ListQuery("problem", (_PROBLEM_GOES_ON,), _BY_AGE)),
    View(
        "problems-mine",
        N_("My problems"),
        lambda now: ListQuery("problem", (_PROBLEM_GOES_ON, Condition("owner", Op.IS, now.me)), _BY_AGE),
    ),
    View(
        "problems",
        N_("All problems"),
        lambda _now: ListQuery("problem", (), (Order("known_since", descending=True),)),
    ),
)

_CLOCK_GOES_ON = Condition("finished_at", Op.EMPTY)
_BY_DUE = (Order("due_at"),)

CLOCK_VIEWS: tuple[View, ...] = (
    View("clocks", N_("Open clocks"), lambda _now: ListQuery("clock", (_CLOCK_GOES_ON,), _BY_DUE)),
    View(
        "clocks-hour",
        N_("Due within the hour"),
        lambda now: ListQuery("clock", (_CLOCK_GOES_ON, Condition("due_at", Op.WITHIN, [_next_hour(now)])), _BY_DUE),
    ),
    View(
        "clocks-overdue",
        N_("Overdue"),
        lambda now: ListQuery(
            "clock", (_CLOCK_GOES_ON, Condition("due_at", Op.BEFORE, instant_text(now.moment))), _BY_DUE
        ),
    ),
    View(
        "clocks-breached",
        N_("Breached"),
        lambda _now: ListQuery("clock", (Condition("state", Op.IS, "breached"),), _BY_DUE),
    ),
    View("clocks-all", N_("All clocks"), lambda _now: ListQuery("clock", (), (Order("due_at", descending=True),))),
)

_BY_NUMBER = (Order("number", descending=True),)
_IN_USE = Condition("state", Op.ANY, ["wip", "not_validated", "validated"])

ARTICLE_VIEWS: tuple[View, ...] = (
    View("articles", N_("Articles in use"), lambda _now: ListQuery("article", (_IN_USE,), _BY_NUMBER)),
    View(
        "articles-to-validate",
        N_("To be validated"),
        lambda _now: ListQuery("article", (Condition("state", Op.IS, "not_validated"),), _BY_NUMBER),
    ),
    View(
        "my-articles",
        N_("My articles"),
        lambda now: ListQuery("article", (Condition("owner", Op.IS, now.me),), _BY_NUMBER),
    ),
    View("articles-all", N_("All articles"), lambda _now: ListQuery("article", (), _BY_NUMBER)),
)

_BY_CODE = (Order("code"),)

MACRO_VIEWS: tuple[View, ...] = (
    View(
        "macros", N_("Everybody's macros"), lambda _now: ListQuery("macro", (Condition("owner", Op.EMPTY),), _BY_CODE)
    ),
    View(
        "my-macros",
        N_("My macros"),
        lambda now: ListQuery("macro", (Condition("owner", Op.IS, now.me),), _BY_CODE),
    ),
)

_NEWEST_ASKED = (Order("asked_at", descending=True),)

EXCEPTION_VIEWS: tuple[View, ...] = (
    View("exceptions", N_("All exceptions"), lambda _now: ListQuery("exception", (), _NEWEST_ASKED)),
    View(
        "exceptions-to-decide",
        N_("To be decided"),
        lambda _now: ListQuery("exception", (Condition("state", Op.IS, "asked"),), _NEWEST_ASKED),
    ),
)

VIEWS: dict[str, View] = {
    view.code: view
    for view in (
        *CASE_VIEWS,
        *SELLER_VIEWS,
        *FOLLOW_UP_VIEWS,
        *POC_VIEWS,
        *ESCALATION_VIEWS,
        *PROBLEM_VIEWS,
        *CLOCK_VIEWS,
        *ARTICLE_VIEWS,
        *MACRO_VIEWS,
        *EXCEPTION_VIEWS,
    )
}
DEFAULT_VIEW = {
    "clock": "clocks",
    "case": "everything",
    "seller": "sellers",
    "follow_up": "follow-ups",
    "poc_request": "poc-requests-all",
    "escalation": "escalations-open",
    "problem": "problems",
    "article": "articles",
    "macro": "macros",
    "exception": "exceptions",
}


def query_of(kind: str, definition: Mapping[str, Any], now: Now) -> ListQuery:
    """Turn what a saved view keeps into a query.

    It stands on the desk's view it was made from (`base`); `picks` are values of facets as JSON, and its stretches
    of time (`spans`) move with the clock.
    """
    own = ListQuery.from_data(kind, definition)
    base = VIEWS.get(definition.get("base", ""))
    below = base.query(now) if base else ListQuery(kind)
    moving = [
        SPANS[code].condition(keys, now.moment, now.day_end) for code, keys in definition.get("spans", {}).items()
    ]
    picks = definition.get("picks", {})
    picked = [Condition(name, Op.ANY, [json.loads(key) for key in keys]) for name, keys in picks.items()]
    return replace(own, where=(*below.where, *own.where, *picked, *moving), order=own.order or below.order)
