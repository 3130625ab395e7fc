"""A case summary in Word, opened again with another library: whole, masked, in the reader's language, and text only."""

from __future__ import annotations

import dataclasses
import re
import stat
import typing
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.documents import building
from escalation_desk.documents.blocks import (
    Heading,
    Look,
    TableBlock,
)
from escalation_desk.documents.case_document import BUILT_IN, load_case_template, write_case_summaries
from escalation_desk.documents.case_summary import CaseSummary, EvidenceLine, Form, Head, RootCause, sections, shown_of
from escalation_desk.documents.files import Cancelled
from escalation_desk.documents.outline import outline
from escalation_desk.documents.pictures import Picture
from escalation_desk.documents.words import plain
from escalation_desk.i18n import _, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from escalation_desk.documents.case_summary import Issue


class Paper:
    """Writes summaries into one folder and reads what is on the paper."""

    def __init__(self, folder: Path, issue: Issue) -> None:
        self.path = folder / "summary.docx"
        self.issue = issue

    def write(self, *summaries: CaseSummary, **form: Any) -> Any:
        self.written = write_case_summaries(self.path, summaries, Form(**form), self.issue)
        return docx.Document(str(self.path))

    def parts(self) -> dict[str, str]:
        with zipfile.ZipFile(self.path) as file:
            return {name: file.read(name).decode() for name in file.namelist() if not name.startswith("word/media")}

    def text(self) -> str:
        """Everything that can be read in the file, header and footer too."""
        with zipfile.ZipFile(self.path) as file:
            names = [name for name in file.namelist() if name.startswith("word/") and name.endswith(".xml")]
            return "\n".join(_text(file.read(name)) for name in names).replace("\N{NO-BREAK SPACE}", " ")


def _text(part: bytes) -> str:
    root = parse_xml(part)
    ends = {qn("w:br"): "\n", qn("w:tab"): "\t", qn("w:p"): "\n"}
    return "".join(
        element.text or "" if element.tag == qn("w:t") else ends.get(element.tag, "") for element in root.iter()
    )


@pytest.fixture
def paper(tmp_path: Path, issue: Issue) -> Paper:
    return Paper(tmp_path, issue)


def headings(document: Any, level: int = 2) -> list[str]:
    paragraphs: list[Any] = [WordParagraph(p, document) for p in document.element.body.iter(qn("w:p"))]
    return [paragraph.text for paragraph in paragraphs if paragraph.style.name == f"Heading {level}"]


def test_the_long_form_has_every_section_in_order(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary)

    assert headings(document) == [section.label for section in sections()[1:]]
    assert headings(document, 1) == ["VN7-000123  Tiền đối soát của chị Ng**** T** H* bị giữ"]


def test_the_short_form_is_the_first_page_only(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary, long=False)

    assert headings(document) == [section.label for section in sections()[1:] if section.first_page]
    assert "Timeline" not in paper.text()
    assert "Short form: first page only" in paper.text()


def test_the_details_begin_on_a_page_of_their_own(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary)

    breaks = [p.text for p in document.paragraphs if p._p.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is not None]
    assert breaks == ["What the requester says"]


def test_an_empty_section_says_so_in_one_line(paper: Paper) -> None:
    paper.write(CaseSummary(head=Head(number="VN7-1", title="New")))

    assert paper.text().split("\n").count("None") == len(sections()) - 1


def test_what_is_not_known_is_a_dash_and_nothing_is_missing(paper: Paper) -> None:
    paper.write(CaseSummary(head=Head(number="VN7-1", title="New")))

    assert "–" in paper.text()
    assert "⟦" not in paper.text()


def test_priority_and_severity_are_letter_and_squares(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    assert "■■■□ P1 High" in paper.text()
    assert "■■■□ S2 High" in paper.text()


def test_times_are_local_and_the_snapshot_names_its_zone(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    assert "20/11/2026 09:14" in paper.text()
    assert "24/11/2026 14:30 UTC+07:00 (Asia/Ho_Chi_Minh)" in paper.text()


def test_header_and_footer_say_whose_what_when_and_how_safe(paper: Paper, summary: CaseSummary) -> None:
    section = paper.write(summary).sections[0]

    header = "\n".join(cell.text for cell in section.header.tables[0].rows[0].cells)
    footer = "\n".join(paragraph.text for paragraph in section.footer.paragraphs)
    assert "Chợ Lớn Marketplace · Tier 2 Escalation" in header
    assert "CS-2026-00412\nConfidential – personal data masked, except in pictures" in header
    assert "Case summary VN7-000123" in footer
    assert "local, 12 changes not sent" in footer
    assert f"# {paper.written.content_hash[:12]}" in footer
    fields = [f.text for f in section.footer._element.iter(qn("w:instrText"))]
    assert [field.strip() for field in fields] == ["PAGE", "NUMPAGES"]


def test_the_page_is_a4_with_margins_of_18_mm(paper: Paper, summary: CaseSummary) -> None:
    section = paper.write(summary).sections[0]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (18, 18)


def test_table_headers_repeat_and_no_row_splits(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary)

    tables = [table for table in document.tables if table.style.name == "Desk Table"]
    assert len(tables) == 5
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


# Personal data


SECRETS = ("Nguyễn Thị Hà", "0912345612", "0912 345 612", "nguyenthiha@gmail.com", "0071000123456789")


def test_personal_data_is_masked_unless_asked_for(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    everything = "".join(paper.parts().values())
    assert [secret for secret in SECRETS if secret in everything] == []
    assert all(
        masked in paper.text() for masked in ("Ng**** T** H*", "09******12", "n***@g***.com", "************6789")
    )


def test_personal_data_in_full_is_said_on_every_page(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary, full_personal_data=True)

    assert all(secret in paper.text() for secret in SECRETS)
    assert "Confidential – contains personal data" in paper.text()


def test_the_people_of_the_desk_answer_by_name(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    assert "Trần Minh Khoa" in paper.text()


@pytest.mark.parametrize("form", [{"long": False}, {"pictures": False}])
def test_without_pictures_everything_is_masked_and_the_header_says_so(
    paper: Paper, summary: CaseSummary, form: dict[str, Any]
) -> None:
    paper.write(summary, **form)

    assert "Confidential – personal data masked\n" in paper.text()


# What is left out


def test_internal_entries_and_automatic_changes_are_left_out_and_counted(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    assert "Bí mật nội bộ" not in "".join(paper.parts().values())
    assert "1 internal entry left out. 1 automatic change left out." in paper.text()


def test_internal_entries_carry_their_mark_when_asked_for(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary, internal=True, automatic=True)

    text = paper.text()
    assert re.search(r"Bí mật nội bộ\s+Internal", text)
    assert re.search(r"priority P2 → P1\s+Automatic", text)
    assert "left out" not in text


def test_a_section_whose_entries_are_all_internal_says_that_it_is_not_empty(paper: Paper, summary: CaseSummary) -> None:
    paper.write(replace(summary, timeline=summary.timeline[1:2]))

    assert re.search(r"Timeline\s+None\s+1 internal entry left out\.", paper.text())


def test_messages_and_signatures_are_as_asked(paper: Paper, summary: CaseSummary) -> None:
    assert "Messages with the requester" in headings(paper.write(summary))
    document = paper.write(summary, messages=False, signatures=True)

    assert "Messages with the requester" not in headings(document)
    assert headings(document)[-1] == "Signatures"
    assert "Prepared by" in paper.text()


def test_line_breaks_of_a_message_are_kept(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary)

    quotes = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Quote"]
    assert quotes == ["Gọi tôi: 09** *** *12\nHà", "Kính gửi chị,\n\nTrân trọng"]


# Pictures


def test_a_pasted_screenshot_is_in_the_document_where_it_was_pasted(
    paper: Paper, summary: CaseSummary, png: bytes
) -> None:
    document = paper.write(summary)

    shapes = list(document.element.body.iter(qn("wp:inline")))
    assert len(shapes) == 1
    assert "Gọi chị" in _text_of(next(shapes[0].iterancestors(qn("w:tr"))))
    assert int(shapes[0].find(qn("wp:extent")).get("cx")) <= 82 * 36_000
    with zipfile.ZipFile(paper.path) as file:
        assert [file.read(name) for name in file.namelist() if name.startswith("word/media/")] == [png]


def test_a_picture_pasted_twice_is_in_the_file_once(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary, annex=True)

    assert len(list(document.element.body.iter(qn("wp:inline")))) == 2
    numbers = [shape.get("id") for shape in document.element.body.iter(qn("wp:docPr"))]
    assert len(set(numbers)) == 2
    assert sum(name.startswith("word/media/") for name in zipfile.ZipFile(paper.path).namelist()) == 1


def test_pictures_left_out_are_counted(paper: Paper, summary: CaseSummary) -> None:
    document = paper.write(summary, pictures=False)

    assert list(document.element.body.iter(qn("wp:inline"))) == []
    assert "1 picture left out." in paper.text()


def test_an_internal_picture_is_not_in_the_annex_of_others(paper: Paper, summary: CaseSummary) -> None:
    evidence = (EvidenceLine(name="secret.png", picture=summary.timeline[0].pictures[0], internal=True),)

    paper.write(replace(summary, evidence=evidence, timeline=()), annex=True)

    assert "secret.png" not in paper.text()
    assert not [name for name in zipfile.ZipFile(paper.path).namelist() if name.startswith("word/media/")]


# Several cases


def test_several_cases_come_with_a_table_of_contents_that_links_to_them(paper: Paper, summary: CaseSummary) -> None:
    second = replace(summary, head=replace(summary.head, number="VN7-000124", title="Another"))

    body = paper.write(summary, second).element.body

    entries = [p for p in body.iter(qn("w:p")) if p.style == "TOC1"]
    assert ["VN7-000123" in _text_of(entry) for entry in entries] == [True, False]
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    assert [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))] == sorted(marks)
    kinds = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    assert [instruction.text.split()[0] for instruction in body.iter(qn("w:instrText"))] == ["TOC"]


def _text_of(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def test_one_case_has_no_table_of_contents(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    assert "Contents" not in paper.text()
    assert "TOC \\o" not in paper.parts()["word/document.xml"]


def test_more_than_fifty_cases_are_all_there_in_order(paper: Paper, summary: CaseSummary) -> None:
    many = [replace(summary, head=replace(summary.head, number=f"VN7-{n:06}")) for n in range(120)]

    document = paper.write(*many, long=False)

    assert [text.split()[0] for text in headings(document, 1)] == [f"VN7-{n:06}" for n in range(120)]
    assert document.core_properties.keywords.count("VN7-") == 120
    ids = [mark.get(qn("w:id")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(ids)) == 120


def test_progress_ends_at_the_last_case(paper: Paper, summary: CaseSummary, issue: Issue) -> None:
    seen: list[tuple[int, int]] = []

    write_case_summaries(paper.path, [summary] * 3, Form(), issue, progress=lambda done, of: seen.append((done, of)))

    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_cancel_leaves_the_old_file_and_nothing_else(paper: Paper, summary: CaseSummary, issue: Issue) -> None:
    paper.path.write_bytes(b"old")

    with pytest.raises(Cancelled):
        write_case_summaries(paper.path, [summary] * 3, Form(), issue, cancelled=lambda: True)

    assert paper.path.read_bytes() == b"old"
    assert list(paper.path.parent.iterdir()) == [paper.path]


# Language, template, file


@pytest.mark.parametrize("language", ["en", "vi", "id"])
def test_the_document_speaks_its_own_language(paper: Paper, summary: CaseSummary, language: str) -> None:
    document = paper.write(summary, language=language)

    with speaking(language):
        assert headings(document) == [_(section.label) for section in sections()[1:]]
        assert _("Page {page} of {pages}", page="1", pages="1") in paper.text()
    assert document.core_properties.language == language


def test_the_built_in_template_is_what_the_builder_builds(tmp_path: Path) -> None:
    building.build(tmp_path / "built.docx")

    with zipfile.ZipFile(tmp_path / "built.docx") as built, zipfile.ZipFile(BUILT_IN) as committed:
        assert built.namelist() == committed.namelist()
        assert [name for name in built.namelist() if built.read(name) != committed.read(name)] == []


def test_the_styles_of_the_template_are_there_for_a_lead_to_change(paper: Paper, summary: CaseSummary) -> None:
    names = {style.name for style in paper.write(summary).styles}

    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Desk Table", "Chip", "Small", "Quote", "Card"} <= names


def test_a_leads_template_is_used(paper: Paper, summary: CaseSummary, tmp_path: Path, issue: Issue) -> None:
    own = docx.Document()
    for text in ("{{#cases}}", "Hồ sơ {{head.number}} của {{head.owner}}", "{{#timeline}}", "{{who}}: {{what}}"):
        own.add_paragraph(text)
    own.add_paragraph("{{/timeline}}")
    own.add_paragraph("{{/cases}}")
    own.save(str(tmp_path / "own.docx"))
    template, problems = load_case_template(tmp_path / "own.docx")

    write_case_summaries(paper.path, [summary], Form(), issue, template=template)

    assert problems == []
    assert [p.text for p in docx.Document(str(paper.path)).paragraphs] == [
        "Hồ sơ VN7-000123 của Trần Minh Khoa",
        "Trần Minh Khoa: Gọi chị Ng**** T** H*",
    ]


def test_a_leads_bad_template_names_its_tag_and_the_built_in_one_is_used(
    paper: Paper, summary: CaseSummary, tmp_path: Path, issue: Issue
) -> None:
    own = docx.Document()
    own.add_paragraph("{{#cases}}{{head.nummer}}{{/cases}}")
    own.save(str(tmp_path / "own.docx"))

    template, problems = load_case_template(tmp_path / "own.docx")
    write_case_summaries(paper.path, [summary], Form(), issue, template=template)

    assert [problem.tag for problem in problems] == ["{{head.nummer}}"]
    assert "did you mean {{head.number}}?" in problems[0].sentence
    assert headings(docx.Document(str(paper.path)), 1)


def test_the_properties_carry_title_and_case_numbers_and_no_author(paper: Paper, summary: CaseSummary) -> None:
    properties = paper.write(summary).core_properties

    assert (properties.title, properties.keywords) == ("Case summary VN7-000123", "VN7-000123")
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def test_the_same_case_at_the_same_moment_is_the_same_file(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)
    first = paper.written

    paper.write(summary)

    assert paper.written == first


def test_another_word_is_another_content_hash(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)
    first = paper.written.content_hash

    paper.write(replace(summary, statement=None))

    assert paper.written.content_hash != first


@pytest.mark.skipif("not hasattr(__import__('os'), 'geteuid')", reason="rights of POSIX")
def test_the_file_is_private(paper: Paper, summary: CaseSummary) -> None:
    paper.write(summary)

    assert stat.S_IMODE(paper.path.stat().st_mode) == 0o600


# Hostile texts in every field


def filled(record: type, text: str, at: datetime) -> Any:
    """Make a record with the text in every place that takes one."""
    hints = typing.get_type_hints(record)
    values: dict[str, Any] = {}
    for one in dataclasses.fields(record):
        hint = str(hints[one.name])
        if "datetime" in hint:
            values[one.name] = at
        elif hint.startswith("tuple[") and "Picture" not in hint:
            values[one.name] = (text,)
        elif "str" in hint and "Picture" not in hint:
            values[one.name] = text
    return record(**values)


def full_of(text: str, at: datetime) -> CaseSummary:
    made: dict[str, Any] = {one.name: filled(one.record, text, at) for one in sections()}
    held: dict[str, Any] = {one.name: (made[one.name],) if one.many else made[one.name] for one in sections()}
    return CaseSummary(**held)


def assert_text_only(paper: Paper, texts: Sequence[str], at: datetime) -> None:
    summaries = [full_of(text, at) for text in texts]
    paper.write(*summaries, full_personal_data=True, signatures=True)

    parts = paper.parts()
    assert not [name for name, part in parts.items() if 'TargetMode="External"' in part or "attachedTemplate" in part]
    assert not [name for name in parts if re.search(r"vba|activeX|embeddings", name)]
    fields = re.findall(r"<w:instrText[^>]*>\s*(\w+)", "".join(parts.values()))
    assert set(fields) <= {"PAGE", "NUMPAGES", "TOC"}
    assert "<w:fldSimple" not in "".join(parts.values())
    document: Any = docx.Document(str(paper.path))
    said = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    shown = [[plain(text)] * 3 if plain(text) else ["–"] for text in texts]  # An empty statement is not shown at all.
    assert said == [text for case in shown for text in case]


def test_hostile_texts_stay_text_in_every_field(paper: Paper, hostile: list[str], as_of: datetime) -> None:
    assert_text_only(paper, hostile, as_of)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(codec=None), max_size=40), min_size=1, max_size=3))
def test_any_text_stays_text_in_every_field(paper: Paper, as_of: datetime, texts: list[str]) -> None:
    assert_text_only(paper, texts, as_of)


# The same as blocks


def words_of(said: Any) -> list[str]:
    """List every word of a block, whatever its kind."""
    if isinstance(said, Picture):
        return [said.name]
    if dataclasses.is_dataclass(said):
        return words_of(tuple(getattr(said, one.name) for one in dataclasses.fields(said)))
    if isinstance(said, tuple):
        return [word for inner in said for word in words_of(inner)]
    return [said] if isinstance(said, str) and not isinstance(said, Look) else []


@pytest.mark.parametrize("form", [Form(), Form(long=False), Form(internal=True, annex=True, language="vi")])
def test_print_says_what_word_says(paper: Paper, summary: CaseSummary, issue: Issue, form: Form) -> None:
    whole = replace(summary, root_cause=RootCause(whys=("a", "b"), cause="c"))
    blocks = outline(whole, form, issue)

    paper.write(whole, **{one.name: getattr(form, one.name) for one in dataclasses.fields(form)})

    on_paper = " ".join(paper.text().replace("·", " ").split())
    words = [word for block in blocks for word in words_of(block)]
    said = [piece for word in words for piece in re.split(r"[\n·]", word)]
    assert [piece for piece in said if " ".join(piece.strip().strip("()").split()) not in on_paper] == []


def test_the_outline_begins_its_details_on_a_new_page_and_shows_pasted_pictures(
    summary: CaseSummary, issue: Issue
) -> None:
    blocks = outline(summary, Form(), issue)

    assert [block.text for block in blocks if isinstance(block, Heading) and block.new_page] == [
        "What the requester says"
    ]
    notes = [note for block in blocks if isinstance(block, TableBlock) for note in block.notes]
    assert [shown.picture.name for note in notes for shown in note.pictures] == ["đối soát.png"]


def test_a_picture_that_is_gone_does_not_stop_the_document(paper: Paper, summary: CaseSummary) -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    lost = replace(summary.timeline[0], pictures=(Picture("lost.png", gone),))

    paper.write(replace(summary, timeline=(lost,)))

    assert "The picture lost.png cannot be read." in paper.text()


def test_the_built_in_template_has_no_fault_and_tables_share_their_whole_width() -> None:
    _template, problems = load_case_template()

    assert problems == []
    widths = {
        section.name: sum(one.width for one in shown_of(section.record)) for section in sections() if section.many
    }
    assert {name for name, width in widths.items() if width != 100} == {"messages"}  # Those are quoted, not tabled.
