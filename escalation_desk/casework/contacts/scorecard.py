"""How points of contact answer, measured in their own working hours; every figure with what it was counted from.

The formulas are those of domain.md §4 (`poc_ack`, `poc_ans`, `ola_x`, `chases`, `bounce`); percentiles are interpolated
as PERCENTILE.INC of Excel does (Hyndman and Fan 1996, type 7).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.contacts.chasing import chases_of
from escalation_desk.casework.contacts.ola import minutes_between
from escalation_desk.casework.contacts.records import AnswerQuality, PocRequest, RequestState
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from escalation_desk.casework.choices import Market
    from escalation_desk.casework.contacts.ola import OpenHours

ENOUGH_FOR_P90: Final = 30
"""Below this even the largest value lies above the true P90 with less than 95 % chance (domain.md §4)."""


class Asked(NamedTuple):
    """A request that was sent, with what its case adds: the market, and the group of its reason as the topic."""

    request: PocRequest
    market: Market | None
    topic: str


class Share(NamedTuple):
    """A part of a whole, both kept: “9 of 12”. Of nothing there is no rate."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None


class Span(NamedTuple):
    """Minutes of working time: how many were measured, their median, and P90 where there are enough."""

    n: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """One line of the scorecard."""

    key: str
    sent: int
    acknowledged: Span
    answered: Span
    ola_acknowledged: Share
    ola_answered: Share
    chases: Share
    bounced: Share
    open_now: int
    oldest: datetime | None


FORMULAS: Final = (
    (N_("Acknowledged, answered"), N_("working minutes of the contact from sending; median, P90 as PERCENTILE.INC")),
    (
        N_("OLA kept"),
        N_("kept ÷ (kept + missed); open ones past their time are missed; withdrawn and wrong ones are out"),
    ),
    (N_("Chases"), N_("chases ÷ requests sent, without the wrong ones")),
    (N_("Wrong contact"), N_("wrong ones ÷ requests sent; it measures the rules, not the contact")),
)
"""What each figure is, in words; shown under the table."""


def scorecard(
    asked: Iterable[Asked],
    by: Callable[[Asked], str],
    hours: Callable[[Asked], OpenHours],
    now: datetime,
) -> list[Score]:
    """Measure the requests by contact, team, topic or month; the most asked first."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        if one.request.sent_at:
            groups[by(one)].append(one)
    lines = [_score(key, found, hours, now) for key, found in groups.items()]
    return sorted(lines, key=lambda line: (-line.sent, line.key))


def _score(key: str, asked: Sequence[Asked], hours: Callable[[Asked], OpenHours], now: datetime) -> Score:
    reached = [one for one in asked if one.request.state is not RequestState.BOUNCED]
    counted = [one.request for one in reached if one.request.state is not RequestState.WITHDRAWN]
    waiting = [one.request.sent_at for one in reached if one.request.state.waiting and one.request.sent_at]
    return Score(
        key=key,
        sent=len(asked),
        acknowledged=span([m for one in reached if (m := _took(one, one.request.acknowledged_at, hours)) is not None]),
        answered=span([m for one in reached if (m := _took(one, useful_at(one.request), hours)) is not None]),
        ola_acknowledged=_kept([(one.ack_due_at, one.acknowledged_at) for one in counted], now),
        ola_answered=_kept([(one.answer_due_at, useful_at(one)) for one in counted], now),
        chases=Share(sum(chases_of(one.request) for one in reached), len(reached)),
        bounced=Share(len(asked) - len(reached), len(asked)),
        open_now=len(waiting),
        oldest=min(waiting, default=None),
    )


def useful_at(request: PocRequest) -> datetime | None:
    """Say when the useful answer came; one that was not useful is none."""
    judged = request.state in {RequestState.ANSWERED, RequestState.ACCEPTED}
    return request.answered_at if judged and request.quality is not AnswerQuality.NOT_USEFUL else None


def overdue(request: PocRequest, now: datetime) -> bool:
    """Say whether an answer is owed and late."""
    return bool(request.state.waiting and request.answer_due_at and request.answer_due_at < now)


def _took(one: Asked, until: datetime | None, hours: Callable[[Asked], OpenHours]) -> float | None:
    sent = one.request.sent_at
    return minutes_between(hours(one), sent, until) if sent and until else None


def _kept(clocks: Iterable[tuple[datetime | None, datetime | None]], now: datetime) -> Share:
    """Count the finished clocks, and those still running whose time is over."""
    met = missed = 0
    for due, done in clocks:
        if due is None:
            continue
        if done and done <= due:
            met += 1
        elif done or now > due:
            missed += 1
    return Share(met, met + missed)


def span(minutes: Sequence[float]) -> Span:
    found = sorted(minutes)
    if not found:
        return Span(0, None, None)
    p90 = percentile(found, 0.9) if len(found) >= ENOUGH_FOR_P90 else None
    return Span(len(found), percentile(found, 0.5), p90)


def percentile(ordered: Sequence[float], share: float) -> float:
    """Interpolate between the two nearest values, as PERCENTILE.INC does."""
    at = (len(ordered) - 1) * share
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)
