"""Chooses a macro: what it would write is shown whole, in the receiver's language, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from escalation_desk.casework.macros import body_of, fill, names_in, promising, untranslated
from escalation_desk.casework.text import fold
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.case.gaps import GapMarks
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainEditor, PlainLabel, SearchField, button
from escalation_desk.i18n import LANGUAGES, _, n_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from escalation_desk.casework.desk import Macro
    from escalation_desk.casework.macro_actions import Foreseen
    from escalation_desk.journal.macro_uses import Uses

    Foresee = Callable[[Macro, Callable[[Foreseen], None]], None]

_MACRO: Final = int(Qt.ItemDataRole.UserRole)
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A macro as it is to be written: its text with what is known filled in."""

    macro: str
    language: str
    text: str
    missing: tuple[str, ...]
    promises: tuple[tuple[str, str], ...] = ()
    """The places that promise something by their time, and the time where it is known."""
    approved: str = ""
    """Who approved the text, for a macro that needs it."""


class MacroPicker(QFrame):
    """A small window with a list, a preview and a choice of language; Enter writes, Esc leaves all as it was."""

    chosen = Signal(Chosen)

    def __init__(
        self,
        macros: Sequence[Macro],
        language: str,
        places: Callable[[str], dict[str, str]],
        parent: QWidget,
        foresee: Foresee | None = None,
        uses: Mapping[str, Uses] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._macros = macros
        self._places = places
        self._foresee = foresee
        self._uses = uses or {}
        self._refused = ""
        self.search = SearchField(_("Find a macro"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Macros"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.preview = PlainEditor(lines=8, name=_("What it writes"))
        self.preview.setReadOnly(True)
        self.marks = GapMarks(self.preview, names_in(macros))
        self.language = QComboBox()
        self.language.setAccessibleName(_("Language"))
        self.deeds = PlainLabel("", Role.SMALL, wrap=True)
        self.approved = Line(_("Approved by whom, when, how"))
        self.approved.setAccessibleName(_("Approved by whom, when, how"))
        self.note = PlainLabel("", Role.SMALL, tone=Tone.WARN, wrap=True)
        self.take = button(_("Write it"), self._take, kind="first")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(self.language.findData(language), 0))
        self._lay_out()
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda _now, _before: self._preview())
        self.list.itemDoubleClicked.connect(lambda _item: self._take())
        self.language.currentIndexChanged.connect(lambda _at: self._preview())
        self.approved.textEdited.connect(lambda _text: self._settle())
        self.approved.returnPressed.connect(self._take)
        self._narrow("")

    def open_at(self, widget: QWidget, at: QRect) -> None:
        """Show beside a place in a widget, within the screen."""
        letters = look().letters
        width, height = letters.px(46), letters.px(22)
        room = widget.screen().availableGeometry()
        below = widget.mapToGlobal(at.bottomLeft() + QPoint(0, letters.tight))
        above = widget.mapToGlobal(at.topLeft() - QPoint(0, height + letters.tight))
        place = below if below.y() + height <= room.bottom() else above
        left = max(min(place.x(), room.right() - width), room.left())
        self.setGeometry(left, max(place.y(), room.top()), width, height)
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _STEPS:
                self.list.setCurrentRow(min(max(self.list.currentRow() + _STEPS[key], 0), self.list.count() - 1))
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, typed: str) -> None:
        wanted = fold(typed).split()
        self.list.clear()
        for macro in self._macros:
            said = fold(" ".join([macro.code, macro.use, *macro.texts.values()]))
            if all(word in said for word in wanted):
                item = QListWidgetItem(f"{macro.code}  {macro.use}", self.list)
                item.setData(_MACRO, macro)
        self.list.setCurrentRow(0)
        self._preview()

    def _preview(self) -> None:
        found, macro = self._now(), self._current()
        self._refused = ""
        self.approved.setVisible(bool(macro and macro.needs_approval))
        self.deeds.setText(self._used(macro) if macro else "")
        self.deeds.set_tone(None)
        if macro and self._foresee and macro.actions:
            self._foresee(macro, lambda foreseen: self._show_deeds(macro, foreseen))
        self._settle()
        self.preview.set_text(found.text if found else "")
        self.preview.setReadOnly(True)
        self.note.setText(self._say(found) if found else _("No macro fits these letters."))
        self.note.setVisible(bool(self.note.text()))

    def _used(self, macro: Macro) -> str:
        uses = self._uses.get(macro.id)
        if uses is None:
            return _("Not used yet.")
        return n_("Used {n} time, last {day}.", "Used {n} times, last {day}.", uses.times, day=_day(uses.last))

    def _show_deeds(self, macro: Macro, foreseen: Foreseen) -> None:
        """Say what the macro changes on this case; refused, it cannot be taken."""
        if macro is not self._current():
            return
        self._refused = foreseen.refused
        lines = foreseen.lines or (_("It changes nothing here."),)
        said = [foreseen.refused] if foreseen.refused else [_("It changes on this case:"), *lines]
        self.deeds.setText("\n".join([*said, self._used(macro)]))
        self.deeds.set_tone(Tone.BAD if foreseen.refused else Tone.ACCENT)
        self._settle()

    def _settle(self) -> None:
        macro = self._current()
        lacking = bool(macro and macro.needs_approval and not self.approved.text().strip())
        self.take.setEnabled(macro is not None and not self._refused and not lacking)
        writes = macro is None or any(text.strip() for text in macro.texts.values())
        self.take.setText(_("Write it") if writes else _("Do it"))

    def _say(self, found: Chosen) -> str:
        """Say what is missing: a text in the language, or values that the case does not know."""
        macro = self._current()
        said = []
        wanted = str(self.language.currentData())
        if macro and found.language != wanted:
            said.append(
                _(
                    "There is no text in {language}; the one in {other} stands in.",
                    language=LANGUAGES[wanted],
                    other=LANGUAGES.get(found.language, found.language),
                )
            )
        elif macro and any(macro.texts.values()) and untranslated(macro):
            missing = ", ".join(LANGUAGES[code] for code in untranslated(macro))
            said.append(_("Not translated yet: {languages}.", languages=missing))
        if found.missing:
            count = len(found.missing)
            said.append(
                n_("{n} place is yours to fill in.", "{n} places are yours to fill in.", count)
                + " "
                + ", ".join(found.missing)
            )
        return "\n".join(said)

    def _current(self) -> Macro | None:
        item: QListWidgetItem | None = self.list.currentItem()
        held: Any = item.data(_MACRO) if item is not None else None
        return held  # type: ignore[no-any-return]

    def _now(self) -> Chosen | None:
        macro = self._current()
        if macro is None:
            return None
        body = body_of(macro, str(self.language.currentData()))
        places = self._places(body.language)
        text, missing = fill(body.text, places)
        promises = tuple((name, places.get(name, "")) for name in promising(body.text))
        return Chosen(macro.id, body.language, text, missing, promises, self.approved.text().strip())

    def _take(self) -> None:
        found = self._now()
        if found is not None and self.take.isEnabled():
            self.close()
            self.chosen.emit(found)

    def _lay_out(self) -> None:
        letters = look().letters
        row = QHBoxLayout(self)
        row.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        row.setSpacing(letters.gap)
        left = QVBoxLayout()
        left.setSpacing(letters.tight)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        row.addLayout(left, 4)
        right = QVBoxLayout()
        right.setSpacing(letters.tight)
        right.addWidget(self.preview, 1)
        right.addWidget(self.deeds)
        right.addWidget(self.approved)
        right.addWidget(self.note)
        foot = QHBoxLayout()
        foot.addWidget(self.language)
        foot.addStretch()
        foot.addWidget(self.take)
        right.addLayout(foot)
        row.addLayout(right, 5)


def _day(at: str) -> str:
    return "/".join(reversed(at[:10].split("-")))
