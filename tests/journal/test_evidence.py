from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import EvidenceKind
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.casework.timeline import Attachment
from escalation_desk.journal import reading
from escalation_desk.journal.evidence import LIMIT, Room, attach, media_type, read_file, room_taken, safe_name
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "desk", bytes(32))
    yield made
    made.close()


@pytest.fixture
def case(journal: Journal) -> str:
    with journal.entry("Keep") as work:
        return work.add(Case(title="x")).id


def test_the_same_bytes_are_kept_once_for_two_cases(journal: Journal, case: str) -> None:
    with journal.entry("Attach") as work:
        other = work.add(Case(title="y")).id
        first = attach(work, "a.png", PNG, case=case)
        second = attach(work, "b.png", PNG, case=other)
    made = journal.reader()
    assert first.sha256 == second.sha256 == hashlib.sha256(PNG).hexdigest()
    assert made.execute("SELECT count(*) FROM blob").fetchone() == (1,)
    assert reading.blob(made, first.sha256) == PNG
    held = reading.all_of(made, Attachment, pointing=("case", case))
    made.close()
    assert [(one.file_name, one.size, one.media_type, one.evidence) for one in held] == [
        ("a.png", len(PNG), "image/png", EvidenceKind.SCREENSHOT)
    ]


def test_a_file_that_is_there_already_is_refused(journal: Journal, case: str) -> None:
    with journal.entry("Attach") as work:
        digest = attach(work, "a.png", PNG, case=case).sha256
        with pytest.raises(Refused, match="already"):
            attach(work, "b.png", PNG, case=case, known={digest})


def test_an_empty_file_and_one_over_25_megabytes_are_refused_with_the_limit(journal: Journal, case: str) -> None:
    with journal.entry("Attach") as work:
        with pytest.raises(Refused, match="empty"):
            attach(work, "a.txt", b"", case=case)
        attach(work, "full.bin", bytes(LIMIT), case=case)
        with pytest.raises(Refused, match="26 MB; attachments may have up to 25 MB"):
            attach(work, "over.bin", bytes(LIMIT + 1), case=case)


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.mov"
    with path.open("wb") as file:
        file.truncate(LIMIT * 400)
    with pytest.raises(Refused, match=r"huge\.mov"):
        read_file(path)


def test_a_file_that_cannot_be_read_is_a_fault_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"gone\.txt"):
        read_file(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("invoice.png", b"MZ\x90\x00\x03", "application/octet-stream"),
        ("x.exe", PNG, "image/png"),
        ("x", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("x.pdf", b"%PDF-1.7", "application/pdf"),
        ("x.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        ("x.csv", "đơn,số\n".encode(), "text/csv"),
        ("x.txt", b"a\x00b", "application/octet-stream"),
        ("x.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_what_it_begins_with_and_not_what_its_name_says(name: str, content: bytes, media: str) -> None:
    assert media_type(name, content) == media


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("CON.txt", "_CON.txt"),
        ("a\nb.txt", "a b.txt"),
        ("...", "file"),
        ("Ảnh giao hàng.png", "Ảnh giao hàng.png"),
    ],
)
def test_a_name_is_made_safe_for_every_file_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text())
def test_no_name_leaves_its_folder_or_grows_too_long(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 121
    assert not set(safe) & set('\\/:*?"<>|\x00\n')
    assert safe not in {".", ".."}
    assert safe_name(safe) == safe


def test_the_room_that_evidence_takes_counts_the_same_bytes_once_and_what_was_removed_not_at_all(
    journal: Journal, case: str
) -> None:
    with journal.entry("Attach") as work:
        other = work.add(Case(title="y")).id
        attach(work, "a.png", PNG, case=case)
        attach(work, "a.txt", b"12345", case=case)
        attach(work, "b.png", PNG, case=other)
        gone = attach(work, "gone.txt", b"1234567", case=other)
    with journal.entry("Remove") as work:
        work.remove(work.get(Attachment, gone.id))
    made = journal.reader()
    assert room_taken(made, case) == Room(len(PNG) + 5, len(PNG) + 5)
    assert room_taken(made, other) == Room(len(PNG), len(PNG) + 5)
    made.close()
