from __future__ import annotations

import csv
import hashlib
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from docx import Document

from escalation_desk.casework.desk import ExportRecord
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.journal.journal import Journal

    Typed = Callable[..., Any]
    Number = Callable[[str], str]


def test_a_whole_desk_is_called_whole(look: Typed) -> None:
    assert look("check").done == "Database and journal are whole.\n"


def test_a_record_that_no_entry_made_is_damage(cli: Typed, desk: Journal) -> None:
    with desk.writing() as made:
        made.execute("DELETE FROM change WHERE op = 'create' AND kind = 'seller'")
    assert cli("check").refusal.endswith("Restore a backup.")


def test_a_torn_file_is_damage_told_in_one_sentence(cli: Typed, folder: Path) -> None:
    database = folder / "desk.db"
    content = bytearray(database.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = bytes(4096)
    database.write_bytes(content)
    assert cli("check").refusal


def test_a_backup_brings_back_what_was_there(cli: Typed, tmp_path: Path, number: Number) -> None:
    no, kept = number("bộ thớt gỗ"), tmp_path / "kept.db"
    assert cli("backup", str(kept)).done.strip().endswith("is written and checked.")
    assert b"SQLite" not in kept.read_bytes()[:16]
    cli("set", "case", no, "title=Changed after the backup")
    assert cli("restore", str(kept)).done
    assert cli("show", "case", no, "--json").json["title"].startswith("Báo đã giao")
    assert cli("check").done


def test_what_a_restore_replaced_is_kept(cli: Typed, folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    cli("backup", str(kept))
    cli("restore", str(kept))
    assert list((folder / "backups").glob("replaced-*.db"))


@pytest.mark.parametrize("content", [b"", b"no backup at all", None])
def test_what_is_no_backup_is_refused_and_the_desk_stays(
    cli: Typed, tmp_path: Path, number: Number, content: bytes | None
) -> None:
    stranger = tmp_path / "stranger.db"
    if content is not None:
        stranger.write_bytes(content)
    assert "stranger.db" in cli("restore", str(stranger)).refusal
    assert cli("show", "case", number("bộ thớt gỗ")).code == 0


def test_a_backup_over_the_desk_itself_is_refused(cli: Typed, folder: Path) -> None:
    assert "another name" in cli("backup", str(folder / "desk.db")).refusal
    assert cli("check").done


def test_a_backup_into_a_place_that_cannot_be_written_says_so(cli: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    assert "cannot be written" in cli("backup", str(tmp_path / "file" / "kept.db")).refusal


# --- export ---


def exports(desk: Journal) -> list[ExportRecord]:
    made = desk.reader()
    try:
        return reading.all_of(made, ExportRecord)
    finally:
        made.close()


def test_a_case_leaves_as_word_masked_and_logged_with_its_hash(
    cli: Typed, desk: Journal, tmp_path: Path, number: Number
) -> None:
    to = tmp_path / "case.docx"
    assert "is written and logged" in cli("export", "case", number("bộ thớt gỗ"), "--to", str(to)).done
    text = words(to)
    assert number("bộ thớt gỗ") in text
    assert "Phạm Thị Hoa" not in text
    (record,) = exports(desk)
    assert record.content_sha256 == hashlib.sha256(to.read_bytes()).hexdigest()
    assert (record.personal_data, record.format, record.items) == ("masked", "docx", 1)


def words(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_several_cases_leave_in_one_file_in_the_language_asked_for(
    cli: Typed, desk: Journal, tmp_path: Path, number: Number
) -> None:
    numbers = [number("bộ thớt gỗ"), number("Paket kosong")]
    to = tmp_path / "cases.docx"
    cli("export", "case", *numbers, "--to", str(to), "--language", "vi")
    assert all(no in words(to) for no in numbers)
    (record,) = exports(desk)
    assert (record.language, record.items) == ("vi", 2)


def test_personal_data_leave_in_full_only_with_a_reason_which_is_logged(
    cli: Typed, desk: Journal, tmp_path: Path, number: Number
) -> None:
    to = tmp_path / "full.docx"
    command = ["export", "case", number("bộ thớt gỗ"), "--to", str(to), "--full-personal-data"]
    assert "--reason" in cli(*command).refusal
    assert "--reason" in cli(*command, "--reason", "  ").refusal
    assert not to.exists()
    assert exports(desk) == []
    assert cli(*command, "--reason", "Asked by the data protection officer").done
    assert "Phạm Thị Hoa" in words(to)
    (record,) = exports(desk)
    assert (record.personal_data, record.reason) == ("full", "Asked by the data protection officer")


def test_a_list_leaves_as_excel_with_all_its_rows(cli: Typed, desk: Journal, tmp_path: Path) -> None:
    to = tmp_path / "list.xlsx"
    assert cli("export", "list", "--view", "everything", "--to", str(to)).done.strip().endswith("120 rows.")
    book = openpyxl.load_workbook(to)
    assert book.worksheets[0].max_row >= 121
    assert len(book.worksheets) == 2
    (record,) = exports(desk)
    assert (record.form, record.items) == ("list", 120)


@pytest.mark.parametrize("view", ["my-sellers", "promises", "Key sellers, money at stake"])
def test_any_view_leaves_as_a_list(cli: Typed, tmp_path: Path, view: str) -> None:
    to = tmp_path / "list.xlsx"
    assert cli("export", "list", "--view", view, "--to", str(to)).done
    assert to.stat().st_size


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["list", "--view", "everything", "--to", "list.csv"], ".xlsx"),
        (["list", "--view", "nothing", "--to", "list.xlsx"], "There is no view “nothing”"),
        (["case", "XXX-1", "--to", "case.docx"], "There is no case XXX-1"),
    ],
)
def test_an_export_that_cannot_be_is_refused(
    cli: Typed, desk: Journal, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    to = tmp_path / arguments[-1]
    assert sentence in cli("export", *arguments[:-1], str(to)).refusal
    assert not to.exists()
    assert exports(desk) == []


def test_a_case_leaves_neither_as_text_nor_without_an_ending(cli: Typed, tmp_path: Path, number: Number) -> None:
    for name in ("case.txt", "case"):
        assert ".docx or a .pdf" in cli("export", "case", number("bộ thớt gỗ"), "--to", str(tmp_path / name)).refusal


# --- import ---


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    rows = [
        ["ticket_id", "subject", "status", "priority", "created_at", "description"],
        ["ZX-1001", "Đơn hàng đến trễ", "open", "high", "2026-11-20T08:00:00Z", "Năm ngày chưa có"],
        ["ZX-1002", "Refund not received", "new", "low", "2026-11-20T09:30:00Z", "Eleven days"],
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_an_import_tells_what_it_did_and_the_same_file_again_changes_nothing(cli: Typed, tickets: Path) -> None:
    first = cli("import", str(tickets), "--json").json
    assert first == {"created": 2, "updated": 0, "unchanged": 0, "refused": []}
    again = cli("import", str(tickets), "--json").json
    assert again == {"created": 0, "updated": 0, "unchanged": 2, "refused": []}
    assert cli("list", "cases", "--json").json["total"] == 122
    assert cli("show", "case", "ZX-1001", "--json").json["received_at"] == "2026-11-20T08:00:00Z"


def test_a_dry_run_only_tells(cli: Typed, desk: Journal, tickets: Path) -> None:
    assert cli("import", str(tickets), "--dry-run", "--json").json["created"] == 2
    assert cli("list", "cases", "--json").json["total"] == 120
    assert desk.undoable() is None


def test_one_undo_takes_a_whole_import_back(cli: Typed, desk: Journal, tickets: Path) -> None:
    cli("import", str(tickets), "--source", "our own crm")
    assert "tickets.csv" in str(desk.undo())
    assert cli("list", "cases", "--json").json["total"] == 120


def test_an_import_for_people_is_one_line_a_file(cli: Typed, tickets: Path) -> None:
    assert cli("import", str(tickets)).done.startswith("tickets.csv: 2 new, 0 changed, 0 the same, 0 rows refused")


def test_files_before_one_that_is_refused_stay_imported_and_are_named(cli: Typed, tickets: Path) -> None:
    answer = cli("import", str(tickets), str(tickets.with_name("missing.csv")), "--json")
    assert (answer.code, answer.json["created"]) == (1, 2)
    assert "missing.csv" in answer.err
    assert "tickets.csv" in answer.err
    assert cli("list", "cases", "--json").json["total"] == 122


@pytest.mark.parametrize("name", ["missing.csv", "folder", "picture.png"])
def test_a_file_that_cannot_be_imported_is_refused(cli: Typed, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert name in cli("import", str(tmp_path / name)).refusal
    assert name in cli("import", str(tmp_path / name), "--json").refusal
