"""For which live cases a policy is and which of them it is taken for, so that a lead sees what a policy does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, cast

from escalation_desk.casework.choices import PartyKind
from escalation_desk.casework.clocks.conditions import fitting
from escalation_desk.journal.clocks.rules import rules_of
from escalation_desk.journal.rows import from_row, shape_of

if TYPE_CHECKING:
    from escalation_desk.casework.case import Case
    from escalation_desk.casework.clocks.records import SlaPolicy
    from escalation_desk.journal.connection import Connection

_LOOKED_AT = 500
_KINDS = {str(one): one for one in PartyKind}


class Fit(NamedTuple):
    """How many of the latest live cases were looked at, which fit, and for which of those it is the first that does."""

    looked_at: int
    fits: int
    taken: tuple[str, ...]


def fit_of(made: Connection, policy: SlaPolicy) -> Fit:
    """Look at the latest live cases."""
    shape, rules = shape_of("case"), rules_of(made)
    rows = made.execute(f"{shape.select} WHERE live ORDER BY received_at DESC LIMIT {_LOOKED_AT}").fetchall()
    cases = [cast("Case", from_row(shape, row)) for row in rows]
    asked = json.dumps([one.requester for one in cases if one.requester])
    found = made.execute("SELECT id, party_kind FROM party WHERE id IN (SELECT value FROM json_each(?))", (asked,))
    kinds = {party: _KINDS[kind] for party, kind in found}
    told = [(one, kinds.get(one.requester or "")) for one in cases]
    fits = fitting(policy, told)
    kind_of = {one.id: kind for one, kind in told}
    chosen = ((one, rules.choose(one, kind_of[one.id], policy.form)) for one in fits)
    return Fit(len(cases), len(fits), tuple(one.case_no for one, first in chosen if first and first.id == policy.id))
