"""How leads write calendars, holidays and policies: as lines, read back whole or refused with a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.choices import Market, Role
from escalation_desk.casework.clocks import writing
from escalation_desk.casework.clocks.records import Calendar, Holiday, HolidayForm, SlaPolicy
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused

LEAD = User(id="l", login="l", full_name="Lead", roles=frozenset({Role.LEAD}))
SPECIALIST = User(id="s", login="s", full_name="Specialist")


def test_hours_are_read_as_they_are_written() -> None:
    assert writing.hours_of_text("9-12, 13:00–18:30,22:00 - 06:00") == [
        ["09:00", "12:00"],
        ["13:00", "18:30"],
        ["22:00", "06:00"],
    ]
    assert writing.hours_of_text(" ") == []


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(0, 23), st.integers(0, 59)), max_size=4))
def test_what_is_shown_is_read_back_the_same(spans: list[tuple[int, int, int, int]]) -> None:
    hours = [[f"{a:02}:{b:02}", f"{c:02}:{d:02}"] for a, b, c, d in spans]
    assert writing.hours_of_text(writing.hours_text(hours)) == hours


@pytest.mark.parametrize("text", ["morning", "9", "9-", "9-12-13", "9.5-12"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no working hours"):
        writing.hours_of_text(text)


def test_days_that_differ_are_lines_with_a_day_in_front() -> None:
    extra = {"2026-08-22": [["09:00", "12:00"]], "2026-01-10": [["09:00", "18:00"]]}
    text = writing.days_text(extra)
    assert text == "10/01/2026 09:00-18:00\n22/08/2026 09:00-12:00"
    assert writing.extra_of_text(text) == extra
    assert writing.closed_of_text("24/12/2026 stocktaking\n\n") == {"2026-12-24": "stocktaking"}


@pytest.mark.parametrize("text", ["Christmas", "31/02/2026 9-12", "2026-08-22 9-12", "22/08/2026"])
def test_a_line_without_a_day_or_hours_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        writing.extra_of_text(text)


def holiday(day: date, name: str, form: HolidayForm = HolidayForm.PUBLIC) -> Holiday:
    return Holiday(id=name, market=Market.ID, day=day, form=form, labels={"en": name})


def test_holidays_are_changed_added_and_switched_off_by_their_lines() -> None:
    eid, joint, gone = (
        holiday(date(2027, 3, 10), "Eid (estimated)"),
        holiday(date(2027, 3, 9), "Eid joint", HolidayForm.JOINT_LEAVE),
        holiday(date(2027, 6, 1), "Pancasila"),
    )
    text = writing.holidays_text([eid, joint, gone])
    assert text == "09/03/2027 Eid joint *\n10/03/2027 Eid (estimated)\n01/06/2027 Pancasila"
    new = writing.change_holidays(
        [eid, joint, gone], "09/03/2027 Eid joint\n10/03/2027 Eid\n17/08/2027 Independence *", Market.ID
    )
    assert (eid.name, joint.form, gone.active) == ("Eid", HolidayForm.PUBLIC, False)
    assert [(one.day, one.form, one.name, one.market) for one in new] == [
        (date(2027, 8, 17), HolidayForm.JOINT_LEAVE, "Independence", Market.ID)
    ]


def test_a_holiday_needs_a_name() -> None:
    with pytest.raises(Refused):
        writing.change_holidays([], "17/08/2027 *", Market.ID)


def test_a_calendar_that_nobody_could_work_by_is_refused() -> None:
    held = Calendar(code="C", labels={"en": "C"}, week={"mon": [["09:00", "12:00"]]})
    writing.change_calendar(held, {"week": {"tue": [["09:00", "12:00"]]}}, ())
    assert held.week == {"tue": [["09:00", "12:00"]]}
    with pytest.raises(Refused, match="never open"):
        writing.change_calendar(held, {"week": {}}, ())


def test_a_changed_policy_is_a_new_version_and_the_old_one_goes_off() -> None:
    target = {"priority": "P1", "calendar": "C", "resolution_min": 60}
    old = SlaPolicy(id="a", code="A", labels={"en": "A"}, targets=(target,))
    new = writing.change_policy(old, {"targets": ({**target, "resolution_min": 90},)})
    assert (old.active, old.targets[0]["resolution_min"]) == (False, 60)
    assert (new.edition, new.active, new.targets[0]["resolution_min"]) == (2, True, 90)
