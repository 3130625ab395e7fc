"""Two edits of one long text become one, line by line; None where both changed the same lines.

Nothing is ever marked inside the text: a person who has to choose sees both texts whole (sync.md §5.6).
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Edit(NamedTuple):
    """Lines `begin` to `end` of the base were replaced by these."""

    begin: int
    end: int
    lines: tuple[str, ...]


def merge_texts(base: str, theirs: str, mine: str) -> str | None:
    """Merge two texts that both come from `base`. Edits that touch or overlap are a conflict, unless they are equal."""
    begun = base.splitlines(keepends=True)
    edits = sorted({*_edits(begun, theirs.splitlines(keepends=True)), *_edits(begun, mine.splitlines(keepends=True))})
    if any(later.begin <= earlier.end for earlier, later in pairwise(edits)):
        return None
    return "".join(_applied(begun, edits))


def _edits(begun: Sequence[str], now: Sequence[str]) -> Iterator[_Edit]:
    # Without `autojunk`: a line that is repeated in a long text is a line like any other.
    for tag, begin, end, there, until in SequenceMatcher(None, begun, now, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _Edit(begin, end, tuple(now[there:until]))


def _applied(begun: Sequence[str], edits: Sequence[_Edit]) -> Iterator[str]:
    here = 0
    for edit in edits:
        yield from begun[here : edit.begin]
        yield from edit.lines
        here = edit.end
    yield from begun[here:]
