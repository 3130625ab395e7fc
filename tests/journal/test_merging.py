"""Merging sellers and requesters: nothing is lost, everything comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.acts import promise
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import PromisedBy
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.journal import checking, merging, reading
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from escalation_desk.casework.records import Record

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path, bytes(32), lambda: NOW)
    made.set_profile(User(full_name="Linh", login="linh"))
    yield made
    made.close()


def sellers(journal: Journal, *names: str) -> list[str]:
    with journal.entry("Keep") as work:
        return [work.add(Seller(shop_name=name, external_ids=frozenset({f"shopee:{name}"}))).id for name in names]


def add(journal: Journal, record: Record) -> str:
    with journal.entry("Keep") as work:
        return work.add(record).id


def seller(journal: Journal, record: str) -> Seller:
    with journal.writing() as made:
        return reading.record(made, Seller, record)


def owner_of(journal: Journal, case: str) -> str | None:
    with journal.writing() as made:
        return reading.record(made, Case, case).seller


def merge(journal: Journal, source: str, target: str) -> None:
    with journal.entry("Merge") as work:
        merging.merge(work, Seller, source, target)


def unmerge(journal: Journal, source: str) -> None:
    with journal.entry("Unmerge") as work:
        merging.unmerge(work, Seller, source)


def test_cases_move_notes_and_promises_stay_and_count_for_the_whole(journal: Journal) -> None:
    alias, whole = sellers(journal, "alias", "whole")
    case = add(journal, Case(title="a", seller=alias))
    note = add(journal, SellerNote(seller=alias, topic="t", at=NOW - timedelta(days=2)))
    me = journal.profile
    assert me is not None
    add(journal, promise("call", NOW + timedelta(days=1), me, seller=alias, promised_by=PromisedBy.US))
    with journal.writing() as made:
        shown = merging.preview(made, Seller, alias, whole)
    assert (shown.cases, shown.live, shown.notes, shown.promises, shown.shops) == (1, 1, 1, 1, 0)
    assert ("shop_name", "alias", "whole") in shown.differences
    merge(journal, alias, whole)
    assert owner_of(journal, case) == whole
    merged = seller(journal, whole)
    assert (merged.open_cases, merged.open_promises) == (1, 1)
    assert merged.last_contact_at == NOW - timedelta(days=2)
    assert seller(journal, alias).merged_into == whole
    with journal.writing() as made:
        assert reading.record(made, SellerNote, note).seller == alias
        assert [one.id for one in merging.aliases(made, Seller, whole)] == [alias]
    with journal.entry("Import") as work:
        found = work.find(Seller, "shopee:alias")
        assert found is not None
        assert found.id == whole


def test_a_merge_is_taken_apart_by_hand_or_undone_at_one_go(journal: Journal) -> None:
    alias, whole = sellers(journal, "alias", "whole")
    moved, own = add(journal, Case(title="a", seller=alias)), add(journal, Case(title="b", seller=whole))
    merge(journal, alias, whole)
    journal.undo()
    assert (owner_of(journal, moved), seller(journal, alias).merged_into) == (alias, None)
    journal.redo()
    assert owner_of(journal, moved) == whole
    unmerge(journal, alias)
    assert (owner_of(journal, moved), owner_of(journal, own)) == (alias, whole)
    assert seller(journal, alias).merged_into is None
    assert (seller(journal, alias).open_cases, seller(journal, whole).open_cases) == (1, 1)
    with journal.writing() as made:
        assert checking.problems(made) == []


def test_what_was_moved_on_since_stays_where_it_was_put(journal: Journal) -> None:
    alias, whole, third = sellers(journal, "alias", "whole", "third")
    case = add(journal, Case(title="a", seller=alias))
    merge(journal, alias, whole)
    with journal.entry("Correct") as work:
        work.get(Case, case).seller = third
    unmerge(journal, alias)
    assert owner_of(journal, case) == third


def test_merges_one_after_another_come_apart_in_any_order(journal: Journal) -> None:
    first, second, third = sellers(journal, "first", "second", "third")
    case = add(journal, Case(title="a", seller=first))
    merge(journal, first, second)
    merge(journal, second, third)
    assert seller(journal, first).merged_into == third
    assert owner_of(journal, case) == third
    unmerge(journal, first)
    assert owner_of(journal, case) == first
    unmerge(journal, second)
    assert [seller(journal, one).merged_into for one in (first, second, third)] == [None, None, None]
    assert owner_of(journal, case) == first


def test_shops_that_belong_move_along_and_a_daughter_is_not_its_own_mother(journal: Journal) -> None:
    alias, whole = sellers(journal, "alias", "whole")
    with journal.entry("Belongs") as work:
        work.get(Seller, whole).parent = alias
        shop = work.add(Seller(shop_name="shop", parent=alias)).id
    merge(journal, alias, whole)
    assert seller(journal, whole).parent is None
    assert seller(journal, shop).parent == whole


def test_a_pinned_note_is_taken_over_where_there_is_none(journal: Journal) -> None:
    alias, whole = sellers(journal, "alias", "whole")
    with journal.entry("Pin") as work:
        work.get(Seller, alias).pinned_note = "Only by phone"
    merge(journal, alias, whole)
    assert seller(journal, whole).pinned_note == "Only by phone"
    unmerge(journal, alias)
    assert seller(journal, whole).pinned_note is None


def test_requesters_merge_too(journal: Journal) -> None:
    with journal.entry("Keep") as work:
        alias, whole = work.add(Party(display_name="An")).id, work.add(Party(display_name="An Nguyễn")).id
        work.flush()
        case = work.add(Case(title="a", requester=alias)).id
    with journal.entry("Merge") as work:
        merging.merge(work, Party, alias, whole)
    with journal.writing() as made:
        assert reading.record(made, Case, case).requester == whole
    with journal.entry("Unmerge") as work:
        merging.unmerge(work, Party, alias)
    with journal.writing() as made:
        assert reading.record(made, Case, case).requester == alias


def test_merges_that_would_lose_somebody_are_refused(journal: Journal) -> None:
    alias, whole, third = sellers(journal, "alias", "whole", "third")
    with pytest.raises(Refused, match="with itself"):
        merge(journal, alias, alias)
    merge(journal, alias, whole)
    for source, target, part in ((alias, third, "merged already"), (third, alias, "into that one instead")):
        with pytest.raises(Refused, match=part):
            merge(journal, source, target)
        with pytest.raises(Refused, match=part), journal.writing() as made:
            merging.preview(made, Seller, source, target)
    with pytest.raises(Refused, match="not merged"):
        unmerge(journal, whole)


def test_the_same_seller_under_another_writing_is_suggested(journal: Journal) -> None:
    with journal.entry("Keep") as work:
        one = work.add(Seller(shop_name="Mây Tre Việt", phone="0912345678")).id
        same = work.add(Seller(shop_name="MAY TRE VIET")).id
        phone = work.add(Seller(shop_name="Other", phone="+84 912 345 678")).id
        work.add(Seller(shop_name="Nothing alike"))
    with journal.writing() as made:
        found = merging.same_perhaps(made, Seller, reading.record(made, Seller, one))
    assert [other.id for other in found] == [same, phone]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from("mu"), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8))
def test_any_row_of_merges_keeps_every_case_and_no_circle(journal: Journal, steps: list[tuple[str, int, int]]) -> None:
    own = sellers(journal, *(f"s{n}-{journal.waiting()}" for n in range(5)))
    cases = [add(journal, Case(title="c", seller=one)) for one in own]
    for step, source, target in steps:
        try:
            if step == "m":
                merge(journal, own[source], own[target])
            else:
                unmerge(journal, own[source])
        except Refused:
            continue
        standing = {one: seller(journal, one).merged_into or one for one in own}
        assert all(seller(journal, whole).merged_into is None for whole in standing.values())
        assert [owner_of(journal, case) for case in cases] == [standing[one] for one in own]
    for one in own:
        if seller(journal, one).merged_into:
            unmerge(journal, one)
    assert [owner_of(journal, case) for case in cases] == own
