"""What is done with the escalations of a case: each an act of the desk's, one entry, undone at one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from escalation_desk.casework.case import Case
from escalation_desk.casework.escalating import flags, life, restricting
from escalation_desk.casework.escalating.assessing import assess
from escalation_desk.casework.escalating.matrix import contact_of
from escalation_desk.casework.people import Team
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.escalating.asking import Answered, GoesToAnother, Told
from escalation_desk.desktop.case.escalating.assessing import Assess
from escalation_desk.desktop.moments import Clock
from escalation_desk.i18n import N_, _
from escalation_desk.journal import escalations, reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.escalating.assessing import Assessment
    from escalation_desk.casework.escalating.brief import Brief
    from escalation_desk.casework.escalating.flags import Hint
    from escalation_desk.casework.escalating.life import Asked, Sent
    from escalation_desk.casework.escalating.matrix import Contact
    from escalation_desk.casework.escalating.records import Escalation
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.escalations import Standing
    from escalation_desk.journal.work import Work

    Act = Callable[[Escalation, Case, str, Work], Message]


class EscalationDeeds(QObject):
    """Acts on what a case has with its authorities, as it stood when somebody looked."""

    def __init__(self, frame: Frame, page: QWidget) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page

    def clock(self) -> Clock:
        return Clock.of(self.me, self._frame.verbs.journal.now())

    @property
    def me(self) -> User:
        return self._frame.verbs.me

    # Raising

    def escalate(
        self,
        stands: Standing,
        asked: dict[str, Asked],
        brief: Brief,
        then: Callable[[list[str]], None],
        *,
        refused: Callable[[str], None],
        previous: str = "",
    ) -> None:
        """Raise an escalation for each authority, all as one entry; `then` gets their ids."""
        case, me = stands.case, self.me

        def operate(work: Work) -> list[str]:
            return [
                escalations.escalate(work, case.id, code, brief, one, me, previous=previous)
                for code, one in asked.items()
            ]

        self._frame.verbs.do(N_("Escalate {case}"), operate, then, refused=refused, case=case.case_no)

    # Telling and answering

    def ask_sent(self, one: Escalation, stands: Standing) -> None:
        """Ask whom somebody told, how and when."""
        contact, ack = self.contact(one, stands), stands.ladder.ack_min(one.authority, stands.case.priority)
        if one.told_whom:
            contact = contact._replace(primary=one.told_whom)
        name = stands.ladder.name(one.authority)
        Told(self._page, name, contact, self.clock, lambda sent: self.mark_sent(one, stands, sent), ack).open()

    def mark_sent(self, one: Escalation, stands: Standing, sent: Sent) -> None:
        me = self.me
        title = N_("Mark an escalation of {case} as sent")
        self._do(
            title, one, stands, lambda held, case, name, work: life.mark_sent(held, case, name, sent, me, work.now)
        )

    def ask_acknowledged(self, one: Escalation, stands: Standing) -> None:
        """Ask who has acknowledged, and when."""
        question = _("Who at {authority} has it?", authority=stands.ladder.name(one.authority))

        def go(by: str, at: datetime, _decision: str) -> None:
            self.acknowledge(one, stands, by, at)

        Answered(self._page, question, _("Acknowledged"), self.clock, go, by=one.told_whom or "").open()

    def acknowledge(self, one: Escalation, stands: Standing, by: str, at: datetime) -> None:
        me = self.me
        title = N_("Escalation of {case} acknowledged")
        self._do(
            title, one, stands, lambda held, case, name, work: life.acknowledge(held, case, name, by, at, me, work.now)
        )

    def ask_decided(self, one: Escalation, stands: Standing) -> None:
        """Ask what was decided, by whom and when."""
        question = _("What did {authority} decide?", authority=stands.ladder.name(one.authority))
        by = one.acknowledged_by or one.told_whom or ""

        def go(who: str, at: datetime, decision: str) -> None:
            self.decide(one, stands, decision, who, at)

        Answered(self._page, question, _("Write down"), self.clock, go, by=by, decision=True).open()

    def decide(self, one: Escalation, stands: Standing, decision: str, by: str, at: datetime) -> None:
        me = self.me
        title = N_("Escalation of {case} decided")
        self._do(
            title,
            one,
            stands,
            lambda held, case, name, work: life.decide(held, case, name, decision, by, at, me, work.now),
        )

    def close(self, one: Escalation, stands: Standing) -> None:
        """End an escalation whose decision was carried out."""
        me = self.me
        title = N_("Close an escalation of {case}")
        self._do(title, one, stands, lambda held, case, name, work: life.close(held, case, name, me, work.now))

    def ask_withdraw(self, one: Escalation, stands: Standing) -> None:
        """Ask why an escalation is taken back."""
        question = _("Why is the escalation to {authority} withdrawn?", authority=stands.ladder.name(one.authority))
        ask_words(self._page, question, _("Withdraw"), lambda why: self.withdraw(one, stands, why))

    def withdraw(self, one: Escalation, stands: Standing, why: str) -> None:
        me = self.me
        title = N_("Withdraw an escalation of {case}")
        self._do(title, one, stands, lambda held, case, name, work: life.withdraw(held, case, name, why, me, work.now))

    def ask_another(self, one: Escalation, stands: Standing) -> None:
        """Ask who has it instead; the backup of the rule is offered."""
        name = stands.ladder.name(one.authority)
        contact = self.contact(one, stands)
        GoesToAnother(self._page, name, contact, lambda why, whom: self.bounce(one, stands, why, whom)).open()

    def bounce(self, one: Escalation, stands: Standing, why: str, whom: str) -> None:
        me = self.me
        title = N_("An escalation of {case} goes to another person")
        self._do(
            title, one, stands, lambda held, case, name, work: life.bounce(held, case, name, why, whom, me, work.now)
        )

    def copy(self, one: Escalation) -> None:
        """Copy the text that was prepared."""
        QGuiApplication.clipboard().setText(one.brief or one.decision_asked)
        self._frame.tell(_("The text is copied. Nobody has been told by that; send it, then mark it as sent."))

    def contact(self, one: Escalation, stands: Standing) -> Contact:
        rules = [rule for rule in stands.ladder.rules if rule.authority == one.authority and rule.active]
        return contact_of(rules, stands.case.market)

    # What is at stake

    def ask_assessment(self, case: Case) -> None:
        """Ask how severe the case is, what it does, and who was asked."""
        Assess(self._page, case, lambda said: self.assess(case, said)).open()

    def assess(self, case: Case, said: Assessment) -> None:
        me = self.me

        def operate(work: Work) -> None:
            work.add(assess(work.get(Case, case.id), said, me, work.now))

        self._frame.verbs.do(N_("Assess {case}"), operate, case=case.case_no)

    # Who sees the case

    def ask_restrict(self, case: Case) -> None:
        """Ask a lead why a case is restricted, or opened again; say who will see it."""
        if case.restricted:
            question = _("Why is {case} opened to the team again?", case=case.case_no)
            ask_words(self._page, question, _("Open it"), lambda why: self.restrict(case, why))
            return

        def ask(code: str | None) -> None:
            question = _("Why is {case} restricted?", case=case.case_no)
            detail = _(
                "Only those who are named for {scope} on the server will see it; with their next sync it leaves the "
                "workstations of all others, its owner's too if not named.",
                scope=restricting.scope_said(case, code),
            )
            ask_words(self._page, question, _("Restrict it"), lambda why: self.restrict(case, why), detail=detail)

        def read(made: Connection) -> str | None:
            found = reading.several(made, Team, [case.team]) if case.team else []
            return found[0].code if found else None

        self._frame.verbs.ask(read, ask)

    def restrict(self, case: Case, why: str) -> None:
        me = self.me
        title = N_("Open {case} to the team") if case.restricted else N_("Restrict {case}")

        def operate(work: Work) -> None:
            work.add(restricting.restrict(work.get(Case, case.id), why, me, work.now))

        self._frame.verbs.do(title, operate, case=case.case_no)

    # Hints

    def confirm(self, hint: Hint, case: Case) -> None:
        """Set the flag that a word hints at."""
        me = self.me
        self._answer(N_("Risk confirmed on {case}"), case, lambda held, at: flags.confirm(held, hint, me, at))

    def dismiss(self, hint: Hint, case: Case) -> None:
        """Say that a word means no risk here."""
        me = self.me
        self._answer(N_("Hint of risk dismissed on {case}"), case, lambda held, at: flags.dismiss(held, hint, me, at))

    def _answer(self, title: str, case: Case, what: Callable[[Case, datetime], None]) -> None:
        self._frame.verbs.do(title, lambda work: what(work.get(Case, case.id), work.now), case=case.case_no)

    def _do(self, title: str, one: Escalation, stands: Standing, what: Act) -> None:
        def operate(work: Work) -> None:
            escalations.act(work, one.id, lambda held, case, name: what(held, case, name, work))

        self._frame.verbs.do(title, operate, case=stands.case.case_no)
