"""The calendar of follow-ups by keyboard: months and weeks, a day and what falls due on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.desktop.seller.follow_ups import FollowUpsPlace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)
TODAY = date(2026, 11, 24)


@pytest.fixture
def place(plain_frame: Frame, journal: Journal, watch: Watch, qtbot: QtBot) -> FollowUpsPlace:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        case = work.add(Case(title="Parcel lost"))
        other = work.add(User(full_name="Bảo", login="bao"))
        for hours, text, owner in ((2, "Call Hoa", me), (26, "Send letter", me), (26, "Somebody else's", other)):
            work.add(acts.promise(text, watch.now + timedelta(hours=hours), owner, case=case.id))
        late = work.add(acts.promise("Late one", watch.now - timedelta(hours=1), me, case=case.id))
        moved = work.add(acts.promise("Moved one", watch.now + timedelta(hours=3), me, case=case.id))
        acts.move_due(moved, watch.now + timedelta(hours=27), "busy", me, watch.now)
        assert isinstance(late, FollowUp)
    place = FollowUpsPlace(plain_frame)
    plain_frame.hold(place)
    place.as_calendar.click()
    qtbot.waitUntil(lambda: bool(place.agenda.due))
    return place


def cell(place: FollowUpsPlace) -> str:
    item = place.agenda.grid.currentItem()
    assert item is not None
    return item.text()


def day(place: FollowUpsPlace) -> list[str]:
    return [place.agenda.list.item(at).text() for at in range(place.agenda.list.count())]


def press(place: FollowUpsPlace, key: Qt.Key) -> None:
    QTest.keyClick(place.agenda.grid, key)


def test_it_opens_at_today_and_says_what_is_late_by_a_sign(place: FollowUpsPlace) -> None:
    assert place.agenda.day == TODAY
    assert cell(place).splitlines() == ["24 today", "▲ 09:00 Late one", "12:00 Call Hoa"]
    assert place.agenda.title.text() == "November 2026"
    assert place.agenda.grid.hasFocus()
    assert not place.table.isVisible()


def test_arrows_go_to_another_day_and_its_moved_promises_are_told(place: FollowUpsPlace) -> None:
    press(place, Qt.Key.Key_Right)
    assert place.agenda.day == date(2026, 11, 25)
    lines = day(place)
    assert [line.split("  ")[0] for line in lines] == ["12:00", "↷ 13:00"]
    assert "moved, counts as not kept" in lines[1]
    assert "Tue 25" not in place.agenda.list.accessibleName()
    assert place.agenda.list.accessibleName() == "Due on Wed 25/11/2026"


def test_enter_goes_into_the_day_and_opens_what_it_is_about_and_escape_leaves(
    place: FollowUpsPlace, plain_frame: Frame
) -> None:
    press(place, Qt.Key.Key_Return)
    assert place.agenda.list.hasFocus()
    QTest.keyClick(place.agenda.list, Qt.Key.Key_Return)
    assert plain_frame.went[-1][0] == "case"
    QTest.keyClick(place.agenda.list, Qt.Key.Key_Escape)
    assert place.agenda.grid.hasFocus()


def test_page_keys_go_by_months_and_home_comes_back(place: FollowUpsPlace, qtbot: QtBot) -> None:
    press(place, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: place.agenda.title.text() == "December 2026")
    press(place, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: place.agenda.title.text() == "January 2027")
    press(place, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: place.agenda.title.text() == "November 2026")
    assert place.agenda.day == TODAY


def test_a_week_shows_one_row_and_arrows_go_on_past_its_end(place: FollowUpsPlace, qtbot: QtBot) -> None:
    place.agenda.span.buttons["week"].click()
    qtbot.waitUntil(lambda: place.agenda.grid.rowCount() == 1)
    place.agenda.grid.setFocus()
    press(place, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "1/12" in "".join(_texts(place)))
    assert place.agenda.day == date(2026, 12, 1)


def test_those_of_everybody_are_shown_when_asked(place: FollowUpsPlace, qtbot: QtBot) -> None:
    press(place, Qt.Key.Key_Right)
    assert len(day(place)) == 2
    place.agenda.whose.buttons["all"].click()
    qtbot.waitUntil(lambda: len(day(place)) == 3)


def test_a_click_takes_the_day_and_the_list_comes_back_with_the_button(place: FollowUpsPlace) -> None:
    place.agenda.grid.setCurrentCell(0, 0)
    assert place.agenda.day == date(2026, 10, 26)
    assert day(place) == ["Nothing is due on this day."]
    place.as_calendar.click()
    assert place.table.isVisible()
    assert not place.agenda.isVisible()


def _texts(place: FollowUpsPlace) -> list[str]:
    grid = place.agenda.grid
    return [item.text() for at in range(grid.columnCount()) if (item := grid.item(0, at)) is not None]
