"""Every kind of record the desk keeps, by the name that tables, changes and messages use."""

from __future__ import annotations

from escalation_desk.casework import case, conflicts, desk, people, promises, seller, timeline
from escalation_desk.casework.records import KINDS, Record

__all__ = ["KINDS", "kind_of"]

_DECLARED_IN = (case, conflicts, desk, people, promises, seller, timeline)


def kind_of(name: str) -> type[Record]:
    """Find a kind by name; KeyError for one this version does not know."""
    return KINDS[name]
