"""Stretches of time that move with the clock: how old a case is, how soon it is due. For views, facets and groups."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.lists import Condition, Op
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AGE_BUCKETS = (1, 3, 7, 14, 30)
"""Days at which one age bucket ends and the next begins (features.md Q4)."""

NO_TIME = "\uffff"
"""Stands behind every instant: where lists put what has none."""


class Span(NamedTuple):
    """One stretch: from (included) to (left out), as instants in text; None is open."""

    key: str
    label: str
    begins: str | None
    ends: str | None


class Spans(NamedTuple):
    """A way to cut a time field into stretches. `cut` takes the moment and the end of the day of whoever looks."""

    code: str
    label: str
    field: str
    cut: Callable[[datetime, datetime], tuple[Span, ...]]

    def condition(self, keys: Iterable[str], moment: datetime, day_end: datetime) -> Condition:
        """Say that the field lies in one of some stretches."""
        wanted = set(keys)
        ranges = [[s.begins, s.ends] for s in self.cut(moment, day_end) if s.key in wanted]
        return Condition(self.field, Op.WITHIN, ranges)


_AGE_LABELS = (
    N_("Less than a day"),
    N_("1 to 3 days"),
    N_("3 to 7 days"),
    N_("7 to 14 days"),
    N_("14 to 30 days"),
    N_("More than 30 days"),
)


def _ages(moment: datetime, _day_end: datetime) -> tuple[Span, ...]:
    edges = [None, *(instant_text(moment - timedelta(days=days)) for days in AGE_BUCKETS), None]
    return tuple(
        Span(str(days), label, edges[at + 1], edges[at] or NO_TIME)
        for at, (days, label) in enumerate(zip((0, *AGE_BUCKETS), _AGE_LABELS, strict=True))
    )


def _dues(moment: datetime, day_end: datetime) -> tuple[Span, ...]:
    now, hour, day = (instant_text(t) for t in (moment, moment + timedelta(hours=1), day_end))
    tomorrow, week = (instant_text(day_end + timedelta(days=days)) for days in (1, 7))
    return (
        Span("overdue", N_("Overdue"), None, now),
        Span("hour", N_("Within the hour"), now, hour),
        Span("today", N_("Later today"), hour, max(hour, day)),
        Span("tomorrow", N_("Tomorrow"), max(hour, day), tomorrow),
        Span("week", N_("Within a week"), tomorrow, week),
        Span("later", N_("Later"), week, NO_TIME),
        Span("none", N_("No date"), NO_TIME, None),
    )


def _slas(moment: datetime, day_end: datetime) -> tuple[Span, ...]:
    now, hour, day = (instant_text(t) for t in (moment, moment + timedelta(hours=1), day_end))
    return (
        Span("breached", N_("Breached"), None, now),
        Span("hour", N_("Within the hour"), now, hour),
        Span("today", N_("Later today"), hour, max(hour, day)),
        Span("later", N_("Later"), max(hour, day), NO_TIME),
        Span("none", N_("No clock runs"), NO_TIME, None),
    )


AGE = Spans("age", N_("Age"), "received_at", _ages)
DUE = Spans("due", N_("Due when"), "next_due_at", _dues)
SLA = Spans("sla", N_("SLA"), "sla_due_at", _slas)
SPANS = {spans.code: spans for spans in (AGE, DUE, SLA)}
