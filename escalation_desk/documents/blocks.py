"""A document as plain blocks, for whoever lays it out without Word: the window's print and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escalation_desk.documents.pictures import Picture


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the case, 2 a section, 3 a part of it."""

    level: int
    text: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `quoted` is somebody else's words."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table whose header repeats on each page; widths are hundredths."""

    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A picture with what is said under it."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True)
class Line:
    """One quiet line: that there is nothing, or what was left out."""

    text: str


Block = Heading | Paragraph | Facts | TableBlock | PictureBlock | Line
