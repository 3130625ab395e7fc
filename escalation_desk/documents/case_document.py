"""Case summaries as a Word file: one or many in one, filled from a template that a lead can edit.

One template serves all languages: its fixed words are tags too (`{{label.timeline}}`), said in the language chosen at
export. So a lead edits one file, not three that drift apart, and a new label is translated in the catalogue with all
the others; a desk that wants its own words types them over the tag.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from escalation_desk.documents.case_summary import SIGNATURES, CaseSummary, Form, Issue, sections, shown_of
from escalation_desk.documents.files import Cancelled, never, no_progress, replace_file
from escalation_desk.documents.pictures import Picture
from escalation_desk.documents.properties import Properties
from escalation_desk.documents.summary_reading import SummaryReader
from escalation_desk.documents.tags import Tags
from escalation_desk.documents.template import load_template
from escalation_desk.documents.words import NOTHING, stamp, utc_offset
from escalation_desk.i18n import N_, _, speaking
from escalation_desk.resources import file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.documents.summary_reading import Row, View
    from escalation_desk.documents.tags import Problem
    from escalation_desk.documents.template import Template

_NAMES = {
    kind: tuple(one.name for one in dataclasses.fields(kind))
    for kind in (Form, Issue, CaseSummary, *(section.record for section in sections()))
}
BUILT_IN = file("templates") / "case-summary.docx"
_CHIPS = ("status", "priority", "severity")
_HASH_SHOWN = 12
_UNBROKEN = "\N{NO-BREAK SPACE}"  # A chip stays in one piece.

# Fixed words of the template that belong to no section.
WORDS = {
    "case_summary": N_("Case summary"),
    "contents": N_("Contents"),
    "none": N_("None"),
    "annex": N_("Annex: pictures"),
    "signatures": N_("Signatures"),
    "name_date": N_("Name, date, signature"),
    **SIGNATURES,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: for the log of exports."""

    sha256: str
    content_hash: str
    cases: int


def load_case_template(path: Path | None = None) -> tuple[Template, list[Problem]]:
    """Read a lead's template for case summaries, or the built-in one; say what is wrong with the lead's."""
    return load_template(path, case_tags(), built_in=BUILT_IN)


def case_tags() -> Tags:
    """List the tags that a template of case summaries may use; the declarations say which."""
    labels = {f"label.{name}" for name in WORDS}
    values, blocks = set(_CASE_VALUES), dict(_CASE_BLOCKS)
    for section in sections():
        names = {one.name for one in shown_of(section.record)}
        labels |= {f"label.{section.name}", *(f"label.{section.name}.{name}" for name in names)}
        blocks[section.name] = Tags(frozenset(names | {"n", "mark"}), blocks={"pictures": _PICTURES})
        values |= {f"{section.name}.left_out"}
        if not section.many:
            values |= {f"{section.name}.{name}" for name in names} | {f"{section.name}.{name}.given" for name in names}
            blocks[f"{section.name}.facts"] = Tags(frozenset({"name", "value"}))
    case = Tags(frozenset(values), anchors=frozenset({"anchor"}), blocks=blocks)
    contents = Tags(frozenset({"n", "number", "title", "priority", "status"}), anchors=frozenset({"anchor"}))
    return Tags(frozenset(labels | set(DOCUMENT_VALUES)), blocks={"cases": case, "contents": contents})


def write_case_summaries(
    path: Path,
    summaries: Sequence[CaseSummary],
    form: Form,
    issue: Issue,
    *,
    template: Template | None = None,
    progress: Callable[[int, int], None] = no_progress,
    cancelled: Callable[[], bool] = never,
) -> Written:
    """Write one .docx of all the cases, in the order given; with several, a table of contents comes first."""
    digest = content_hash(summaries, form, issue)
    chosen = template or load_case_template()[0]

    def write(stream: IO[bytes]) -> None:
        with speaking(form.language):
            reader = SummaryReader(form, issue)
            values = _document(summaries, form, issue, digest)
            values["contents"] = _contents(summaries, reader)
            values["cases"] = _Cases(summaries, reader, progress, cancelled)
            chosen.fill(stream, values, _properties(summaries, form, issue))
            progress(len(summaries), len(summaries))

    return Written(replace_file(path, write), digest, len(summaries))


def content_hash(summaries: Sequence[CaseSummary], form: Form, issue: Issue) -> str:
    """Hash what the document says, before it is laid out: its first signs stand on every page."""
    digest = hashlib.sha256()
    for one in (form, issue, *summaries):
        told: list[str] = []
        _tell(one, told)
        digest.update("\0".join(told).encode("utf-8", "replace"))
    return digest.hexdigest()


def _tell(value: Any, told: list[str]) -> None:
    if isinstance(value, str):
        told.append(value)
    elif isinstance(value, tuple):
        told.append(str(len(value)))
        for one in value:
            _tell(one, told)
    elif isinstance(value, Picture):
        told.append(value.name)
    elif value.__class__ in _NAMES:
        for name in _NAMES[value.__class__]:
            _tell(getattr(value, name), told)
    else:
        told.append(str(value))


def _properties(summaries: Sequence[CaseSummary], form: Form, issue: Issue) -> Properties:
    title = _("Case summary")
    if len(summaries) == 1:
        title = f"{title} {summaries[0].head.number}"
    keywords = ", ".join(summary.head.number for summary in summaries)
    return Properties(title, classification(summaries, form), keywords, issue.as_of, form.language)


def classification(summaries: Sequence[CaseSummary], form: Form) -> str:
    """Say what the document gives away; a screenshot shows what it shows, whatever the words are masked to."""
    if form.full_personal_data:
        return _("Confidential – contains personal data")
    if form.long and any(_shows_pictures(summary, form) for summary in summaries):
        return _("Confidential – personal data masked, except in pictures")
    return _("Confidential – personal data masked")


def _shows_pictures(summary: CaseSummary, form: Form) -> bool:
    pasted = form.pictures and any(one.pictures for one in summary.timeline if form.internal or not one.internal)
    return pasted or (form.annex and any(one.picture for one in summary.evidence if form.internal or not one.internal))


DOCUMENT_VALUES = (
    "document.title",
    "document.number",
    "document.classification",
    "document.organisation",
    "document.desk",
    "document.as_of",
    "document.sync",
    "document.by",
    "document.form",
    "document.hash",
    "page.before",
    "page.between",
    "page.after",
)


def _document(summaries: Sequence[CaseSummary], form: Form, issue: Issue, digest: str) -> dict[str, Any]:
    title = _properties(summaries, form, issue).title
    return _labels() | on_every_page(title, classification(summaries, form), form_said(form), issue, digest)


def on_every_page(title: str, private: str, form: str, issue: Issue, digest: str) -> dict[str, Any]:
    """Say what stands in header and footer: what this is, how private, in which form, made when, by whom."""
    before, between, after = _("Page {page} of {pages}", page="\x00", pages="\x00").split("\x00")
    return {
        "document.title": title,
        "document.number": issue.number,
        "document.classification": private,
        "document.organisation": issue.organisation,
        "document.desk": issue.desk,
        "document.as_of": f"{stamp(issue.as_of, issue.zone)} {utc_offset(issue.as_of, issue.zone)}",
        "document.sync": issue.sync_state,
        "document.by": issue.by,
        "document.form": form,
        "document.hash": digest[:_HASH_SHOWN],
        "page.before": before,
        "page.between": between,
        "page.after": after,
    }


def form_said(form: Form) -> str:
    """Say what kind of document this is, so that nobody takes a short form for the whole."""
    said = [_("Long form") if form.long else _("Short form: first page only")]
    if form.long:
        said.append(_("with internal entries") if form.internal else _("without internal entries"))
    said.append(_("personal data in full") if form.full_personal_data else _("personal data masked"))
    return " · ".join(said)


def _labels() -> dict[str, str]:
    labels = {f"label.{name}": _(text) for name, text in WORDS.items()}
    for section in sections():
        labels[f"label.{section.name}"] = _(section.label)
        labels |= {f"label.{section.name}.{one.name}": _(one.label) for one in shown_of(section.record)}
    return labels


def _contents(summaries: Sequence[CaseSummary], reader: SummaryReader) -> list[dict[str, Any]]:
    if len(summaries) < 2:
        return []
    heads = (reader.head(summary) for summary in summaries)
    return [{**head, "n": str(n), "anchor": _anchor(n)} for n, head in enumerate(heads, start=1)]


def _anchor(n: int) -> str:
    return f"_Toc{n:08d}"  # The name that Word gives to its own marks for a table of contents.


class _Cases(Sequence[Mapping[str, Any]]):
    """The cases as values for the template, each made when the template gets to it, so that memory stays flat."""

    def __init__(
        self,
        summaries: Sequence[CaseSummary],
        reader: SummaryReader,
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._summaries = summaries
        self._reader = reader
        self._progress = progress
        self._cancelled = cancelled

    def __len__(self) -> int:
        return len(self._summaries)

    def __getitem__(self, at: Any) -> Any:
        if self._cancelled():
            raise Cancelled
        summary = self._summaries[at]
        self._progress(at, len(self))
        return _case(self._reader, summary, at + 1, len(self))


_PICTURES = Tags(frozenset({"caption"}), frozenset({"picture"}))
_CASE_VALUES = ("place", "long", "later", "with_messages", "with_annex", "with_signatures")
_CASE_BLOCKS = {
    "chips": Tags(frozenset({"text"})),
    "annex": _PICTURES,
}


def _case(reader: SummaryReader, summary: CaseSummary, n: int, total: int) -> dict[str, Any]:
    form = reader.form
    views = reader.views(summary)
    annex = [{"picture": picture, "caption": caption} for picture, caption in reader.annex(summary)]
    values: dict[str, Any] = {
        "place": _("{n} of {total}", n=n, total=total) if total > 1 else "",
        "anchor": _anchor(n),
        "later": total > 1,
        "long": form.long,
        "with_messages": form.long and form.messages,
        "with_annex": bool(annex),
        "with_signatures": form.signatures,
        "annex": annex,
        "chips": chips(views["head"].rows[0].values),
    }
    for name, view in views.items():
        values |= _section(name, view)
    return values


def chips(head: Mapping[str, str]) -> list[dict[str, str]]:
    """Set state, priority, severity and risks in a row of chips."""
    said = [head[name] for name in _CHIPS]
    said += head["risk_flags"].split(" · ")
    return [{"text": text.replace(" ", _UNBROKEN)} for text in said if text != NOTHING]


def _section(name: str, view: View) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: [_row(row, n) for n, row in enumerate(view.rows, start=1)],
        f"{name}.left_out": view.left_out,
    }
    if not view.section.many:
        blank = {one.name: NOTHING for one in shown_of(view.section.record)}
        own = view.rows[0].values if view.rows else blank
        values |= {f"{name}.{key}": value for key, value in own.items()}
        values |= {f"{name}.{key}.given": value != NOTHING for key, value in own.items()}
        values[f"{name}.facts"] = [{"name": label, "value": value} for label, value in view.facts()]
    return values


def _row(row: Row, n: int) -> dict[str, Any]:
    pictures = [{"picture": picture, "caption": picture.name} for picture in row.pictures]
    return {**row.values, "n": str(n), "mark": row.mark, "pictures": pictures}
