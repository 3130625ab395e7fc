"""Where people write for the timeline. Internal unless they choose otherwise; the border and a word say which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor

from escalation_desk.casework.choices import Channel, FollowUpForm, Form
from escalation_desk.casework.macros import PROMISING, Gap, gaps, names_in
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.composer_parts import DIRECTIONS, HINTS, INSIDE, OUTSIDE, ComposerParts
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.macro_picker import Chosen, MacroPicker
from escalation_desk.desktop.case.sign_typed import take_back
from escalation_desk.desktop.case.when import read_moment
from escalation_desk.desktop.case.writing import BY_CODE, MODES, Mode, Promised, Writing
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from escalation_desk.casework.desk import Macro
    from escalation_desk.desktop.case.macro_picker import Foresee
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.macro_uses import Uses


class Composer(ComposerParts):
    """Holds one `Writing`. `put` comes with it and the moment it happened, when it may go onto the timeline."""

    def __init__(self, clock: Callable[[], Clock]) -> None:
        super().__init__(clock)
        self._macros: Sequence[Macro] = ()
        self._names: frozenset[str] = frozenset()
        self._places: Callable[[str], dict[str, str]] = lambda _language: {}
        self._spoken = ("en", "en")
        self._whom = ""
        self._own = Writing()
        self._filling = False
        self.foresee: Foresee | None = None
        self._uses: Mapping[str, Uses] = {}
        self._times: dict[FollowUpForm, str] = {}
        self._connect()
        self._show_mode()

    # What it holds

    def writing(self) -> Writing:
        return replace(
            self._own,
            text=self.editor.text(),
            direction=str(DIRECTIONS[self.direction.currentIndex()]),
            channel=str(self.channel.currentData() or ""),
            counterpart=self.counterpart.text(),
            at=self.at.line.text(),
        )

    def show_writing(self, writing: Writing) -> None:
        """Take up a draft, or begin anew."""
        self._filling = True
        self._own = writing
        self.editor.set_text(writing.text)
        self.editor.fit()
        self.direction.setCurrentIndex(max(self.direction.findData(writing.direction), 0))
        self.channel.setCurrentIndex(max(self.channel.findData(writing.channel), 0))
        self.counterpart.show_text(writing.counterpart)
        self.at.line.show_text(writing.at)
        self.at.setVisible(bool(writing.at))
        self.promise.hide()
        self._filling = False
        self._show_mode()
        self._show_promises()
        self._look()

    def know(
        self,
        macros: Sequence[Macro],
        spoken: tuple[str, str],
        places: Callable[[str], dict[str, str]],
        whom: str,
        channel: Channel,
    ) -> None:
        """Say what macros there are, who receives the text, and which language is spoken inside and outside."""
        self._macros, self._spoken, self._places, self._whom = macros, spoken, places, whom
        self._names = names_in(macros)
        self.marks.know(self._names)
        self.channel.setItemText(0, _("As the case: {channel}", channel=_(channel.label)))
        self._look()

    def know_uses(self, uses: Mapping[str, Uses]) -> None:
        self._uses = uses

    # What is done from outside

    def begin(self, mode: str) -> None:
        """Choose the kind of entry and go there; what is written stays."""
        self._own = replace(self._own, mode=mode, amends="", answers="")
        self._show_mode()
        self._changed()
        self.editor.setFocus()

    def correct(self, message: str, mode: str) -> None:
        """Write a correction of an entry."""
        self._own = replace(self._own, mode=mode, amends=message, answers="")
        self._show_mode()
        self._changed()
        self.editor.setFocus()

    def answer(self, question: str) -> None:
        """Write down the answer to a question."""
        self._own = replace(self._own, mode="question", answers=question, amends="")
        self._show_mode()
        self._changed()
        self.editor.setFocus()

    def begin_promise(self, text: str = "") -> None:
        self.promise.begin(text, self._whom)

    def put_now(self) -> None:
        """Put it onto the timeline, unless something is still open."""
        writing, open_places = self.writing(), self._gaps()
        at = self.at.value()
        if open_places:
            self.refuse(_("Fill in {places} first, or delete it.", places=_named(open_places)))
            self._select(open_places[0])
        elif isinstance(at, Unread):
            self.refuse(at.sentence)
            self.at.line.setFocus()
        elif writing.empty:
            self.refuse(_("There is nothing written yet."))
            self.editor.setFocus()
        else:
            self.refuse("")
            self.put.emit(writing, at)

    def refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def mention(self, name: str) -> None:
        """Write a colleague's name where @ was typed; whoever is named so watches the case from then on."""
        take_back(self.editor, "@")
        self.editor.setFocus()
        self.editor.insert(f"@{name} ")

    def open_macros(self, letters: str = "") -> None:
        """Offer the macros, or those that hold some letters."""
        language = self._spoken[BY_CODE[self._own.mode].external]
        picker = MacroPicker(self._macros, language, self._places, self, self.foresee, self._uses)
        picker.chosen.connect(self._write)
        picker.open_at(self.editor, self.editor.cursorRect())
        picker.search.setText(letters)

    # Inside

    def _choose_mode(self, code: str) -> None:
        self._own = replace(self._own, mode=code, amends="", answers="")
        self._show_mode()
        self._changed()

    def _show_mode(self) -> None:
        mode = BY_CODE[self._own.mode]
        self.modes.choose(mode.code)
        self.external = mode.external
        self.side.setText(_(OUTSIDE) if mode.external else _(INSIDE))
        self.side.set_tone(Tone.ACCENT if mode.external else Tone.WARN)
        self.direction.setVisible(mode.directed)
        self.channel.setVisible(mode.form in {Form.MESSAGE, Form.CHAT})
        self.counterpart.setVisible(mode.named)
        self.call.setVisible(mode.form is Form.CALL)
        self.copy.setVisible(mode.external and mode.form in {Form.MESSAGE, Form.CHAT})
        self.context.setText(self._context())
        self.context_row.setVisible(bool(self._own.amends or self._own.answers))
        hint = HINTS[mode.code]
        self.editor.setPlaceholderText(_(hint))
        self.editor.setAccessibleName(f"{_(mode.label)}. {self.side.text()}")
        self.go.setText(_("Put on the timeline"))
        self.update()

    def _context(self) -> str:
        if self._own.answers:
            return _("The answer to a question of this case")
        return _("A correction; the entry it corrects stays as it is") if self._own.amends else ""

    def _changed(self) -> None:
        if not self._filling:
            self._look()
            self.edited.emit()

    def _look(self) -> None:
        """Show what is still open in the text."""
        open_places = self._gaps()
        names = list(dict.fromkeys(gap.name for gap in open_places))
        self.gap_flow.clear()
        for name in names:
            gap = next(one for one in open_places if one.name == name)
            made = button(name, kind="chip")
            made.setAccessibleName(_("Fill in: {place}", place=name))
            made.clicked.connect(lambda _on=False, gap=gap: self._select(gap))
            self.gap_flow.addWidget(made)
        self.gap_row.setVisible(bool(names))
        if not names:
            self.refuse("")

    def _gaps(self) -> list[Gap]:
        text = self.editor.text()
        return gaps(text, self._names) if "{" in text else []

    def _select(self, gap: Gap) -> None:
        current = next((one for one in self._gaps() if one.name == gap.name), None)
        if current is None:
            return
        cursor = self.editor.textCursor()
        cursor.setPosition(current.start)
        cursor.setPosition(current.end, QTextCursor.MoveMode.KeepAnchor)
        self.editor.setTextCursor(cursor)
        self.editor.setFocus()

    def _typed(self, _at: int, removed: int, added: int) -> None:
        """Catch `::` for a macro, `!!` for a promise and `@` for a colleague as they are typed."""
        if self._filling or self.editor.composing or added - removed not in {1, 2} or not self.editor.hasFocus():
            return
        cursor = self.editor.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        if before.endswith("::"):
            self._later(self.open_macros)
        elif before.endswith("!!"):
            self._later(self._promise_of_line)
        elif before.endswith("@") and not before[-2:-1].isalnum() and not self.external:
            self._later(self.colleague_asked.emit)

    def _later(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)

    def _promise_of_line(self) -> None:
        """Make a promise of the line before `!!`."""
        take_back(self.editor, "!!")
        line = self.editor.textCursor().block().text().strip()
        self.begin_promise(one_line(line, 200))

    def _write(self, found: Chosen) -> None:
        """Write a macro where the cursor is; it is a draft like any other, nothing is put or sent."""
        take_back(self.editor, "::")
        self.editor.setFocus()
        self.macro_used.emit(found)
        if found.text.strip() and self.editor.insert(found.text):
            self._own = replace(self._own, macro=found.macro, language=found.language)
            if found.missing:
                self._select(Gap(0, 0, found.missing[0]))
            self._promise_by_macro(found)
        self._changed()

    def _promise_by_macro(self, found: Chosen) -> None:
        """Catch what the text of a macro promises by its times; a time that is not known yet is asked for."""
        clock = self._clock()
        for name, time in found.promises:
            words, form = PROMISING[name]
            due = read_moment(time, clock) if time else None
            if due is None:
                self._times[form] = name
                self.promise.begin(_(words), self._whom, form)
            elif due > clock.now:
                self._add(Promised(_(words), due, self._whom, form=form, of_macro=True))

    def _add(self, promised: Promised) -> None:
        self._own = replace(self._own, promises=(*self._own.promises, promised))
        self._show_promises()

    def _add_promise(self, promised: Promised) -> None:
        self._say_time(promised)
        self._own = replace(self._own, promises=(*self._own.promises, promised))
        self._close_promise()
        self._show_promises()
        self._changed()

    def _say_time(self, promised: Promised) -> None:
        """Write a time that was just promised into the place that a macro left open for it."""
        name = self._times.pop(promised.form, "")
        gap = next((one for one in self._gaps() if one.name == name), None)
        if gap:
            cursor = self.editor.textCursor()
            cursor.setPosition(gap.start)
            cursor.setPosition(gap.end, cursor.MoveMode.KeepAnchor)
            cursor.insertText(self._clock().full(promised.due))

    def _close_promise(self) -> None:
        self.promise.hide()
        self.editor.setFocus()

    def _show_promises(self) -> None:
        clock = self._clock()
        self.promises.show_chips(
            (str(at), _("{what}, due {when}", what=one_line(one.text, 60), when=clock.short(one.due)))
            for at, one in enumerate(self._own.promises)
        )

    def _drop_promise(self, at: str) -> None:
        kept = [one for number, one in enumerate(self._own.promises) if str(number) != at]
        self._own = replace(self._own, promises=tuple(kept))
        self._show_promises()
        self._changed()

    def _show_when(self) -> None:
        self.at.setVisible(self.at.isHidden())
        if self.at.isHidden():
            self.at.show_value(None)
            self._changed()
        else:
            self.at.setFocus()

    def _log_call(self, words: str) -> None:
        """Write what came of a call as its first line."""
        cursor = QTextCursor(self.editor.document())
        cursor.insertText(words + "\n")
        self.editor.setFocus()

    def _connect(self) -> None:
        self.no_context.clicked.connect(lambda: self.begin(self._own.mode))
        self.macro.clicked.connect(self.open_macros)
        self.promised.clicked.connect(lambda _on=False: self.begin_promise())
        self.when.clicked.connect(self._show_when)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.editor.text()))
        self.go.clicked.connect(self.put_now)
        self.modes.chosen.connect(self._choose_mode)
        self.editor.textChanged.connect(self._changed)
        self.editor.document().contentsChange.connect(self._typed)
        self.editor.files_dropped.connect(self.files_offered)
        self.editor.image_pasted.connect(self.image_offered)
        self.editor.too_long.connect(self.text_offered)
        for source in (self.counterpart.textEdited, self.direction.activated, self.channel.activated, self.at.edited):
            source.connect(self._touched)
        for line in (self.editor.left, self.counterpart.left, self.at.left):
            line.connect(self.left)
        self.promise.taken.connect(self._add_promise)
        self.promise.closed.connect(self._close_promise)
        self.promises.removed.connect(self._drop_promise)
        self.call.logged.connect(self._log_call)

    def _touched(self, *_what: Any) -> None:
        self._changed()


def _named(open_places: Sequence[Gap]) -> str:
    return ", ".join(dict.fromkeys(f"{{{gap.name}}}" for gap in open_places))


def mode_of(form: str) -> Mode | None:
    """Find the mode that writes a form of entry."""
    return next((mode for mode in MODES if mode.form is not None and str(mode.form) == form), None)
