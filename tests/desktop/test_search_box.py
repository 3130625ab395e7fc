"""The box at the top: answers while somebody types, by keyboard alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.search.box import SearchBox
from escalation_desk.desktop.search.lines import GROUPS
from escalation_desk.desktop.search.offers import finds
from escalation_desk.journal.searching import SEARCHED

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any


@pytest.fixture
def ids(journal: Journal) -> dict[str, str]:
    with journal.entry("Keep") as work:
        seller = work.add(Seller(shop_name="Mây Tre Việt"))
        party = work.add(Party(display_name="Ánh Dương"))
        work.flush()
        first = work.add(
            Case(title="Đơn hàng vỡ", seller=seller.id, status=CaseStatus.OPEN, owner=work.me, received_at=work.now)
        )
        second = work.add(Case(title="Hoàn tiền chậm", requester=party.id, received_at=work.now))
        work.flush()
        work.add(Message(case=second.id, body="khách hỏi đơn hàng ở đâu", at=work.now))
        work.add(SellerNote(seller=seller.id, topic="Hẹn gọi lại về hàng vỡ"))
        work.add(FollowUp(text="zebra reminder", due_at=work.now))
    return {"seller": seller.id, "first": first.id, "second": second.id, "number": first.case_no}


@pytest.fixture
def box(plain_frame: Frame, ids: dict[str, str], qtbot: QtBot) -> SearchBox:
    made = SearchBox(plain_frame)
    plain_frame.hold(made)
    plain_frame.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.field.hasFocus)
    return made


def shown(box: SearchBox) -> list[str]:
    return [line.text for line in box.panel.lines if line.leads_to] if box.panel.isVisible() else []


def type_in(qtbot: QtBot, box: SearchBox, text: str, expected: str) -> None:
    box.field.clear()
    QTest.keyClicks(box.field, text)
    qtbot.waitUntil(lambda: any(expected in line.text for line in box.panel.lines) and box.panel.isVisible())


def test_every_kind_that_is_searched_has_a_heading() -> None:
    assert tuple(GROUPS) == SEARCHED


def test_finds_come_in_groups_while_somebody_types(qtbot: QtBot, box: SearchBox, ids: dict[str, str]) -> None:
    type_in(qtbot, box, "don hang", "Đơn hàng vỡ")
    headings = [line.text for line in box.panel.lines if line.heading]
    assert headings == ["Cases", "Messages and notes on cases"]
    message = next(line for line in box.panel.lines if line.detail == "khách hỏi đơn hàng ở đâu")
    assert message.leads_to == ("case", ids["second"])
    assert [message.detail[a:b] for a, b in message.strong_detail] == ["đơn", "hàng"]
    assert message.at == "10:00"


def test_arrows_choose_and_enter_opens(qtbot: QtBot, box: SearchBox, plain_frame: Frame, ids: dict[str, str]) -> None:
    type_in(qtbot, box, "hang", "Đơn hàng vỡ")
    QTest.keyClick(box.field, Qt.Key.Key_Down)
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert plain_frame.went == [("case", ids["second"])]
    assert not box.panel.isVisible()
    assert plain_frame.kept.get("searches") == ["hang"]


def test_enter_before_the_answer_opens_the_first_find(
    qtbot: QtBot, box: SearchBox, plain_frame: Frame, ids: dict[str, str]
) -> None:
    QTest.keyClicks(box.field, ids["number"])
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(plain_frame.went))
    assert plain_frame.went == [("case", ids["first"])]


def test_operators_are_first_of_all_a_list(qtbot: QtBot, box: SearchBox, plain_frame: Frame) -> None:
    type_in(qtbot, box, "state:open hang", "Show in the queue")
    assert [text.partition(" · ")[2] for text in shown(box)][1:] == ["Đơn hàng vỡ"]
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert plain_frame.went == [("search", "state:open hang")]


def test_what_is_no_operator_is_said_and_looked_for_all_the_same(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "foo:bar", "There is no operator “foo:”")
    type_in(qtbot, box, "state:nonsense", "choose one of")
    assert not any("There is no operator" in text for text in shown(box))


def test_a_seller_a_requester_and_a_bare_reminder_lead_to_their_places(
    qtbot: QtBot, box: SearchBox, plain_frame: Frame, ids: dict[str, str]
) -> None:
    for text, expected in (("may tre", "Mây Tre Việt"), ("anh duong", "Ánh Dương"), ("zebra", "zebra reminder")):
        type_in(qtbot, box, text, expected)
        QTest.keyClick(box.field, Qt.Key.Key_Return)
        box.setFocus()
    assert plain_frame.went == [("seller", ids["seller"]), ("search", 'requester:"Ánh Dương"'), ("follow-ups", "")]


def test_escape_clears_and_then_leaves(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "hang", "Đơn hàng vỡ")
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert box.field.text() == ""
    assert [line.text for line in box.panel.lines][-1].startswith("Words")
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.panel.isVisible()
    assert not box.field.hasFocus()


def test_what_was_searched_before_is_offered_again(qtbot: QtBot, box: SearchBox, plain_frame: Frame) -> None:
    plain_frame.kept.put("searches", ["hoan tien"])
    QTest.keyClick(box.field, Qt.Key.Key_Escape)
    box.setFocus()
    qtbot.waitUntil(lambda: shown(box) == ["hoan tien"])
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert box.field.text() == "hoan tien"
    qtbot.waitUntil(lambda: any("Hoàn tiền" in text for text in shown(box)))


def test_answers_to_what_was_typed_before_are_not_shown(
    qtbot: QtBot, box: SearchBox, plain_frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow answer comes after more was typed: it is dropped, and the text that stands there is asked for."""
    asked: list[str] = []
    gate = threading.Event()
    real = plain_frame.verbs.ask

    def slow(question: Any, then: Any, **how: Any) -> None:
        asked.append(box.field.text())
        first = len(asked) == 1

        def wait(made: Any) -> Any:
            if first:
                assert gate.wait(10)
            return question(made)

        real(wait, then, **how)

    monkeypatch.setattr(plain_frame.verbs, "ask", slow)
    QTest.keyClicks(box.field, "hang")
    qtbot.waitUntil(lambda: asked == ["hang"])
    QTest.keyClicks(box.field, " vo")
    qtbot.wait(150)
    assert asked == ["hang"]  # One question at a time.
    assert box.field.text() == "hang vo"
    gate.set()
    qtbot.waitUntil(lambda: asked == ["hang", "hang vo"])
    qtbot.waitUntil(lambda: len(shown(box)) > 0)
    assert not any("Hoàn tiền" in text for text in shown(box))


def test_nothing_found_says_what_to_do(qtbot: QtBot, box: SearchBox) -> None:
    type_in(qtbot, box, "xyzzy", "Nothing found.")
    QTest.keyClick(box.field, Qt.Key.Key_Return)
    assert box.panel.isVisible()


@pytest.mark.parametrize("typed", ['"', "<b>bold</b> <img src=x>", "😀", "a" * 3_000, "state:", "(", "\u202eabc"])
def test_nothing_that_can_be_typed_breaks_the_box(qtbot: QtBot, box: SearchBox, plain_frame: Frame, typed: str) -> None:
    box.field.setText(typed)
    qtbot.waitUntil(lambda: box.panel.isVisible() and bool(box.panel.lines))
    assert not any("wrong inside" in sentence for sentence in plain_frame.said)


def test_the_palette_offers_cases_and_sellers_and_hands_over(
    qtbot: QtBot, box: SearchBox, plain_frame: Frame, ids: dict[str, str]
) -> None:
    offered: list[Any] = []
    finds(plain_frame, box)("vo", offered.extend)
    qtbot.waitUntil(lambda: len(offered) == 2)
    assert offered[0].kind == "Cases"
    offered[0].run()
    assert plain_frame.went == [("case", ids["first"])]
    offered[1].run()
    assert box.field.text() == "vo"
