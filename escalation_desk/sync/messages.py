"""What workstation and server say to each other, as JSON. Both sides make and read messages here and nowhere else.

Push: a batch of mutations; each is one entry of a workstation, numbered without gaps. Answer: what became of each.
Pull: cursors; answer: lines of JSON, records and entries in the order of each scope, and a trailer at the end.
Unknown members are ignored, so that an older side understands a newer one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMA: Final = 1
"""The version of records that this program writes; it grows when an older one could not be understood."""
MOST_MUTATIONS: Final = 500
MOST_BYTES: Final = 1_000_000
"""A push holds no more; an entry that is larger by itself goes in parts."""

MADE: Final = ("created_at", "created_by", "updated_at", "updated_by")
"""What the server adds to the data of a record: who made it and changed it last, and when."""
APPLIED, MERGED, REFUSED = "applied", "merged", "refused"
IN, OUT, DELETED = "in", "out", "deleted"


class Change(NamedTuple):
    """One change of an entry; `op` is create, set, delete or restore. Values are JSON; a creation's is the record."""

    kind: str
    record: str
    op: str
    field: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Mutation:
    """One entry of a workstation on its way to the server. `mid` counts without gaps for each workstation.

    An entry too large for one push goes in `parts`, all under one mid; it is applied when the last one is there.
    """

    mid: int
    entry: str
    title: str
    places: Mapping[str, str]
    kind: str
    at: str
    changes: tuple[Change, ...]
    part: int = 1
    parts: int = 1

    def as_json(self) -> dict[str, Any]:
        said = {name: getattr(self, name) for name in ("mid", "entry", "title", "places", "kind", "at")}
        more = {"part": self.part, "parts": self.parts} if self.parts > 1 else {}
        return {**said, **more, "changes": [list(change) for change in self.changes]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Mutation:
        return cls(
            mid=said["mid"],
            entry=said["entry"],
            title=said["title"],
            places=said["places"],
            kind=said["kind"],
            at=said["at"],
            changes=tuple(Change(*change) for change in said["changes"]),
            part=said.get("part", 1),
            parts=said.get("parts", 1),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutation. `why` is a sentence marked for translation with `places`; empty unless refused."""

    mid: int
    state: str
    why: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "mid": self.mid,
            "state": self.state,
            "why": self.why,
            "places": dict(self.places),
            "conflicts": list(self.conflicts),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Outcome:
        return cls(
            said["mid"], said["state"], said.get("why", ""), said.get("places", {}), tuple(said.get("conflicts", ()))
        )


class Row(NamedTuple):
    """One record of the feed, at its newest number in its scope; `way` is in, out (of this scope) or deleted."""

    scope: str
    seq: int
    way: str
    kind: str
    record: str
    version: int
    data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of somebody as the feed tells it, so that the history of a record is there without a connection."""

    entry: str
    title: str
    places: Mapping[str, str]
    kind: str
    at: str
    by: str | None
    workstation: str
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        names = ("entry", "title", "places", "kind", "at", "by", "workstation")
        return {name: getattr(self, name) for name in names} | {"changes": [list(change) for change in self.changes]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Said:
        names = ("entry", "title", "places", "kind", "at", "by", "workstation")
        return cls(**{name: said[name] for name in names}, changes=tuple(Change(*one) for one in said["changes"]))


def filled(said: Said, rows: Mapping[str, Row]) -> Said:
    """Put into creations what stands in the row of the same answer, where nobody has changed the record since."""
    if not any(change.op == "create" and change.after is None for change in said.changes):
        return said
    return replace(said, changes=tuple(_filled(change, rows.get(change.record)) for change in said.changes))


def _filled(change: Change, row: Row | None) -> Change:
    if change.op != "create" or change.after is not None or row is None or row.data is None:
        return change
    return change._replace(after={name: value for name, value in row.data.items() if name not in MADE})


@dataclass(frozen=True, slots=True)
class Trailer:
    """The end of a pull. Only when `complete` do `checks` and `last_mid` speak of the same moment as the rows."""

    epoch: str
    cursors: Mapping[str, int]
    complete: bool
    last_mid: int
    scopes: Mapping[str, str]
    """Every scope that is granted now, with the role in it."""
    checks: Mapping[str, tuple[int, int]]
    """How many records of a scope are not deleted, and the sum of their `mark`s."""
    heads: Mapping[str, str]
    server_time: str
    min_schema: int
    outcomes: tuple[Outcome, ...] = ()
    """What became of mutations whose answer may have been lost."""

    def as_json(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "cursors": dict(self.cursors),
            "complete": self.complete,
            "last_mid": self.last_mid,
            "scopes": dict(self.scopes),
            # A sum does not fit into what some readers of JSON take for a number.
            "checks": {scope: [count, str(total)] for scope, (count, total) in self.checks.items()},
            "heads": dict(self.heads),
            "server_time": self.server_time,
            "min_schema": self.min_schema,
            "outcomes": [outcome.as_json() for outcome in self.outcomes],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Trailer:
        names = ("epoch", "cursors", "complete", "last_mid", "scopes", "heads", "server_time", "min_schema")
        return cls(
            **{name: said[name] for name in names},
            checks={scope: (int(count), int(total)) for scope, (count, total) in said["checks"].items()},
            outcomes=tuple(Outcome.from_json(one) for one in said.get("outcomes", ())),
        )


def mark(record: str, version: int) -> int:
    """Give 64 bits that stand for one version of one record; their sum tells whether two copies of a scope agree."""
    return int.from_bytes(hashlib.blake2b(f"{record}:{version}".encode(), digest_size=8).digest(), "big")


def total(marks: Iterable[int]) -> int:
    return sum(marks) % 2**64


def line(kind: str, said: Any) -> bytes:
    """Write one line of a pull's answer: {"row": […]}, {"entry": {…}} or {"end": {…}}."""
    return json.dumps({kind: said}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
