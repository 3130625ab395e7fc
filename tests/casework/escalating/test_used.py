"""Since when so many parts of a hundred of a clock are used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.choices import CaseStatus, Priority
from escalation_desk.casework.clocks.counting import Pause
from escalation_desk.casework.clocks.facts import Clock, ClockKind, ClockState
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.clocks.records import Calendar
from escalation_desk.casework.clocks.working import DAYS, seconds
from escalation_desk.casework.escalating.used import Reached, number_of, reached
from escalation_desk.casework.refusal import Refused

ALWAYS = Calendar(
    code="ALWAYS", labels={"en": "Always"}, time_zone="UTC", week={day: [["00:00", "24:00"]] for day in DAYS}
)
DESK = Calendar(code="DESK", labels={"en": "Desk"}, time_zone="UTC", week={day: [["09:00", "17:00"]] for day in DAYS})
RULES = Rules.of((), (ALWAYS, DESK), ())
BEGAN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
S = ClockState


def a_clock(state: ClockState, due: datetime | None, calendar: str = "ALWAYS", **more: Any) -> Clock:
    clock = Clock(
        *(ClockKind.RESOLUTION, 1, "std", Priority.P2, 240, calendar),
        *(seconds(BEGAN), seconds(due) if due else None, (), 0, state, None),
    )
    return clock._replace(**more)


def hours(count: float) -> datetime:
    return BEGAN + timedelta(hours=count)


def test_three_quarters_of_four_hours_are_used_an_hour_before_the_end() -> None:
    clock = a_clock(S.RUNNING, hours(4))

    assert reached([clock], RULES, [75], hours(2.9)) == {75: ()}
    assert reached([clock], RULES, [75, 100], hours(3)) == {75: (Reached(hours(3), ClockKind.RESOLUTION),), 100: ()}


def test_the_hour_before_the_end_may_lie_in_the_shift_before() -> None:
    due = BEGAN + timedelta(days=1, minutes=30)  # Half an hour of it lies in the afternoon before.

    (found,) = reached([a_clock(S.RUNNING, due, "DESK")], RULES, [75], due)[75]

    assert found.at == BEGAN.replace(hour=16, minute=30)


def test_a_missed_clock_was_missed_when_it_was_due_even_once_it_is_over() -> None:
    late = a_clock(S.BREACHED, hours(4), finished_at=seconds(hours(6)))

    assert [one.at for one in reached([late], RULES, [100], hours(7))[100]] == [hours(4)]


@pytest.mark.parametrize("state", [S.MET, S.VOID, S.NOT_STARTED])
def test_what_was_met_or_does_not_count_asks_nobody(state: ClockState) -> None:
    assert reached([a_clock(state, hours(4))], RULES, [75], hours(9)) == {75: ()}


def test_a_clock_that_stands_keeps_what_it_had_used() -> None:
    pause = Pause(seconds(hours(3.5)), None, CaseStatus.PENDING_REQUESTER)
    standing = a_clock(S.PAUSED, None, paused=(pause,), used_min=210)

    assert [one.at for one in reached([standing], RULES, [75], hours(9))[75]] == [hours(3)]
    assert reached([standing], RULES, [90], hours(9)) == {90: ()}


@given(st.integers(1, 100), st.integers(1, 100), st.integers(0, 600))
def test_more_is_never_used_earlier_than_less(one: int, other: int, minutes: int) -> None:
    now = BEGAN + timedelta(minutes=minutes)
    found = reached([a_clock(S.BREACHED if minutes >= 240 else S.RUNNING, hours(4))], RULES, [one, other], now)
    less, more = found[min(one, other)], found[max(one, other)]

    assert not more or (less and less[0].at <= more[0].at)


def test_a_number_is_read_or_refused() -> None:
    assert (number_of(" 75 % ", 100), number_of("", 100)) == (75, None)
    for odd in ("0", "101", "soon", "７5", "-3"):
        with pytest.raises(Refused, match="from 1 to 100"):
            number_of(odd, 100)
