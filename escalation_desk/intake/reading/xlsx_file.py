"""Reads Excel workbooks, every sheet a table, through calamine and only after the package was looked through."""

from __future__ import annotations

import io
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean, one_line
from escalation_desk.i18n import _, n_
from escalation_desk.intake.columns import LOOK_DOWN, describes, header_row, is_blank, unique_names
from escalation_desk.intake.reading.base import LIMITS, Record, Table, Value, label
from escalation_desk.intake.reading.package import checked, damaged, sheet_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata

_EXACT = 2**53  # Excel keeps numbers as doubles: above this the last digits are no longer those that were typed.


class XlsxFile:
    def recognise(self, path: Path, head: bytes) -> bool:
        del path
        return head.startswith(b"PK")  # Zips that are no workbooks have been turned away as strangers.

    def tables(self, path: Path) -> Iterator[Table]:
        data = checked(path)
        errors = sum(sheet.errors for sheet in sheet_facts(path, data))
        with _calamine_faults(path):
            # Loaded late: a window that imports nothing needs no spreadsheet reader.
            from python_calamine import CalamineWorkbook

            workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
            del data
            yield from _sheets(path, workbook, errors)


@contextmanager
def _calamine_faults(path: Path) -> Iterator[None]:
    """Turn whatever the Rust reader says, panics included, into a sentence: the file is at fault, not the program."""
    from python_calamine import CalamineError, PasswordError  # Late, as above.

    try:
        yield
    except PasswordError:
        raise Refused(
            _("“{file}” is protected by a password; save a copy without one and import that.", file=label(path))
        ) from None
    except CalamineError as error:
        reason = one_line(clean(str(error)), 100)
        raise Refused(
            _(
                "“{file}” cannot be read as an Excel workbook ({reason}); open it in Excel and save it again.",
                file=label(path),
                reason=reason,
            )
        ) from None
    except BaseException as error:
        # pyo3's PanicException has no importable name and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(damaged(path)) from None


def _sheets(path: Path, workbook: CalamineWorkbook, errors: int) -> Iterator[Table]:
    """Give the sheets that hold a table; one without a header is named in a note, and alone it is a refusal."""
    opened = [(meta, workbook.get_sheet_by_name(meta.name)) for meta in workbook.sheets_metadata if _holds_cells(meta)]
    filled = [(meta, sheet) for meta, sheet in opened if sheet.start is not None]
    if not filled:
        raise Refused(_("“{file}” has no sheet with anything in it.", file=label(path)))
    headed = [(meta, sheet, at) for meta, sheet in filled if (at := _header(sheet)) is not None]
    if not headed:
        raise Refused(_("“{file}” has no header row: a row above the data must name the columns.", file=label(path)))
    left_out = [meta.name for meta, sheet in filled if all(meta is not kept for kept, _sheet, _at in headed)]
    notes = (*_without_header(left_out), *_excel_errors(errors))
    given = 0
    for meta, sheet, at in headed:
        table = _table(path, sheet, at, (*notes, *_hidden(meta)))
        if table is not None:
            given += 1
            notes = ()
            yield table
    if not given:
        raise Refused(_("“{file}” names its columns but has no rows.", file=label(path)))


def _holds_cells(meta: SheetMetadata) -> bool:
    from python_calamine import SheetTypeEnum  # Late, as above.

    return meta.typ == SheetTypeEnum.WorkSheet


def _without_header(names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    return (_("Left out, because no row names their columns: {sheets}.", sheets=", ".join(map(clean, names))),)


def _excel_errors(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        n_(
            "{n} cell holds an Excel error such as #N/A and was read as empty.",
            "{n} cells hold an Excel error such as #N/A and were read as empty.",
            count,
        ),
    )


def _hidden(meta: SheetMetadata) -> tuple[str, ...]:
    from python_calamine import SheetVisibleEnum  # Late, as above.

    return () if meta.visible == SheetVisibleEnum.Visible else (_("This sheet is hidden in the workbook."),)


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Give the rows with anything in them, numbered as Excel numbers them."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in row):
            yield number, row


def _header(sheet: CalamineSheet) -> int | None:
    return header_row([row for _number, row in islice(_numbered(sheet), LOOK_DOWN)])


def _table(path: Path, sheet: CalamineSheet, at: int, notes: tuple[str, ...]) -> Table | None:
    rows = _numbered(sheet)
    head = list(islice(rows, LOOK_DOWN + at))
    header, below = head[at][1], head[at + 1 :]
    if not below:
        return None
    if describes(below[0][1], [row for _number, row in below[1:]]):
        notes += (_("Row {n} describes the columns and was not taken.", n=below[0][0]),)
        below = below[1:]
    columns = _columns(path, header, [row for _number, row in below])
    records = _records(columns, chain(below, rows))
    return Table(clean(sheet.name), tuple(columns), records, sheet.total_height + 1 - head[at][0], notes)


def _columns(path: Path, header: list[Any], below: list[list[Any]]) -> dict[str, int]:
    """Map each column's name to its place; a column without a name counts only where rows show something in it."""
    shown = [
        at
        for at, cell in enumerate(header)
        if not is_blank(cell) or any(not is_blank(row[at]) for row in below if at < len(row))
    ]
    if len(shown) > LIMITS.columns:
        raise Refused(_("“{file}” has more than {limit} columns.", file=label(path), limit=LIMITS.columns))
    names = unique_names([_value(cell) for cell in header])
    return {names[at]: at for at in shown}


def _records(columns: dict[str, int], rows: Iterable[tuple[int, list[Any]]]) -> Iterator[Record]:
    places = set(columns.values())
    for number, row in rows:
        values = {name: _value(row[at]) for name, at in columns.items()}
        beside = any(cell != "" and at not in places for at, cell in enumerate(row))
        yield Record(number, values, notes=(*_lost_digits(values), *_beside(beside)))


def _beside(beside: bool) -> tuple[str, ...]:
    return (_("A cell outside the named columns was not taken."),) if beside else ()


def _lost_digits(values: dict[str, Value]) -> tuple[str, ...]:
    """Tell of long numbers: what was typed as an order number of 20 digits is no longer in the file."""
    lost = [name for name, value in values.items() if isinstance(value, (int, float)) and abs(value) >= _EXACT]
    return tuple(
        _("“{column}” is stored as a number too long for Excel; its last digits are lost in the file.", column=name)
        for name in lost
    )


def _value(cell: Any) -> Value:
    if isinstance(cell, str):
        return clean(cell).strip() or None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0)
    if isinstance(cell, (bool, int, date)):
        return cell
    return None
