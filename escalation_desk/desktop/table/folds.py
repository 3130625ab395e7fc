"""Which row of the screen is which row of the source, with headings in between and some of them folded."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from escalation_desk.desktop.table.rows import Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.desktop.table.rows import Group


class Folds:
    """Maps lines of the screen to rows of the source. Without groups the two are the same."""

    def __init__(self, shape: Shape, folded: frozenset[str] = frozenset()) -> None:
        self.groups: Sequence[Group] = shape.groups
        self.folded = folded
        self._lines: list[int] = []
        self._rows: list[int] = []
        line = row = 0
        for group in self.groups:
            self._lines.append(line)
            self._rows.append(row)
            line += 1 + (0 if group.key in folded else group.count)
            row += group.count
        self.lines = line if self.groups else shape.count
        self.rows = row if self.groups else shape.count

    def at(self, line: int) -> int | Group:
        """Say what a line shows: a heading, or the row of that number."""
        if not self.groups:
            return line
        which = bisect_right(self._lines, line) - 1
        within = line - self._lines[which]
        return self._rows[which] + within - 1 if within else self.groups[which]

    def rows_in(self, first: int, last: int) -> list[range]:
        """Turn lines first..last into the stretches of rows that they show, headings left out."""
        if not self.groups:
            return [range(first, min(last, self.lines - 1) + 1)]
        found = []
        for head, start, group in zip(self._lines, self._rows, self.groups, strict=True):
            if group.key not in self.folded and head < last and head + group.count >= first:
                low, high = max(first, head + 1), min(last, head + group.count)
                found.append(range(start + low - head - 1, start + high - head))
        return [stretch for stretch in found if stretch]

    def line_of(self, row: int) -> int | None:
        """Find the line of a row; there is none while its heading is folded."""
        if not self.groups:
            return row if row < self.lines else None
        which = bisect_right(self._rows, row) - 1
        # Empty groups share their start with the next one; bisect finds the last, which is the one with rows.
        if which < 0 or row >= self._rows[which] + self.groups[which].count or self.groups[which].key in self.folded:
            return None
        return self._lines[which] + 1 + row - self._rows[which]

    def line_of_group(self, key: str) -> int:
        return next(line for line, group in zip(self._lines, self.groups, strict=True) if group.key == key)

    def toggled(self, key: str) -> Folds:
        return Folds(Shape(self.rows, tuple(self.groups)), self.folded ^ {key})
