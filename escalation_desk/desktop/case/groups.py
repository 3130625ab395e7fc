"""The form of a case as data: which fields stand together, in which order; what is declared later comes last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.case import FAMILY_FIELDS, Case
from escalation_desk.casework.fields import Show, fields_of
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.choices import CaseFamily

IN_THE_HEAD: Final = frozenset({"title", "status", "owner"})
"""What stands above the form and has acts of its own."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading. Two names joined by + share a line."""

    code: str
    label: str
    names: tuple[str, ...]
    open: bool = True


GROUPS: Final = (
    Group("matter", N_("The matter"), ("summary", "description", "reason", "family")),
    Group(
        "weight",
        N_("How bad and how urgent"),
        ("severity+urgency", "risk_flags", "temperature", "priority_override", "priority_reason"),
    ),
    Group(
        "order",
        N_("Order and money"),
        ("orders", "products", "carrier+tracking", "amount+currency", "affected_count"),
    ),
    Group("waiting", N_("Waiting"), ("waiting_on+waiting_until", "waiting_for", "decision_needed", "due_at")),
    Group(
        "outcome",
        N_("Outcome"),
        (
            "resolution_code",
            "resolution_summary",
            "no_contact_reason",
            "fault_party+fault_code",
            "root_cause",
            "customer_benefit",
            "cost+cost_approved_by",
        ),
        open=False,
    ),
    Group(
        "closing",
        N_("Check and close"),
        (
            "verified_how",
            "verified_result",
            "knowledge+knowledge_article",
            "knowledge_why",
            "bad_case",
            "bad_case_why",
            "mitigated_at",
        ),
        open=False,
    ),
    Group(
        "tier1",
        N_("From Tier 1"),
        (
            "requester_expects",
            "tier1_summary",
            "tried_before",
            "escalation_reason",
            "tier1_agent+tier1_team",
            "external_tickets",
        ),
        open=False,
    ),
    Group(
        "people",
        N_("People and place"),
        ("requester", "seller", "team", "collaborators", "watchers", "language+market", "platform+channel", "source"),
    ),
    Group("labels", N_("Labels"), ("tags",)),
)

_AFTER_FAMILY: Final = "family"
_FAMILY_FIELDS: Final = frozenset(name for names in FAMILY_FIELDS.values() for name in names)


def groups_for(family: CaseFamily, filled: Iterable[str] = ()) -> tuple[Group, ...]:
    """Lay out the form for a kind of case; fields of other kinds stay while something stands in them."""
    own = FAMILY_FIELDS.get(family, ())
    left_over = [name for name in filled if name in _FAMILY_FIELDS and name not in own]
    return tuple(_with_family(group, (*own, *left_over)) for group in (*GROUPS, *_rest()))


def fields_shown() -> tuple[str, ...]:
    """Name every field that the form may show, whatever the kind of case."""
    return tuple(name for group in (*GROUPS, *_rest()) for line in group.names for name in line.split("+")) + tuple(
        sorted(_FAMILY_FIELDS)
    )


def _with_family(group: Group, names: tuple[str, ...]) -> Group:
    if _AFTER_FAMILY not in group.names:
        return group
    at = group.names.index(_AFTER_FAMILY) + 1
    return Group(group.code, group.label, (*group.names[:at], *names, *group.names[at:]), group.open)


def _rest() -> tuple[Group, ...]:
    """Gather what is declared for the form and has no place in a group yet."""
    placed = {name for group in GROUPS for line in group.names for name in line.split("+")}
    placed |= _FAMILY_FIELDS | IN_THE_HEAD
    names = tuple(f.name for f in fields_of(Case) if Show.FORM in f.declared.show and f.name not in placed)
    return (Group("more", N_("More"), names),) if names else ()
