"""A case and its parts: what is still open below keeps it from being closed, unless somebody says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import n_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.case import Case


def open_parts(parts: Iterable[Case]) -> tuple[Case, ...]:
    """Keep the parts that are not finished; one that was merged counts at the case that stands for it."""
    return tuple(one for one in parts if one.live)


def open_parts_gap(parts: Iterable[Case], why: str = "") -> str:
    """Say what is missing before the whole can be closed; empty where nothing is, or a reason overrides it."""
    still_open = open_parts(parts)
    if not still_open or why.strip():
        return ""
    names = ", ".join(one.case_no for one in still_open)
    return n_(
        "{n} part is still open ({cases}); finish it first, or say why the whole closes before it.",
        "{n} parts are still open ({cases}); finish them first, or say why the whole closes before them.",
        len(still_open),
        cases=names,
    )


def refuse_open_parts(parts: Iterable[Case], why: str = "") -> None:
    gap = open_parts_gap(parts, why)
    if gap:
        raise Refused(gap)
