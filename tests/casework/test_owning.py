"""Whose a case is: offers, taking back, assigning; absences and who stands in (domain.md §2.8, §9.3, §11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework import acts, owning
from escalation_desk.casework.absence import Absence, absence_of, away, stands_in, stood_in_for
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Role
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused

NOW = datetime(2026, 11, 24, 11, 50, tzinfo=UTC)
LAN = User(id="lan", full_name="Lan", login="lan")
MINH = User(id="minh", full_name="Minh", login="minh")
LEAD = User(id="thu", full_name="Thu", login="thu", roles=frozenset({Role.SHIFT_LEAD}))
names = st.sampled_from("abcde")
days = st.integers(0, 6)


def lans_case() -> Case:
    case = Case(id="c1", case_no="ABCD-000001", title="Refund")
    acts.take(case, LAN, NOW)
    return case


def gone(who: str, instead: str | None, begins: int = -1, ends: int = 5) -> Absence:
    return Absence(
        user=who, substitute=instead, begins_at=NOW + timedelta(days=begins), ends_at=NOW + timedelta(days=ends)
    )


def test_scenario_7_an_offer_that_nobody_answers_is_the_shift_leads_after_30_minutes_and_the_giver_stays() -> None:
    case = lans_case()
    acts.offer(case, MINH, LAN, NOW)

    assert not owning.is_unanswered(case, NOW + timedelta(minutes=29))
    assert owning.is_unanswered(case, NOW + timedelta(minutes=30))
    assert (case.owner, case.assignment) == ("lan", Assignment.OFFERED)


def test_an_offer_is_taken_back_by_its_giver_or_a_lead_and_by_nobody_else() -> None:
    case = lans_case()
    acts.offer(case, MINH, LAN, NOW)
    with pytest.raises(Refused, match="Only the owner or a lead"):
        owning.take_back(case, MINH, NOW)

    note = owning.take_back(case, LEAD, NOW, "Minh is at lunch")
    assert (case.owner, case.assignment, case.offered_to, case.offered_at) == ("lan", Assignment.ACCEPTED, None, None)
    assert "Minh is at lunch" in note.body
    with pytest.raises(Refused, match="offered to nobody"):
        owning.take_back(case, LAN, NOW)


def test_accepting_and_declining_end_the_offer() -> None:
    case = lans_case()
    acts.offer(case, MINH, LAN, NOW)
    acts.decline(case, MINH, NOW, "no room today")
    assert (case.owner, case.offered_at) == ("lan", None)
    acts.offer(case, MINH, LAN, NOW)
    acts.accept(case, MINH)
    assert (case.owner, case.offered_to, case.offered_at) == ("minh", None, None)


def test_only_a_lead_assigns_without_asking() -> None:
    case = lans_case()
    with pytest.raises(Refused, match="offer it instead"):
        owning.assign(case, LEAD, MINH, NOW)
    note = owning.assign(case, MINH, LEAD, NOW, why="Lan is ill")
    assert case.owner == "minh"
    assert note is not None
    assert "Lan is ill" in note.body


def test_what_is_finished_is_not_offered() -> None:
    case = lans_case()
    case.status = CaseStatus.CLOSED
    case.derive()
    with pytest.raises(Refused, match="finished"):
        acts.offer(case, MINH, LAN, NOW)


def test_pitfall_29_a_substitute_of_a_substitute_is_found() -> None:
    known = [gone("a", "b"), gone("b", "c")]
    assert stands_in(known, "a", NOW) == "c"
    assert stood_in_for(known, "c", NOW) == ("a", "b")
    assert stood_in_for(known, "b", NOW) == ()


def test_pitfall_29_an_absence_ends_on_its_date_by_itself() -> None:
    known = [gone("a", "b", -1, 2)]
    assert stands_in(known, "a", NOW) == "b"
    assert stands_in(known, "a", NOW + timedelta(days=2)) == "a"
    assert absence_of(known, "a", NOW - timedelta(days=2)) is None


def test_two_who_stand_in_for_each_other_end_the_search() -> None:
    assert stands_in([gone("a", "b"), gone("b", "a")], "a", NOW) is None
    assert stands_in([gone("a", None)], "a", NOW) is None


@given(st.lists(st.tuples(names, st.none() | names, days, days), max_size=12), names, days)
def test_whoever_stands_in_is_here_and_nobody_stands_in_for_themselves(
    drawn: list[tuple[str, str | None, int, int]], who: str, day: int
) -> None:
    known = [gone(user, instead, begins, begins + length) for user, instead, begins, length in drawn]
    moment = NOW + timedelta(days=day)
    found = stands_in(known, who, moment)

    if found is not None:
        assert absence_of(known, found, moment) is None
        assert (who in stood_in_for(known, found, moment)) == (found != who)
    else:
        assert absence_of(known, who, moment) is not None


def test_who_is_asked_instead_is_named_when_somebody_away_is_offered_a_case() -> None:
    known = [gone("minh", "lan")]
    asked = owning.asked_instead(known, MINH, NOW)
    assert asked is not None
    assert asked[1] == "lan"
    assert owning.asked_instead(known, LAN, NOW) is None


def test_an_absence_has_an_end_after_its_beginning_and_another_person_as_substitute() -> None:
    tomorrow = NOW + timedelta(days=1)
    assert away(LAN, NOW, tomorrow, MINH, "wedding", LAN).substitute == "minh"
    with pytest.raises(Refused, match="ends after it begins"):
        away(LAN, tomorrow, NOW, MINH, "", LAN)
    with pytest.raises(Refused, match="stands in for themselves"):
        away(LAN, NOW, tomorrow, LAN, "", LAN)
    with pytest.raises(Refused, match="Only Minh or a lead"):
        away(MINH, NOW, tomorrow, None, "", LAN)
    assert away(MINH, NOW, tomorrow, None, "", LEAD).user == "minh"
