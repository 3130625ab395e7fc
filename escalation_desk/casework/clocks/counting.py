"""How one clock counts: along the legs of a case, in each of which another target may hold, or the clock stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.choices import CaseStatus, WaitingOn
    from escalation_desk.casework.clocks.policies import Target

    Why = CaseStatus | WaitingOn | None

EVER: Final = 1 << 40
"""An end that never comes."""

RESOLUTION_STANDS: Final = 1
UPDATE_STANDS: Final = 2
"""Bits of `Leg.stands`: which clocks stand in it."""


class Leg(NamedTuple):
    """A stretch of a case in which nothing changed for a clock; `why` says why some stand in it."""

    begins: int
    ends: int
    target: Target | None
    stands: int
    why: Why


class Pause(NamedTuple):
    """A time in which a clock stood; one without an end goes on."""

    begins: int
    ends: int | None
    why: CaseStatus | WaitingOn


class Counted(NamedTuple):
    """What became of a clock. `target` and `wanted` are those that it ended under; `owed`: the last leg wants it."""

    target: Target
    wanted: int
    due: int | None
    used: int
    breached: bool
    standing: bool
    owed: bool
    pauses: tuple[Pause, ...]


def count(
    legs: list[Leg], start: int, end: int, *, goes_on: bool, wants: Callable[[Target], int], mask: int
) -> Counted | None:
    """Count from `start` to `end`; None where no leg ever wanted this clock. One that goes on feels what begins then.

    `mask` is the bit of this clock in `Leg.stands`. Once the target is passed, due time and target stay as they are.
    A target that is moved below what is already used falls due at the moment of the change.
    """
    reach = end + goes_on
    for at, leg in enumerate(legs):
        if leg.ends > start or leg.ends >= reach:
            if leg.ends >= reach and not leg.stands & mask:
                return _within(leg, start, end, wants)
            return _along(legs[at:], start, end, reach, wants, mask)
    return None


def _within(leg: Leg, start: int, end: int, wants: Callable[[Target], int]) -> Counted | None:
    """Count a clock that lies in one leg, as most do: it is asked for some millions of times when rules change."""
    target = leg.target
    wanted = wants(target) if target is not None else 0
    if target is None or not wanted:
        return None
    due = target.working.due(start, wanted)
    used = target.working.spent(start, end)
    return Counted(target, wanted, due, used, due < end, False, True, ())


def _along(
    legs: list[Leg], start: int, end: int, reach: int, wants: Callable[[Target], int], mask: int
) -> Counted | None:
    used, due, breached, standing, owed = 0, None, False, False, False
    kept, wanted = None, 0
    pauses: list[Pause] = []
    for leg in legs:
        begins, ends, target = max(leg.begins, start), min(leg.ends, end), leg.target
        asked = wants(target) if target is not None else 0
        owed = asked > 0
        standing = owed and leg.stands & mask != 0
        if not breached:
            due = None
        if target is not None and owed:
            if not breached:
                kept, wanted = target, asked
                due = _due(target, begins, ends, asked - used, standing=standing, last=leg.ends >= reach)
                breached = due is not None and due < ends
            if standing:
                _stand(pauses, leg, begins, ends)
            else:
                used += target.working.spent(begins, ends)
        if leg.ends >= reach:
            break
    if kept is None:
        return None
    return Counted(kept, wanted, due, used, breached, standing, owed, tuple(pauses))


def _due(target: Target, begins: int, ends: int, left: int, *, standing: bool, last: bool) -> int | None:
    """Find when a target is used up that holds from `begins` on, where that can be known or matters."""
    if left <= 0:
        return begins
    if standing or (left > ends - begins and not last):  # It cannot be used up before the next leg.
        return None
    return target.working.due(begins, left)


def _stand(pauses: list[Pause], leg: Leg, begins: int, ends: int) -> None:
    """Note a pause; one that goes on for the same reason is one."""
    if leg.why is None:
        return
    if pauses and pauses[-1].ends == begins and pauses[-1].why is leg.why:
        begins = pauses.pop().begins
    pauses.append(Pause(begins, ends, leg.why))
