"""What was merged into what: the case that stands for another one, and all that it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

# UNION, not UNION ALL: two merges that meet before the server has judged them must not make anybody wait for ever.
_ABOVE = """
WITH RECURSIVE above (id, depth) AS (
    SELECT merged_into, 1 FROM "{kind}" WHERE id = ? AND merged_into IS NOT NULL
    UNION SELECT r.merged_into, a.depth + 1 FROM above a JOIN "{kind}" r ON r.id = a.id
        WHERE r.merged_into IS NOT NULL AND a.depth < 100)
SELECT id FROM above ORDER BY depth
"""
_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM "case" WHERE merged_into = ? AND deleted_at IS NULL
    UNION SELECT r.id FROM below b JOIN "case" r ON r.merged_into = b.id WHERE r.deleted_at IS NULL)
SELECT id FROM below WHERE id <> ?
"""


def stands_for(made: Connection, kind: str, record: str) -> str:
    """Find what stands for a record: itself, or what it was merged into in the end."""
    above = [row[0] for row in made.execute(_ABOVE.format(kind=kind), (record,))]
    return above[-1] if above else record


def parts_of(made: Connection, case: str) -> list[str]:
    """List the cases that a case stands for: what was merged into it, and into those."""
    return [row[0] for row in made.execute(_BELOW, (case, case))]


def refuse_circle(made: Connection, record: Record, into: str) -> None:
    """Refuse a merge at the end of which nothing would stand for itself; undo and redo come this way too."""
    above = (row[0] for row in made.execute(_ABOVE.format(kind=record.kind), (into,)))
    if into == record.id or record.id in above:
        raise Refused(
            _(
                "What “{name}” would be merged into is itself merged into it by now; take that apart first.",
                name=record.name,
            )
        )
