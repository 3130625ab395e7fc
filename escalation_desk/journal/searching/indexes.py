"""The full-text indexes: one per kind of record, derived from its searchable fields, numbered like its table.

An index of its own for each kind lets the newest of each be read at once, and one statement joins words to records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.fields import Field, Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

SEARCHED: Final = (
    "case",
    "seller",
    "party",
    "message",
    "seller_note",
    "follow_up",
    "clarification",
    "attachment",
    "article",
)

_WORDS = (
    # Prefixes of two and three letters are answered from their own index; texts come folded.
    "CREATE VIRTUAL TABLE {table} USING fts5(words, content='', contentless_delete=1, prefix='2 3', "
    "tokenize='unicode61 remove_diacritics 0')"
)
_CODES = "CREATE VIRTUAL TABLE {table} USING fts5(code, content='', contentless_delete=1, tokenize='trigram')"


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one kind: of its words, and of its numbers, which are found by any part of them."""

    kind: str
    fields: tuple[Field, ...]

    @property
    def words(self) -> str:
        return f"search_{self.kind}"

    @property
    def codes(self) -> str | None:
        return f"search_{self.kind}_code" if self.code_fields else None

    @property
    def code_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.declared.code)

    @property
    def statements(self) -> tuple[str, ...]:
        """Say how the index is made."""
        codes = (_CODES.format(table=self.codes),) if self.codes else ()
        return (_WORDS.format(table=self.words), *codes)


INDEXES: Final = {
    kind: Index(kind, tuple(f for f in fields_of(KINDS[kind]) if f.declared.searchable)) for kind in SEARCHED
}


def concerns(kind: str, names: Iterable[str]) -> bool:
    """Say whether a change of these fields changes what is found."""
    return kind in INDEXES and not {f.name for f in INDEXES[kind].fields}.isdisjoint(names)


def remember(made: Connection, records: Sequence[Record]) -> None:
    """Index records anew; they are in their tables already."""
    for kind in {r.kind for r in records} & INDEXES.keys():
        index = INDEXES[kind]
        own = [r for r in records if r.kind == kind]
        _write(made, index.words, "words", kind, ((fold(_text(r, index.fields)), r.id) for r in own))
        if index.codes:
            _write(made, index.codes, "code", kind, ((_codes(r, index.code_fields), r.id) for r in own))


def forget(made: Connection, kind: str, ids: Iterable[str]) -> None:
    """Take records out of the index."""
    if kind not in INDEXES:
        return
    own = [(one,) for one in ids]
    for table in filter(None, (INDEXES[kind].words, INDEXES[kind].codes)):
        made.executemany(
            f'DELETE FROM {table} WHERE rowid = (SELECT seq FROM "{kind}" WHERE id = ?)',  # noqa: S608 - declared names.
            own,
        )


def _write(made: Connection, table: str, column: str, kind: str, rows: Iterable[tuple[str, str]]) -> None:
    made.executemany(
        f'INSERT OR REPLACE INTO {table} (rowid, {column}) SELECT seq, ? FROM "{kind}" WHERE id = ?',  # noqa: S608 - declared names.
        rows,
    )


def _text(record: Record, fields: Sequence[Field]) -> str:
    values = ((f.kind, getattr(record, f.name)) for f in fields)
    return "\n".join(" ".join(sorted(v)) if k is Kind.SET else v for k, v in values if v)


def _codes(record: Record, fields: Sequence[Field]) -> str:
    """Lay numbers out as written and without what people put between the digits: 0912 345 678, 2311-ABC."""
    folded = fold(_text(record, fields))
    bare = "\n".join("".join(filter(str.isalnum, line)) for line in folded.split("\n"))
    return folded if bare == folded else f"{folded}\n{bare}"
