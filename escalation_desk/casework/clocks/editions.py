"""How policies are changed: a change is a new edition; cases keep the one that they were given."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Priority
from escalation_desk.casework.clocks.conditions import COMPARED, REQUESTER_KIND
from escalation_desk.casework.clocks.policies import in_order
from escalation_desk.casework.lists import Op
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from escalation_desk.casework.clocks.records import SlaPolicy


class Overlap(NamedTuple):
    """Two policies of which the order matters more than it should."""

    first: SlaPolicy
    second: SlaPolicy
    why: str


def new_edition(old: SlaPolicy, **changes: Any) -> SlaPolicy:
    """Make the next edition of a policy, still without an id; the old one is for the journal to switch off."""
    made = replace(old, edition=old.edition + 1, active=True, **_NOT_KEPT, **changes)
    check(made)
    return made


_NOT_KEPT: dict[str, Any] = {"id": "", **dict.fromkeys(("created_at", "created_by", "updated_at", "updated_by"))}


def check(policy: SlaPolicy) -> None:
    """Refuse a policy that no clock could run by."""
    if not policy.targets:
        raise Refused(_("The policy “{name}” has no targets; give it one for each priority.", name=policy.code))
    for target in policy.targets:
        if target.get("priority") not in list(Priority) or not target.get("calendar"):
            raise Refused(_("Each target of a policy names a priority, P0 to P3, and a calendar."))
        for name, minutes in target.items():
            if name.endswith("_min") and not (isinstance(minutes, int) and 0 <= minutes <= _LONGEST):
                raise Refused(
                    _("Targets are whole minutes from 0 to 525600, which is a year; “{n}” is not.", n=minutes)
                )
    for condition in policy.conditions:
        _check_condition(condition)


_LONGEST = 365 * 24 * 60


def _check_condition(condition: Mapping[str, Any]) -> None:
    name = condition.get("field")
    if name != REQUESTER_KIND and name not in {one.name for one in fields(Case)}:
        raise Refused(_("“{field}” is no field of a case; choose one for the condition.", field=name))
    if condition.get("op") not in {str(op) for op in COMPARED}:
        raise Refused(_("“{op}” is no way to compare; choose another for the condition.", op=condition.get("op")))


def overlaps(policies: Iterable[SlaPolicy]) -> tuple[Overlap, ...]:
    """Find policies that are never reached because an earlier one takes all their cases, or that stand level."""
    ordered = in_order(policies)
    pairs = ((first, second) for at, second in enumerate(ordered) for first in ordered[:at])
    judged = (Overlap(first, second, _overlap(first, second)) for first, second in pairs if first.form is second.form)
    return tuple(one for one in judged if one.why)


NEVER_REACHED = N_("Never reached: an earlier policy takes every case that it is for.")
STAND_LEVEL = N_("Both have the same order and can hold for one case; give one of them an earlier order.")


def _overlap(first: SlaPolicy, second: SlaPolicy) -> str:
    kinds = not first.requester_kinds or (
        bool(second.requester_kinds) and second.requester_kinds <= first.requester_kinds
    )
    if kinds and all(one in second.conditions for one in first.conditions):
        return NEVER_REACHED
    if first.place == second.place and _can_meet(first, second):
        return STAND_LEVEL
    return ""


def _can_meet(first: SlaPolicy, second: SlaPolicy) -> bool:
    """Say whether one case could fulfil both: their kinds have one in common, and no field must be two things."""
    if first.requester_kinds and second.requester_kinds and not first.requester_kinds & second.requester_kinds:
        return False
    return not any(_exclude(one, other) for one in first.conditions for other in second.conditions)


def _exclude(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    same = one["field"] == other["field"] and one["op"] == other["op"] == Op.IS
    return same and one.get("value") != other.get("value")
