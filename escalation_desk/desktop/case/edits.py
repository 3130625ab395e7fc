"""What somebody is changing on a case, beside what the desk holds: three values of a field, never mixed up.

The base is what the desk held when typing began, mine is what is typed, theirs is what came in meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.fields import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from escalation_desk.casework.fields import Field


@dataclass(frozen=True, slots=True)
class Unread:
    """What was typed and cannot be a value of the field: kept as it is, and refused at saving with this sentence."""

    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed a field that is being changed here."""

    name: str
    before: Any
    theirs: Any


class Edits:
    """The unsaved changes of one record."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = {f.name: f for f in fields}
        self.base: dict[str, Any] = {}
        self.typed: dict[str, Any] = {}
        self.clashes: dict[str, Clash] = {}

    def __bool__(self) -> bool:
        return bool(self.typed)

    def value(self, name: str) -> Any:
        """Answer what the form shows: mine where something was typed."""
        if name in self.typed:
            return self.typed[name]
        return self.base.get(name, self._fields[name].default)

    def type(self, name: str, value: Any) -> None:
        """Take what somebody typed; typed back to what it was, it is no change any more."""
        if value == self.base.get(name):
            self.forget(name)
        else:
            self.typed[name] = value

    def forget(self, name: str) -> None:
        self.typed.pop(name, None)
        self.clashes.pop(name, None)

    def arrive(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Take what the desk holds now; answer the fields that nobody is typing in and that show something else."""
        shown = {}
        for name, theirs in values.items():
            before, known = self.base.get(name), name in self.base
            self.base[name] = theirs
            if name not in self.typed:
                if not known or before != theirs:
                    shown[name] = theirs
            elif self.typed[name] == theirs:
                self.forget(name)
            elif known and before != theirs:
                self.clashes[name] = Clash(name, before, theirs)
        return shown

    def take_theirs(self, name: str) -> Any:
        """Give up mine; answer what the form shows now."""
        self.forget(name)
        return self.base.get(name)

    def keep_mine(self, name: str) -> None:
        """Stay with mine, knowing theirs."""
        self.clashes.pop(name, None)

    def draft(self) -> dict[str, Any]:
        """Write what is typed as JSON, each with the base it was typed over."""
        return {name: self._drafted(name, mine) for name, mine in self.typed.items()}

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Take up a draft before the desk's values arrive: they then show whether somebody was faster."""
        for name, held in draft.items():
            if name in self._fields:
                f = self._fields[name]
                self.base[name] = from_json(f, held["base"]) if held["base"] is not None else f.default
                unread = held.get("unread")
                self.typed[name] = Unread(*unread) if unread else from_json(f, held["mine"])

    def _drafted(self, name: str, mine: Any) -> dict[str, Any]:
        kind = self._fields[name].kind
        base = to_json(kind, self.base.get(name))
        if isinstance(mine, Unread):
            return {"base": base, "unread": [mine.text, mine.sentence]}
        return {"base": base, "mine": to_json(kind, mine)}
