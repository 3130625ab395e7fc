from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.trend import Trend, trend_of

_COUNTS = st.integers(0, 5_000)


@pytest.mark.parametrize(
    ("recent", "earlier", "trend"),
    [
        (0, 0, Trend.STEADY),
        (1, 0, Trend.STEADY),
        (2, 0, Trend.RISING),
        (0, 2, Trend.FALLING),
        (4, 2, Trend.STEADY),
        (12, 5, Trend.RISING),
        (5, 12, Trend.FALLING),
        (105, 100, Trend.STEADY),
        (130, 100, Trend.RISING),
    ],
)
def test_a_trend_is_more_than_chance(recent: int, earlier: int, trend: Trend) -> None:
    assert trend_of(recent, earlier) is trend


@given(_COUNTS, _COUNTS)
def test_what_rises_one_way_falls_the_other(recent: int, earlier: int) -> None:
    turned = {Trend.RISING: Trend.FALLING, Trend.FALLING: Trend.RISING, Trend.STEADY: Trend.STEADY}

    assert trend_of(earlier, recent) is turned[trend_of(recent, earlier)]


@given(_COUNTS, _COUNTS)
def test_one_case_more_never_turns_a_rise(recent: int, earlier: int) -> None:
    if trend_of(recent, earlier) is Trend.RISING:
        assert trend_of(recent + 1, earlier) is Trend.RISING
