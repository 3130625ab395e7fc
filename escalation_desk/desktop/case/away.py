"""Says whether a colleague is away, until when, and who is there instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.owning import asked_instead
from escalation_desk.casework.people import User
from escalation_desk.desktop.moments import Clock
from escalation_desk.journal import reading, standing_in

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.journal.connection import Connection


class Away(NamedTuple):
    """Until when, and who stands in where somebody does."""

    ends_at: datetime | None
    substitute: User | None

    def said(self, name: str, me: User) -> dict[str, str]:
        """Give the places of a sentence about it."""
        when = Clock.of(me, self.ends_at).full(self.ends_at) if self.ends_at else ""
        return {"name": name, "when": when, "other": self.substitute.full_name if self.substitute else ""}


def away_of(made: Connection, user: str, moment: datetime) -> Away | None:
    """Look whether somebody is away at this moment."""
    known = standing_in.absences(made, moment)
    asked = asked_instead(known, reading.record(made, User, user), moment) if known else None
    if asked is None:
        return None
    absent, instead = asked
    found = reading.several(made, User, [instead]) if instead else []
    return Away(absent.ends_at, found[0] if found else None)
