"""Problem records in the journal: numbered, linked with cases, told to all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.linking import links, problems
from escalation_desk.casework.linking.records import CaseLink, Problem, ProblemState
from escalation_desk.journal import linking, reading

if TYPE_CHECKING:
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work


def begin(work: Work, title: str, me: User, **said: Any) -> Problem:
    """Write a new problem down under the next number of this workstation."""
    return work.add(problems.begin(work.ask(_next_number), title, me, work.now, **said))


def _next_number(made: Connection) -> str:
    prefix = made.execute("SELECT prefix FROM workstation").fetchone()[0]
    taken = made.execute("SELECT count(*) FROM problem WHERE number GLOB ?", (f"P-{prefix}-*",)).fetchone()[0]
    return f"P-{prefix}-{taken + 1:04d}"


def cases_of(made: Connection, problem: str) -> list[Case]:
    """Read the cases of a problem, oldest first."""
    held = [one.case for one in reading.all_of(made, CaseLink, pointing=("problem", problem))]
    return [one for one in reading.several(made, Case, held) if not one.deleted_at]


def join(work: Work, case: str, problem: str, me: User, why: str = "") -> CaseLink:
    """Say that a problem stands behind a case."""
    known = work.ask(lambda made: linking.known(made, [case]))
    link = work.add(links.link_problem(work.get(Case, case), work.get(Problem, problem), me, known=known, why=why))
    work.touched |= {("case", case), ("problem", problem)}
    return link


def note_to_all(work: Work, problem: str, text: str, me: User) -> int:
    """Put one note on every open case of a problem; say how many were told."""
    told = work.ask(lambda made: cases_of(made, problem))
    notes = problems.note_to_all(work.get(Problem, problem), told, text, me, work.now)
    for note in notes:
        work.add(note)
    return len(notes)


def move(work: Work, problem: str, to: ProblemState, me: User, why: str = "") -> None:
    problems.move(work.get(Problem, problem), to, me, work.now, why)
