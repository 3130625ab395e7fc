"""The days ahead as stretches of time: overdue, today, each of the next days by its name, then later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.spans import NO_TIME, Span, Spans
from escalation_desk.i18n import N_, _

_AHEAD: Final = 7
_NAMES: Final = (
    N_("Monday {day}"),
    N_("Tuesday {day}"),
    N_("Wednesday {day}"),
    N_("Thursday {day}"),
    N_("Friday {day}"),
    N_("Saturday {day}"),
    N_("Sunday {day}"),
)


def days_ahead(field: str) -> Spans:
    """Cut a time field into days."""
    return Spans("due", N_("Due when"), field, _cut)


def _cut(moment: datetime, day_end: datetime) -> tuple[Span, ...]:
    now, edges = instant_text(moment), [day_end + timedelta(days=ahead) for ahead in range(_AHEAD)]
    days = [
        Span(f"day{ahead}", _named(begins), instant_text(begins), instant_text(begins + timedelta(days=1)))
        for ahead, begins in enumerate(edges[:-1], 1)
    ]
    return (
        Span("overdue", N_("Overdue"), None, now),
        Span("today", N_("Today"), now, instant_text(day_end)),
        *days,
        Span("later", N_("Later"), instant_text(edges[-1]), NO_TIME),
        Span("none", N_("No date"), NO_TIME, None),
    )


def _named(day: datetime) -> str:
    """Call a day by its name and date, in the language of the window."""
    return _(_NAMES[day.weekday()], day=f"{day:%d/%m}")
