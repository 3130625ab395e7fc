"""Files that are broken, mislabelled or made to hurt: each ends in rows or in one sentence, and in nothing else."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.refusal import Refused
from escalation_desk.intake.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "number,state,opened,text\n" + "".join(
    f'INC{n:07},Mở lại,{n % 28 + 1}-02-2016 01:16,"dòng {n}\nhai"\n' for n in range(300)
)


def outcome(path: Path) -> int | str:
    """Give the number of rows, or the sentence."""
    try:
        return sum(1 for table in read(path) for _record in table.rows)
    except Refused as refused:
        sentence = str(refused)
        assert path.name in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return sentence


def workbook(path: Path) -> bytes:
    book = openpyxl.Workbook()
    for row in [["number", "state", "text"], *([f"INC{n}", "New", f"text {n}"] for n in range(100))]:
        book.worksheets[0].append(row)
    book.save(path)
    return path.read_bytes()


SEEDS: dict[str, Callable[[Path], bytes]] = {
    "a.csv": lambda _path: TEXT.encode(),
    "b.csv": lambda _path: TEXT.encode("utf-16"),
    "c.csv.gz": lambda _path: gzip.compress(TEXT.encode(), mtime=0),
    "d.json": lambda _path: json.dumps(
        [{"id": n, "text": f"dòng {n}", "via": {"channel": "web"}} for n in range(300)]
    ).encode(),
    "e.jsonl": lambda _path: "\n".join(json.dumps({"id": n, "text": "x"}) for n in range(300)).encode(),
    "f.xlsx": workbook,
}


@pytest.mark.parametrize("name", SEEDS)
def test_a_file_cut_off_anywhere_ends_in_rows_or_a_sentence(tmp_path: Path, name: str) -> None:
    whole = SEEDS[name](tmp_path / name)
    for sixteenths in range(17):
        (tmp_path / name).write_bytes(whole[: len(whole) * sixteenths // 16])
        assert outcome(tmp_path / name) != 0


@pytest.mark.parametrize("name", SEEDS)
def test_a_file_with_flipped_bits_ends_in_rows_or_a_sentence(tmp_path: Path, name: str) -> None:
    whole = SEEDS[name](tmp_path / name)
    chance = random.Random(7)
    for _time in range(40):
        broken = bytearray(whole)
        for _flip in range(chance.choice([1, 8, 64])):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        (tmp_path / name).write_bytes(broken)
        assert outcome(tmp_path / name) != 0


@given(content=st.binary(max_size=600), name=st.sampled_from(["x.csv", "x.xlsx", "x.json", "x.txt", "x.gz", "x"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_bytes_under_any_name_end_in_rows_or_a_sentence(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)

    assert outcome(tmp_path / name) != 0


@given(content=st.text(alphabet="a1\"',;\t\n\r{}[]: é\0", max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_text_of_quotes_and_delimiters_ends_in_rows_or_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.csv").write_bytes(content.encode())

    assert outcome(tmp_path / "x.csv") != 0


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("report.xls", b"<html><body><table><tr><td>1</td></tr></table></body></html>", "a web page"),
        ("report.xls", b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<table>", "a web page"),
        ("report.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        ("report.csv", b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
        ("data.xml", b'<?xml version="1.0"?>\n<rows/>', "an XML file"),
        ("mail.eml", b"hello", "an e-mail message"),
        ("mail.txt", b"From: a@b.example\r\nSubject: hi\r\n\r\nbody", "an e-mail message"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel workbook"),
        ("all.zip", b"PK\x05\x06" + bytes(18), "an archive"),
        ("letter.txt", "Chào bạn,\ntôi đã nhận hàng.\nCảm ơn".encode(), "text without columns"),
        ("noise.csv", bytes(range(1, 32)) * 40, "neither a table nor a list"),
    ],
)
def test_a_stranger_is_called_what_it_is_whatever_its_name(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert what in str(outcome(tmp_path / name))


def test_a_file_that_is_gone_and_a_folder_are_said_to_be_so(tmp_path: Path) -> None:
    assert outcome(tmp_path / "gone.csv") == "“gone.csv” is not there."
    assert outcome(tmp_path) == f"“{tmp_path.name}” is a folder; choose a file in it."


def test_a_name_made_to_deceive_is_shown_as_one_plain_line(tmp_path: Path) -> None:
    path = tmp_path / "a\nb\x1b[31m.csv"
    path.write_bytes(b"")

    with pytest.raises(Refused, match=r"^“a b\[31m\.csv” is empty\.$"):
        list(read(path))


def test_every_real_file_ends_in_rows_or_one_sentence(shared_data: Path) -> None:
    files = [
        path
        for folder in ("events", "exports", "sheets", "docs", "texts")
        for path in sorted((shared_data / folder).rglob("*"))
        if path.is_file()
    ]
    assert len(files) > 150

    assert [path.name for path in files if outcome(path) == 0] == []
