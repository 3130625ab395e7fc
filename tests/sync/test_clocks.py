"""Clocks are never shared: every workstation counts its own from what all know, and comes to the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Severity, Urgency, WaitingOn
from escalation_desk.journal import seed
from escalation_desk.journal.checking import problems

if TYPE_CHECKING:
    from tests.sync.stations import Office, Station

pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture
def two(office: Office) -> list[Station]:
    """Give two workstations of one team, both with the policies that a desk is born with."""
    made = [office.station("lan"), office.station("mai")]
    for one in made:
        seed.plant(one.journal)
        one.journal.guarded = False  # What a person may do now is not the matter here.
    return made


def set_(station: Station, case: str, **values: Any) -> None:
    with station.journal.entry("Change") as work:
        mine = work.get(Case, case)
        for name, value in values.items():
            setattr(mine, name, value)


def clocks(station: Station) -> list[tuple[Any, ...]]:
    with station.journal.writing() as made:
        assert problems(made) == []
    return station.rows('SELECT "case", clock, cycle, state, due_at, policy, target_min FROM clock ORDER BY id')


def conflicts(station: Station) -> set[str]:
    return {row[0] for row in station.rows("SELECT field_name FROM conflict WHERE deleted_at IS NULL")}


def new_case(station: Station) -> str:
    with station.journal.entry("New") as work:
        return work.add(
            Case(
                title="Late",
                owner=station.me.id,
                status=CaseStatus.OPEN,
                severity=Severity.S2,
                urgency=Urgency.U2,
                received_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
            )
        ).id


def test_a_case_of_a_colleague_has_the_same_clocks_here(office: Office, two: list[Station]) -> None:
    lan, mai = two
    new_case(lan)
    office.all_sync()
    assert clocks(lan) == clocks(mai)
    assert {"first_response", "resolution"} <= {clock for _case, clock, *_rest in clocks(mai)}
    assert mai.rows('SELECT sla_due_at IS NOT NULL, missed_from IS NOT NULL FROM "case"') == [(1, 1)]


def test_two_who_change_the_state_at_once_are_asked_about_the_state_and_never_about_its_phases(
    office: Office, two: list[Station]
) -> None:
    lan, mai = two
    case = new_case(lan)
    office.all_sync()
    set_(lan, case, status=CaseStatus.PENDING_INTERNAL, waiting_on=WaitingOn.TEAM)
    set_(mai, case, status=CaseStatus.PENDING_REQUESTER, waiting_on=WaitingOn.CUSTOMER)
    set_(mai, case, severity=Severity.S1)
    office.all_sync()
    assert "phases" not in conflicts(lan) | conflicts(mai)
    assert "policy_used" not in conflicts(lan) | conflicts(mai)
    assert clocks(lan) == clocks(mai)
    assert lan.read(Case, case).phases == mai.read(Case, case).phases
    assert {lan.read(Case, case).status, mai.read(Case, case).status} == {CaseStatus.PENDING_INTERNAL}


def test_an_undo_of_what_the_server_has_takes_the_phase_back_on_both_sides(office: Office, two: list[Station]) -> None:
    lan, mai = two
    case = new_case(lan)
    office.all_sync()
    before = clocks(lan)
    set_(lan, case, severity=Severity.S1)
    office.all_sync()
    assert clocks(mai) == clocks(lan) != before
    set_(mai, case, waiting_on=WaitingOn.SELLER)
    lan.journal.undo()
    office.all_sync()
    assert conflicts(lan) | conflicts(mai) == set()
    assert clocks(lan) == clocks(mai)
