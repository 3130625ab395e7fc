"""The place of points of contact: who there is, the rules and their tester, what is to be corrected, the figures."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Market, Role
from escalation_desk.casework.contacts.records import AnswerQuality, Poc, RoutingRule
from escalation_desk.casework.contacts.routing import Route
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.people import User
from escalation_desk.desktop.contacts.form import RecordForm, channels_of
from escalation_desk.desktop.contacts.place import ContactsPlace
from escalation_desk.journal import contacting, contacts, reading, seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal

Frame = Any
Watch = Any
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def case(journal: Journal, watch: Watch) -> str:
    seed.plant(journal)
    watch.now = watch.now.replace(day=10)  # The 24th of November is a holiday in Viet Nam.
    with journal.entry("Lead") as work:
        assert journal.profile is not None
        work.get(User, journal.profile.id).roles = frozenset({Role.SPECIALIST, Role.LEAD})
    with journal.entry("Keep") as work:
        work.add(Poc(full_name="Lan", team="LOGISTICS", market=Market.VN, confirmed_on=date(2026, 11, 1)))
        work.add(Poc(full_name="Minh", team="ORDER_OPS", confirmed_on=date(2026, 6, 1)))
        made = work.add(Case(title="Lost", reason="CUS.LOG.NOT_DELIVERED", received_at=watch.now))
    return made.id


@pytest.fixture
def place(plain_frame: Frame, case: str, qtbot: QtBot) -> ContactsPlace:
    plain_frame.verbs.me.roles = frozenset({Role.SPECIALIST, Role.LEAD})
    made = ContactsPlace(plain_frame)
    plain_frame.hold(made, 1200, 800)
    qtbot.waitUntil(lambda: made.people.table.rowCount() > 0)
    return made


def asked(journal: Journal, case: str) -> str:
    me = journal.profile
    assert me is not None
    with closing(journal.reader()) as made:
        found = contacts.where(made, case, date(2026, 11, 10)).route
    assert found is not None
    with journal.entry("Ask") as work:
        return contacting.ask(work, me, case, found, "Where?").id


def do(journal: Journal, act: Callable[..., object], *said: Any) -> None:
    with journal.entry("Act") as work:
        act(work, journal.profile, *said)


def line(place: ContactsPlace, name: str) -> list[str]:
    return next(cells for cells in place.people.table.texts() if name in cells)


def test_contacts_stand_with_hours_and_how_long_nobody_confirmed_them(place: ContactsPlace) -> None:
    lan, minh = line(place, "Lan"), line(place, "Minh")
    assert lan[0] == "Logistics"
    assert lan[3:5] == ["Internal teams, Viet Nam", "there"]
    assert lan[5] == "01/11/2026"
    assert minh[5] == "▲ 01/06/2026"
    assert "1 contact was not confirmed" in place.people.hint.text()
    assert line(place, "IPR")[1] == "nobody named"


def test_a_contact_is_confirmed_at_one_go(place: ContactsPlace, qtbot: QtBot) -> None:
    at = [cells[1] for cells in place.people.table.texts()].index("Minh")
    place.people.table.selectRow(at)
    place.people.confirm.click()
    qtbot.waitUntil(lambda: line(place, "Minh")[5] == "10/11/2026")
    assert place.people.hint.text() == "All contacts are confirmed."


def test_a_lead_writes_a_contact_down_by_keyboard(place: ContactsPlace, journal: Journal, qtbot: QtBot) -> None:
    at = [cells[1] for cells in place.people.table.texts()].index("Lan")
    place.people.table.selectRow(at)
    place.people.new.click()
    form = next(iter(place.findChildren(RecordForm)))
    assert form.rows["team"].box.value() == "LOGISTICS"
    QTest.keyClicks(form.rows["full_name"].box.entrance(), "Vy")
    QTest.keyClicks(form.channels, "email vy@example.com")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: any("Vy" in cells for cells in place.people.table.texts()))
    with closing(journal.reader()) as made:
        vy = next(one for one in reading.all_of(made, Poc) if one.full_name == "Vy")
    assert (vy.team, vy.channels) == ("LOGISTICS", ({"channel": "email", "value": "vy@example.com"},))


def test_somebody_who_does_not_lead_changes_nothing_but_may_confirm(place: ContactsPlace) -> None:
    place._frame.verbs.me.roles = frozenset({Role.SPECIALIST})
    place.people.table.selectRow(0)
    place.people._look()
    assert not place.people.new.isEnabled()
    assert not place.people.edit.isEnabled()
    assert place.people.confirm.isEnabled()


def test_the_tester_says_where_a_case_goes_and_why(
    place: ContactsPlace, journal: Journal, case: str, qtbot: QtBot
) -> None:
    with closing(journal.reader()) as made:
        number = reading.record(made, Case, case).case_no
    place.show_part("rules")
    QTest.keyClicks(place.rules.number, number)
    QTest.keyClick(place.rules.number, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(place.rules.answer.text()))
    assert place.rules.answer.text() == (
        f"{number}: Goes to Logistics, Lan because rule CUS.LOG holds: the reason begins with CUS.LOG."
    )
    assert place.rules.table.texts()[place.rules.table.currentRow()][1] == "CUS.LOG"

    place.rules.number.setText("nothing")
    place.rules.try_rules()
    qtbot.waitUntil(lambda: "There is no case nothing" in place.rules.answer.text())


def test_a_rule_that_named_a_wrong_contact_is_flagged_and_corrected(
    place: ContactsPlace, journal: Journal, case: str, qtbot: QtBot
) -> None:
    do(journal, contacting.bounce, asked(journal, case), Route("ORDER_OPS", None, None, "chosen"))
    place.show_part("rules")
    qtbot.waitUntil(lambda: any(cells[-1] == "▲ 1" for cells in place.rules.table.texts()))
    button = next(
        one for one in place.rules.findChildren(type(place.rules.new)) if one.accessibleName().endswith("rule CUS.LOG")
    )
    button.click()
    form = next(iter(place.findChildren(RecordForm)))
    assert form.rows["team"].box.value() == "ORDER_OPS"
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)

    def corrected() -> bool:
        with closing(journal.reader()) as made:
            rule = reading.find(made, RoutingRule, "CUS.LOG")
        return bool(rule and rule.team == "ORDER_OPS")

    qtbot.waitUntil(corrected)


def test_a_new_rule_is_named_after_what_it_asks(place: ContactsPlace, journal: Journal, qtbot: QtBot) -> None:
    place.show_part("rules")
    place.rules.new.click()
    form = next(iter(place.findChildren(RecordForm)))
    QTest.keyClicks(form.rows["reason_prefix"].box.entrance(), "cus.log")
    form.rows["team"].box.show_value("LOGISTICS")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)

    def there() -> bool:
        with closing(journal.reader()) as made:
            return reading.find(made, RoutingRule, "CUS.LOG 2") is not None

    qtbot.waitUntil(there)


def test_a_rule_may_hold_for_all(place: ContactsPlace, journal: Journal, qtbot: QtBot) -> None:
    place.show_part("rules")
    place.rules.new.click()
    form = next(iter(place.findChildren(RecordForm)))
    form.rows["team"].box.show_value("SERVICE_QA")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: any(cells[1] == "All" for cells in place.rules.table.texts()))
    with closing(journal.reader()) as made:
        assert reading.find(made, RoutingRule, "*") is not None


def test_what_makes_no_sense_is_refused_in_the_form(place: ContactsPlace, qtbot: QtBot) -> None:
    place.people.table.selectRow([cells[1] for cells in place.people.table.texts()].index("Lan"))
    place.people.edit.click()
    form = next(iter(place.findChildren(RecordForm)))
    confirmed: Any = form.rows["confirmed_on"].box.entrance()
    assert confirmed.text() == "01/11/2026"
    QTest.keyClicks(form.rows["valid_from"].box.entrance(), "02/11/2026")
    QTest.keyClicks(form.rows["valid_to"].box.entrance(), "01/11/2026")
    QTest.keyClick(form, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "lies before" in form.refusal.text())
    assert form.go.isEnabled()


def test_figures_say_what_they_were_counted_from(
    place: ContactsPlace, journal: Journal, case: str, watch: Watch, qtbot: QtBot
) -> None:
    request = asked(journal, case)
    watch.now += timedelta(minutes=90)
    do(journal, contacting.answer, request, "At the hub", AnswerQuality.USEFUL)
    asked(journal, case)
    place.show_part("figures")
    qtbot.waitUntil(lambda: place.figures.table.rowCount() == 1)
    (cells,) = place.figures.table.texts()
    assert cells[:6] == ["Logistics", "2", "1 h 30 (1)", "1 h 30 (1)", "100% (1/1)", "100% (1/1)"]
    assert cells[6:9] == ["0.0 (0/2)", "0% (0/2)", "1"]
    assert "PERCENTILE.INC" in place.figures.hint.text()


def test_a_row_of_the_list_opens_its_case(
    place: ContactsPlace, plain_frame: Frame, journal: Journal, case: str, qtbot: QtBot
) -> None:
    request = asked(journal, case)
    place.requests.open_record(request)
    qtbot.waitUntil(lambda: ("case", case) in plain_frame.went)


def test_channels_are_read_one_a_line() -> None:
    assert channels_of("email lan@example.com\n\n  zalo  0901 \nroom") == (
        {"channel": "email", "value": "lan@example.com"},
        {"channel": "zalo", "value": "0901"},
        {"channel": "room", "value": "room"},
    )


def test_the_window_has_the_place_among_its_places(desk: Desk, qtbot: QtBot) -> None:
    desk.acts.go("contacts")
    qtbot.waitUntil(lambda: isinstance(desk.middle.currentWidget(), ContactsPlace))
    assert any(entry.place == "contacts" for entry in desk.places.entries())


def test_the_figures_leave_as_a_workbook_that_is_logged(
    place: ContactsPlace, journal: Journal, case: str, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not place.figures.save.isEnabled()
    asked(journal, case)
    place.show_part("figures")
    qtbot.waitUntil(place.figures.save.isEnabled)

    place.figures.write_to(tmp_path / "contacts.xlsx")

    def logged() -> list[ExportRecord]:
        with closing(journal.reader()) as made:
            return reading.all_of(made, ExportRecord)

    qtbot.waitUntil(lambda: len(logged()) == 1)
    book = openpyxl.load_workbook(tmp_path / "contacts.xlsx")
    head, line = list(book.worksheets[0].iter_rows(values_only=True))[:2]
    assert dict(zip(head, line, strict=True))["Requests"] == 1
    assert logged()[0].items == 1
