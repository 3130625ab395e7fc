"""Working time: how long a calendar was open between two moments, and when so much of it will have passed.

Moments are whole seconds since 1970, UTC; only the calendar knows a time zone. A calendar is compiled into sorted
edges with the open seconds before each of them, so that a question is one search in a list. The edges cover a few
years and grow as they are asked for. Intervals are half open, and one that crosses midnight belongs to the day on which
it begins: holidays are tested on that day. Where clocks are put forward or back, an interval lasts as long as it did.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from escalation_desk.casework.clocks.records import HolidayForm
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from escalation_desk.casework.clocks.records import Calendar, Holiday

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The keys of a working week, Monday first as `date.weekday` counts."""

_DAY = 24 * 60
_MARGIN = 3 * 86400  # An interval may spill over midnight, and a zone lies up to a day away.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
"""Nothing outside is ever compiled: a mistyped year costs no memory, and no search runs for ever."""

Interval = tuple[int, int]
"""Minutes of a day, from (included) to (left out); more than 1440 lies on the next day."""


class Hours(NamedTuple):
    """What a calendar says, read: the intervals of each weekday, and of the days that are an exception."""

    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...]
    exceptions: Mapping[date, tuple[Interval, ...]]

    def on(self, day: date) -> tuple[Interval, ...]:
        return self.exceptions.get(day, self.week[day.weekday()])

    def spans(self, years: range) -> Iterator[Interval]:
        """Yield the open spans of some years in seconds, those that touch made one."""
        begins = ends = -1
        for opens, closes in sorted(self._all(years)):
            if opens > ends:
                if ends > begins:
                    yield begins, ends
                begins = opens
            ends = max(ends, closes)
        if ends > begins:
            yield begins, ends

    def _all(self, years: range) -> Iterator[Interval]:
        day, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        while day <= last:
            for begins, ends in self.on(day):
                yield self._second(day, begins), self._second(day, ends)
            day += timedelta(days=1)

    def _second(self, day: date, minute: int) -> int:
        if minute >= _DAY:
            day, minute = day + timedelta(days=1), minute - _DAY
        return int(datetime.combine(day, time(minute // 60, minute % 60), self.zone).timestamp())


_Table = tuple[list[int], list[int], list[int], int, int, int, range]
"""When it opens, when it closes, the open seconds before each, all of them; from when till when this can be trusted,
and the years that it was made for. A plain tuple: it is taken apart some millions of times when rules change."""


class WorkingTime:
    """The working time of one calendar. Moments before 1971 and after 2199 are answered as well as can be."""

    __slots__ = ("_table", "hours")

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self._table: _Table = ([], [], [], 0, 0, 0, range(0))

    def due(self, start: int, seconds: int) -> int:
        """Find when so many open seconds have passed; used up exactly at closing means at closing."""
        if seconds <= 0:
            return start
        opens, closes, before, total, first, last, years = self._table
        if not first <= start < last:
            opens, closes, before, total, first, last, years = self._covering(start, start)
        at = bisect_right(opens, start) - 1
        if at >= 0 and start + seconds <= closes[at]:
            return start + seconds
        wanted = seconds + (before[at] + min(start, closes[at]) - opens[at] if at >= 0 else 0)
        if wanted > total:
            return self._far_off(start, seconds, years)
        at = bisect_left(before, wanted) - 1
        return opens[at] + wanted - before[at]

    def spent(self, begin: int, end: int) -> int:
        """Count the open seconds between two moments."""
        if end <= begin:
            return 0
        opens, closes, before, _total, first, last, _years = self._table
        if begin < first or end >= last:
            opens, closes, before, *_rest = self._covering(begin, end)
        at = bisect_right(opens, begin) - 1
        if at >= 0 and end <= closes[at]:
            return end - begin
        passed = before[at] + min(begin, closes[at]) - opens[at] if at >= 0 else 0
        at = bisect_right(opens, end) - 1
        return before[at] + min(end, closes[at]) - opens[at] - passed if at >= 0 else 0

    def back(self, end: int, seconds: int) -> int:
        """Find from when on only so many open seconds are left until a moment; at a closing, that closing."""
        opens, closes, before, _total, first, _last, years = self._covering(end, end)
        at = bisect_right(opens, end) - 1
        wanted = before[at] + min(end, closes[at]) - opens[at] - seconds if at >= 0 else -seconds
        at = bisect_left(before, wanted) - 1
        found = opens[at] + wanted - before[at] if at >= 0 else 0
        if found >= first:
            return found
        if years[0] <= _FIRST_YEAR:
            return 0
        self._compile(range(2 * years[0] - years[-1] - 1, years[-1] + 1))
        return self.back(end, seconds)

    def opens(self, after: int) -> int:
        """Find the first moment from `after` on at which it is open."""
        return self.due(after, 1) - 1

    def _far_off(self, start: int, seconds: int, years: range) -> int:
        """Look further ahead; what is never reached is due when the last year that is looked at ends."""
        if years[-1] >= _LAST_YEAR:
            return _january(_LAST_YEAR + 1)
        self._compile(range(years[0], 2 * years[-1] - years[0] + 2))
        return self.due(start, seconds)

    def _covering(self, begin: int, end: int) -> _Table:
        if self._table[4] <= begin and end < self._table[5]:
            return self._table
        first, last = _year(begin - _MARGIN), _year(end + _MARGIN)
        known = self._table[-1]
        if known:
            first, last = min(first, known[0]), max(last, known[-1])
            if range(first, last + 1) == known:  # At the edge of what is ever compiled.
                return self._table
        return self._compile(range(first, last + 1))

    def _compile(self, years: range) -> _Table:
        years = range(max(years[0], _FIRST_YEAR), min(years[-1], _LAST_YEAR) + 1)
        spans = list(self.hours.spans(years))
        opens, closes = [span[0] for span in spans], [span[1] for span in spans]
        before = [0, *accumulate(map(sub, closes, opens))]
        first, last = _january(years[0]) + _MARGIN, _january(years[-1] + 1) - _MARGIN
        self._table = (opens, closes, before[:-1], before[-1], first, last, years)
        return self._table


def _year(moment: int) -> int:
    if moment < 0:
        return _FIRST_YEAR
    return min((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=min(moment // 86400, 100_000))).year, _LAST_YEAR)


def _january(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())


def working_time(calendar: Calendar, holidays: Iterable[Holiday]) -> WorkingTime:
    """Compile a calendar with the holidays of its market. One that is never open in a week is refused."""
    return WorkingTime(hours_of(calendar, holidays))


def hours_of(calendar: Calendar, holidays: Iterable[Holiday]) -> Hours:
    """Read what a calendar says; days worked besides win over holidays, and those win over the week."""
    if unknown := sorted(set(calendar.week) - set(DAYS)):
        raise Refused(_("“{day}” is no day of a week; write mon, tue, wed, thu, fri, sat or sun.", day=unknown[0]))
    week = tuple(_intervals(calendar.week.get(day) or ()) for day in DAYS)
    if not any(week):
        raise Refused(
            _("The calendar “{name}” is never open; give it working hours on one day at least.", name=calendar.name)
        )
    closed: dict[date, tuple[Interval, ...]] = dict.fromkeys(_holidays(calendar, holidays), ())
    closed |= dict.fromkeys(map(_day, calendar.closed_days or ()), ())
    extra = {_day(day): _intervals(hours) for day, hours in (calendar.extra_days or {}).items()}
    return Hours(_zone(calendar.time_zone), week, closed | extra)


def _holidays(calendar: Calendar, holidays: Iterable[Holiday]) -> Iterator[date]:
    for one in holidays:
        free = one.form is HolidayForm.PUBLIC or calendar.joint_leave
        if one.day and one.market is calendar.holidays and free and one.active and one.deleted_at is None:
            yield one.day


def _intervals(hours: Any) -> tuple[Interval, ...]:
    return tuple(_interval(one) for one in hours)


def _interval(hours: Any) -> Interval:
    try:
        begins, ends = (_minute(str(clock)) for clock in hours)
    except ValueError:
        raise Refused(
            _("“{hours}” are no working hours; write two times, as in 09:00 and 18:00.", hours=_shown(hours))
        ) from None
    return begins, ends if ends > begins else ends + _DAY


def _shown(hours: Any) -> str:
    return " ".join(map(str, hours)) if isinstance(hours, list | tuple) else str(hours)


def _minute(clock: str) -> int:
    hour, minute = (int(part) for part in clock.split(":"))
    if not (0 <= minute < 60 and 0 <= hour * 60 + minute <= _DAY):
        raise ValueError(clock)
    return hour * 60 + minute


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("“{day}” is no day; write it as 2026-08-22.", day=text)) from None


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # An unknown zone, a folder of zones, a name that is no name.
        raise Refused(_("“{zone}” is no time zone; write it as Asia/Ho_Chi_Minh.", zone=name)) from None


def seconds(moment: datetime) -> int:
    """Say a moment as the whole seconds that clocks count in."""
    return int(moment.timestamp())


def moment(second: int) -> datetime:
    """Say the seconds of a clock as a moment."""
    return datetime.fromtimestamp(second, UTC)
