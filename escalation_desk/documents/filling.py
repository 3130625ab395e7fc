"""Fills prepared pieces of XML with values: escaped, never markup, never a field; pictures placed as they come."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.pictures import Picture, Prepared, prepare
from escalation_desk.documents.tags import Sign
from escalation_desk.documents.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MISSING = "⟦{name}?⟧"  # Loud on purpose: a document with a hole must not look finished.
_ENOUGH = 4_000  # Pieces gathered before they go to the file.
_ANCHOR = re.compile(r"[A-Za-z0-9_]{1,40}")
_BREAK, _TAB = '</w:t><w:br/><w:t xml:space="preserve">', '</w:t><w:tab/><w:t xml:space="preserve">'
_LARGEST = (170, 225)  # Millimetres: the text area of an A4 page.


@dataclass(frozen=True, slots=True)
class Place:
    """Where one value goes. The level at which the name is found is known from the check on load."""

    level: int
    name: str


@dataclass(frozen=True, slots=True)
class AnchorPlace:
    """Where the name of a bookmark goes, in an attribute or a field: letters, digits and _ only."""

    level: int
    name: str


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """Where a picture goes, and its largest size in millimetres."""

    level: int
    name: str
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class BookmarkPlace:
    """Where a bookmark stands."""

    level: int
    name: str


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """Where a number goes that nothing else in the document has: drawings must not share theirs."""


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes that are written for each row, or once if there is any, or once if there is none."""

    level: int
    name: str
    sign: Sign
    inside: tuple[Node, ...]


Node = str | Place | AnchorPlace | PicturePlace | BookmarkPlace | NumberPlace | Block


class Filling:
    """One document while it is written: counts what must be unique and remembers which pictures were placed."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._number = 0
        self._media: dict[str, Picture] = {}
        self._part = ""
        self._out: list[str] = []
        self._labels: dict[str, str] = {}
        self.placed: dict[str, dict[str, str]] = {}

    def pieces(self, part: str, nodes: tuple[Node, ...]) -> Iterator[str]:
        """Write one part, piece by piece: a block that stands at the top is not held in memory whole."""
        self._part = part
        levels = (self._values,)
        for node in nodes:
            if isinstance(node, Block) and node.sign is Sign.EACH:
                for row in levels[node.level].get(node.name) or ():
                    self._fill(node.inside, (*levels, row))
                    if len(self._out) > _ENOUGH:
                        yield self._gathered()
            else:
                self._fill((node,), levels)
        yield self._gathered()

    def media(self) -> Iterator[tuple[str, bytes]]:
        """Read each placed picture once more, now for the file: only one is in memory at a time."""
        for name, picture in self._media.items():
            yield name, prepare(picture).content

    def _fill(self, nodes: tuple[Node, ...], levels: tuple[Mapping[str, Any], ...]) -> None:
        out = self._out.append
        for node in nodes:
            if isinstance(node, str):
                out(node)
            elif isinstance(node, Place):
                out(self._fixed(node) if node.level == 0 else _text(levels[node.level].get(node.name), node.name))
            elif isinstance(node, Block):
                self._block(node, levels)
            else:
                out(self._rare(node, levels))

    def _block(self, block: Block, levels: tuple[Mapping[str, Any], ...]) -> None:
        held = levels[block.level].get(block.name)
        if block.sign is Sign.EACH:
            for row in held or ():
                self._fill(block.inside, (*levels, row))
        elif bool(held) is (block.sign is Sign.ANY):
            self._fill(block.inside, levels)

    def _fixed(self, place: Place) -> str:
        """Escape the values of the whole document (labels, most of them) once, not once for each case."""
        if place.name not in self._labels:
            self._labels[place.name] = _text(self._values.get(place.name), place.name)
        return self._labels[place.name]

    def _gathered(self) -> str:
        gathered = "".join(self._out)
        self._out.clear()
        return gathered

    def _rare(
        self, node: AnchorPlace | PicturePlace | BookmarkPlace | NumberPlace, levels: tuple[Mapping[str, Any], ...]
    ) -> str:
        match node:
            case NumberPlace():
                return str(self._next())
            case AnchorPlace():
                return _anchor(levels[node.level].get(node.name))
            case BookmarkPlace():
                name, number = _anchor(levels[node.level].get(node.name)), self._next()
                return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>'
            case PicturePlace():
                return self._picture(levels[node.level].get(node.name), node)

    def _picture(self, picture: Any, node: PicturePlace) -> str:
        if not isinstance(picture, Picture):
            return _run(_text(None, node.name))
        try:
            prepared = prepare(picture)
        except Refused as refused:
            return _run(_text(str(refused), node.name))
        return _drawing(self._place(picture, prepared), self._next(), picture.name, prepared, node.size or _LARGEST)

    def _place(self, picture: Picture, prepared: Prepared) -> str:
        digest = hashlib.sha256(prepared.content).hexdigest()[:16]
        name = f"word/media/picture-{digest}.{prepared.suffix}"
        self._media.setdefault(name, picture)
        self.placed.setdefault(self._part, {})[f"rIdPicture{digest}"] = name
        return f"rIdPicture{digest}"

    def _next(self) -> int:
        self._number += 1
        return self._number


def _text(value: Any, name: str) -> str:
    if value is None:
        return escape(MISSING.format(name=name))
    text = escape(plain(value))
    if "\n" in text or "\t" in text:
        return text.replace("\n", _BREAK).replace("\t", _TAB)
    return text


def _anchor(value: Any) -> str:
    if not isinstance(value, str) or not _ANCHOR.fullmatch(value):
        raise ValueError(f"no name for a bookmark: {value!r}")
    return value


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def _drawing(relation: str, number: int, name: str, prepared: Prepared, most: tuple[int, int]) -> str:
    width, height = prepared.fitted(most)
    # A picture lying on its side is turned by the drawing, not by new pixels; the frame around it must then be told
    # how far the turned picture reaches beyond the unturned one: sideways or up and down, never less than nothing.
    beyond = (height - width) // 2 if prepared.turns % 2 else 0
    sideways, upwards = max(beyond, 0), max(-beyond, 0)
    turned = f' rot="{prepared.turns * 5_400_000}"' if prepared.turns else ""
    label = quoteattr(plain(name).replace("\n", " ").replace("\t", " "))
    return (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:effectExtent l="{sideways}" t="{upwards}" r="{sideways}" b="{upwards}"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" descr={label}/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        f' r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm{turned}><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:ln w="6350"><a:solidFill><a:srgbClr val="C9D1D6"/></a:solidFill></a:ln></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
