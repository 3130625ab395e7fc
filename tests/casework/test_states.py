"""Between the states of a case lead eighteen ways; a chain of them leads wherever one can get at all."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.states import TRANSITIONS, path, transition, ways_from

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = list(itertools.product(CaseStatus, repeat=2))


def test_there_are_eighteen_ways_each_with_a_code_of_its_own() -> None:
    assert [way.code for way in TRANSITIONS] == [f"T{number:02d}" for number in range(1, 19)]
    assert len({(way.before, way.after) for way in TRANSITIONS}) == 18


def test_ways_and_who_may_go_them_are_those_of_the_taxonomy(shared_data: Path) -> None:
    taxonomy = json.loads((shared_data.parent / "domain" / "taxonomy.json").read_text("utf-8"))

    told = {way["id"]: (way["frm"], way["to"], frozenset(way["by"])) for way in taxonomy["case_transitions"]}

    assert {way.code: (str(way.before), str(way.after), way.by) for way in TRANSITIONS} == told


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=str)
def test_a_path_goes_by_ways_that_exist_and_is_the_shortest(before: CaseStatus, after: CaseStatus) -> None:
    found = path(before, after)

    distances = {before: 0}
    for _round in CaseStatus:
        for here in list(distances):
            for there in ways_from(here):
                distances.setdefault(there, distances[here] + 1)
    assert (found is None) is (after not in distances)
    if found is not None:
        chain = [before, *found]
        assert chain[-1] is after
        assert len(found) <= distances[after]
        for here, there in itertools.pairwise(chain):
            assert transition(here, there).after is there


@pytest.mark.parametrize("before", CaseStatus, ids=str)
def test_where_no_way_leads_the_refusal_says_which_do(before: CaseStatus) -> None:
    for after in set(CaseStatus) - set(ways_from(before)):
        with pytest.raises(Refused) as refusal:
            transition(before, after)
        for way in ways_from(before):
            assert way.label in str(refusal.value)
        if not ways_from(before):
            assert "is final" in str(refusal.value)
