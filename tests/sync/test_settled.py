"""What a case does by itself holds for all desks, whoever wrote down that it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.contacts.records import PocTeam
from escalation_desk.casework.contacts.routing import Route
from escalation_desk.journal import contacting, reading, seed
from escalation_desk.sync import disagreements

if TYPE_CHECKING:
    from tests.sync.stations import Office


def test_a_colleague_who_writes_an_answer_down_gives_the_case_back_to_its_owner_on_every_desk(office: Office) -> None:
    linh, minh = office.station("linh"), office.station("minh")
    for desk in (linh, minh):
        seed.plant(desk.journal)
    with linh.journal.entry("New") as work:
        case = work.add(Case(title="Suspended", owner=linh.me.id, status=CaseStatus.OPEN)).id
    with linh.journal.entry("Ask") as work:
        team = work.ask(lambda made: reading.all_of(made, PocTeam)[0].code)
        asked = contacting.ask(work, linh.me, case, Route(team, None, None, ""), "Where is it?", waits=True).id
    linh.sync()
    minh.sync()

    with minh.journal.entry("Answer") as work:
        contacting.answer(work, minh.me, asked, "Here")
    office.all_sync()

    for desk in (linh, minh):
        with desk.journal.writing() as made:
            assert disagreements.listed(made) == []
            assert reading.record(made, Case, case).status is CaseStatus.OPEN
