"""Links, merges, splits, offers and problems as people meet them in the window."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu, QWidget

from escalation_desk.casework import acts
from escalation_desk.casework.absence import Absence
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, FollowUpState
from escalation_desk.casework.linking.records import CaseLink, LinkForm, Problem, ProblemState
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.absences.dialog import AbsencesDialog
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.away import away_of
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.opener import Opener
from escalation_desk.desktop.case.other_case import LinkDialog, MergeCase
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.desktop.problems.page import ProblemPage
from escalation_desk.desktop.problems.place import ProblemsPlace
from escalation_desk.journal import around, linking, problems, reading
from tests.desktop.conftest import NOW, PlainFrame

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal


def cases(journal: Journal, count: int, **said: Any) -> list[str]:
    with journal.entry("New") as work:
        return [work.add(Case(title=f"Refund {number}", **said)).id for number in range(count)]


def opened(frame: PlainFrame, qtbot: QtBot, case: str) -> CaseEditor:
    page = CaseEditor(frame, case)
    frame.hold(page)
    qtbot.waitUntil(lambda: page.sight is not None)
    return page


def held(journal: Journal, kind: Any, record: str) -> Any:
    with journal.writing() as made:
        return reading.record(made, kind, record)


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel)]


def openers(widget: QWidget) -> list[Opener]:
    return widget.findChildren(Opener)


def test_a_link_shows_its_word_and_leads_to_the_other_case(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    first, second = cases(journal, 2)
    with journal.entry("Link") as work:
        linking.add(work, first, second, LinkForm.CHILD, plain_frame.verbs.me)
    page = opened(plain_frame, qtbot, second)

    qtbot.waitUntil(lambda: "Has the part" in texts(page.cards.links))
    openers(page.cards.links)[0].button.click()
    assert plain_frame.went == [("case", first)]


def test_a_case_is_linked_by_its_number_and_the_word_for_it(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    first, second = cases(journal, 2)
    page = opened(plain_frame, qtbot, first)
    page.cards.links.begin()
    dialog = next(one for one in plain_frame.window().findChildren(LinkDialog))
    dialog.search.setText(held(journal, Case, second).case_no)
    qtbot.waitUntil(lambda: dialog.chosen() is not None)
    dialog.kind.choose((LinkForm.FOLLOW_UP, True))
    dialog.yes.click()

    qtbot.waitUntil(lambda: "Followed by" in texts(page.cards.links))
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: "Linked with nothing." in texts(page.cards.links))


def test_a_link_is_changed_and_removed_from_its_menu(plain_frame: PlainFrame, journal: Journal, qtbot: QtBot) -> None:
    first, second = cases(journal, 2)
    with journal.entry("Link") as work:
        link = linking.add(work, first, second, LinkForm.RELATED, plain_frame.verbs.me).id
    page = opened(plain_frame, qtbot, first)
    with journal.writing() as made:
        (one,) = linking.links_of(made, first)
    kinds, remove = page.cards.links.menu_for(one).actions()
    menu = kinds.menu()
    assert isinstance(menu, QMenu)
    next(act for act in menu.actions() if act.text() == "Repeat contact of").trigger()
    qtbot.waitUntil(lambda: held(journal, CaseLink, link).form == LinkForm.REPEAT)
    remove.trigger()
    qtbot.waitUntil(lambda: "Linked with nothing." in texts(page.cards.links))


def test_a_merge_says_first_what_it_would_do_and_is_taken_apart_from_the_page(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    first, second = cases(journal, 2, orders=frozenset({"240001"}))
    with journal.entry("Note") as work:
        work.add(acts.internal_note(work.get(Case, second), "At the hub", plain_frame.verbs.me, work.now))
    page = opened(plain_frame, qtbot, first)
    page.cards.links.begin_merge(second)
    dialog = next(one for one in plain_frame.window().findChildren(MergeCase))
    qtbot.waitUntil(dialog.yes.isEnabled)
    assert any("1 entry of" in text for text in texts(dialog.facts))
    dialog.yes.click()

    qtbot.waitUntil(lambda: "Stands for" in texts(page.cards.links))
    number = held(journal, Case, second).case_no
    assert f"From {number}" in [text for entry in page.timeline._all for text, _tone in entry.marks]
    assert page.sight is not None
    assert [one.origin for one in page.sight.moments if one.kind == "message"] == [number]
    apart = next(one for one in page.cards.links.findChildren(QWidget) if "merge with" in one.accessibleName())
    apart.click()  # type: ignore[attr-defined]  # a button
    qtbot.waitUntil(lambda: held(journal, Case, second).merged_into is None)


def test_what_was_promised_on_a_merged_case_stands_on_the_page_of_the_one_that_stands_for_it(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    first, second = cases(journal, 2)
    by = journal.now() + timedelta(hours=1)
    with journal.entry("Promise") as work:
        owed = work.add(acts.promise("Call her back", by, plain_frame.verbs.me, case=first)).id
    with journal.entry("Merge") as work:
        linking.merge(work, first, second, plain_frame.verbs.me)
    page = opened(plain_frame, qtbot, second)

    assert held(journal, Case, second).next_due_at == by
    card = page.cards.follow_ups
    assert "Call her back" in texts(card)
    assert any(f"From {held(journal, Case, first).case_no}" in text for text in texts(card))
    card.done(held(journal, FollowUp, owed))
    qtbot.waitUntil(lambda: held(journal, FollowUp, owed).state is FollowUpState.DONE)
    qtbot.waitUntil(lambda: "Call her back" not in texts(card))


def test_the_page_of_a_merged_case_leads_to_the_one_that_stands_for_it(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    first, second = cases(journal, 2)
    with journal.entry("Merge") as work:
        linking.merge(work, first, second, plain_frame.verbs.me)
    page = opened(plain_frame, qtbot, first)
    notice = page.standing.notice("merged")
    assert notice is not None
    assert held(journal, Case, second).case_no in notice.sentence


def test_a_suggested_case_is_linked_as_a_repeat(plain_frame: PlainFrame, journal: Journal, qtbot: QtBot) -> None:
    first, second = cases(journal, 2, orders=frozenset({"240002"}))
    page = opened(plain_frame, qtbot, first)
    qtbot.waitUntil(lambda: any("Same order" in text for text in texts(page.cards.similar)))
    with journal.writing() as made:
        (relative,) = around.relatives(made, held(journal, Case, first))
    menu = page.cards.similar.menu_for(relative)
    next(act for act in menu.actions() if "repeat" in act.text()).trigger()
    qtbot.waitUntil(lambda: "Repeat contact of" in texts(page.cards.links))
    assert openers(page.cards.links)[0].button.text().endswith("Refund 1")
    assert second


def test_an_entry_becomes_a_case_from_its_menu(plain_frame: PlainFrame, journal: Journal, qtbot: QtBot) -> None:
    (case,) = cases(journal, 1)
    with journal.entry("Note") as work:
        note = work.add(
            acts.internal_note(work.get(Case, case), "Another parcel too", plain_frame.verbs.me, work.now)
        ).id
    page = opened(plain_frame, qtbot, case)
    message = held(journal, Message, note)
    page.entry_acts.split(message)
    asked = next(one for one in page.findChildren(Words))
    assert asked.editor.text() == "Another parcel too"
    asked.yes.click()
    qtbot.waitUntil(lambda: bool(plain_frame.went))
    assert held(journal, Case, plain_frame.went[0][1]).title == "Another parcel too"


def test_an_offer_is_taken_back_from_the_head(plain_frame: PlainFrame, journal: Journal, qtbot: QtBot) -> None:
    (case,) = cases(journal, 1, owner=plain_frame.verbs.me.id)
    with journal.entry("People") as work:
        minh = work.add(User(full_name="Minh", login="minh"))
        acts.offer(work.get(Case, case), minh, plain_frame.verbs.me, work.now)
    page = opened(plain_frame, qtbot, case)
    page.deeds.take_back()
    qtbot.waitUntil(lambda: held(journal, Case, case).assignment is Assignment.ACCEPTED)


def test_somebody_who_is_away_is_named_with_who_stands_in(plain_frame: PlainFrame, journal: Journal) -> None:
    with journal.entry("People") as work:
        minh, an = (work.add(User(full_name=name, login=name)) for name in ("Minh", "An"))
        work.add(Absence(user=minh.id, substitute=an.id, begins_at=NOW, ends_at=NOW + timedelta(days=2)))
    with journal.writing() as made:
        found = away_of(made, minh.id, NOW + timedelta(hours=1))
        assert found is not None
        assert found.substitute is not None
        assert found.substitute.id == an.id
        assert away_of(made, minh.id, NOW + timedelta(days=2)) is None


def test_the_page_of_a_problem_saves_tells_its_cases_and_offers_to_close_each_once_solved(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    first, second = cases(journal, 2, owner=plain_frame.verbs.me.id)
    with journal.entry("Begin") as work:
        problem = problems.begin(work, "Vouchers fail", plain_frame.verbs.me).id
    with journal.entry("Join") as work:
        for case in (first, second):
            problems.join(work, case, problem, plain_frame.verbs.me)
    page = ProblemPage(plain_frame, problem)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: len(openers(page.cases)) == 2)

    page.texts["cause"].insertPlainText("A wrong price list")
    assert page.save.isEnabled()
    page.flush()
    qtbot.waitUntil(lambda: held(journal, Problem, problem).cause == "A wrong price list")
    page.bring_to(ProblemState.SOLVED)
    qtbot.waitUntil(lambda: any("2 cases of it are not closed" in text for text in texts(page.cases)))
    assert held(journal, Case, first).live
    openers(page.cases)[0].button.click()
    assert ("case", first) in plain_frame.went


def test_the_place_of_problems_lists_them_and_opens_one(
    plain_frame: PlainFrame, journal: Journal, qtbot: QtBot
) -> None:
    with journal.entry("Begin") as work:
        problem = problems.begin(work, "Vouchers fail", plain_frame.verbs.me).id
    place = ProblemsPlace(plain_frame)
    plain_frame.hold(place)
    qtbot.waitUntil(lambda: place.table.rows.total == 1 if hasattr(place.table.rows, "total") else True)
    place.open_record(problem)
    assert plain_frame.went == [("problem", problem)]


def test_an_absence_is_written_down_shown_and_ended(plain_frame: PlainFrame, journal: Journal, qtbot: QtBot) -> None:
    with journal.entry("People") as work:
        minh = work.add(User(full_name="Minh", login="minh")).id
    dialog = AbsencesDialog(plain_frame)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.substitute.count() > 1)
    dialog.substitute.choose(minh)
    assert not dialog.add.isEnabled()
    dialog.ends.line.setText("30/11/2026 08:00")
    dialog.ends.edited.emit()
    dialog.add.click()

    qtbot.waitUntil(lambda: any("Minh stands in" in text for text in texts(dialog)))
    with journal.writing() as made:
        (one,) = reading.all_of(made, Absence)
    assert (one.user, one.substitute) == (plain_frame.verbs.me.id, minh)
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: "Nobody is away." in texts(dialog))
