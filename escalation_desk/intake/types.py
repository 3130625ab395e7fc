"""Guesses what a column holds from its cells and says by what evidence; moments and amounts do the reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.text import fold, one_line
from escalation_desk.i18n import _
from escalation_desk.intake.amounts import Money, decimal_mark_of, parse_money, parse_number, says_currency
from escalation_desk.intake.moments import day_first_of, days_first, parse_day, parse_instant, says_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "Guess", "Kind", "Money", "days_first", "decimal_mark_of", "guess", "is_empty", "parse_day", "parse_flag",
    "parse_instant", "parse_money", "parse_number",
]  # fmt: skip

_LOOKED_AT = 1_000
_ENOUGH = 0.9  # One cell in ten may be wrong without a column of times becoming a column of texts.
_NOTHING = frozenset({"", "?", "-", "--", "–", "—", "n/a", "#n/a", "null", "(null)", "none", "nan", "(blank)", "\\n"})
_YES = frozenset({"yes", "y", "true", "co", "ya", "x", "✓"})
_NO = frozenset({"no", "n", "false", "khong", "tidak"})
_CODE = re.compile(r"[\w.:/#@+-]*\d[\w.:/#@+-]*")
_LONGEST_NUMBER = 15  # Excel's own limit: more digits are a number of something, not a quantity.
# Only a name tells an order number of ten digits from the seconds since 1970.
_TIMELY = re.compile(
    r"(?:^|[_\W])(?:at|on|time|date|timestamp|since|until|due|created|updated)(?:$|[_\W])", re.IGNORECASE
)

_NAMING = re.compile(r"(?:^|[_.\W])(?:id|ids|key|no|number|nr|zip|zip_code|phone|code)(?:$|[_\W])", re.IGNORECASE)


class Kind(StrEnum):
    INSTANT = "instant"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    ID = "id"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold."""

    kind: Kind
    day_first: bool | None = None  # What the cells prove about the order of day and month; None: ask.
    decimal_mark: str | None = None
    evidence: str = ""


def is_empty(value: Any) -> bool:
    """Tell a cell that says nothing, in whichever way its program says nothing."""
    if value is None or value in ([], {}):
        return True
    return isinstance(value, str) and len(value) <= 8 and value.strip().lower() in _NOTHING


def parse_flag(value: Any) -> bool | None:
    """Read a yes or no in three languages, None for what is neither."""
    if isinstance(value, bool):
        return value
    said = fold(str(value).strip())
    return said in _YES if said in _YES | _NO else None


def guess(values: Iterable[Any], name: str = "") -> Guess:
    """Guess from a column's first cells, and from its name where a figure could be a moment or an amount."""
    told = list(islice((value for value in values if not is_empty(value)), _LOOKED_AT))
    if not told:
        return Guess(Kind.TEXT, evidence=_("All cells looked at are empty."))
    kind = next(kind for kind, fits in _tests(name) if _share(told, fits) >= _ENOUGH)
    if kind is Kind.NUMBER and _NAMING.search(name) and all(str(value).strip().isdigit() for value in told):
        kind = Kind.ID
    elif kind is Kind.ID and not _mostly_different(told):
        kind = Kind.TEXT
    if kind is Kind.INSTANT and not any(says_time(value) for value in told):
        kind = Kind.DAY
    texts = [value for value in told if isinstance(value, str)]
    order = _order(texts) if kind in {Kind.INSTANT, Kind.DAY} else None
    mark = decimal_mark_of(texts) if kind in {Kind.NUMBER, Kind.MONEY} else None
    return Guess(kind, order, mark, _evidence(told, order))


def _tests(name: str) -> Sequence[tuple[Kind, Callable[[Any], bool]]]:
    """List the kinds, most particular first; every cell is a text."""
    timely = bool(_TIMELY.search(name))
    return (
        (Kind.FLAG, lambda value: parse_flag(value) is not None),
        (Kind.INSTANT, lambda value: _is_moment(value, figures=timely)),
        (Kind.ID, _is_no_quantity),
        (Kind.NUMBER, _is_number),
        (Kind.MONEY, lambda value: isinstance(value, str) and (_is_number(value) or says_currency(value))),
        (Kind.ID, lambda value: _is_number(value) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))),
        (Kind.TEXT, lambda _value: True),
    )


def _share(values: Sequence[Any], fits: Callable[[Any], bool]) -> float:
    return sum(map(fits, values)) / len(values)


def _is_moment(value: Any, *, figures: bool) -> bool:
    if isinstance(value, date):
        return True
    if not figures and (not isinstance(value, str) or value.strip().isdigit()):
        return False
    return parse_instant(value) is not None or parse_instant(value, day_first=False) is not None


def _is_no_quantity(value: Any) -> bool:
    """Tell figures that are a name: with a leading zero, or longer than any quantity."""
    figures = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return figures.isdigit() and (len(figures) > _LONGEST_NUMBER or (len(figures) > 1 and figures[0] == "0"))


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return parse_number(value) is not None or parse_number(value, ",") is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _mostly_different(values: Sequence[Any]) -> bool:
    """Tell names of things from words for kinds of things: `P1` on every third row is no id."""
    return len(set(map(str, values))) * 2 > len(values) or all(len(str(value)) >= 9 for value in values)


def _order(texts: Iterable[str]) -> bool | None:
    proofs = {proof for text in texts if (proof := day_first_of(text)) is not None}
    return proofs.pop() if len(proofs) == 1 else None


def _evidence(told: Sequence[Any], day_first: bool | None) -> str:
    example = told[0]
    if day_first is not None:
        example = next(value for value in told if isinstance(value, str) and day_first_of(value) is not None)
    said = one_line(str(example), 40)
    if day_first is None:
        return _("Such as “{example}”.", example=said)
    return (
        _("The day comes first: “{example}”.", example=said)
        if day_first
        else _("The month comes first: “{example}”.", example=said)
    )
