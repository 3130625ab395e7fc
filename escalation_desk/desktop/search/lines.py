"""What the box shows for an answer, line by line: headings, finds, sentences, and the way to the whole list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.i18n import N_, _
from escalation_desk.journal.asking import operators_of
from escalation_desk.journal.searching import SEARCHED
from escalation_desk.journal.searching.places import stronger

if TYPE_CHECKING:
    from escalation_desk.journal.asking import Answer
    from escalation_desk.journal.searching import Hit

Spans = tuple[tuple[int, int], ...]

GROUPS: Final = {
    "case": (N_("Cases"), "queue"),
    "seller": (N_("Sellers"), "store"),
    "party": (N_("Requesters"), "user"),
    "message": (N_("Messages and notes on cases"), "message"),
    "seller_note": (N_("Notes on sellers"), "note"),
    "follow_up": (N_("Promises and follow-ups"), "follow-ups"),
    "clarification": (N_("Questions and answers"), "help"),
    "attachment": (N_("Attachments"), "attach"),
    "article": (N_("Articles"), "knowledge"),
}
"""The heading and the sign of each kind of find; they come in this order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the panel. What leads nowhere is a heading or a sentence."""

    text: str
    detail: str = ""
    sign: str = ""
    leads_to: tuple[str, str] | None = None
    heading: bool = False
    strong: Spans = ()
    strong_detail: Spans = ()
    at: str = ""


LIST: Final = "list"
"""Leads to the queue, narrowed by the line that follows."""
AGAIN: Final = "again"
"""Leads to a search that was made before."""


def lines_of(answer: Answer) -> list[Line]:
    """Lay an answer out. What has operators is first of all a list."""
    lines = [Line(answer.sentence, sign="info")] if answer.sentence else []
    whole = _whole(answer)
    listing = answer.query is not None and bool(answer.query.where)
    if whole and listing:
        lines.append(whole)
    for kind in SEARCHED:
        hits = [hit for hit in answer.hits if hit.kind == kind]
        if hits:
            lines += _group(kind, hits, more=kind in answer.more)
    if not answer.hits:
        lines.append(Line(_("Nothing found."), _("Try fewer letters, or a part of the number.")))
    elif whole and not listing:
        lines.append(whole)
    return lines


def lines_before(recent: list[str]) -> list[Line]:
    """Say what can be typed, before anything is typed."""
    lines = [Line(_("Searched before"), heading=True)] if recent else []
    lines += [Line(text, sign="history", leads_to=(AGAIN, text)) for text in recent]
    operators = "  ".join(f"{name}:" for name in operators_of("case")[:9])
    lines.append(Line(_("Words, “a phrase”, -without, or:"), operators, sign="info"))
    return lines


def _whole(answer: Answer) -> Line | None:
    if answer.query is None:
        return None
    return Line(_("Show in the queue: {text}", text=answer.text.strip()), sign="filter", leads_to=(LIST, answer.text))


def _group(kind: str, hits: list[Hit], *, more: bool) -> list[Line]:
    label, sign = GROUPS[kind]
    heading = _("{group}, the newest {n}", group=_(label), n=len(hits)) if more else _(label)
    return [Line(heading, heading=True), *(_line(hit, sign) for hit in hits)]


def _line(hit: Hit, sign: str) -> Line:
    title, excerpt = hit.title or hit.excerpt, hit.excerpt if hit.title else ""
    return Line(
        title,
        excerpt,
        sign,
        hit.leads_to,
        strong=tuple(stronger(hit.sought, title)),
        strong_detail=tuple(stronger(hit.sought, excerpt)),
        at=hit.at,
    )
