"""Tells of this workstation's entries that no server has: those that wait, and those that it did not take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.i18n import _
from escalation_desk.journal.work import COMING

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection

PUT_ASIDE: Final = "UPDATE entry SET outcome = json_set(outcome, '$.seen', 1) WHERE number = ?"
"""Note that somebody has read that this entry was not taken; it stays in the history."""


class Unsent(NamedTuple):
    """An entry as a person names it; `why` where the server has not taken it."""

    number: int
    title: str
    at: str
    why: str = ""


def waiting(made: Connection, most: int) -> list[Unsent]:
    """List what waits to be told, oldest first."""
    rows = made.execute(
        "SELECT e.number, e.title, e.places, e.at FROM entry e, workstation w "
        "WHERE e.acknowledged_at IS NULL AND e.workstation = w.id AND e.kind <> ? ORDER BY e.number LIMIT ?",
        (COMING, most),
    )
    return [Unsent(number, _said(title, places), at) for number, title, places, at in rows]


def not_taken(made: Connection, most: int) -> list[Unsent]:
    """List what the server refused or could not digest and nobody has put aside, newest first."""
    rows = made.execute(
        "SELECT e.number, e.title, e.places, e.at, e.outcome FROM entry e, workstation w "
        "WHERE e.mid IS NOT NULL AND e.workstation = w.id AND json_extract(e.outcome, '$.seen') IS NULL "
        "AND json_extract(e.outcome, '$.state') IN ('refused', 'parked') ORDER BY e.number DESC LIMIT ?",
        (most,),
    )
    return [Unsent(number, _said(title, places), at, _why(outcome)) for number, title, places, at, outcome in rows]


def _said(title: str, places: str) -> str:
    return _(title, **json.loads(places))


def _why(outcome: str) -> str:
    said = json.loads(outcome)
    why = said.get("why")
    return _(why, **(said.get("places") or {})) if why else ""
