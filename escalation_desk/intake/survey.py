"""Looks a file over before it is imported: its tables, what their columns seem to hold, and the first rows to show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from escalation_desk.intake.reading import plain, read
from escalation_desk.intake.types import Guess, guess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from escalation_desk.intake.reading import Record, Table

_LOOKED_AT = 1_000
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    guess: Guess


@dataclass(frozen=True, slots=True)
class Survey:
    """A table before it is imported; the rows are those that a preview shows."""

    table: str
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    total: int | None
    notes: tuple[str, ...]


def survey(path: Path) -> Iterator[Survey]:
    """Look a file over; run it as `in_child(survey, path)`."""
    for table in read(path):
        yield _survey(table, list(islice(table.rows, _LOOKED_AT)))


def _survey(table: Table, rows: Sequence[Record]) -> Survey:
    columns = tuple(Column(name, guess((row.values.get(name) for row in rows), name)) for name in table.columns)
    total = len(rows) if len(rows) < _LOOKED_AT else table.total
    return Survey(table.name, columns, tuple(plain(row.values) for row in rows[:_SHOWN]), total, table.notes)
