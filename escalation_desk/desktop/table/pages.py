"""A bounded window on a long list: pages of rows, the ones used last kept, the rest forgotten. Knows nothing of Qt."""

from __future__ import annotations

from collections import OrderedDict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from escalation_desk.desktop.table.rows import Row

# Half a screen: what is fetched beyond the screen costs before the first paint. Its neighbours come at once.
PAGE: Final = 16
AHEAD: Final = 4
KEPT: Final = 128


class Pages:
    """Holds at most KEPT pages. After `age` the rows go on being shown until fresh ones take their place."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: set[int] = set()

    def __len__(self) -> int:
        return len(self._pages)

    def row(self, index: int) -> Row | None:
        number, within = divmod(index, PAGE)
        page = self._pages.get(number)
        return page[within] if page is not None and within < len(page) else None

    def items(self) -> Iterator[tuple[int, Row]]:
        """Go through every row at hand with its index."""
        for number, page in self._pages.items():
            yield from enumerate(page, number * PAGE)

    def wanted(self, first: int, last: int, count: int | None, *, ahead: bool = True) -> range | None:
        """Say which pages to ask for next, so that first..last can be shown: the visible ones, `ahead` the neighbours.

        What follows each other on the screen is asked for at one go, and only one thing at a time: nothing queues up
        behind a dragged scroll bar, and each page is asked for with the row before it at hand, which spares the
        source from counting its way there.
        """
        shown = range(first // PAGE, last // PAGE + 1)
        for number in shown:
            if number in self._pages:
                self._pages.move_to_end(number)
        if self._asked:
            return None
        lacking = [number for number in shown if self._lacks(number, count)]
        if lacking:
            return self._run(lacking[0], 1, shown.stop, count)
        if not ahead:
            return None
        behind = next((n for n in range(shown.stop, shown.stop + AHEAD) if self._lacks(n, count)), None)
        if behind is not None:
            return self._run(behind, 1, shown.stop + AHEAD, count)
        before = next((n for n in reversed(range(shown.start - AHEAD, shown.start)) if self._lacks(n, count)), None)
        return None if before is None else self._run(before, -1, shown.start - AHEAD - 1, count)

    def ask(self, numbers: range) -> tuple[Row | None, Row | None]:
        """Note that pages were asked for; answer the rows that stand just before and behind them, where fresh."""
        self._asked.update(numbers)
        return self._edge(numbers.start - 1, -1), self._edge(numbers.stop, 0)

    def put(self, number: int, rows: Sequence[Row]) -> None:
        self._asked.discard(number)
        self._stale.discard(number)
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT:
            gone, _rows = self._pages.popitem(last=False)
            self._stale.discard(gone)

    def age(self) -> None:
        self._stale = set(self._pages)
        self._asked.clear()

    def settled(self, first: int, last: int) -> bool:
        """Tell whether all of first..last is at hand and fresh."""
        shown = range(first // PAGE, last // PAGE + 1)
        return all(number in self._pages and number not in self._stale for number in shown)

    def _run(self, begins: int, step: int, ends: int, count: int | None) -> range:
        """Answer the pages from one on, forwards or backwards, that are lacking without a gap."""
        run = list(takewhile(lambda number: self._lacks(number, count), range(begins, ends, step)))
        return range(min(run), max(run) + 1)

    def _lacks(self, number: int, count: int | None) -> bool:
        if number < 0 or number in self._asked or (count is not None and number * PAGE >= count):
            return False
        return number not in self._pages or number in self._stale

    def _edge(self, number: int, at: int) -> Row | None:
        page = self._pages.get(number)
        return page[at] if page and number not in self._stale and len(page) == PAGE else None
