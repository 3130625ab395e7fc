"""Articles and macros have a list and a sheet: written, validated, previewed on a case, by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Role
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.knowing.records import Article, ArticleState, Procedure
from escalation_desk.casework.macro_actions import Deed
from escalation_desk.casework.people import User
from escalation_desk.desktop.knowing.article_sheet import ArticleSheet, new_article, open_article
from escalation_desk.desktop.knowing.macro_sheet import MacroSheet, new_macro, open_macro
from escalation_desk.desktop.knowing.places import ArticlesPlace, MacrosPlace
from escalation_desk.desktop.knowing.procedure_sheet import ProcedureSheet, open_procedures
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
CONTROL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def desk(journal: Journal) -> str:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        for kind in ("macro", "authority", "poc_team"):
            for record in seed.of_kind(kind):
                work.add(record)
        work.add(Article(number="QA-1", title="How long?", answer="3 days.", state=ArticleState.NOT_VALIDATED))
        owned: dict[str, Any] = {"owner": me.id, "assignment": Assignment.ACCEPTED, "status": CaseStatus.OPEN}
        return work.add(Case(title="Parcel lost", **owned)).case_no


def all_of(journal: Journal, kind: Any) -> list[Any]:
    with journal.writing() as made:
        return reading.all_of(made, kind)


def sheet(frame: Frame, kind: Any, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: bool(frame.findChildren(kind)))
    return frame.findChildren(kind)[-1]


def lead(frame: Frame, journal: Journal) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Lead", kind="fact") as work:
        work.get(User, me.id).roles = frozenset({Role.LEAD})
    frame.verbs.me = next(one for one in all_of(journal, User) if one.id == me.id)


def test_both_lists_show_what_there_is(plain_frame: Frame, desk: str, qtbot: QtBot) -> None:
    articles, macros = ArticlesPlace(plain_frame), MacrosPlace(plain_frame)
    plain_frame.hold(articles)
    plain_frame.hold(macros)
    qtbot.waitUntil(lambda: articles.table.model().rowCount() == 1)
    qtbot.waitUntil(lambda: macros.table.model().rowCount() == 13)


def test_an_article_is_written_and_numbered(plain_frame: Frame, desk: str, journal: Journal, qtbot: QtBot) -> None:
    plain_frame.show()
    new_article(plain_frame)
    written = sheet(plain_frame, ArticleSheet, qtbot)
    written.save()
    assert len(all_of(journal, Article)) == 1
    assert "cannot be empty" in written.fields.cells["title"].refusal.text()
    written.fields.show_values({"title": "Where is it?", "answer": "On its way."})
    QTest.keyClick(written, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(all_of(journal, Article)) == 2)
    made = all_of(journal, Article)[-1]
    assert made.number.startswith("QA-")
    assert (made.title, made.state) == ("Where is it?", ArticleState.WIP)


def test_only_a_lead_validates(plain_frame: Frame, desk: str, journal: Journal, qtbot: QtBot) -> None:
    plain_frame.show()
    (article,) = all_of(journal, Article)
    open_article(plain_frame, article.id)
    written = sheet(plain_frame, ArticleSheet, qtbot)
    written._move(ArticleState.VALIDATED)
    qtbot.waitUntil(lambda: "A lead validates" in written.refusal.text())
    lead(plain_frame, journal)
    written._move(ArticleState.VALIDATED)
    qtbot.waitUntil(lambda: all_of(journal, Article)[0].state is ArticleState.VALIDATED)


def test_a_macro_of_my_own_is_written_with_a_look_at_a_case(
    plain_frame: Frame, desk: str, journal: Journal, qtbot: QtBot
) -> None:
    plain_frame.show()
    new_macro(plain_frame)
    written = sheet(plain_frame, MacroSheet, qtbot)
    written.code.setText("X1")
    written.use.setText("mark it")
    written.save()
    assert "one of them" in written.refusal.text()
    written.deeds.more.click()
    line = written.deeds.lines[0]
    QTest.keyClicks(line.words, "to-check")
    QTest.keyClicks(written.case, desk)
    qtbot.waitUntil(lambda: "Tags: – → to-check" in written.preview.text())
    written.save()
    qtbot.waitUntil(lambda: any(one.code == "X1" for one in all_of(journal, Macro)))
    made = next(one for one in all_of(journal, Macro) if one.code == "X1")
    assert made.actions == ({"do": "add_tag", "tag": "to-check"},)
    assert made.owner == plain_frame.verbs.me.id
    assert not any(one.tags for one in all_of(journal, Case)), "a look changes nothing"


def test_a_macro_of_all_is_changed_by_leads_only_and_untouched_words_keep_their_languages(
    plain_frame: Frame, desk: str, journal: Journal, qtbot: QtBot
) -> None:
    with journal.entry("A lead comes", kind="fact") as work:
        work.add(User(login="thu", full_name="Thu", roles=frozenset({Role.LEAD})))
    plain_frame.show()
    before = next(one for one in all_of(journal, Macro) if one.code == "A01")
    open_macro(plain_frame, before.id)
    written = sheet(plain_frame, MacroSheet, qtbot)
    written.use.setText("ask for a search")
    written.save()
    qtbot.waitUntil(lambda: "ask a lead" in written.refusal.text())
    lead(plain_frame, journal)
    written.save()
    qtbot.waitUntil(lambda: "ask for a search" in [one.use for one in all_of(journal, Macro)])
    after = next(one for one in all_of(journal, Macro) if one.code == "A01")
    assert after.actions == before.actions


@pytest.mark.parametrize(
    ("deed", "words", "said"),
    [(Deed.SET_FIELD, "S9", "S9"), (Deed.FOLLOW_UP, "x", "hours"), (Deed.REMOVE_TAG, "", "name it")],
)
def test_an_action_that_cannot_be_done_is_refused_before_anybody_uses_it(
    plain_frame: Frame, desk: str, journal: Journal, qtbot: QtBot, deed: Deed, words: str, said: str
) -> None:
    plain_frame.show()
    new_macro(plain_frame)
    written = sheet(plain_frame, MacroSheet, qtbot)
    written.code.setText("X2")
    written.use.setText("x")
    written.deeds.add({"do": deed.value, "field": "severity", "hours": ""})
    written.deeds.lines[0].words.setText(words)
    written.save()
    assert said in written.refusal.text()
    assert not any(one.code == "X2" for one in all_of(journal, Macro))


def test_a_lead_writes_a_new_edition_of_a_procedure(
    plain_frame: Frame, desk: str, journal: Journal, qtbot: QtBot
) -> None:
    with journal.entry("Procedures", kind="fact") as work:
        for record in seed.of_kind("procedure"):
            work.add(record)
    lead(plain_frame, journal)
    plain_frame.show()
    open_procedures(plain_frame)
    written = sheet(plain_frame, ProcedureSheet, qtbot)
    code = written.which.value()
    (before,) = [one for one in all_of(journal, Procedure) if one.code == code]
    written.save()
    qtbot.waitUntil(lambda: "Nothing has changed" in written.refusal.text())

    written.steps[1].earlier.click()
    written.more.click()
    written.steps[-1].texts["vi"].setText("Gọi lại")
    written.steps[-1].required.setChecked(True)
    QTest.keyClick(written, Qt.Key.Key_Return, CONTROL)

    qtbot.waitUntil(lambda: len([one for one in all_of(journal, Procedure) if one.code == code]) == 2)
    after = next(one for one in all_of(journal, Procedure) if one.code == code and one.edition == 2)
    assert [one["code"] for one in after.steps[:2]] == [before.steps[1]["code"], before.steps[0]["code"]]
    assert (after.steps[-1]["text"], after.steps[-1]["required"]) == ({"vi": "Gọi lại"}, True)
    assert all_of(journal, Procedure)[0].edition == 1
