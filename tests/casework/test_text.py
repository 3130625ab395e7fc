"""Text is cleaned for keeping and folded for finding, the same however it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.text import clean, fold, one_line

VIETNAMESE = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"

anything = st.text(st.characters(), max_size=60)


@given(anything)
def test_clean_text_is_safe_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in cleaned)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x1b[0mc", "ab[0mc"),
        ("\ud83d", "\ufffd"),
        ("tie\u0302\u0301ng", "tiếng"),
        ("😀\u200d👩", "😀\u200d👩"),
        ("\tkept\n", "\tkept\n"),
    ],
)
def test_what_cannot_be_kept_goes_and_the_rest_stays(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + "abcxyz 0123-"), max_size=40))
def test_vietnamese_is_found_without_tones_in_any_case_and_form(text: str) -> None:
    folded = fold(text)

    assert folded.isascii()
    assert folded == folded.lower()
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    for form in (*forms, text.upper(), text.lower(), folded):
        assert fold(form) == folded


@given(anything)
def test_folding_does_not_depend_on_how_accents_are_written(text: str) -> None:
    cleaned = clean(text)

    assert fold(unicodedata.normalize("NFD", cleaned)) == fold(cleaned)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("don hang", "Đơn hàng"),
        ("DJAKARTA", "Djakarta"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("istanbul", "İstanbul"),
    ],
)
def test_words_without_accents_find_words_with_them(typed: str, found: str) -> None:
    assert fold(typed) == fold(found)


@given(anything, st.integers(5, 80))
def test_a_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)

    assert "\n" not in line
    assert len(line) <= limit


def test_a_line_is_cut_at_a_word() -> None:
    assert one_line("The customer\nwants the money back", 20) == "The customer wants…"
