"""Escalating on the page of a case: who must be told and why, the page that asks, what a person says was done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CaseStatus,
    Channel,
    Priority,
    RiskFlag,
    Role,
    Severity,
    Urgency,
)
from escalation_desk.casework.escalating import life
from escalation_desk.casework.escalating.assessing import Impact
from escalation_desk.casework.escalating.brief import Brief
from escalation_desk.casework.escalating.life import Asked, Sent
from escalation_desk.casework.escalating.records import AuthorityRule, Escalation, EscalationState, RiskWord
from escalation_desk.casework.people import User
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.editor import CaseEditor
from escalation_desk.desktop.case.escalating.asking import Answered, GoesToAnother, Told
from escalation_desk.desktop.case.escalating.assessing import Assess
from escalation_desk.desktop.case.escalating.dialog import EscalateDialog
from escalation_desk.desktop.escalations.place import EscalationsPlace
from escalation_desk.desktop.escalations.rules_dialog import RulesDialog, open_rules
from escalation_desk.desktop.escalations.watch import SilenceWatch
from escalation_desk.desktop.escalations.words_dialog import WordsDialog, open_words
from escalation_desk.desktop.plain import PlainLabel
from escalation_desk.journal import escalations, reading, seed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.journal.journal import Journal

Frame = Any
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def case_id(journal: Journal) -> str:
    seed.plant(journal)
    me = journal.profile
    assert me is not None
    with journal.entry("A case") as work:
        for code in ("GOVERNANCE", "SELLER_MGMT"):
            rule = work.find(AuthorityRule, f"{code}-STD")
            assert rule is not None
            rule.contacts = ({"market": "VN", "primary": "Ms Hoa", "backup": "Mr Nam", "channel": "phone"},)
        case = Case(
            title="Shop suspended",
            description="Tôi sẽ khởi kiện vì kiện hàng bị giữ",
            reason="SEL.ACC.SUSPENSION",
            severity=Severity.S2,
            urgency=Urgency.U1,
            received_at=journal.now(),
            owner=me.id,
            assignment=Assignment.ACCEPTED,
            status=CaseStatus.OPEN,
            decision_needed="Lift the suspension?",
        )
        return work.add(case).id


@pytest.fixture
def page(plain_frame: Frame, case_id: str, qtbot: QtBot) -> CaseEditor:
    made = CaseEditor(plain_frame, case_id)
    plain_frame.hold(made)
    qtbot.waitUntil(lambda: made.cards.escalations.stands is not None)
    return made


def words_of(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(PlainLabel) if one.isVisibleTo(widget))


def found(journal: Journal) -> list[Escalation]:
    made = journal.reader()
    try:
        return reading.all_of(made, Escalation)
    finally:
        made.close()


def dialog(qtbot: QtBot, kind: type[Any]) -> Any:
    """Wait for a dialog of a kind that is open."""

    def shown() -> Any:
        return next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)

    qtbot.waitUntil(lambda: shown() is not None)
    return shown()


def press(holder: QWidget, name: str) -> None:
    buttons = [one for one in holder.findChildren(QAbstractButton) if name in {one.text(), one.accessibleName()}]
    assert buttons, [one.accessibleName() or one.text() for one in holder.findChildren(QAbstractButton)]
    buttons[-1].click()


def escalate(page: CaseEditor, qtbot: QtBot, journal: Journal) -> Escalation:
    page.cards.escalations.begin("GOVERNANCE")
    asked = dialog(qtbot, EscalateDialog)
    asked._raise()
    qtbot.waitUntil(lambda: len(found(journal)) == 1)
    qtbot.waitUntil(lambda: bool(page.cards.escalations.stands and page.cards.escalations.stands.escalations))
    return found(journal)[0]


def test_the_card_says_who_must_be_told_by_when_and_why(page: CaseEditor) -> None:
    said = words_of(page.cards.escalations)

    assert "Tell Governance" in said
    assert "because of the reason “" in said
    assert "within 120 min at P1 High" in said
    assert "in 15 min" in said  # The lead of the team.


def test_one_key_opens_the_page_with_what_is_known(page: CaseEditor, qtbot: QtBot) -> None:
    page.timeline.list.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)

    asked = dialog(qtbot, EscalateDialog)

    assert asked.choosing.chosen() == ["T2_LEAD"]  # Who must be told first is ticked.
    assert asked.page.brief().decision == "Lift the suspension?"
    assert "Lift the suspension" in asked.page.text.text()
    assert "The program tells nobody by itself" in words_of(asked)
    asked.reject()


def test_the_text_follows_the_page_until_somebody_changes_it(page: CaseEditor, qtbot: QtBot) -> None:
    page.cards.escalations.begin()
    asked = dialog(qtbot, EscalateDialog)
    recommendation = asked.page.editors["recommendation"]

    recommendation.insertPlainText("Lift it")
    assert "Recommendation: Lift it" in asked.page.text.text()
    asked.page.language.choose("vi")
    assert asked.page.text.text().startswith("CHUYỂN CẤP")
    asked.page.text.insertPlainText("!")
    recommendation.insertPlainText(" today")
    assert "today" not in asked.page.text.text()
    asked.page.copy()
    assert QGuiApplication.clipboard().text() == asked.page.text.text()
    asked.reject()


def test_several_authorities_are_raised_as_one_act_that_tells_nobody(
    page: CaseEditor, qtbot: QtBot, journal: Journal
) -> None:
    page.cards.escalations.begin("GOVERNANCE")
    asked = dialog(qtbot, EscalateDialog)
    asked.choosing.ticks["SELLER_MGMT"].setChecked(True)
    asked.choosing.other.choose("LEGAL")

    press(asked, "Raise, send later")

    qtbot.waitUntil(lambda: len(found(journal)) == 3)
    assert {one.authority for one in found(journal)} == {"GOVERNANCE", "SELLER_MGMT", "LEGAL"}
    assert all(one.notified_at is None and one.state is EscalationState.RAISED for one in found(journal))
    assert next(one for one in found(journal) if one.authority == "SELLER_MGMT").because
    journal.undo()
    assert found(journal) == []


def test_a_page_that_asks_nothing_cannot_be_raised(page: CaseEditor, qtbot: QtBot) -> None:
    page.cards.escalations.begin()
    asked = dialog(qtbot, EscalateDialog)

    asked.page.editors["decision"].selectAll()
    asked.page.editors["decision"].insertPlainText(" ")
    assert not asked.raise_sent.isEnabled()
    asked.page.editors["decision"].insertPlainText("Lift it?")
    assert asked.raise_sent.isEnabled()
    asked.page.needed_by.line.setText("someday")
    asked.page.needed_by.edited.emit()
    assert not asked.raise_only.isEnabled()
    asked.reject()


def test_raised_and_marked_as_sent_by_a_person(page: CaseEditor, qtbot: QtBot, journal: Journal) -> None:
    page.cards.escalations.begin("GOVERNANCE")
    dialog(qtbot, EscalateDialog)._raise_and_tell()

    told = dialog(qtbot, Told)
    assert (told.whom.text(), told.channel.value()) == ("Ms Hoa", Channel.PHONE)
    told.accept()

    qtbot.waitUntil(lambda: bool(found(journal)) and found(journal)[0].notified_at is not None)
    one = found(journal)[0]
    assert (one.told_whom, one.channel, one.ack_due_at) == (
        "Ms Hoa",
        Channel.PHONE,
        journal.now() + timedelta(minutes=240),
    )


def test_whom_and_how_must_be_said(page: CaseEditor, qtbot: QtBot, journal: Journal) -> None:
    one = escalate(page, qtbot, journal)
    stands = page.cards.escalations.stands
    assert stands is not None
    page.cards.escalations.deeds.ask_sent(one, stands)
    told = dialog(qtbot, Told)

    told.whom.setText("")
    assert not told.yes.isEnabled()
    told.whom.setText("Mr Nam")
    told.channel.choose(None)
    assert not told.yes.isEnabled()
    told.channel.choose(Channel.EMAIL)
    assert told.yes.isEnabled()
    told.reject()


def test_what_was_answered_is_written_down_step_by_step(page: CaseEditor, qtbot: QtBot, journal: Journal) -> None:
    escalate(page, qtbot, journal)
    card = page.cards.escalations

    def state() -> EscalationState:
        return found(journal)[0].state

    def shown(text: str) -> None:
        qtbot.waitUntil(lambda: text in [one.text() for one in card.findChildren(QAbstractButton)])

    press(card, "Mark as sent: Governance")
    dialog(qtbot, Told).accept()
    shown("Acknowledged")
    press(card, "Acknowledged: Governance")
    dialog(qtbot, Answered).accept()
    qtbot.waitUntil(lambda: state() is EscalationState.ACKNOWLEDGED)
    qtbot.waitUntil(lambda: "Ms Hoa has it since" in words_of(card))
    press(card, "Decided: Governance")
    answered = dialog(qtbot, Answered)
    assert not answered.yes.isEnabled()
    assert answered.decision is not None
    answered.decision.insertPlainText("Lift it")
    answered.accept()
    qtbot.waitUntil(lambda: state() is EscalationState.DECIDED)
    shown("Close")
    press(card, "Close: Governance")
    qtbot.waitUntil(lambda: state() is EscalationState.CLOSED)
    assert found(journal)[0].decision == "Lift it"


def test_it_goes_to_the_backup_or_is_withdrawn_with_a_reason(page: CaseEditor, qtbot: QtBot, journal: Journal) -> None:
    one = escalate(page, qtbot, journal)
    card = page.cards.escalations
    assert card.stands is not None
    offered = [action.text() for action in card.menu_of(one, card.stands).actions() if action.text()]
    assert offered == [
        "Copy the text",
        "Save the brief as Word…",
        "Acknowledged…",
        "Goes to another…",
        "Withdraw…",
    ]

    card.deeds.ask_another(one, card.stands)
    asked = dialog(qtbot, GoesToAnother)
    assert asked.whom.text() == "Mr Nam"
    asked.editor.insertPlainText("On leave")
    asked.accept()
    qtbot.waitUntil(lambda: found(journal)[0].told_whom == "Mr Nam")
    card.deeds.withdraw(one, card.stands, "Solved by the seller")
    qtbot.waitUntil(lambda: found(journal)[0].state is EscalationState.WITHDRAWN)


# Hints


def test_scenario_13_a_hint_is_a_question_and_a_parcel_is_none(
    page: CaseEditor, qtbot: QtBot, journal: Journal, case_id: str
) -> None:
    qtbot.waitUntil(lambda: page.standing.shown("hint:") == ["hint:legal:khởi kiện"])
    notice = page.standing.notice("hint:legal:khởi kiện")
    assert notice is not None
    assert "What the requester says" in notice.sentence

    notice.buttons[0].click()

    qtbot.waitUntil(lambda: page.standing.shown("hint:") == [])
    made = journal.reader()
    case = reading.record(made, Case, case_id)
    made.close()
    assert case.risk_flags == {RiskFlag.LEGAL}
    assert case.priority is Priority.P1
    qtbot.waitUntil(lambda: "Tell Legal" in words_of(page.cards.escalations))


def test_a_dismissed_hint_goes_and_stays_away(page: CaseEditor, qtbot: QtBot, journal: Journal, case_id: str) -> None:
    qtbot.waitUntil(lambda: bool(page.standing.shown("hint:")))
    notice = page.standing.notice("hint:legal:khởi kiện")
    assert notice is not None

    notice.buttons[1].click()

    qtbot.waitUntil(lambda: page.standing.shown("hint:") == [])
    made = journal.reader()
    case = reading.record(made, Case, case_id)
    made.close()
    assert case.risk_flags == frozenset()
    assert [one["confirmed"] for one in case.risk_answers] == [False]


# The desk's escalations


def test_silence_is_seen_when_the_desk_looks_and_said_once(
    plain_frame: Frame, case_id: str, journal: Journal, watch: Any, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Escalate") as work:
        one = escalations.escalate(work, case_id, "GOVERNANCE", Brief("Suspended", "Lift it?"), Asked(), me)
    sent = Sent("Ms Hoa", Channel.PHONE, journal.now(), 10)
    with journal.entry("Sent") as work:
        escalations.act(work, one, lambda held, case, name: life.mark_sent(held, case, name, sent, me, work.now))
    seer = SilenceWatch(plain_frame, plain_frame)
    seer.look()
    watch.now += timedelta(minutes=11)

    plain_frame.minute.emit()

    qtbot.waitUntil(lambda: len(found(journal)) == 2)
    assert [one.authority for one in found(journal)] == ["GOVERNANCE", "DUTY_MANAGER"]
    qtbot.waitUntil(lambda: any("did not answer in time" in said for said in plain_frame.said))
    plain_frame.minute.emit()
    seer.look()
    qtbot.wait(50)
    assert len(found(journal)) == 2


def test_the_list_has_what_nobody_acknowledged_on_top_and_opens_the_case(
    plain_frame: Frame, case_id: str, journal: Journal, qtbot: QtBot
) -> None:
    me = journal.profile
    assert me is not None
    for code in ("GOVERNANCE", "LEGAL"):
        with journal.entry("Escalate") as work:
            one = escalations.escalate(work, case_id, code, Brief("Suspended", "Lift it?"), Asked(), me)
        if code == "GOVERNANCE":
            with journal.entry("Acknowledged") as work:
                escalations.act(
                    work,
                    one,
                    lambda held, case, name: life.acknowledge(held, case, name, "Ms Hoa", work.now, me, work.now),
                )
    place = EscalationsPlace(plain_frame)
    plain_frame.hold(place)
    qtbot.waitUntil(lambda: place.table.rows.count == 2)
    shown = [row for _line, row in sorted(place.table.rows.rows_at_hand(), key=lambda pair: pair[0])]

    by_id = {one.id: one.authority for one in found(journal)}
    assert [by_id[row.id] for row in shown] == ["LEGAL", "GOVERNANCE"]
    place.open_record(shown[0].id)
    qtbot.waitUntil(lambda: plain_frame.went == [("case", case_id)])


def test_a_lead_changes_a_rule_and_others_look(
    plain_frame: Frame, case_id: str, journal: Journal, qtbot: QtBot
) -> None:
    assert case_id
    plain_frame.verbs.me.roles = frozenset({Role.LEAD})
    open_rules(plain_frame)
    asked = dialog(qtbot, RulesDialog)
    row = next(at for at in range(asked.list.count()) if "LEGAL-STD" in asked.list.item(at).text())
    asked.list.setCurrentRow(row)
    assert asked.form.notify["P0"].text() == "15"
    assert asked.form.flags[RiskFlag.PRIVACY].isChecked()

    asked.form.notify["P1"].setText("soon")
    asked.save.click()
    assert "no number of minutes" in asked.wrong.text()
    asked.form.notify["P1"].setText("30")
    asked.form.used.setText("101")
    asked.save.click()
    assert "no number from 1 to 100" in asked.wrong.text()
    asked.form.used.setText("90 %")
    asked.form.reopened.setText("3")
    asked.form.contacts[0].primary.setText("Ms Lan Anh")
    asked.save.click()

    def rule() -> AuthorityRule:
        made = journal.reader()
        try:
            read = reading.find(made, AuthorityRule, "LEGAL-STD")
        finally:
            made.close()
        assert read is not None
        return read

    qtbot.waitUntil(lambda: (rule().notify_min or {}).get("P1") == 30)
    assert [one["primary"] for one in rule().contacts] == ["Ms Lan Anh"]
    assert (rule().clock_used, rule().reopened) == (90, 3)
    count = asked.list.count()
    asked.another.click()
    qtbot.waitUntil(lambda: asked.list.count() == count + 1)
    assert "LEGAL-2" in asked.list.currentItem().text()
    asked.reject()
    plain_frame.verbs.me.roles = frozenset({Role.SPECIALIST})
    with journal.entry("A lead comes", kind="fact") as work:
        work.add(User(login="thu", full_name="Thu", roles=frozenset({Role.LEAD})))
    qtbot.waitUntil(lambda: not plain_frame.verbs.keeps_rules)
    open_rules(plain_frame)
    qtbot.waitUntil(lambda: not dialog(qtbot, RulesDialog).save.isVisible())


def test_a_lead_adds_a_word_of_risk_and_switches_one_off(
    plain_frame: Frame, case_id: str, journal: Journal, qtbot: QtBot
) -> None:
    assert case_id
    plain_frame.verbs.me.roles = frozenset({Role.LEAD})
    open_words(plain_frame)
    asked = dialog(qtbot, WordsDialog)

    asked.word.setText("cảnh sát")
    asked.flag.choose(RiskFlag.LEGAL)
    asked.add.click()
    qtbot.waitUntil(lambda: "cảnh sát  ·  Legal" in asked.list.currentItem().text())
    asked.flip.click()
    qtbot.waitUntil(lambda: "switched off" in asked.list.currentItem().text())

    made = journal.reader()
    word = reading.find(made, RiskWord, "vi:cảnh sát")
    made.close()
    assert word is not None
    assert (word.flag, word.active) == (RiskFlag.LEGAL, False)
    asked.reject()


def test_a_lead_restricts_a_case_and_everybody_reads_that_it_is(
    page: CaseEditor, plain_frame: Frame, journal: Journal, case_id: str, qtbot: QtBot
) -> None:
    def case() -> Case:
        made = journal.reader()
        try:
            return reading.record(made, Case, case_id)
        finally:
            made.close()

    page.cards.escalations.deeds.restrict(case(), "Court asks")
    qtbot.waitUntil(lambda: any("Only a lead may restrict" in said for said in plain_frame.said))
    assert not case().restricted
    plain_frame.verbs.me.roles = frozenset({Role.LEAD})
    page.cards.escalations.ask_restrict()
    asked = dialog(qtbot, Words)
    assert "VN/desk!restricted" in words_of(asked)
    asked.editor.insertPlainText("Court asks")
    asked.accept()

    qtbot.waitUntil(lambda: case().restricted)
    qtbot.waitUntil(lambda: page.standing.notice("restricted") is not None)
    qtbot.waitUntil(lambda: any("Restricted: Court asks" in one.body for one in page.sight.messages.values()))  # type: ignore[union-attr]  # shown above.


def test_what_is_at_stake_is_said_on_the_card_and_again_later(
    page: CaseEditor, qtbot: QtBot, journal: Journal, case_id: str
) -> None:
    card = page.cards.escalations

    def write(money: str) -> None:
        asked = dialog(qtbot, Assess)
        asked.impacts[Impact.MONEY].setText(money)
        asked.severity.choose(Severity.S1)
        assert asked.yes.isEnabled()
        asked.accept()
        qtbot.waitUntil(lambda: f"Money: {money}" in words_of(card))

    press(card, "Say what is at stake…")
    assert not dialog(qtbot, Assess).yes.isEnabled()
    dialog(qtbot, Assess).consulted.setText("Ms Hoa")
    write("40 m VND")
    assert "asked: Ms Hoa" in words_of(card)
    press(card, "Assess again…")
    write("80 m VND")

    assert "40 m VND" not in words_of(card)
    press(card, "1 before")
    assert "40 m VND" in words_of(card)
    made = journal.reader()
    case = reading.record(made, Case, case_id)
    made.close()
    assert (case.severity, len(case.assessments)) == (Severity.S1, 2)


def test_the_card_says_how_long_telling_and_answering_took(page: CaseEditor, qtbot: QtBot, journal: Journal) -> None:
    one = escalate(page, qtbot, journal)
    with journal.entry("Answered late") as work:
        held = work.get(Escalation, one.id)
        assert held.raised_at is not None
        assert held.notify_due_at is not None
        held.notified_at = held.notify_due_at + timedelta(minutes=12)
        held.ack_due_at = held.notified_at + timedelta(minutes=60)
        held.acknowledged_at = held.notified_at + timedelta(minutes=30)
        held.state, held.acknowledged_by = EscalationState.ACKNOWLEDGED, "Ms Hoa"
    made = journal.reader()
    page.cards.escalations._show(escalations.standing(made, one.case, journal.now()))
    made.close()

    assert "told after 2 h, 12 min late · acknowledged after 30 min" in words_of(page.cards.escalations)
    assert found(journal)[0].late
