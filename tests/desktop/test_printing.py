"""Pages as they are printed: the same on every device, nothing cut, headings with what follows, numbers right."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPainter, QPdfWriter

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import ExportFormat
from escalation_desk.casework.people import Party
from escalation_desk.casework.timeline import Message
from escalation_desk.desktop.printing import Pages, gather, set_page, write_pdf
from escalation_desk.desktop.typeset import bits
from escalation_desk.desktop.typeset.laying import Laying
from escalation_desk.desktop.typeset.paging import Strip, paged
from escalation_desk.documents.blocks import Facts, Heading, Line, Look, Paragraph, PictureBlock, TableBlock
from escalation_desk.documents.case_summary import CaseSummary, Form, Happening, Head, Issue
from escalation_desk.documents.files import Cancelled
from escalation_desk.documents.leaving import Leave
from escalation_desk.documents.pictures import Picture

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from escalation_desk.documents.blocks import Block
    from escalation_desk.journal.journal import Journal

pytestmark = pytest.mark.usefixtures("qapp")
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ISSUE = Issue(
    organisation="Desk",
    desk="Viet Nam",
    number="CS-TEST-261124-ABCDEF",
    as_of=NOW,
    zone=ZoneInfo("Asia/Ho_Chi_Minh"),
    sync_state="local",
)
PAGE = 14_000.0
NOTHING: Any = lambda *_where: None  # noqa: E731 - a strip that paints nothing.


def case(number: str, entries: int = 3) -> CaseSummary:
    told = tuple(
        Happening(at=NOW + timedelta(minutes=n), who="Linh", what=f"Entry {n} of {number}: đã gọi khách. " * 4)
        for n in range(entries)
    )
    return CaseSummary(head=Head(number=number, title=f"Tiền đối soát bị giữ {number}"), timeline=told)


class Counting(QPdfWriter):
    """A PDF that counts its pages."""

    def __init__(self, path: Path, dots: int) -> None:
        super().__init__(str(path))
        self.pages = 1
        self.setResolution(dots)
        set_page(self)

    def newPage(self) -> bool:  # noqa: N802 - Qt's name.
        self.pages += 1
        return super().newPage()


def words_of(path: Path) -> list[str]:
    """Read the text of each page of a PDF."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("needs pdftotext to read a PDF back")
    said = subprocess.run([reader, "-layout", path, "-"], capture_output=True, check=True, encoding="utf-8")
    return [" ".join(page.split()) for page in said.stdout.split("\f")[:-1]]


def print_to(path: Path, *cases: CaseSummary, dots: int = 300, form: Form | None = None) -> int:
    writer = Counting(path, dots)
    Pages(cases, form or Form(), ISSUE).paint(writer)
    return writer.pages


# Pages


def test_every_device_has_the_same_pages(tmp_path: Path) -> None:
    counts = {dots: print_to(tmp_path / f"{dots}.pdf", case("A", 40), dots=dots) for dots in (72, 300, 600, 1200)}

    assert len(set(counts.values())) == 1
    first, *others = (words_of(tmp_path / f"{dots}.pdf") for dots in counts)
    assert all(other == first for other in others)


def test_pages_are_numbered_over_the_whole_print(tmp_path: Path) -> None:
    total = print_to(tmp_path / "p.pdf", case("A", 30), case("B"), case("C", 12))

    pages = words_of(tmp_path / "p.pdf")
    assert len(pages) == total
    assert [f"Page {n} of {total}" in page for n, page in enumerate(pages, start=1)] == [True] * total
    assert all("CS-TEST-261124-ABCDEF" in page and "UTC+07:00 (Asia/Ho_Chi_Minh)" in page for page in pages)


def test_sixty_cases_are_printed_to_the_last(tmp_path: Path) -> None:
    numbers = [f"VN7-{n:06}" for n in range(60)]

    print_to(tmp_path / "many.pdf", *(case(number, 1) for number in numbers), dots=72)

    told = " ".join(words_of(tmp_path / "many.pdf"))
    assert [number for number in numbers if f"Entry 0 of {number}" not in told] == []


def test_the_contents_name_the_page_on_which_each_case_begins(tmp_path: Path) -> None:
    print_to(tmp_path / "p.pdf", case("AAA-1", 30), case("AAA-2"), case("AAA-3", 12))

    contents, *pages = words_of(tmp_path / "p.pdf")
    for number in ("AAA-1", "AAA-2", "AAA-3"):
        begins = next(n for n, page in enumerate(pages, start=2) if f"{number} Tiền đối soát" in page)
        after = contents.partition(f"{number} ")[2]
        assert str(begins) in after.split()[: 12 + len(["Tiền", "đối", "soát", "bị", "giữ"])]


def test_the_header_of_a_table_comes_again_on_each_page(tmp_path: Path) -> None:
    print_to(tmp_path / "p.pdf", case("A", 60))

    pages = [page for page in words_of(tmp_path / "p.pdf") if "Entry" in page]
    assert len(pages) > 2
    assert all("Time Who Channel What" in page for page in pages)


def test_every_entry_is_printed_once_and_words_with_ligatures_are_found(tmp_path: Path) -> None:
    print_to(tmp_path / "p.pdf", case("A", 60))

    whole = " ".join(words_of(tmp_path / "p.pdf"))
    assert [n for n in range(60) if f"Entry {n} of A:" not in whole] == []
    assert "Confidential" in whole


def test_words_of_every_language_stand_on_the_page(tmp_path: Path) -> None:
    words = "Nguyễn Thị Ngọc Ửng, đỗ quyên, ỷ lại; dengan, mengecewakan; 12 % – “ổn”"
    print_to(tmp_path / "p.pdf", CaseSummary(head=Head(number="A", title=words)))

    assert words in words_of(tmp_path / "p.pdf")[0]


def test_a_print_can_be_stopped_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    pages = Pages([case("A"), case("B"), case("C")], Form(), ISSUE)

    with pytest.raises(Cancelled):
        pages.paint(Counting(tmp_path / "p.pdf", 300), lambda *at: told.append(at), lambda: len(told) >= 4)
    pages.paint(Counting(tmp_path / "q.pdf", 300), lambda *at: told.append(at))

    assert told[:4] == [(1, 6), (2, 6), (3, 6), (4, 6)]
    assert told[-1] == (6, 6)


# Strips on pages


@given(
    strips=st.lists(
        st.builds(
            Strip,
            height=st.floats(10, PAGE * 0.6),
            paint=st.just(NOTHING),
            gap=st.floats(0, 300),
            keep=st.booleans(),
            header=st.sampled_from([None, Strip(200.0, NOTHING)]),
            new_page=st.booleans(),
        ),
        max_size=40,
    )
)
def test_every_strip_stands_on_one_page_in_order_and_none_over_its_end(strips: list[Strip]) -> None:
    sheets = paged(strips, PAGE)

    placed = [strip for sheet in sheets for _top, strip in sheet.placed]
    assert [strip for strip in placed if strip in strips] == strips
    for sheet in sheets:
        ends = [top + strip.height for top, strip in sheet.placed]
        assert all(end <= PAGE + 200 for end in ends)
        assert all(top >= end for (top, _strip), end in zip(sheet.placed[1:], ends, strict=False))
        if sheet.placed and sheet.placed[0][1] in strips:
            assert sheet.placed[0][1].header is None


def test_a_heading_is_never_alone_at_the_foot_of_a_page() -> None:
    laying = Laying(10_000, PAGE)
    for lines in range(1, 60):
        blocks: list[Block] = [*[Line("x")] * lines, Heading(2, "Heading"), TableBlock(("A",), (100,), (("row",),))]
        sheets = paged(laying.strips(blocks), PAGE)
        assert all(not sheet.placed[-1][1].keep for sheet in sheets)


def test_a_row_is_kept_whole_unless_it_is_longer_than_half_a_page() -> None:
    laying = Laying(10_000, PAGE)
    short, long = ("word " * 300,), ("word " * 6000,)

    assert len(laying.strips([TableBlock(("A",), (100,), (short,))])) == 2  # The header and the row.
    parts = laying.strips([TableBlock(("A",), (100,), (long,))])
    assert len(parts) > 100
    assert max(strip.height for strip in parts) < 20 * bits.UNITS
    assert len(paged(parts, PAGE)) > 1


def test_markup_is_printed_as_it_was_written(tmp_path: Path) -> None:
    written = "<b>bold</b> <img src='http://evil.example/x'> &amp; {{case.title}}"
    print_to(tmp_path / "p.pdf", CaseSummary(head=Head(number="A", title=written)))

    assert written in words_of(tmp_path / "p.pdf")[0]


# Ink


def ink(strips: list[Strip], width: float) -> QImage:
    image = QImage(int(width / bits.UNITS), 600, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    with QPainter(image) as painter:
        painter.scale(1 / bits.UNITS, 1 / bits.UNITS)
        for sheet in paged(strips, 600.0 * bits.UNITS)[:1]:
            sheet.paint(painter, 0, 0)
    return image


@pytest.mark.parametrize(
    "block",
    [
        Facts((("Label", "Value"),)),
        Facts((("Label", "Value"),), Look.CARD),
        Facts((("Label", "Value"), ("Other", "Value")), Look.STRONG),
        Facts((("Label", "Value"),) * 8, Look.GRID),
        Paragraph("Words"),
        Paragraph("Words", quoted=True),
    ],
    ids=lambda block: f"{type(block).__name__} {getattr(block, 'look', '')}",
)
def test_every_kind_of_block_leaves_ink(block: Any) -> None:
    image = ink(Laying(10_000, PAGE).strips([block]), 10_000)

    assert any(image.pixel(x, y) & 0xFFFFFF != 0xFFFFFF for x in range(0, 500, 2) for y in range(60))


def test_a_picture_is_no_larger_than_its_room_and_one_that_is_gone_is_said(png: bytes) -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    (shown, _caption) = bits.picture(PictureBlock(Picture("a.png", lambda: png), "a"), 4_000, 1_000)
    said = bits.picture(PictureBlock(Picture("b.png", gone), "b"), 4_000, 1_000)

    assert shown.height <= 1_000 + 5 * bits.UNITS
    assert len(said) == 1


@pytest.fixture
def png(tmp_path: Path) -> bytes:
    image = QImage(QSizeF(900, 300).toSize(), QImage.Format.Format_RGB32)
    image.fill(0x336699)
    assert image.save(str(tmp_path / "a.png"))
    return (tmp_path / "a.png").read_bytes()


# From the journal


def test_a_pdf_is_masked_private_and_logged(journal: Journal, tmp_path: Path, qapp: QApplication) -> None:
    assert qapp is not None
    with journal.entry("Add") as work:
        hoa = work.add(Party(display_name="Phạm Thị Hoa", phone="0912345678"))
        work.flush()
        one = work.add(Case(title="PHAM THI HOA gọi +84 912 345 678", requester=hoa.id))
        work.flush()
        work.add(Message(case=one.id, body="pham thi hoa 0912.345.678", at=NOW))
    path = tmp_path / "out" / "case.pdf"
    path.parent.mkdir()

    record = write_pdf(journal, [one.id], path, Form(internal=True), Leave())

    whole = " ".join(words_of(path))
    assert "hoa" not in whole.lower().replace("hoà", "")
    assert "912" not in whole
    assert record.format is ExportFormat.PDF
    assert path.stat().st_mode & 0o777 == 0o600
    assert [made.name for made in path.parent.iterdir()] == ["case.pdf"]


def test_pages_say_the_same_hash_each_time_they_are_gathered_from_the_same_state(journal: Journal) -> None:
    with journal.entry("Add") as work:
        one = work.add(Case(title="x"))
    pages = gather(journal, [one.id], Form())
    again = Pages(pages.cases, pages.form, pages.issue)

    assert pages.content_hash == again.content_hash
    assert pages.content_hash != Pages(pages.cases, Form(language="vi"), pages.issue).content_hash
