"""Each way an escalation goes, who may go it, and what it leaves on the case; silence raises the next level once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Channel, Form, Market, RiskFlag, Role, Severity, Urgency
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.escalating import life
from escalation_desk.casework.escalating.brief import Brief, of_escalation, prefilled, text_of
from escalation_desk.casework.escalating.life import Asked, Ladder, Sent
from escalation_desk.casework.escalating.records import Authority, AuthorityRule, Escalation, EscalationState
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import speaking

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LAN = User(id="lan", full_name="Lan", login="lan")
MINH = User(id="minh", full_name="Minh", login="minh")
LEAD = User(id="lead", full_name="Thu", login="thu", roles=frozenset({Role.SHIFT_LEAD}))
PAGE = Brief("Parcel with lithium cells caught fire", "Stop the listing?", NOW + timedelta(hours=1), "12 buyers")
S = EscalationState


@pytest.fixture
def case() -> Case:
    made = Case(
        id="c",
        case_no="ABCD-000001",
        title="Fire",
        owner="lan",
        market=Market.SG,
        severity=Severity.S1,
        urgency=Urgency.U1,
    )
    made.derive()
    return made


@pytest.fixture
def ladder(authorities: dict[str, Authority], rules: list[AuthorityRule]) -> Ladder:
    return Ladder(authorities, tuple(rules), ())


@pytest.fixture
def raised(case: Case, authorities: dict[str, Authority]) -> Escalation:
    made, _message = life.escalate(case, authorities["LEGAL"], PAGE, Asked("text", "because"), LAN, NOW)
    made.id = "e1"
    return made


def sent(one: Escalation, case: Case, ack_min: int | None = 30) -> Escalation:
    life.mark_sent(one, case, "Legal", Sent("Ms Hoa", Channel.PHONE, NOW, ack_min), LAN, NOW)
    return one


# Raising


def test_an_escalation_that_is_raised_tells_nobody(case: Case, authorities: dict[str, Authority]) -> None:
    asked = Asked("The text", "because of the risk", NOW + 15 * MINUTE)

    one, message = life.escalate(case, authorities["LEGAL"], PAGE, asked, LAN, NOW)

    assert (one.state, one.notified_at, one.ack_due_at, one.raised_by) == (S.RAISED, None, None, "lan")
    assert (one.notify_due_at, one.because, one.brief) == (NOW + 15 * MINUTE, "because of the risk", "The text")
    assert of_escalation(one) == PAGE
    assert (message.form, message.body) == (Form.DECISION, "Escalated to Legal: Stop the listing?")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"one_line": " "}, "in one line"),
        ({"decision": ""}, "which decision"),
        ({"needed_by": NOW}, "a moment that has passed"),
    ],
)
def test_a_page_that_asks_nothing_is_refused(
    case: Case, authorities: dict[str, Authority], change: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        life.escalate(case, authorities["LEGAL"], PAGE._replace(**change), Asked(), LAN, NOW)


def test_an_authority_is_asked_one_thing_at_a_time(
    case: Case, authorities: dict[str, Authority], raised: Escalation
) -> None:
    with pytest.raises(Refused, match="not answered yet"):
        life.escalate(case, authorities["LEGAL"], PAGE, Asked(), LAN, NOW, others=[raised])
    life.escalate(case, authorities["PR"], PAGE, Asked(), LAN, NOW, others=[raised])


def test_an_authority_that_is_switched_off_is_not_asked(case: Case, authorities: dict[str, Authority]) -> None:
    with pytest.raises(Refused, match="not asked any more"):
        life.escalate(case, replace(authorities["LEGAL"], active=False), PAGE, Asked(), LAN, NOW)


# Told, acknowledged, decided, closed


def test_marking_as_sent_says_whom_how_and_when_and_starts_the_minutes(raised: Escalation, case: Case) -> None:
    at = NOW + 5 * MINUTE

    message = life.mark_sent(raised, case, "Legal", Sent("Ms Hoa", Channel.PHONE, at, 30), LAN, at + MINUTE)

    assert (raised.told_whom, raised.channel, raised.notified_at) == ("Ms Hoa", Channel.PHONE, at)
    assert (raised.state, raised.ack_due_at) == (S.RAISED, at + 30 * MINUTE)
    assert (message.form, message.counterpart, message.at) == (Form.POC, "Legal", at)


def test_what_is_incomplete_or_sent_already_is_not_marked(raised: Escalation, case: Case) -> None:
    for told, says in (
        (Sent("", Channel.PHONE, NOW), "whom you told"),
        (Sent("Ms Hoa", None, NOW), "how you told them"),
        (Sent("Ms Hoa", Channel.PHONE, NOW + 10 * MINUTE), "in the future"),
    ):
        with pytest.raises(Refused, match=says):
            life.mark_sent(raised, case, "Legal", told, LAN, NOW)
    sent(raised, case)
    with pytest.raises(Refused, match="sent already"):
        life.mark_sent(raised, case, "Legal", Sent("Mr Nam", Channel.PHONE, NOW), LAN, NOW)


def test_raised_acknowledged_decided_closed(raised: Escalation, case: Case) -> None:
    sent(raised, case)

    life.acknowledge(raised, case, "Legal", "Ms Hoa", NOW + 3 * MINUTE, LAN, NOW + 4 * MINUTE)
    assert (raised.state, raised.acknowledged_at) == (S.ACKNOWLEDGED, NOW + 3 * MINUTE)
    message = life.decide(raised, case, "Legal", "Stop it", "Ms Hoa", NOW + 9 * MINUTE, LAN, NOW + 9 * MINUTE)
    assert (raised.state, raised.decision, raised.decided_by) == (S.DECIDED, "Stop it", "Ms Hoa")
    assert (message.form, message.body) == (Form.DECISION, "Legal decided: Stop it")
    life.close(raised, case, "Legal", LAN, NOW + 20 * MINUTE)
    assert (raised.state, raised.ended_at) == (S.CLOSED, NOW + 20 * MINUTE)


def test_who_decides_at_once_has_been_told_and_has_acknowledged(raised: Escalation, case: Case) -> None:
    life.decide(raised, case, "Legal", "Stop it", "Ms Hoa", NOW, LAN, NOW)

    assert (raised.notified_at, raised.acknowledged_at, raised.decided_at) == (NOW, NOW, NOW)


def test_nothing_is_answered_before_it_was_asked(raised: Escalation, case: Case) -> None:
    sent(raised, case)
    with pytest.raises(Refused, match="before it was sent"):
        life.acknowledge(raised, case, "Legal", "Ms Hoa", NOW - MINUTE, LAN, NOW)
    life.acknowledge(raised, case, "Legal", "Ms Hoa", NOW + MINUTE, LAN, NOW + MINUTE)
    with pytest.raises(Refused, match="before it was acknowledged"):
        life.decide(raised, case, "Legal", "Stop", "Ms Hoa", NOW, LAN, NOW + MINUTE)
    with pytest.raises(Refused, match="what was decided"):
        life.decide(raised, case, "Legal", " ", "Ms Hoa", NOW + MINUTE, LAN, NOW + MINUTE)


def test_withdrawing_needs_a_reason_and_somebody_whose_it_is(raised: Escalation, case: Case) -> None:
    with pytest.raises(Refused, match="why the escalation is withdrawn"):
        life.withdraw(raised, case, "Legal", "", LAN, NOW)
    with pytest.raises(Refused, match="Only the owner"):
        life.withdraw(raised, case, "Legal", "A mistake", MINH, NOW)
    life.withdraw(raised, case, "Legal", "A mistake", LEAD, NOW)
    assert (raised.state, raised.ended_why, raised.ended_at) == (S.WITHDRAWN, "A mistake", NOW)


ACTS: dict[str, Callable[[Escalation, Case], object]] = {
    "mark_sent": lambda one, case: life.mark_sent(one, case, "L", Sent("A", Channel.PHONE, NOW), LAN, NOW),
    "acknowledge": lambda one, case: life.acknowledge(one, case, "L", "A", NOW, LAN, NOW),
    "decide": lambda one, case: life.decide(one, case, "L", "Yes", "A", NOW, LAN, NOW),
    "close": lambda one, case: life.close(one, case, "L", LAN, NOW),
    "withdraw": lambda one, case: life.withdraw(one, case, "L", "why", LAN, NOW),
    "bounce": lambda one, case: life.bounce(one, case, "L", "why", "B", LAN, NOW),
}
MAY = {
    S.RAISED: {"mark_sent", "acknowledge", "decide", "withdraw", "bounce"},
    S.ACKNOWLEDGED: {"decide", "withdraw"},
    S.DECIDED: {"close"},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", ACTS)
def test_each_act_goes_only_from_its_states(raised: Escalation, case: Case, state: S, act: str) -> None:
    raised.state = state
    if act in MAY.get(state, set()):
        ACTS[act](raised, case)
    else:
        with pytest.raises(Refused, match="that cannot be done with it"):
            ACTS[act](raised, case)
        assert raised.state is state


def test_what_goes_to_the_backup_is_to_be_sent_anew(raised: Escalation, case: Case) -> None:
    sent(raised, case)

    message = life.bounce(raised, case, "Legal", "On leave", "Mr Nam", LAN, NOW)

    assert (raised.told_whom, raised.notified_at, raised.ack_due_at) == ("Mr Nam", None, None)
    assert message.body == "Escalation goes from Ms Hoa to Mr Nam: On leave"
    sent(raised, case)


def test_something_new_after_a_decision_is_a_new_escalation_that_follows_it(
    raised: Escalation, case: Case, authorities: dict[str, Authority]
) -> None:
    life.decide(raised, case, "Legal", "Wait", "Ms Hoa", NOW, LAN, NOW)

    again, _message = life.ask_again(raised, case, authorities["LEGAL"], "A child was hurt", Asked(), LAN, NOW)

    assert (again.previous, again.reason, again.decision_asked) == ("e1", "A child was hurt", PAGE.decision)
    assert (raised.state, raised.decision) == (S.DECIDED, "Wait")


# Silence


def test_silence_raises_the_next_level_linked_and_told_by_nobody(
    raised: Escalation, case: Case, ladder: Ladder
) -> None:
    sent(raised, case)
    due = NOW + 30 * MINUTE
    assert life.time_out(raised, case, ladder, due - MINUTE) == (None, None)

    following, message = life.time_out(raised, case, ladder, due + 3 * MINUTE)

    assert following is not None
    assert message is not None
    assert (raised.state, raised.ended_at) == (S.TIMED_OUT, due)
    assert (following.authority, following.previous, following.notified_at) == ("DUTY_MANAGER", "e1", None)
    assert (following.raised_by, following.notify_due_at) == (None, due + 15 * MINUTE)
    assert of_escalation(following) == PAGE
    assert message.automatic
    assert "Duty manager" in message.body


def test_two_workstations_that_look_at_different_minutes_raise_the_same(
    raised: Escalation, case: Case, ladder: Ladder
) -> None:
    sent(raised, case)
    other = replace(raised)

    here = life.time_out(raised, case, ladder, NOW + 31 * MINUTE)
    with speaking("vi"):
        there = life.time_out(other, case, ladder, NOW + 55 * MINUTE)

    assert here == there


def test_silence_that_was_seen_is_not_seen_again(raised: Escalation, case: Case, ladder: Ladder) -> None:
    life.time_out(sent(raised, case), case, ladder, NOW + 31 * MINUTE)

    assert life.time_out(raised, case, ladder, NOW + 32 * MINUTE) == (None, None)


def test_nobody_is_silent_who_was_not_told(raised: Escalation, case: Case, ladder: Ladder) -> None:
    assert life.time_out(raised, case, ladder, NOW + timedelta(days=9)) == (None, None)


def test_a_next_level_that_has_it_already_is_not_asked_twice(
    raised: Escalation, case: Case, ladder: Ladder, authorities: dict[str, Authority]
) -> None:
    sent(raised, case)
    above, _message = life.escalate(case, authorities["DUTY_MANAGER"], PAGE, Asked(), LAN, NOW)

    following, message = life.time_out(raised, case, ladder._replace(escalations=(above,)), NOW + timedelta(hours=1))

    assert following is None
    assert message is not None
    assert "has it already" in message.body


def test_above_the_last_level_there_is_none(case: Case, ladder: Ladder, authorities: dict[str, Authority]) -> None:
    one, _raised = life.escalate(case, authorities["EXEC"], PAGE, Asked(), LAN, NOW)
    sent(one, case)

    following, message = life.time_out(one, case, ladder, NOW + timedelta(hours=1))

    assert following is None
    assert message is not None
    assert "there is no next level" in message.body


# The page


def test_the_page_is_filled_from_what_the_case_knows(case: Case) -> None:
    case.summary, case.decision_needed = "Fire in a parcel\nmore", "Stop it?"
    case.tried_before, case.affected_count = "Called the seller", 12
    case.risk_flags = frozenset({RiskFlag.SAFETY, RiskFlag.LEGAL})

    page = prefilled(case, done="Told the carrier")

    assert page == Brief(
        "Fire in a parcel", "Stop it?", None, "12 requesters", "Legal, Safety", "Called the seller\nTold the carrier"
    )


def test_the_text_is_in_the_readers_language_and_leaves_no_braces(case: Case) -> None:
    macro = Macro(
        code="M06",
        use="",
        texts={"en": "{priority}: {decision} by {due_local}. {risk}.", "vi": "Rủi ro: {risk}. {one_line}."},
    )

    assert text_of(PAGE._replace(decision="Stop it."), case, macro, "en", UTC) == (
        "P0 Critical: Stop it by 24/11/2026 09:00. –."
    )
    assert text_of(PAGE._replace(risk="{tried}"), case, macro, "vi", UTC).startswith("Rủi ro: {tried}. Parcel")
