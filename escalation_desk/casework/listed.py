"""By what a list is narrowed, grouped and told: a record's own fields, and what stands in a record it points to."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from escalation_desk.casework.fields import Field, Show, field_of, fields_of
from escalation_desk.casework.kinds import kind_of


class Through(NamedTuple):
    """A field of the record that a field of ours points to; what is declared there holds here too."""

    name: str
    pointer: str
    kind: str
    field: str


THROUGH: Final = {"case": (Through("requester_kind", "requester", "party", "party_kind"),)}
"""Whose matter a case is, customer, seller or creator, is what its requester is: it is kept there, and never twice."""


def listed_fields(kind: str) -> tuple[Field, ...]:
    return (*fields_of(kind_of(kind)), *_beside(kind))


@cache
def _beside(kind: str) -> tuple[Field, ...]:
    return tuple(map(_seen_from_here, THROUGH.get(kind, ())))


def _seen_from_here(through: Through) -> Field:
    there = field_of(kind_of(through.kind), through.field)
    declared = there.declared._replace(show=frozenset({Show.SHEET}), computed=True, sortable=False)
    return there._replace(name=through.name, optional=True, default=None, declared=declared)
