"""Reads numbers and money with points and commas in either meaning; where one cell cannot tell, its column does."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d{1,3})?|[+-]?[.,]\d+", re.ASCII)
_GROUPED_BY_THREE = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f\u2009'’_"))  # What groups thousands beside points and commas.
_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)\s*(?P<before>[^\d\s.,+-]*\.?)\s*(?P<number>[-+]?[.,]?\d(?:[\d.,'\u00a0 ]*\d)?)"
    r"\s*(?P<after>[^\d\s.,]*)"
)
_CURRENCIES = {
    "₫": "VND", "đ": "VND", "vnd": "VND", "vnđ": "VND", "rp": "IDR", "rp.": "IDR", "idr": "IDR", "r$": "BRL",
    "brl": "BRL", "$": "USD", "us$": "USD", "usd": "USD", "rm": "MYR", "myr": "MYR", "฿": "THB", "thb": "THB",
    "₱": "PHP", "php": "PHP", "s$": "SGD", "sgd": "SGD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
}  # fmt: skip
_WITHOUT_CENTS = {"VND", "IDR"}


class Money(NamedTuple):
    amount: Decimal
    currency: str | None


def parse_number(text: str, decimal_mark: str | None = None) -> Decimal | None:
    """Read a number, None for what is none. Where nothing decides, a lone point is decimal and a comma groups."""
    text = text.strip().translate(_SPACES)
    if text.startswith("(") and text.endswith(")"):  # Bookkeepers write what is owed in brackets.
        text = "-" + text[1:-1]
    if not _NUMBER.fullmatch(text):
        return None
    mark = decimal_mark or _proved_mark(text) or "."
    other = "," if mark == "." else "."
    whole, _mark, fraction = text.partition(mark)
    if mark in fraction or other in fraction or not _grouped(whole, other):
        return None
    whole = whole.replace(other, "")
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def parse_money(text: str, decimal_mark: str | None = None) -> Money | None:
    """Read an amount with or without its currency: `1.234.567₫`, `Rp 89.000`, `{$300.00}`, `12.50`."""
    found = _AMOUNT.fullmatch(text.strip(" {}\t\n\u00a0"))
    if not found:
        return None
    said = (found["before"] + found["after"]).casefold()
    currency = _CURRENCIES.get(said)
    if said and currency is None:
        return None
    number = found["number"]
    amount = parse_number(found["sign"] + number, decimal_mark or _mark_by_currency(number, currency))
    return None if amount is None else Money(amount, currency)


def says_currency(text: str) -> bool:
    found = parse_money(text)
    return found is not None and found.currency is not None


def decimal_mark_of(texts: Iterable[str]) -> str | None:
    """Say which sign a column uses for decimals: what single cells prove, else that all its cells group by three."""
    proved: set[str] = set()
    grouping: set[str] = set()
    for text in texts:
        bare = text.strip().translate(_SPACES).strip("+-()")
        if mark := _proved_mark(bare):
            proved.add(mark)
        elif _GROUPED_BY_THREE.fullmatch(bare):
            grouping.add("." if "." in bare else ",")
    if proved or len(grouping) != 1:
        return proved.pop() if len(proved) == 1 else None
    return _other(grouping.pop())


def _proved_mark(text: str) -> str | None:
    """Say which sign is the decimal one where the text alone proves it."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    if points + commas != 1:
        return ("," if points else ".") if points + commas else None
    mark = "." if points else ","
    return None if _GROUPED_BY_THREE.fullmatch(text.strip("+-()")) else mark


def _mark_by_currency(number: str, currency: str | None) -> str | None:
    """Read `89.000` of a currency without cents as eighty-nine thousand."""
    bare = number.translate(_SPACES)
    if currency in _WITHOUT_CENTS and _GROUPED_BY_THREE.fullmatch(bare.strip("+-")):
        return _other("." if "." in bare else ",")
    return None


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def _grouped(whole: str, mark: str) -> bool:
    """Tell whether thousands are grouped as thousands are: `1,23` is no whole number."""
    first, *groups = whole.lstrip("+-").split(mark)
    return not groups or (0 < len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in groups))
