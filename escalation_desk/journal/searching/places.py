"""Where in a text the words stand that were typed: for the excerpt, and to know whether the accents are the same.

The texts are read as they were written; folding each of them anew would cost more than finding them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from escalation_desk.casework.text import fold

if TYPE_CHECKING:
    from escalation_desk.journal.searching.words import Term

_BEFORE = 50
_SHOWN = 150
_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
_MARKS = "[\u0300-\u036f]*"


@dataclass(frozen=True, slots=True)
class Places:
    """Finds the typed words in texts. Made once for a search."""

    loose: re.Pattern[str]
    exact: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, terms: tuple[Term, ...]) -> Places:
        typed = [unicodedata.normalize("NFC", term.text) for term in terms]
        return cls(
            re.compile("|".join(f"{_edge(text)}{_loosely(text)}" for text in typed), re.IGNORECASE),
            tuple(re.compile(_edge(text) + _spaced(text), re.IGNORECASE) for text in typed),
        )

    def all_exact(self, *texts: str) -> bool:
        """Say whether every word stands in one of the texts with the very accents that were typed."""
        return all(any(pattern.search(text) for text in texts) for pattern in self.exact)

    def excerpt(self, *texts: str) -> str:
        """Cut out the words around the first place, from the first text that has one."""
        for text in texts:
            found = self.loose.search(text)
            if found:
                return around(text, found.start())
        return around(next(filter(None, texts), ""), 0)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """List where the words begin and end in a text, to show them stronger."""
        return [found.span() for found in self.loose.finditer(text) if found.end() > found.start()]


def around(text: str, at: int) -> str:
    """Cut a line out of a text around a place, at blanks."""
    start = max(at - _BEFORE, 0)
    if start:
        start = text.find(" ", start, at) + 1 or start
    cut = text[start : start + _SHOWN + 1]
    if len(text) > start + _SHOWN:
        cut = cut.rsplit(None, 1)[0] + "…" if " " in cut else cut[:_SHOWN] + "…"
    return ("…" if start else "") + " ".join(cut.split())


def _edge(text: str) -> str:
    """Find a word at its beginning, and where no letter begins it, anywhere."""
    return r"(?<!\w)" if text[:1].isalnum() else ""


def _spaced(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split()))


def _loosely(text: str) -> str:
    folded = fold(text)
    return r"\s+".join("".join(map(_letter, word)) for word in folded.split()) or r"(?!)"


@cache
def _letter(folded: str) -> str:
    """Write a folded letter as all the letters that fold to it, marks of their own included."""
    alike = _alike().get(folded, "")
    return (f"[{folded}{alike}]" if alike else re.escape(folded)) + (_MARKS if folded.isalpha() else "")


@cache
def _alike() -> dict[str, str]:
    alike: dict[str, str] = {}
    for letter in map(chr, _LATIN):
        folded = fold(letter)
        if len(folded) == 1 and folded != letter:
            alike[folded] = alike.get(folded, "") + letter
    return alike
