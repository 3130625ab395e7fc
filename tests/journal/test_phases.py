"""Every door notes on the case what the clocks follow: state, priority, waiting-on, and when that was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Severity, Urgency, WaitingOn
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from escalation_desk.casework.people import User
    from escalation_desk.journal.journal import Journal
    from tests.journal.conftest import Clock


def phases(desk: Journal, case_id: str) -> list[tuple[str, str, str, str | None]]:
    with desk.writing() as made:
        found = reading.record(made, Case, case_id).phases
    return [(one["at"][11:16], one["status"], one["priority"], one.get("waiting_on")) for one in found]


def me(desk: Journal) -> User:
    assert desk.profile is not None
    return desk.profile


def move(desk: Journal, case_id: str, to: CaseStatus) -> None:
    with desk.entry("Move", kind="fact") as work:  # What a person may do now is not the matter here.
        acts.move(work.get(Case, case_id), to, me(desk), work.now)


def test_a_new_case_is_noted_when_it_was_received_and_not_when_it_was_typed(desk: Journal) -> None:
    with desk.entry("New case") as work:
        case = work.add(Case(title="Late", received_at=datetime(2026, 11, 24, 6, 30, tzinfo=UTC)))
    assert phases(desk, case.id) == [("06:30", "new", "P3", None)]


def test_every_change_of_state_priority_or_waiting_on_is_noted_once(desk: Journal, case: Case, clock: Clock) -> None:
    clock.advance(minutes=10)
    with desk.entry("Take") as work:
        acts.take(work.get(Case, case.id), me(desk), work.now, why="I am here")
    clock.advance(minutes=10)
    move(desk, case.id, CaseStatus.PENDING_REQUESTER)
    clock.advance(minutes=10)
    with desk.entry("Severity") as work:
        work.get(Case, case.id).severity = Severity.S1
    clock.advance(minutes=10)
    with desk.entry("Waits") as work:
        work.get(Case, case.id).waiting_on = WaitingOn.SELLER
    clock.advance(minutes=10)
    with desk.entry("Title") as work:
        work.get(Case, case.id).title = "Refund is missing"
    assert phases(desk, case.id) == [
        ("08:00", "new", "P3", None),
        ("08:10", "open", "P3", "us"),
        ("08:20", "pending_requester", "P3", "customer"),
        ("08:30", "pending_requester", "P1", "customer"),
        ("08:40", "pending_requester", "P1", "seller"),
    ]


def test_an_undo_takes_the_phase_back_and_a_redo_brings_it_again(desk: Journal, case: Case, clock: Clock) -> None:
    with desk.entry("Urgent") as work:
        work.get(Case, case.id).urgency = Urgency.U1
    clock.advance(minutes=5)
    desk.undo()
    assert phases(desk, case.id) == [("08:00", "new", "P3", None)]
    clock.advance(minutes=5)
    desk.redo()
    assert phases(desk, case.id) == [("08:00", "new", "P3", None), ("08:00", "new", "P2", None)]


def test_an_older_act_is_undone_although_the_phases_went_on_and_that_is_noted_too(
    desk: Journal, case: Case, clock: Clock
) -> None:
    with desk.entry("Urgent") as work:
        work.get(Case, case.id).urgency = Urgency.U1
        older = work.entry
    clock.advance(minutes=5)
    with desk.entry("Waits") as work:
        work.get(Case, case.id).waiting_on = WaitingOn.SELLER
    clock.advance(minutes=5)
    desk.undo(older)
    assert phases(desk, case.id) == [
        ("08:00", "new", "P3", None),
        ("08:00", "new", "P2", None),
        ("08:05", "new", "P2", "seller"),
        ("08:10", "new", "P3", "seller"),
    ]


def test_the_history_tells_what_people_did_and_not_what_was_noted(desk: Journal, case: Case) -> None:
    with desk.entry("Urgent") as work:
        work.get(Case, case.id).urgency = Urgency.U1
    with desk.writing() as made:
        told = [change.field for change in reading.history(made, case.id)]
    assert "urgency" in told
    assert "phases" not in told
