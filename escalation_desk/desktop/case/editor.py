"""The page of one case: it reads, shows, keeps drafts and saves; the parts know nothing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.macros import language_for, places_of
from escalation_desk.desktop.case.attachments import Evidence, FileList, local_files
from escalation_desk.desktop.case.boxes import Around
from escalation_desk.desktop.case.cards import Cards
from escalation_desk.desktop.case.composer import Composer
from escalation_desk.desktop.case.deeds import Deeds
from escalation_desk.desktop.case.entry_acts import EntryActs
from escalation_desk.desktop.case.form import Form
from escalation_desk.desktop.case.head import Head
from escalation_desk.desktop.case.history import History
from escalation_desk.desktop.case.keeping import Keeper, drafts_of
from escalation_desk.desktop.case.new_record import NewRecord
from escalation_desk.desktop.case.notices import Notice, Notices
from escalation_desk.desktop.case.saving import Saving, field_refused, same
from escalation_desk.desktop.case.sight import Sight, look_at
from escalation_desk.desktop.case.timeline import Timeline
from escalation_desk.desktop.case.told import entries_of
from escalation_desk.desktop.case.values import said
from escalation_desk.desktop.case.writing import Writing, put, title_of
from escalation_desk.desktop.case.zones import Zones
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.moments import Clock, zone_of
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import _
from escalation_desk.journal import around, reading

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent

    from escalation_desk.casework.choices import CaseStatus, Choice
    from escalation_desk.casework.desk import Macro
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.drafts import Draft
    from escalation_desk.journal.journal import Touched

_PAUSE: Final = 60


class CaseEditor(QWidget):
    """A case in its tab."""

    renamed = Signal(str)
    dirty = Signal(bool)
    back = Signal()

    icon: Final = "message"

    def __init__(self, frame: Frame, case_id: str) -> None:
        super().__init__()
        self.case_id = case_id
        self._frame = frame
        self._sight: Sight | None = None
        self._macros: list[Macro] = []
        self._was_dirty = False
        self._saving = False
        self._then_next = False
        self.deeds = Deeds(frame, self, lambda: self._sight)
        self.head = Head(frame, self.deeds)
        self.notices = Notices()
        self.boxes = Around(frame.verbs, self.clock, self._name, self._currency, self._create)
        self.form = Form(self.boxes, frame.kept)
        self.timeline = Timeline(self.clock)
        self.composer = Composer(self.clock)
        self.evidence = Evidence(frame, self, lambda: self._sight)
        self.cards = Cards(frame, self.clock, FileList(frame, self.evidence), self.evidence)
        self.history = History(frame, case_id, self.clock)
        self.entry_acts = EntryActs(
            frame, self, lambda: self._sight, self.composer, self.evidence, self.cards.follow_ups
        )
        drafts = drafts_of(frame.verbs)
        self.form_keeper = Keeper(drafts, f"case:{case_id}:form", self._form_draft, self)
        self.text_keeper = Keeper(drafts, f"case:{case_id}:composer", self._text_draft, self)
        self._reload = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self._connect()
        frame.verbs.ask(self._read_first, self._show_first, refused=self._refuse_all)

    # Page

    def title(self) -> str:
        return self._sight.case.case_no if self._sight else "…"

    def full_title(self) -> str:
        return f"{self._sight.case.case_no}  {self._sight.case.title}" if self._sight else ""

    def mark(self) -> tuple[str, Tone] | None:
        if self._sight is None:
            return None
        shown = meaning(self._sight.case.status)
        return shown.mark, shown.tone

    def flush(self) -> None:
        """Keep what was typed, now."""
        self.form_keeper.keep()
        self.text_keeper.keep()

    def clock(self) -> Clock:
        return Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())

    # Reading

    def _read_first(self, made: Connection) -> tuple[Sight, list[Macro], Draft | None, Draft | None]:
        drafts = self._frame.verbs.journal.drafts
        form, text = drafts.get(self.form_keeper.place), drafts.get(self.text_keeper.place)
        return look_at(made, self.case_id), reading.macros(made), form, text

    def _show_first(self, found: tuple[Sight, list[Macro], Draft | None, Draft | None]) -> None:
        sight, self._macros, form, text = found
        if form:
            self.form.restore(form.content)
            self.form_keeper.began_with(form.content)
            self._tell_draft(form)
        self._show(sight)
        if text:
            self.composer.show_writing(Writing.from_data(text.content))
            self.text_keeper.began_with(text.content)
        self._look_dirty()

    def _tell_draft(self, draft: Draft) -> None:
        when = self.clock().short(draft.at)
        sentence = _("What you had typed by {when} and not saved is here again.", when=when)
        acts = [(_("Throw it away"), self.discard)]
        self.notices.put("draft", Notice(sentence, acts, close=lambda: self.notices.drop("draft")))

    def reload(self) -> None:
        self._frame.verbs.ask(lambda made: look_at(made, self.case_id), self._show, refused=self._refuse_all)

    def _show(self, sight: Sight) -> None:
        self._sight = sight
        clock = self.clock()
        self.body.setEnabled(True)
        self.form.arrive(sight.case)
        self.head.show_sight(sight, clock)
        self.head.show_title(str(self.form.edits.value("title")))
        self.timeline.show_entries(entries_of(sight, clock))
        self._show_seller_note(sight)
        self._show_offer(sight)
        self._show_clashes()
        self._tell_composer(sight)
        self.cards.show_sight(sight)
        self._frame.verbs.ask(lambda made: around.relatives(made, sight.case), self.cards.show_relatives, slow=True)
        if self.history.isVisible():
            self.history.read()
        self.renamed.emit(self.title())
        self._look_dirty()

    def _tell_composer(self, sight: Sight) -> None:
        case, me = sight.case, self._frame.verbs.me

        def places(language: str) -> dict[str, str]:
            return places_of(
                case, me, zone_of(me), language, party=sight.party, seller=sight.seller, reason=sight.reason
            )

        whom = sight.party.display_name if sight.party else sight.seller.shop_name if sight.seller else ""
        language = language_for(case, sight.party, sight.seller)
        self.composer.know(self._macros, language, places, whom, case.channel)

    def _refuse_all(self, sentence: str) -> None:
        """Say that the case is not there (any more); what was typed stays in the drafts."""
        self.body.setEnabled(False)
        self.notices.put("gone", Notice(sentence, sign="refused", tone=Tone.BAD))

    def _changed(self, touched: Touched) -> None:
        sight = self._sight
        mine = {("case", self.case_id), ("case", "*")}
        if sight:
            mine |= {("party", sight.case.requester or ""), ("seller", sight.case.seller or ""), ("user", "*")}
        if mine & touched:
            self._reload.start()

    # Notices

    def _show_seller_note(self, sight: Sight) -> None:
        seller = sight.seller
        if seller is None or not seller.pinned_note:
            self.notices.drop("seller")
            return
        sentence = _("{seller}: {note}", seller=seller.shop_name, note=seller.pinned_note)
        known = self.notices.notice("seller")
        if known is None or known.sentence != sentence:
            acts = [(_("Open the seller"), lambda: self._frame.open_seller(seller.id))]
            self.notices.put("seller", Notice(sentence, acts, sign="pin", tone=Tone.WARN))

    def _show_offer(self, sight: Sight) -> None:
        case = sight.case
        if case.offered_to == self._frame.verbs.me.id:
            sentence = _("{name} offers you this case.", name=sight.name("user", case.owner))
            acts = [(_("Accept"), self.deeds.accept), (_("Decline"), self.deeds.decline)]
            self.notices.put("offer", Notice(sentence, acts, sign="take"))
        else:
            self.notices.drop("offer")

    def _show_clashes(self) -> None:
        clashes = self.form.edits.clashes
        for key in self.notices.shown("clash:"):
            if key.removeprefix("clash:") not in clashes:
                self.notices.drop(key)
        for name in clashes:
            self._frame.verbs.ask(
                lambda made, name=name: (name, around.last_change(made, self.case_id, name)),  # type: ignore[misc]  # the default is a name.
                self._show_clash,
            )

    def _show_clash(self, found: tuple[str, reading.PastChange | None]) -> None:
        name, change = found
        clash = self.form.edits.clashes.get(name)
        if clash is None or self._sight is None:
            return
        who = self._sight.name("user", change.by) if change else ""
        row = self.form.rows.get(name)
        label = _(row.field.label) if row else name
        said = {"field": label, "before": self._said(name, clash.before), "after": self._said(name, clash.theirs)}
        sentence = _("{name} changed {field}: {before} → {after}", name=who or _("Somebody"), **said)
        acts = [(_("Take theirs"), lambda: self._take_theirs(name)), (_("Keep mine"), lambda: self._keep_mine(name))]
        self.notices.put(f"clash:{name}", Notice(sentence, acts, sign="edit"))

    def _said(self, name: str, value: Any) -> str:
        return said(name, value, self._name, self.clock())

    def _take_theirs(self, name: str) -> None:
        self.form.take_theirs(name)
        self.notices.drop(f"clash:{name}")
        self.head.show_title(str(self.form.edits.value("title")))

    def _keep_mine(self, name: str) -> None:
        self.form.edits.keep_mine(name)
        self.notices.drop(f"clash:{name}")

    # Saving

    def save(self, *, then_next: bool = False) -> None:
        """Save what was typed, then perhaps go on to the next case."""
        if self.form.edits:
            self._write(then_next=then_next)
        elif then_next:
            self._frame.open_next(self.case_id)

    def move_state(self, to: CaseStatus, reasons: dict[str, Choice]) -> None:
        """Bring the case into a state; what was typed is saved along with it."""
        self._write(to, reasons)

    def discard(self) -> None:
        """Give up what was typed into the form; the versions of the draft stay for a month."""
        self.form.discard()
        if self._sight:
            self.head.show_title(self._sight.case.title)
        self.notices.drop("draft")
        self._show_clashes()
        self._edited()

    def _write(
        self, to: CaseStatus | None = None, reasons: dict[str, Choice] | None = None, *, then_next: bool = False
    ) -> None:
        edits, sight = self.form.edits, self._sight
        unread = self.form.unread()
        if sight is None or self._saving:
            return
        if unread or edits.clashes:
            clashing = dict.fromkeys(edits.clashes, _("Somebody changed this too; take theirs or keep yours first."))
            self.form.refuse(clashing | unread)
            self.zones.show_part("details")
            return
        typed = dict(edits.typed)
        bases = {name: edits.base[name] for name in typed}
        saving = Saving(self.case_id, sight.case.case_no, typed, bases, to, reasons or {})
        me = self._frame.verbs.me
        self._saving = True
        self._frame.verbs.do(
            saving.title,
            lambda work: saving.write(work, me),
            lambda kept: self._saved(typed, kept, then_next=then_next),
            refused=self._refused,
            **saving.places,
        )

    def _saved(self, typed: dict[str, Any], kept: dict[str, Any], *, then_next: bool) -> None:
        self._saving = False
        edits = self.form.edits
        for name, value in typed.items():
            edits.base[name] = kept[name]
            now = edits.typed.get(name)
            if same(now, kept[name]) or now == value:
                edits.forget(name)
        self.form.arrive_values(kept)
        self.form.refuse({})
        self.notices.drop("draft")
        self._edited()
        self.form_keeper.keep()
        if then_next:
            self._frame.open_next(self.case_id)

    def _refused(self, sentence: str) -> None:
        self._saving = False
        name = field_refused(sentence)
        if name and name in self.form.rows:
            self.form.refuse({name: sentence})
            self.zones.show_part("details")
        else:
            self._frame.tell(sentence, "refused")
        self.reload()

    def _put(self, writing: Writing, at: datetime | None) -> None:
        sight, me = self._sight, self._frame.verbs.me
        if sight is None:
            return
        self.composer.setEnabled(False)
        self._frame.verbs.do(
            title_of(writing),
            lambda work: put(work, self.case_id, writing, me, at),
            lambda _done: self._was_put(),
            refused=self._not_put,
            case=sight.case.case_no,
        )

    def _was_put(self) -> None:
        self.composer.setEnabled(True)
        self.composer.show_writing(Writing())
        self.text_keeper.keep()
        self.timeline.list.scrollToBottom()
        self.composer.editor.setFocus()
        self._look_dirty()

    def _not_put(self, sentence: str) -> None:
        self.composer.setEnabled(True)
        self.composer.refuse(sentence)

    # What is typed

    def _form_draft(self) -> dict[str, Any] | None:
        return self.form.edits.draft() or None

    def _text_draft(self) -> dict[str, Any] | None:
        writing = self.composer.writing()
        return None if writing.empty else writing.to_data()

    def _edited(self) -> None:
        self.form_keeper.touch()
        self._look_dirty()

    def _written(self) -> None:
        self.text_keeper.touch()
        self._look_dirty()

    def _title_edited(self, text: str) -> None:
        self.form.edits.type("title", text)
        self._edited()

    def _look_dirty(self) -> None:
        count = len(self.form.edits.typed)
        self.unsaved.setVisible(bool(count))
        if count:
            self.unsaved_text.setText(_("Not saved: {fields}", fields=self.form.labels(self.form.edits.typed)))
        now = bool(count) or self._text_draft() is not None
        if now is not self._was_dirty:
            self._was_dirty = now
            self.dirty.emit(now)

    def _name(self, kind: str, record: str) -> str:
        return self._sight.name(kind, record) if self._sight else record

    def _currency(self) -> str:
        held = self.form.edits.value("currency")
        return str(held) if held else ""

    def _create(self, kind: str, name: str, then: Any) -> None:
        """Make a requester or a seller on the way."""
        NewRecord(self, self.boxes, kind, name, then).open()

    # Files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.evidence.take_files(local_files(event.mimeData()))
        event.acceptProposedAction()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._settle_focus)

    def _settle_focus(self) -> None:
        """Begin at the timeline; whoever works elsewhere in the window stays there."""
        held: QWidget | None = self.window().focusWidget()
        if held is None or (self.head.isAncestorOf(held) and held is not self.head.title):
            self.timeline.list.setFocus()

    # Keys

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and self._deed_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: Any) -> None:
        deed = self._deed_of(event)
        if deed:
            deed()
        else:
            super().keyPressEvent(event)

    def _deed_of(self, event: Any) -> Any:
        """Say what a key means here; nothing while an input method is in the middle of a word."""
        if getattr(self.focusWidget(), "composing", False):
            return None
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        key = Qt.Key(event.key())
        if control and key is Qt.Key.Key_S:
            return self.save
        if control and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return self._enter
        if not event.modifiers() and key is Qt.Key.Key_Escape:
            return self._escape
        return None

    def _enter(self) -> None:
        focus = self.focusWidget()
        if self.composer.isAncestorOf(focus):
            self.composer.put_now()
        else:
            self.save(then_next=True)

    def _escape(self) -> None:
        """Keep what is typed and go back: from a field to the timeline, from there to the list."""
        self.flush()
        if self.timeline.list.hasFocus():
            self.back.emit()
        else:
            self.timeline.list.setFocus()

    # Making

    def _lay_out(self) -> None:
        letters = look().letters
        talk = QWidget()
        column = QVBoxLayout(talk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.timeline, 1)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(letters.wide, letters.tight, letters.wide, letters.gap)
        inner.addWidget(self.composer)
        column.addWidget(holder)
        self.zones = Zones(
            {"timeline": talk, "details": self.form, "around": self.cards, "history": self.history}, self._frame.kept
        )
        self.unsaved = QWidget()
        row = QHBoxLayout(self.unsaved)
        row.setContentsMargins(letters.wide, 0, letters.wide, letters.gap)
        row.setSpacing(letters.gap)
        self.unsaved_text = PlainLabel("", wrap=False, tone=Tone.ACCENT)
        row.addWidget(self.unsaved_text, 1)
        row.addWidget(button(_("Discard"), self.discard, kind="quiet"))
        row.addWidget(button(_("Save"), self.save, kind="first"))
        self.unsaved.hide()
        self.body = QWidget()
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.head)
        inside.addWidget(self.unsaved)
        inside.addWidget(self.notices)
        inside.addWidget(self.zones, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.body)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.timeline.list)

    def _connect(self) -> None:
        self.head.move_asked.connect(self.move_state)
        self.head.title_edited.connect(self._title_edited)
        self.head.left.connect(self.form_keeper.keep)
        self.head.star_changed.connect(self.reload)
        self.head.go_to_asked.connect(self._go_to)
        self.form.changed.connect(self._edited)
        self.form.left.connect(self.form_keeper.keep)
        self.composer.edited.connect(self._written)
        self.composer.left.connect(self.text_keeper.keep)
        self.composer.put.connect(self._put)
        self.composer.attach_asked.connect(self.evidence.choose)
        self.timeline.entered.connect(self.entry_acts.open)
        self.timeline.menu_asked.connect(self.entry_acts.offer)
        self.cards.questions.answer_asked.connect(self.composer.answer)
        self.cards.questions.ask_asked.connect(lambda: self.composer.begin("question"))
        self.cards.requester.pick_asked.connect(lambda: self._pick("requester"))
        self.cards.seller.pick_asked.connect(lambda: self._pick("seller"))
        self.zones.shown.connect(self._part_shown)
        for source in (self.form, self.composer):
            source.files_offered.connect(self.evidence.take_files)
            source.image_offered.connect(self.evidence.take_image)
            source.text_offered.connect(self.evidence.take_text)
        self._reload.timeout.connect(self.reload)
        self._frame.verbs.changed.connect(self._changed)
        self._frame.minute.connect(lambda: self.head.show_clocks(self.clock()))

    def _part_shown(self, code: str) -> None:
        if code == "history":
            self.history.read()

    def _pick(self, name: str) -> None:
        self._go_to(name)
        self.form.rows[name].box.open()

    def _go_to(self, name: str) -> None:
        self.zones.show_part("details")
        self.form.go_to(name)
