"""How many promises to each seller of a page were kept, counted as `casework.promises.kept_rate` does, in one read.

It moves with the clock, because a promise that is overdue is not kept; therefore it is no column.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.promises import KeptRate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from escalation_desk.journal.connection import Connection

# What was merged into a seller counts for the seller.
_COUNTED = """
WITH own AS (
    SELECT value AS seller, value AS id FROM json_each(:sellers) UNION ALL
    SELECT merged_into, id FROM seller WHERE merged_into IN (SELECT value FROM json_each(:sellers))
), told AS (
    SELECT own.seller, f.moved <> '[]' AS moved, CASE
        WHEN f.moved <> '[]' THEN 0
        WHEN f.first_due_at IS NULL THEN NULL
        WHEN f.done_at IS NOT NULL THEN f.done_at <= f.first_due_at
        WHEN f.first_due_at < CASE f.state WHEN 'cancelled' THEN f.updated_at ELSE :now END THEN 0
        END AS kept
    FROM own JOIN follow_up f ON f.seller = own.id
    WHERE f.form = 'promise' AND ifnull(f.promised_by, 'us') = 'us' AND f.deleted_at IS NULL
)
SELECT seller, sum(kept), count(*), sum(moved) FROM told WHERE kept IS NOT NULL GROUP BY seller
"""


def kept_rates(made: Connection, sellers: Sequence[str], now: datetime) -> dict[str, KeptRate]:
    """Count what the desk promised to some sellers; those to whom nothing had to be kept yet are left out."""
    values = {"sellers": json.dumps(list(sellers)), "now": instant_text(now)}
    return {seller: KeptRate(*counted) for seller, *counted in made.execute(_COUNTED, values)}
