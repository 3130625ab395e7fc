"""How far this workstation has read each scope, and whether what it holds of it is what the server has."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.journal.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.sharing.receiving import Incoming

MODULUS: Final = 2**64


class Held(NamedTuple):
    """What is known of a record that the server has. A negative `seq` says that it is being read anew."""

    kind: str
    scope: str
    seq: int
    version: int
    deleted: bool


class Cursor(NamedTuple):
    """How far a scope was read, in which life of the server."""

    scope: str
    epoch: str
    seq: int
    role: str


def held(made: Connection, ids: Sequence[str]) -> dict[str, Held]:
    rows = made.execute(
        "SELECT record, kind, scope, seq, version, deleted FROM json_each(?) w CROSS JOIN base b ON b.record = w.value",
        (json.dumps(list(ids)),),
    )
    return {
        record: Held(kind, scope, seq, version, bool(deleted)) for record, kind, scope, seq, version, deleted in rows
    }


def cursors(made: Connection) -> list[Cursor]:
    return [Cursor(*row) for row in made.execute("SELECT scope, epoch, seq, role FROM cursor ORDER BY scope")]


def read_anew(made: Connection, scopes: Iterable[str]) -> None:
    """Begin scopes anew: everything comes again, and what does not come is gone in the end. What waits stays."""
    with transaction(made):
        for scope in scopes:
            made.execute("UPDATE base SET seq = -1 WHERE scope = ?", (scope,))
            made.execute("UPDATE cursor SET seq = 0, records = 0, marks = '0' WHERE scope = ?", (scope,))


def differing(made: Connection, checks: Mapping[str, tuple[int, int]]) -> list[str]:
    """List the scopes in which something else lies here than the server says."""
    here = {row[0]: (row[1], int(row[2])) for row in made.execute("SELECT scope, records, marks FROM cursor")}
    return [scope for scope, said in checks.items() if here.get(scope, (0, 0)) != (said[0], said[1] % MODULUS)]


def lacking(made: Connection, checks: Mapping[str, tuple[int, int]], most: int) -> list[str]:
    """List the scopes of which so many records or more are not here yet."""
    here = dict(made.execute("SELECT scope, records FROM cursor").fetchall())
    return [scope for scope, (count, _sum) in checks.items() if count - here.get(scope, 0) >= most]


class Tally:
    """Keeps count of what comes and goes in each scope."""

    def __init__(self, made: Connection, mark: Callable[[str, int], int]) -> None:
        self._made = made
        self._mark = mark
        self._counts: dict[str, int] = defaultdict(int)
        self._marks: dict[str, int] = defaultdict(int)

    def came(self, row: Incoming, before: Held | None) -> None:
        if before is not None:
            self.went(row.record, before)
        if row.way == "in":
            self._counts[row.scope] += 1
            self._marks[row.scope] += self._mark(row.record, row.version)

    def went(self, record: str, before: Held) -> None:
        if before.seq >= 0 and not before.deleted:
            self._counts[before.scope] -= 1
            self._marks[before.scope] -= self._mark(record, before.version)

    def write(self) -> None:
        for scope, count in self._counts.items():
            self._made.execute("INSERT OR IGNORE INTO cursor (scope, epoch, seq, role) VALUES (?, '', 0, '')", (scope,))
            (marks,) = self._made.execute("SELECT marks FROM cursor WHERE scope = ?", (scope,)).fetchone()
            self._made.execute(
                "UPDATE cursor SET records = records + ?, marks = ? WHERE scope = ?",
                (count, str((int(marks) + self._marks[scope]) % MODULUS), scope),
            )
