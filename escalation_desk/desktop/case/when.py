"""Reads moments as people type them in a hurry: 14:30, tomorrow 9:00, 25/11, 25/11/2026 14:30, +2h, +3d."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.moments import Clock

_MOMENT = re.compile(
    r"(?:(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>\d{4}))?)?"
    r"(?:\s*[,T]?\s*(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2}))?\s*)?$"
)
_AWAY = re.compile(r"\+\s*(\d{1,4})\s*(m|min|h|d)\w*$")
_MINUTE: Final = timedelta(minutes=1)
_UNITS: Final = {"m": _MINUTE, "min": _MINUTE, "h": timedelta(hours=1), "d": timedelta(days=1)}
_WORDS: Final = {"today": 0, "hom nay": 0, "hari ini": 0, "tomorrow": 1, "mai": 1, "ngay mai": 1, "besok": 1}
_DAY_STARTS: Final = 9

Quick = tuple[str, datetime]


def read_moment(text: str, clock: Clock) -> datetime | None:
    """Read a moment in the zone of whoever types; empty text is none. Refused where it cannot be one."""
    said = fold(text.strip())
    if not said:
        return None
    away = _AWAY.match(said)
    if away:
        return _whole(clock.now + int(away[1]) * _UNITS[away[2]])
    try:
        found = _spoken(said, clock) or _written(said, clock) or _iso(text.strip(), clock)
    except ValueError as error:
        raise Refused(_not_a_moment(text)) from error
    if found is None:
        raise Refused(_not_a_moment(text))
    return found


def quick_moments(clock: Clock) -> Sequence[Quick]:
    """Offer the moments people promise most often; those already past today are left out."""
    today = clock.day_start
    offered = [
        (_(QUICK[0]), _whole(clock.now + timedelta(hours=1))),
        (_(QUICK[1]), _whole(clock.now + timedelta(hours=4))),
        (_(QUICK[2]), today + timedelta(hours=17)),
        (_(QUICK[3]), today + timedelta(days=1, hours=10)),
        (_(QUICK[4]), today + timedelta(days=1, hours=17)),
        (_(QUICK[5]), today + timedelta(days=3, hours=17)),
        (_(QUICK[6]), today + timedelta(days=7, hours=10)),
    ]
    return [(text, at.astimezone(UTC)) for text, at in offered if at > clock.now]


QUICK: Final = (
    N_("In 1 hour"),
    N_("In 4 hours"),
    N_("Today 17:00"),
    N_("Tomorrow 10:00"),
    N_("Tomorrow 17:00"),
    N_("In 3 days"),
    N_("In a week"),
)


def _spoken(said: str, clock: Clock) -> datetime | None:
    """Read a day by its word, with or without a time."""
    for word, days in _WORDS.items():
        if said == word or said.startswith(word + " "):
            rest = _MOMENT.match(said.removeprefix(word).strip() or str(_DAY_STARTS))
            if rest is None or rest["day"]:
                return None
            day = clock.day_start + timedelta(days=days)
            return day.replace(hour=int(rest["hour"]), minute=int(rest["minute"] or 0)).astimezone(UTC)
    return None


def _written(said: str, clock: Clock) -> datetime | None:
    found = _MOMENT.match(said)
    if found is None or not (found["day"] or found["minute"]):
        return None
    here = clock.day_start
    day = here.replace(
        day=int(found["day"] or here.day),
        month=int(found["month"] or here.month),
        year=int(found["year"] or here.year),
    )
    hour, minute = int(found["hour"] or _DAY_STARTS), int(found["minute"] or 0)
    return day.replace(hour=hour, minute=minute).astimezone(UTC)


def _iso(text: str, clock: Clock) -> datetime:
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=clock.zone)).astimezone(UTC)


def _whole(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _not_a_moment(text: str) -> str:
    return _("“{text}” is no time; write it like 14:30, 25/11 14:30 or +2h.", text=text)
