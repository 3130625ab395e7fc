from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel

from escalation_desk.casework.choices import Market, Role
from escalation_desk.desktop.first_run import FirstRun
from escalation_desk.desktop.session import Session
from escalation_desk.i18n import language, set_language
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.look.theme import Theme
    from tests.desktop.conftest import Watch


def test_a_profile_is_made_once_and_the_desk_opens_in_its_language(
    tmp_path: Path, watch: Watch, theme: Theme, qtbot: QtBot
) -> None:
    journal = Journal(tmp_path, bytes(32), watch)
    session = Session(journal, theme)
    page = session.window
    assert isinstance(page, FirstRun)
    page.name.setText("Budi Santoso")
    page.market.choose(Market.ID)
    assert page.zone.value() == "Asia/Jakarta"
    page.position.choose(Role.LEAD)

    page.language.choose("id")

    second = session.window
    assert isinstance(second, FirstRun)
    assert second is not page
    assert (second.name.text(), second.zone.value(), language()) == ("Budi Santoso", "Asia/Jakarta", "id")
    assert "Selamat datang di desk Anda" in {label.text() for label in second.findChildren(QLabel)}
    second._begin.click()
    qtbot.waitUntil(lambda: session.desk is not None)
    me = journal.profile
    assert me is not None
    assert (me.full_name, me.leads, me.market, me.time_zone, str(me.locale)) == (
        "Budi Santoso",
        True,
        Market.ID,
        "Asia/Jakarta",
        "id",
    )
    assert session.verbs.me.id == me.id
    session.close()
    journal.close()
    set_language("en")


def test_nobody_begins_without_a_name(qtbot: QtBot) -> None:
    page = FirstRun()
    qtbot.addWidget(page)

    assert not page._begin.isEnabled()
    page.name.setText("  ")
    assert not page._begin.isEnabled()
    page.name.setText("Linh")
    assert page._begin.isEnabled()


_FIRST_PAGE = """
from PySide6.QtWidgets import QApplication, QLabel
from escalation_desk.desktop.first_run import FirstRun
from escalation_desk.desktop.look.theme import Theme
from escalation_desk.desktop.starting import application, spoken_here
from escalation_desk.i18n import set_language
app = application()
theme = Theme(app)
set_language(spoken_here())
page = FirstRun()
print(page.language.value(), page.market.value(), *(label.text() for label in page.findChildren(QLabel)), sep="|")
"""


@pytest.mark.parametrize(
    ("computer", "language", "market", "greeting"),
    [
        ({"LANG": "vi_VN.UTF-8"}, "vi", "VN", "Chào mừng đến bàn xử lý của bạn"),
        ({"LANG": "id_ID.UTF-8"}, "id", "ID", "Selamat datang di desk Anda"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN.UTF-8"}, "vi", "VN", "Chào mừng đến bàn xử lý của bạn"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:id:en"}, "id", "ID", "Selamat datang di desk Anda"),
        ({"LANG": "fr_FR.UTF-8"}, "en", "VN", "Welcome to your desk"),
        ({"LANG": "C.UTF-8"}, "en", "VN", "Welcome to your desk"),
    ],
)
def test_the_first_page_speaks_the_language_of_the_computer(
    computer: dict[str, str], language: str, market: str, greeting: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in {"LANG", "LANGUAGE"} and name[:3] != "LC_"}
    told = subprocess.run(  # The language of the computer is read once in the life of a program.
        [sys.executable, "-c", _FIRST_PAGE],
        env=kept | {"QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"} | computer,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    ).stdout.strip()

    assert told.split("|")[:2] == [language, market]
    assert greeting in told.split("|")
