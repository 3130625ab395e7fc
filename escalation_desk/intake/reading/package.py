"""Looks through an Office package before anything parses it: bombs, entities and stray far cells are refused."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.intake.reading.base import LIMITS, MB, label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 20
_OVERLAP = 64
_SMALL = 64 * MB  # A part below this cannot hurt, whatever its ratio: repeated rows do shrink a hundredfold.
# An entity needs a DOCTYPE, which XML writes in capitals, in one byte or in two a letter.
_DOCTYPES = tuple("<!DOCTYPE".encode(coding) for coding in ("ascii", "utf-16-le", "utf-16-be"))
# A sheet may lie under any name; these are the large parts that are certainly none.
_NO_SHEET = re.compile(r"sharedStrings|calcChain|drawing|theme|styles|comments|media/", re.IGNORECASE)
# These run over a hundred megabytes, so each begins with letters that the search can leap to.
_COLUMN = re.compile(rb'r="([A-Z]{1,3})')
_FAR_ROW = re.compile(rb'r="[A-Z]{1,3}(\d{6,7})')
_ROW_NUMBER = re.compile(rb'row\b[^>]*?\br="(\d{1,9})"')


@dataclass
class SheetFacts:
    """What one sheet's XML says of itself, counted and not believed from `<dimension>`."""

    rows: int = 0
    last_row: int = 0
    last_column: int = 0
    errors: int = 0

    @property
    def rectangle(self) -> int:
        return max(self.last_row, self.rows) * self.last_column


def checked(path: Path) -> bytes:
    """Read a package whole and refuse it in one sentence if any part of it would hurt whoever parses it."""
    if path.stat().st_size > LIMITS.workbook_bytes:
        raise Refused(
            _(
                "“{file}” is larger than {limit} MB; save its sheet as CSV, which has no such limit.",
                file=label(path),
                limit=LIMITS.workbook_bytes // MB,
            )
        )
    data = path.read_bytes()
    try:
        _look_through(path, data)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise Refused(damaged(path)) from None
    return data


def damaged(path: Path) -> str:
    return _("“{file}” is damaged or was cut off; export or copy it again.", file=label(path))


def sheet_facts(path: Path, data: bytes) -> list[SheetFacts]:
    """Count every sheet's rows and cells, refusing the sheet that would not fit into memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        facts = [_facts(_pieces(package, part)) for part in package.infolist() if not _NO_SHEET.search(part.filename)]
    for sheet in facts:
        _refuse_unbounded(path, sheet)
    return facts


def _look_through(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        if len(parts) > LIMITS.members:
            raise Refused(_("“{file}” holds {n} parts; no spreadsheet needs so many.", file=label(path), n=len(parts)))
        inflated = 0
        for part in parts:
            inflated += _inflate(path, package, part, LIMITS.inflated_bytes - inflated)


def _inflate(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Inflate a part to nowhere, counting: the size it declares may be a lie."""
    size = 0
    tail = b""
    for piece in _pieces(package, part):
        size += len(piece)
        if size > left or size > max(_SMALL, part.compress_size * LIMITS.ratio):
            raise Refused(
                _("“{file}” unpacks to far more than it should and was not opened.", file=label(path)),
            )
        if any(doctype in tail + piece for doctype in _DOCTYPES):
            raise Refused(
                _(
                    "“{file}” declares its own XML entities, as no spreadsheet does, and was not opened.",
                    file=label(path),
                )
            )
        tail = piece[-_OVERLAP:]
    return size


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _facts(pieces: Iterator[bytes]) -> SheetFacts:
    facts = SheetFacts()
    rest = b""
    for piece in pieces:
        rest += piece
        # Cut between two tags, so that no cell is counted in halves.
        end = rest.rfind(b">") + 1 or len(rest)
        _count(facts, rest[:end])
        rest = rest[end:]
    _count(facts, rest)
    return facts


def _count(facts: SheetFacts, xml: bytes) -> None:
    facts.rows += xml.count(b"<row") + xml.count(b":row ")
    facts.errors += xml.count(b't="e"')
    numbered = max(map(int, _ROW_NUMBER.findall(xml)), default=0)
    far = max(map(int, _FAR_ROW.findall(xml)), default=0)
    facts.last_row = max(facts.last_row, numbered, far)
    facts.last_column = max(facts.last_column, 1, *map(_column_number, set(_COLUMN.findall(xml))))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_unbounded(path: Path, sheet: SheetFacts) -> None:
    if sheet.rows > LIMITS.workbook_rows:
        raise Refused(
            _(
                "A sheet of “{file}” has more than {limit} rows; save it as CSV, which may be longer.",
                file=label(path),
                limit=f"{LIMITS.workbook_rows:,}",
            )
        )
    if sheet.rectangle > LIMITS.workbook_cells:
        raise Refused(
            _(
                "A sheet of “{file}” reaches to row {row} and column {column}, most of it empty; delete what stands "
                "alone far outside the list (Ctrl+End shows it) and save again, or save the sheet as CSV.",
                file=label(path),
                row=f"{sheet.last_row:,}",
                column=sheet.last_column,
            )
        )
