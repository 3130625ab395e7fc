"""Works out which authorities must be told of a case, by when, whom to ask for, and why (domain.md §2.5).

The rule of the minutes: they run from the moment a condition became true (a flag was set, a reason chosen, a priority
reached), and from the receipt of the case where it was true from the beginning. Where several conditions or several
rules hold for an authority, the earliest moment counts; where the priority rises, what was due before stays due. So
nothing that is learned later, and no rule that is added, ever delays a telling.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.choices import Channel, Priority, RiskFlag
from escalation_desk.casework.escalating.records import EscalationState
from escalation_desk.casework.escalating.used import MISSED
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import Market
    from escalation_desk.casework.clocks.facts import ClockKind
    from escalation_desk.casework.escalating.records import AuthorityRule, Escalation
    from escalation_desk.casework.escalating.used import Reached

    Opens = Callable[[str, Market, datetime], datetime | None]
    """Answers when a calendar (by its code) is next open, this moment included; None for one that is not there."""


class Since(NamedTuple):
    """When what counts for telling became true. What is not named was true when the case was received.

    `used` says for each part of a hundred that a rule asks for which clocks have used it; no clock has used what is not
    there. `reopened` says when the case was reopened, each time.
    """

    received: datetime
    flags: Mapping[RiskFlag, datetime] = {}
    reasons: Sequence[tuple[datetime, str | None]] = ()
    priorities: Sequence[tuple[datetime, Priority]] = ()
    used: Mapping[int, Sequence[Reached]] = {}
    reopened: Sequence[datetime] = ()


class Contact(NamedTuple):
    """Whom to ask for at an authority in one market."""

    primary: str = ""
    backup: str = ""
    channel: Channel | None = None
    address: str = ""


class Telling(NamedTuple):
    """An authority that must be told: by when, why, whom to ask for, and the escalation that does it, if there is one.

    `rule` is the code of the rule that sets the time.
    """

    authority: str
    rule: str
    due_at: datetime
    notify_min: int
    ack_min: int | None
    always: bool
    flags: tuple[RiskFlag, ...]
    reason: str
    contact: Contact
    clock: ClockKind | None = None
    used: int = 0
    reopened: int = 0
    escalation: Escalation | None = None

    @property
    def told(self) -> bool:
        return self.escalation is not None and self.escalation.notified_at is not None


class _Holding(NamedTuple):
    """A rule that holds now, with what makes it hold, and when the last of that became true."""

    rule: AuthorityRule
    due_at: datetime
    notify_min: int
    flags: tuple[RiskFlag, ...]
    reason: str
    newest: datetime
    clock: ClockKind | None = None
    reopened: int = 0


def tellings(
    case: Case,
    rules: Iterable[AuthorityRule],
    since: Since,
    now: datetime,
    opens: Opens,
    escalations: Iterable[Escalation] = (),
) -> tuple[Telling, ...]:
    """List who must be told of a case now: what nobody has sent yet first, then by time, then by the order of rules."""
    by_authority: dict[str, list[_Holding]] = defaultdict(list)
    for rule in sorted(rules, key=lambda one: (one.place, one.code)):
        holding = _holding(case, rule, since, now, opens)
        if holding:
            by_authority[rule.authority].append(holding)
    told = list(escalations)
    found = [_telling(case, holdings, told) for holdings in by_authority.values()]
    return tuple(sorted(filter(None, found), key=lambda one: (one.told, one.due_at)))


def _holding(
    case: Case,
    rule: AuthorityRule,
    since: Since,
    now: datetime,
    opens: Opens,
) -> _Holding | None:
    """Say when a rule asks for the telling; None where it does not hold for this case at this hour."""
    if not rule.active or (rule.markets and case.market not in rule.markets) or not _in_hours(case, rule, now, opens):
        return None
    flags, prefix = tuple(sorted(rule.flags & case.risk_flags)), _prefix(rule, case.reason)
    causes = [since.flags.get(flag, since.received) for flag in flags]
    causes += [_under(prefix, since)] if prefix else []
    causes += [since.received] if rule.always else []
    used, reopened = since.used.get(rule.clock_used or 0, ()), _reopened(case, rule, since)
    causes += [one.at for one in used] + reopened
    steps = _steps(rule.notify_min or {}, case.priority, since)
    if not causes or not steps:
        return None
    began = [(_opened(rule, case, max(min(causes), reached), opens), minutes) for reached, minutes in steps]
    due, minutes = min((start + timedelta(minutes=n), n) for start, n in began)
    newest = max(*causes, steps[0][0])
    clock, times = used[0].clock if used else None, case.reopen_count if reopened else 0
    return _Holding(rule, due, minutes, flags, case.reason or "" if prefix else "", newest, clock, times)


def _reopened(case: Case, rule: AuthorityRule, since: Since) -> list[datetime]:
    """Say since when a case has been reopened as often as a rule asks for; nothing where it has not."""
    if not rule.reopened or case.reopen_count < rule.reopened:
        return []
    return [since.reopened[rule.reopened - 1] if len(since.reopened) >= rule.reopened else since.received]


def _opened(rule: AuthorityRule, case: Case, at: datetime, opens: Opens) -> datetime:
    """Say when the minutes begin that are to run from a moment: in the hours of the rule, where it names any."""
    return (opens(rule.hours, case.market, at) if rule.hours else None) or at


def _in_hours(
    case: Case,
    rule: AuthorityRule,
    now: datetime,
    opens: Opens,
) -> bool:
    """Say whether a rule is in its hours; one whose calendar is gone always is, for telling too many is the lesser."""
    if not rule.hours:
        return True
    opened = opens(rule.hours, case.market, now)
    return opened is None or opened <= now


def _prefix(rule: AuthorityRule, reason: str | None) -> str:
    """Find the prefix of a rule that a reason stands under: `SEL.ACC` holds for `SEL.ACC.SUSPENSION`."""
    return next((one for one in sorted(rule.reasons) if reason and f"{reason}.".startswith(f"{one}.")), "")


def _under(prefix: str, since: Since) -> datetime:
    """Say since when the reason has stood under a prefix without a break."""
    stretches = ((at, bool(reason) and f"{reason}.".startswith(f"{prefix}.")) for at, reason in since.reasons)
    return _unbroken(stretches, since.received)


def _steps(minutes: Mapping[str, Any], now: Priority, since: Since) -> list[tuple[datetime, int]]:
    """Pair each priority that a rule knows, from the present one down, with the moment since when it is at least that.

    Of two cases alike, the one that was P1 before it became P0 is never told of later.
    """
    return [
        (_unbroken(((at, held <= priority) for at, held in since.priorities), since.received), int(given))
        for priority in Priority  # P0 comes before P1 and says more.
        if now <= priority and (given := minutes.get(str(priority))) is not None
    ]


def _unbroken(stretches: Iterable[tuple[datetime, bool]], received: datetime) -> datetime:
    """Say since when something has been true without a break; before the first change it is taken to have been."""
    began: datetime | None = received
    for at, true in stretches:
        began = (began or at) if true else None
    return began or received


def _telling(case: Case, holdings: list[_Holding], escalations: Iterable[Escalation]) -> Telling | None:
    """Put what several rules say of one authority into one; None where a person has said that it need not be told."""
    first = min(holdings, key=lambda one: one.due_at)
    flags = tuple(sorted({flag for one in holdings for flag in one.flags}))
    own = [one for one in escalations if one.authority == first.rule.authority]
    standing = [one for one in own if one.state is not EscalationState.WITHDRAWN]
    if own and not standing and _given_up(own, holdings):
        return None
    ack = (first.rule.ack_min or {}).get(str(case.priority))
    timed = max((one for one in holdings if one.clock), key=lambda one: one.rule.clock_used or 0, default=None)
    return Telling(
        first.rule.authority,
        first.rule.code,
        first.due_at,
        first.notify_min,
        None if ack is None else int(ack),
        any(one.rule.always for one in holdings),
        flags,
        next((one.reason for one in holdings if one.reason), ""),
        contact_of([one.rule for one in holdings], case.market),
        timed.clock if timed else None,
        (timed.rule.clock_used or 0) if timed else 0,
        max(one.reopened for one in holdings),
        max(standing, key=_raised) if standing else None,
    )


def _raised(one: Escalation) -> tuple[str, str]:
    return (str(one.raised_at or ""), one.id)


def _given_up(withdrawn: Iterable[Escalation], holdings: Iterable[_Holding]) -> bool:
    """Say whether a withdrawal speaks for all that holds now; what became true after it was not known then."""
    newest = max(one.newest for one in holdings)
    return any(one.ended_at is not None and newest <= one.ended_at for one in withdrawn)


def contact_of(rules: Iterable[AuthorityRule], market: Market) -> Contact:
    """Find whom to ask for in a market: its own contact, else one that is for every market."""
    given = [one for rule in rules for one in rule.contacts]
    for wanted in (str(market), "", None):
        for one in given:
            if one.get("market", "") == wanted:
                channel = next((known for known in Channel if str(known) == one.get("channel")), None)
                primary, backup, address = (str(one.get(name) or "") for name in ("primary", "backup", "address"))
                return Contact(primary, backup, channel, address)
    return Contact()


def because(telling: Telling, case: Case, reason_name: str = "") -> str:
    """Say in one sentence why an authority must be told."""
    priority = _(case.priority.label)
    flags = ", ".join(_(flag.label) for flag in telling.flags)
    reason = reason_name or telling.reason
    places: dict[str, object] = {"flags": flags, "reason": reason, "priority": priority, "n": telling.notify_min}
    if telling.flags and telling.reason:
        return _("because of the risk “{flags}” and the reason “{reason}”: within {n} min at {priority}", **places)
    if telling.flags:
        return _("because of the risk “{flags}”: within {n} min at {priority}", **places)
    if telling.reason:
        return _("because of the reason “{reason}”: within {n} min at {priority}", **places)
    if telling.always:
        return _("because every case is told to them: within {n} min at {priority}", **places)
    return _because_of_time(telling, places)


def _because_of_time(telling: Telling, places: dict[str, object]) -> str:
    """Say which clock of a case asks for a telling, or how often the case came back."""
    if telling.clock is None:
        return _(
            "because the case was reopened {times} times: within {n} min at {priority}",
            times=telling.reopened,
            **places,
        )
    clock = _(telling.clock.label)
    if telling.used >= MISSED:
        return _("because the clock “{clock}” was missed: within {n} min at {priority}", clock=clock, **places)
    return _(
        "because {used} % of the clock “{clock}” is used: within {n} min at {priority}",
        used=telling.used,
        clock=clock,
        **places,
    )
