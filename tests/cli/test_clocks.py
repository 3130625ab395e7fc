"""`list clocks`: what is due when by which policy, and why; and the same as an Excel list."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import openpyxl

from escalation_desk.casework.views import CLOCK_VIEWS
from escalation_desk.journal.checking import problems
from escalation_desk.journal.desk import open_desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Typed = Callable[..., Any]


def test_open_clocks_are_listed_by_what_is_due_next_each_with_its_reason(look: Typed) -> None:
    items = look("list", "clocks", "--json").json["items"]
    assert items
    assert all(one["finished_at"] is None and one["explanation"] and one["policy_name"] for one in items)
    assert all(one["case_name"] for one in items)
    dues = [one["due_at"] for one in items if one["due_at"]]
    assert dues == sorted(dues)
    over = [one for one in items if one["state"] == "breached"]
    assert all(one["left_min"] <= 0 for one in over)


def test_every_view_of_clocks_is_there_by_its_name(look: Typed) -> None:
    for view in CLOCK_VIEWS:
        assert look("list", "clocks", "--view", view.code, "--json").json["total"] >= 0
    assert look("list", "clocks", "--view", "clocks-all", "--json").json["total"] > 100


def test_clocks_are_told_in_a_table_with_words_for_codes(look: Typed) -> None:
    table = look("list", "clocks", "--limit", "20").done
    assert "Resolution" in table or "First response" in table
    assert "Minutes left" in table


def test_a_list_of_clocks_is_an_excel_workbook_that_says_why(cli: Typed, tmp_path: Path) -> None:
    file = tmp_path / "clocks.xlsx"
    cli("export", "list", "--view", "clocks", "--to", str(file)).done  # noqa: B018 - Fails where it is not done.
    sheet = openpyxl.load_workbook(file).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    (header,) = [row for row in rows if "Why" in row]
    why = header.index("Why")
    told = [row[why] for row in rows[rows.index(header) + 1 :] if row[why]]
    assert told
    assert all("calendar" in str(one) for one in told)


def test_the_clocks_of_the_sample_are_what_follows_from_its_cases(folder: Path) -> None:
    with closing(open_desk(folder)) as desk, desk.writing() as made:
        assert problems(made) == []
