"""The cards beside the timeline: contact and numbers, open promises, the other shops and names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import FollowUpState, PromisedBy
from escalation_desk.casework.promises import kept_rate
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.merging import alias_line
from escalation_desk.desktop.plain import Card, PlainLabel, button
from escalation_desk.desktop.queue.cells import kept_in_words
from escalation_desk.desktop.seller.link import Link
from escalation_desk.desktop.seller.promises import FollowUpLine
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from escalation_desk.casework.promises import FollowUp
    from escalation_desk.casework.seller import Seller
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.seller.deeds import FollowUpDeeds
    from escalation_desk.journal.about_seller import About


class ContactCard(Card):
    """When the seller was and will be spoken to, and how much of the desk the seller takes."""

    def __init__(self) -> None:
        super().__init__(_("Contact"))
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(look().letters.gap)
        self._form.setVerticalSpacing(look().letters.px(0.2))
        self.body.addLayout(self._form)
        self.values: dict[str, PlainLabel] = {}
        for code, label in _CONTACT:
            self.values[code] = PlainLabel("", wrap=True)
            self.values[code].setAccessibleName(_(label))
            name = PlainLabel(_(label), Role.SMALL)
            name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self._form.addRow(name, self.values[code])

    def show_about(self, about: About, clock: Clock) -> None:
        seller, numbers = about.seller, about.numbers
        said = {
            "last": _said(clock, seller.last_contact_at),
            "next": clock.due(seller.next_contact_at) or "–",
            "every": _rhythm(seller),
            "year": f"{numbers.cases_in_a_year:,}",
            "live": f"{numbers.live:,}",
            "oldest": clock.age(numbers.oldest_live) or "–",
        }
        for code, text in said.items():
            self.values[code].setText(text)
        self.values["next"].set_tone(clock.due_tone(seller.next_contact_at))


_CONTACT = (
    ("last", N_("Last contact")),
    ("next", N_("Next contact")),
    ("every", N_("Rhythm")),
    ("year", N_("Cases in 12 months")),
    ("live", N_("Live now")),
    ("oldest", N_("Oldest live case")),
)


def _rhythm(seller: Seller) -> str:
    """Say how often the seller is spoken to, and where that comes from if nobody has agreed on it."""
    if not seller.rhythm:
        return "–"
    every = n_("every day", "every {n} days", seller.rhythm)
    if seller.contact_every_days is not None:
        return every
    why = [seller.segment.label, *([seller.risk.label] if seller.risk else [])]
    return _("{every} (usual for: {why})", every=every, why=", ".join(_(one) for one in why))


def _said(clock: Clock, at: datetime | None) -> str:
    if at is None:
        return _("never")
    return _("{at}, {age} ago", at=clock.short(at), age=clock.age(at))


class PromisesCard(Card):
    """The open promises of both sides, the most urgent first, and how many were kept."""

    def __init__(self, deeds: FollowUpDeeds) -> None:
        super().__init__(_("Open promises and follow-ups"))
        self._deeds = deeds
        self._lines = QVBoxLayout()
        self._lines.setSpacing(look().letters.gap)
        self.body.addLayout(self._lines)

    def show_about(self, about: About, clock: Clock) -> None:
        _empty(self._lines)
        open_ones = [one for one in about.follow_ups if one.state is FollowUpState.OPEN]
        for one in sorted(open_ones, key=_due):
            self._lines.addWidget(FollowUpLine(one, clock, self._deeds, about.name))
        if not open_ones:
            self._lines.addWidget(PlainLabel(_("Nothing is promised at the moment."), Role.MUTED, wrap=True))
        for by, sentence in _KEPT.items():
            rate = kept_rate(about.follow_ups, clock.now, by)
            said = _(sentence, rate=kept_in_words(rate))
            moved = n_("{n} of them was moved", "{n} of them were moved", rate.moved) if rate.moved else ""
            self._lines.addWidget(PlainLabel(" · ".join(filter(None, (said, moved))), Role.SMALL, wrap=True))


_KEPT = {
    PromisedBy.US: N_("Our promises kept: {rate}"),
    PromisedBy.THEM: N_("Their promises kept: {rate}"),
}


def _due(one: FollowUp) -> datetime:
    return one.due_at or datetime.max.replace(tzinfo=UTC)


class RelationsCard(Card):
    """Other names of the seller, the company it belongs to, its other shops. Asks to merge and takes merges apart."""

    opened = Signal(str)
    merge_asked = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("Other shops and names"))
        self._frame = frame
        self._lines = QVBoxLayout()
        self._lines.setSpacing(look().letters.tight)
        self.body.addLayout(self._lines)
        self.merge = button(_("Merge another shop into this one"), self.merge_asked.emit, kind="quiet", sign="merge")
        self.body.addWidget(self.merge)

    def show_about(self, about: About) -> None:
        _empty(self._lines)
        self.merge.setVisible(about.merged_into is None)
        if about.parent:
            self._link(_("Belongs to"), about.parent)
        for shop in about.shops:
            self._link(_("Shop of this company"), shop)
        for alias in about.aliases:
            self._lines.addWidget(alias_line(self._frame, about.seller, alias))
        if not (about.parent or about.shops or about.aliases):
            self._lines.addWidget(PlainLabel(_("None known."), Role.MUTED))

    def _link(self, what: str, seller: Seller) -> None:
        row = QHBoxLayout()
        row.addWidget(PlainLabel(what, Role.SMALL))
        row.addWidget(Link(seller.shop_name, lambda: self.opened.emit(seller.id)), 1)
        row.addStretch()
        self._lines.addWidget(_held(row))


def _held(row: QHBoxLayout) -> QWidget:
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.tight)
    holder = QWidget()
    holder.setLayout(row)
    return holder


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
