"""Values as a person types them, for the command line, bulk edits and quick filters."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import Kind
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from escalation_desk.casework.choices import Choice
    from escalation_desk.casework.fields import Field

_YES = {"yes", "y", "true", "1", "co", "ya"}
_NO = {"no", "n", "false", "0", "khong", "tidak"}
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2}))?$")


def value_of(field: Field, text: str, zone: tzinfo = UTC) -> Any:
    """Read what a person typed for a field; empty text empties it. Times without a zone are in `zone`."""
    text = text.strip()
    if not text:
        return _emptied(field)
    try:
        return _read(field, text, zone)
    except (ValueError, InvalidOperation) as error:
        raise Refused(_unreadable(field, text)) from error


def _emptied(field: Field) -> Any:
    if field.kind is Kind.SET:
        return frozenset()
    if not field.optional:
        raise Refused(_("“{field}” cannot be empty.", field=_(field.label)))
    return None


def _read(field: Field, text: str, zone: tzinfo) -> Any:  # noqa: PLR0911 - one return per kind of field.
    match field.kind:
        case Kind.SET:
            members = [part.strip() for part in text.split(",") if part.strip()]
            return frozenset(choice_of(field.choices, m) if field.choices else m for m in members)
        case Kind.TEXT:
            return choice_of(field.choices, text) if field.choices else text
        case Kind.FLAG:
            return _yes_or_no(text)
        case Kind.INTEGER:
            return int(text)
        case Kind.DECIMAL:
            return _finite(Decimal(text.replace(" ", "")))
        case Kind.DAY:
            return _instant(text, zone).date()
        case Kind.INSTANT:
            return _instant(text, zone)
        case _:
            raise ValueError(text)


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():  # NaN and Infinity are numbers to Python, and amounts to nobody.
        raise ValueError(number)
    return number


def choice_of(choices: type[Choice], text: str) -> Choice:
    """Find a choice by its code or by its words in any way of writing them."""
    wanted = fold(text)
    for choice in choices:
        if wanted in {fold(str(choice)), fold(choice.label), fold(_(choice.label))}:
            return choice
    raise ValueError(text)


def _yes_or_no(text: str) -> bool:
    said = fold(text)
    if said not in _YES | _NO:
        raise ValueError(text)
    return said in _YES


def _instant(text: str, zone: tzinfo) -> datetime:
    day_first = _DAY_FIRST.match(text)
    if day_first:
        day, month, year, hour, minute = (int(part or 0) for part in day_first.groups())
        return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)
    read = (
        datetime.fromisoformat(text)
        if len(text) > 10
        else datetime.combine(date.fromisoformat(text), datetime.min.time())
    )
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)


def _unreadable(field: Field, text: str) -> str:
    if field.choices:
        return _(
            "“{text}” is no {field}; choose one of: {choices}.",
            text=text,
            field=_(field.label),
            choices=", ".join(str(choice) for choice in field.choices),
        )
    shapes = {
        Kind.INSTANT: _("a time such as 2026-11-24T14:30 or 24/11/2026 14:30"),
        Kind.DAY: _("a day such as 2026-11-24 or 24/11/2026"),
        Kind.INTEGER: _("a whole number"),
        Kind.DECIMAL: _("a number such as 89000.50"),
        Kind.FLAG: _("yes or no"),
    }
    return _(
        "“{text}” does not fit “{field}”; write {shape}.",
        text=text,
        field=_(field.label),
        shape=shapes.get(field.kind, _("it in the window")),
    )
