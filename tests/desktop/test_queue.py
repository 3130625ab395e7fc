from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    CancelReason,
    CaseStatus,
    FaultParty,
    Language,
    PartyKind,
    ResolutionCode,
    Visibility,
)
from escalation_desk.casework.desk import Macro, Reason, SavedView
from escalation_desk.casework.fields import Show, field_of, fields_of
from escalation_desk.casework.lists import Condition, ListQuery, Op
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.boxes.base import Box
from escalation_desk.desktop.case.boxes.choosing import ChoiceBox
from escalation_desk.desktop.case.boxes.records import RecordBox
from escalation_desk.desktop.case.new_record import NewRecord
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.queue.bulk import Edit, How, Note, editable_fields, foresee
from escalation_desk.desktop.queue.bulk_asks import FieldAsk, LaterAsk, MacroAsk, NoteAsk
from escalation_desk.desktop.queue.bulk_dialog import BulkDialog
from escalation_desk.desktop.queue.view_acts import NameDialog
from escalation_desk.desktop.queue.views import Look
from escalation_desk.journal import listing, reading
from tests.desktop.sitting import cell, rows, settled, titles

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal
    from tests.desktop.conftest import Watch


def shows(qtbot: QtBot, desk: Desk, *expected: str) -> None:
    qtbot.waitUntil(lambda: settled(desk) and titles(desk) == list(expected))


def test_live_cases_come_in_the_order_in_which_they_are_best_done(desk: Desk) -> None:
    assert titles(desk) == ["Press asks", "Parcel lost", "Refund refused", "Đơn hàng chưa giao"]


def test_what_is_due_is_said_as_a_distance_that_the_minute_moves(desk: Desk, watch: Watch, qtbot: QtBot) -> None:
    assert cell(desk, "Refund refused", "next_due_at") == "10:35, in 35 min"
    assert cell(desk, "Parcel lost", "next_due_at") == "overdue 2 h"

    watch.now += timedelta(minutes=40)
    desk.minute.emit()

    qtbot.waitUntil(lambda: cell(desk, "Refund refused", "next_due_at") == "overdue 5 min")


def test_a_view_of_time_lets_a_case_in_as_soon_as_its_time_has_come(desk: Desk, watch: Watch, qtbot: QtBot) -> None:
    desk.open_place("queue", "overdue")
    shows(qtbot, desk, "Parcel lost")

    watch.now += timedelta(minutes=36)
    desk.minute.emit()

    shows(qtbot, desk, "Parcel lost", "Refund refused")


def test_facets_narrow_the_list_and_a_chip_takes_the_narrowing_away(desk: Desk, qtbot: QtBot) -> None:
    desk.queue.pick("status", ('"open"',))
    shows(qtbot, desk, "Parcel lost", "Refund refused")
    desk.queue.pick("priority", ('"P1"',))
    shows(qtbot, desk, "Refund refused")

    desk.queue.beside.chips.removed.emit("status")
    desk.queue.beside.chips.removed.emit("priority")

    qtbot.waitUntil(lambda: settled(desk) and len(rows(desk)) == 4)


def test_cases_are_narrowed_and_grouped_by_the_kind_of_their_requester(
    desk: Desk, journal: Journal, qtbot: QtBot
) -> None:
    with journal.entry("A shop asks") as work:
        shop = work.add(Party(display_name="Mây Tre", party_kind=PartyKind.SELLER)).id
        work.flush()
        work.add(Case(title="Fine disputed", owner=desk.verbs.me.id, status=CaseStatus.OPEN, requester=shop))
    desk.queue.pick("requester_kind", ('"seller"',))
    shows(qtbot, desk, "Fine disputed")
    desk.queue.table.columns.show_column("requester_kind", shown=True)
    qtbot.waitUntil(lambda: cell(desk, "Fine disputed", "requester_kind") == "Seller")

    desk.queue.beside.chips.removed.emit("requester_kind")
    desk.queue._group("requester_kind")

    qtbot.waitUntil(lambda: ("Seller", 1) in [(g.text, g.count) for g in desk.queue.table.rows.folds.groups])


def test_the_age_facet_cuts_by_days(desk: Desk, qtbot: QtBot) -> None:
    desk.queue.pick("age", ("3", "30"))

    shows(qtbot, desk, "Parcel lost", "Đơn hàng chưa giao")


def test_a_facet_counts_its_values_under_the_other_ticks_only(desk: Desk, qtbot: QtBot) -> None:
    desk.queue.head.filter.setChecked(True)
    desk.queue.pick("status", ('"open"',))

    def counts() -> dict[str, str]:
        item = desk.queue.beside.facets._items["status"]
        children = [child for at in range(item.childCount()) if (child := item.child(at)) is not None]
        return {child.text(0)[2:]: child.text(1) for child in children}

    qtbot.waitUntil(lambda: counts() == {"New": "1", "In progress": "2", "Waiting for requester": "1"})


def test_a_grouped_list_puts_every_case_under_one_heading(desk: Desk, qtbot: QtBot) -> None:
    desk.queue._group("risk_flags")
    qtbot.waitUntil(
        lambda: [(g.text, g.count) for g in desk.queue.table.rows.folds.groups] == [("None", 3), ("Media or social", 1)]
    )

    desk.queue._group("due")

    qtbot.waitUntil(
        lambda: [g.text for g in desk.queue.table.rows.folds.groups] == ["Overdue", "Within the hour", "No date"]
    )
    qtbot.waitUntil(lambda: titles(desk)[:2] == ["Parcel lost", "Refund refused"])


def test_a_second_key_with_shift_sorts_within_the_first(desk: Desk, qtbot: QtBot) -> None:
    desk.queue._sort("status", False, False)
    desk.queue._sort("received_at", True, True)

    shows(qtbot, desk, "Press asks", "Refund refused", "Parcel lost", "Đơn hàng chưa giao")


def test_the_quick_filter_finds_without_accents_and_stays_when_pinned(desk: Desk, qtbot: QtBot) -> None:
    desk.queue.head.quick.setText("don hang")
    shows(qtbot, desk, "Đơn hàng chưa giao")
    desk.queue.head.pin.setChecked(True)

    desk.open_place("queue", "everything")

    shows(qtbot, desk, "Đơn hàng chưa giao")
    desk.queue.head.pin.setChecked(False)
    desk.open_place("queue", "all-live")
    qtbot.waitUntil(lambda: settled(desk) and len(rows(desk)) == 4)


def test_a_case_is_unread_until_it_was_looked_at_and_again_when_something_happens(
    desk: Desk, journal: Journal, ids: dict[str, str], watch: Watch, qtbot: QtBot
) -> None:
    def unread() -> bool:
        return next(row for row in rows(desk) if row.id == ids["press"]).unread

    assert unread()
    desk.verbs.keep(
        "INSERT INTO seen (record, at) VALUES (?, ?)", [(ids["press"], "2026-11-24T03:00:00Z")], desk.queue.refresh
    )
    qtbot.waitUntil(lambda: not unread())

    watch.now += timedelta(hours=1)
    with journal.entry("Somebody writes") as work:
        work.get(Case, ids["press"]).title = "Press asks again"

    qtbot.waitUntil(lambda: "Press asks again" in titles(desk) and unread())


def test_a_column_counts_what_came_since_a_case_was_looked_at(
    desk: Desk, journal: Journal, ids: dict[str, str], watch: Watch, qtbot: QtBot
) -> None:
    desk.queue.table.columns.show_column("news", shown=True)
    desk.open_case(ids["parcel"])
    qtbot.waitUntil(lambda: not next(row for row in rows(desk) if row.id == ids["parcel"]).unread)
    desk.tabs.close_at(desk.tabs.currentIndex())
    watch.now += timedelta(minutes=1)
    with journal.entry("Write") as work:
        for name in ("parcel", "parcel", "press"):
            work.add(Message(case=ids[name], body="x", at=work.now))
    qtbot.waitUntil(lambda: cell(desk, "Press asks", "news") == "1")
    assert cell(desk, "Parcel lost", "news") == "2"
    assert cell(desk, "Refund refused", "news") == ""


def test_a_star_is_mine_and_no_entry(desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot) -> None:
    waiting = journal.waiting()
    desk.queue.table.go_to(ids["parcel"])

    desk.queue.acts.star()

    qtbot.waitUntil(
        lambda: any(s and s.sign == "star" for row in rows(desk) if row.id == ids["parcel"] for s in row.styles)
    )
    assert journal.waiting() == waiting
    desk.open_place("queue", "starred")
    shows(qtbot, desk, "Parcel lost")


def _make_ready(journal: Journal, case_id: str) -> None:
    """Give a case all that it needs to be resolved."""
    with journal.entry("Bring", kind="import") as work:
        work.add(Reason(code="CUS.LOG.LOST", labels={"en": "Parcel lost"}))
        case = work.get(Case, case_id)
        case.reason, case.resolution_code, case.resolution_summary = "CUS.LOG.LOST", ResolutionCode.FIXED, "Found"
        case.fault_party, case.fault_code, case.no_contact_reason = FaultParty.PLATFORM, "SYS1", "They rang us"


def test_a_bulk_change_skips_what_the_rules_forbid_and_is_one_undo(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    _make_ready(journal, ids["parcel"])
    desk.queue.table.selectAll()
    desk.queue.acts.bulk("status")
    dialog = _dialog(desk, qtbot)
    box = _field_ask(dialog).box
    assert isinstance(box, ChoiceBox)
    qtbot.waitUntil(lambda: dialog.outcome.text() == "Choose what it becomes.")
    box.words.choose(CaseStatus.RESOLVED)
    box.edited.emit()
    qtbot.waitUntil(dialog.apply.isEnabled)
    yet = "the case cannot become “Resolved” yet."
    reason = "Choose the exact reason; a group of reasons is not enough."
    told = "Tell the requester the outcome, or write why they were not told."
    outcome = f"Choose the outcome. Write the outcome in words. {told}"
    assert dialog.outcome.text().splitlines() == [
        "1 case changes.",
        "1 case is skipped: A case that is “New” cannot become “Resolved”; it can become: In progress, Cancelled.",
        f"1 case is skipped: {yet} {reason} {outcome} Say by whom it was caused. Choose the fault code.",
        f"1 case is skipped: {yet} Only the owner may do this with the case; take it over first. {reason} {outcome}",
    ]

    dialog.apply.click()

    qtbot.waitUntil(lambda: _status(journal, ids["parcel"]) is CaseStatus.RESOLVED)
    assert _status(journal, ids["press"]) is CaseStatus.NEW
    assert _status(journal, ids["refund"]) is CaseStatus.OPEN
    desk.verbs.undo()
    qtbot.waitUntil(lambda: _status(journal, ids["parcel"]) is CaseStatus.OPEN)
    assert _status(journal, ids["waiting"]) is CaseStatus.PENDING_REQUESTER


def test_cases_of_colleagues_are_taken_over_together_only_with_a_reason(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    desk.queue.table.selectAll()
    desk.queue.acts.bulk("owner")
    dialog = _dialog(desk, qtbot)
    asked = _field_ask(dialog)
    assert isinstance(asked.box, Box)
    asked.box.show_value(desk.verbs.me.id)
    asked.box.edited.emit()
    qtbot.waitUntil(lambda: "1 case is skipped: Somebody else owns the case; say why" in dialog.outcome.text())
    assert asked.why.isVisible()

    QTest.keyClicks(asked.why, "Minh is ill")

    qtbot.waitUntil(lambda: dialog.apply.isEnabled() and "skipped" not in dialog.outcome.text())
    dialog.apply.click()

    def taken() -> list[str]:
        made = journal.reader()
        found = [m.body for m in reading.all_of(made, Message, pointing=("case", ids["waiting"]))]
        made.close()
        return found

    qtbot.waitUntil(lambda: taken() == ["Taken over: Minh is ill"])


def test_a_bulk_change_can_reach_the_whole_list(desk: Desk, journal: Journal, qtbot: QtBot) -> None:
    desk.queue.acts.bulk("tags")
    dialog = _dialog(desk, qtbot)
    dialog.all.setChecked(True)
    asked = _field_ask(dialog)
    asked.how.choose(How.ADD)
    assert isinstance(asked.box, Box)
    for tag in ("tet", "11.11"):
        QTest.keyClicks(asked.box.entrance(), tag)
        QTest.keyClick(asked.box.entrance(), Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.apply.isEnabled)

    dialog.apply.click()

    made = journal.reader()
    query = ListQuery("case", (Condition("tags", Op.HAS, "11.11"),))
    qtbot.waitUntil(lambda: listing.count(made, query) == 4)
    made.close()


def test_a_note_goes_on_every_selected_case(desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot) -> None:
    desk.queue.table.selectAll()
    desk.queue.acts.bulk("note")
    dialog = _dialog(desk, qtbot)
    assert isinstance(dialog.asked, NoteAsk)
    dialog.asked.text.insertPlainText("Carrier is late all week")
    qtbot.waitUntil(dialog.apply.isEnabled)

    dialog.apply.click()

    def notes() -> list[str]:
        made = journal.reader()
        found = [m.body for m in reading.all_of(made, Message, pointing=("case", ids["waiting"]))]
        made.close()
        return found

    qtbot.waitUntil(lambda: notes() == ["Carrier is late all week"])


def test_any_field_can_be_changed_on_many_cases_but_those_that_follow_from_others() -> None:
    left = {f.name for f in fields_of(Case) if Show.FORM in f.declared.show} - {f.name for f in editable_fields()}
    assert left == {"source"}  # Set once, by where the case came from.


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_requester_is_given_to_many_cases_and_made_on_the_way(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    desk.queue.table.selectAll()
    desk.queue.acts.bulk("requester")
    dialog = _dialog(desk, qtbot)
    box = _field_ask(dialog).box
    assert isinstance(box, RecordBox)
    box.open()
    picker = box.findChildren(Picker)[-1]
    picker.asked_for_new.emit("Dewi Anggraini")
    qtbot.waitUntil(lambda: bool(dialog.findChildren(NewRecord)))
    dialog.findChildren(NewRecord)[-1].make.click()
    qtbot.waitUntil(dialog.apply.isEnabled)

    dialog.apply.click()

    qtbot.waitUntil(lambda: cell(desk, "Press asks", "requester") == "Dewi Anggraini")
    assert cell(desk, "Parcel lost", "requester") == "Dewi Anggraini"


def test_a_follow_up_is_made_on_many_cases_for_whoever_owns_them_and_is_one_undo(
    desk: Desk, journal: Journal, ids: dict[str, str], watch: Watch, qtbot: QtBot
) -> None:
    desk.open_place("queue", "everything")
    shows(qtbot, desk, "Press asks", "Refund refused", "Parcel lost", "Đơn hàng chưa giao", "Old matter")
    desk.queue.table.selectAll()
    desk.queue.table.setFocus()
    QTest.keyClick(desk.queue.table, Qt.Key.Key_R)
    dialog = _dialog(desk, qtbot)
    asked = dialog.asked
    assert isinstance(asked, LaterAsk)
    qtbot.waitUntil(lambda: dialog.outcome.text() == "Say what is promised.")
    QTest.keyClicks(asked.text, "Call the carrier")
    qtbot.waitUntil(lambda: dialog.outcome.text() == "Say by when.")
    QTest.keyClicks(asked.due.line, "+2h")
    asked.owner.choose(True)
    qtbot.waitUntil(dialog.apply.isEnabled)
    assert dialog.outcome.text().splitlines() == [
        "4 cases change.",
        "1 case is skipped: The case is closed; nothing more is promised on it.",
    ]

    dialog.apply.click()

    def made(case: str) -> list[FollowUp]:
        reader = journal.reader()
        found = reading.all_of(reader, FollowUp, pointing=("case", ids[case]))
        reader.close()
        return [one for one in found if one.text == "Call the carrier"]

    qtbot.waitUntil(lambda: len(made("waiting")) == 1)
    held = made("parcel")[0]
    assert (held.due_at, held.to_whom) == (watch.now + timedelta(hours=2), "Siti Rahayu")
    assert made("waiting")[0].owner != held.owner
    assert not made("old")
    desk.verbs.undo()
    qtbot.waitUntil(lambda: not made("waiting") and not made("parcel"))


def test_a_macro_is_written_on_many_cases_in_the_language_of_each_and_skips_where_a_place_stays_open(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        work.add(Macro(code="M9", use="late", texts={"en": "Hello {requester_name}", "id": "Halo {requester_name}"}))
        work.get(Case, ids["parcel"]).language = Language.ID
    desk.queue.table.selectAll()
    desk.queue.acts.bulk("macro")
    dialog = _dialog(desk, qtbot)
    asked = dialog.asked
    assert isinstance(asked, MacroAsk)
    qtbot.waitUntil(lambda: asked.macro.value() is not None)
    asked.macro.choose(next(one for one in asked.macro._values if one.code == "M9"))
    assert asked.text.text() == "Hello {requester_name}"
    qtbot.waitUntil(dialog.apply.isEnabled)
    assert dialog.outcome.text().splitlines() == [
        "1 case changes.",
        "3 cases are skipped: Nothing fills {requester_name}; write to this one by itself.",
    ]

    dialog.apply.click()

    def said() -> list[tuple[str, Visibility]]:
        reader = journal.reader()
        found = reading.all_of(reader, Message, pointing=("case", ids["parcel"]))
        reader.close()
        return [(one.body, one.visibility) for one in found]

    qtbot.waitUntil(lambda: said() == [("Halo Siti Rahayu", Visibility.PUBLIC)])


def test_trying_a_change_writes_nothing(journal: Journal, ids: dict[str, str]) -> None:
    me = journal.profile
    assert me is not None
    made = journal.reader()
    change = Edit(field_of(Case, "status"), CaseStatus.CANCELLED, reasons={"cancel_reason": CancelReason.TEST})

    outcome = foresee(made, list(ids.values()), change, me, journal.now(), lambda _done, _of: True)
    noted = foresee(made, list(ids.values()), Note("x"), me, journal.now(), lambda _done, _of: True)
    made.close()

    assert (outcome.changed, outcome.left_out) == (2, 3), "one is P1, and only a lead cancels that"
    assert noted.changed == 5
    assert _status(journal, ids["press"]) is CaseStatus.NEW


def test_taking_over_from_the_list_gives_the_owner_and_the_state(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    desk.queue.table.go_to(ids["press"])
    desk.queue.table.setFocus()

    QTest.keyClick(desk.queue.table, Qt.Key.Key_T)

    qtbot.waitUntil(lambda: _status(journal, ids["press"]) is CaseStatus.OPEN)
    assert cell(desk, "Parcel lost", "owner") == "Nguyễn Hà Linh"


def test_the_point_copies_the_number_then_the_title_then_a_link(desk: Desk, ids: dict[str, str], qtbot: QtBot) -> None:
    desk.queue.table.go_to(ids["press"])
    number = cell(desk, "Press asks", "case_no")
    copied = [number, f"{number}  Press asks", f"{number}  Press asks  escalation-desk:case/{number}"]

    for text in copied:
        desk.acts.copy_reference()
        qtbot.waitUntil(lambda text=text: QGuiApplication.clipboard().text() == text)  # type: ignore[misc]  # a string.


def test_a_view_is_saved_with_everything_and_comes_back(desk: Desk, journal: Journal, qtbot: QtBot) -> None:
    desk.queue.change(Look("all-live", {"status": ('"open"',), "age": ("3",)}, group="priority"))
    desk.queue.table.columns.show_column("amount", shown=True)
    desk.queue.views.save_as()
    _name(desk, "Old and open")
    qtbot.waitUntil(lambda: desk.queue.view.title == "Old and open")

    desk.open_place("queue", "mine")
    desk.open_place("queue", desk._saved[0].code)

    shows(qtbot, desk, "Parcel lost")
    assert [g.text for g in desk.queue.table.rows.folds.groups] == ["P3 Low"]
    assert "amount" in desk.queue.columns.shown()
    assert [entry.text for entry in desk.places.entries()][-2:] == ["My views", "Old and open"]


def test_the_shared_view_of_somebody_else_is_not_changed_but_saved_as_mine(
    desk: Desk, journal: Journal, qtbot: QtBot
) -> None:
    with journal.entry("Somebody shares") as work:
        other = work.add(SavedView(title="Theirs", owner="somebody", shared=True, definition={"base": "all-live"}))
        work.flush()
    qtbot.waitUntil(lambda: any(entry.text == "Theirs" for entry in desk.places.entries()))
    desk.open_place("queue", other.id)

    desk.queue.views.save()

    _name(desk, "Mine after theirs")
    qtbot.waitUntil(lambda: desk.queue.view.title == "Mine after theirs")
    made = journal.reader()
    assert {view.title: view.owner for view in reading.all_of(made, SavedView)} == {
        "Theirs": "somebody",
        "Mine after theirs": desk.verbs.me.id,
    }
    made.close()


def test_going_on_opens_the_case_behind_even_when_this_one_has_left_the_list(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(desk.tabs, "open", lambda key, **_how: opened.append(key))
    _make_ready(journal, ids["parcel"])
    qtbot.waitUntil(lambda: settled(desk))
    behind = titles(desk)[titles(desk).index("Parcel lost") + 1]
    desk.queue.table.go_to(ids["parcel"])
    desk.queue.open_current()
    with journal.entry("Resolve") as work:
        work.get(Case, ids["parcel"]).status = CaseStatus.RESOLVED
    qtbot.waitUntil(lambda: settled(desk) and "Parcel lost" not in titles(desk))

    desk.queue.go_on(ids["parcel"])

    assert opened == [f"case:{ids['parcel']}", f"case:{ids[_KNOWN_AS[behind]]}"]


_KNOWN_AS = {"Refund refused": "refund", "Press asks": "press", "Đơn hàng chưa giao": "waiting"}


def _name(desk: Desk, name: str) -> None:
    dialog = desk.findChildren(NameDialog)[-1]
    dialog.name.setText(name)
    dialog.accept()


def _status(journal: Journal, case_id: str) -> CaseStatus:
    made = journal.reader()
    found = reading.record(made, Case, case_id).status
    made.close()
    return found


def _field_ask(dialog: BulkDialog) -> FieldAsk:
    assert isinstance(dialog.asked, FieldAsk)
    return dialog.asked


def _dialog(desk: Desk, qtbot: QtBot) -> BulkDialog:
    qtbot.waitUntil(lambda: bool(desk.findChildren(BulkDialog)))
    return desk.findChildren(BulkDialog)[-1]
