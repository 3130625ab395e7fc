"""Only leads change what everybody's desk is made of, whichever door it comes by; who works alone has nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.by_leads import BY_LEADS
from escalation_desk.casework.choices import Role
from escalation_desk.casework.clocks.records import Calendar
from escalation_desk.casework.contacts import editing
from escalation_desk.casework.contacts.records import Poc, PocTeam
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.escalating.records import RiskWord
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import leading, reading, seed
from escalation_desk.journal.sharing.adopting import Belonging, adopt

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal

    Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def born(desk: Journal) -> Journal:
    """Give a desk with its rules and a lead; at work is Lan, a specialist."""
    seed.plant(desk)
    with desk.entry("Others", kind="fact") as work:
        work.add(User(full_name="Thu", login="thu", roles=frozenset({Role.LEAD})))
        work.add(Poc(full_name="Nam", team="POC-LOG"))
    return desk


def _me(desk: Journal) -> User:
    assert desk.profile
    return desk.profile


def _any(desk: Journal, kind: str) -> Record:
    with desk.writing() as made:
        return reading.all_of(made, kind_of(kind))[0]


def _change(desk: Journal, record: Record, **values: object) -> None:
    with desk.entry("Change") as work:
        held = work.get(type(record), record.id)
        for name, value in values.items():
            setattr(held, name, value)


@pytest.mark.parametrize("kind", sorted(set(BY_LEADS) - {"user", "team", "poc"}))
def test_a_specialist_changes_and_removes_nothing_of_a_kind_that_leads_keep(born: Journal, ask: Ask, kind: str) -> None:
    record = _any(born, kind)
    before = ask("SELECT count(*) FROM entry")
    with pytest.raises(Refused) as removing, born.entry("Remove") as work:
        work.remove(work.get(type(record), record.id))
    with pytest.raises(Refused) as adding, born.entry("Add") as work:
        work.add(work.get(type(record), record.id))
    assert {str(removing.value), str(adding.value)} == {_(BY_LEADS[kind])}
    assert (_any(born, kind), ask("SELECT count(*) FROM entry")) == (record, before)


def test_the_refusal_says_whom_to_ask_and_leaves_everything_as_it_was(born: Journal) -> None:
    calendar = _any(born, "calendar")
    with pytest.raises(Refused, match="Only a lead changes calendars, holidays and policies; ask one"):
        _change(born, calendar, labels={"en": "Mine"})
    assert _any(born, "calendar") == calendar


def test_a_lead_changes_them(born: Journal) -> None:
    with born.writing() as made:
        (thu,) = [one for one in reading.all_of(made, User) if one.leads]
    born.set_profile(thu)
    _change(born, _any(born, "calendar"), labels={"en": "Longer"})
    assert _any(born, "calendar").name == "Longer"


def test_nobody_makes_themselves_a_lead(born: Journal) -> None:
    with pytest.raises(Refused, match="Only a lead changes people"):
        _change(born, _me(born), roles=frozenset({Role.LEAD}))
    _change(born, _me(born), time_zone="Asia/Jakarta")
    assert (_me(born).leads, _me(born).time_zone) == (False, "Asia/Jakarta")


def test_everybody_writes_their_own_macros_and_not_those_of_all(born: Journal) -> None:
    with born.entry("Mine") as work:
        own = work.add(Macro(code="LAN1", use="Thanks", texts={"en": "Thank you"}, owner=_me(born).id))
    _change(born, own, use="Thanks again")
    with pytest.raises(Refused, match="This macro is everybody's"), born.entry("Everybody's") as work:
        work.add(Macro(code="LAN2", use="Thanks", texts={"en": "Thank you"}))


def test_everybody_confirms_a_contact(born: Journal, ask: Ask) -> None:
    with born.entry("Still right") as work:
        editing.confirm(work.get(Poc, _any(born, "poc").id), work.now.date())
    assert ask("SELECT count(*) FROM poc WHERE confirmed_on IS NOT NULL") == [(1,)]


def test_what_an_import_brings_and_an_undo_takes_back_is_free(born: Journal) -> None:
    with born.entry("Import", kind="import") as work:
        work.add(User(full_name="Agent 7", login="agent7"))
    born.undo()
    born.redo()
    assert born.undoable()


def test_who_works_alone_sets_up_the_desk_also_beside_owners_whom_an_import_names(desk: Journal) -> None:
    with desk.entry("Import", kind="import") as work:
        work.add(User(full_name="Agent 7", login="agent7"))
    with desk.entry("Set up") as work:
        work.add(Calendar(code="MINE", labels={"en": "Mine"}, week={"mon": [["09:00", "12:00"]]}))
        work.add(PocTeam(code="T", labels={"en": "Team"}))
        work.add(RiskWord(word="lawyer"))
    with desk.writing() as made:
        assert leading.is_alone(made)


def test_who_worked_alone_asks_a_lead_once_a_server_has_adopted_the_desk(desk: Journal) -> None:
    account = "0190a0000000000000000000000000ab"
    adopt(
        desk,
        Belonging("https://desk.example", "lan", account),
        {"full_name": "Lan", "login": "lan", "roles": ["specialist"]},
        {"ref": "reader"},
    )
    with pytest.raises(Refused, match="Only a lead"), desk.entry("Set up") as work:
        work.add(RiskWord(word="lawyer"))
