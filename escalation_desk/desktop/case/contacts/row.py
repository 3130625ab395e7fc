"""One request in the card: to whom, what, how its clock stands in words, and every act by button and by letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from escalation_desk.casework.contacts.chasing import chases_of
from escalation_desk.casework.contacts.records import PocRequest, RequestState
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.contacts.who import there_said
from escalation_desk.desktop.case.flow_box import FlowBox
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.plain import Chip, ElidedLabel, PlainLabel, button, set_tip
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QKeyEvent

    from escalation_desk.desktop.case.contacts.deeds import Seen
    from escalation_desk.desktop.moments import Clock

_ASK_LINE: Final = 300


class Deed(NamedTuple):
    """An act on a request: its name among the deeds, its words, its letter."""

    name: str
    label: str
    key: Qt.Key


CHASE: Final = Deed("chase", N_("Chase"), Qt.Key.Key_C)
ESCALATE: Final = Deed("chase", N_("Escalate"), Qt.Key.Key_C)
ACKNOWLEDGED: Final = Deed("acknowledge", N_("They have it"), Qt.Key.Key_A)
ANSWERED: Final = Deed("answer", N_("Answered"), Qt.Key.Key_R)
WRONG: Final = Deed("wrong", N_("Not theirs"), Qt.Key.Key_W)
SEND: Final = Deed("send", N_("Mark as sent"), Qt.Key.Key_S)
WITHDRAW: Final = Deed("withdraw", N_("Withdraw"), Qt.Key.Key_X)
ACCEPT: Final = Deed("accept", N_("It is enough"), Qt.Key.Key_E)
NOT_ENOUGH: Final = Deed("not_enough", N_("Not enough"), Qt.Key.Key_N)
PASS_ON: Final = Deed("pass_on", N_("Pass on"), Qt.Key.Key_P)
_STEPS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}


def deeds_of(one: PocRequest, *, escalates: bool = False) -> tuple[Deed, ...]:
    """List what can be done with a request as it stands, what is likeliest first."""
    if one.state is RequestState.DRAFT:
        return SEND, WITHDRAW
    if one.state.waiting:
        seen = (ACKNOWLEDGED,) if one.state is RequestState.SENT else ()
        return (ESCALATE if escalates else CHASE, *seen, ANSWERED, WRONG, WITHDRAW)
    if one.state is RequestState.ANSWERED:
        return PASS_ON, ACCEPT, NOT_ENOUGH, WITHDRAW
    if one.state is RequestState.ACCEPTED and one.passed_on_at is None:
        return PASS_ON, NOT_ENOUGH
    return ()


class RequestRow(QFrame):
    """`done` tells the name of the act; the arrows go to the next row."""

    done = Signal(str)
    stepped = Signal(int)

    def __init__(self, one: PocRequest, seen: Seen, clock: Clock) -> None:
        super().__init__()
        self.one = one
        self.setProperty("kind", "line")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.deeds = deeds_of(one, escalates=seen.escalates(one))
        self.clock_line = PlainLabel(" · ".join(said(one, seen, clock)), Role.SMALL, wrap=True)
        self.clock_line.set_tone(tone_of(one, clock))
        who = seen.known.who(one)
        self.setAccessibleName(_("Request to {who}: {ask}", who=who, ask=one_line(one.ask, 100)))
        self.setAccessibleDescription(f"{_(one.state.label)}. {self.clock_line.text()}")
        self._lay_out(who, seen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        deed = next((one for one in self.deeds if one.key == key), None)
        if plain and deed:
            self.done.emit(deed.name)
        elif plain and key in _STEPS:
            self.stepped.emit(_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _lay_out(self, who: str, seen: Seen) -> None:
        letters = look().letters
        column = QVBoxLayout(self)
        column.setContentsMargins(letters.tight, letters.tight, letters.tight, letters.tight)
        column.setSpacing(letters.px(0.15))
        top = QHBoxLayout()
        top.setSpacing(letters.tight)
        top.addWidget(ElidedLabel(who, Role.STRONG), 1)
        top.addWidget(Chip(_(self.one.state.label), *meaning(self.one.state)))
        column.addLayout(top)
        column.addWidget(PlainLabel(one_line(self.one.ask, _ASK_LINE), wrap=True))
        if self.one.answer:
            column.addWidget(PlainLabel(f"→ {one_line(self.one.answer, _ASK_LINE)}", Role.MUTED, wrap=True))
        column.addWidget(self.clock_line)
        if self.deeds:
            column.addWidget(self._buttons(seen))

    def _buttons(self, seen: Seen) -> FlowBox:
        box = FlowBox(look().letters.gap)
        who = seen.known.who(self.one)
        for deed in self.deeds:
            made = button(_(deed.label), lambda name=deed.name: self.done.emit(name), kind="link")  # type: ignore[misc]  # a string.
            letter = chr(deed.key.value)
            made.setAccessibleName(_("{act}: {question}", act=_(deed.label), question=who))
            set_tip(made, _("{act} (key {letter})", act=_(deed.label), letter=letter))
            box.flow.addWidget(made)
        return box


def said(one: PocRequest, seen: Seen, clock: Clock) -> list[str]:
    """Say how the clock of a request stands, in words."""
    return list(_said(one, seen, clock))


def _said(one: PocRequest, seen: Seen, clock: Clock) -> Iterator[str]:
    if one.state is RequestState.DRAFT:
        yield _("not sent yet; its clock begins when it is")
    elif one.state.waiting:
        yield from _said_of_waiting(one, seen, clock)
    elif one.state in {RequestState.ANSWERED, RequestState.ACCEPTED}:
        yield _("answered {when}", when=clock.short(one.answered_at))
        if one.quality:
            yield _(one.quality.label)
        if one.passed_on_at:
            yield _("passed on {when}", when=clock.short(one.passed_on_at))
        else:
            yield _("the requester does not know yet")
    elif one.ended_why:
        yield one_line(one.ended_why, 120)
    if one.rounds:
        yield n_("asked again once", "asked again {n} times", len(one.rounds))


def _said_of_waiting(one: PocRequest, seen: Seen, clock: Clock) -> Iterator[str]:
    late = one.answer_due_at is not None and one.answer_due_at < clock.now
    due = clock.due(one.answer_due_at)
    yield _("answer {due}", due=due) if late else _("answer due {when}", when=due)
    if one.acknowledged_at is None and one.ack_due_at:
        yield _("to be acknowledged: {due}", due=clock.due(one.ack_due_at))
    there = there_said(seen.known, one.team, one.poc, seen.case.market, clock)
    if there:
        yield there
    count = chases_of(one)
    if count:
        yield n_("chased once", "chased {n} times", count)
    if one.next_chase_at:
        next_is_above = seen.escalates(one)
        when = clock.due(one.next_chase_at)
        yield (
            _("then to {authority}: {when}", authority=seen.above, when=when)
            if next_is_above
            else _("next chase: {when}", when=when)
        )


def tone_of(one: PocRequest, clock: Clock) -> Tone | None:
    """Colour what is late; an answer that lies with us is a warning as well."""
    if one.state.waiting:
        dues: list[Any] = [one.answer_due_at, one.ack_due_at if one.acknowledged_at is None else None]
        tones = {clock.due_tone(due) for due in dues if due}
        return next((tone for tone in (Tone.BAD, Tone.WARN) if tone in tones), None)
    if one.state in {RequestState.ANSWERED, RequestState.ACCEPTED} and one.passed_on_at is None:
        return Tone.WARN
    return None
