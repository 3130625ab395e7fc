"""Every act can be taken back and done again, unless others have built on it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.people import Party, Team
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.i18n import N_
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal

    Ask = Callable[..., list[tuple[Any, ...]]]


def _edit(desk: Journal, case: Case, **values: Any) -> None:
    with desk.entry(N_("Edit {case}"), case=case.case_no) as work:
        mine = work.get(Case, case.id)
        for name, value in values.items():
            setattr(mine, name, value)


def _now(desk: Journal, case: Case) -> Case:
    with desk.writing() as made:
        return reading.record(made, Case, case.id)


def test_an_act_is_undone_and_redone_under_its_own_name(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other", amount=Decimal("89000.50"), tags=frozenset({"vip"}))
    changed = _now(desk, case)

    assert str(desk.undo()) == f"Edit {case.case_no}"
    taken_back = _now(desk, case)
    assert (taken_back.title, taken_back.amount, taken_back.tags) == ("Refund missing", None, frozenset())
    assert str(desk.redoable()) == f"Undo: Edit {case.case_no}"

    assert str(desk.redo()) == f"Edit {case.case_no}"
    assert _now(desk, case) == changed
    assert str(desk.undoable()) == f"Edit {case.case_no}"


def test_undo_is_an_entry_of_the_history_like_any_other(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other")
    desk.undo()

    with desk.writing() as made:
        told = [(past.entry_kind, past.title, past.before, past.after) for past in reading.history(made, case.id)]
    assert told[0] == ("undo", f"Undo: Edit {case.case_no}", "Other", "Refund missing")


def test_with_nothing_done_there_is_nothing_to_undo_or_redo(desk: Journal) -> None:
    with pytest.raises(Refused, match="nothing to undo"):
        desk.undo()
    with pytest.raises(Refused, match="nothing to redo"):
        desk.redo()


def test_new_work_ends_what_could_be_redone(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other")
    desk.undo()
    _edit(desk, case, tracking="SPX1")
    assert desk.redoable() is None

    desk.undo()
    desk.redo()

    assert desk.redoable() is None, "the first edit was taken back before the new work"
    assert _now(desk, case).title == "Refund missing"


def test_undo_of_a_field_that_was_changed_since_is_refused_and_changes_nothing(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other", tracking="SPX1")
    first = desk.undoable()
    assert first is not None
    _edit(desk, case, title="Third")

    with pytest.raises(Refused, match=r"“Title” of .* was changed since"):
        desk.undo(first.number)

    assert (_now(desk, case).title, _now(desk, case).tracking) == ("Third", "SPX1")


def test_undo_of_an_older_act_leaves_newer_work_on_other_fields(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other")
    first = desk.undoable()
    assert first is not None
    _edit(desk, case, tracking="SPX1")

    desk.undo(first.number)

    assert (_now(desk, case).title, _now(desk, case).tracking) == ("Refund missing", "SPX1")


def test_what_was_undone_is_not_undone_twice(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other")
    act = desk.undoable()
    assert act is not None
    desk.undo(act.number)

    with pytest.raises(Refused, match="undone already"):
        desk.undo(act.number)


def test_an_act_that_was_redone_is_undone_by_its_first_number(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other")
    act = desk.undoable()
    assert act is not None
    desk.undo()
    desk.redo()

    desk.undo(act.number)

    assert _now(desk, case).title == "Refund missing"


def test_facts_and_undos_are_nothing_to_undo(desk: Journal, case: Case) -> None:
    _edit(desk, case, title="Other")
    desk.undo()
    undo = desk.redoable()
    assert undo is not None

    for number in (1, undo.number):
        with pytest.raises(Refused, match="is no change that can be undone"):
            desk.undo(number)
    with pytest.raises(Refused, match="There is no entry 999"):
        desk.undo(999)


@pytest.mark.parametrize("kind", [Message, FollowUp, Attachment, Clarification, Case, SellerNote, Party])
def test_a_record_that_others_point_to_is_not_undone(desk: Journal, kind: type[Record]) -> None:
    with desk.entry("New") as work:
        case, seller = work.add(Case(title="Refund")), work.add(Seller(shop_name="Shop"))
        party = work.add(Party(display_name="Hoa"))
    act = desk.undoable()
    assert act is not None
    papers: dict[type[Record], Record] = {
        Message: Message(case=case.id, body="x"),
        FollowUp: FollowUp(seller=seller.id, text="x", due_at=datetime(2026, 12, 1, tzinfo=UTC)),
        Attachment: Attachment(seller=seller.id, file_name="x", sha256="x"),
        Clarification: Clarification(case=case.id, question="x"),
        Case: Case(title="x", follow_up_of=case.id),
        SellerNote: SellerNote(seller=seller.id, topic="x"),
        Party: Party(display_name="x", merged_into=party.id),
    }
    with desk.entry("Point") as work:
        work.add(papers[kind])

    with pytest.raises(Refused, match="1 record of this was worked on since"):
        desk.undo(act.number)

    desk.undo()
    desk.undo(act.number)
    with pytest.raises(Refused), desk.entry("Look") as work:
        work.get(Case, case.id)


def test_a_record_that_came_back_and_was_worked_on_is_not_taken_away_again(desk: Journal, case: Case) -> None:
    act = desk.undoable()
    assert act is not None
    desk.undo()
    desk.redo()
    with desk.entry("Note") as work:
        work.add(Message(case=case.id, body="Called"))

    with pytest.raises(Refused, match="1 record of this was worked on since"):
        desk.undo(act.number)

    assert _now(desk, case).live


def test_work_on_what_an_import_made_was_itself_undone_so_the_import_can_be(desk: Journal, case: Case) -> None:
    act = desk.undoable()
    assert act is not None
    _edit(desk, case, title="Other")
    with pytest.raises(Refused, match="1 record of this was worked on since"):
        desk.undo(act.number)
    desk.undo()

    desk.undo(act.number)

    with pytest.raises(Refused):
        _now(desk, case)


def test_an_import_of_thousands_is_undone_and_redone_whole(desk: Journal, ask: Ask) -> None:
    with desk.entry("Old") as work:
        old = [work.add(Case(title=f"Old {number}", crm="zendesk", crm_number=f"o{number}")) for number in range(50)]
    with desk.entry("Import", kind="import") as work:
        for number in range(2_000):
            case = work.add(Case(title=f"New {number}", crm="zendesk", crm_number=f"n{number}"))
            work.add(Message(case=case.id, body=f"What the customer wrote in {number}"))
            if number % 500 == 0:
                work.flush()
        for one in old:
            work.get(Case, one.id).title = f"{one.title} again"
    tables = (
        "case",
        "message",
        "natural_key",
        "search_case_docsize",
        "search_message_docsize",
        "search_case_code_docsize",
    )
    wanted = {table: ask(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}
    titles = ask('SELECT id, title FROM "case" ORDER BY id')

    desk.undo()

    assert ask('SELECT count(*), sum(live) FROM "case" WHERE deleted_at IS NULL') == [(50, 50)]
    assert ask("SELECT count(*) FROM message WHERE deleted_at IS NULL") == [(0,)]
    assert ask("SELECT count(*) FROM search_message_docsize") == [(0,)]
    assert ask("SELECT count(*) FROM \"case\" WHERE title LIKE '%again' AND deleted_at IS NULL") == [(0,)]
    with desk.entry("Look") as work:
        assert work.find(Case, "zendesk:n1999") is None

    desk.redo()

    assert {table: ask(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables} == wanted
    assert ask('SELECT id, title FROM "case" ORDER BY id') == titles
    assert ask('SELECT count(*) FROM "case" WHERE live AND deleted_at IS NULL') == [(2_050,)]
    assert ask("SELECT count(*) FROM entry WHERE kind IN ('import', 'undo', 'redo')") == [(3,)], "one entry each"


def test_what_an_entry_made_and_deleted_itself_stays_gone_when_undone(desk: Journal, case: Case) -> None:
    with desk.entry("Make and delete") as work:
        fleeting = work.add(Seller(shop_name="Fleeting"))
        work.get(Case, case.id).title = "Other"
        work.flush()
        work.remove(fleeting)
    desk.undo()

    for _turn in range(2):
        with desk.writing() as made, pytest.raises(Refused):
            reading.record(made, Seller, fleeting.id)
        desk.redo()
        desk.undo()


def test_an_act_that_ended_where_it_began_can_be_undone(desk: Journal, case: Case) -> None:
    with desk.entry("There and back") as work:
        work.get(Case, case.id).title = "Other"
        work.flush()
        work.get(Case, case.id).title = case.title
    act = desk.undoable()

    assert desk.undo() == act
    assert desk.redo() == act
    assert _now(desk, case).title == case.title


def test_a_moved_shop_id_moves_back(desk: Journal) -> None:
    with desk.entry("New") as work:
        wrong = work.add(Seller(shop_name="Wrong", external_ids=frozenset({"shop:1"})))
        right = work.add(Seller(shop_name="Right"))
    with desk.entry("Move") as work:
        # The right one first: it can have the id only because the other lets go of it in the same entry.
        work.get(Seller, right.id).external_ids = frozenset({"shop:1"})
        work.get(Seller, wrong.id).external_ids = frozenset()

    assert _who_is(desk, "shop:1") == right.id
    desk.undo()
    assert _who_is(desk, "shop:1") == wrong.id
    desk.redo()
    assert _who_is(desk, "shop:1") == right.id


def _who_is(desk: Journal, key: str) -> str | None:
    with desk.entry("Look") as work:
        return work.lookup("seller", key)


def test_the_number_of_what_is_gone_is_free_for_its_successor(desk: Journal) -> None:
    with desk.entry("New") as work:
        old = work.add(Team(title="SWAT"))
    with desk.entry("Replace") as work:
        work.remove(work.get(Team, old.id))
        new = work.add(Team(title="Swat"))

    with desk.entry("Look") as work:
        assert work.lookup("team", "swat") == new.id
    desk.undo()
    with desk.entry("Look") as work:
        assert work.lookup("team", "swat") == old.id


def test_a_move_of_state_is_undone_though_no_way_leads_back(desk: Journal, case: Case) -> None:
    _edit(desk, case, status=CaseStatus.OPEN)
    assert _now(desk, case).status is CaseStatus.OPEN

    desk.undo()

    assert _now(desk, case).status is CaseStatus.NEW
