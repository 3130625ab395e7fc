"""`import` of several files, and lists too long for anybody's memory."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

import pytest

from escalation_desk.__main__ import Window
from escalation_desk.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Typed = Callable[..., Any]


def table(path: Path, *numbers: int) -> Path:
    rows = [f"{number},Kayuhan {number}," + "x" * 400 for number in numbers]
    path.write_text("\n".join(["Ticket,Subject,Description", *rows]), "utf-8")
    return path


def test_what_was_imported_before_a_refused_file_is_said_in_the_document_too(cli: Typed, tmp_path: Path) -> None:
    good, bad, never = table(tmp_path / "good.csv", 1, 2), tmp_path / "bad.csv", table(tmp_path / "never.csv", 3)
    bad.write_bytes(b"")

    answer = cli("import", str(good), str(bad), str(never), "--json")

    assert answer.code == 1
    assert json.loads(answer.out) == {"created": 2, "updated": 0, "unchanged": 0, "refused": []}
    assert answer.err == "“bad.csv” is empty. Imported before it: good.csv.\n"
    assert cli("list", "cases", "--search", "Kayuhan", "--json").json["total"] == 2


def test_what_a_person_wrote_here_and_the_file_says_otherwise_is_told(cli: Typed, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", 7)
    assert cli("import", str(path)).done
    (case,) = cli("list", "cases", "--search", "Kayuhan", "--json").json["items"]
    assert cli("set", "case", case["case_no"], "title=Typed here").done
    path.write_text(path.read_text("utf-8").replace("Kayuhan 7", "From the file"), "utf-8")

    told = cli("import", str(path), "--dry-run").done
    document = cli("import", str(path), "--json").json

    assert "1 value in the file is left aside, because somebody here has written another one since." in told
    assert told.endswith(f"  {case['case_no']} keeps: Title\n")
    assert document["kept"] == [
        {"record": case["case_no"], "field": "title", "here": "Typed here", "file": "From the file"}
    ]


@pytest.mark.parametrize("said", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_an_amount_that_is_no_number_refuses_its_row_in_one_sentence(cli: Typed, tmp_path: Path, said: str) -> None:
    written = tmp_path / "t.json"
    written.write_text(
        f'[{{"Ticket": 1, "Subject": "Kayuhan", "Amount": {said}}}, {{"Ticket": 2, "Subject": "Ok", "Amount": 1.5}}]',
        "utf-8",
    )
    listed = tmp_path / "t.csv"
    listed.write_text(f"Ticket,Subject,Amount\n3,Kayuhan,{said}\n4,Ok,1.5\n", "utf-8")

    outcomes = [cli("import", str(path), "--json").json for path in (written, listed)]

    assert [outcome["created"] for outcome in outcomes] == [1, 1]
    for outcome in outcomes:
        (refused,) = outcome["refused"]
        assert refused["reason"].startswith("“Amount” ")


def test_where_no_file_was_imported_there_is_no_document(cli: Typed, tmp_path: Path) -> None:
    answer = cli("import", str(tmp_path / "none.csv"), "--json")

    assert "There is no file" in answer.refusal


def test_a_field_that_is_given_twice_is_asked_about(cli: Typed) -> None:
    (case, *_more) = cli("list", "cases", "--limit", "1", "--json").json["items"]

    answer = cli("set", "case", case["case_no"], "title=One", "title=Two")

    assert answer.refusal == "“Title” is given twice; say which holds."


def test_a_long_list_is_written_as_it_is_read(cli: Typed, folder: Path, tmp_path: Path) -> None:
    cli("import", str(table(tmp_path / "many.csv", *range(3_000))))
    written = tmp_path / "list.json"

    tracemalloc.start()
    with written.open("w", encoding="utf-8") as out, redirect_stdout(out):
        code = run(["--data", str(folder), "list", "cases", "--json"], Window())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    data = json.loads(written.read_text("utf-8"))
    assert code == 0
    assert data["total"] == len(data["items"]) > 3_000
    assert peak < written.stat().st_size
