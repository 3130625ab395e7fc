"""Reads times and days as programs and people write them; what has no zone of its own is in the zone given."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_YEARS = range(1900, 2200)
_EPOCH_SECONDS = range(100_000_000, 4_200_000_000)
_EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119; smaller numbers are counts, not days.
_EXCEL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel keeps no zone; the caller's is put on.

_ZONE = r"(?:Z|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?|UTC|GMT|WIB|WITA|WIT|ICT|SGT|MYT)"
_TIME = re.compile(
    r"(?:(?<=\d)T|^|[\s,]+)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AP]\.?M\.?|SA|CH)?"
    rf"\s*({_ZONE})?(?:\s*\([^)]*\))?(?=$|[\s,])",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_PLAIN = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?")
_NAMED_DAY_FIRST = re.compile(
    r"(?:[a-z]+,?\s+)?(\d{1,2})[\s/.-]+(thang\s*\d{1,2}|thg\s*\d{1,2}|[a-z]{3,9})\.?[\s/.,-]+(?:nam\s+)?(\d{4}|\d{2})"
)
_NAMED_MONTH_FIRST = re.compile(r"(?:[a-z]+,\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_ZONES = {"WIB": 7, "ICT": 7, "WITA": 8, "SGT": 8, "MYT": 8, "WIT": 9}
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            ("jan", "january", "januari"),
            ("feb", "february", "februari", "peb"),
            ("mar", "march", "maret"),
            ("apr", "april"),
            ("may", "mei"),
            ("jun", "june", "juni"),
            ("jul", "july", "juli"),
            ("aug", "august", "agu", "agt", "ags", "agustus"),
            ("sep", "sept", "september"),
            ("oct", "october", "okt", "oktober"),
            ("nov", "november", "nop", "nopember"),
            ("dec", "december", "des", "desember"),
        ),
        start=1,
    )
    for name in names
}


def parse_instant(value: Any, *, day_first: bool | None = None, zone: tzinfo = UTC) -> datetime | None:
    """Read a moment as UTC to the second; None for what is none. An undecided `3/4` is the third of April."""
    found = _moment(value, day_first)
    if found is None or found.year not in _YEARS:
        return None
    if found.microsecond:
        found = found.replace(microsecond=0)
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def parse_day(value: Any, *, day_first: bool | None = None) -> date | None:
    """Read a day, as it stands there and in no zone; a time beside it is left aside."""
    found = _moment(value, day_first)
    return found.date() if found is not None and found.year in _YEARS else None


def says_time(value: Any) -> bool:
    """Tell whether a value that can be read as a moment says more than the day."""
    if isinstance(value, str):
        return ":" in value or (value.isdigit() and len(value) != 8)
    return not isinstance(value, date) or isinstance(value, datetime)


def day_first_of(text: str) -> bool | None:
    """Say what one text proves about the order of day and month; None where it proves nothing."""
    found = _YEAR_LAST.match(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    return None if first <= 12 and second <= 12 else first > 12


def days_first(rows: Iterable[Mapping[str, Any]]) -> bool | None:
    """Say what the rows of a table prove about the order of day and month; None where nothing or both is proved."""
    proofs = {
        proof
        for row in rows
        for value in row.values()
        if isinstance(value, str) and value[:1].isdigit() and (proof := day_first_of(value)) is not None
    }
    return proofs.pop() if len(proofs) == 1 else None


def _moment(value: Any, day_first: bool | None) -> datetime | None:
    try:
        if isinstance(value, str):
            return _from_text(value.strip(), day_first)
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the caller puts the zone on.
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _from_number(value)
    except (ValueError, OverflowError):
        pass  # The thirty-first of February is no moment: None says so.
    return None


def _from_number(number: float) -> datetime | None:
    whole = int(number)
    for scale in (1, 1_000, 1_000_000):
        if whole // scale in _EPOCH_SECONDS:
            return datetime.fromtimestamp(whole // scale, UTC)
    return _EXCEL_ZERO + timedelta(days=number) + timedelta(milliseconds=500) if whole in _EXCEL_DAYS else None


def _from_text(text: str, day_first: bool | None) -> datetime | None:
    if (usual := _usual(text, day_first)) is not None:
        return usual
    if text.isdigit():
        return _from_digits(text)
    time = _TIME.search(text)
    if not time:
        return _day(text, day_first)
    day = _day((text[: time.start()] + " " + text[time.end() :]).strip(" ,"), day_first)
    return (
        day.replace(hour=_hour(time), minute=int(time[2]), second=int(time[3] or 0), tzinfo=_zone(time[5]))
        if day
        else None
    )


def _usual(text: str, day_first: bool | None) -> datetime | None:
    """Read the two commonest forms quickly: a hundred thousand rows have half a million times."""
    if text[4:5] in {"-", "/"} and text[7:8] == text[4]:
        try:
            return datetime.fromisoformat(text.replace("/", "-"))
        except ValueError:
            return None  # Perhaps a zone in words stands behind it, which the slower way knows.
    if not (found := _PLAIN.fullmatch(text)):
        return None
    day, month = _ordered(int(found[1]), int(found[3]), day_first)
    return datetime(int(found[4]), month, day, int(found[5]), int(found[6]), int(found[7] or 0))  # noqa: DTZ001 - as below.


def _from_digits(text: str) -> datetime | None:
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 - the caller puts the zone on.
    if len(text) == 14:
        return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 - as above.
    return _from_number(int(text)) if 9 <= len(text) <= 16 else None


def _hour(time: re.Match[str]) -> int:
    hour, half = int(time[1]), (time[4] or "").upper().replace(".", "")
    if not half:
        return hour
    if not 1 <= hour <= 12:
        return hour if half in {"PM", "CH"} else 24  # 14:35 PM is said by sloppy programs; 14:35 AM is nonsense.
    return hour % 12 + (12 if half in {"PM", "CH"} else 0)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    name = text.upper()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    figures = name.removeprefix("UTC").removeprefix("GMT").strip().replace(":", "")
    if figures in {"", "Z"}:
        return UTC
    sign, digits = (-1 if figures[0] == "-" else 1), figures[1:]
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))


def _day(text: str, day_first: bool | None) -> datetime | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return datetime(int(found[1]), int(found[3]), int(found[4]))  # noqa: DTZ001 - the caller puts the zone on.
    if found := _YEAR_LAST.fullmatch(text):
        day, month = _ordered(int(found[1]), int(found[3]), day_first)
        return datetime(_year(found[4]), month, day)  # noqa: DTZ001 - as above.
    return _named_day(fold(text))


def _ordered(first: int, second: int, day_first: bool | None) -> tuple[int, int]:
    """Give day and month. An order that the file has proved is not bent for a row that contradicts it."""
    if day_first is None:
        day_first = second <= 12
    return (first, second) if day_first else (second, first)


def _named_day(text: str) -> datetime | None:
    if found := _NAMED_DAY_FIRST.fullmatch(text):
        day, name, year = found.groups()
    elif found := _NAMED_MONTH_FIRST.fullmatch(text):
        name, day, year = found.groups()
    else:
        return None
    month = int(name.lstrip("thang ")) if name[-1].isdigit() else _MONTHS.get(name, 0)
    return datetime(_year(year), month, int(day))  # noqa: DTZ001 - the caller puts the zone on.


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)
