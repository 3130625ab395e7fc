"""The one place where a way between states is checked: every entry in which a person does something comes by here.

What an import brings, the sample tells, the server sends or an undo takes back was right where it happened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Direction, Visibility
from escalation_desk.casework.clocks.records import Deadline
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
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import linking, merged, reading
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from escalation_desk.casework.choices import CaseStatus
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Altered

R = TypeVar("R", bound="Record")

_SIGNED: Final = frozenset({"verified_how", "verified_by", "signed_off_by", "resolved_by"})
WATCHED: Final = gates.KEPT | _SIGNED | {"status", "priority_override"}
"""The fields of a case whose change is checked; any other is written without a look."""

_SPOKEN: Final = (
    "SELECT at, direction = 'out' FROM message WHERE \"case\" = ? AND deleted_at IS NULL AND visibility = 'public' "
    "AND amends IS NULL AND at IS NOT NULL AND NOT (automatic AND direction = 'out') ORDER BY at, seq"
)


def check(made: Connection, altered: Iterable[Altered], me: str | None, now: datetime) -> None:
    """Refuse an entry by which a case goes where it may not, once everything of the entry is written."""
    watched = [one for one in altered if one.before.keys() & WATCHED]
    found = fetch(made, "user", me) if me and watched else None
    person = found if isinstance(found, User) else None
    for one in watched:
        case = fetch(made, "case", one.case)
        if isinstance(case, Case) and case.deleted_at is None:
            check_one(made, case, one.before, one.status, person, now)


def check_one(
    made: Connection,
    case: Case,
    before: Mapping[str, Any],
    status: CaseStatus,
    me: User | None,
    now: datetime,
    coming: Sequence[Record] = (),
) -> None:
    """Refuse what was done to one case: `before` are the old values, `status` the state it was brought into."""
    if not before.keys() & WATCHED:
        return
    if me is not None:
        guards.refuse_signature(case, before, me)
        guards.refuse_priority(case, before, me)
    around = surroundings(made, case, coming)
    if "status" in before:
        # A reopening takes the moment away from which its window counts.
        asked = replace(case, resolved_at=before.get("resolved_at", case.resolved_at))
        guards.refuse(asked, before["status"], status, around, me, now)
    else:
        guards.refuse_unmaking(case, before, around, me, now)


def surroundings(made: Connection, case: Case, coming: Sequence[Record] = ()) -> Surroundings:
    """Read what hangs on a case, by one short query a kind; `coming` is what the entry in the making adds to it.

    What was promised, asked and demanded on cases that were merged into it is owed by the one that stands for them.
    """
    of_case = ("case", case.id)
    own = (case.id, *merged.parts_of(made, case.id))
    said = [Spoken(datetime.fromisoformat(at), bool(ours)) for at, ours in made.execute(_SPOKEN, (case.id,))]
    said += [
        Spoken(one.at, one.direction is Direction.OUT)
        for one in coming
        if isinstance(one, Message) and one.at and one.visibility is Visibility.PUBLIC and not one.automatic
    ]
    promised = [one for one in coming if isinstance(one, FollowUp)]
    return Surroundings(
        reason=reading.find(made, Reason, case.reason) if case.reason else None,
        spoken=said,
        follow_ups=[*_of(made, FollowUp, own), *promised],
        requests=_of(made, PocRequest, own),
        escalations=_of(made, Escalation, own),
        deadlines=_of(made, Deadline, own),
        links=reading.all_of(made, CaseLink, pointing=of_case),
        parts=linking.parts(made, case.id),
        causes=reading.all_of(made, RootCause, pointing=of_case),
        looks=reading.all_of(made, PeerReview, pointing=of_case),
        exceptions=reading.all_of(made, ExceptionDecision, pointing=of_case),
        undone_steps=_undone_steps(made, reading.all_of(made, Checklist, pointing=of_case)),
    )


def _of(made: Connection, kind: type[R], cases: Iterable[str]) -> list[R]:
    return [one for case in cases for one in reading.all_of(made, kind, pointing=("case", case))]


def _undone_steps(made: Connection, checklists: Sequence[Checklist]) -> int:
    procedures = {one.id: one for one in reading.several(made, Procedure, [one.procedure for one in checklists])}
    return sum(len(open_steps(one, procedures[one.procedure])) for one in checklists if one.procedure in procedures)
