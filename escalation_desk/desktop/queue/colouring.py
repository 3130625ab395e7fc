"""Colour rules of a view: a line as in the quick filter, and the colour and sign of the cases it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.lists import Condition, ListQuery, Op
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.table import CellStyle
from escalation_desk.i18n import N_
from escalation_desk.journal import listing, reading
from escalation_desk.journal.asking import narrowed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.casework.views import Now
    from escalation_desk.desktop.queue.source import ListSource
    from escalation_desk.desktop.queue.views import Colour
    from escalation_desk.desktop.table import Column, Row, Shape
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.connection import Connection

COLOURS: Final = {
    Tone.BAD: ("▲", N_("Red")),
    Tone.WARN: ("◆", N_("Amber")),
    Tone.GOOD: ("●", N_("Green")),
    Tone.ACCENT: ("■", N_("Blue")),
    Tone.VIOLET: ("★", N_("Violet")),
}
"""What a rule may give: a colour, and a sign for whoever does not see it."""

_SIGNED: Final = "title"


class Coloured:
    """A `RowSource` that asks, page by page, which rule each row meets; the first that fits counts."""

    def __init__(self, verbs: Verbs, source: ListSource, rules: Sequence[Colour], now: Callable[[], Now]) -> None:
        self._verbs = verbs
        self._source = source
        self._rules = rules
        self._now = now

    @property
    def columns(self) -> Sequence[Column]:
        return self._source.columns

    @property
    def grouped(self) -> bool:
        return self._source.grouped

    def shape(self, then: Callable[[Shape], None]) -> None:
        self._source.shape(then)

    def ids(self, first: int, n: int, then: Callable[[Sequence[str]], None]) -> None:
        self._source.ids(first, n, then)

    def fetch(
        self, first: int, n: int, then: Callable[[Sequence[Row]], None], *, after: Row | None, before: Row | None
    ) -> None:
        def dress(rows: Sequence[Row]) -> None:
            kind, ids, now = self._source.query.kind, [row.id for row in rows], self._now()
            self._verbs.ask(
                lambda made: tones_of(made, kind, ids, self._rules, now),
                lambda tones: then([self._dressed(row, tones.get(row.id)) for row in rows]),
            )

        self._source.fetch(first, n, dress, after=after, before=before)

    def _dressed(self, row: Row, tone: Tone | None) -> Row:
        if tone is None:
            return row
        at = next(number for number, column in enumerate(self.columns) if column.id == _SIGNED)
        styles = list(row.styles or (None,) * len(row.cells))
        styles[at] = (styles[at] or CellStyle())._replace(mark=COLOURS[tone][0])
        return row._replace(styles=tuple(styles), tone=tone)


def tones_of(made: Connection, kind: str, ids: Sequence[str], rules: Sequence[Colour], now: Now) -> dict[str, Tone]:
    """Say which of some records wear which colour. A rule that means nothing any more colours nothing."""
    me = reading.record(made, User, now.me)
    found: dict[str, Tone] = {}
    for line, tone in rules:
        left = [one for one in ids if one not in found]
        try:
            query = narrowed(made, ListQuery(kind, (Condition("id", Op.ANY, left),)), line, me, now.moment)
        except Refused:
            continue
        found |= dict.fromkeys(listing.ids(made, query), Tone(tone))
    return found


def check(made: Connection, line: str, now: Now) -> None:
    """Refuse a line that is no condition."""
    narrowed(made, ListQuery("case"), line, reading.record(made, User, now.me), now.moment)
