"""The facet of reasons is a tree: groups with what is in them; a group that is ticked means everything in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.desk import Reason
from tests.desktop.sitting import settled, titles

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal

_REASONS = {"ZZ": "Seller side", "ZZ.PAY": "Payout", "ZZ.PAY.LATE": "Payout late", "ZZ.PAY.LESS": "Payout short"}
_CASES = {"one": "ZZ.PAY.LATE", "two": "ZZ.PAY.LATE", "three": "ZZ.PAY.LESS", "four": "ZZ"}


@pytest.fixture
def reasoned(desk: Desk, journal: Journal) -> Desk:
    with journal.entry("Reasons") as work:
        for code, label in _REASONS.items():
            parent, leaf = code.rpartition(".")[0] or None, code.count(".") == 2
            work.add(Reason(code=code, parent=parent, leaf=leaf, labels={"en": label}))
        work.flush()
        for title, code in _CASES.items():
            work.add(Case(title=title, owner=desk.verbs.me.id, status=CaseStatus.OPEN, reason=code))
    desk.queue.head.filter.setChecked(True)
    return desk


def items(desk: Desk) -> dict[str, QTreeWidgetItem]:
    """Give the reasons of the facet by their words, with the words of the groups they stand in."""
    found: dict[str, QTreeWidgetItem] = {}

    def walk(item: QTreeWidgetItem, above: str) -> None:
        for at in range(item.childCount()):
            child = item.child(at)
            if child is not None:
                path = f"{above}/{child.text(0)} {child.text(1)}"
                found[path] = child
                walk(child, path.rpartition(" ")[0])

    walk(desk.queue.beside.facets._items["reason"], "")
    return found


def unfolded(desk: Desk, qtbot: QtBot) -> dict[str, QTreeWidgetItem]:
    qtbot.waitUntil(lambda: "reason" in desk.queue.beside.facets._items)
    desk.queue.beside.facets._items["reason"].setExpanded(True)
    qtbot.waitUntil(lambda: len(items(desk)) > 3)
    return items(desk)


def test_reasons_stand_under_their_groups_which_count_everything_in_them(reasoned: Desk, qtbot: QtBot) -> None:
    found = [path for path in unfolded(reasoned, qtbot) if "Seller side" in path]

    assert found == [
        "/Seller side 4",
        "/Seller side/Payout 3",
        "/Seller side/Payout/Payout late 2",
        "/Seller side/Payout/Payout short 1",
    ]


def test_a_ticked_group_means_everything_in_it_and_stays_ticked(reasoned: Desk, qtbot: QtBot) -> None:
    unfolded(reasoned, qtbot)["/Seller side/Payout 3"].setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: settled(reasoned) and sorted(titles(reasoned)) == ["one", "three", "two"])
    assert reasoned.queue.look.picks == {"reason": ('"ZZ.PAY"',)}

    kept = items(reasoned)["/Seller side/Payout 3"]
    assert kept.checkState(0) is Qt.CheckState.Checked
    assert items(reasoned)["/Seller side 4"].isExpanded()
    items(reasoned)["/Seller side 4"].setCheckState(0, Qt.CheckState.Checked)

    qtbot.waitUntil(lambda: settled(reasoned) and sorted(titles(reasoned)) == ["four", "one", "three", "two"])


def test_a_leaf_is_ticked_alone(reasoned: Desk, qtbot: QtBot) -> None:
    unfolded(reasoned, qtbot)["/Seller side/Payout/Payout late 2"].setCheckState(0, Qt.CheckState.Checked)

    qtbot.waitUntil(lambda: settled(reasoned) and sorted(titles(reasoned)) == ["one", "two"])


def test_a_click_beside_the_box_unfolds_a_group_and_it_stays_so(reasoned: Desk, qtbot: QtBot) -> None:
    group = unfolded(reasoned, qtbot)["/Seller side 4"]
    assert not group.isExpanded()
    reasoned.queue.beside.facets.itemClicked.emit(group, 0)
    assert group.isExpanded()

    reasoned.queue.refresh()
    qtbot.waitUntil(lambda: items(reasoned)["/Seller side 4"] is not group)

    assert items(reasoned)["/Seller side 4"].isExpanded()
