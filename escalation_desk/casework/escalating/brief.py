"""The one page with which an authority is asked: what it is about, what is to be decided, by when, and what we advise.

It is prefilled from the case and is a person's to change. The text to send follows from macro M06 in the language of
whoever reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework import macros
from escalation_desk.casework.escalating.assessing import assessments, said_of
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import _, n_, speaking

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.desk import Macro
    from escalation_desk.casework.escalating.records import Escalation

MACRO: Final = "M06"
_NOTHING: Final = "–"
_LINE: Final = 240


class Brief(NamedTuple):
    """What the page says; `needed_by` is when the decision is wanted."""

    one_line: str = ""
    decision: str = ""
    needed_by: datetime | None = None
    affected: str = ""
    risk: str = ""
    tried: str = ""
    recommendation: str = ""


def prefilled(case: Case, needed_by: datetime | None = None, done: str = "") -> Brief:
    """Fill in what the case knows already. `done` is what was done last, for a case that names no steps."""
    return Brief(
        one_line=_first_line(case),
        decision=(case.decision_needed or "").strip(),
        needed_by=needed_by,
        affected=_affected(case),
        risk=_at_stake(case),
        tried=_joined(case.tried_before, done),
        recommendation="",
    )


def of_escalation(one: Escalation) -> Brief:
    """Read the page of an escalation that was raised."""
    said = (one.affected, one.risk, one.tried, one.recommendation)
    return Brief(one.reason, one.decision_asked, one.needed_by, *(text or "" for text in said))


def risk_of(case: Case) -> str:
    """Name the risks of a case, and what is at stake where that is known."""
    parts = [", ".join(_(flag.label) for flag in sorted(case.risk_flags))]
    if case.loss is not None:
        parts.append(_("loss {amount} {currency}", amount=f"{case.loss:f}", currency=case.currency or "").strip())
    return " · ".join(filter(None, parts))


def _at_stake(case: Case) -> str:
    """Name the risks, and what the newest assessment says."""
    assessed = next(iter(assessments(case)), None)
    return " · ".join(filter(None, (risk_of(case), said_of(assessed) if assessed else "")))


def text_of(brief: Brief, case: Case, macro: Macro, language: str, zone: tzinfo) -> str:
    """Write the text to send; what the page leaves open is a dash, never a place in braces."""
    body = macros.body_of(macro, language)
    with speaking(body.language):
        places = {
            "priority": _(case.priority.label),
            "case_no": case.case_no,
            "one_line": _sentence(brief.one_line),
            "decision": _sentence(brief.decision),
            "due_local": f"{brief.needed_by.astimezone(zone):%d/%m/%Y %H:%M}" if brief.needed_by else "",
            "affected": _sentence(brief.affected),
            "risk": _sentence(brief.risk),
            "tried": _sentence(brief.tried),
            "recommendation": _sentence(brief.recommendation),
        }
    filled, missing = macros.fill(body.text, {name: text or _NOTHING for name, text in places.items()})
    return macros.fill(filled, dict.fromkeys(missing, _NOTHING))[0] if missing else filled


def _first_line(case: Case) -> str:
    written = next((line.strip() for line in (case.summary or "").splitlines() if line.strip()), "")
    return one_line(written or case.title, _LINE)


def _affected(case: Case) -> str:
    return n_("{n} requester", "{n} requesters", case.affected_count) if case.affected_count else ""


def _joined(*parts: str | None) -> str:
    return "\n".join(part.strip() for part in parts if part and part.strip())


def _sentence(text: str) -> str:
    """Put words on one line without the full stop that the macro sets itself."""
    return " ".join(text.split()).rstrip(". ")
