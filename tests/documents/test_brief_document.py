"""The brief of an escalation is one page of Word: masked, logged, in the reader's language, built from a template."""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import docx
import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import ExportKind, PersonalData, Role
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.escalating.brief import Brief
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.documents import brief_document, building_brief
from escalation_desk.documents.brief_document import export_brief, load_brief_template
from escalation_desk.documents.leaving import Leave
from escalation_desk.journal import reading
from tests.documents.leaving_desk import NOW, STORED, WRITTEN, Desk, open_leaving_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = Brief(
    one_line=f"Lithium cells caught fire at {WRITTEN[0]}",
    decision="Stop the listing?",
    needed_by=NOW + timedelta(hours=2),
    affected="12 buyers",
    risk="Safety",
    tried=f"Called {WRITTEN[2]}",
    recommendation="Stop it, tell all buyers",
)


@pytest.fixture
def desk(tmp_path: Path, png: bytes) -> Iterator[Desk]:
    made = open_leaving_desk(tmp_path / "desk", png)
    yield made
    made.journal.close()


def case_of(desk: Desk) -> Case:
    with closing(desk.journal.reader()) as made:
        return reading.all_of(made, Case)[0]


def write(desk: Desk, path: Path, language: str = "en", reason: str = "") -> ExportRecord:
    return export_brief(desk.journal, case_of(desk).id, PAGE, ["Legal", "Safety"], path, language, Leave(reason))


def words_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_page_says_what_is_asked_of_whom_and_by_when(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"

    write(desk, path)

    said = words_of(path)
    for text in ("Stop the listing?", "24/11/2026", "Legal · Safety", "12 buyers", "Stop it, tell all buyers"):
        assert text in said
    assert "has told nobody" in said
    assert "{{" not in said


def test_the_page_is_masked_unless_a_lead_says_why(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"

    write(desk, path)

    said = fold(words_of(path))
    assert not [one for one in (*STORED, *WRITTEN) if fold(one) in said]
    with pytest.raises(Refused, match="only for a lead"):
        write(desk, path, reason="Court order")
    me = desk.journal.profile
    assert me is not None
    with desk.journal.entry("Lead") as work:
        work.get(User, me.id).roles = frozenset({Role.LEAD})
    record = write(desk, path, reason="Court order")
    assert record.personal_data is PersonalData.FULL
    assert WRITTEN[0] in words_of(path)


def test_what_left_is_logged_with_its_hash(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"

    record = write(desk, path)

    assert record.form is ExportKind.ESCALATION_BRIEF
    assert record.document_no.startswith("EB-")
    assert record.content_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    with closing(desk.journal.reader()) as made:
        assert [one.id for one in reading.all_of(made, ExportRecord)] == [record.id]


@pytest.mark.parametrize(("language", "word"), [("vi", "Quyết định"), ("id", "Keputusan")])
def test_its_fixed_words_are_in_the_readers_language(desk: Desk, tmp_path: Path, language: str, word: str) -> None:
    path = tmp_path / "brief.docx"

    write(desk, path, language)

    assert word in words_of(path)


def test_the_built_in_template_is_what_the_builder_builds_and_has_no_fault(tmp_path: Path) -> None:
    building_brief.build(tmp_path / "built.docx")

    with (
        zipfile.ZipFile(tmp_path / "built.docx") as built,
        zipfile.ZipFile(brief_document.BUILT_IN) as committed,
    ):
        assert {name: built.read(name) for name in built.namelist()} == {
            name: committed.read(name) for name in committed.namelist()
        }
    assert load_brief_template()[1] == []
