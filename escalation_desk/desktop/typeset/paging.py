"""Puts strips on pages: headings stay with what follows, rows stay whole where they can, table headers come again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPainter

    from escalation_desk.desktop.typeset.bits import Paint


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip across the page that is never cut.

    `gap` is the distance above it, none at the top of a page; `keep` holds the next strip on the same page; `header` is
    set again above it where a new page begins with it.
    """

    height: float
    paint: Paint
    gap: float = 0.0
    keep: bool = False
    header: Strip | None = None
    new_page: bool = False


@dataclass(slots=True)
class Sheet:
    """One page: strips with their places."""

    placed: list[tuple[float, Strip]] = field(default_factory=list)
    used: float = 0.0

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        for top, strip in self.placed:
            strip.paint(painter, x, y + top)


def paged(strips: Sequence[Strip], height: float) -> list[Sheet]:
    """Put strips on pages of a height."""
    paging = _Paging(height)
    for chain in _chains(strips):
        paging.add(chain)
    return paging.sheets


def _chains(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    chain: list[Strip] = []
    for strip in strips:
        chain.append(strip)
        if not strip.keep:
            yield chain
            chain = []
    if chain:
        yield chain


class _Paging:
    def __init__(self, height: float) -> None:
        self._height = height
        self.sheets = [Sheet()]

    def add(self, chain: list[Strip]) -> None:
        """Keep a chain on one page; one that is longer than a page is cut where the page ends."""
        needed = sum(strip.gap + strip.height for strip in chain)
        turn = chain[0].new_page or (not self._fits(needed) and self._fits_anew(chain))
        if turn and self._sheet.placed:
            self._turn()
        for strip in chain:
            if not self._fits(strip.gap + strip.height) and self._sheet.placed:
                self._turn()
            self._place(strip)

    def _place(self, strip: Strip) -> None:
        sheet = self._sheet
        if not sheet.placed and strip.header is not None:
            self._put(strip.header, 0)
        self._put(strip, strip.gap if sheet.placed else 0)

    def _put(self, strip: Strip, gap: float) -> None:
        sheet = self._sheet
        top = sheet.used + gap
        sheet.placed.append((top, strip))
        sheet.used = top + strip.height

    def _fits(self, height: float) -> bool:
        return self._sheet.used + height <= self._height

    def _fits_anew(self, chain: list[Strip]) -> bool:
        above = chain[0].header.height if chain[0].header else 0
        return above + sum(strip.gap + strip.height for strip in chain) - chain[0].gap <= self._height

    def _turn(self) -> None:
        self.sheets.append(Sheet())

    @property
    def _sheet(self) -> Sheet:
        return self.sheets[-1]
