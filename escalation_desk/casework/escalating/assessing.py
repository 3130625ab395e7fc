"""What is at stake in a case: how severe it is, whom and what it hurts, who was asked. Assessed anew, the old stays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.choices import Choice, Form, Severity
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import one_line
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User

_LONGEST = 400
"""A note, not an essay: it must fit the one page that an authority reads."""


class Impact(Choice):
    CUSTOMER = "customer", N_("Customer")
    MONEY = "money", N_("Money")
    REPUTATION = "reputation", N_("Reputation")
    LEGAL = "legal", N_("Legal")
    REACH = "reach", N_("Reach")


class Assessment(NamedTuple):
    """How severe a case is, what it does in each respect that matters, and who was asked about it."""

    severity: Severity
    impacts: Mapping[Impact, str]
    consulted: str = ""
    at: datetime | None = None
    by: str | None = None


def assess(case: Case, said: Assessment, me: User, now: datetime) -> Message:
    """Write an assessment down on the case, which gets its severity; the ones before stay as they were."""
    impacts = {str(one): said.impacts[one].strip() for one in Impact if said.impacts.get(one, "").strip()}
    if not impacts:
        raise Refused(_("Say in one respect at least what the case does: to the customer, in money, in reach."))
    if any(len(text) > _LONGEST for text in (*impacts.values(), said.consulted)):
        raise Refused(_("Say it in {n} characters at most; the whole story belongs into the case.", n=_LONGEST))
    case.severity = said.severity
    entry = {"severity": str(said.severity), "impacts": impacts, "consulted": said.consulted.strip()}
    case.assessments = (*case.assessments, {**entry, "by": me.id, "at": instant_text(now)})
    text = _("Assessed: {severity} · {impacts}", severity=_(said.severity.label), impacts=said_of(assessments(case)[0]))
    return Message(case=case.id, body=text, form=Form.NOTE, at=now, by=me.id)


def assessments(case: Case) -> list[Assessment]:
    """List the assessments of a case, the newest first; of two in one second, the one that was written later."""
    read = [_read(one) for one in reversed(case.assessments)]
    return sorted(read, key=lambda one: str(one.at or ""), reverse=True)


def _read(entry: Mapping[str, object]) -> Assessment:
    """Read what another version may have written: what it says beyond what is known here is left out."""
    severity = next((one for one in Severity if str(one) == entry.get("severity")), Severity.S4)
    written = entry.get("impacts")
    impacts = written if isinstance(written, dict) else {}
    at = entry.get("at")
    return Assessment(
        severity,
        {one: str(impacts[str(one)]) for one in Impact if impacts.get(str(one))},
        str(entry.get("consulted") or ""),
        datetime.fromisoformat(str(at)) if at else None,
        str(entry.get("by") or "") or None,
    )


def said_of(one: Assessment) -> str:
    """Say in one line what a case does, and who was asked."""
    parts = [
        _("{respect}: {what}", respect=_(impact.label), what=one_line(text, _LONGEST))
        for impact, text in one.impacts.items()
    ]
    if one.consulted:
        parts.append(_("asked: {names}", names=one.consulted))
    return " · ".join(parts)
