"""Gathers what the escalation work adds to a case summary: deadlines, who was told and asked, causes, outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from escalation_desk.casework.clocks.explaining import length
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.closing.records import ExceptionDecision, PeerReview, RootCause
from escalation_desk.casework.contacts import ola
from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.text import one_line
from escalation_desk.documents import case_summary as said
from escalation_desk.documents.words import Money, stamp
from escalation_desk.i18n import N_, _, n_
from escalation_desk.journal import contacts, reading
from escalation_desk.journal.clocks import telling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.contacts.records import PocRequest
    from escalation_desk.journal.connection import Connection


@dataclass(frozen=True)
class Work:
    """Gathers over one connection, as of a moment, with the times of a zone in its sentences."""

    made: Connection
    now: datetime
    zone: tzinfo

    def clocks(self, case: Case) -> tuple[str, ...]:
        """Say of each clock what it is, why it is due when it is, and why it was missed where that is known."""
        missed = {(one.get("clock"), one.get("cycle")): str(one.get("why", "")) for one in case.breaches}
        lines = []
        for clock, sentence in telling.told(self.made, case.id, self.now, self.zone):
            why = missed.get((str(clock.kind), clock.cycle))
            line = _("{clock}: {sentence}", clock=_(clock.kind.label), sentence=sentence)
            lines.append(_("{line} Missed because: {why}", line=line, why=why) if why else line)
        return tuple(lines)

    def deadlines(self, case: Case) -> tuple[str, ...]:
        """Say of each external deadline until when it is, whose it is, and what became of it."""
        held = reading.all_of(self.made, Deadline, pointing=("case", case.id))
        return tuple(self._deadline(one) for one in sorted(held, key=lambda one: str(one.due_at)))

    def _deadline(self, one: Deadline) -> str:
        due = stamp(one.due_at, self.zone) if one.due_at else ""
        named = _("{what}, due {when} ({who})", what=one.title, when=due, who=_(one.side.label))
        if one.met_at:
            return _("{deadline}: met {when}", deadline=named, when=stamp(one.met_at, self.zone))
        return _("{deadline}: dropped, {why}", deadline=named, why=one.dropped_why) if one.dropped_why else named

    def requests(self, case: Case) -> Iterator[said.Request]:
        """Tell who was told and who was asked, in order of time."""
        told = sorted(
            reading.all_of(self.made, Escalation, pointing=("case", case.id)), key=lambda one: str(one.raised_at)
        )
        names = reading.names(self.made, "authority", [one.authority for one in told])
        for one in told:
            yield self._escalated(one, names.get(one.authority, one.authority))
        asked = contacts.requests_of(self.made, case.id)
        if asked:
            known = contacts.known(self.made)
            for request in sorted(asked, key=lambda request: str(request.sent_at or request.created_at)):
                yield self._asked(request, known, case)

    def _escalated(self, one: Escalation, authority: str) -> said.Request:
        told = _("{authority} ({whom})", authority=authority, whom=one.told_whom) if one.told_whom else authority
        return said.Request(
            to=told,
            what=_("{reason} Decision asked: {decision}", reason=_ended(one.reason), decision=one.decision_asked),
            when=self._times(one.notified_at or one.raised_at, one.acknowledged_at, (N_("Decided"), one.decided_at)),
            answer=one.decision or one.ended_why,
            used=_(one.state.label),
        )

    def _asked(self, one: PocRequest, known: contacts.Known, case: Case) -> said.Request:
        return said.Request(
            to=known.who(one),
            what=one.ask,
            when=self._times(one.sent_at, one.acknowledged_at, (N_("Answered"), one.answered_at)),
            answer=one.answer or one.ended_why,
            used=_used(one, known, case),
        )

    def _times(self, asked: datetime | None, acknowledged: datetime | None, end: tuple[str, datetime | None]) -> str:
        steps = ((N_("Asked"), asked), (N_("Acknowledged"), acknowledged), end)
        return "\n".join(f"{stamp(at, self.zone)} {_(label)}" for label, at in steps if at)

    def cause(self, case: Case) -> said.RootCause | None:
        """Tell the newest analysis; without one, what stands on the case itself."""
        analyses = reading.all_of(self.made, RootCause, pointing=("case", case.id))
        found = max(analyses, key=lambda one: str(one.updated_at), default=None)
        party, code = case.fault_party, case.fault_code
        if found is None and not (case.root_cause or party or code):
            return None
        if found is not None:
            party, code = found.fault_party or party, found.fault_code or code
        names = reading.names(self.made, "fault_code", [code] if code else [])
        return said.RootCause(
            problem=found.problem_statement or None if found else None,
            method=found.method if found else None,
            whys=tuple(found.whys) if found else (),
            bones=tuple(_bones(self.made, found)) if found else (),
            cause=(found.cause if found else None) or case.root_cause,
            fault_party=party,
            fault_code=names.get(code or "", code),
            confidence=found.confidence if found else None,
            reviewed=self._by(found.reviewed_by, found.reviewed_at) if found else None,
        )

    def outcome(self, case: Case) -> said.Outcome:
        """Tell how it ended, how that was checked, and what was decided beside it."""
        return said.Outcome(
            code=case.resolution_code,
            summary=case.resolution_summary,
            benefit=case.customer_benefit,
            cost=Money(case.cost, str(case.currency or "")) if case.cost is not None else None,
            approved=self._name(case.cost_approved_by),
            method=case.verified_how,
            result=case.verified_result,
            by=self._name(case.verified_by),
            at=case.verified_at,
            signed=self._by(case.signed_off_by, case.signed_off_at),
            knowledge=_decided(case.knowledge, self._article(case.knowledge_article) or case.knowledge_why),
            bad_case=_decided(case.bad_case, case.bad_case_why),
            exceptions=tuple(map(_exception, reading.all_of(self.made, ExceptionDecision, pointing=("case", case.id)))),
            second_looks=tuple(
                self._look(one) for one in reading.all_of(self.made, PeerReview, pointing=("case", case.id))
            ),
        )

    def _article(self, article: str | None) -> str | None:
        return reading.names(self.made, "article", [article]).get(article) if article else None

    def _name(self, user: str | None) -> str | None:
        return reading.names(self.made, "user", [user]).get(user) if user else None

    def _by(self, user: str | None, at: datetime | None) -> str | None:
        name = self._name(user)
        return _("{name}, {when}", name=name, when=stamp(at, self.zone)) if name and at else name

    def _look(self, one: PeerReview) -> str:
        name = self._name(one.answered_by or one.asked_of) or "–"
        line = _("{what}: {state}, {name}", what=_(one.about.label), state=_(one.state.label), name=name)
        return f"{line}: {one_line(one.remark, 160)}" if one.remark else line


def _used(one: PocRequest, known: contacts.Known, case: Case) -> str:
    """Say how long they took in their own hours, and how often they were chased."""
    parts = [_(one.state.label)]
    if one.sent_at and one.answered_at:
        minutes = ola.minutes_between(known.own_hours(one, case.market), one.sent_at, one.answered_at)
        late = bool(one.answer_due_at and one.answered_at > one.answer_due_at)
        took = length(round(minutes))
        parts.append(_("{time}, late", time=took) if late else took)
    if one.chases:
        parts.append(n_("chased {n} time", "chased {n} times", len(one.chases)))
    return ", ".join(parts)


def _bones(made: Connection, found: RootCause) -> Iterator[str]:
    bones = {code: lines for code, lines in (found.bones or {}).items() if lines}
    names = reading.names(made, "fault_code", bones)
    for code, lines in bones.items():
        yield _("{bone}: {causes}", bone=names.get(code, code), causes="; ".join(map(str, lines)))


def _decided(decision: Choice | None, why: str | None) -> str | None:
    if decision is None:
        return None
    return _("{decision}: {why}", decision=_(decision.label), why=why) if why else _(decision.label)


def _exception(one: ExceptionDecision) -> str:
    return _(
        "Policy says: {policy} We did: {did} Because: {why} ({state})",
        policy=_ended(one.policy_says),
        did=_ended(one.we_did),
        why=_ended(one.because),
        state=_(one.state.label),
    )


def _ended(text: str) -> str:
    text = one_line(text, 240)
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
