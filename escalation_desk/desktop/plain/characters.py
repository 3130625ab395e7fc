"""Characters that hide or pretend: shown as badges in names, and kept from being taken for markup."""

from __future__ import annotations

import unicodedata
from typing import Final

from PySide6.QtGui import Qt

_WORD_JOINER: Final = "\u2060"
_ZERO_WIDTH_JOINER: Final = "\u200d"
_BADGES: Final = {
    "\u00ad": "SHY",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_PICTURES: Final = frozenset({"So", "Sk", "Mn"})
# Alphabets whose letters can be taken for each other.
_LOOKALIKES: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def visible(name: str) -> str:
    """Show hidden characters of a name as badges such as ⟨RLO⟩; an emoji put together of several stays whole."""
    if name.isascii() and name.isprintable():
        return name
    return "".join(f"⟨{_BADGES.get(c, f'U+{ord(c):04X}')}⟩" if _hides(name, at) else c for at, c in enumerate(name))


def pretends(name: str) -> bool:
    """Tell whether one word of a name mixes alphabets that look alike, such as a Cyrillic а among Latin letters."""
    return any(len(_alphabets(word)) > 1 for word in name.split())


def literal(text: str) -> str:
    """Make text safe for buttons, menus and tabs, where a single & would underline the next letter."""
    return text.replace("&", "&&")


def tip_text(text: str) -> str:
    """Make text that Qt cannot take for rich text; what is drawn stays the same."""
    if not Qt.mightBeRichText(text):
        return text
    return text.replace("<", "<" + _WORD_JOINER).replace("&lt;", "&" + _WORD_JOINER + "lt;")


def _hides(name: str, at: int) -> bool:
    if unicodedata.category(name[at]) not in _HIDDEN:
        return False
    return not (name[at] == _ZERO_WIDTH_JOINER and _between_pictures(name, at))


def _between_pictures(name: str, at: int) -> bool:
    around = name[at - 1 : at] + name[at + 1 : at + 2]
    return len(around) == 2 and all(unicodedata.category(c) in _PICTURES for c in around)


def _alphabets(word: str) -> set[str]:
    names = {unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha()}
    return names & _LOOKALIKES
