"""Why a deadline was missed: in whose hands the case lay, and whether the desk could have helped it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.clocks.facts import ClockState
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.clocks.facts import Clock, ClockKind


def explained(
    case: Case, clock: Clock, *, controllable: bool, why: str, me: str, now: datetime
) -> tuple[dict[str, Any], ...]:
    """Add to what a case says about its missed deadlines; an earlier word on the same one stays to be read."""
    if clock.state is not ClockState.BREACHED:
        raise Refused(_("This clock has not missed its deadline; there is nothing to explain."))
    if not why.strip():
        raise Refused(_("Say in a few words why the deadline was missed."))
    said = {
        "clock": str(clock.kind),
        "cycle": clock.cycle,
        "controllable": controllable,
        "why": why.strip(),
        "held_by": case.owner,
        "at": instant_text(now),
        "by": me,
    }
    return (*case.breaches, said)


def why_missed(case: Case, kind: ClockKind, cycle: int) -> dict[str, Any] | None:
    """Find what was said last about one missed deadline."""
    said = [one for one in case.breaches if one.get("clock") == kind and one.get("cycle") == cycle]
    return said[-1] if said else None


def unexplained(case: Case, clocks: tuple[Clock, ...]) -> tuple[Clock, ...]:
    """List the missed clocks of a case of which nobody has said why."""
    missed = (one for one in clocks if one.state is ClockState.BREACHED)
    return tuple(one for one in missed if why_missed(case, one.kind, one.cycle) is None)
