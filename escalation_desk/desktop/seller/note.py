"""Where a contact with a seller is written down: everything that domain.md §5.2 asks for, kept as a draft meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import Direction, NoteForm, NoteVisibility, PromisedBy
from escalation_desk.casework.fields import field_of, from_json, to_json
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import SellerNote
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.keeping import Keeper, drafts_of
from escalation_desk.desktop.case.sign_typed import on_sign
from escalation_desk.desktop.flow import Flow
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Card, PlainEditor, PlainLabel, button
from escalation_desk.desktop.seller.fields import Fields, form_fields
from escalation_desk.desktop.seller.notes import Draft
from escalation_desk.desktop.seller.promising import PromiseLines
from escalation_desk.i18n import N_, _
from escalation_desk.journal.desk_hours import desk_hours

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.case.boxes import Around
    from escalation_desk.desktop.pages import Frame

_ABOVE: Final = ("form+channel", "direction+contact", "topic", "said", "asked")
_BELOW: Final = ("sentiment+trust", "next_step+next_contact_at", "at+visibility", "language+tags", "cases")
_WORDS: Final = ("topic", "said", "asked", "next_step")
"""The fields whose words make a note worth keeping as a draft."""
_SIGNS: Final = {
    NoteForm.CALL: "call",
    NoteForm.MESSAGE: "message",
    NoteForm.MEETING: "users",
    NoteForm.RISK: "alert",
    NoteForm.INTERNAL: "note",
}
"""The kinds of note offered at once; the others are in the list of kinds."""


class NoteComposer(Card):
    """Folded it offers what to write down; unfolded it is the note. `saved` tells the id of the note."""

    saved = Signal(str)
    dirty = Signal(bool)

    def __init__(self, frame: Frame, seller: str, around: Around) -> None:
        super().__init__()
        self._frame = frame
        self._seller = seller
        self._amends: str | None = None
        self._edits: str | None = None
        self._answers: str | None = None
        self._saving = False
        placed = {name for line in (*_ABOVE, *_BELOW) for name in line.split("+")}
        self.above = Fields(SellerNote, _ABOVE, around, bordered=True)
        self.promises = PromiseLines(around.clock)
        below = (*_BELOW, *form_fields(SellerNote, placed))
        self.below = Fields(SellerNote, below, around, bordered=True)
        self.keeper = Keeper(drafts_of(frame.verbs), f"note:{seller}", self._content, self)
        self.sentence = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.title = PlainLabel("", Role.STRONG)
        self.offers = QWidget()
        self.sheet = QWidget()
        self._lay_out()
        for part in (self.above, self.below):
            part.edited.connect(lambda _name: self._touched())
            part.left.connect(self.keeper.keep)
        self.promises.edited.connect(self._touched)
        said = self.above.cells["said"].box.entrance()
        if isinstance(said, PlainEditor):
            on_sign(said, "!!", lambda line: self.promises.add(PromisedBy.US, line, focus=True))
        frame.verbs.ask(lambda made: desk_hours(made, frame.verbs.me.market), self.promises.know_hours)
        self._fold(folded=True)

    # Beginning

    def begin(self, form: NoteForm) -> None:
        """Unfold for a new note of a kind; what stands there already stays."""
        if self.sheet.isHidden():
            self._clear()
        self.above.show_values({"form": form})
        if form is NoteForm.INTERNAL:
            self.above.show_values({"direction": Direction.INTERNAL})
        self._unfold(_("New note"), "topic")

    def correct(self, note: SellerNote) -> None:
        """Write a correction to a note that is older than a quarter of an hour."""
        self._clear()
        self._amends = note.amends or note.id  # All corrections stand under the first note.
        self._show({"form": note.form, "channel": note.channel, "contact": note.contact, "topic": note.topic})
        self._unfold(_("Correction to “{note}”", note=note.name), "said")

    def reply(self, note: SellerNote) -> None:
        """Write what came of a note, as another one that hangs on it."""
        self._clear()
        self._answers = note.id
        self._show({"form": note.form, "channel": note.channel, "contact": note.contact, "topic": note.topic})
        self._unfold(_("Reply to “{note}”", note=note.name), "said")

    def edit(self, note: SellerNote) -> None:
        """Change a note that was written just now."""
        self._clear()
        self._edits = note.id
        self._show({name: getattr(note, name) for name in (*self.above.cells, *self.below.cells)})
        self._unfold(_("Change “{note}”", note=note.name), "said")

    def restore(self, content: Mapping[str, Any]) -> None:
        """Show a draft as it was left."""
        self._clear()
        self._amends, self._edits = content.get("amends"), content.get("edits")
        self._answers = content.get("answers")
        for name, held in content.get("values", {}).items():
            value = Unread(*held["unread"]) if isinstance(held, dict) else from_json(field_of(SellerNote, name), held)
            self._show({name: value})
        self.promises.restore(content.get("promises", ()))
        self.keeper.began_with(dict(content))
        self._unfold(_("A note that was not saved"), "")
        self.dirty.emit(True)

    @property
    def writing(self) -> bool:
        """Whether something is written that is not saved."""
        return self._content() is not None

    # Saving

    def save(self) -> None:
        """Write it down; what is missing is said beside its field."""
        if self._saving or self.sheet.isHidden():
            return
        try:
            draft = self._draft()
        except Refused as refused:
            self._refuse(str(refused))
            return
        unread = {**self.above.unread(), **self.below.unread()}
        self.above.refuse(unread)
        self.below.refuse(unread)
        if unread:
            return
        self._saving = True
        me = self._frame.verbs.me
        title = _TITLES["edit" if self._edits else "correct" if self._amends else "new"]
        self._frame.verbs.do(
            title,
            lambda work: draft.write(work, me),
            self._done,
            refused=self._refuse,
            topic=str(draft.values.get("topic", "")),
        )

    def discard(self) -> None:
        """Throw away what is written here."""
        self._clear()
        self._fold(folded=True)
        self.keeper.keep()
        self.dirty.emit(False)

    def flush(self) -> None:
        self.keeper.keep()

    def _draft(self) -> Draft:
        values = {**self.above.values(), **self.below.values()}
        values["said"] = values.get("said") or ""
        hangs_on = {"amends": self._amends, "edits": self._edits, "answers": self._answers}
        return Draft(self._seller, values, self.promises.promised(), **hangs_on)

    def _done(self, note: str) -> None:
        self._saving = False
        self.discard()
        self.saved.emit(note)

    def _refuse(self, sentence: str) -> None:
        self._saving = False
        self.sentence.setText(sentence)
        self.sentence.show()
        if not str(self.above.value("topic") or "").strip():
            self.above.refuse({"topic": sentence})

    # What stands here

    def _content(self) -> dict[str, Any] | None:
        """Say what a draft would keep; None where nothing was written."""
        if self.sheet.isHidden():
            return None
        values: dict[str, Any] = {}
        for name, cell in (*self.above.cells.items(), *self.below.cells.items()):
            value = cell.box.value()
            if isinstance(value, Unread):
                values[name] = {"unread": [value.text, value.sentence]}
            else:
                values[name] = to_json(cell.field.kind, value)
        promises = self.promises.content()
        if not (promises or any(map(self._says_something, _WORDS))):
            return None
        hangs_on = {"amends": self._amends, "edits": self._edits, "answers": self._answers}
        return {"values": values, "promises": promises, **hangs_on}

    def _says_something(self, name: str) -> bool:
        value = (self.above if name in self.above.cells else self.below).value(name)
        return bool((value.text if isinstance(value, Unread) else value or "").strip())

    def _touched(self) -> None:
        self.sentence.hide()
        self.keeper.touch()
        self.dirty.emit(self.writing)

    def _clear(self) -> None:
        self._amends = self._edits = self._answers = None
        blank = SellerNote(seller=self._seller, topic="", direction=Direction.OUT, visibility=NoteVisibility.DESK)
        self._show({name: getattr(blank, name) for name in (*self.above.cells, *self.below.cells)})
        self.promises.clear()
        self.above.refuse({})
        self.below.refuse({})
        self.sentence.hide()

    def _show(self, values: Mapping[str, Any]) -> None:
        self.above.show_values(values)
        self.below.show_values(values)

    # Looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.save()
        elif event.key() == Qt.Key.Key_Escape and not self.sheet.isHidden() and not self.writing:
            self.discard()
        else:
            super().keyPressEvent(event)

    def _unfold(self, title: str, focus: str) -> None:
        self.title.setText(title)
        self._fold(folded=False)
        if focus:
            self.above.cells[focus].box.entrance().setFocus()

    def _fold(self, *, folded: bool) -> None:
        self.offers.setVisible(folded)
        self.sheet.setVisible(not folded)

    def _lay_out(self) -> None:
        self.setAccessibleName(_("Note on the seller"))
        flow = Flow(self.offers, look().letters.tight)
        flow.setContentsMargins(0, 0, 0, 0)
        for form, sign in _SIGNS.items():
            flow.addWidget(button(_(form.label), lambda form=form: self.begin(form), kind="quiet", sign=sign))  # type: ignore[misc]  # a word of the desk.
        sheet = QVBoxLayout(self.sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(look().letters.gap)
        ends = QHBoxLayout()
        self.save_button = button(_("Save note"), self.save, kind="first")
        self.save_button.setToolTip("Ctrl+Enter")
        ends.addWidget(self.sentence, 1)
        ends.addStretch()
        ends.addWidget(button(_("Discard"), self.discard, kind="quiet"))
        ends.addWidget(self.save_button)
        for part in (self.title, self.above, self.promises, self.below):
            sheet.addWidget(part)
        sheet.addLayout(ends)
        self.body.addWidget(self.offers)
        self.body.addWidget(self.sheet)


_TITLES: Final = {
    "new": N_("Note: {topic}"),
    "correct": N_("Correct a note: {topic}"),
    "edit": N_("Change a note: {topic}"),
}
