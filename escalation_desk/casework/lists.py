"""How a list is asked for: which records, in which order, grouped by what. Plain data, so that a view can be kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Op(StrEnum):
    """How a field is compared."""

    IS = "is"
    NOT = "not"
    ANY = "any"
    NONE = "none"
    EMPTY = "empty"
    FILLED = "filled"
    BEFORE = "before"
    FROM = "from"
    WITHIN = "within"
    HAS = "has"
    CONTAINS = "contains"
    UNSEEN = "unseen"


class Condition(NamedTuple):
    """One thing that must hold. `value` is JSON: one value; for ANY and NONE a list of them, for WITHIN pairs."""

    field: str
    op: Op
    value: Any = None


class Order(NamedTuple):
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of one kind of record. Without an order the newest come first."""

    kind: str = "case"
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    search: str = ""
    group: str | None = None

    def also(self, *conditions: Condition) -> ListQuery:
        return replace(self, where=(*self.where, *conditions))

    def to_data(self) -> dict[str, Any]:
        """Write the query as what a saved view keeps."""
        return {
            "where": [[c.field, str(c.op), c.value] for c in self.where],
            "order": [[o.field, o.descending] for o in self.order],
            "search": self.search,
            "group": self.group,
        }

    @classmethod
    def from_data(cls, kind: str, data: Mapping[str, Any]) -> ListQuery:
        return cls(
            kind,
            tuple(Condition(name, Op(op), value) for name, op, value in data.get("where", ())),
            tuple(Order(name, bool(descending)) for name, descending in data.get("order", ())),
            data.get("search", ""),
            data.get("group"),
        )
