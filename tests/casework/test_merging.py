"""The rules of merging, on records alone."""

from __future__ import annotations

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import field_of
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.merging import POINTERS, merge, refuse_merge, unmerge
from escalation_desk.casework.people import Party
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller


def shop(name: str, **said: str) -> Seller:
    return Seller(id=name, shop_name=name, **said)  # type: ignore[arg-type]  # texts only


def test_every_pointer_is_a_declared_field_that_may_change() -> None:
    for kind, pointers in POINTERS.items():
        for of, name in pointers:
            declared = field_of(kind_of(of), name).declared
            assert declared.refers_to == kind
            assert not declared.once


def test_what_pointed_to_the_source_points_to_the_target_and_back() -> None:
    source, target, other = shop("a"), shop("b"), shop("c")
    case, elsewhere = Case(title="x", seller="a"), Case(title="y", seller="a")
    merge(source, target, [(case, "seller"), (elsewhere, "seller")])
    assert (case.seller, source.merged_into, target.merged_into) == ("b", "b", None)
    elsewhere.seller = other.id
    unmerge(source, target, [(case, "seller"), (elsewhere, "seller")])
    assert (case.seller, elsewhere.seller, source.merged_into) == ("a", "c", None)


def test_a_pinned_note_written_since_is_kept_when_a_merge_is_taken_apart() -> None:
    source, target = shop("a", pinned_note="old"), shop("b")
    merge(source, target, [])
    assert target.pinned_note == "old"
    target.pinned_note = "new"
    unmerge(source, target, [])
    assert target.pinned_note == "new"


def test_requesters_have_the_same_rules() -> None:
    one, other = Party(id="1", display_name="An"), Party(id="2", display_name="Bo")
    case = Case(title="x", requester="1")
    merge(one, other, [(case, "requester")])
    assert case.requester == "2"
    with pytest.raises(Refused, match="merged already"):
        refuse_merge(one, other)


@pytest.mark.parametrize(("source", "target"), [("a", "a"), ("merged", "b"), ("b", "merged")])
def test_merging_twice_or_with_itself_is_refused_and_changes_nothing(source: str, target: str) -> None:
    known = {"a": shop("a"), "b": shop("b"), "merged": shop("merged", merged_into="x")}
    case = Case(title="x", seller=source)
    with pytest.raises(Refused):
        merge(known[source], known[target], [(case, "seller")])
    assert case.seller == source
    assert known["merged"].merged_into == "x"
