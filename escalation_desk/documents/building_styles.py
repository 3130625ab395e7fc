"""The named styles of the built-in template: quiet greys, one accent, room to breathe."""

from __future__ import annotations

from escalation_desk.documents.wordxml import W_URI

ACCENT, INK, GREY, HAIR, WASH, CHIP = "0E6B6B", "1F2A30", "5B6770", "D3DADE", "F1F6F6", "DCEBEB"
FONT = "Noto Sans"

# Word takes the font named as the other name where Noto Sans is not installed; both know every Vietnamese letter.
FONT_TABLE = (
    f'<w:fonts xmlns:w="{W_URI}"><w:font w:name="{FONT}"><w:altName w:val="Calibri"/>'
    '<w:panose1 w:val="020B0502040504020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)

SETTINGS = (
    f'<w:settings xmlns:w="{W_URI}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode"'
    ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)


def _font(size: float, color: str = INK, *more: str, apart: int = 0) -> str:
    marks = "".join(f"<w:{mark}/>" for mark in more)
    spacing = f'<w:spacing w:val="{apart}"/>' if apart else ""
    half_points = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    return f'{marks}<w:color w:val="{color}"/>{spacing}{half_points}'


def _space(before: float = 0, after: float = 0, line: float = 0) -> str:
    """Set distances in points; a line is at least so high, whichever font stands in for Noto Sans."""
    high = f' w:line="{round(line * 20)}" w:lineRule="atLeast"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{high}/>'


def _style(kind: str, name: str, inside: str, based: str = "") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    named = f'<w:style w:type="{kind}" w:styleId="{_id(name)}"><w:name w:val="{name}"/>'
    return f"{named}{on}<w:qFormat/>{inside}</w:style>"


def _id(name: str) -> str:
    """Make a name an id as Word does; the built-in styles have their names in small letters."""
    known = {"header": "Header", "footer": "Footer", "toc 1": "TOC1"}
    return known.get(name) or "".join(word[:1].upper() + word[1:] for word in name.split())


def _paragraph(name: str, paragraph: str, run: str = "") -> str:
    return _style("paragraph", name, f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr>", "Normal")


def _heading(level: int, spaced: str, font: str) -> str:
    return _paragraph(f"heading {level}", f'{_KEEP}{spaced}<w:outlineLvl w:val="{level - 1}"/>', font)


def _character(name: str, run: str) -> str:
    return _style("character", name, f"<w:rPr>{run}</w:rPr>")


def _table(name: str, borders: str, margins: tuple[int, int, int, int], more: str = "") -> str:
    sides = zip(("top", "left", "bottom", "right"), margins, strict=True)
    around = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    properties = f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{around}</w:tblCellMar>"
    return _style("table", name, f"<w:tblPr>{properties}</w:tblPr>{more}", "TableNormal")


def _border(side: str, size: int, color: str, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{color}"/>'


def _wash(color: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{color}"/>'


# Number, case, priority, and then the title, which hangs under itself where it needs a second line.
_STOPS = [f'<w:tab w:val="left" w:pos="{at}"/>' for at in (454, 1871, 4082)]
_TABS = f"<w:tabs>{''.join(_STOPS)}</w:tabs>"
_HANGING = '<w:ind w:left="4082" w:hanging="4082"/>'
_RIGHT = '<w:tabs><w:tab w:val="right" w:pos="9865"/></w:tabs>'
_KEEP = "<w:keepNext/><w:keepLines/>"
_FACES = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'

# noProof: a document in three languages would otherwise be full of red lines.
_DEFAULTS = (
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_FACES}<w:noProof/>{_font(10)}"
    '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    f"<w:pPrDefault><w:pPr>{_space(after=6, line=14)}</w:pPr></w:pPrDefault></w:docDefaults>"
)
_BASE = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr></w:style>"
)
_HEADER_ROW = (
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
    + _border("bottom", 8, ACCENT)
    + "</w:tcBorders></w:tcPr></w:tblStylePr>"
)
_LINES = _border("bottom", 4, HAIR) + _border("insideH", 4, HAIR)
_BOX = "".join(_border(side, 12, ACCENT) for side in ("top", "left", "bottom", "right"))
_LEFT = '<w:ind w:left="240"/>'

_PARAGRAPHS = (
    _paragraph("Title", _space(0, 4, 34), _font(24, INK, "b")),
    _paragraph("Kicker", _space(0, 1, 11), _font(8, ACCENT, "b", "caps", apart=24)),
    _heading(1, _space(0, 4, 22), _font(15, INK, "b")),
    _heading(2, _space(9, 3, 16), _font(11.5, ACCENT, "b")),
    _heading(3, _space(9, 3, 15), _font(10.5, INK, "b")),
    _paragraph("toc 1", _TABS + _space(4, 4, 15) + _HANGING),
    _paragraph("header", _space(0, 0, 11), _font(8, GREY)),
    _paragraph("footer", _RIGHT + _space(0, 0, 11), _font(7.5, GREY)),
    _paragraph("Small", _space(0, 4, 12), _font(8.5, GREY, "i")),
    _paragraph("Label", _KEEP + _space(0, 0, 12), _font(8, GREY)),
    _paragraph("Fact Label", _space(0, 0, 13), _font(8.5, GREY)),
    _paragraph("Value", _space(0, 0, 13)),
    _paragraph("Chips", _space(0, 6, 16), _font(9)),
    _paragraph("Table Text", _space(0, 0, 13), _font(9)),
    _paragraph("Table Header", "<w:keepNext/>" + _space(0, 0, 12), _font(8, GREY, "b")),
    _paragraph("Caption", _space(0, 2, 11), _font(8, GREY)),
    _paragraph("Picture", "<w:keepNext/>" + _space(4, 1)),
    _paragraph("Quote Head", _KEEP + _space(8, 2, 12), _font(8.5, GREY)),
    _paragraph("Quote", f"<w:pBdr>{_border('left', 18, HAIR, 10)}</w:pBdr>{_space(0, 6, 14)}{_LEFT}"),
    _paragraph(
        "Signature Line",
        f'<w:pBdr>{_border("top", 4, GREY, 3)}</w:pBdr>{_space(44, 0, 12)}<w:ind w:right="240"/>',
        _font(8, GREY),
    ),
    _paragraph("Gap", '<w:spacing w:before="0" w:after="0" w:line="60" w:lineRule="exact"/>', _font(2)),
)
_CHARACTERS = (
    _character("Strong", f'<w:b/><w:color w:val="{INK}"/>'),
    _character("Number", f'<w:b/><w:color w:val="{ACCENT}"/>'),
    _character("Quiet", f'<w:color w:val="{GREY}"/>'),
    _character("Chip", f"<w:b/>{_font(9, ACCENT)}{_wash(CHIP)}"),
)
_TABLES = (
    _table("Desk Table", _LINES, (42, 70, 42, 70), _HEADER_ROW),
    _table("Desk Facts", _LINES, (30, 0, 30, 80)),
    _table("Desk Grid", _border("top", 4, HAIR) + _LINES, (30, 0, 30, 80)),
    _table("Desk Plain", "", (0, 0, 0, 0)),
    _table("Desk Columns", "", (0, 0, 0, 240)),
    _table("Card", _border("left", 24, ACCENT), (36, 170, 36, 120), f"<w:tcPr>{_wash(WASH)}</w:tcPr>"),
    _table("Card Strong", _BOX, (36, 170, 36, 120)),
)
STYLES = f'<w:styles xmlns:w="{W_URI}">{_DEFAULTS}{_BASE}{"".join([*_PARAGRAPHS, *_CHARACTERS, *_TABLES])}</w:styles>'
