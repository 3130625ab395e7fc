"""How values read: money the market's way, times in the desk's zone, words of the desk with their squares."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from escalation_desk.casework.choices import Priority
from escalation_desk.documents.words import Money, Reading, money, plain, utc_offset
from escalation_desk.i18n import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.mark.parametrize(
    ("language", "amount", "currency", "said"),
    [
        ("en", "1234567", "VND", "1,234,567 VND"),
        ("vi", "1234567.00", "VND", "1.234.567 VND"),
        ("id", "42500000", "IDR", "42.500.000 IDR"),
        ("vi", "1234.5", "USD", "1.234,50 USD"),
        ("en", "0.125", "USD", "0.125 USD"),  # Not rounded away.
        ("en", "-5", "SGD", "-5.00 SGD"),
    ],
)
def test_money_reads_as_its_market_writes_it(language: str, amount: str, currency: str, said: str) -> None:
    with speaking(language):
        assert money(Money(Decimal(amount), currency)) == said


def test_every_kind_of_value_has_its_words(zone: ZoneInfo) -> None:
    say = Reading(zone).say

    assert say(datetime(2026, 11, 24, 20, 5, tzinfo=UTC)) == "25/11/2026 03:05"
    assert say(date(2026, 11, 24)) == "24/11/2026"
    assert say(Priority.P1) == "■■■□ P1 High"
    assert say(("a", "", None, "b")) == "a · b"
    assert say(("a", "b"), numbered=True) == "1. a\n2. b"
    assert (say(None), say(""), say(True), say(3)) == ("", "", "Yes", "3")


def test_only_personal_values_are_hidden(zone: ZoneInfo) -> None:
    reading = Reading(zone, lambda text, kind: f"<{kind}:{len(text)}>")

    assert reading.say("Nguyễn", "name") == "<name:6>"
    assert reading.say(("0912", "a@b.com"), "contact") == "<contact:4> · <contact:7>"
    assert reading.say("VN7-1") == "VN7-1"


@pytest.mark.parametrize(
    ("zone_name", "said"),
    [
        ("Asia/Jakarta", "UTC+07:00 (Asia/Jakarta)"),
        ("America/St_Johns", "UTC-03:30 (America/St_Johns)"),
        ("UTC", "UTC+00:00"),
    ],
)
def test_a_zone_is_told_with_its_offset(zone_name: str, said: str) -> None:
    assert utc_offset(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo(zone_name)) == said


def test_plain_text_keeps_what_can_be_kept() -> None:
    assert plain("a\r\nb\tc\x00\x85") == "a\nb\tc"
    assert plain("e\u0302\u0301 \ud800 \ufffe") == "\u1ebf \ufffd \ufffd"
