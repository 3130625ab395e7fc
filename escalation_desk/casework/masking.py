"""Personal data as they leave the desk: masked, unless somebody gave a reason (domain.md §9.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w./-])\+?\d(?:[ .()-]?\d){7,13}(?![\w/-])")
_STARTS = ("0", "+", "84", "62")
_SHORTEST = 3


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
    return mask_phone(value) if sum(map(str.isdigit, value)) >= 6 else mask_name(value)


@dataclass(frozen=True)
class Mask:
    """Masks texts: the names, phones, addresses and accounts that the desk knows, and all that look like such."""

    names: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
        if self._known:
            text = self._known.sub(lambda found: self._masked(found[0]), text)
        return _PHONE.sub(lambda found: _mask_if_phone(found[0]), text)

    def name(self, name: str) -> str:
        return mask_name(name)

    def contact(self, value: str) -> str:
        return mask_contact(value)

    @cached_property
    def _known(self) -> re.Pattern[str] | None:
        known = sorted({k for k in self.names | self.contacts if len(k) >= _SHORTEST}, key=len, reverse=True)
        if not known:
            return None
        return re.compile("|".join(rf"(?<!\w){re.escape(k)}(?!\w)" for k in known), re.IGNORECASE)

    def _masked(self, found: str) -> str:
        folded = found.casefold()
        return mask_name(found) if folded in {n.casefold() for n in self.names} else mask_contact(found)


class Open(Mask):
    """Masks nothing: personal data in full, for which a reason was given and logged."""

    def text(self, text: str) -> str:
        return text

    def name(self, name: str) -> str:
        return name

    def contact(self, value: str) -> str:
        return value


def _mask_word(word: str, kept: int) -> str:
    return word[:kept] + "*" * max(len(word) - kept, 1)


def _mask_if_phone(found: str) -> str:
    """Mask what is written like a phone number of the region; order numbers are longer or begin otherwise."""
    digits = re.sub(r"\D", "", found)
    written_as_phone = found.startswith(_STARTS) and 9 <= len(digits) <= 13
    return mask_phone(found) if written_as_phone else found
