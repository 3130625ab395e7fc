from __future__ import annotations

from typing import TYPE_CHECKING

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
