"""How a lead writes calendars, holidays and policies: plain lines, read back or refused with what to write instead."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.clocks.editions import new_edition
from escalation_desk.casework.clocks.records import Holiday, HolidayForm
from escalation_desk.casework.clocks.working import working_time
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _, language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from escalation_desk.casework.choices import Market
    from escalation_desk.casework.clocks.records import Calendar, SlaPolicy

_SPAN = re.compile(r"\s*(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?\s*")
_LINE = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\s*(.*?)\s*")
_JOINT = "*"
"""What stands behind the name of a day of joint leave."""


def hours_text(hours: Iterable[Iterable[str]]) -> str:
    """Write intervals as a lead reads them: 09:00-12:00, 13:00-18:00."""
    return ", ".join("-".join(one) for one in hours)


def hours_of_text(text: str) -> list[list[str]]:
    """Read intervals; an empty text is a day without any."""
    return [_interval(part) for part in text.split(",") if part.strip()]


def _interval(part: str) -> list[str]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise Refused(_("“{hours}” are no working hours; write two times, as in 09:00 and 18:00.", hours=part.strip()))
    begin, begin_min, end, end_min = found.groups()
    return [f"{int(begin):02}:{begin_min or '00'}", f"{int(end):02}:{end_min or '00'}"]


def days_text(days: Mapping[str, Any] | None) -> str:
    """Write days that are an exception, one a line: 22/08/2026 09:00-12:00."""
    return "\n".join(f"{_day_text(date.fromisoformat(day))} {_said(what)}".strip() for day, what in _sorted(days))


def _sorted(days: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
    return sorted((days or {}).items())


def _said(what: Any) -> str:
    return hours_text(what) if isinstance(what, list) else str(what or "")


def extra_of_text(text: str) -> dict[str, Any]:
    """Read the days that are worked besides, each with its hours."""
    return {day.isoformat(): _some(hours_of_text(rest), day) for day, rest in _lines(text)}


def _some(hours: list[list[str]], day: date) -> list[list[str]]:
    if not hours:
        raise Refused(_("Write the hours behind the day {day}, as in 09:00-12:00.", day=_day_text(day)))
    return hours


def closed_of_text(text: str) -> dict[str, Any]:
    """Read the days that are closed besides, each with what is going on."""
    return {day.isoformat(): rest for day, rest in _lines(text)}


def _lines(text: str) -> list[tuple[date, str]]:
    return [_dated(line) for line in text.splitlines() if line.strip()]


def _dated(line: str) -> tuple[date, str]:
    found = _LINE.fullmatch(line)
    day, month, year, rest = found.groups() if found else ("0", "0", "0", "")
    try:
        return date(int(year), int(month), int(day)), rest
    except ValueError:
        raise Refused(_("“{line}” does not begin with a day; write it as 22/08/2026.", line=line.strip())) from None


def _day_text(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def holidays_text(holidays: Iterable[Holiday]) -> str:
    """Write holidays one a line, by day; joint leave with a star behind it."""
    found = sorted((one.day, one.form, one.name) for one in holidays if one.day and one.active)
    return "\n".join(f"{_day_text(d)} {n}{' *' if f is HolidayForm.JOINT_LEAVE else ''}" for d, f, n in found)


def change_holidays(held: Iterable[Holiday], text: str, market: Market) -> list[Holiday]:
    """Change the holidays of a market to what was written: what is gone is switched off. Returns those that are new."""
    wanted = dict(_holiday(line) for line in _lines(text))
    for one in held:
        said = wanted.pop(one.day, None) if one.day else None
        one.active = said is not None
        if said:
            one.form, name = said
            if name != one.name:
                one.labels = {**one.labels, language(): name}
    return [
        Holiday(market=market, day=day, form=form, labels={"en": name, language(): name})
        for day, (form, name) in wanted.items()
    ]


def _holiday(line: tuple[date, str]) -> tuple[date, tuple[HolidayForm, str]]:
    day, rest = line
    name = rest.removesuffix(_JOINT).strip()
    if not name:
        raise Refused(_("Write what day {day} is behind it.", day=_day_text(day)))
    return day, (HolidayForm.JOINT_LEAVE if rest.endswith(_JOINT) else HolidayForm.PUBLIC, name)


def change_calendar(held: Calendar, values: Mapping[str, Any], holidays: Iterable[Holiday]) -> None:
    """Change a calendar; one that no clock could run by is refused."""
    for name, value in values.items():
        setattr(held, name, value)
    working_time(held, holidays)


def change_policy(old: SlaPolicy, values: Mapping[str, Any]) -> SlaPolicy:
    """Make the next edition of a policy and switch the old one off; cases keep the one that they were given."""
    made = new_edition(old, **values)
    old.active = False
    return made
