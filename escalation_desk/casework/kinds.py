"""Every kind of record the desk keeps, by the name that tables, changes and messages use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

from escalation_desk.casework import records

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record

__all__ = ["CODED", "COUNTED", "KINDS", "kind_of"]

CODED: Final = frozenset({"reason", "fault_code", "authority", "poc_team", "calendar"})
"""Kinds that records name by code, not by id; their names are `labels` in each language."""

_DECLARED_IN: Final = {
    "case": "case",
    "conflict": "conflicts",
    "reason": "desk",
    "macro": "desk",
    "view": "desk",
    "import_batch": "desk",
    "import_profile": "desk",
    "export": "desk",
    "user": "people",
    "team": "people",
    "party": "people",
    "follow_up": "promises",
    "seller": "seller",
    "seller_note": "seller",
    "message": "timeline",
    "clarification": "timeline",
    "attachment": "timeline",
    "absence": "absence",
    "calendar": "clocks.records",
    "holiday": "clocks.records",
    "sla_policy": "clocks.records",
    "deadline_rule": "clocks.records",
    "deadline": "clocks.records",
    "fault_code": "closing.records",
    "root_cause": "closing.records",
    "peer_review": "closing.records",
    "exception": "closing.records",
    "authority": "escalating.records",
    "authority_rule": "escalating.records",
    "risk_word": "escalating.records",
    "escalation": "escalating.records",
    "poc_team": "contacts.records",
    "poc": "contacts.records",
    "routing_rule": "contacts.records",
    "poc_request": "contacts.records",
    "case_link": "linking.records",
    "problem": "linking.records",
    "article": "knowing.records",
    "procedure": "knowing.records",
    "checklist": "knowing.records",
}
"""The module of each kind. It is loaded when the kind is first asked for: a first page knows cases and people only."""

COUNTED: Final = {"clock": "clocks.kept"}
"""Kinds that are counted from the others: listed like them, but never journaled, shared or searched."""


class _Kinds(Mapping[str, "type[Record]"]):
    def __getitem__(self, name: str) -> type[Record]:
        found = records.KINDS.get(name)
        if found is None:
            import_module(f"{records.__package__}.{(_DECLARED_IN | COUNTED)[name]}")
            found = records.KINDS[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in _DECLARED_IN

    def __iter__(self) -> Iterator[str]:
        return iter(_DECLARED_IN)

    def __len__(self) -> int:
        return len(_DECLARED_IN)


KINDS: Final = _Kinds()


def kind_of(name: str) -> type[Record]:
    """Find a kind by name; KeyError for one this version does not know."""
    return KINDS[name]
