"""Who answers for what: order of the rules, prefixes, backups, stale contacts, the sentence of the tester."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.choices import Market, PartyKind
from escalation_desk.casework.contacts import routing
from escalation_desk.casework.contacts.records import RoutingRule
from tests.casework.contact_desk import contact, directory

if TYPE_CHECKING:
    import random

DAY = date(2026, 11, 24)


def rule(code: str, **said: Any) -> RoutingRule:
    return RoutingRule(id=f"r-{code}", code=code, **({"team": "LOGISTICS"} | said))


def route(reason: str | None, *rules: RoutingRule, market: Market = Market.VN, kind: Any = None, pocs: Any = ()) -> Any:
    return routing.route(routing.About(reason, market, kind), directory(pocs, rules or None), DAY)


def test_the_seed_sends_a_lost_parcel_to_logistics_and_says_why() -> None:
    found = route("CUS.LOG.NOT_DELIVERED")
    assert (found.team, found.poc) == ("LOGISTICS", None)
    assert routing.told(found, directory()) == (
        "Goes to Logistics because rule CUS.LOG holds: the reason begins with CUS.LOG."
    )


def test_a_narrower_rule_of_the_seed_goes_before_its_group() -> None:
    assert route("CUS.PAY.VOUCHER").team == "CAMPAIGN"
    assert route("CUS.PAY.DOUBLE_CHARGE").team == "PAYMENT_OPS"


def test_a_prefix_ends_where_a_word_of_the_code_ends() -> None:
    assert route("CUS.LOGIN", rule("A", reason_prefix="CUS.LOG")) is None
    assert route("CUS.LOG", rule("A", reason_prefix="CUS.LOG")) is not None


def test_without_a_rule_that_holds_nobody_is_named() -> None:
    assert route("XYZ") is None
    assert route(None) is None


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ({"market": Market.ID}, {}),
        ({"requester_kind": PartyKind.SELLER}, {"kind": PartyKind.CUSTOMER}),
        ({"valid_to": DAY - timedelta(days=1)}, {}),
        ({"valid_from": DAY + timedelta(days=1)}, {}),
        ({"team": "GONE"}, {}),
    ],
)
def test_every_condition_of_a_rule_must_hold(said: dict[str, Any], about: dict[str, Any]) -> None:
    first = rule("A", place=1, **said)
    assert route("CUS.LOG.X", first, rule("B", place=2), **about).rule == "r-B"


def test_the_place_goes_before_the_length_of_the_prefix_and_that_before_all_else() -> None:
    long, short = rule("L", reason_prefix="CUS.LOG.X", place=5), rule("S", reason_prefix="CUS", place=4)
    assert route("CUS.LOG.X", long, short).rule == "r-S"
    short.place = 5
    assert route("CUS.LOG.X", short, long).rule == "r-L"


def test_the_conditions_are_said() -> None:
    found = route(
        "SEL.A",
        rule("A", reason_prefix="SEL", market=Market.VN, requester_kind=PartyKind.SELLER),
        kind=PartyKind.SELLER,
    )
    assert found.because == (
        "rule A holds: the reason begins with SEL, the market is Viet Nam, the requester is of the kind “Seller”"
    )


def test_somebody_who_left_is_answered_for_by_the_backup() -> None:
    lan = contact("Lan", valid_to=date(2026, 10, 31), backup="p-Minh")
    found = route("CUS.LOG.X", rule("A", poc="p-Lan"), pocs=[lan, contact("Minh")])
    assert found.poc == "p-Minh"
    assert found.warnings == ("Lan is no contact any more; Minh stands in.",)


def test_somebody_away_is_answered_for_by_the_backup_and_comes_back_the_day_after() -> None:
    lan = contact("Lan", away_until=DAY, backup="p-Minh")
    rules = (rule("A", poc="p-Lan"),)
    found = route("CUS.LOG.X", *rules, pocs=[lan, contact("Minh")])
    assert (found.poc, found.warnings) == ("p-Minh", ("Lan is away until 24/11/2026; Minh stands in.",))
    lan.away_until = DAY - timedelta(days=1)
    assert route("CUS.LOG.X", *rules, pocs=[lan, contact("Minh")]).poc == "p-Lan"


def test_backups_that_name_each_other_end_at_the_team_and_say_so() -> None:
    lan = contact("Lan", valid_to=date(2026, 1, 1), backup="p-Minh")
    minh = contact("Minh", away_until=DAY, backup="p-Lan")
    found = route("CUS.LOG.X", rule("A", poc="p-Lan"), pocs=[lan, minh])
    assert (found.team, found.poc) == ("LOGISTICS", None)
    assert found.warnings == ("Lan is no contact any more and has no backup that is there.",)


def test_a_backup_of_another_team_takes_the_request_to_that_team() -> None:
    lan = contact("Lan", valid_to=date(2026, 1, 1), backup="p-Hà")
    found = route("CUS.LOG.X", rule("A", poc="p-Lan"), pocs=[lan, contact("Hà", "ORDER_OPS")])
    assert (found.team, found.poc) == ("ORDER_OPS", "p-Hà")


def test_a_rule_without_a_person_finds_who_is_there_for_the_market() -> None:
    for_all, for_id, for_vn = contact("An"), contact("Budi", market=Market.ID), contact("Vy", market=Market.VN)
    pocs = [for_all, for_id, for_vn]
    assert route("CUS.LOG.X", rule("A"), pocs=pocs).poc == "p-Vy"
    assert route("CUS.LOG.X", rule("A"), pocs=pocs, market=Market.ID).poc == "p-Budi"
    assert route("CUS.LOG.X", rule("A"), pocs=pocs, market=Market.TH).poc == "p-An"


@pytest.mark.parametrize(
    ("confirmed", "warning"),
    [
        (DAY - timedelta(days=90), ()),
        (DAY - timedelta(days=91), ("Lan was last confirmed 91 days ago.",)),
        (None, ("Nobody has confirmed Lan as a contact yet.",)),
    ],
)
def test_a_contact_that_nobody_confirmed_for_ninety_days_warns(confirmed: Any, warning: Any) -> None:
    found = route("CUS.LOG.X", rule("A", poc="p-Lan"), pocs=[contact("Lan", confirmed_on=confirmed)])
    assert found.warnings == warning


WORDS = st.sampled_from(["CUS", "CUS.LOG", "CUS.LOG.X", "CUS.L", "SEL", ""])
MARKETS = st.sampled_from([None, Market.VN, Market.ID])
RULES = st.lists(st.tuples(WORDS, MARKETS, st.integers(1, 3)), max_size=8)


@given(RULES, WORDS, MARKETS, st.randoms(use_true_random=False))
def test_the_same_rules_in_any_order_send_a_case_to_the_same_place(
    said: list[Any], reason: str, market: Any, shuffle: random.Random
) -> None:
    rules = [rule(f"R{at}", reason_prefix=prefix, market=m, place=place) for at, (prefix, m, place) in enumerate(said)]
    mixed = rules[:]
    shuffle.shuffle(mixed)
    about = routing.About(reason, market)
    one, other = (routing.route(about, directory((), found), DAY) for found in (rules, mixed))
    assert one == other
    if one is None:
        assert not any(routing.holds(r, about, DAY) for r in rules)
    else:
        taken = next(r for r in rules if r.id == one.rule)
        assert routing.holds(taken, about, DAY)
        assert taken.place == min(r.place for r in rules if routing.holds(r, about, DAY))
