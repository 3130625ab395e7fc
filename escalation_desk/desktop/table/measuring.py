"""Says how much of a text fits into a cell, letter by letter: asking Qt for each text costs as much as drawing it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetricsF

_DOTS: Final = "…"


class Measures:
    """Knows how wide the letters of one font are, as far as they stand by themselves."""

    def __init__(self, metrics: QFontMetricsF) -> None:
        self._metrics = metrics
        self._letters = _Letters(metrics)

    def cut(self, text: str, room: int) -> tuple[str, float]:
        """Answer what of a text fits into a room, and how wide that is."""
        width = sum(map(self._letters.__getitem__, text))
        if width <= room:
            return text, width
        return self._asked(text, room) if width == inf else self._counted(text, room)

    def _counted(self, text: str, room: int) -> tuple[str, float]:
        dots = self._letters[_DOTS]
        edges = list(accumulate(map(self._letters.__getitem__, text)))
        kept = bisect_right(edges, room - dots)
        return text[:kept] + _DOTS, (edges[kept - 1] if kept else 0.0) + dots

    def _asked(self, text: str, room: int) -> tuple[str, float]:
        width = self._metrics.horizontalAdvance(text)
        if width <= room:
            return text, width
        text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        return text, self._metrics.horizontalAdvance(text)


class _Letters(dict[str, float]):
    """How wide each letter is; those that join others, or stand upon them, are not to be counted."""

    def __init__(self, metrics: QFontMetricsF) -> None:
        super().__init__()
        self._metrics = metrics

    def __missing__(self, letter: str) -> float:
        # Latin with all the marks of Vietnamese, and the dashes and quotes around it.
        alone = letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or "\u2010" <= letter <= "\u2027"
        width = self[letter] = self._metrics.horizontalAdvance(letter) if alone else inf
        return width
