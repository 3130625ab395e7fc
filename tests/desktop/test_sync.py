"""What the window shows of a shared desk: signing in, how it stands, what waits, conflicts and who else is there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.desktop.sync.place import SyncPlace
from escalation_desk.desktop.sync.sign_in import SignInDialog
from escalation_desk.journal.journal import Journal
from escalation_desk.sync import joining
from tests.desktop.sitting import desk_of, sitting
from tests.loopback import PASSWORD, Loopback
from tests.server.conftest import TEMPLATE, cluster  # noqa: F401 - fixtures are found by being here.

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.look.theme import Theme
    from escalation_desk.desktop.session import Session
    from escalation_desk.desktop.window import Desk
    from escalation_desk.server.trial import Trial

PATIENCE = 20_000


@pytest.fixture(scope="module")
def served(cluster: Trial, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:  # noqa: F811 - as above.
    name = "desk_window"
    with psycopg.connect(cluster.url().replace("+psycopg", ""), autocommit=True) as made:
        made.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        server = Loopback(cluster.url(name), tmp_path_factory.mktemp("server"))
        server.person("linh", "Nguyễn Hà Linh")
        server.person("bao", "Trần Quốc Bảo")
        server.start()
        yield server
        server.close()
        made.execute(f"DROP DATABASE {name} WITH (FORCE)")


def workplace(folder: Path, served: Loopback, login: str) -> Journal:
    """Give somebody a desk of this server."""
    journal = Journal(folder, bytes(32))
    joining.sign_in(journal, served.url, login, PASSWORD)
    return journal


@pytest.fixture
def mine(tmp_path: Path, served: Loopback) -> Iterator[Journal]:
    journal = workplace(tmp_path / "mine", served, "linh")
    yield journal
    journal.close()


@pytest.fixture
def shared(mine: Journal, theme: Theme, qtbot: QtBot) -> Iterator[Desk]:
    with sitting(mine, theme, qtbot) as session:
        desk = desk_of(session)
        qtbot.waitUntil(lambda: synced(session), timeout=PATIENCE)
        yield desk


def sync_page(desk: Desk, qtbot: QtBot) -> SyncPlace:
    desk.acts.go("sync")
    page = desk.middle.currentWidget()
    assert isinstance(page, SyncPlace)
    return page


def test_a_desk_of_ones_own_loads_nothing_of_the_server_and_has_no_place_for_it(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "search" in vars(desk))
    assert "sync" not in [entry.place for entry in desk.places.entries()]
    assert not desk.commands.action("go.sync").isEnabled()
    assert desk.foot.waiting.text()


def test_the_window_starts_without_what_speaks_with_a_server() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, escalation_desk.desktop.starting; print(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert "escalation_desk.desktop.window" in told
    assert not [name for name in told if name.startswith(("httpx2", "zstandard", "escalation_desk.sync"))]


def test_the_foot_says_that_it_is_synced_and_leads_to_the_page(shared: Desk, qtbot: QtBot) -> None:
    assert "sync" in [entry.place for entry in shared.places.entries()]
    assert shared.sync.button.said.startswith("Synced")
    shared.sync.button.click()
    assert isinstance(shared.middle.currentWidget(), SyncPlace)


def test_signing_in_says_why_not_and_then_where_the_proof_lies(
    journal: Journal, theme: Theme, qtbot: QtBot, served: Loopback
) -> None:
    with sitting(journal, theme, qtbot) as session:
        desk = desk_of(session)
        qtbot.waitUntil(lambda: "search" in vars(desk))
        desk.commands.action("sign-in").trigger()
        (dialog,) = desk.findChildren(SignInDialog)
        dialog.address.setText(served.url)
        dialog.login.setText("linh")
        dialog.password.setText("not this one")
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        qtbot.waitUntil(dialog.signs_in.isEnabled, timeout=PATIENCE)
        assert dialog.said.text()
        dialog.password.setText(PASSWORD)
        QTest.keyClick(dialog.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: synced(session), timeout=PATIENCE)
        now = desk_of(session)
        assert now is not desk
        assert now.verbs.me.full_name == "Nguyễn Hà Linh"
        assert "encrypted file" in now.toast.label.text()


def synced(session: Session) -> bool:
    standing = session.link.standing
    return standing is not None and standing.link == "synced"
