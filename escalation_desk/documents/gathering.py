"""Gathers from the journal what a case summary holds, in the language being spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Direction, FollowUpState, Form, PromisedBy, Visibility
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.text import one_line
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.documents import case_summary as said
from escalation_desk.documents.gathering_work import Work
from escalation_desk.documents.involved import known_of, party_line, seller_line
from escalation_desk.documents.pictures import Picture
from escalation_desk.documents.words import Money
from escalation_desk.i18n import _
from escalation_desk.journal import linking, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from escalation_desk.casework.desk import Reason
    from escalation_desk.journal.connection import Connection

_LATE_SECONDS = 24 * 3600
_PICTURES = ("image/png", "image/jpeg")
_OURS = {Form.NOTE, Form.CALL, Form.POC, Form.DECISION, Form.REPORT, Form.CHAT, Form.MESSAGE}


@dataclass(frozen=True)
class Gatherer:
    """Gathers summaries over one reader connection; words that many cases share are read once."""

    made: Connection
    reasons: dict[str, Reason]
    blob: Callable[[str], bytes]
    work: Work

    @classmethod
    def over(cls, made: Connection, blob: Callable[[str], bytes], now: datetime, zone: tzinfo) -> Gatherer:
        """Read from a connection; `blob` fetches a picture by its SHA-256, later, when it is put on a page."""
        return cls(made, reading.reasons(made), blob, Work(made, now, zone))

    def gather(self, case_id: str) -> said.CaseSummary:
        """Gather one case. Refused where there is none."""
        case = reading.record(self.made, Case, case_id)
        mine = ("case", case.id)
        messages = sorted(reading.all_of(self.made, Message, pointing=mine), key=_when)
        follow_ups = reading.all_of(self.made, FollowUp, pointing=mine)
        attachments = reading.all_of(self.made, Attachment, pointing=mine)
        clarifications = reading.all_of(self.made, Clarification, pointing=mine)
        parties = reading.several(self.made, Party, [case.requester] if case.requester else [])
        sellers = reading.several(self.made, Seller, [case.seller] if case.seller else [])
        names = self._people(case, messages, attachments)
        return said.CaseSummary(
            head=self._head(case, names),
            three_lines=_three_lines(case, follow_ups),
            decision=said.Decision(what=case.decision_needed) if case.decision_needed else None,
            parties=(*map(party_line, parties), *map(seller_line, sellers)),
            goods=_goods(case),
            impact=self._impact(case),
            statement=said.Statement(words=case.description or None, expects=case.requester_expects),
            tried=tuple(_tried(case)),
            done=tuple(_done(messages, names)),
            timeline=tuple(_timeline(messages, clarifications, attachments, names, self._picture)),
            promises=tuple(_promises(follow_ups)),
            messages=tuple(_public(messages, names)),
            requests=tuple(self.work.requests(case)),
            root_cause=self.work.cause(case),
            outcome=self.work.outcome(case),
            evidence=tuple(_evidence(one, self._picture) for one in attachments),
            known=known_of([case], parties, sellers, messages, follow_ups),
        )

    def _head(self, case: Case, names: dict[str, str]) -> said.Head:
        linked = linking.links_of(self.made, case.id)
        return said.Head(
            number=case.case_no,
            title=case.title,
            status=case.status,
            priority=case.priority,
            severity=case.severity,
            risk_flags=tuple(sorted(case.risk_flags)),
            owner=names.get(case.owner or ""),
            market=case.market,
            platform=case.platform,
            channel=case.channel,
            tickets=tuple(filter(None, (case.crm_number, *sorted(case.external_tickets)))),
            received=case.received_at,
            first_response=case.first_response_at,
            resolved=case.resolved_at,
            closed=case.closed_at,
            clocks=self.work.clocks(case),
            deadlines=self.work.deadlines(case),
            linked=tuple(_("{how} {case}", how=one.said, case=one.number) for one in linked),
        )

    def _people(self, case: Case, messages: Iterable[Message], attachments: Iterable[Attachment]) -> dict[str, str]:
        wrote = (message.by for message in messages)
        added = (attachment.created_by for attachment in attachments)
        return reading.names(self.made, "user", filter(None, (case.owner, *wrote, *added)))

    def _impact(self, case: Case) -> said.Impact:
        return said.Impact(
            reason=tuple(self._reason_path(case.reason)),
            affected=case.affected_count,
            loss=Money(case.loss, str(case.currency or "")) if case.loss is not None else None,
        )

    def _reason_path(self, code: str | None) -> list[str]:
        path: list[str] = []
        while code and code in self.reasons:
            path.insert(0, self.reasons[code].name)
            code = self.reasons[code].parent
        return path

    def _picture(self, attachment: Attachment) -> Picture | None:
        if attachment.media_type not in _PICTURES:
            return None
        return Picture(attachment.file_name, lambda: self.blob(attachment.sha256))


def _when(message: Message) -> tuple[str, str]:
    return (str(message.at or message.created_at), message.id)


def _three_lines(case: Case, follow_ups: Iterable[FollowUp]) -> said.ThreeLines:
    """Take the three lines that somebody wrote; what nobody wrote, the case itself says."""
    written = [line.strip() for line in (case.summary or "").splitlines() if line.strip()]
    happened, means, *rest = [*written, "", ""]
    return said.ThreeLines(
        happened=happened or one_line(case.description or case.title, 240),
        means=means or (_("Expects: {what}", what=case.requester_expects) if case.requester_expects else None),
        stands=" ".join(rest).strip() or _stands(case, follow_ups),
    )


def _stands(case: Case, follow_ups: Iterable[FollowUp]) -> str:
    """Say where a case stands: its status, whom it waits for, what comes next."""
    status = _(case.status.label)
    if case.waiting_for:
        status = _("{status}: {whom}", status=status, whom=case.waiting_for)
    coming = [one for one in follow_ups if one.state is FollowUpState.OPEN and one.due_at]
    if not coming:
        return status
    following = min(coming, key=lambda one: str(one.due_at))
    return _("{status}. Next: {what}", status=status, what=one_line(following.text, 160))


def _goods(case: Case) -> said.Goods:
    return said.Goods(
        orders=tuple(sorted(case.orders)),
        products=tuple(sorted(case.products)),
        tracking=" · ".join(filter(None, (case.tracking, case.carrier))) or None,
        amount=Money(case.amount, str(case.currency or "")) if case.amount is not None else None,
    )


def _tried(case: Case) -> Iterable[said.Step]:
    for text in (case.tier1_summary, case.tried_before):
        if text:
            yield said.Step(who=case.tier1_agent or case.tier1_team, what=text)


def _done(messages: Iterable[Message], names: dict[str, str]) -> Iterable[said.Step]:
    for message in messages:
        if message.form in {Form.DECISION, Form.POC, Form.CALL}:
            yield said.Step(
                at=message.at,
                who=_who(message, names),
                what=_("{kind}: {text}", kind=_(message.form.label), text=message.body),
                internal=message.visibility is Visibility.INTERNAL,
            )


def _timeline(
    messages: Iterable[Message],
    clarifications: Iterable[Clarification],
    attachments: Iterable[Attachment],
    names: dict[str, str],
    picture: Callable[[Attachment], Picture | None],
) -> list[said.Happening]:
    happenings = [
        said.Happening(
            at=message.at,
            who=_who(message, names),
            channel=message.channel or message.form,
            what=message.body,
            entered=_entered(message),
            automatic=message.automatic,
            internal=message.visibility is Visibility.INTERNAL and message.form is not Form.EVENT,
        )
        for message in messages
    ]
    happenings += [
        said.Happening(at=one.asked_at, channel=_("Question"), what="\n".join(filter(None, (one.question, one.answer))))
        for one in clarifications
    ]
    happenings += [
        said.Happening(
            at=one.created_at,
            who=names.get(one.created_by or ""),
            channel=_("Attachment"),
            what=one.file_name,
            pictures=(shown,),
            internal=True,
        )
        for one in attachments
        if (shown := picture(one))
    ]
    return sorted(happenings, key=lambda happening: str(happening.at))


def _entered(message: Message) -> datetime | None:
    """Say when something was written down, if more than a day after it happened (domain.md §9.4, 11)."""
    if message.form is Form.EVENT or message.at is None or message.created_at is None:
        return None
    late = (message.created_at - message.at).total_seconds() > _LATE_SECONDS
    return message.created_at if late else None


def _promises(follow_ups: Iterable[FollowUp]) -> Iterable[said.PromiseLine]:
    for one in sorted(follow_ups, key=lambda f: str(f.due_at)):
        yield said.PromiseLine(
            to_whom=one.to_whom or (_("They promised") if one.promised_by is PromisedBy.THEM else None),
            what=one.text,
            due=one.first_due_at or one.due_at,
            state="; ".join([_state(one), *map(_moved, one.moved)]),
        )


def _state(one: FollowUp) -> str:
    if one.state is not FollowUpState.DONE:
        return _("Moved") if one.moved and one.state is FollowUpState.OPEN else _(one.state.label)
    return _("Kept") if one.kept else _("Not kept in time")


def _moved(move: dict[str, Any]) -> str:
    """Tell a move with its reason: moved dates stay visible wherever the promise does."""
    return _("moved: {why}", why=one_line(str(move.get("why", "")), 120))


def _public(messages: Iterable[Message], names: dict[str, str]) -> Iterable[said.PublicMessage]:
    for message in messages:
        if message.visibility is Visibility.PUBLIC and message.form in _OURS:
            who = message.counterpart if message.direction is Direction.IN else _who(message, names)
            yield said.PublicMessage(at=message.at, who=who, channel=message.channel, text=message.body)


def _evidence(one: Attachment, picture: Callable[[Attachment], Picture | None]) -> said.EvidenceLine:
    return said.EvidenceLine(
        name=one.file_name, kind=one.evidence, at=one.created_at, sha256=one.sha256[:12], picture=picture(one)
    )


def _who(message: Message, names: dict[str, str]) -> str | None:
    return names.get(message.by or "") or message.author or message.counterpart
