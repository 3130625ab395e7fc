"""A case summary as blocks, for print and PDF: the same sections, labels and values as in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.documents.blocks import (
    Beside,
    Block,
    Chips,
    Facts,
    Heading,
    Line,
    Look,
    Paragraph,
    PictureBlock,
    RowNote,
    Signatures,
    TableBlock,
)
from escalation_desk.documents.case_summary import SIGNATURES, Head, shown_of
from escalation_desk.documents.summary_reading import SummaryReader
from escalation_desk.documents.words import NOTHING
from escalation_desk.i18n import _, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from escalation_desk.documents.case_summary import CaseSummary, Form, Issue
    from escalation_desk.documents.summary_reading import Row, View

# As in Word: what is a chip, what stands in the grid, what gets a line of its own where there is something to say.
_CHIPS = ("status", "priority", "severity", "risk_flags")
_GRID = ("owner", "market", "platform", "channel", "received", "first_response", "resolved", "closed")
_LOOKS = {"three_lines": Look.CARD, "decision": Look.STRONG}
_BESIDE = ("goods", "impact")


def outline(summary: CaseSummary, form: Form, issue: Issue, place: str = "") -> list[Block]:
    """Lay out one case as blocks in the language of the form; `place` says which of many it is."""
    with speaking(form.language):
        return list(_outline(summary, form, issue, place))


def contents(summaries: Sequence[CaseSummary], form: Form, issue: Issue, pages: Sequence[int]) -> list[Block]:
    """List the cases of a print with the page on which each begins."""
    with speaking(form.language):
        reader = SummaryReader(form, issue)
        heads = [reader.head(summary) for summary in summaries]
        rows = tuple(
            (head["number"], head["priority"], head["title"], head["status"], str(page))
            for head, page in zip(heads, pages, strict=True)
        )
        named = {one.name: _(one.label) for one in shown_of(Head)}
        header = (*(named[name] for name in ("number", "priority", "title", "status")), _("Page"))
        return [Heading(1, _("Contents")), TableBlock(header, (15, 16, 41, 20, 8), rows)]


def _outline(summary: CaseSummary, form: Form, issue: Issue, place: str) -> Iterator[Block]:
    reader = SummaryReader(form, issue)
    views = reader.views(summary)
    yield from _head(views.pop("head"), place)
    left, right = (tuple(_titled(views.pop(name))) for name in _BESIDE)
    first_page = True
    for view in views.values():
        if first_page and not view.section.first_page:
            yield Beside(left, right)
        yield from _titled(view, new_page=first_page and not view.section.first_page)
        first_page = view.section.first_page
    if first_page:
        yield Beside(left, right)
    annex = reader.annex(summary)
    if annex:
        yield Heading(2, _("Annex: pictures"), new_page=True)
        yield from (PictureBlock(picture, caption) for picture, caption in annex)
    if form.signatures:
        yield Heading(2, _("Signatures"))
        yield Signatures(tuple(_(role) for role in SIGNATURES.values()), _("Name, date, signature"))


def _titled(view: View, *, new_page: bool = False) -> Iterator[Block]:
    yield Heading(2, _(view.section.label), new_page=new_page)
    yield from _section(view)


def _head(view: View, place: str) -> Iterator[Block]:
    values = view.rows[0].values
    labels = {one.name: _(one.label) for one in shown_of(Head)}
    yield Heading(1, values["title"], number=values["number"])
    yield Chips(tuple(word for name in _CHIPS for word in _words(values[name])), place)
    yield Facts(tuple((labels[name], values[name]) for name in _GRID), Look.GRID)
    lines = [name for name in labels if name not in {"number", "title", *_CHIPS, *_GRID}]
    yield Facts(tuple((labels[name], values[name]) for name in lines if values[name] != NOTHING))


def _words(value: str) -> list[str]:
    return [word for word in value.split(" · ") if word != NOTHING]


def _section(view: View) -> Iterator[Block]:
    if not view.rows:
        yield Line(_("None"))
    elif view.section.name == "messages":
        yield from _quotes(view)
    elif view.section.name == "statement":
        yield from _said(view)
    elif view.section.many:
        yield _table(view)
    else:
        yield Facts(tuple(view.facts()), _LOOKS.get(view.section.name, Look.LIST))
    if view.left_out:
        yield Line(view.left_out)


def _table(view: View) -> TableBlock:
    columns = shown_of(view.section.record)
    names = [one.name for one in columns]
    rows = tuple(tuple(row.values[name] for name in names) for row in view.rows)
    header, widths = tuple(_(one.label) for one in columns), tuple(one.width for one in columns)
    noted = names.index("what") if "what" in names else 0
    return TableBlock(header, widths, rows, noted, tuple(map(_note, view.rows)))


def _note(row: Row) -> RowNote:
    return RowNote(row.mark, tuple(PictureBlock(picture, picture.name) for picture in row.pictures))


def _said(view: View) -> Iterator[Block]:
    """Give what the requester says the whole width: it may be long."""
    for label, words in view.facts():
        yield Line(label, leads=True)
        yield Paragraph(words, quoted=True)


def _quotes(view: View) -> Iterator[Block]:
    for row in view.rows:
        yield Line(" · ".join(row.values[name] for name in ("at", "who", "channel")), leads=True)
        yield Paragraph(row.values["text"], quoted=True)
