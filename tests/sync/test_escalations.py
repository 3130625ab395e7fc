"""Two workstations see the same silence without a network: the next level is raised once, nobody settles anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Channel
from escalation_desk.casework.escalating import life
from escalation_desk.casework.escalating.brief import Brief
from escalation_desk.casework.escalating.life import Asked, Sent
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import speaking
from escalation_desk.journal import escalations, reading, seed
from escalation_desk.sync import disagreements

if TYPE_CHECKING:
    from tests.sync.stations import Office, Station


def _told(desk: Station) -> str:
    with desk.journal.entry("New") as work:
        case = work.add(Case(title="Suspended")).id
    with desk.journal.entry("Escalate") as work:
        one = escalations.escalate(work, case, "LEGAL", Brief("Suspended", "Lift it?"), Asked(), desk.me)
    sent = Sent("Ms Hoa", Channel.PHONE, desk.journal.now(), 10)
    with desk.journal.entry("Sent") as work:
        escalations.act(work, one, lambda held, case, name: life.mark_sent(held, case, name, sent, desk.me, work.now))
    return case


def test_the_same_silence_seen_twice_raises_the_next_level_once(office: Office) -> None:
    linh, minh = office.station("linh"), office.station("minh")
    for desk in (linh, minh):
        seed.plant(desk.journal)
    case = _told(linh)
    linh.sync()
    minh.sync()
    linh.clock.off, minh.clock.off = timedelta(minutes=11), timedelta(minutes=25)

    assert escalations.let_time_out(linh.journal) == 1
    with speaking("vi"):  # Everybody works in their own language.
        assert escalations.let_time_out(minh.journal) == 1
    office.all_sync()

    for desk in (linh, minh):
        with desk.journal.writing() as made:
            found = reading.all_of(made, Escalation)
            assert sorted((one.authority, one.state) for one in found) == [
                ("DUTY_MANAGER", EscalationState.RAISED),
                ("LEGAL", EscalationState.TIMED_OUT),
            ]
            silent = [one for one in reading.all_of(made, Message, pointing=("case", case)) if one.automatic]
            assert len(silent) == 1
            assert disagreements.listed(made) == []
        assert escalations.let_time_out(desk.journal) == 0
