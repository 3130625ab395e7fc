"""What is done with promises and reminders: done, moved with a reason, cancelled with a reason; each one entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from escalation_desk.casework import acts
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.case.asking import Words, ask_words
from escalation_desk.desktop.case.boxes import MomentLine
from escalation_desk.desktop.case.edits import Unread
from escalation_desk.desktop.moments import Clock
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work


class FollowUpDeeds(QObject):
    """Acts on follow-ups, named by their ids; the words of one are for the question."""

    def __init__(self, frame: Frame, page: QWidget) -> None:
        super().__init__(page)
        self._frame = frame
        self._page = page

    def finish(self, ids: Sequence[str], text: str) -> None:
        """Say that they are done, now."""
        self._each(N_("Done: {what}"), ids, text, acts.finish)

    def ask_move(self, ids: Sequence[str], text: str) -> None:
        """Ask for another date and the reason."""
        clock = Clock.of(self._frame.verbs.me, self._frame.verbs.journal.now())
        question = n_("Move “{what}” to when, and why?", "Move {n} follow-ups to when, and why?", len(ids), what=text)
        MoveQuestion(self._page, question, clock, lambda to, why: self.move(ids, text, to, why)).open()

    def move(self, ids: Sequence[str], text: str, to: datetime, why: str) -> None:
        me = self._frame.verbs.me
        self._each(N_("Move: {what}"), ids, text, lambda one, now: acts.move_due(one, to, why, me, now))

    def ask_cancel(self, ids: Sequence[str], text: str) -> None:
        """Ask for the reason why something is not done at all."""
        question = n_("Why is “{what}” not done?", "Why are these {n} follow-ups not done?", len(ids), what=text)
        ask_words(self._page, question, _("Cancel it"), lambda why: self.cancel(ids, text, why))

    def cancel(self, ids: Sequence[str], text: str, why: str) -> None:
        self._each(N_("Cancel: {what}"), ids, text, lambda one, _now: acts.cancel(one, why))

    def _each(self, title: str, ids: Sequence[str], text: str, act: Callable[[FollowUp, datetime], None]) -> None:
        def operate(work: Work) -> None:
            for one in ids:
                follow_up = work.get(FollowUp, one)
                refuse_closed(follow_up)
                act(follow_up, work.now)

        what = text if len(ids) == 1 else str(len(ids))
        self._frame.verbs.do(title, operate, what=what)


def refuse_closed(follow_up: FollowUp) -> None:
    """Refuse to do twice what is done or cancelled."""
    if follow_up.state.value != "open":
        raise Refused(
            _(
                "“{what}” is closed already: {state}. Undo that first.",
                what=follow_up.name,
                state=_(follow_up.state.label),
            )
        )


class MoveQuestion(Words):
    """Asks for a new date beside the reason."""

    def __init__(self, parent: QWidget, question: str, clock: Clock, then: Callable[[datetime, str], object]) -> None:
        super().__init__(
            parent, question, _("Move"), self._answer, detail=_("The first date stays visible beside the new one.")
        )
        self._then = then
        self.due = MomentLine(lambda: clock, _("New date"), hint=_("such as 25/11 17:00 or +3d"))
        self._words.insertWidget(self._words.count() - 1, self.due)
        self.editor.setPlaceholderText(_("Why it moves"))
        self.due.edited.connect(self._look)
        self.due.setFocus()
        self._look()

    def _look(self) -> None:
        due = self.due.value() if hasattr(self, "due") else None
        fits = due is not None and not isinstance(due, Unread)
        self.yes.setEnabled(fits and bool(self.editor.text().strip()))

    def _answer(self, why: str) -> None:
        due = self.due.value()
        if due is not None and not isinstance(due, Unread):
            self._then(due, why)
