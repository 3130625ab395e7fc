"""Restricts a case to the people who are named for restricted cases, or opens it again; only a lead does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework import acts
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.scopes import NO_TEAM, RESTRICTED
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message


def restrict(case: Case, why: str, me: User, now: datetime) -> Message:
    """Restrict a case, or open a restricted one; the reason stands on its timeline.

    On a shared desk it leaves the workstations of all who are not named for its scope, with their next sync.
    """
    if not me.leads:
        raise Refused(_("Only a lead may restrict a case or open a restricted one; ask one."))
    if not why.strip():
        raise Refused(_("Say why."))
    case.restricted = not case.restricted
    said = _("Restricted: {why}", why=why.strip()) if case.restricted else _("Open to the team: {why}", why=why.strip())
    return acts.internal_note(case, said, me, now)


def scope_said(case: Case, team_code: str | None) -> str:
    """Name the scope whose members see a restricted case, as an administrator writes it on the server."""
    return f"{case.market}/{team_code or NO_TEAM}{RESTRICTED}"
