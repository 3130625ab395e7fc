"""Whose a case is while it is handed on: offers that nobody answers, cases taken from somebody who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework import acts
from escalation_desk.casework.absence import absence_of, stands_in
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.views import UNANSWERED
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from escalation_desk.casework.absence import Absence
    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message


def is_unanswered(case: Case, now: datetime) -> bool:
    return case.offered_to is not None and case.offered_at is not None and now - case.offered_at >= UNANSWERED


def take_back(case: Case, me: User, now: datetime, why: str = "") -> Message:
    """End an offer that was not answered; the case stays with whoever offered it."""
    if case.offered_to is None:
        raise Refused(_("{case} is offered to nobody.", case=case.case_no))
    if case.owner not in {None, me.id} and not me.leads:
        raise Refused(_("Only the owner or a lead may take back the offer of {case}.", case=case.case_no))
    acts.end_offer(case)
    words = _("Offer taken back: {why}", why=why.strip()) if why.strip() else _("Offer taken back")
    return acts.internal_note(case, words, me, now)


def assign(case: Case, to: User, me: User, now: datetime, *, why: str = "") -> Message | None:
    """Make a colleague the owner without asking them: leads may, for what nobody answers or whose owner is away."""
    if to.id == me.id:
        return acts.take(case, me, now, why=why)
    acts.refuse_assigning(case, me)
    if not to.active:
        raise Refused(_("{name} does not work at the desk any more; choose somebody else.", name=to.full_name))
    acts.assign(case, to.id)
    if not why.strip():
        return None
    return acts.internal_note(case, _("Assigned to {name}: {why}", name=to.full_name, why=why.strip()), me, now)


def asked_instead(absences: Iterable[Absence], to: User, moment: datetime) -> tuple[Absence, str | None] | None:
    """Say that somebody is away and who is there instead of them; None for somebody who is here."""
    known = list(absences)
    absent = absence_of(known, to.id, moment)
    return (absent, stands_in(known, to.id, moment)) if absent else None
