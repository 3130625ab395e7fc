"""When a running clock warns, how urgently, and whom: at parts of its target, and so many minutes from its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.choices import Choice
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.casework.clocks.policies import Rules
    from escalation_desk.casework.clocks.records import SlaPolicy


class Level(Choice):
    NOTICE = "notice", N_("Notice")
    WARNING = "warning", N_("Warning")
    URGENT = "urgent", N_("Urgent")
    MISSED = "missed", N_("Deadline missed")


class ClockWarning(NamedTuple):
    """One warning. `tell` holds roles and authorities: owner, shift_lead, lead, duty_manager."""

    at: int
    level: Level
    tell: tuple[str, ...]
    left_min: int


def warnings_of(clock: Clock, policy: SlaPolicy | None, rules: Rules) -> tuple[ClockWarning, ...]:
    """List the warnings of a clock in order of time; one that stands, is done or does not count has none."""
    if policy is None or clock.due_at is None or not clock.open:
        return ()
    return tuple(sorted(_warnings(clock, policy, rules, clock.due_at)))


def _warnings(clock: Clock, policy: SlaPolicy, rules: Rules, due: int) -> Iterator[ClockWarning]:
    working = rules.working(clock.calendar)
    for said in policy.warn_at:
        if said.get("only") and clock.priority not in said["only"]:
            continue
        tell = tuple(said.get("tell", ()))
        if (at := _offset(said)) is not None:
            yield ClockWarning(due + 60 * at, Level.MISSED if at >= 0 else Level.URGENT, tell, max(-at, 0))
        elif (part := float(said.get("fraction", 0))) > 0:
            left = max(round(clock.target_min * (1 - part)), 0)
            at = working.back(due, 60 * left) if left else due
            yield ClockWarning(at, _level(part), tell, left)


def _offset(said: Mapping[str, Any]) -> int | None:
    """Read minutes from the due time on; before it they are less than nothing."""
    if "before_min" in said:
        return -int(said["before_min"])
    return int(said["after_min"]) if "after_min" in said else None


def _level(part: float) -> Level:
    steps = ((1.0, Level.MISSED), (0.9, Level.URGENT), (0.75, Level.WARNING))
    return next((level for least, level in steps if part >= least), Level.NOTICE)
