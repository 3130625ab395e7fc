"""What everybody's desk is made of, and only a lead changes: asked by the journal for every door, and by the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_PEOPLE = N_("Only a lead changes people and teams; ask one.")
_REASONS = N_("Only a lead changes reasons and fault codes; ask one.")
_CLOCKS = N_("Only a lead changes calendars, holidays and policies; ask one.")
_CONTACTS = N_("Only a lead changes contacts and rules; tell one what is wrong.")
_AUTHORITIES = N_("Only a lead changes who is told by which rules; ask one.")
_PROCEDURES = N_("Only a lead changes procedures; ask one.")
_MACROS = N_("This macro is everybody's; ask a lead to change it, or make one of your own.")

BY_LEADS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("user", "team"), _PEOPLE),
    **dict.fromkeys(("reason", "fault_code"), _REASONS),
    **dict.fromkeys(("calendar", "holiday", "sla_policy", "deadline_rule"), _CLOCKS),
    **dict.fromkeys(("poc_team", "poc", "routing_rule"), _CONTACTS),
    **dict.fromkeys(("authority", "authority_rule", "risk_word"), _AUTHORITIES),
    "procedure": _PROCEDURES,
    "macro": _MACROS,
}
"""The kinds that leads keep, each with the sentence for everybody else."""

_FREE: Final[Mapping[str, frozenset[str]]] = {
    "poc": frozenset({"confirmed_on"}),
}
"""What comes up in everybody's work: that a contact is still right."""

_OWN_ACCOUNT: Final = frozenset({"locale", "time_zone"})


def is_kept(kind: str, record: str, changed: Collection[str] | None, me: str, owner: str | None = None) -> bool:
    """Say whether only a lead may do this: change these fields or, with None, make, remove or bring back a record.

    `owner` is whose own it is: a macro of one's own is nobody else's business.
    """
    if kind not in BY_LEADS or (kind == "macro" and owner == me):
        return False
    if changed is None:
        return True
    free = _OWN_ACCOUNT if kind == "user" and record == me else _FREE.get(kind, frozenset())
    return not free.issuperset(changed)
