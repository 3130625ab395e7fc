"""Lists of records, a page at a time: the same few hundredths of a second in a million as in a thousand.

Pages are found by the values of the row before them (keyset), never by counting from the start; only what is shown
is read. Names of columns come from declarations, values are always bound.
"""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.fields import Declared, Field, Kind, stored_to_json
from escalation_desk.casework.listed import listed_fields
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.i18n import _
from escalation_desk.journal.ordering import (
    EMPTY_NUMBER,
    FILTER_INDEX,
    LAST,
    LIVE_FACTS,
    LIVE_INDEX,
    NUMBERS,
    OFFERED_INDEX,
    column,
    order_expression,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from escalation_desk.journal.connection import Connection

Values = dict[str, Any]
Keys = tuple[tuple[str, bool], ...]
"""What a list is ordered by: expressions, and whether they descend."""

PAGE = 128
STRIDE = 1_024
_KEPT_AS_TOLD = {Kind.TEXT, Kind.INTEGER, Kind.INSTANT, Kind.DAY}


class Row(NamedTuple):
    """One record of a list: the asked fields as JSON values, and its place in the order."""

    id: str
    values: tuple[Any, ...]
    place: tuple[Any, ...]


class Statement(NamedTuple):
    """The parts of a list's SQL, made once per query."""

    kind: str
    prelude: str
    where: str
    values: Values
    order: Keys
    source: str
    ties: tuple[tuple[int, str], ...]
    """Where rows are looked up that share all keys with a place, and by which of the keys (-1: whichever they are)."""


def statement_of(query: ListQuery, *also: str) -> Statement:
    """Write a query as SQL. Refused for a field that the kind does not have."""
    fields = _fields(query.kind)
    clauses = ["deleted_at IS NULL"]  # The words of the indexes: without them none is used.
    values: Values = {}
    for number, condition in enumerate(query.where):
        clauses.append(_clause(fields, condition, f"v{number}", values))
    prelude = ""
    if query.search:
        from escalation_desk.journal.searching import narrowing  # The first page of a desk is seldom a search.

        prelude, found, searched = narrowing(query.kind, query.search)
        clauses += [found] if found else []
        values |= searched
    order = tuple(_order(fields, one) for one in query.order)
    newest_first = order[-1][1] if order else True
    where, source = " AND ".join(clauses), _source(query, fields, also)
    ties = tuple(_ties(query, fields)) if source == f'"{query.kind}"' else ()
    return Statement(query.kind, prelude, where, values, (*order, ("seq", newest_first)), source, ties)


def _source(query: ListQuery, fields: dict[str, Field], also: Sequence[str]) -> str:
    """Say where the rows are looked up. SQLite would take any index that is shorter, and then read every case.

    What no index keeps in order is sorted anew; of live cases then only those are read.
    """
    sorted_anew = bool(query.order) and not any(fields[one.field].declared.sortable for one in query.order)
    asked = {*(c.field for c in query.where), *(o.field for o in query.order), *also}
    live = any(c.field == "live" and c.op is Op.IS and c.value for c in query.where)
    if query.kind == "case" and live and any(c.field == "offered_to" and c.op is Op.FILLED for c in query.where):
        return f'"case" INDEXED BY {OFFERED_INDEX}'
    if query.kind == "case" and live and not query.search and (sorted_anew or asked <= LIVE_FACTS):
        return f'"case" INDEXED BY {LIVE_INDEX}'
    return f'"{query.kind}"'


def _ties(query: ListQuery, fields: dict[str, Field]) -> Iterator[tuple[int, str]]:
    """Say where rows with the same keys are looked up: few share a moment, and an owner has a tenth of all cases.

    SQLite does not know how many there are of each; it would read every case of the owner, seconds in a million.
    """
    for at, one in enumerate(query.order):
        if fields[one.field].kind is Kind.INSTANT and fields[one.field].declared.sortable:
            yield at, f'"{query.kind}" INDEXED BY {query.kind}_by_{one.field}'
    if query.kind == "case" and any(c.field == "owner" and c.op in {Op.IS, Op.ANY} and c.value for c in query.where):
        yield -1, f'"case" INDEXED BY {FILTER_INDEX}'


def page(
    made: Connection, query: ListQuery, names: Sequence[str], after: Sequence[Any] | None = None, limit: int = PAGE
) -> list[Row]:
    """Read the rows that follow a place in the order; without a place, the first ones."""
    return _read(made, statement_of(query), names, after, limit, backwards=False)


def page_before(
    made: Connection,
    query: ListQuery,
    names: Sequence[str],
    before: Sequence[Any] | None = None,
    limit: int = PAGE,
    skip: int = 0,
) -> list[Row]:
    """Read the rows that come before a place; without a place, the last ones. In the list's own order.

    `skip` leaves out so many rows next to the place: for a jump that is nearer to the end than to the beginning.
    """
    return _read(made, statement_of(query), names, before, limit, backwards=True, skip=skip)[::-1]


def page_at(
    made: Connection,
    query: ListQuery,
    names: Sequence[str],
    skip: int,
    after: Sequence[Any] | None = None,
    limit: int = PAGE,
) -> list[Row]:
    """Read rows that lie `skip` rows beyond a place: for a jump into the middle of a long list."""
    return _read(made, statement_of(query), names, after, limit, backwards=False, skip=skip)


def landmarks(
    made: Connection, query: ListQuery, wanted: Callable[[], bool] = lambda: True
) -> tuple[int, list[tuple[Any, ...]]] | None:
    """Count a list by walking along its index, and tell the place of every STRIDE-th row: jumps begin there.

    The walk ends without an answer once nobody wants it any more.
    """
    s = statement_of(query)
    places: list[tuple[Any, ...]] = []
    with _unmoved(made):
        while found := _numbers(made, s, places[-1] if places else None, 1, backwards=False, skip=STRIDE - 1):
            places.append(_rows(made, s, (), found)[0].place)
            if not wanted():
                return None
        beyond = _parts(s, places[-1] if places else None, backwards=False)
        sql = f"SELECT count(*) FROM %s WHERE {s.where}"  # noqa: S608 - see the module.
        rest = sum(made.execute(sql % at + bound, values).fetchone()[0] for at, bound, values, _keys in beyond)
    return len(places) * STRIDE + rest, places


def is_walked(query: ListQuery) -> bool:
    """Tell whether a list is the walk along one index and nothing else: all records, by one field."""
    return len(query.order) == 1 and not (query.where or query.search)


def count(made: Connection, query: ListQuery) -> int:
    """Count the rows of a list: always as many as it shows."""
    s = statement_of(replace(query, order=()))
    return int(made.execute(f"{s.prelude}SELECT count(*) FROM {s.source} WHERE {s.where}", s.values).fetchone()[0])  # noqa: S608 - see the module.


def groups(made: Connection, query: ListQuery, name: str, *, whole: bool = False) -> list[tuple[Any, int]]:
    """Count the rows of a list by the values of a field, most first.

    Each member of a set counts; with `whole`, each set as it stands, so that every row counts once.
    """
    s = statement_of(replace(query, order=()), name)
    field = _field(_fields(query.kind), name)
    if field.kind is Kind.SET and not whole:
        sql = (
            f'{s.prelude}SELECT m.value, count(*) FROM {s.source}, json_each("{name}") m '  # noqa: S608 - see the module.
            f"WHERE {s.where} GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    else:
        sql = (
            f"{s.prelude}SELECT {column(field)}, count(*) FROM {s.source} WHERE {s.where} "  # noqa: S608 - see the module.
            f"GROUP BY 1 ORDER BY 2 DESC, 1"
        )
    kind = field.kind if whole else _one(field.kind)
    return [(stored_to_json(kind, value), n) for value, n in made.execute(sql, s.values)]


def ids(made: Connection, query: ListQuery) -> list[str]:
    """List the ids of all rows, in order: for an act on the whole list."""
    s = statement_of(query)
    sql = f"{s.prelude}SELECT id FROM {s.source} WHERE {s.where} ORDER BY {_order_by(s.order, backwards=False)}"  # noqa: S608 - see the module.
    return [row[0] for row in made.execute(sql, s.values)]


def _read(
    made: Connection,
    s: Statement,
    names: Sequence[str],
    place: Sequence[Any] | None,
    limit: int,
    *,
    backwards: bool,
    skip: int = 0,
) -> list[Row]:
    """Find which rows, from an index alone wherever one tells; then read those."""
    with _unmoved(made):
        return _rows(made, s, names, _numbers(made, s, place, limit, backwards=backwards, skip=skip))


def _numbers(
    made: Connection, s: Statement, place: Sequence[Any] | None, limit: int, *, backwards: bool, skip: int
) -> list[int]:
    found: list[int] = []
    for source, beyond, values, keys in _parts(s, place, backwards=backwards):
        sql = f"{s.prelude}SELECT %s FROM {source} WHERE {s.where}{beyond}"  # noqa: S608 - see the module.
        order = f"ORDER BY {_order_by(keys, backwards=backwards)} LIMIT {limit - len(found):d} OFFSET {skip:d}"
        rows = made.execute(f"{sql % 'seq'} {order}", values).fetchall()
        found += (row[0] for row in rows)
        if len(found) >= limit:
            break
        skip -= skip if rows or not skip else min(made.execute(sql % "count(*)", values).fetchone()[0], skip)
    return found


def _rows(made: Connection, s: Statement, names: Sequence[str], numbers: Sequence[int]) -> list[Row]:
    fields = _fields(s.kind)
    kinds = [_field(fields, name).kind for name in names]
    wanted = ", ".join(
        ["seq", "id", *(expression for expression, _down in s.order), *(column(_field(fields, name)) for name in names)]
    )
    sql = f'SELECT {wanted} FROM "{s.kind}" WHERE seq IN (SELECT value FROM json_each(?))'  # noqa: S608 - see the module.
    by_number = {row[0]: row for row in made.execute(sql, (json.dumps(numbers),))}
    if not by_number:
        return []
    rows = [by_number[number] for number in numbers]
    depth = 2 + len(s.order)
    # Column by column: most are kept as they are told, and a screen of rows has thousands of values.
    by_column = tuple(zip(*rows, strict=True))[depth:]
    told = zip(*map(_told, kinds, by_column), strict=True) if kinds else itertools.repeat(())
    return [Row(row[1], held, row[2:depth]) for row, held in zip(rows, told, strict=False)]


@contextmanager
def _unmoved(made: Connection) -> Iterator[None]:
    """See one state of the data through several statements."""
    if made.in_transaction:
        yield
        return
    made.execute("BEGIN")
    try:
        yield
    finally:
        made.execute("COMMIT")


def _told(kind: Kind, stored: tuple[Any, ...]) -> tuple[Any, ...]:
    if kind in _KEPT_AS_TOLD:
        return stored
    return tuple(stored_to_json(kind, value) for value in stored)


def _parts(s: Statement, place: Sequence[Any] | None, *, backwards: bool) -> list[tuple[str, str, Values, Keys]]:
    """Part what lies beyond a place: first what shares all keys but the last with it, then all but two, and so on.

    Each part has equal keys and one bound, which an index is entered by; said as one condition, SQLite would walk
    through everything that shares the first key: three quarters of all cases are closed. What is equal orders nothing,
    and left in the order it would make SQLite sort what the index has in order.
    """
    if place is None:
        return [(s.source, "", s.values, s.order)]
    values = s.values | {f"p{number}": value for number, value in enumerate(place)}
    parts = []
    for depth in reversed(range(len(s.order))):
        expression, descending = s.order[depth]
        same = [f"{other} = :p{n}" for n, (other, _d) in enumerate(s.order[:depth])]
        bound = f"{expression} {'<' if descending != backwards else '>'} :p{depth}"
        source = _tied(s, place) if depth == len(s.order) - 1 else s.source
        parts.append((source, f" AND {' AND '.join([*same, bound])}", values, s.order[depth:]))
    return parts


def _tied(s: Statement, place: Sequence[Any]) -> str:
    return next((source for at, source in s.ties if at < 0 or place[at] != LAST), s.source)


def _order_by(keys: Keys, *, backwards: bool) -> str:
    return ", ".join(f"{expression} {'DESC' if descending != backwards else 'ASC'}" for expression, descending in keys)


def _order(fields: dict[str, Field], order: Order) -> tuple[str, bool]:
    return order_expression(_field(fields, order.field)), order.descending


def _fields(kind: str) -> dict[str, Field]:
    return {f.name: f for f in (*listed_fields(kind), *_COMMON)}


_COMMON = tuple(
    Field(name, kind, optional=False, default=None, declared=Declared(name))
    for name, kind in (("created_at", Kind.INSTANT), ("id", Kind.TEXT), ("updated_at", Kind.INSTANT))
)


def _field(fields: dict[str, Field], name: str) -> Field:
    if name not in fields:
        raise Refused(_("There is no field “{name}” to list by.", name=name))
    return fields[name]


def _clause(fields: dict[str, Field], condition: Condition, mark: str, values: Values) -> str:  # noqa: PLR0911 - one return per way to compare.
    field = _field(fields, condition.field)
    stands = column(field)
    match condition.op:
        case Op.EMPTY | Op.FILLED:
            return _emptiness(field, condition.op, mark, values)
        case Op.ANY:
            return _any(field, condition.value, mark, values)
        case Op.NONE:
            return f"NOT ifnull({_any(field, condition.value, mark, values)}, 0)"
        case Op.WITHIN:
            return _within(order_expression(field), condition.value, mark, values)
        case Op.HAS:
            values[mark] = condition.value
            # Most sets are empty; to take those apart too would cost a list of a million cases seconds.
            return f"({stands} <> '[]' AND EXISTS (SELECT 1 FROM json_each({stands}) WHERE value = :{mark}))"  # noqa: S608 - see the module.
        case Op.CONTAINS:
            values[mark] = f"%{fold(str(condition.value)).replace('%', '').replace('_', '')}%"
            return f"lower({stands}) LIKE :{mark}"
        case Op.UNSEEN:
            # Not looked at, on this workstation, since this instant of the record.
            seen = f"EXISTS (SELECT 1 FROM seen s WHERE s.record = id AND s.at >= ifnull({stands}, ''))"  # noqa: S608 - see the module.
            return f"NOT {seen}" if condition.value else seen
        case Op.BEFORE | Op.FROM:
            values[mark] = condition.value
            return f"{order_expression(field)} {'<' if condition.op is Op.BEFORE else '>='} :{mark}"
        case _:
            return _equality(field, condition, mark, values)


def _emptiness(field: Field, op: Op, mark: str, values: Values) -> str:
    if op is Op.EMPTY and field.declared.sortable and field.optional:
        values[mark] = EMPTY_NUMBER if field.kind in NUMBERS else LAST
        return f"{order_expression(field)} = :{mark}"
    stands = column(field)
    if field.kind is Kind.SET:
        return f"{stands} {'=' if op is Op.EMPTY else '<>'} '[]'"
    return f"{stands} IS {'' if op is Op.EMPTY else 'NOT '}NULL"


def _equality(field: Field, condition: Condition, mark: str, values: Values) -> str:
    stands = column(field)
    if condition.value is None:
        return f"{stands} IS {'' if condition.op is Op.IS else 'NOT '}NULL"
    if condition.op is Op.IS and field.kind is Kind.FLAG:
        return f"{stands} = {int(condition.value)}"  # Written out, for an index may hold live cases only.
    values[mark] = _bound(field, condition.value)
    if condition.op is Op.IS and field.declared.sortable:
        return f"{order_expression(field)} = :{mark}"  # The words of its index.
    return f"{stands} IS {'NOT ' if condition.op is Op.NOT else ''}:{mark}"


def _bound(field: Field, value: Any) -> Any:
    if field.kind is Kind.SET:
        return json.dumps(sorted(value), ensure_ascii=False, separators=(",", ":"))
    return int(value) if isinstance(value, bool) else value


def _any(field: Field, wanted: Sequence[Any], mark: str, values: Values) -> str:
    given = [value for value in wanted if value is not None]
    if field.declared.sortable and field.optional and None in wanted:
        given.append(EMPTY_NUMBER if field.kind in NUMBERS else LAST)
    marks = ", ".join(f":{mark}_{n}" for n in range(len(given)))
    values |= {f"{mark}_{n}": value for n, value in enumerate(given)}
    if field.declared.sortable:
        return f"{order_expression(field)} IN ({marks})"  # The words of its index.
    if field.kind is Kind.SET:
        empty = f""" OR "{field.name}" = '[]'""" if None in wanted else ""
        return f'(EXISTS (SELECT 1 FROM json_each("{field.name}") WHERE value IN ({marks})){empty})'  # noqa: S608 - see the module.
    stands = column(field)
    empty = f" OR {stands} IS NULL" if None in wanted else ""
    return f"({stands} IN ({marks}){empty})"


def _within(expression: str, ranges: Sequence[Sequence[Any]], mark: str, values: Values) -> str:
    """Say that a value lies in one of some ranges, each with its beginning and without its end."""
    parts = []
    for number, (begins, ends) in enumerate(ranges):
        edges = [(">=", "b", begins), ("<", "e", ends)]
        values |= {f"{mark}_{number}{side}": edge for _sign, side, edge in edges if edge is not None}
        sides = [f"{expression} {sign} :{mark}_{number}{side}" for sign, side, edge in edges if edge is not None]
        parts.append(f"({' AND '.join(sides) or '1'})")
    return f"({' OR '.join(parts) or '0'})"


def _one(kind: Kind) -> Kind:
    return Kind.TEXT if kind is Kind.SET else kind
