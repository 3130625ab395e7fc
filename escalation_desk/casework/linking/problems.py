"""What stands behind several cases: begun, told to all of them, solved; its cases are closed one by one by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework import acts
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.linking.records import Problem, ProblemState
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message

ENDED: Final = frozenset({ProblemState.SOLVED, ProblemState.DROPPED})


def begin(number: str, title: str, me: User, now: datetime, **said: Any) -> Problem:
    """Write a problem down; whoever does owns it until somebody else does."""
    if not title.strip():
        raise Refused(_("Say in a line what the problem is."))
    said = {"market": me.market, "owner": me.id, "known_since": now, **said}
    problem = Problem(number=number, title=title.strip(), **said)
    _log(problem, "begun", "", me, now)
    return problem


def note_to_all(problem: Problem, cases: Iterable[Case], text: str, me: User, now: datetime) -> list[Message]:
    """Put one note on every case of a problem that is not finished yet."""
    if not text.strip():
        raise Refused(_("There is nothing written yet."))
    words = _("{problem}: {text}", problem=problem.number, text=text.strip())
    notes = [acts.internal_note(case, words, me, now) for case in cases if case.live]
    if not notes:
        raise Refused(_("No case of {problem} is open; there is nobody to tell.", problem=problem.number))
    _log(problem, "told", text.strip(), me, now)
    return notes


def move(problem: Problem, to: ProblemState, me: User, now: datetime, why: str = "") -> None:
    """Bring a problem into another state. A solved one says its cause; dropping one needs a reason."""
    if to is problem.state:
        return
    if to is ProblemState.SOLVED and not (problem.cause or "").strip():
        raise Refused(_("Say what the cause was before “{problem}” counts as solved.", problem=problem.name))
    if to is ProblemState.DROPPED and not why.strip():
        raise Refused(_("Say why “{problem}” is dropped.", problem=problem.name))
    problem.state = to
    problem.solved_at = now if to is ProblemState.SOLVED else None
    _log(problem, str(to), why.strip(), me, now)


def _log(problem: Problem, what: str, text: str, me: User, now: datetime) -> None:
    line = {"at": instant_text(now), "by": me.id, "what": what, "text": text}
    problem.log = (*problem.log, line)
