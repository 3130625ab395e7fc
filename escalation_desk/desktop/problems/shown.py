"""What the page of a problem shows, read at one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.linking.records import Problem, ProblemState
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.journal import problems, reading

if TYPE_CHECKING:
    from escalation_desk.casework.case import Case
    from escalation_desk.journal.connection import Connection

STATES: Final[dict[ProblemState, tuple[str, Tone]]] = {
    ProblemState.OPEN: ("●", Tone.WARN),
    ProblemState.KNOWN: ("◆", Tone.ACCENT),
    ProblemState.SOLVED: ("✓", Tone.GOOD),
    ProblemState.DROPPED: ("×", Tone.NEUTRAL),
}


@dataclass(frozen=True)
class Shown:
    """A problem, who owns it, and its cases."""

    problem: Problem
    owner: str
    cases: tuple[Case, ...]


def shown_of(made: Connection, problem: str) -> Shown:
    found = reading.record(made, Problem, problem)
    owner = reading.names(made, "user", [found.owner or ""]).get(found.owner or "", "–")
    return Shown(found, owner, tuple(problems.cases_of(made, problem)))
