"""Finds what somebody means by a few letters: `gn` is Ghi chú nội bộ, `hoan tien` is Hoàn tiền."""

from __future__ import annotations

from typing import Final

from escalation_desk.casework.text import fold, words

_WHOLE: Final = 4.0
_START: Final = 3.0
_INSIDE: Final = 1.5
_SCATTERED: Final = 0.5


def score(query: str, text: str) -> float | None:
    """Say how well a text fits a query; None if not at all. Every word of the query must be found."""
    folded = fold(text)
    total = 0.0
    for part in fold(query).split():
        found = _part(part, folded)
        if found is None:
            return None
        total += found
    return total - len(folded) / 1000


def _part(part: str, text: str) -> float | None:
    within = words(text)
    if part in within:
        return _WHOLE
    if any(word.startswith(part) for word in within):
        return _START
    if "".join(word[0] for word in within).find(part) == 0 and len(part) > 1:
        return _START
    if part in text:
        return _INSIDE
    return _SCATTERED if len(part) > 2 and _scattered(part, text) else None


def _scattered(part: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in part)
