"""Procedures on the page of a case, by keyboard: begun, ticked, left out with a reason, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus
from escalation_desk.casework.knowing import procedures
from escalation_desk.casework.knowing.records import Checklist, Procedure
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.journal import reading, seed
from escalation_desk.journal.guarding import surroundings
from escalation_desk.journal.procedures import on_case

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def case(journal: Journal) -> str:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        for record in seed.of_kind("procedure"):
            work.add(record)
        made = work.add(
            Case(
                title="Chưa nhận hàng",
                reason="CUS.LOG.LOST",
                status=CaseStatus.OPEN,
                owner=me.id,
                assignment=Assignment.ACCEPTED,
            )
        )
    return made.id


@pytest.fixture
def page(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(plain_frame, case)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: bool(page.cards.checklists.found.offered))
    return page


def labels(page: CaseEditor) -> str:
    return "\n".join(one.text() for one in page.cards.checklists.findChildren(QLabel) if one.isVisibleTo(page))


def checklist(journal: Journal) -> Checklist:
    with journal.writing() as made:
        (one,) = reading.all_of(made, Checklist)
    return one


def begin(page: CaseEditor, qtbot: QtBot) -> None:
    page.timeline.list.setFocus()
    QTest.keyClick(page.timeline.list, Qt.Key.Key_B, ALT)
    offer = QApplication.focusWidget()
    assert offer is not None
    assert offer.accessibleName() or "Delivery lost" in offer.property("text")
    QTest.keyClick(offer, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(page.cards.checklists.found.begun))


def test_a_procedure_is_begun_and_ticked_by_keyboard_and_says_who_did_it(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    begin(page, qtbot)
    page.timeline.list.setFocus()
    QTest.keyClick(page.timeline.list, Qt.Key.Key_B, ALT)
    tick = QApplication.focusWidget()
    assert isinstance(tick, QCheckBox)
    assert tick.accessibleName().startswith("Read the last scan")
    assert tick.accessibleName().endswith(", required")
    QTest.keyClick(tick, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(checklist(journal).ticks) == 1)
    qtbot.waitUntil(lambda: "1 of 6 steps" in labels(page))
    assert "Nguyễn Hà Linh, 10:00" in labels(page)
    with journal.writing() as made:
        assert surroundings(made, reading.record(made, Case, case)).undone_steps == 4
    page.frame.verbs.undo()
    qtbot.waitUntil(lambda: "0 of 6 steps" in labels(page))


def test_a_step_is_left_out_only_with_a_reason(page: CaseEditor, journal: Journal, case: str, qtbot: QtBot) -> None:
    begin(page, qtbot)
    card = page.cards.checklists
    (begun,) = card.found.begun
    card._ask_leave_out(begun, begun.steps[2])
    asked = card.findChild(Words)
    assert asked is not None
    assert not asked.yes.isEnabled()
    QTest.keyClicks(asked.editor, "no carrier involved")
    QTest.keyClick(asked.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "left out by Nguyễn Hà Linh, 10:00: no carrier involved" in labels(page))
    with journal.writing() as made:
        assert surroundings(made, reading.record(made, Case, case)).undone_steps == 4


def test_a_newer_version_is_told_on_the_case_that_keeps_the_old_one_and_where_it_is_offered_next(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    begin(page, qtbot)
    me = journal.profile
    assert me is not None
    with journal.writing() as made:
        old = next(one for one in reading.all_of(made, Procedure) if one.code == "SOP-LOST")
    steps = (*old.steps[:2], {"code": "S9", "text": {"en": "Ask the warehouse"}, "required": True})
    with journal.entry("Next version") as work:
        work.add(procedures.new_edition(old, steps=steps))
        other = work.add(Case(title="Another", reason="CUS.LOG.LOST"))
    qtbot.waitUntil(lambda: "There is a newer version; this case keeps its own." in labels(page))
    assert "New: Ask the warehouse." in labels(page)
    with journal.writing() as made:
        found = on_case(made, other, me)
    (offered, *_more) = found.offered
    assert offered.procedure.edition == 2
    assert offered.changed is not None
    assert offered.changed.added == ("Ask the warehouse",)
