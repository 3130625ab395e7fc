"""By which names records are known: numbers that no two desks give twice, and names that the outside world uses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.seller import Seller
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journal.conftest import Clock


def test_case_numbers_are_a_prefix_of_the_desk_and_a_count(desk: Journal) -> None:
    with desk.entry("New") as work:
        numbers = [work.add(Case(title="x")).case_no for _case in range(3)]
    with desk.entry("New") as work:
        numbers.append(work.add(Case(title="x")).case_no)

    prefix = numbers[0].partition("-")[0]
    assert re.fullmatch("[A-Z0-9]+", prefix)
    assert numbers == [f"{prefix}-{number:06d}" for number in (1, 2, 3, 4)]


def test_two_desks_never_give_the_same_number(tmp_path: Path, clock: Clock, key: bytes) -> None:
    prefixes = set()
    for number in range(4):
        with_own_prefix = Journal(tmp_path / f"desk{number}", key, clock)
        with with_own_prefix.entry("New") as work:
            prefixes.add(work.add(Case(title="x")).case_no)
        with_own_prefix.close()

    assert len(prefixes) == 4


def test_a_number_is_given_again_only_when_nothing_was_written_under_it(desk: Journal) -> None:
    with pytest.raises(ZeroDivisionError), desk.entry("Never") as work:  # noqa: PT012 - the entry is the point.
        lost = work.add(Case(title="x")).case_no
        raise ZeroDivisionError
    with desk.entry("New") as work:
        assert work.add(Case(title="x")).case_no == lost
    desk.undo()
    with desk.entry("New") as work:
        assert work.add(Case(title="x")).case_no != lost, "the journal still knows the undone one"


def test_a_record_is_found_by_each_of_its_outside_names(desk: Journal) -> None:
    with desk.entry("New") as work:
        seller = work.add(Seller(shop_name="Shop", external_ids=frozenset({"shopee:1", "lazada:2"})))
        case = work.add(Case(title="x", crm="zendesk", crm_number="7"))

    with desk.entry("Look") as work:
        assert work.lookup("seller", "shopee:1") == work.lookup("seller", "lazada:2") == seller.id
        assert work.lookup("case", "zendesk:7") == work.lookup("case", f"no:{case.case_no}") == case.id
        found = work.find(Case, "zendesk:7")
        assert found is not None
        assert found.title == "x"
        assert work.lookup("party", "shopee:1") is None, "a name belongs to one kind of record"


def test_a_name_leads_to_whoever_had_it_first(desk: Journal) -> None:
    with desk.entry("New") as work:
        first = work.add(Party(display_name="A", external_ids=frozenset({"olist:1"})))
        work.add(Party(display_name="B", external_ids=frozenset({"olist:1"})))

    with desk.entry("Look") as work:
        assert work.lookup("party", "olist:1") == first.id


def test_a_name_that_a_record_gave_up_leads_nowhere(desk: Journal) -> None:
    with desk.entry("New") as work:
        seller = work.add(Seller(shop_name="Shop", external_ids=frozenset({"shopee:1"})))
    with desk.entry("Correct") as work:
        work.get(Seller, seller.id).external_ids = frozenset({"shopee:2"})

    with desk.entry("Look") as work:
        assert work.lookup("seller", "shopee:1") is None
        assert work.lookup("seller", "shopee:2") == seller.id


def test_deleted_records_are_not_found_by_name_until_they_are_back(desk: Journal) -> None:
    with desk.entry("New") as work:
        user = work.add(User(full_name="Hoa", login="hoa"))
    with desk.entry("Delete") as work:
        work.remove(work.get(User, user.id))

    with desk.entry("Look") as work:
        assert work.find(User, "hoa") is None
    desk.undo()
    with desk.entry("Look") as work:
        assert work.lookup("user", "hoa") == user.id
