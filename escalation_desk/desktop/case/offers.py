"""What a field that points to records may point to: looked up while somebody types, found in any of the languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.desk import Reason, in_language
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.lists import ListQuery, Order
from escalation_desk.casework.people import Party, Team, User
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.text import fold
from escalation_desk.i18n import LANGUAGES, _, language
from escalation_desk.journal import listing, reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from escalation_desk.journal.connection import Connection

_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose. Without a value it is a heading."""

    text: str
    value: str | None
    detail: str = ""


Lookup = "Callable[[Connection, str], list[Offer]]"


def lookup_for(kind: str) -> Callable[[Connection, str], list[Offer]]:
    """Give the way to look records of a kind up by what is typed."""
    return _LOOKUPS.get(kind) or (lambda made, typed: _known(made, kind, typed))


def _known(made: Connection, kind: str, typed: str) -> list[Offer]:
    """List records of a kind of which there are few, by their names."""
    records = reading.all_of(made, KINDS[kind])
    return _matching(typed, ((one.name, reading.key_of(one), getattr(one, "code", "")) for one in records))


def _people(made: Connection, typed: str) -> list[Offer]:
    users = (user for user in reading.all_of(made, User) if user.active)
    return _matching(typed, ((user.full_name, user.id, user.login) for user in users))


def _teams(made: Connection, typed: str) -> list[Offer]:
    return _matching(typed, ((team.title, team.id, _(team.market.label)) for team in reading.all_of(made, Team)))


def _matching(typed: str, known: Iterable[tuple[str, str, str]]) -> list[Offer]:
    wanted = fold(typed).split()
    offers = (Offer(text, value, detail) for text, value, detail in known)
    found = [offer for offer in offers if all(word in fold(f"{offer.text} {offer.detail}") for word in wanted)]
    return sorted(found, key=lambda offer: fold(offer.text))


def _parties(made: Connection, typed: str) -> list[Offer]:
    found = reading.several(made, Party, _ids(made, "party", typed))
    return [Offer(party.display_name, party.id, _(party.party_kind.label)) for party in found if not party.merged_into]


def _sellers(made: Connection, typed: str) -> list[Offer]:
    found = reading.several(made, Seller, _ids(made, "seller", typed))
    return [
        Offer(seller.shop_name, seller.id, ", ".join(sorted(seller.external_ids)) or _(seller.market.label))
        for seller in found
        if not seller.merged_into
    ]


def _ids(made: Connection, kind: str, typed: str) -> list[str]:
    """Name the records found by what is typed; where nothing is typed yet, the newest."""
    if typed.strip():
        return [hit.leads_to[1] for hit in search(made, typed, kinds=(kind,), limit=_MOST)]
    query = ListQuery(kind, (), (Order("shop_name"),) if kind == "seller" else ())
    return [row.id for row in listing.page(made, query, (), limit=_MOST)]


def _reasons(made: Connection, typed: str) -> list[Offer]:
    """Lay the tree of reasons out in groups; only leaves that are in use can be chosen."""
    tree = reading.reasons(made)
    wanted = fold(typed).split()
    return list(_laid_out(tree, [reason for reason in tree.values() if _fits(reason, tree, wanted)]))


def _fits(reason: Reason, tree: dict[str, Reason], wanted: list[str]) -> bool:
    if not (reason.leaf and reason.active):
        return False
    said = fold(" ".join([reason.code, *reason.labels.values(), _group(reason, tree)]))
    return all(word in said for word in wanted)


def _laid_out(tree: dict[str, Reason], found: list[Reason]) -> Iterator[Offer]:
    groups: dict[str, list[Reason]] = {}
    for reason in found:
        groups.setdefault(_group(reason, tree), []).append(reason)
    others = [code for code in LANGUAGES if code != language()]
    for group, leaves in groups.items():
        yield Offer(group, None)
        for leaf in leaves:
            detail = " · ".join(in_language(leaf.labels, code) for code in others)
            yield Offer(leaf.name, leaf.code, detail)


def _group(reason: Reason, tree: dict[str, Reason]) -> str:
    """Name the groups above a leaf, from the top."""
    names: list[str] = []
    above = tree.get(reason.parent or "")
    while above is not None:
        names.insert(0, above.name)
        above = tree.get(above.parent or "")
    return " › ".join(names)


def _cases(made: Connection, typed: str) -> list[Offer]:
    return [Offer(hit.title, hit.record) for hit in search(made, typed, kinds=("case",), limit=_MOST)]


_LOOKUPS: Final[dict[str, Callable[[Connection, str], list[Offer]]]] = {
    "user": _people,
    "team": _teams,
    "party": _parties,
    "seller": _sellers,
    "reason": _reasons,
    "case": _cases,
}
