"""Reads the newest things that hold the words typed: one statement for each kind of record, made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.journal.searching.indexes import INDEXES, SEARCHED
from escalation_desk.journal.searching.places import Places
from escalation_desk.journal.searching.words import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.fields import Field
    from escalation_desk.journal.connection import Connection

NAMES: Final = {"case": "case_no", "seller": "shop_name", "party": "display_name"}
"""The kinds that a find leads to, and the field that names them."""

_AT = {"case": "received_at", "message": "at", "seller_note": "at", "follow_up": "due_at"}
_MOST_HOPS = 32


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is, which case, seller or party it leads to, and the words around the find."""

    kind: str
    record: str
    leads_to: tuple[str, str]
    title: str
    excerpt: str
    at: str
    exact: bool


class _Owner(NamedTuple):
    """The case or seller that a paper belongs to."""

    record: str | None
    name: str | None
    title: str | None
    merged_into: str | None


class _Row(NamedTuple):
    """What the statement of a kind gives: the record, its texts, and where it belongs."""

    seq: int
    record: str
    merged_into: str | None
    at: str | None
    name: str
    heading: str
    texts: str
    codes: str
    case: _Owner
    seller: _Owner
    by_code: bool

    @classmethod
    def of(cls, row: tuple[Any, ...], *, by_code: bool) -> _Row:
        own = row[:8]
        return cls(*own, _Owner(*row[8:12]), _Owner(*row[12:]), by_code)  # type: ignore[call-arg]  # the row's columns


def search(made: Connection, text: str, *, kinds: Sequence[str] = SEARCHED, limit: int = 50) -> list[Hit]:
    """Find the newest things that hold the words typed: at most `limit` of each kind, exact accents first."""
    words = written(text)
    if not words.wanted:
        return []
    places = Places.of(words.wanted)
    found: list[Hit] = []
    for kind in kinds:
        hits = [_hit(made, kind, row, places) for row in _rows(made, kind, words.match, words.code, limit)]
        found += sorted(_once(hits), key=lambda hit: not hit.exact)
    return found


def _rows(made: Connection, kind: str, match: str, code: str, limit: int) -> Iterable[_Row]:
    index = INDEXES[kind]
    rows = [_Row.of(row, by_code=False) for row in made.execute(_statement(kind, index.words), (match, limit))]
    if index.codes and code and len(rows) < limit:
        known = {row.seq for row in rows}
        more = (_Row.of(row, by_code=True) for row in made.execute(_statement(kind, index.codes), (code, limit)))
        rows += [row for row in more if row.seq not in known][: limit - len(rows)]
    return rows


def _hit(made: Connection, kind: str, row: _Row, places: Places) -> Hit:
    leads_to, title = _lead(made, kind, row)
    return Hit(
        kind,
        leads_to[1] if kind in NAMES else row.record,
        leads_to,
        title,
        places.excerpt(*((row.codes,) if row.by_code else (row.texts, row.codes))),
        row.at or "",
        places.all_exact(row.texts, row.codes, row.heading, row.name),
    )


def _lead(made: Connection, kind: str, row: _Row) -> tuple[tuple[str, str], str]:
    """Say where a find leads, and by which name. What was merged leads to what it was merged into."""
    if kind not in NAMES:
        return _owner(made, kind, row)
    if row.merged_into:
        survivor, name = _survivor(made, kind, row.merged_into)
        return (kind, survivor), _joined(name, row.name)
    return (kind, row.record), _joined(row.name, row.heading)


def _owner(made: Connection, kind: str, row: _Row) -> tuple[tuple[str, str], str]:
    for owner_kind, owner in (("case", row.case), ("seller", row.seller)):
        if owner.record and owner.merged_into:
            survivor, name = _survivor(made, owner_kind, owner.merged_into)
            return (owner_kind, survivor), name
        if owner.record:
            return (owner_kind, owner.record), _joined(owner.name or "", owner.title or "")
    return (kind, row.record), ""


def _survivor(made: Connection, kind: str, record: str) -> tuple[str, str]:
    """Follow merges to the record that stands for all of them."""
    name = ""
    for _hop in range(_MOST_HOPS):
        row = made.execute(
            f'SELECT "{NAMES[kind]}", merged_into FROM "{kind}" WHERE id = ?',  # noqa: S608 - declared names.
            (record,),
        ).fetchone()
        name = row[0] if row else name
        if row is None or row[1] is None:
            break
        record = row[1]
    return record, name


def _joined(name: str, title: str) -> str:
    return f"{name} · {title}" if name and title and title != name else name or title


def _once(hits: list[Hit]) -> list[Hit]:
    """Name a survivor once, though it was found under several names."""
    return list({(hit.kind, hit.record): hit for hit in reversed(hits)}.values())[::-1]


@cache
def _statement(kind: str, table: str) -> str:
    columns = INDEXES[kind].fields
    own = {f.name for f in columns}
    heading = "title" if "title" in own else ""
    texts = [f for f in INDEXES[kind].text_fields if f.name not in {heading, NAMES.get(kind)}]
    codes = [f for f in INDEXES[kind].code_fields if f.name != NAMES.get(kind)]
    joins, gone, leads = _owners(kind)
    parts = (
        "r.seq, r.id",
        "r.merged_into" if kind in NAMES else "NULL",
        f'r."{_AT.get(kind, "updated_at")}"',
        f'r."{NAMES[kind]}"' if kind in NAMES else "''",
        f'r."{heading}"' if heading else "''",
        _concatenated(texts),
        _concatenated(codes),
        *leads,
    )
    return (
        f'SELECT {", ".join(parts)} FROM {table} f CROSS JOIN "{kind}" r ON r.seq = f.rowid {joins} '  # noqa: S608 - declared names.
        f"WHERE {table} MATCH ? AND r.deleted_at IS NULL{gone} ORDER BY f.rowid DESC LIMIT ?"
    )


def _owners(kind: str) -> tuple[str, str, tuple[str, ...]]:
    """Join the case or seller that a paper belongs to; the papers of a deleted one are not found."""
    joins, gone = "", ""
    leads: list[str] = []
    for owner, title in (("case", "title"), ("seller", None)):
        if kind in NAMES or not any(f.name == owner for f in fields_of(KINDS[kind])):
            leads += ["NULL"] * len(_Owner._fields)
            continue
        of = f'"of_{owner}"'
        joins += f'LEFT JOIN "{owner}" {of} ON {of}.id = r."{owner}" '
        gone += f' AND (r."{owner}" IS NULL OR ({of}.id IS NOT NULL AND {of}.deleted_at IS NULL))'
        leads += [f"{of}.{name}" if name else "NULL" for name in ("id", NAMES[owner], title, "merged_into")]
    return joins, gone, tuple(leads)


def _concatenated(fields: Sequence[Field]) -> str:
    return f"concat_ws(char(10), {', '.join(map(_plain, fields))})" if fields else "''"


def _plain(field: Field) -> str:
    """Read a set as its members, not as JSON."""
    column = f'r."{field.name}"'
    members = f"replace(trim({column}, '[]\"'), '\",\"', ', ')"
    return f"nullif({members if field.kind is Kind.SET else column}, '')"
