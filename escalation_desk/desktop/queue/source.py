"""The rows of a list, a page at a time, read and formatted on a reader's thread; what the queue table shows."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.case import Case
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.queue.cells import BLANK, DUE_FIELDS, OPEN, Cells, columns_of, fields_behind
from escalation_desk.desktop.table import CellStyle, Group, Row, Shape
from escalation_desk.i18n import n_
from escalation_desk.journal import listing, seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.queue.facets import Bucket, Facet
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.connection import Connection

_ALWAYS: Final = {"case": ("live", "last_activity_at", "flagged"), "follow_up": ("state",)}
_STARRED: Final = CellStyle(sign="star")
_FLAGGED: Final = CellStyle(sign="flag")
VISITED: Final = "◉"


class _Measured(NamedTuple):
    """How many rows a list has, under which headings, and where some of them stand."""

    rows: int
    groups: Sequence[tuple[Bucket, int]] = ()
    landmarks: Sequence[tuple[Any, ...]] = ()


class ListSource:
    """A `RowSource` over a query. The clock is asked for each page, so that “in 35 min” is true when it is shown."""

    def __init__(
        self,
        verbs: Verbs,
        query: ListQuery,
        clock: Callable[[], Clock],
        shown: Iterable[str] = (),
        grouping: Facet | None = None,
        there: Callable[[], Mapping[str, Sequence[str]]] = dict,
    ) -> None:
        self.columns = columns_of(query.kind)
        self.query = query
        self._verbs = verbs
        self._clock = clock
        self._shown = set(shown) or {column.id for column in self.columns if column.shown}
        self._grouping = grouping
        self._there = there
        self._groups: Sequence[tuple[Bucket, int]] = ()
        self._count: int | None = None
        self._landmarks: Sequence[tuple[Any, ...]] = ()
        self._shapes = 0

    @property
    def grouped(self) -> bool:
        return self._grouping is not None

    def want(self, shown: Iterable[str]) -> bool:
        """Say which columns are on the screen; answer whether rows must be read again for that."""
        fresh = set(shown) - self._shown
        self._shown |= fresh
        return bool(fresh)

    def shape(self, then: Callable[[Shape], None]) -> None:
        self._shapes += 1
        # A list that was left is not counted to its end, so nothing here may keep this source.
        asked, query, grouping, here = self._shapes, self.query, self._grouping, weakref.ref(self)

        def wanted() -> bool:
            source = here()
            return source is not None and asked == source._shapes  # noqa: SLF001 - it is this one.

        def measure(made: Connection) -> _Measured | None:
            # Several changes in a row are counted once: what was overtaken while it waited is not counted any more.
            return _measure(made, query, grouping, wanted) if wanted() else None

        def take(measured: _Measured | None) -> None:
            source = here()
            if source is not None and measured is not None:
                then(source._take(measured))  # noqa: SLF001 - it is this one.

        # What has changed meanwhile has moved them.
        self._landmarks = ()
        # A list without groups shows its rows before it is counted; one with groups cannot.
        self._verbs.ask(measure, take, slow=not self.grouped)

    def _take(self, measured: _Measured) -> Shape:
        self._count, self._groups, self._landmarks = measured
        return Shape(measured.rows, tuple(Group(b.key, b.text, n, b.style) for b, n in self._groups))

    def fetch(
        self,
        first: int,
        n: int,
        then: Callable[[Sequence[Row]], None],
        *,
        after: Row | None,
        before: Row | None,
    ) -> None:
        self._verbs.ask(lambda made: self._rows(made, self._read(made, first, n, after, before)), then)

    def ids(self, first: int, n: int, then: Callable[[Sequence[str]], None]) -> None:
        def read(made: Connection) -> list[str]:
            return [row.id for row in self._read(made, first, n, None, None, names=())]

        self._verbs.ask(read, then, slow=True)

    # Reading

    def _read(
        self,
        made: Connection,
        first: int,
        n: int,
        after: Row | None,
        before: Row | None,
        names: Sequence[str] | None = None,
    ) -> list[listing.Row]:
        names = self._names() if names is None else names
        passed = min(first // listing.STRIDE, len(self._landmarks))
        if self._grouping is None and passed and after is None and before is None:
            place, skip = self._landmarks[passed - 1], first - passed * listing.STRIDE
            return listing.page_at(made, self.query, names, skip, place, n)
        if self._grouping is None:
            return self._stretch(made, self.query, self._count, first, n, after, before, names)
        return self._across_groups(made, first, n, after, names)

    def _across_groups(
        self, made: Connection, first: int, n: int, after: Row | None, names: Sequence[str]
    ) -> list[listing.Row]:
        """Read from each group that the stretch touches; every group is a list of its own."""
        found: list[listing.Row] = []
        start = 0
        for bucket, count in self._groups:
            low, high = max(first, start), min(first + n, start + count)
            if low < high:
                query = self.query.also(*bucket.conditions)
                known = after if low == first and low > start else None
                found += self._stretch(made, query, count, low - start, high - low, known, None, names)
            start += count
        return found

    @staticmethod
    def _stretch(
        made: Connection,
        query: ListQuery,
        count: int | None,
        first: int,
        n: int,
        after: Row | None,
        before: Row | None,
        names: Sequence[str],
    ) -> list[listing.Row]:
        """Read rows first..first+n of a list from whichever known place is nearest."""
        if after is not None:
            return listing.page(made, query, names, _place(after), n)
        if before is not None:
            return listing.page_before(made, query, names, _place(before), min(n, first + n))
        if count is not None and first > count // 2:
            n = min(n, count - first)
            return listing.page_before(made, query, names, None, n, skip=count - first - n)
        return listing.page_at(made, query, names, first, None, n)

    def _names(self) -> list[str]:
        marks = _ALWAYS.get(self.query.kind, ())
        return fields_behind([*(c.id for c in self.columns if c.id in self._shown), *marks])

    # Formatting

    def _rows(self, made: Connection, found: Sequence[listing.Row]) -> list[Row]:
        if not found:
            return []
        names = self._names()
        cells = Cells(self.query.kind, self._clock())
        cells.look_up(made, names, [row.values for row in found])
        values = dict(zip(names, zip(*(row.values for row in found), strict=True), strict=True))
        # Column by column, for nearly all of them are blank.
        texts, styles = zip(*(self._column(cells, c.id, values, len(found)) for c in self.columns), strict=True)
        rows = zip(found, zip(*texts, strict=True), zip(*styles, strict=True), strict=True)
        if self.query.kind != Case.kind:
            return [Row(row.id, told, styled, place=row.place) for row, told, styled in rows]
        marks, there = seen.marks(made, [row.id for row in found]), self._there()
        facts = zip(*(values[name] for name in _ALWAYS[Case.kind]), strict=True)
        cases = [self._case(*line, known, marks.get(line[0].id)) for line, known in zip(rows, facts, strict=True)]
        return [self._visited(row, there[row.id]) if row.id in there else row for row in cases] if there else cases

    def _column(
        self, cells: Cells, column: str, values: Mapping[str, Sequence[Any]], n: int
    ) -> tuple[tuple[str, ...], tuple[CellStyle | None, ...]]:
        """Write one column of a page; one that nobody sees is blank."""
        if column not in self._shown:
            return (BLANK[0],) * n, (BLANK[1],) * n
        held = values[fields_behind([column])[0]]
        write = cells.write(column)
        if column in DUE_FIELDS and "state" in values:
            done = cells.write(column, is_open=False)
            states = zip(held, values["state"], strict=True)
            written = [(write if state == OPEN else done)(one) for one, state in states]
        else:
            written = [write(one) for one in held]
        texts, styles = zip(*written, strict=True)
        return texts, styles

    def _case(
        self,
        row: listing.Row,
        texts: tuple[str, ...],
        styles: tuple[CellStyle | None, ...],
        facts: Sequence[Any],
        mark: seen.Mark | None,
    ) -> Row:
        live, last, flagged = facts
        if flagged or (mark and mark.starred):
            styles = self._signed(list(styles), mark, flagged=flagged)
        unread = is_unread({"live": live, "last_activity_at": last}, mark)
        return Row(row.id, texts, styles, unread, muted=not live, place=row.place)

    def _signed(
        self, styles: list[CellStyle | None], mark: seen.Mark | None, *, flagged: bool
    ) -> tuple[CellStyle | None, ...]:
        """Mark what was starred by me at the number, what is flagged for all at the title."""
        at = {column.id: number for number, column in enumerate(self.columns)}
        if mark and mark.starred:
            styles[at["case_no"]] = (styles[at["case_no"]] or _STARRED)._replace(sign="star")
        if flagged:
            styles[at["title"]] = (styles[at["title"]] or _FLAGGED)._replace(sign="flag")
        return tuple(styles)

    def _visited(self, row: Row, people: Sequence[str]) -> Row:
        """Mark what somebody else has open, and say who."""
        at = next(number for number, column in enumerate(self.columns) if column.id == "case_no")
        styles = list(row.styles)
        styles[at] = (styles[at] or CellStyle())._replace(mark=VISITED, tone=Tone.ACCENT)
        return row._replace(styles=tuple(styles), note=visited(people))


def _measure(
    made: Connection, query: ListQuery, grouping: Facet | None, wanted: Callable[[], bool]
) -> _Measured | None:
    if grouping is not None:
        groups = grouping.buckets(made, query, whole=True)
        return _Measured(sum(n for _bucket, n in groups), groups)
    if not listing.is_walked(query):
        return _Measured(listing.count(made, query))
    walked = listing.landmarks(made, query, wanted)
    return _Measured(walked[0], (), walked[1]) if walked else None


def visited(people: Sequence[str]) -> str:
    """Say who else has a case open."""
    names = ", ".join(people)
    return n_("{names} has this case open", "{names} have this case open", len(people), names=names)


def is_unread(values: dict[str, Any], mark: seen.Mark | None) -> bool:
    """Tell whether something happened on a live case since it was looked at."""
    if not values.get("live") or "last_activity_at" not in values:
        return False
    return mark is None or (values["last_activity_at"] or "") > mark.at


def _place(row: Row) -> tuple[Any, ...]:
    assert isinstance(row.place, tuple)  # noqa: S101 - this source made it so; for the type checker.
    return row.place
