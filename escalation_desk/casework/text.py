"""Text as people type it: cleaned for keeping, folded for finding."""

from __future__ import annotations

import re
import unicodedata
from itertools import filterfalse

_STROKES = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i"})  # What does not decompose.
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(r"\w+")


def clean(text: str) -> str:
    """Make text safe to keep: NFC, one kind of line end, no control characters, no broken halves of characters."""
    if text.isascii() and text.isprintable():
        return text
    text = _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text))


def fold(text: str) -> str:
    """Lower case without tones, strokes and marks, so that `don hang` is `đơn hàng`."""
    if text.isascii():
        return text.lower()
    folded = text.translate(_FOLDED).casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(filterfalse(unicodedata.combining, decomposed)).casefold()


def _folded(letter: str) -> str:
    decomposed = unicodedata.normalize("NFKD", letter.casefold().translate(_STROKES))
    return "".join(filterfalse(unicodedata.combining, decomposed))


# Latin letters with marks, and the marks alone: Vietnamese and Indonesian texts are folded by this table at one go.
_FOLDED = {code: _folded(chr(code)) for first, last in ((0xC0, 0x370), (0x1E00, 0x1F00)) for code in range(first, last)}


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def one_line(text: str, limit: int = 120) -> str:
    """Put text on one line, cut at a word with an ellipsis; for titles and lists."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"
