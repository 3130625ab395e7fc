"""A whole does not close before its parts, unless somebody says why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.closing.gates import G_CLO, Asked, parts_finished
from escalation_desk.casework.closing.surroundings import Surroundings
from escalation_desk.casework.linking.families import open_parts, open_parts_gap, refuse_open_parts
from escalation_desk.casework.linking.links import BACK, directions, word
from escalation_desk.casework.linking.records import LinkForm
from escalation_desk.casework.refusal import Refused


def part(number: int, status: CaseStatus) -> Case:
    case = Case(id=f"c{number}", case_no=f"ABCD-00000{number}", title="Part", status=status)
    case.derive()
    return case


def test_a_whole_with_open_parts_does_not_close_without_a_reason() -> None:
    parts = [part(1, CaseStatus.OPEN), part(2, CaseStatus.CLOSED)]
    assert [one.id for one in open_parts(parts)] == ["c1"]
    with pytest.raises(Refused, match="ABCD-000001"):
        refuse_open_parts(parts)
    refuse_open_parts(parts, "the seller is told together with the rest")


def test_a_whole_whose_parts_are_finished_or_merged_closes() -> None:
    merged = part(3, CaseStatus.OPEN)
    merged.merged_into = "c9"
    merged.derive()
    assert open_parts_gap([part(2, CaseStatus.CLOSED), merged]) == ""


def test_each_kind_of_link_has_a_word_for_both_sides_and_is_offered_in_each_direction_once() -> None:
    assert set(BACK) == set(LinkForm)
    offered = [word(form, back=back) for form, back in directions()]
    assert len(offered) == len(set(offered))


def test_the_gate_to_close_asks_for_the_parts_and_lets_a_reason_through() -> None:
    whole = Case(id="c0", case_no="ABCD-000000", title="Whole")
    around = Surroundings(parts=[part(1, CaseStatus.OPEN)])
    now = datetime(2026, 11, 24, tzinfo=UTC)

    (missing,) = parts_finished(Asked(whole, around, None, now))
    assert (missing.code, missing.where) == ("parts", "parts_why")
    assert parts_finished in G_CLO
    whole.parts_why = "the seller hears of all at once"
    assert list(parts_finished(Asked(whole, around, None, now))) == []
