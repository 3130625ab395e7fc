"""How many cases came of each seller of a page lately, and before that. It moves with the clock, so it is no column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.trend import STRETCH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from escalation_desk.journal.connection import Connection

# Answered by the index of cases by seller alone (journal.tables). What was merged into another case came once.
_RECEIVED = """
SELECT seller, sum(received_at > :middle), sum(received_at <= :middle) FROM "case"
WHERE seller IN (SELECT value FROM json_each(:sellers)) AND received_at > :begins AND received_at <= :now
AND deleted_at IS NULL AND merged_into IS NULL GROUP BY 1
"""


class Received(NamedTuple):
    """Cases of the last 30 days, and of the 30 days before."""

    recent: int
    earlier: int


def received(made: Connection, sellers: Sequence[str], now: datetime) -> dict[str, Received]:
    """Count the cases of some sellers; those without any in both stretches are left out."""
    edges = {"now": now, "middle": now - STRETCH, "begins": now - 2 * STRETCH}
    values = {name: instant_text(at) for name, at in edges.items()} | {"sellers": json.dumps(list(sellers))}
    return {seller: Received(recent, earlier) for seller, recent, earlier in made.execute(_RECEIVED, values)}
