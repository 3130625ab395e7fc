"""What the end of a case needs from the database: what is missing, precedents of an exception, closing in time."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.acts import edit
from escalation_desk.casework.case import Case
from escalation_desk.casework.closing import acts, guards
from escalation_desk.casework.closing.records import ExceptionDecision
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.text import fold
from escalation_desk.i18n import N_
from escalation_desk.journal import reading
from escalation_desk.journal.guarding import surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from escalation_desk.casework.choices import CaseStatus
    from escalation_desk.casework.closing.gates import Missing
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal

_MOST: Final = 20
_AT_ONCE: Final = 200

# Without the decision on knowledge none is closed (G-CLO): those are not even tried.
_DUE = (
    "SELECT resolved_at, id FROM \"case\" WHERE resolved_by = ? AND status = 'resolved' AND priority IN ('P2', 'P3') "
    "AND high_risk = 0 AND resolved_at <= ? AND deleted_at IS NULL AND merged_into IS NULL AND knowledge IS NOT NULL "
    "AND (resolved_at, id) > (?, ?) ORDER BY resolved_at, id LIMIT ?"
)


def missing(
    made: Connection, case_id: str, to: CaseStatus, typed: Mapping[str, Any], me: User, now: datetime
) -> list[Missing]:
    """List what stands between a case and another state, as the journal would say it once `typed` is saved."""
    case = reading.record(made, Case, case_id)
    before, resolved_at = case.status, case.resolved_at
    edit(case, dict(typed), me, now)
    case.derive()
    case.resolved_at = resolved_at
    return guards.missing(case, before, to, surroundings(made, case), me, now)


@dataclass(frozen=True, slots=True)
class Precedent:
    """An exception on another case, and how near it is."""

    decision: ExceptionDecision
    case_no: str
    same_reason: bool


def precedents(made: Connection, case: Case, words: str = "") -> list[Precedent]:
    """Find exceptions on other cases that hold all these words, those of the same reason first, then the newest."""
    wanted = fold(words).split()
    held = [one for one in reading.all_of(made, ExceptionDecision) if one.case != case.id and _holds(one, wanted)]
    group = (case.reason or "").rpartition(".")[0]
    near = [one for one in held if wanted or (group and (one.reason or "").startswith(group))]
    near.sort(key=lambda one: (one.reason == case.reason, instant_text(one.asked_at) if one.asked_at else ""))
    newest = near[: -_MOST - 1 : -1]
    numbers = reading.names(made, "case", [one.case for one in newest])
    return [Precedent(one, numbers.get(one.case, ""), one.reason == case.reason) for one in newest]


def _holds(one: ExceptionDecision, wanted: list[str]) -> bool:
    said = fold(f"{one.policy_says} {one.we_did} {one.because} {one.condition or ''}")
    return all(word in said for word in wanted)


def close_in_time(journal: Journal) -> int:
    """Close what the person here has resolved, and nobody came back on; answer how many cases that were.

    Each case is closed by the desk of whoever resolved it, so that of several workstations one does it; done again it
    finds nothing left.
    """
    me = journal.profile
    if me is None:
        return 0
    until, last, closed = instant_text(journal.now() - guards.AUTO_CLOSE), ("", ""), 0
    while due := _due(journal, me.id, until, last):  # What cannot be closed yet keeps nothing behind it from being.
        closed += sum(_close(journal, case_id) for _at, case_id in due)
        last = due[-1]
    return closed


def _due(journal: Journal, me: str, until: str, after: tuple[str, str]) -> list[tuple[str, str]]:
    with closing(journal.reader()) as made:
        return list(made.execute(_DUE, (me, until, *after, _AT_ONCE)))


def _close(journal: Journal, case_id: str) -> bool:
    with closing(journal.reader()) as made:
        number = reading.record(made, Case, case_id).case_no
    # No act of a person: Ctrl+Z does not take it back, and the guards were asked by the act itself.
    with journal.entry(N_("Closed after its time: {case}"), kind="fact", case=number) as work:
        case = work.get(Case, case_id)
        around = work.ask(lambda made: surroundings(made, case))
        if acts.close_by_itself(case, around, work.now):
            return True
        work.forget(case)
    return False
