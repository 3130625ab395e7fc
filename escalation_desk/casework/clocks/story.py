"""A case as its clocks see it: stretches in which nothing changed, and the cycles of work between done and reopened."""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.choices import CaseStatus, Direction, WaitingOn
from escalation_desk.casework.clocks.counting import EVER, RESOLUTION_STANDS, UPDATE_STANDS, Leg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.clocks.counting import Why
    from escalation_desk.casework.clocks.facts import Facts, Phase, Spoken
    from escalation_desk.casework.clocks.policies import Rules, Target


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
    phases = facts.phases if len(facts.phases) == 1 else sorted(facts.phases, key=_at)
    spoken = sorted(facts.spoken) if len(facts.spoken) > 1 else list(facts.spoken)
    return Story(_legs(phases, facts, rules), _cycles(phases, facts), spoken, facts, as_of)


_at = attrgetter("at")


def _legs(phases: Sequence[Phase], facts: Facts, rules: Rules) -> list[Leg]:
    """Lay the phases end to end from receipt on; those between which no clock sees a difference are one."""
    begins = facts.received_at
    legs: list[Leg] = []
    last: tuple[Target | None, int, Why] | None = None
    for phase in phases:
        target = rules.target(phase.policy, phase.priority, phase.market or facts.market)
        now = (target, *(_standing(phase, target) if phase.status in _MAY_STAND else _RUNS))
        if now != last:
            if last is not None and phase.at > begins:
                legs.append(Leg(begins, phase.at, *last))
                begins = phase.at
            last = now
    if last is not None:
        legs.append(Leg(begins, EVER, *last))
    return legs


_MAY_STAND: Final = frozenset({CaseStatus.PENDING_REQUESTER, CaseStatus.PENDING_THIRD_PARTY})
_RUNS: Final = (0, None)


def _standing(phase: Phase, target: Target | None) -> tuple[int, Why]:
    """Say which clocks stand in a phase, and why.

    A wait for a third party counts only where the policy says so; one for an internal team is the company's own.
    A requester who has written is not waited for, whatever the state says: the clock of an answer goes on.
    """
    if target is None:
        return 0, None
    why = phase.waiting_on if phase.waiting_on not in {None, WaitingOn.US} else phase.status
    if phase.status is CaseStatus.PENDING_THIRD_PARTY:
        return (RESOLUTION_STANDS, why) if target.third_party_pauses else (0, None)
    return (RESOLUTION_STANDS if target.reply_only else RESOLUTION_STANDS | UPDATE_STANDS), why


def _cycles(phases: Sequence[Phase], facts: Facts) -> list[Cycle]:
    received = facts.received_at
    ended = EVER if facts.ended is None else max(facts.ended, received)
    made: list[Cycle] = []
    begins: int | None = None
    for phase, following in zip(phases, [*(one.at for one in phases[1:]), EVER], strict=True):
        if following <= received:  # Over before the desk had the case.
            continue
        at = max(phase.at, received)
        if at >= ended:
            break
        if begins is None:
            begins = at if phase.status.live else None
        elif not phase.status.live:
            made.append(Cycle(begins, at, Fate.DROPPED if phase.status is CaseStatus.CANCELLED else Fate.DONE))
            begins = None
    if begins is not None:
        made.append(Cycle(begins, ended, Fate.GOES_ON if ended == EVER else Fate.DROPPED))
    return made


def answers(one: Spoken) -> bool:
    """Say whether a message is the desk's own word: what goes out by itself never counts."""
    return one.direction is Direction.OUT and one.by_person


def first_word(story: Story) -> int:
    """Find when a person of the desk first spoke after receipt."""
    received = story.facts.received_at
    return next((one.at for one in story.spoken if one.at >= received and answers(one)), EVER)
