"""A request to a point of contact from the first word to the last: clocks, answers, chases, and whom it counts for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.choices import (
    CaseStatus,
    Direction,
    Form,
    Market,
    Severity,
    Urgency,
    Visibility,
    WaitingOn,
)
from escalation_desk.casework.contacts import chasing, ola, requests, routing
from escalation_desk.casework.contacts.records import AnswerQuality, PocRequest, RequestState
from escalation_desk.casework.macros import fill
from escalation_desk.casework.refusal import Refused
from escalation_desk.journal import seed
from tests.casework.contact_desk import HCM, ME, a_case, asked, contact, hours, local, policies, team, terms_for, told

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = local("2026-11-10 10:00")  # Tuesday
S = RequestState


def test_scenario_3_the_ola_of_a_request_on_friday_evening_falls_due_on_monday() -> None:
    request = asked(a_case(), local("2026-11-13 18:30"))
    assert request.ack_due_at == local("2026-11-16 11:00")
    assert request.answer_due_at == local("2026-11-17 18:00")
    assert request.calendar == "CAL-BIZ-VN"


def test_the_most_urgent_runs_around_the_clock() -> None:
    request = asked(a_case(severity=Severity.S1, urgency=Urgency.U1), local("2026-11-14 02:00"))
    assert request.answer_due_at == local("2026-11-14 03:00")


def test_a_team_in_indonesia_has_its_own_hours_and_a_person_their_own() -> None:
    case = a_case(market=Market.ID)
    assert terms_for(case).calendar == "CAL-BIZ-ID"
    assert terms_for(case, poc=contact("Budi", calendar="CAL-NIGHT-JKT")).calendar == "CAL-NIGHT-JKT"
    assert ola.hours_of(team(), Market.TH, contact("Vy", market=Market.VN)) == "CAL-BIZ-VN"


def test_sending_says_what_is_asked_on_the_timeline_inside_the_desk() -> None:
    case = a_case()
    request = requests.draft(case, routing.Route("LOGISTICS", None, "r-1", "rule"), " Ở đâu? ", ME)
    terms = terms_for(case)
    said = requests.send(request, case, terms, hours(terms.calendar), told(NOON))
    assert (said.body, said.form, said.visibility) == ("Ở đâu?", Form.POC, Visibility.INTERNAL)
    assert (said.counterpart, request.state, request.sent_at) == ("Logistics, Lan", S.SENT, NOON)
    assert request.next_chase_at == local("2026-11-10 15:00")  # four hours of theirs, with lunch between


def test_a_request_is_sent_once() -> None:
    case = a_case()
    request = asked(case, NOON)
    terms = terms_for(case)
    with pytest.raises(Refused, match="is “Sent”; this is done with one that is: Draft"):
        requests.send(request, case, terms, hours(terms.calendar), told(NOON))


def test_answered_is_not_closed_until_it_is_passed_on() -> None:
    case = a_case()
    request = asked(case, NOON)
    requests.acknowledge(request, NOON + timedelta(minutes=5))
    said = requests.answer(request, case, "Ở kho Bình Dương", told(NOON + timedelta(hours=1)))
    assert (request.state, said.direction, request.next_chase_at) == (S.ANSWERED, Direction.IN, None)
    requests.accept(request, AnswerQuality.PARTLY)
    assert (request.state, request.passed_on_at) == (S.ACCEPTED, None)
    message = requests.pass_on(request, case, "Hàng ở kho", told(NOON + timedelta(hours=2)))
    assert (message.form, message.visibility) == (Form.MESSAGE, Visibility.PUBLIC)
    assert request.passed_on_at == NOON + timedelta(hours=2)


def test_a_useful_answer_is_accepted_at_once_and_one_of_no_use_never() -> None:
    case = a_case()
    useful, useless = asked(case, NOON), asked(case, NOON)
    requests.answer(useful, case, "Ở kho", told(NOON), AnswerQuality.USEFUL)
    assert useful.state is S.ACCEPTED
    requests.answer(useless, case, "Không rõ", told(NOON), AnswerQuality.NOT_USEFUL)
    with pytest.raises(Refused, match="not useful is not accepted"):
        requests.accept(useless, AnswerQuality.NOT_USEFUL)


def test_nothing_is_passed_on_before_it_is_answered() -> None:
    case = a_case()
    with pytest.raises(Refused, match="no answer yet"):
        requests.pass_on(asked(case, NOON), case, "…", told(NOON))


def test_an_answer_that_is_not_enough_opens_the_next_round_of_the_same_request() -> None:
    case = a_case()
    request = asked(case, NOON)
    due = request.answer_due_at
    requests.answer(request, case, "Đang xem", told(local("2026-11-10 11:00")), AnswerQuality.NOT_USEFUL)
    terms = terms_for(case)
    again = local("2026-11-10 14:00")
    said = requests.not_enough(request, case, "Số vận đơn?", told(again), terms, hours(terms.calendar))
    assert said.body == "Số vận đơn?"
    assert (request.state, request.answer, request.answered_at, request.quality) == (S.SENT, None, None, None)
    assert [one["answer"] for one in request.rounds] == ["Đang xem"]
    assert request.rounds[0]["quality"] == "not_useful"
    assert (request.answer_due_at, request.sent_at) == (due, NOON)
    assert request.next_chase_at == local("2026-11-10 18:00")


def test_scenario_6_not_ours_goes_to_the_right_team() -> None:
    case = a_case()
    request = asked(case, NOON)
    right = routing.chosen("ORDER_OPS", None, ME.full_name, routing.Directory({}, {}, ()), NOON.date())
    new, note = requests.bounce(request, case, right, told(NOON), "Không phải của kho")
    assert (request.state, request.ended_why, request.next_chase_at) == (S.BOUNCED, "Không phải của kho", None)
    assert (new.team, new.ask, new.state, new.routed_by) == ("ORDER_OPS", request.ask, S.DRAFT, None)
    assert new.routed_because == "Nguyễn Hà Linh chose it"
    assert "Không phải của kho" in note.body


def test_the_same_contact_is_not_the_right_one() -> None:
    case = a_case()
    request = asked(case, NOON)
    same = routing.Route(request.team, request.poc, None, "")
    with pytest.raises(Refused, match="choose the right one"):
        requests.bounce(request, case, same, told(NOON))
    assert request.state is S.SENT


def test_a_request_is_withdrawn_with_a_reason_and_only_while_it_is_open() -> None:
    request = asked(a_case(), NOON)
    with pytest.raises(Refused, match="why"):
        requests.withdraw(request, " ")
    requests.withdraw(request, "Khách tự tìm thấy")
    with pytest.raises(Refused, match="ended already"):
        requests.withdraw(request, "Lần nữa")


def test_a_case_waits_for_a_team_as_long_as_one_request_does() -> None:
    case = a_case()
    one, two = asked(case, NOON), asked(case, NOON)
    case.status, case.waiting_on = CaseStatus.PENDING_INTERNAL, WaitingOn.TEAM
    requests.answer(one, case, "Ở kho", told(NOON))
    assert not requests.settle(case, [one, two])
    assert requests.waiting_on(case, [one, two]) is WaitingOn.TEAM
    requests.withdraw(two, "Không cần nữa")
    assert requests.settle(case, [one, two])
    assert (case.status, case.waiting_on) == (CaseStatus.OPEN, WaitingOn.US)


def test_scenario_5_two_chases_then_the_third_step_goes_to_somebody_above() -> None:
    case = a_case()
    request = asked(case, NOON)
    terms = terms_for(case)
    open_hours = hours(terms.calendar)
    steps = []
    for _chase in range(2):
        step = chasing.step_of(request, terms)
        assert step.due_at
        steps.append((step.number, step.due_at.astimezone(HCM).strftime("%d/%m %H:%M"), step.escalates))
        chasing.chase(request, case, "Nhắc", ME, step.due_at, "Logistics, Lan", terms, open_hours)
    third = chasing.step_of(request, terms)
    assert steps == [(1, "10/11 15:00", False), (2, "11/11 10:00", False)]
    assert (third.number, third.escalates) == (3, True)
    raised = chasing.raised(request, case, "Logistics, Lan")
    assert raised.reason == "Logistics, Lan has not answered for AB12-000001 after 2 chases"
    assert request.ask in raised.decision_asked
    chasing.climb(request, "e-1", ME, third.due_at or NOON, terms, open_hours)
    assert not chasing.step_of(request, terms).escalates
    assert chasing.chases_of(request) == 2


def test_an_answer_that_was_not_enough_begins_the_ladder_anew() -> None:
    case = a_case()
    request = asked(case, NOON)
    terms = terms_for(case)
    for hour in (11, 14):
        chasing.chase(request, case, "Nhắc", ME, local(f"2026-11-10 {hour}:00"), "Lan", terms, hours(terms.calendar))
    requests.answer(request, case, "?", told(local("2026-11-10 15:00")))
    requests.not_enough(request, case, "Mã?", told(local("2026-11-10 16:00")), terms, hours(terms.calendar))
    assert chasing.step_of(request, terms)[::2] == (1, False)


def test_a_chase_says_which_it_is_and_what_comes_then() -> None:
    case = a_case()
    request = asked(case, NOON)
    terms = terms_for(case)
    macro: Any = next(one for one in seed.of_kind("macro") if one.code == chasing.MACRO)  # type: ignore[attr-defined]
    known = chasing.places(
        request, case, terms, hours(terms.calendar), local("2026-11-10 15:00"), HCM, "Logistics management"
    )
    text, missing = fill(macro.texts["en"], known)
    assert not missing
    assert text == (
        "Reminder 1 for case AB12-000001, sent 10/11/2026 10:00, due 12/11/2026 10:00. Please answer or give a time. "
        "At 11/11/2026 15:00 this goes to Logistics management."
    )


def test_nobody_who_has_answered_is_chased() -> None:
    case = a_case()
    request = asked(case, NOON)
    requests.answer(request, case, "Ở kho", told(NOON))
    terms = terms_for(case)
    with pytest.raises(Refused, match="nothing to chase"):
        chasing.chase(request, case, "Nhắc", ME, NOON, "Lan", terms, hours(terms.calendar))


def test_a_request_keeps_the_terms_it_was_sent_under() -> None:
    request = asked(a_case(), NOON)
    held = ola.again(policies(), request.policy, request.priority, request.calendar)
    assert (held.answer_min, held.calendar) == (960, "CAL-BIZ-VN")
    with pytest.raises(Refused, match="not on this computer"):
        ola.again([], request.policy, request.priority, request.calendar)


def test_asleep_says_when_they_open_again() -> None:
    open_hours = hours("CAL-BIZ-VN")
    assert ola.asleep_until(open_hours, local("2026-11-10 12:30")) == local("2026-11-10 13:00")
    assert ola.asleep_until(open_hours, local("2026-11-13 20:00")) == local("2026-11-16 09:00")
    assert ola.asleep_until(open_hours, NOON) is None


OPEN = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
MONDAY = datetime(2026, 11, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def by_the_minute(start: datetime, minutes: int) -> datetime:
    """Count open minutes one after the other."""
    at = start
    while minutes:
        here = at.astimezone(HCM)
        minute = here.hour * 60 + here.minute
        minutes -= here.weekday() < 5 and any(begin <= minute < end for begin, end in OPEN)
        at += timedelta(minutes=1)
    return at


@given(st.integers(0, 7 * 24 * 60), st.sampled_from([240, 120, 960, 1440, 15, 1]))
def test_an_ola_falls_due_where_counting_minutes_says(begin: int, minutes: int) -> None:
    start = (MONDAY + timedelta(minutes=begin)).astimezone(UTC)
    due = ola.after(hours("CAL-BIZ-VN"), start, minutes)
    assert due == by_the_minute(start, minutes)
    assert ola.minutes_between(hours("CAL-BIZ-VN"), start, due) == minutes


ACTS = ("acknowledge", "answer", "useful", "accept", "not_enough", "chase", "bounce", "withdraw", "pass_on")


def attempt(act: str, request: PocRequest, case: Any, now: datetime) -> None:
    terms = terms_for(case)
    right = routing.Route("ORDER_OPS", None, None, "")
    deeds: dict[str, Callable[[], object]] = {
        "acknowledge": lambda: requests.acknowledge(request, now),
        "answer": lambda: requests.answer(request, case, "Có", told(now)),
        "useful": lambda: requests.answer(request, case, "Có", told(now), AnswerQuality.USEFUL),
        "accept": lambda: requests.accept(request, AnswerQuality.PARTLY),
        "not_enough": lambda: requests.not_enough(request, case, "Mã?", told(now), terms, hours(terms.calendar)),
        "chase": lambda: chasing.chase(request, case, "Nhắc", ME, now, "Lan", terms, hours(terms.calendar)),
        "bounce": lambda: requests.bounce(request, case, right, told(now)),
        "withdraw": lambda: requests.withdraw(request, "Không cần"),
        "pass_on": lambda: requests.pass_on(request, case, "Có", told(now)),
    }
    deeds[act]()


@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_whatever_is_tried_in_whatever_order_a_request_stays_true(tried: list[str]) -> None:
    case = a_case()
    request = asked(case, NOON)
    due, now = request.answer_due_at, NOON
    for act in tried:
        now += timedelta(minutes=17)
        try:
            attempt(act, request, case, now)
        except Refused:
            continue
    assert request.sent_at == NOON
    assert request.answer_due_at == due  # Nothing pauses an OLA.
    assert (request.next_chase_at is not None) is request.state.waiting
    assert (request.answer is not None) is (request.answered_at is not None)
    if request.state in {S.ANSWERED, S.ACCEPTED}:
        assert request.answer
    if request.passed_on_at:
        assert request.state is S.ACCEPTED or not request.state.open
