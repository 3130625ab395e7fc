"""The end of a case in its window: what is missing leads where it is mended; cause, exceptions and second looks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CaseStatus,
    FaultParty,
    Form,
    KnowledgeDecision,
    ReopenReason,
    ResolutionCode,
    Role,
    Severity,
    Urgency,
    VerificationMethod,
)
from escalation_desk.casework.closing import acts as ending
from escalation_desk.casework.closing.records import CauseMethod, ExceptionDecision, LookAt, PeerReview, RootCause
from escalation_desk.casework.people import User
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.closing.cause_dialog import CauseDialog
from escalation_desk.desktop.case.closing.exception_dialog import ExceptionDialog
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def case(journal: Journal) -> str:
    seed.plant(journal)
    assert journal.profile
    with journal.entry("Keep") as work:
        made = work.add(
            Case(
                title="Khách chưa nhận hàng",
                status=CaseStatus.OPEN,
                owner=journal.profile.id,
                assignment=Assignment.ACCEPTED,
                severity=Severity.S3,
                urgency=Urgency.U2,
                received_at=journal.now() - timedelta(days=2),
            )
        )
    return made.id


@pytest.fixture
def page(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    made = CaseEditor(plain_frame, case)
    plain_frame.hold(made)
    qtbot.waitUntil(lambda: made.sight is not None)
    return made


def held(journal: Journal, case: str) -> Case:
    made = journal.reader()
    try:
        return reading.record(made, Case, case)
    finally:
        made.close()


def all_of(journal: Journal, kind: Any) -> list[Any]:
    made = journal.reader()
    try:
        return reading.all_of(made, kind)
    finally:
        made.close()


def sentences(page: CaseEditor) -> list[str]:
    return [link.accessibleName().removeprefix("Go there: ") for link in page.ending.panel.links()]


def type_into(page: CaseEditor, name: str, value: Any) -> None:
    page.form.go_to(name)
    box = page.form.rows[name].box
    box.show_value(value)
    box.edited.emit()


def dialog(kind: type[Any], qtbot: QtBot) -> Any:
    def found() -> Any:
        return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)

    qtbot.waitUntil(lambda: found() is not None)
    return found()


def link(card: QWidget, text: str) -> QPushButton:
    return next(one for one in card.findChildren(QPushButton) if one.text() == text)


def a_colleague(journal: Journal) -> User:
    me = journal.profile
    assert me
    with journal.entry("Keep") as work:
        work.add(mai := User(full_name="Lê Ngọc Mai", login="mai"))
    return mai


# What is missing


def test_what_is_missing_is_listed_and_each_line_leads_to_where_it_is_mended(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    page.head.move_asked.emit(CaseStatus.RESOLVED, {})
    qtbot.waitUntil(page.ending.panel.isVisible)
    assert sentences(page) == [
        "Choose the exact reason; a group of reasons is not enough.",
        "Choose the outcome.",
        "Write the outcome in words.",
        "Tell the requester the outcome, or write why they were not told.",
        "Say by whom it was caused.",
        "Choose the fault code.",
    ]
    assert held(journal, page.case_id).status is CaseStatus.OPEN
    links = page.ending.panel.links()
    assert links[0].hasFocus(), "the keys work there at once"

    QTest.keyClick(links[2], Qt.Key.Key_Return)

    assert page.form.rows["resolution_summary"].box.entrance().hasFocus()
    QTest.mouseClick(links[3], Qt.MouseButton.LeftButton)
    assert page.composer.isAncestorOf(page.focusWidget())
    QTest.keyClick(links[0], Qt.Key.Key_Escape)
    assert not page.ending.panel.isVisible()


def test_the_list_grows_shorter_while_one_types_and_then_one_button_ends_it(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me
    with journal.entry("Say") as work:
        work.add(acts.say(work.get(Case, page.case_id), "Đã tìm thấy", me, work.now, form=Form.MESSAGE))
    page.head.move_asked.emit(CaseStatus.RESOLVED, {})
    qtbot.waitUntil(page.ending.panel.isVisible)
    typed = {
        "reason": "CUS.LOG.LATE",
        "resolution_code": ResolutionCode.FIXED,
        "resolution_summary": "Đã giao",
        "fault_party": FaultParty.LOGISTICS_PARTNER,
        "fault_code": "PAR1",
    }
    for name, value in typed.items():
        type_into(page, name, value)
    qtbot.waitUntil(lambda: sentences(page) == [])
    assert page.ending.panel.go_on.text() == "Set “Resolved”"

    page.ending.panel.go_on.click()

    qtbot.waitUntil(lambda: held(journal, page.case_id).status is CaseStatus.RESOLVED)
    qtbot.waitUntil(lambda: not page.ending.panel.isVisible())
    assert held(journal, page.case_id).resolution_summary == "Đã giao", "one entry with what was typed"


def ready(journal: Journal, case: str) -> None:
    me = journal.profile
    assert me
    with journal.entry("Ready") as work:
        record = work.get(Case, case)
        record.reason, record.resolution_code, record.resolution_summary = "CUS.LOG.LATE", ResolutionCode.FIXED, "Xong"
        record.fault_party, record.fault_code = FaultParty.SELLER, "PRC1"
        work.add(acts.say(record, "Xong", me, work.now, form=Form.MESSAGE))


def test_a_case_is_closed_from_the_form_with_its_check(page: CaseEditor, journal: Journal, qtbot: QtBot) -> None:
    ready(journal, page.case_id)
    page.head.move_asked.emit(CaseStatus.RESOLVED, {})
    qtbot.waitUntil(lambda: held(journal, page.case_id).status is CaseStatus.RESOLVED)
    qtbot.waitUntil(lambda: page.sight is not None and page.sight.case.status is CaseStatus.RESOLVED)
    page.head.move_asked.emit(CaseStatus.CLOSED, {})
    qtbot.waitUntil(lambda: len(sentences(page)) == 2)
    page.ending.panel.links()[0].click()
    assert page.form.rows["verified_how"].box.entrance().hasFocus()
    typed = {
        "verified_how": VerificationMethod.CALLBACK,
        "verified_result": "Khách đã nhận",
        "knowledge": KnowledgeDecision.NOT_NEEDED,
        "knowledge_why": "Đã có bài",
    }
    for name, value in typed.items():
        type_into(page, name, value)
    qtbot.waitUntil(page.ending.panel.go_on.isVisible)

    page.ending.panel.go_on.click()

    qtbot.waitUntil(lambda: held(journal, page.case_id).status is CaseStatus.CLOSED)
    assert held(journal, page.case_id).verified_by == page.frame.verbs.me.id


def test_after_seven_days_the_way_leads_to_a_new_case(
    page: CaseEditor, journal: Journal, plain_frame: Frame, watch: Any, qtbot: QtBot
) -> None:
    ready(journal, page.case_id)
    page.head.move_asked.emit(CaseStatus.RESOLVED, {})
    qtbot.waitUntil(lambda: held(journal, page.case_id).status is CaseStatus.RESOLVED)
    qtbot.waitUntil(lambda: page.sight is not None and page.sight.case.status is CaseStatus.RESOLVED)
    watch.now += timedelta(days=8)
    page.head.move_asked.emit(CaseStatus.OPEN, {"reopen_reason": ReopenReason.CAME_BACK})
    qtbot.waitUntil(lambda: len(sentences(page)) == 1)
    page.ending.panel.links()[0].click()
    qtbot.waitUntil(lambda: bool(plain_frame.went))
    kind, new = plain_frame.went[-1]
    assert (kind, held(journal, new).follow_up_of) == ("case", page.case_id)


# Root cause


def test_a_root_cause_is_found_by_whys_and_doubted_where_it_ends_at_a_person(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    a_colleague(journal)
    page.reload()
    qtbot.waitUntil(lambda: page.sight is not None and len(page.sight.people) == 2)
    page.cards.ending.begin_cause()
    asked: CauseDialog = dialog(CauseDialog, qtbot)
    qtbot.waitUntil(lambda: len(asked.bones) == 8)
    for line, text in zip(asked.whys, ["Giao trễ", "Không ai báo", "Mai quên gọi"], strict=True):
        line.setText(text)
    assert "The last why names" in asked.doubts.text()
    QTest.keyClick(asked.whys[2], Qt.Key.Key_Return)
    assert len(asked.whys) == 4
    asked.whys[3].setText("Không có nhắc việc")
    assert asked.doubts.text() == ""
    asked.cause.insertPlainText("Không có nhắc việc sau 24 giờ")
    asked.fault_code.choose("PEO3")
    assert "People are never the root cause alone" in asked.doubts.text()
    asked.fault_code.choose("PRC1")
    asked.method.choose(CauseMethod.FISHBONE)
    assert not asked.whys[0].isVisible()
    asked.bones["SYS"].insertPlainText("Không có báo động")
    asked.yes.click()

    qtbot.waitUntil(lambda: len(all_of(journal, RootCause)) == 1)
    kept = all_of(journal, RootCause)[0]
    assert kept.whys == ("Giao trễ", "Không ai báo", "Mai quên gọi", "Không có nhắc việc")
    assert (kept.bones, kept.fault_code, kept.by) == ({"SYS": ["Không có báo động"]}, "PRC1", page.frame.verbs.me.id)
    assert held(journal, page.case_id).fault_code == "PRC1"
    qtbot.waitUntil(lambda: "Không có nhắc việc sau 24 giờ" in texts(page.cards.ending))


def texts(card: QWidget) -> list[str]:
    return [one.text() for one in card.findChildren(PlainLabel) if not one.isHidden()]


# Exceptions and second looks


def test_an_exception_is_asked_with_precedents_and_granted_by_a_lead(
    page: CaseEditor, journal: Journal, plain_frame: Frame, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me
    with journal.entry("Before") as work:
        other = work.add(Case(title="Cũ", reason="CUS.LOG.LATE"))
        before = work.add(ending.ask_exception(other, "15 ngày", "Hoàn tiền", "Mất hàng", me, work.now))
    page.cards.ending.begin_exception()
    asked: ExceptionDialog = dialog(ExceptionDialog, qtbot)
    assert not asked.yes.isEnabled()
    asked.search.setText("hoan tien")
    qtbot.waitUntil(lambda: before.id in asked.ticks)
    asked.ticks[before.id].setChecked(True)
    for editor, words in ((asked.policy_says, "Không"), (asked.we_did, "Hoàn một nửa"), (asked.because, "Khách quen")):
        editor.insertPlainText(words)
    asked.yes.click()
    qtbot.waitUntil(lambda: len(all_of(journal, ExceptionDecision)) == 2)
    made = all_of(journal, ExceptionDecision)[1]
    assert made.precedents == frozenset({before.id})
    qtbot.waitUntil(lambda: bool(page.cards.ending.around.exceptions))
    plain_frame.verbs.me.roles = frozenset({*plain_frame.verbs.me.roles, *_lead(journal)})
    page.cards.ending.deeds.decide(made, True)
    words = dialog(Words, qtbot)
    words.yes.click()
    qtbot.waitUntil(lambda: str(all_of(journal, ExceptionDecision)[1].state) == "granted")
    qtbot.waitUntil(lambda: "Exception granted: Hoàn một nửa" in [one.body for one in _told(page)])


def _lead(journal: Journal) -> frozenset[Any]:
    with journal.entry("Lead") as work:
        assert journal.profile
        me = work.get(User, journal.profile.id)
        me.roles = me.roles | {Role.LEAD}
    return frozenset({Role.LEAD})


def _told(page: CaseEditor) -> list[Any]:
    return list(page.sight.messages.values()) if page.sight else []


def test_a_second_look_that_wants_changes_stands_before_the_end(
    page: CaseEditor, journal: Journal, qtbot: QtBot
) -> None:
    ready(journal, page.case_id)
    mai = a_colleague(journal)
    me = page.frame.verbs.me
    with journal.entry("Ask") as work:
        look = work.add(ending.ask_look(work.get(Case, page.case_id), LookAt.RESOLVING, me, work.now, of=mai.id))
    page.head.move_asked.emit(CaseStatus.RESOLVED, {})
    qtbot.waitUntil(lambda: sentences(page) == ["The second look is not answered yet; wait for it, or withdraw it."])
    with journal.entry("Answer") as work:
        ending.answer_look(work.get(PeerReview, look.id), False, "Nêu số tiền", mai, work.now)
    qtbot.waitUntil(lambda: "→ Nêu số tiền" in texts(page.cards.ending))
    link(page.cards.ending, "Withdraw it").click()
    qtbot.waitUntil(lambda: str(all_of(journal, PeerReview)[0].state) == "withdrawn")
    page.head.move_asked.emit(CaseStatus.RESOLVED, {})
    qtbot.waitUntil(lambda: held(journal, page.case_id).status is CaseStatus.RESOLVED)
