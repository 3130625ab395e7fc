"""The places of sellers and of follow-ups: views with counts, filters, sorting, days, and what is done from there."""

from __future__ import annotations

import itertools
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework.acts import promise
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import FollowUpState, SellerRisk
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.views import FOLLOW_UP_VIEWS, SELLER_VIEWS
from escalation_desk.desktop.seller.days import days_ahead
from escalation_desk.desktop.seller.deeds import MoveQuestion
from escalation_desk.desktop.seller.follow_ups import FollowUpsPlace
from escalation_desk.desktop.seller.list import SellersPlace
from escalation_desk.desktop.seller.promises import FollowUpLine
from escalation_desk.desktop.table import Group
from escalation_desk.journal import listing, reading

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.seller.records import RecordsPlace
    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any


@pytest.fixture
def ids(journal: Journal, watch: Watch) -> dict[str, str]:
    me = journal.profile
    assert me is not None
    with journal.entry("Keep") as work:
        mine = work.add(Seller(shop_name="Mây Tre", relationship_owner=me.id, risk=SellerRisk.RED)).id
        other = work.add(Seller(shop_name="An Nấu Bếp", contact_every_days=7)).id
        work.add(Seller(shop_name="Alias", merged_into=mine))
        work.flush()
        case = work.add(Case(title="Vỡ kính", seller=mine)).id
        work.add(SellerNote(seller=other, topic="t", at=watch.now - timedelta(days=8)))
        late = work.add(promise("Send the letter", watch.now - timedelta(days=2), me, seller=mine, case=case)).id
        today = work.add(promise("Call back", watch.now + timedelta(hours=3), me, seller=mine)).id
        work.add(promise("Someday", watch.now + timedelta(days=30), me))
    return {"mine": mine, "other": other, "case": case, "late": late, "today": today}


def rows(place: RecordsPlace) -> list[str]:
    return [row.cells[0] for _line, row in place.table.rows.rows_at_hand()]


def wait_for(qtbot: QtBot, place: RecordsPlace, expected: list[str]) -> None:
    qtbot.waitUntil(lambda: rows(place) == expected)


def held(frame: Frame, place: RecordsPlace) -> None:
    frame.hold(place, 900, 700)


def read(journal: Journal, record: str) -> FollowUp:
    with journal.writing() as made:
        return reading.record(made, FollowUp, record)


def test_sellers_are_listed_with_counts_and_without_what_was_merged(
    plain_frame: Frame, qtbot: QtBot, ids: dict[str, str]
) -> None:
    place = SellersPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: rows(place) == ["An Nấu Bếp", "Mây Tre"])
    qtbot.waitUntil(lambda: place.head.views["sellers"].text() == "All sellers  2")
    assert place.head.views["next-contact"].text() == "Contact due  1"
    assert place.head.views["risky-sellers"].text() == "Sellers at risk  1"
    for view, expected in (
        ("my-sellers", ["Mây Tre"]),
        ("next-contact", ["An Nấu Bếp"]),
        ("risky-sellers", ["Mây Tre"]),
    ):
        place.head.views[view].click()
        wait_for(qtbot, place, expected)
    assert place.title() == "Sellers"


@pytest.mark.parametrize(("kind", "views"), [(SellersPlace, SELLER_VIEWS), (FollowUpsPlace, FOLLOW_UP_VIEWS)])
def test_the_counts_of_views_are_the_rows_they_show(
    plain_frame: Frame,
    journal: Journal,
    qtbot: QtBot,
    ids: dict[str, str],
    kind: type[SellersPlace | FollowUpsPlace],
    views: Any,
) -> None:
    place = kind(plain_frame)
    held(plain_frame, place)
    with closing(journal.reader()) as made:
        counts = {view.code: listing.count(made, view.query(place.now())) for view in views}
    assert len(set(counts.values())) > 1

    def told() -> dict[str, str]:
        return {code: button.text().replace("&&", "&") for code, button in place.head.views.items()}

    said = {view.code: f"{view.label}  {counts[view.code]}" if counts[view.code] else view.label for view in views}
    qtbot.waitUntil(lambda: told() == said)
    for code, count in counts.items():
        place.show_view(code)
        qtbot.waitUntil(lambda count=count: place.table.rows.count == count)  # type: ignore[misc]  # a number


def test_the_filter_takes_words_and_operators(plain_frame: Frame, qtbot: QtBot, ids: dict[str, str]) -> None:
    place = SellersPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: len(rows(place)) == 2)
    for text, expected in (("nau bep", ["An Nấu Bếp"]), ("risk:red", ["Mây Tre"]), ("alias", ["Mây Tre"])):
        place.head.quick.setText(text)
        wait_for(qtbot, place, expected)


def test_sorting_and_facets(plain_frame: Frame, qtbot: QtBot, ids: dict[str, str]) -> None:
    place = SellersPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: len(rows(place)) == 2)
    place.table.columns.sort_asked.emit("open_cases", True, False)
    qtbot.waitUntil(lambda: rows(place) == ["Mây Tre", "An Nấu Bếp"])
    place.head.filter.setChecked(True)
    place.facets.picked.emit("risk", ('"red"',))
    qtbot.waitUntil(lambda: rows(place) == ["Mây Tre"])
    place.facets.picked.emit("risk", ())
    place.head.group.click()
    qtbot.waitUntil(lambda: len(rows(place)) == 2)


def test_the_trend_of_a_seller_is_said_in_words(
    plain_frame: Frame, qtbot: QtBot, journal: Journal, watch: Watch, ids: dict[str, str]
) -> None:
    with journal.entry("More") as work:
        for days in (1, 2, 3, 40):
            work.add(Case(title="t", seller=ids["mine"], received_at=watch.now - timedelta(days=days)))
        for days in (1, 2, 33, 34, 35, 36, 37):
            work.add(Case(title="t", seller=ids["other"], received_at=watch.now - timedelta(days=days)))
    place = SellersPlace(plain_frame)
    qtbot.addWidget(place)
    place.show_view("sellers")
    wait_for(qtbot, place, ["An Nấu Bếp", "Mây Tre"])
    model, at = place.table.rows, next(n for n, c in enumerate(place.table.rows.columns) if c.id == "trend")

    falling, rising = (model.index(line, at) for line in (0, 1))

    assert rising.data() == "Rising: 3 in 30 days, 1 before"
    assert falling.data(Qt.ItemDataRole.AccessibleTextRole) == "Trend: Falling: 2 in 30 days, 5 before"
    assert falling.data() in falling.data(Qt.ItemDataRole.ToolTipRole)
    assert not place.table.rows.columns[at].sortable


def test_a_seller_opens_and_a_new_one_is_written_down(
    plain_frame: Frame, qtbot: QtBot, ids: dict[str, str], journal: Journal
) -> None:
    place = SellersPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: len(rows(place)) == 2)
    place.table.step(1)
    QTest.keyClick(place.table, Qt.Key.Key_Return)
    assert plain_frame.went == [("seller", ids["other"])]
    place._add("New Shop")
    qtbot.waitUntil(lambda: rows(place) == ["An Nấu Bếp", "Mây Tre", "New Shop"])
    assert len(plain_frame.went) == 2
    journal.undo()
    qtbot.waitUntil(lambda: len(rows(place)) == 2)


def test_follow_ups_come_by_day(plain_frame: Frame, qtbot: QtBot, ids: dict[str, str]) -> None:
    place = FollowUpsPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: rows(place) == ["Send the letter", "Call back", "Someday"])
    lines = [place.table.rows.line(at) for at in range(place.table.rows.rowCount())]
    headings = [line.text for line in lines if isinstance(line, Group)]
    assert headings == ["Overdue", "Today", "Later"]


def test_days_follow_each_other_without_a_gap(watch: Watch) -> None:
    day_end = (watch.now + timedelta(days=1)).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).replace(hour=0)
    cut = days_ahead("due_at").cut(watch.now, day_end)
    for before, after in itertools.pairwise(cut):
        assert before.ends == after.begins
    assert cut[0].begins is None
    assert cut[-1].ends is None
    assert [span.label for span in cut[2:4]] == ["Wednesday 25/11", "Thursday 26/11"]


def test_a_follow_up_is_told_in_full_and_done_from_the_list(
    plain_frame: Frame, qtbot: QtBot, ids: dict[str, str], journal: Journal
) -> None:
    place = FollowUpsPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: len(rows(place)) == 3)
    assert place.table.go_to(ids["late"])
    qtbot.waitUntil(lambda: place.detail.isVisible() and place.detail.text == "Send the letter")
    (line,) = place.detail.findChildren(FollowUpLine)
    assert line.record == ids["late"]
    QTest.keyClick(place.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: plain_frame.went == [("case", ids["case"])])
    place.deeds.finish([ids["late"]], "Send the letter")
    qtbot.waitUntil(lambda: read(journal, ids["late"]).state is FollowUpState.DONE)
    qtbot.waitUntil(lambda: rows(place) == ["Call back", "Someday"])
    place.show_view("follow-ups")
    qtbot.waitUntil(lambda: len(rows(place)) == 3)
    place.table.go_to(ids["late"])
    late_row = next(row for _line, row in place.table.rows.rows_at_hand() if row.id == ids["late"])
    assert "overdue" not in " ".join(late_row.cells)


def test_several_are_moved_at_once_with_a_date_and_a_reason(
    plain_frame: Frame, qtbot: QtBot, ids: dict[str, str], journal: Journal, watch: Watch
) -> None:
    place = FollowUpsPlace(plain_frame)
    held(plain_frame, place)
    qtbot.waitUntil(lambda: len(rows(place)) == 3)
    place.table.selectAll()
    qtbot.waitUntil(place.detail.buttons["move"].isVisible)
    place.detail.buttons["move"].click()
    qtbot.waitUntil(lambda: bool(place.findChildren(MoveQuestion)))
    question = place.findChildren(MoveQuestion)[0]
    question.due.line.setText("+2d")
    question.due.edited.emit()
    assert not question.yes.isEnabled()
    question.editor.insert("Public holiday")
    assert question.yes.isEnabled()
    question.yes.click()
    wanted = watch.now + timedelta(days=2)
    qtbot.waitUntil(lambda: read(journal, ids["today"]).due_at == wanted)
    moved = read(journal, ids["late"])
    assert moved.due_at == wanted
    assert moved.moved[0]["why"] == "Public holiday"
    assert moved.first_due_at == watch.now - timedelta(days=2)
    journal.undo()
    assert read(journal, ids["late"]).moved == ()


def test_a_view_is_shown_as_it_was_left(plain_frame: Frame, qtbot: QtBot, ids: dict[str, str]) -> None:
    place = SellersPlace(plain_frame)
    place.show_view("my-sellers")
    place.table.columns.sort_asked.emit("open_cases", True, False)
    again = SellersPlace(plain_frame)
    assert again.look.base == "my-sellers"
    assert again.look.order[0].field == "open_cases"
    for made in (place, again):
        qtbot.addWidget(made)


def test_an_empty_place_says_what_to_do(plain_frame: Frame, qtbot: QtBot) -> None:
    for place in (SellersPlace(plain_frame), FollowUpsPlace(plain_frame)):
        held(plain_frame, place)
        wait_for(qtbot, place, [])
        empty = place.table._empty
        assert empty is not None
        qtbot.waitUntil(empty.isVisible)
        assert empty.accessibleName()
        place.hide()
