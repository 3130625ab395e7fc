"""What stands around a case, a card each: requester, seller, follow-ups, questions, similar cases, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.masking import mask_contact, mask_name
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.checklists import ChecklistsCard
from escalation_desk.desktop.case.clocks.card import ClocksCard
from escalation_desk.desktop.case.closing.card import EndingCard
from escalation_desk.desktop.case.contacts.card import RequestsCard
from escalation_desk.desktop.case.escalating.card import EscalationsCard
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.follow_ups import FollowUpsCard
from escalation_desk.desktop.case.knowledge import KnowledgeCard
from escalation_desk.desktop.case.links import LinksCard
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.case.similar import SimilarCard
from escalation_desk.desktop.look.icons import icon
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.merging import MergeDialog, alias_line
from escalation_desk.desktop.plain import (
    Card,
    Chip,
    NameLabel,
    PlainLabel,
    button,
    icon_button,
    literal,
    pretends,
    set_tip,
)
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from escalation_desk.casework.timeline import Clarification
    from escalation_desk.desktop.case.attachments import Evidence, FileList
    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.around import Relative


class RequesterCard(Refilled):
    """Who asks. Contacts stay masked until somebody wants to see them, for others look over the shoulder."""

    pick_asked = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("Requester"))
        self._frame = frame
        self._sight: Sight | None = None
        self._open = False
        self.merge = icon_button("merge", _("Merge another requester into this one"), self.ask_merge)
        self.acts.addWidget(self.merge)
        self.eye = icon_button("show", _("Show contacts"), self._flip)
        self.acts.addWidget(self.eye)

    def show_sight(self, sight: Sight, clock: Clock) -> None:
        if self._sight and self._sight.case.requester != sight.case.requester:
            self._open = False
        self._sight, self._clock = sight, clock
        self._draw()

    def ask_merge(self) -> None:
        """Ask who is the same as the requester of this case."""
        if self._sight and self._sight.party:
            MergeDialog(self._frame, self._sight.party).open()

    def _flip(self) -> None:
        self._open = not self._open
        self._draw()

    def _draw(self) -> None:
        if self._sight is None:
            return
        party = self._sight.party
        self.merge.setVisible(party is not None)
        self.eye.setVisible(bool(party and (party.phone or party.email or party.contacts)))
        self.eye.setIcon(icon("hide" if self._open else "show"))
        name = _("Hide contacts") if self._open else _("Show contacts")
        self.eye.setAccessibleName(name)
        set_tip(self.eye, name)
        if party is None:
            choose = button(_("Choose or make the requester"), self.pick_asked.emit, kind="link")
            self.refill([_left(choose)])
            return
        lines: list[QWidget] = [NameLabel(party.display_name, Role.STRONG), _chips(self._marks())]
        lines += [_fact(label, value) for label, value in self._contacts() if value]
        lines += [alias_line(self._frame, party, alias) for alias in self._sight.aliases]
        self.refill(lines)

    def _marks(self) -> list[Chip]:
        party = self._sight.party if self._sight else None
        if party is None:
            return []
        found = [Chip(_(party.party_kind.label))]
        if party.language:
            found.append(Chip(_(party.language.label)))
        if party.vip:
            found.append(Chip(_("Key person"), Tone.WARN, "★"))
        if party.do_not_contact:
            found.append(Chip(_("Do not contact"), Tone.BAD, "▲"))
        if pretends(party.display_name):
            found.append(Chip(_("Mixed alphabets"), Tone.WARN, "▲"))
        return found

    def _contacts(self) -> list[tuple[str, str]]:
        party = self._sight.party if self._sight else None
        if party is None:
            return []
        show: Callable[[str], str] = str if self._open else mask_contact
        more = [
            (str(one.get("kind", "")), show(str(one.get("value", "")))) for one in party.contacts if one.get("value")
        ]
        return [
            (_("Phone"), show(party.phone) if party.phone else ""),
            (_("Email"), show(party.email) if party.email else ""),
            *more,
            (_("Organisation"), party.organisation or ""),
            (_("Outside ids"), ", ".join(sorted(party.external_ids))),
        ]


class SellerCard(Refilled):
    """The shop the case is about, with the way to its page."""

    pick_asked = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("Seller"))
        self._frame = frame

    def show_sight(self, sight: Sight, clock: Clock) -> None:
        seller = sight.seller
        if seller is None:
            self.refill([_left(button(_("Choose or make the seller"), self.pick_asked.emit, kind="link"))])
            return
        opened = button(literal(seller.shop_name), lambda: self._frame.open_seller(seller.id), kind="link")
        opened.setAccessibleName(_("Open the seller {name}", name=seller.shop_name))
        marks = [Chip.of(seller.status), Chip(_(seller.segment.label))]
        if seller.risk:
            marks.insert(0, Chip.of(seller.risk))
        if pretends(seller.shop_name):
            marks.append(Chip(_("Mixed alphabets"), Tone.WARN, "▲"))
        facts = [
            (_("Contact person"), mask_name(seller.contact_person) if seller.contact_person else ""),
            (_("Live cases"), str(seller.open_cases)),
            (_("Open promises"), str(seller.open_promises)),
            (_("Last contact"), clock.short(seller.last_contact_at)),
            (_("Next contact"), clock.due(seller.next_contact_at)),
            (_("Account manager"), seller.account_manager or ""),
        ]
        self.refill([_left(opened), _chips(marks), *(_fact(label, value) for label, value in facts if value)])


class QuestionsCard(Refilled):
    """What was asked of the requester, the unanswered first."""

    answer_asked = Signal(str)
    ask_asked = Signal()

    def __init__(self) -> None:
        super().__init__(_("Questions"))
        self.acts.addWidget(icon_button("plus", _("Ask a question"), self.ask_asked.emit))

    def show_sight(self, sight: Sight, clock: Clock) -> None:
        asked = sorted(sight.questions, key=lambda one: bool(one.answer))
        rows: list[QWidget] = [self._row(one, clock) for one in asked]
        self.refill(rows or [PlainLabel(_("No questions asked."), Role.MUTED)])

    def _row(self, one: Clarification, clock: Clock) -> QWidget:
        holder, column = _column()
        column.addWidget(PlainLabel(one.question, wrap=True))
        if one.answer:
            column.addWidget(PlainLabel(f"→ {one.answer}", Role.MUTED, wrap=True))
        line = QHBoxLayout()
        asked = _("asked {when}", when=clock.short(one.asked_at))
        answered = _("answered {when}", when=clock.short(one.answered_at)) if one.answered_at else ""
        line.addWidget(PlainLabel(" · ".join(part for part in (asked, answered) if part), Role.SMALL), 1)
        text = _("Change the answer") if one.answer else _("Answer")
        made = button(text, lambda: self.answer_asked.emit(one.id), kind="link")
        made.setAccessibleName(_("{act}: {question}", act=text, question=one_line(one.question, 100)))
        line.addWidget(made)
        column.addLayout(line)
        return holder


class FilesCard(Card):
    def __init__(self, files: FileList, evidence: Evidence) -> None:
        super().__init__(_("Attachments"))
        self.acts.addWidget(icon_button("plus", _("Attach a file"), evidence.choose))
        self.body.addWidget(files)


class Cards(QScrollArea):
    """All cards in one column."""

    def __init__(self, frame: Frame, clock: Callable[[], Clock], files: FileList, evidence: Evidence) -> None:
        super().__init__()
        self._clock = clock
        self.files = files
        self.requester = RequesterCard(frame)
        self.seller = SellerCard(frame)
        self.clocks = ClocksCard(frame, clock)
        self.follow_ups = FollowUpsCard(frame, clock)
        self.escalations = EscalationsCard(frame, clock)
        self.requests = RequestsCard(frame, clock)
        self.checklists = ChecklistsCard(frame, clock)
        self.ending = EndingCard(frame, clock)
        self.knowledge = KnowledgeCard(frame)
        self.questions = QuestionsCard()
        self.links = LinksCard(frame)
        self.similar = SimilarCard(frame, self.links)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("What stands around the case"))
        holder = QWidget()
        column = QVBoxLayout(holder)
        letters = look().letters
        column.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.page)
        column.setSpacing(letters.gap)
        for card in (
            *(self.clocks, self.escalations, self.follow_ups, self.requests, self.questions),  # what waits, and on whom
            *(self.requester, self.seller, FilesCard(files, evidence), self.links, self.similar),  # what is known
            *(self.checklists, self.knowledge, self.ending),  # what is done until it ends
        ):
            column.addWidget(card)
        column.addStretch()
        self.setWidget(holder)

    def show_sight(self, sight: Sight) -> None:
        clock = self._clock()
        self.requester.show_sight(sight, clock)
        self.seller.show_sight(sight, clock)
        self.clocks.show_sight(sight)
        self.follow_ups.show_sight(sight)
        self.escalations.show_sight(sight)
        self.checklists.show_sight(sight)
        self.knowledge.show_sight(sight)
        self.requests.show_sight(sight)
        self.ending.show_sight(sight)
        self.questions.show_sight(sight, clock)
        self.links.show_sight(sight)
        self.files.show_files(sight.attachments)

    def show_focus(self) -> None:
        """Scroll to what has the focus; Qt does so for Tab alone."""
        held: QWidget | None = self.focusWidget()
        if held is not None and held is not self:
            self.ensureWidgetVisible(held)

    def show_relatives(self, found: Sequence[Relative]) -> None:
        self.similar.show_relatives(found, self._clock())


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, look().letters.tight)
    column.setSpacing(0)
    return holder, column


def _chips(chips: Iterable[Chip]) -> QWidget:
    holder = FlowBox(look().letters.tight)
    for chip in chips:
        holder.flow.addWidget(chip)
    return holder


def _fact(label: str, value: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().letters.gap)
    name = PlainLabel(label, Role.SMALL)
    name.setFixedWidth(look().letters.px(8.2))
    row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(PlainLabel(value, wrap=True).selectable(), 1)
    return holder


def _left(widget: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch()
    return holder
