"""What a lead must know of the desk at once, whoever it concerns: the questions, in the order of their danger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.desktop.today.day import Line, Section, lines_of
from escalation_desk.i18n import N_
from escalation_desk.journal import listing

if TYPE_CHECKING:
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.connection import Connection

_SHOWN: Final = 3


def _of_view(
    code: str, nothing: str, place: str = "queue", *, urgent: bool = False, time: str = "next_due_at"
) -> Section:
    """Ask what a view of the desk asks; it is one click away."""
    view = VIEWS[code]
    return Section(code, view.label, nothing, place, code, view.query, urgent=urgent, time=time)


SECTIONS: Final = (
    _of_view("breached", N_("No running deadline is missed."), urgent=True, time="sla_due_at"),
    _of_view("due-hour", N_("Nothing is due within the hour.")),
    _of_view("unassigned", N_("Every case has an owner."), urgent=True),
    _of_view("unanswered-offers", N_("Every offer was answered."), urgent=True, time="offered_at"),
    _of_view(
        "escalations-unacknowledged",
        N_("Every escalation is acknowledged."),
        "escalations",
        urgent=True,
        time="ack_due_at",
    ),
    _of_view(
        "poc-requests-overdue", N_("No point of contact is late with an answer."), "contacts", time="answer_due_at"
    ),
    _of_view("promised-today", N_("No promise falls due today."), time="promise_due_at"),
    _of_view("high-risk", N_("No case is at high risk.")),
)


def read_sections(made: Connection, now: Now, clock: Clock) -> dict[str, tuple[list[Line], int]]:
    """Read the first lines and the whole count of each section."""
    found = {}
    for section in SECTIONS:
        query = section.query(now)
        found[section.code] = lines_of(made, query, section.time, clock, _SHOWN), listing.count(made, query)
    return found
