"""Working hours, holidays and policies in their dialog: leads change them, a policy becomes a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import RiskFlag, Role
from escalation_desk.casework.clocks.records import Calendar, Holiday, SlaPolicy
from escalation_desk.casework.people import User
from escalation_desk.desktop.rules.dialog import RulesDialog, open_rules
from escalation_desk.journal import reading, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any


@pytest.fixture
def planted(journal: Journal) -> None:
    with journal.entry("Keep") as work:
        for kind in ("calendar", "holiday", "sla_policy"):
            for record in seed.of_kind(kind):
                work.add(record)


@pytest.fixture
def dialog(planted: None, plain_frame: Frame, qtbot: QtBot) -> RulesDialog:
    plain_frame.verbs.me = User(id="l", login="l", full_name="Lead", roles=frozenset({Role.LEAD}))
    return opened(plain_frame, qtbot)


def opened(frame: Frame, qtbot: QtBot) -> RulesDialog:
    open_rules(frame)
    qtbot.waitUntil(lambda: bool(frame.findChildren(RulesDialog)))
    found: RulesDialog = frame.findChildren(RulesDialog)[-1]
    return found


def choose(dialog: RulesDialog, text: str) -> None:
    names = [dialog.list.item(at).text() for at in range(dialog.list.count())]
    dialog.list.setCurrentRow(next(at for at, name in enumerate(names) if text in name))


def kept(journal: Journal, kind: Any) -> list[Any]:
    with journal.writing() as made:
        return reading.all_of(made, kind)


def test_a_worked_saturday_is_added_to_a_calendar(dialog: RulesDialog, journal: Journal, qtbot: QtBot) -> None:
    choose(dialog, "Internal teams, Viet Nam")
    assert dialog.calendar.days["mon"].text() == "09:00-12:00, 13:00-18:00"
    dialog.calendar.extra.set_text(dialog.calendar.extra.text() + "\n20/02/2027 09:00-12:00")
    dialog.save.click()

    def added() -> bool:
        (held,) = (one for one in kept(journal, Calendar) if one.code == "CAL-BIZ-VN")
        return "2027-02-20" in held.extra_days and "2026-08-22" in held.extra_days

    qtbot.waitUntil(added)


def test_hours_that_cannot_be_read_are_refused_beside_the_button(
    dialog: RulesDialog, journal: Journal, qtbot: QtBot
) -> None:
    choose(dialog, "Internal teams, Viet Nam")
    dialog.calendar.days["mon"].setText("in the morning")
    dialog.save.click()
    assert "no working hours" in dialog.wrong.text()
    for line in dialog.calendar.days.values():
        line.setText("")
    dialog.save.click()
    qtbot.waitUntil(lambda: "never open" in dialog.wrong.text())
    (held,) = (one for one in kept(journal, Calendar) if one.code == "CAL-BIZ-VN")
    assert held.week["mon"] == [["09:00", "12:00"], ["13:00", "18:00"]]


def test_a_holiday_is_added_by_its_line_and_one_is_taken_away(
    dialog: RulesDialog, journal: Journal, qtbot: QtBot
) -> None:
    choose(dialog, "Holidays: Viet Nam")
    lines = dialog.days.lines.text().splitlines()
    dialog.days.lines.set_text("\n".join([*(one for one in lines if "24/11/2027" not in one), "31/12/2027 Closing"]))
    dialog.save.click()

    def changed() -> bool:
        days = {one.day.isoformat(): one.active for one in kept(journal, Holiday) if one.market == "VN"}
        return days["2027-11-24"] is False and days.get("2027-12-31") is True

    qtbot.waitUntil(changed)


def test_a_policy_is_saved_as_a_new_version(dialog: RulesDialog, journal: Journal, qtbot: QtBot) -> None:
    choose(dialog, "SLA-STD")
    dialog.policy.cells["P1", "first_response_min"].setText("20")
    dialog.save.click()
    qtbot.waitUntil(lambda: len([one for one in kept(journal, SlaPolicy) if one.code == "SLA-STD"]) == 2)
    old, new = sorted((one for one in kept(journal, SlaPolicy) if one.code == "SLA-STD"), key=lambda one: one.edition)
    assert (old.active, new.active, new.edition) == (False, True, 2)
    assert [next(t for t in one.targets if t["priority"] == "P1")["first_response_min"] for one in (old, new)] == [
        30,
        20,
    ]
    assert old.conditions == new.conditions
    assert old.warn_at == new.warn_at
    qtbot.waitUntil(lambda: any("v2" in dialog.list.item(at).text() for at in range(dialog.list.count())))


def test_a_policy_says_for_whom_it_is_and_what_it_does_to_the_cases_there_are(
    dialog: RulesDialog, journal: Journal, qtbot: QtBot
) -> None:
    with journal.entry("Keep") as work:
        work.add(Case(title="money", risk_flags=frozenset({RiskFlag.MONEY}), received_at=work.now))
        work.add(Case(title="both", risk_flags=frozenset({RiskFlag.MONEY, RiskFlag.VIP}), received_at=work.now))
        work.add(Case(title="none", received_at=work.now))
    choose(dialog, "SLA-MONEY")
    assert dialog.policy.whom.text() == "For: Creator, Customer, Seller · Risk: Large amount"
    qtbot.waitUntil(
        lambda: dialog.policy.fits.text() == "Of the 3 latest live cases it fits 2, and is the first to fit 1."
    )


def test_whoever_does_not_lead_only_looks(planted: None, journal: Journal, plain_frame: Frame, qtbot: QtBot) -> None:
    with journal.entry("A lead comes", kind="fact") as work:
        work.add(User(login="thu", full_name="Thu", roles=frozenset({Role.LEAD})))
    qtbot.waitUntil(lambda: not plain_frame.verbs.keeps_rules)
    looked = opened(plain_frame, qtbot)
    assert not looked.forms.isEnabled()
    assert looked.save.isHidden()


def test_who_works_alone_sets_up_the_rules(planted: None, journal: Journal, plain_frame: Frame, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: plain_frame.verbs.keeps_rules)
    alone = opened(plain_frame, qtbot)
    choose(alone, "Internal teams, Viet Nam")
    alone.calendar.extra.set_text("20/02/2027 09:00-12:00")
    alone.save.click()
    qtbot.waitUntil(
        lambda: any(one.extra_days == {"2027-02-20": [["09:00", "12:00"]]} for one in kept(journal, Calendar))
    )
