"""What leaves the desk: masked wherever a value stands, logged with its hash, and saying what it is."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import openpyxl
import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import ExportFormat, ExportKind, PersonalData, Role
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.documents.case_summary import Form
from escalation_desk.documents.files import Cancelled
from escalation_desk.documents.leaving import Leave, export_cases, export_list
from escalation_desk.journal import reading
from tests.documents.leaving_desk import NOW, ORDERS, STORED, Desk, open_leaving_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = Form(internal=True, automatic=True, annex=True, signatures=True)


@pytest.fixture
def desk(tmp_path: Path, png: bytes) -> Iterator[Desk]:
    made = open_leaving_desk(tmp_path / "desk", png)
    yield made
    made.journal.close()


def lead(desk: Desk) -> None:
    me = desk.journal.profile
    assert me is not None
    with desk.journal.entry("Lead") as work:
        work.get(User, me.id).roles = frozenset({Role.LEAD})


def words_in(path: Path) -> str:
    """Read every word of an Office file: of all its parts, tags taken away, attributes too."""
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))]
    attributes = " ".join(found for part in parts for found in re.findall(r'(?:descr|name|title)="([^"]*)"', part))
    return (
        " ".join(re.sub(r"</w:p>|<[^>]+>", " ", part.replace("</w:t></w:r><w:r>", "")) for part in parts) + attributes
    )


def assert_holds_nothing_stored(text: str) -> None:
    folded = " ".join(fold(text).split())
    digits = re.sub(r"[ .()\u00a0+-]", "", text)
    assert [one for one in STORED if fold(one) in folded] == []
    assert [one for one in STORED if one.isdigit() and one[1:] in re.sub("|".join(ORDERS), "", digits)] == []


@pytest.mark.parametrize("code", ["en", "vi", "id"])
def test_a_masked_summary_holds_no_stored_value(desk: Desk, tmp_path: Path, code: str) -> None:
    path = tmp_path / "summary.docx"

    export_cases(desk.journal, [desk.case_id, desk.case_id], path, Form(**{**vars(WHOLE), "language": code}), Leave())

    text = words_in(path)
    assert_holds_nothing_stored(text)
    assert all(order in text for order in ORDERS)
    assert "Bếp Mộc" in text


@pytest.mark.parametrize("kind", ["case", "seller", "follow_up", "party"])
def test_a_masked_list_holds_no_stored_value(desk: Desk, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "list.xlsx"
    every = [f.name for f in fields_of(kind_of(kind))]

    export_list(desk.journal, ListQuery(kind), path, "List", names=every)

    text = words_in(path)
    assert_holds_nothing_stored(text)
    if kind == "case":
        assert all(order in text for order in ORDERS)


def test_in_full_everything_is_there_and_the_reason_is_logged(desk: Desk, tmp_path: Path) -> None:
    lead(desk)
    path = tmp_path / "full.docx"

    record = export_cases(
        desk.journal, [desk.case_id], path, Form(full_personal_data=True), Leave("Asked by the police, 12/2026")
    )

    assert all(one in words_in(path) for one in STORED[:3])
    assert (record.personal_data, record.reason) == (PersonalData.FULL, "Asked by the police, 12/2026")


@pytest.mark.parametrize(("leads", "reason"), [(True, "  "), (False, "because")])
def test_in_full_needs_a_lead_and_a_reason(desk: Desk, tmp_path: Path, leads: bool, reason: str) -> None:
    if leads:
        lead(desk)

    with pytest.raises(Refused, match="in full only"):
        export_cases(desk.journal, [desk.case_id], tmp_path / "f.docx", Form(full_personal_data=True), Leave(reason))

    assert not (tmp_path / "f.docx").exists()
    assert logged(desk) == []


def test_a_list_in_full_needs_a_lead(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="only for a lead"):
        export_list(desk.journal, ListQuery(), tmp_path / "f.xlsx", "All", leave=Leave("because"))

    assert not (tmp_path / "f.xlsx").exists()


def logged(desk: Desk) -> list[ExportRecord]:
    with closing(desk.journal.reader()) as made:
        return reading.all_of(made, ExportRecord)


def test_every_export_is_logged_with_the_hash_of_its_file_and_a_number_of_its_own(desk: Desk, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.docx" for n in range(5)]
    for path in paths:
        export_cases(desk.journal, [desk.case_id], path, Form(), Leave())
    export_list(desk.journal, ListQuery(), tmp_path / "l.xlsx", "All", language_code="vi")

    records = logged(desk)
    assert len({record.document_no for record in records}) == 6  # All of one second.
    assert [record.content_sha256 for record in records[:5]] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    ]
    listed = records[5]
    assert (listed.form, listed.format, listed.items, str(listed.language)) == (
        ExportKind.LIST,
        ExportFormat.XLSX,
        1,
        "vi",
    )
    assert listed.document_no.startswith("LI-")
    assert {record.snapshot_at for record in records} == {NOW}
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600


def test_an_export_that_is_stopped_leaves_nothing_and_is_not_logged(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()

    with pytest.raises(Cancelled):
        export_cases(desk.journal, [desk.case_id], out / "s.docx", Form(), Leave(), cancelled=lambda: True)

    assert list(out.iterdir()) == []
    assert logged(desk) == []


def test_the_log_is_not_undone(desk: Desk, tmp_path: Path) -> None:
    export_cases(desk.journal, [desk.case_id], tmp_path / "s.docx", Form(), Leave())

    undoable = desk.journal.undoable()
    assert undoable is None or "Export" not in undoable.title


def notes_of(path: Path) -> dict[str, str]:
    book = openpyxl.load_workbook(path)
    return {str(row[0]): str(row[1]) for row in book.worksheets[-1].iter_rows(values_only=True) if row[1] is not None}


def test_the_notes_say_the_filter_in_words(desk: Desk, tmp_path: Path) -> None:
    with closing(desk.journal.reader()) as made:
        case = reading.record(made, Case, desk.case_id)
    query = ListQuery(
        "case",
        (
            Condition("live", Op.IS, value=True),
            Condition("owner", Op.ANY, [case.owner]),
            Condition("requester", Op.IS, case.requester),
            Condition("severity", Op.ANY, ["S1", "S2"]),
            Condition("received_at", Op.WITHIN, [["2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z"], [None, None]]),
            Condition("next_due_at", Op.BEFORE, "2026-11-24T17:00:00Z"),
            Condition("team", Op.EMPTY),
        ),
        (Order("priority"), Order("received_at", descending=True)),
    )

    export_list(desk.journal, query, tmp_path / "l.xlsx", "My cases")

    said = notes_of(tmp_path / "l.xlsx")
    assert said["Filter"].splitlines() == [
        "Live is Yes",
        "Owner is one of Nguyễn Hà Linh",
        "Requester is Ph** T** H**",
        "Severity is one of S1 Critical, S2 High",
        "Received is from 20/11/2026 07:00 to 22/11/2026 07:00 or any",
        "Due is before 25/11/2026 00:00",
        "Team is empty",
    ]
    assert said["Order"] == "Priority, Received, descending"
    assert said["View"] == "My cases"
    assert said["As of"] == "24/11/2026 10:00"
    assert said["Time zone"] == "UTC+07:00 (Asia/Ho_Chi_Minh)"
    assert said["Personal data"] == "Masked"
    assert said["Document"].startswith("LI-")
    assert said["Priority"].startswith("Severity and urgency")


def test_what_was_searched_for_is_masked_in_the_notes(desk: Desk, tmp_path: Path) -> None:
    export_list(desk.journal, ListQuery(search="0912345678"), tmp_path / "l.xlsx", "Tìm 0912345678")

    text = words_in(tmp_path / "l.xlsx")
    assert "0912345678" not in text
    assert notes_of(tmp_path / "l.xlsx")["Search"] == "09******78"


def test_columns_that_are_no_fields_are_left_out(desk: Desk, tmp_path: Path) -> None:
    export_list(desk.journal, ListQuery(), tmp_path / "l.xlsx", "All", names=["case_no", "age", "owner"])

    rows = list(openpyxl.load_workbook(tmp_path / "l.xlsx").worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("Case", "Owner")
    assert rows[1][1] == "Nguyễn Hà Linh"
