"""The procedures of one case, read at one go: those begun on it, those offered, and what is new about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.knowing import procedures
from escalation_desk.casework.knowing.records import Checklist, Procedure
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection


class Begun(NamedTuple):
    """A checklist with the version of the procedure that it follows; `newer` says what a later one has other."""

    checklist: Checklist
    procedure: Procedure
    newer: procedures.Change | None

    @property
    def steps(self) -> list[procedures.Step]:
        return procedures.steps_of(self.checklist, self.procedure)


class Offered(NamedTuple):
    """A procedure that fits the case, and what changed in it since this person used it last."""

    procedure: Procedure
    changed: procedures.Change | None


@dataclass(frozen=True, slots=True)
class OnCase:
    """The procedures of a case."""

    begun: tuple[Begun, ...] = ()
    offered: tuple[Offered, ...] = ()
    others: tuple[Procedure, ...] = ()


def on_case(made: Connection, case: Case, me: User) -> OnCase:
    """Read which procedures a case follows, which fit it, and which others there are."""
    known = reading.all_of(made, Procedure)
    by_id, newest = {one.id: one for one in known}, procedures.newest(known)
    checklists = reading.all_of(made, Checklist, pointing=("case", case.id))
    begun = [
        Begun(one, held, _newer(held, newest.get(held.code)))
        for one in checklists
        if (held := by_id.get(one.procedure)) is not None
    ]
    fitting = procedures.offered(known, case, checklists)
    codes = {one.procedure.code for one in begun} | {one.code for one in fitting}
    return OnCase(
        tuple(begun),
        tuple(Offered(one, _changed(made, one, known, me)) for one in fitting),
        tuple(sorted((one for code, one in newest.items() if code not in codes), key=lambda one: one.code)),
    )


def _newer(held: Procedure, latest: Procedure | None) -> procedures.Change | None:
    return procedures.changed_since(held, latest) if latest and latest.edition > held.edition else None


def _changed(made: Connection, one: Procedure, known: list[Procedure], me: User) -> procedures.Change | None:
    """Say what changed since this person began this procedure last, on whichever case."""
    versions = [other for other in known if other.code == one.code]
    if len(versions) < 2:
        return None
    mine = [
        checklist
        for version in versions
        for checklist in reading.all_of(made, Checklist, pointing=("procedure", version.id))
    ]
    used = procedures.used_last(one.code, versions, mine, me)
    return procedures.changed_since(used, one) if used else None
