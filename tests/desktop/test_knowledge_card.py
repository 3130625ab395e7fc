"""Knowledge on the page of a case, by keyboard: logged in three keys, found by typing, inserted into the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CaseStatus,
    Direction,
    Form,
    KnowledgeDecision,
    Language,
    Visibility,
)
from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.casework.people import Party
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def case(journal: Journal, watch: Watch) -> str:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        hoa = work.add(Party(display_name="Phạm Thị Hoa", language=Language.VI, phone="0912345612"))
        for number, title, answer in (
            ("QA-1", "Bao lâu thì hoàn tiền?", "Trong 3 ngày làm việc."),
            ("QA-2", "Kiện hàng thất lạc thì sao?", "Đơn vị vận chuyển tìm trong 48 giờ."),
        ):
            work.add(Article(number=number, title=title, answer=answer, state=ArticleState.VALIDATED))
        made = work.add(
            Case(
                title="Kiện hàng thất lạc",
                reason="CUS.LOG.LOST",
                status=CaseStatus.OPEN,
                owner=me.id,
                assignment=Assignment.ACCEPTED,
                requester=hoa.id,
            )
        )
        for body, direction in (
            ("Tôi là Phạm Thị Hoa, số 0912345612, kiện hàng của tôi đâu?", Direction.IN),
            ("Chào chị Hoa, hàng đến ngày mai.", Direction.OUT),
        ):
            work.add(
                Message(
                    case=made.id,
                    body=body,
                    form=Form.MESSAGE,
                    visibility=Visibility.PUBLIC,
                    direction=direction,
                    at=watch.now,
                )
            )
    return made.id


@pytest.fixture
def page(plain_frame: Frame, case: str, qtbot: QtBot) -> CaseEditor:
    page = CaseEditor(plain_frame, case)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: bool(page.cards.knowledge.found))
    page.timeline.list.setFocus()
    return page


def read(journal: Journal, case: str) -> Case:
    with journal.writing() as made:
        return reading.record(made, Case, case)


def all_articles(journal: Journal) -> list[Article]:
    with journal.writing() as made:
        return reading.all_of(made, Article)


def labels(page: CaseEditor) -> str:
    return "\n".join(one.text() for one in page.cards.knowledge.findChildren(QLabel) if one.isVisibleTo(page))


def test_two_keys_log_a_question_without_names_and_make_the_decision(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    QTest.keyClick(page.timeline.list, Qt.Key.Key_W, ALT)
    box = page.cards.knowledge.log
    assert box.question.hasFocus()
    assert "kiện hàng của tôi đâu?" in box.question.text()
    QTest.keyClick(box.question, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(all_articles(journal)) == 3)
    made = all_articles(journal)[-1]
    for secret in ("Hoa", "0912345612"):
        assert secret not in made.title
        assert secret not in made.answer
    assert "hàng đến ngày mai." in made.answer
    assert made.language is Language.VI
    held = read(journal, case)
    assert (held.knowledge, held.knowledge_article) == (KnowledgeDecision.CREATED, made.id)
    assert made.source_cases == {case}
    qtbot.waitUntil(lambda: "Article written" in labels(page) and made.number in labels(page))
    page.frame.verbs.undo()
    qtbot.waitUntil(lambda: len(all_articles(journal)) == 2 and read(journal, case).knowledge is None)


def test_an_article_is_found_by_typing_and_linked_with_enter(
    page: CaseEditor, journal: Journal, case: str, qtbot: QtBot
) -> None:
    card = page.cards.knowledge
    QTest.keyClick(page.timeline.list, Qt.Key.Key_V, ALT)
    assert card.search.hasFocus()
    QTest.keyClicks(card.search, "hoan tien")
    qtbot.waitUntil(lambda: [one.number for one in card.found] == ["QA-1"])
    QTest.keyClick(card.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read(journal, case).knowledge is KnowledgeDecision.LINKED)
    assert case in all_articles(journal)[0].source_cases


def test_what_is_being_written_brings_answers_up_and_one_goes_into_the_reply(page: CaseEditor, qtbot: QtBot) -> None:
    card = page.cards.knowledge
    assert [one.number for one in card.found] == ["QA-2"], "by the words of the case"
    page.composer.begin("message")
    QTest.keyClicks(page.composer.editor, "hoan tien")
    qtbot.waitUntil(lambda: "QA-1" in [one.number for one in card.found])
    insert = next(
        one
        for one in card.findChildren(QToolButton)
        if one.accessibleName() == "Insert the answer: Bao lâu thì hoàn tiền?"
    )
    insert.click()
    assert page.composer.editor.text() == "hoan tienTrong 3 ngày làm việc."
    assert page.composer.external


def test_none_needed_asks_why(page: CaseEditor, journal: Journal, case: str, qtbot: QtBot) -> None:
    card = page.cards.knowledge
    page.show_part("around")
    card.ask_not_needed()
    asked = card.findChild(Words)
    assert asked is not None
    assert not asked.yes.isEnabled()
    QTest.keyClicks(asked.editor, "one of a kind")
    QTest.keyClick(asked.editor, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: read(journal, case).knowledge is KnowledgeDecision.NOT_NEEDED)
    qtbot.waitUntil(lambda: "one of a kind" in labels(page))
