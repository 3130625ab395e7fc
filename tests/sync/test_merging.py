"""Two edits of one field become one: what each merge class promises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import field_of, fields_of
from escalation_desk.casework.promises import FollowUp
from escalation_desk.sync.merging import Merged, merge
from escalation_desk.sync.texts import merge_texts

FIELDS = {f.name: f for f in fields_of(Case)}
words = st.sampled_from(["a", "b", "c", "d"])
sets = st.sets(words).map(sorted)
texts = st.lists(st.sampled_from(["một\n", "hai\n", "ba\n", "bốn\n", "\n"]), max_size=6).map("".join)


@given(st.sampled_from(sorted(FIELDS)), words, words)
def test_equal_edits_and_edits_of_one_side_are_never_a_conflict(name: str, base: str, edited: str) -> None:
    field = FIELDS[name]
    assert merge(field, base, edited, edited) == Merged(edited)
    assert merge(field, base, edited, base) == Merged(edited)
    assert merge(field, base, base, edited) == Merged(edited)


def test_two_values_of_a_plain_field_are_a_conflict_and_the_one_that_stands_stays() -> None:
    assert merge(FIELDS["title"], "Refund", "Refund late", "Refund wrong") == Merged("Refund late", conflict=True)


def test_a_field_of_a_newer_version_is_never_overwritten_blindly() -> None:
    assert merge(None, 1, 2, 3) == Merged(2, conflict=True)
    assert merge(None, 1, 1, 3) == Merged(3)


@pytest.mark.parametrize(("theirs", "mine"), [("S1", "S3"), ("S3", "S1")])
def test_the_graver_severity_wins_whoever_came_first(theirs: str, mine: str) -> None:
    assert merge(FIELDS["severity"], "S4", theirs, mine) == Merged("S1")


def test_the_earlier_date_wins_and_a_date_beats_none() -> None:
    early, late = "2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z"
    assert merge(FIELDS["due_at"], None, late, early) == Merged(early)
    assert merge(FIELDS["due_at"], "2026-11-30T08:00:00Z", None, late) == Merged(late)


@given(sets, sets, sets)
def test_what_each_put_into_a_set_or_took_out_of_it_holds(base: Any, theirs: Any, mine: Any) -> None:
    merged = merge(FIELDS["tags"], base, theirs, mine)
    there = set(merged.value)
    assert not merged.conflict
    assert (set(mine) - set(base)) | (set(theirs) - set(base)) <= there
    assert not there & ((set(base) - set(mine)) & (set(base) - set(theirs)))
    assert set(base) & set(theirs) & set(mine) <= there
    assert set(merge(FIELDS["tags"], base, mine, theirs).value) == there


def test_both_moves_of_a_date_are_kept() -> None:
    moved = field_of(FollowUp, "moved")
    first, second, third = ({"n": number} for number in (1, 2, 3))
    assert merge(moved, [first], [first, second], [first, third]) == Merged([first, second, third])


@given(texts, texts, texts)
def test_merging_texts_is_the_same_from_both_sides(base: str, theirs: str, mine: str) -> None:
    assert merge_texts(base, theirs, mine) == merge_texts(base, mine, theirs)


@given(texts, texts)
def test_a_text_that_one_side_edited_is_that_edit(base: str, edited: str) -> None:
    assert merge_texts(base, edited, base) == edited


@given(st.lists(st.text(alphabet="xyz", min_size=1), min_size=3, max_size=8, unique=True), st.data())
def test_edits_of_lines_that_do_not_touch_are_both_kept(lines: list[str], data: st.DataObject) -> None:
    here = data.draw(st.integers(0, len(lines) - 3))
    there = data.draw(st.integers(here + 2, len(lines) - 1))
    base, theirs, mine = list(lines), list(lines), list(lines)
    theirs[here], mine[there] = "theirs", "mine"
    both = list(theirs)
    both[there] = "mine"
    assert merge_texts(*("\n".join(text) + "\n" for text in (base, theirs, mine))) == "\n".join(both) + "\n"


def test_two_edits_of_one_line_are_a_conflict() -> None:
    assert merge_texts("một\nhai\n", "một\nHAI\n", "một\nhai!\n") is None
    text = FIELDS["description"]
    assert merge(text, "một\nhai\n", "một\nHAI\n", "một\nhai!\n") == Merged("một\nHAI\n", conflict=True)


def _phase(minute: int, status: str) -> dict[str, str]:
    return {"at": f"2026-11-24T08:{minute:02d}:00Z", "status": status}


phases = st.lists(st.builds(_phase, st.integers(0, 59), words), max_size=5, unique_by=str)


@given(phases, phases, phases)
def test_what_a_case_notes_about_itself_is_put_together_in_order_of_time_and_never_asks_anybody(
    begun: Any, theirs: Any, mine: Any
) -> None:
    one, other = [*begun, *theirs], [*begun, *mine]
    merged = merge(FIELDS["phases"], begun, one, other)
    assert not merged.conflict
    assert {str(phase) for phase in merged.value} == {str(phase) for phase in [*one, *other]}
    if mine not in ([], theirs) and theirs:
        assert [phase["at"] for phase in merged.value] == sorted(phase["at"] for phase in merged.value)


def test_a_phase_that_one_took_back_stays_taken_back() -> None:
    first, second, third = _phase(0, "new"), _phase(5, "open"), _phase(9, "resolved")
    assert merge(FIELDS["phases"], [first, second], [first, second, third], [first]) == Merged([first, third])
    assert merge(FIELDS["policy_used"], "a", "b", "c") == Merged("b")
