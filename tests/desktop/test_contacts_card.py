"""Requests to points of contact on the page of a case: asked, chased, answered and passed on, by keyboard alone."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Form, Market, Visibility
from escalation_desk.casework.contacts.records import AnswerQuality, Poc, PocRequest, RequestState
from escalation_desk.casework.contacts.routing import Route
from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.people import Party
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.contacts.asking import AskContact, FilledText, RightContact, TheirAnswer
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.journal import contacting, reading, seed

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
S = RequestState
LAN = ({"channel": "email", "value": "lan@example.com"},)


@pytest.fixture
def case(journal: Journal, watch: Watch) -> str:
    seed.plant(journal)
    assert journal.profile is not None
    watch.now = watch.now.replace(day=10)  # The 24th of November is a holiday in Viet Nam.
    with journal.entry("Keep") as work:
        hoa = work.add(Party(display_name="Phạm Thị Hoa"))
        lan = work.add(
            Poc(full_name="Lan", team="LOGISTICS", market=Market.VN, confirmed_on=date(2026, 11, 1), channels=LAN)
        )
        work.add(Poc(full_name="Minh", team="LOGISTICS", market=Market.VN, backup=lan.id))
        made = work.add(
            Case(
                title="Khách chưa nhận hàng",
                status=CaseStatus.OPEN,
                owner=journal.profile.id,
                assignment=Assignment.ACCEPTED,
                requester=hoa.id,
                reason="CUS.LOG.NOT_DELIVERED",
                received_at=watch.now,
            )
        )
    return made.id


@pytest.fixture
def page(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    made = CaseEditor(plain_frame, case)
    plain_frame.hold(made, 1500, 900)
    plain_frame.activateWindow()
    qtbot.waitUntil(lambda: made.cards.requests.seen is not None)
    made.timeline.list.setFocus()
    return made


def ask(journal: Journal, case: str, **said: Any) -> str:
    me = journal.profile
    assert me is not None
    with journal.entry("Ask") as work:
        route = Route(**({"team": "LOGISTICS", "poc": None, "rule": None, "because": "chosen"} | said))
        return contacting.ask(work, me, case, route, "Kiện hàng ở đâu?").id


def kept(journal: Journal, kind: Any, case: str) -> list[Any]:
    made = journal.reader()
    try:
        return reading.all_of(made, kind, pointing=("case", case))
    finally:
        made.close()


def dialog(page: CaseEditor, kind: type[QDialog], qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.window().findChildren(kind)))
    return next(one for one in page.window().findChildren(kind) if one.isVisible())


def state(page: CaseEditor) -> list[RequestState]:
    return [row.one.state for row in page.cards.requests.rows]


def focused(page: CaseEditor) -> int:
    """Say which row has the focus."""
    return next((at for at, row in enumerate(page.cards.requests.rows) if row.hasFocus()), -1)


def press(widget: Any, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifier)


def row_of(page: CaseEditor, qtbot: QtBot, count: int = 1) -> Any:
    qtbot.waitUntil(lambda: len(page.cards.requests.rows) == count)
    press(page.timeline.list, Qt.Key.Key_J, ALT)
    return page.cards.requests.rows[0]


def test_a_contact_is_asked_by_keyboard_alone_and_the_case_waits(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    press(page.timeline.list, Qt.Key.Key_T, ALT)
    asked = dialog(page, AskContact, qtbot)
    assert asked.who.team.currentText() == "Logistics"
    assert asked.who.poc.currentText() == "Lan"
    assert "the reason begins with CUS.LOG" in asked.because.text()
    assert "the answer is due" in asked.due.text()
    assert not asked.go.isEnabled()
    QTest.keyClicks(asked.ask, "Where is the parcel?")
    press(asked.ask, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    (request,) = kept(journal, PocRequest, case)
    assert (request.ask, request.team) == ("Where is the parcel?", "LOGISTICS")
    qtbot.waitUntil(lambda: bool(page.sight and page.sight.case.status is CaseStatus.PENDING_INTERNAL))
    assert "answer due" in page.cards.requests.rows[0].clock_line.text()


def test_somebody_else_is_asked_and_it_is_kept_that_a_person_chose(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    page.cards.requests.ask()
    asked = dialog(page, AskContact, qtbot)
    QTest.keyClicks(asked.who.team, "IPR")
    assert asked.because.text() == "Because Nguyễn Hà Linh chose it"
    QTest.keyClicks(asked.ask, "Who owns the mark?")
    press(asked.ask, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    assert kept(journal, PocRequest, case)[0].routed_by is None


def test_one_key_chases_with_the_text_filled_in_and_the_third_goes_above(
    page: CaseEditor, journal: Journal, case: str, watch: Watch, qtbot: QtBot
) -> None:
    ask(journal, case)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    for number in (1, 2):
        press(page.timeline.list, Qt.Key.Key_G, ALT)
        chase = dialog(page, FilledText, qtbot)
        assert f"Nhắc lần {number} cho hồ sơ" in chase.editor.text()
        assert "{" not in chase.editor.text()
        press(chase.editor, Qt.Key.Key_Return, CONTROL)
        qtbot.waitUntil(lambda number=number: len(page.cards.requests.rows[0].one.chases) == number)  # type: ignore[misc]  # a number.
        watch.now += timedelta(hours=4)
    press(page.timeline.list, Qt.Key.Key_G, ALT)
    above = dialog(page, Words, qtbot)
    assert "after 2 chases" in above.accessibleDescription()
    press(above.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(kept(journal, Escalation, case)) == 1)
    said = [one.body for one in kept(journal, Message, case) if one.form is Form.POC]
    assert len(said) == 3


def test_a_chase_says_where_to_send_it(page: CaseEditor, journal: Journal, case: str, qtbot: QtBot) -> None:
    with closing(journal.reader()) as made:
        lan = next(one.id for one in reading.all_of(made, Poc) if one.full_name == "Lan")
    ask(journal, case, poc=lan)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    page.cards.requests.chase()
    chase = dialog(page, FilledText, qtbot)
    assert chase.accessibleDescription().endswith("Reach them: email lan@example.com")
    chase.copy.click()
    assert QGuiApplication.clipboard().text() == chase.editor.text()


def test_nobody_to_chase_is_said(page: CaseEditor, plain_frame: Frame) -> None:
    press(page.timeline.list, Qt.Key.Key_G, ALT)
    assert plain_frame.said[-1] == "Nobody is to be chased: no request waits for an answer."


def test_an_answer_is_written_down_judged_and_passed_on_by_letters(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    ask(journal, case)
    press(row_of(page, qtbot), Qt.Key.Key_A)
    qtbot.waitUntil(lambda: state(page) == [S.ACKNOWLEDGED])
    press(page.cards.requests.rows[0], Qt.Key.Key_R)
    answered = dialog(page, TheirAnswer, qtbot)
    answered.quality.setCurrentIndex(answered.quality.findData(AnswerQuality.PARTLY))
    QTest.keyClicks(answered.editor, "At the hub")
    press(answered.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: state(page) == [S.ANSWERED])
    assert "the requester does not know yet" in page.cards.requests.rows[0].clock_line.text()

    press(page.cards.requests.rows[0], Qt.Key.Key_N)
    again = dialog(page, Words, qtbot)
    QTest.keyClicks(again.editor, "Which hub?")
    press(again.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    assert "asked again once" in page.cards.requests.rows[0].clock_line.text()

    press(page.cards.requests.rows[0], Qt.Key.Key_R)
    answered = dialog(page, TheirAnswer, qtbot)
    QTest.keyClicks(answered.editor, "Binh Duong")
    press(answered.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: state(page) == [S.ACCEPTED])
    press(page.cards.requests.rows[0], Qt.Key.Key_P)
    told = dialog(page, FilledText, qtbot)
    assert told.editor.text() == "Binh Duong"
    press(told.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page.cards.requests.rows == [])  # Nothing is left to do: it folds away.
    last = kept(journal, Message, case)[-1]
    assert (last.body, last.visibility) == ("Binh Duong", Visibility.PUBLIC)


def test_the_wrong_contact_is_corrected_at_one_go_and_the_rule_is_flagged(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    page.cards.requests.ask()
    asked = dialog(page, AskContact, qtbot)
    QTest.keyClicks(asked.ask, "Where?")
    press(asked.ask, Qt.Key.Key_Return, CONTROL)
    press(row_of(page, qtbot), Qt.Key.Key_W)
    right = dialog(page, RightContact, qtbot)
    assert not right.yes.isEnabled()
    QTest.keyClicks(right.who.team, "Order")
    press(right.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: [one.state for one in kept(journal, PocRequest, case)] == [S.BOUNCED, S.SENT])
    old, new = kept(journal, PocRequest, case)
    assert (old.bounced_to, new.team, new.ask) == (new.id, "ORDER_OPS", "Where?")


def test_several_requests_stand_beside_each_other_and_arrows_go_between(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    ask(journal, case)
    ask(journal, case, team="IPR_TEAM")
    row_of(page, qtbot, 2)
    # The page may read itself anew in between; whoever had the focus has it again.
    qtbot.waitUntil(lambda: focused(page) == 0)
    press(page.cards.requests.rows[0], Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: focused(page) == 1)
    assert page.cards.requests.rows[1].accessibleName().startswith("Request to IPR")


def test_a_contact_that_sleeps_is_said_to_sleep(
    page: CaseEditor, journal: Journal, case: str, watch: Watch, qtbot: QtBot
) -> None:
    watch.now = watch.now.replace(hour=12)  # 19:00 there
    ask(journal, case)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    assert "asleep until 11/11 09:00 there" in page.cards.requests.rows[0].clock_line.text()


def test_what_the_clock_shows_there_is_said_where_it_differs(
    page: CaseEditor, plain_frame: Frame, journal: Journal, case: str, qtbot: QtBot
) -> None:
    plain_frame.verbs.me.time_zone = "Asia/Makassar"
    ask(journal, case)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    assert "10:00 there now" in page.cards.requests.rows[0].clock_line.text()


def test_letters_of_a_request_work_in_the_whole_window_too(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    seed.plant(journal)
    case = ids["refund"]
    desk.open_case(case)
    qtbot.waitUntil(lambda: isinstance(desk.tabs.currentWidget(), CaseEditor))
    page = desk.tabs.currentWidget()
    assert isinstance(page, CaseEditor)
    ask(journal, case)
    qtbot.waitUntil(lambda: state(page) == [S.SENT])
    page.cards.requests.rows[0].setFocus()
    press(page.cards.requests.rows[0], Qt.Key.Key_A)
    qtbot.waitUntil(lambda: state(page) == [S.ACKNOWLEDGED])
    for key, kind in ((Qt.Key.Key_C, FilledText), (Qt.Key.Key_R, TheirAnswer), (Qt.Key.Key_W, RightContact)):
        page.cards.requests.rows[0].setFocus()
        press(page.cards.requests.rows[0], key)
        dialog(page, kind, qtbot).reject()
