"""The rules by which a desk's clocks run, read once and again only after somebody has changed them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.choices import PartyKind
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.people import Party
from escalation_desk.journal.rows import from_row, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

KINDS = ("sla_policy", "calendar", "holiday")
"""What the rules are made of."""

_Rows = tuple[tuple[Any, ...], ...]
_last: tuple[_Rows, Rules] | None = None


def rules_of(made: Connection) -> Rules:
    """Read the rules. The rows are a few hundred; only where they differ from the last ones, they are read as records.

    No stamp is trusted instead: another program, a server and an undo change them too, all within one second.
    """
    global _last  # noqa: PLW0603 - calendars are compiled once in a program, whichever thread asks first.
    rows = tuple(tuple(made.execute(f"{shape_of(kind).select} ORDER BY seq").fetchall()) for kind in KINDS)
    known = _last
    if known is None or known[0] != rows:
        records = [[from_row(shape_of(kind), row) for row in some] for kind, some in zip(KINDS, rows, strict=True)]
        known = _last = (rows, Rules.of(*records))  # type: ignore[arg-type]  # each list holds its kind.
    return known[1]


def give(made: Connection, cases: Sequence[Case], pending: Iterable[Record]) -> None:
    """Give cases the policy that is for them; one that has none any more keeps what it has.

    `pending` are requesters that are not written yet.
    """
    if not cases:
        return
    rules = rules_of(made)
    kinds = _kinds_of(made, cases, {one.id: one.party_kind for one in pending if isinstance(one, Party)})
    for case in cases:
        case.derive()
        chosen = rules.choose(case, kinds.get(case.requester or "")) if _is_counted(case) else None
        if chosen:
            case.policy_used = chosen.id
            case.phases = tuple({**phase, "policy": phase.get("policy", chosen.id)} for phase in case.phases)


def _is_counted(case: Case) -> bool:
    """Leave out what came finished without saying when: nobody can tell how long it took."""
    return case.status.live or len(case.phases) > 1


def _kinds_of(made: Connection, cases: Sequence[Case], known: Mapping[str, PartyKind]) -> dict[str, PartyKind]:
    wanted = {case.requester for case in cases if case.requester} - known.keys()
    rows = (
        made.execute(
            "SELECT id, party_kind FROM party WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(wanted)),)
        )
        if wanted
        else ()
    )
    return {**known, **{row[0]: PartyKind(row[1]) for row in rows}}  # type: ignore[call-arg]  # looks a member up
