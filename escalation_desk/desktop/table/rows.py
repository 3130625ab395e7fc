"""What the queue table shows: rows formatted once where they are fetched, and the source that they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.desktop.look.tones import Tone


class Column(NamedTuple):
    """One column that a table offers; its width is in letters, so it fits at any text size."""

    id: str
    label: str
    letters: float = 9.0
    right: bool = False
    sortable: bool = True
    descending_first: bool = False
    shown: bool = True
    least: float = 0.0
    """Where this is given, the column gives room up so that whole columns stand beside it, and takes what is left."""


class CellStyle(NamedTuple):
    """How one cell looks beyond its text. A `sign` is an icon's name; a mark stands before the text."""

    tone: Tone | None = None
    mark: str = ""
    sign: str = ""
    chip: bool = False
    strong: bool = False
    muted: bool = False


class Row(NamedTuple):
    """One record as it is shown. `place` is where it stands in the order (for a keyset); only its source reads it."""

    id: str
    cells: tuple[str, ...]
    styles: tuple[CellStyle | None, ...] = ()
    unread: bool = False
    muted: bool = False
    place: object = None
    tone: Tone | None = None
    """The colour of its ground; what it means is said by a mark in one of the cells too."""
    note: str = ""
    """A sentence about the whole row, said with its first column: who else looks at it."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over the next `count` rows."""

    key: str
    text: str
    count: int
    style: CellStyle | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rows there are, and under which headings; without groups the rows simply follow each other."""

    count: int
    groups: tuple[Group, ...] = ()


class RowSource(Protocol):
    """Where rows come from. Nothing here waits: each answer comes through `then`, on the thread of the window.

    Rows are counted through, groups or not: with groups, the rows of the first group come first, and so on.
    """

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def grouped(self) -> bool:
        """Whether the shape brings groups; then no row is shown before the shape is there."""

    def shape(self, then: Callable[[Shape], None]) -> None:
        """Count. The first rows are on the screen before this needs to be answered."""

    def fetch(
        self,
        first: int,
        n: int,
        then: Callable[[Sequence[Row]], None],
        *,
        after: Row | None,
        before: Row | None,
    ) -> None:
        """Fetch n rows from `first` on; `after` is the row just before them, `before` the one behind, where known."""

    def ids(self, first: int, n: int, then: Callable[[Sequence[str]], None]) -> None:
        """Name the records of a range that is selected but not loaded (select all, then edit)."""
