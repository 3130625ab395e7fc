"""Which policy a case is given, what a lead sees of that before an edit, and what an edit makes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Language, Market, PartyKind, Priority, RiskFlag
from escalation_desk.casework.clocks.conditions import fitting, preview
from escalation_desk.casework.clocks.editions import NEVER_REACHED, STAND_LEVEL, check, new_edition, overlaps
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.clocks.records import Calendar, PolicyForm, SlaPolicy
from escalation_desk.casework.refusal import Refused
from escalation_desk.journal.seed import of_kind

TARGETS = ({"priority": "P2", "calendar": "DESK", "resolution_min": 60, "calendar_by_market": {"ID": "JKT"}},)


def policy(code: str, place: int = 10, **said: Any) -> SlaPolicy:
    return SlaPolicy(**{"id": code, "code": code, "labels": {"en": code}, "targets": TARGETS, "place": place, **said})


def asks(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def chosen(case: Case, kind: PartyKind | None, *policies: SlaPolicy) -> str | None:
    found = Rules.of(policies or seeded(), (), ()).choose(case, kind)
    return found.code if found else None


def seeded() -> tuple[SlaPolicy, ...]:
    return tuple(one for one in of_kind("sla_policy") if isinstance(one, SlaPolicy))


def case(**said: Any) -> Case:
    return Case(title="t", **said)


@pytest.mark.parametrize(
    ("flags", "kind", "code"),
    [
        ((), PartyKind.AUTHORITY, "SLA-AUTH"),
        ((RiskFlag.VIP, RiskFlag.MONEY), PartyKind.AUTHORITY, "SLA-AUTH"),
        ((RiskFlag.VIP, RiskFlag.MONEY), PartyKind.SELLER, "SLA-SEL-KEY"),
        ((RiskFlag.MONEY,), PartyKind.CUSTOMER, "SLA-MONEY"),
        ((RiskFlag.VIP,), PartyKind.CUSTOMER, "SLA-STD"),
        ((RiskFlag.LEGAL,), PartyKind.SELLER, "SLA-STD"),
        ((), None, "SLA-STD"),
        ((RiskFlag.MONEY,), None, "SLA-MONEY"),
    ],
)
def test_the_desk_is_born_with_an_order_of_policies(flags: tuple[RiskFlag, ...], kind: PartyKind, code: str) -> None:
    assert chosen(case(risk_flags=frozenset(flags)), kind) == code


def test_a_condition_can_ask_for_language_market_and_requester() -> None:
    special = policy(
        "VI-ID",
        conditions=(
            asks("language", "is", "vi"),
            asks("market", "any", ["ID", "SG"]),
            asks("requester_kind", "is", "seller"),
        ),
    )
    fits = case(language=Language.VI, market=Market.ID)
    assert chosen(fits, PartyKind.SELLER, special) == "VI-ID"
    assert chosen(fits, PartyKind.CUSTOMER, special) is None
    assert chosen(case(language=Language.EN, market=Market.ID), PartyKind.SELLER, special) is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (asks("tags", "has", "vip"), True),
        (asks("tags", "any", ["a", "vip"]), True),
        (asks("tags", "none", ["vip"]), False),
        (asks("carrier", "empty"), True),
        (asks("title", "filled"), True),
        (asks("title", "contains", "REFUND"), True),
        (asks("market", "not", "VN"), False),
        (asks("received_at", "before", "2026-03-02T00:00:00Z"), True),
        (asks("received_at", "from", "2026-03-02T00:00:00Z"), False),
        (asks("due_at", "before", "2026-03-02T00:00:00Z"), False),
        (asks("no_such_field", "is", "x"), False),
        (asks("market", "sounds_like", "VN"), False),
        (asks("received_at", "before", "yesterday"), False),
        (asks("title", "from", 7), False),
        ({}, False),
    ],
)
def test_each_way_to_compare_works(condition: dict[str, Any], holds: bool) -> None:
    made = Case(title="a refund", tags=frozenset({"vip"}), received_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert (chosen(made, None, policy("A", conditions=(condition,))) == "A") is holds


def test_the_preview_says_what_was_asked_what_was_found_and_whether_it_fits() -> None:
    asked = policy("A", requester_kinds=frozenset({PartyKind.SELLER}), conditions=(asks("market", "is", "VN"),))
    shown = preview(asked, case(market=Market.ID), PartyKind.SELLER)
    assert [(one.field, one.found, one.holds) for one in shown] == [
        ("requester_kind", PartyKind.SELLER, True),
        ("market", Market.ID, False),
    ]
    here = case(market=Market.VN)
    assert fitting(asked, [(here, PartyKind.SELLER), (here, PartyKind.CUSTOMER), (case(market=Market.ID), None)]) == [
        here
    ]


def test_a_policy_that_is_off_deleted_or_of_an_older_edition_is_not_given_but_still_known() -> None:
    old, new = policy("A", id="a1"), policy("A", id="a2", edition=2)
    off = policy("B", place=1, active=False)
    rules = Rules.of((new, old, off), (), ())
    found = rules.choose(case(), None)
    assert found is not None
    assert found.id == "a2"
    assert rules.policy("a1") is old


def test_a_policy_for_internal_teams_is_asked_for_by_its_kind() -> None:
    found = Rules.of(seeded(), (), ()).choose(case(), None, PolicyForm.OLA)
    assert found is not None
    assert found.code == "OLA-STD"


def test_a_target_counts_by_the_calendar_of_the_market() -> None:
    week = {"mon": [["09:00", "10:00"]]}
    calendars = [Calendar(code=code, labels={"en": code}, week=week) for code in ("DESK", "JKT")]
    rules = Rules.of([policy("A")], calendars, ())
    found = [rules.target("A", Priority.P2, market) for market in (Market.VN, "ID", None)]
    assert [one and one.calendar for one in found] == ["DESK", "JKT", "DESK"]
    assert rules.target("A", Priority.P0, None) is None, "the policy says nothing of P0"
    assert Rules.of([policy("A")], (), ()).target("A", Priority.P2, None) is None, "its calendar is not here yet"


def test_rules_that_were_spoilt_elsewhere_count_nothing_and_stop_nobody() -> None:
    """They came from another workstation; saving a case must not fail because of them."""
    never = Calendar(code="DESK", labels={"en": "x"}, week={})
    assert Rules.of([policy("A")], [never], ()).target("A", Priority.P2, None) is None
    odd = policy(
        "A", targets=({"priority": "P2", "calendar": "DESK", "resolution_min": "soon", "next_update_min": -5},)
    )
    week = {"mon": [["09:00", "10:00"]]}
    target = Rules.of([odd], [Calendar(code="DESK", labels={"en": "x"}, week=week)], ()).target("A", Priority.P2, None)
    assert target is not None
    assert (target.resolution, target.next_update) == (0, 0)


def test_a_change_makes_the_next_edition_and_leaves_the_old_one_alone() -> None:
    old = policy("A")
    new = new_edition(old, place=5)
    assert (new.id, new.code, new.edition, new.place, old.edition, old.place) == ("", "A", 2, 5, 1, 10)


@pytest.mark.parametrize(
    "changes",
    [
        {"targets": ()},
        {"targets": ({"priority": "P9", "calendar": "DESK"},)},
        {"targets": ({"priority": "P2", "calendar": ""},)},
        {"targets": ({"priority": "P2", "calendar": "DESK", "resolution_min": -1},)},
        {"targets": ({"priority": "P2", "calendar": "DESK", "resolution_min": 10**9},)},
        {"conditions": (asks("no_such_field", "is", 1),)},
        {"conditions": (asks("market", "like", 1),)},
    ],
)
def test_an_edition_that_no_clock_could_run_by_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        new_edition(policy("A"), **changes)


def test_every_policy_of_a_new_desk_is_sound_and_none_is_out_of_reach() -> None:
    for one in seeded():
        check(one)
    assert overlaps(seeded()) == ()


def test_policies_out_of_reach_and_policies_on_one_level_are_told() -> None:
    everything, sellers = policy("A", 10), policy("B", 20, requester_kinds=frozenset({PartyKind.SELLER}))
    assert [(o.first.code, o.second.code, o.why) for o in overlaps((sellers, everything))] == [
        ("A", "B", NEVER_REACHED)
    ]
    level = [
        policy(code, conditions=(asks(field, "is", "VN"),)) for code, field in (("A", "market"), ("B", "platform"))
    ]
    assert [o.why for o in overlaps(level)] == [STAND_LEVEL]
    apart = [policy(code, conditions=(asks("market", "is", code),)) for code in ("VN", "ID")]
    assert overlaps(apart) == ()
