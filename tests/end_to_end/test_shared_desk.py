"""Two desks in real windows and one server: what one does the other sees, with the cable and without it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.people import User
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.session import Session
from escalation_desk.desktop.sync.place import SyncPlace
from escalation_desk.desktop.sync.sign_in import SignInDialog
from escalation_desk.journal.journal import Journal
from tests.desktop.sitting import desk_of, titles
from tests.loopback import PASSWORD, Loopback
from tests.server.conftest import cluster, url  # noqa: F401 - fixtures are found by being here.

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk

pytestmark = pytest.mark.skipif(
    os.environ["QT_QPA_PLATFORM"] != "xcb", reason="offscreen run; a real display needs QT_QPA_PLATFORM=xcb and DISPLAY"
)

PATIENCE = 30_000
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def served(url: str, tmp_path: Path) -> Iterator[Loopback]:  # noqa: F811 - the fixture above.
    server = Loopback(url, tmp_path / "server")
    server.person("linh", "Nguyễn Hà Linh")
    server.person("bao", "Trần Quốc Bảo")
    server.start()
    yield server
    server.close()


class Seat:
    """Somebody before a window."""

    def __init__(self, folder: Path, name: str, theme: Theme, qtbot: QtBot) -> None:
        self.bot = qtbot
        self.journal = Journal(folder, bytes(32))
        self.journal.set_profile(User(full_name=name, login=name.lower()))
        self.session = Session(self.journal, theme)

    @property
    def desk(self) -> Desk:
        return desk_of(self.session)

    def close(self) -> None:
        window = self.session.window
        self.session.close()
        if window is not None:
            window.deleteLater()
        self.journal.close()

    def come_forward(self) -> None:
        self.desk.activateWindow()  # Nobody manages the windows of a virtual display.
        self.bot.waitUntil(self.desk.isActiveWindow, timeout=PATIENCE)

    def sign_in(self, served: Loopback, login: str) -> None:
        self.bot.waitUntil(lambda: "search" in vars(self.desk), timeout=PATIENCE)
        self.desk.commands.action("sign-in").trigger()
        (dialog,) = self.desk.findChildren(SignInDialog)
        for box, text in ((dialog.address, served.url), (dialog.login, login), (dialog.password, PASSWORD)):
            box.clear()
            QTest.keyClicks(box, text)
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        self.bot.waitUntil(lambda: self.foot.startswith("Synced"), timeout=PATIENCE)
        self.desk.open_place("queue", "everything")

    @property
    def foot(self) -> str:
        return self.desk.sync.button.said if "sync" in vars(self.desk) else ""

    def open(self, title: str) -> CaseEditor:
        self.sees(title)
        (case,) = [row.id for _line, row in self.desk.queue.table.rows.rows_at_hand() if title in row.cells]
        self.desk.open_case(case)
        page = self.desk.tabs.currentWidget()
        assert isinstance(page, CaseEditor)
        self.bot.waitUntil(lambda: page.head.title.text() == title, timeout=PATIENCE)
        return page

    def retitle(self, page: CaseEditor, title: str) -> None:
        """Write another title and save it, with the keyboard."""
        self.come_forward()
        box = page.head.title
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, title)
        QTest.keyClick(box, Qt.Key.Key_S, CONTROL)
        self.bot.waitUntil(lambda: not page.form.edits, timeout=PATIENCE)

    def sees(self, title: str) -> None:
        self.bot.waitUntil(lambda: title in titles(self.desk), timeout=PATIENCE)

    def waits_alone(self) -> None:
        self.bot.waitUntil(lambda: "Offline since" in self.foot and "1 entry waits" in self.foot, timeout=PATIENCE)

    @property
    def conflicts(self) -> int:
        standing = self.session.link.standing
        return standing.conflicts if standing else 0


@pytest.fixture
def seats(qapp: QApplication, qtbot: QtBot, tmp_path: Path, served: Loopback) -> Iterator[tuple[Seat, Seat]]:
    theme = Theme(qapp, Scheme.LIGHT)
    linh, bao = (Seat(tmp_path / name, name, theme, qtbot) for name in ("Linh", "Bao"))
    linh.sign_in(served, "linh")
    bao.sign_in(served, "bao")
    yield linh, bao
    linh.close()
    bao.close()


def test_a_day_of_two_with_and_without_the_cable(seats: tuple[Seat, Seat], served: Loopback, qtbot: QtBot) -> None:
    linh, bao = seats
    linh.desk.verbs.do("New case {name}", lambda work: work.add(Case(title="Parcel lost")).id, name="Parcel lost")

    # What one does, the other sees; nobody presses anything.
    here, there = linh.open("Parcel lost"), bao.open("Parcel lost")
    linh.retitle(here, "Parcel lost in Bekasi")
    bao.sees("Parcel lost in Bekasi")
    qtbot.waitUntil(lambda: there.head.title.text() == "Parcel lost in Bekasi", timeout=PATIENCE)
    qtbot.waitUntil(lambda: there.standing.notice("present") is not None, timeout=PATIENCE)

    # The cable is out: both work on.
    served.stop()
    linh.retitle(here, "Parcel found in Bekasi")
    bao.retitle(there, "Parcel stolen in Bekasi")
    for seat, title in ((linh, "Parcel found in Bekasi"), (bao, "Parcel stolen in Bekasi")):
        seat.sees(title)
        seat.waits_alone()

    # It is in again: each finds the server by itself, and one of the two has something to settle.
    served.start()
    qtbot.waitUntil(lambda: linh.conflicts == bao.conflicts == 1, timeout=2 * PATIENCE)
    title = settle_with_keys(linh)
    qtbot.waitUntil(lambda: linh.conflicts == bao.conflicts == 0, timeout=PATIENCE)
    linh.desk.open_place("queue", "everything")
    for seat in seats:
        seat.sees(title)
        assert seat.foot.startswith("Synced")


def settle_with_keys(seat: Seat) -> str:
    """Go to the page of sync and take what waits, by keys alone; answer the title that this gives."""
    seat.come_forward()
    QTest.keyClick(seat.desk, Qt.Key.Key_9, CONTROL)
    page = seat.desk.middle.currentWidget()
    assert isinstance(page, SyncPlace)
    seat.bot.waitUntil(lambda: len(page.cards) == 1, timeout=PATIENCE)
    title = page.cards[0].one.mine.text
    seat.bot.waitUntil(page.cards[0].hasFocus, timeout=PATIENCE)
    QTest.keyClick(page.cards[0], Qt.Key.Key_M)
    return title
