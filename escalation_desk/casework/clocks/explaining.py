"""A clock says in a sentence why it is due when it is: policy, start, pauses, calendar; on screen and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.clocks.facts import ClockState
from escalation_desk.casework.clocks.working import moment
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from datetime import tzinfo

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.casework.clocks.policies import Rules


def explain(clock: Clock, rules: Rules, zone: tzinfo) -> str:
    """Say why a clock stands where it stands, with the times of whoever reads."""
    return _result(clock, zone, because=_because(clock, rules, zone))


def _result(clock: Clock, zone: tzinfo, because: str) -> str:
    due, left = when(clock.due_at, zone), length(abs(clock.left_min))
    done = when(clock.finished_at, zone)
    match clock.state:
        case ClockState.PAUSED:
            last = clock.paused[-1]
            return _(
                "Paused since {since} ({why}) with {left} left, because {because}.",
                since=when(last.begins, zone),
                why=_(last.why.label),
                left=left,
                because=because,
            )
        case ClockState.MET:
            return _("Met on {done}, {left} before the end, because {because}.", done=done, left=left, because=because)
        case ClockState.BREACHED if clock.open:
            return _("Was due {due} and is {left} over, because {because}.", due=due, left=left, because=because)
        case ClockState.BREACHED:
            return _(
                "Was due {due} and was done on {done}, {left} over, because {because}.",
                due=due,
                done=done,
                left=left,
                because=because,
            )
        case ClockState.VOID:
            return _("Not counted from {done} on; until then {because}.", done=done, because=because)
        case _:
            return _("Due {due}, with {left} left, because {because}.", due=due, left=left, because=because)


def _because(clock: Clock, rules: Rules, zone: tzinfo) -> str:
    policy, calendar = rules.policy(clock.policy), rules.calendar(clock.calendar)
    said = {
        "policy": policy.name if policy else clock.policy,
        "priority": str(clock.priority),
        "target": length(clock.target_min),
        "start": when(clock.started_at, zone),
        "calendar": calendar.name if calendar else clock.calendar,
    }
    over = [one for one in clock.paused if one.ends is not None]
    if not over:
        return _("policy {policy} gives {priority} {target}, started {start}, calendar {calendar}", **said)
    return n_(
        "policy {policy} gives {priority} {target}, started {start}, paused {total} in {n} interval ({why}), "
        "calendar {calendar}",
        "policy {policy} gives {priority} {target}, started {start}, paused {total} in {n} intervals ({why}), "
        "calendar {calendar}",
        len(over),
        **said,
        total=length(paused_min(clock, rules)),
        why=", ".join(dict.fromkeys(_(one.why.label) for one in over)),
    )


def paused_min(clock: Clock, rules: Rules) -> int:
    """Count the working minutes in the pauses that are over."""
    working = rules.working(clock.calendar)
    return sum(working.spent(one.begins, one.ends) for one in clock.paused if one.ends is not None) // 60


def when(second: int | None, zone: tzinfo) -> str:
    """Say a moment of a clock whole: 24/11/2026 14:20."""
    return "" if second is None else f"{moment(second).astimezone(zone):%d/%m/%Y %H:%M}"


def length(minutes: int) -> str:
    """Say a length of working time to the minute: 35 min, 2 h 05, 30 h."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} min", n=rest)
    return _("{n} h", n=f"{hours}") if not rest else _("{hours} h {minutes}", hours=hours, minutes=f"{rest:02}")
