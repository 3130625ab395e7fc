"""Pictures as they go into a document: only what is seen, without where, when and by what they were taken."""

from __future__ import annotations

import contextlib
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
# What a picture needs to be drawn; texts, times, EXIF and unknown chunks stay behind.
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
_JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_JPEG_BARE = {0x01, *range(0xD0, 0xDA)}  # Markers without a length.
_START_OF_SCAN, _END_OF_PICTURE = 0xDA, 0xD9
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # What looks like one inside a scan is escaped or a restart.
_LARGEST_SIDE = 50_000
_LARGEST_FILE = 50_000_000
EMU_PER_PIXEL = 9_525  # At 96 dots per inch, as screens and Word reckon.
EMU_PER_MM = 36_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a case: read when it is needed, so that a thousand cases do not hold all of theirs at once."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture fit for a document: without metadata, with its size and the quarter turns that set it upright."""

    content: bytes
    suffix: str
    width: int
    height: int
    turns: int = 0

    def fitted(self, most: tuple[int, int]) -> tuple[int, int]:
        """Scale down (never up) to at most so many millimetres; answer the size in EMU, as it lies before its turn.

        A picture on its side needs room for both its ways of lying, as Word keeps the unturned width free.
        """
        width, height = self.width * EMU_PER_PIXEL, self.height * EMU_PER_PIXEL
        room = (min(most), min(most)) if self.turns % 2 else most
        scale = min(1.0, room[0] * EMU_PER_MM / width, room[1] * EMU_PER_MM / height)
        return max(1, round(width * scale)), max(1, round(height * scale))


def prepare(picture: Picture) -> Prepared:
    """Strip a PNG or JPEG to what is seen; anything else is refused with a sentence that stands in its place."""
    try:
        content = picture.read()
    except OSError as error:
        raise Refused(_("The picture {name} cannot be read.", name=picture.name)) from error
    return stripped(content, picture.name)


def stripped(content: bytes, name: str) -> Prepared:
    try:
        if len(content) <= _LARGEST_FILE and content.startswith(_PNG):
            return _checked(_png(content))
        if len(content) <= _LARGEST_FILE and content.startswith(b"\xff\xd8"):
            return _checked(_jpeg(content))
    except (struct.error, IndexError, ValueError) as error:
        raise Refused(_("The picture {name} is damaged and was left out.", name=name)) from error
    raise Refused(_("{name} is not a PNG or JPEG picture and was left out.", name=name))


def _checked(prepared: Prepared) -> Prepared:
    if not (0 < prepared.width <= _LARGEST_SIDE and 0 < prepared.height <= _LARGEST_SIDE):
        raise ValueError("size")
    return prepared


def _png(content: bytes) -> Prepared:
    width, height = struct.unpack(">II", content[16:24])
    kept = [chunk for name, chunk in _png_chunks(content) if name in _PNG_KEPT]
    return Prepared(_PNG + b"".join(kept), "png", width, height)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, name = len(_PNG), b""
    while name != b"IEND":
        (length,) = struct.unpack(">I", content[at : at + 4])
        name = content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or (at == len(_PNG)) != (name == b"IHDR"):
            raise ValueError("chunk")
        yield name, content[at:end]
        at = end


def _jpeg(content: bytes) -> Prepared:
    kept, size, turns = [b"\xff\xd8"], (0, 0), 0
    for marker, segment in _jpeg_segments(content):
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", segment[5:9])
            size = (width, height)
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            with contextlib.suppress(struct.error):  # Damaged EXIF is no reason to leave out the picture.
                turns = _turns(segment[10:])
        if _jpeg_kept(marker, segment):
            kept.append(segment)
    return Prepared(b"".join(kept), "jpeg", *size, turns)


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the segments up to the end of the first picture; phones hide a second one, metadata and all, behind it."""
    at, marker = 2, 0
    while marker != _END_OF_PICTURE:
        if content[at] != 0xFF:
            raise ValueError("marker")
        marker = content[at + 1]
        end = at + _jpeg_length(content, at, marker)
        if end > len(content):
            raise ValueError("length")
        yield marker, content[at:end]
        at = end


def _jpeg_length(content: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:  # Padding before a marker.
        return 1
    if marker in _JPEG_BARE:
        return 2
    (length,) = struct.unpack(">H", content[at + 2 : at + 4])
    if marker != _START_OF_SCAN:
        return int(length) + 2
    after = _NEXT_MARKER.search(content, at + 2 + length)
    if after is None:
        raise ValueError("scan")
    return after.start() - at


def _jpeg_kept(marker: int, segment: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        # JFIF, the colour profile, and Adobe's word on how colours are stored: without them the colours change.
        return segment[4:9] in {b"JFIF\0", b"Adobe"} or segment[4:16] == b"ICC_PROFILE\0"
    return marker != 0xFE


def _turns(exif: bytes) -> int:
    """Read the one thing of EXIF that is seen: quarter turns clockwise. Mirrored pictures do not come from cameras."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 0
    (first,) = struct.unpack(order + "I", exif[4:8])
    (entries,) = struct.unpack(order + "H", exif[first : first + 2])
    for n in range(min(entries, 100)):
        at = first + 2 + n * 12
        tag, _kind, _count, value = struct.unpack(order + "HHIH", exif[at : at + 10])
        if tag == 0x0112:
            return {3: 2, 6: 1, 8: 3}.get(value, 0)
    return 0
