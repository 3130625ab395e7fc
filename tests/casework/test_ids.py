"""Identities: sorted by the time they were made, and written as the standard has them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.ids import new_id, seed_id

_TIMES = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone.


@given(_TIMES)
def test_a_new_id_is_a_uuid_of_the_seventh_kind_in_the_common_spelling(now: datetime) -> None:
    made = new_id(now)
    assert str(uuid.UUID(made)) == made
    assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (7, uuid.RFC_4122)


@given(_TIMES)
def test_ids_sort_by_the_millisecond_they_were_made_in(now: datetime) -> None:
    assert new_id(now) < new_id(now + timedelta(milliseconds=2))


def test_what_every_desk_is_born_with_has_the_same_id_everywhere() -> None:
    assert seed_id("reason", "R1") == seed_id("reason", "R1") != seed_id("macro", "R1")
    assert uuid.UUID(seed_id("reason", "R1")).version == 5
