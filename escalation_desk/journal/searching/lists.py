"""Says which records of a list a search means: those found, and those whose papers or people were found."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.journal.searching.finding import NAMES
from escalation_desk.journal.searching.indexes import INDEXES, SEARCHED
from escalation_desk.journal.searching.words import written

if TYPE_CHECKING:
    from escalation_desk.casework.fields import Field


def narrowing(kind: str, text: str) -> tuple[str, str, dict[str, str]]:
    """Write a search as what goes before a list's statement, a condition of it, and the values to bind."""
    words = written(text)
    parts: list[str] = []
    clauses: list[str] = []
    values: dict[str, str] = {}
    if words.wanted:
        parts += _tables(kind, "found", code=bool(words.code))
        clauses.append("seq IN (SELECT seq FROM found)")
        values["found"] = words.wanted_match
    if words.code:
        values["found_code"] = words.code
    if words.unwanted:
        parts += _tables(kind, "unwanted", code=False)
        clauses.append("seq NOT IN (SELECT seq FROM unwanted)")
        values["unwanted"] = words.unwanted_match
    return (f"WITH {', '.join(parts)} " if parts else "", " AND ".join(clauses), values)


@cache
def _tables(kind: str, name: str, *, code: bool) -> tuple[str, ...]:
    """Name the rows that were found; what was merged stands for what it was merged into."""
    base = f"{name}_itself AS MATERIALIZED ({_ways(kind, name, code=code)})"
    survivors = (
        f' UNION SELECT s.seq FROM "{kind}" r JOIN "{kind}" s ON s.id = r.merged_into '  # noqa: S608 - declared names.
        f"WHERE r.merged_into IS NOT NULL AND r.seq IN (SELECT seq FROM {name}_itself)"
        if kind in NAMES
        else ""
    )
    return base, f"{name} AS MATERIALIZED (SELECT seq FROM {name}_itself{survivors})"  # noqa: S608 - declared names.


def _ways(kind: str, match: str, *, code: bool) -> str:
    ways = [_own(table, value) for table, value in _indexes(kind, match, code=code)]
    ways += [_by_paper(kind, paper, match) for paper in _papers(kind)]
    for f in fields_of(KINDS[kind]):
        if _points(kind, f):
            to = str(f.declared.refers_to)
            ways += [_by_pointer(kind, f, table, value) for table, value in _indexes(to, match, code=code)]
    return " UNION ".join(ways) or "SELECT 0 AS seq WHERE 0"


def _indexes(kind: str, match: str, *, code: bool) -> list[tuple[str, str]]:
    index = INDEXES.get(kind)
    if index is None:
        return []
    return [(index.words, match), *([(index.codes, f"{match}_code")] if code and index.codes else ())]


def _papers(kind: str) -> list[str]:
    """Name the kinds of records that belong to one of this kind: the messages of a case, the notes on a seller."""
    if kind not in NAMES:
        return []
    return [p for p in SEARCHED if p not in NAMES and any(f.name == kind for f in fields_of(KINDS[p]))]


def _points(kind: str, field: Field) -> bool:
    """Say whether a record is also found by the name of what this field points to."""
    to = field.declared.refers_to
    return field.kind is Kind.TEXT and to in NAMES and to != kind and field.name != "merged_into"


def _own(table: str, match: str) -> str:
    return f"SELECT rowid AS seq FROM {table} WHERE {table} MATCH :{match}"  # noqa: S608 - declared names.


def _by_paper(kind: str, paper: str, match: str) -> str:
    table = INDEXES[paper].words
    return (
        f'SELECT o.seq FROM {table} f CROSS JOIN "{paper}" p ON p.seq = f.rowid '  # noqa: S608 - declared names.
        f'JOIN "{kind}" o ON o.id = p."{kind}" WHERE {table} MATCH :{match} AND p.deleted_at IS NULL'
    )


def _by_pointer(kind: str, field: Field, table: str, match: str) -> str:
    to = field.declared.refers_to
    return (
        f'SELECT o.seq FROM {table} f CROSS JOIN "{to}" t ON t.seq = f.rowid '  # noqa: S608 - declared names.
        f'JOIN "{kind}" o ON o."{field.name}" = ifnull(t.merged_into, t.id) '
        f"WHERE {table} MATCH :{match} AND t.deleted_at IS NULL"
    )
