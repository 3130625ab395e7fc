"""What a person typed, as words that are wanted and unwanted; and the same in the language of the index.

Whatever was typed goes to the index in quotes, and the index cuts it into words by the same rules as the texts, so
nothing a person can type is an error or means something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from escalation_desk.casework.text import clean, fold

LONGEST: Final = 400
MOST_WORDS: Final = 16

_TERM = re.compile(r"""(-?)(?:"([^"]*)"?|(\S+))""")
_LAST_RUN = re.compile(r"([^\W_]+)[\W_]*$")
_SEPARATORS = re.compile(r"[\W_]+")
_COUNTRY = re.compile(r"^(?:\+(?:84|62|66|60|63|65)|0)(?=\d{6})")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, found by its beginning, or words in quotes, found as they stand. `text` keeps the accents typed."""

    text: str
    whole: bool

    @property
    def match(self) -> str:
        folded = fold(self.text).replace('"', '""')
        return f'"{folded}"' if self.whole or not _long_enough(folded) else f'"{folded}" *'


@dataclass(frozen=True, slots=True)
class Words:
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    @property
    def wanted_match(self) -> str:
        return " ".join(term.match for term in self.wanted)

    @property
    def unwanted_match(self) -> str:
        return " OR ".join(term.match for term in self.unwanted)

    @property
    def match(self) -> str:
        """Say it to the index: all that is wanted, nothing that is not. Empty where nothing is wanted."""
        if not self.wanted or not self.unwanted:
            return self.wanted_match
        return f"({self.wanted_match}) NOT ({self.unwanted_match})"

    @property
    def code(self) -> str:
        """Say the one number typed as a part to look for inside numbers; empty where it is not one number."""
        if self.unwanted or not self.wanted:
            return ""
        typed = fold("".join(term.text for term in self.wanted))
        part = _SEPARATORS.sub("", _COUNTRY.sub("", typed))
        if len(self.wanted) > 1 and not part.isdigit():
            return ""
        return f'"{part}"' if len(part) >= 3 else ""


def written(text: str) -> Words:
    """Read words, phrases in quotes, and -unwanted ones."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, quoted, word in _TERM.findall(clean(text[:LONGEST])):
        body = quoted or word
        if not any(map(str.isalnum, body)):
            continue
        (unwanted if minus else wanted).append(Term(body, whole=bool(quoted)))
    return Words(tuple(_without_beginning(wanted, text)[:MOST_WORDS]), tuple(unwanted[:MOST_WORDS]))


def _without_beginning(wanted: list[Term], text: str) -> list[Term]:
    """Leave out a last word of which only the first letter is typed so far, when there are others to go by."""
    typing = len(wanted) > 1 and not text[-1:].isspace() and not wanted[-1].whole
    return wanted[:-1] if typing and len(wanted[-1].text) == 1 and wanted[-1].text.isascii() else wanted


def _long_enough(folded: str) -> bool:
    """Ask by the beginning only from two letters on: a single one is the beginning of a fifth of all words."""
    last = _LAST_RUN.search(folded)
    return last is None or not last[1].isascii() or len(last[1]) > 1
