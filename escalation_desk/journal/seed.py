"""What every new desk is born with: reasons, macros, calendars, policies, authorities … in three languages.

Each file of `resources/seed` is named after a kind and lists its records as JSON by their declared fields. The records
get ids that follow from their natural keys, so that two desks that meet later hold them once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.ids import seed_id
from escalation_desk.casework.kinds import kind_of
from escalation_desk.i18n import N_
from escalation_desk.journal.rows import from_whole
from escalation_desk.resources import file

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal

PLANTED: Final = (
    *("reason", "macro", "calendar", "holiday", "sla_policy", "deadline_rule", "fault_code"),
    *("authority", "authority_rule", "risk_word", "poc_team", "routing_rule", "procedure"),
)
"""The kinds that a desk is born with, in the order in which they are planted."""


def plant(journal: Journal) -> None:
    """Write the seed data as one entry that no server needs to be told: it was born with the same."""
    with journal.entry(N_("Set up the desk"), kind="fact") as work:
        for record in records():
            work.add(record)
    journal.local("UPDATE entry SET acknowledged_at = at WHERE kind = 'fact' AND title = 'Set up the desk'")


def records() -> list[Record]:
    """Make the records of the seed data."""
    return [record for kind in PLANTED for record in of_kind(kind)]


def of_kind(kind: str) -> list[Record]:
    """Make the records of one kind of the seed data."""
    items = json.loads(file(f"seed/{kind}.json").read_text("utf-8"))
    made = [from_whole(kind, "", item) for item in items]
    for record in made:
        (key,) = record.natural_keys()
        record.id = seed_id(kind_of(kind).kind, key)
    return made
