"""The page of a case: saving, other people's changes, drafts, keys, and that nothing typed is ever lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CancelReason,
    CaseFamily,
    CaseStatus,
    Currency,
    Priority,
    RiskFlag,
    Severity,
    Urgency,
)
from escalation_desk.casework.choices import Form as MessageForm
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.asking import HandBack, Words
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.new_record import NewRecord
from escalation_desk.desktop.case.offers import lookup_for
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.commands import TypingGuard
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)
Watch = Any


@pytest.fixture
def people(journal: Journal) -> dict[str, str]:
    with journal.entry("Keep") as work:
        mai = work.add(User(full_name="Lê Ngọc Mai", login="mai"))
        hoa = work.add(Party(display_name="Phạm Thị Hoa", phone="0900000101"))
        shop = work.add(Seller(shop_name="Bếp Mộc", pinned_note="Gọi trước 9 giờ"))
    assert journal.profile is not None
    return {"linh": journal.profile.id, "mai": mai.id, "hoa": hoa.id, "shop": shop.id}


@pytest.fixture
def case(journal: Journal, people: dict[str, str], watch: Watch) -> str:
    with journal.entry("Keep") as work:
        made = work.add(
            Case(
                title="Khách chưa nhận hàng",
                status=CaseStatus.OPEN,
                owner=people["linh"],
                assignment=Assignment.ACCEPTED,
                requester=people["hoa"],
                seller=people["shop"],
                severity=Severity.S3,
                urgency=Urgency.U2,
                due_at=watch.now + timedelta(minutes=35),
                received_at=watch.now - timedelta(days=2),
            )
        )
    return made.id


@pytest.fixture
def opened(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    return shown(plain_frame, case, qtbot)


def shown(frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(frame, case)
    frame.hold(page)
    qtbot.waitUntil(lambda: page.sight is not None)
    return page


def held(journal: Journal, case: str) -> Case:
    made = journal.reader()
    try:
        return reading.record(made, Case, case)
    finally:
        made.close()


def acts_of(journal: Journal, case: str) -> list[str]:
    made = journal.reader()
    try:
        return [change.title for change in reading.history(made, case) if change.op == "set"]
    finally:
        made.close()


def somebody_else(journal: Journal, people: dict[str, str], case: str, **values: Any) -> None:
    """Let a colleague change the case, as a sync will."""
    made = journal.reader()
    linh, mai = (reading.record(made, User, people[name]) for name in ("linh", "mai"))
    made.close()
    journal.set_profile(mai)
    with journal.entry("Change {case}", case="x") as work:
        for name, value in values.items():
            setattr(work.get(Case, case), name, value)
    journal.set_profile(linh)


def type_into(page: CaseEditor, name: str, value: Any) -> None:
    """Show a value in a field and tell that a person did it."""
    box = page.form.rows[name].box
    box.show_value(value)
    box.edited.emit()


def press(widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held_down = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held_down |= one
    QTest.keyClick(widget, key, held_down)


CONTROL = Qt.KeyboardModifier.ControlModifier


# Saving


def test_one_save_is_one_entry_that_names_what_was_changed(opened: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    type_into(opened, "severity", Severity.S2)
    type_into(opened, "orders", frozenset({"578104423390114"}))
    assert not held(journal, opened.case_id).orders, "nothing is saved before somebody saves"
    press(opened.form.rows["tracking"].box.entrance(), Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: not opened.form.edits)
    case = held(journal, opened.case_id)
    assert (case.severity, case.orders) == (Severity.S2, frozenset({"578104423390114"}))
    assert set(acts_of(journal, opened.case_id)) == {f"Change Severity, Orders of {case.case_no}"}
    assert opened.unsaved.isHidden()


def test_ctrl_enter_saves_and_goes_on_to_the_next_case(opened: CaseEditor, plain_frame: Frame, qtbot: QtBot) -> None:
    type_into(opened, "carrier", "Giao Nhanh 24")
    press(opened.form.rows["carrier"].box.entrance(), Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: ("next", opened.case_id) in plain_frame.went)
    assert not opened.form.edits


def test_ctrl_enter_with_nothing_typed_just_goes_on(opened: CaseEditor, plain_frame: Frame) -> None:
    press(opened.timeline.list, Qt.Key.Key_Return, CONTROL)
    assert plain_frame.went == [("next", opened.case_id)]


def test_the_title_is_edited_where_it_stands(opened: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    opened.head.title.setFocus()
    opened.head.title.selectAll()
    QTest.keyClicks(opened.head.title, "Lost parcel")
    assert opened.unsaved.isVisibleTo(opened)
    press(opened.head.title, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: held(journal, opened.case_id).title == "Lost parcel")
    qtbot.waitUntil(lambda: opened.full_title().endswith("Lost parcel"))


def test_a_refusal_stands_beside_its_field_and_nothing_is_saved(
    opened: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    type_into(opened, "priority_override", Priority.P0)
    opened.save()
    row = opened.form.rows["priority_reason"]
    qtbot.waitUntil(lambda: not row.refusal.isHidden())
    assert "needs a reason" in row.refusal.text()
    assert row.box.entrance().accessibleDescription() == row.refusal.text()
    assert held(journal, opened.case_id).priority_override is None
    type_into(opened, "priority_reason", "The press called")
    opened.save()
    qtbot.waitUntil(lambda: held(journal, opened.case_id).priority_override is not None)
    qtbot.waitUntil(row.refusal.isHidden)


def test_what_cannot_be_read_is_refused_beside_its_field(opened: CaseEditor, journal: Journal) -> None:
    box = opened.form.rows["affected_count"].box.entrance()
    box.setFocus()
    QTest.keyClicks(box, "many")
    opened.save()
    row = opened.form.rows["affected_count"]
    assert "whole number" in row.refusal.text()
    assert QApplication.focusWidget() is box or opened.focusWidget() is box
    assert held(journal, opened.case_id).affected_count is None


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("489.000", Currency.VND, Decimal(489000)),
        ("489,000", Currency.VND, Decimal(489000)),
        ("12.50", Currency.USD, Decimal("12.50")),
        ("Rp 2.350.000", None, Decimal(2350000)),
        ("", Currency.VND, None),
    ],
)
def test_money_is_read_as_its_currency_writes_it(
    opened: CaseEditor, typed: str, currency: Currency | None, amount: Decimal | None
) -> None:
    if currency:
        type_into(opened, "currency", currency)
    opened.form.rows["amount"].box.entrance().setText(typed)  # type: ignore[attr-defined]
    assert opened.form.rows["amount"].box.value() == amount


def test_a_text_nobody_touched_is_saved_exactly_as_it_was(
    journal: Journal, plain_frame: Frame, case: str, qtbot: QtBot
) -> None:
    strange = "first\u2029second \u202e third"
    with journal.entry("Keep") as work:
        work.get(Case, case).description = strange
    page = shown(plain_frame, case, qtbot)
    type_into(page, "carrier", "J&T")
    page.save()
    qtbot.waitUntil(lambda: not page.form.edits)
    assert held(journal, case).description == strange


def test_a_line_too_long_for_its_field_is_shown_but_not_cut_by_editing(
    journal: Journal, plain_frame: Frame, case: str, qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        work.get(Case, case).carrier = "x" * 40_000
    page = shown(plain_frame, case, qtbot)
    line: Any = page.form.rows["carrier"].box.entrance()
    assert line.isReadOnly()
    assert not page.form.rows["tracking"].box.entrance().isReadOnly()  # type: ignore[attr-defined]


# The state


def test_only_allowed_states_are_offered_and_a_move_saves_what_was_typed_along(
    opened: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    type_into(opened, "waiting_for", "Bưu cục Tân Phú")
    with journal.entry("Say when") as work:
        work.get(Case, opened.case_id).waiting_until = journal.now() + timedelta(days=1)
    opened.head.move_asked.emit(CaseStatus.PENDING_THIRD_PARTY, {})
    qtbot.waitUntil(lambda: held(journal, opened.case_id).status is CaseStatus.PENDING_THIRD_PARTY)
    case = held(journal, opened.case_id)
    assert case.waiting_for == "Bưu cục Tân Phú"
    assert f"Set “Waiting for third party” on {case.case_no} and change Waiting for" in acts_of(journal, opened.case_id)
    qtbot.waitUntil(lambda: "Waiting for third party" in opened.head.state.shown)


def test_the_menu_of_states_asks_why_a_case_is_cancelled(opened: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    opened.head.state.click()
    menu = menu_of(opened)
    texts = {action.text().split(" ", 1)[1] for action in menu.actions()}
    assert texts == {
        "Waiting for requester",
        "Waiting for internal team",
        "Waiting for third party",
        "Resolved",
        "Cancelled",
    }
    below = next(action.menu() for action in menu.actions() if action.menu() is not None)
    assert len(below.actions()) == len(CancelReason)
    next(action for action in below.actions() if action.text() == "Test entry").trigger()
    qtbot.waitUntil(lambda: held(journal, opened.case_id).cancel_reason is CancelReason.TEST)


def menu_of(page: QWidget) -> Any:
    return next(menu for menu in page.findChildren(QMenu) if menu.isVisible())


def test_a_final_case_offers_no_state(opened: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    for to in (CaseStatus.RESOLVED, CaseStatus.CLOSED):
        with journal.entry("Bring", kind="import") as work:  # What a person needs for it is in test_ending.
            work.get(Case, opened.case_id).status = to
    qtbot.waitUntil(lambda: not opened.head.state.isEnabled())


# Owner


def test_taking_over_somebody_elses_case_asks_why_and_says_it_on_the_timeline(
    journal: Journal, plain_frame: Frame, case: str, people: dict[str, str], qtbot: QtBot
) -> None:
    somebody_else(journal, people, case, owner=people["mai"])
    page = shown(plain_frame, case, qtbot)
    page.deeds.take()
    asked = page.findChild(Words)
    assert asked is not None
    assert not asked.yes.isEnabled()
    asked.editor.insert("Mai is ill")
    press(asked.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: held(journal, case).owner == people["linh"])
    qtbot.waitUntil(lambda: any("Mai is ill" in entry.body for entry in page.timeline._all))


def test_an_offer_is_answered_from_the_notice(
    journal: Journal, plain_frame: Frame, case: str, people: dict[str, str], qtbot: QtBot
) -> None:
    somebody_else(journal, people, case, owner=people["mai"], offered_to=people["linh"], assignment=Assignment.OFFERED)
    page = shown(plain_frame, case, qtbot)
    notice = page.standing.notice("offer")
    assert notice is not None
    assert "Lê Ngọc Mai" in notice.sentence
    notice.buttons[0].click()
    qtbot.waitUntil(lambda: held(journal, case).owner == people["linh"])
    qtbot.waitUntil(lambda: page.standing.notice("offer") is None)


def test_a_case_goes_back_to_tier_1_with_a_reason_and_what_they_can_learn(
    opened: CaseEditor, journal: Journal, case: str, plain_frame: Frame, qtbot: QtBot
) -> None:
    opened.deeds.hand_back()
    dialog = opened.findChild(HandBack)
    assert dialog is not None
    assert not dialog.yes.isEnabled()
    dialog.editor.insertPlainText("Not a matter for us: the refund is within the rule")
    dialog.lesson.insertPlainText("Refunds under 500.000 need no second level")
    dialog.yes.click()
    qtbot.waitUntil(lambda: held(journal, case).status is CaseStatus.CANCELLED)

    assert held(journal, case).cancel_reason is CancelReason.RETURNED_TIER1
    made = journal.reader()
    told = reading.all_of(made, Message, pointing=("case", case))
    made.close()
    assert [(one.body, one.form, one.counterpart) for one in told] == [
        ("Handed back to Tier 1: Not a matter for us: the refund is within the rule", MessageForm.NOTE, None),
        ("Refunds under 500.000 need no second level", MessageForm.POC, "Tier 1"),
    ]
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: held(journal, case).status is CaseStatus.OPEN)
    assert held(journal, case).cancel_reason is None


def test_offering_a_case_keeps_the_owner_until_it_is_accepted(
    opened: CaseEditor, journal: Journal, people: dict[str, str], qtbot: QtBot
) -> None:
    opened.deeds.offer(people["mai"], "Lê Ngọc Mai")
    qtbot.waitUntil(lambda: opened.findChild(Words) is not None)  # Whether Mai is away is asked first.
    asked = opened.findChild(Words)
    assert asked is not None
    asked.editor.insert("The carrier calls at 3")
    asked.accept()
    qtbot.waitUntil(lambda: held(journal, opened.case_id).offered_to == people["mai"])
    assert held(journal, opened.case_id).owner == people["linh"]
    qtbot.waitUntil(lambda: "offered to Lê Ngọc Mai" in opened.head.owner.text())


# Other people's changes


def test_an_incoming_change_shows_where_nobody_types_and_asks_where_somebody_does(
    opened: CaseEditor, journal: Journal, people: dict[str, str], qtbot: QtBot
) -> None:
    box = opened.form.rows["carrier"].box.entrance()
    box.setFocus()
    QTest.keyClicks(box, "Giao Nhanh")
    type_into(opened, "severity", Severity.S1)
    somebody_else(journal, people, opened.case_id, severity=Severity.S2, tracking="GN24")
    qtbot.waitUntil(lambda: opened.form.rows["tracking"].box.value() == "GN24")
    assert opened.form.rows["carrier"].box.value() == "Giao Nhanh"
    assert opened.form.rows["severity"].box.value() is Severity.S1
    qtbot.waitUntil(lambda: opened.standing.notice("clash:severity") is not None)
    notice = opened.standing.notice("clash:severity")
    assert notice is not None
    assert notice.sentence == "Lê Ngọc Mai changed Severity: S3 Medium → S2 High"
    assert opened.standing.notice("clash:carrier") is None


def test_a_save_waits_for_a_word_on_a_clash(
    opened: CaseEditor, journal: Journal, people: dict[str, str], qtbot: QtBot
) -> None:
    type_into(opened, "severity", Severity.S1)
    somebody_else(journal, people, opened.case_id, severity=Severity.S2)
    qtbot.waitUntil(lambda: opened.standing.notice("clash:severity") is not None)
    opened.save()
    assert "take theirs or keep yours" in opened.form.rows["severity"].refusal.text()
    assert held(journal, opened.case_id).severity is Severity.S2
    notice = opened.standing.notice("clash:severity")
    assert notice is not None
    notice.buttons[1].click()
    opened.save()
    qtbot.waitUntil(lambda: held(journal, opened.case_id).severity is Severity.S1)
    assert opened.standing.notice("clash:severity") is None


def test_taking_theirs_shows_theirs_and_leaves_nothing_to_save(
    opened: CaseEditor, journal: Journal, people: dict[str, str], qtbot: QtBot
) -> None:
    type_into(opened, "severity", Severity.S1)
    somebody_else(journal, people, opened.case_id, severity=Severity.S2)
    qtbot.waitUntil(lambda: opened.standing.notice("clash:severity") is not None)
    notice = opened.standing.notice("clash:severity")
    assert notice is not None
    notice.buttons[0].click()
    assert opened.form.rows["severity"].box.value() is Severity.S2
    assert not opened.form.edits


def test_a_change_that_came_in_the_same_moment_is_never_written_over(
    opened: CaseEditor, journal: Journal, people: dict[str, str], qtbot: QtBot
) -> None:
    type_into(opened, "severity", Severity.S1)
    opened._reload.blockSignals(True)  # The word of the change is still on its way.
    somebody_else(journal, people, opened.case_id, severity=Severity.S2)
    opened.save()
    qtbot.waitUntil(lambda: "just now" in opened.form.rows["severity"].refusal.text())
    assert held(journal, opened.case_id).severity is Severity.S2
    qtbot.waitUntil(lambda: opened.standing.notice("clash:severity") is not None)


def test_undo_brings_the_form_back(opened: CaseEditor, journal: Journal, plain_frame: Frame, qtbot: QtBot) -> None:
    type_into(opened, "carrier", "J&T")
    opened.save()
    qtbot.waitUntil(lambda: held(journal, opened.case_id).carrier == "J&T")
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: opened.form.rows["carrier"].box.value() is None)
    assert not opened.form.edits


def test_a_case_that_is_taken_away_says_so_and_keeps_what_was_typed(
    opened: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    type_into(opened, "carrier", "J&T")
    with journal.entry("Remove") as work:
        work.remove(work.get(Case, opened.case_id))
    qtbot.waitUntil(lambda: opened.standing.notice("gone") is not None)
    opened.flush()
    draft = journal.drafts.get(opened.form_keeper.place)
    assert draft is not None
    assert draft.content["carrier"]["mine"] == "J&T"


# Drafts


def test_what_is_typed_is_kept_within_two_seconds_of_the_last_key(
    opened: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    opened.composer.editor.setFocus()
    QTest.keyClicks(opened.composer.editor, "A note nobody saved")

    def kept() -> bool:
        draft = journal.drafts.get(opened.text_keeper.place)
        return draft is not None and draft.content["text"] == "A note nobody saved"

    qtbot.waitUntil(kept, timeout=2_000)


def test_what_is_typed_is_kept_at_once_when_the_field_is_left(opened: CaseEditor, journal: Journal) -> None:
    opened.composer.editor.setFocus()
    QTest.keyClicks(opened.composer.editor, "A note nobody saved")
    opened.form.rows["carrier"].box.entrance().setFocus()
    draft = journal.drafts.get(opened.text_keeper.place)
    assert draft is not None
    assert draft.content["text"] == "A note nobody saved"


def test_drafts_of_form_and_composer_come_back_on_a_new_page(
    opened: CaseEditor, plain_frame: Frame, qtbot: QtBot
) -> None:
    type_into(opened, "severity", Severity.S1)
    type_into(opened, "risk_flags", frozenset({RiskFlag.MEDIA}))
    opened.head.title.setText("Another title")
    opened.head.title.textEdited.emit("Another title")
    opened.form.go_to("root_cause")  # In a section that is folded.
    type_into(opened, "root_cause", "The label was swapped")
    opened.composer.begin("message")
    opened.composer.editor.insert("Chào chị Hoa")
    opened.flush()
    again = shown(plain_frame, opened.case_id, qtbot)
    assert again.form.rows["severity"].box.value() is Severity.S1
    assert again.form.rows["risk_flags"].box.value() == frozenset({RiskFlag.MEDIA})
    assert (again.composer.writing().mode, again.composer.writing().text) == ("message", "Chào chị Hoa")
    assert again.standing.notice("draft") is not None
    assert again.head.title.text() == "Another title"
    again.form.go_to("root_cause")
    assert again.form.rows["root_cause"].box.value() == "The label was swapped"
    again.discard()
    assert again.head.title.text() == "Khách chưa nhận hàng"
    assert again.form.rows["severity"].box.value() is Severity.S3
    assert not again.form.edits


def test_a_saved_case_leaves_no_draft(opened: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    type_into(opened, "carrier", "J&T")
    opened.flush()
    assert journal.drafts.get(opened.form_keeper.place) is not None
    opened.save()
    qtbot.waitUntil(lambda: not opened.form.edits)
    assert journal.drafts.get(opened.form_keeper.place) is None


def test_a_draft_is_written_while_a_long_import_holds_the_writer(opened: CaseEditor, journal: Journal) -> None:
    with journal.entry("A long import", kind="import"):
        opened.composer.editor.setFocus()
        QTest.keyClicks(opened.composer.editor, "meanwhile")
        opened.flush()
        draft = journal.drafts.get(opened.text_keeper.place)
    assert draft is not None
    assert draft.content["text"] == "meanwhile"


def test_the_page_tells_its_tab_that_something_is_not_saved(opened: CaseEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.dirty) as told:
        type_into(opened, "carrier", "J&T")
    assert told.args == [True]
    with qtbot.waitSignal(opened.dirty) as told:
        opened.discard()
    assert told.args == [False]


_TYPIST = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[4])
from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.shell.kept import KeptValues
from escalation_desk.desktop.verbs import Verbs
from escalation_desk.journal.journal import Journal

class Frame(QWidget):
    minute = Signal()

app = QApplication(sys.argv[:1])
Theme(app, Scheme.LIGHT)
journal = Journal(Path(sys.argv[1]), bytes(32))
frame = Frame()
frame.verbs, frame.kept = Verbs(journal, journal.profile), KeptValues(journal)
page = CaseEditor(frame, sys.argv[2])
page.show()

def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()

while page.sight is None:
    wait(20)
page.composer.editor.setFocus()
QTest.keyClicks(page.composer.editor, sys.argv[3])
box = page.form.rows["carrier"].box.entrance()
QTest.keyClicks(box, sys.argv[3])
wait(2000)
print("typed", flush=True)
wait(60000)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_what_was_typed_survives_kill_9(journal: Journal, case: str, tmp_path: Path, plain_frame: Frame) -> None:
    arguments = [sys.executable, "-c", _TYPIST, str(tmp_path), case, "written and never saved", str(Path.cwd())]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as typist:
        assert typist.stdout is not None
        assert typist.stdout.readline() == "typed\n"
        typist.send_signal(signal.SIGKILL)
    text = journal.drafts.get(f"case:{case}:composer")
    form = journal.drafts.get(f"case:{case}:form")
    assert text is not None
    assert form is not None
    assert text.content["text"] == "written and never saved"
    assert form.content["carrier"]["mine"] == "written and never saved"


# Keys and input methods


def compose(widget: QWidget, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("field", ["carrier", "description"])
def test_no_key_is_a_command_while_a_word_is_being_composed(
    opened: CaseEditor, plain_frame: Frame, journal: Journal, field: str, qtbot: QtBot
) -> None:
    box = opened.form.rows[field].box.entrance()
    box.setFocus()
    QTest.keyClicks(box, "a")
    compose(box, "đơn")
    for key in (Qt.Key.Key_S, Qt.Key.Key_Return):
        press(box, key, CONTROL)
    press(box, Qt.Key.Key_Escape)
    assert plain_frame.went == []
    assert opened.focusWidget() is box
    assert opened.form.edits
    compose(box, "", "đơn")
    assert str(opened.form.rows[field].box.value()).endswith("ađơn")
    press(box, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: not opened.form.edits)
    assert getattr(held(journal, opened.case_id), field).endswith("ađơn")


def test_alt_with_a_letter_is_a_command_in_the_middle_of_writing_and_writes_no_letter(
    opened: CaseEditor, qapp: QApplication, qtbot: QtBot
) -> None:
    guard = TypingGuard(qapp)
    opened.activateWindow()
    for field in (opened.composer.editor, opened.head.title):
        opened.composer.promise.hide()
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        before = opened.composer.editor.text(), opened.head.title.text()
        for kind in (QKeyEvent.Type.ShortcutOverride, QKeyEvent.Type.KeyPress):
            # As Linux and Windows send it: with the letter that Qt would write.
            event = QKeyEvent(kind, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier, "p")
            QApplication.sendEvent(field, event)
        assert not opened.composer.promise.isHidden()
        assert (opened.composer.editor.text(), opened.head.title.text()) == before
    guard.deleteLater()


def test_signs_that_an_input_method_shows_meanwhile_open_nothing(opened: CaseEditor, qtbot: QtBot) -> None:
    editor = opened.composer.editor
    editor.setFocus()
    compose(editor, "::")
    compose(editor, "!!")
    qtbot.wait(20)
    assert opened.composer.promise.isHidden()
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.parent() is opened]


def test_escape_goes_from_a_field_to_the_timeline_and_from_there_back_to_the_list(
    opened: CaseEditor, qtbot: QtBot
) -> None:
    opened.form.rows["carrier"].box.entrance().setFocus()
    press(opened.form.rows["carrier"].box.entrance(), Qt.Key.Key_Escape)
    assert opened.focusWidget() is opened.timeline.list
    with qtbot.waitSignal(opened.back):
        press(opened.timeline.list, Qt.Key.Key_Escape)


def test_tab_goes_through_the_form_in_the_order_it_is_read(opened: CaseEditor) -> None:
    opened.form.rows["severity"].box.entrance().setFocus()
    seen = []
    for _step in range(3):
        opened.focusNextChild()
        seen.append(opened.focusWidget().accessibleName() or opened.focusWidget().text())  # type: ignore[attr-defined]
    assert seen[0] == "Urgency"


def test_every_command_of_the_page_has_a_name_and_runs(opened: CaseEditor) -> None:
    commands = opened.commands()
    assert all(item.text for item in commands.palette_items())
    for name in ("page.note", "page.call", "page.details", "page.around", "page.history", "page.timeline"):
        assert commands.run(name)
    assert opened.composer.writing().mode == "call"


# Looking things up


def test_a_reason_is_found_in_any_of_the_three_languages(journal: Journal, plain_frame: Frame, qtbot: QtBot) -> None:
    seed.plant(journal)
    made = journal.reader()
    lookup = lookup_for("reason")
    asked = ("giao hang tre", "pengiriman terlambat", "delivery late")
    found = {words: [offer.value for offer in lookup(made, words) if offer.value] for words in asked}
    headings = [offer.text for offer in lookup(made, "delivery late") if offer.value is None]
    made.close()
    assert found["giao hang tre"] == found["pengiriman terlambat"] == found["delivery late"] != []
    assert headings == ["Customer › Logistics"]


def test_a_field_that_points_to_a_record_is_chosen_by_typing(
    opened: CaseEditor, people: dict[str, str], qtbot: QtBot
) -> None:
    box = opened.form.rows["collaborators"].box
    box.open()
    picker = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Picker))
    QTest.keyClicks(picker.search, "ngoc mai")
    qtbot.waitUntil(lambda: picker.list.count() == 1 and "Mai" in picker.list.item(0).text())
    press(picker.search, Qt.Key.Key_Return)
    assert box.value() == frozenset({people["mai"]})
    assert opened.form.edits.typed["collaborators"] == frozenset({people["mai"]})


def test_a_requester_who_is_not_there_is_made_on_the_way(opened: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    box: Any = opened.form.rows["requester"].box
    box.open()
    picker = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Picker))
    picker.search.setText("Trần Văn Bảy")
    qtbot.waitUntil(lambda: picker.list.count() == 1)
    press(picker.search, Qt.Key.Key_Return)
    dialog = next(widget for widget in opened.findChildren(QDialog) if isinstance(widget, NewRecord))
    dialog.rows["phone"].box.show_value("0900000777")
    dialog.make.click()
    qtbot.waitUntil(lambda: "requester" in opened.form.edits.typed)
    made = journal.reader()
    party = reading.record(made, Party, opened.form.edits.typed["requester"])
    made.close()
    assert (party.display_name, party.phone) == ("Trần Văn Bảy", "0900000777")
    assert box.opener.text() == "Trần Văn Bảy"


def test_the_kind_of_case_brings_its_own_fields_and_keeps_those_that_are_filled(opened: CaseEditor) -> None:
    assert "ruling" not in opened.form.rows
    type_into(opened, "family", CaseFamily.DISPUTE)
    assert {"ruling", "claim", "other_party"} <= set(opened.form.rows)
    type_into(opened, "claim", "Asks for 500,000")
    type_into(opened, "family", CaseFamily.COMPLAINT)
    assert "ruling" not in opened.form.rows
    assert opened.form.rows["claim"].box.value() == "Asks for 500,000"


def test_the_pinned_note_of_the_seller_stands_on_the_case(opened: CaseEditor, plain_frame: Frame, people: Any) -> None:
    notice = opened.standing.notice("seller")
    assert notice is not None
    assert notice.sentence == "Bếp Mộc: Gọi trước 9 giờ"
    notice.buttons[0].click()
    assert plain_frame.went == [("seller", people["shop"])]


def test_the_head_says_when_the_case_is_due_and_says_it_anew_each_minute(
    opened: CaseEditor, plain_frame: Frame, watch: Watch
) -> None:
    assert opened.head.due.label.text() == "due 10:35, in 35 min"
    watch.now += timedelta(minutes=36)
    plain_frame.minute.emit()
    assert opened.head.due.label.text() == "overdue 1 min"


def test_a_case_set_once_by_its_source_cannot_change_that(opened: CaseEditor) -> None:
    assert not opened.form.rows["source"].box.entrance().isEnabled()


def test_no_label_of_the_page_is_markup(
    journal: Journal, plain_frame: Frame, case: str, people: dict[str, str], qtbot: QtBot
) -> None:
    markup = "<b>x</b><img src='file:///etc/passwd'> & co"
    with journal.entry("Keep") as work:
        work.get(Case, case).title = markup
        work.get(Case, case).description = markup
        work.get(Party, people["hoa"]).display_name = markup
        work.get(Seller, people["shop"]).pinned_note = markup
        work.add(Message(case=case, body=markup, by=people["linh"], pinned=True))
    page = shown(plain_frame, case, qtbot)
    assert page.head.title.text() == markup
    assert page.form.rows["description"].box.value() == markup
    labels = page.findChildren(PlainLabel)
    assert any(label.text() == markup for label in labels)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert any(entry.body == markup for entry in page.timeline._all)
