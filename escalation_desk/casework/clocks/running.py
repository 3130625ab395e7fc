"""The clocks of a case, counted anew from what happened; the same facts give the same clocks on every workstation.

Nothing here looks at the time of day: `as_of` is given. What a clock has done is never undone: once it has met its
target or passed it, a later change of priority or policy leaves it alone.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from escalation_desk.casework.clocks.counting import EVER, RESOLUTION_STANDS, UPDATE_STANDS, Counted, Pause, count
from escalation_desk.casework.clocks.facts import Clock, ClockKind, ClockState, Facts, Phase, Spoken
from escalation_desk.casework.clocks.story import Cycle, Fate, first_word, story_of
from escalation_desk.casework.clocks.updates import update_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.casework.clocks.policies import Rules, Target
    from escalation_desk.casework.clocks.story import Story

__all__ = ("Clock", "ClockKind", "ClockState", "Facts", "Pause", "Phase", "Spoken", "clocks_of")


def clocks_of(facts: Facts, rules: Rules, as_of: int) -> tuple[Clock, ...]:
    """Count every clock of a case. Facts may come in any order of time; those of one second keep the order given."""
    if not facts.phases:
        return ()
    story = story_of(facts, rules, as_of)
    return tuple(clock for clocks in _CLOCKS for clock in clocks(story) if clock is not None)


def _clock(kind: ClockKind, number: int, story: Story, span: Cycle) -> Clock | None:
    """Count one clock over its span of the case."""
    begins, ends, fate = span
    goes_on = fate is Fate.GOES_ON
    if goes_on:
        ends = max(story.as_of, begins)
    wants, mask = _COUNTED[kind]
    counted = count(story.legs, begins, ends, goes_on=goes_on, wants=wants, mask=mask)
    if counted is None:
        return None
    target, wanted, due, used, *_how, pauses = counted
    state = _state(counted, fate, not_yet=story.as_of < begins)
    if state is ClockState.MET and due is None:  # Stopped while it stood: it would have been due, had it gone on.
        due = target.working.due(ends, wanted - used)
    elif state is ClockState.PAUSED and pauses:
        pauses = (*pauses[:-1], pauses[-1]._replace(ends=None))
    finished = None if goes_on and state is not ClockState.VOID else ends
    return Clock(
        *(kind, number, target.policy, target.priority, wanted // 60, target.calendar),
        *(begins, due, pauses, used // 60, state, finished),
    )


def _state(counted: Counted, fate: Fate, *, not_yet: bool) -> ClockState:
    if counted.breached:
        return ClockState.BREACHED
    if fate is Fate.DROPPED or not counted.owed:
        return ClockState.VOID
    if fate is Fate.DONE:
        return ClockState.MET
    if not_yet:
        return ClockState.NOT_STARTED
    return ClockState.PAUSED if counted.standing and counted.due is None else ClockState.RUNNING


_COUNTED: dict[ClockKind, tuple[Callable[[Target], int], int]] = {
    ClockKind.FIRST_RESPONSE: (attrgetter("first_response"), 0),
    ClockKind.NEXT_UPDATE: (attrgetter("next_update"), UPDATE_STANDS),
    ClockKind.RESOLUTION: (attrgetter("resolution"), RESOLUTION_STANDS),
    ClockKind.MITIGATION: (attrgetter("mitigation"), 0),
}


def _first_response(story: Story) -> Iterator[Clock | None]:
    """Yield the clock that the first word of a person stops; resolving stops it too: then nobody waits for a word."""
    if story.cycles:
        yield _clock(ClockKind.FIRST_RESPONSE, 1, story, _until(story.cycles[0], first_word(story)))


def _until(cycle: Cycle, done: int) -> Cycle:
    """End a span early, where what it waits for was done within it."""
    return cycle._replace(ends=done, fate=Fate.DONE) if done < EVER and done <= cycle.ends else cycle


def _resolution(story: Story) -> Iterator[Clock | None]:
    for number, cycle in enumerate(story.cycles, 1):
        yield _clock(ClockKind.RESOLUTION, number, story, cycle)


def _mitigation(story: Story) -> Iterator[Clock | None]:
    """Yield the clock of stopping the harm, once: from when the case was first so grave that it is asked for."""
    stopped = EVER if story.facts.mitigated_at is None else story.facts.mitigated_at
    for cycle in story.cycles:
        for leg in story.legs:
            if leg.target and leg.target.mitigation and leg.begins < cycle.ends and leg.ends > cycle.begins:
                begins = max(leg.begins, cycle.begins)
                span = _until(cycle._replace(begins=begins), max(stopped, begins))
                yield _clock(ClockKind.MITIGATION, 1, story, span)
                return


def _updates(story: Story) -> Iterator[Clock | None]:
    for number, span in enumerate(update_spans(story), 1):
        yield _clock(ClockKind.NEXT_UPDATE, number, story, span)


_CLOCKS = (_first_response, _updates, _resolution, _mitigation)
