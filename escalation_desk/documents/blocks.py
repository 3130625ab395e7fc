"""A document as plain blocks, for whoever lays it out without Word: the window's print and PDF."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escalation_desk.documents.pictures import Picture


class Look(StrEnum):
    """How facts are set."""

    LIST = "list"  # One below the other, a hairline between them.
    GRID = "grid"  # Label over value, four abreast.
    CARD = "card"  # What a reader with half a minute reads.
    STRONG = "strong"  # What the reader is asked for.


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the case with its number, 2 a section, 3 a part of it."""

    level: int
    text: str
    new_page: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Chips:
    """The few words that a reader looks for first, after a quiet remark."""

    words: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `quoted` is somebody else's words."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values."""

    pairs: tuple[tuple[str, str], ...]
    look: Look = Look.LIST


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns of blocks side by side."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class RowNote:
    """What stands under a row's words: a mark, pictures pasted there."""

    mark: str = ""
    pictures: tuple[PictureBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table whose header repeats on each page; widths are hundredths. Notes stand in the column `noted`."""

    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    noted: int = 0
    notes: tuple[RowNote, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """A picture with what is said under it."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True)
class Line:
    """One quiet line: that there is nothing, what was left out; or one that `leads` to what follows."""

    text: str
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Room to sign, side by side."""

    roles: tuple[str, ...]
    under: str


Block = Heading | Chips | Paragraph | Facts | Beside | TableBlock | PictureBlock | Line | Signatures
