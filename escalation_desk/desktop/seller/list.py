"""The sellers: mine, those to be spoken to, those at risk, all; with open cases, last and next contact, promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.seller import Seller
from escalation_desk.casework.spans import DUE
from escalation_desk.casework.views import SELLER_VIEWS
from escalation_desk.desktop.plain import EmptyState, button
from escalation_desk.desktop.queue.facets import Facet
from escalation_desk.desktop.seller.asking import ask_line
from escalation_desk.desktop.seller.records import RecordsPlace
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work

_SHOWS: Final = ("seller", "seller_note", "case", "follow_up", "user")


class SellersPlace(RecordsPlace):
    """The middle of the window while people look after sellers."""

    icon: Final = "sellers"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, "seller", SELLER_VIEWS, _("Sellers"), _SHOWS)
        self.new = button(_("New seller"), self.ask_new, sign="plus")
        self.head.acts.addWidget(self.new)
        self.table.set_empty(
            EmptyState(
                "sellers",
                _("No seller here"),
                _("New seller"),
                self.ask_new,
                detail=_("Sellers come with imported cases; you can also write one down, or choose another view."),
            )
        )

    def grouping(self) -> Facet | None:
        """Group by the day of the next contact."""
        now = self.now()
        return Facet("due", DUE.label, spans=DUE._replace(field="next_contact_at"), now=now)

    def open_record(self, record: str) -> None:
        self._frame.open_seller(record)

    def ask_new(self) -> None:
        """Ask for the name of a shop, and open its page."""
        ask_line(self, _("What is the shop called?"), _("Write down"), self._add)

    def _add(self, name: str) -> None:
        me = self._frame.verbs.me

        def operate(work: Work) -> str:
            return work.add(Seller(shop_name=name, market=me.market, relationship_owner=me.id)).id

        self._frame.verbs.do(N_("New seller {seller}"), operate, self._frame.open_seller, seller=name)
