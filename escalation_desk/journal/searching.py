"""One box over everything: cases, sellers, parties, messages, notes, numbers, names of attachments.

Texts are folded before they are indexed and before they are asked for, so that `don hang` finds `đơn hàng`; what
was found with the very accents that were typed comes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.text import fold, one_line, words
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

# Each kind has its own range of row numbers: newest first within one kind is a range of the index read backwards.
_RANGE = 1 << 40
SEARCHED = ("case", "message", "seller", "seller_note", "party", "follow_up", "attachment", "clarification")
_OWNER_FIELDS = ("case", "seller")
_SQL_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is, to which case or seller it leads, and the words around the find."""

    kind: str
    record: str
    owner: str | None
    title: str
    excerpt: str
    exact: bool


def remember(made: Connection, records: Sequence[Record]) -> None:
    """Index records anew."""
    listed = [r for r in records if r.kind in SEARCHED]
    if not listed:
        return
    numbers = _numbers(made, listed)
    made.executemany(
        "INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", ((numbers[r.id], _words_of(r)) for r in listed)
    )
    made.executemany(
        "INSERT OR REPLACE INTO search_code (rowid, code) VALUES (?, ?)",
        ((numbers[r.id], code) for r in listed if (code := _codes_of(r))),
    )


def forget(made: Connection, ids: Iterable[str]) -> None:
    """Take records out of the index."""
    own = [(one,) for one in ids]
    for table in ("search", "search_code"):
        made.executemany(
            f"DELETE FROM {table} WHERE rowid = (SELECT number FROM search_doc WHERE record = ?)",  # noqa: S608 - two names.
            own,
        )
    made.executemany("DELETE FROM search_doc WHERE record = ?", own)


def _numbers(made: Connection, records: Sequence[Record]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for start in range(0, len(records), _SQL_CHUNK):
        ids = [r.id for r in records[start : start + _SQL_CHUNK]]
        marks = ",".join("?" * len(ids))
        rows = made.execute(f"SELECT record, number FROM search_doc WHERE record IN ({marks})", ids)  # noqa: S608 - marks.
        numbers.update(rows)
    fresh = [r for r in records if r.id not in numbers]
    for kind in {r.kind for r in fresh}:
        first = SEARCHED.index(kind) * _RANGE + 1
        newest = made.execute(
            "SELECT max(number) FROM search_doc WHERE number >= ? AND number < ?", (first, first + _RANGE - 1)
        ).fetchone()[0]
        numbers.update((r.id, n) for n, r in enumerate((r for r in fresh if r.kind == kind), (newest or first - 1) + 1))
    made.executemany(
        "INSERT INTO search_doc (number, record, owner) VALUES (?, ?, ?)",
        ((numbers[r.id], r.id, _owner(r)) for r in fresh),
    )
    return numbers


def _owner(record: Record) -> str | None:
    owners = (getattr(record, name, None) for name in _OWNER_FIELDS if record.kind != "case")
    return next((owner for owner in owners if owner), None)


@cache
def _searchable(kind: str, *, codes: bool) -> tuple[Field, ...]:
    return tuple(f for f in fields_of(KINDS[kind]) if f.declared.searchable and (f.declared.code or not codes))


def _text_of(record: Record, fields: Sequence[Field]) -> str:
    values = ((f.kind, getattr(record, f.name)) for f in fields)
    return "\n".join(" ".join(v) if k is Kind.SET else v for k, v in values if v)


def _words_of(record: Record) -> str:
    return fold(_text_of(record, _searchable(record.kind, codes=False)))


def _codes_of(record: Record) -> str:
    return fold(_text_of(record, _searchable(record.kind, codes=True)))


_TERM = re.compile(r'"([^"]+)"|(\S+)')


def phrase(text: str) -> str:
    """Write what a person typed as a query: every word by its beginning, words in quotes as a phrase."""
    terms = []
    for quoted, word in _TERM.findall(fold(text)):
        inside = words(quoted or word)
        if inside:
            joined = " ".join(inside)
            terms.append(f'"{joined}"' if quoted else f'"{joined}" *')
    return " AND ".join(terms)


def search(made: Connection, text: str, *, kinds: Sequence[str] = SEARCHED, limit: int = 50) -> list[Hit]:
    """Find the newest things that hold the words typed: at most `limit` of each kind, exact accents first."""
    asked = phrase(text)
    if not asked:
        return []
    hits = [hit for kind in kinds for hit in _of_kind(made, kind, asked, text, limit)]
    return sorted(hits, key=lambda hit: (kinds.index(hit.kind), not hit.exact))


def _of_kind(made: Connection, kind: str, asked: str, text: str, limit: int) -> list[Hit]:
    first = SEARCHED.index(kind) * _RANGE
    found = [
        row[0]
        for row in made.execute(
            "SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
            (asked, first, first + _RANGE, limit),
        )
    ]
    if len(found) < limit and (part := code_part(text)):
        found += [
            row[0]
            for row in made.execute(
                "SELECT rowid FROM search_code WHERE search_code MATCH ? AND rowid > ? AND rowid < ? "
                "ORDER BY rowid DESC LIMIT ?",
                (part, first, first + _RANGE, limit - len(found)),
            )
            if row[0] not in found
        ]
    return [hit for number in found if (hit := _hit(made, kind, number, text))]


def code_part(text: str) -> str | None:
    """Write a part of a number as a query; parts shorter than three letters are left to the words."""
    part = fold(text.strip().strip('"'))
    return f'"{part}"' if len(part) >= 3 and " " not in part and '"' not in part else None


def _hit(made: Connection, kind: str, number: int, text: str) -> Hit | None:
    row = made.execute("SELECT record, owner FROM search_doc WHERE number = ?", (number,)).fetchone()
    record = fetch(made, kind, row[0]) if row else None
    if record is None:
        return None
    body = _text_of(record, _searchable(kind, codes=False))
    return Hit(
        kind, record.id, row[1], _title(made, record, row[1]), _excerpt(body, text), text.casefold() in body.casefold()
    )


def _title(made: Connection, record: Record, owner: str | None) -> str:
    for kind in _OWNER_FIELDS:
        if owner and getattr(record, kind, None) == owner and record.kind != "case":
            own = fetch(made, kind, owner)
            return _heading(own) if own else ""
    return _heading(record)


def _heading(record: Record) -> str:
    title = getattr(record, "title", "")
    return f"{record.name} · {title}" if title and title != record.name else record.name


def _excerpt(body: str, text: str, around: int = 60) -> str:
    first = next(iter(words(fold(text))), "")
    flat = " ".join(body.split())
    place = max(fold(flat).find(first), 0)
    start = max(place - around, 0)
    cut = one_line(flat[start : place + 2 * around], 3 * around)
    return f"…{cut}" if start else cut


def owners_sql() -> str:
    """Say which cases a search means, for the list of cases: those found, and those whose papers were found."""
    found = "SELECT number FROM search_doc WHERE number IN (SELECT rowid FROM search WHERE search MATCH :search)"
    doc = f"SELECT %s FROM search_doc WHERE number IN ({found})"  # noqa: S608 - no input in it.
    return (
        f"(id IN ({doc % 'record'}) OR id IN ({doc % 'owner'}) "
        f"OR requester IN ({doc % 'record'}) OR seller IN ({doc % 'record'}))"
    )
