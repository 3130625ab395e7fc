"""When somebody is at the desk of a market: its calendar, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import Market
from escalation_desk.casework.clocks.records import Calendar, Holiday
from escalation_desk.casework.clocks.working import WorkingTime, working_time
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection

CALENDARS: Final = {Market.VN: "CAL-DESK-HCM", Market.ID: "CAL-DESK-JKT"}
"""The calendar of each desk. Others have none yet, and then nothing is said of their hours."""


def desk_hours(made: Connection, market: Market) -> WorkingTime | None:
    """Read when the desk of a market is open; None where nobody wrote that down."""
    calendar = reading.find(made, Calendar, CALENDARS[market]) if market in CALENDARS else None
    return working_time(calendar, reading.all_of(made, Holiday)) if calendar else None
