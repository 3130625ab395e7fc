"""Acceptance scenarios of the domain (§11) on the way of a case, through the journal."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    BadCaseDecision,
    CancelReason,
    CaseStatus,
    FaultParty,
    KnowledgeDecision,
    Priority,
    ReopenReason,
    ResolutionCode,
    Severity,
    Urgency,
    VerificationMethod,
)
from escalation_desk.casework.clocks import deadlines
from escalation_desk.casework.clocks.facts import ClockKind, ClockState
from escalation_desk.casework.closing import acts as ending
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.lists import Condition, ListQuery, Op
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.journal import escalations

if TYPE_CHECKING:
    from tests.acceptance.conftest import Desk

RESOLVED: dict[str, Any] = {
    "status": CaseStatus.RESOLVED,
    "reason": "CUS.LOG.NOT_RECEIVED",
    "resolution_code": ResolutionCode.FIXED,
    "resolution_summary": "Found and delivered",
    "fault_party": FaultParty.PLATFORM,
    "fault_code": "SYS1",
}
CHECKED: dict[str, Any] = {
    "verified_how": VerificationMethod.CALLBACK,
    "verified_result": "The parcel is there",
    "knowledge": KnowledgeDecision.NOT_NEEDED,
    "knowledge_why": "Known",
}
URGENT: dict[str, Any] = {"severity": Severity.S1, "urgency": Urgency.U1}


def view(desk: Desk, code: str) -> ListQuery:
    return VIEWS[code].query(Now(desk.thu.id, desk.now, desk.now + timedelta(hours=12)))


def test_scenario_1_a_tier_1_hand_in_without_tried_is_returned_and_counted_and_no_sla_is_breached(desk: Desk) -> None:
    case = desk.case(status=CaseStatus.NEW, owner=None, tried_before=None)
    desk.later(minutes=20)
    with desk.journal.entry("Hand back") as work:
        why, lesson = "Nothing was tried", "Ask the carrier first."
        for message in acts.hand_back(work.get(Case, case), why, lesson, desk.linh, work.now):
            work.add(message)
    desk.later(days=30)

    held = desk.read(Case, case)
    assert (held.status, held.cancel_reason) == (CaseStatus.CANCELLED, CancelReason.RETURNED_TIER1)
    assert {one.body for one in desk.all_of(Message)} == {f"Handed back to Tier 1: {why}", lesson}
    assert desk.count(ListQuery("case", (Condition("cancel_reason", Op.IS, "returned_tier1"),))) == 1
    assert {one.state for one in desk.clocks(case)} == {ClockState.VOID}
    assert desk.count(view(desk, "breached")) == desk.count(view(desk, "clocks-breached")) == 0


def test_scenario_2_a_suspended_seller_is_p1_two_authorities_are_to_be_told_and_the_appeal_is_due_before_the_sla(
    desk: Desk,
) -> None:
    (usual,) = [one for one in desk.all_of(Reason) if one.code == "SEL.ACC.SUSPENSION"]
    case = desk.case(reason=usual.code, severity=usual.severity, urgency=usual.urgency)
    sla = desk.read(Case, case).next_due_at
    with closing(desk.journal.reader()) as made:
        due = {one.authority: one.due_at - desk.now for one in escalations.standing(made, case, desk.now).tellings}
    assert (due["GOVERNANCE"], due["SELLER_MGMT"]) == (timedelta(minutes=120), timedelta(minutes=60))

    (resolution,) = [one for one in desk.clocks(case) if one.kind is ClockKind.RESOLUTION]
    appeal = desk.now + timedelta(minutes=10)
    with desk.journal.entry("Appeal") as work:
        work.add(deadlines.by_hand(work.get(Case, case), "Appeal against the suspension", appeal))
    held = desk.read(Case, case)
    assert held.priority is Priority.P1
    assert sla is not None
    assert held.next_due_at == appeal < sla
    assert resolution.due_at is not None
    assert appeal.timestamp() < resolution.due_at


def test_scenario_7_an_offer_at_18_50_that_nobody_takes_is_seen_by_the_shift_lead_at_19_20(desk: Desk) -> None:
    desk.now = datetime.fromisoformat("2026-03-02T18:50:00+07:00")
    case = desk.case()
    with desk.journal.entry("Offer") as work:
        acts.offer(work.get(Case, case), desk.minh, desk.linh, work.now)
    desk.later(minutes=29)
    desk.work_as(desk.thu)
    assert desk.count(view(desk, "unanswered-offers")) == 0
    desk.later(minutes=1, seconds=1)
    assert desk.count(view(desk, "unanswered-offers")) == 1
    held = desk.read(Case, case)
    assert (held.owner, held.assignment) == (desk.linh.id, Assignment.OFFERED)


def test_scenario_10_the_resolver_is_refused_to_close_a_p0_and_another_person_closes_it(desk: Desk) -> None:
    case = desk.case(**URGENT)
    assert desk.read(Case, case).priority is Priority.P0
    desk.tell_requester(case)
    desk.edit(case, desk.linh, **RESOLVED)
    desk.edit(case, desk.thu, **CHECKED, bad_case=BadCaseDecision.NOT_NEEDED, bad_case_why="One parcel")

    with pytest.raises(Refused, match="Somebody else than who resolved it closes it"):
        desk.edit(case, desk.linh, status=CaseStatus.CLOSED)
    assert desk.read(Case, case).status is CaseStatus.RESOLVED
    desk.edit(case, desk.thu, status=CaseStatus.CLOSED)
    assert desk.read(Case, case).status is CaseStatus.CLOSED


def test_scenario_11_reopened_on_day_5_is_a_second_cycle_and_on_day_9_a_new_linked_case(desk: Desk) -> None:
    case = desk.case()
    desk.later(hours=2)
    desk.tell_requester(case)
    desk.edit(case, desk.linh, **RESOLVED)
    (first,) = [one for one in desk.clocks(case) if one.kind is ClockKind.RESOLUTION]
    assert first.state is ClockState.MET

    desk.later(days=5)
    desk.edit(case, desk.linh, status=CaseStatus.OPEN, reopen_reason=ReopenReason.CAME_BACK)
    before, again = [one for one in desk.clocks(case) if one.kind is ClockKind.RESOLUTION]
    assert before == first
    assert (again.cycle, again.state) == (2, ClockState.RUNNING)

    desk.tell_requester(case)
    desk.edit(case, desk.linh, status=CaseStatus.RESOLVED)
    desk.later(days=9)
    with pytest.raises(Refused, match="open a new case that follows it"):
        desk.edit(case, desk.linh, status=CaseStatus.OPEN, reopen_reason=ReopenReason.CAME_BACK)
    with desk.journal.entry("Follow") as work:
        new = work.add(ending.follow_on(work.get(Case, case), "It came back", desk.linh, work.now)).id
    assert desk.read(Case, new).follow_up_of == case
    assert desk.read(Case, case).reopen_count == 1
