"""What leaves the desk masked holds nothing that the desk knows about people, however somebody wrote it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.masking import Known, Mask, Open, mask_email, mask_name, mask_phone
from escalation_desk.casework.text import fold

HA = Known(
    people=frozenset({"Nguyễn Thị Hà"}),
    names=frozenset({"Công ty TNHH Mây Tre"}),
    contacts=frozenset({"0912345678", "ha@gmail.com", "Trương Văn Lợi", "nguyenthiha.shop"}),
    accounts=frozenset({"0071000123456"}),
    kept=frozenset({"0987654321"}),
)
MASK = Mask(known=HA)
SEPARATORS = st.sampled_from(["", " ", ".", "-", "  ", "\u00a0", ") ", " - "])


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@given(
    start=st.sampled_from(["0", "+84", "84", "0084", "+84 0", "(+84) ", "62", ""]),
    between=st.lists(SEPARATORS, min_size=8, max_size=8),
    around=st.sampled_from(["{}", "gọi {} nhé", "sđt:{},", "Zalo{}", "0987654321 {}", "{} 500.000đ", "({})"]),
)
def test_a_known_phone_is_found_in_every_way_of_writing_it(start: str, between: list[str], around: str) -> None:
    national = "912345678"
    written = start + "".join(one for pair in zip(national, [*between, ""], strict=True) for one in pair)

    masked = MASK.text(around.format(written))

    assert national not in digits(masked)


@given(
    folded=st.booleans(),
    case=st.sampled_from([str, str.upper, str.lower, str.title]),
    between=st.sampled_from([" ", "  ", "_", "-", ". ", ""]),
    around=st.sampled_from(["{}", "chị {} gọi", "({})", "{}.png", "“{}”"]),
)
def test_a_known_name_is_found_without_tones_in_any_case_and_in_file_names(
    folded: bool, case: type[str], between: str, around: str
) -> None:
    name = fold("Nguyễn Thị Hà") if folded else "Nguyễn Thị Hà"
    written = case(between.join(name.split()))

    masked = fold(MASK.text(around.format(written)))

    assert "nguyen" not in masked
    assert "thi ha" not in masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("chị Hà đã gọi", "chị H* đã gọi"),
        ("Nhờ anh Loi xem", "Nhờ anh L** xem"),
        ("Chị Thị Hà", "Chị T** H*"),
        ("Viết cho ha@gmail.com.", "Viết cho h***@g***.com."),
        ("STK 0071 0001 23456", "STK **** **** *3456"),
        ("cong ty tnhh may tre nộp", "co** t* t*** m** t** nộp"),
    ],
)
def test_people_are_found_by_what_they_are_called(text: str, masked: str) -> None:
    assert MASK.text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Đơn 576912345678123456 và 240612ABCDEF",  # Order numbers; one holds the digits of a phone by chance.
        "Đơn 0987654321",  # Known as an order.
        "DH-0912345679, SPXVN0612345678",
        "62.500.000.000 VND, 84.350.000 đ",
        "24/11/2026 10:00, ngày 24.11.2026",
        "hà tiện, hoa hồng, thị trường Hà Nội",
        "3ELQ-000123",
    ],
)
def test_what_is_no_personal_value_stays_as_it_is(text: str) -> None:
    assert MASK.text(text) == text


def test_a_name_of_one_word_is_not_taken_for_the_word_of_the_language() -> None:
    mask = Mask(known=Known(people=frozenset({"Hoa"})))

    assert mask.text("Hoa gọi; HOA; hoa") == "H** gọi; H**; h**"
    assert mask.text("hòa giải, họa sĩ, hoá đơn") == "hòa giải, họa sĩ, hoá đơn"


def test_unknown_phones_and_addresses_are_masked_too() -> None:
    assert Mask().text("0912 345 678, +62 812-3456-7890, x@y.co") == "09** *** *78, +62 ***-****-**90, x***@y***.co"


def test_the_masked_forms_are_those_of_the_domain() -> None:
    assert mask_name("Nguyen Thi Hoa") == "Ng**** T** H**"
    assert mask_phone("0912345612") == "09******12"
    assert mask_email("hoa@gmail.com") == "h***@g***.com"


def test_in_full_nothing_is_masked() -> None:
    assert Open(known=HA).text("Nguyễn Thị Hà 0912345678") == "Nguyễn Thị Hà 0912345678"


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_masking_twice_changes_nothing_more_and_never_fails(text: str) -> None:
    once = MASK.text(text)

    assert MASK.text(once) == once
