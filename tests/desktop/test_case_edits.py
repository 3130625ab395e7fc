from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseFamily, PromisedBy, RiskFlag, Severity
from escalation_desk.casework.fields import Show, field_of, fields_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.edits import Clash, Edits, Unread
from escalation_desk.desktop.case.groups import IN_THE_HEAD, fields_shown, groups_for
from escalation_desk.desktop.case.when import quick_moments, read_moment
from escalation_desk.desktop.case.writing import Promised, Writing
from escalation_desk.desktop.moments import Clock
from escalation_desk.i18n import LANGUAGES, set_language

NAMES = ("title", "severity", "risk_flags", "amount", "due_at", "description")
VALUES: dict[str, list[Any]] = {
    "title": ["a", "b", "c"],
    "severity": list(Severity),
    "risk_flags": [frozenset(), frozenset({RiskFlag.LEGAL}), frozenset({RiskFlag.LEGAL, RiskFlag.MEDIA})],
    "amount": [None, Decimal("1.5"), Decimal(489000)],
    "due_at": [None, datetime(2026, 11, 24, 10, tzinfo=UTC)],
    "description": ["", "x\ny", "đơn hàng"],
}
ONE = st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(VALUES[name])))
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam
CLOCK = Clock(NOW, ZoneInfo("Asia/Ho_Chi_Minh"))


def edits(**base: Any) -> Edits:
    made = Edits([field_of(Case, name) for name in NAMES])
    made.arrive({name: VALUES[name][0] for name in NAMES} | base)
    return made


# Three values of a field


def test_what_comes_in_never_touches_what_is_typed() -> None:
    mine = edits()
    mine.type("severity", Severity.S3)
    assert mine.arrive({"severity": Severity.S2, "title": "theirs"}) == {"title": "theirs"}
    assert mine.value("severity") is Severity.S3
    assert mine.clashes == {"severity": Clash("severity", Severity.S1, Severity.S2)}


def test_typing_back_to_what_it_was_is_no_change() -> None:
    mine = edits(title="a")
    mine.type("title", "b")
    mine.type("title", "a")
    assert not mine


def test_the_same_change_by_both_is_no_clash() -> None:
    mine = edits(title="a")
    mine.type("title", "b")
    mine.arrive({"title": "b"})
    assert not mine
    assert not mine.clashes


def test_taking_theirs_gives_mine_up_and_keeping_mine_ends_the_clash() -> None:
    mine = edits(title="a")
    mine.type("title", "b")
    mine.arrive({"title": "c"})
    assert mine.clashes["title"].theirs == "c"
    mine.keep_mine("title")
    assert mine.value("title") == "b"
    assert not mine.clashes
    mine.arrive({"title": "a"})
    assert mine.take_theirs("title") == "a"
    assert not mine


@given(st.lists(st.tuples(st.sampled_from(["type", "arrive", "theirs", "mine"]), ONE), max_size=30))
def test_mine_is_kept_until_i_give_it_up_and_theirs_is_shown_wherever_i_typed_nothing(
    steps: list[tuple[str, tuple[str, Any]]],
) -> None:
    tested, desk = edits(), {name: VALUES[name][0] for name in NAMES}
    typed: dict[str, Any] = {}
    shown = dict(desk)
    for what, (name, value) in steps:
        if what == "type":
            tested.type(name, value)
            typed[name] = shown[name] = value
            if value == desk[name]:
                typed.pop(name)
        elif what == "arrive":
            desk[name] = value
            shown |= tested.arrive({name: value})
            if typed.get(name) == value:
                typed.pop(name, None)
        elif what == "theirs":
            shown[name] = tested.take_theirs(name)
            typed.pop(name, None)
        else:
            tested.keep_mine(name)
        assert tested.typed == typed
        assert all(shown[one] == typed.get(one, desk[one]) == tested.value(one) for one in NAMES)
        assert set(tested.clashes) <= set(typed)


@given(st.lists(ONE, max_size=8), ONE)
def test_a_draft_comes_back_as_json_and_shows_who_was_faster(typed: list[tuple[str, Any]], faster: Any) -> None:
    mine = edits()
    for name, value in typed:
        mine.type(name, value)
    desk = {name: VALUES[name][0] for name in NAMES} | dict([faster])
    again = Edits([field_of(Case, name) for name in NAMES])
    again.restore(json.loads(json.dumps(mine.draft())))
    again.arrive(desk)
    kept = {name: value for name, value in mine.typed.items() if desk[name] != value}
    assert again.typed == kept
    assert set(again.clashes) == {name for name in kept if name == faster[0] and faster[1] != VALUES[name][0]}


def test_what_could_not_be_read_is_kept_as_it_was_typed() -> None:
    mine = edits()
    mine.type("amount", Unread("12x", "no amount"))
    again = edits()
    again.restore(json.loads(json.dumps(mine.draft())))
    assert again.typed == {"amount": Unread("12x", "no amount")}


def test_a_draft_of_a_field_that_is_gone_is_left_out() -> None:
    again = edits()
    again.restore({"gone": {"base": "a", "mine": "b"}})
    assert not again


# The form follows from the declarations


def test_every_field_declared_for_the_form_stands_on_the_page_once() -> None:
    wanted = {f.name for f in fields_of(Case) if Show.FORM in f.declared.show}
    shown = fields_shown()
    assert wanted - set(shown) == IN_THE_HEAD
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("family", list(CaseFamily))
def test_a_field_is_laid_out_once_whatever_the_kind_of_case(family: CaseFamily) -> None:
    names = [name for group in groups_for(family, ["claim"]) for line in group.names for name in line.split("+")]
    assert len(names) == len(set(names))
    assert ("ruling" in names) is (family is CaseFamily.DISPUTE)
    assert "claim" in names


# Moments as people type them


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("14:30", "24/11/2026 14:30"),
        ("9h05", "24/11/2026 09:05"),
        ("25/11", "25/11/2026 09:00"),
        ("25/11 14:30", "25/11/2026 14:30"),
        ("1.12.2026 8:00", "01/12/2026 08:00"),
        ("+2h", "24/11/2026 12:00"),
        ("+45m", "24/11/2026 10:45"),
        ("+3d", "27/11/2026 10:00"),
        ("tomorrow", "25/11/2026 09:00"),
        ("mai 14:30", "25/11/2026 14:30"),
        ("ngày mai 8", "25/11/2026 08:00"),
        ("besok 10:15", "25/11/2026 10:15"),
        ("2026-11-30T08:00", "30/11/2026 08:00"),
    ],
)
def test_a_moment_is_read_in_the_zone_of_whoever_types(typed: str, local: str) -> None:
    assert CLOCK.full(read_moment(typed, CLOCK)) == local


@pytest.mark.parametrize("typed", ["yesterdayish", "31/2", "25:00", "12", "+2x", "tomorrow 25:00", "1/1/1 1:1"])
def test_what_is_no_moment_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match="14:30"):
        read_moment(typed, CLOCK)


def test_nothing_typed_is_no_moment() -> None:
    assert read_moment("  ", CLOCK) is None


@given(st.integers(0, 50_000_000))
def test_a_moment_shown_whole_reads_back_as_itself(minutes: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert read_moment(CLOCK.full(moment), CLOCK) == moment


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_quick_moments_are_all_to_come(language: str) -> None:
    set_language(language)
    try:
        for hour in range(24):
            clock = Clock(NOW + timedelta(hours=hour), CLOCK.zone)
            assert all(at > clock.now for _words, at in quick_moments(clock))
    finally:
        set_language("en")


# What is being written


def test_a_writing_comes_back_from_its_draft() -> None:
    writing = Writing(
        mode="call",
        text="x",
        counterpart="Hoa",
        at="14:30",
        promises=(Promised("Call back", NOW, "Hoa", PromisedBy.THEM),),
    )
    assert Writing.from_data(json.loads(json.dumps(writing.to_data()))) == writing


def test_a_draft_of_another_version_is_read_as_far_as_it_goes() -> None:
    assert Writing.from_data({"mode": "telepathy", "text": "x", "newer": 1}) == Writing(text="x")


def test_a_kind_of_entry_alone_is_nothing_to_lose() -> None:
    assert Writing(mode="call", direction="in", channel="phone").empty
    assert not Writing(text="x").empty
    assert not Writing(promises=(Promised("x", NOW),)).empty
