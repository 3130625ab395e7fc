"""Says in words by what a list is narrowed, grouped and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from escalation_desk.casework.listed import listed_fields
from escalation_desk.desktop.queue.facets import facet_of, label_of_key
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.lists import Order
    from escalation_desk.casework.views import Now
    from escalation_desk.desktop.queue.views import Look
    from escalation_desk.journal.connection import Connection


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One chip: what it takes away, and its words."""

    code: str
    text: str


def narrowings(made: Connection, look: Look, now: Now) -> list[Narrowing]:
    """Make the chips above the list; a single sort key shows in the header already."""
    found = []
    for code, keys in look.picks.items():
        facet = facet_of("case", code, now)
        if facet is not None:
            words = ", ".join(label_of_key(made, facet, key) for key in keys)
            found.append(Narrowing(code, _("{filter}: {values}", filter=_(facet.label), values=words)))
    grouping = facet_of("case", look.group, now) if look.group else None
    if grouping:
        found.append(Narrowing("group", _("Grouped by {field}", field=_(grouping.label))))
    if len(look.order) > 1:
        found.append(Narrowing("order", _("Sorted by {fields}", fields=_in_words(look.order))))
    return found


def _in_words(order: tuple[Order, ...]) -> str:
    labels = {f.name: f.label for f in listed_fields("case")}
    return ", ".join(f"{_(labels.get(key.field, key.field))} {'↓' if key.descending else '↑'}" for key in order)
