"""Turns the values of a record into the cells of a list: once, where they are read, in the language of the window."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.fields import Field, Kind, Show, fields_of
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.spans import AGE
from escalation_desk.casework.text import one_line
from escalation_desk.casework.trend import Trend, trend_of
from escalation_desk.desktop.look.tones import Tone, meaning
from escalation_desk.desktop.table import CellStyle, Column
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading, seen, trends
from escalation_desk.journal.kept_promises import kept_rates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.promises import KeptRate
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.journal.connection import Connection

Cell = tuple[str, CellStyle | None]
BLANK: Final[Cell] = ("", None)

DUE_FIELDS: Final = frozenset({"next_due_at", "sla_due_at", "promise_due_at", "due_at", "next_contact_at"})
"""What is still to come; said as a distance, and coloured when late."""

_AGED: Final = "received_at"
NEWS: Final = "news"
"""How many entries came onto the timeline of a case since it was looked at here."""

TREND: Final = "trend"
"""Whether the cases of a seller become more or fewer."""

KEPT: Final = "kept"
"""How many of the promises to a seller were kept."""

_BEHIND: Final = {AGE.code: _AGED, NEWS: "id", TREND: "id", KEPT: "id"}
_CHIPS: Final = frozenset({"status", "priority", "risk", "state"})
_WIDTHS: Final = {
    Kind.FLAG: 5.0,
    Kind.INTEGER: 6.0,
    Kind.DECIMAL: 9.0,
    Kind.INSTANT: 8.0,
    Kind.DAY: 7.5,
}
_WIDER: Final = {
    "title": 24.0,
    "shop_name": 18.0,
    "text": 24.0,
    "ask": 24.0,
    "status": 14.0,
    "case_no": 10.4,
    **dict.fromkeys(("next_due_at", "due_at", "next_contact_at"), 11.8),
}
_LEAST: Final = {"title": 11.0, "shop_name": 11.0, "text": 11.0}
_NARROWER: Final = {"priority": 11.6, "owner": 9.0}
# In a queue the eye goes from left to right: which, what, how urgent, by when, who.
_FIRST: Final = {
    "case": ("case_no", "title", "priority", "status", "next_due_at", "age", "owner", "requester", "seller"),
    "seller": (
        "shop_name",
        "risk",
        "open_cases",
        TREND,
        "next_contact_at",
        "last_contact_at",
        "open_promises",
        KEPT,
        "segment",
    ),
    "follow_up": ("text", "due_at", "promised_by", "to_whom", "seller", "case", "owner", "form", "state"),
}
_LONGEST: Final = 160
_NOTHING: Final[tuple[Any, ...]] = ("", [])
OPEN: Final = "open"  # What is done or cancelled is not late any more.


def columns_of(kind: str) -> tuple[Column, ...]:
    """Offer a column for every field that fits into one; those declared for columns are shown."""
    found = [_column(f) for f in listed_fields(kind) if f.kind is not Kind.DATA]
    if kind == "case":
        found.append(Column(AGE.code, AGE.label, 6.0, right=True))
        found.append(Column(NEWS, N_("New entries"), 6.0, right=True, sortable=False, shown=False))
    if kind == "seller":
        found.append(Column(TREND, N_("Trend"), 9.0, sortable=False))
        found.append(Column(KEPT, N_("Promises kept"), 9.0, sortable=False))
    first = _FIRST.get(kind, ())
    return tuple(sorted(found, key=lambda column: first.index(column.id) if column.id in first else len(first)))


def _column(f: Field) -> Column:
    width = _WIDER.get(f.name) or _NARROWER.get(f.name) or _WIDTHS.get(f.kind, 10.0)
    return Column(
        f.name,
        f.label,
        width,
        right=f.kind in {Kind.INTEGER, Kind.DECIMAL},
        sortable=f.declared.sortable or _has_an_order(f),
        descending_first=f.kind is Kind.INSTANT and f.name not in DUE_FIELDS,
        shown=Show.COLUMN in f.declared.show,
        least=_LEAST.get(f.name, 0.0),
    )


def _has_an_order(f: Field) -> bool:
    """Tell whether values can be put into an order that says something: words of one line, numbers, moments."""
    return f.kind is not Kind.SET and not f.declared.refers_to and not f.declared.long


def indexed(kind: str, name: str) -> bool:
    """Tell whether a list of any length can be sorted by a field: it is kept in that order."""
    return name == AGE.code or any(f.declared.sortable for f in fields_of(kind_of(kind)) if f.name == name)


def fields_behind(columns: Iterable[str]) -> list[str]:
    """Name the fields that some columns are made of."""
    return list(dict.fromkeys(_BEHIND.get(name, name) for name in columns))


class Cells:
    """Makes the cells of one page of rows; names of people and sellers are looked up once for the page."""

    def __init__(self, kind: str, clock: Clock) -> None:
        self._fields = {f.name: f for f in listed_fields(kind)}
        self._clock = clock
        self._names: dict[str, dict[str, str]] = {}
        self._kind = kind
        self._news: dict[str, int] = {}
        self._received: dict[str, trends.Received] = {}
        self._kept: dict[str, KeptRate] = {}

    def look_up(self, made: Connection, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Read how people call what the rows point to, and what is new about them."""
        wanted: dict[str, set[str]] = {}
        pointing = [(at, self._fields[name].declared.refers_to) for at, name in enumerate(names) if name != "id"]
        for values in rows:
            for at, kind in pointing:
                if kind and values[at]:
                    held = values[at]
                    wanted.setdefault(kind, set()).update([held] if isinstance(held, str) else held)
        self._names = {kind: reading.names(made, kind, ids) for kind, ids in wanted.items()}
        if "id" in names:
            self._look_around(made, [values[names.index("id")] for values in rows])

    def _look_around(self, made: Connection, ids: Sequence[str]) -> None:
        if self._kind == "case":
            self._news = seen.news(made, ids)
        elif self._kind == "seller":
            self._received = trends.received(made, ids, self._clock.now)
            self._kept = kept_rates(made, ids, self._clock.now)

    def cell(self, column: str, values: Mapping[str, Any]) -> Cell:
        """Write one cell and say how it looks."""
        is_open = values.get("state", OPEN) == OPEN
        return self.write(column, is_open=is_open)(values[_BEHIND.get(column, column)])

    def write(self, column: str, *, is_open: bool = True) -> Callable[[Any], Cell]:
        """Answer what writes the cells of a column: asked once for a page, not for each of its cells."""
        beside = self._beside().get(column)
        if beside:
            return beside
        f = self._fields[column]
        if column in DUE_FIELDS and is_open:
            return lambda value: (self._clock.due(value), _due_style(self._clock.due_tone(value))) if value else BLANK
        if f.choices and f.kind is Kind.TEXT:
            words = _spoken(f.choices, chip=column in _CHIPS)
            return lambda value: words.get(value) or (value or "", None)
        style = _RISKY if column == "risk_flags" else None
        text = self._text(f)
        return lambda value: (text(value), style) if value is not None and value not in _NOTHING else BLANK

    def _beside(self) -> dict[str, Callable[[Any], Cell]]:
        """Answer what writes the columns that are no fields."""
        return {
            AGE.code: lambda value: (self._clock.age(value), None),
            NEWS: lambda value: (f"{self._news[value]:,}", _FRESH) if value in self._news else BLANK,
            TREND: lambda value: _trend(self._received[value]) if value in self._received else BLANK,
            KEPT: lambda value: (kept_in_words(self._kept[value]) if value in self._kept else "–", None),
        }

    def _text(self, f: Field) -> Callable[[Any], str]:
        """Answer what writes the values of a field that are there."""
        if f.kind is Kind.SET:
            return lambda value: ", ".join(self._member(f, one) for one in value)
        if f.kind is Kind.TEXT and f.declared.refers_to:
            names = self._names.get(f.declared.refers_to, {})
            return lambda value: names.get(value, value)
        return {
            Kind.FLAG: lambda value: _("Yes") if value else "",
            Kind.INSTANT: self._clock.short,
            Kind.DAY: lambda value: "/".join(reversed(value.split("-"))),
            Kind.DECIMAL: lambda value: f"{Decimal(value).normalize():,f}",
            Kind.INTEGER: lambda value: f"{value:,}",
        }.get(f.kind, lambda value: one_line(value, _LONGEST))

    def _member(self, f: Field, one: str) -> str:
        if f.choices:
            return _(_words(f.choices).get(one, (one, None))[0])
        return self._names.get(f.declared.refers_to or "", {}).get(one, one)


_FRESH: Final = CellStyle(tone=Tone.ACCENT, mark="●", strong=True)
_TRENDS: Final = {
    Trend.RISING: CellStyle(tone=Tone.WARN, mark="↗"),
    Trend.FALLING: CellStyle(tone=Tone.GOOD, mark="↘"),
    Trend.STEADY: CellStyle(mark="→", muted=True),
}


def _trend(received: trends.Received) -> Cell:
    """Say the trend in words with its two numbers; the arrow only repeats it."""
    trend = trend_of(*received)
    recent, earlier = (f"{n:,}" for n in received)
    told = _("{trend}: {recent} in 30 days, {earlier} before", trend=_(trend.label), recent=recent, earlier=earlier)
    return told, _TRENDS[trend]


def kept_in_words(rate: KeptRate) -> str:
    """Say a rate with what it is of: 80 % says little of five promises and much of fifty."""
    if rate.percent is None:
        return "–"
    return _("{percent} % ({kept} of {n})", percent=rate.percent, kept=rate.kept, n=rate.n)


_RISKY: Final = CellStyle(tone=Tone.BAD, sign="alert")


def _due_style(tone: Tone | None) -> CellStyle | None:
    return _LATE.get(tone) if tone else None


_LATE: Final = {
    Tone.BAD: CellStyle(tone=Tone.BAD, sign="alert", strong=True),
    Tone.WARN: CellStyle(tone=Tone.WARN, sign="clock"),
}


def _spoken(choices: type[Choice], *, chip: bool) -> dict[str, Cell]:
    """Say each choice in the language that is spoken now."""
    return {code: (_(label), style if chip else None) for code, (label, style) in _words(choices).items()}


@cache
def _words(choices: type[Choice]) -> dict[str, tuple[str, CellStyle | None]]:
    return {str(choice): (choice.label, _chip(choice)) for choice in choices}


def _chip(choice: Choice) -> CellStyle:
    shown = meaning(choice)
    return CellStyle(tone=shown.tone, mark=shown.mark, chip=True)


EMPTY_LABEL: Final = N_("None")
