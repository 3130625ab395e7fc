"""What is at stake: said in short notes, said again later, and told to whoever decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Form, RiskFlag, Severity
from escalation_desk.casework.escalating.assessing import Assessment, Impact, assess, assessments
from escalation_desk.casework.escalating.brief import prefilled
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ME = User(id="me", full_name="Lan", login="lan")


def test_an_assessment_sets_the_severity_and_stands_on_the_timeline() -> None:
    case = Case(title="Fire", severity=Severity.S4)

    message = assess(case, Assessment(Severity.S2, {Impact.MONEY: " 40 m VND "}, "Ms Hoa, Finance"), ME, NOW)

    assert case.severity is Severity.S2
    assert message.form is Form.NOTE
    assert message.body.endswith("Money: 40 m VND · asked: Ms Hoa, Finance")


def test_what_was_said_before_stays_and_the_newest_comes_first() -> None:
    case = Case(title="Fire")
    assess(case, Assessment(Severity.S2, {Impact.REACH: "3 orders"}), ME, NOW)
    first = case.assessments[0]
    assess(case, Assessment(Severity.S1, {Impact.REACH: "300 orders"}), ME, NOW + MINUTE)

    assert case.assessments[0] == first
    assert [one.impacts[Impact.REACH] for one in assessments(case)] == ["300 orders", "3 orders"]
    assert [(one.severity, one.by, one.at) for one in assessments(case)] == [
        (Severity.S1, "me", NOW + MINUTE),
        (Severity.S2, "me", NOW),
    ]


def test_of_two_in_one_second_the_later_one_counts() -> None:
    case = Case(title="Fire")
    for text in ("first", "second"):
        assess(case, Assessment(Severity.S2, {Impact.REACH: text}), ME, NOW)

    assert assessments(case)[0].impacts[Impact.REACH] == "second"


@pytest.mark.parametrize("said", [{}, {Impact.LEGAL: "  "}, {Impact.LEGAL: "x" * 401}])
def test_nothing_or_too_much_is_refused_and_changes_nothing(said: dict[Impact, str]) -> None:
    case = Case(title="Fire", severity=Severity.S4)

    with pytest.raises(Refused):
        assess(case, Assessment(Severity.S1, said), ME, NOW)

    assert (case.severity, case.assessments) == (Severity.S4, ())


def test_an_entry_of_another_version_is_read_as_far_as_it_is_known() -> None:
    case = Case(title="Fire", assessments=({"severity": "S9", "impacts": {"moon": "far", "legal": "sued"}},))

    (one,) = assessments(case)

    assert (one.severity, dict(one.impacts), one.at) == (Severity.S4, {Impact.LEGAL: "sued"}, None)


def test_the_page_for_whoever_decides_says_what_is_at_stake() -> None:
    case = Case(title="Fire", risk_flags=frozenset({RiskFlag.MEDIA}))
    assess(case, Assessment(Severity.S2, {Impact.REPUTATION: "on the news"}, "PR"), ME, NOW)

    assert prefilled(case).risk.endswith(" · Reputation: on the news · asked: PR")


# How long telling and answering took


def an_escalation(**said: datetime | EscalationState) -> Escalation:
    one = Escalation(case="c", authority="A", reason="r", decision_asked="d", raised_at=NOW)
    for name, value in said.items():
        setattr(one, name, value)
    one.derive()
    return one


def test_telling_and_answering_are_counted_in_minutes() -> None:
    one = an_escalation(notified_at=NOW + 12 * MINUTE, acknowledged_at=NOW + 32 * MINUTE)

    assert (one.tell_min, one.ack_min, one.late) == (12, 20, False)
    assert (an_escalation().tell_min, an_escalation().ack_min) == (None, None)


def test_late_is_what_was_told_or_acknowledged_after_it_was_due_or_never() -> None:
    told = an_escalation(notify_due_at=NOW + 10 * MINUTE, notified_at=NOW + 12 * MINUTE)
    answered = an_escalation(notified_at=NOW, ack_due_at=NOW + MINUTE, acknowledged_at=NOW + 3 * MINUTE)

    assert (told.late, told.late_by("notified_at", "notify_due_at")) == (True, 2 * MINUTE)
    assert (answered.late, answered.late_by("acknowledged_at", "ack_due_at")) == (True, 2 * MINUTE)
    assert an_escalation(state=EscalationState.TIMED_OUT).late
    assert not an_escalation(notify_due_at=NOW, notified_at=NOW).late
