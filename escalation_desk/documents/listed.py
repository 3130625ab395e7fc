"""The rows of a list as they leave: names for ids, words for codes, personal data masked wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.case import Case
from escalation_desk.casework.clocks.kept import KeptClock
from escalation_desk.casework.fields import Kind, Show
from escalation_desk.casework.kinds import CODED
from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.masking import Known, Mask
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller
from escalation_desk.documents import cells
from escalation_desk.documents.involved import known_of
from escalation_desk.i18n import _
from escalation_desk.journal import listing, reading
from escalation_desk.journal.clocks.telling import tell
from escalation_desk.journal.involving import named_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.listing import Row

_PAGE = 500
_REMEMBERED = 500  # Masks: who comes again comes soon or seldom; memory stays flat.
_PEOPLE = 2_000
# What is read beside the columns, to know whose data a row may hold: where it points to, and names of its own.
_WHOSE = {
    "case": ("requester", "seller", "other_party", "orders", "external_tickets", "crm_number", "tracking"),
    "follow_up": ("case", "seller", "to_whom"),
    **dict.fromkeys(("poc_request", "escalation"), ("case",)),
}


def sheet_fields(kind: str, names: Sequence[str] | None) -> list[Field]:
    """Choose the columns: those asked for, in their order, or all that are made for a sheet."""
    fields = listed_fields(kind)
    if names:
        by_name = {f.name: f for f in fields}
        return [by_name[name] for name in names if name in by_name]
    return [f for f in fields if f.declared.show & {Show.SHEET, Show.COLUMN}]


AsOf = tuple["datetime", "tzinfo"]
"""The moment of a list, and the zone in which its sentences say times."""


def rows_of(
    made: Connection, query: ListQuery, fields: Sequence[Field], *, masked: bool, as_of: AsOf | None = None
) -> Iterator[list[Any]]:
    """Read a list a page at a time, in words."""
    names = [f.name for f in fields]
    whose = _WHOSE.get(query.kind, ()) if masked else ()
    people = _Masks(made, query.kind)
    after = None
    while rows := listing.page(made, query, [*names, *whose], after, _PAGE):
        after = rows[-1].place
        if as_of and query.kind == KeptClock.kind:
            rows = _counted(made, rows, names, as_of)
        masks = people.of(rows, len(names)) if masked else None
        columns = [_column(made, f, [row.values[place] for row in rows], masks) for place, f in enumerate(fields)]
        yield from (list(row) for row in zip(*columns, strict=True))


def _counted(made: Connection, rows: Sequence[Row], names: Sequence[str], as_of: AsOf) -> list[Row]:
    """Say of clocks how they stand at the moment of the list."""
    items = [
        {"id": row.id, "case": row.id.partition(":")[0], **dict(zip(names, row.values, strict=False))} for row in rows
    ]
    tell(made, items, *as_of)
    return [row._replace(values=tuple(item[name] for name in names)) for row, item in zip(rows, items, strict=True)]


class _Whose(NamedTuple):
    """Whose data a row may hold: its requester, its sellers, other names; and its numbers, which are no phones."""

    requester: str | None = None
    sellers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


class _Masks:
    """Makes the mask of each row of a page: only the people of a row are looked for in its texts."""

    def __init__(self, made: Connection, kind: str) -> None:
        self._made = made
        self._masks: dict[_Whose, Mask] = {}
        self._people: dict[str, Known] = {}
        self._whose = {
            "case": self._of_cases,
            "follow_up": self._of_follow_ups,
            "seller": _of_sellers,
            **dict.fromkeys(("poc_request", "escalation"), self._of_papers),
        }.get(kind, _nobody)

    def of(self, rows: Sequence[Row], shown: int) -> list[Mask]:
        """Read the people of a page at one go; rows of the same people share a mask."""
        whose = self._whose(rows, shown)
        if len(self._masks) > _REMEMBERED:
            self._masks.clear()
        if len(self._people) > _PEOPLE:
            self._people.clear()
        self._know(whose)
        for one in set(whose) - self._masks.keys():
            self._masks[one] = self._mask(one)
        return [self._masks[one] for one in whose]

    def _know(self, whose: Sequence[_Whose]) -> None:
        """Read the people who are not remembered."""
        parties = _ids(one.requester for one in whose if one.requester not in self._people)
        for party in reading.several(self._made, Party, parties):
            self._people[party.id] = known_of((), [party], ())
        sellers = _ids(seller for one in whose for seller in one.sellers if seller not in self._people)
        for seller in reading.several(self._made, Seller, sellers):
            self._people[seller.id] = known_of((), (), [seller])

    def _mask(self, one: _Whose) -> Mask:
        found = Known(people=one.names, kept=one.kept)
        for person in filter(None, (one.requester, *one.sellers)):
            found |= self._people.get(person, _NOBODY)
        return Mask(known=found)

    def _of_cases(self, rows: Sequence[Row], shown: int) -> list[_Whose]:
        named = named_in(self._made, [row.id for row in rows])
        found = []
        for row in rows:
            requester, seller, other, *numbers = row.values[shown:]
            names = named.get(row.id, frozenset()) | _some(other)
            found.append(_Whose(requester, _some(seller), names, frozenset(_flat(numbers))))
        return found

    def _of_papers(self, rows: Sequence[Row], shown: int) -> list[_Whose]:
        """Look at the case alone: such a paper has neither a seller nor a name of its own."""
        return self._of_follow_ups([row._replace(values=(*row.values, None, None)) for row in rows], shown)

    def _of_follow_ups(self, rows: Sequence[Row], shown: int) -> list[_Whose]:
        whose = [row.values[shown:] for row in rows]
        cases = _by_id(reading.several(self._made, Case, _ids(case for case, _seller, _name in whose)))
        named = named_in(self._made, list(cases))
        found = []
        for case_id, seller, name in whose:
            case = cases.get(case_id)
            names = named.get(case_id, frozenset()) | _some(name)
            if case is None:
                found.append(_Whose(None, _some(seller), names))
            else:
                names |= _some(case.other_party)
                numbers = frozenset(_flat([[*case.orders, *case.external_tickets], case.crm_number, case.tracking]))
                found.append(_Whose(case.requester, _some(seller, case.seller), names, numbers))
        return found


def _of_sellers(rows: Sequence[Row], _shown: int) -> list[_Whose]:
    return [_Whose(sellers=frozenset([row.id])) for row in rows]


def _nobody(rows: Sequence[Row], _shown: int) -> list[_Whose]:
    return [_Whose()] * len(rows)


def _some(*found: str | None) -> frozenset[str]:
    return frozenset(one for one in found if one)


def _flat(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from value if isinstance(value, list) else filter(None, [value])


_NOBODY = Known()


def _by_id(records: Sequence[Case]) -> dict[str, Case]:
    return {record.id: record for record in records}


def _ids(found: Iterable[str | None]) -> list[str]:
    return sorted({one for one in found if one})


def _column(made: Connection, field: Field, values: list[Any], masks: Sequence[Mask] | None) -> list[Any]:
    """Put a page of one column into words."""
    to = field.declared.refers_to
    if to:
        return _named(made, to, values, masks)
    if field.choices:
        labels = {str(choice): _(choice.label) for choice in field.choices}
        return [
            _joined([labels.get(v, v) for v in value]) if isinstance(value, list) else labels.get(value, value)
            for value in values
        ]
    texts = [_joined(value) if isinstance(value, list) else value for value in values]
    if masks is None or field.kind not in {Kind.TEXT, Kind.SET, Kind.DATA}:
        return texts
    return [
        _masked(field, text, mask) if isinstance(text, str) and text else text
        for text, mask in zip(texts, masks, strict=True)
    ]


def _named(made: Connection, to: str, values: list[Any], masks: Sequence[Mask] | None) -> list[str]:
    one = [value if isinstance(value, list) else [value] for value in values]
    found = reading.names(made, to, [v for members in one for v in members if isinstance(v, str)])
    said = [_joined([found[v] for v in members if v in found]) for members in one]
    if masks is None or to in {"user", "team", *CODED}:  # People of the desk answer for what they did.
        return said
    return [mask.name(name) if to == "party" else mask.text(name) for name, mask in zip(said, masks, strict=True)]


def _masked(field: Field, text: str, mask: Mask) -> str:
    """Mask a text: a name or a contact whole, words where they hold such; numbers of orders and shops are neither."""
    declared = field.declared
    if declared.personal and not declared.long:
        return mask.contact(text)
    return text if declared.code else mask.text(text)


def _joined(members: list[Any]) -> str:
    return ", ".join(map(str, members))


_CELLS = {
    Kind.INTEGER: cells.Kind.NUMBER,
    Kind.FLAG: cells.Kind.FLAG,
    Kind.INSTANT: cells.Kind.INSTANT,
    Kind.DAY: cells.Kind.DAY,
    Kind.DECIMAL: cells.Kind.DECIMAL,
}


def cell_kind(field: Field) -> cells.Kind:
    """Say what kind of cell a field makes."""
    if field.declared.code:
        return cells.Kind.ID
    return _CELLS.get(field.kind, cells.Kind.TEXT)


def width_of(field: Field) -> float:
    """Say how wide a column should be, in signs."""
    if field.declared.long:
        return 48
    return 32 if field.name in {"title", "shop_name", "text"} else 18
