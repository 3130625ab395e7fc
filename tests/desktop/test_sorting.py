"""Sorting by columns that a list is not kept in the order of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.desktop.queue import place
from escalation_desk.desktop.queue.cells import columns_of, indexed
from tests.desktop.sitting import settled, titles

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal


def test_a_list_is_sorted_by_a_column_it_is_not_kept_in_the_order_of(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    assert not indexed("case", "affected_count")
    with journal.entry("Count") as work:
        for name, count in (("parcel", 7), ("refund", 300), ("press", 40)):
            work.get(Case, ids[name]).affected_count = count
    desk.queue.table.columns.sort_asked.emit("affected_count", True, False)

    # What is empty counts as more than anything, as in every column.
    expected = ["Đơn hàng chưa giao", "Refund refused", "Press asks", "Parcel lost"]
    qtbot.waitUntil(lambda: settled(desk) and titles(desk) == expected)


def test_a_list_too_long_for_that_says_so_and_stays_as_it_is(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(lambda: desk.queue.table.rows.count == 4)
    monkeypatch.setattr(place, "_SORTED_ANYHOW", 3)
    before = desk.queue.look

    desk.queue.table.columns.sort_asked.emit("affected_count", True, False)

    assert desk.foot.sentence.text() == "Narrow this list to 3 cases at most to sort it by that column."
    assert desk.queue.look is before
    desk.queue.table.columns.sort_asked.emit("received_at", True, False)
    assert desk.queue.look is not before


def test_only_columns_whose_values_have_an_order_are_sorted_by() -> None:
    columns = {column.id: column.sortable for column in columns_of("case")}
    assert [name for name in ("amount", "waiting_until", "crm", "owner") if not columns[name]] == []
    assert [name for name in ("tags", "description", "requester") if columns[name]] == []
