"""What stands around the list once there is something to show: chips, facets, the bar for many, the word for none.

A first page shows none of them, so each is made, and its modules are loaded, when it is to be shown first.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.plain import EmptyState
    from escalation_desk.desktop.queue.bulk_bar import BulkBar
    from escalation_desk.desktop.queue.chips import FilterChips
    from escalation_desk.desktop.queue.facet_side import FacetSide
    from escalation_desk.desktop.queue.narrowing import Narrowing
    from escalation_desk.desktop.queue.place import QueuePlace


class Beside:
    """Makes the parts of one queue, puts them where they belong, and says what they show."""

    def __init__(self, frame: Frame, place: QueuePlace) -> None:
        self._frame = frame
        self._place = place

    @cached_property
    def chips(self) -> FilterChips:
        """By what the list is narrowed, above it."""
        from escalation_desk.desktop.queue.chips import FilterChips  # See the module.

        made = FilterChips()
        made.removed.connect(self._place.take_away)
        self._place.column.insertWidget(self._place.column.indexOf(self._place.body), made)
        return made

    @cached_property
    def facets(self) -> FacetSide:
        """The values by which the list can be narrowed, at its left."""
        from escalation_desk.desktop.queue.facet_side import FacetSide  # See the module.

        made = FacetSide(self._frame, self._place.now)
        made.hide()
        made.picked.connect(self._place.pick)
        self._place.body.insertWidget(0, made)
        self._place.body.setStretchFactor(1, 1)
        return made

    @cached_property
    def bulk(self) -> BulkBar:
        """What can be done with several selected cases, below the list."""
        from escalation_desk.desktop.queue.bulk_bar import BulkBar  # See the module.

        made = BulkBar()
        made.cleared.connect(self._place.table.clearSelection)
        made.asked.connect(self._ask_bulk)
        made.more_asked.connect(self._place.menu_asked)
        self._place.column.addWidget(made)
        return made

    @cached_property
    def nothing(self) -> EmptyState:
        """What stands in the place of the list where it is empty."""
        from escalation_desk.desktop.plain import EmptyState  # See the module.

        act = self._place.clear
        made = EmptyState("queue", _(_NOTHING), _("Take all filters away"), act, detail=_(_WHAT_NEXT))
        self._place.table.set_empty(made)
        return made

    def show_chips(self, chips: Sequence[Narrowing]) -> None:
        if chips or self._is_made("chips"):
            self.chips.show_chips(chips)

    def show_facets(self, *, shown: bool) -> None:
        if shown is not (self._is_made("facets") and not self.facets.isHidden()):
            self.facets.setVisible(shown)
            self.follow()

    def follow(self) -> None:
        """Count the facets for what is looked at now."""
        if self._is_made("facets"):
            self.facets.follow(self._place.look)

    def show_selected(self, count: int) -> None:
        if count > 1 or self._is_made("bulk"):
            self.bulk.show_count(count)

    def show_count(self, count: int) -> None:
        if not count:
            _made = self.nothing  # From there on the table shows it whenever it is empty.

    def _ask_bulk(self, what: str) -> None:
        self._place.acts.bulk(what)

    def _is_made(self, part: str) -> bool:
        return part in vars(self)


_NOTHING: Final = N_("No case here")
_WHAT_NEXT: Final = N_("Choose another view at the left, or take filters away above the list.")
