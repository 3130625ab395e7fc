"""What is done with a request from the window: each asks for what it needs, and writes one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject

from escalation_desk.casework.case import Case
from escalation_desk.casework.contacts import chasing
from escalation_desk.casework.contacts.records import AnswerQuality, PocRequest, RequestState
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.macros import body_of, fill
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.asking import ask_words
from escalation_desk.desktop.case.contacts.asking import NEVER_SENDS, AskContact, FilledText, RightContact, TheirAnswer
from escalation_desk.desktop.case.contacts.who import reach_said
from escalation_desk.desktop.moments import Clock
from escalation_desk.i18n import N_, _
from escalation_desk.journal import contacting, contacts, escalations, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from escalation_desk.casework.choices import Market
    from escalation_desk.casework.contacts.routing import Route
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_SPOKEN = {"VN": "vi", "ID": "id"}


class Seen(NamedTuple):
    """The requests of a case with what is needed to tell and to chase them."""

    case: Case
    requests: list[PocRequest]
    known: contacts.Known
    macro: Macro | None
    above: str

    def escalates(self, one: PocRequest) -> bool:
        return one.state.waiting and chasing.step_of(one, self.known.held(one)).escalates


def look_at(made: Connection, case_id: str) -> Seen:
    ladder = escalations.ladder_of(made, case_id)
    return Seen(
        reading.record(made, Case, case_id),
        contacts.requests_of(made, case_id),
        contacts.known(made),
        reading.find(made, Macro, chasing.MACRO),
        contacting.above(ladder).name if ladder.authorities else "",
    )


class RequestDeeds(QObject):
    """Acts on the requests of the case that a card shows."""

    def __init__(self, frame: Frame, page: QWidget) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page

    def ask(self, case_id: str) -> None:
        """Ask somebody; who is proposed by the rules."""
        verbs = self._frame.verbs
        on = contacts.today(verbs.me, verbs.journal.now())
        verbs.ask(lambda made: contacts.where(made, case_id, on), self._ask)

    def _ask(self, sent: contacts.Sent) -> None:
        me, case = self._frame.verbs.me, sent.case

        def go(route: Route, text: str, waits: bool) -> None:
            self._do(
                N_("Ask a point of contact about {case}"),
                case,
                lambda work: contacting.ask(work, me, case.id, route, text, waits=waits),
            )

        AskContact(self._page, sent, me, self._clock(), go).open()

    def chase(self, seen: Seen, one: PocRequest) -> None:
        """Chase with the text filled in; where the ladder ends, somebody above is told instead."""
        if seen.escalates(one):
            self.escalate(seen, one)
            return
        me, who = self._frame.verbs.me, seen.known.who(one)
        step = chasing.step_of(one, seen.known.held(one))
        question = _("Chase {who}: number {n}", who=who, n=step.number)
        FilledText(
            self._page,
            question,
            _("Mark as sent"),
            self._chase_text(seen, one),
            lambda text: self._do(
                N_("Chase a point of contact about {case}"),
                seen.case,
                lambda work: contacting.chase(work, me, one.id, text),
            ),
            _by_hand(seen, one),
        ).open()

    def _chase_text(self, seen: Seen, one: PocRequest) -> str:
        if seen.macro is None:
            return ""
        terms, market = seen.known.held(one), _market(seen, one)
        body = body_of(seen.macro, _SPOKEN.get(str(market), "en"))
        now = self._frame.verbs.journal.now()
        places = chasing.places(
            one, seen.case, terms, seen.known.hours(terms.calendar), now, seen.known.zone(one, market), seen.above
        )
        return fill(body.text, places)[0]

    def escalate(self, seen: Seen, one: PocRequest) -> None:
        """Raise it above, with what was asked and how often."""
        me, raised = self._frame.verbs.me, chasing.raised(one, seen.case, seen.known.who(one))
        ask_words(
            self._page,
            _("Escalate to {authority}?", authority=seen.above),
            _("Escalate"),
            lambda why: self._do(
                N_("Escalate a silent contact of {case}"),
                seen.case,
                lambda work: contacting.climb(work, me, one.id, why),
            ),
            detail=raised.reason + ". " + _("The escalation stands on the case, to be sent by a person."),
            optional=True,
        )

    def send(self, seen: Seen, one: PocRequest) -> None:
        """Show the text once more, to be copied; then its clock begins."""
        FilledText(
            self._page,
            _("Ask {who}", who=seen.known.who(one)),
            _("Mark as sent"),
            one.ask,
            lambda _text: self._act(N_("Ask a point of contact about {case}"), seen, contacting.send, one),
            _by_hand(seen, one),
        ).open()

    def acknowledge(self, seen: Seen, one: PocRequest) -> None:
        self._act(N_("Acknowledged by a contact of {case}"), seen, contacting.acknowledge, one)

    def answer(self, seen: Seen, one: PocRequest) -> None:
        def go(text: str, quality: AnswerQuality | None) -> None:
            self._act(N_("Answer of a contact of {case}"), seen, contacting.answer, one, text, quality)

        TheirAnswer(self._page, seen.known.who(one), go).open()

    def accept(self, seen: Seen, one: PocRequest) -> None:
        quality = one.quality or AnswerQuality.PARTLY
        kept = AnswerQuality.PARTLY if quality is AnswerQuality.NOT_USEFUL else quality
        self._act(N_("Accept the answer of a contact of {case}"), seen, contacting.accept, one, kept)

    def not_enough(self, seen: Seen, one: PocRequest) -> None:
        ask_words(
            self._page,
            _("What is missing in the answer of {who}?", who=seen.known.who(one)),
            _("Ask again"),
            lambda text: self._act(N_("Ask a contact of {case} again"), seen, contacting.not_enough, one, text),
        )

    def wrong(self, seen: Seen, one: PocRequest) -> None:
        """Ask who is the right one, and ask them."""

        def go(route: Route, why: str) -> None:
            self._act(N_("Wrong contact of {case} corrected"), seen, contacting.bounce, one, route, why)

        sent = contacts.Sent(seen.known, seen.case, None)
        RightContact(self._page, sent, (one.team, one.poc), self._frame.verbs.me, self._clock(), go).open()

    def withdraw(self, seen: Seen, one: PocRequest) -> None:
        ask_words(
            self._page,
            _("Why is “{what}” no longer asked?", what=one_line(one.ask, 80)),
            _("Withdraw"),
            lambda why: self._act(N_("Withdraw a request about {case}"), seen, contacting.withdraw, one, why),
        )

    def pass_on(self, seen: Seen, one: PocRequest) -> None:
        """Tell the requester; until then the answer lies with us."""
        FilledText(
            self._page,
            _("What do you tell the requester?"),
            _("Put on the timeline"),
            one.answer or "",
            lambda text: self._act(N_("Answer passed on in {case}"), seen, contacting.pass_on, one, text),
            _("It goes onto the timeline as a message to the requester. Copy it and send it; the program does not."),
        ).open()

    def _act(self, title: str, seen: Seen, act: Callable[..., object], one: PocRequest, *said: Any) -> None:
        me = self._frame.verbs.me
        self._do(title, seen.case, lambda work: act(work, me, one.id, *said))

    def _do(self, title: str, case: Case, operation: Callable[[Work], object]) -> None:
        self._frame.verbs.do(title, operation, case=case.case_no)

    def _clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())


def _market(seen: Seen, one: PocRequest) -> Market | None:
    poc = seen.known.directory.pocs.get(one.poc or "")
    return (poc.market if poc else None) or seen.case.market


def _by_hand(seen: Seen, one: PocRequest) -> str:
    """Say that a person sends it, and where to."""
    return " ".join(filter(None, (_(NEVER_SENDS), reach_said(seen.known, one.poc))))


def next_to_chase(seen: Seen) -> PocRequest | None:
    """Find the request whose chase is due first: what the key on the page means."""
    waiting = [one for one in seen.requests if one.state.waiting]
    return min(waiting, key=lambda one: str(one.next_chase_at), default=None)


def has_ended(one: PocRequest) -> bool:
    """Say whether nothing is left to do with a request."""
    return one.state in {RequestState.BOUNCED, RequestState.WITHDRAWN} or one.passed_on_at is not None
