"""Times as people write them in a search: a day, a month, `today`, `now-7d`, `2026-11-01..2026-11-30`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.fields import Kind, instant_text
from escalation_desk.casework.lists import Condition, Op
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.i18n import _
from escalation_desk.journal.ordering import LAST

if TYPE_CHECKING:
    from datetime import tzinfo

    from escalation_desk.casework.fields import Field

_RELATIVE = re.compile(r"now(?:([+-])(\d{1,6})(min|m|h|d|w))?$", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})$", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?$", re.ASCII)  # A month, or a whole year.
_UNITS: Final = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NAMED: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}


def stretch(field: Field, sign: str, text: str, zone: tzinfo, now: datetime) -> Condition:
    """Say that a time lies in, before or after what was written."""
    try:
        begins, ends = _span(text, zone, now)
        first, last = _edge(field, begins, zone), _edge(field, ends, zone)
    except (ValueError, OverflowError) as error:
        raise Refused(
            _(
                "“{text}” is no time for “{field}”; write 2026-11-24, 24/11/2026, 2026-11, today, now-7d or "
                "2026-11-01..2026-11-30.",
                text=text,
                field=_(field.label),
            )
        ) from error
    match sign:
        case ">" | ">=":
            return _since(field, last if sign == ">" else first)
        case "<" | "<=":
            return Condition(field.name, Op.BEFORE, first if sign == "<" else last)
        case _ if begins == ends:  # “created:now-7d” means since then.
            return _since(field, first)
        case _:
            return Condition(field.name, Op.WITHIN, [[first, last]])


def _since(field: Field, edge: str) -> Condition:
    """Say that a time lies behind an edge; what is empty sorts behind all times, but is not meant."""
    return Condition(field.name, Op.WITHIN, [[edge, LAST]])


def _edge(field: Field, moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat() if field.kind is Kind.DAY else instant_text(moment)


def _span(text: str, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """Read one time, or two with two dots between."""
    first, dots, last = text.partition("..")
    begins, ends = _between(first, zone, now)
    return (begins, _between(last, zone, now)[1]) if dots else (begins, ends)


def _between(text: str, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """Give the beginning and the end of a time; a moment begins where it ends."""
    text = fold(text)
    relative = _RELATIVE.match(text)
    if relative:
        sign, count, unit = relative.groups()
        moment = now + timedelta(**{_UNITS[unit]: int(f"{sign}{count}")}) if unit else now
        return moment, moment
    found = _calendar(text, now.astimezone(zone).date())
    if found:
        return _days(*found, zone)
    moment = datetime.fromisoformat(text.upper())
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    return moment, moment


def _calendar(text: str, today: date) -> tuple[date, date] | None:
    """Read a day, a month or a year as its first day and the day after its last."""
    one = timedelta(days=1)
    if text in _NAMED:
        day = today + timedelta(days=_NAMED[text])
        return day, day + one
    if long := _MONTH.match(text):
        first = date(int(long[1]), int(long[2] or 1), 1)
        beyond = first.replace(day=28) + 4 * one if long[2] else first.replace(month=12, day=31) + one
        return first, beyond.replace(day=1)
    if written := _DAY_FIRST.match(text):
        day = date(int(written[3]), int(written[2]), int(written[1]))
        return day, day + one
    if len(text) == 10:
        return date.fromisoformat(text), date.fromisoformat(text) + one
    return None


def _days(first: date, beyond: date, zone: tzinfo) -> tuple[datetime, datetime]:
    midnight = datetime.min.time()
    return datetime.combine(first, midnight, zone), datetime.combine(beyond, midnight, zone)
