"""When a clock of updates runs: from each word of the desk to the next, or from a question where only answers are owed.

While nobody of the desk has spoken yet, the first response is what is owed, and no update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.choices import Direction
from escalation_desk.casework.clocks.story import Cycle, Fate, answers, first_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.casework.clocks.counting import Leg
    from escalation_desk.casework.clocks.facts import Spoken
    from escalation_desk.casework.clocks.story import Story


class _Mode(NamedTuple):
    """From when on updates are owed, and whether only as answers."""

    at: int
    owed: bool
    reply_only: bool


def update_spans(story: Story) -> Iterator[Cycle]:
    """Yield the spans of the update clocks in order."""
    word = first_word(story)
    for number, cycle in enumerate(story.cycles):
        if number:
            yield from _Updates(story, cycle, cycle.begins, unanswered=_unanswered(story, cycle.begins)).spans()
        elif word < cycle.ends:
            yield from _Updates(story, cycle, word, unanswered=False).spans()


def _unanswered(story: Story, at: int) -> bool:
    """Say whether the last word before a moment was the requester's."""
    said = [one for one in story.spoken if one.at <= at and (answers(one) or one.direction is Direction.IN)]
    return bool(said) and said[-1].direction is Direction.IN


class _Updates:
    """Walks through one cycle; `start` is when the clock that runs was started."""

    def __init__(self, story: Story, cycle: Cycle, begins: int, *, unanswered: bool) -> None:
        self.cycle = cycle
        self.begins = begins
        self.unanswered = unanswered
        self.start: int | None = None
        self.mode = _Mode(begins, owed=False, reply_only=False)
        self.happened: list[_Mode | Spoken] = sorted(
            [*_modes(story.legs, begins, cycle.ends), *_said(story.spoken, begins, cycle.ends)], key=_when
        )

    def spans(self) -> Iterator[Cycle]:
        for one in self.happened:
            if isinstance(one, _Mode):
                yield from self._changed(one)
            elif one.direction is Direction.IN:
                self.unanswered = True
                if self.mode.owed and self.mode.reply_only and self.start is None:
                    self.start = one.at
            else:
                yield from self._answered(one.at)
        if self.start is not None:
            yield Cycle(self.start, self.cycle.ends, self.cycle.fate)

    def _answered(self, at: int) -> Iterator[Cycle]:
        self.unanswered = False
        if self.start is not None and self.start < at:
            yield Cycle(self.start, at, Fate.DONE)
        goes_on = self.mode.owed and not self.mode.reply_only and at < self.cycle.ends
        self.start = at if goes_on else None

    def _changed(self, mode: _Mode) -> Iterator[Cycle]:
        """Begin or drop a clock where another policy or priority owes updates otherwise."""
        self.mode = mode
        owed = mode.owed and (self.unanswered or not mode.reply_only)
        if owed and self.start is None:
            self.start = mode.at
        elif not owed and self.start is not None:
            yield Cycle(self.start, mode.at, Fate.DROPPED)
            self.start = None


def _modes(legs: list[Leg], begins: int, ends: int) -> Iterator[_Mode]:
    last = None
    for leg in legs:
        if leg.ends > begins and leg.begins < ends:
            owed = leg.target is not None and leg.target.next_update > 0
            said = (owed, owed and leg.target is not None and leg.target.reply_only)
            if said != last:
                yield _Mode(max(leg.begins, begins), *said)
                last = said


def _said(spoken: list[Spoken], begins: int, ends: int) -> Iterator[Spoken]:
    for one in spoken:
        if begins < one.at <= ends and (answers(one) or one.direction is Direction.IN):
            yield one


def _when(one: _Mode | Spoken) -> tuple[int, bool]:
    return one.at, isinstance(one, _Mode)
