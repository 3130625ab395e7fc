"""A case as its clocks see it: stretches in which nothing changed, and the cycles of work between done and reopened."""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.choices import CaseStatus, Direction, WaitingOn
from escalation_desk.casework.clocks.counting import EVER, Leg

if TYPE_CHECKING:
    from escalation_desk.casework.clocks.facts import Facts, Phase, Spoken
    from escalation_desk.casework.clocks.policies import Rules


class Fate(Enum):
    """How a stretch of work ended for a clock."""

    GOES_ON = "goes on"
    DONE = "done"
    DROPPED = "dropped"


class Cycle(NamedTuple):
    """From receipt or reopening until the case was resolved, cancelled or merged."""

    begins: int
    ends: int
    fate: Fate


class Story(NamedTuple):
    """A case as its clocks see it."""

    legs: list[Leg]
    cycles: list[Cycle]
    spoken: list[Spoken]
    facts: Facts
    as_of: int


def story_of(facts: Facts, rules: Rules, as_of: int) -> Story:
    legs = _legs(facts, rules)
    return Story(legs, _cycles(legs, facts), sorted(facts.spoken), facts, as_of)


def _legs(facts: Facts, rules: Rules) -> list[Leg]:
    """Lay the phases end to end from receipt on; what was so before then is only where it begins."""
    phases = sorted(facts.phases, key=_at)
    ends = [max(one.at, facts.received_at) for one in phases[1:]]
    begins = facts.received_at
    legs = []
    for phase, end in zip(phases, [*ends, EVER], strict=True):
        if end > begins:
            target = rules.target(phase.policy, phase.priority, phase.market or facts.market)
            legs.append(Leg(begins, end, target, phase.status, _why(phase)))
            begins = end
    return legs


_at = attrgetter("at")


def _why(phase: Phase) -> CaseStatus | WaitingOn | None:
    if phase.status not in _STANDING:
        return None
    return phase.waiting_on if phase.waiting_on not in {None, WaitingOn.US} else phase.status


_STANDING: Final = frozenset({CaseStatus.PENDING_REQUESTER, CaseStatus.PENDING_THIRD_PARTY})


def _cycles(legs: list[Leg], facts: Facts) -> list[Cycle]:
    made: list[Cycle] = []
    begins: int | None = None
    ended = EVER if facts.ended is None else max(facts.ended, facts.received_at)
    for leg in legs:
        if leg.begins >= ended:
            break
        if leg.status.live and begins is None:
            begins = leg.begins
        elif not leg.status.live and begins is not None:
            made.append(Cycle(begins, leg.begins, _DROPS.get(leg.status, Fate.DONE)))
            begins = None
    if begins is not None:
        made.append(Cycle(begins, ended, Fate.GOES_ON if ended == EVER else Fate.DROPPED))
    return made


_DROPS = {CaseStatus.CANCELLED: Fate.DROPPED}


def answers(one: Spoken) -> bool:
    """Say whether a message is the desk's own word: what goes out by itself never counts."""
    return one.direction is Direction.OUT and one.by_person


def first_word(story: Story) -> int:
    """Find when a person of the desk first spoke after receipt."""
    received = story.facts.received_at
    return next((one.at for one in story.spoken if one.at >= received and answers(one)), EVER)
