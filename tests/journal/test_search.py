"""The one box: what is found, in which order, and that nothing a person can type is an error."""

from __future__ import annotations

import itertools
import random
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.lists import ListQuery
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.text import clean, fold, words
from escalation_desk.casework.timeline import Attachment, Message
from escalation_desk.journal import checking, listing
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.searching import search
from escalation_desk.journal.searching.places import Sought, all_exact
from escalation_desk.journal.searching.words import Term, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = bytes(32)
HOSTILE = (
    '"',
    '""',
    '"""',
    "'",
    "don'; DROP TABLE search_case; --",
    "1234-5678",
    "a@b.com",
    "#123",
    "NOT",
    "AND OR NOT NEAR",
    "NEAR(don hang, 2)",
    "case_no:1",
    "don*",
    "* *",
    "^don",
    "(don",
    "don)",
    "{don}",
    "don + hang",
    "-",
    "--- ---",
    "\x00don",
    "😀",
    "👩‍👩‍👧 don",
    "\ud800",
    "đ" * 5_000,
    "ABC-",
    "%_%",
    "\u202edon",
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path, KEY)
    yield made
    made.close()


def kept(journal: Journal, *records: Any) -> list[Any]:
    with journal.entry("Keep") as work:
        for record in records:
            work.add(record)
            work.flush()
    return list(records)


def found(journal: Journal, text: str, **asked: Any) -> list[str]:
    reader = journal.reader()
    try:
        return [hit.record for hit in search(reader, text, **asked)]
    finally:
        reader.close()


def listed(journal: Journal, text: str, kind: str = "case") -> set[str]:
    reader = journal.reader()
    try:
        return set(listing.ids(reader, ListQuery(kind, search=text)))
    finally:
        reader.close()


@pytest.mark.parametrize("typed", ["don hang", "đơn hàng", "DON HANG", "Đơn Hàng", "hang don", "đơn", "ĐƠN HÀN"])
def test_words_are_found_with_and_without_tones_in_any_case_and_order(journal: Journal, typed: str) -> None:
    (case,) = kept(journal, Case(title="Đơn hàng giao chậm"))
    assert found(journal, typed) == [case.id]


def test_viet_nam_is_found_however_it_is_written(journal: Journal) -> None:
    texts = ("Việt Nam", "VIỆT NAM", "viet nam", "Viêt Nam", unicodedata.normalize("NFD", "Việt Nam"))
    cases = kept(journal, *(Case(title=text) for text in texts))
    for typed in ("viet nam", "Việt Nam", "VIET", unicodedata.normalize("NFD", "việt")):
        assert set(found(journal, typed)) == {case.id for case in cases}


def test_the_accents_that_were_typed_come_first_and_then_the_newest(journal: Journal) -> None:
    plain, toned, other = kept(
        journal, Case(title="don hang"), Case(title="Đơn hàng"), Case(title="đón hang", description="x" * 3_000)
    )
    assert found(journal, "đơn hàng") == [toned.id, other.id, plain.id]
    assert found(journal, "don hang") == [plain.id, other.id, toned.id]


def test_the_newest_come_first_and_no_more_than_asked_for(journal: Journal) -> None:
    cases = kept(journal, *(Case(title=f"refund {n}") for n in range(9)))
    assert found(journal, "refund", limit=4) == [case.id for case in reversed(cases[5:])]


def test_a_phrase_in_quotes_stands_together_and_an_unwanted_word_keeps_cases_out(journal: Journal) -> None:
    together, apart = kept(journal, Case(title="giao chậm hàng"), Case(title="chậm vì chưa giao"))
    assert set(found(journal, "giao chậm")) == {together.id, apart.id}
    assert found(journal, '"giao cham"') == [together.id]
    assert found(journal, '"giao cham') == [together.id]
    assert found(journal, "giao -chua") == [together.id]
    assert listed(journal, "giao -chua") == {together.id}
    assert listed(journal, "-chua") == {together.id}


@pytest.mark.parametrize("typed", ["2311ABC", "2311-abc", "vn2311abc99", "1ABC9", "VN 2311 ABC 99", "abc-99"])
def test_an_order_number_is_found_by_any_part_however_it_is_parted(journal: Journal, typed: str) -> None:
    (case,) = kept(journal, Case(title="x", orders=frozenset({"VN2311-ABC-99"})))
    expected = [] if typed.count(" ") > 1 else [case.id]  # Blanks part words; only digits are put together.
    assert found(journal, typed) == expected


@pytest.mark.parametrize("typed", ["0912345678", "+84912345678", "0912 345 678", "912345", "+84 912 345 678"])
def test_a_phone_number_is_found_with_and_without_the_country(journal: Journal, typed: str) -> None:
    party, other = kept(
        journal, Party(display_name="An", phone="+84 912 345 678"), Party(display_name="Bo", phone="0912.345.678")
    )
    assert set(found(journal, typed)) == {party.id, other.id}


def test_a_find_leads_to_the_case_or_the_seller_it_belongs_to(journal: Journal) -> None:
    seller, case = kept(journal, Seller(shop_name="Mây Tre"), Case(title="Vỡ kính"))
    kept(
        journal,
        Message(case=case.id, body="khách gọi zebra"),
        Attachment(case=case.id, file_name="zebra.png", sha256="0" * 64),
        SellerNote(seller=seller.id, topic="zebra"),
    )
    reader = journal.reader()
    hits = {hit.kind: hit for hit in search(reader, "zeb")}
    reader.close()
    assert {kind: hit.leads_to for kind, hit in hits.items()} == {
        "message": ("case", case.id),
        "attachment": ("case", case.id),
        "seller_note": ("seller", seller.id),
    }
    assert hits["message"].title == f"{case.case_no} · Vỡ kính"
    assert hits["message"].excerpt == "khách gọi zebra"
    assert hits["seller_note"].title == "Mây Tre"


def test_a_list_is_narrowed_by_papers_and_people_too(journal: Journal) -> None:
    seller, party = kept(journal, Seller(shop_name="Mây Tre"), Party(display_name="Ánh", phone="0912345678"))
    case, _other = kept(journal, Case(title="a", seller=seller.id, requester=party.id), Case(title="b"))
    kept(journal, Message(case=case.id, body="zebra"))
    assert [listed(journal, text) for text in ("may tre", "anh", "12345678", "zebra")] == [{case.id}] * 4
    assert listed(journal, "zebra", "message")
    assert listed(journal, "nothing of the kind") == set()


def test_nothing_deleted_is_found_nor_what_belongs_to_it(journal: Journal) -> None:
    (case,) = kept(journal, Case(title="zebra"))
    message, _note = kept(journal, Message(case=case.id, body="zebra zebra"), Message(case=case.id, body="lion"))
    with journal.entry("Delete the case") as work:
        work.remove(work.get(Case, case.id))
    assert found(journal, "zebra") == found(journal, "lion") == []
    journal.undo()
    assert found(journal, "zebra") == [case.id, message.id]


def test_what_was_merged_is_found_as_what_it_was_merged_into(journal: Journal) -> None:
    alias, survivor = kept(journal, Seller(shop_name="Tre Xanh"), Seller(shop_name="Mây Tre Việt"))
    kept(journal, SellerNote(seller=alias.id, topic="zebra"))
    with journal.entry("Merge") as work:
        work.get(Seller, alias.id).merged_into = survivor.id
    assert found(journal, "tre xanh") == [survivor.id]
    assert found(journal, "tre") == [survivor.id]
    assert listed(journal, "tre xanh", "seller") >= {survivor.id}
    assert listed(journal, "zebra", "seller") >= {survivor.id}
    reader = journal.reader()
    (hit,) = search(reader, "zebra")
    reader.close()
    assert hit.leads_to == ("seller", survivor.id)
    assert hit.title == "Mây Tre Việt"


def test_an_edit_is_found_at_once_and_the_old_words_are_not(journal: Journal) -> None:
    (case,) = kept(journal, Case(title="old words"))
    with journal.entry("Edit") as work:
        work.get(Case, case.id).title = "new text"
    assert found(journal, "old") == []
    assert found(journal, "new") == [case.id]
    with journal.writing() as made:
        assert checking.problems(made) == []


def test_the_excerpt_shows_the_words_around_the_find(journal: Journal) -> None:
    kept(journal, Case(title="t", description="mở đầu " * 60 + "khách nói Zebra\nchạy " + "kết thúc " * 60))
    reader = journal.reader()
    (hit,) = search(reader, "zeb")
    reader.close()
    assert "khách nói Zebra chạy" in hit.excerpt
    assert hit.excerpt.startswith("…")
    assert hit.excerpt.endswith("…")
    assert len(hit.excerpt) < 200


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_can_be_typed_is_an_error(journal: Journal, typed: str) -> None:
    (case,) = kept(journal, Case(title="don hang 1234-5678 a@b.com #123"))
    assert set(found(journal, typed)) <= {case.id}
    assert listed(journal, typed) <= {case.id}
    assert found(journal, f'don "{typed}') in ([], [case.id])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(typed=st.text(max_size=60))
def test_nothing_at_all_is_an_error(journal: Journal, typed: str) -> None:
    assert found(journal, typed) == []
    assert listed(journal, typed) == set()


LETTERS = st.sampled_from("aăâáạbcdđeêghiklmnoôơpqrstuưvxyzABCĐĂÂƯ019 .,-_/'\"()\n😀ßıİŁøẸẾΣσς")
# Marks of Indic and Thai letters part words here but not in the index; there a word is looked for whole, as typed.
TEXTS = st.text(LETTERS, min_size=2, max_size=60) | st.text(st.characters(categories=("L", "N", "Z", "P", "S")))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(text=TEXTS, cut=st.integers(2, 12))
@example("Đơn hàng ĐÃ GIAO", 3)
@example("01_00 ab_cd", 4)
@example("ΟΔΟΣΑ straße İstanbul", 4)
def test_every_word_is_found_by_its_beginning(journal: Journal, text: str, cut: int) -> None:
    if not clean(text).strip():
        return
    (case,) = kept(journal, Case(title=f"t {text}"))
    for word in words(fold(clean(text))):
        for typed in (word[:cut], word):
            # Behind a separator, too, a single letter is a word until more is typed.
            begun = typed == word or len(typed.rstrip("_").rpartition("_")[2]) >= 2
            if begun and len(typed) >= 2 and any(map(str.isalnum, typed)):
                assert case.id in found(journal, typed, limit=500), (word, typed)


def test_a_letter_alone_is_a_word_until_more_is_typed() -> None:
    assert written("don h").match == '"don" *'
    assert written("don h ").match == '"don" * "h"'
    assert written("h").match == '"h"'


def test_places_are_found_in_any_writing() -> None:
    pairs = itertools.product(("đơn hàng", "don hang"), ("ĐƠN HÀNG", "don hang", "Đơn\nhàng", "dón hâng"))
    for typed, text in pairs:
        sought = Sought.of(Term(typed, whole=False))
        assert next(sought.spans(f"một {text} nữa")) == (4, 4 + len(text))
    assert not list(Sought.of(Term("ang", whole=False)).spans("hang"))


def test_the_index_answers_like_reading_every_text(journal: Journal) -> None:
    chance = random.Random(5)
    syllables = ("đơn", "hàng", "don", "giao", "cham", "chậm", "Hà", "ha", "x9")
    cases = kept(
        journal, *(Case(title=" ".join(chance.choices(syllables, k=chance.randrange(1, 5)))) for _n in range(60))
    )
    for first, second in itertools.product(("do", "hang", "cha", "x9"), ("ha", "gi", "")):
        expected = {
            case.id
            for case in cases
            if all(any(fold(w).startswith(p) for w in words(case.title)) for p in (first, second) if p)
        }
        assert set(found(journal, f"{first} {second}", limit=100)) == expected


def test_a_short_part_of_a_number_is_found_beside_words_that_begin_so(journal: Journal) -> None:
    word, part = kept(journal, Case(title="2311 pieces"), Case(title="x", orders=frozenset({"VN2311-ABC"})))
    assert found(journal, "2311") == [word.id, part.id]


@pytest.mark.parametrize(
    ("typed", "text", "same"),
    [
        ("don", "Don hang", True),
        ("don", "đơn hàng", False),
        ("don", "(DON)", True),
        ("don", "đdon", False),  # Inside a word, behind a letter of two bytes.
        ("don", "madona, dOn", True),
        ("đơn", "ĐƠN", True),
        ("đơn", "đƠN", True),
        ("đơn", "don đón", False),
        ("giao chậm", "giao\nChậm", True),
        ("giao chậm", "giao cham", False),
        ("#12", "a#12", True),
    ],
)
def test_the_same_accents_are_known_in_small_and_large_letters(typed: str, text: str, *, same: bool) -> None:
    sought = (Sought.of(Term(typed, whole=True)),)
    assert all_exact(sought, text.encode(), "", "") is same
    assert all_exact(sought, b"", "No. 1", text) is same
