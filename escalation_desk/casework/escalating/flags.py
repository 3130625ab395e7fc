"""Finds words in texts that hint at a risk. A hint is only ever a question: a person confirms or dismisses it.

A word is found whole. What was typed with accents must have the same ones; what was typed without any is read as if
they had been left out, so that `khoi kien` is *khởi kiện* but *khởi kiến* is not. A word that does not count (*kiện
hàng*, a parcel) silences a hint that lies within it, and no other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean, fold
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import RiskFlag
    from escalation_desk.casework.escalating.records import RiskWord
    from escalation_desk.casework.people import User

_WORD: Final = re.compile(r"\w+")
FIELDS: Final = ("title", "description", "tier1_summary", "escalation_reason", "requester_expects")
"""The fields of a case in which hints are looked for; beside them, what the requester wrote."""


class Said(NamedTuple):
    """A text and where it stands: the name of a field of the case, or `message:<id>`."""

    where: str
    text: str


class Hint(NamedTuple):
    """A word of risk, where it stands, and the flag that it hints at."""

    flag: RiskFlag
    word: str
    where: str
    start: int
    end: int


class _Token(NamedTuple):
    exact: str
    folded: str
    start: int
    end: int


class _Sought(NamedTuple):
    """A word of the list as its tokens; without a flag it does not count, and silences what lies within it."""

    word: str
    flag: RiskFlag | None
    tokens: tuple[tuple[str, str], ...]


class Words:
    """The list of words, ready to look through many texts."""

    def __init__(self, sought: Iterable[_Sought]) -> None:
        self._by_first: dict[str, list[_Sought]] = defaultdict(list)
        for one in sought:
            self._by_first[one.tokens[0][1]].append(one)

    @classmethod
    def of(cls, words: Iterable[RiskWord]) -> Self:
        """Take the active words; one that has neither a flag nor says that it does not count means nothing."""
        sought = []
        for word in words:
            tokens = tuple((token.exact, token.folded) for token in _tokens(clean(word.word)))
            if word.active and tokens and (word.flag or word.excluded):
                sought.append(_Sought(word.word, None if word.excluded else word.flag, tokens))
        return cls(sought)

    def hints(self, texts: Iterable[Said]) -> tuple[Hint, ...]:
        """Find each word of risk with its place, in the order of the texts."""
        return tuple(hint for said in texts for hint in self._in(said))

    def _in(self, said: Said) -> list[Hint]:
        tokens = list(_tokens(said.text))
        found = [one for at in range(len(tokens)) for one in self._at(tokens, at)]
        silent = [(start, end) for sought, start, end in found if sought.flag is None]
        return [
            Hint(sought.flag, sought.word, said.where, start, end)
            for sought, start, end in found
            if sought.flag and not any(first <= start and end <= last for first, last in silent)
        ]

    def _at(self, tokens: list[_Token], at: int) -> Iterator[tuple[_Sought, int, int]]:
        for sought in self._by_first.get(tokens[at].folded, ()):
            here = tokens[at : at + len(sought.tokens)]
            if len(here) == len(sought.tokens) and all(map(_is, here, sought.tokens)):
                yield sought, here[0].start, here[-1].end


def _is(token: _Token, sought: tuple[str, str]) -> bool:
    exact, folded = sought
    return token.exact == exact or (token.exact == token.folded == folded)


def _tokens(text: str) -> Iterator[_Token]:
    for found in _WORD.finditer(text):
        yield _Token(found[0].casefold(), fold(found[0]), found.start(), found.end())


# What a person said to hints


def texts_of(case: Case, heard: Iterable[tuple[str, str]] = ()) -> list[Said]:
    """List the texts of a case; `heard` are the requester's own messages as pairs of id and text."""
    fields = [Said(name, str(getattr(case, name) or "")) for name in FIELDS]
    return [one for one in (*fields, *(Said(f"message:{id_}", text) for id_, text in heard)) if one.text]


def open_hints(case: Case, hints: Iterable[Hint]) -> tuple[Hint, ...]:
    """Leave what nobody has answered yet, the first place of each word; a flag that is set needs no hint."""
    answered = {(one.get("flag"), one.get("word")) for one in case.risk_answers}
    first: dict[tuple[str, str], Hint] = {}
    for hint in hints:
        key = (str(hint.flag), hint.word)
        if key not in answered and hint.flag not in case.risk_flags:
            first.setdefault(key, hint)
    return tuple(first.values())


def confirm(case: Case, hint: Hint, me: User, now: datetime) -> None:
    """Set the flag that a word hints at; the case remembers the word, where it stood, and who said so."""
    _answer(case, hint, me, now, confirmed=True)
    case.risk_flags = case.risk_flags | {hint.flag}


def dismiss(case: Case, hint: Hint, me: User, now: datetime) -> None:
    """Say that a word means no risk here; it is not suggested on this case again."""
    _answer(case, hint, me, now, confirmed=False)


def _answer(case: Case, hint: Hint, me: User, now: datetime, *, confirmed: bool) -> None:
    if any((one.get("flag"), one.get("word")) == (str(hint.flag), hint.word) for one in case.risk_answers):
        raise Refused(_("“{word}” was answered on this case already.", word=hint.word))
    said = {
        "flag": str(hint.flag),
        "word": hint.word,
        "where": hint.where,
        "confirmed": confirmed,
        "by": me.id,
        "at": instant_text(now),
    }
    case.risk_answers = (*case.risk_answers, said)
