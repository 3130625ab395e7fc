"""Who answers what: the rules in order, a tester for a case, and the rules that named a wrong contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from escalation_desk.casework.contacts.records import RoutingRule
from escalation_desk.casework.contacts.routing import in_order, told
from escalation_desk.desktop.contacts.form import RecordForm
from escalation_desk.desktop.contacts.lines import Cell, LineTable
from escalation_desk.desktop.contacts.people import lay_part
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, ask_yes_no, button
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import contacts, reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.contacts import Correction, Known
    from escalation_desk.journal.work import Work


class RulesPart(QWidget):
    """The first rule that holds is taken; the tester says for a case which one that is, and why."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._known: Known | None = None
        headings = (
            *(_("Order"), _("Reason begins with"), _("Market"), _("Kind of requester"), _("Team")),
            *(_("Point of contact"), _("From"), _("Until"), _("Wrong contacts")),
        )
        self.table = LineTable(_("Routing rules"), headings)
        self.new = button(_("New rule"), self._new, sign="plus")
        self.edit = button(_("Change…"), self._edit)
        self.drop = button(_("Remove"), self._remove)
        self.number = QLineEdit()
        self.number.setPlaceholderText(_("Number of a case"))
        self.number.setAccessibleName(_("Number of a case to try the rules on"))
        self.number.setMaximumWidth(look().letters.px(14))
        self.test = button(_("Try"), self.try_rules)
        self.answer = PlainLabel("", wrap=True)
        self.hint = PlainLabel(
            _("The first rule that holds is taken, by order, then by the longer beginning."), Role.SMALL
        )
        self.corrections = QVBoxLayout()
        self._shown: list[QWidget] = []
        column = lay_part(self, (self.new, self.edit, self.drop, self.number, self.test), self.hint, self.table)
        column.insertWidget(1, self.answer)
        column.addLayout(self.corrections)
        self.answer.hide()
        self.number.returnPressed.connect(self.try_rules)
        self.table.opened.connect(lambda _key: self._edit())
        self.table.moved.connect(self._look)

    def show_known(self, known: Known, found: Sequence[Correction]) -> None:
        self._known = known
        on = contacts.today(self._frame.verbs.me, self._frame.verbs.journal.now())
        wrong = {one.rule.id: one.times for one in found}
        rules = in_order(known.directory.rules)
        self.table.show_lines([(one.id, list(_cells(one, known, wrong.get(one.id, 0), on))) for one in rules])
        self._show_corrections(known, found)
        self._look()

    def try_rules(self) -> None:
        """Say where the case of this number would go, and why."""
        number, verbs = self.number.text().strip(), self._frame.verbs
        on = contacts.today(verbs.me, verbs.journal.now())

        def read(made: Connection) -> contacts.Sent:
            return contacts.where(made, reading.case_id(made, number), on)

        if number:
            verbs.ask(read, self._say, refused=lambda sentence: self._tell(sentence, Tone.BAD))

    def _say(self, sent: contacts.Sent) -> None:
        if sent.route is None:
            self._tell(_("No rule holds for {case}; a person has to choose.", case=sent.case.case_no), Tone.WARN)
            return
        sentence = told(sent.route, sent.known.directory)
        whole = f"{sent.case.case_no}: {sentence}"
        self._tell(" ".join([whole, *sent.route.warnings]), Tone.WARN if sent.route.warnings else Tone.GOOD)
        rule = sent.route.rule
        at = next((n for n, one in enumerate(in_order(sent.known.directory.rules)) if one.id == rule), -1)
        if at >= 0:
            self.table.selectRow(at)

    def _tell(self, sentence: str, tone: Tone) -> None:
        self.answer.setText(sentence)
        self.answer.set_tone(tone)
        self.answer.show()

    def _show_corrections(self, known: Known, found: Sequence[Correction]) -> None:
        for old in self._shown:
            self.corrections.removeWidget(old)
            old.hide()
            old.deleteLater()
        heading = [PlainLabel(_("To correct"), Role.STRONG)] if found else []
        self._shown = [*heading, *(self._correction(one, known) for one in found)]
        for new in self._shown:
            self.corrections.addWidget(new)

    def _correction(self, one: Correction, known: Known) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        right = ", ".join(f"{known.directory.who(team, None)} ({n})" for team, n in one.right)
        said = n_("{rule}: wrong once", "{rule}: wrong {n} times", one.times, rule=one.rule.code)
        words = _("{wrong}; right was {teams}", wrong=said, teams=right) if right else said
        row.addWidget(PlainLabel(f"▲ {words}", tone=Tone.WARN, wrap=True), 1)
        correct = button(_("Correct the rule…"), lambda: self._correct(one), kind="link")
        correct.setAccessibleName(_("Correct the rule {rule}", rule=one.rule.code))
        correct.setEnabled(self._frame.verbs.keeps_rules)
        row.addWidget(correct)
        return holder

    def _correct(self, one: Correction) -> None:
        """Open the rule with the team that turned out to be the right one."""
        form = self._open(one.rule)
        if form and one.right:
            form.rows["team"].box.show_value(one.right[0][0])
            form.rows["poc"].box.show_value(None)

    def _chosen(self) -> RoutingRule | None:
        rules = self._known.directory.rules if self._known else ()
        return next((one for one in rules if one.id == self.table.key()), None)

    def _look(self) -> None:
        may = self._frame.verbs.keeps_rules
        self.new.setEnabled(may)
        for made in (self.edit, self.drop):
            made.setEnabled(may and self._chosen() is not None)

    def _new(self) -> None:
        self._open(RoutingRule(code="", team="", place=50))

    def _edit(self) -> None:
        rule = self._chosen()
        if rule and self._frame.verbs.keeps_rules:
            self._open(rule)

    def _open(self, rule: RoutingRule) -> RecordForm | None:
        if self._known is None:
            return None
        form = RecordForm(self, self._frame.verbs, self._known, rule)
        form.open()
        return form

    def _remove(self) -> None:
        rule = self._chosen()
        if rule is None or not ask_yes_no(
            self,
            _("Remove the rule {rule}?", rule=rule.code),
            _("Requests that it routed keep why; Ctrl+Z brings it back."),
            yes=_("Remove"),
        ):
            return

        def operate(work: Work) -> None:
            work.remove(work.get(RoutingRule, rule.id))

        self._frame.verbs.do(N_("Remove the rule {rule}"), operate, rule=rule.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.drop.isEnabled():
            self._remove()
        else:
            super().keyPressEvent(event)


def _cells(one: RoutingRule, known: Known, wrong: int, on: date) -> Iterator[Cell]:
    over = bool((one.valid_from and on < one.valid_from) or (one.valid_to and on > one.valid_to))
    tone = Tone.NEUTRAL if over else None
    poc = known.directory.pocs.get(one.poc or "")
    yield Cell(str(one.place), tone, number=True)
    yield Cell(one.reason_prefix or _("All"), tone)
    yield Cell(_(one.market.label) if one.market else _("All"), tone)
    yield Cell(_(one.requester_kind.label) if one.requester_kind else _("All"), tone)
    yield Cell(known.directory.who(one.team, None), tone)
    yield Cell(poc.full_name if poc else _("Whoever is there"), tone)
    yield Cell(f"{one.valid_from:%d/%m/%Y}" if one.valid_from else "–", tone)
    yield Cell(f"{one.valid_to:%d/%m/%Y}" if one.valid_to else "–", tone)
    yield Cell(f"▲ {wrong}" if wrong else "–", Tone.WARN if wrong else tone)
