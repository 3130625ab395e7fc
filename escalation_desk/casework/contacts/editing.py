"""What may be changed of contacts and rules, and what would make no sense; that a lead does it, the journal asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.contacts.records import Poc, PocTeam, RoutingRule
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from escalation_desk.casework.contacts.routing import Directory


def change(record: Poc | PocTeam | RoutingRule, values: Mapping[str, Any], directory: Directory) -> None:
    """Set fields of a contact, a team or a rule, if it makes sense."""
    for name, value in values.items():
        setattr(record, name, value)
    if isinstance(record, Poc):
        _refuse_odd_backup(record, directory)
    if isinstance(record, RoutingRule):
        _refuse_odd_rule(record, directory)
    if (
        not isinstance(record, PocTeam)
        and record.valid_from
        and record.valid_to
        and record.valid_to < record.valid_from
    ):
        raise Refused(_("“Until” lies before “From”; check both days."))


def _refuse_odd_backup(poc: Poc, directory: Directory) -> None:
    if poc.team and poc.team not in directory.teams:
        raise Refused(_("There is no team “{team}”; choose one of those there are.", team=poc.team))
    if poc.backup and poc.backup == poc.id:
        raise Refused(_("Nobody is their own backup; choose somebody else, or nobody."))


def _refuse_odd_rule(rule: RoutingRule, directory: Directory) -> None:
    poc = directory.pocs.get(rule.poc or "")
    if poc and poc.team != rule.team:
        raise Refused(_("{name} answers for another team; choose that team, or another contact.", name=poc.full_name))
    rule.code = rule.code or new_code(rule, directory)


def new_code(rule: RoutingRule, directory: Directory) -> str:
    """Name a rule after what it asks: `CUS.LOG VN 2`."""
    parts = [rule.reason_prefix or "*", str(rule.market or ""), str(rule.requester_kind or "")]
    wanted = " ".join(part for part in parts if part)
    taken = {one.code for one in directory.rules}
    numbered = (wanted if n == 1 else f"{wanted} {n}" for n in range(1, len(taken) + 2))
    return next(one for one in numbered if one not in taken)


def confirm(poc: Poc, on: date) -> None:
    """Write down that a contact is still right; whoever works with them may say so."""
    if poc.deleted_at or (poc.valid_to and on > poc.valid_to):
        raise Refused(_("{name} is no contact any more; nothing is to be confirmed.", name=poc.full_name))
    poc.confirmed_on = on
