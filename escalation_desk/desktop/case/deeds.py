"""What is done with one case from its head: each an act of the desk's, one entry, undone at one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from escalation_desk.casework import acts, owning
from escalation_desk.casework.case import Case
from escalation_desk.casework.people import User
from escalation_desk.desktop.case.asking import HandBack, ask_words
from escalation_desk.desktop.case.away import Away, away_of
from escalation_desk.desktop.plain import ask_yes_no
from escalation_desk.i18n import N_, _
from escalation_desk.journal import seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

LINK = "escalation-desk:case/"


class Deeds(QObject):
    """Acts on the case that a page shows."""

    def __init__(self, frame: Frame, page: QWidget, sight: Callable[[], Sight | None]) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page
        self._sight = sight

    def take(self) -> None:
        """Become the owner; somebody else's case needs a reason."""
        sight = self._sight()
        if sight is None:
            return
        case = sight.case
        if case.owner and case.owner != self._me.id:
            name = sight.name("user", case.owner)
            question = _("{name} owns {case}. Why do you take it over?", name=name, case=case.case_no)
            ask_words(self._page, question, _("Take over"), self._take)
        else:
            self._take("")

    def _take(self, why: str) -> None:
        me = self._me

        def operate(work: Work, case: Case) -> None:
            note = acts.take(case, me, work.now, why=why)
            if note:
                work.add(note)

        self._do(N_("Take over {case}"), operate)

    def hand_back(self) -> None:
        """Give the case back to Tier 1."""
        sight, me = self._sight(), self._me
        if sight is None:
            return

        def go(why: str, lesson: str) -> None:
            def operate(work: Work, case: Case) -> None:
                for message in acts.hand_back(case, why, lesson, me, work.now):
                    work.add(message)

            self._do(N_("Hand {case} back to Tier 1"), operate)

        HandBack(self._page, _("Why does {case} go back to Tier 1?", case=sight.case.case_no), go).open()

    def offer(self, to: str, name: str) -> None:
        """Offer the case to a colleague, with a line that says what to know; one who is away is named so first."""
        verbs = self._frame.verbs
        moment = verbs.journal.now()
        verbs.ask(lambda made: away_of(made, to, moment), lambda away: self._ask_offer(to, name, away))

    def _ask_offer(self, to: str, name: str, away: Away | None) -> None:
        if away is not None and away.substitute and away.substitute.id != self._me.id:
            instead = away.substitute
            detail = _("{name} is away until {when}; {other} stands in.", **away.said(name, self._me))
            yes, no = _("Offer to {name}", name=instead.full_name), _("Offer to {name} all the same", name=name)
            if ask_yes_no(self._page, _("{name} is away", name=name), detail, yes=yes, no=no):
                to, name = instead.id, instead.full_name
        elif away is not None:
            self._frame.tell(_("{name} is away until {when}, and nobody stands in.", **away.said(name, self._me)))
        question = _("Offer to {name}", name=name)
        detail = _("You stay the owner until {name} accepts. Say what comes next, if it is not plain.", name=name)
        ask_words(self._page, question, _("Offer"), lambda why: self._offer(to, why), detail=detail, optional=True)

    def _offer(self, to: str, why: str) -> None:
        me = self._me

        def operate(work: Work, case: Case) -> None:
            acts.offer(case, work.get(User, to), me, work.now)
            if why:
                work.add(acts.internal_note(case, why, me, work.now))

        self._do(N_("Offer {case}"), operate)

    def take_back(self) -> None:
        """Take back an offer that nobody has answered."""
        me = self._me
        self._do(N_("Take back the offer of {case}"), lambda work, case: work.add(owning.take_back(case, me, work.now)))

    def assign(self, to: str, _name: str) -> None:
        """Make a colleague the owner; somebody who assigns a case to himself takes it over."""
        me = self._me
        if to == me.id:
            self.take()
            return

        def operate(work: Work, case: Case) -> None:
            note = owning.assign(case, work.get(User, to), me, work.now)
            if note:
                work.add(note)

        self._do(N_("Assign {case}"), operate)

    def accept(self) -> None:
        me = self._me
        self._do(N_("Accept {case}"), lambda _work, case: acts.accept(case, me))

    def decline(self) -> None:
        ask_words(self._page, _("Why do you decline the case?"), _("Decline"), self._decline)

    def _decline(self, why: str) -> None:
        me = self._me
        self._do(N_("Decline {case}"), lambda work, case: work.add(acts.decline(case, me, work.now, why)))

    def flag(self) -> None:
        """Flag the case for everybody, or take the flag away."""

        def operate(_work: Work, case: Case) -> None:
            case.flagged = not case.flagged

        self._do(N_("Flag {case}"), operate)

    def star(self, then: Callable[[], None]) -> None:
        """Star the case for myself, or take the star away."""
        sight = self._sight()
        if sight:
            self._frame.verbs.keep(seen.STAR, [(sight.case.id, int(not sight.starred))], then)

    def copy(self, how: int) -> None:
        """Copy the number (1), number and title (2), or those and a link (3)."""
        sight = self._sight()
        if sight:
            case = sight.case
            parts = (case.case_no, case.title, f"{LINK}{case.case_no}")[:how]
            QGuiApplication.clipboard().setText("  ".join(parts))
            self._frame.tell(_("Copied: {what}", what="  ".join(parts)))

    @property
    def _me(self) -> User:
        return self._frame.verbs.me

    def _do(self, title: str, operate: Callable[[Work, Case], object]) -> None:
        sight = self._sight()
        if sight is None:
            return
        record = sight.case.id

        def operation(work: Work) -> None:
            operate(work, work.get(Case, record))

        self._frame.verbs.do(title, operation, case=sight.case.case_no)
