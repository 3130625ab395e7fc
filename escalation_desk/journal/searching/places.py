"""Where in a text the words stand that were typed: for the excerpt, and to know whether the accents are the same.

The texts are read as they were written; folding each of them anew would cost more than finding them. Whether the
accents are the same is asked of everything found, so that is answered from the bytes, a few microseconds each.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from escalation_desk.casework.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from escalation_desk.journal.searching.words import Term

_BEFORE = 50
_SHOWN = 150
_LETTERS = (*range(0x41, 0x5B), *range(0xC0, 0x530), *range(0x1E00, 0x2000))  # Latin, Greek, Cyrillic, Armenian.


@dataclass(frozen=True)
class Sought:
    """One typed word or phrase, and how all its ways of writing look.

    The patterns have no flag and begin with a set of letters: these run through a text three times as fast. They are
    made when they are needed first. `plain` is a word in small letters where it has no accents; then bytes alone tell
    whether it stands somewhere.
    """

    typed: str
    inside: bool
    plain: bytes
    usual: tuple[bytes, ...]

    @classmethod
    def of(cls, term: Term) -> Sought:
        typed = unicodedata.normalize("NFC", " ".join(term.text.split()))
        plain = typed.lower().encode() if typed.isascii() and " " not in typed else b""
        forms = (typed.lower(), typed.capitalize(), typed)
        return cls(typed, not typed[:1].isalnum(), plain, tuple({f" {form}".encode().lower(): None for form in forms}))

    @cached_property
    def alike(self) -> re.Pattern[str]:
        return _pattern(fold(self.typed), _alike)

    @cached_property
    def same(self) -> re.Pattern[str]:
        return _pattern(self.typed, _same)

    @property
    def barely_begun(self) -> bool:
        return len(self.typed) < 3 and self.typed.isascii()

    def exact_in(self, text: str) -> int:
        """Find a place with the same accents; -1 where there is none. Most words come after a blank, as typed."""
        at = text.find(f" {self.typed}")
        return at + 1 if at >= 0 else next((begin for begin, _end in self._spans(self.same, text)), -1)

    def stands_in(self, small: bytes) -> bool:
        """Say whether it stands with the same accents in a text whose plain letters are small ones."""
        if self.plain:
            at = small.find(self.plain)
            return at >= 0 and (self.inside or self._begins_at(small, at))
        return any(form in small for form in self.usual) or self.exact_in(small.decode()) >= 0

    def _begins_at(self, small: bytes, at: int) -> bool:
        """Say whether a word begins here or at a later find; before it may lie half a letter of several bytes."""
        while at > 0 and small[max(at - 4, 0) : at].decode(errors="ignore")[-1:].isalnum():
            at = small.find(self.plain, at + 1)
        return at >= 0

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Go through the places where it stands at the beginning of a word, whatever the accents."""
        return self._spans(self.alike, text)

    def _spans(self, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
        for found in pattern.finditer(text):
            at, end = found.span()
            if at == 0 or self.inside or not text[at - 1].isalnum():
                yield at, end


def accents_matter(sought: tuple[Sought, ...]) -> bool:
    """Two plain letters are the beginning of too much to be looked up everywhere: any accents do."""
    return len(sought) > 1 or not sought[0].barely_begun


def all_exact(sought: tuple[Sought, ...], texts: bytes, name: str, heading: str) -> bool:
    """Say whether every word stands in the texts or names with the very accents that were typed."""
    small = (f" {name} {heading} ".encode() + texts).lower()
    return all(one.stands_in(small) for one in sought)


def excerpt(sought: tuple[Sought, ...], text: str) -> str:
    """Cut out the words around the first find, rather one with the same accents."""
    for one in sought:
        at = one.exact_in(text)
        if at < 0:
            at = next((begin for begin, _end in one.spans(text)), -1)
        if at >= 0:
            return around(text, at)
    return around(text, 0)


def stronger(sought: tuple[Sought, ...], text: str) -> list[tuple[int, int]]:
    """List from where to where the words stand in a text, to show them stronger."""
    return sorted(span for one in sought for span in one.spans(text))


def around(text: str, at: int) -> str:
    """Cut a line out of a text around a place, at blanks."""
    start = 0
    if at > _BEFORE:
        start = text.find(" ", at - _BEFORE, at) + 1 or at - _BEFORE
    cut = text[start : start + _SHOWN]
    if len(text) > start + _SHOWN:
        cut = cut[: max(cut.rfind(" "), 0) or _SHOWN] + "…"
    if "\n" in cut or "  " in cut:
        cut = " ".join(cut.split())
    return f"…{cut}" if start else cut


def _pattern(text: str, letters: Callable[[str], str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join("".join(map(letters, word)) for word in text.split()) or r"(?!)")


@cache
def _same(letter: str) -> str:
    """Write a letter as its small and its large form."""
    forms = {letter, letter.lower(), letter.upper()}
    return _any_of({form for form in forms if len(form) == 1})


@cache
def _alike(folded: str) -> str:
    """Write a folded letter as all the letters that fold to it."""
    return _any_of({folded, *_folding_to().get(folded, ())})


def _any_of(letters: set[str]) -> str:
    one, *others = sorted(letters)
    return f"[{re.escape(one)}{''.join(map(re.escape, others))}]" if others else re.escape(one)


@cache
def _folding_to() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for letter in map(chr, _LETTERS):
        found.setdefault(fold(letter), set()).add(letter)
    return found
