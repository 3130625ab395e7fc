"""Dates that law or a platform sets: offered for a case, entered, met or dropped. Calendar time, never paused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from escalation_desk.casework.clocks.facts import ClockState
from escalation_desk.casework.clocks.records import Deadline, DeadlineSide
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.clocks.records import DeadlineRule


def offered(rules: Iterable[DeadlineRule], case: Case) -> tuple[DeadlineRule, ...]:
    """List the rules that can hold for a case by platform, market and reason, those for its reason first."""
    fitting = [rule for rule in rules if rule.active and rule.deleted_at is None and _fits(rule, case)]
    return tuple(sorted(fitting, key=lambda rule: (not rule.reasons, rule.code)))


def _fits(rule: DeadlineRule, case: Case) -> bool:
    if rule.market not in {None, case.market} or rule.platform not in {None, case.platform}:
        return False
    reason = f"{case.reason or ''}."
    return not rule.reasons or any(reason.startswith(f"{prefix}.") for prefix in rule.reasons)


def by_rule(rule: DeadlineRule, case: Case, begins_at: datetime) -> Deadline:
    """Make the deadline that follows from a rule and the moment with which it begins."""
    return Deadline(
        case=case.id,
        rule=rule.id,
        title=rule.name,
        side=rule.side,
        begins_at=begins_at,
        due_at=begins_at + timedelta(minutes=rule.minutes),
    )


def by_hand(
    case: Case, title: str, due_at: datetime, side: DeadlineSide = DeadlineSide.DESK, note: str = ""
) -> Deadline:
    """Make a deadline that no rule knows: a letter of an authority with a date in it."""
    if not title.strip():
        raise Refused(_("Say what has to be done by the deadline."))
    return Deadline(case=case.id, title=title.strip(), side=side, due_at=due_at, note=note.strip() or None)


def meet(deadline: Deadline, at: datetime, now: datetime) -> None:
    """Say that it was done, and when."""
    _check_open(deadline)
    if at > now:
        raise Refused(_("What has not happened yet cannot be recorded as met; give the time at which it was done."))
    deadline.met_at = at


def drop(deadline: Deadline, why: str) -> None:
    """Say that it does not hold any more, and why."""
    _check_open(deadline)
    if not why.strip():
        raise Refused(_("To drop a deadline, say why it does not hold any more."))
    deadline.dropped_why = why.strip()


def _check_open(deadline: Deadline) -> None:
    if not deadline.open:
        raise Refused(_("The deadline “{title}” has been met or dropped already.", title=deadline.title))


def state_of(deadline: Deadline, now: datetime) -> ClockState:
    """Say how it stands in the words of the clocks: done too late is missed, dropped does not count."""
    if deadline.dropped_why:
        return ClockState.VOID
    late = deadline.due_at is not None and (deadline.met_at or now) > deadline.due_at
    if late:
        return ClockState.BREACHED
    return ClockState.MET if deadline.met_at else ClockState.RUNNING
