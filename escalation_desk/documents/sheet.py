"""Any list as an Excel file: real types, one table to filter and sort, and a sheet of notes that says what it is."""

from __future__ import annotations

import io
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import IO, TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import one_line
from escalation_desk.documents.cells import Cells, Kind
from escalation_desk.documents.files import Cancelled, never, no_progress, replace_file
from escalation_desk.documents.words import plain, stamp, utc_offset
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

ROWS_PER_SHEET = 1_048_575  # What a sheet holds, less the header.
MOST_COLUMNS = 16_384
_STEP = 1_000  # Rows between two looks at the cancel button.
_A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list; the label is already in the reader's language."""

    label: str
    kind: Kind = Kind.TEXT
    width: float = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was written: for the log of exports."""

    sha256: str
    rows: int
    cut: int  # Texts longer than a cell.


def write_list(
    path: Path,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[tuple[str, str]] = (),
    *,
    as_of: datetime,
    zone: tzinfo,
    total: int = 0,
    progress: Callable[[int, int], None] = no_progress,
    cancelled: Callable[[], bool] = never,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> Sheet:
    """Write rows as they come, in constant memory; `total` only feeds the progress bar."""
    if not columns or len(columns) > MOST_COLUMNS:
        raise Refused(_("A sheet needs at least one column and at most {most}.", most=MOST_COLUMNS))
    written = Sheet("", 0, 0)

    def write(stream: IO[bytes]) -> None:
        nonlocal written
        # XlsxWriter parks rows in files of its own: in a private folder beside the target, gone at the end.
        target = _Target(stream)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as parked:
            book = _Book(target, parked, plain(title), columns, as_of, zone, rows_per_sheet)
            try:
                for one in _watched(rows, total, progress, cancelled):
                    book.add(one)
                book.finish(notes)
            finally:
                target.stream = io.BytesIO()
                book.let_go()
            written = Sheet("", book.rows, book.cells.cut)

    sha256 = replace_file(path, write)
    return Sheet(sha256, written.rows, written.cut)


def _watched(
    rows: Iterable[Sequence[Any]], total: int, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Iterator[Sequence[Any]]:
    done = 0
    for done, one in enumerate(rows, start=1):
        if done % _STEP == 0:
            if cancelled():
                raise Cancelled
            progress(done, max(total, done))
        yield one
    progress(done, max(total, done))


class _Target:
    """What XlsxWriter writes to; after a failure it leads nowhere.

    The half-made zip file inside XlsxWriter writes its last bytes when it is thrown away, which then is neither a
    second error nor a write to a closed file.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class _Book:
    """The workbook while it is written: the sheet in hand, its next row, and one writer per column."""

    def __init__(
        self,
        target: _Target,
        parked: str,
        title: str,
        columns: Sequence[Column],
        as_of: datetime,
        zone: tzinfo,
        rows_per_sheet: int,
    ) -> None:
        import xlsxwriter  # Imported here: the window starts without it.

        self._file = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": parked, "strings_to_urls": False})
        self._file.use_zip64()
        self._title = title
        self._columns = columns
        self._labels = _unlike([one_line(plain(column.label), 250) for column in columns])
        self._as_of = as_of
        self._zone = zone
        self._most = rows_per_sheet
        self._names: list[str] = []
        self.rows = 0
        self.cells = Cells(self._file, zone)
        self._puts = [(at, self.cells.put_for(column.kind)) for at, column in enumerate(columns)]
        self._turn_page()

    def add(self, values: Sequence[Any]) -> None:
        if self._row > self._most:
            self._end_page()
            self._turn_page()
        row, sheet = self._row, self._sheet
        for at, put in self._puts:
            value = values[at]
            if value is not None and value != "":
                put(sheet, row, at, value)
        sheet.end_row()
        self._row += 1
        self.rows += 1

    def finish(self, notes: Sequence[tuple[str, str]]) -> None:
        """End the list, write the sheet of notes, and put the workbook together."""
        self._end_page()
        self._write_notes(notes)
        self._file.set_properties(
            {
                "title": self._title[:250],
                "subject": stamp(self._as_of, self._zone),
                "created": self._as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        self._close()

    def let_go(self) -> None:
        """Close the parked rows of an export that was stopped half-way."""
        if not self._file.fileclosed:
            for sheet in self._file.worksheets():
                sheet.row_data_fh.close()
            self._file.fileclosed = True

    def _close(self) -> None:
        from xlsxwriter.exceptions import FileCreateError  # As above.

        try:
            self._file.close()
        except FileCreateError as error:
            # It wraps the OSError that says what the matter was: a full disk, a lost share.
            raise error.args[0] from error

    def _turn_page(self) -> None:
        from escalation_desk.documents.rows import Rows  # As above.

        sheet = self._new_sheet(self._title, Rows)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 22)
        for at, column in enumerate(self._columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, self._labels[at], self.cells.header)
        sheet.begin(len(self._columns), 1)
        self._sheet, self._row = sheet, 1

    def _end_page(self) -> None:
        from xlsxwriter.utility import xl_range  # As above.

        last_row, last_column = max(self._row - 1, 1), len(self._columns) - 1
        self._sheet.end()
        # Constant memory and tables only meet through this switch: the table's header cells are already in the
        # file (written above, same text), so the copies that add_table keeps in memory are never needed.
        self._sheet.constant_memory = False
        columns = [{"header": label} for label in self._labels]
        options = {"name": f"List_{len(self._names)}", "style": "Table Style Light 1", "columns": columns}
        self._sheet.add_table(0, 0, 1, last_column, options)
        self._sheet.constant_memory = True
        # Widened afterwards: add_table would remember each cell of its range, to find tables that overlap.
        whole = xl_range(0, 0, last_row, last_column)
        self._sheet.tables[-1].update({"range": whole, "a_range": whole, "autofilter": whole})

    def _new_sheet(self, title: str, kind: type[Any] | None = None) -> Any:
        name = _sheet_name(title, self._names)
        self._names.append(name)
        sheet = self._file.add_worksheet(name, kind)
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_footer(self._footer())
        return sheet

    def _footer(self) -> str:
        title, when = (text.replace("&", "&&") for text in (self._title[:80], stamp(self._as_of, self._zone)))
        pages = _("Page {page} of {pages}", page="&P", pages="&N")
        return f"&L&8{title}&C&8{pages}&R&8{when}"

    def _write_notes(self, notes: Sequence[tuple[str, str]]) -> None:
        own = self._own_notes()
        sheet = self._new_sheet(_("Notes"))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, self._title[:200], self.cells.heading)
        for row, (label, text) in enumerate([*own, *notes], start=2):
            sheet.write_string(row, 0, self.cells.short(plain(label)), self.cells.label)
            sheet.write_string(row, 1, self.cells.short(plain(text)), self.cells.note)

    def _own_notes(self) -> list[tuple[str, str]]:
        own = [
            (_("As of"), stamp(self._as_of, self._zone)),
            (_("Time zone"), utc_offset(self._as_of, self._zone)),
            (_("Rows"), f"{self.rows}"),
        ]
        if len(self._names) > 1:
            sheets = len(self._names)
            said = _("The list goes on over {n} sheets, because one sheet of Excel holds no more rows.", n=sheets)
            own.append((_("Sheets"), said))
        if self.cells.cut:
            said = n_(
                "{n} text is longer than a cell can hold; it was cut and ends in an ellipsis.",
                "{n} texts are longer than a cell can hold; they were cut and end in an ellipsis.",
                self.cells.cut,
            )
            own.append((_("Cut texts"), said))
        return own


def _unlike(labels: list[str]) -> list[str]:
    """Make header texts unique, as a table demands, without regard to case."""
    seen: set[str] = set()
    unlike = []
    for at, label in enumerate(labels, start=1):
        named = label or _("Column {n}", n=at)
        name, n = named, 2
        while name.lower() in seen:
            name, n = f"{named} {n}", n + 1
        seen.add(name.lower())
        unlike.append(name)
    return unlike


def _sheet_name(title: str, taken: list[str]) -> str:
    r"""Make a title into a name that Excel takes: 31 characters, none of `[]:*?/\`, no apostrophe at the ends."""
    base = " ".join(re.sub(r"[\[\]:*?/\\\n\t]", " ", title).split()).strip("'")
    base = base if base and base.lower() != "history" else _("List")  # Excel keeps "History" for itself.
    used = {name.lower() for name in taken}
    name, n = base[:31].strip("' "), 2
    while name.lower() in used:
        name, n = f"{base[: 30 - len(str(n))].strip()} {n}", n + 1
    return name
