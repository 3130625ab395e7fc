"""What the clocks of a case follow from, and what comes out: the words of the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.choices import Choice
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from escalation_desk.casework.choices import CaseStatus, Direction, Priority, WaitingOn
    from escalation_desk.casework.clocks.counting import Pause


class ClockKind(Choice):
    FIRST_RESPONSE = "first_response", N_("First response")
    NEXT_UPDATE = "next_update", N_("Next update")
    RESOLUTION = "resolution", N_("Resolution")
    MITIGATION = "mitigation", N_("Mitigation")
    POC_ACK = "poc_ack", N_("POC acknowledgement")
    POC_ANSWER = "poc_answer", N_("POC answer")


class ClockState(Choice):
    NOT_STARTED = "not_started", N_("Not started")
    RUNNING = "running", N_("Running")
    PAUSED = "paused", N_("Paused")
    MET = "met", N_("Met")
    BREACHED = "breached", N_("Breached")
    VOID = "void", N_("Not counted")


class Phase(NamedTuple):
    """What was so from a moment on, until the next phase."""

    at: int
    status: CaseStatus
    priority: Priority
    policy: str | None
    waiting_on: WaitingOn | None = None
    market: str | None = None


class Spoken(NamedTuple):
    """A message that the requester wrote or could read."""

    at: int
    direction: Direction
    by_person: bool = True


class Facts(NamedTuple):
    """What the clocks of a case follow from. `ended` is when it was merged or thrown away."""

    received_at: int
    phases: tuple[Phase, ...]
    spoken: tuple[Spoken, ...] = ()
    mitigated_at: int | None = None
    market: str | None = None
    ended: int | None = None


class Clock(NamedTuple):
    """One measured promise. Moments are seconds; a paused clock has no due time, but minutes left.

    Policy, priority, target and calendar are those that it runs or ended under. A breached clock without
    `finished_at` still waits for what was promised.
    """

    kind: ClockKind
    cycle: int
    policy: str
    priority: Priority
    target_min: int
    calendar: str
    started_at: int
    due_at: int | None
    paused: tuple[Pause, ...]
    used_min: int
    state: ClockState
    finished_at: int | None

    @property
    def open(self) -> bool:
        """Whether somebody still waits for it."""
        return self.finished_at is None

    @property
    def left_min(self) -> int:
        """Working minutes that are left; below nothing, how far it is over."""
        return self.target_min - self.used_min
