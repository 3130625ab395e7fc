"""What falls due between two moments: promises and follow-ups for the calendar, kept and moved ones among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.fields import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.journal.connection import Connection

_DUE = """
SELECT f.id, f.due_at, f.text, f.form, f.state, f.moved <> '[]', f.done_at, f.first_due_at, f.to_whom,
    f."case", f.seller, ifnull(c.case_no, s.shop_name)
FROM follow_up f LEFT JOIN "case" c ON c.id = f."case" LEFT JOIN seller s ON s.id = f.seller
WHERE f.deleted_at IS NULL AND f.due_at >= :begins AND f.due_at < :ends AND f.state <> 'cancelled'
AND (:owner = '' OR f.owner = :owner) ORDER BY f.due_at, f.seq
"""


class Due(NamedTuple):
    """One promise or follow-up as the calendar shows it."""

    id: str
    due_at: str
    text: str
    form: str
    state: str
    moved: bool
    done_at: str | None
    first_due_at: str | None
    to_whom: str | None
    case: str | None
    seller: str | None
    about: str | None

    @property
    def done(self) -> bool:
        return self.state == "done"


def due_between(made: Connection, begins: datetime, ends: datetime, owner: str = "") -> list[Due]:
    """Read what falls due from one moment (included) to another (left out); of one person, or of everybody."""
    values = {"begins": instant_text(begins), "ends": instant_text(ends), "owner": owner}
    return [Due._make(row)._replace(moved=bool(row[5])) for row in made.execute(_DUE, values)]
