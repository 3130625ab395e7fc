"""The follow-ups of a case: what was promised, by when, and whether it was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from escalation_desk.casework import acts
from escalation_desk.casework.choices import FollowUpForm, FollowUpState, PromisedBy
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.asking import MovedDate, ask_words
from escalation_desk.desktop.case.promise_box import PromiseBox
from escalation_desk.desktop.case.refilling import Refilled
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.plain import PlainLabel, button, icon_button
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from escalation_desk.desktop.case.sight import Sight
    from escalation_desk.desktop.case.writing import Promised
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.work import Work


class FollowUpsCard(Refilled):
    """Open ones first, by date; those that are done fold away."""

    def __init__(self, frame: Frame, clock: Callable[[], Clock]) -> None:
        super().__init__(_("Follow-ups"))
        self._frame = frame
        self._clock = clock
        self._sight: Sight | None = None
        self._all = False
        self.acts.addWidget(icon_button("plus", _("Promise or reminder"), self.begin))
        self.box = PromiseBox(clock)
        self.box.hide()
        self.body.addWidget(self.box)
        self.box.taken.connect(self._add)
        self.box.closed.connect(self.box.hide)

    def show_sight(self, sight: Sight) -> None:
        self._sight = sight
        self._draw()

    def begin(self) -> None:
        sight = self._sight
        whom = sight.party.display_name if sight and sight.party else ""
        self.box.begin("", whom)

    # Acts

    def done(self, one: FollowUp) -> None:
        self._do(N_("Follow-up done on {case}"), one, lambda held, work: acts.finish(held, work.now))

    def move_it(self, one: FollowUp) -> None:
        question = _("Move “{what}”", what=one_line(one.text, 80))
        MovedDate(self, question, self._clock, lambda to, why: self._move(one, to, why)).open()

    def cancel(self, one: FollowUp) -> None:
        question = _("Why will “{what}” not be done?", what=one_line(one.text, 80))
        ask_words(self, question, _("Cancel it"), lambda why: self._cancel(one, why))

    def _move(self, one: FollowUp, to: datetime, why: str) -> None:
        me = self._frame.verbs.me
        title = N_("Move the date of a follow-up on {case}")
        self._do(title, one, lambda held, work: acts.move_due(held, to, why, me, work.now))

    def _cancel(self, one: FollowUp, why: str) -> None:
        self._do(N_("Cancel a follow-up on {case}"), one, lambda held, _work: acts.cancel(held, why))

    def _do(self, title: str, one: FollowUp, act: Callable[[FollowUp, Work], object]) -> None:
        if self._sight:
            case_no = self._sight.case.case_no
            self._frame.verbs.do(title, lambda work: act(work.get(FollowUp, one.id), work), case=case_no)

    def _add(self, promised: Promised) -> None:
        self.box.hide()
        sight, me = self._sight, self._frame.verbs.me
        if sight is None:
            return

        def operate(work: Work) -> None:
            work.add(
                acts.promise(
                    promised.text,
                    promised.due,
                    me,
                    case=sight.case.id,
                    form=promised.form,
                    promised_by=promised.by,
                    to_whom=promised.to_whom or None,
                )
            )

        self._frame.verbs.do(N_("Follow-up on {case}"), operate, case=sight.case.case_no)

    # Showing

    def _draw(self) -> None:
        sight = self._sight
        found = sorted(sight.follow_ups, key=_order) if sight else []
        open_ones = [one for one in found if one.state is FollowUpState.OPEN]
        others = [one for one in found if one.state is not FollowUpState.OPEN]
        rows: list[QWidget] = [self._row(one) for one in open_ones]
        if not found:
            rows.append(PlainLabel(_("Nothing promised."), Role.MUTED))
        if others:
            text = _("Hide what is done") if self._all else n_("{n} done", "{n} done", len(others))
            rows.append(button(text, self._flip, kind="link"))
            if self._all:
                rows += [self._row(one) for one in others]
        self.refill(rows)

    def _flip(self) -> None:
        self._all = not self._all
        self._draw()

    def _row(self, one: FollowUp) -> QWidget:
        clock = self._clock()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, look().letters.tight)
        row.setSpacing(look().letters.tight)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(one.text, wrap=True))
        is_open = one.state is FollowUpState.OPEN
        due = PlainLabel(self._says(one, clock), Role.SMALL, wrap=True)
        due.set_tone(clock.due_tone(one.due_at) if is_open else Tone.GOOD if one.kept else None)
        words.addWidget(due)
        row.addLayout(words, 1)
        if is_open:
            what = one_line(one.text, 60)
            for sign, name, act in (
                ("check", _("Done: {what}", what=what), self.done),
                ("calendar", _("Move the date: {what}", what=what), self.move_it),
                ("close", _("Cancel: {what}", what=what), self.cancel),
            ):
                row.addWidget(icon_button(sign, name, lambda act=act: act(one)))  # type: ignore[misc]  # the default is an act.
        return holder

    def _says(self, one: FollowUp, clock: Clock) -> str:
        """Say who owes it to whom, by when, and what became of it."""
        parts = [_(one.form.label) if one.form is not FollowUpForm.PROMISE else _(_WHO[one.promised_by])]
        if one.to_whom:
            parts.append(_("to {name}", name=one.to_whom))
        if self._sight and one.case and one.case != self._sight.case.id:  # Of a case that was merged into this one.
            parts.append(_("From {case}", case=self._sight.name("case", one.case)))
        parts.append(self._state(one, clock))
        if one.moved:
            count = len(one.moved)
            first = clock.short(one.first_due_at)
            parts.append(n_("moved once, first {when}", "moved {n} times, first {when}", count, when=first))
        return " · ".join(parts)

    def _state(self, one: FollowUp, clock: Clock) -> str:
        if one.state is FollowUpState.CANCELLED:
            return _("cancelled: {why}", why=one.why_cancelled or "–")
        if one.state is FollowUpState.DONE:
            when = clock.short(one.done_at)
            if one.kept:
                return _("kept, {when}", when=when)
            late = one.done_at is not None and one.due_at is not None and one.done_at > one.due_at
            return _("done late, {when}", when=when) if late else _("moved, then done, {when}", when=when)
        return clock.due_said(one.due_at)


_WHO = {PromisedBy.US: N_("We promised"), PromisedBy.THEM: N_("They promised"), None: N_("Promised")}


def _order(one: FollowUp) -> tuple[bool, str]:
    due = one.due_at or one.done_at
    return one.state is not FollowUpState.OPEN, due.isoformat() if due else ""
