"""How a clock or a deadline stands, in a word, a sign and a tone: colour never speaks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.clocks.deadlines import state_of
from escalation_desk.casework.clocks.explaining import length
from escalation_desk.casework.clocks.facts import ClockKind, ClockState
from escalation_desk.casework.clocks.working import moment
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.clocks.facts import Clock as Measured
    from escalation_desk.casework.clocks.records import Deadline
    from escalation_desk.desktop.moments import Clock


class Said(NamedTuple):
    """The state in a chip, and the rest beside it."""

    state: str
    tone: Tone
    mark: str
    rest: str


_SHOWN = {
    ClockState.NOT_STARTED: (Tone.NEUTRAL, "○"),
    ClockState.RUNNING: (Tone.ACCENT, "▸"),
    ClockState.PAUSED: (Tone.NEUTRAL, "‖"),
    ClockState.MET: (Tone.GOOD, "✓"),
    ClockState.BREACHED: (Tone.BAD, "▲"),
    ClockState.VOID: (Tone.NEUTRAL, "–"),
}


def name_of(clock: Measured) -> str:
    """Name a clock; the second and later cycles of one say so."""
    if clock.cycle == 1 or clock.kind is ClockKind.NEXT_UPDATE:
        return _(clock.kind.label)
    return _("{clock}, cycle {n}", clock=_(clock.kind.label), n=clock.cycle)


def said(clock: Measured, now: Clock) -> Said:
    tone, mark = _SHOWN[clock.state]
    if clock.state is ClockState.RUNNING and clock.due_at is not None:
        tone = now.due_tone(moment(clock.due_at)) or tone
    return Said(_(clock.state.label), tone, mark, _rest(clock, now))


def _rest(clock: Measured, now: Clock) -> str:
    due = None if clock.due_at is None else moment(clock.due_at)
    span = length(abs(clock.left_min))
    match clock.state:
        case ClockState.VOID:
            return ""
        case ClockState.PAUSED | ClockState.MET:
            return _("{time} left", time=span)
        case ClockState.BREACHED:
            return _("was due {when}, {time} over", when=now.short(due), time=span)
        case _:
            return _("due {when}, {time} left", when=now.short(due), time=span)


def deadline_said(one: Deadline, now: Clock) -> Said:
    state = state_of(one, now.now)
    tone, mark = _SHOWN[state]
    if state is ClockState.RUNNING:
        tone = now.due_tone(one.due_at) or tone
    side = _(one.side.label)
    if one.dropped_why:
        return Said(_("Dropped"), tone, mark, f"{side} · {one.dropped_why}")
    if one.met_at:
        return Said(_(state.label), tone, mark, _("{side} · done {when}", side=side, when=now.short(one.met_at)))
    return Said(_(state.label), tone, mark, _("{side} · {due}", side=side, due=now.due_said(one.due_at)))
