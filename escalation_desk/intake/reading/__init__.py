"""Reads a file that somebody else wrote into tables of records, or says in one sentence why not.

A format is one small file with a `Reader` in it; it is listed in `READERS`, most particular first.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.intake.reading.base import Reader, Record, Table, Value, head_of, label, plain
from escalation_desk.intake.reading.csv_file import CsvFile
from escalation_desk.intake.reading.json_file import JsonFile
from escalation_desk.intake.reading.strangers import refusal_of_stranger
from escalation_desk.intake.reading.xlsx_file import XlsxFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["READERS", "Reader", "Record", "Table", "Value", "plain", "read"]

READERS: tuple[Reader, ...] = (XlsxFile(), JsonFile(), CsvFile())


def read(path: Path) -> Iterator[Table]:
    """Read a file's tables by what its bytes are, whatever its name says; raise Refused or Fault with a sentence.

    The file stays open as long as this iterator lives; the rows of a table are read before the next is asked for.
    """
    with _as_sentence(path):
        for table in _reader(path).tables(path):
            yield replace(table, rows=_rows(path, table))


def _reader(path: Path) -> Reader:
    head = head_of(path)
    if not head:
        raise Refused(_("“{file}” is empty.", file=label(path)))
    if refusal := refusal_of_stranger(path, head):
        raise Refused(refusal)
    for reader in READERS:
        if reader.recognise(path, head):
            return reader
    raise Refused(_("“{file}” is neither a table nor a list; export it as CSV, Excel or JSON.", file=label(path)))


def _rows(path: Path, table: Table) -> Iterator[Record]:
    with _as_sentence(path):
        yield from table.rows


@contextmanager
def _as_sentence(path: Path) -> Iterator[None]:
    """Say what is wrong with a file in one sentence; anything not named here is our own bug and goes on its way."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Refused(_("“{file}” is damaged or was cut off; export or copy it again.", file=label(path))) from None
    except (csv.Error, RecursionError, UnicodeError):
        raise Refused(_("“{file}” is not built as its kind of file should be.", file=label(path))) from None
    except MemoryError:
        raise Refused(_("“{file}” needs more memory than an import may take.", file=label(path))) from None
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(_("“{file}” is not there.", file=label(path))) from None
    except IsADirectoryError:
        raise Refused(_("“{file}” is a folder; choose a file in it.", file=label(path))) from None
    except OSError as error:
        raise Fault(
            _("“{file}” could not be read from the disk: {reason}.", file=label(path), reason=error.strerror or "")
        ) from error
