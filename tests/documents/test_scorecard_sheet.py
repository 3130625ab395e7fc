"""How contacts answer as a workbook: numbers as numbers, with what they were counted from."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest

from escalation_desk.casework.contacts.scorecard import FORMULAS, Score, Share, Span
from escalation_desk.documents.scorecard_sheet import export_scorecard
from tests.documents.leaving_desk import Desk, open_leaving_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCORE = Score(
    key="=Logistics +84 912 345 678",
    sent=12,
    acknowledged=Span(10, 12.5, None),
    answered=Span(31, 60.0, 240.0),
    ola_acknowledged=Share(9, 10),
    ola_answered=Share(8, 10),
    chases=Share(7, 11),
    bounced=Share(1, 12),
    open_now=2,
    oldest=datetime(2026, 11, 20, 3, 0, tzinfo=UTC),
)


@pytest.fixture
def desk(tmp_path: Path, png: bytes) -> Iterator[Desk]:
    made = open_leaving_desk(tmp_path / "desk", png)
    yield made
    made.journal.close()


def test_each_figure_is_a_number_with_what_it_was_counted_from(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "contacts.xlsx"

    record = export_scorecard(desk.journal, [SCORE], path, "How contacts answer", [("By", "team")], "en")

    book = openpyxl.load_workbook(path)
    head, line = book.worksheets[0].iter_rows(values_only=True)
    read = dict(zip(head, line, strict=True))
    assert (read["Answered: median (min)"], read["Answered: P90 (min)"], read["Answered: counted"]) == (60, 240, 31)
    assert read["Acknowledged: P90 (min)"] is None
    assert (read["Wrong contact"], read["Wrong contact: of"]) == (1, 12)
    assert isinstance(read["Oldest open one sent"], datetime)
    assert str(read["Who or what"]).startswith("=Logistics")
    assert "912 345" not in str(read["Who or what"])
    notes = {row[0]: row[1] for row in book.worksheets[-1].iter_rows(values_only=True)}
    assert notes["By"] == "team"
    assert notes[FORMULAS[0][0]] == FORMULAS[0][1]
    assert record.content_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_headings_are_in_the_language_of_whoever_looks(desk: Desk, tmp_path: Path) -> None:
    export_scorecard(desk.journal, [SCORE], tmp_path / "vi.xlsx", "x", [], "vi")

    sheet = openpyxl.load_workbook(tmp_path / "vi.xlsx").worksheets[0]
    assert sheet["B1"].value == "Yêu cầu"
