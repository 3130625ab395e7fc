"""Asks which cases of a view wear which colour: one line for each rule, the first that fits counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes import Line
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.picking import Pick
from escalation_desk.desktop.plain import PlainLabel, button, icon_button
from escalation_desk.desktop.queue.colouring import COLOURS, check
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.views import Now
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.desktop.queue.views import Colour
    from escalation_desk.journal.connection import Connection


class ColourDialog(QDialog):
    """Tells the rules once each of them means something."""

    chosen = Signal(object)

    def __init__(self, frame: Frame, rules: Sequence[Colour], now: Now) -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._now = now
        self.rules: list[RuleLine] = []
        self._lines = QVBoxLayout()
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self._lay_out()
        for rule in rules or [("", Tone.BAD)]:
            self.add(rule)

    def add(self, rule: Colour = ("", Tone.BAD)) -> None:
        """Add a rule below the others."""
        line = RuleLine(*rule)
        line.removed.connect(lambda: self._remove(line))
        self.rules.append(line)
        self._lines.addWidget(line)
        line.text.setFocus()

    def _remove(self, line: RuleLine) -> None:
        self.rules.remove(line)
        self._lines.removeWidget(line)
        line.hide()
        line.deleteLater()

    def save(self) -> None:
        """Hand the rules over, unless one of them cannot be understood."""
        rules = [line.rule() for line in self.rules if line.text.text().strip()]

        def look_at(made: Connection) -> str:
            for line, _tone in rules:
                try:
                    check(made, line, self._now)
                except Refused as sentence:
                    return _("“{rule}”: {why}", rule=line, why=str(sentence))
            return ""

        self._frame.verbs.ask(look_at, lambda refusal: self._end(refusal, rules))

    def _end(self, refusal: str, rules: Sequence[Colour]) -> None:
        self.refusal.setText(refusal)
        self.refusal.setVisible(bool(refusal))
        if not refusal:
            self.chosen.emit(tuple(rules))
            self.accept()

    def _lay_out(self) -> None:
        letters = look().letters
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Colours of this view"))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(self.windowTitle(), Role.HEADING))
        column.addWidget(
            PlainLabel(
                _("Cases that a line means wear its colour and sign; write it as in the filter of the list."),
                Role.MUTED,
                wrap=True,
            )
        )
        self._lines.setSpacing(letters.tight)
        column.addLayout(self._lines)
        column.addWidget(button(_("Add a rule"), self.add, kind="quiet", sign="plus"), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.refusal)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button(_("Cancel"), self.reject))
        save = button(_("Colour them"), self.save, kind="first")
        save.setDefault(True)
        buttons.addWidget(save)
        column.addLayout(buttons)
        self.setMinimumWidth(letters.px(38))


class RuleLine(QWidget):
    """A colour and what it stands for."""

    removed = Signal()

    def __init__(self, line: str, tone: str) -> None:
        super().__init__()
        offers = [(f"{sign} {_(word)}", tone) for tone, (sign, word) in COLOURS.items()]
        self.tone = Pick(offers, Tone(tone), name=_("Colour"))
        self.text = Line("priority:P0 risk:legal")
        self.text.setAccessibleName(_("Which cases"))
        self.text.show_text(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().letters.tight)
        row.addWidget(self.tone)
        row.addWidget(self.text, 1)
        row.addWidget(icon_button("close", _("Take this rule away"), self.removed.emit))

    def rule(self) -> Colour:
        return self.text.text().strip(), self.tone.value()
