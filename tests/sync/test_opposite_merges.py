"""Two people merge the same cases without a network: one winner, no case out of reach (features.md §7, pitfall 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.journal import linking, merged, reading
from escalation_desk.sync import disagreements

if TYPE_CHECKING:
    from tests.sync.stations import Office, Station


@pytest.fixture
def desks(office: Office) -> tuple[Station, Station]:
    return office.station("linh"), office.station("minh")


def cases(desk: Station, *others: Station, count: int = 2) -> list[str]:
    with desk.journal.entry("New") as work:
        made = [work.add(Case(title=f"Parcel {number}")).id for number in range(count)]
    for one in (desk, *others):
        one.sync()
    return made


def merge(desk: Station, source: str, target: str) -> None:
    with desk.journal.entry("Merge {case}", case=source) as work:
        linking.merge(work, source, target, desk.me)


def where(desk: Station, *ids: str) -> list[str]:
    """Say which case stands for each; every chain has to end."""
    with desk.journal.writing() as made:
        found = [merged.stands_for(made, "case", one) for one in ids]
        assert all(reading.record(made, Case, one).merged_into is None for one in found)
    return found


def settled(office: Office, *ids: str) -> list[str]:
    office.all_sync()
    first, *others = [where(desk, *ids) for desk in office.stations]
    assert all(one == first for one in others)
    return first


@pytest.mark.parametrize("first", [0, 1])
def test_pitfall_15_two_merges_the_opposite_way_end_in_one_winner(
    office: Office, desks: tuple[Station, Station], first: int
) -> None:
    one, other = cases(*desks)
    merge(desks[0], one, other)
    merge(desks[1], other, one)
    desks[first].sync()
    desks[1 - first].sync()

    winner = (other, one)[first]
    assert settled(office, one, other) == [winner, winner]
    assert [desk.read(Case, winner).live for desk in desks] == [True, True]
    with desks[1 - first].journal.writing() as made:
        (told,) = disagreements.listed(made)
    assert "merge into that one" in told.why
    disagreements.resolve(desks[1 - first].journal, told.id, "theirs")
    assert settled(office, one, other) == [winner, winner]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_three_merges_that_chase_each_other_never_close_the_circle(office: Office, order: tuple[int, ...]) -> None:
    desks = [office.station(name) for name in ("linh", "minh", "an")]
    ids = cases(*desks, count=3)
    for at, desk in enumerate(desks):
        merge(desk, ids[at], ids[(at + 1) % 3])
    for at in order:
        desks[at].sync()

    found = settled(office, *ids)
    assert len(set(found)) >= 1
    assert set(found) <= set(ids)


def test_a_merge_that_is_done_again_after_the_opposite_one_came_is_refused(
    office: Office, desks: tuple[Station, Station]
) -> None:
    one, other = cases(*desks)
    merge(desks[1], other, one)
    desks[1].journal.undo()
    merge(desks[0], one, other)
    desks[0].sync()
    desks[1].journal.redo()  # Its desk does not know of the other merge yet.
    desks[1].sync()

    assert settled(office, one, other) == [other, other]


def test_a_merge_taken_apart_stands_again_everywhere(office: Office, desks: tuple[Station, Station]) -> None:
    one, other = cases(*desks)
    merge(desks[0], one, other)
    office.all_sync()
    with desks[1].journal.entry("Unmerge") as work:
        linking.unmerge(work, one)

    assert settled(office, one, other) == [one, other]
    assert all(desk.read(Case, one).live for desk in desks)
