"""How long it took to tell an authority and to get its answer, in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from escalation_desk.desktop.moments import span
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.escalating.records import Escalation


def took(one: Escalation) -> str:
    """Say it for an escalation; nothing where nobody was told yet: how late that is stands beside it."""
    told, answered = "", ""
    if one.tell_min is not None:
        time, late = span(timedelta(minutes=one.tell_min)), one.late_by("notified_at", "notify_due_at")
        told = _("told after {time}", time=time)
        if late:
            told = _("told after {time}, {late} late", time=time, late=span(late))
    if one.ack_min is not None:
        time, late = span(timedelta(minutes=one.ack_min)), one.late_by("acknowledged_at", "ack_due_at")
        answered = _("acknowledged after {time}", time=time)
        if late:
            answered = _("acknowledged after {time}, {late} late", time=time, late=span(late))
    return " · ".join(filter(None, (told, answered)))
