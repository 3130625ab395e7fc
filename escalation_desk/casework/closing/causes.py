"""What makes a root cause doubtful: it ends at a person, or with a word for people's failing (domain.md §3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from escalation_desk.casework.text import fold
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.closing.records import RootCause

FEWEST: Final = 3
MOST: Final = 7
"""A ladder of whys has so many steps; five is not a rule."""

PEOPLE: Final = "PEO"
"""The bone of the fishbone about people; its codes begin with it."""


def last_why(cause: RootCause) -> str:
    return next((why for why in reversed(cause.whys) if why.strip()), "")


def doubts(cause: RootCause, names: Iterable[str]) -> list[str]:
    """Say what speaks against ending here; `names` are those of the people at the desk."""
    found = []
    last = fold(last_why(cause) or cause.cause)
    named = next((name for name in names if name.strip() and fold(name) in last), None)
    if named:
        found.append(_("The last why names {name}. Ask on: which gap in system, procedure or standard?", name=named))
    if cause.fault_code and cause.fault_code.startswith(PEOPLE):
        found.append(_("People are never the root cause alone. Ask on: which gap in system, procedure or standard?"))
    steps = sum(bool(why.strip()) for why in cause.whys)
    if 0 < steps < FEWEST and cause.cause.strip():
        found.append(_("Only {n} whys; ask at least {fewest} times.", n=steps, fewest=FEWEST))
    return found
