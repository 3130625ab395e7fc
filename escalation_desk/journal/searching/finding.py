"""Reads the newest things that hold the words typed: one statement for each kind of record, made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.journal.searching.indexes import INDEXES, SEARCHED
from escalation_desk.journal.searching.places import Sought, accents_matter, all_exact, excerpt
from escalation_desk.journal.searching.words import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.fields import Field
    from escalation_desk.journal.connection import Connection

NAMES: Final = {"case": "case_no", "seller": "shop_name", "party": "display_name"}
"""The kinds that a find leads to, and the field that names them."""

_AT = {"case": "received_at", "message": "at", "seller_note": "at", "follow_up": "due_at"}
_MOST_HOPS = 32
_SHORT_CODE = 8  # Six characters in quotes.


class Hit(NamedTuple):
    """One thing found: what it is, and which case, seller or party it leads to. What was merged leads to the whole.

    The texts stay as the bytes they were read: they are spelled out for what is shown, not for all that is found.
    """

    kind: str
    record: str
    leads_to: tuple[str, str]
    title: str
    at: str
    exact: bool
    texts: bytes
    sought: tuple[Sought, ...]

    @property
    def excerpt(self) -> str:
        """Cut out the words around the find."""
        return excerpt(self.sought, self.texts.decode())


def search(made: Connection, text: str, *, kinds: Sequence[str] = SEARCHED, limit: int = 50) -> list[Hit]:
    """Find the newest things that hold the words typed: at most `limit` of each kind, exact accents first."""
    words = written(text)
    if not words.wanted:
        return []
    sought = tuple(map(Sought.of, words.wanted))
    found: list[Hit] = []
    for kind in kinds:
        hits = _of_kind(made, kind, words.match, words.code, sought, limit)
        found += sorted(hits, key=_by_accents)
    return found


def _by_accents(hit: Hit) -> bool:
    return not hit.exact


def _of_kind(made: Connection, kind: str, match: str, code: str, sought: tuple[Sought, ...], limit: int) -> list[Hit]:
    asked = _statement(kind)
    hits = _hits(made, asked, asked.by_words, (match, limit), sought)
    # A long number that words have found by its beginning is not looked for in the middle of others as well; but
    # people's numbers are written in several ways.
    wanted = kind != "case" or not hits or len(code) <= _SHORT_CODE
    if code and asked.by_codes and len(hits) < limit and wanted:
        hits += _hits(made, asked, asked.by_codes, (code, limit), sought)
    if (
        kind in NAMES or asked.by_codes
    ):  # The same one may be found by words, by a number, and by a name it was merged from.
        hits = list({hit.record: hit for hit in reversed(hits)}.values())[::-1]
    return hits[:limit]


def _hits(
    made: Connection, asked: _Statement, statement: str, values: tuple[str, int], sought: tuple[Sought, ...]
) -> list[Hit]:
    kind, any_accents = asked.kind, not accents_matter(sought)
    hits = []
    for row in made.execute(statement, values):
        record, at, name, heading, merged_into, texts = row[:_OWNERS_AT]
        exact = any_accents or all_exact(sought, texts, name, heading)
        if merged_into:
            record, survivor = _survivor(made, kind, merged_into)
            leads_to, title = (kind, record), _joined(survivor, name)
        elif asked.names:
            leads_to, title = (kind, record), _joined(name, heading)
        else:
            leads_to, title = _owner(made, kind, row)
            title = title or heading or ""
        hits.append(Hit(kind, record, leads_to, title, at or "", exact, texts, sought))
    return hits


def _owner(made: Connection, kind: str, row: tuple[Any, ...]) -> tuple[tuple[str, str], str]:
    """Say to which case or seller a paper belongs."""
    for owner, at in (("case", _OWNERS_AT), ("seller", _OWNERS_AT + _OWNER_COLUMNS)):
        record, name, title, merged_into = row[at : at + _OWNER_COLUMNS]
        if merged_into:
            record, name = _survivor(made, owner, merged_into)
        if record:
            return (owner, record), _joined(name, title or "")
    return (kind, row[0]), ""


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


@dataclass(frozen=True, slots=True)
class _Statement:
    """The statements of a kind: by words, and by parts of numbers, which say only numbers."""

    kind: str
    names: bool
    by_words: str
    by_codes: str


_OWNERS_AT = 6
_OWNER_COLUMNS = 4


@cache
def _statement(kind: str) -> _Statement:
    names = kind in NAMES
    fields = INDEXES[kind].fields
    heading = next((f.name for f in fields if f.name == "title"), None)
    shown = [f for f in fields if f.name not in {heading, NAMES.get(kind)}]
    codes = [f for f in shown if _coded(f)]
    joins, gone, owners = ("", "", []) if names else _owners(kind)

    def select(index: str, said: Sequence[Field]) -> str:
        columns = [
            "r.id",
            f'r."{_AT.get(kind, "updated_at")}"',
            f'r."{NAMES[kind]}"' if names else "''",
            f'r."{heading}"' if heading else "''",
            "r.merged_into" if names else "NULL",
            _together(said),
            *owners,
        ]
        return (
            f'SELECT {", ".join(columns)} FROM {index} f CROSS JOIN "{kind}" r ON r.seq = f.rowid {joins}'  # noqa: S608 - declared names.
            f"WHERE {index} MATCH ? AND r.deleted_at IS NULL{gone} ORDER BY f.rowid DESC LIMIT ?"
        )

    words, numbers = INDEXES[kind].words, INDEXES[kind].codes
    texts = [*(f for f in shown if not _coded(f)), *codes]
    return _Statement(kind, names, select(words, texts), select(numbers, codes) if numbers else "")


def _coded(field: Field) -> bool:
    return field.declared.code or field.kind is Kind.SET


def _together(fields: Sequence[Field]) -> str:
    """Read texts as one, a line each; as bytes, because few of them are shown."""
    lines = ", ".join(map(_column, fields))
    return f"CAST(concat_ws(char(10), {lines}) AS BLOB)" if lines else "x''"


def _column(field: Field) -> str:
    """Read a set as its members; most sets are empty, and then nothing is worked out."""
    column = f'r."{field.name}"'
    if field.kind is not Kind.SET:
        return column
    return f"CASE {column} WHEN '[]' THEN NULL ELSE replace(trim({column}, '[]\"'), '\",\"', ', ') END"


def _owners(kind: str) -> tuple[str, str, list[str]]:
    """Join the case or seller that a paper belongs to; the papers of a deleted one are not found."""
    joins, gone = "", ""
    columns: list[str] = []
    for owner, title in (("case", "title"), ("seller", None)):
        if not any(f.name == owner for f in fields_of(KINDS[kind])):
            columns += ["NULL"] * _OWNER_COLUMNS
            continue
        of = f'"of_{owner}"'
        joins += f'LEFT JOIN "{owner}" {of} ON {of}.id = r."{owner}" '
        gone += f' AND (r."{owner}" IS NULL OR ({of}.id IS NOT NULL AND {of}.deleted_at IS NULL))'
        columns += [f"{of}.{name}" if name else "NULL" for name in ("id", NAMES[owner], title, "merged_into")]
    return joins, gone, columns
