"""The rules of who is told are changed into what can be read again; only leads restrict cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Channel, Language, Market, RiskFlag, Role
from escalation_desk.casework.escalating import keeping
from escalation_desk.casework.escalating.records import AuthorityRule, RiskWord
from escalation_desk.casework.escalating.restricting import restrict, scope_said
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LAN = User(id="lan", full_name="Lan", login="lan")
LEAD = User(id="lead", full_name="Thu", login="thu", roles=frozenset({Role.LEAD}))


def a_rule() -> AuthorityRule:
    return AuthorityRule(code="r", authority="LEGAL", notify_min={"P0": 15})


def test_a_rule_takes_other_values() -> None:
    rule = a_rule()

    keeping.change(rule, {"always": True, "notify_min": {"P0": 5}})

    assert (rule.always, rule.notify_min) == (True, {"P0": 5})


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"notify_min": {}}, "one priority at least"),
        ({"notify_min": {"P9": 5}}, "no number of minutes"),
        ({"notify_min": {"P0": 0}}, "no number of minutes"),
        ({"ack_min": {"P0": 10**9}}, "no number of minutes"),
        ({"next_authority": "LEGAL"}, "next level of itself"),
    ],
)
def test_what_makes_no_rule_is_refused_and_changes_nothing(values: dict[str, Any], says: str) -> None:
    rule = a_rule()

    with pytest.raises(Refused, match=says):
        keeping.change(rule, {"always": True, **values})

    assert rule == a_rule()


def test_another_rule_for_an_authority_holds_for_nothing_until_it_is_filled_in() -> None:
    made = keeping.another(a_rule(), {"r", "LEGAL-2"})

    assert (made.code, made.authority, made.notify_min) == ("LEGAL-3", "LEGAL", {"P0": 15})
    assert (made.always, made.flags, made.reasons) == (False, frozenset(), frozenset())


def test_minutes_are_read_as_they_are_typed() -> None:
    assert keeping.minutes_of({"P0": " 15 ", "P1": ""}) == {"P0": 15}
    for text in ("soon", "-5", "1.5", "١٥"):
        with pytest.raises(Refused, match="no number of minutes"):
            keeping.minutes_of({"P0": text})


def test_contacts_are_kept_by_market_and_a_line_without_a_name_is_left_out() -> None:
    rows = [
        (Market.VN, " Ms Hoa ", "Mr Nam", Channel.PHONE, "ext. 12"),
        (None, "Duty desk", "", None, ""),
        (Market.ID, "", "", Channel.PHONE, "nobody"),
    ]

    assert keeping.contacts_of(rows) == (
        {"market": "VN", "primary": "Ms Hoa", "backup": "Mr Nam", "channel": "phone", "address": "ext. 12"},
        {"market": "", "primary": "Duty desk", "backup": "", "channel": "", "address": ""},
    )
    with pytest.raises(Refused, match="two lines"):
        keeping.contacts_of([*rows, (Market.VN, "Another", "", None, "")])


def test_only_a_lead_restricts_a_case_and_the_reason_stands_on_it() -> None:
    case = Case(title="Leak", market=Market.ID)

    with pytest.raises(Refused, match="Only a lead"):
        restrict(case, "Court", LAN, NOW)
    with pytest.raises(Refused, match="Say why"):
        restrict(case, " ", LEAD, NOW)
    note = restrict(case, "Court", LEAD, NOW)

    assert (case.restricted, note.body) == (True, "Restricted: Court")
    assert scope_said(case, "t2") == "ID/t2!restricted"
    assert (restrict(case, "Over", LEAD, NOW).body, case.restricted) == ("Open to the team: Over", False)


def test_a_new_word_hints_at_its_risk_or_silences_others() -> None:
    police = keeping.new_word("  Cảnh   SÁT ", Language.VI, RiskFlag.LEGAL, [])
    parcel = keeping.new_word("kiện gỗ", Language.VI, None, [police])

    assert (police.word, police.flag, police.excluded) == ("cảnh sát", RiskFlag.LEGAL, False)
    assert (parcel.flag, parcel.excluded) == (None, True)
    for text, says in (("cảnh sát", "on the list already"), (" ", "Write")):
        with pytest.raises(Refused, match=says):
            keeping.new_word(text, Language.VI, RiskFlag.LEGAL, [police])


def test_a_word_is_switched_off_and_on() -> None:
    word = RiskWord(word="police", flag=RiskFlag.LEGAL)

    keeping.switch(word)
    assert not word.active
    keeping.switch(word)
    assert word.active
