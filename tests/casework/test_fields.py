"""Whatever a declared field holds survives the way into the database, into the journal and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import (
    Field,
    Kind,
    Merge,
    Show,
    field_of,
    fields_of,
    from_json,
    from_stored,
    instant_text,
    keepable,
    stored_to_json,
    to_json,
    to_stored,
)
from escalation_desk.casework.kinds import KINDS, kind_of
from escalation_desk.casework.typed import value_of

EVERY_FIELD = [
    pytest.param(declared, id=f"{kind}.{declared.name}") for kind in KINDS for declared in fields_of(KINDS[kind])
]
VIETNAM = timezone(timedelta(hours=7))

instants = st.datetimes(
    datetime(1, 1, 3),  # noqa: DTZ001 - zones follow.
    datetime(9999, 12, 29),  # noqa: DTZ001 - as above.
    timezones=st.sampled_from([UTC, VIETNAM]),
).map(lambda at: at.replace(microsecond=0))
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
texts = st.text(st.characters(codec="utf-8"), max_size=30)

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: texts,
    Kind.INTEGER: st.integers(-(2**63) + 1, 2**63 - 1),
    Kind.FLAG: st.booleans(),
    Kind.INSTANT: instants,
    Kind.DAY: st.dates(),
    Kind.DECIMAL: st.decimals(Decimal("-9e14"), Decimal("9e14"), places=4),
    Kind.SET: st.frozensets(texts, max_size=4),
    Kind.DATA: st.dictionaries(texts, plain_json, max_size=3) | st.lists(plain_json, max_size=3).map(tuple),
}


def _values(declared: Field) -> st.SearchStrategy[Any]:
    held = VALUES[declared.kind]
    if declared.choices:
        choice = st.sampled_from(declared.choices)
        held = st.frozensets(choice, max_size=3) if declared.kind is Kind.SET else choice
    return st.none() | held if declared.optional else held


@pytest.mark.parametrize("declared", EVERY_FIELD)
@settings(max_examples=20)
@given(data=st.data())
def test_every_declared_field_survives_database_and_journal(declared: Field, data: st.DataObject) -> None:
    value = data.draw(_values(declared))

    stored = to_stored(declared.kind, value)
    carried = to_json(declared.kind, value)

    assert stored is None or isinstance(stored, str | int)
    assert from_stored(declared, stored) == value
    assert stored_to_json(declared.kind, stored) == carried, "both ways say the same, or undo would see a change"
    assert from_json(declared, json.loads(json.dumps(carried))) == value


@given(instants)
def test_an_instant_is_text_of_one_length_that_sorts_like_time(at: datetime) -> None:
    text = instant_text(at)

    assert len(text) == 20
    assert datetime.fromisoformat(text) == at
    assert text < instant_text(at + timedelta(seconds=1))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-9e14"), max_value=Decimal("9e14")))
def test_an_amount_is_written_in_one_way_only(amount: Decimal) -> None:
    text = to_json(Kind.DECIMAL, amount)

    assert abs(Decimal(text) - amount) <= Decimal("0.00005")
    assert to_json(Kind.DECIMAL, Decimal(text)) == text
    assert "E" not in text


@pytest.mark.parametrize(
    ("typed", "text"), [("89000.50", "89000.5"), ("1E+2", "100"), ("100.0000", "100"), ("-0", "0"), ("0.00001", "0")]
)
def test_amounts_that_are_equal_are_written_alike(typed: str, text: str) -> None:
    assert to_json(Kind.DECIMAL, Decimal(typed)) == text


def test_numbers_that_do_not_fit_a_column_are_known() -> None:
    assert keepable(Kind.INTEGER, 2**63 - 1)
    assert not keepable(Kind.INTEGER, 2**63)
    assert keepable(Kind.DECIMAL, Decimal(922337203685476))
    for amount in ("922337203685478", "1e400", "NaN", "Infinity", "-Infinity"):
        assert not keepable(Kind.DECIMAL, Decimal(amount))


@pytest.mark.parametrize("declared", EVERY_FIELD)
def test_every_field_is_declared_so_that_all_who_ask_get_an_answer(declared: Field) -> None:
    said = declared.declared

    assert declared.label
    assert declared.label[0].isupper() or declared.label.startswith("SHA")
    assert said.computed == (said.merge is Merge.COMPUTED)
    assert not (said.computed and (said.once or said.required))
    assert said.refers_to is None or said.refers_to in KINDS
    assert not said.searchable or declared.kind in {Kind.TEXT, Kind.SET}
    assert not said.long or declared.kind is Kind.TEXT
    assert not (said.facet and declared.kind is Kind.DATA)
    if declared.kind is Kind.SET:
        assert said.merge in {Merge.SET, Merge.PLAIN}


def test_aliases_of_columns_are_not_given_twice() -> None:
    aliases = [alias for declared in fields_of(Case) for alias in declared.declared.aliases]

    assert sorted(set(aliases)) == sorted(aliases)
    names = {declared.name for declared in fields_of(Case)}
    assert names & set(aliases) == {"summary"}, "in CRMs a summary is the title, at the desk it is three lines"


def test_what_is_asked_for_by_a_wrong_name_is_named() -> None:
    with pytest.raises(KeyError, match=r"Case\.mood"):
        field_of(Case, "mood")
    with pytest.raises(KeyError):
        kind_of("mood")


def test_a_case_shows_in_columns_form_and_sheet() -> None:
    for place in Show:
        assert any(place in declared.declared.show for declared in fields_of(Case))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("due_at", "24/11/2026 14:30", datetime(2026, 11, 24, 7, 30, tzinfo=UTC)),
        ("due_at", "2026-11-24T14:30", datetime(2026, 11, 24, 7, 30, tzinfo=UTC)),
        ("due_at", "2026-11-24T14:30:00Z", datetime(2026, 11, 24, 14, 30, tzinfo=UTC)),
        ("due_at", "24/11/0024", datetime(24, 11, 23, 17, 0, tzinfo=UTC)),
        ("amount", "89 000.50", Decimal("89000.5")),
        ("flagged", "có", True),
        ("tags", "a, b", frozenset({"a", "b"})),
        ("tracking", " ", None),
    ],
)
def test_what_a_person_types_is_read_in_their_zone_and_kept(name: str, text: str, value: Any) -> None:
    declared = field_of(Case, name)

    read = value_of(declared, text, VIETNAM)

    assert read == value
    assert from_stored(declared, to_stored(declared.kind, read)) == value


def test_a_day_is_a_day_wherever_it_is_read() -> None:
    assert from_json(field_of(KINDS["seller"], "since"), "2026-11-24") == date(2026, 11, 24)
