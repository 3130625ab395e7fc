"""Asks what shall change on many cases, shows what will come of it, and does it as one act that can be undone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QRadioButton, QVBoxLayout

from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.desktop.queue.bulk import Outcome, carry_out, foresee
from escalation_desk.desktop.queue.bulk_asks import ask_for
from escalation_desk.i18n import _, n_
from escalation_desk.journal import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.desktop.pages import Frame, Progress
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_PAUSE: Final = 200
_MOST_REASONS: Final = 4


class BulkDialog(QDialog):
    """`what` is the name of a field, "note", "follow-up", "macro", or empty to let the person choose a field."""

    def __init__(self, frame: Frame, ids: Sequence[str], query: ListQuery, whole: int, what: str = "") -> None:
        super().__init__(frame.window())
        self._frame = frame
        self._ids = list(ids)
        self._query = query
        self._round = 0
        self._foreseen: list[str] = []
        self.asked = ask_for(frame, what)
        self.some = QRadioButton(n_("The {n} selected case", "The {n} selected cases", len(ids)))
        self.all = QRadioButton(n_("All {n} case of this list", "All {n} cases of this list", whole))
        self.outcome = PlainLabel("", wrap=True)
        self.apply = button(_(self.asked.go), self._apply, kind="first")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._lay_out()
        self.some.setChecked(bool(self._ids))
        self.all.setChecked(not self._ids)
        self.some.setEnabled(bool(self._ids))
        self._pause.timeout.connect(self._foresee)
        self.asked.changed.connect(self._foresee_soon)
        self.some.toggled.connect(lambda _on: self._foresee_soon())
        self._foresee_soon()

    # What will come of it

    def _foresee_soon(self) -> None:
        self.apply.setEnabled(False)
        self._round += 1
        self._pause.start()

    def _foresee(self) -> None:
        try:
            change = self.asked.change()
        except Refused as sentence:
            self._say(str(sentence), None)
            return
        asked, me, now = self._round, self._frame.verbs.me, self._frame.verbs.journal.now()
        ids, query, whole = self._ids, self._query, self.all.isChecked()
        self._say(_("Looking what would change…"), None)

        def still_asked(_done: int, _of: int) -> bool:
            return asked == self._round

        def look_ahead(made: Connection) -> tuple[list[str], Outcome]:
            wanted = listing.ids(made, query) if whole else ids
            return wanted, foresee(made, wanted, change, me, now, still_asked)

        self._frame.verbs.ask(look_ahead, lambda found: self._show_outcome(asked, *found), slow=True)

    def _show_outcome(self, asked: int, ids: list[str], outcome: Outcome) -> None:
        if asked == self._round:
            self._foreseen = ids
            self._say(told(outcome), Tone.WARN if outcome.left_out else None)
            self.apply.setEnabled(outcome.changed > 0)

    def _say(self, sentence: str, tone: Tone | None) -> None:
        self.outcome.setText(sentence)
        self.outcome.set_tone(tone)
        self.outcome.setMinimumHeight(max(self.outcome.heightForWidth(self.outcome.width()), look().letters.px(5)))
        self.adjustSize()

    # Doing it

    def _apply(self) -> None:
        change = self.asked.change()
        frame, verbs, ids = self._frame, self._frame.verbs, self._foreseen
        strip = frame.progress(_("Changing cases"))

        def operate(work: Work) -> Outcome:
            return carry_out(work, ids, change, verbs.me, partial(_tell, strip))

        def done(outcome: Outcome) -> None:
            strip.end()
            frame.tell(told(outcome, past=True))

        def refused(sentence: str) -> None:
            strip.end()
            frame.tell(sentence, "refused")

        verbs.do(self.asked.title, operate, done, refused=refused, n=str(len(ids)), **self.asked.places())
        self.accept()

    # Laying out

    def _lay_out(self) -> None:
        letters = look().letters
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_(self.asked.heading))
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.page, letters.page, letters.page, letters.wide)
        column.setSpacing(letters.wide)
        column.addWidget(PlainLabel(self.windowTitle(), Role.HEADING))
        scope = QVBoxLayout()
        scope.addWidget(self.some)
        scope.addWidget(self.all)
        column.addLayout(scope)
        column.addWidget(self.asked)
        column.addWidget(self.outcome)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button(_("Cancel"), self.reject))
        buttons.addWidget(self.apply)
        column.addLayout(buttons)
        self.outcome.setMinimumHeight(letters.px(5))
        self.setMinimumWidth(letters.px(36))


def told(outcome: Outcome, *, past: bool = False) -> str:
    """Say an outcome: how many change, how many are skipped and why."""
    if past:
        lines = [n_("{n} case was changed.", "{n} cases were changed.", outcome.changed)]
    else:
        lines = [n_("{n} case changes.", "{n} cases change.", outcome.changed)]
    if outcome.same:
        lines.append(n_("{n} case is so already.", "{n} cases are so already.", outcome.same))
    for reason, count in outcome.skipped.most_common(_MOST_REASONS):
        lines.append(n_("{n} case is skipped: {reason}", "{n} cases are skipped: {reason}", count, reason=reason))
    return " ".join(lines) if past else "\n".join(lines)


def _tell(strip: Progress, done: int, total: int) -> bool:
    strip.at(done, total)
    return not strip.cancelled
