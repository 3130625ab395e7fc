"""A promise is caught while it is typed, by keyboard alone, and what was understood is shown before it counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, FollowUpForm, NoteForm
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.macro_picker import MacroPicker
from escalation_desk.desktop.plain import PlainEditor
from escalation_desk.desktop.seller.page import SellerPage
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
CONTROL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def case(journal: Journal) -> str:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        for record in (*seed.of_kind("calendar"), Macro(code="M01", use="first", texts={"en": _TEXT})):
            work.add(record)
        hoa = work.add(Party(display_name="Phạm Thị Hoa"))
        made = work.add(
            Case(
                title="Chưa nhận hàng",
                status=CaseStatus.OPEN,
                owner=me.id,
                assignment=Assignment.ACCEPTED,
                requester=hoa.id,
            )
        )
    return made.id


_TEXT = "We have your case {case_no}. My next update will reach you by {next_update_local}."


@pytest.fixture
def page(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(plain_frame, case)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: page.sight is not None)
    page.composer.begin("message")
    return page


def promised(journal: Journal) -> list[FollowUp]:
    with journal.writing() as made:
        return reading.all_of(made, FollowUp)


def type_on(text: str) -> None:
    held = QApplication.focusWidget()
    assert held is not None
    QTest.keyClicks(held, text)


def test_two_signs_open_the_line_and_enter_keeps_what_was_understood(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    type_on("Hello!!")
    box = page.composer.promise
    qtbot.waitUntil(lambda: box.text.hasFocus() or box.due.line.hasFocus())
    box.text.setFocus()
    box.text.selectAll()
    type_on("call back 15:00 tomorrow")
    assert "call back, Wed 25/11/2026 15:00" in box.understood.text()
    QTest.keyClick(box.text, Qt.Key.Key_Return)
    assert box.isHidden()
    assert page.composer.editor.hasFocus()
    QTest.keyClick(page.composer.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(promised(journal)) == 1)
    (one,) = promised(journal)
    assert (one.text, one.due_at) == ("call back", datetime(2026, 11, 25, 8, 0, tzinfo=UTC))


def test_a_promise_outside_of_the_desks_hours_says_when_the_desk_opens(page: CaseEditor, qtbot: QtBot) -> None:
    box = page.composer.promise
    qtbot.waitUntil(lambda: box.understood._hours is not None)
    page.composer.begin_promise()
    type_on("call back 20:30")
    assert "Outside desk hours; the desk opens Wed 25/11/2026 09:00." in box.understood.text()


def test_what_is_not_clear_is_asked_and_not_taken(page: CaseEditor) -> None:
    page.composer.begin_promise()
    box = page.composer.promise
    type_on("call at 3:00")
    assert "03:00 or 15:00" in box.understood.text()
    QTest.keyClick(box.text, Qt.Key.Key_Return)
    assert "by when" in box.refusal.text()
    assert page.composer.writing().promises == ()


def test_a_moment_set_by_hand_stands_and_the_words_stay_whole(page: CaseEditor) -> None:
    page.composer.begin_promise()
    box = page.composer.promise
    type_on("send the list of 15:00 tomorrow")
    box.due.line.setFocus()
    box.due.line.selectAll()
    type_on("26/11 9:00")
    QTest.keyClick(box.due.line, Qt.Key.Key_Return)
    (one,) = page.composer.writing().promises
    assert (one.text, one.due) == ("send the list of 15:00 tomorrow", datetime(2026, 11, 26, 2, 0, tzinfo=UTC))


def test_an_input_method_in_the_middle_of_a_word_is_left_alone(page: CaseEditor, qtbot: QtBot) -> None:
    editor = page.composer.editor
    QApplication.sendEvent(editor, QInputMethodEvent("!!", []))
    qtbot.wait(50)
    assert page.composer.promise.isHidden()
    done = QInputMethodEvent("", [])
    done.setCommitString("gọi")
    QApplication.sendEvent(editor, done)
    assert editor.text() == "gọi"


def test_a_seller_note_catches_a_promise_in_the_same_way(plain_frame: Frame, journal: Journal, qtbot: QtBot) -> None:
    with journal.entry("Keep") as work:
        seller = work.add(Seller(shop_name="Mây Tre Việt")).id
    page = SellerPage(plain_frame, seller)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: page._about is not None)
    page.note.begin(NoteForm.CALL)
    type_on("Stock")
    said = page.note.above.cells["said"].box.entrance()
    assert isinstance(said, PlainEditor)
    said.setFocus()
    type_on("!!")
    qtbot.waitUntil(lambda: len(page.note.promises.lines) == 1)
    (line,) = page.note.promises.lines
    qtbot.waitUntil(line.text.hasFocus)
    type_on("send the letter tomorrow 9:00")
    assert "send the letter, Wed 25/11/2026 09:00" in line.understood.text()
    page.note.save()
    qtbot.waitUntil(lambda: len(promised(journal)) == 1)
    (one,) = promised(journal)
    assert (one.text, one.seller, one.due_at) == ("send the letter", seller, datetime(2026, 11, 25, 2, 0, tzinfo=UTC))


def test_a_macro_that_names_a_time_asks_for_it_and_makes_the_promise(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    composer = page.composer
    qtbot.waitUntil(lambda: bool(composer._macros))
    composer.open_macros()
    picker = composer.findChild(MacroPicker)
    assert picker is not None
    picker._take()
    box = composer.promise
    assert not box.isHidden()
    box.due.setFocus()
    type_on("15:00")
    QTest.keyClick(box.due.line, Qt.Key.Key_Return)
    assert "will reach you by 24/11/2026 15:00." in composer.editor.text()
    composer.put_now()
    qtbot.waitUntil(lambda: len(promised(journal)) == 1)
    (one,) = promised(journal)
    assert (one.text, one.form, one.to_whom) == ("Next update", FollowUpForm.PROMISE, "Phạm Thị Hoa")

    qtbot.waitUntil(lambda: bool(page.sight and page.sight.case.promise_due_at))
    composer.begin("message")
    composer.open_macros()
    again = composer.findChildren(MacroPicker)[-1]
    again._take()
    assert "by 24/11/2026 15:00." in composer.editor.text()
    composer.put_now()
    qtbot.waitUntil(lambda: composer.writing().empty)
    assert len(promised(journal)) == 1, "it is promised already"
