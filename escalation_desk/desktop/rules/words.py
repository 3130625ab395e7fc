"""For whom a policy is, in words: the kinds of requester, and each condition with the labels of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import PartyKind
from escalation_desk.casework.clocks.conditions import REQUESTER_KIND
from escalation_desk.casework.fields import field_of
from escalation_desk.casework.lists import Op
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.clocks.records import SlaPolicy
    from escalation_desk.journal.clocks.previewing import Fit

_SIGNS = {Op.NOT: " ≠", Op.NONE: " ≠", Op.FILLED: " ≠", Op.BEFORE: " <", Op.FROM: " ≥"}


def for_whom(policy: SlaPolicy) -> str:
    """Say for which cases a policy is."""
    parts = [", ".join(sorted(_(kind.label) for kind in policy.requester_kinds))] if policy.requester_kinds else []
    parts += [_condition(one) for one in policy.conditions]
    return _("For: {whom}", whom=" · ".join(parts)) if parts else _("For every case that no earlier policy takes.")


def _condition(one: Mapping[str, Any]) -> str:
    name = str(one["field"])
    label, choices = (
        (_("Requester"), PartyKind)
        if name == REQUESTER_KIND
        else (_(field_of(Case, name).label), field_of(Case, name).choices)
    )
    wanted = one.get("value")
    values = wanted if isinstance(wanted, list) else [wanted]
    said = ", ".join("–" if value is None else _word(choices, value) for value in values)
    return f"{label}{_SIGNS.get(Op(one['op']), ':')} {said}"


def _word(choices: type[Choice] | None, value: Any) -> str:
    return next((_(one.label) for one in choices or () if str(one) == str(value)), str(value))


def fit_said(fit: Fit) -> str:
    """Say how many of the latest live cases it fits and for how many it is taken."""
    return n_(
        "Of the {looked} latest live cases it fits {n}, and is the first to fit {taken}.",
        "Of the {looked} latest live cases it fits {n}, and is the first to fit {taken}.",
        fit.fits,
        looked=fit.looked_at,
        taken=len(fit.taken),
    )
