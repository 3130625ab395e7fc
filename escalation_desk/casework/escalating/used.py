"""Says since when so many parts of a hundred of a clock are used: what a rule may tell an authority for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.clocks.facts import ClockKind, ClockState
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.casework.clocks.policies import Rules
    from escalation_desk.casework.clocks.working import WorkingTime

MISSED: Final = 100
"""Parts of a hundred: all of the time is used, and what was promised is not there."""


class Reached(NamedTuple):
    """A clock that used its part, and when it had."""

    at: datetime
    clock: ClockKind


def reached(
    clocks: Iterable[Clock], rules: Rules, percents: Iterable[int], now: datetime
) -> dict[int, tuple[Reached, ...]]:
    """Find for each part the clocks that have used it by now, in order of time.

    A clock that was met, or does not count, asks nobody; one that was missed does, even once it is over.
    """
    known = list(clocks)
    return {percent: tuple(sorted(_reached(known, rules, percent, now))) for percent in set(percents)}


def _reached(clocks: Iterable[Clock], rules: Rules, percent: int, now: datetime) -> Iterator[Reached]:
    for clock in clocks:
        second = _second(clock, rules.working(clock.calendar), percent)
        if second is not None and second <= now.timestamp():
            yield Reached(datetime.fromtimestamp(second, UTC), clock.kind)


def _second(clock: Clock, working: WorkingTime, percent: int) -> int | None:
    """Count back from the moment that is sure: when the clock is due, or since when it stands."""
    whole = 60 * clock.target_min
    wanted = whole * percent // MISSED
    if clock.state in {ClockState.RUNNING, ClockState.BREACHED} and clock.due_at is not None:
        return _before(working, clock.due_at, whole - wanted)
    used = 60 * clock.used_min
    if clock.state is ClockState.PAUSED and clock.paused and used >= wanted:
        return _before(working, clock.paused[-1].begins, used - wanted)
    return None


def _before(working: WorkingTime, moment: int, seconds: int) -> int:
    return working.back(moment, seconds) if seconds > 0 else moment


def number_of(text: str, most: int) -> int | None:
    """Read a number that somebody typed; nothing typed is none."""
    typed = text.strip().rstrip("%").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= most):
        raise Refused(_("“{text}” is no number from 1 to {most}; write one, or nothing.", text=text.strip(), most=most))
    return int(typed)
