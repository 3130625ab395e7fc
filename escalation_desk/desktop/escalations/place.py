"""The escalations of the desk by view, what nobody has acknowledged on top; a row opens its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.views import ESCALATION_VIEWS
from escalation_desk.desktop.escalations.rules_dialog import open_rules
from escalation_desk.desktop.escalations.words_dialog import open_words
from escalation_desk.desktop.plain import EmptyState, button
from escalation_desk.desktop.seller.records import RecordsPlace
from escalation_desk.i18n import _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame

_SHOWS: Final = ("escalation", "case", "authority", "user")


class EscalationsPlace(RecordsPlace):
    """The middle of the window while people wait for decisions."""

    icon: Final = "escalations"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, Escalation.kind, ESCALATION_VIEWS, _("Escalations"), _SHOWS)
        self.rules = button(_("Authorities and rules…"), lambda: open_rules(frame))
        self.words = button(_("Words of risk…"), lambda: open_words(frame))
        for one in (self.words, self.rules):
            self.head.acts.addWidget(one)
        self.table.set_empty(
            EmptyState(
                "escalations",
                _("No escalation here"),
                detail=_("A case is escalated from its page, with Alt+Z; choose another view to see the rest."),
            )
        )

    def open_record(self, record: str) -> None:
        """Open the case that was escalated."""
        self._frame.verbs.ask(
            lambda made: reading.record(made, Escalation, record), lambda found: self._frame.open_case(found.case)
        )
