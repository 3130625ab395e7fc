"""Reads whom the entries and follow-ups of many cases name beside the parties: for masking a page of a list."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.journal.connection import Connection

_CHUNK = 500
# A colleague wrote what has a `by`; the author of anything else is somebody whom the CRM named. A point of contact is a
# desk or a team, which is called by what it does.
_NAMED = """
SELECT "case", author FROM message WHERE "case" IN ({places}) AND by IS NULL AND author <> ''
UNION SELECT "case", counterpart FROM message WHERE "case" IN ({places}) AND counterpart <> '' AND form <> 'poc'
UNION SELECT "case", to_whom FROM follow_up WHERE "case" IN ({places}) AND to_whom <> ''
"""


def named_in(made: Connection, case_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """List the names that stand in the papers of each case."""
    found: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(case_ids), _CHUNK):
        chunk = case_ids[start : start + _CHUNK]
        places = ",".join(f"?{n}" for n in range(1, len(chunk) + 1))
        for case, name in made.execute(_NAMED.format(places=places), tuple(chunk)):
            if not any(map(str.isdigit, name)):  # “90 sellers”, “Tier 1”.
                found[case].add(name)
    return {case: frozenset(names) for case, names in found.items()}
