"""The words that hint at a risk, and those that only look like it: a list, and a line to add one. Leads change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from escalation_desk.casework.choices import Language, RiskFlag
from escalation_desk.casework.escalating import keeping
from escalation_desk.casework.escalating.records import RiskWord
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, literal, own_viewport, resize_within
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_LANGUAGES = (Language.VI, Language.ID, Language.EN)


def open_words(frame: Frame) -> None:
    """Read the words, and show them."""

    def read(made: Connection) -> list[RiskWord]:
        return reading.all_of(made, RiskWord)

    frame.verbs.ask(read, lambda found: WordsDialog(frame, found).open())


class WordsDialog(QDialog):
    """Words by risk; what does not count stands last. Each change is one act, saved at once."""

    def __init__(self, frame: Frame, words: list[RiskWord]) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        own_viewport(self.list)
        self.list.setAccessibleName(_("Words of risk"))
        self.word = QLineEdit()
        self.word.setPlaceholderText(_("Word"))
        self.word.setAccessibleName(_("Word"))
        self.language = Pick([(_(one.label), one) for one in _LANGUAGES], name=_("Language"))
        offers = [*((_(one.label), one) for one in RiskFlag), (_("Does not count"), None)]
        self.flag = Pick(offers, RiskFlag.LEGAL, name=_("Risk"))
        for box in (self.language, self.flag):
            box.setSizeAdjustPolicy(Pick.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(12)
        self.wrong = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.add = button(_("Add"), self._add, sign="plus")
        self.flip = button(_("Switch on or off"), self._switch)
        self._lay_out(frame.verbs.keeps_rules)
        self._fill()
        self.word.returnPressed.connect(self._add)
        self.list.setCurrentRow(0)

    def _fill(self) -> None:
        held = self.list.currentRow()
        self._words.sort(key=lambda one: (one.flag is None, str(one.flag or ""), str(one.language), one.word))
        self.list.clear()
        for one in self._words:
            self.list.addItem(QListWidgetItem(literal(_named(one))))
        self.list.setCurrentRow(max(min(held, self.list.count() - 1), 0))

    def _add(self) -> None:
        known = list(self._words)
        text, language, flag = self.word.text(), self.language.value(), self.flag.value()

        def operate(work: Work) -> RiskWord:
            return work.add(keeping.new_word(text, language, flag, known))

        def added(one: RiskWord) -> None:
            self.word.clear()
            self.wrong.setText("")
            self._words.append(one)
            self._fill()
            self.list.setCurrentRow(self._words.index(one))

        self._frame.verbs.do(N_("New word of risk: {word}"), operate, added, refused=self.wrong.setText, word=text)

    def _switch(self) -> None:
        at = self.list.currentRow()
        if not 0 <= at < len(self._words):
            return
        chosen = self._words[at]

        def operate(work: Work) -> RiskWord:
            held = work.get(RiskWord, chosen.id)
            keeping.switch(held)
            return held

        def switched(one: RiskWord) -> None:
            self._words = [one if one.id == other.id else other for other in self._words]
            self._fill()

        title = N_("Switch a word of risk on or off: {word}")
        self._frame.verbs.do(title, operate, switched, refused=self.wrong.setText, word=chosen.word)

    def _lay_out(self, may: bool) -> None:
        letters = look().letters
        self.setWindowTitle(_("Words of risk"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(_("Words of risk"), Role.HEADING))
        hint = _("A word only asks; a person confirms the risk. What does not count silences a word within it.")
        column.addWidget(PlainLabel(hint, Role.MUTED, wrap=True))
        column.addWidget(self.list, 1)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(letters.tight)
        row.addWidget(self.word, 1)
        for part in (self.language, self.flag, self.add):
            row.addWidget(part)
        line.setVisible(may)
        column.addWidget(line)
        column.addWidget(self.wrong)
        buttons = QHBoxLayout()
        self.flip.setVisible(may)
        buttons.addWidget(self.flip)
        buttons.addStretch()
        buttons.addWidget(button(_("Close"), self.accept))
        for one in (self.add, self.flip):
            one.setAutoDefault(False)
        column.addLayout(buttons)
        resize_within(self, 48, 44)


def _named(one: RiskWord) -> str:
    means = _(one.flag.label) if one.flag else _("Does not count")
    said = f"{one.word}  ·  {means}  ·  {_(one.language.label)}"
    return said if one.active else _("{rule}, switched off", rule=said)
