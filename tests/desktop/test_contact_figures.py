"""What was not measured is a dash in the figures of contacts, never a rate."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Severity, Urgency
from escalation_desk.desktop.contacts.figures import FiguresPart
from escalation_desk.journal import contacting, contacts, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any


def test_scenario_21_of_no_answers_to_p0_there_is_a_dash_and_neither_none_nor_all_of_them(
    plain_frame: Frame, journal: Journal, qtbot: QtBot
) -> None:
    seed.plant(journal)
    me = journal.profile
    assert me is not None
    with journal.entry("A case") as work:
        urgent: dict[str, Any] = {"severity": Severity.S1, "urgency": Urgency.U1}
        case = work.add(Case(title="Lost", reason="CUS.LOG.LOST", received_at=work.now, owner=me.id, **urgent)).id
    with closing(journal.reader()) as made:
        found = contacts.where(made, case, journal.now().date()).route
    assert found is not None
    with journal.entry("Ask") as work:
        assert contacting.ask(work, me, case, found, "Where is it?").priority == "P0"

    part = FiguresPart(plain_frame)
    plain_frame.hold(part, 1200, 400)
    part.read()
    qtbot.waitUntil(lambda: part.table.rowCount() == 1)
    (cells,) = part.table.texts()
    assert cells[1:6] == ["1", "–", "–", "–", "–"]
