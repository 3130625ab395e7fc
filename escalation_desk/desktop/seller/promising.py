"""The promises of a contact, ours and theirs, while it is written down: what, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework.choices import PromisedBy
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.boxes import Line, MomentLine
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.case.understood import Understood
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.plain import PlainLabel, button, icon_button
from escalation_desk.desktop.seller.notes import Promised
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.casework.clocks.working import WorkingTime
    from escalation_desk.desktop.moments import Clock

_HINTS: Final = {
    PromisedBy.US: N_("What we promised"),
    PromisedBy.THEM: N_("What they promised"),
}


class PromiseLine(QWidget):
    """One promise: whose it is, what it says, when it is due."""

    edited = Signal()
    removed = Signal()

    def __init__(self, by: PromisedBy, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self.by = by
        self.text = Line(_(_HINTS[by]))
        self.text.setAccessibleName(_(_HINTS[by]))
        self.due = MomentLine(clock, _("By when"), hint=_("by when, such as 25/11 17:00 or +3d"))
        letters = look().letters
        self.due.setMaximumWidth(letters.px(15))
        whose = PlainLabel(_(by.label), Role.SMALL)
        whose.setFixedWidth(letters.px(6.5))
        self.understood = Understood(self.text, self.due, clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(letters.tight)
        column.addLayout(row)
        column.addWidget(self.understood)
        row.addWidget(whose)
        row.addWidget(self.text, 3)
        row.addWidget(self.due, 2)
        row.addWidget(icon_button("close", _("Take this promise away"), self.removed.emit))
        self.text.textEdited.connect(lambda _text: self.edited.emit())
        self.due.edited.connect(self.edited)

    def promised(self) -> Promised:
        """Give the promise. Refused while something of it is missing."""
        text, due = self.understood.what(), self.due.value()
        if not text:
            raise Refused(_("A promise is empty; say what was promised, or take it away."))
        if isinstance(due, Unread):
            raise Refused(due.sentence)
        if due is None:
            raise Refused(_("The promise “{promise}” has no date; say by when.", promise=text))
        return Promised(self.by, text, due)

    def content(self) -> dict[str, Any]:
        return {"by": self.by.value, "text": self.text.text(), "due": self.due.line.text()}


class PromiseLines(QWidget):
    """All promises of one contact."""

    edited = Signal()

    def __init__(self, clock: Callable[[], Clock]) -> None:
        super().__init__()
        self._clock = clock
        self._hours: WorkingTime | None = None
        self.lines: list[PromiseLine] = []
        letters = look().letters
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(letters.tight)
        row = QHBoxLayout()
        row.setSpacing(letters.tight)
        self.ours = button(
            _("We promised …"), lambda: self.add(PromisedBy.US, focus=True), kind="quiet", sign="promise"
        )
        self.theirs = button(
            _("They promised …"), lambda: self.add(PromisedBy.THEM, focus=True), kind="quiet", sign="promise"
        )
        row.addWidget(self.ours)
        row.addWidget(self.theirs)
        row.addStretch()
        self._column.addLayout(row)

    def add(self, by: PromisedBy, text: str = "", due: str = "", *, focus: bool = False) -> PromiseLine:
        line = PromiseLine(by, self._clock)
        line.understood.know_hours(self._hours)
        line.text.setText(text)
        line.due.line.setText(due)
        line.understood.begin() if text and not due else line.understood.hide()
        line.edited.connect(self.edited)
        line.removed.connect(lambda: self._remove(line))
        self.lines.append(line)
        self._column.insertWidget(len(self.lines) - 1, line)
        if focus:
            line.text.setFocus()
            self.edited.emit()
        return line

    def know_hours(self, hours: WorkingTime | None) -> None:
        self._hours = hours

    def promised(self) -> tuple[Promised, ...]:
        return tuple(line.promised() for line in self.lines)

    def content(self) -> list[dict[str, Any]]:
        return [line.content() for line in self.lines]

    def restore(self, content: Sequence[dict[str, Any]]) -> None:
        self.clear()
        for held in content:
            self.add(PromisedBy(held["by"]), held["text"], held["due"])  # type: ignore[call-arg]  # looks a member up

    def clear(self) -> None:
        for line in list(self.lines):
            self._drop(line)

    def _remove(self, line: PromiseLine) -> None:
        self._drop(line)
        self.ours.setFocus()
        self.edited.emit()

    def _drop(self, line: PromiseLine) -> None:
        self.lines.remove(line)
        self._column.removeWidget(line)
        line.hide()
        line.deleteLater()
