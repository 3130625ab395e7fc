"""Text tables as programs really write them."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.intake.reading import Record, Table, read

if TYPE_CHECKING:
    from pathlib import Path


def table_of(path: Path) -> tuple[Table, list[Record]]:
    tables = [(table, list(table.rows)) for table in read(path)]
    assert len(tables) == 1
    return tables[0]


def written(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def cells(path: Path) -> list[list[object]]:
    return [list(record.values.values()) for record in table_of(path)[1]]


def test_the_header_names_columns_and_is_never_a_record(tmp_path: Path) -> None:
    table, rows = table_of(written(tmp_path, "number,state\n1,New\n2,Closed\n"))

    assert table.columns == ("number", "state")
    assert rows == [Record(2, {"number": "1", "state": "New"}), Record(3, {"number": "2", "state": "Closed"})]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, sign: str) -> None:
    text = f'id{sign}amount{sign}text\n1{sign}"25,5"{sign}a\n2{sign}"3;4"{sign}"b|c"\n'

    assert cells(written(tmp_path, text)) == [["1", "25,5", "a"], ["2", "3;4", "b|c"]]


def test_a_decimal_comma_does_not_pass_for_a_delimiter(tmp_path: Path) -> None:
    assert cells(written(tmp_path, "name;price;note\na;25,5;x, y\nb;3,4;z\n")) == [
        ["a", "25,5", "x, y"],
        ["b", "3,4", "z"],
    ]


def test_a_sep_line_says_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    table, rows = table_of(written(tmp_path, "sep=;\r\nname;price\r\na,b;1\r\n"))

    assert table.columns == ("name", "price")
    assert rows == [Record(2, {"name": "a,b", "price": "1"})]


@pytest.mark.parametrize(
    "encoded",
    [
        "mã,tên\n1,đơn hàng\n".encode(),
        codecs.BOM_UTF8 + "mã,tên\n1,đơn hàng\n".encode(),
        "mã,tên\n1,đơn hàng\n".encode("utf-16"),
        codecs.BOM_UTF16_BE + "mã,tên\n1,đơn hàng\n".encode("utf-16-be"),
        "mã,tên\n1,đơn hàng\n".encode("utf-16-le"),
        "mã,tên\n1,đơn hàng\n".encode("utf-32"),
        # Code page 1258 writes the tone as a mark of its own behind the vowel.
        "ma\u0303,tên\n1,đơn ha\u0300ng\n".encode("cp1258"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16 big", "utf-16 without mark", "utf-32", "cp1258"],
)
def test_vietnamese_is_read_in_every_encoding_that_windows_writes(tmp_path: Path, encoded: bytes) -> None:
    table, rows = table_of(written(tmp_path, encoded))

    assert table.columns == ("mã", "tên")
    assert rows[0].values == {"mã": "1", "tên": "đơn hàng"}


def test_western_letters_do_not_pass_for_vietnamese(tmp_path: Path) -> None:
    path = written(tmp_path, "nome,texto\nJoão,não recebi até amanhã\nPerò,così è più\n".encode("cp1252"))

    table, rows = table_of(path)

    assert rows[0].values["texto"] == "não recebi até amanhã"
    assert "cp1252" in table.notes[0]


def test_one_letter_cut_in_half_does_not_turn_a_file_into_another_encoding(tmp_path: Path) -> None:
    good = "".join(f"{n},Giao hàng quá nhanh\n" for n in range(100)).encode()

    table, rows = table_of(written(tmp_path, b"n,text\n" + good + b"100,h\xc3\n"))

    assert rows[0].values["text"] == "Giao hàng quá nhanh"
    assert rows[-1].values["text"] == "h\ufffd"
    assert "1 broken" in table.notes[0]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read_and_kept_inside_cells(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, f'n,text{end}1,"two{end}lines"{end}2,one{end}')

    assert cells(path) == [["1", "two\nlines"], ["2", "one"]]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    _table, rows = table_of(written(tmp_path, 'n,text\n1,"two\nlines"\n\n2,x\n,\n3,y\n'))

    assert [row.number for row in rows] == [2, 4, 6]


def test_a_repeated_column_keeps_its_values_under_a_second_name(tmp_path: Path) -> None:
    table, rows = table_of(written(tmp_path, "Comment,Comment,Comment (2),Comment\na,b,c,d\n"))

    assert table.columns == ("Comment", "Comment (2)", "Comment (2) (2)", "Comment (3)")
    assert list(rows[0].values.values()) == ["a", "b", "c", "d"]


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    table, rows = table_of(written(tmp_path, "Escalations of July,,\n\nnumber,state,owner\n1,New,Lan\n2,Open,Budi\n"))

    assert table.columns == ("number", "state", "owner")
    assert [row.number for row in rows] == [4, 5]


def test_a_column_without_a_name_is_kept_where_it_holds_something(tmp_path: Path) -> None:
    table, _rows = table_of(written(tmp_path, "n,,state,,\n1,x,New,,\n2,y,Open,,\n"))

    assert table.columns == ("n", "Column 2", "state")


def test_missing_cells_are_noted_and_surplus_ones_make_the_row_a_fault(tmp_path: Path) -> None:
    _table, rows = table_of(written(tmp_path, "a,b,c\n1,2,3\n1\n1,2,3,4\n1,2,3,,\n"))

    short, long, harmless = rows[1:]
    assert short.values == {"a": "1", "b": None, "c": None}
    assert short.notes == ("Only 1 of 3 cells are there.",)
    assert long.fault is not None
    assert "4 cells" in long.fault
    assert harmless.fault is None


def test_a_quotation_that_never_ends_is_a_fault_and_not_a_silent_loss(tmp_path: Path) -> None:
    _table, rows = table_of(written(tmp_path, 'n,text\n1,ok\n2,"begins\n3,swallowed\n4,swallowed\n'))

    assert [row.fault is None for row in rows] == [True, False]
    assert "row 3" in (rows[1].fault or "")


def test_a_swallowed_hundred_thousand_letters_names_the_row(tmp_path: Path) -> None:
    path = written(tmp_path, 'n,text\n1,ok\n2,"begins\n' + "3,swallowed\n" * 20_000)

    with pytest.raises(Refused, match=r"Row 3 of “export\.csv” has a cell of more than"):
        table_of(path)


def test_leading_zeros_long_numbers_and_plus_signs_stay_text(tmp_path: Path) -> None:
    path = written(tmp_path, "order,phone\n00012345678901234567,+84901234567\n0007,0901234567\n")

    assert cells(path) == [["00012345678901234567", "+84901234567"], ["0007", "0901234567"]]


def test_the_quote_that_guards_against_formulas_is_taken_off_and_the_text_stays_text(tmp_path: Path) -> None:
    path = written(tmp_path, "n,subject\n1,'=1+1\n2,'@seller locked\n3,=SUM(A1)\n4,'tis fine\n")

    assert [row[1] for row in cells(path)] == ["=1+1", "@seller locked", "=SUM(A1)", "'tis fine"]


def test_tabs_around_values_zeros_and_other_controls_are_taken_away(tmp_path: Path) -> None:
    path = written(tmp_path, b"Order ID,Time,Note\n583870924922846175\t, 22/09/2024 13:16:24\t,a\x00b\x07c\n")

    assert cells(path) == [["583870924922846175", "22/09/2024 13:16:24", "abc"]]


def test_a_row_that_describes_the_columns_is_no_record(tmp_path: Path) -> None:
    text = "Order ID,Created,Qty,Status\nThe platform's number,When it was made,Pieces sold here,Its state\n"
    table, rows = table_of(written(tmp_path, text + "1,22/09/2024,3,Done\n2,23/09/2024,1,Open\n3,24/09/2024,2,Done\n"))

    assert [row.number for row in rows] == [3, 4, 5]
    assert table.notes == ("Row 2 describes the columns and was not taken.",)


def test_a_first_row_of_long_texts_is_a_record_where_the_others_are_texts_too(tmp_path: Path) -> None:
    text = "title,text\n" + "".join(f"late parcel {n} again,the parcel has not come\n" for n in range(5))

    assert len(table_of(written(tmp_path, text))[1]) == 5


def test_a_packed_file_is_read_as_if_it_were_not(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"n,text\n1,x\n"), "log.csv.gz")

    table, rows = table_of(path)

    assert table.name == "log"
    assert rows == [Record(2, {"n": "1", "text": "x"})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“export.csv” is empty."),
        (b"\n \n,,\n", "“export.csv” is empty."),
        (b"a,b\n", "“export.csv” names its columns but has no rows."),
        (b"1,2\n3,4\n", "“export.csv” has no header row: its first row must name the columns."),
        (
            gzip.compress(b"a,b\n" + b"1,2\n" * 9999, mtime=0)[:-20],
            "“export.csv” is damaged or was cut off; export or copy it again.",
        ),
        (b"a," + b"x" * 3_000_000 + b"\n1,2\n", "“export.csv” has a line of a million letters; it is no table."),
    ],
    ids=["nothing", "blanks", "only a header", "no header", "cut off", "one endless line"],
)
def test_a_file_without_rows_says_so_in_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        table_of(written(tmp_path, content))

    assert str(refused.value) == sentence


def test_a_bomb_is_refused_by_what_comes_out_of_it(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 20_000_000, 1), "bomb.csv.gz")

    with pytest.raises(Refused, match="is larger than"):
        table_of(path)


def test_memory_stays_flat_over_a_hundred_thousand_rows(tmp_path: Path) -> None:
    line = "INC0001,New,29-02-2016 01:16," + "x" * 200 + "\n"
    path = written(tmp_path, "number,state,opened_at,text\n" + line * 100_000)

    tracemalloc.start()
    count = sum(1 for table in read(path) for _row in table.rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 100_000
    assert peak < 8_000_000  # The file is 23 MB.


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@given(rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_a_csv_writer_writes_is_what_is_read(tmp_path: Path, rows: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["alpha", "beta", "gamma"], *rows])
    expected = [[clean(cell).strip() or None for cell in row] for row in rows]
    expected = [
        [c[1:] if c and c[0] == "'" and c[1:2] in set("=+-@＝＋－＠") - {""} else c for c in row] for row in expected
    ]
    expected = [row for row in expected if any(row)]

    if not expected:
        with pytest.raises(Refused):
            cells(written(tmp_path, buffer.getvalue()))
    else:
        assert cells(written(tmp_path, buffer.getvalue())) == expected


@pytest.mark.parametrize(
    ("file", "columns", "count"),
    [
        ("events/servicenow_incident_event_log.csv.gz", 36, 2_984),
        ("events/helpdesk_italian_company.csv.gz", 16, 10_718),
        ("olist/olist_orders_dataset.csv.gz", 8, 14_030),
        ("olist/olist_order_reviews_dataset.csv.gz", 7, 13_983),
        ("olist/olist_sellers_dataset.csv", 4, 1_466),
        ("olist/product_category_name_translation.csv", 2, 71),
        ("texts/en_cfpb_full_2016_2020.csv", 18, 268),
        ("texts/en_cfpb_full_2023.csv.gz", 18, 3_999),
        ("texts/vi_uit_visfd_phone_reviews.csv", 5, 1_400),
        ("texts/id_prdect_tokopedia_reviews.csv", 12, 2_699),
        ("exports/osticket/tickets_SYNTHETIC.csv", 25, 80),
    ],
)
def test_real_exports_give_every_row(shared_data: Path, file: str, columns: int, count: int) -> None:
    table, rows = table_of(shared_data / file)

    assert (len(table.columns), len(rows)) == (columns, count)
    assert not [row for row in rows if row.fault or row.notes]


def test_the_repeated_columns_of_jira_and_of_the_help_desk_log_are_all_there(shared_data: Path) -> None:
    jira, _rows = table_of(shared_data / "exports/jira/jira_all_fields_SYNTHETIC_rows.csv")
    log, _rows = table_of(shared_data / "events/helpdesk_italian_company.csv.gz")

    assert {"Comment", "Comment (2)", "Comment (3)", "Watchers (2)", "Attachment (2)"} <= set(jira.columns)
    assert {"Variant", "Variant (2)"} <= set(log.columns)
