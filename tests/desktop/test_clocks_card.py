"""The clocks of a case on its page: how each stands, why, what was missed; and deadlines of others, by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Market, Severity, Urgency
from escalation_desk.casework.clocks.records import Deadline, DeadlineSide
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.clocks.asking import BeganAt, OwnDeadline, WhyMissed
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.plain import Chip
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def case(journal: Journal) -> str:
    """A P1 that the desk has had for three hours without a word: the first response is missed, the rest runs."""
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        for kind in ("calendar", "holiday", "sla_policy", "deadline_rule"):
            for record in seed.of_kind(kind):
                work.add(record)
    with journal.entry("Keep") as work:
        made = work.add(
            Case(
                title="Lộ thông tin khách hàng",
                reason="GOV.DATA_BREACH",
                market=Market.VN,
                severity=Severity.S2,
                urgency=Urgency.U1,
                status=CaseStatus.OPEN,
                owner=me.id,
                assignment=Assignment.ACCEPTED,
                received_at=work.now - timedelta(hours=3),
            )
        )
    return made.id


@pytest.fixture
def page(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(plain_frame, case)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: "Resolution" in texts(page))
    return page


def inside(page: CaseEditor, kind: type[QWidget]) -> Iterator[Any]:
    return (one for one in page.cards.clocks.findChildren(kind) if one.isVisibleTo(page.cards.clocks))


def texts(page: CaseEditor) -> str:
    return "\n".join(one.text() for one in inside(page, QLabel))


def named(page: CaseEditor, name: str) -> QWidget:
    found: QWidget = next(one for one in inside(page, QWidget) if one.accessibleName() == name)
    return found


def press(widget: QWidget) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_Space)


def test_each_clock_shows_how_it_stands_in_a_word_a_sign_and_a_time(page: CaseEditor) -> None:
    states = sorted(one.accessibleName() for one in inside(page, Chip))
    assert states == ["Breached", "Running"]
    assert "First response" in texts(page)
    assert "2 h 30 over" in texts(page)
    assert "21 h left" in texts(page)


def test_a_clock_says_why_when_it_is_asked(page: CaseEditor, qtbot: QtBot) -> None:
    assert "because policy" not in texts(page)
    QTest.keyClick(page.timeline.list, Qt.Key.Key_Y, ALT)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Why: First response"
    QTest.keyClick(focused, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "because policy SLA-STD v1 gives P1 30 min" in texts(page))
    press(named(page, "Why: First response"))
    qtbot.waitUntil(lambda: "because policy" not in texts(page))


def test_why_a_deadline_was_missed_is_asked_kept_and_shown(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    press(named(page, "Say why it was missed: First response"))
    (asked,) = page.findChildren(WhyMissed)
    assert not asked.yes.isEnabled(), "a reason has words"
    asked.editor.insertPlainText("nobody was on duty")
    asked.ours.setChecked(True)
    QTest.keyClick(asked.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "The desk could have prevented it: nobody was on duty" in texts(page))
    with journal.writing() as made:
        (kept,) = reading.record(made, Case, case).breaches
    assert (kept["clock"], kept["controllable"]) == ("first_response", True)


def test_a_rule_of_law_is_offered_added_and_met(page: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    stands = page.cards.clocks._stands
    assert stands is not None
    (rule,) = stands.offered
    page.cards.clocks._ask_begin(rule)
    (asked,) = page.findChildren(BeganAt)
    QTest.keyClick(asked.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: rule.name in texts(page))
    with journal.writing() as made:
        (kept,) = reading.all_of(made, Deadline)
    assert kept.due_at is not None
    assert kept.begins_at is not None
    assert kept.due_at - kept.begins_at == timedelta(hours=72)
    press(named(page, f"Met: {rule.name}"))
    qtbot.waitUntil(lambda: rule.name not in texts(page))
    with journal.writing() as made:
        assert reading.record(made, Deadline, kept.id).met_at is not None


def test_a_deadline_of_ones_own_is_added_and_dropped_with_a_reason(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    page.cards.clocks._ask_own()
    (asked,) = page.findChildren(OwnDeadline)
    asked.editor.insertPlainText("Answer the ministry")
    assert not asked.yes.isEnabled(), "a deadline has a date"
    QTest.keyClicks(asked.due.line, "+4h")
    asked.side.setCurrentIndex(list(DeadlineSide).index(DeadlineSide.PLATFORM))
    QTest.keyClick(asked.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "Answer the ministry" in texts(page))
    assert "Platform" in texts(page)
    press(named(page, "Drop: Answer the ministry"))
    (why,) = (one for one in page.findChildren(Words) if type(one) is Words)
    why.editor.insertPlainText("withdrawn")
    QTest.keyClick(why.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "Answer the ministry" not in texts(page))
    (unfold,) = (one for one in inside(page, QPushButton) if "over" in one.text())
    unfold.click()
    qtbot.waitUntil(lambda: "withdrawn" in texts(page))


def test_every_button_of_the_card_has_a_name(page: CaseEditor) -> None:
    assert all(one.accessibleName() or one.text() for one in inside(page, QToolButton))
