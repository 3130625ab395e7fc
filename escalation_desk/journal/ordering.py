"""By what lists are ordered and records looked up: the words that queries and indexes share.

They stand apart from the tables, which load SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.fields import Kind
from escalation_desk.casework.listed import THROUGH

if TYPE_CHECKING:
    from escalation_desk.casework.fields import Field

NUMBERS = {Kind.INTEGER, Kind.FLAG, Kind.DECIMAL}
EMPTY_NUMBER = 2**63 - 1

LAST = "\uffff"
"""Sorts after every text: what an empty value counts as in an ordered list."""


LIVE_INDEX = "case_live"
"""The index that answers by itself what is asked all day: which live cases, how many, which is the next best."""

FILTER_INDEX = "case_filtered"
"""The index of what is narrowed down most: whose cases, in which state, how urgent."""

OFFERED_INDEX = "case_offered"
"""The index of the few live cases that are offered to somebody."""

LIVE_FACTS = frozenset(
    {
        "live",
        "flagged",
        "high_risk",
        "next_due_at",
        "breach_due_at",
        "sla_due_at",
        "missed_from",
        "priority",
        "owner",
        "status",
        "waiting_on",
        "last_activity_at",
        "promise_due_at",
        "team",
        "watchers",
    }
)


def points(field: Field) -> bool:
    """Whether records are looked up by what this field points to."""
    return field.declared.refers_to in {"case", "seller", "party", "problem"} and field.kind is Kind.TEXT


_THROUGH = {through.name: (kind, through) for kind, found in THROUGH.items() for through in found}


def column(field: Field) -> str:
    """Say where the value of a field stands: in the row, or in the row that one of its fields points to."""
    kind, through = _THROUGH.get(field.name, (None, None))
    if through is None:
        return f'"{field.name}"'
    row = f'"{through.kind}" t WHERE t.id = "{kind}"."{through.pointer}"'
    return f'(SELECT t."{through.field}" FROM {row})'  # noqa: S608 - declared names.


def order_expression(field: Field) -> str:
    """Say by what a list is ordered: the column, with empty values after all others. Indexes use the same words."""
    if not field.optional:
        return column(field)
    last = str(EMPTY_NUMBER) if field.kind in NUMBERS else f"'{LAST}'"
    return f"ifnull({column(field)}, {last})"
