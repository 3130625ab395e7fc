"""Who must be told by when: the earliest of all rules and conditions, never later for knowing more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Channel, Market, Priority, RiskFlag, Severity, Urgency
from escalation_desk.casework.clocks.facts import ClockKind
from escalation_desk.casework.escalating.matrix import Contact, Since, Telling, because, tellings
from escalation_desk.casework.escalating.records import AuthorityRule, Escalation, EscalationState
from escalation_desk.casework.escalating.used import Reached

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def always_open(_code: str, _market: Market, at: datetime) -> datetime:
    return at


def told(case: Case, rules: Iterable[AuthorityRule], since: Since | None = None, **more: Any) -> dict[str, Telling]:
    found = tellings(case, rules, since or Since(NOW), more.pop("now", NOW), more.pop("opens", always_open), **more)
    return {one.authority: one for one in found}


def minutes(found: dict[str, Telling], *codes: str) -> list[int]:
    return [int((found[code].due_at - NOW) / MINUTE) for code in codes]


def a_case(reason: str = "", severity: str = "S2", urgency: str = "U1", *flags: RiskFlag) -> Case:
    case = Case(
        title="A case",
        reason=reason or None,
        severity=Severity(severity),  # type: ignore[call-arg]
        urgency=Urgency(urgency),  # type: ignore[call-arg]
        risk_flags=frozenset(flags),
    )
    case.derive()
    return case


def test_scenario_2_a_suspended_seller_is_told_to_governance_and_seller_management(rules: list[AuthorityRule]) -> None:
    case = a_case("SEL.ACC.SUSPENSION")

    found = told(case, rules)

    assert case.priority is Priority.P1
    assert minutes(found, "GOVERNANCE", "SELLER_MGMT", "T2_LEAD", "DUTY_MANAGER") == [120, 60, 15, 60]
    assert set(found) == {"GOVERNANCE", "SELLER_MGMT", "T2_LEAD", "DUTY_MANAGER"}


def test_scenario_15_a_data_breach_is_told_to_legal_and_data_protection_in_15_minutes(
    rules: list[AuthorityRule],
) -> None:
    case = a_case("GOV.DATA_BREACH", "S1", "U1", RiskFlag.PRIVACY)

    found = told(case, rules)

    assert case.priority is Priority.P0
    assert minutes(found, "LEGAL", "DPO") == [15, 15]
    assert "EXEC" not in found  # Only an incident of the first degree, or silence below, is told to executives.
    assert because(found["DPO"], case, "Data breach") == (
        "because of the risk “Personal data” and the reason “Data breach”: within 15 min at P0 Critical"
    )


def test_a_prefix_of_a_reason_ends_at_a_dot(rules: list[AuthorityRule]) -> None:
    assert "GOVERNANCE" not in told(a_case("SEL.ACCESSORIES"), rules)


def test_the_minutes_run_from_the_moment_a_flag_was_set(rules: list[AuthorityRule]) -> None:
    case = a_case("CUS.RFD.LATE", "S2", "U1", RiskFlag.LEGAL)
    since = Since(NOW - 3 * timedelta(hours=1), flags={RiskFlag.LEGAL: NOW})

    assert minutes(told(case, rules, since), "LEGAL", "T2_LEAD") == [60, -165]


def test_a_reason_counts_from_when_it_stands_under_its_prefix_without_a_break() -> None:
    rule = AuthorityRule(code="r", authority="A", reasons=frozenset({"SEL.FIN"}), notify_min={"P1": 10})
    reasons = [
        (NOW - 60 * MINUTE, "SEL.FIN.FEE"),
        (NOW - 50 * MINUTE, "CUS.LOG"),
        (NOW - 40 * MINUTE, "SEL.FIN.FEE"),
        (NOW - 30 * MINUTE, "SEL.FIN.SETTLE_HOLD"),
    ]

    found = told(a_case("SEL.FIN.SETTLE_HOLD"), [rule], Since(NOW - 60 * MINUTE, reasons=reasons))

    assert minutes(found, "A") == [-30]


def test_a_priority_that_rises_delays_nothing_and_may_hurry() -> None:
    rule = AuthorityRule(code="r", authority="A", always=True, notify_min={"P0": 15, "P1": 60})
    case = a_case("", "S1", "U1")
    rose_late = [(NOW - 50 * MINUTE, Priority.P1), (NOW, Priority.P0)]
    rose_soon = [(NOW - 50 * MINUTE, Priority.P1), (NOW - 49 * MINUTE, Priority.P0)]

    assert minutes(told(case, [rule], Since(NOW - 50 * MINUTE, priorities=rose_late)), "A") == [10]
    assert minutes(told(case, [rule], Since(NOW - 50 * MINUTE, priorities=rose_soon)), "A") == [-34]


def test_a_rule_with_hours_holds_within_them_and_counts_within_them() -> None:
    rule = AuthorityRule(code="r", authority="A", always=True, hours="NIGHT", notify_min={"P1": 10})
    opening = NOW + 5 * MINUTE

    def opens(_code: str, _market: Market, at: datetime) -> datetime:
        return max(at, opening)

    case = a_case()
    assert told(case, [rule], opens=opens) == {}
    assert minutes(told(case, [rule], now=opening, opens=opens), "A") == [15]
    assert minutes(told(case, [rule], opens=lambda *_asked: None), "A") == [10]  # The calendar is gone.


def test_markets_and_contacts_choose_who_is_asked_for() -> None:
    contacts = (
        {"market": "", "primary": "Anybody"},
        {"market": "VN", "primary": "Ms Hoa", "backup": "Mr Nam", "channel": "phone", "address": "ext. 12"},
    )
    rule = AuthorityRule(code="r", authority="A", always=True, notify_min={"P1": 10}, contacts=contacts)
    here, there = a_case(), replace(a_case(), market=Market.ID)

    assert told(here, [rule])["A"].contact == Contact("Ms Hoa", "Mr Nam", Channel.PHONE, "ext. 12")
    assert told(there, [rule])["A"].contact == Contact("Anybody")
    assert told(there, [replace(rule, markets=frozenset({Market.VN}))]) == {}


# What is told already


def test_who_was_told_comes_last_and_says_so(rules: list[AuthorityRule]) -> None:
    sent = Escalation(case="c", authority="T2_LEAD", reason="r", decision_asked="d", notified_at=NOW)

    found = tellings(a_case("SEL.ACC.SUSPENSION"), rules, Since(NOW), NOW, always_open, [sent])

    assert [(one.authority, one.told) for one in found][-1] == ("T2_LEAD", True)
    assert found[0].authority in {"SELLER_MGMT", "DUTY_MANAGER"}


def test_a_withdrawn_escalation_is_not_asked_for_again_until_something_new_is_known() -> None:
    rule = AuthorityRule(code="r", authority="A", flags=frozenset(RiskFlag), always=True, notify_min={"P1": 10})
    given_up = Escalation(
        case="c",
        authority="A",
        reason="r",
        decision_asked="d",
        state=EscalationState.WITHDRAWN,
        ended_at=NOW,
    )
    received = NOW - 5 * MINUTE
    case = a_case()

    assert told(case, [rule], Since(received), escalations=[given_up]) == {}
    case.risk_flags = frozenset({RiskFlag.MEDIA})
    later = Since(received, flags={RiskFlag.MEDIA: NOW + MINUTE})
    assert list(told(case, [rule], later, escalations=[given_up])) == ["A"]


# For any rules

MOMENTS = st.integers(0, 600).map(lambda n: NOW - n * MINUTE)
FLAGS = st.frozensets(st.sampled_from(list(RiskFlag)), max_size=4)
REASONS = st.sampled_from(["SEL", "SEL.ACC", "SEL.ACC.SUSPENSION", "CUS.LOG", "GOV"])


@st.composite
def a_rule(draw: st.DrawFn) -> AuthorityRule:
    given_minutes = draw(st.dictionaries(st.sampled_from(["P0", "P1", "P2", "P3"]), st.integers(1, 500), min_size=1))
    return AuthorityRule(
        code=f"r{draw(st.integers(0, 99))}",
        authority=draw(st.sampled_from(["A", "B", "C"])),
        place=draw(st.integers(0, 5)),
        always=draw(st.booleans()),
        flags=draw(FLAGS),
        reasons=draw(st.frozensets(REASONS, max_size=2)),
        hours=draw(st.sampled_from([None, "DAY"])),
        notify_min=given_minutes,
    )


@st.composite
def some_since(draw: st.DrawFn) -> Since:
    received = NOW - 600 * MINUTE
    flags = draw(st.dictionaries(st.sampled_from(list(RiskFlag)), MOMENTS))
    priorities = draw(st.lists(st.tuples(MOMENTS, st.sampled_from(list(Priority))), max_size=4))
    return Since(received, flags, (), sorted(priorities))


def by_quarter(_code: str, _market: Market, at: datetime) -> datetime:
    """Open in the first half of each hour."""
    return at if at.minute < 30 else at.replace(minute=0, second=0) + timedelta(hours=1)


CASES = st.builds(a_case, REASONS, st.sampled_from(["S1", "S2", "S3", "S4"]), st.sampled_from(["U1", "U2", "U3"]))


def earliest(case: Case, rules: Sequence[AuthorityRule], since: Since) -> dict[str, datetime]:
    return {code: one.due_at for code, one in told(case, rules, since, opens=by_quarter).items()}


def is_never_later(before: dict[str, datetime], after: dict[str, datetime]) -> bool:
    return all(code in after and after[code] <= due for code, due in before.items())


@given(CASES, st.lists(a_rule(), max_size=5), a_rule(), some_since())
def test_a_rule_that_is_added_never_delays_a_telling(
    case: Case, rules: list[AuthorityRule], another: AuthorityRule, since: Since
) -> None:
    assert is_never_later(earliest(case, rules, since), earliest(case, [*rules, another], since))


@given(CASES, st.lists(a_rule(), max_size=5), some_since(), st.sampled_from(list(RiskFlag)))
def test_a_flag_that_is_added_never_delays_a_telling(
    case: Case, rules: list[AuthorityRule], since: Since, flag: RiskFlag
) -> None:
    flagged = replace(case, risk_flags=case.risk_flags | {flag})

    assert is_never_later(earliest(case, rules, since), earliest(flagged, rules, since))


@given(CASES, st.lists(a_rule(), max_size=5), some_since(), st.randoms())
def test_the_order_of_the_rules_changes_nothing_of_when(
    case: Case, rules: list[AuthorityRule], since: Since, chance: Any
) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)

    assert earliest(case, rules, since) == earliest(case, shuffled, since)


# Clocks, and cases that came back


def test_a_lead_is_told_of_a_p2_whose_clock_has_used_three_quarters(rules: list[AuthorityRule]) -> None:
    case = a_case("SEL.PRM", "S3", "U2")
    used = {75: [Reached(NOW, ClockKind.RESOLUTION)]}

    assert case.priority is Priority.P2
    assert told(case, rules) == {}
    found = told(case, rules, Since(NOW - 60 * MINUTE, used=used))

    assert minutes(found, "T2_LEAD") == [15]
    assert set(found) == {"T2_LEAD"}
    said = because(found["T2_LEAD"], case)
    assert said == "because 75 % of the clock “Resolution” is used: within 15 min at P2 Normal"


def test_a_case_that_was_reopened_twice_is_told_to_the_lead_from_the_second_time_on(rules: list[AuthorityRule]) -> None:
    case = a_case("SEL.PRM", "S3", "U2")
    since = Since(NOW - 60 * MINUTE, reopened=[NOW - 30 * MINUTE, NOW])
    case.reopen_count = 1
    assert told(case, rules, since) == {}

    case.reopen_count = 2

    found = told(case, rules, since)
    assert minutes(found, "T2_LEAD") == [15]
    assert because(found["T2_LEAD"], case).startswith("because the case was reopened 2 times")
    assert minutes(told(case, rules, Since(NOW - 60 * MINUTE)), "T2_LEAD") == [-45]  # It is not known when.


def test_a_duty_manager_is_told_of_a_missed_p1_but_not_of_a_missed_p2() -> None:
    rule = AuthorityRule(code="m", authority="DUTY", clock_used=100, notify_min={"P0": 15, "P1": 60})
    since = Since(NOW, used={100: [Reached(NOW, ClockKind.FIRST_RESPONSE)]})

    assert told(a_case("", "S3", "U2"), [rule], since) == {}
    case = a_case()
    found = told(case, [rule], since)
    assert minutes(found, "DUTY") == [60]
    assert because(found["DUTY"], case).startswith("because the clock “First response” was missed: within 60 min")


def test_a_clock_that_is_missed_after_a_withdrawal_is_told_all_the_same() -> None:
    rule = AuthorityRule(code="m", authority="A", clock_used=100, notify_min={"P1": 10})
    given_up = Escalation(case="c", authority="A", state=EscalationState.WITHDRAWN, reason="", decision_asked="")
    given_up.ended_at = NOW
    first = Reached(NOW - MINUTE, ClockKind.NEXT_UPDATE)

    assert told(a_case(), [rule], Since(NOW, used={100: [first]}), escalations=[given_up]) == {}
    second = Reached(NOW + MINUTE, ClockKind.RESOLUTION)
    assert "A" in told(a_case(), [rule], Since(NOW, used={100: [first, second]}), escalations=[given_up])
