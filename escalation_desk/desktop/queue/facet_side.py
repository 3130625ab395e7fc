"""Keeps the facets beside the list true: counts the unfolded ones whenever the list is looked at in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.desktop.queue.facet_panel import FIRST_OPEN, FacetPanel
from escalation_desk.desktop.queue.facets import facet_of, facets_of
from escalation_desk.desktop.queue.views import Look, query_of_look

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.views import Now
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection


class FacetSide(FacetPanel):
    """A facet panel that fills itself; hidden it asks nothing."""

    def __init__(self, frame: Frame, now: Callable[[], Now]) -> None:
        super().__init__()
        self._frame = frame
        self._now = now
        self._look = Look("mine")
        self._laid_out = False
        self.wanted.connect(self._fill)
        self.folded.connect(self._keep)

    def follow(self, looked: Look) -> None:
        """Count for another look."""
        self._look = looked
        if self.isHidden():
            return
        if not self._laid_out:
            self._laid_out = True
            unfolded: Any = self._frame.kept.get("queue.unfolded", list(FIRST_OPEN))
            self.show_facets(facets_of("case", self._now()), unfolded)
        else:
            for code in self.unfolded():
                self._fill(code)

    def _fill(self, code: str) -> None:
        now = self._now()
        facet = facet_of("case", code, now)
        if facet is None:
            return
        # A facet counts under all other ticks, not its own: else ticking one value would hide the others.
        look, ticked = self._look.picked(code, ()), self._look.picks.get(code, ())

        def count(made: Connection) -> Any:
            return facet.buckets(made, query_of_look(made, look, now))

        self._frame.verbs.ask(count, lambda values: self.show_values(code, values, ticked), slow=True)

    def _keep(self) -> None:
        self._frame.kept.put("queue.unfolded", self.unfolded())
