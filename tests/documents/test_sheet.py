"""A list in Excel: types, table, notes, and nothing that runs; opened again with another library."""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.documents.cells import LONGEST_TEXT, Kind, cut_to_cell
from escalation_desk.documents.files import Cancelled
from escalation_desk.documents.sheet import Column, write_list
from escalation_desk.documents.words import plain
from escalation_desk.i18n import speaking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

TEXT = (Column("Text"),)


class Desk:
    """Writes lists into one folder and opens them again."""

    def __init__(self, folder: Path, as_of: datetime, zone: ZoneInfo) -> None:
        self.path = folder / "list.xlsx"
        self.as_of = as_of
        self.zone = zone

    def write(self, columns: Sequence[Column], rows: Iterable[Sequence[Any]], **more: Any) -> Any:
        title = more.pop("title", "Open cases")
        self.written = write_list(self.path, title, columns, rows, as_of=self.as_of, zone=self.zone, **more)
        return openpyxl.load_workbook(self.path)

    def parts(self) -> dict[str, str]:
        with zipfile.ZipFile(self.path) as file:
            return {name: file.read(name).decode() for name in file.namelist()}


@pytest.fixture
def desk(tmp_path: Path, as_of: datetime, zone: ZoneInfo) -> Desk:
    return Desk(tmp_path, as_of, zone)


def test_every_kind_of_value_comes_back_as_its_own_type(desk: Desk) -> None:
    columns = [Column(kind.name.title(), kind) for kind in Kind]
    received = datetime(2026, 11, 24, 3, 5, tzinfo=UTC)
    row = [
        "Đơn hàng trễ",
        "00012345678901234567",
        12,
        2.5,
        (Decimal(1250000), "VND"),
        received,
        date(2026, 12, 1),
        True,
    ]

    sheet = desk.write(columns, [row]).worksheets[0]

    cells = {kind: sheet.cell(2, at + 1) for at, kind in enumerate(Kind)}
    assert cells[Kind.TEXT].value == "Đơn hàng trễ"
    assert cells[Kind.ID].value == "00012345678901234567"
    assert (cells[Kind.ID].data_type, cells[Kind.ID].number_format) == ("s", "@")
    assert (cells[Kind.NUMBER].value, cells[Kind.DECIMAL].value) == (12, 2.5)
    assert (cells[Kind.MONEY].value, cells[Kind.MONEY].number_format) == (1250000, '#,##0 "VND"')
    assert cells[Kind.INSTANT].value == datetime(2026, 11, 24, 10, 5)  # noqa: DTZ001 - as a person in Viet Nam reads it.
    assert cells[Kind.INSTANT].number_format == "dd/mm/yyyy hh:mm"
    assert cells[Kind.DAY].value == datetime(2026, 12, 1)  # noqa: DTZ001 - a day has no zone.
    assert cells[Kind.FLAG].value == "Yes"


def test_the_journals_text_of_an_instant_is_an_instant_too(desk: Desk) -> None:
    sheet = desk.write([Column("At", Kind.INSTANT)], [["2026-11-24T10:00:00Z"]]).worksheets[0]

    assert sheet["A2"].value == datetime(2026, 11, 24, 17, 0)  # noqa: DTZ001 - local on purpose.


def test_nothing_is_left_empty_not_written_as_a_word(desk: Desk) -> None:
    sheet = desk.write([Column(kind.name, kind) for kind in Kind], [[None] * len(Kind)]).worksheets[0]

    assert [cell.value for cell in sheet[2]] == [None] * len(Kind)


@pytest.mark.parametrize(
    "value", [12345678901234567890, Decimal("0.1234567890123456789"), float("nan"), float("inf"), Decimal("NaN")]
)
def test_a_number_that_excel_would_change_is_kept_as_text(desk: Desk, value: object) -> None:
    sheet = desk.write([Column("N", Kind.NUMBER)], [[value]]).worksheets[0]

    assert sheet["A2"].value == str(value)


def test_a_moment_before_excels_calendar_is_kept_as_text(desk: Desk) -> None:
    columns = [Column("At", Kind.INSTANT), Column("On", Kind.DAY)]

    sheet = desk.write(columns, [["1815-06-18T11:00:00+00:00", "1815-06-18"]]).worksheets[0]

    assert [cell.value for cell in sheet[2]] == ["1815-06-18T11:00:00+00:00", "1815-06-18"]


def test_the_list_is_a_table_with_filter_frozen_header_and_print_titles(desk: Desk) -> None:
    sheet = desk.write([Column("Case", Kind.ID), Column("Title")], [["VN7-1", "a"], ["VN7-2", "b"]]).worksheets[0]

    (table,) = sheet.tables.values()
    assert (table.ref, table.autoFilter.ref) == ("A1:B3", "A1:B3")
    assert [column.name for column in table.tableColumns] == ["Case", "Title"] == [cell.value for cell in sheet[1]]
    assert table.tableStyleInfo.showRowStripes
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0


def test_an_empty_list_is_a_table_all_the_same(desk: Desk) -> None:
    sheet = desk.write(TEXT, []).worksheets[0]

    assert [table.ref for table in sheet.tables.values()] == ["A1:A2"]


def test_equal_headers_are_told_apart(desk: Desk) -> None:
    sheet = desk.write([Column("Case"), Column("CASE"), Column(""), Column("Case")], [["a", "b", "c", "d"]]).worksheets[
        0
    ]

    assert [cell.value for cell in sheet[1]] == ["Case", "CASE 2", "Column 3", "Case 3"]


def test_the_notes_say_what_the_list_is_in_the_readers_language(desk: Desk) -> None:
    with speaking("en"):
        book = desk.write(TEXT, [["a"]], notes=[("Filter", "state: open"), ("Formula", "=1+1")])

    notes = dict(book.worksheets[1].iter_rows(min_row=3, values_only=True))
    assert notes["As of"] == "24/11/2026 14:30"
    assert notes["Time zone"] == "UTC+07:00 (Asia/Ho_Chi_Minh)"
    assert (notes["Rows"], notes["Filter"], notes["Formula"]) == ("1", "state: open", "=1+1")


def test_a_list_longer_than_a_sheet_goes_on_over_the_next(desk: Desk) -> None:
    book = desk.write([Column("N", Kind.NUMBER)], [[n] for n in range(25)], rows_per_sheet=10)

    assert book.sheetnames == ["Open cases", "Open cases 2", "Open cases 3", "Notes"]
    assert [row[0].value for sheet in book.worksheets[:3] for row in sheet.iter_rows(min_row=2)] == list(range(25))
    assert all(len(sheet.tables) == 1 for sheet in book.worksheets[:3])


def test_a_text_longer_than_a_cell_is_cut_with_an_ellipsis_and_counted(desk: Desk) -> None:
    book = desk.write(TEXT, [["x" * 40_000], ["🎉" * 20_000], ["y" * LONGEST_TEXT]])

    first, second, third = (cell.value for cell in book.worksheets[0]["A"][1:])
    assert (len(first), first[-1]) == (LONGEST_TEXT, "…")
    assert second == "🎉" * 16_383 + "…"
    assert third == "y" * LONGEST_TEXT
    assert desk.written.cut == 2
    assert any("2 texts are longer than a cell" in str(text) for _label, text in book.worksheets[1].values)


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_cut_text_never_breaks_a_character_and_never_exceeds_the_cell(text: str, longest: int) -> None:
    cut = cut_to_cell(text, longest)

    assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= max(longest, 1)
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@pytest.mark.parametrize(
    "title", ["a/b:c?d*[e]", "'quoted'", "History", "Notes", "", "\n", "N" * 80, "=1+1", "&P & Co"]
)
def test_any_title_makes_a_sheet_that_opens(desk: Desk, title: str) -> None:
    book = desk.write(TEXT, [["a"]], title=title)

    assert len(book.sheetnames) == 2
    assert all(len(name) <= 31 for name in book.sheetnames)


def assert_text_only(desk: Desk, columns: Sequence[Column], texts: Sequence[str]) -> None:
    book = desk.write(columns, [[text] * len(columns) for text in texts], notes=[(text, text) for text in texts])

    # Excel reads _x005F_ as the underscore it is; openpyxl leaves that to us. No text at all means no cells.
    sheet = book.worksheets[0]
    kept = [[(cell.value or "").replace("_x005F_", "_") for cell in row] for row in sheet.iter_rows(min_row=2)]
    kept += [[""] * len(columns)] * (len(texts) - len(kept))
    assert kept == [[plain(text)] * len(columns) for text in texts]
    assert all(unicodedata.is_normalized("NFC", cell) for row in kept for cell in row)
    for name, part in desk.parts().items():
        assert "<f>" not in part, name
        assert "<f " not in part, name
        assert 'TargetMode="External"' not in part, name
        assert "<hyperlink" not in part, name


def test_hostile_texts_stay_text_in_every_cell(desk: Desk, hostile: list[str]) -> None:
    assert_text_only(desk, [Column("Text"), Column("Id", Kind.ID)], hostile)

    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(codec=None), max_size=40), min_size=1, max_size=20))
def test_any_text_stays_text(desk: Desk, texts: list[str]) -> None:
    assert_text_only(desk, TEXT, texts)


@pytest.mark.parametrize(
    "text",
    ["<r><t>raw</t></r>", "_x0041_", " led by a blank", "ended by one ", "a & b < c > d", "]]>", "two\nlines", "\ttab"],
)
def test_what_means_something_to_the_file_stays_text(desk: Desk, text: str) -> None:
    book = desk.write([Column("Text"), Column("Id", Kind.ID)], [[text, text]])
    raw = desk.parts()["xl/worksheets/sheet1.xml"]

    assert [cell.value.replace("_x005F_", "_") for cell in book.worksheets[0][2]] == [text, text]
    assert ("<t>raw" in raw, ' xml:space="preserve"' in raw) == (False, text[0].isspace() or text[-1].isspace())


def test_a_text_that_looks_like_a_formula_is_marked_as_text(desk: Desk) -> None:
    cell = desk.write(TEXT, [["=1+1"]]).worksheets[0]["A2"]

    assert (cell.data_type, cell.number_format, cell._style.quotePrefix) == ("s", "@", 1)


def test_the_same_list_at_the_same_moment_is_the_same_file(desk: Desk) -> None:
    desk.write(TEXT, [["a"]])
    first = desk.written.sha256

    desk.write(TEXT, [["a"]])

    assert desk.written.sha256 == first


def test_no_author_is_told(desk: Desk) -> None:
    properties = desk.write(TEXT, [["a"]]).properties

    assert (properties.title, properties.creator, properties.lastModifiedBy) == ("Open cases", None, None)


def test_cancel_leaves_the_old_file_and_nothing_else(desk: Desk) -> None:
    desk.path.write_bytes(b"old")

    with pytest.raises(Cancelled):
        desk.write(TEXT, ([str(n)] for n in range(10_000)), cancelled=lambda: True)

    assert desk.path.read_bytes() == b"old"
    assert list(desk.path.parent.iterdir()) == [desk.path]


def test_progress_ends_at_the_last_row(desk: Desk) -> None:
    seen: list[tuple[int, int]] = []

    desk.write(TEXT, ([str(n)] for n in range(2_500)), total=2_500, progress=lambda done, of: seen.append((done, of)))

    assert seen == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_a_sheet_without_columns_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="at least one column"):
        desk.write([], [])


def test_a_list_of_more_than_six_thousand_rows_has_them_all(desk: Desk) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)

    rows = ((f"VN7-{n:06}", start + timedelta(minutes=n)) for n in range(6_500))
    desk.write([Column("Case", Kind.ID), Column("Received", Kind.INSTANT)], rows)

    book = openpyxl.load_workbook(desk.path, read_only=True)
    assert sum(1 for _row in book.worksheets[0].iter_rows(min_row=2)) == 6_500
    book.close()


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_said_and_leaves_the_old_file(desk: Desk) -> None:
    desk.path.write_bytes(b"old")

    with pytest.raises(Fault, match="The disk is full"):
        desk.write(TEXT, ([f"{n}"] for n in range(10_000)))

    assert desk.path.read_bytes() == b"old"
    assert list(desk.path.parent.iterdir()) == [desk.path]
