"""For which cases a policy is: conditions over the fields of a case and the kind of its requester; their preview."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.lists import Op

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import PartyKind
    from escalation_desk.casework.clocks.records import SlaPolicy

REQUESTER_KIND = "requester_kind"
"""What a condition calls the kind of the requester; every other name is a field of the case."""


class Matched(NamedTuple):
    """One test of a policy on a case, for the preview: what was asked, what the case says, whether it holds."""

    field: str
    op: str
    wanted: Any
    found: Any
    holds: bool


def holds(policy: SlaPolicy, case: Case, requester_kind: PartyKind | None) -> bool:
    """Say whether a policy is for a case.

    Where nobody knows what kind the requester is, other conditions must speak for the policy.
    """
    return all(one.holds for one in preview(policy, case, requester_kind))


def preview(policy: SlaPolicy, case: Case, requester_kind: PartyKind | None) -> tuple[Matched, ...]:
    """List what a policy asks of a case and what it finds, so that a lead sees why it is taken or not."""
    asked = _conditions(policy, case, requester_kind)
    if not policy.requester_kinds:
        return asked
    kinds = sorted(map(str, policy.requester_kinds))
    fits = requester_kind in policy.requester_kinds or (requester_kind is None and bool(policy.conditions))
    return (Matched(REQUESTER_KIND, Op.ANY, kinds, requester_kind, fits), *asked)


def _conditions(policy: SlaPolicy, case: Case, requester_kind: PartyKind | None) -> tuple[Matched, ...]:
    made = []
    for one in policy.conditions:
        name, op, wanted = str(one.get("field")), str(one.get("op")), one.get("value")
        found = requester_kind if name == REQUESTER_KIND else getattr(case, name, None)
        made.append(Matched(name, op, wanted, found, _compare(op, found, wanted)))
    return tuple(made)


def _compare(op: str, found: Any, wanted: Any) -> bool:
    """Compare; what a newer version of the program asks, or what makes no sense, does not hold."""
    if op not in _KNOWN:
        return False
    try:
        if isinstance(found, datetime) and isinstance(wanted, str):
            wanted = datetime.fromisoformat(wanted)
        return COMPARED[Op(op)](found, wanted)
    except (TypeError, ValueError):
        return False


def _one_of(found: Any, wanted: Any) -> bool:
    return bool(set(found) & set(wanted)) if isinstance(found, frozenset) else found in wanted


COMPARED: dict[Op, Callable[[Any, Any], bool]] = {
    Op.IS: lambda found, wanted: bool(found == wanted),
    Op.NOT: lambda found, wanted: bool(found != wanted),
    Op.ANY: _one_of,
    Op.NONE: lambda found, wanted: not _one_of(found, wanted),
    Op.EMPTY: lambda found, _wanted: not found,
    Op.FILLED: lambda found, _wanted: bool(found),
    Op.BEFORE: lambda found, wanted: found is not None and bool(found < wanted),
    Op.FROM: lambda found, wanted: found is not None and bool(found >= wanted),
    Op.HAS: lambda found, wanted: found is not None and wanted in found,
    Op.CONTAINS: lambda found, wanted: found is not None and str(wanted).casefold() in str(found).casefold(),
}
_KNOWN = frozenset(map(str, COMPARED))


def fitting(policy: SlaPolicy, cases: Iterable[tuple[Case, PartyKind | None]]) -> list[Case]:
    """List the cases that a policy would hold for, for the preview of an edit."""
    return [case for case, kind in cases if holds(policy, case, kind)]
