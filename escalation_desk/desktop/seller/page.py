"""The page of a seller: who it is, what to know first, what was said and promised, and all its cases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from escalation_desk.casework.choices import NoteForm
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.seller import Seller
from escalation_desk.desktop.case.boxes import Around
from escalation_desk.desktop.case.keeping import drafts_of
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.merging import MergeDialog
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import EmptyState
from escalation_desk.desktop.seller.cards import ContactCard, PromisesCard, RelationsCard
from escalation_desk.desktop.seller.commands import bound
from escalation_desk.desktop.seller.deeds import FollowUpDeeds
from escalation_desk.desktop.seller.form import SellerForm
from escalation_desk.desktop.seller.note import NoteComposer
from escalation_desk.desktop.seller.page_head import PageHead
from escalation_desk.desktop.seller.pinned import PinnedNote
from escalation_desk.desktop.seller.timeline import Timeline
from escalation_desk.i18n import N_, _
from escalation_desk.journal.about_seller import About, about

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from escalation_desk.desktop.commands import Commands
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Touched
    from escalation_desk.journal.work import Work

_PAUSE: Final = 100
_SHOWS: Final = frozenset({"seller", "seller_note", "case", "follow_up", "user"})
_YEAR: Final = timedelta(days=365)
# Narrower than this the cards stand under the timeline instead of beside it.
_BESIDE: Final = 46


class SellerPage(QScrollArea):
    """Everything about one seller."""

    icon: Final = "store"
    renamed = Signal(str)
    dirty = Signal(bool)

    def __init__(self, frame: Frame, seller_id: str) -> None:
        super().__init__()
        self._frame = frame
        self._id = seller_id
        self._about: About | None = None
        self._restored = False
        around = Around(frame.verbs, self._clock, self._name, str, self._create)
        self.head = PageHead()
        self.pinned = PinnedNote(frame, seller_id)
        self.deeds = FollowUpDeeds(frame, self)
        self.note = NoteComposer(frame, seller_id, around)
        self.timeline = Timeline(self.deeds, frame.verbs.me.id)
        self.contact = ContactCard()
        self.promises = PromisesCard(self.deeds)
        self.relations = RelationsCard(frame)
        self.form = SellerForm(frame, seller_id, around)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        self._commands = bound(self)
        self._commands.refused.connect(lambda sentence: frame.tell(sentence, "refused"))
        self.read()

    def title(self) -> str:
        return self._about.seller.shop_name if self._about else _("Seller")

    def mark(self) -> tuple[str, Tone] | None:
        """Show the risk on the tab."""
        risk = self._about.seller.risk if self._about else None
        return (meaning(risk).mark, meaning(risk).tone) if risk else None

    def commands(self) -> Commands[SellerPage]:
        """Give what the keys do here, for the palette and the sheet of shortcuts."""
        return self._commands

    def flush(self) -> None:
        """Keep everything that was typed, now."""
        self.note.flush()
        self.form.flush()
        self.pinned.keeper.keep()

    def read(self) -> None:
        """Read the seller anew."""
        me = self._frame.verbs.me
        year_ago = instant_text(self._frame.verbs.journal.now() - _YEAR)

        def look_at(made: Connection) -> About:
            return about(made, self._id, me, year_ago)

        self._frame.verbs.ask(look_at, self._show, refused=self._gone)

    # Showing

    def _show(self, found: About) -> None:
        self._come_back()
        renamed = self._about is None or self._about.seller.shop_name != found.seller.shop_name
        self._about = found
        clock = self._clock()
        self.head.show_about(found)
        self.pinned.arrive(found.seller)
        self.form.arrive(found.seller)
        self.contact.show_about(found, clock)
        self.promises.show_about(found, clock)
        self.relations.show_about(found)
        self.timeline.show_about(found, clock)
        self.note.setEnabled(found.merged_into is None)
        if renamed:
            self.renamed.emit(self.title())
        if not self._restored:
            self._restored = True
            self._restore()

    def _restore(self) -> None:
        """Bring back what was typed and not saved before the window closed or fell."""
        drafts = drafts_of(self._frame.verbs)
        for place, show in (
            (self.note.keeper.place, self.note.restore),
            (self.form.keeper.place, self.form.restore),
            (self.pinned.keeper.place, self.pinned.restore),
        ):
            draft = drafts.get(place)
            if draft is not None:
                show(draft.content)

    def _gone(self, sentence: str) -> None:
        """Say that there is no such seller; what was typed stays behind it, for undo may bring the seller back."""
        if self.widget() is self._holder:
            self.takeWidget()
        self.setWidget(EmptyState("store", sentence, detail=_("Undo brings a seller back that was just deleted.")))

    def _come_back(self) -> None:
        if self.widget() is not self._holder:
            self.setWidget(self._holder)

    def _tick(self) -> None:
        """Say times anew."""
        if self._about is not None:
            clock = self._clock()
            self.contact.show_about(self._about, clock)
            self.promises.show_about(self._about, clock)

    def _changed(self, touched: Touched) -> None:
        if any(kind in _SHOWS for kind, _id in touched):
            self._pause.start()

    def _dirty(self, _one: bool) -> None:
        self.dirty.emit(self.note.writing or bool(self.form.edits) or self.pinned.writing)

    # What boxes ask for

    def _clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    def _name(self, kind: str, record: str) -> str:
        return self._about.name(kind, record) if self._about else record

    def _create(self, kind: str, name: str, then: Callable[[str, str], None]) -> None:
        """Write down the company that a shop belongs to."""
        if kind != Seller.kind:
            return
        market = self._about.seller.market if self._about else self._frame.verbs.me.market

        def operate(work: Work) -> str:
            return work.add(Seller(shop_name=name, market=market)).id

        self._frame.verbs.do(N_("New seller {seller}"), operate, lambda made: then(made, name), seller=name)

    # Wiring

    def ask_merge(self) -> None:
        if self._about is not None:
            MergeDialog(self._frame, self._about.seller).open()

    def _begin_note(self, note: Any, begin: Callable[[Any], None]) -> None:
        if self.note.writing:
            self._frame.tell(_("Save or discard the note you are writing first."), "refused")
        else:
            begin(note)
        self.ensureWidgetVisible(self.note)

    def write_note(self, form: NoteForm = NoteForm.CALL) -> None:
        """Begin a note of a kind."""
        if self._about is not None and self._about.merged_into is None:
            self.note.begin(form)
            self.ensureWidgetVisible(self.note)

    def save(self) -> None:
        """Save whatever is being written: the note, the pinned note, the details."""
        self.note.save()
        if self.pinned.writing:
            self.pinned.save()
        self.form.save()

    def _connect(self) -> None:
        self._pause.timeout.connect(self.read)
        self._frame.verbs.changed.connect(self._changed)
        self._frame.minute.connect(self._tick)
        self.head.opened.connect(self._frame.open_seller)
        self.relations.opened.connect(self._frame.open_seller)
        self.relations.merge_asked.connect(self.ask_merge)
        self.timeline.opened.connect(self._frame.open_case)
        self.timeline.corrected.connect(lambda note: self._begin_note(note, self.note.correct))
        self.timeline.replied.connect(lambda note: self._begin_note(note, self.note.reply))
        self.timeline.edited.connect(lambda note: self._begin_note(note, self.note.edit))
        self.note.dirty.connect(self._dirty)
        self.form.dirty.connect(self._dirty)
        self.pinned.editor.textChanged.connect(lambda: self._dirty(True))

    def _lay_out(self) -> None:
        letters = look().letters
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._holder = QWidget()
        self._holder.setProperty("kind", "page")
        column = QVBoxLayout(self._holder)
        column.setContentsMargins(letters.wide, letters.gap, letters.wide, letters.page)
        column.setSpacing(letters.gap)
        column.addWidget(self.head)
        column.addWidget(self.pinned)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(letters.wide)
        main, side = QVBoxLayout(), QVBoxLayout()
        for part in (self.note, self.timeline):
            main.addWidget(part)
        main.addStretch()
        for card in (self.contact, self.promises, self.relations, self.form):
            side.addWidget(card)
        side.addStretch()
        for lane in (main, side):
            lane.setSpacing(letters.gap)
        self._body.addLayout(main, 5)
        self._body.addLayout(side, 4)
        column.addLayout(self._body)
        column.addStretch()
        self.setWidget(self._holder)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= look().letters.px(_BESIDE)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._body.direction() is not way:
            self._body.setDirection(way)
