from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.lists import Condition, Op, Order
from escalation_desk.casework.spans import AGE, DUE, NO_TIME, Spans
from escalation_desk.casework.views import Now, query_of

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by timezones.
LEFT_OF_DAY = st.timedeltas(timedelta(minutes=1), timedelta(days=1))


def keys(spans: Spans, at: str, now: datetime, day_end: datetime) -> list[str]:
    cut = spans.cut(now, day_end)
    return [s.key for s in cut if (s.begins is None or at >= s.begins) and (s.ends is None or at < s.ends)]


@pytest.mark.parametrize("spans", [AGE, DUE])
@given(MOMENTS, MOMENTS, LEFT_OF_DAY)
def test_every_time_lies_in_one_stretch_and_no_time_in_at_most_one(
    spans: Spans, at: datetime, now: datetime, left: timedelta
) -> None:
    day_end = now + left

    assert len(keys(spans, instant_text(at), now, day_end)) == 1
    assert keys(spans, NO_TIME, now, day_end) == (["none"] if spans is DUE else [])


def test_late_in_the_evening_the_next_hour_reaches_into_tomorrow_and_today_is_over() -> None:
    day_end = NOW + timedelta(minutes=20)

    assert keys(DUE, instant_text(NOW + timedelta(minutes=30)), NOW, day_end) == ["hour"]
    assert keys(DUE, instant_text(NOW + timedelta(minutes=70)), NOW, day_end) == ["tomorrow"]


def test_a_saved_view_stands_on_the_view_it_was_made_from_and_moves_with_the_clock() -> None:
    definition = {"base": "mine", "spans": {"due": ["overdue"]}, "picks": {"priority": ['"P1"']}, "order": []}
    now = Now("me", NOW, NOW + timedelta(hours=9))

    query = query_of("case", definition, now)

    assert query.where == (
        Condition("live", Op.IS, value=True),
        Condition("owner", Op.IS, "me"),
        Condition("priority", Op.ANY, ["P1"]),
        Condition("next_due_at", Op.WITHIN, [[None, "2026-11-24T08:30:00Z"]]),
    )
    assert query.order[:2] == (Order("flagged", descending=True), Order("high_risk", descending=True))
