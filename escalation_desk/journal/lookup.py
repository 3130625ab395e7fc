"""Looks up what a case points to and what hangs on it, each thing once for a whole run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from escalation_desk.casework.kinds import CODED
from escalation_desk.casework.records import Record
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from escalation_desk.journal.connection import Connection

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Find:
    """`ask` reads with a connection: within an entry, or on a reader's thread."""

    def __init__(self, ask: Callable[[Callable[[Connection], Any]], Any]) -> None:
        self._ask = ask
        self._known: dict[tuple[type[Record], str], Any] = {}

    def __call__(self, kind: type[R], key: str | None, /) -> R | None:
        """Give the record of an id (of a kind with codes: of a code), if there is one."""
        if not key:
            return None
        if (kind, key) not in self._known:
            self._known[kind, key] = self._ask(lambda made: _found(made, kind, key))
        found: R | None = self._known[kind, key]
        return found

    def ask(self, question: Callable[[Connection], T], /) -> T:
        """Read something else with the same connection."""
        found: T = self._ask(question)
        return found

    def of_case(self, kind: type[R], case: str, /) -> Sequence[R]:
        """Give what hangs on a case, as it stands now."""
        found: Sequence[R] = self._ask(lambda made: reading.all_of(made, kind, pointing=("case", case)))
        return found


def _found(made: Connection, kind: type[R], key: str) -> R | None:
    if kind.kind in CODED:
        return reading.find(made, kind, key)
    return next((one for one in reading.several(made, kind, [key]) if not one.deleted_at), None)
