"""Asks for one line before an act, without stopping the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLineEdit

from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import Question, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class LineQuestion(Question):
    """A question with a line for the answer; Enter answers, Esc leaves it."""

    def __init__(self, parent: QWidget | None, question: str, yes: str, then: Callable[[str], object]) -> None:
        super().__init__(parent, question, sign="help", tone=Tone.ACCENT)
        self.line = QLineEdit()
        self.line.setAccessibleName(question)
        self._words.addWidget(self.line)
        self.add_button(button(_("Cancel")), accept=False, default=False)
        self.yes = button(yes, kind="first")
        self.add_button(self.yes, accept=True, default=True)
        self.yes.setEnabled(False)
        self.line.textChanged.connect(lambda text: self.yes.setEnabled(bool(text.strip())))
        self.accepted.connect(lambda: then(self.line.text().strip()))
        self.line.setFocus()


def ask_line(parent: QWidget | None, question: str, yes: str, then: Callable[[str], object]) -> QDialog:
    asked = LineQuestion(parent, question, yes, then)
    asked.open()
    return asked
