"""Lists by what stands in another record: the kind of the requester, which a case does not keep itself."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import PartyKind
from escalation_desk.casework.fields import Show
from escalation_desk.casework.listed import THROUGH, listed_fields
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.people import Party
from escalation_desk.journal import listing
from escalation_desk.journal.asking import narrowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.journal.journal import Journal

_KINDS = (PartyKind.CUSTOMER, PartyKind.SELLER, PartyKind.SELLER, PartyKind.CREATOR, None)


@pytest.fixture
def cases(desk: Journal) -> Journal:
    with desk.entry("Keep") as work:
        for number, kind in enumerate(_KINDS):
            party = work.add(Party(display_name=f"Person {number}", party_kind=kind)).id if kind else None
            work.add(Case(title=str(number), requester=party))
    return desk


def titles(desk: Journal, *conditions: Condition, order: Sequence[Order] = ()) -> list[str]:
    with closing(desk.reader()) as made:
        rows = listing.page(made, ListQuery("case", conditions, tuple(order)), ("title",))
    return [row.values[0] for row in rows]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("requester_kind", Op.IS, "seller"), {"1", "2"}),
        (Condition("requester_kind", Op.NOT, "seller"), {"0", "3", "4"}),
        (Condition("requester_kind", Op.ANY, ["customer", None]), {"0", "4"}),
        (Condition("requester_kind", Op.NONE, ["customer", "seller"]), {"3", "4"}),
        (Condition("requester_kind", Op.EMPTY), {"4"}),
        (Condition("requester_kind", Op.FILLED), {"0", "1", "2", "3"}),
    ],
)
def test_cases_are_narrowed_by_the_kind_of_their_requester(
    cases: Journal, condition: Condition, expected: set[str]
) -> None:
    assert set(titles(cases, condition)) == expected
    with closing(cases.reader()) as made:
        assert listing.count(made, ListQuery("case", (condition,))) == len(expected)


def test_every_case_counts_under_the_kind_of_its_requester_in_a_view_of_live_cases_too(cases: Journal) -> None:
    live = ListQuery("case", (Condition("live", Op.IS, value=True),))
    with closing(cases.reader()) as made:
        counted = listing.groups(made, live, "requester_kind")
    assert counted[0] == ("seller", 2)
    assert set(counted[1:]) == {("customer", 1), ("creator", 1), (None, 1)}


def test_the_kind_is_told_with_each_row_and_orders_a_list(cases: Journal) -> None:
    query = ListQuery("case", (), (Order("requester_kind"), Order("title")))
    with closing(cases.reader()) as made:
        rows, place = [], None
        while found := listing.page(made, query, ("requester_kind", "title"), place, 2):
            rows += [row.values for row in found]
            place = found[-1].place
    assert rows == [("creator", "3"), ("customer", "0"), ("seller", "1"), ("seller", "2"), (None, "4")]


def test_a_case_that_gets_a_requester_is_listed_by_its_kind_at_once(cases: Journal) -> None:
    with closing(cases.reader()) as made:
        (without,) = listing.ids(made, ListQuery("case", (Condition("requester", Op.EMPTY),)))
    with cases.entry("A requester") as work:
        party = work.add(Party(display_name="Shop", party_kind=PartyKind.SELLER)).id
        work.flush()
        work.get(Case, without).requester = party

    assert set(titles(cases, Condition("requester_kind", Op.IS, "seller"))) == {"1", "2", "4"}


def test_an_operator_asks_for_it_in_any_language(cases: Journal) -> None:
    me = cases.profile
    assert me is not None
    with closing(cases.reader()) as made:
        query = narrowed(made, ListQuery("case"), "from:seller", me, cases.now())
        turned = narrowed(made, ListQuery("case"), "-from:seller,creator", me, cases.now())
        assert len(listing.ids(made, query)) == 2
        assert len(listing.ids(made, turned)) == 2


def test_what_is_seen_through_a_pointer_has_a_name_of_its_own_and_may_be_told_in_a_sheet() -> None:
    for kind, found in THROUGH.items():
        fields = listed_fields(kind)
        assert len({f.name for f in fields}) == len(fields)
        beside = [f for f in fields if f.name in {through.name for through in found}]
        assert all(Show.SHEET in f.declared.show and f.declared.facet and f.declared.computed for f in beside)
