"""Workbooks: what Excel and its many imitators write, and what somebody builds to do harm."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.refusal import Refused
from escalation_desk.intake.reading import Record, Table, read
from escalation_desk.intake.reading.base import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def tables_of(path: Path) -> list[tuple[Table, list[Record]]]:
    return [(table, list(table.rows)) for table in read(path)]


def rows_of(path: Path) -> list[Record]:
    return tables_of(path)[0][1]


def saved(path: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of a package, as a bad program or a bad person would."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
LIST = [["number", "state"], ["1", "New"], ["2", "Open"]]


def test_cells_keep_their_types_and_ids_stay_text(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "a.xlsx",
        [
            ["id", "count", "price", "at", "on", "done", "note"],
            ["00123456789012345678", 3, 1.5, datetime(2026, 11, 24, 10, 30), date(2026, 11, 24), True, "  x\ny "],  # noqa: DTZ001
        ],
    )

    (record,) = rows_of(path)

    assert record.number == 2
    assert record.values == {
        "id": "00123456789012345678",
        "count": 3,
        "price": 1.5,
        "at": datetime(2026, 11, 24, 10, 30),  # noqa: DTZ001 - Excel knows no zone.
        "on": date(2026, 11, 24),
        "done": True,
        "note": "x\ny",
    }
    assert type(record.values["count"]) is int


def test_every_sheet_with_a_header_is_a_table_and_the_others_are_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", LIST, [], [[1, 2], [3, 4]], [["seller"], ["Lan Shop"]])

    tables = tables_of(path)

    assert [(table.name, len(rows)) for table, rows in tables] == [("Sheet1", 2), ("Sheet4", 1)]
    assert tables[0][0].notes == ("Left out, because no row names their columns: Sheet3.",)


def test_a_hidden_sheet_is_read_and_said_to_be_hidden(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", "b"])
    book.worksheets[0].append(["1", "2"])
    hidden = book.create_sheet("secret")
    hidden.append(["c", "d"])
    hidden.append(["3", "4"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    notes = {table.name: table.notes for table, _rows in tables_of(tmp_path / "a.xlsx")}

    assert notes == {"Sheet": (), "secret": ("This sheet is hidden in the workbook.",)}


def test_a_list_that_begins_further_down_and_right_is_found(tmp_path: Path) -> None:
    blank: list[Any] = []
    path = saved(
        tmp_path / "a.xlsx",
        [blank, [None, "Report of July"], blank, [None, "number", "state", "owner"], [None, "1", "New", "Lan"]],
    )

    (table, rows) = tables_of(path)[0]

    assert table.columns == ("number", "state", "owner")
    assert rows == [Record(5, {"number": "1", "state": "New", "owner": "Lan"})]


def test_error_cells_are_empty_and_counted(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["number", "share"])
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, "2")
        sheet.write_formula(2, 1, "=1/4", None, 0.25)

    (table, rows) = tables_of(tmp_path / "a.xlsx")[0]

    assert [row.values["share"] for row in rows] == [None, 0.25]
    assert table.notes == ("1 cell holds an Excel error such as #N/A and was read as empty.",)


def test_a_number_too_long_for_excel_says_that_its_digits_are_lost(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", [["order", "n"], [583870924922846175, 1]])

    (record,) = rows_of(path)

    assert "last digits are lost" in record.notes[0]


def test_what_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["number", "subject"])
        sheet.write_row(1, 0, ["1", "=HYPERLINK(1)"])
        sheet.write_row(2, 0, ["2", "@seller"])

    assert [row.values["subject"] for row in rows_of(tmp_path / "a.xlsx")] == ["=HYPERLINK(1)", "@seller"]


@pytest.mark.parametrize("said", [b"A1", b"A1:A1", b"B2:B3", b"A1:XFD1048576"])
def test_a_lying_dimension_loses_no_row(tmp_path: Path, said: bytes) -> None:
    path = saved(tmp_path / "a.xlsx", [["number", "state"], *([str(n), "New"] for n in range(300))])
    rewritten(path, SHEET, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + said + b'"', xml))

    assert len(rows_of(path)) == 300


def test_a_wrong_name_does_not_hide_what_a_file_is(tmp_path: Path) -> None:
    workbook = saved(tmp_path / "book.xlsx", LIST).rename(tmp_path / "book.csv")
    text = tmp_path / "text.xlsx"
    text.write_text("number,state\n1,New\n2,Open\n", encoding="utf-8")

    assert len(rows_of(workbook)) == len(rows_of(text)) == 2


def refusal_of(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        tables_of(path)
    assert path.name in str(refused.value)
    return str(refused.value)


def test_a_stray_cell_at_the_far_end_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", LIST)
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    rewritten(path, SHEET, lambda xml: xml.replace(b"</sheetData>", far))

    assert "row 1,048,576 and column 16384" in refusal_of(path)


def test_a_sheet_under_an_odd_name_is_looked_through_too(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", LIST)
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    parts["odd/place.xml"] = parts.pop(SHEET).replace(b"</sheetData>", far)
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"/xl/worksheets/sheet1.xml", b"/odd/place.xml")
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)

    assert "row 1,048,576" in refusal_of(path)


def test_a_cell_far_beside_the_list_does_no_harm(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", LIST * 20)
    far = b'<row r="99"><c r="A99" t="inlineStr"><is><t>3</t></is></c><c r="XFD99"><v>1</v></c></row></sheetData>'
    rewritten(path, SHEET, lambda xml: xml.replace(b"</sheetData>", far))

    rows = rows_of(path)

    assert [row.number for row in rows] == [*range(2, 61), 99]
    assert rows[-1].notes == ("A cell outside the named columns was not taken.",)


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "customXml/item1.xml"])
def test_a_part_that_declares_entities_is_refused_unparsed(tmp_path: Path, part: str, coding: str) -> None:
    laughs = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    path = rewritten(saved(tmp_path / "a.xlsx", LIST), part, lambda _xml: laughs.encode(coding))

    assert "declares its own XML entities" in refusal_of(path)


def test_a_bomb_is_counted_while_it_unpacks(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", LIST)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open("xl/media/a.bin", "w") as part:
        for _chunk in range(90):
            part.write(bytes(1 << 20))

    assert "unpacks to far more" in refusal_of(path)


def test_a_package_of_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", LIST)
    with zipfile.ZipFile(path, "a") as package:
        for number in range(LIMITS.members):
            package.writestr(f"xl/{number}.xml", b"")

    assert "parts" in refusal_of(path)


@pytest.mark.parametrize("sixteenths", range(1, 16))
def test_a_workbook_that_was_cut_off_is_said_to_be_damaged(tmp_path: Path, sixteenths: int) -> None:
    path = saved(tmp_path / "a.xlsx", LIST)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * sixteenths // 16])

    assert "is damaged or was cut off" in refusal_of(path)


@pytest.mark.parametrize("rows", [[], [["number", "state"]], [[1, 2], [3, 4]]])
def test_a_workbook_without_rows_says_so(tmp_path: Path, rows: list[list[Any]]) -> None:
    assert re.search("no sheet with anything|no rows|no header row", refusal_of(saved(tmp_path / "a.xlsx", rows)))


CELL = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)),
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=20),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
)


@given(rows=st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=15))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_rows_in_are_rows_out_as_a_second_reader_counts_them(tmp_path: Path, rows: list[list[Any]]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(
        path, {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["alpha", "beta", "gamma", "delta"])
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    second = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    expected = [
        number
        for number, row in enumerate(second.iter_rows(values_only=True), start=1)
        if number > 1 and any(cell is not None and str(cell).strip() for cell in row)
    ]

    found = [record.number for table in read(path) for record in table.rows] if expected else []

    assert [number for number in found if number in expected] == expected


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("exports/shopee_seller_centre/Order_all_ID_real_header_SYNTHETIC_rows.xlsx", [(50, 120)]),
        ("exports/shopee_seller_centre/Order_all_VN_real_header_SYNTHETIC_rows.xlsx", [(63, 153)]),
        ("exports/shopee_seller_centre/orderSalesReport_MY.xlsx", [(57, 9)]),
        ("sheets/malformed_hostile/calamine__minimal_package.xlsx", [(36, 193)]),
        ("sheets/big/test_files__large_strings.xlsx", [(17, 9_998), (6, 25), (2, 17_618)]),
        ("sheets/writers/poi__sample.strict.xlsx", [(2, 3)]),
        ("sheets/writers/exceljs__google-sheets.xlsx", [(3, 2)]),
        ("sheets/malformed_hostile/PhpSpreadsheet__issue.3730.xlsx", [(15, 98)]),
    ],
)
def test_workbooks_of_many_programs_give_every_row(shared_data: Path, file: str, counts: list[tuple[int, int]]) -> None:
    assert [(len(table.columns), len(rows)) for table, rows in tables_of(shared_data / file)] == counts


def test_the_real_lying_dimension_with_a_describing_row_gives_all_161_orders(shared_data: Path) -> None:
    file = "exports/tiktok_shop/OrderSKUList_description_row_wrong_dimension_SYNTHETIC.xlsx"

    (table, rows) = tables_of(shared_data / file)[0]

    assert (len(table.columns), len(rows)) == (54, 161)
    assert table.notes == ("Row 2 describes the columns and was not taken.",)
    assert all(str(row.values["Order ID"]).isdigit() for row in rows)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("sheets/protected_macro/calamine__pass_protected.xlsx", "protected by a password"),
        ("sheets/protected_macro/excelize__encryptAES.xlsx", "protected by a password"),
        ("sheets/malformed_hostile/excelize__BadWorkbook.xlsx", "no sheet with anything in it"),
        ("sheets/malformed_hostile/calamine__issue252.xlsx", "damaged"),
        ("sheets/legacy/test_files__merge_cells.xls", "old Excel workbook"),
        ("sheets/legacy/test_files__merge_cells.xlsb", "binary Excel workbook"),
        ("sheets/legacy/calamine__date.ods", "OpenDocument"),
        ("docs/poi__sample.docx", "Word document"),
    ],
)
def test_real_files_that_are_no_readable_workbook_say_why(shared_data: Path, file: str, reason: str) -> None:
    assert reason in refusal_of(shared_data / file)


def test_moments_of_excel_are_read_in_the_zone_of_the_desk(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    from escalation_desk.intake.types import parse_instant

    path = saved(tmp_path / "a.xlsx", [["number", "at"], ["1", datetime(2026, 11, 24, 10, 30)]])  # noqa: DTZ001

    (record,) = rows_of(path)

    assert parse_instant(record.values["at"], zone=ZoneInfo("Asia/Ho_Chi_Minh")) == datetime(
        2026, 11, 24, 3, 30, tzinfo=UTC
    )
