"""The lines in which a promise or a reminder is caught: what, by when, to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import FollowUpForm, PromisedBy
from escalation_desk.desktop.case.boxes import Line, MomentLine
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.case.understood import Understood
from escalation_desk.desktop.case.when import quick_moments
from escalation_desk.desktop.case.writing import Promised
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.moments import Clock

KINDS: Final = (
    (N_("We promise"), FollowUpForm.PROMISE, PromisedBy.US),
    (N_("They promise"), FollowUpForm.PROMISE, PromisedBy.THEM),
    (N_("Call back"), FollowUpForm.CALLBACK, PromisedBy.US),
    (N_("Remind me"), FollowUpForm.REMINDER, PromisedBy.US),
    (N_("Check"), FollowUpForm.CHECK, PromisedBy.US),
)


class PromiseBox(QFrame):
    """Gives a `Promised` when Add is pressed; Esc closes it and leaves nothing behind."""

    taken = Signal(object)
    closed = Signal()

    def __init__(self, clock: Callable[[], Clock], add_text: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "sunken")
        self.setAccessibleName(_("Promise or reminder"))
        self._clock = clock
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind of follow-up"))
        for text, _form, _by in KINDS:
            self.kind.addItem(_(text))
        self.text = Line(_("What is promised, by when: call back tomorrow 15:00"))
        self.text.setAccessibleName(_("What is promised"))
        self.due = MomentLine(clock, _("By when"), hint=_("By when: 14:30, tomorrow 9:00, +2h"))
        self.whom = Line(_("To whom"))
        self.whom.setAccessibleName(_("To whom"))
        self.understood = Understood(self.text, self.due, clock)
        self.refusal = PlainLabel("", Role.SMALL, tone=Tone.BAD, wrap=True)
        self.refusal.hide()
        self.add = button(add_text or _("Add"), self._take, kind="first")
        self._quick = FlowBox(look().letters.tight)
        self._lay_out()

    def begin(self, text: str, whom: str, form: FollowUpForm = FollowUpForm.PROMISE) -> None:
        """Start anew with what is known."""
        self.kind.setCurrentIndex(next(at for at, kind in enumerate(KINDS) if kind[1] is form))
        self.text.show_text(text)
        self.whom.show_text(whom)
        self.due.show_value(None)
        self.understood.begin()
        self.refusal.hide()
        self._quick.flow.clear()
        for words, at in quick_moments(self._clock()):
            made = button(words, kind="chip")
            made.clicked.connect(lambda _on=False, at=at: self._choose_due(at))
            self._quick.flow.addWidget(made)
        self.show()
        (self.due if text and not self.due.value() else self.text).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif Qt.Key(event.key()) in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take()
        else:
            super().keyPressEvent(event)

    def _choose_due(self, at: datetime) -> None:
        self.due.show_value(at)
        self.due.edited.emit()
        self.add.setFocus()

    def _take(self) -> None:
        due, what = self.due.value(), self.understood.what()
        if not what:
            self._refuse(_("Say what is promised."), self.text)
        elif isinstance(due, Unread):
            self._refuse(due.sentence, self.due.line)
        elif due is None:
            self._refuse(_("Say by when."), self.due.line)
        elif due <= self._clock().now:
            self._refuse(_("That moment is past; choose one to come."), self.due.line)
        else:
            _words, form, by = KINDS[self.kind.currentIndex()]
            self.taken.emit(Promised(what, due, self.whom.text().strip(), by, form))

    def _refuse(self, sentence: str, widget: QWidget) -> None:
        self.refusal.setText(sentence)
        self.refusal.show()
        widget.setFocus()

    def _lay_out(self) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.gap, letters.gap, letters.gap, letters.gap)
        column.setSpacing(letters.tight)
        top = QHBoxLayout()
        top.setSpacing(letters.tight)
        top.addWidget(self.kind)
        top.addWidget(self.text, 1)
        column.addLayout(top)
        column.addWidget(self.understood)
        middle = QHBoxLayout()
        middle.setSpacing(letters.tight)
        middle.addWidget(self.due, 3)
        middle.addWidget(self.whom, 2)
        column.addLayout(middle)
        column.addWidget(self._quick)
        foot = QHBoxLayout()
        foot.setSpacing(letters.tight)
        foot.addWidget(self.refusal, 1)
        foot.addStretch()
        foot.addWidget(button(_("Cancel"), self.closed.emit, kind="quiet"))
        foot.addWidget(self.add)
        column.addLayout(foot)
