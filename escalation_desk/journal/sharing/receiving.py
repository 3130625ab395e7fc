"""Takes in what the server says, a page in one transaction: what it has, what waits here laid over it, and how far.

A kill at any instant leaves a whole file; a page that comes twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.records import COMMON
from escalation_desk.journal import derived
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.rows import carried
from escalation_desk.journal.sharing import colleagues, settling
from escalation_desk.journal.sharing.laying import Sheet, lay, present, unknown_of
from escalation_desk.journal.sharing.overlay import Standing, Step, replay, waiting
from escalation_desk.journal.sharing.scopes import Held, Tally, held
from escalation_desk.journal.sharing.wiping import wipe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.sharing.overlay import Merge

IN, OUT, DELETED = "in", "out", "deleted"


class Incoming(NamedTuple):
    """One record as the server's feed has it, at its newest number in its scope."""

    scope: str
    seq: int
    way: str
    kind: str
    record: str
    version: int
    data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the server. Only when `complete` do its rows and all before it speak of one moment."""

    rows: Sequence[Incoming]
    entries: Sequence[colleagues.Told]
    epoch: str
    cursors: Mapping[str, int]
    complete: bool
    last_mid: int
    scopes: Mapping[str, str]
    heads: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[int, str] = field(default_factory=dict)


class Rules(NamedTuple):
    """What the room above knows: how edits become one, and what stands for a version of a record in a sum."""

    merge: Merge
    mark: Callable[[str, int], int]


def receive(made: Connection, page: Page, rules: Rules, now: datetime) -> frozenset[tuple[str, str]]:
    """Take in a page; answer what it touched."""
    with transaction(made):
        touched = _Receiving(made, page, rules, now).take()
    return frozenset(touched)


class _Receiving:
    def __init__(self, made: Connection, page: Page, rules: Rules, now: datetime) -> None:
        self._made = made
        self._page = page
        self._rules = rules
        self._now = now
        self._held = held(made, [row.record for row in page.rows])
        self._tally = Tally(made, rules.mark)
        self._stamps = colleagues.stamps(page.entries)
        self._fresh: set[str] = set()

    def take(self) -> set[tuple[str, str]]:
        colleagues.note(self._made, self._page.entries, instant_text(self._now))
        came = [row for row in self._page.rows if row.way != OUT and _is_newer(row, self._held.get(row.record))]
        touched = self._settle_down(came) | self._see_off({row.record for row in came})
        self._tally.write()
        settling.move_on(self._made, self._page.epoch, self._page.cursors, self._page.scopes, self._page.heads)
        settling.note_outcomes(self._made, self._page.outcomes)
        touched |= derived.refresh(self._made, touched, self._fresh)
        if self._page.complete:
            touched |= settling.complete(
                self._made, self._page.last_mid, self._page.scopes, self._rules.merge, self._now
            )
        return touched

    def _settle_down(self, came: Sequence[Incoming]) -> set[tuple[str, str]]:
        by_kind: dict[str, list[Incoming]] = defaultdict(list)
        for row in came:
            by_kind[row.kind].append(row)
        touched: set[tuple[str, str]] = set()
        for kind, rows in by_kind.items():
            if kind in KINDS:
                touched |= self._lay(kind, rows)
            else:  # Kept as it came, until a newer version of this program knows it.
                self._remember([self._base(row, carried(row.data), None) for row in rows])
        for row in came:
            self._tally.came(row, self._held.get(row.record))
        return touched

    def _lay(self, kind: str, rows: Sequence[Incoming]) -> set[tuple[str, str]]:
        steps = waiting(self._made, [row.record for row in rows], self._page.last_mid)
        here = present(self._made, kind, list(steps)) if steps else {}
        sheets, bases = [], []
        for row in rows:
            data = row.data or {}
            unknown = unknown_of(kind, data)
            sheet = Sheet(row.record, data, row.way == DELETED, self._stamp(row))
            apart = None
            if row.record in steps:
                if not data and row.record in here:
                    data = settling.whole_of(here[row.record])
                known = {name: value for name, value in data.items() if name not in unknown and name not in COMMON}
                apart = carried(known)
                sheet = self._overlaid(kind, sheet._replace(data=known), steps[row.record])
            sheets.append(sheet)
            bases.append(self._base(row, apart, carried(unknown) if unknown else None))
        laid = lay(self._made, kind, sheets, self._now)
        self._fresh |= laid.fresh
        self._remember(bases)
        return laid.touched

    def _overlaid(self, kind: str, sheet: Sheet, steps: Sequence[Step]) -> Sheet:
        standing = replay(kind, Standing(dict(sheet.data), sheet.deleted), steps, self._rules.merge)
        return sheet._replace(data=standing.data, deleted=standing.deleted)

    def _stamp(self, row: Incoming) -> dict[str, Any]:
        said = {name: row.data[name] for name in COMMON[:4] if row.data and row.data.get(name)}
        return {"updated_at": instant_text(self._now)} | self._stamps.get(row.record, {}) | said

    @staticmethod
    def _base(row: Incoming, apart: str | None, unknown: str | None) -> tuple[Any, ...]:
        return (row.record, row.kind, row.scope, row.seq, row.version, int(row.way == DELETED), apart, unknown)

    def _remember(self, bases: list[tuple[Any, ...]]) -> None:
        self._made.executemany("INSERT OR REPLACE INTO base VALUES (?, ?, ?, ?, ?, ?, ?, ?)", bases)

    def _see_off(self, came: set[str]) -> set[tuple[str, str]]:
        """Wipe what left a scope and did not come anew in another one."""
        left = []
        for row in self._page.rows:
            before = self._held.get(row.record)
            if row.way == OUT and row.record not in came and before and before.scope == row.scope:
                self._tally.went(row.record, before)
                left.append((before.kind, row.record))
        return wipe(self._made, left) if left else set()


def _is_newer(row: Incoming, before: Held | None) -> bool:
    if before is None or before.seq < 0:
        return True
    if row.version != before.version:
        return row.version > before.version
    return row.scope != before.scope or row.seq > before.seq
