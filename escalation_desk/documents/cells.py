"""One cell of a list: the type Excel keeps, the format it shows, and nothing that it could take for a formula."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from escalation_desk.documents.words import plain
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    Put = Callable[[Any, int, int, Any], None]

LONGEST_TEXT = 32_767  # What a cell holds, in UTF-16 units.
EXACT_DIGITS = 15  # Excel's numbers are doubles: a longer one would come back changed, so it is kept as text.
ACCENT = "#0E6B6B"
_FORMULA_STARTS = tuple("=+-@\t＝＋－＠")


class Kind(StrEnum):
    """What a column holds, and so how Excel shows it."""

    TEXT = "text"
    ID = "id"  # Digits that are a name: leading zeros and twenty digits survive.
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"  # A pair: amount, currency.
    INSTANT = "instant"  # An aware datetime, or the journal's text of one.
    DAY = "day"
    FLAG = "flag"


class Cells:
    """Puts values into cells; knows the formats of one workbook and counts the texts that had to be cut."""

    def __init__(self, book: Any, zone: tzinfo) -> None:
        self.cut = 0
        self._zone = zone
        base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}

        def made(**said: Any) -> Any:
            return book.add_format(base | said)

        self._text = made()
        # The type is text, the format is @ and the quote mark is set: three reasons for Excel never to read a formula.
        self._quoted = made(num_format="@", quote_prefix=True)
        self._id = made(num_format="@")
        self._number = made(num_format="#,##0")
        self._decimal = made(num_format="#,##0.00")
        self._instant = made(num_format="dd/mm/yyyy hh:mm", align="left")
        self._day = made(num_format="dd/mm/yyyy", align="left")
        self._currencies: dict[str, Any] = {}
        self._made = made
        self.header = made(bold=True, font_color="#FFFFFF", bg_color=ACCENT, valign="vcenter", num_format="@")
        self.heading = made(bold=True, font_size=16, font_color=ACCENT)
        self.label = made(bold=True, font_color="#5B6770")
        self.note = made(text_wrap=True, num_format="@")

    def put_for(self, kind: Kind) -> Put:
        return {
            Kind.TEXT: self._put_text,
            Kind.ID: self._put_id,
            Kind.NUMBER: self._put_number,
            Kind.DECIMAL: self._put_decimal,
            Kind.MONEY: self._put_money,
            Kind.INSTANT: self._put_instant,
            Kind.DAY: self._put_day,
            Kind.FLAG: self._put_flag,
        }[kind]

    def _put_text(self, sheet: Any, row: int, at: int, value: Any) -> None:
        text = plain(str(value))
        if len(text) * 2 > LONGEST_TEXT:
            text = self.short(text)
        sheet.put_string(row, at, text, self._quoted if text.startswith(_FORMULA_STARTS) else self._text)

    def _put_id(self, sheet: Any, row: int, at: int, value: Any) -> None:
        text = self.short(plain(str(value)))
        sheet.put_string(row, at, text, self._quoted if text.startswith(_FORMULA_STARTS) else self._id)

    def _put_number(self, sheet: Any, row: int, at: int, value: Any) -> None:
        whole = isinstance(value, int) or (_exact(value) and value % 1 == 0)
        self._put_amount(sheet, row, at, value, self._number if whole else self._decimal)

    def _put_decimal(self, sheet: Any, row: int, at: int, value: Any) -> None:
        self._put_amount(sheet, row, at, value, self._decimal)

    def _put_money(self, sheet: Any, row: int, at: int, value: tuple[Decimal | None, str]) -> None:
        amount, currency = value
        if amount is not None:
            self._put_amount(sheet, row, at, amount, self._currency(currency))

    def _put_amount(self, sheet: Any, row: int, at: int, value: Any, style: Any) -> None:
        if _exact(value):
            sheet.put_number(row, at, value, style)
        else:
            self._put_id(sheet, row, at, value)

    def _put_instant(self, sheet: Any, row: int, at: int, value: datetime | str) -> None:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        serial = _serial(moment.astimezone(self._zone).replace(tzinfo=None))
        if serial < 1:  # Excel's calendar begins in 1900.
            self._put_id(sheet, row, at, moment.isoformat())
        else:
            sheet.put_number(row, at, serial, self._instant)

    def _put_day(self, sheet: Any, row: int, at: int, value: date | str) -> None:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        serial = _serial(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a day has no zone.
        if serial < 1:
            self._put_id(sheet, row, at, day.isoformat())
        else:
            sheet.put_number(row, at, serial, self._day)

    def _put_flag(self, sheet: Any, row: int, at: int, value: Any) -> None:
        sheet.put_string(row, at, _("Yes") if value else _("No"), self._text)

    def _currency(self, code: str) -> Any:
        if code not in self._currencies:
            digits = "#,##0" if code in {"VND", "IDR"} else "#,##0.00"
            safe = re.sub(r"[^A-Za-z]", "", code)[:3].upper()
            self._currencies[code] = self._made(num_format=f'{digits} "{safe}"')
        return self._currencies[code]

    def short(self, text: str) -> str:
        cut = cut_to_cell(text)
        self.cut += cut is not text
        return cut


def cut_to_cell(text: str, longest: int = LONGEST_TEXT) -> str:
    """Cut a text to what a cell holds, counted as Excel counts, with an ellipsis where something is missing."""
    if len(text) * 2 <= longest:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= longest * 2:
        return text
    return units[: (longest - 1) * 2].decode("utf-16-le", errors="ignore") + "…"


_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's day zero has no zone.
_DAY = timedelta(days=1)


def _serial(moment: datetime) -> float:
    return (moment - _EPOCH) / _DAY


def _exact(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= EXACT_DIGITS and value.adjusted() < EXACT_DIGITS
    if isinstance(value, int):
        return bool(abs(value) < 10**EXACT_DIGITS)
    return isinstance(value, float) and math.isfinite(value)
