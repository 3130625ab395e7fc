"""The phases that a case keeps, read into what the clocks count by; and one written, for whoever adds it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.choices import CaseStatus, Priority, WaitingOn
from escalation_desk.casework.clocks.facts import Phase
from escalation_desk.casework.clocks.working import seconds
from escalation_desk.casework.fields import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from escalation_desk.casework.case import Case

_STATUS = {str(one): one for one in CaseStatus}
_PRIORITY = {str(one): one for one in Priority}
_WAITING: dict[str | None, WaitingOn] = {str(one): one for one in WaitingOn}


def phases_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """Read what `Case.phases` keeps. KeyError and ValueError where it is not what a desk writes."""
    return tuple(
        Phase(
            seconds(datetime.fromisoformat(one["at"])),
            _STATUS[one["status"]],
            _PRIORITY[one["priority"]],
            one.get("policy"),
            _WAITING.get(one.get("waiting_on")),
            one.get("market"),
        )
        for one in kept
    )


def phase_of(case: Case, at: datetime) -> dict[str, Any]:
    """Write down what holds for a case from a moment on."""
    return {
        "at": instant_text(at),
        "status": str(case.status),
        "priority": str(case.priority),
        "policy": case.policy_used,
        "waiting_on": None if case.waiting_on is None else str(case.waiting_on),
        "market": str(case.market),
    }
