"""What the palette (Ctrl+K) offers beside commands: the same finds as the box, and the way to the box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.desktop.commands import PaletteItem
from escalation_desk.desktop.search.lines import GROUPS
from escalation_desk.i18n import _
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from escalation_desk.desktop.commands.palette import Offer, Provider
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.search.box import SearchBox
    from escalation_desk.journal.searching import Hit

_KINDS = ("case", "seller")
_EACH = 5


def finds(frame: Frame, box: SearchBox | None = None) -> Provider:
    """Make a provider for the palette: cases and sellers by a few letters, and everything else through the box."""

    def provide(text: str, offer: Offer) -> None:
        def show(hits: list[Hit]) -> None:
            items = [_item(frame, hit) for hit in hits]
            if box is not None:
                whole = _("Search everything for “{text}”", text=text)
                items.append(PaletteItem(whole, lambda: box.show_text(text), sign="search"))
            offer(items)

        frame.verbs.ask(lambda made: search(made, text, kinds=_KINDS, limit=_EACH), show)

    return provide


def _item(frame: Frame, hit: Hit) -> PaletteItem:
    kind, record = hit.leads_to
    label, sign = GROUPS[hit.kind]
    run = (lambda: frame.open_case(record)) if kind == "case" else (lambda: frame.open_seller(record))
    return PaletteItem(hit.title, run, kind=_(label), sign=sign)
