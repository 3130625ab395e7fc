"""A case in the real window: opened from the queue, written on, left again, and going on to the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from escalation_desk.casework.case import Case
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.papers.cases_dialog import CasesDialog
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(desk: Desk, case: str, qtbot: QtBot) -> CaseEditor:
    desk.queue.table.go_to(case)
    desk.queue.open_current()
    qtbot.waitUntil(lambda: isinstance(desk.tabs.currentWidget(), CaseEditor))
    page = desk.tabs.currentWidget()
    assert isinstance(page, CaseEditor)
    qtbot.waitUntil(lambda: page.sight is not None)
    return page


def title(journal: Journal, case: str) -> str:
    made = journal.reader()
    try:
        return reading.record(made, Case, case).title
    finally:
        made.close()


def rename(page: CaseEditor, text: str) -> None:
    page.head.title.setFocus()
    page.head.title.selectAll()
    QTest.keyClicks(page.head.title, text)


def test_ctrl_s_saves_the_case_where_the_focus_is_and_not_the_view(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    page = opened(desk, ids["parcel"], qtbot)
    rename(page, "Parcel found")
    assert desk.tabs.tabText(desk.tabs.indexOf(page)).startswith("●"), "an unsaved case has its dot"
    QTest.keyClick(page.head.title, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: title(journal, ids["parcel"]) == "Parcel found")
    qtbot.waitUntil(lambda: not desk.tabs.tabText(desk.tabs.indexOf(page)).startswith("●"))


def test_ctrl_enter_saves_and_opens_the_case_behind_it(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    page = opened(desk, ids["parcel"], qtbot)
    rename(page, "Parcel found")
    QTest.keyClick(page.head.title, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: title(journal, ids["parcel"]) == "Parcel found")
    qtbot.waitUntil(lambda: desk.tabs.current_case() not in {"", ids["parcel"]})


def test_escape_twice_goes_back_to_the_list_and_keeps_what_was_typed(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    page = opened(desk, ids["parcel"], qtbot)
    rename(page, "Half a title")
    QTest.keyClick(page.head.title, Qt.Key.Key_Escape)
    assert page.focusWidget() is page.timeline.list
    QTest.keyClick(page.timeline.list, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is desk.queue.table)
    draft = journal.drafts.get(page.form_keeper.place)
    assert draft is not None
    assert draft.content["title"]["mine"] == "Half a title"


def test_a_closed_tab_keeps_its_draft_and_an_open_one_lists_its_commands(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    page = opened(desk, ids["refund"], qtbot)
    page.composer.editor.insert("not put yet")
    assert {"Write a note", "Save what was typed"} <= {item.text for item in page.commands().palette_items()}
    place = page.text_keeper.place
    desk.tabs.close_page(page)
    draft = journal.drafts.get(place)
    assert draft is not None
    assert draft.content["text"] == "not put yet"


def test_a_case_in_front_leaves_as_a_paper_where_none_is_picked_in_the_list(
    desk: Desk, ids: dict[str, str], qtbot: QtBot
) -> None:
    desk.open_case(ids["refund"])
    qtbot.waitUntil(lambda: desk.tabs.current_case() == ids["refund"])
    desk.places.setFocus()
    assert not desk.queue.table.current_id()

    desk.commands.run("export.cases")

    qtbot.waitUntil(lambda: bool(desk.findChildren(CasesDialog)))
    made = desk.verbs.journal.reader()
    number = reading.record(made, Case, ids["refund"]).case_no
    made.close()
    dialog = desk.findChildren(CasesDialog)[-1]
    assert any(number in label.text() for label in dialog.findChildren(PlainLabel))
    dialog.reject()
