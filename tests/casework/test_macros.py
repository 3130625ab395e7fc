from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Language, Market, RiskFlag, Severity, Urgency
from escalation_desk.casework.desk import Macro, Reason
from escalation_desk.casework.macros import (
    body_of,
    fill,
    gaps,
    language_for,
    names_in,
    places_of,
    untranslated,
)
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.seller import Seller
from escalation_desk.resources import file

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ME = User(full_name="Lê Ngọc Mai", login="mai")


def seeded() -> list[Macro]:
    return [
        Macro(code=item["code"], use=item["use"], texts=item["texts"])
        for item in json.loads(file("seed/macro.json").read_text("utf-8"))
        if item["texts"]
    ]


def a_case() -> Case:
    case = Case(
        case_no="ABC-000007",
        title="Parcel lost",
        severity=Severity.S2,
        urgency=Urgency.U2,
        risk_flags=frozenset({RiskFlag.MONEY}),
        due_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
        orders=frozenset({"578104423390114"}),
    )
    case.derive()
    return case


def test_known_places_are_filled_and_the_others_stay_and_are_named() -> None:
    text, missing = fill("Hello {requester_name}, {case_no}: {ask} {ask}", {"requester_name": "Hoa", "case_no": "A-1"})
    assert text == "Hello Hoa, A-1: {ask} {ask}"
    assert missing == ("ask",)


def test_a_blank_value_counts_as_missing() -> None:
    assert fill("{ask}", {"ask": "  "}) == ("{ask}", ("ask",))


@given(st.text(), st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.text()))
def test_a_value_with_braces_in_it_is_never_filled_again(value: str, others: dict[str, str]) -> None:
    text, _missing = fill("{first_of_all}", others | {"first_of_all": "{x}" + value})
    assert text == ("{x}" + value).strip()


@given(st.text())
def test_a_text_without_places_comes_out_as_it_went_in(text: str) -> None:
    plain = text.replace("{", "(")
    assert fill(plain, {}) == (plain, ())


def test_only_places_that_macros_use_are_gaps() -> None:
    text = 'Write {"json": {ask}} or {unheard}'
    assert [(gap.name, text[gap.start : gap.end]) for gap in gaps(text, names_in(seeded()))] == [("ask", "{ask}")]


def test_a_first_response_is_whole_in_each_language() -> None:
    case, party = a_case(), Party(display_name="Phạm Thị Hoa", language=Language.VI)
    reason = Reason(code="CUS.X", labels={"en": "Parcel lost", "vi": "Mất hàng", "id": "Paket hilang"})
    first = next(macro for macro in seeded() if macro.code == "M01")
    said = {}
    for language in ("en", "vi", "id"):
        places = places_of(case, ME, HANOI, language, party=party, reason=reason)
        said[language], missing = fill(body_of(first, language).text, places)
        assert missing == ()
    assert "Mất hàng" in said["vi"]
    assert "Paket hilang" in said["id"]
    assert "24/11/2026 17:00" in said["en"]


@pytest.mark.parametrize("language", ["en", "vi", "id"])
def test_what_a_case_does_not_know_is_missing_never_blank(language: str) -> None:
    places = places_of(Case(title="x"), ME, HANOI, language)
    for macro in seeded():
        text, missing = fill(macro.texts[language], places)
        assert all(f"{{{name}}}" in text for name in missing)
        assert all(value.strip() for value in places.values())


def test_the_party_decides_the_language_then_the_case_then_the_market() -> None:
    assert language_for(Case(title="x"), Party(display_name="A", language=Language.ID)) == "id"
    assert language_for(Case(title="x", language=Language.EN), Party(display_name="A")) == "en"
    assert language_for(Case(title="x", market=Market.ID)) == "id"
    assert language_for(Case(title="x", market=Market.ID), Party(display_name="A", market=Market.VN)) == "vi"
    assert language_for(Case(title="x", market=Market.TH)) == "en"
    assert language_for(Case(title="x", market=Market.TH), seller=Seller(shop_name="S", language=Language.VI)) == "vi"


def test_a_language_without_a_text_is_told_and_english_stands_in() -> None:
    macro = Macro(code="X", use="u", texts={"en": "Hello", "vi": " "})
    body = body_of(macro, "vi")
    assert (body.text, body.language, body.stands_in) == ("Hello", "en", True)
    assert untranslated(macro) == ("vi", "id")
    assert not body_of(macro, "en").stands_in
    assert body_of(Macro(code="Y", use="u", texts={"id": "Halo"}), "th").language == "id"
