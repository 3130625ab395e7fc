"""How values read on paper: text made safe, times in the desk's zone, money the market's way."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal  # noqa: TC003 - Money is made at run time.
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.choices import Choice
from escalation_desk.casework.text import clean
from escalation_desk.i18n import _, language

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = "–"  # Printed where a value is not there, so that a reader sees that nothing was forgotten.

_COMMA_AND_POINT = str.maketrans(",.", ".,")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Money(NamedTuple):
    """An amount and its currency."""

    amount: Decimal
    currency: str


def plain(text: str) -> str:
    """Make text fit for an Office file: as `clean`, and none of the two characters that XML forbids besides."""
    if text.isascii() and text.isprintable():
        return text
    if unicodedata.is_normalized("NFC", text) and not _ODD.search(text):  # Nearly always; much cheaper than cleaning.
        return text
    return _NOT_IN_XML.sub("\ufffd", clean(text))


def stamp(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%d/%m/%Y %H:%M")


def utc_offset(moment: datetime, zone: tzinfo) -> str:
    """Name a time zone so that a reader elsewhere can reckon: UTC+07:00 (Asia/Ho_Chi_Minh)."""
    there = moment.astimezone(zone)
    offset = there.strftime("%z")
    name = getattr(zone, "key", None) or there.tzname() or ""
    said = f"UTC{offset[:3]}:{offset[3:5]}"
    return said if name.startswith("UTC") or not name else f"{said} ({name})"


def money(value: Money) -> str:
    """Write 1.234.567 VND as Vietnamese and Indonesians read it, 1,234,567 VND in English."""
    digits = 0 if value.currency in {"VND", "IDR"} else 2
    exact = value.amount if value.amount != round(value.amount, digits) else round(value.amount, digits)
    text = f"{exact:,f}"
    if language() in {"vi", "id"}:
        text = text.translate(_COMMA_AND_POINT)
    return f"{text} {value.currency}".rstrip()


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads: the zone of the times, and how personal values are hidden (not at all when it is None)."""

    zone: tzinfo
    hide: Callable[[str, str], str] | None = None

    def say(self, value: Any, personal: str = "", *, numbered: bool = False) -> str:
        """Write a value; `personal` says what kind of personal value it is, if any."""
        if numbered:
            return "\n".join(f"{n}. {self.say(one, personal)}" for n, one in enumerate(value, start=1))
        if value is None:
            return ""
        if isinstance(value, tuple) and not isinstance(value, Money):
            return " · ".join(said for one in value if (said := self.say(one, personal)))
        text = self._one(value)
        return self.hide(text, personal) if self.hide and personal and text else text

    def _one(self, value: Any) -> str:
        match value:
            case Choice():
                # Squares survive a black-and-white printer; letter and squares together need no colour.
                return f"{getattr(value, 'squares', '')} {_(value.label)}".lstrip()
            case Money():
                return money(value)
            case bool():
                return _("Yes") if value else _("No")
            case datetime():
                return stamp(value, self.zone)
            case date():
                return value.strftime("%d/%m/%Y")
            case _:
                return plain(str(value))
