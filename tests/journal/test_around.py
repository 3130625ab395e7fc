from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.acts import internal_note
from escalation_desk.casework.case import Case
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.seller import Seller
from escalation_desk.journal import around, reading
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


class Hands:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def journal(tmp_path: Path, clock: Hands) -> Iterator[Journal]:
    made = Journal(tmp_path, bytes(32), clock)
    made.set_profile(User(full_name="Linh", login="linh"))
    yield made
    made.close()


def keep(journal: Journal, *records: Any) -> list[str]:
    with journal.entry("Keep") as work:
        return [work.add(one).id for one in records]


def found(journal: Journal, case: str) -> dict[str, tuple[str, ...]]:
    made = journal.reader()
    try:
        return {one.title: one.shared for one in around.relatives(made, reading.record(made, Case, case))}
    finally:
        made.close()


def case(title: str, days: float = 0, **said: Any) -> Case:
    return Case(title=title, received_at=NOW - timedelta(days=days), **said)


def test_cases_of_the_same_order_are_found_whatever_stands_beside_it(journal: Journal) -> None:
    mine, _other, _longer = keep(
        journal,
        case("mine", orders=frozenset({"57810", "57811"})),
        case("same order", orders=frozenset({"57811", "999"}), days=400),
        case("longer number", orders=frozenset({"578119"})),
    )
    assert found(journal, mine) == {"same order": (around.SAME_ORDER,)}


def test_a_repeat_contact_has_requester_and_group_of_the_reason_in_common_within_seven_days(journal: Journal) -> None:
    (hoa,) = keep(journal, Party(display_name="Hoa"))
    mine, *_others = keep(
        journal,
        case("mine", requester=hoa, reason="CUS.LOG.LATE"),
        case("repeat", 6, requester=hoa, reason="CUS.LOG.LOST"),
        case("long ago", 8, requester=hoa, reason="CUS.LOG.LATE"),
        case("other matter", 1, requester=hoa, reason="CUS.PAY.X"),
        case("somebody else", 1, reason="CUS.LOG.LATE"),
    )
    assert found(journal, mine) == {
        "repeat": (around.SAME_REQUESTER_AND_REASON,),
        "long ago": (around.SAME_REQUESTER,),
        "other matter": (around.SAME_REQUESTER,),
    }
    assert next(iter(found(journal, mine))) == "repeat"


def test_cases_of_the_same_shop_are_kin_only_with_the_same_leaf(journal: Journal) -> None:
    (shop,) = keep(journal, Seller(shop_name="Bếp Mộc"))
    mine, *_others = keep(
        journal,
        case("mine", seller=shop, reason="SEL.A.B"),
        case("same leaf", 2, seller=shop, reason="SEL.A.B"),
        case("other leaf", 2, seller=shop, reason="SEL.A.C"),
    )
    assert found(journal, mine) == {"same leaf": (around.SAME_SELLER_AND_REASON,)}


def test_what_was_removed_or_merged_is_no_kin(journal: Journal) -> None:
    mine, removed, merged = keep(
        journal, *(case(title, orders=frozenset({"57810"})) for title in ("mine", "removed", "merged"))
    )
    with journal.entry("Merge") as work:
        work.remove(work.get(Case, removed))
        work.get(Case, merged).merged_into = mine
    assert found(journal, mine) == {}


def test_an_entry_written_down_long_after_it_happened_is_known_and_an_imported_one_is_not(
    journal: Journal, clock: Hands
) -> None:
    (mine,) = keep(journal, case("mine"))
    me = journal.profile
    assert me is not None
    at = NOW - timedelta(hours=2)
    notes: dict[str, str] = {}
    for kind, when in (("do", at), ("do", NOW), ("import", at)):
        with journal.entry("Note", kind=kind) as work:
            note = work.add(internal_note(work.get(Case, mine), "x", me, when))
        notes[f"{kind} {when:%H}"] = note.id
    made = journal.reader()
    later = around.written_later(made, mine)
    made.close()
    assert later == {notes["do 01"]}


def test_the_last_change_of_a_field_tells_who_from_and_to(journal: Journal) -> None:
    (mine,) = keep(journal, case("first"))
    for title in ("second", "third"):
        with journal.entry("Rename {case}", case="x") as work:
            work.get(Case, mine).title = title
    made = journal.reader()
    change = around.last_change(made, mine, "title")
    none = around.last_change(made, mine, "carrier")
    made.close()
    assert none is None
    assert change is not None
    assert (change.before, change.after, change.title) == ("second", "third", "Rename x")


def test_the_same_ticket_is_found_whichever_of_the_two_the_crm_sent(journal: Journal) -> None:
    mine, _other = keep(
        journal,
        case("mine", crm="zendesk", crm_number="88120"),
        case("noted there", external_tickets=frozenset({"88120"})),
    )
    assert found(journal, mine) == {"noted there": (around.SAME_TICKET,)}


def test_the_same_tracking_number_is_found(journal: Journal) -> None:
    mine, *_others = keep(
        journal, case("mine", tracking="SPX1001"), case("again", tracking="SPX1001"), case("no", tracking="SPX10011")
    )
    assert found(journal, mine) == {"again": (around.SAME_TRACKING,)}


def test_a_requester_who_was_written_down_twice_is_found_by_phone_or_email(journal: Journal) -> None:
    hoa, twin, _other = keep(
        journal,
        Party(display_name="Hoa", phone="0912345678"),
        Party(display_name="Hoà Trần", phone="0912345678"),
        Party(display_name="Lan", phone="0912345679"),
    )
    mine, *_others = keep(journal, case("mine", requester=hoa), case("twin", requester=twin))
    assert found(journal, mine) == {"twin": (around.SAME_CONTACT,)}


def test_similar_titles_of_the_same_days_are_suggested_but_count_as_no_repeat(journal: Journal) -> None:
    mine, *_others = keep(
        journal,
        case("Hoàn tiền chậm đơn 57810"),
        case("Hoan tien cham don 99999", 1),
        case("Hoàn tiền chậm đơn 99998", 30),
        case("Giao hàng chậm", 1),
    )
    made = journal.reader()
    try:
        told = around.relatives(made, reading.record(made, Case, mine))
    finally:
        made.close()
    assert [(one.title, one.shared, one.repeat) for one in told] == [
        ("Hoan tien cham don 99999", (around.SIMILAR_TITLE,), False)
    ]
