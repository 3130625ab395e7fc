"""The life of an escalation: raised, acknowledged, decided, closed; or withdrawn, or not answered in time.

Acts change the records they are given and return what is to be added: the entry for the timeline, and where there is
one, the escalation that follows. The program tells nobody. Raising one makes the text and the date; that an authority
was told is an act of a person, who says whom, how and when.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework import acts
from escalation_desk.casework.choices import Form, Market
from escalation_desk.casework.escalating.brief import of_escalation
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.ids import seed_id
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import _, speaking

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import Channel, Priority
    from escalation_desk.casework.escalating.brief import Brief
    from escalation_desk.casework.escalating.records import Authority, AuthorityRule
    from escalation_desk.casework.people import User

_S: Final = EscalationState
_SPOKEN_IN: Final = {Market.VN: "vi", Market.ID: "id"}
_EARLY: Final = timedelta(minutes=2)
"""Watches differ: something this little ahead of now is now."""


class Asked(NamedTuple):
    """What goes with an escalation beside its page: the text to send, why the authority is told, and by when."""

    text: str = ""
    because: str = ""
    notify_due_at: datetime | None = None


class Sent(NamedTuple):
    """Whom a person told, how and when; and how many minutes the authority has to acknowledge."""

    whom: str
    channel: Channel | None
    at: datetime
    ack_min: int | None = None


def escalate(
    case: Case,
    authority: Authority,
    brief: Brief,
    asked: Asked,
    me: User,
    now: datetime,
    *,
    others: Iterable[Escalation] = (),
    previous: Escalation | None = None,
) -> tuple[Escalation, Message]:
    """Raise an escalation. Nobody is told by it: it is there to be sent by a person."""
    acts.refuse_over(case)
    if not authority.active:
        raise Refused(_("{authority} is not asked any more; choose another authority.", authority=authority.name))
    _refuse_incomplete(brief, now)
    if any(one.authority == authority.code and one.state.unanswered for one in others):
        raise Refused(
            _(
                "{authority} has an escalation of {case} that is not answered yet; go on with that one.",
                authority=authority.name,
                case=case.case_no,
            )
        )
    made = _made(case, authority, brief, asked, now, previous=previous, raised_by=me.id)
    text = _("Escalated to {authority}: {decision}", authority=authority.name, decision=brief.decision.strip())
    return made, _said(case, text, me, now, Form.DECISION)


def _refuse_incomplete(brief: Brief, now: datetime) -> None:
    if not brief.one_line.strip():
        raise Refused(_("Say in one line what it is about."))
    if not brief.decision.strip():
        raise Refused(_("Say which decision you ask for."))
    if brief.needed_by is not None and brief.needed_by <= now:
        raise Refused(_("The decision is needed by a moment that has passed; choose a later one."))


def _made(
    case: Case,
    authority: Authority,
    brief: Brief,
    asked: Asked,
    now: datetime,
    *,
    previous: Escalation | None,
    raised_by: str | None = None,
) -> Escalation:
    return Escalation(
        case=case.id,
        authority=authority.code,
        form=authority.form,
        level=authority.level,
        reason=brief.one_line.strip(),
        decision_asked=brief.decision.strip(),
        needed_by=brief.needed_by,
        affected=brief.affected.strip() or None,
        risk=brief.risk.strip() or None,
        tried=brief.tried.strip() or None,
        recommendation=brief.recommendation.strip() or None,
        because=asked.because or None,
        brief=asked.text or None,
        notify_due_at=asked.notify_due_at,
        raised_at=now,
        previous=previous.id if previous else None,
        raised_by=raised_by,
    )


def mark_sent(one: Escalation, case: Case, authority: str, sent: Sent, me: User, now: datetime) -> Message:
    """Write down that a person told the authority. From then on the authority has its minutes to acknowledge."""
    _demand(one, _S.RAISED)
    if one.notified_at is not None:
        raise Refused(_("This was marked as sent already; if it went to the wrong person, choose “Goes to another”."))
    if not sent.whom.strip():
        raise Refused(_("Say whom you told."))
    if sent.channel is None:
        raise Refused(_("Say how you told them: by phone, by email, in the chat."))
    at = _moment(sent.at, now)
    one.told_whom, one.channel, one.notified_at = sent.whom.strip(), sent.channel, at
    one.ack_due_at = at + timedelta(minutes=sent.ack_min) if sent.ack_min is not None else None
    text = _("Told {authority}: {name}", authority=authority, name=one.told_whom)
    return _said(case, text, me, at, Form.POC, channel=sent.channel, counterpart=authority)


def acknowledge(one: Escalation, case: Case, authority: str, by: str, at: datetime, me: User, now: datetime) -> Message:
    """Write down that the authority has it. Whoever acknowledges was told, even if nobody has said so."""
    _demand(one, _S.RAISED)
    at = _moment(at, now)
    if one.notified_at is not None and at < one.notified_at:
        raise Refused(_("It cannot be acknowledged before it was sent; check the time."))
    one.state, one.acknowledged_at, one.acknowledged_by = _S.ACKNOWLEDGED, at, by.strip() or None
    one.notified_at = one.notified_at or at
    text = _("{authority} has it: {name}", authority=authority, name=by.strip() or "–")
    return _said(case, text, me, at, Form.NOTE)


def decide(
    one: Escalation, case: Case, authority: str, decision: str, by: str, at: datetime, me: User, now: datetime
) -> Message:
    """Write down what the authority decided; a decision is an acknowledgement too."""
    _demand(one, _S.RAISED, _S.ACKNOWLEDGED)
    if not decision.strip():
        raise Refused(_("Say what was decided."))
    at = _moment(at, now)
    if one.state is _S.RAISED:
        acknowledge(one, case, authority, by, at, me, now)
    if one.acknowledged_at is not None and at < one.acknowledged_at:
        raise Refused(_("It cannot be decided before it was acknowledged; check the time."))
    one.state, one.decision, one.decided_at, one.decided_by = _S.DECIDED, decision.strip(), at, by.strip() or None
    text = _("{authority} decided: {decision}", authority=authority, decision=decision.strip())
    return _said(case, text, me, at, Form.DECISION)


def close(one: Escalation, case: Case, authority: str, me: User, now: datetime) -> Message:
    """End an escalation whose decision was carried out."""
    _demand(one, _S.DECIDED)
    one.state, one.ended_at = _S.CLOSED, now
    return _said(case, _("Escalation to {authority} closed", authority=authority), me, now, Form.NOTE)


def withdraw(one: Escalation, case: Case, authority: str, why: str, me: User, now: datetime) -> Message:
    """Take an escalation back with a reason; it stays on the case."""
    _demand(one, _S.RAISED, _S.ACKNOWLEDGED)
    if not why.strip():
        raise Refused(_("Say why the escalation is withdrawn."))
    if not (me.leads or me.id in {case.owner, one.raised_by}):
        raise Refused(_("Only the owner of the case, whoever raised it, or a lead may withdraw an escalation."))
    one.state, one.ended_why, one.ended_at = _S.WITHDRAWN, why.strip(), now
    text = _("Escalation to {authority} withdrawn: {why}", authority=authority, why=why.strip())
    return _said(case, text, me, now, Form.NOTE)


def bounce(one: Escalation, case: Case, authority: str, why: str, backup: str, me: User, now: datetime) -> Message:
    """Let an escalation go to another person: the first is not there, or not in charge. It is to be sent anew."""
    _demand(one, _S.RAISED)
    if not why.strip():
        raise Refused(_("Say why it goes to another person."))
    if not backup.strip():
        raise Refused(_("Say to whom it goes now."))
    before = one.told_whom or authority
    one.told_whom, one.notified_at, one.ack_due_at = backup.strip(), None, None
    text = _("Escalation goes from {name} to {other}: {why}", name=before, other=one.told_whom, why=why.strip())
    return _said(case, text, me, now, Form.NOTE)


def ask_again(
    one: Escalation, case: Case, authority: Authority, news: str, asked: Asked, me: User, now: datetime, **more: Any
) -> tuple[Escalation, Message]:
    """Ask the same authority anew because something new is known; the decided one stays as it was decided."""
    _demand(one, _S.DECIDED, _S.CLOSED)
    if not news.strip():
        raise Refused(_("Say what is new."))
    fresh = of_escalation(one)._replace(one_line=news.strip(), needed_by=more.pop("needed_by", None))
    return escalate(case, authority, fresh, asked, me, now, previous=one, **more)


# Time


def is_silent(one: Escalation, now: datetime) -> bool:
    """Say whether an authority was told and has not answered in time."""
    return one.state is _S.RAISED and one.ack_due_at is not None and one.ack_due_at <= now


class Ladder(NamedTuple):
    """What is known of authorities when one is silent: who they are, the rule of each, and what the case has asked."""

    authorities: dict[str, Authority]
    rules: tuple[AuthorityRule, ...]
    escalations: tuple[Escalation, ...]

    def name(self, code: str) -> str:
        return self.authorities[code].name if code in self.authorities else code

    def next_of(self, code: str) -> Authority | None:
        """Find who is told when an authority is silent."""
        following = next((one.next_authority for one in self.rules if one.authority == code and one.next_authority), "")
        return self.authorities.get(following or "")

    def ack_min(self, code: str, priority: Priority) -> int | None:
        return _minutes(self.rules, code, "ack_min", priority)

    def notify_min(self, code: str, priority: Priority) -> int | None:
        return _minutes(self.rules, code, "notify_min", priority)


def _minutes(rules: Iterable[AuthorityRule], code: str, name: str, priority: Priority) -> int | None:
    """Read the fewest minutes that any rule of an authority gives for a priority."""
    given = [(getattr(one, name) or {}).get(str(priority)) for one in rules if one.authority == code and one.active]
    return min((int(one) for one in given if one is not None), default=None)


def time_out(one: Escalation, case: Case, ladder: Ladder, now: datetime) -> tuple[Escalation | None, Message | None]:
    """Let an escalation that nobody answered in time raise the next level. Done twice, it does nothing more.

    What follows has its name and its time from this one, and its words in the language of the market, so that two
    workstations that look at different minutes make the same.
    """
    if not is_silent(one, now) or one.ack_due_at is None:
        return None, None
    one.state, one.ended_at = _S.TIMED_OUT, one.ack_due_at
    with speaking(_SPOKEN_IN.get(case.market, "en")):
        return _followed(one, case, ladder)


def _followed(one: Escalation, case: Case, ladder: Ladder) -> tuple[Escalation | None, Message]:
    following, name = ladder.next_of(one.authority), ladder.name(one.authority)
    if following is None:
        text = _(
            "{authority} did not answer in time; there is no next level. Call them, or ask a lead.", authority=name
        )
        return None, _timed_out(one, case, text)
    asked = [other for other in ladder.escalations if other.authority == following.code and other.id != one.id]
    if any(other.previous == one.id or other.state.open for other in asked):
        text = _("{authority} did not answer in time; {next} has it already.", authority=name, next=following.name)
        return None, _timed_out(one, case, text)
    text = _(
        "{authority} did not answer in time; raised to {next}, who must be told by a person.",
        authority=name,
        next=following.name,
    )
    return _next_level(one, case, following, ladder), _timed_out(one, case, text)


def _next_level(one: Escalation, case: Case, following: Authority, ladder: Ladder) -> Escalation:
    since = one.ended_at or one.ack_due_at
    assert since is not None  # noqa: S101 - it has just ended; for the type checker.
    due = since + timedelta(minutes=ladder.notify_min(following.code, case.priority) or 0)
    because = _("because {authority} did not answer in time", authority=ladder.name(one.authority))
    asked = Asked(one.brief or "", because, due)
    made = _made(case, following, of_escalation(one), asked, since, previous=one)
    made.id = seed_id(Escalation.kind, f"after:{one.id}")
    return made


def _timed_out(one: Escalation, case: Case, text: str) -> Message:
    made = _said(case, text, None, one.ended_at, Form.EVENT)
    made.id = seed_id(Message.kind, f"silent:{one.id}")
    return made


# What they have in common


def _demand(one: Escalation, *states: EscalationState) -> None:
    if one.state not in states:
        raise Refused(_("This escalation is “{state}”; that cannot be done with it.", state=_(one.state.label)))


def _moment(at: datetime, now: datetime) -> datetime:
    if at > now + _EARLY:
        raise Refused(_("That lies in the future; say when it happened."))
    return min(at, now)


def _said(case: Case, text: str, me: User | None, at: datetime | None, form: Form, **more: Any) -> Message:
    return Message(case=case.id, body=text, form=form, at=at, by=me.id if me else None, automatic=me is None, **more)
