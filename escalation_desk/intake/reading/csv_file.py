"""Reads text tables (.csv, .tsv, .txt and the same in .gz) as programs really write them, row by row."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.i18n import _
from escalation_desk.intake.columns import LOOK_DOWN, describes, header_row, is_blank, trimmed, unique_names
from escalation_desk.intake.reading.base import LIMITS, Record, Table, Value, label, opened, table_name
from escalation_desk.intake.reading.encoding import encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 300
# A file that is called a table may have one column; any other text must show at least two in most of its lines.
_TABLE_NAMES = frozenset({".csv", ".tsv", ".tab", ".gz"})
_LEAST_AGREEMENT = 0.4
_PIECE = 1 << 18
_LONGEST_LINE = 1 << 20
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE | re.DOTALL)
# The quote that our export, osTicket and others put before what Excel would take for a formula (S1).
_GUARDED = re.compile(r"'[=+\-@\t\r＝＋－＠]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class CsvFile:
    """Any text may be a table: this reader comes last and takes what no other one knows."""

    def recognise(self, path: Path, head: bytes) -> bool:
        del path
        wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[1:40:2].count(0) > 12 or head[0:40:2].count(0) > 12
        return wide or len(_BINARY.findall(head)) <= max(8, len(head) // 20)

    def tables(self, path: Path) -> Iterator[Table]:
        with opened(path) as stream:
            encoding = encoding_of(stream)
        with opened(path) as stream:
            text = io.TextIOWrapper(stream, encoding.name, encoding.errors, newline="")
            yield _table(path, _cleaned(path, text), encoding.notes)


class _Lines:
    """Lines on their way to the csv module, and whether it has asked for one more than there are."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        self.ended = True


def _cleaned(path: Path, text: IO[str]) -> Iterator[str]:
    """Give clean lines, made in large pieces: a hundred thousand short calls would cost more than the reading."""
    rest = ""
    while piece := text.read(_PIECE):
        rest += piece
        # A \r at the very end may be half of a line end, so it waits for what follows.
        end = max(rest.rfind("\n"), rest.rfind("\r", 0, -1)) + 1
        if len(rest) - end > _LONGEST_LINE:
            raise Refused(_("“{file}” has a line of a million letters; it is no table.", file=label(path)))
        yield from io.StringIO(_clean_piece(rest[:end]))
        rest = rest[end:]
    yield from io.StringIO(_clean_piece(rest))


def _clean_piece(text: str) -> str:
    if not text.isascii():
        return clean(text)
    kept = text.encode("ascii").translate(None, _CONTROLS)
    return kept.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("ascii")


def _table(path: Path, text: Iterator[str], notes: tuple[str, ...]) -> Table:
    delimiter, sample = _delimiter(path, list(islice(text, _SAMPLE_LINES)))
    lines = _Lines(chain(sample, text))
    rows = _numbered(path, csv.reader(lines, delimiter=delimiter, skipinitialspace=True), lines)
    head = list(islice(rows, LOOK_DOWN))
    cells = [row for _number, row, _fault in head]
    at = _header(path, cells)
    described = describes(cells[at + 1], cells[at + 2 :]) if at + 1 < len(cells) else False
    if described:
        notes += (_("Row {n} describes the columns and was not taken.", n=head[at + 1][0]),)
    columns = _columns(path, cells[at:])
    return Table(
        table_name(path), columns, _records(path, columns, chain(head[at + 1 + described :], rows)), notes=notes
    )


def _delimiter(path: Path, sample: list[str]) -> tuple[str, list[str]]:
    """Choose the sign that cuts the first lines into the same number of cells; a `sep=` line says it itself."""
    if sample and (said := _SEP_LINE.fullmatch(sample[0])):
        return said.group(1), sample[1:]
    agreement = {sign: _agreement(sample, sign) for sign in _DELIMITERS}
    best = max(agreement, key=agreement.__getitem__)
    if agreement[best] < _LEAST_AGREEMENT and path.suffix.lower() not in _TABLE_NAMES and any(map(str.strip, sample)):
        raise Refused(
            _("“{file}” is text without columns; if it is a list of one column, name it .csv.", file=label(path))
        )
    return best, sample


def _agreement(sample: list[str], delimiter: str) -> float:
    try:
        rows = list(csv.reader(sample, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        return 0.0
    # The sample may end inside a quoted cell, so its last row does not count.
    widths = [len(row) for row in rows[: max(1, len(rows) - 1)] if any(row)]
    if not widths:
        return 0.0
    width, times = Counter(widths).most_common(1)[0]
    return times / len(widths) * (1 - 1 / width)


def _numbered(path: Path, rows: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[int, list[str], str | None]]:
    """Count rows as a spreadsheet shows them, blank ones included, which are then left out."""
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            if number > LIMITS.text_rows:
                raise Refused(_too_long(path))
            if row:
                yield number, row, _never_closed(number) if lines.ended else None
    except csv.Error:
        raise Refused(
            _(
                "Row {n} of “{file}” has a cell of more than 131,072 letters; most often a quotation mark is never "
                "closed there. Correct it and import again.",
                n=number + 1,
                file=label(path),
            )
        ) from None


def _too_long(path: Path) -> str:
    return _(
        "“{file}” has more than {limit} rows; export a shorter period.", file=label(path), limit=f"{LIMITS.text_rows:,}"
    )


def _never_closed(number: int) -> str:
    # The csv module asked for one more line after the last: it was still inside the quotation.
    return _("A quotation mark opened in row {n} is never closed; what follows it was swallowed.", n=number)


def _header(path: Path, rows: Sequence[Sequence[str]]) -> int:
    if not any(any(not is_blank(cell) for cell in row) for row in rows):
        raise Refused(_("“{file}” is empty.", file=label(path)))
    at = header_row(rows)
    if at is None:
        raise Refused(
            _("“{file}” has no header row: its first row must name the columns.", file=label(path)),
        )
    return at


def _columns(path: Path, rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Name the columns; those without a name count only where a row shows something in them."""
    width = len(trimmed(rows[0]))
    named = list(rows[0])
    shown = [at for at in range(width, len(named)) if any(not is_blank(row[at]) for row in rows if at < len(row))]
    names = unique_names(named[: max([width, *(at + 1 for at in shown)])])
    if len(names) > LIMITS.columns:
        raise Refused(_("“{file}” has more than {limit} columns.", file=label(path), limit=LIMITS.columns))
    return names


def _records(
    path: Path, columns: tuple[str, ...], rows: Iterator[tuple[int, list[str], str | None]]
) -> Iterator[Record]:
    width = len(columns)
    given = 0
    for number, row, fault in rows:
        cells = _cells(row)
        if len(cells) != width:
            yield from _uneven(number, columns, cells, fault)
            given += any(cells)
        elif any(cells):
            given += 1
            yield Record(number, dict(zip(columns, cells, strict=True)), fault)
    if not given:
        raise Refused(_("“{file}” names its columns but has no rows.", file=label(path)))


def _uneven(number: int, columns: tuple[str, ...], cells: list[Value], fault: str | None) -> Iterator[Record]:
    if any(cells):
        notes = _missing(len(cells), len(columns))
        fault = fault or _surplus(cells, len(columns))
        cells += [None] * (len(columns) - len(cells))
        yield Record(number, dict(zip(columns, cells, strict=False)), fault, notes)


def _cells(row: list[str]) -> list[Value]:
    return [(text if text[0] != "'" else _unguarded(text)) if text else None for text in map(str.strip, row)]


def _unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def _surplus(cells: list[Value], width: int) -> str | None:
    """Refuse a row with more cells than columns: a delimiter inside a text has shifted everything after it."""
    if not any(cell is not None for cell in cells[width:]):
        return None
    return _(
        "The row has {n} cells, but the header names {width}: a text with a delimiter is not quoted.",
        n=len(cells),
        width=width,
    )


def _missing(found: int, width: int) -> tuple[str, ...]:
    return (_("Only {n} of {width} cells are there.", n=found, width=width),) if found < width else ()
