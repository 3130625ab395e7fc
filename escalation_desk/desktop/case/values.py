"""Says any value of a case in words: for the history, for notices, for what a save has changed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import Kind, field_of, from_json
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.fields import Field
    from escalation_desk.desktop.moments import Clock

_LONGEST = 160
EMPTY = "–"


def said(name: str, value: Any, names: Callable[[str, str], str], clock: Clock) -> str:
    """Say the value of a field of a case."""
    return said_of(field_of(Case, name), value, names, clock)


def said_of(f: Field, value: Any, names: Callable[[str, str], str], clock: Clock) -> str:
    """Say a value of any field, as a dash where there is none."""
    if value is None or value in ("", frozenset(), ()):
        return EMPTY
    if f.kind is Kind.SET:
        return ", ".join(sorted(_member(f, one, names) for one in value))
    if f.kind is Kind.FLAG:
        return _("Yes") if value else _("No")
    if f.kind is Kind.INSTANT:
        return clock.full(value)
    if f.kind is Kind.DECIMAL:
        return f"{Decimal(value).normalize():,f}"
    return one_line(_member(f, value, names), _LONGEST)


def from_history(f: Field, carried: Any) -> Any:
    """Turn what a change carries into a value, or leave it as it is where this version cannot read it."""
    try:
        return from_json(f, carried)
    except (ValueError, TypeError, KeyError):
        return carried


def _member(f: Field, value: Any, names: Callable[[str, str], str]) -> str:
    label = getattr(value, "label", None)
    if label is not None:
        return _(label)
    return names(f.declared.refers_to, str(value)) if f.declared.refers_to else str(value)
