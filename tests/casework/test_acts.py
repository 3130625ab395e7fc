"""Acts on a case leave it as a person expects: whom it waits on, who owns it, what only acts may set."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Role, WaitingOn
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LAN = User(id="lan", full_name="Lan", login="lan")


def new_case(**values: object) -> Case:
    return Case(id="c1", case_no="ABCD-000001", title="Refund", **values)  # type: ignore[arg-type]


def test_a_case_that_is_taken_waits_on_us() -> None:
    case = new_case()

    acts.take(case, LAN, NOW)

    assert (case.status, case.waiting_on) == (CaseStatus.OPEN, WaitingOn.US)


def test_a_case_that_is_accepted_waits_on_us() -> None:
    case = new_case(offered_to="lan", assignment=Assignment.OFFERED)

    acts.accept(case, LAN)

    assert (case.status, case.waiting_on, case.offered_to) == (CaseStatus.OPEN, WaitingOn.US, None)


def test_a_case_that_is_given_to_somebody_is_offered_to_nobody_any_more() -> None:
    case = new_case(owner="minh", offered_to="thu", assignment=Assignment.OFFERED)

    with pytest.raises(Refused, match="offer it instead"):
        acts.edit(case, {"owner": "budi"}, LAN, NOW)
    lead = User(id="mai", full_name="Mai", login="mai", roles=frozenset({Role.SHIFT_LEAD}))
    acts.edit(case, {"owner": "budi"}, lead, NOW)

    assert (case.owner, case.assignment, case.offered_to) == ("budi", Assignment.ACCEPTED, None)


def test_a_case_of_somebody_else_is_taken_over_by_an_edit_only_with_a_reason() -> None:
    case = new_case(owner="minh", assignment=Assignment.ACCEPTED)

    with pytest.raises(acts.ReasonMissing, match="say why you take it over"):
        acts.edit(case, {"owner": "lan"}, LAN, NOW)
    note = acts.edit(case, {"owner": "lan", "title": "Refund, late"}, LAN, NOW, why="Minh is ill")

    assert (case.owner, case.title, note and note.body) == ("lan", "Refund, late", "Taken over: Minh is ill")
    assert acts.edit(case, {"owner": "lan"}, LAN, NOW) is None


@pytest.mark.parametrize(
    "name",
    [
        *("merged_into", "assignment", "offered_to", "resolved_at", "closed_at"),
        *("first_response_at", "restricted", "risk_answers", "breaches"),
    ],
)
def test_what_follows_from_an_act_is_not_set_by_hand(name: str) -> None:
    case = new_case()

    with pytest.raises(Refused, match="not set by hand"):
        acts.edit(case, {name: "c1"}, LAN, NOW)
