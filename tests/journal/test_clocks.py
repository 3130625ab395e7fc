"""The table of clocks: it follows everything that happens to a case, and what time does is read from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import acts, entries
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Channel, Form, Market, PartyKind, RiskFlag, Severity, Urgency
from escalation_desk.casework.clocks.facts import ClockKind, ClockState
from escalation_desk.casework.clocks.records import Calendar, Deadline, Holiday
from escalation_desk.casework.contacts.records import PocRequest, RequestState
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.people import Party
from escalation_desk.casework.timeline import Message
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.journal import listing, reading, seed
from escalation_desk.journal.checking import problems
from escalation_desk.journal.clocks import telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.journal import Journal
    from tests.journal.conftest import Clock

    Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def ruled(desk: Journal) -> Journal:
    """Give the desk the policies and calendars that every desk is born with."""
    seed.plant(desk)
    return desk


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def add(desk: Journal, **said: Any) -> Case:
    values = {"title": "Late", "owner": "lan", "severity": Severity.S2, "urgency": Urgency.U1} | said
    with desk.entry("New case") as work:
        return work.add(Case(**values))


def answer(desk: Journal, case: Case, *, automatic: bool = False) -> None:
    assert desk.profile is not None
    with desk.entry("Answer") as work:
        said = acts.say(
            work.get(Case, case.id),
            "Soon",
            desk.profile,
            work.now,
            form=Form.MESSAGE,
            channel=Channel.EMAIL,
            automatic=automatic,
        )
        work.add(said)


def turn(desk: Journal, case: Case, status: CaseStatus) -> None:
    with desk.entry("Turn", kind="fact") as work:
        work.get(Case, case.id).status = status


def clocks(ask: Ask, case: Case) -> dict[str, tuple[str, str | None]]:
    rows = ask('SELECT clock, state, due_at FROM clock WHERE "case" = ? ORDER BY clock, cycle', case.id)
    return {clock: (state, due and due[5:16]) for clock, state, due in rows}


def fact(ask: Ask, case: Case, name: str) -> str | None:
    return ask(f'SELECT "{name}" FROM "case" WHERE id = ?', case.id)[0][0]  # type: ignore[no-any-return]


def test_a_case_of_p1_has_its_clocks_from_the_moment_it_came(ruled: Journal, ask: Ask) -> None:
    case = add(ruled, received_at=at(7, 50))
    assert clocks(ask, case)["first_response"] == ("running", "11-24T08:20")
    assert clocks(ask, case)["resolution"] == ("running", "11-25T07:50")
    assert fact(ask, case, "sla_due_at") == fact(ask, case, "next_due_at") == "2026-11-24T08:20:00Z"
    assert fact(ask, case, "breached_at") is None


def test_only_the_word_of_a_person_stops_the_first_clock(ruled: Journal, ask: Ask, clock: Clock) -> None:
    case = add(ruled)
    clock.advance(minutes=10)
    answer(ruled, case, automatic=True)
    assert clocks(ask, case)["first_response"][0] == "running"
    answer(ruled, case)
    assert clocks(ask, case)["first_response"] == ("met", "11-24T08:30")
    assert clocks(ask, case)["next_update"][0] == "running"


def test_what_is_missed_stays_missed_and_a_running_clock_beyond_its_due_time_needs_no_tick(
    ruled: Journal, ask: Ask, clock: Clock
) -> None:
    case = add(ruled)
    assert fact(ask, case, "missed_from") == "2026-11-24T08:30:00Z"
    clock.advance(hours=1)
    answer(ruled, case)
    assert clocks(ask, case)["first_response"][0] == "breached"
    assert fact(ask, case, "breached_at") == "2026-11-24T08:30:00Z"
    assert fact(ask, case, "missed_from") == "2026-11-24T08:30:00Z"


def test_waiting_for_the_requester_pauses_the_resolution_and_waiting_for_a_team_does_not(
    ruled: Journal, ask: Ask, clock: Clock
) -> None:
    case = add(ruled, status=CaseStatus.OPEN)
    clock.advance(hours=2)
    turn(ruled, case, CaseStatus.PENDING_INTERNAL)
    assert clocks(ask, case)["resolution"] == ("running", "11-25T08:00")
    clock.advance(hours=1)
    turn(ruled, case, CaseStatus.OPEN)
    turn(ruled, case, CaseStatus.PENDING_REQUESTER)
    assert clocks(ask, case)["resolution"] == ("paused", None)
    clock.advance(hours=5)
    turn(ruled, case, CaseStatus.OPEN)
    assert clocks(ask, case)["resolution"] == ("running", "11-25T13:00")


def test_a_graver_case_gets_the_targets_of_its_new_priority(ruled: Journal, ask: Ask, clock: Clock) -> None:
    case = add(ruled)
    clock.advance(minutes=5)
    with ruled.entry("Graver") as work:
        work.get(Case, case.id).severity = Severity.S1
    assert clocks(ask, case)["first_response"] == ("running", "11-24T08:15")
    assert clocks(ask, case)["mitigation"][0] == "running"


def test_the_policy_follows_the_requester_and_the_flags(ruled: Journal, ask: Ask) -> None:
    with ruled.entry("New") as work:
        party = work.add(Party(display_name="Market watch", party_kind=PartyKind.AUTHORITY))
        case = work.add(Case(title="Order of an authority", requester=party.id))
    vip = add(ruled, risk_flags=frozenset({RiskFlag.VIP}))
    plain = add(ruled)
    used: dict[str, str] = dict(ask("SELECT id, code FROM sla_policy"))
    with ruled.writing() as made:
        policies = [used[reading.record(made, Case, c.id).policy_used or ""] for c in (case, vip, plain)]
    assert policies[0] == "SLA-AUTH"
    assert policies[1] == "SLA-SEL-KEY"
    assert policies[2] not in policies[:2]


def test_an_undo_gives_the_clocks_back_and_a_deleted_case_has_none(ruled: Journal, ask: Ask, clock: Clock) -> None:
    case = add(ruled)
    before = clocks(ask, case)
    clock.advance(minutes=5)
    answer(ruled, case)
    assert clocks(ask, case) != before
    ruled.undo()
    assert clocks(ask, case) == before
    ruled.undo()
    assert clocks(ask, case) == {}
    ruled.redo()
    assert clocks(ask, case) == before


def test_a_reopened_case_begins_a_second_cycle_and_leaves_the_first_as_it_was(
    ruled: Journal, ask: Ask, clock: Clock
) -> None:
    case = add(ruled, status=CaseStatus.OPEN)
    clock.advance(hours=3)
    with ruled.entry("Solve", kind="fact") as work:
        acts.move(work.get(Case, case.id), CaseStatus.RESOLVED, ruled.profile, work.now)  # type: ignore[arg-type]
    assert fact(ask, case, "sla_due_at") is None
    clock.advance(days=2)
    with ruled.entry("Open again", kind="fact") as work:
        mine = work.get(Case, case.id)
        mine.status, mine.reopen_reason = CaseStatus.OPEN, "not_fixed"  # type: ignore[assignment]
    rows = ask("SELECT cycle, state, due_at FROM clock WHERE \"case\" = ? AND clock = 'resolution'", case.id)
    assert rows == [(1, "met", "2026-11-25T08:00:00Z"), (2, "running", "2026-11-27T11:00:00Z")]


def test_a_new_holiday_moves_what_runs_and_leaves_what_is_done(ruled: Journal, ask: Ask, clock: Clock) -> None:
    done = add(ruled, severity=Severity.S3, urgency=Urgency.U2)
    answer(ruled, done)
    runs = add(ruled, severity=Severity.S3, urgency=Urgency.U2)
    (code,) = ask("SELECT DISTINCT calendar FROM clock WHERE \"case\" = ? AND clock = 'resolution'", runs.id)[0]
    before, over = clocks(ask, runs), clocks(ask, done)["first_response"]
    with ruled.entry("A holiday") as work:
        (calendar,) = [one for one in work.ask(lambda made: reading.all_of(made, Calendar)) if one.code == code]
        mine = work.get(Calendar, calendar.id)
        mine.holidays = Market.VN
        mine.closed_days = {**(mine.closed_days or {}), "2026-11-25": []}
        work.add(Holiday(market=Market.VN, day=date(2026, 11, 26), labels={"en": "A day"}))
    assert clocks(ask, runs)["resolution"][1] > before["resolution"][1]  # type: ignore[operator]
    assert clocks(ask, done)["first_response"] == over


def test_the_next_date_of_a_case_is_the_earliest_of_all_that_somebody_waits_for(ruled: Journal, ask: Ask) -> None:
    case = add(ruled)
    assert fact(ask, case, "next_due_at") == "2026-11-24T08:30:00Z"
    with ruled.entry("A deadline") as work:
        deadline = work.add(Deadline(case=case.id, title="Evidence", due_at=at(8, 25)))
    assert fact(ask, case, "next_due_at") == "2026-11-24T08:25:00Z"
    with ruled.entry("A question") as work:
        work.add(PocRequest(case=case.id, team="T", ask="?", state=RequestState.SENT, next_chase_at=at(8, 20)))
    assert fact(ask, case, "next_due_at") == "2026-11-24T08:20:00Z"
    with ruled.entry("An authority") as work:
        raised = Escalation(case=case.id, authority="A", reason="r", decision_asked="d", notify_due_at=at(8, 15))
        work.add(raised)
    assert fact(ask, case, "next_due_at") == "2026-11-24T08:15:00Z"
    ruled.undo()
    ruled.undo()
    with ruled.entry("Met") as work:
        work.get(Deadline, deadline.id).met_at = at(8)
    assert fact(ask, case, "next_due_at") == "2026-11-24T08:30:00Z"


def test_a_check_finds_a_clock_that_is_not_what_follows_from_its_case(ruled: Journal, ask: Ask) -> None:
    case = add(ruled)
    with ruled.writing() as made:
        assert problems(made) == []
        made.execute("UPDATE clock SET due_at = '2026-11-24T09:00:00Z' WHERE clock = 'first_response'")
        assert any("1 " in said and "clock" in said for said in problems(made))
        made.execute("UPDATE clock SET due_at = '2026-11-24T08:30:00Z' WHERE clock = 'first_response'")
        made.execute('UPDATE "case" SET sla_due_at = NULL WHERE id = ?', (case.id,))
        assert len(problems(made)) == 1
        made.execute("UPDATE \"case\" SET sla_due_at = '2026-11-24T08:30:00Z'")


def test_two_hundred_cases_have_clocks_that_a_check_confirms(ruled: Journal, clock: Clock, ask: Ask) -> None:
    with ruled.entry("Many") as work:
        made = [
            work.add(Case(title=str(n), owner="lan", severity=list(Severity)[n % 4], urgency=list(Urgency)[n % 3]))
            for n in range(200)
        ]
    clock.advance(hours=30)
    for number, case in enumerate(made[:20]):
        answer(ruled, case)
        turn(ruled, case, CaseStatus.OPEN)
        if number % 2:
            turn(ruled, case, CaseStatus.PENDING_REQUESTER)
    assert len(ask("SELECT 1 FROM clock")) > 400
    with ruled.writing() as made_by:
        assert problems(made_by) == []
    assert clock.now - timedelta(hours=30) == at(8)


def listed(desk: Journal, view: str) -> list[str]:
    now = Now("lan", desk.now(), desk.now() + timedelta(hours=9))
    with desk.writing() as made:
        return [row.id for row in listing.page(made, VIEWS[view].query(now), ["id"])]


def test_cases_are_listed_by_risk_then_what_is_breached_or_will_be_next_then_promises(
    ruled: Journal, clock: Clock
) -> None:
    calm = add(ruled, severity=Severity.S4, urgency=Urgency.U3)
    soon = add(ruled, severity=Severity.S3, urgency=Urgency.U2)
    over = add(ruled)
    risky = add(ruled, severity=Severity.S4, urgency=Urgency.U3, risk_flags=frozenset({RiskFlag.LEGAL}))
    clock.advance(minutes=40)
    assert listed(ruled, "all-live") == [risky.id, over.id, soon.id, calm.id]


def test_the_views_of_breached_and_due_within_the_hour_move_with_the_time_alone(ruled: Journal, clock: Clock) -> None:
    case = add(ruled)
    assert listed(ruled, "due-hour") == [case.id]
    assert listed(ruled, "breached") == []
    clock.advance(minutes=31)
    assert listed(ruled, "due-hour") == []
    assert listed(ruled, "breached") == [case.id]
    answer(ruled, case)
    assert listed(ruled, "breached") == [case.id], "what was missed stays missed"
    assert [row.rpartition(":")[0].partition(":")[2] for row in listed(ruled, "clocks-breached")] == ["first_response"]


def test_a_clock_says_how_it_stands_now_and_why(ruled: Journal, clock: Clock) -> None:
    case = add(ruled)
    clock.advance(minutes=45)
    with ruled.writing() as made:
        said = telling.told(made, case.id, ruled.now(), UTC)
    first, why = next((c, why) for c, why in said if c.kind is ClockKind.FIRST_RESPONSE)
    assert (first.state, first.left_min) == (ClockState.BREACHED, -15)
    assert "24/11/2026 08:30" in why
    assert "policy" in why


def test_a_decision_that_is_needed_by_a_moment_is_due_then_after_the_authority_has_it_too(desk: Journal) -> None:
    case = add(desk)
    with desk.entry("Has it") as work:
        asked = Escalation(case=case.id, authority="A", reason="Late", decision_asked="Pay?", needed_by=at(9))
        asked.state = EscalationState.ACKNOWLEDGED
        work.add(asked)
    with desk.writing() as made:
        assert reading.record(made, Case, case.id).next_due_at == at(9)


def first_response(ask: Ask, case: Case) -> list[tuple[Any, ...]]:
    return ask("SELECT state, due_at, finished_at FROM clock WHERE clock = 'first_response' AND \"case\" = ?", case.id)


def test_the_first_answer_of_the_crm_stays_the_first(ruled: Journal, clock: Clock, ask: Ask) -> None:
    case = add(ruled, received_at=at(2), first_response_at=at(2, 5))
    answered = first_response(ask, case)
    assert answered[0][::2] == ("met", "2026-11-24T02:05:00Z")
    answer(ruled, case, automatic=True)
    assert first_response(ask, case) == answered
    clock.advance(hours=6)
    answer(ruled, case)
    assert first_response(ask, case) == answered


def test_a_correction_of_what_was_said_is_no_new_word(ruled: Journal, clock: Clock, ask: Ask) -> None:
    case = add(ruled, received_at=at(7))
    answer(ruled, case)
    before = ask("SELECT * FROM clock ORDER BY id")
    clock.advance(minutes=5)
    with ruled.entry("Correct") as work:
        assert ruled.profile is not None
        said = work.get(Message, ask("SELECT id FROM message")[0][0])
        work.add(entries.amendment(said, "Sooner", ruled.profile, work.now))
    assert ask("SELECT * FROM clock ORDER BY id") == before


def test_an_answer_that_is_taken_back_at_once_was_none(ruled: Journal, ask: Ask) -> None:
    case = add(ruled, received_at=at(8))
    before = first_response(ask, case)
    answer(ruled, case)
    with ruled.entry("Remove") as work:
        work.remove(work.get(Message, ask("SELECT id FROM message")[0][0]))
    assert first_response(ask, case) == before


@pytest.mark.parametrize("spoil", ["zone", "remove"])
def test_a_calendar_that_is_spoilt_elsewhere_counts_nothing_and_is_counted_again_when_it_is_mended(
    ruled: Journal, ask: Ask, spoil: str
) -> None:
    add(ruled, received_at=at(2))
    before = ask("SELECT * FROM clock ORDER BY id")
    code = ask("SELECT calendar FROM clock")[0][0]
    with ruled.entry("Spoil", kind="do") as work:
        calendar = work.find(Calendar, code)
        assert calendar is not None
        if spoil == "remove":
            work.remove(calendar)
        else:
            calendar.time_zone = "Mars/Base"
    assert ask("SELECT * FROM clock WHERE calendar = ?", code) == []
    ruled.undo()
    assert ask("SELECT * FROM clock ORDER BY id") == before
