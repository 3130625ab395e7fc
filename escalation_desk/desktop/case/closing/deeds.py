"""What is done on the way to the end of a case: each an act of the desk's, one entry, undone at one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from escalation_desk.casework.case import Case
from escalation_desk.casework.closing import acts
from escalation_desk.casework.closing.records import ExceptionDecision, LookAt, PeerReview, RootCause
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.offers import lookup_for
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.people import User
    from escalation_desk.desktop.case.offers import Offer
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

_NAMED = 80


class EndingDeeds(QObject):
    """Acts on the case that a card shows; `case` answers which one that is."""

    def __init__(self, frame: Frame, card: QWidget, case: Callable[[], Case | None]) -> None:
        super().__init__(card)
        self._frame = frame
        self._card = card
        self._case = case

    @property
    def me(self) -> User:
        return self._frame.verbs.me

    # Root cause

    def write_cause(self, held: str | None, values: dict[str, Any], then: Callable[[], None]) -> None:
        """Keep a root cause; what it found goes to the fields of the case as well."""
        me = self.me

        def operate(work: Work, case: Case) -> None:
            cause = work.get(RootCause, held) if held else RootCause(case=case.id, by=me.id)
            for name, value in values.items():
                setattr(cause, name, value)
            if not held:
                work.add(cause)
            case.root_cause = cause.cause or case.root_cause
            case.fault_party = cause.fault_party or case.fault_party
            case.fault_code = cause.fault_code or case.fault_code

        self._do(N_("Root cause of {case}"), operate, then=then)

    def review_cause(self, cause: RootCause) -> None:
        me = self.me
        self._do(
            N_("Review the root cause of {case}"),
            lambda work, _case: acts.review_cause(work.get(RootCause, cause.id), me, work.now),
        )

    # Exceptions

    def ask_exception(self, values: dict[str, Any], then: Callable[[], None]) -> None:
        me = self.me
        self._do(
            N_("Exception from policy on {case}"),
            lambda work, case: work.add(acts.ask_exception(case, me=me, now=work.now, **values)),
            then=then,
        )

    def decide(self, asked: ExceptionDecision, granted: bool) -> None:
        """Grant or refuse an exception; a condition may go with it."""
        question = (
            _("Grant the exception “{what}”?", what=one_line(asked.we_did, _NAMED))
            if granted
            else _("Why is “{what}” refused?", what=one_line(asked.we_did, _NAMED))
        )
        detail = _("On condition that (optional)") if granted else ""
        yes = _("Grant it") if granted else _("Refuse it")
        ask_words(
            self._card,
            question,
            yes,
            lambda words: self._decide(asked, granted, words),
            detail=detail,
            optional=granted,
        )

    def _decide(self, asked: ExceptionDecision, granted: bool, words: str) -> None:
        me = self.me

        def operate(work: Work, case: Case) -> None:
            held = work.get(ExceptionDecision, asked.id)
            work.add(acts.decide_exception(case, held, granted, me, work.now, condition=words))

        self._do(N_("Grant an exception on {case}") if granted else N_("Refuse an exception on {case}"), operate)

    # Second look

    def ask_look(self, about: LookAt, text: str = "", under: QWidget | None = None) -> None:
        """Choose a colleague, and ask them to look."""
        picker = Picker(self._frame.verbs, lookup_for("user"), _("Who looks?"), parent=self._card)

        def take(offer: Offer) -> None:
            self._ask_look(about, offer.value, text)

        picker.chosen.connect(take)
        picker.open_under(under or self._card)

    def _ask_look(self, about: LookAt, of: str | None, text: str) -> None:
        me = self.me
        self._do(
            N_("Ask for a second look at {case}"),
            lambda work, case: work.add(acts.ask_look(case, about, me, work.now, of=of, text=text)),
        )

    def agree(self, look: PeerReview) -> None:
        self._answer(look, True, "")

    def want_changes(self, look: PeerReview) -> None:
        ask_words(
            self._card, _("What should change?"), _("Want changes"), lambda remark: self._answer(look, False, remark)
        )

    def _answer(self, look: PeerReview, agrees: bool, remark: str) -> None:
        me = self.me
        self._do(
            N_("Second look at {case}"),
            lambda work, _case: acts.answer_look(work.get(PeerReview, look.id), agrees, remark, me, work.now),
        )

    def withdraw(self, look: PeerReview) -> None:
        me = self.me
        self._do(
            N_("Withdraw a second look at {case}"),
            lambda work, _case: acts.withdraw_look(work.get(PeerReview, look.id), me),
        )

    # The case itself

    def sign_off(self) -> None:
        """Sign off a case of high risk; only a lead can."""
        me = self.me
        self._do(N_("Sign off {case}"), lambda work, case: acts.sign_off(case, me, work.now))

    def follow_on(self) -> None:
        """Open a new case about the same matter, and show it."""
        me = self.me
        self._do(
            N_("New case that follows {case}"),
            lambda work, case: work.add(acts.follow_on(case, "", me, work.now)).id,
            then=self._frame.open_case,
        )

    def _do(self, title: str, operate: Callable[[Work, Case], Any], then: Callable[..., None] | None = None) -> None:
        case = self._case()
        if case is None:
            return
        record = case.id
        self._frame.verbs.do(
            title,
            lambda work: operate(work, work.get(Case, record)),
            (lambda found: then(*([found] if isinstance(found, str) else []))) if then else None,
            case=case.case_no,
        )
