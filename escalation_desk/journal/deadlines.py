"""How the clocks and deadlines of a case stand, read at one go for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.case import Case
from escalation_desk.casework.clocks import deadlines
from escalation_desk.casework.clocks.records import Deadline, DeadlineRule
from escalation_desk.journal import reading
from escalation_desk.journal.clocks.telling import told

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.journal.connection import Connection


class Stands(NamedTuple):
    """The clocks of a case, each with its explanation; its external deadlines; the rules that may hold for it."""

    case: Case
    clocks: tuple[tuple[Clock, str], ...]
    deadlines: tuple[Deadline, ...]
    offered: tuple[DeadlineRule, ...]


def standing(made: Connection, case_id: str, now: datetime, zone: tzinfo) -> Stands:
    """Read how a case stands as of a moment. Refused where there is no such case."""
    case = reading.record(made, Case, case_id)
    kept = [one for one in reading.all_of(made, Deadline, pointing=("case", case_id)) if one.deleted_at is None]
    rules = reading.all_of(made, DeadlineRule)
    return Stands(
        case,
        tuple(told(made, case_id, now, zone)),
        tuple(sorted(kept, key=lambda one: (not one.open, one.due_at or now, one.id))),
        deadlines.offered(rules, case),
    )
