"""The page of one case: it reads, shows, and keeps drafts; the parts know nothing of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from escalation_desk.casework.macros import language_for, places_of
from escalation_desk.desktop.case.attachments import Evidence, FileList, local_files
from escalation_desk.desktop.case.boxes import Around
from escalation_desk.desktop.case.cards import Cards
from escalation_desk.desktop.case.closing.ending import Ending
from escalation_desk.desktop.case.commands import bound, deed_of
from escalation_desk.desktop.case.composer import Composer
from escalation_desk.desktop.case.deeds import Deeds
from escalation_desk.desktop.case.entry_acts import EntryActs
from escalation_desk.desktop.case.escalating.hints import show_hints
from escalation_desk.desktop.case.form import Form
from escalation_desk.desktop.case.head import Head
from escalation_desk.desktop.case.history import History
from escalation_desk.desktop.case.keeping import Keeper, drafts_of
from escalation_desk.desktop.case.laying import Unsaved, lay_out, talk_of
from escalation_desk.desktop.case.macro_use import MacroUse
from escalation_desk.desktop.case.new_record import NewRecord
from escalation_desk.desktop.case.offers import lookup_for
from escalation_desk.desktop.case.picker import Picker
from escalation_desk.desktop.case.saver import Saver
from escalation_desk.desktop.case.sight import Sight, look_at
from escalation_desk.desktop.case.standing import Standing
from escalation_desk.desktop.case.timeline import Timeline
from escalation_desk.desktop.case.told import entries_of
from escalation_desk.desktop.case.versions import offer_versions
from escalation_desk.desktop.case.writing import Writing
from escalation_desk.desktop.case.zones import Zones
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.moments import Clock, zone_of
from escalation_desk.i18n import _
from escalation_desk.journal import around, reading
from escalation_desk.journal.desk_hours import desk_hours
from escalation_desk.journal.macro_uses import uses_of_macros

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent

    from escalation_desk.casework.clocks.working import WorkingTime
    from escalation_desk.casework.desk import Macro
    from escalation_desk.desktop.case.macro_picker import Chosen
    from escalation_desk.desktop.commands import Commands
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.drafts import Draft
    from escalation_desk.journal.journal import Touched

# Several entries in a row, such as the last moments of an import, are read once.
_PAUSE: Final = 60
_OUTCOME: Final = "M07"
"""The macro of the desk that says what came of a case and asks whether that solved it."""


class CaseEditor(QWidget):
    """A case in its tab. `back` asks the window to give the focus to the list."""

    renamed = Signal(str)
    dirty = Signal(bool)
    back = Signal()

    icon: Final = "message"

    def __init__(self, frame: Frame, case_id: str) -> None:
        super().__init__()
        self.case_id = case_id
        self.frame = frame
        self.sight: Sight | None = None
        self._macros: list[Macro] = []
        self._commands: Commands[CaseEditor] | None = None
        self._was_dirty = False
        self._reload = QTimer(self, singleShot=True, interval=_PAUSE)
        self._make_parts(frame, case_id)
        lay_out(self)
        self._connect()
        frame.verbs.ask(lambda made: desk_hours(made, frame.verbs.me.market), self._know_hours)
        frame.verbs.ask(uses_of_macros, self.composer.know_uses)
        frame.verbs.ask(self._read_first, self._show_first, refused=self._show_gone)

    # Page

    def title(self) -> str:
        return self.sight.case.case_no if self.sight else "…"

    def full_title(self) -> str:
        return f"{self.sight.case.case_no}  {self.sight.case.title}" if self.sight else ""

    def mark(self) -> tuple[str, Tone] | None:
        if self.sight is None:
            return None
        shown = meaning(self.sight.case.status)
        return shown.mark, shown.tone

    def commands(self) -> Commands[CaseEditor]:
        if self._commands is None:
            self._commands = bound(self)
        return self._commands

    def flush(self) -> None:
        """Keep what was typed, now."""
        self.form_keeper.keep()
        self.text_keeper.keep()

    def clock(self) -> Clock:
        return Clock.of(self.frame.verbs.me, self.frame.verbs.journal.now())

    # Reading and showing

    def _read_first(self, made: Connection) -> tuple[Sight, list[Macro], Draft | None, Draft | None]:
        drafts = self.frame.verbs.journal.drafts
        form, text = drafts.get(self.form_keeper.place), drafts.get(self.text_keeper.place)
        return look_at(made, self.case_id), reading.macros(made, self.frame.verbs.me.id), form, text

    def _know_hours(self, hours: WorkingTime | None) -> None:
        self.composer.promise.understood.know_hours(hours)
        self.cards.follow_ups.box.understood.know_hours(hours)

    def _show_first(self, found: tuple[Sight, list[Macro], Draft | None, Draft | None]) -> None:
        sight, self._macros, form, text = found
        if form:
            self.form.restore(form.content)
            self.form_keeper.began_with(form.content)
            self.standing.tell_draft(form, self.discard)
        self._show(sight)
        if text:
            self.composer.show_writing(Writing.from_data(text.content))
            self.text_keeper.began_with(text.content)
        self._look_dirty()

    def reload(self) -> None:
        self.frame.verbs.ask(lambda made: look_at(made, self.case_id), self._show, refused=self._show_gone)

    def _show(self, sight: Sight) -> None:
        self.sight = sight
        clock = self.clock()
        self.zones.setEnabled(True)
        self.head.setEnabled(True)
        self.form.arrive(sight.case)
        self.head.show_sight(sight, clock)
        self.head.show_title(str(self.form.edits.value("title")))
        self.timeline.show_entries(entries_of(sight, clock))
        self.standing.show_sight(sight)
        self.cards.show_sight(sight)
        self.evidence.settle()
        self._tell_composer(sight)
        self.ending.look()
        self.frame.verbs.ask(lambda made: around.relatives(made, sight.case), self.cards.show_relatives, slow=True)
        if self.history.isVisible():
            self.history.read()
        self.renamed.emit(self.title())
        self._look_dirty()

    def _tell_composer(self, sight: Sight) -> None:
        case, me = sight.case, self.frame.verbs.me
        whom = sight.party.display_name if sight.party else sight.seller.shop_name if sight.seller else ""
        spoken = (str(me.locale), language_for(case, sight.party, sight.seller))
        self.composer.know(self._macros, spoken, self._places, whom, case.channel)

    def _places(self, language: str) -> dict[str, str]:
        """Say what the case knows for the places of macros, in a language."""
        sight, me = self.sight, self.frame.verbs.me
        if sight is None:
            return {}
        return places_of(
            sight.case, me, zone_of(me), language, party=sight.party, seller=sight.seller, reason=sight.reason
        )

    def _use_macro(self, found: Chosen) -> None:
        macro = next((one for one in self._macros if one.id == found.macro), None)
        if macro:
            self.macro_use.use(macro, found.approved)

    def _show_gone(self, sentence: str) -> None:
        """Say that the case is not there (any more); what was typed stays in the drafts."""
        self.zones.setEnabled(False)
        self.head.setEnabled(False)
        self.standing.tell_gone(sentence)

    def _changed(self, touched: Touched) -> None:
        mine = {("case", self.case_id), ("case", "*")}
        if self.sight:
            case = self.sight.case
            mine |= {("party", case.requester or ""), ("seller", case.seller or ""), ("user", "*")}
        if mine & touched:
            self._reload.start()

    def _minute_passed(self) -> None:
        self.head.show_clocks(self.clock())
        if self.sight:
            self.cards.show_sight(self.sight)

    # What the keys do

    def save(self) -> None:
        if self.form.edits:
            self.saver.save()

    def enter(self) -> None:
        """Put the text onto the timeline where somebody writes one; else save and go on to the next case."""
        if self.composer.isAncestorOf(self.focusWidget()):
            self.composer.put_now()
        elif self.form.edits:
            self.saver.save(then_next=True)
        else:
            self.frame.open_next(self.case_id)

    def leave(self) -> None:
        """Keep what is typed and go back: from a field to the timeline, from there to the list."""
        self.flush()
        if self.timeline.list.hasFocus():
            self.back.emit()
        else:
            self.timeline.list.setFocus()

    def discard(self) -> None:
        """Give up what was typed into the form; the versions of the draft stay for a month."""
        self.form.discard()
        self.form.refuse({})
        self.standing.drop("draft")
        self.standing.show_clashes()
        self._form_edited()

    def write(self, mode: str) -> None:
        self.zones.show_part("timeline")
        self.composer.begin(mode)

    def tell_outcome(self) -> None:
        """Write to the requester what came of it: with the macro for that, ready to be read before it is written."""
        self.write("message")
        self.composer.open_macros(_OUTCOME)

    def begin_promise(self) -> None:
        self.zones.show_part("timeline")
        self.composer.begin_promise()

    def show_part(self, code: str) -> None:
        self.zones.show_part(code)
        if code == "history":
            self.history.read()
        parts: dict[str, QWidget] = {"timeline": self.timeline.list, "around": self.cards, "history": self.history.list}
        parts.get(code, self.form).setFocus()

    def go_around(self, enter: Callable[[], object]) -> None:
        """Go to something that stands around the case, and bring it into sight."""
        self.show_part("around")
        enter()
        QTimer.singleShot(0, self.cards, self.cards.show_focus)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._deed(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = self._deed(event)
        if deed:
            deed(self)
        else:
            super().keyPressEvent(event)

    def _deed(self, event: QKeyEvent) -> Any:
        """Say what a key means here; nothing while an input method is in the middle of a word."""
        return None if getattr(self.focusWidget(), "composing", False) else deed_of(event)

    # What is typed

    def _form_draft(self) -> dict[str, Any] | None:
        return self.form.edits.draft() or None

    def _text_draft(self) -> dict[str, Any] | None:
        writing = self.composer.writing()
        return None if writing.empty else writing.to_data()

    def _form_edited(self) -> None:
        self.head.show_title(str(self.form.edits.value("title") or ""))
        self.form_keeper.touch()
        self._look_dirty()

    def _insert_answer(self, text: str) -> None:
        """Put an answer that the desk knows into the reply; it is a draft like any other."""
        if not self.composer.external:
            self.write("message")
        self.composer.editor.insert(text)
        self.composer.editor.setFocus()

    def _text_edited(self) -> None:
        self.cards.knowledge.know_writing(self.composer.editor.text())
        self.text_keeper.touch()
        self._look_dirty()

    def _title_edited(self, text: str) -> None:
        self.form.edits.type("title", text)
        self.form_keeper.touch()
        self._look_dirty()

    def _saved(self, then_next: bool) -> None:
        self.standing.drop("draft")
        self._form_edited()
        self.form_keeper.keep()
        if then_next:
            self.frame.open_next(self.case_id)

    def _was_put(self) -> None:
        self.text_keeper.keep()
        self.timeline.list.scrollToBottom()
        self.composer.editor.setFocus()
        self._look_dirty()

    def _look_dirty(self) -> None:
        self.unsaved.show_names(self.form.labels(self.form.edits.typed))
        now = bool(self.form.edits) or self._text_draft() is not None
        if now is not self._was_dirty:
            self._was_dirty = now
            self.dirty.emit(now)

    # What the boxes ask

    def _name(self, kind: str, record: str) -> str:
        return self.sight.name(kind, record) if self.sight else record

    def _currency(self) -> str:
        held = self.form.edits.value("currency")
        return str(held) if held else ""

    def _create(self, kind: str, name: str, then: Any) -> None:
        NewRecord(self, self.boxes, kind, name, then).open()

    def _pick(self, name: str) -> None:
        self._go_to(name)
        self.form.rows[name].box.open()

    def _go_to(self, name: str) -> None:
        self.zones.show_part("details")
        self.form.go_to(name)

    def _offer_versions(self) -> None:
        offer_versions(self.frame, self, self.composer, self.text_keeper.place, self.clock())

    def _ask_colleague(self) -> None:
        """Offer the colleagues whom a note can mention."""
        picker = Picker(self.frame.verbs, lookup_for("user"), _("Colleague"), parent=self.composer.editor)
        picker.chosen.connect(lambda offer: self.composer.mention(offer.text))
        picker.open_under(self.composer.editor)

    # Files and focus

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

    # Making

    def _make_parts(self, frame: Frame, case_id: str) -> None:
        self.boxes = Around(frame.verbs, self.clock, self._name, self._currency, self._create)
        self.deeds = Deeds(frame, self, lambda: self.sight)
        self.head = Head(frame, self.deeds)
        self.form = Form(self.boxes, frame.kept)
        self.standing = Standing(frame, self.deeds, self.form, self.clock)
        self.unsaved = Unsaved(self.save, self.discard)
        self.timeline = Timeline(self.clock)
        self.composer = Composer(self.clock)
        self.evidence = Evidence(frame, self, lambda: self.sight)
        self.cards = Cards(frame, self.clock, FileList(frame, self.evidence), self.evidence)
        self.macro_use = MacroUse(frame, lambda: self.sight, lambda: self._places(str(frame.verbs.me.locale)))
        self.composer.foresee = self.macro_use.foresee
        self.history = History(frame, case_id, self.clock)
        self.ending = Ending(frame, self)
        self.saver = Saver(frame, self, lambda: self.sight, self.form, self.composer)
        self.entry_acts = EntryActs(
            frame, self, lambda: self.sight, self.composer, self.evidence, self.cards.follow_ups
        )
        parts = {"details": self.form, "around": self.cards, "history": self.history}
        self.zones = Zones({"timeline": talk_of(self.timeline, self.composer), **parts}, frame.kept)
        drafts = drafts_of(frame.verbs)
        self.form_keeper = Keeper(drafts, f"case:{case_id}:form", self._form_draft, self)
        self.text_keeper = Keeper(drafts, f"case:{case_id}:composer", self._text_draft, self)

    def _connect(self) -> None:
        self._connect_head()
        self._connect_writing()
        self.composer.macro_used.connect(self._use_macro)
        self.timeline.entered.connect(self.entry_acts.open)
        self.timeline.menu_asked.connect(self.entry_acts.offer)
        self.cards.knowledge.inserted.connect(self._insert_answer)
        self.cards.questions.answer_asked.connect(self.composer.answer)
        self.cards.questions.ask_asked.connect(lambda: self.write("question"))
        deeds = self.cards.escalations.deeds
        self.cards.escalations.read.connect(lambda stands: show_hints(self.standing, deeds, stands))
        self.cards.requester.pick_asked.connect(lambda: self._pick("requester"))
        self.cards.seller.pick_asked.connect(lambda: self._pick("seller"))
        self.zones.shown.connect(self.show_part)
        self._reload.timeout.connect(self.reload)
        self.frame.verbs.changed.connect(self._changed)
        self.frame.minute.connect(self._minute_passed)

    def _connect_head(self) -> None:
        self.head.move_asked.connect(self.ending.ask)
        self.head.title_edited.connect(self._title_edited)
        self.head.left.connect(self.form_keeper.keep)
        self.head.star_changed.connect(self.reload)
        self.head.go_to_asked.connect(self._go_to)

    def _connect_writing(self) -> None:
        self.form.changed.connect(self._form_edited)
        self.form.left.connect(self.form_keeper.keep)
        self.form.changed.connect(self.ending.look)
        self.composer.edited.connect(self._text_edited)
        self.composer.left.connect(self.text_keeper.keep)
        self.composer.put.connect(self.saver.put)
        self.composer.attach_asked.connect(self.evidence.choose)
        self.composer.colleague_asked.connect(self._ask_colleague)
        self.composer.versions_asked.connect(self._offer_versions)
        for source in (self.form, self.composer):
            source.files_offered.connect(self.evidence.take_files)
            source.image_offered.connect(self.evidence.take_image)
            source.text_offered.connect(self.evidence.take_text)
        self.saver.saved.connect(self._saved)
        self.saver.was_put.connect(self._was_put)
        self.saver.refused.connect(self.reload)
        self.saver.refused_field.connect(lambda: self.zones.show_part("details"))
