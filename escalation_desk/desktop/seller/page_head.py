"""The head of a seller's page: name, ids, where it sells, how it stands, who looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Banner, Chip, PlainLabel, pretends, visible
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.journal.about_seller import About


class PageHead(QWidget):
    """Shows who it is; tells which seller to open where this one was merged."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        letters = look().letters
        self.name = PlainLabel("", Role.TITLE, wrap=True).selectable()
        self.facts = PlainLabel("", Role.SMALL, wrap=True).selectable()
        self.why = PlainLabel("", wrap=True).selectable()
        self._chips = QWidget()
        self._flow = Flow(self._chips, letters.tight)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._merged: Banner | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(letters.tight)
        for part in (self.name, self._chips, self.facts, self.why):
            self._column.addWidget(part)

    def show_about(self, about: About) -> None:
        seller = about.seller
        self.name.setText(visible(seller.shop_name))
        self._flow.clear()
        for choice in (seller.risk, seller.status, seller.segment, seller.platform, seller.market):
            if choice:
                self._flow.addWidget(Chip.of(choice))
        if seller.creator:
            self._flow.addWidget(Chip(_("Creator"), Tone.VIOLET, "★"))
        if pretends(seller.shop_name):
            self._flow.addWidget(Chip(_("The name mixes alphabets"), Tone.SERIOUS, "▲"))
        self._flow.invalidate()
        self._chips.updateGeometry()
        owner = about.name("user", seller.relationship_owner) if seller.relationship_owner else _("nobody yet")
        facts = [*sorted(seller.external_ids), seller.legal_name, _("looked after by {name}", name=owner)]
        self.facts.setText(" · ".join(fact for fact in facts if fact))
        self.why.setText(_("Why this risk: {why}", why=seller.risk_reason) if seller.risk_reason else "")
        self.why.setVisible(bool(seller.risk_reason))
        self._show_merged(about)

    def _show_merged(self, about: About) -> None:
        if self._merged is not None:
            self._column.removeWidget(self._merged)
            self._merged.hide()
            self._merged.deleteLater()
            self._merged = None
        into = about.merged_into
        if into is not None:
            sentence = _("This shop is merged into {seller}.", seller=into.shop_name)
            self._merged = Banner(
                sentence, Tone.ACCENT, _("Open it"), lambda: self.opened.emit(into.id), closable=False
            )
            self._column.insertWidget(0, self._merged)
