"""Finds what stands around a case: others of the same order, requester or seller that may be the same matter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.people import Party
from escalation_desk.casework.text import fold, words
from escalation_desk.i18n import N_
from escalation_desk.journal import reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from escalation_desk.journal.connection import Connection

NEAR: Final = timedelta(days=7)
"""Within this time the same matter coming again is a repeat contact (domain.md §2.9)."""

_MOST: Final = 20
_LOOKED_AT: Final = 10

SAME_TICKET: Final = N_("Same ticket")
SAME_ORDER: Final = N_("Same order")
SAME_REQUESTER_AND_REASON: Final = N_("Same requester and reason")
SAME_SELLER_AND_REASON: Final = N_("Same seller and reason")
SAME_REQUESTER: Final = N_("Same requester")
SAME_TRACKING: Final = N_("Same tracking number")
SAME_CONTACT: Final = N_("Same phone or email")
SIMILAR_TITLE: Final = N_("Similar title")
_WEAK: Final = frozenset({SAME_REQUESTER, SIMILAR_TITLE})
"""What alone does not make a case the same matter come again."""

_ALIKE: Final = 0.6
"""Titles that have this share of their words in common are similar."""
_WORDS: Final = 8
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Relative:
    """Another case, and all that it has in common with this one; `repeat` where it is likely the same matter."""

    id: str
    case_no: str
    title: str
    status: str
    at: str
    shared: tuple[str, ...]
    repeat: bool


def relatives(made: Connection, case: Case) -> list[Relative]:
    """List the cases that may be the same matter, likely ones first, then newest first."""
    shared: dict[str, list[str]] = {}
    for word, ids in _kinships(made, case):
        for other in ids:
            if other != case.id:
                shared.setdefault(other, []).append(word)
    found = [_relative(other, shared[other.id]) for other in reading.several(made, Case, list(shared))]
    by_time = sorted((one for one in found if one), key=lambda one: one.at, reverse=True)
    return sorted(by_time, key=lambda one: not one.repeat)[:_MOST]


def _kinships(made: Connection, case: Case) -> Iterator[tuple[str, list[str]]]:
    tickets = case.external_tickets | ({case.crm_number} if case.crm_number else set())
    yield SAME_TICKET, _holding(made, ("external_tickets", "crm_number"), tickets)
    yield SAME_ORDER, _holding(made, ("orders",), case.orders)
    yield SAME_TRACKING, _holding(made, ("tracking",), {case.tracking} if case.tracking else ())
    yield SAME_CONTACT, _of_contact(made, case)
    if case.requester and case.reason:
        yield SAME_REQUESTER_AND_REASON, _near(made, case, "requester")
    if case.seller and case.reason:
        yield SAME_SELLER_AND_REASON, _near(made, case, "seller")
    if case.requester:
        yield SAME_REQUESTER, _of(made, "requester", case.requester)
    yield SIMILAR_TITLE, _titled_alike(made, case)


def _of_contact(made: Connection, case: Case) -> list[str]:
    """Find cases of other requesters who have the same phone number or address."""
    party = next(iter(reading.several(made, Party, [case.requester])), None) if case.requester else None
    if party is None:
        return []
    keys = {fold(key) for key in (party.phone, party.email) if key}
    hits = {hit.record for key in keys for hit in search(made, f'"{key}"', kinds=("party",), limit=_LOOKED_AT)}
    others = (one for one in reading.several(made, Party, sorted(hits - {party.id})) if not one.deleted_at)
    same = [one.id for one in others if keys & {fold(key) for key in (one.phone, one.email) if key}]
    return [found for one in same for found in _of(made, "requester", one)]


def _titled_alike(made: Connection, case: Case) -> list[str]:
    """Find cases of the same days whose titles have most words in common."""
    title = frozenset(words(fold(case.title)))
    middle = case.received_at or case.created_at
    plain = sorted((word for word in title if word.isalpha()), key=lambda word: (-len(word), word))
    if len(plain) < _FEWEST or middle is None:
        return []
    asked = " ".join(plain[: min(_WORDS, max(_FEWEST, len(plain) * 2 // 3))])
    hits = [hit.record for hit in search(made, asked, kinds=("case",), limit=_MOST)]
    return [one.id for one in reading.several(made, Case, hits) if _alike(title, one, middle)]


def _alike(title: frozenset[str], other: Case, middle: datetime) -> bool:
    at = other.received_at or other.created_at
    theirs = frozenset(words(fold(other.title)))
    near = at is not None and abs(at - middle) <= NEAR
    return near and len(title & theirs) >= _ALIKE * len(title | theirs)


def _holding(made: Connection, names: Sequence[str], numbers: Iterable[str]) -> list[str]:
    """Find the cases that hold one of these numbers in a field; the search index is asked, the field decides."""
    wanted = frozenset(numbers)
    found: dict[str, None] = {}
    for number in sorted(wanted)[:_LOOKED_AT]:
        for hit in search(made, f'"{number}"', kinds=("case",), limit=_MOST):
            columns = ", ".join(f'"{name}"' for name in names)
            row = made.execute(f'SELECT {columns} FROM "case" WHERE id = ?', (hit.record,)).fetchone()  # noqa: S608 - declared names.
            if row and any(wanted & _held(stored) for stored in row):
                found[hit.record] = None
    return list(found)


def _held(stored: str | None) -> set[str]:
    """Take what a column holds, one number or a set of them."""
    return set(json.loads(stored)) if stored and stored.startswith("[") else {stored or ""}


def _near(made: Connection, case: Case, name: str) -> list[str]:
    """Find cases of the same requester with a reason of the same group, of the same seller with the same reason."""
    reason = str(case.reason)
    alike = reason.rpartition(".")[0] + ".*" if name == "requester" and "." in reason else reason
    middle = case.received_at or case.created_at
    values: list[Any] = [getattr(case, name), alike]
    within = ""
    if middle:
        within = "AND received_at BETWEEN ? AND ?"
        values += [instant_text(middle - NEAR), instant_text(middle + NEAR)]
    rows = made.execute(
        f'SELECT id FROM "case" WHERE "{name}" = ? AND reason GLOB ? AND deleted_at IS NULL {within} '  # noqa: S608 - a declared name.
        f"ORDER BY seq DESC LIMIT {_MOST}",
        values,
    )
    return [row[0] for row in rows]


def _of(made: Connection, name: str, record: str) -> list[str]:
    rows = made.execute(
        f'SELECT id FROM "case" WHERE "{name}" = ? AND deleted_at IS NULL ORDER BY seq DESC LIMIT {_MOST}',  # noqa: S608 - a declared name.
        (record,),
    )
    return [row[0] for row in rows]


def _relative(case: Case, shared: list[str]) -> Relative | None:
    if case.deleted_at or case.merged_into:
        return None
    began = case.received_at or case.created_at
    at = instant_text(began) if began else ""
    repeat = bool(set(shared) - _WEAK)
    if SAME_REQUESTER_AND_REASON in shared:
        shared = [word for word in shared if word != SAME_REQUESTER]
    return Relative(case.id, case.case_no, case.title, str(case.status), at, tuple(shared), repeat)


def written_later(made: Connection, case_id: str, slack: timedelta = timedelta(minutes=2)) -> frozenset[str]:
    """Name the entries that a person wrote down some time after they happened; imports bring their own times."""
    rows = made.execute(
        'SELECT m.id FROM message m WHERE m."case" = ? AND m.deleted_at IS NULL '
        "AND strftime('%s', m.created_at) - strftime('%s', m.at) > ? "
        "AND NOT EXISTS (SELECT 1 FROM change c JOIN entry e ON e.number = c.entry "
        "WHERE c.record = m.id AND c.op = 'create' AND e.kind = 'import')",
        (case_id, slack.total_seconds()),
    )
    return frozenset(row[0] for row in rows)


def last_change(made: Connection, record: str, field: str) -> reading.PastChange | None:
    """Tell the newest change of one field."""
    row = made.execute(
        'SELECT e.at, e.by, e.workstation, e.title, e.places, e.kind, e.number, c.op, c.field, c."before", c."after" '
        "FROM change c JOIN entry e ON e.number = c.entry "
        "WHERE c.record = ? AND c.field = ? ORDER BY c.entry DESC, c.position DESC LIMIT 1",
        (record, field),
    ).fetchone()
    if row is None:
        return None
    values = (None if text is None else json.loads(text) for text in row[9:])
    return reading.PastChange(*(*row[:4], json.loads(row[4]), *row[5:9], *values))
