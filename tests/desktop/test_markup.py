"""Whatever people write is drawn as they wrote it: nothing is markup, nothing is loaded (reliability.md T13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Rich
from PySide6.QtWidgets import QAbstractButton, QLabel, QPlainTextEdit, QTextEdit, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.seller.page import SellerPage
from tests.desktop.sitting import settled, titles

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal

HOSTILE = (
    "<b>bold</b>",
    "<img src='file:///etc/hostname'>",
    "<img src='//host/share/x.png'>",
    "<a href='file:///etc/passwd'>here</a>",
    "<style>*{display:none}</style>gone?",
    "<table><tr><td>cell</td></tr></table>",
    "</p></body></html>rest",
    "<!-- hidden -->",
    "&lt;b&gt; &amp; &#x202e;",
    "A & B && C &D",
    "![picture](file:///etc/passwd) **strong** `code`",
    "{{case.title}} {% for x in y %}",
    "=1+1",
    "@SUM(A1)",
    "+84 912 345 678",
    '-- ; DROP TABLE "case"; --',
    "%s %d {0} {name}",
    "\u202egnp.exe",
    "a\u200bb\u2060c\ufeffd",
    "e\u0302\u0303 nho\u031b\u0300",
    "👩‍👩‍👧‍👦 🇻🇳",
    "x" * 5_000,
    "한국어 ไทย العربية עברית",
    "“quoted” ‘single’ \"plain\" 'plain'",
    "C:\\temp\\new\\table",
)


@pytest.fixture
def nasty(journal: Journal, ids: dict[str, str]) -> dict[str, str]:
    """Write a case for each text, and one in which the first is everywhere; answer what was kept, by case."""
    with journal.entry("Import {file}", file="hostile.csv") as work:
        cases = [work.add(Case(title=text, description=text)) for text in HOSTILE]
    return {case.id: case.title for case in cases}


def test_the_queue_draws_every_title_as_it_was_written(desk: Desk, nasty: dict[str, str], qtbot: QtBot) -> None:
    desk.open_place("queue", "unassigned")
    qtbot.waitUntil(lambda: settled(desk) and len(titles(desk)) == len(nasty) + 1)

    assert {text for text in nasty.values() if len(text) < 100} <= set(titles(desk))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_case_and_its_people_are_shown_as_they_were_written(
    desk: Desk, journal: Journal, text: str, qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        shop, party = work.add(Seller(shop_name=text, pinned_note=text)), work.add(Party(display_name=text))
        work.flush()
        case = work.add(Case(title=text, description=text, seller=shop.id, requester=party.id))
        work.flush()
        work.add(Message(case=case.id, body=text, pinned=True))
        work.add(SellerNote(seller=shop.id, topic=text, said=text))
    desk.open_case(case.id)
    page = desk.tabs.page(f"case:{case.id}")
    assert isinstance(page, CaseEditor)
    qtbot.waitUntil(lambda: page.sight is not None and bool(page.timeline._all))
    desk.open_seller(shop.id)
    seller = desk.tabs.page(f"seller:{shop.id}")
    assert isinstance(seller, SellerPage)
    qtbot.waitUntil(lambda: any(case.title in said for said in _said(seller)))

    desk.grab()

    assert page.head.title.text() == case.title
    assert page.form.rows["description"].box.value() == case.description
    assert [widget for widget in desk.findChildren(QWidget) if _reads_markup(widget)] == []


def _said(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def _reads_markup(widget: QWidget) -> bool:
    """Say whether a text given to this widget could be taken for markup."""
    if Rich.mightBeRichText(widget.toolTip()):
        return True
    if isinstance(widget, QLabel):
        return widget.textFormat() is not Qt.TextFormat.PlainText and bool(widget.text())
    if isinstance(widget, QAbstractButton | QPlainTextEdit):
        return False
    return isinstance(widget, QTextEdit) and widget.acceptRichText()
