"""Scenario 8 of domain.md §11: two workstations accept one case without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment
from escalation_desk.journal import telling
from escalation_desk.sync import disagreements

if TYPE_CHECKING:
    from tests.sync.stations import Office, Station


def take(desk: Station, case: str, words: str) -> None:
    with desk.journal.entry("Take over {case}", case=case) as work:
        held = work.get(Case, case)
        acts.take(held, desk.me, work.now)
        work.add(acts.internal_note(held, words, desk.me, work.now))


def told(desk: Station, case: str) -> set[str]:
    with desk.journal.writing() as made:
        return {one.text for one in telling.timeline(made, case) if one.kind == "message"}


def test_scenario_8_two_who_accept_offline_end_in_one_owner_and_both_timelines_are_complete(office: Office) -> None:
    linh, minh = office.station("linh"), office.station("minh")
    with linh.journal.entry("New") as work:
        case = work.add(Case(title="Parcel lost")).id
    office.all_sync()
    take(linh, case, "I called the carrier")
    take(minh, case, "I wrote to the buyer")
    minh.sync()
    linh.sync()
    office.all_sync()

    for desk in (linh, minh):
        held = desk.read(Case, case)
        assert (held.owner, held.assignment) == (minh.me.id, Assignment.ACCEPTED)
        assert told(desk, case) == {"I called the carrier", "I wrote to the buyer"}
    with linh.journal.writing() as made:
        assert any("took it at" in one.why for one in disagreements.listed(made))
