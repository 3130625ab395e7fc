"""A case summary as blocks, for print and PDF: the same sections, labels and values as in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.documents.blocks import Block, Facts, Heading, Line, Paragraph, PictureBlock, TableBlock
from escalation_desk.documents.case_summary import SIGNATURES, Head, shown_of
from escalation_desk.documents.summary_reading import SummaryReader
from escalation_desk.documents.words import NOTHING
from escalation_desk.i18n import _, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.documents.case_summary import CaseSummary, Form, Issue
    from escalation_desk.documents.summary_reading import View


def outline(summary: CaseSummary, form: Form, issue: Issue) -> list[Block]:
    """Lay out one case as blocks in the language of the form."""
    with speaking(form.language):
        return list(_outline(summary, form, issue))


def _outline(summary: CaseSummary, form: Form, issue: Issue) -> Iterator[Block]:
    reader = SummaryReader(form, issue)
    views = reader.views(summary)
    yield from _head(views.pop("head"))
    first_page = True
    for view in views.values():
        yield Heading(2, _(view.section.label), new_page=first_page and not view.section.first_page)
        first_page = view.section.first_page
        yield from _section(view)
    annex = reader.annex(summary)
    if annex:
        yield Heading(2, _("Annex: pictures"), new_page=True)
        yield from (PictureBlock(picture, caption) for picture, caption in annex)
    if form.signatures:
        yield Heading(2, _("Signatures"))
        yield TableBlock(tuple(_(role) for role in SIGNATURES.values()), (33, 33, 34), (("\n\n\n",) * len(SIGNATURES),))


def _head(view: View) -> Iterator[Block]:
    values = view.rows[0].values
    yield Heading(1, f"{values['number']} · {values['title']}")
    named = [(one.name, _(one.label)) for one in shown_of(Head)]
    pairs = [(label, values[name]) for name, label in named if name not in {"number", "title"}]
    yield Facts(tuple((label, value) for label, value in pairs if value != NOTHING))


def _section(view: View) -> Iterator[Block]:
    if not view.rows:
        yield Line(_("None"))
    elif view.section.name == "messages":
        yield from _quotes(view)
    elif view.section.many:
        yield _table(view)
        yield from _pictures(view)
    else:
        yield Facts(tuple(view.facts()))
    if view.left_out:
        yield Line(view.left_out)


def _table(view: View) -> TableBlock:
    columns = shown_of(view.section.record)
    marked = [
        dict(row.values, what=f"{row.values['what']}\n({row.mark})") if row.mark else row.values for row in view.rows
    ]
    rows = tuple(tuple(values[one.name] for one in columns) for values in marked)
    return TableBlock(tuple(_(one.label) for one in columns), tuple(one.width for one in columns), rows)


def _quotes(view: View) -> Iterator[Block]:
    for row in view.rows:
        yield Line(" · ".join(row.values[name] for name in ("at", "who", "channel")))
        yield Paragraph(row.values["text"], quoted=True)


def _pictures(view: View) -> Iterator[Block]:
    for row in view.rows:
        for picture in row.pictures:
            yield PictureBlock(picture, f"{row.values['at']} · {picture.name}")
