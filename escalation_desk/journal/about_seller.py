"""Everything the desk knows of one seller at one moment: notes, promises, cases, the other shops, some numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import NoteVisibility
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.journal import merging, reading

if TYPE_CHECKING:
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection

CASES_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of the seller as its timeline tells it."""

    id: str
    case_no: str
    title: str
    status: str
    live: bool
    received_at: str
    resolved_at: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much a seller occupies the desk (features.md R17)."""

    cases_in_a_year: int
    live: int
    oldest_live: str


@dataclass(frozen=True)
class About:
    """The records are copies; nobody writes through them."""

    seller: Seller
    merged_into: Seller | None
    aliases: tuple[Seller, ...]
    parent: Seller | None
    shops: tuple[Seller, ...]
    notes: tuple[SellerNote, ...]
    follow_ups: tuple[FollowUp, ...]
    cases: tuple[CaseLine, ...]
    numbers: Numbers
    people: dict[str, str]
    case_numbers: dict[str, str]

    def promises_of(self, note: str) -> list[FollowUp]:
        return [one for one in self.follow_ups if one.note == note]

    def name(self, kind: str, record: str | None) -> str:
        """Say how people call what a field points to."""
        sellers = (self.seller, self.parent, *self.shops, *self.aliases)
        known = {
            "user": self.people,
            "case": self.case_numbers,
            "seller": {one.id: one.shop_name for one in sellers if one},
        }
        return known.get(kind, {}).get(record or "", record or "")


def about(made: Connection, seller_id: str, me: User, year_ago: str) -> About:
    """Read a seller whole. Notes for leads are read by leads and by whoever wrote them. Refused where there is none."""
    seller = reading.record(made, Seller, seller_id)
    aliases = merging.aliases(made, Seller, seller_id)
    own = [seller_id, *(alias.id for alias in aliases)]
    notes = [note for one in own for note in reading.all_of(made, SellerNote, pointing=("seller", one))]
    notes = [note for note in notes if _may_read(note, me)]
    follow_ups = [made_up for one in own for made_up in reading.all_of(made, FollowUp, pointing=("seller", one))]
    cases = _cases(made, seller_id)
    linked = {case for note in notes for case in note.cases} | {one.case for one in follow_ups if one.case}
    near = reading.several(made, Seller, [one for one in (seller.merged_into, seller.parent) if one])
    standing = {one.id: one for one in near}
    return About(
        seller=seller,
        merged_into=standing.get(seller.merged_into or ""),
        aliases=tuple(aliases),
        parent=standing.get(seller.parent or ""),
        shops=tuple(reading.all_of(made, Seller, pointing=("parent", seller_id))),
        notes=tuple(notes),
        follow_ups=tuple(follow_ups),
        cases=tuple(cases),
        numbers=_numbers(made, seller_id, year_ago),
        people=_people(made),
        case_numbers=reading.names(made, "case", linked),
    )


def _may_read(note: SellerNote, me: User) -> bool:
    return note.visibility is not NoteVisibility.LEADS or me.leads or note.created_by == me.id


def _people(made: Connection) -> dict[str, str]:
    return dict(made.execute("SELECT id, full_name FROM user"))


def _cases(made: Connection, seller_id: str) -> list[CaseLine]:
    rows = made.execute(
        "SELECT id, case_no, title, status, live, ifnull(received_at, created_at), ifnull(resolved_at, '') "
        'FROM "case" WHERE seller = ? AND deleted_at IS NULL ORDER BY 6 DESC LIMIT ?',
        (seller_id, CASES_SHOWN),
    )
    return [
        CaseLine(i, no, title, status, bool(live), began, ended) for i, no, title, status, live, began, ended in rows
    ]


def _numbers(made: Connection, seller_id: str, year_ago: str) -> Numbers:
    row = made.execute(
        "SELECT count(*) FILTER (WHERE ifnull(received_at, created_at) >= :since), "
        "ifnull(sum(live), 0), ifnull(min(ifnull(received_at, created_at)) FILTER (WHERE live), '') "
        'FROM "case" WHERE seller = :seller AND deleted_at IS NULL',
        {"seller": seller_id, "since": year_ago},
    ).fetchone()
    return Numbers(*row)
