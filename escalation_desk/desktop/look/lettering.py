"""Sizes of letters and of the room around them; everything is a multiple of the letter, so 150 % fits like 100 %."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Final, NamedTuple

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication

SMALLEST_SCALE: Final = 0.8
LARGEST_SCALE: Final = 2.0
# Two storeys of Vietnamese marks (Ộ, Ỗ) touch the line above when a line is lower than this.
LINE: Final = 1.3
_FAMILIES: Final = ("Noto Sans",)
_FIXED_FAMILIES: Final = ("Noto Sans Mono", "Cascadia Mono", "DejaVu Sans Mono", "Menlo")
_LEAST_POINTS: Final = 13.0 if sys.platform == "darwin" else 10.0


class Role(StrEnum):
    """What a text is for; its size and weight follow."""

    TITLE = "title"
    HEADING = "heading"
    STRONG = "strong"
    BODY = "body"
    MUTED = "muted"
    SMALL = "small"
    MONO = "mono"


_SIZES: Final = {Role.TITLE: 1.6, Role.HEADING: 1.2, Role.SMALL: 0.88, Role.MONO: 0.96}
_BOLD: Final = frozenset({Role.TITLE, Role.HEADING, Role.STRONG})


class Lettering(NamedTuple):
    """The lettering at one scale, with lengths in pixels made from it."""

    family: str
    fixed_family: str
    points: float
    letter: float
    line: float

    def font(self, role: Role = Role.BODY) -> QFont:
        font = QFont(self.fixed_family if role is Role.MONO else self.family)
        font.setPointSizeF(self.points * _SIZES.get(role, 1.0))
        font.setWeight(QFont.Weight.DemiBold if role in _BOLD else QFont.Weight.Normal)
        return font

    def size(self, role: Role) -> float:
        return self.points * _SIZES.get(role, 1.0)

    def px(self, letters: float) -> int:
        """Turn a length in letters (the height of an em) into whole pixels."""
        return max(1, round(self.letter * letters)) if letters else 0

    @property
    def tight(self) -> int:
        return self.px(0.3)

    @property
    def gap(self) -> int:
        return self.px(0.6)

    @property
    def wide(self) -> int:
        return self.px(0.9)

    @property
    def page(self) -> int:
        return self.px(1.5)

    @property
    def gutter(self) -> int:
        """Room at the left of a list for the dot of what is unread."""
        return self.px(0.7)

    @property
    def icon(self) -> int:
        return self.px(1.25)

    def row(self, *, compact: bool = False) -> int:
        return self.px(2.0 if compact else 2.55)


def lettering(scale: float = 1.0) -> Lettering:
    scale = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    family = _first(_FAMILIES, QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family())
    fixed = _first(_FIXED_FAMILIES, QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family())
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    points = max(system, _LEAST_POINTS) * scale
    font = QFont(family)
    font.setPointSizeF(points)
    letter = points * QGuiApplication.primaryScreen().logicalDotsPerInch() / 72
    return Lettering(family, fixed, points, letter, max(QFontMetricsF(font).height(), letter * LINE))


def _first(wanted: tuple[str, ...], otherwise: str) -> str:
    known = set(QFontDatabase.families())
    return next((family for family in wanted if family in known), otherwise)
