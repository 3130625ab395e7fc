"""The questions before an act on a request: whom to ask for what, what they answered, who is the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import CaseStatus
from escalation_desk.casework.contacts.ola import after
from escalation_desk.casework.contacts.records import AnswerQuality
from escalation_desk.casework.contacts.routing import Route, chosen
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.asking import Words
from escalation_desk.desktop.case.contacts.who import WhoChoice, there_said
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, button
from escalation_desk.i18n import N_, _
from escalation_desk.journal import contacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from escalation_desk.casework.people import User
    from escalation_desk.desktop.moments import Clock

NEVER_SENDS: Final = N_("The program sends nothing: copy the text, send it, then say so here.")


class AskContact(QDialog):
    """Asks a point of contact: the rules propose who, a person may choose otherwise. Ctrl+Enter asks, Esc leaves it."""

    def __init__(
        self,
        parent: QWidget,
        sent: contacts.Sent,
        me: User,
        clock: Clock,
        then: Callable[[Route, str, bool], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Ask a point of contact"))
        self._sent, self._me, self._clock, self._then = sent, me, clock, then
        self._route = sent.route
        self.who = WhoChoice(sent.known, sent.case.market, self._today())
        self.because = PlainLabel("", Role.SMALL, wrap=True)
        self.warning = PlainLabel("", Role.SMALL, tone=Tone.WARN, wrap=True)
        self.needs = PlainLabel("", Role.MUTED, wrap=True)
        self.due = PlainLabel("", Role.SMALL, wrap=True)
        self.ask = PlainEditor(lines=5, name=_("What is asked"), hint=_("What is asked, and what we need by when"))
        self.waits = QCheckBox(_("The case waits for the answer; its resolution clock goes on"))
        self.waits.setVisible(sent.case.status is CaseStatus.OPEN and sent.case.owner == me.id)
        self.waits.setChecked(self.waits.isVisibleTo(self))
        self.go = button(_("Ask"), self._go, kind="first")
        self._lay_out()
        if self._route:
            self.who.show_who(self._route.team, self._route.poc)
        self.ask.set_text(sent.case.decision_needed or "")
        self.who.changed.connect(self._chosen)
        self.ask.textChanged.connect(self._look)
        self._show_route()
        self._look()
        self.ask.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.go.isEnabled():
                self._go()
        elif not enter:
            super().keyPressEvent(event)

    def _today(self) -> date:
        return contacts.today(self._me, self._clock.now)

    def _chosen(self) -> None:
        team, poc = self.who.who()
        proposed = self._sent.route
        same = proposed and (proposed.team, proposed.poc) == (team, poc)
        directory = self._sent.known.directory
        self._route = proposed if same else chosen(team, poc, self._me.full_name, directory, self._today())
        self._show_route()

    def _show_route(self) -> None:
        route, known = self._route, self._sent.known
        if route is None:
            self.because.setText(_("No rule names anybody for this case; choose a team."))
            self._chosen_first()
            return
        self.because.setText(_("Because {why}", why=route.because))
        self.warning.setText(" ".join(route.warnings))
        self.warning.setVisible(bool(route.warnings))
        team = known.directory.teams.get(route.team)
        self.needs.setText(_("They always need: {what}", what=team.asks) if team and team.asks else "")
        self.needs.setVisible(bool(self.needs.text()))
        self.due.setText(self._due(route))

    def _chosen_first(self) -> None:
        for label in (self.warning, self.needs):
            label.hide()
        self.due.setText("")

    def _due(self, route: Route) -> str:
        """Say by when they owe an answer if they are asked now, and whether anybody is there."""
        case, known = self._sent.case, self._sent.known
        try:
            terms = known.terms(case, route)
            due = after(known.hours(terms.calendar), self._clock.now, terms.answer_min)
        except Refused as sentence:
            return str(sentence)
        parts = [_("Asked now, the answer is due {when}", when=self._clock.due(due))]
        there = there_said(known, route.team, route.poc, case.market, self._clock)
        return " · ".join([*parts, there] if there else parts)

    def _look(self) -> None:
        self.go.setEnabled(bool(self.ask.text().strip()))

    def _go(self) -> None:
        if self._route is None:
            self._chosen()
        if self._route is not None:
            self.accept()
            self._then(self._route, self.ask.text(), self.waits.isChecked())

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.gap)
        heading = _("Ask a point of contact about {case}", case=self._sent.case.case_no)
        column.addWidget(PlainLabel(heading, Role.HEADING))
        column.addWidget(self.who)
        for part in (self.because, self.warning, self.needs, self.ask, self.due, self.waits):
            column.addWidget(part)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(button(_("Cancel"), self.reject))
        foot.addWidget(self.go)
        column.addLayout(foot)
        self.setMinimumWidth(letters.px(40))


class TheirAnswer(Words):
    """Asks what they answered, and how useful it is."""

    def __init__(self, parent: QWidget, who: str, then: Callable[[str, AnswerQuality | None], object]) -> None:
        super().__init__(
            parent, _("What did {who} answer?", who=who), _("Write it down"), lambda text: then(text, self._rated())
        )
        self.quality = QComboBox()
        self.quality.setAccessibleName(_("Quality of the answer"))
        for one in AnswerQuality:
            self.quality.addItem(_(one.label), one)
        self.quality.addItem(_("Judge it later"), None)
        self._words.addWidget(self.quality)

    def _rated(self) -> AnswerQuality | None:
        held = self.quality.currentData()
        return AnswerQuality(held) if held else None  # type: ignore[call-arg]  # looks a member up


class RightContact(Words):
    """Asks who is the right one, once somebody said “not ours”."""

    def __init__(
        self,
        parent: QWidget,
        sent: contacts.Sent,
        now: tuple[str, str | None],
        me: User,
        clock: Clock,
        then: Callable[[Route, str], object],
    ) -> None:
        self.who = WhoChoice(sent.known, sent.case.market, contacts.today(me, clock.now))
        self._now = now
        super().__init__(
            parent,
            _("Who is the right contact?"),
            _("Ask them instead"),
            lambda why: then(self._route(sent, me, clock), why),
            detail=_("The request goes on to them with a new clock, and the rule that named the wrong one is flagged."),
            optional=True,
        )
        self.who.show_who(*now)
        self.editor.setPlaceholderText(_("What they said, if anything"))
        self._words.insertWidget(2, self.who)
        self.who.changed.connect(self._look)
        self._look()
        self.who.setFocus()

    def _look(self) -> None:
        self.yes.setEnabled(self.who.who() != self._now)

    def _route(self, sent: contacts.Sent, me: User, clock: Clock) -> Route:
        team, poc = self.who.who()
        return chosen(team, poc, me.full_name, sent.known.directory, contacts.today(me, clock.now))


class FilledText(Words):
    """Shows a text that is ready to be sent, to be changed and copied; then a person says that it was sent."""

    def __init__(
        self, parent: QWidget, question: str, yes: str, text: str, then: Callable[[str], object], detail: str
    ) -> None:
        super().__init__(parent, question, yes, then, detail=detail)
        self.editor.set_text(text)
        self.editor.setMinimumHeight(look().letters.px(9))
        self.copy = button(_("Copy"), self._copy, sign="copy")
        self.copy.setAutoDefault(False)
        self.buttons.insertWidget(0, self.copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.editor.text())
