"""Who answers for a case: the first rule that holds names team and person; whoever is not there has a backup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from escalation_desk.casework.choices import Market, PartyKind
    from escalation_desk.casework.contacts.records import Poc, PocTeam, RoutingRule

STALE: Final = timedelta(days=90)
"""After this long without a word from anybody, a contact counts as not confirmed (domain.md §2.7)."""


class About(NamedTuple):
    """What a rule asks of a case."""

    reason: str | None
    market: Market | None = None
    requester_kind: PartyKind | None = None


class Route(NamedTuple):
    """Where a request goes, by which rule (none: a person chose), and what to know about it."""

    team: str
    poc: str | None
    rule: str | None
    because: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """The teams by code, the points of contact by id, and the rules, as they stand."""

    teams: Mapping[str, PocTeam]
    pocs: Mapping[str, Poc]
    rules: tuple[RoutingRule, ...]

    def who(self, team: str, poc: str | None) -> str:
        """Name team and person: “Logistics, Lan”."""
        named = [self.teams[team].name if team in self.teams else team]
        if poc and poc in self.pocs:
            named.append(self.pocs[poc].full_name)
        return ", ".join(named)

    def of_team(self, team: str, market: Market | None, on: date) -> list[Poc]:
        """List who is there for a team: first those for this very market, then those for all."""
        there = [
            one for one in self.pocs.values() if one.team == team and one.market in {market, None} and is_there(one, on)
        ]
        return sorted(there, key=lambda one: (one.market is None, one.full_name, one.id))


def is_there(poc: Poc, on: date) -> bool:
    """Say whether somebody answers on this day: in function, and not away."""
    return not ended(poc, on) and (poc.away_until is None or on > poc.away_until)


def ended(poc: Poc, on: date) -> bool:
    return bool(poc.deleted_at or (poc.valid_from and on < poc.valid_from) or (poc.valid_to and on > poc.valid_to))


def unconfirmed(poc: Poc, on: date) -> bool:
    """Say whether nobody has confirmed the contact for 90 days."""
    return poc.confirmed_on is None or on - poc.confirmed_on > STALE


def holds(rule: RoutingRule, about: About, on: date) -> bool:
    """Say whether all conditions of a rule hold; a prefix ends where a word of the code ends."""
    if (rule.valid_from and on < rule.valid_from) or (rule.valid_to and on > rule.valid_to):
        return False
    prefix = rule.reason_prefix
    return (
        (not prefix or f"{about.reason or ''}.".startswith(f"{prefix}."))
        and rule.market in {None, about.market}
        and rule.requester_kind in {None, about.requester_kind}
    )


def in_order(rules: Iterable[RoutingRule]) -> list[RoutingRule]:
    """Order rules as they are asked: by place, then the longer prefix, then the narrower rule, then by code."""
    return sorted(
        rules,
        key=lambda r: (r.place, -len(r.reason_prefix), r.market is None, r.requester_kind is None, r.code, r.id),
    )


def route(about: About, directory: Directory, on: date) -> Route | None:
    """Find where a request about this goes; None where no rule holds."""
    for rule in in_order(directory.rules):
        team = directory.teams.get(rule.team)
        if team and team.active and holds(rule, about, on):
            return _by(rule, about, directory, on)
    return None


def chosen(team: str, poc: str | None, me: str, directory: Directory, on: date) -> Route:
    """Say of a contact that a person chose that it was so."""
    found = directory.pocs.get(poc or "")
    warnings = tuple(_warnings(found, on)) if found else ()
    return Route(team, poc, None, _("{name} chose it", name=me), warnings)


def told(found: Route, directory: Directory) -> str:
    """Say it in a sentence, for the tester."""
    return _("Goes to {who} because {why}.", who=directory.who(found.team, found.poc), why=found.because)


def _by(rule: RoutingRule, about: About, directory: Directory, on: date) -> Route:
    because = _because(rule)
    named = directory.pocs.get(rule.poc or "")
    poc, instead = stand_in(named, directory, on) if named else (None, "")
    if poc is None:
        poc = next(iter(directory.of_team(rule.team, about.market, on)), None)
    warnings = [*([instead] if instead else []), *(_warnings(poc, on) if poc else ())]
    return Route(poc.team if poc else rule.team, poc.id if poc else None, rule.id, because, tuple(warnings))


def stand_in(poc: Poc, directory: Directory, on: date) -> tuple[Poc | None, str]:
    """Find who answers for somebody: themselves, else their backup, else that one's; and say that it is so."""
    seen: set[str] = set()
    current: Poc | None = poc
    while current and current.id not in seen:
        if is_there(current, on):
            return current, "" if current is poc else _absent(poc, current.full_name, on)
        seen.add(current.id)
        current = directory.pocs.get(current.backup or "")
    return None, _absent(poc, "", on)


def _absent(poc: Poc, instead: str, on: date) -> str:
    name = poc.full_name
    if ended(poc, on):
        if instead:
            return _("{name} is no contact any more; {other} stands in.", name=name, other=instead)
        return _("{name} is no contact any more and has no backup that is there.", name=name)
    until = f"{poc.away_until:%d/%m/%Y}"
    if instead:
        return _("{name} is away until {day}; {other} stands in.", name=name, day=until, other=instead)
    return _("{name} is away until {day} and has no backup that is there.", name=name, day=until)


def _warnings(poc: Poc, on: date) -> Iterator[str]:
    if poc.confirmed_on is None:
        yield _("Nobody has confirmed {name} as a contact yet.", name=poc.full_name)
    elif unconfirmed(poc, on):
        days = (on - poc.confirmed_on).days
        yield _("{name} was last confirmed {n} days ago.", name=poc.full_name, n=days)


def _because(rule: RoutingRule) -> str:
    parts = []
    if rule.reason_prefix:
        parts.append(_("the reason begins with {prefix}", prefix=rule.reason_prefix))
    if rule.market:
        parts.append(_("the market is {market}", market=_(rule.market.label)))
    if rule.requester_kind:
        parts.append(_("the requester is of the kind “{kind}”", kind=_(rule.requester_kind.label)))
    return _("rule {code} holds: {conditions}", code=rule.code, conditions=", ".join(parts) or _("it holds for all"))
