"""A template that a lead edits: filled as written, and where it cannot be, the bad tag is named."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.documents.pictures import Picture
from escalation_desk.documents.properties import Properties
from escalation_desk.documents.tags import Tags
from escalation_desk.documents.template import UnfitTemplate, load_template, read_template
from escalation_desk.documents.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROW = Tags(frozenset({"name", "due"}), frozenset({"picture"}), frozenset(), {"steps": Tags(frozenset({"what"}))})
TAGS = Tags(frozenset({"case.title", "case.number"}), frozenset({"logo"}), frozenset({"anchor"}), {"rows": ROW})
PROPERTIES = Properties("Hồ sơ", "a & b", "VN7-1, VN7-2", datetime(2026, 11, 24, 7, 30, tzinfo=UTC), "vi")


@dataclass
class Bench:
    """Makes templates with python-docx, fills them, and opens what came out with python-docx again."""

    folder: Path
    tags: Tags = TAGS
    extra: dict[str, Any] = field(default_factory=dict)

    def save(self, document: Any, name: str = "template.docx") -> Path:
        document.save(self.folder / name)
        return self.folder / name

    def lines(self, *paragraphs: str) -> Path:
        document = docx.Document()
        for text in paragraphs:
            document.add_paragraph(text)
        return self.save(document)

    def bytes(self, path: Path, **values: Any) -> bytes:
        stream = io.BytesIO()
        read_template(path, self.tags).fill(stream, values, PROPERTIES)
        return stream.getvalue()

    def fill(self, path: Path, **values: Any) -> Any:
        return docx.Document(io.BytesIO(self.bytes(path, **values)))

    def text(self, path: Path, **values: Any) -> list[str]:
        return [paragraph.text for paragraph in self.fill(path, **values).paragraphs]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def problems_of(path: Path, tags: Tags = TAGS) -> list[tuple[str, str]]:
    with pytest.raises(UnfitTemplate) as unfit:
        read_template(path, tags)
    return [(problem.tag, problem.sentence) for problem in unfit.value.problems]


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """Change a template behind Word's back."""
    with zipfile.ZipFile(path) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (parts | more).items():
            if content is not None:
                new.writestr(name, content)
    return path


def replacing(part: str, old: str, new: str) -> Callable[[str, bytes], bytes]:
    return lambda name, content: content.replace(old.encode(), new.encode()) if name == part else content


# Filling


def test_a_value_stands_where_its_tag_stood(bench: Bench) -> None:
    path = bench.lines("Case {{case.number}}: {{ Case.Title }}.")

    assert bench.text(path, **{"case.number": "VN7-1", "case.title": "Đơn hàng trễ"}) == ["Case VN7-1: Đơn hàng trễ."]


def test_a_tag_that_word_split_over_runs_is_joined_and_keeps_the_look_of_its_first_run(bench: Bench) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Case ")
    paragraph.add_run("{{ca").bold = True
    paragraph._p.append(paragraph._p.makeelement(qn("w:proofErr"), {qn("w:type"): "spellStart"}))
    paragraph.add_run("se.").italic = True
    paragraph.add_run("title}} ends")

    filled = bench.fill(bench.save(document), **{"case.title": "A"}).paragraphs[0]

    assert filled.text == "Case A ends"
    assert [(run.text, run.bold) for run in filled.runs if run.text] == [("Case ", None), ("A", True), (" ends", None)]


def test_tags_in_header_footer_and_table_cells_are_filled(bench: Bench) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "H {{case.number}}"
    document.sections[0].footer.paragraphs[0].text = "F {{case.number}}"
    document.add_table(1, 1).cell(0, 0).text = "C {{case.number}}"

    filled = bench.fill(bench.save(document), **{"case.number": "7"})

    assert filled.sections[0].header.paragraphs[0].text == "H 7"
    assert filled.sections[0].footer.paragraphs[0].text == "F 7"
    assert filled.tables[0].cell(0, 0).text == "C 7"


def test_a_block_repeats_the_paragraphs_between_its_tags(bench: Bench) -> None:
    path = bench.lines("before", "{{#rows}}", "{{name}}", "due {{due}}", "{{/rows}}", "after")

    rows = [{"name": "a", "due": "1"}, {"name": "b", "due": "2"}]

    assert bench.text(path, rows=rows) == ["before", "a", "due 1", "b", "due 2", "after"]
    assert bench.text(path, rows=[]) == ["before", "after"]


def test_blocks_nest_and_inner_ones_see_the_names_outside(bench: Bench) -> None:
    path = bench.lines(
        "{{#rows}}", "{{name}}", "{{#steps}}", "{{name}}/{{what}}/{{case.number}}", "{{/steps}}", "{{/rows}}"
    )

    rows = [{"name": "a", "steps": [{"what": "x"}, {"what": "y"}]}, {"name": "b", "steps": []}]

    assert bench.text(path, rows=rows, **{"case.number": "7"}) == ["a", "a/x/7", "a/y/7", "b"]


def test_blocks_that_begin_or_end_side_by_side_do_not_tangle(bench: Bench) -> None:
    path = bench.lines("{{#rows}}{{?steps}}", "{{name}}", "{{/steps}}{{/rows}}{{^rows}}", "none", "{{/rows}}")

    assert bench.text(path, rows=[{"name": "a", "steps": [{}]}, {"name": "b", "steps": []}]) == ["a"]
    assert bench.text(path, rows=[]) == ["none"]


def test_a_block_within_a_paragraph_repeats_words(bench: Bench) -> None:
    path = bench.lines("Flags: {{#rows}}[{{name}}] {{/rows}}{{^rows}}none{{/rows}}.")

    assert bench.text(path, rows=[{"name": "a"}, {"name": "b"}]) == ["Flags: [a] [b] ."]
    assert bench.text(path, rows=[]) == ["Flags: none."]


def table_of(document: Any, *rows: tuple[str, ...]) -> Any:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return table


def cells_of(document: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[0].rows]


@pytest.mark.parametrize(
    "rows",
    [
        [("Name", "Due"), ("{{#rows}}{{name}}", "{{due}}{{/rows}}")],
        [("Name", "Due"), ("{{#rows}}", ""), ("{{name}}", "{{due}}"), ("{{/rows}}", "")],
    ],
)
def test_a_block_repeats_table_rows_in_either_way_of_writing_it(bench: Bench, rows: list[tuple[str, ...]]) -> None:
    document = docx.Document()
    table_of(document, *rows)

    filled = bench.fill(bench.save(document), rows=[{"name": "a", "due": "1"}, {"name": "b", "due": "2"}])

    assert cells_of(filled) == [["Name", "Due"], ["a", "1"], ["b", "2"]]


def test_an_empty_list_can_say_so_in_its_table(bench: Bench) -> None:
    document = docx.Document()
    table_of(document, ("Name", "Due"), ("{{#rows}}{{name}}", "{{due}}{{/rows}}"), ("{{^rows}}none", "{{/rows}}"))
    path = bench.save(document)

    assert cells_of(bench.fill(path, rows=[])) == [["Name", "Due"], ["none", ""]]
    assert cells_of(bench.fill(path, rows=[{"name": "a", "due": "1"}])) == [["Name", "Due"], ["a", "1"]]


def test_a_whole_table_is_left_out_when_there_is_nothing_in_it(bench: Bench) -> None:
    document = docx.Document()
    document.add_paragraph("{{?rows}}")
    table_of(document, ("{{#rows}}{{name}}", "{{/rows}}"))
    document.add_paragraph("{{/rows}}")
    path = bench.save(document)

    assert bench.fill(path, rows=[]).tables == []
    assert cells_of(bench.fill(path, rows=[{"name": "a"}])) == [["a", ""]]


def test_a_cell_whose_blocks_are_all_empty_keeps_a_paragraph(bench: Bench) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{{#rows}}"
    for text in ("{{name}}", "{{/rows}}"):
        cell.add_paragraph(text)
    path = bench.save(document)

    assert len(bench.fill(path, rows=[]).tables[0].cell(0, 0)._tc.findall(qn("w:p"))) == 1
    assert bench.fill(path, rows=[{"name": "a"}]).tables[0].cell(0, 0).text.strip() == "a"


def test_line_breaks_and_tabs_of_a_value_are_kept(bench: Bench) -> None:
    assert bench.text(bench.lines("{{case.title}}"), **{"case.title": "one\r\ntwo\tthree"}) == ["one\ntwo\tthree"]


def test_a_value_that_was_not_given_is_loud(bench: Bench) -> None:
    path = bench.lines("Dear {{case.title}}, {{case.number}}.")

    assert bench.text(path, **{"case.title": None, "case.number": ""}) == ["Dear ⟦case.title?⟧, ."]


def test_rows_are_asked_for_one_by_one_so_that_whoever_gives_them_can_stop(bench: Bench) -> None:
    def rows() -> Any:
        yield {"name": "a"}
        raise InterruptedError

    with pytest.raises(InterruptedError):
        bench.bytes(bench.lines("{{#rows}}", "{{name}}", "{{/rows}}"), rows=rows())


def test_a_picture_is_placed_scaled_with_its_name_as_its_text(bench: Bench, png: bytes) -> None:
    path = bench.lines("{{#rows}}", "{{image:picture:50x40}}", "{{/rows}}")

    filled = bench.fill(path, rows=[{"picture": Picture("màn hình.png", lambda: png)}] * 2)

    shapes = list(filled.inline_shapes)
    assert [round(shape.width.mm) for shape in shapes] == [50, 50]
    assert [shape._inline.docPr.get("descr") for shape in shapes] == ["màn hình.png"] * 2
    assert len({shape._inline.docPr.id for shape in shapes}) == 2
    assert len({shape._inline.graphic.graphicData.pic.blipFill.blip.embed for shape in shapes}) == 1


def test_a_picture_that_cannot_be_read_is_told_in_its_place(bench: Bench) -> None:
    path = bench.lines("{{#rows}}", "{{image:picture}}", "{{/rows}}")

    assert bench.text(path, rows=[{"picture": Picture("a.gif", lambda: b"GIF89a")}]) == [
        "a.gif is not a PNG or JPEG picture and was left out."
    ]


def test_a_bookmark_and_a_link_to_it_carry_the_same_name(bench: Bench) -> None:
    document = docx.Document()
    document.add_paragraph("{{bookmark:anchor}}Here")
    link = document.add_paragraph()._p
    hyperlink = link.makeelement(qn("w:hyperlink"), {qn("w:anchor"): "{{anchor}}"})
    link.append(hyperlink)

    body = bench.fill(bench.save(document), anchor="_Toc1").element.body

    assert [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))] == ["_Toc1"]
    assert [mark.get(qn("w:anchor")) for mark in body.iter(qn("w:hyperlink"))] == ["_Toc1"]


def test_the_name_of_a_bookmark_is_letters_and_digits_only(bench: Bench) -> None:
    with pytest.raises(ValueError, match="no name for a bookmark"):
        bench.bytes(bench.lines("{{bookmark:anchor}}"), anchor='x" w:id="1')


def test_the_same_values_make_the_same_file(bench: Bench) -> None:
    path = bench.lines("{{case.title}}")

    assert bench.bytes(path, **{"case.title": "A"}) == bench.bytes(path, **{"case.title": "A"})


def test_the_properties_say_what_it_is_and_not_who_made_it(bench: Bench) -> None:
    properties = bench.fill(bench.lines("x")).core_properties

    assert (properties.title, properties.subject, properties.keywords) == ("Hồ sơ", "a & b", "VN7-1, VN7-2")
    assert (properties.author, properties.last_modified_by, properties.language) == ("", "", "vi")
    assert properties.created == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def test_what_a_template_carries_along_unseen_is_left_behind(bench: Bench) -> None:
    names = zipfile.ZipFile(io.BytesIO(bench.bytes(bench.lines("x")))).namelist()

    assert not [name for name in names if "thumbnail" in name or "customXml" in name or "app.xml" in name]


# Hostile values


def assert_text_only(bench: Bench, texts: list[str]) -> None:
    path = bench.lines("{{#rows}}", "{{name}}", "{{/rows}}")
    content = bench.bytes(path, rows=[{"name": text} for text in texts])

    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert paragraphs == [plain(text) for text in texts]
    assert all(unicodedata.is_normalized("NFC", text) for text in paragraphs)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name).decode() for name in file.namelist() if name.endswith((".xml", ".rels"))}
    assert not [name for name, part in parts.items() if 'TargetMode="External"' in part]
    assert not [name for name, part in parts.items() if "<w:instrText" in part or "<w:fldSimple" in part]


def test_hostile_texts_stay_text(bench: Bench, hostile: list[str]) -> None:
    assert_text_only(bench, hostile)


@given(texts=st.lists(st.text(st.characters(codec=None), max_size=60), max_size=10))
def test_any_text_stays_text(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    assert_text_only(Bench(tmp_path_factory.mktemp("template")), texts)


# Templates that are wrong


@pytest.mark.parametrize(
    ("lines", "tag", "sentence"),
    [
        (["{{case.titel}}"], "{{case.titel}}", "{{case.titel}} in the text is not known; did you mean {{case.title}}?"),
        (["{{zebra}}"], "{{zebra}}", "{{zebra}} in the text is not known."),
        (["{{name}}"], "{{name}}", "{{name}} in the text is known, but not at this place."),
        (["{{#rows}}", "{{name}}"], "{{#rows}}", "{{#rows}} in the text has no end; add {{/rows}}."),
        (["{{/rows}}"], "{{/rows}}", "{{/rows}} in the text ends what was not begun."),
        (["{{case.title"], "{{case.title", "{{case.title in the text is not a tag: write it like {{case.title}}."),
        (["{{a b!}}"], "{{a b!}}", "{{a b!}} in the text is not a tag: write it like {{case.title}}."),
        (
            ["{{image:case.title}}"],
            "{{image:case.title}}",
            "{{image:case.title}} in the text is known, but not at this place.",
        ),
        (["{% if x %}{{ 7*7 }}"], "{{ 7*7 }}", "{{ 7*7 }} in the text is not a tag: write it like {{case.title}}."),
    ],
)
def test_a_bad_tag_is_named(bench: Bench, lines: list[str], tag: str, sentence: str) -> None:
    assert problems_of(bench.lines(*lines)) == [(tag, sentence)]


def test_every_bad_tag_is_named_with_its_place(bench: Bench) -> None:
    document = docx.Document()
    document.add_paragraph("{{case.titel}} {{#rows}}{{nam}}{{/rows}}")
    document.sections[0].header.paragraphs[0].text = "{{case.numbr}}"

    problems = problems_of(bench.save(document))

    assert [tag for tag, _sentence in problems] == ["{{case.titel}}", "{{nam}}", "{{case.numbr}}"]
    assert "in the header" in problems[2][1]


def test_blocks_that_cross_are_told(bench: Bench) -> None:
    tags = Tags(blocks={"a": Tags(), "b": Tags()})

    problems = problems_of(bench.lines("{{#a}}", "{{#b}}", "{{/a}}", "{{/b}}"), tags)

    assert [tag for tag, _sentence in problems] == ["{{#b}}", "{{/b}}"]


def test_a_bad_template_falls_back_to_the_built_in_one_and_says_why(bench: Bench) -> None:
    built_in = bench.save(docx.Document(), "built-in.docx")

    template, problems = load_template(bench.lines("{{case.titel}}"), TAGS, built_in=built_in)

    assert template.name == "built-in.docx"
    assert [problem.tag for problem in problems] == ["{{case.titel}}"]


def test_a_good_template_is_used_without_a_word(bench: Bench) -> None:
    template, problems = load_template(bench.lines("{{case.title}}"), TAGS, built_in=bench.folder / "not needed")

    assert (template.name, problems) == ("template.docx", [])


def test_without_a_template_of_ones_own_the_built_in_one_is_used(bench: Bench) -> None:
    template, problems = load_template(None, TAGS, built_in=bench.lines("{{case.title}}"))

    assert (template.name, problems) == ("template.docx", [])


# Templates that mean harm


def test_a_template_that_reaches_outside_is_refused(bench: Bench) -> None:
    path = rewritten(
        bench.lines("x"),
        replacing(
            "word/_rels/document.xml.rels",
            "</Relationships>",
            '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
            ' Target="http://evil.example/x.png" TargetMode="External"/></Relationships>',
        ),
    )

    assert "points to something outside itself (http://evil.example/x.png)" in problems_of(path)[0][1]


def test_a_template_attached_to_a_remote_template_is_refused(bench: Bench) -> None:
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'attachedTemplate" Target="file:///\\\\evil\\t.dotx" TargetMode="External"/></Relationships>'
    )
    path = rewritten(
        bench.lines("x"), lambda _name, content: content, **{"word/_rels/settings.xml.rels": rels.encode()}
    )

    assert "points to something outside itself" in problems_of(path)[0][1]


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/activeX/activeX1.xml", "word/embeddings/oleObject1.bin"])
def test_a_template_with_a_macro_or_object_is_refused(bench: Bench, part: str) -> None:
    path = rewritten(bench.lines("x"), lambda _name, content: content, **{part: b"x"})

    assert "holds a macro or an embedded object" in problems_of(path)[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_template_with_a_document_type_is_refused(bench: Bench, encoding: str) -> None:
    def with_doctype(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        body = content.decode().split("?>", 1)[1]
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return f'<?xml version="1.0" encoding="{encoding}"?>{bomb}{body}'.encode(encoding)

    problems = problems_of(rewritten(bench.lines("x"), with_doctype))

    assert "document type declaration" in problems[0][1]


def test_a_zip_bomb_is_refused_by_what_comes_out_of_it(bench: Bench) -> None:
    path = rewritten(bench.lines("x"), lambda _name, content: content, **{"word/media/a.png": b"\0" * 30_000_000})

    assert path.stat().st_size < 100_000
    assert "unpacks to more than a template may hold" in problems_of(path)[0][1]


def test_many_parts_are_refused(bench: Bench) -> None:
    more = {f"word/media/{n}.png": b"" for n in range(600)}

    assert "not built like a Word file" in problems_of(rewritten(bench.lines("x"), lambda _n, c: c, **more))[0][1]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "template.docx"
    path.write_bytes(content)

    assert "is not a Word file" in problems_of(path)[0][1]


def test_a_template_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "cannot be read" in problems_of(tmp_path / "gone.docx")[0][1]


@pytest.mark.parametrize(
    "pieces", [["DDEAUTO cmd"], ["DD", "EAUTO cmd"], ['INCLUDEPICTURE "http://evil.example/x"'], ["IF 1"]]
)
def test_a_field_that_fetches_or_runs_is_refused(bench: Bench, pieces: list[str]) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()._p
    for kind in ("begin", *pieces, "end"):
        run = paragraph.makeelement(qn("w:r"), {})
        if kind in {"begin", "end"}:
            run.append(run.makeelement(qn("w:fldChar"), {qn("w:fldCharType"): kind}))
        else:
            run.append(run.makeelement(qn("w:instrText"), {}))
            run[0].text = kind
        paragraph.append(run)

    assert "which a template may not have" in problems_of(bench.save(document))[0][1]


def test_page_numbers_are_fields_a_template_may_have(bench: Bench) -> None:
    document = docx.Document()
    field_ = document.add_paragraph()._p
    field_.append(field_.makeelement(qn("w:fldSimple"), {qn("w:instr"): " PAGE "}))

    assert bench.text(bench.save(document)) == [""]
