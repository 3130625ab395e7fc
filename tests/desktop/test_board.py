from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, Role
from escalation_desk.casework.people import User
from escalation_desk.desktop.board.place import BoardPlace
from escalation_desk.journal import reading
from escalation_desk.journal.load import loads
from tests.desktop.sitting import plant

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal
    from tests.desktop.conftest import PlainFrame


@pytest.fixture
def ids(journal: Journal) -> dict[str, str]:
    return plant(journal)


@pytest.fixture
def colleague(journal: Journal) -> str:
    with journal.entry("A colleague") as work:
        return work.add(User(full_name="Trần Minh", login="minh")).id


@pytest.fixture
def board(plain_frame: PlainFrame, ids: dict[str, str], colleague: str, qtbot: QtBot) -> BoardPlace:
    del ids, colleague
    page = BoardPlace(plain_frame)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: page.people.topLevelItemCount() > 1)
    return page


def person(page: BoardPlace, name: str) -> QTreeWidgetItem:
    people = (page.people.topLevelItem(at) for at in range(page.people.topLevelItemCount()))
    return next(item for item in people if item is not None and item.text(0).startswith(name))


def child(item: QTreeWidgetItem, at: int = 0) -> QTreeWidgetItem:
    found = item.child(at)
    assert found is not None
    return found


def unfold(page: BoardPlace, name: str, qtbot: QtBot) -> QTreeWidgetItem:
    person(page, name).setExpanded(True)
    qtbot.waitUntil(lambda: person(page, name).childCount() > 0)
    return person(page, name)


def case_of(journal: Journal, case_id: str) -> Case:
    made = journal.reader()
    found = reading.record(made, Case, case_id)
    made.close()
    return found


def test_everybody_is_counted_and_what_nobody_owns_comes_first(
    journal: Journal, ids: dict[str, str], colleague: str
) -> None:
    now = journal.now()
    made = journal.reader()
    counted = {load.user: load for load in loads(made, now, now)}
    live = made.execute('SELECT count(*) FROM "case" WHERE live AND deleted_at IS NULL').fetchone()[0]
    first = loads(made, now, now)[0].user
    made.close()
    me = journal.profile
    assert me is not None
    assert sum(load.live for load in counted.values()) == live
    assert first == ""
    assert counted[me.id].live == 2
    assert counted[colleague] == counted[colleague]._replace(live=0, urgent=0, overdue=0)


def test_a_person_unfolds_into_cases_and_enter_opens_one(
    board: BoardPlace, plain_frame: PlainFrame, ids: dict[str, str], qtbot: QtBot
) -> None:
    me = unfold(board, plain_frame.verbs.me.full_name, qtbot)
    assert {child(me, at).data(0, Qt.ItemDataRole.UserRole) for at in range(me.childCount())} == {
        ids["parcel"],
        ids["refund"],
    }
    board.people.setCurrentItem(child(me, 0))
    QTest.keyClick(board.people, Qt.Key.Key_Return)
    assert plain_frame.went == [("case", child(me, 0).data(0, Qt.ItemDataRole.UserRole))]


def test_somebody_who_does_not_lead_offers_by_dragging(
    board: BoardPlace, journal: Journal, plain_frame: PlainFrame, colleague: str, qtbot: QtBot
) -> None:
    case = drag_to(board, plain_frame, "Trần Minh", qtbot)
    qtbot.waitUntil(lambda: case_of(journal, case).offered_to == colleague)
    assert case_of(journal, case).owner == plain_frame.verbs.me.id


def test_a_lead_gives_by_dragging_and_takes_it_back_at_one_go(
    board: BoardPlace, journal: Journal, plain_frame: PlainFrame, colleague: str, qtbot: QtBot
) -> None:
    plain_frame.verbs.me.roles = frozenset({Role.LEAD})
    case = drag_to(board, plain_frame, "Trần Minh", qtbot)
    qtbot.waitUntil(lambda: case_of(journal, case).owner == colleague)
    assert case_of(journal, case).assignment is Assignment.ACCEPTED
    plain_frame.verbs.undo()
    qtbot.waitUntil(lambda: case_of(journal, case).owner == plain_frame.verbs.me.id)


def drag_to(page: BoardPlace, frame: PlainFrame, name: str, qtbot: QtBot) -> str:
    """Drop the first case of mine onto somebody."""
    mine = unfold(page, frame.verbs.me.full_name, qtbot)
    page.people.setCurrentItem(child(mine, 0))
    case = str(child(mine, 0).data(0, Qt.ItemDataRole.UserRole))
    at = page.people.visualItemRect(person(page, name)).center() + QPoint(1, 1)
    dropped = QDropEvent(
        QPointF(at),
        Qt.DropAction.MoveAction,
        page.people.mimeData(page.people.selectedItems()),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.people.dropEvent(dropped)
    return case


def test_the_first_card_tells_of_cases_that_nobody_owns(board: BoardPlace, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(board._cards["unassigned"]._count.text()))
    assert board._cards["unassigned"]._count.text() == "1"
