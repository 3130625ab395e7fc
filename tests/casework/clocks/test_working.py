"""Working time against golden cases, against a count minute by minute, and where calendars make no sense."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.choices import Market
from escalation_desk.casework.clocks.records import Calendar, Holiday, HolidayForm
from escalation_desk.casework.clocks.working import DAYS, WorkingTime, moment, seconds, working_time
from escalation_desk.casework.refusal import Refused
from escalation_desk.journal.seed import of_kind

SHARED = Path(__file__).resolve().parents[4] / "shared" / "domain" / "sla.json"

GOLDEN = (
    ("G01 always on", "CAL-247", "2026-03-02T16:50", 30, (), "2026-03-02T17:20"),
    ("G02 inside hours", "CAL-DESK-HCM", "2026-03-02T03:00", 120, (), "2026-03-02T05:00"),
    ("G03 runs into next day", "CAL-DESK-HCM", "2026-03-02T11:30", 120, (), "2026-03-03T03:30"),
    ("G04 starts before opening", "CAL-DESK-HCM", "2026-03-02T00:15", 60, (), "2026-03-02T03:00"),
    ("G05 starts after closing", "CAL-DESK-HCM", "2026-03-02T12:00", 60, (), "2026-03-03T03:00"),
    ("G06 ends exactly at closing", "CAL-DESK-HCM", "2026-03-02T10:00", 120, (), "2026-03-02T12:00"),
    ("G07 lunch break", "CAL-BIZ-VN", "2026-03-02T04:30", 60, (), "2026-03-02T06:30"),
    ("G08 weekend", "CAL-BIZ-VN", "2026-03-06T10:30", 60, (), "2026-03-09T02:30"),
    ("G09 Tet 2026", "CAL-BIZ-VN", "2026-02-13T10:00", 120, (), "2026-02-23T03:00"),
    ("G10 substituted working Saturday", "CAL-BIZ-VN", "2026-08-21T10:00", 120, (), "2026-08-22T03:00"),
    ("G11 National Day bridge 2026", "CAL-BIZ-VN", "2026-08-28T10:30", 60, (), "2026-09-03T02:30"),
    ("G12 Eid 2026, public days only", "CAL-BIZ-ID", "2026-03-18T10:00", 120, (), "2026-03-20T03:00"),
    ("G13 crosses midnight interval", "CAL-NIGHT-JKT", "2026-03-02T16:00", 480, (), "2026-03-03T16:00"),
    (
        *("G14 one pause", "CAL-DESK-HCM", "2026-03-02T03:00", 120),
        (("2026-03-02T03:30", "2026-03-02T08:00"),),
        "2026-03-02T09:30",
    ),
    (
        *("G15 pause over closing", "CAL-DESK-HCM", "2026-03-02T11:00", 120),
        (("2026-03-02T11:30", "2026-03-03T03:00"),),
        "2026-03-03T04:30",
    ),
    (
        *("G16 two pauses, calendar clock", "CAL-247", "2026-03-02T01:00", 240),
        (("2026-03-02T02:00", "2026-03-02T04:00"), ("2026-03-02T05:00", "2026-03-02T05:30")),
        "2026-03-02T07:30",
    ),
    ("G17 month and year end", "CAL-DESK-HCM", "2025-12-31T11:45", 60, (), "2026-01-01T02:45"),
    ("G18 Jakarta start seen from Ho Chi Minh", "CAL-BIZ-ID", "2026-03-03T10:45", 30, (), "2026-03-04T02:15"),
    (
        "G19 Makassar requester, desk clock in Ho Chi Minh",
        *("CAL-DESK-HCM", "2026-03-02T11:30", 60),
        (),
        "2026-03-03T02:30",
    ),
)
"""Name, calendar, start, target in minutes, pauses, due; all in UTC."""


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def seeded(code: str) -> WorkingTime:
    calendar = next(one for one in of_kind("calendar") if isinstance(one, Calendar) and one.code == code)
    return working_time(calendar, (one for one in of_kind("holiday") if isinstance(one, Holiday)))


def calendar(zone: str = "Asia/Ho_Chi_Minh", **said: Any) -> Calendar:
    week = said.pop("week", {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in DAYS[:5]})
    return Calendar(code="C", labels={"en": "Test"}, time_zone=zone, week=week, **said)


def walked(working: WorkingTime, start: int, left: int, pauses: tuple[tuple[str, str], ...]) -> int:
    """Go from pause to pause as a person would with a table of hours."""
    for begins, ends in pauses:
        left -= working.spent(start, at(begins))
        start = at(ends)
    return working.due(start, left)


@pytest.mark.parametrize(("name", "code", "start", "minutes", "pauses", "due"), GOLDEN, ids=lambda v: str(v)[:3])
def test_each_golden_case_is_due_to_the_minute(
    name: str, code: str, start: str, minutes: int, pauses: tuple[tuple[str, str], ...], due: str
) -> None:
    assert walked(seeded(code), at(start), minutes * 60, pauses) == at(due), name


def test_the_golden_cases_here_are_those_of_the_domain() -> None:
    if not SHARED.exists():
        pytest.skip("the shared domain folder is not beside this repository")
    theirs = {one["id"]: one for one in json.loads(SHARED.read_text("utf-8"))["golden_cases"]}
    ours = {name[:3]: (code, at(start), minutes, at(due)) for name, code, start, minutes, _pauses, due in GOLDEN}
    assert ours == {
        key: (one["calendar"], at(one["start_utc"][:16]), one["target_min"], at(one["due_utc"][:16]))
        for key, one in theirs.items()
    }


def test_joint_leave_is_free_only_where_the_calendar_says_so() -> None:
    joint = Holiday(market=Market.ID, day=date(2026, 3, 20), form=HolidayForm.JOINT_LEAVE, labels={"en": "Eid"})
    start, due = at("2026-03-19T10:30"), {}
    for free in (False, True):
        made = calendar("Asia/Jakarta", holidays=Market.ID, joint_leave=free)
        due[free] = moment(working_time(made, [joint]).due(start, 3600)).isoformat()
    assert due == {False: "2026-03-20T02:30:00+00:00", True: "2026-03-23T02:30:00+00:00"}


def test_a_day_worked_besides_wins_over_a_holiday_and_a_closed_day_over_the_week() -> None:
    holiday = Holiday(market=Market.VN, day=date(2026, 9, 2), labels={"en": "National Day"})
    made = calendar(
        holidays=Market.VN, extra_days={"2026-09-02": [["10:00", "11:00"]]}, closed_days={"2026-09-03": "stocktaking"}
    )
    working = working_time(made, [holiday])
    assert working.spent(at("2026-09-01T12:00"), at("2026-09-03T16:00")) == 3600
    assert moment(working.opens(at("2026-09-02T04:00"))).isoformat() == "2026-09-04T02:00:00+00:00"


def test_a_holiday_of_another_market_or_one_switched_off_closes_nothing() -> None:
    others = [
        Holiday(market=Market.ID, day=date(2026, 9, 2), labels={"en": "elsewhere"}),
        Holiday(market=Market.VN, day=date(2026, 9, 2), labels={"en": "off"}, active=False),
    ]
    working = working_time(calendar(holidays=Market.VN), others)
    assert working.spent(at("2026-09-01T18:00"), at("2026-09-02T18:00")) == 8 * 3600


def test_an_interval_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    night = calendar("Asia/Jakarta", week={day: [["22:00", "06:00"]] for day in DAYS}, holidays=Market.ID)
    working = working_time(night, [Holiday(market=Market.ID, day=date(2026, 3, 19), labels={"en": "Nyepi"})])
    assert working.spent(at("2026-03-18T15:00"), at("2026-03-18T23:00")) == 8 * 3600, "the night before is worked"
    assert working.spent(at("2026-03-19T05:00"), at("2026-03-20T14:59")) == 0, "the night of the holiday is not"


def test_a_night_is_as_long_as_the_clock_made_it() -> None:
    """On 29 March 2026 Berlin loses an hour, on 25 October it gains one."""
    working = working_time(calendar("Europe/Berlin", week={day: [["22:00", "06:00"]] for day in DAYS}), ())
    assert working.spent(at("2026-03-28T12:00"), at("2026-03-29T12:00")) == 7 * 3600
    assert working.spent(at("2026-10-24T12:00"), at("2026-10-25T12:00")) == 9 * 3600


@pytest.mark.parametrize(
    "week",
    [{}, {"mon": []}, {"mon": [["9", "10"]]}, {"mon": [["09:00", "25:00"]]}, {"mon": ["09:00"]}, {"monday": []}],
)
def test_a_calendar_that_is_never_open_or_cannot_be_read_is_refused(week: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        working_time(calendar(week=week), ())


def test_an_unknown_zone_and_an_unreadable_day_are_refused() -> None:
    with pytest.raises(Refused, match="no time zone"):
        working_time(calendar("Mars/Olympus"), ())
    with pytest.raises(Refused, match="no day"):
        working_time(calendar(closed_days={"22/08/2026": ""}), ())


def test_no_search_runs_for_ever_where_holidays_close_everything() -> None:
    """Frappe's loop never ended; here a target that is never reached is due when the last year ends."""
    monday = date(2026, 3, 2)
    closed = {(monday + timedelta(weeks=n)).isoformat(): "" for n in range(9200)}
    working = working_time(calendar(week={"mon": [["09:00", "10:00"]]}, closed_days=closed), ())
    assert moment(working.due(at("2026-03-02T03:00"), 60)).year == 2201
    assert working.spent(at("2026-03-02T00:00"), at("2199-03-02T00:00")) == 0


def test_times_that_cannot_be_meant_are_answered_all_the_same() -> None:
    working = seeded("CAL-BIZ-VN")
    for start in (-(10**11), -1, 0, at("2300-01-01T00:00"), 10**12):
        assert working.spent(start, start) == 0
        assert working.due(start, 60) > -1
        assert working.spent(at("2026-03-02T02:00"), at("2026-03-02T03:00")) == 3600


def test_what_was_asked_before_changes_no_answer() -> None:
    early, late = at("2019-05-06T03:00"), at("2031-05-06T03:00")
    fresh, used = seeded("CAL-BIZ-VN"), seeded("CAL-BIZ-VN")
    used.due(late, 10**7)
    used.spent(early, late)
    assert [fresh.due(t, 10**6) for t in (early, late)] == [used.due(t, 10**6) for t in (early, late)]


ZONES = ("Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "UTC")
QUARTERS = st.integers(min_value=16, max_value=95)  # From 04:00 on: no clock is put forward or back after that.
DAY = date(2026, 3, 24)  # Berlin's change of the clock, the 29th, lies in the fortnight from here.


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, list[Holiday]]:
    hours = st.lists(st.tuples(QUARTERS, QUARTERS).map(lambda two: [clock(two[0]), clock(two[1])]), max_size=3)
    week = {day: draw(hours) for day in DAYS}
    week[draw(st.sampled_from(DAYS))] = [["08:00", "24:00"]]
    days = st.integers(0, 13).map(lambda n: DAY + timedelta(days=n))
    holidays = [
        Holiday(market=Market.VN, day=day, form=draw(st.sampled_from(HolidayForm)), labels={"en": "x"})
        for day in draw(st.lists(days, max_size=3))
    ]
    made = calendar(
        draw(st.sampled_from(ZONES)),
        week=week,
        holidays=Market.VN,
        joint_leave=draw(st.booleans()),
        extra_days={day.isoformat(): draw(hours) for day in draw(st.lists(days, max_size=2))},
        closed_days={day.isoformat(): "" for day in draw(st.lists(days, max_size=2))},
    )
    return made, holidays


def hours_on(made: Calendar, holidays: list[Holiday], day: date) -> list[list[str]]:
    """Read the rule as domain.md says it, in the plainest way."""
    if day.isoformat() in (made.extra_days or {}):
        return list((made.extra_days or {})[day.isoformat()])
    free = [h for h in holidays if h.day == day and (h.form is HolidayForm.PUBLIC or made.joint_leave)]
    if free or day.isoformat() in (made.closed_days or {}):
        return []
    return list(made.week.get(DAYS[day.weekday()], []))


def is_open(made: Calendar, holidays: list[Holiday], minute: datetime) -> bool:
    """Look at the wall clock of the calendar's zone in one minute."""
    local = minute.astimezone(ZoneInfo(made.time_zone))
    wall = local.strftime("%H:%M")
    today = hours_on(made, holidays, local.date())
    yesterday = hours_on(made, holidays, local.date() - timedelta(days=1))
    return any(a <= wall < b if b > a else wall >= a for a, b in today) or any(wall < b for a, b in yesterday if b <= a)


@given(calendars(), st.integers(0, 5 * 1440), st.integers(1, 4 * 1440))
def test_it_counts_as_somebody_does_who_looks_at_the_clock_each_minute(
    made: tuple[Calendar, list[Holiday]], start: int, length: int
) -> None:
    begins = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(minutes=start)
    looked = [is_open(*made, begins + timedelta(minutes=n)) for n in range(length)]
    working = working_time(*made)
    begin = seconds(begins)
    assert working.spent(begin, begin + length * 60) == 60 * sum(looked)
    if any(looked):
        last = max(n for n, worked in enumerate(looked) if worked)
        assert working.due(begin, 60 * sum(looked)) == begin + 60 * (last + 1)
        assert working.opens(begin) == begin + 60 * looked.index(True)
        assert working.spent(working.back(begin + length * 60, 60), begin + length * 60) == 60


def test_looking_back_finds_the_closing_and_not_the_opening_after_it() -> None:
    working = seeded("CAL-DESK-HCM")
    assert moment(working.back(at("2026-03-03T03:00"), 3600)).isoformat() == "2026-03-02T12:00:00+00:00"
    assert moment(working.back(at("2026-03-03T03:00"), 3601)).isoformat() == "2026-03-02T11:59:59+00:00"
    assert moment(working.back(at("2026-03-03T03:00"), 3600 * 36500)).year == 2016
    assert working.back(at("2026-03-03T03:00"), 10**12) == 0
