"""Finds the row that names the columns, gives every column one name of its own, and spots rows that only describe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

# How far down a header is looked for: reports put a title, a period and a blank line above it.
LOOK_DOWN = 30

_LETTER = re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"[-+(]?[\d.,:/\s%-]+[)a-z]{0,2}", re.IGNORECASE)
_PROSE = re.compile(r"[^\W\d_]{2,}.*\s.*[^\W\d_]{2,}")
_LONGEST_NAME = 150


def unique_names(cells: Sequence[Any]) -> tuple[str, ...]:
    """Name every column once: blanks by their place, repeated names with a number behind them."""
    taken: set[str] = set()
    names = []
    for place, cell in enumerate(cells, start=1):
        wanted = " ".join(str(cell).split()) if not is_blank(cell) else _("Column {place}", place=place)
        name, count = wanted, 1
        while name in taken:
            count += 1
            name = f"{wanted} ({count})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def header_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """Give the index of the row that names the columns, None where no row does."""
    widest = max((_filled(row) for row in rows[:LOOK_DOWN]), default=0)
    for index, row in enumerate(rows[:LOOK_DOWN]):
        filled = _filled(row)
        if filled and filled * 2 >= widest and (filled > 1 or widest == 1):
            return index if _names_columns(row, rows[index + 1 : LOOK_DOWN]) else None
    return None


def trimmed(row: Sequence[Any]) -> list[Any]:
    """Take the blank cells off the end."""
    cells = list(row)
    while cells and is_blank(cells[-1]):
        cells.pop()
    return cells


def describes(row: Sequence[Any], following: Sequence[Sequence[Any]]) -> bool:
    """Tell a row that explains the columns: prose where all rows below it hold codes, figures or times."""
    prose = [at for at, cell in enumerate(row) if _is_prose(cell)]
    if len(following) < 2 or len(prose) < 2 or len(prose) * 10 < 7 * _filled(row):
        return False
    strict = [at for at in prose if _holds_no_prose(following, at)]
    return len(strict) >= 2 and len(strict) * 2 >= len(prose)


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _filled(row: Sequence[Any]) -> int:
    return sum(not is_blank(cell) for cell in row)


def _is_name(cell: Any) -> bool:
    if not isinstance(cell, str) or not 0 < len(cell) <= _LONGEST_NAME:
        return False
    return bool(_LETTER.search(cell)) and not _FIGURE.fullmatch(cell.strip())


def _names_columns(row: Sequence[Any], below: Sequence[Sequence[Any]]) -> bool:
    names = sum(_is_name(cell) for cell in row)
    filled = _filled(row)
    if names * 2 > filled:
        return True
    return names * 2 == filled and any(_is_name(cell) and _figures_below(below, at) for at, cell in enumerate(row))


def _figures_below(below: Sequence[Sequence[Any]], at: int) -> bool:
    cells = _column(below, at)
    return bool(cells) and not any(_is_name(cell) for cell in cells)


def _is_prose(cell: Any) -> bool:
    return isinstance(cell, str) and bool(_PROSE.search(cell))


def _holds_no_prose(rows: Sequence[Sequence[Any]], at: int) -> bool:
    return not any(_is_prose(cell) for cell in _column(rows, at))


def _column(rows: Sequence[Sequence[Any]], at: int) -> list[Any]:
    return [row[at] for row in rows if at < len(row) and not is_blank(row[at])]
