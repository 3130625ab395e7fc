from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.views import Now
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.today.cards import LineWidget
from escalation_desk.desktop.today.day import Day, read_day
from escalation_desk.desktop.today.place import TodayPlace
from escalation_desk.journal.seen import MARK_SEEN
from tests.desktop.sitting import plant

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal
    from tests.desktop.conftest import PlainFrame, Watch


@pytest.fixture
def ids(journal: Journal) -> dict[str, str]:
    return plant(journal)


def day(journal: Journal) -> Day:
    me = journal.profile
    assert me is not None
    clock = Clock.of(me, journal.now())
    made = journal.reader()
    found = read_day(made, Now(me.id, clock.now, clock.day_end), clock)
    made.close()
    return found


def named(found: Day, section: str) -> list[str]:
    return [line.text for line in found.lines[section]]


def test_a_day_is_cut_by_what_it_asks(journal: Journal, ids: dict[str, str]) -> None:
    found = day(journal)

    assert named(found, "urgent") == ["Refund refused"]
    assert named(found, "overdue") == ["Parcel lost"]
    assert named(found, "due") == ["Refund refused"], "what is overdue is not told twice"
    assert named(found, "follow-ups") == ["Call back"]
    assert named(found, "new") == ["Press asks"]
    assert found.lines["overdue"][0].time == "overdue 2 h"


def test_the_day_moves_with_the_clock(journal: Journal, ids: dict[str, str], watch: Watch) -> None:
    watch.now += timedelta(minutes=40)

    found = day(journal)

    assert named(found, "overdue") == ["Parcel lost", "Refund refused"], "what is missed longest first"
    assert named(found, "due") == []


def test_what_happened_on_my_cases_is_there_until_i_looked(journal: Journal, ids: dict[str, str], watch: Watch) -> None:
    assert set(named(day(journal), "stirred")) == {"Parcel lost", "Refund refused"}
    journal.local(MARK_SEEN, (ids["parcel"], "2026-11-24T03:00:00Z"))
    journal.local(MARK_SEEN, (ids["refund"], "2026-11-24T03:00:00Z"))
    assert named(day(journal), "stirred") == []

    watch.now += timedelta(minutes=5)
    with journal.entry("Rename") as work:
        work.get(Case, ids["parcel"]).title = "Parcel found"

    assert named(day(journal), "stirred") == ["Parcel found"]
    assert {line.text for line in day(journal).lately} == {"Parcel found", "Refund refused"}


def test_a_line_opens_its_case_by_key_and_mouse(plain_frame: PlainFrame, ids: dict[str, str], qtbot: QtBot) -> None:
    page = TodayPlace(plain_frame)
    plain_frame.hold(page)
    qtbot.waitUntil(lambda: any(w._line.text == "Press asks" for w in page.findChildren(LineWidget)))
    line = next(w for w in page.findChildren(LineWidget) if w._line.text == "Press asks")

    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)

    assert plain_frame.went == [("case", ids["press"])] * 2


def test_an_empty_desk_says_what_to_do_first(plain_frame: PlainFrame, qtbot: QtBot) -> None:
    page = TodayPlace(plain_frame)
    plain_frame.hold(page)

    qtbot.waitUntil(page._first.isVisible)

    assert not page._grid.isVisible()
