"""The one place where a way between states is checked: every entry in which a person does something comes by here.

What an import brings, the sample tells, the server sends or an undo takes back was right where it happened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.case import Case
from escalation_desk.casework.closing import gates, guards
from escalation_desk.casework.closing.records import ExceptionDecision, PeerReview, RootCause
from escalation_desk.casework.closing.surroundings import Spoken, Surroundings
from escalation_desk.casework.contacts.records import PocRequest
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.knowing.procedures import open_steps
from escalation_desk.casework.knowing.records import Checklist, Procedure
from escalation_desk.casework.linking.records import CaseLink
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.journal import linking, reading
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Altered

_SIGNED: Final = frozenset({"verified_how", "verified_by", "signed_off_by", "resolved_by"})
WATCHED: Final = gates.KEPT | _SIGNED | {"status", "priority_override"}
"""The fields of a case whose change is checked; any other is written without a look."""

_SPOKEN: Final = (
    "SELECT at, direction = 'out' FROM message WHERE \"case\" = ? AND deleted_at IS NULL AND visibility = 'public' "
    "AND amends IS NULL AND at IS NOT NULL AND NOT (automatic AND direction = 'out') ORDER BY at, seq"
)


def check(made: Connection, altered: Iterable[Altered], me: str | None, now: datetime) -> None:
    """Refuse an entry by which a case goes where it may not, once everything of the entry is written."""
    person = fetch(made, "user", me) if me else None
    for one in altered:
        if not one.before.keys() & WATCHED:
            continue
        case = fetch(made, "case", one.case)
        if isinstance(case, Case) and case.deleted_at is None:
            _check(made, case, one, person if isinstance(person, User) else None, now)


def _check(made: Connection, case: Case, altered: Altered, me: User | None, now: datetime) -> None:
    before = altered.before
    if me is not None:
        guards.refuse_signature(case, before, me)
        guards.refuse_priority(case, before, me)
    around = surroundings(made, case)
    if "status" in before:
        # A reopening takes the moment away from which its window counts.
        asked = replace(case, resolved_at=before.get("resolved_at", case.resolved_at))
        guards.refuse(asked, before["status"], altered.status, around, me, now)
    else:
        guards.refuse_unmaking(case, before, around, me, now)


def surroundings(made: Connection, case: Case) -> Surroundings:
    """Read what hangs on a case, by one short query a kind."""
    of_case = ("case", case.id)
    return Surroundings(
        reason=reading.find(made, Reason, case.reason) if case.reason else None,
        spoken=[Spoken(datetime.fromisoformat(at), bool(ours)) for at, ours in made.execute(_SPOKEN, (case.id,))],
        follow_ups=reading.all_of(made, FollowUp, pointing=of_case),
        requests=reading.all_of(made, PocRequest, pointing=of_case),
        escalations=reading.all_of(made, Escalation, pointing=of_case),
        links=reading.all_of(made, CaseLink, pointing=of_case),
        parts=linking.parts(made, case.id),
        causes=reading.all_of(made, RootCause, pointing=of_case),
        looks=reading.all_of(made, PeerReview, pointing=of_case),
        exceptions=reading.all_of(made, ExceptionDecision, pointing=of_case),
        undone_steps=_undone_steps(made, reading.all_of(made, Checklist, pointing=of_case)),
    )


def _undone_steps(made: Connection, checklists: Sequence[Checklist]) -> int:
    procedures = {one.id: one for one in reading.several(made, Procedure, [one.procedure for one in checklists])}
    return sum(len(open_steps(one, procedures[one.procedure])) for one in checklists if one.procedure in procedures)
