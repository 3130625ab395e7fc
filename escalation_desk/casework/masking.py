"""Personal data as they leave the desk: masked, unless somebody gave a reason (domain.md §9.6).

What the desk knows about the people of a case is found again however somebody wrote it: a name without its tones or in
capitals, a number with +84, spaces or dots. What merely looks like an address or a phone of the region is masked too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BETWEEN = r"[ .()\u00a0\u2010-\u2015-]"
_RUN = re.compile(rf"\+?\d(?:{_BETWEEN}{{0,3}}\d){{5,}}")
_PHONE = re.compile(rf"(?<![\w./-])\+?\d(?:{_BETWEEN}{{0,2}}\d){{7,13}}(?![\w/-])")
_DIGITS = re.compile(r"\d\D{0,3}\d\D{0,3}\d")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_WORD = re.compile(r"[^\W_]+")
_STARTS = ("0", "+", "84", "62")
_SHORTEST = 3
_FEWEST_DIGITS = 6
_FARTHEST = 3  # Signs between two words of one name.
# By these a single name is known to be one: “chị Hà”, “Pak Budi”.
_ADDRESS = {"anh", "chi", "co", "chu", "bac", "ong", "ba", "em", "ban", "chau", "di", "cau", "mo", "thay", "khach"} | {
    *("pak", "bapak", "bu", "ibu", "kak", "mas", "mbak", "mr", "ms", "mrs", "miss")
}


def mask_name(name: str) -> str:
    """Keep the first letters: `Nguyen Thi Hoa` becomes `Ng**** T** H**`."""
    words = name.split()
    return " ".join(
        _mask_word(word, 2 if place == 0 and len(word) > _SHORTEST else 1) for place, word in enumerate(words)
    )


def mask_phone(phone: str) -> str:
    """Keep two digits at each end: `0912345612` becomes `09******12`."""
    digits = [place for place, sign in enumerate(phone) if sign.isdigit()]
    hidden = set(digits[2:-2])
    return "".join("*" if place in hidden else sign for place, sign in enumerate(phone))


def mask_email(email: str) -> str:
    """Keep the first letters and the ending: `hoa@gmail.com` becomes `h***@g***.com`."""
    name, _at, host = email.partition("@")
    first, _dot, ending = host.rpartition(".")
    return f"{name[:1]}***@{first[:1]}***.{ending}"


def mask_account(account: str) -> str:
    """Keep the last four signs."""
    return "*" * max(len(account) - 4, 0) + account[-4:] if len(account) > 4 else "*" * len(account)


def mask_contact(value: str) -> str:
    """Mask a value by what it looks like."""
    if "@" in value:
        return mask_email(value)
    return mask_phone(value) if _digits(value) else mask_name(value)


@dataclass(frozen=True)
class Known:
    """What the desk knows about the people of a case, and the numbers of orders that are no phones."""

    people: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()  # Of firms: looked for whole, for a firm is not called by its last word.
    contacts: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    def __or__(self, other: Known) -> Known:
        return Known(
            self.people | other.people,
            self.names | other.names,
            self.contacts | other.contacts,
            self.accounts | other.accounts,
            self.kept | other.kept,
        )


class _Name(NamedTuple):
    """A name as it is looked for: its folded words, whether it needs a form of address before it."""

    words: tuple[str, ...]
    addressed: bool = False
    exact: str = ""  # A name of one word is a word of the language too: then its tones must be right.


@dataclass(frozen=True)
class Mask:
    """Masks texts. `names` are looked for whole; of the people in `known` also what one calls them."""

    names: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    known: Known = Known()

    def text(self, text: str) -> str:
        masked = clean(text)
        if "@" in masked:
            masked = _EMAIL.sub(lambda found: mask_email(found[0]), masked)
        if _DIGITS.search(masked):
            masked = _RUN.sub(lambda found: self._run(found[0]), masked)
            masked = _PHONE.sub(lambda found: self._perhaps_phone(found[0]), masked)
        return self._names(masked)

    def name(self, name: str) -> str:
        return mask_name(name)

    def contact(self, value: str) -> str:
        return mask_contact(value)

    # Numbers

    def _run(self, found: str) -> str:
        """Mask the phones and accounts that a run of digits holds, written in whichever way."""
        places = [place for place, sign in enumerate(found) if sign.isdigit()]
        digits = "".join(found[place] for place in places)
        hidden: set[int] = set()
        for number in self._numbers:
            for at in _all_of(number, digits):
                begin = at - _before(digits, at)
                if begin == at and at and places[at] - places[at - 1] == 1:
                    continue  # Within a longer number, by chance.
                hidden.update(places[begin + 2 : at + len(number) - 2])
        for account in self._accounts:
            for at in _all_of(account, digits):
                hidden.update(places[at : at + len(account) - 4])
        return "".join("*" if place in hidden else sign for place, sign in enumerate(found)) if hidden else found

    def _perhaps_phone(self, found: str) -> str:
        """Mask what is written like a phone of the region, unless it is an order number or an amount."""
        digits = re.sub(r"\D", "", found)
        written_as_phone = found.startswith(_STARTS) and 9 <= len(digits) <= 13
        if not written_as_phone or digits in self._kept or _AMOUNT.fullmatch(found):
            return found
        return mask_phone(found)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """The known phones without country code and leading zero."""
        digits = (_digits(contact) for contact in self.contacts | self.known.contacts)
        return frozenset(significant(one) for one in digits if one)

    @cached_property
    def _accounts(self) -> frozenset[str]:
        digits = (re.sub(r"\D", "", account) for account in self.known.accounts)
        return frozenset(one for one in digits if len(one) >= _FEWEST_DIGITS)

    @cached_property
    def _kept(self) -> frozenset[str]:
        return frozenset(re.sub(r"\D", "", one) for one in self.known.kept)

    # Names

    def _names(self, text: str) -> str:
        """Mask the words of known names, whatever their case, with their tones or without."""
        begun, glued = self._sought
        folded = [_folded(word) for word in _WORD.findall(text)] if begun else []
        if begun.keys().isdisjoint(folded) and glued.isdisjoint(folded):
            return text
        joined = {at: 2 for at, word in enumerate(folded) if word in glued}
        perhaps = [
            (at, names)
            for at, word in enumerate(folded)
            if word in begun and (names := [name for name in begun[word] if _may_stand(name, folded, at)])
        ]
        if not joined and not perhaps:
            return text
        spans = [found.span() for found in _WORD.finditer(text)]
        hidden: dict[int, int] = {}
        for at, names in perhaps:
            name = next((name for name in names if _stands(name, at, text, spans)), None)
            if name:
                hidden.update((at + n, 2 if n == 0 else 1) for n in range(len(name.words)))
        hidden = joined | hidden
        return _hide(text, spans, hidden) if hidden else text

    @cached_property
    def _sought(self) -> tuple[dict[str, list[_Name]], frozenset[str]]:
        begun: dict[str, list[_Name]] = {}
        names = sorted(self._all_names(), key=lambda name: (name.addressed, -len(name.words)))
        for name in names:
            begun.setdefault(name.words[0], []).append(name)
        glued = frozenset("".join(name.words) for name in names if len(name.words) > 1)
        return begun, glued

    def _all_names(self) -> Iterator[_Name]:
        people = self.known.people | _wordy(self.known.contacts)
        for name in self.names | self.known.names | _wordy(self.contacts):
            yield from _whole(name)
        for person in people:
            yield from _whole(person)
            yield from _called(person)


class Open(Mask):
    """Masks nothing: personal data in full, for which a reason was given and logged."""

    def text(self, text: str) -> str:
        return text

    def name(self, name: str) -> str:
        return name

    def contact(self, value: str) -> str:
        return value


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """Fold a word; a list has the same few thousand of them in all its rows."""
    return fold(word)


def significant(digits: str) -> str:
    """Take the country code and the zero before a number away: what is left is the same in every way of writing it."""
    return re.sub(r"^(?:00)?(?:84|62)?0?", "", digits) or digits


def _before(digits: str, at: int) -> int:
    """Count the digits before the significant ones that belong to the same number."""
    found = re.search(r"(?:(?:00)?(?:84|62))?0?$", digits[:at])
    return len(found[0]) if found else 0


def _all_of(part: str, whole: str) -> Iterator[int]:
    at = whole.find(part)
    while at >= 0:
        yield at
        at = whole.find(part, at + 1)


def _digits(contact: str) -> str:
    """Answer the digits of a phone number; nothing for an address or a name."""
    digits = re.sub(r"\D", "", contact)
    return digits if "@" not in contact and len(digits) >= _FEWEST_DIGITS else ""


def _wordy(contacts: Iterable[str]) -> frozenset[str]:
    """Pick what is no phone: names of contacts, and addresses that do not look like one."""
    return frozenset(one for one in contacts if not _digits(one) and not _EMAIL.fullmatch(one))


@lru_cache(maxsize=5_000)
def _whole(name: str) -> tuple[_Name, ...]:
    words = tuple(_folded(word) for word in _WORD.findall(clean(name)))
    if len(words) == 1 and len(words[0]) >= 2:
        return (_Name(words, exact=unicodedata.normalize("NFC", name.strip()).casefold()),)
    return (_Name(words),) if len(words) > 1 else ()


@lru_cache(maxsize=5_000)
def _called(person: str) -> tuple[_Name, ...]:
    """Say what a person of several names is called: the last ones together, or one after a form of address."""
    words = tuple(_folded(word) for word in _WORD.findall(clean(person)))
    if len(words) < 2:
        return ()
    ends = sorted({words[0], words[-1]})
    return (
        *(_Name(words[start:]) for start in range(1, len(words) - 1)),
        *(_Name((word,), addressed=True) for word in ends if len(word) > 1),
    )


def _may_stand(name: _Name, folded: list[str], at: int) -> bool:
    """Tell whether the words are those of a name; how they are written is looked at where they are."""
    if name.addressed:
        return at > 0 and folded[at - 1] in _ADDRESS
    return tuple(folded[at : at + len(name.words)]) == name.words


def _stands(name: _Name, at: int, text: str, spans: list[tuple[int, int]]) -> bool:
    end = at + len(name.words)
    if name.addressed:
        return text[spans[at][0]].isupper()
    if name.exact:
        shown = text[spans[at][0] : spans[at][1]]
        return shown.casefold() == name.exact or (shown[:1].isupper() and shown.casefold() == fold(shown))
    return all(
        after[0] - before[1] <= _FARTHEST and "\n" not in text[before[1] : after[0]]
        for before, after in pairwise(spans[at:end])
    )


def _hide(text: str, spans: list[tuple[int, int]], hidden: dict[int, int]) -> str:
    parts, done = [], 0
    for at, kept in sorted(hidden.items()):
        start, end = spans[at]
        parts += [text[done:start], _mask_word(text[start:end], kept if end - start > _SHORTEST else 1)]
        done = end
    return "".join([*parts, text[done:]])


def _mask_word(word: str, kept: int) -> str:
    return word[:kept] + "*" * max(len(word) - kept, 1)
