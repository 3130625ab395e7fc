"""Who is away now, and whose work is mine meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.fields import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.absence import Absence
    from escalation_desk.casework.views import Now
    from escalation_desk.journal.connection import Connection

_AWAY = "SELECT id FROM absence WHERE begins_at <= :now AND ends_at > :now AND deleted_at IS NULL"


def absences(made: Connection, moment: datetime) -> list[Absence]:
    """Read the absences that somebody is on at this moment; most of the time there are none."""
    ids = [row[0] for row in made.execute(_AWAY, {"now": instant_text(moment)})]
    if not ids:
        return []
    from escalation_desk.casework.absence import Absence  # A first page knows cases and people only.
    from escalation_desk.journal import reading  # as above

    return reading.several(made, Absence, ids)


def told(made: Connection, now: Now) -> Now:
    """Add whose work is mine at this moment to what a view may ask."""
    found = absences(made, now.moment)
    if not found:
        return now
    from escalation_desk.casework.absence import stood_in_for  # as above

    return now._replace(stands_for=stood_in_for(found, now.me, now.moment))
