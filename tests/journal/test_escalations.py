"""What a desk knows of its escalations: since when something must be told, what was said to hints, who was silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    CancelReason,
    CaseStatus,
    Channel,
    Direction,
    Form,
    RiskFlag,
    Role,
    Severity,
    Urgency,
)
from escalation_desk.casework.escalating import flags, life
from escalation_desk.casework.escalating.brief import Brief
from escalation_desk.casework.escalating.life import Asked, Sent
from escalation_desk.casework.escalating.matrix import because
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import escalations, reading, seed

if TYPE_CHECKING:
    from escalation_desk.journal.escalations import Standing
    from escalation_desk.journal.journal import Journal
    from tests.journal.conftest import Clock

PAGE = Brief("A parcel caught fire", "Stop the listing?")


@pytest.fixture
def me(desk: Journal) -> User:
    seed.plant(desk)
    assert desk.profile is not None
    return desk.profile


@pytest.fixture
def case_id(desk: Journal, me: User, clock: Clock) -> str:
    with desk.entry("A case") as work:
        case = Case(
            title="Fire",
            reason="SEL.ACC.SUSPENSION",
            severity=Severity.S2,
            urgency=Urgency.U1,
            received_at=clock.now,
            owner=me.id,
            status=CaseStatus.OPEN,
        )
        return work.add(case).id


def look(desk: Journal, case_id: str) -> Standing:
    made = desk.reader()
    try:
        return escalations.standing(made, case_id, desk.now())
    finally:
        made.close()


def due(desk: Journal, case_id: str) -> dict[str, int]:
    """Say in how many minutes from now each authority must be told."""
    now = desk.now()
    return {one.authority: round((one.due_at - now) / timedelta(minutes=1)) for one in look(desk, case_id).tellings}


def told(desk: Journal, me: User, case_id: str, authority: str = "GOVERNANCE", ack_min: int = 30) -> str:
    with desk.entry("Escalate") as work:
        one = escalations.escalate(work, case_id, authority, PAGE, Asked("text"), me)
    sent = Sent("Ms Hoa", Channel.PHONE, desk.now(), ack_min)
    with desk.entry("Sent") as work:
        escalations.act(work, one, lambda held, case, name: life.mark_sent(held, case, name, sent, me, work.now))
    return one


def test_scenario_2_who_must_be_told_of_a_suspended_seller(desk: Journal, case_id: str) -> None:
    assert due(desk, case_id) == {"T2_LEAD": 15, "DUTY_MANAGER": 60, "SELLER_MGMT": 60, "GOVERNANCE": 120}


def test_a_flag_counts_from_the_entry_that_set_it_and_undoing_it_takes_the_telling_back(
    desk: Journal, case_id: str, clock: Clock
) -> None:
    clock.advance(minutes=10)
    with desk.entry("Flag") as work:
        work.get(Case, case_id).risk_flags = frozenset({RiskFlag.LEGAL})
    clock.advance(minutes=5)

    assert due(desk, case_id)["LEGAL"] == 55
    assert due(desk, case_id)["GOVERNANCE"] == 105
    desk.undo()
    assert "LEGAL" not in due(desk, case_id)


def test_a_reason_that_is_chosen_later_counts_from_then(desk: Journal, case_id: str, clock: Clock) -> None:
    clock.advance(minutes=20)
    with desk.entry("Reason") as work:
        work.get(Case, case_id).reason = "SEL.FIN.FEE"

    assert due(desk, case_id)["FINANCE"] == 120
    assert "GOVERNANCE" not in due(desk, case_id)


def test_words_of_the_requester_are_hints_and_an_answer_is_remembered_on_the_case(
    desk: Journal, case_id: str, me: User
) -> None:
    with desk.entry("Said") as work:
        work.add(Message(case=case_id, body="Tôi sẽ khởi kiện", form=Form.MESSAGE, direction=Direction.IN, at=work.now))
        work.add(Message(case=case_id, body="báo chí", form=Form.NOTE, at=work.now))
    (hint,) = look(desk, case_id).hints
    assert (hint.flag, hint.word) == (RiskFlag.LEGAL, "khởi kiện")

    with desk.entry("Confirm") as work:
        flags.confirm(work.get(Case, case_id), hint, me, work.now)

    assert look(desk, case_id).hints == ()
    assert "LEGAL" in due(desk, case_id)


def test_an_escalation_and_its_acts_stand_on_the_timeline(desk: Journal, case_id: str, me: User) -> None:
    one = told(desk, me, case_id)
    with desk.entry("Decide") as work:
        escalations.act(
            work,
            one,
            lambda held, case, name: life.decide(held, case, name, "Reopen", "Ms Hoa", work.now, me, work.now),
        )

    made = desk.reader()
    bodies = [message.body for message in reading.all_of(made, Message, pointing=("case", case_id))]
    made.close()
    assert bodies == [
        "Escalated to Governance: Stop the listing?",
        "Told Governance: Ms Hoa",
        "Governance decided: Reopen",
    ]


def test_silence_raises_the_next_level_once_however_often_the_desk_looks(
    desk: Journal, case_id: str, me: User, clock: Clock
) -> None:
    one = told(desk, me, case_id)
    assert escalations.let_time_out(desk) == 0
    clock.advance(minutes=31)

    assert [escalations.let_time_out(desk) for _again in range(3)] == [1, 0, 0]

    standing = look(desk, case_id)
    first, following = standing.escalations
    assert (first.state, first.id) == (EscalationState.TIMED_OUT, one)
    assert (following.authority, following.previous, following.state) == ("DUTY_MANAGER", one, EscalationState.RAISED)
    assert [one.escalation is not None for one in standing.tellings if one.authority == "DUTY_MANAGER"] == [True]
    undone = desk.undo()  # Nobody takes silence back: what was done last by a person is.
    assert str(undone.title) == "Sent"


def test_a_case_that_is_over_asks_nobody(desk: Journal, case_id: str, me: User, clock: Clock) -> None:
    told(desk, me, case_id)
    with desk.entry("Only a lead cancels what is P1") as work:
        lead = work.get(User, me.id)
        lead.roles = frozenset({Role.LEAD})
    with desk.entry("Over") as work:
        case = work.get(Case, case_id)
        case.status, case.cancel_reason = CaseStatus.CANCELLED, CancelReason.TEST
    clock.advance(hours=5)

    assert escalations.let_time_out(desk) == 0
    assert look(desk, case_id).tellings == ()


def test_an_act_that_may_not_be_leaves_everything_as_it_was(desk: Journal, case_id: str, me: User) -> None:
    one = told(desk, me, case_id)

    with pytest.raises(Refused), desk.entry("Close") as work:
        escalations.act(work, one, lambda held, case, name: life.close(held, case, name, me, work.now))

    made = desk.reader()
    assert reading.record(made, Escalation, one).state is EscalationState.RAISED
    made.close()


def test_the_lead_is_told_of_a_case_whose_clock_is_nearly_used_and_the_duty_manager_of_a_missed_one(
    desk: Journal, me: User, clock: Clock
) -> None:
    with desk.entry("A case") as work:
        case_id = work.add(Case(title="Fee", received_at=clock.now, owner=me.id, severity=Severity.S3)).id
    assert due(desk, case_id) == {}

    clock.advance(hours=30)

    (telling,) = look(desk, case_id).tellings
    assert (telling.authority, telling.rule, telling.used) == ("T2_LEAD", "T2_LEAD-CLOCK", 75)
    assert "is used" in because(telling, look(desk, case_id).case)


def test_a_missed_clock_of_a_p1_is_a_reason_of_its_own_for_the_duty_manager(
    desk: Journal, case_id: str, me: User, clock: Clock
) -> None:
    assert {one.rule: one.used for one in look(desk, case_id).tellings}["DUTY_MANAGER-STD"] == 0
    clock.advance(hours=2)

    found = {one.authority: one for one in look(desk, case_id).tellings}

    assert (found["DUTY_MANAGER"].used, found["T2_LEAD"].used) == (100, 75)


def test_a_case_that_came_back_twice_is_told_to_the_lead_from_then_on(desk: Journal, me: User, clock: Clock) -> None:
    with desk.entry("Came back") as work:
        phases = [("open", 8), ("resolved", 6), ("open", 4), ("resolved", 3), ("open", 1)]
        case = Case(title="Fee", received_at=clock.now - timedelta(hours=8), owner=me.id, status=CaseStatus.OPEN)
        case.phases = tuple(
            {"at": f"{clock.now - timedelta(hours=ago):%Y-%m-%dT%H:%M:%SZ}", "status": status, "priority": "P3"}
            for status, ago in phases
        )
        case.reopen_count = 2
        case_id = work.add(case).id

    (telling,) = look(desk, case_id).tellings

    assert (telling.authority, telling.reopened) == ("T2_LEAD", 2)
    assert telling.due_at == clock.now - timedelta(minutes=45)
