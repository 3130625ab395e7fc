"""The seam of the reading room: what a format must give, and the limits that every file is held to."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, cast

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean, one_line
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MB = 1024 * 1024

# What a file is recognised by; enough for a title block, a BOM and the first names inside a zip.
HEAD_BYTES = 8192

Value: TypeAlias = "str | int | float | bool | datetime | date | list[Any] | dict[str, Any] | None"


class Record(NamedTuple):
    """One row as the file has it: numbered as a person counts in the file, empty cells None."""

    number: int
    values: dict[str, Value]
    fault: str | None = None  # Why this row cannot be trusted; whoever plans the import refuses it with this sentence.
    notes: tuple[str, ...] = ()  # What is worth knowing though the row can be taken.


@dataclass(frozen=True)
class Table:
    """A sheet, a list or a whole file: its columns are known before its rows are read."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[Record]
    total: int | None = None  # About how many rows will come; None where only reading tells.
    notes: tuple[str, ...] = ()


class Reader(Protocol):
    """A format: what it looks like and how its tables are read. Add one to `READERS` in this package."""

    def recognise(self, path: Path, head: bytes) -> bool:
        """Tell by the first bytes (already unzipped from .gz) whether this file is ours; the name is only a hint."""
        ...

    def tables(self, path: Path) -> Iterator[Table]:
        """Give the tables, each read to its end before the next is asked for."""
        ...


@dataclass(frozen=True)
class Limits:
    """How much of a file is believed; beyond it the file is refused with a sentence, before it can hurt."""

    workbook_bytes: int = 25 * MB
    text_bytes: int = 1024 * MB  # Text is streamed, so its size costs time and not memory.
    inflated_bytes: int = 200 * MB
    ratio: int = 100
    members: int = 2_000
    workbook_rows: int = 200_000
    workbook_cells: int = 12_000_000  # A sheet lies in memory as a full rectangle, 32 bytes a cell.
    text_rows: int = 1_000_000
    columns: int = 500
    json_bytes: int = 64 * MB  # One JSON value that must lie in memory whole.


LIMITS = Limits()


def label(path: Path) -> str:
    """Name a file in a sentence: only its name, on one line, without control characters."""
    return one_line(clean(path.name), 80)


def table_name(path: Path) -> str:
    """Name the one table of a file after the file."""
    name = label(path).removesuffix(".gz")
    return name.rsplit(".", 1)[0] or name


def plain(values: dict[str, Value]) -> dict[str, Any]:
    """Make values of plain JSON types, so that they can leave the child process; dates become ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def is_gzip(head: bytes) -> bool:
    return head.startswith(b"\x1f\x8b")


def head_of(path: Path) -> bytes:
    """Give the first bytes, out of a .gz where it is one."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not is_gzip(head):
        return head
    with gzip.open(path) as inner:
        return inner.read(HEAD_BYTES)


def opened(path: Path) -> IO[bytes]:
    """Open a text file's bytes, out of a .gz where it is one, refusing what inflates beyond the limits."""
    with path.open("rb") as file:
        zipped = is_gzip(file.read(2))
    if not zipped:
        _refuse_larger(path, path.stat().st_size, LIMITS.text_bytes)
        return path.open("rb")
    return cast("IO[bytes]", _Measured(path))


def _refuse_larger(path: Path, size: int, limit: int) -> None:
    if size > limit:
        raise Refused(
            _("“{file}” is larger than {limit} MB; export a shorter period.", file=label(path), limit=limit // MB)
        )


class _Measured(gzip.GzipFile):
    """A .gz whose inflated bytes are counted as they come: the size that it declares may be a lie."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._path = path
        size = path.stat().st_size
        # Logs of a few repeated words shrink well; only a bomb is both large and a hundredfold.
        self._allowed = min(LIMITS.text_bytes, max(32 * MB, size * LIMITS.ratio))
        self._seen = 0

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._counted(super().read1(size))

    def _counted(self, data: bytes) -> bytes:
        self._seen += len(data)
        _refuse_larger(self._path, self._seen, self._allowed)
        return data
