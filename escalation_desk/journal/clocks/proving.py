"""Proves that the clocks of every case are what follows from it: all are counted anew, and compared with the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.journal.clocks.facts import known_of
from escalation_desk.journal.clocks.rows import facts_of, kept_of, recounted
from escalation_desk.journal.clocks.rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.journal.connection import Connection

_AT_ONCE = 2_000

_STRAYS = """
SELECT DISTINCT k."case" FROM clock k LEFT JOIN "case" c ON c.id = k."case"
WHERE c.id IS NULL OR c.deleted_at IS NOT NULL OR c.policy_used IS NULL
"""


def miscounted(made: Connection) -> Iterator[str]:
    """Name the cases whose clocks are not what follows from them."""
    rules = rules_of(made)
    yield from (row[0] for row in made.execute(_STRAYS).fetchall())
    found = made.execute('SELECT id FROM "case" WHERE policy_used IS NOT NULL AND deleted_at IS NULL').fetchall()
    for start in range(0, len(found), _AT_ONCE):
        ids = [row[0] for row in found[start : start + _AT_ONCE]]
        here = kept_of(made, ids)
        for case, known in known_of(made, ids).items():
            rows = recounted(case, known, here.get(case, ()), rules)
            if sorted(rows) != sorted(here.get(case, ())) or facts_of(rows, live=known.live) != known.kept:
                yield case
