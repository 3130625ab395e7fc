"""One morning at a new desk, in a real window: a profile, an import, a case, a note, and taking it back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from escalation_desk import desktop
from escalation_desk.casework.case import Case
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.first_run import FirstRun
from escalation_desk.desktop.importing.dialog import ImportDialog
from escalation_desk.desktop.window import Desk
from escalation_desk.i18n import set_language
from escalation_desk.journal import reading
from escalation_desk.journal.desk import open_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.skipif(
    os.environ["QT_QPA_PLATFORM"] != "xcb", reason="offscreen run; a real display needs QT_QPA_PLATFORM=xcb and DISPLAY"
)

_PASSPHRASE = "a long one"  # noqa: S105 - of a desk that is gone with the test.


@pytest.fixture(autouse=True)
def known_passphrase(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ESCALATION_DESK_PASSPHRASE", _PASSPHRASE)
    yield
    set_language("en")


def while_open(folder: Path, act: Callable[[], None]) -> int:
    """Run the program as it is run, and act in its window once its loop turns."""
    failed: list[BaseException] = []

    def go() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - raised again, outside the loop.
            failed.append(error)
        finally:
            QApplication.closeAllWindows()

    QTimer.singleShot(0, go)
    code = desktop.run(folder)
    if failed:
        raise failed[0]
    return code


def window(kind: type[FirstRun | Desk]) -> FirstRun | Desk | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def test_a_morning_at_a_new_desk(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "desk"
    export = tmp_path / "tracker.csv"
    export.write_text("ticket,subject,complaint\n4711,Đơn hàng chưa giao,Gọi ba lần\n4712,Refund refused,\n", "utf-8")

    def morning() -> None:
        qtbot.waitUntil(lambda: window(FirstRun) is not None, timeout=20_000)
        page = window(FirstRun)
        assert isinstance(page, FirstRun)
        QTest.keyClicks(page.name, "Linh")
        QTest.keyClick(page.name, Qt.Key.Key_Tab)
        page._begin.click()
        qtbot.waitUntil(lambda: window(Desk) is not None, timeout=20_000)
        desk = window(Desk)
        assert isinstance(desk, Desk)
        bring_in(desk, export, qtbot)
        write_and_take_back(desk, qtbot)

    assert while_open(folder, morning) == 0

    journal = open_desk(folder)
    made = journal.reader()
    cases = {case.title: case for case in reading.all_of(made, Case)}
    notes = [m.body for m in reading.all_of(made, Message, pointing=("case", cases["Refund refused"].id))]
    made.close()
    journal.close()
    assert set(cases) == {"Đơn hàng chưa giao", "Refund refused"}
    assert notes == ["Called the hub"]
    assert (folder / "logs" / "crash.log").read_text("utf-8") == ""


def bring_in(desk: Desk, export: Path, qtbot: QtBot) -> None:
    desk.import_files([export])
    dialog = desk.findChildren(ImportDialog)[-1]
    qtbot.waitUntil(dialog.next.isEnabled, timeout=30_000)
    dialog.next.click()
    qtbot.waitUntil(lambda: dialog.steps.currentIndex() == 2, timeout=30_000)
    dialog._import.click()
    desk.open_place("queue", "all-live")
    qtbot.waitUntil(lambda: desk.queue.table.rows.count == 2, timeout=30_000)


def write_and_take_back(desk: Desk, qtbot: QtBot) -> None:
    """Write two notes by keyboard and take the second back."""
    desk.activateWindow()  # Nobody manages the windows of a virtual display.
    qtbot.waitUntil(desk.isActiveWindow)
    desk.queue.head.quick.setText("refund")
    qtbot.waitUntil(lambda: desk.queue.table.rows.count == 1)
    desk.queue.table.setFocus()
    desk.queue.table.step(1)
    QTest.keyClick(desk.queue.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(desk.tabs.currentWidget(), CaseEditor), timeout=20_000)
    editor = desk.tabs.currentWidget()
    assert isinstance(editor, CaseEditor)
    qtbot.waitUntil(
        lambda: "Refund refused" in desk.tabs.tabToolTip(0) or "-0000" in desk.tabs.tabText(0), timeout=10_000
    )
    for text in ("Called the hub", "Wrong case"):
        box = editor.composer.editor
        qtbot.waitUntil(box.isVisible)
        box.setFocus()
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not editor.composer.editor.toPlainText(), timeout=10_000)
    qtbot.waitUntil(lambda: "note" in desk.undoing.standing.undo.lower(), timeout=10_000)
    QTest.keyClick(desk.queue.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: desk.foot.sentence.text().startswith("Undone"), timeout=10_000)
