"""The acceptance scenarios of the domain that clocks decide alone, by the rules that a desk is born with."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Direction, Market, Priority
from escalation_desk.casework.clocks import deadlines
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.clocks.records import Calendar, DeadlineRule, Holiday, PolicyForm, SlaPolicy
from escalation_desk.casework.clocks.running import Clock, ClockKind, ClockState, Facts, Phase, Spoken, clocks_of
from escalation_desk.casework.clocks.working import moment, seconds
from escalation_desk.journal.seed import of_kind

S = CaseStatus


@pytest.fixture(scope="module")
def rules() -> Rules:
    policies, calendars, holidays = of_kind("sla_policy"), of_kind("calendar"), of_kind("holiday")
    return Rules.of(
        [one for one in policies if isinstance(one, SlaPolicy)],
        [one for one in calendars if isinstance(one, Calendar)],
        [one for one in holidays if isinstance(one, Holiday)],
    )


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(f"{text}+07:00"))


def policy_of(rules: Rules, form: PolicyForm = PolicyForm.SLA) -> str:
    found = rules.choose(Case(title="t"), None, form)
    assert found is not None
    return found.id


def find(clocks: tuple[Clock, ...], kind: ClockKind) -> list[Clock]:
    return [one for one in clocks if one.kind is kind]


def test_scenario_2_an_appeal_deadline_stands_before_the_sla(rules: Rules) -> None:
    received = at("2026-03-02T09:00")
    phase = Phase(received, S.OPEN, Priority.P1, policy_of(rules))
    (resolution,) = find(clocks_of(Facts(received, (phase,)), rules, received), ClockKind.RESOLUTION)
    rule = DeadlineRule(code="X", labels={"en": "Appeal"}, minutes=600)
    made = deadlines.by_rule(rule, Case(id="c", title="t"), moment(received))
    assert made.due_at is not None
    assert resolution.due_at is not None
    assert made.due_at < moment(resolution.due_at)


def test_scenario_3_friday_evening_is_due_on_saturday_at_the_desk_and_on_monday_at_the_team(rules: Rules) -> None:
    received = at("2026-03-06T18:30")
    phase = Phase(received, S.OPEN, Priority.P2, policy_of(rules), market=Market.VN)
    (first,) = find(clocks_of(Facts(received, (phase,)), rules, received), ClockKind.FIRST_RESPONSE)
    assert first.due_at == at("2026-03-07T10:30")
    ola = rules.target(policy_of(rules, PolicyForm.OLA), Priority.P2, Market.VN)
    assert ola is not None
    assert ola.working.due(received, 60 * ola.minutes["ack_min"]) == at("2026-03-09T11:00")


def test_scenario_4_waiting_for_the_requester_over_closing_time_counts_only_open_time(rules: Rules) -> None:
    """As golden case G15: half an hour is used in the evening, the rest is left at ten in the morning."""
    policy, begun = policy_of(rules), at("2026-03-02T18:00")
    phases = (
        Phase(begun, S.OPEN, Priority.P2, policy),
        Phase(at("2026-03-02T18:30"), S.PENDING_REQUESTER, Priority.P2, policy),
        Phase(at("2026-03-03T10:00"), S.OPEN, Priority.P2, policy),
    )
    (clock,) = find(clocks_of(Facts(begun, phases), rules, at("2026-03-03T10:00")), ClockKind.RESOLUTION)
    assert (clock.used_min, clock.left_min) == (30, 1770)
    assert clock.due_at == at("2026-03-06T09:30"), "three days of ten hours: nine on the 3rd, ten, ten, half an hour"


def test_scenario_11_a_reopened_case_begins_a_second_cycle_and_the_first_stays(rules: Rules) -> None:
    policy, begun = policy_of(rules), at("2026-03-02T09:00")
    told = (Spoken(begun + 600, Direction.OUT),)
    resolved = (Phase(begun, S.OPEN, Priority.P2, policy), Phase(begun + 7200, S.RESOLVED, Priority.P2, policy))
    fifth_day = begun + int(timedelta(days=5).total_seconds())
    again = (*resolved, Phase(fifth_day, S.OPEN, Priority.P2, policy))
    (before,) = find(clocks_of(Facts(begun, resolved, told), rules, fifth_day), ClockKind.RESOLUTION)
    first, second = find(clocks_of(Facts(begun, again, told), rules, fifth_day), ClockKind.RESOLUTION)
    assert first == before
    assert (first.state, second.cycle, second.state) == (ClockState.MET, 2, ClockState.RUNNING)
    assert second.started_at == fifth_day


def test_scenario_15_a_breach_of_personal_data_has_72_hours_in_viet_nam_and_in_indonesia() -> None:
    known = [one for one in of_kind("deadline_rule") if isinstance(one, DeadlineRule)]
    for market in (Market.VN, Market.ID):
        case = Case(id="c", title="t", market=market, reason="GOV.DATA_BREACH")
        (rule,) = deadlines.offered(known, case)
        made = deadlines.by_rule(rule, case, moment(at("2026-03-02T09:00")))
        assert made.due_at == moment(at("2026-03-05T09:00"))
