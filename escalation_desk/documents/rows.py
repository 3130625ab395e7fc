"""A sheet whose rows go straight into its file: what XlsxWriter does for each cell is done once for each text.

Only cells of text and numbers are written so. Everything else of the sheet (header, table, page) stays XlsxWriter's.
"""

from __future__ import annotations

import re
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

_SPECIAL = re.compile("[&<>\x00-\x1f\ufffe\uffff]|_x")


class Rows(Worksheet):  # type: ignore[misc]  # the library has no types for its base.
    """Takes cells from left to right, row by row, once `begin` was called."""

    def begin(self, columns: int, row: int) -> None:
        """Send what stands above to the file; cells come from this row on."""
        self._write_single_row(row)
        self._names = [xl_col_to_name(at) for at in range(columns)]
        self._styles: dict[int, int] = {}
        self._cells: list[str] = []
        self._row = row

    def put_string(self, row: int, at: int, text: str, style: Any) -> None:
        kept = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
        if _SPECIAL.search(text):
            text = self._escape_data(self._escape_control_characters(text))
        self._cells.append(
            f'<c r="{self._names[at]}{row + 1}" s="{self._style(style)}" t="inlineStr"><is><t{kept}>{text}</t></is></c>'
        )

    def put_number(self, row: int, at: int, number: Any, style: Any) -> None:
        self._cells.append(f'<c r="{self._names[at]}{row + 1}" s="{self._style(style)}"><v>{number:.16G}</v></c>')

    def end_row(self) -> None:
        """Send a row to the file; an empty one is only counted."""
        if self._cells:
            self.fh.write(f'<row r="{self._row + 1}">{"".join(self._cells)}</row>')
            self._cells.clear()
        self._row += 1
        self.previous_row = self._row

    def end(self) -> None:
        """Say how far the sheet reaches."""
        self.previous_row = 0  # What is written already would not be counted.
        self._check_dimensions(max(self._row - 1, 0), len(self._names) - 1)
        self.previous_row = self._row

    def _style(self, style: Any) -> int:
        """Look the number of a format up, which it gets when it is first used."""
        key = id(style)
        if key not in self._styles:
            self._styles[key] = style._get_xf_index()  # noqa: SLF001 - as XlsxWriter asks it for each cell.
        return self._styles[key]
