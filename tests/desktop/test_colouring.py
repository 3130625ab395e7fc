"""Colour rules: a view shows by a ground and a sign which of its cases somebody wants to see at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.queue.colour_dialog import ColourDialog
from escalation_desk.desktop.queue.views import Look
from escalation_desk.desktop.table import CellStyle
from tests.desktop.sitting import rows, settled

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal


def test_a_view_colours_the_cases_that_its_rules_mean_by_a_ground_and_a_sign(
    desk: Desk, journal: Journal, ids: dict[str, str], qtbot: QtBot
) -> None:
    def worn() -> dict[str, tuple[Tone | None, str]]:
        at = [column.id for column in desk.queue.table.rows.columns].index("title")
        return {row.cells[at]: (row.tone, (row.styles[at] or CellStyle()).mark) for row in rows(desk)}

    desk.queue.views.colour()
    qtbot.waitUntil(lambda: bool(desk.findChildren(ColourDialog)))
    dialog = desk.findChildren(ColourDialog)[-1]
    QTest.keyClicks(dialog.rules[0].text, "risk:nonsense")
    dialog.save()
    qtbot.waitUntil(lambda: not dialog.refusal.isHidden())
    assert dialog.refusal.text().startswith("“risk:nonsense”: ")
    dialog.rules[0].text.setText("risk:media")
    dialog.add()
    dialog.rules[1].tone.choose(Tone.WARN)
    dialog.rules[1].text.setText("parcel")
    dialog.save()

    qtbot.waitUntil(lambda: settled(desk) and worn().get("Press asks", (None, ""))[0] is Tone.BAD)
    assert worn() == {
        "Press asks": (Tone.BAD, "▲"),
        "Parcel lost": (Tone.WARN, "◆"),
        "Refund refused": (None, ""),
        "Đơn hàng chưa giao": (None, ""),
    }
    assert desk.queue.table.viewport().grab().toImage().pixelColor(5, 5).name() == look().ink(Tone.BAD).fill

    with journal.entry("Rename") as work:
        work.get(Case, ids["refund"]).title = "Parcel refused"
    qtbot.waitUntil(lambda: worn().get("Parcel refused") == (Tone.WARN, "◆"))
    desk.queue.clear()
    assert len(desk.queue.look.colours) == 2
    assert Look.of("all-live", desk.queue.look.definition()).colours == desk.queue.look.colours
