"""The history of a case as its CRM tells it: the states it went through, at the CRM's own times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.acts import WAITS_ON
from escalation_desk.casework.case import Case, priority_of
from escalation_desk.casework.choices import CaseStatus, Severity, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Told = dict[str, str]
"""One state: `at`, `status`, and where the CRM says them `severity` and `urgency`."""

_ENDS: Final = ("resolved", "closed")


def one_by_one(told: Iterable[Told]) -> tuple[Told, ...]:
    """Leave out what says the same as what came before it."""
    kept: list[Told] = []
    for one in told:
        if not kept or _without_time(one) != _without_time(kept[-1]):
            kept.append(one)
    return tuple(kept)


def of_a_row(values: Mapping[str, Any], changed_at: str | None) -> tuple[Told, ...]:
    """Make a history of what one row tells: when the case came, and when it got into the state it is in.

    Empty where the row does not say when that was.
    """
    received, status = values.get("received_at"), str(values.get("status") or CaseStatus.NEW)
    if not received:
        return ()
    if status in {CaseStatus.NEW, CaseStatus.OPEN}:
        return ({"at": received, "status": status},)
    told = [{"at": received, "status": str(CaseStatus.OPEN)}]
    told += [{"at": values[f"{end}_at"], "status": end} for end in _ENDS if values.get(f"{end}_at")]
    if told[-1]["status"] != status and changed_at:
        told.append({"at": changed_at, "status": status})
    return tuple(told) if told[-1]["status"] == status else ()


def phases_of(case: Case, told: Sequence[Told]) -> tuple[dict[str, str], ...]:
    """Write what a CRM tells as the phases of a case; the last one is how the case stands now."""
    case.derive()
    written = [_phase(case, one) for one in told]
    if written and told[-1]["status"] == case.status:
        written[-1] = {"at": told[-1]["at"], **case.standing()}
    return tuple(written)


def _phase(case: Case, one: Told) -> dict[str, str]:
    waits = WAITS_ON.get(CaseStatus(one["status"]))  # type: ignore[call-arg]  # looks a member up
    said = {"priority": _priority(case, one), "policy": case.policy_used, "waiting_on": waits, "market": case.market}
    return {"at": one["at"], "status": one["status"], **{k: str(v) for k, v in said.items() if v is not None}}


def _priority(case: Case, one: Told) -> str:
    if "severity" not in one or "urgency" not in one or case.priority_override:
        return str(case.priority)
    return str(priority_of(Severity(one["severity"]), Urgency(one["urgency"])))  # type: ignore[call-arg]


def news(case: Case, told: Sequence[Told]) -> Iterator[Told]:
    """Pick out what happened since the last phase that the case knows."""
    last = case.phases[-1]["at"] if case.phases else ""
    return (one for one in told if one["at"] > last)


def _without_time(one: Told) -> Told:
    return {name: value for name, value in one.items() if name != "at"}
