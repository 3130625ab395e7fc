"""Two records of one seller or requester become one, and two again when that was wrong.

What points to the source points to the target afterwards: cases, shops that belong to it, what was merged into it
before. The source stays as another name of the target; its notes and promises stay its own and are shown with the
target's. So taking a merge apart needs nothing but the list of what was moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from escalation_desk.casework.people import Party
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.records import Record

POINTERS: Final = {
    "seller": (("case", "seller"), ("seller", "parent"), ("seller", "merged_into")),
    "party": (("case", "requester"), ("party", "merged_into")),
}
"""What points to a seller or a requester, and moves: kind of record and field."""

Merged = TypeVar("Merged", Seller, Party)


def merge(source: Merged, target: Merged, pointing: Iterable[tuple[Record, str]]) -> None:
    """Make the target stand for the source; `pointing` are the records and fields that point to the source."""
    refuse_merge(source, target)
    for record, name in pointing:
        setattr(record, name, None if record.id == target.id else target.id)
    _pin(source, target)
    source.merged_into = target.id


def unmerge(source: Merged, target: Merged, moved: Iterable[tuple[Record, str]]) -> None:
    """Make the source stand for itself again; of what was `moved`, that goes back which nobody has moved on since."""
    if source.merged_into != target.id:
        raise Refused(_("“{name}” is not merged into “{other}”.", name=source.name, other=target.name))
    for record, name in moved:
        if getattr(record, name) == target.id:
            setattr(record, name, source.id)
    _unpin(source, target)
    source.merged_into = None


def refuse_merge(source: Merged, target: Merged) -> None:
    """Refuse what would lose somebody: a merge with itself, of what is merged already, or into what is."""
    if source.id == target.id:
        raise Refused(_("“{name}” cannot be merged with itself; choose the other one.", name=source.name))
    if source.merged_into:
        raise Refused(_("“{name}” is merged already; take that merge apart first.", name=source.name))
    if target.merged_into:
        raise Refused(_("“{name}” is itself merged into another one; merge into that one instead.", name=target.name))


def _pin(source: Record, target: Record) -> None:
    """Let the target take over the pinned note where it has none."""
    if isinstance(source, Seller) and isinstance(target, Seller):
        target.pinned_note = target.pinned_note or source.pinned_note


def _unpin(source: Record, target: Record) -> None:
    if isinstance(source, Seller) and isinstance(target, Seller) and target.pinned_note == source.pinned_note:
        target.pinned_note = None
