"""Macros with actions on the page of a case: what will change is shown, then changed at once; my draft stays mine."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Form
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.macro_picker import MacroPicker
from escalation_desk.desktop.queue.bulk import Written, carry_out, foresee
from escalation_desk.journal import reading, seed
from escalation_desk.journal.macro_uses import uses_of_macros

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def cases(journal: Journal) -> list[str]:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        for kind in ("macro", "authority", "poc_team"):
            for record in seed.of_kind(kind):
                work.add(record)
        work.add(Macro(code="B01", use="somebody else's", texts={"en": "x"}, owner="somebody"))
        return [
            work.add(
                Case(
                    title=title,
                    status=CaseStatus.OPEN,
                    owner=me.id,
                    assignment=Assignment.ACCEPTED,
                    orders=frozenset({"1"}),
                )
            ).id
            for title in ("Lost", "Late")
        ]


@pytest.fixture
def page(plain_frame: Frame, cases: list[str], qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(plain_frame, cases[0])
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: page.sight is not None)
    return page


def all_of(journal: Journal, kind: Any) -> list[Any]:
    with journal.writing() as made:
        return reading.all_of(made, kind)


def picked(page: CaseEditor, letters: str, qtbot: QtBot) -> MacroPicker:
    page.composer.editor.setFocus()
    QTest.keyClicks(page.composer.editor, "::")
    qtbot.waitUntil(lambda: bool(page.composer.findChildren(MacroPicker)))
    picker = page.composer.findChildren(MacroPicker)[-1]
    QTest.keyClicks(picker.search, letters)
    return picker


def test_a_macro_says_what_it_changes_and_enter_changes_it_as_one_act(
    page: CaseEditor, journal: Journal, cases: list[str], qtbot: QtBot
) -> None:
    page.composer.begin("message")
    page.composer.editor.insert("My unsaved draft")
    picker = picked(page, "A01", qtbot)
    qtbot.waitUntil(lambda: "It changes on this case:" in picker.deeds.text())
    assert "Tags: – → parcel-search" in picker.deeds.text()
    assert "Logistics" in picker.deeds.text()
    assert "Not used yet." in picker.deeds.text()
    assert picker.take.text() == "Do it"
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(all_of(journal, FollowUp)) == 1)
    assert page.composer.editor.text() == "My unsaved draft"
    assert all(one.form is Form.EVENT for one in all_of(journal, Message)), "nothing of mine was put or sent"
    with journal.writing() as made:
        assert reading.record(made, Case, cases[0]).tags == {"parcel-search"}
        (uses,) = uses_of_macros(made).values()
    assert uses.times == 1
    page.frame.verbs.undo()
    qtbot.waitUntil(lambda: not all_of(journal, FollowUp) and not all_of(journal, Message))


def test_a_text_that_needs_approval_waits_for_who_approved(page: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    page.composer.begin("message")
    picker = picked(page, "M10", qtbot)
    assert picker.approved.isVisibleTo(picker)
    assert not picker.take.isEnabled()
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert picker.isVisible()
    picker.approved.setFocus()
    QTest.keyClicks(picker.approved, "Ms Lan by phone")
    QTest.keyClick(picker.approved, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(all_of(journal, Message)) == 1)
    (record,) = all_of(journal, Message)
    assert record.body == "M10 approved by Public relations: Ms Lan by phone"
    assert "{issue}" in page.composer.editor.text()


def test_the_macros_of_others_are_not_offered(page: CaseEditor, qtbot: QtBot) -> None:
    picker = picked(page, "somebody else", qtbot)
    assert picker.list.count() == 0


def test_a_macro_runs_on_many_cases_with_a_look_ahead_and_one_undo(
    journal: Journal, cases: list[str], qtbot: QtBot
) -> None:
    me = journal.profile
    assert me is not None
    macro = next(one for one in all_of(journal, Macro) if one.code == "A01")
    change = Written(macro, Form.NOTE, UTC)
    with journal.writing() as made:
        outcome = foresee(made, cases, change, me, journal.now(), lambda _done, _of: True)
    assert (outcome.changed, outcome.left_out) == (2, 0)
    assert not all_of(journal, FollowUp)
    with journal.entry("Macro") as work:
        carry_out(work, cases, change, me, lambda _done, _of: True)
    assert len(all_of(journal, FollowUp)) == 2
    assert all(one.tags == {"parcel-search"} for one in all_of(journal, Case))
    journal.undo()
    assert not all_of(journal, FollowUp)
    assert all(not one.tags for one in all_of(journal, Case))


def resolve(journal: Journal, case_id: str) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Resolve") as work:
        case = work.get(Case, case_id)
        case.resolution_summary = "Found"
        acts.move(case, CaseStatus.RESOLVED, me, work.now)


def test_resolving_without_a_word_to_the_requester_is_refused_and_the_way_out_opens_the_macro_for_it(
    page: CaseEditor, journal: Journal, cases: list[str], qtbot: QtBot
) -> None:
    """Scenario 9 of domain.md §11."""
    with pytest.raises(Refused, match="requester"):
        resolve(journal, cases[0])
    with journal.writing() as made:
        assert reading.record(made, Case, cases[0]).status is CaseStatus.OPEN
    page.tell_outcome()
    picker = page.composer.findChildren(MacroPicker)[-1]
    assert page.composer.writing().mode == "message"
    assert picker.list.count() == 1
    assert picker.list.item(0).text().startswith("M07")
