"""A clock of a case as lists show it. It is counted anew from the case (`running`), and never shared or journaled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from escalation_desk.casework.choices import Priority
from escalation_desk.casework.clocks.facts import ClockKind, ClockState
from escalation_desk.casework.fields import field
from escalation_desk.casework.records import Record
from escalation_desk.i18n import N_


@dataclass(kw_only=True)
class KeptClock(Record):
    """One clock. `state` is what it was when something last happened: whether a due time has passed, `now` tells."""

    kind: ClassVar[str] = "clock"
    label: ClassVar[str] = N_("Clock")

    case: str = field(N_("Case"), refers_to="case", computed=True, show="column")
    clock: ClockKind = field(N_("Clock"), default=ClockKind.RESOLUTION, computed=True, facet=True, show="column")
    cycle: int = field(N_("Cycle"), default=1, computed=True, show="column")
    state: ClockState = field(
        N_("State"), default=ClockState.RUNNING, computed=True, facet=True, sortable=True, show="column"
    )
    due_at: datetime | None = field(N_("Due"), default=None, computed=True, sortable=True, show="column")
    priority: Priority = field(N_("Priority"), default=Priority.P3, computed=True, facet=True, show="column")
    policy: str | None = field(N_("SLA policy"), default=None, refers_to="sla_policy", computed=True, show="column")
    calendar: str | None = field(N_("Calendar"), default=None, refers_to="calendar", computed=True, show="sheet")
    # Said as of the moment at which somebody looks (journal.clocks.telling); the table leaves them empty.
    left_min: int | None = field(N_("Minutes left"), default=None, computed=True, show="column")
    explanation: str | None = field(N_("Why"), default=None, computed=True, long=True, show="sheet")
    started_at: datetime | None = field(N_("Started"), default=None, computed=True, show="column")
    finished_at: datetime | None = field(N_("Ended"), default=None, computed=True, show="column")
    target_min: int = field(N_("Target (minutes)"), default=0, computed=True, show="sheet")
    used_min: int = field(N_("Used (minutes)"), default=0, computed=True, show="sheet")
    paused: tuple[dict[str, Any], ...] = field(N_("Pauses"), default=(), computed=True)
    resumed_at: datetime | None = field(N_("Runs since"), default=None, computed=True)
    left_seconds: int | None = field(N_("Seconds left then"), default=None, computed=True)

    @property
    def open(self) -> bool:
        """Whether somebody still waits for it."""
        return self.finished_at is None and self.state is not ClockState.VOID
