"""Who may see and change what: a role for each scope, from the patterns of a person's memberships (sync.md §5.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import Choice
from escalation_desk.casework.scopes import NO_TEAM, REFERENCE, is_restricted, market_of
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EVERYTHING: Final = "*"
OWN: Final = "user/"


class ScopeRole(Choice):
    """What somebody is in a scope, the most powerful last."""

    AUDITOR = "auditor", N_("Auditor")
    VIEWER = "viewer", N_("Viewer")
    SPECIALIST = "specialist", N_("Specialist")
    LEAD = "lead", N_("Team lead")
    ADMIN = "admin", N_("Administrator")


_POWER: Final = {role: power for power, role in enumerate(ScopeRole)}
_LEADING: Final = frozenset({ScopeRole.LEAD, ScopeRole.ADMIN})


def covers(pattern: str, scope: str) -> bool:
    """Say whether a membership speaks of a scope. A pattern never reaches what is restricted; a name does."""
    if pattern == scope:
        return True
    if is_restricted(scope) or "/" not in scope or scope.startswith(OWN):
        return False
    return pattern == EVERYTHING or pattern == f"{market_of(scope)}/*"


def stronger(one: ScopeRole | None, other: ScopeRole | None) -> ScopeRole | None:
    return max((role for role in (one, other) if role), key=_POWER.__getitem__, default=None)


@dataclass(frozen=True, slots=True)
class Rights:
    """What one account may do. `patterns` are its memberships."""

    account: str
    home: str
    patterns: Mapping[str, ScopeRole]

    @property
    def leads_somewhere(self) -> bool:
        return any(role in _LEADING for role in self.patterns.values())

    def role(self, scope: str) -> ScopeRole | None:
        """Tell the role in a scope, also in one that nobody has used yet."""
        if scope == f"{OWN}{self.account}":
            return ScopeRole.SPECIALIST if self.patterns else None
        found: ScopeRole | None = None
        for pattern, role in self.patterns.items():
            if covers(pattern, scope):
                found = stronger(found, role)
            elif _comes_with(pattern, scope):
                found = stronger(found, _at_most_specialist(role))
        if scope == REFERENCE and self.leads_somewhere:
            return ScopeRole.LEAD
        return found

    def reads(self, scope: str) -> bool:
        return self.role(scope) is not None

    def writes(self, scope: str) -> bool:
        role = self.role(scope)
        return role is not None and _POWER[role] >= _POWER[ScopeRole.SPECIALIST]

    def leads(self, scope: str) -> bool:
        return self.role(scope) in _LEADING

    def among(self, scopes: Iterable[str]) -> dict[str, ScopeRole]:
        """Choose, of scopes that exist, those that are granted, in the order of their names."""
        return {scope: role for scope in sorted(scopes) if (role := self.role(scope))}


def _comes_with(pattern: str, scope: str) -> bool:
    """Say whether whoever works in one scope also has another: what all have, the market, its cases without a team."""
    if scope == REFERENCE or (pattern == EVERYTHING and "/" not in scope):
        return True
    market = market_of(pattern)
    return pattern != EVERYTHING and not pattern.startswith(OWN) and scope in {market, f"{market}/{NO_TEAM}"}


def _at_most_specialist(role: ScopeRole) -> ScopeRole:
    return ScopeRole.SPECIALIST if role in _LEADING else role
