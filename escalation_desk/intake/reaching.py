"""From what a file says of a record to the steps by which the desk gets there: a state is reached way by way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework import states
from escalation_desk.casework.acts import WAITS_ON
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CancelReason, CaseStatus, ReopenReason
from escalation_desk.casework.fields import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.records import Record


def as_received(case: Case) -> None:
    """Complete a case that comes from outside: whoever owned it there owns it here."""
    case.assignment = Assignment.ACCEPTED if case.owner else Assignment.UNASSIGNED
    case.waiting_on = WAITS_ON.get(case.status)
    if case.resolved_at and not case.first_resolved_at:
        case.first_resolved_at = case.resolved_at


def reachable(record: Record, there: str, *, owned: bool) -> bool:
    """Tell whether the case can come to the file's state by the ways there are; otherwise the two drifted apart."""
    if not isinstance(record, Case):
        return False
    path = states.path(record.status, CaseStatus(there))  # type: ignore[call-arg]
    return path is not None and (CaseStatus.OPEN not in path or owned or record.owner is not None)


def steps_to(record: Record, told: dict[str, tuple[Any, Any]], now: datetime) -> list[dict[str, Any]]:
    """Part a change into what is written at once: a state is reached way by way, each one a change of its own."""
    values = {name: there for name, (_here, there) in told.items()}
    there = values.pop("status", None)
    if isinstance(record, Case) and "owner" in values:
        values |= {"assignment": str(Assignment.ACCEPTED), "offered_to": None}
    steps = [values] if values else []
    if isinstance(record, Case) and there is not None:
        path = states.path(record.status, CaseStatus(there)) or ()  # type: ignore[call-arg]
        steps += [
            {"status": str(state), "waiting_on": WAITS_ON.get(state), **_why(record.status, state)}
            | {name: value for name, value in _when(record, state, now).items() if name not in values}
            for state in path
        ]
    return steps


def _when(case: Case, to: CaseStatus, now: datetime) -> dict[str, Any]:
    """Say when a state was reached, for a file that does not: the moment at which the desk learned of it."""
    if to is CaseStatus.RESOLVED:
        return {"resolved_at": instant_text(now)}
    if to in {CaseStatus.CLOSED, CaseStatus.CANCELLED}:
        return {"closed_at": instant_text(now)}
    if to is CaseStatus.OPEN and case.status is CaseStatus.RESOLVED:
        return {"resolved_at": None, "reopen_count": case.reopen_count + 1}
    return {}


def _why(here: CaseStatus, to: CaseStatus) -> dict[str, str]:
    """Give the reason that a state asks for; a CRM tells that it happened, not why."""
    if to is CaseStatus.CANCELLED:
        return {"cancel_reason": str(CancelReason.WITHDRAWN)}
    if here is CaseStatus.RESOLVED and to is CaseStatus.OPEN:
        return {"reopen_reason": str(ReopenReason.NOT_FIXED)}
    return {}
