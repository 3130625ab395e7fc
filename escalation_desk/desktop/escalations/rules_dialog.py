"""Authorities and the rules by which they are told: a list and a form. Leads change it, all others look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout

from escalation_desk.casework.escalating import keeping
from escalation_desk.casework.escalating.records import Authority, AuthorityRule
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.escalations.rule_form import RuleForm
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button, own_viewport
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

    Known = tuple[dict[str, Authority], list[AuthorityRule], dict[str, str]]


def open_rules(frame: Frame) -> None:
    """Read the rules, and show them."""
    from escalation_desk.casework.clocks.records import Calendar  # Only the form of a rule names calendars.

    def read(made: Connection) -> Known:
        authorities = {one.code: one for one in reading.all_of(made, Authority)}
        rules = sorted(reading.all_of(made, AuthorityRule), key=lambda one: (one.place, one.code))
        return authorities, rules, {one.code: one.name for one in reading.all_of(made, Calendar)}

    frame.verbs.ask(read, lambda known: RulesDialog(frame, known).open())


class RulesDialog(QDialog):
    """The rules at the left in their order, the chosen one at the right; saved by its button, each as one act."""

    def __init__(self, frame: Frame, known: Known) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._authorities, self._rules, self._calendars = known
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        own_viewport(self.list)
        self.list.setAccessibleName(_("Rules"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.form = RuleForm(self._authorities, self._calendars)
        self.wrong = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.save = button(_("Save the rule"), self._save, kind="first")
        self.another = button(_("Another rule for this authority"), self._add, sign="plus")
        may = frame.verbs.keeps_rules
        self.form.setEnabled(may)
        for one in (self.save, self.another):
            one.setVisible(may)
        self._lay_out(may)
        for rule in self._rules:
            self.list.addItem(QListWidgetItem(self._named(rule)))
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def rule(self) -> AuthorityRule | None:
        """Give the rule that is shown."""
        at = self.list.currentRow()
        return self._rules[at] if 0 <= at < len(self._rules) else None

    def _named(self, rule: AuthorityRule) -> str:
        authority = self._authorities.get(rule.authority)
        name = authority.name if authority else rule.authority
        return f"{name}  ·  {rule.code}" if rule.active else _("{rule}, switched off", rule=f"{name}  ·  {rule.code}")

    def _show(self, _at: int) -> None:
        rule = self.rule()
        self.wrong.setText("")
        self.save.setEnabled(rule is not None)
        if rule is not None:
            self.form.show_rule(rule)

    def _save(self) -> None:
        rule = self.rule()
        if rule is None:
            return
        try:
            values = self.form.values()
        except Refused as sentence:
            self.wrong.setText(str(sentence))
            return

        def operate(work: Work) -> AuthorityRule:
            held = work.get(AuthorityRule, rule.id)
            keeping.change(held, values)
            return held

        title = N_("Change who is told: {rule}")
        self._frame.verbs.do(title, operate, self._saved, refused=self.wrong.setText, rule=rule.code)

    def _add(self) -> None:
        """Begin another rule for the same authority: for the night, or for one market."""
        rule = self.rule()
        if rule is None:
            return
        known = {one.code for one in self._rules}

        def operate(work: Work) -> AuthorityRule:
            return work.add(keeping.another(rule, known))

        title = N_("Another rule for who is told: {rule}")
        self._frame.verbs.do(title, operate, self._added, refused=self.wrong.setText, rule=rule.code)

    def _added(self, rule: AuthorityRule) -> None:
        at = self.list.currentRow() + 1
        self._rules.insert(at, rule)
        self.list.insertItem(at, QListWidgetItem(self._named(rule)))
        self.list.setCurrentRow(at)

    def _saved(self, rule: AuthorityRule) -> None:
        at = next(at for at, one in enumerate(self._rules) if one.id == rule.id)
        self._rules[at] = rule
        self.list.item(at).setText(self._named(rule))
        self.wrong.setText("")
        self._frame.tell(_("Saved: {what}", what=self._named(rule)))

    def _lay_out(self, may: bool) -> None:
        letters = look().letters
        self.setWindowTitle(_("Authorities and rules"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("Authorities and rules"), Role.HEADING))
        if not may:
            column.addWidget(PlainLabel(_("Only a lead changes these."), Role.MUTED))
        body = QHBoxLayout()
        body.setSpacing(letters.page)
        self.list.setMinimumWidth(letters.px(20))
        body.addWidget(self.list, 2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.form)
        body.addWidget(scroll, 4)
        column.addLayout(body, 1)
        column.addWidget(self.wrong)
        buttons = QHBoxLayout()
        buttons.setSpacing(letters.gap)
        buttons.addWidget(self.another)
        buttons.addStretch()
        buttons.addWidget(button(_("Close"), self.accept))
        buttons.addWidget(self.save)
        column.addLayout(buttons)
        room = self.screen().availableGeometry()
        self.resize(min(letters.px(84), room.width()), min(letters.px(56), room.height() - letters.px(4)))
