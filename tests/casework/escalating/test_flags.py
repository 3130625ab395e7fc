"""Words of risk are found whole, with the accents that were typed; what only looks like one is left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import RiskFlag
from escalation_desk.casework.escalating.flags import Said, Words, confirm, dismiss, open_hints, texts_of
from escalation_desk.casework.escalating.records import RiskWord
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused

if TYPE_CHECKING:
    from escalation_desk.casework.escalating.flags import Hint

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LAN = User(id="lan", full_name="Lan", login="lan")


def found(words: Words, text: str) -> list[tuple[str, str]]:
    return [(str(hint.flag), text[hint.start : hint.end]) for hint in words.hints([Said("title", text)])]


def test_scenario_13_a_parcel_is_no_lawsuit(words: Words) -> None:
    assert found(words, "Kiện hàng bị mất, một kiện bị ướt, phụ kiện thiếu, đủ điều kiện đổi trả") == []
    assert found(words, "Tôi sẽ khởi kiện shop") == [("legal", "khởi kiện")]


def test_a_lawsuit_over_a_parcel_is_a_lawsuit(words: Words) -> None:
    assert found(words, "Khởi kiện hàng loạt vì kiện hàng mất") == [("legal", "Khởi kiện")]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I will call my lawyer", "legal"),
        ("toi se khoi kien cong ty", "legal"),
        ("Saya akan lapor POLISI!", "legal"),
        ("con tôi bị ngộ độc", "safety"),
        ("anak saya keracunan", "safety"),
        ("báo chí đã hỏi", "media"),
        ("data leak", "privacy"),
        ("penipuan", "fraud"),
    ],
)
def test_words_of_three_languages_hint_at_their_flag(words: Words, text: str, flag: str) -> None:
    assert [one for one, _word in found(words, text)] == [flag]


@pytest.mark.parametrize("text", ["khởi kiến", "policeman", "viralkan", "khoikien", "khởi\u2014sự kiện", "bao chi"[:3]])
def test_other_accents_and_parts_of_words_are_other_words(words: Words, text: str) -> None:
    assert found(words, text) == []


def test_a_word_with_no_flag_and_a_word_that_is_switched_off_find_nothing() -> None:
    words = Words.of([RiskWord(word="court"), RiskWord(word="fire", flag=RiskFlag.SAFETY, active=False)])

    assert found(words, "court fire") == []


def test_an_exclusion_only_silences_what_lies_within_it() -> None:
    words = Words.of([RiskWord(word="kiện", flag=RiskFlag.LEGAL), RiskWord(word="kiện hàng", excluded=True)])

    assert found(words, "kiện hàng") == []
    assert found(words, "tôi kiện") == [("legal", "kiện")]
    assert found(words, "kien hang, kien") == [("legal", "kien")]


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_around_a_word_it_is_found_at_its_place(before: str, after: str) -> None:
    words = Words.of([RiskWord(word="khởi kiện", flag=RiskFlag.LEGAL)])
    text = f"{before} khởi kiện {after}"

    assert (len(before) + 1, len(before) + 10) in {(hint.start, hint.end) for hint in words.hints([Said("", text)])}


# What a person says


def hint_of(words: Words, case: Case) -> Hint:
    (hint,) = open_hints(case, words.hints(texts_of(case)))
    return hint


def test_a_confirmed_hint_is_a_flag_and_the_case_remembers_the_word(words: Words) -> None:
    case = Case(title="Refund", description="tôi sẽ khởi kiện")

    confirm(case, hint_of(words, case), LAN, NOW)

    assert case.risk_flags == {RiskFlag.LEGAL}
    assert case.risk_answers == (
        {
            "flag": "legal",
            "word": "khởi kiện",
            "where": "description",
            "confirmed": True,
            "by": "lan",
            "at": "2026-11-24T08:00:00Z",
        },
    )
    assert open_hints(case, words.hints(texts_of(case))) == ()


def test_a_dismissed_hint_sets_nothing_and_does_not_come_again(words: Words) -> None:
    case = Case(title="viral", description="our viral video")
    hint = hint_of(words, case)

    dismiss(case, hint, LAN, NOW)

    assert case.risk_flags == frozenset()
    assert open_hints(case, words.hints(texts_of(case))) == ()
    with pytest.raises(Refused, match="answered on this case already"):
        confirm(case, hint, LAN, NOW)


def test_a_flag_that_is_set_needs_no_hint_and_a_message_is_looked_through_too(words: Words) -> None:
    case = Case(title="police", risk_flags=frozenset({RiskFlag.LEGAL}))
    texts = texts_of(case, [("m1", "I was injured")])

    (hint,) = open_hints(case, words.hints(texts))

    assert (hint.flag, hint.where) == (RiskFlag.SAFETY, "message:m1")
