"""An entry is the only way to change anything: whole or not at all, with everything it changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, RiskFlag, Severity
from escalation_desk.casework.desk import SavedView
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import N_
from escalation_desk.journal import reading
from escalation_desk.journal.journal import ALL, Touched

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.journal import Journal
    from tests.journal.conftest import Clock

    Ask = Callable[..., list[tuple[Any, ...]]]

EVERYTHING = (
    "entry",
    "change",
    "case",
    "seller",
    "message",
    "natural_key",
    "blob",
    "workstation",
    "search_case_docsize",
)


def test_an_entry_says_who_did_what_when_and_where(desk: Journal, ask: Ask) -> None:
    with desk.entry(N_("New case: {title}"), title="Refund") as work:
        work.add(Case(title="Refund"))

    title, places, kind, at, by, workstation = ask(
        "SELECT title, places, kind, at, by, workstation FROM entry ORDER BY number DESC"
    )[0]
    assert (title, json.loads(places), kind, at) == (
        "New case: {title}",
        {"title": "Refund"},
        "do",
        "2026-11-24T08:00:00Z",
    )
    assert by == desk.profile.id if desk.profile else False
    assert workstation == desk.workstation
    assert str(desk.undoable()) == "New case: Refund"


def test_a_creation_is_one_change_that_carries_the_whole_record(desk: Journal, ask: Ask) -> None:
    with desk.entry("New case") as work:
        case = work.add(Case(title="Refund", severity=Severity.S1, risk_flags=frozenset({RiskFlag.LEGAL})))

    changes = ask("SELECT op, field, before, after FROM change WHERE record = ?", case.id)

    assert len(changes) == 1
    op, field, before, after = changes[0]
    assert (op, field, before) == ("create", None, None)
    carried = json.loads(after)
    assert (carried["title"], carried["severity"], carried["risk_flags"]) == ("Refund", "S1", ["legal"])
    assert carried["case_no"] == case.case_no
    assert "priority" not in carried, "what follows from other fields is computed by whoever has them"


def test_a_change_carries_the_value_before_and_after(desk: Journal, ask: Ask, case: Case) -> None:
    with desk.entry("Edit") as work:
        mine = work.get(Case, case.id)
        mine.title, mine.amount, mine.severity = "Refund twice missing", Decimal("89000.50"), Severity.S2

    changes = ask(
        "SELECT field, before, after FROM change WHERE record = ? AND op = 'set' AND field <> 'phases'", case.id
    )

    assert {field: (before, after) for field, before, after in changes} == {
        "title": ('"Refund missing"', '"Refund twice missing"'),
        "amount": (None, '"89000.5"'),
        "severity": ('"S4"', '"S2"'),
    }


def test_deletion_and_return_are_kinds_of_change(desk: Journal, ask: Ask, case: Case) -> None:
    with desk.entry("Delete") as work:
        work.remove(work.get(Case, case.id))
    with desk.entry("Look") as work, pytest.raises(Refused, match="does not exist any more"):
        work.get(Case, case.id)
    assert ask('SELECT live, deleted_at FROM "case"') == [(0, "2026-11-24T08:00:00Z")]

    desk.undo()

    assert [op for (op,) in ask("SELECT op FROM change WHERE record = ? ORDER BY entry", case.id)] == [
        "create",
        "delete",
        "restore",
    ]
    assert ask('SELECT live, deleted_at FROM "case"') == [(1, None)], "it counts in the backlog again"


def test_an_error_inside_an_entry_leaves_nothing(desk: Journal, ask: Ask, case: Case) -> None:
    before = [ask(f'SELECT * FROM "{table}"') for table in EVERYTHING]

    with pytest.raises(ZeroDivisionError), desk.entry("Half") as work:  # noqa: PT012 - the whole entry is the point.
        work.add(Case(title="Never", crm="zendesk", crm_number="7"))
        work.get(Case, case.id).title = "Never"
        work.keep_blob("00", b"never")
        work.flush()
        work.add(Seller(shop_name="Never"))
        raise ZeroDivisionError

    assert [ask(f'SELECT * FROM "{table}"') for table in EVERYTHING] == before


def test_a_refusal_inside_an_entry_leaves_nothing(desk: Journal, ask: Ask, case: Case) -> None:
    before = [ask(f'SELECT * FROM "{table}"') for table in EVERYTHING]

    with pytest.raises(Refused), desk.entry("Half") as work:  # noqa: PT012 - as above.
        work.add(Seller(shop_name="Never"))
        work.get(Case, case.id).title = " "

    assert [ask(f'SELECT * FROM "{table}"') for table in EVERYTHING] == before


def test_an_entry_that_changes_nothing_is_not_written(desk: Journal, ask: Ask, clock: Clock) -> None:
    with desk.entry("New case") as work:
        case = work.add(Case(title="Refund", due_at=datetime(2026, 11, 25, 9, 30, tzinfo=UTC), amount=Decimal(5)))
    written = ask("SELECT number FROM entry")
    clock.advance(hours=1)

    with desk.entry("Look") as work:
        mine = work.get(Case, case.id)
        mine.title = "Refund"
        mine.due_at = datetime(2026, 11, 25, 9, 30, 0, 500, tzinfo=UTC)
        mine.amount = Decimal("5.00")

    assert ask("SELECT number FROM entry") == written
    assert ask('SELECT updated_at FROM "case"') == [("2026-11-24T08:00:00Z",)]


def test_a_list_changed_in_place_is_a_change(desk: Journal) -> None:
    with desk.entry("New view") as work:
        view = work.add(SavedView(title="Mine", definition={"where": [["owner", "is", "lan"]]}))

    with desk.entry("Edit view") as work:
        work.get(SavedView, view.id).definition["where"].append(["status", "is", "open"])

    kept = reading.record(desk.reader(), SavedView, view.id)
    assert kept.definition == {"where": [["owner", "is", "lan"], ["status", "is", "open"]]}
    desk.undo()
    kept = reading.record(desk.reader(), SavedView, view.id)
    assert kept.definition == {"where": [["owner", "is", "lan"]]}


def test_what_an_entry_adds_can_be_taken_and_changed_in_it(desk: Journal) -> None:
    with desk.entry("New case") as work:
        made = work.add(Case(title="Refund"))
        work.get(Case, made.id).title = "Refund missing"

    assert reading.record(desk.reader(), Case, made.id).title == "Refund missing"


def test_texts_are_cleaned_wherever_they_stand(desk: Journal, ask: Ask) -> None:
    broken = "a\x00b\ud800\r\nc"

    with desk.entry(N_("New case: {title}"), title=broken) as work:
        case = work.add(Case(title=broken, tags=frozenset({broken})))
        view = work.add(SavedView(title=broken, definition={broken: [broken]}))

    clean = "ab\ufffd\nc"
    kept = reading.record(desk.reader(), Case, case.id)
    assert (kept.title, kept.tags) == (clean, frozenset({clean}))
    assert reading.record(desk.reader(), SavedView, view.id).definition == {clean: [clean]}
    assert str(desk.undoable()) == f"New case: {clean}"


def test_everybody_is_told_what_an_entry_concerned_and_nothing_of_one_that_failed(desk: Journal, case: Case) -> None:
    heard: list[Touched] = []
    desk.on_change(heard.append)

    with desk.entry("New seller") as work:
        seller = work.add(Seller(shop_name="Shop"))
    with desk.entry("Edit") as work:
        work.get(Case, case.id).seller = seller.id
    with pytest.raises(Refused), desk.entry("Fail") as work:
        work.get(Case, case.id).status = CaseStatus.CLOSED
    desk.undo()

    both = frozenset({("case", case.id), ("seller", seller.id)})
    assert heard == [frozenset({("seller", seller.id)}), both, both], "the seller has one live case more, then less"


def test_both_sides_of_a_pointer_that_moves_are_told(desk: Journal, case: Case) -> None:
    with desk.entry("New sellers") as work:
        one, other = work.add(Seller(shop_name="One")), work.add(Seller(shop_name="Other"))
        note = work.add(SellerNote(seller=one.id, topic="Talk", cases=frozenset({case.id})))
        work.get(Case, case.id).seller = one.id
    heard: list[Touched] = []
    desk.on_change(heard.append)

    with desk.entry("Move") as work:
        work.get(Case, case.id).seller = other.id
        work.get(SellerNote, note.id).cases = frozenset()

    assert heard == [frozenset({("case", case.id), ("seller", one.id), ("seller", other.id), ("seller_note", note.id)})]


def test_an_entry_that_concerns_thousands_says_so_by_kind(desk: Journal) -> None:
    heard: list[Touched] = []
    desk.on_change(heard.append)

    with desk.entry("Import", kind="import") as work:
        for number in range(2_001):
            work.add(Case(title=f"Case {number}"))

    assert heard == [frozenset({("case", ALL)})]


def test_what_no_server_acknowledged_is_waiting(desk: Journal, case: Case) -> None:
    waiting = desk.waiting()

    with desk.entry("Edit") as work:
        work.get(Case, case.id).title = "Other"
    desk.undo()
    desk.redo()
    assert desk.waiting() == waiting + 3

    desk.local("UPDATE entry SET acknowledged_at = at")
    assert desk.waiting() == 0


def test_the_profile_is_written_down_once(desk: Journal, ask: Ask) -> None:
    first = desk.profile
    assert first is not None
    assert first.full_name == "Lan"
    entries = ask("SELECT count(*) FROM entry")

    desk.set_profile(first)

    assert ask("SELECT count(*) FROM entry") == entries
    desk.set_profile(User(full_name="Minh", login="minh"))
    assert desk.profile is not None
    assert desk.profile.full_name == "Minh"


def test_bytes_of_an_attachment_are_kept_once(desk: Journal, ask: Ask, case: Case) -> None:
    for _time in range(2):
        with desk.entry("Attach") as work:
            work.keep_blob("ab", b"picture")
            work.add(Message(case=case.id, body="see picture"))

    assert ask("SELECT sha256, bytes FROM blob") == [("ab", b"picture")]
    assert reading.blob(desk.reader(), "ab") == b"picture"


def test_the_rows_of_one_entry_are_numbered_without_a_gap(desk: Journal, ask: Ask, case: Case) -> None:
    with desk.entry("Much") as work:
        for number in range(3):
            work.add(Case(title=f"Case {number}"))
            work.get(Case, case.id).tracking = f"SPX{number}"
            work.flush()

    rows = ask("SELECT entry, position FROM change WHERE entry = (SELECT max(number) FROM entry) ORDER BY position")
    assert [position for _entry, position in rows] == [1, 2, 3, 4, 5, 6]
