"""What the one box answers to a line: the newest finds of every kind, or the cases that the operators mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.lists import ListQuery, Order
from escalation_desk.casework.refusal import Refused
from escalation_desk.journal import listing
from escalation_desk.journal.asking.operators import read
from escalation_desk.journal.searching import SEARCHED, Hit, search

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection

_FIELDS: Final = ("case_no", "title", "description", "received_at")
_NEWEST: Final = (Order("received_at", descending=True),)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one line. `more` names the kinds of which there is more than is shown.

    `sentence` says what was not understood; what was found by the words alone is there nevertheless.
    """

    text: str
    hits: tuple[Hit, ...] = ()
    more: frozenset[str] = frozenset()
    query: ListQuery | None = None
    sentence: str = ""


def answer(made: Connection, text: str, me: User, now: datetime, *, limit: int = 6) -> Answer:
    """Answer a line: at most `limit` finds of each kind."""
    try:
        asked = read(made, "case", text, me, now)
    except Refused as refused:
        hits, more = _cut(search(made, text, limit=limit + 1), limit)
        return Answer(text, hits, more, sentence=str(refused))
    if asked.conditions:
        query = ListQuery("case", asked.conditions, _NEWEST, asked.words)
        hits, more = _cut(_cases(made, query, limit + 1), limit)
    else:
        query = ListQuery("case", (), _NEWEST, asked.words)
        hits, more = _cut(search(made, asked.words, limit=limit + 1), limit)
    return Answer(text, hits, more, query)


def _cases(made: Connection, query: ListQuery, limit: int) -> list[Hit]:
    hits = []
    for row in listing.page(made, query, _FIELDS, limit=limit):
        number, title, description, at = row.values
        texts = (description or "").encode()
        hits.append(Hit("case", row.id, ("case", row.id), f"{number} · {title}", at or "", True, texts, ()))
    return hits


def _cut(hits: list[Hit], limit: int) -> tuple[tuple[Hit, ...], frozenset[str]]:
    kept: list[Hit] = []
    more = set()
    for kind in SEARCHED:
        own = [hit for hit in hits if hit.kind == kind]
        kept += own[:limit]
        if len(own) > limit:
            more.add(kind)
    return tuple(kept), frozenset(more)
