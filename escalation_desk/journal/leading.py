"""Whether whoever works here may change what everybody's desk is made of: a lead, or who has nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.by_leads import BY_LEADS
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection

SERVER: Final = "sync.server"
"""The setting that says which server this desk belongs to, and as whom (`sharing.adopting`)."""

_LEADS: Final = (
    "SELECT 1 FROM user, json_each(user.roles) one WHERE user.active AND user.deleted_at IS NULL "
    "AND one.value IN ('lead', 'shift_lead', 'admin') LIMIT 1"
)


def refuse_others(made: Connection, kind: str, me: str) -> None:
    """Refuse whoever may not change records of this kind."""
    if not keeps_rules(made, me):
        raise Refused(_(BY_LEADS[kind]))


def keeps_rules(made: Connection, me: str) -> bool:
    """Say whether this person leads, or works at a desk that no server has adopted and on which nobody leads."""
    person = fetch(made, User.kind, me)
    return (isinstance(person, User) and person.leads) or is_alone(made)


def is_alone(made: Connection) -> bool:
    """Say whether this is the desk of one person: people whom only an import names as owners do not lead it."""
    adopted = made.execute("SELECT 1 FROM setting WHERE name = ?", (SERVER,)).fetchone()
    return not adopted and not made.execute(_LEADS).fetchone()
