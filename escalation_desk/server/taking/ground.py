"""What a push works on: its records, locked, changed in memory, and taken back where a mutation is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.server.database import say_whose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.server.database import Cursor
    from escalation_desk.server.rights import Rights

_COLUMNS: Final = b"id::text, kind, scope, seq, ver, deleted, follows::text, client::text, data"
_LOCKED: Final = b"SELECT " + _COLUMNS + b" FROM record WHERE id = ANY(%b::text[]::uuid[]) ORDER BY id FOR UPDATE"
_FOLLOWING: Final = b"SELECT " + _COLUMNS + b" FROM record WHERE follows = ANY(%s) ORDER BY id FOR UPDATE"
_NAMED: Final = (
    b"SELECT k.kind, k.key, k.record::text, r.scope FROM unnest(%b::text[], %b::text[]) AS asked(kind, key)"
    b" JOIN natural_key k ON k.kind = asked.kind AND k.key = asked.key"
    b" JOIN record r ON r.id = k.record AND NOT r.deleted"
)


@dataclass(slots=True)
class Head:
    """A record as it stands now."""

    id: str
    kind: str
    scope: str
    seq: int
    ver: int
    deleted: bool
    follows: str | None
    client: str
    data: dict[str, Any]
    fresh: bool = False

    def copy(self, data: dict[str, Any]) -> Head:
        """Make another one; said field by field, because a push makes one for each of its records."""
        return Head(
            self.id,
            self.kind,
            self.scope,
            self.seq,
            self.ver,
            self.deleted,
            self.follows,
            self.client,
            data,
            self.fresh,
        )


class Touch(NamedTuple):
    """One change of a record's version, or its leaving a scope (`ver` 0). It gets the next number of its scope."""

    scope: str
    record: str
    kind: str
    mid: int
    ver: int
    patch: list[list[Any]]


class Author(NamedTuple):
    """Who changed something last, and when."""

    id: str | None
    name: str
    at: str | None


@dataclass(slots=True)
class Ground:
    """The records of one push. What is asked for once is locked until the end."""

    cursor: Cursor
    rights: Rights
    client: str
    now: str
    scopes: list[str]
    heads: dict[str, Head] = field(default_factory=dict)
    stored: dict[str, Head] = field(default_factory=dict)
    """As the database has them."""
    touches: list[Touch] = field(default_factory=list)
    mid: int = 0
    _asked: set[str] = field(default_factory=set)
    _before: dict[str, Head | None] = field(default_factory=dict)
    _named: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _taken: dict[str, bool] = field(default_factory=dict)
    _codes: dict[str, str | None] = field(default_factory=dict)
    _mark: int = 0

    # --- one mutation ---

    def begin(self, mid: int) -> None:
        self.mid, self._mark = mid, len(self.touches)
        self._before.clear()

    def take_back(self) -> None:
        """Forget what the mutation did."""
        for record, head in self._before.items():
            if head is None:
                del self.heads[record]
            else:
                self.heads[record] = head
        del self.touches[self._mark :]

    def was(self, record: str) -> Head | None:
        """Give a record as it stood before the mutation; None for one that the mutation made."""
        return self._before[record] if record in self._before else self.heads.get(record)

    def changed(self) -> list[str]:
        return list(self._before)

    # --- records ---

    def ask_for(self, records: Iterable[str]) -> None:
        """Lock records, always in the order of their ids, so that two pushes wait for each other in one order only."""
        new = sorted({one for one in records if one not in self._asked and one not in self.heads})
        if new:
            self._asked.update(new)
            self._take(self.cursor.execute(_LOCKED, (new,)).fetchall())

    def get(self, record: str) -> Head | None:
        if record not in self.heads:
            self.ask_for([record])
        return self.heads.get(record)

    def followers(self, root: str) -> list[Head]:
        """Take everything that stands in the scope of a record because it hangs on it."""
        known = self.cursor.execute(_FOLLOWING, ([root],)).fetchall()
        self._take(row for row in known if row[0] not in self.heads)
        return [head for head in self.heads.values() if head.follows == root]

    def _take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self._asked.add(row[0])
            if not self.rights.reads(row[2]):
                continue  # As if row-level security had not shown it: the first of two fences.
            self.heads[row[0]] = Head(*row)
            self.stored[row[0]] = Head(*row)

    def change(self, record: str) -> Head:
        """Take a record to change it; `data` is replaced, never changed in place."""
        head = self.heads[record]
        if record not in self._before:
            self._before[record] = head
            self.heads[record] = head = head.copy(dict(head.data))
        return head

    def make(self, head: Head) -> Head:
        self._before[head.id] = None
        self.heads[head.id] = head
        return head

    def touch(self, head: Head, patch: list[list[Any]]) -> None:
        head.ver += 1
        head.client = self.client
        self.touches.append(Touch(head.scope, head.id, head.kind, self.mid, head.ver, patch))

    def leave(self, head: Head, scope: str) -> None:
        self.touches.append(Touch(scope, head.id, head.kind, self.mid, 0, []))

    def forget(self) -> None:
        """Know nothing any more, because the database was taken back."""
        self.heads.clear()
        self.stored.clear()
        self.touches.clear()
        self._asked.clear()
        self._before.clear()
        self._named.clear()
        self._codes.clear()

    def see_anew(self) -> None:
        say_whose(self.cursor, self.scopes, self.client)

    def see(self, scope: str) -> None:
        """Let the transaction write into a scope that a lead may give to, though not see."""
        if scope not in self.scopes:
            self.scopes.append(scope)
            self.see_anew()

    # --- questions ---

    def ask_for_taken(self, records: Iterable[str]) -> None:
        """Find, in one question, which ids belong to records that are not seen here, or are gone for ever."""
        new = [one for one in records if one not in self.heads and one not in self._taken]
        if new:
            self._taken.update((one, False) for one in new)
            for row in self.cursor.execute(b"SELECT taken(%b::text[]::uuid[])::text", (new,)):
                self._taken[row[0]] = True

    def is_taken(self, record: str) -> bool:
        self.ask_for_taken([record])
        return self._taken.get(record, False)

    def team_code(self, team: str | None) -> str | None:
        if not team:
            return None
        if team in self.heads:
            code: str | None = self.heads[team].data.get("code")
            return code
        if team not in self._codes:
            row = self.cursor.execute(
                b"SELECT data ->> 'code' FROM record WHERE id = %s AND kind = 'team'", (team,)
            ).fetchone()
            self._codes[team] = row[0] if row else None
        return self._codes[team]

    def ask_for_names(self, names: Iterable[tuple[str, str]]) -> None:
        """Find who has these names in the outside world, kind and key, all in one question."""
        new = [name for name in names if name not in self._named]
        if not new:
            return
        self._named.update((name, set()) for name in new)
        asked = ([kind for kind, _key in new], [key for _kind, key in new])
        for kind, key, record, scope in self.cursor.execute(_NAMED, asked):
            if self.rights.reads(scope):
                self._named[kind, key].add(record)

    def others_known_as(self, kind: str, keys: Iterable[str], but: str) -> list[str]:
        """Find the records that the outside world knows by one of these names, and claim the names."""
        names = [(kind, key) for key in keys]
        self.ask_for_names(names)
        others = set[str]().union(*(self._named[name] for name in names)) - {but}
        for name in names:
            self._named[name].add(but)
        return sorted(others)

    def changed_by_others(self, record: str, since: int | None) -> bool:
        row = self.cursor.execute(
            b"SELECT 1 FROM change WHERE record = %s AND ver > %s AND client <> %s LIMIT 1",
            (record, since or 0, self.client),
        ).fetchone()
        return row is not None

    def last_author(self, record: str, name: str | None) -> Author:
        """Find who changed a field last; who made the record, where nobody did."""
        like = json.dumps([["set", name]]) if name else "[]"
        row = self.cursor.execute(
            b"SELECT c.actor::text, m.at, (SELECT data ->> 'full_name' FROM record WHERE id = c.actor)"
            b" FROM change c JOIN mutation m ON m.client = c.client AND m.mid = c.mid"
            b" WHERE c.record = %s AND c.ver > 0 AND (c.patch::jsonb @> %s::jsonb OR c.ver = 1)"
            b" ORDER BY c.ver DESC LIMIT 1",
            (record, like),
        ).fetchone()
        return Author(row[0], row[2] or "", row[1]) if row else Author(None, "", None)
