"""What every new desk is born with: the tree of reasons and the macros in three languages.

The records get ids that follow from their codes, so that two desks that meet later hold them once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.choices import Severity, Urgency
from escalation_desk.casework.desk import Macro, Reason
from escalation_desk.casework.ids import seed_id
from escalation_desk.i18n import LANGUAGES, N_
from escalation_desk.resources import file

if TYPE_CHECKING:
    from escalation_desk.journal.journal import Journal


def plant(journal: Journal) -> None:
    """Write the seed data as one entry that no server needs to be told: it was born with the same."""
    with journal.entry(N_("Set up the desk"), kind="fact") as work:
        for record in records():
            work.add(record)
    journal.local("UPDATE entry SET acknowledged_at = at WHERE kind = 'fact' AND title = 'Set up the desk'")


def records() -> list[Reason | Macro]:
    """Make the records of the seed data."""
    reasons = json.loads(file("seed/reasons.json").read_text("utf-8"))
    macros = json.loads(file("seed/macros.json").read_text("utf-8"))
    return [*map(_reason, reasons), *map(_macro, macros)]


def _reason(item: dict[str, Any]) -> Reason:
    return Reason(
        id=seed_id("reason", item["code"]),
        code=item["code"],
        parent=item["parent"],
        leaf=item["level"] == "leaf",
        labels={language: item[language] for language in LANGUAGES},
        severity=Severity(item["severity"]) if item.get("severity") else None,  # type: ignore[call-arg]
        urgency=Urgency(item["urgency"]) if item.get("urgency") else None,  # type: ignore[call-arg]
        poc_team=item.get("poc_team"),
        evidence=frozenset(item.get("evidence", ())),
        flags=frozenset(item.get("flags", ())),
    )


def _macro(item: dict[str, Any]) -> Macro:
    return Macro(
        id=seed_id("macro", item["code"]),
        code=item["code"],
        use=item["use"],
        texts={language: item[language] for language in LANGUAGES},
        subject_kinds=frozenset(item["subject_kinds"]),
    )
