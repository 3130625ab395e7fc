"""What leaves the window: asked for in dialogs, done beside the window, told and logged."""

from __future__ import annotations

import threading
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import ExportFormat, PersonalData, Role
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.people import User
from escalation_desk.desktop import papers
from escalation_desk.desktop.papers import doing, paper
from escalation_desk.desktop.papers.cases_dialog import CasesDialog
from escalation_desk.desktop.papers.list_dialog import ListDialog
from escalation_desk.desktop.printing import write_pdf
from escalation_desk.documents.case_summary import Form
from escalation_desk.documents.files import Cancelled
from escalation_desk.documents.leaving import Leave, export_cases
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.work import Work


def logged(journal: Journal) -> list[ExportRecord]:
    with closing(journal.reader()) as made:
        return reading.all_of(made, ExportRecord)


def cases_dialog(desk: Desk, qtbot: QtBot, *ids: str) -> CasesDialog:
    papers.export_cases(desk, ids)
    qtbot.waitUntil(lambda: bool(desk.findChildren(CasesDialog)))
    return desk.findChildren(CasesDialog)[-1]


def lead(journal: Journal) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Lead") as work:
        work.get(User, me.id).roles = frozenset({Role.LEAD})


@pytest.mark.parametrize(
    ("name", "write", "form"), [("a.docx", export_cases, ExportFormat.DOCX), ("a.pdf", write_pdf, ExportFormat.PDF)]
)
def test_cases_are_written_told_and_logged(
    desk: Desk, ids: dict[str, str], qtbot: QtBot, tmp_path: Path, name: str, write: Any, form: ExportFormat
) -> None:
    said: list[str] = []
    desk.verbs.said.connect(lambda sentence, _kind: said.append(sentence))
    dialog = cases_dialog(desk, qtbot, ids["parcel"], ids["refund"])

    dialog.write_to(tmp_path / name, write)

    qtbot.waitUntil(lambda: bool(said))
    (record,) = logged(desk.verbs.journal)
    assert record.document_no in said[0]
    assert (record.format, record.items, record.personal_data) == (form, 2, PersonalData.MASKED)
    assert (tmp_path / name).stat().st_size > 1000


def test_what_was_chosen_is_in_the_file_and_remembered_but_never_in_full(
    desk: Desk, ids: dict[str, str], qtbot: QtBot, tmp_path: Path
) -> None:
    lead(desk.verbs.journal)
    me = desk.verbs.journal.profile
    assert me is not None
    desk.verbs.me = me
    dialog = cases_dialog(desk, qtbot, ids["parcel"])
    dialog.language.choose("vi")
    dialog.options["signatures"].setChecked(True)
    dialog.privacy.choice.choose(PersonalData.FULL)
    dialog.privacy.reason.setText("Asked by the court")

    assert dialog.form() == Form(language="vi", signatures=True, full_personal_data=True)
    dialog.write_to(tmp_path / "a.docx", export_cases)
    qtbot.waitUntil(lambda: bool(logged(desk.verbs.journal)))

    (record,) = logged(desk.verbs.journal)
    assert (record.personal_data, record.reason) == (PersonalData.FULL, "Asked by the court")
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        assert "Siti Rahayu" in package.read("word/document.xml").decode()
    again = cases_dialog(desk, qtbot, ids["parcel"])
    assert again.form() == Form(language="vi", signatures=True)
    again.reject()


def test_in_full_waits_for_a_reason_and_is_not_for_everybody(desk: Desk, ids: dict[str, str], qtbot: QtBot) -> None:
    dialog = cases_dialog(desk, qtbot, ids["parcel"])
    assert not dialog.privacy.choice.isEnabled()
    assert dialog.word.isEnabled()
    dialog.reject()

    lead(desk.verbs.journal)
    desk.verbs.me.roles = frozenset({Role.LEAD})
    dialog = cases_dialog(desk, qtbot, ids["parcel"])
    dialog.privacy.choice.choose(PersonalData.FULL)
    assert not dialog.word.isEnabled()
    dialog.privacy.reason.setText("  ")
    assert not dialog.print.isEnabled()
    dialog.privacy.reason.setText("because")
    assert dialog.word.isEnabled()
    dialog.reject()


def test_the_short_form_has_no_options_of_the_long_one(desk: Desk, ids: dict[str, str], qtbot: QtBot) -> None:
    dialog = cases_dialog(desk, qtbot, ids["parcel"])

    dialog.length.choose(value=False)

    assert [name for name, tick in dialog.options.items() if tick.isEnabled()] == ["signatures"]
    dialog.reject()


def test_every_control_has_a_name(desk: Desk, ids: dict[str, str], qtbot: QtBot) -> None:
    dialog = cases_dialog(desk, qtbot, ids["parcel"])

    for box in (dialog.length, dialog.language, dialog.privacy.choice, dialog.privacy.reason):
        assert box.accessibleName()
    dialog.reject()


def test_a_list_is_written_with_the_columns_shown(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.acts.export_list()
    (dialog,) = desk.findChildren(ListDialog)

    dialog.write_to(tmp_path / "l.xlsx")

    qtbot.waitUntil(lambda: bool(logged(desk.verbs.journal)))
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx").worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    assert "Title" in header
    assert len(lines) == 4
    assert logged(desk.verbs.journal)[0].items == 4


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_logged(
    desk: Desk, ids: dict[str, str], qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[tuple[str, str]] = []
    desk.verbs.said.connect(lambda *told: said.append(told))
    dialog = cases_dialog(desk, qtbot, ids["parcel"])

    dialog.write_to(tmp_path / "nowhere" / "a.docx", export_cases)

    qtbot.waitUntil(lambda: bool(said))
    assert said[0][1] == "refused"
    assert "no folder" in said[0][0]
    assert logged(desk.verbs.journal) == []


def test_an_export_can_be_stopped(desk: Desk, qtbot: QtBot) -> None:
    said: list[str] = []
    desk.verbs.said.connect(lambda sentence, _kind: said.append(sentence))

    def work(strip: Any) -> None:
        strip.cancel()
        assert strip.cancelled
        raise Cancelled

    doing.beside(desk, "Long work", work, lambda _done: said.append("done"))

    qtbot.waitUntil(lambda: bool(said))
    assert said == ["The export was stopped; nothing of it stays."]


def test_saving_goes_on_while_an_export_runs(desk: Desk, ids: dict[str, str], qtbot: QtBot) -> None:
    order: list[str] = []
    waits = threading.Event()

    def work(_strip: Any) -> str:
        assert waits.wait(20)
        return "exported"

    doing.beside(desk, "Long work", work, order.append)

    def rename(work: Work) -> None:
        work.get(Case, ids["parcel"]).title = "Renamed"

    desk.verbs.do("Rename", rename, lambda _done: order.append("saved"))
    qtbot.waitUntil(lambda: order == ["saved"])
    waits.set()
    qtbot.waitUntil(lambda: order == ["saved", "exported"])


def test_what_is_printed_from_the_preview_is_logged_and_what_is_only_looked_at_is_not(
    desk: Desk, ids: dict[str, str], qtbot: QtBot
) -> None:
    def previewed() -> paper.Preview:
        paper.print_cases(desk, [ids["parcel"], ids["refund"]], Form(), Leave())
        qtbot.waitUntil(lambda: bool(desk.findChildren(paper.Preview)))
        return desk.findChildren(paper.Preview)[-1]

    looked_at = previewed()
    qtbot.waitUntil(looked_at.isVisible)
    looked_at.reject()
    qtbot.waitUntil(lambda: not desk.findChildren(paper.Preview))
    assert logged(desk.verbs.journal) == []

    previewed().accept()  # What the dialog does once it has printed.
    qtbot.waitUntil(lambda: bool(logged(desk.verbs.journal)))
    (record,) = logged(desk.verbs.journal)
    assert (record.format, record.items, len(record.content_sha256)) == (ExportFormat.PRINT, 2, 64)


def test_names_of_files_follow_the_desks_pattern_and_hold_no_signs_that_a_disk_refuses(desk: Desk) -> None:
    assert doing.file_name(desk, "Case summary", "3ELQ-000001", ".docx") == "Case summary 3ELQ-000001 2026-11-24.docx"
    desk.kept.put(doing.PATTERN, "{day}/{document}: {subject}?")
    assert doing.file_name(desk, "List", "a\\b", ".xlsx") == "2026-11-24-List- a-b-.xlsx"


def test_nothing_is_asked_where_nothing_is_selected(desk: Desk, qtbot: QtBot) -> None:
    papers.export_cases(desk, ["nobody"])
    qtbot.wait(100)

    assert desk.findChildren(CasesDialog) == []
    assert not [one for one in desk.findChildren(QWidget) if isinstance(one, QFileDialog)]
