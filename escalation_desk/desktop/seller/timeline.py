"""The timeline of a seller: what was said, which cases came, what was promised; newest first, narrowed by kind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from escalation_desk.casework.choices import CaseStatus, NoteVisibility
from escalation_desk.casework.seller import EDIT_WINDOW
from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import Chip, EmptyState, PlainLabel, Sign, button
from escalation_desk.desktop.seller.link import Link
from escalation_desk.desktop.seller.moments import Moment, Sort, moments
from escalation_desk.desktop.seller.promises import FollowUpLine
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.seller import SellerNote
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.seller.deeds import FollowUpDeeds
    from escalation_desk.journal.about_seller import About

_AT_ONCE: Final = 40
_SIGNS: Final = {
    "call": "call",
    "message": "message",
    "meeting": "users",
    "warning": "alert",
    "session": "users",
    "promise": "promise",
    "feedback": "message",
    "preference": "star",
    "risk": "alert",
    "internal": "lock",
}


class Timeline(QWidget):
    """Shows what happened. Tells which case to open, which note to correct, to change or to reply to."""

    opened = Signal(str)
    corrected = Signal(object)
    replied = Signal(object)
    edited = Signal(object)

    def __init__(self, deeds: FollowUpDeeds, me: str) -> None:
        super().__init__()
        self._deeds = deeds
        self._me = me
        self._about: About | None = None
        self._clock: Clock | None = None
        self._sort = Sort.ALL
        self._shown = _AT_ONCE
        self.sorts: dict[Sort, QPushButton] = {}
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(letters.gap)
        bar = QWidget()
        flow = Flow(bar, letters.tight)
        flow.setContentsMargins(0, 0, 0, 0)
        for sort in Sort:
            made = button(_(sort.label), lambda sort=sort: self.narrow(sort), kind="quiet")  # type: ignore[misc]  # a word.
            made.setCheckable(True)
            self.sorts[sort] = made
            flow.addWidget(made)
        column.addWidget(bar)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(letters.gap)
        column.addWidget(self._holder)
        column.addStretch()
        self.narrow(Sort.ALL)

    def show_about(self, about: About, clock: Clock) -> None:
        self._about, self._clock = about, clock
        self._lay_out()

    def narrow(self, sort: Sort) -> None:
        """Show one kind only."""
        self._sort, self._shown = sort, _AT_ONCE
        for each, made in self.sorts.items():
            made.setChecked(each is sort)
        self._lay_out()

    def cards(self) -> list[QWidget]:
        found = (self._column.itemAt(at) for at in range(self._column.count()))
        return [widget for item in found if item and isinstance(widget := item.widget(), MomentCard)]

    def _more(self) -> None:
        self._shown += _AT_ONCE
        self._lay_out()

    def _lay_out(self) -> None:
        if self._about is None or self._clock is None:
            return
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        found = moments(self._about, self._sort)
        for moment in found[: self._shown]:
            self._column.addWidget(self._card(moment, self._about, self._clock))
        if len(found) > self._shown:
            left = len(found) - self._shown
            self._column.addWidget(button(n_("Show {n} older", "Show {n} older", left), self._more, kind="link"))
        if not found:
            self._column.addWidget(
                EmptyState(
                    "note", _("Nothing here yet"), detail=_("What you write down about this seller stands here.")
                )
            )

    def _card(self, moment: Moment, about: About, clock: Clock) -> QWidget:
        if moment.note is not None:
            card: MomentCard = NoteCard(moment, about, clock, self._deeds, self._me)
            card.corrected.connect(self.corrected)
            card.replied.connect(self.replied)
            card.edited.connect(self.edited)
        elif moment.case is not None:
            card = CaseCard(moment, clock)
        else:
            card = MomentCard("promise", _("Promise"), clock.short(moment.at))
            card.add_promises(moment, clock, self._deeds, about.name)
        card.opened.connect(self.opened)
        return card


class MomentCard(QFrame):
    """One thing on the timeline: its sign, its name, when it was; the rest goes into `body`."""

    opened = Signal(str)
    corrected = Signal(object)
    replied = Signal(object)
    edited = Signal(object)

    def __init__(self, sign: str, heading: str, at: str, tone: Tone | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(f"{heading}, {at}")
        letters = look().letters
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        row.setSpacing(letters.gap)
        margin = QVBoxLayout()
        margin.addWidget(Sign(sign, 1.1, tone))
        margin.addStretch()
        row.addLayout(margin)
        self.body = QVBoxLayout()
        self.body.setSpacing(letters.px(0.2))
        row.addLayout(self.body, 1)
        self.top = QHBoxLayout()
        self.top.setSpacing(letters.tight)
        self.top.addWidget(PlainLabel(heading, Role.SMALL, wrap=True), 1)
        self.top.addWidget(PlainLabel(at, Role.SMALL))
        self.body.addLayout(self.top)

    def add_text(self, text: str, role: Role = Role.BODY) -> None:
        self.body.addWidget(PlainLabel(text, role, wrap=True).selectable())

    def add_promises(
        self, moment: Moment, clock: Clock, deeds: FollowUpDeeds, name: Callable[[str, str | None], str]
    ) -> None:
        for one in moment.promises:
            self.body.addWidget(FollowUpLine(one, clock, deeds, name))


class CaseCard(MomentCard):
    """A case of the seller."""

    def __init__(self, moment: Moment, clock: Clock) -> None:
        case = moment.case
        assert case is not None  # noqa: S101 - whoever makes the card has looked; for the type checker.
        super().__init__("queue", _("Case received"), clock.short(moment.at))
        status = CaseStatus(case.status)  # type: ignore[call-arg]  # looks a member up
        row = QHBoxLayout()
        row.setSpacing(look().letters.gap)
        row.addWidget(Link(f"{case.case_no} · {case.title}", lambda: self.opened.emit(case.id)), 1)
        row.addStretch()
        row.addWidget(Chip.of(status))
        self.body.addLayout(row)


class NoteCard(MomentCard):
    """A note with its corrections and its promises."""

    def __init__(self, moment: Moment, about: About, clock: Clock, deeds: FollowUpDeeds, me: str) -> None:
        note = moment.note
        assert note is not None  # noqa: S101 - as above.
        super().__init__(_SIGNS.get(note.form.value, "note"), _heading(note, about), clock.short(moment.at))
        if note.visibility is NoteVisibility.LEADS:
            self.top.insertWidget(1, Chip(_("For leads"), Tone.WARN, "▣"))
        self._answered(note, about, clock)
        self.add_text(note.topic, Role.STRONG)
        self._said(note)
        self.add_promises(moment, clock, deeds, about.name)
        self._after(note, clock)
        for correction in moment.corrections:
            self._correction(correction, about, clock)
        self._ends(note, about, clock, me)

    def _answered(self, note: SellerNote, about: About, clock: Clock) -> None:
        """Say which note this one hangs on."""
        first = next((one for one in about.notes if one.id == note.answers), None)
        if first is not None:
            when = clock.short(first.at or first.created_at)
            self.add_text(_("↳ Reply to “{note}”, {when}", note=first.name, when=when), Role.SMALL)

    def _said(self, note: SellerNote) -> None:
        if note.said:
            self.add_text(note.said)
        if note.asked:
            self.add_text(_("They asked: {what}", what=note.asked))

    def _after(self, note: SellerNote, clock: Clock) -> None:
        facts = []
        if note.next_step:
            facts.append(_("Next step: {what}", what=note.next_step))
        if note.next_contact_at:
            facts.append(_("Next contact: {at}", at=clock.full(note.next_contact_at)))
        if facts:
            self.add_text(" · ".join(facts), Role.SMALL)

    def _correction(self, note: SellerNote, about: About, clock: Clock) -> None:
        who = about.name("user", note.created_by)
        heading = _("Corrected {at} by {name}:", at=clock.short(note.at or note.created_at), name=who)
        box = QFrame()
        box.setProperty("kind", "sunken")
        column = QVBoxLayout(box)
        column.setSpacing(look().letters.px(0.2))
        column.addWidget(PlainLabel(heading, Role.SMALL, wrap=True))
        for text in (note.said, note.asked):
            if text:
                column.addWidget(PlainLabel(text, wrap=True).selectable())
        self.body.addWidget(box)

    def _ends(self, note: SellerNote, about: About, clock: Clock, me: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(look().letters.tight)
        for choice, said in ((note.sentiment, _("Mood: {word}")), (note.trust, _("Trust: {word}"))):
            if choice:
                shown = meaning(choice)
                row.addWidget(Chip(said.format(word=_(choice.label)), shown.tone, shown.mark))
        for tag in sorted(note.tags):
            row.addWidget(Chip(tag))
        for case in sorted(note.cases):
            row.addWidget(Link(about.name("case", case), partial(self.opened.emit, case)))
        row.addStretch()
        row.addWidget(button(_("Reply"), lambda: self.replied.emit(note), kind="link"))
        fresh = note.created_at is not None and clock.now - note.created_at <= EDIT_WINDOW
        if fresh and note.created_by == me:
            row.addWidget(button(_("Change"), lambda: self.edited.emit(note), kind="link"))
        else:
            row.addWidget(button(_("Correct"), lambda: self.corrected.emit(note), kind="link"))
        self.body.addLayout(row)


def _heading(note: SellerNote, about: About) -> str:
    parts = [_(note.form.label)]
    if note.channel:
        parts.append(_(note.channel.label))
    if note.form.value != "internal":
        parts.append(_(note.direction.label))
    if note.contact:
        parts.append(_("with {name}", name=note.contact))
    parts.append(about.name("user", note.created_by))
    if note.seller != about.seller.id:
        parts.append(_("as {name}", name=about.name("seller", note.seller)))
    return " · ".join(part for part in parts if part)
