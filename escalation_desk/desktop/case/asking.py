"""Asks for a few words before an act: why a case is taken over, declined, or a date moves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from escalation_desk.desktop.case.boxes import MomentLine
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainEditor, Question, button
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.moments import Clock


class Words(Question):
    """A question with a box for the answer; it does not stop the window. Ctrl+Enter answers, Esc leaves it."""

    def __init__(
        self,
        parent: QWidget | None,
        question: str,
        yes: str,
        then: Callable[[str], object],
        *,
        detail: str = "",
        optional: bool = False,
    ) -> None:
        super().__init__(parent, question, detail, sign="help", tone=Tone.ACCENT)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.editor = PlainEditor(lines=3, name=question)
        self._words.addWidget(self.editor)
        self.add_button(button(_("Cancel")), accept=False, default=False)
        self.yes = button(yes, kind="first")
        self.add_button(self.yes, accept=True, default=False)
        self._optional = optional
        self.editor.textChanged.connect(self._look)
        self.accepted.connect(lambda: then(self.editor.text().strip()))
        self._look()
        self.editor.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.yes.isEnabled():
                self.accept()
            return
        super().keyPressEvent(event)

    def _look(self) -> None:
        self.yes.setEnabled(self._optional or bool(self.editor.text().strip()))


def ask_words(
    parent: QWidget | None,
    question: str,
    yes: str,
    then: Callable[[str], object],
    *,
    detail: str = "",
    optional: bool = False,
) -> Words:
    """Ask, and go on with the answer; an empty one only where it is optional."""
    asked = Words(parent, question, yes, then, detail=detail, optional=optional)
    asked.open()
    return asked


class HandBack(Words):
    """Asks why a case goes back to Tier 1, and what they can learn from it."""

    def __init__(self, parent: QWidget | None, question: str, then: Callable[[str, str], object]) -> None:
        super().__init__(
            parent,
            question,
            _("Hand back"),
            lambda why: then(why, self.lesson.text().strip()),
            detail=_("The case is cancelled as returned to Tier 1, with this reason on its timeline."),
        )
        hint = _("What they can learn from it; goes to them as a message, if there is something")
        self.lesson = PlainEditor(lines=3, name=hint, hint=hint)
        self._words.addWidget(self.lesson)


class MovedDate(Words):
    """Asks for another date and why it moves."""

    def __init__(
        self, parent: QWidget | None, question: str, clock: Callable[[], Clock], then: Callable[[datetime, str], object]
    ) -> None:
        super().__init__(parent, question, _("Move it"), self._answer, detail=_("Why does it move?"))
        self._then = then
        self.due = MomentLine(clock, _("The new date"), hint=_("The new date: 14:30, tomorrow 9:00, +2h"))
        self.due.edited.connect(self._look)
        self._words.insertWidget(1, self.due)
        self.due.setFocus()

    def _look(self) -> None:
        due = getattr(self, "due", None)
        moment = due.value() if due else None
        self.yes.setEnabled(isinstance(moment, datetime) and bool(self.editor.text().strip()))

    def _answer(self, why: str) -> None:
        moment = self.due.value()
        if isinstance(moment, datetime):
            self._then(moment, why)
