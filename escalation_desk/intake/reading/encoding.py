"""Finds out in which letters a text file is written: Unicode with or without a mark, or an old code page of Windows."""

from __future__ import annotations

import codecs
import re
from typing import IO, NamedTuple

from escalation_desk.i18n import _

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# In code page 1258 the five tones are marks of their own, written after the vowel that carries them.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE_ON_VOWEL = re.compile(f"[aăâeêioôơuưy][{_TONES}]", re.IGNORECASE)
_TONE = re.compile(f"[{_TONES}]")
_OLD_PAGES = ["cp1252", "cp874", "gb18030"]


class Encoding(NamedTuple):
    name: str
    errors: str = "strict"
    notes: tuple[str, ...] = ()


def encoding_of(stream: IO[bytes]) -> Encoding:
    """Read the whole stream once: one odd byte at the end of a file must not stop an import in its middle."""
    head = stream.read(_CHUNK)
    if marked := next((name for mark, name in _MARKS if head.startswith(mark)), None):
        return Encoding(marked, "replace")
    if wide := _unmarked_wide(head[:4096]):
        return Encoding(wide, "replace")
    return _utf8_or_older(head, stream)


def _unmarked_wide(head: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zeros: Latin text has one in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 3 < len(head) // 2 or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _utf8_or_older(head: bytes, stream: IO[bytes]) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = wide = 0
    foreign = bytearray()
    chunk = head
    while chunk:
        text = decoder.decode(chunk)
        if len(text) != len(chunk) or not text.isascii():
            broken += text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
            wide += len(chunk) - len(text)
        if broken and len(foreign) < _SAMPLE:
            foreign += _lines_beyond_ascii(chunk, _SAMPLE)
        chunk = stream.read(_CHUNK)
    broken += decoder.decode(b"", final=True).count("\ufffd")
    if broken <= 0:
        return Encoding("utf-8", "replace")
    # Programs that cut long texts cut letters in half: a few broken ones among many good ones are still UTF-8.
    if wide > broken * 20:
        return Encoding("utf-8", "replace", (_("{n} broken characters are shown as �.", n=broken),))
    return _old_page(bytes(foreign))


def _lines_beyond_ascii(chunk: bytes, limit: int) -> bytes:
    lines = [line for line in re.split(rb"[\r\n]+", chunk[: limit * 16]) if not line.isascii()]
    return b"\n".join(lines)[:limit]


def _old_page(sample: bytes) -> Encoding:
    page = "cp1258" if _is_vietnamese(sample) else _likeliest(sample)
    return Encoding(page, "replace", (_("The file is not Unicode; its letters were read as {page}.", page=page),))


def _is_vietnamese(sample: bytes) -> bool:
    """Tell cp1258 from cp1252: its tones follow vowels, whereas *ò* and *ì* of other tongues follow anything."""
    text = sample.decode("cp1258", "replace")
    tones = len(_TONE.findall(text))
    return tones > 0 and len(_TONE_ON_VOWEL.findall(text)) >= 0.8 * tones


def _likeliest(sample: bytes) -> str:
    # Loaded late: only the rare file that is not Unicode needs it, and it costs a tenth of a second.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OLD_PAGES, threshold=0.5).best()
    return best.encoding if best else "cp1252"
