"""Builds the built-in template of case summaries: `python -m escalation_desk.documents.building`.

The template is committed as the .docx it is, for leads to start from. It is built, not drawn, so that its tables follow
the declarations of the sections: whoever adds a value to one runs this once. A test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.documents.building_styles import FONT_TABLE, SETTINGS, STYLES
from escalation_desk.documents.case_document import BUILT_IN
from escalation_desk.documents.case_summary import SIGNATURES, Section, sections, shown_of
from escalation_desk.documents.package import PackageWriter
from escalation_desk.documents.relations import Relation, Relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
WIDTH = 9_865  # Twips between the margins of 18 mm on A4.
_MARGIN = 1_021
_FACTS = (26, 74)
_CARD = (20, 80)
_HALF = (43, 57)
_BETWEEN = 240  # Twips between columns.


def build(path: Path = BUILT_IN) -> None:
    write_template(path, document(_cases()), "case_summary", "Case summary")


def write_template(path: Path, body: str, kicker: str, title: str) -> None:
    """Write a template: its body, under a header that says what it is (a label's name), with the desk's styles."""
    parts = {
        "word/document.xml": ("officeDocument", body),
        "word/styles.xml": ("styles", STYLES),
        "word/settings.xml": ("settings", SETTINGS),
        "word/fontTable.xml": ("fontTable", FONT_TABLE),
        "word/header1.xml": ("header", _header(kicker)),
        "word/footer1.xml": ("footer", _footer()),
    }
    kinds = {name: kind for name, (kind, _content) in parts.items()}
    own = tuple(Relation(f"rId{n}", kind, name) for n, (name, kind) in enumerate(kinds.items()) if n)
    relations = Relations(kinds, {"word/document.xml": own})
    with path.open("wb") as stream, PackageWriter(stream) as package:
        package.write("[Content_Types].xml", relations.content_types)
        package.write("_rels/.rels", relations.root)
        for name, related in relations.written({}):
            package.write(name, related)
        for name, (_kind, content) in parts.items():
            package.write(name, (_DECLARED + content).encode())
        package.write("docProps/core.xml", (_CORE + f"<dc:title>{title}</dc:title></cp:coreProperties>").encode())


_CORE = (
    f"{_DECLARED}<cp:coreProperties"
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


# Words and paragraphs


def run(text: str, style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str, style: str = "", more: str = "") -> str:
    runs = "".join(one if one.startswith("<") else run(one) for one in inside)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{runs}</w:p>"


def tab() -> str:
    return "<w:r><w:tab/></w:r>"


def page_field(instruction: str) -> str:
    """Make a field that Word and others fill by themselves as they lay out pages."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def when(name: str, *inside: str) -> str:
    return paragraph("{{?" + name + "}}") + "".join(inside) + paragraph("{{/" + name + "}}")


def unless(name: str, *inside: str) -> str:
    return paragraph("{{^" + name + "}}") + "".join(inside) + paragraph("{{/" + name + "}}")


def each(name: str, *inside: str) -> str:
    return paragraph("{{#" + name + "}}") + "".join(inside) + paragraph("{{/" + name + "}}")


# Tables


def table(style: str, widths: Sequence[int], rows: Iterable[str], *, look: str = "", within: int = 1) -> str:
    """Make a table of fixed layout, so that every program gives its columns the same widths."""
    twips = _twips(widths, within)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="{int(bool(look))}" w:lastRow="0"'
        ' w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row(widths: Sequence[int], cells: Sequence[str], *, header: bool = False, within: int = 1) -> str:
    repeats = "<w:tblHeader/>" if header else ""
    made = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(_twips(widths, within), cells, strict=True)
    ]
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(made)}</w:tr>"


def _twips(widths: Sequence[int], within: int) -> list[int]:
    room = WIDTH if within == 1 else WIDTH // within - _BETWEEN
    return [room * width // sum(widths) for width in widths]


def gap() -> str:
    return paragraph(style="Gap")


# The document


def document(body: str) -> str:
    """Put what a template says on A4 pages with header and footer."""
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        f'<w:pgMar w:top="1247" w:right="{_MARGIN}" w:bottom="1134" w:left="{_MARGIN}"'
        ' w:header="567" w:footer="510" w:gutter="0"/></w:sectPr>'
    )
    return f"<w:document {_NAMES}><w:body>{body}{section}</w:body></w:document>"


def _cases() -> str:
    cases = each("cases", *_first_page(), when("long", *_details()), *_signatures())
    return when("contents", *_contents()) + cases


def _header(kicker: str) -> str:
    widths = (50, 50)
    right = '<w:jc w:val="right"/>'
    cells = (
        paragraph("{{label." + kicker + "}}", style="Kicker")
        + paragraph("{{document.organisation}} · {{document.desk}}", style="Header"),
        paragraph(run("{{document.number}}", "Strong"), style="Header", more=right)
        + paragraph("{{document.classification}}", style="Header", more=right),
    )
    inside = table("DeskPlain", widths, [row(widths, cells)])
    return f"<w:hdr {_NAMES}>{inside}{paragraph(style='Gap')}</w:hdr>"


def _footer() -> str:
    pages = ("{{page.before}}", page_field("PAGE"), "{{page.between}}", page_field("NUMPAGES"), "{{page.after}}")
    title = run("{{document.title}}", "Strong")
    first = paragraph(title, run("  ·  {{document.form}}"), tab(), *pages, style="Footer", more=_rule())
    made = "{{document.as_of}} · {{document.by}} · {{document.sync}}"
    second = paragraph(made, tab(), "# {{document.hash}}", style="Footer")
    return f"<w:ftr {_NAMES}>{first}{second}</w:ftr>"


def _rule() -> str:
    return '<w:pBdr><w:top w:val="single" w:sz="4" w:space="5" w:color="D3DADE"/></w:pBdr>'


def _contents() -> list[str]:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        r'<w:r><w:instrText xml:space="preserve"> TOC \o "1-1" \n \h \z </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    entry = (
        '<w:hyperlink w:anchor="{{anchor}}" w:history="1">'
        + run("{{n}}", "Quiet")
        + tab()
        + run("{{number}}", "Number")
        + tab()
        + run("{{priority}}")
        + tab()
        + run("{{title}}")
        + run("  · {{status}}", "Quiet")
        + "</w:hyperlink>"
    )
    return [
        paragraph("{{label.contents}}", style="Title"),
        paragraph("{{document.form}}", style="Small"),
        paragraph(begin, style="Gap"),
        each("contents", paragraph(entry, style="TOC1")),
        paragraph('<w:r><w:fldChar w:fldCharType="end"/></w:r>', style="Gap"),
    ]


def _first_page() -> list[str]:
    named = {section.name: section for section in sections()}
    title = ("{{bookmark:anchor}}", run("{{head.number}}", "Number"), "  {{head.title}}")
    place = ("{{?later}}", run("{{place}}", "Quiet"), "   {{/later}}")
    return [
        when("later", paragraph(*title, style="Heading1", more="<w:pageBreakBefore/>")),
        unless("later", paragraph(*title, style="Heading1")),
        paragraph(*place, "{{#chips}}", run(" {{text}} ", "Chip"), "  ", "{{/chips}}", style="Chips"),
        _head(),
        _heading("three_lines"),
        facts("three_lines", "Card", _CARD),
        _heading("decision"),
        facts("decision", "CardStrong", _CARD),
        _heading("parties"),
        _rows(named["parties"]),
        gap(),  # Two tables that touch are one table.
        _side_by_side("goods", "impact"),
    ]


def _head() -> str:
    """Lay out the head as label over value, four abreast, then the lines that need the whole width."""
    widths = (25, 25, 25, 25)
    grid = [("owner", "market", "platform", "channel"), ("received", "first_response", "resolved", "closed")]
    rows = [row(widths, [stacked(f"head.{name}") for name in names]) for names in grid]
    lines = [line("head", name) for name in ("tickets", "clocks", "deadlines", "linked")]
    return table("DeskGrid", widths, rows) + gap() + table("DeskFacts", _CARD, lines)


def line(section: str, name: str) -> str:
    """Make a row that is there when its value is."""
    tag = f"{section}.{name}"
    label = paragraph("{{?" + tag + ".given}}", "{{label." + tag + "}}", style="FactLabel")
    return row(_CARD, [label, paragraph("{{" + tag + "}}", "{{/" + tag + ".given}}", style="Value")])


def _side_by_side(*names: str) -> str:
    widths = [50] * len(names)
    cells = [_heading(name) + facts(name, "DeskFacts", _HALF, within=len(names)) + gap() for name in names]
    return table("DeskColumns", widths, [row(widths, cells)])


def stacked(name: str) -> str:
    return paragraph("{{label." + name + "}}", style="Label") + paragraph("{{" + name + "}}", style="Value")


def _heading(name: str, *, new_page: bool = False) -> str:
    return paragraph("{{label." + name + "}}", style="Heading2", more="<w:pageBreakBefore/>" if new_page else "")


def _none(name: str) -> str:
    return unless(name, paragraph("{{label.none}}", style="Small")) + when(
        f"{name}.left_out", paragraph("{{" + name + ".left_out}}", style="Small")
    )


def facts(name: str, style: str = "DeskFacts", widths: Sequence[int] = _FACTS, within: int = 1) -> str:
    """List labels and values, one below the other; `within` columns side by side share the page."""
    cells = (
        paragraph("{{#" + name + ".facts}}{{name}}", style="FactLabel"),
        paragraph("{{value}}{{/" + name + ".facts}}", style="Value" if within == 1 else "TableText"),
    )
    return when(name, table(style, widths, [row(widths, cells, within=within)], within=within)) + _none(name)


def _rows(section: Section) -> str:
    columns = shown_of(section.record)
    widths = [column.width for column in columns]
    label = "{{label." + section.name + "."
    header = row(
        widths, [paragraph(label + column.name + "}}", style="TableHeader") for column in columns], header=True
    )
    cells = [_cell(column.name) for column in columns]
    begun = _row_of(section.name, widths, cells)
    return when(section.name, table("DeskTable", widths, [header, *begun], look="header")) + _none(section.name)


def _row_of(name: str, widths: Sequence[int], cells: list[str]) -> list[str]:
    """Put the rows between two rows that hold nothing but the tags of the block; those are not printed."""
    blank = [paragraph(style="TableText")] * (len(cells) - 1)
    begin = row(widths, [paragraph("{{#" + name + "}}", style="TableText"), *blank])
    end = row(widths, [paragraph("{{/" + name + "}}", style="TableText"), *blank])
    return [begin, row(widths, cells), end]


def _cell(name: str) -> str:
    text = paragraph("{{" + name + "}}", style="TableText")
    if name != "what":
        return text
    pictures = each(
        "pictures",
        paragraph("{{image:picture:82x80}}", style="Picture"),
        paragraph("{{caption}}", style="Caption"),
    )
    return text + when("mark", paragraph(run(" {{mark}} ", "Chip"), style="Caption")) + pictures


def _details() -> list[str]:
    parts = []
    for section in sections():
        if section.first_page:
            continue
        heading = _heading(section.name, new_page=section.name == "statement")
        if section.name == "messages":
            parts.append(when("with_messages", heading, _quotes()))
        elif section.name == "statement":
            parts += [heading, _statement(section)]
        else:
            parts += [heading, _rows(section) if section.many else facts(section.name)]
    picture = [paragraph("{{image:picture:174x200}}", style="Picture"), paragraph("{{caption}}", style="Caption")]
    annex = paragraph("{{label.annex}}", style="Heading2", more="<w:pageBreakBefore/>")
    return [*parts, when("with_annex", annex, each("annex", *picture))]


def _statement(section: Section) -> str:
    """Give what the requester says the whole width: it may be long."""
    tags = [f"{section.name}.{one.name}" for one in shown_of(section.record)]
    said = [
        when(
            f"{tag}.given",
            paragraph("{{label." + tag + "}}", style="QuoteHead"),
            paragraph("{{" + tag + "}}", style="Quote"),
        )
        for tag in tags
    ]
    return when(section.name, *said) + _none(section.name)


def _quotes() -> str:
    said = paragraph(run("{{at}} · {{who}} · {{channel}}"), style="QuoteHead")
    return each("messages", said, paragraph("{{text}}", style="Quote")) + _none("messages")


def _signatures() -> list[str]:
    widths = [33] * len(SIGNATURES)
    line = paragraph("{{label.name_date}}", style="SignatureLine")
    cells = [paragraph("{{label." + role + "}}", style="Label") + line for role in SIGNATURES]
    heading = paragraph("{{label.signatures}}", style="Heading2")
    return [when("with_signatures", heading, table("DeskPlain", widths, [row(widths, cells)]))]


if __name__ == "__main__":
    BUILT_IN.parent.mkdir(parents=True, exist_ok=True)
    build()
