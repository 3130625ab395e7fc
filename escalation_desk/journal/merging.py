"""Merging sellers and requesters in the journal: what would move, what was moved, and who may be the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from escalation_desk.casework import merging
from escalation_desk.casework.fields import Kind, Show, fields_of, to_json
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.merging import POINTERS, Merged
from escalation_desk.casework.text import fold
from escalation_desk.journal import reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do: how much moves, how much stays and is shown with the target, where the two differ."""

    cases: int
    live: int
    notes: int
    promises: int
    shops: int
    differences: tuple[tuple[str, Any, Any], ...]


def merge(work: Work, kind: type[Merged], source: str, target: str) -> None:
    """Merge one into the other."""
    merging.merge(work.get(kind, source), work.get(kind, target), _pointing(work, kind.kind, source))
    work.touched.add((kind.kind, target))


def unmerge(work: Work, kind: type[Merged], source: str) -> None:
    """Take a merge apart: what it moved goes back."""
    record = work.get(kind, source)
    target = work.get(kind, record.merged_into or source)
    moved = work.ask(lambda made: _moved(made, kind.kind, source, target.id))
    merging.unmerge(record, target, _taken(work, moved))
    work.touched.add((kind.kind, target.id))


def preview(made: Connection, kind: type[Merged], source: str, target: str) -> Preview:
    """Say what a merge would do. Refused where it may not be done."""
    one, other = reading.record(made, kind, source), reading.record(made, kind, target)
    merging.refuse_merge(one, other)
    pointer = POINTERS[kind.kind][0][1]
    cases, live = made.execute(
        f'SELECT count(*), ifnull(sum(live), 0) FROM "case" WHERE "{pointer}" = ? AND deleted_at IS NULL',  # noqa: S608 - declared names.
        (source,),
    ).fetchone()
    notes = promises = shops = 0
    if kind.kind == "seller":
        notes, promises, shops = made.execute(
            "SELECT (SELECT count(*) FROM seller_note WHERE seller = :s AND deleted_at IS NULL), "
            "(SELECT count(*) FROM follow_up WHERE seller = :s AND deleted_at IS NULL), "
            "(SELECT count(*) FROM seller WHERE parent = :s AND deleted_at IS NULL)",
            {"s": source},
        ).fetchone()
    return Preview(cases, live, notes, promises, shops, _differences(one, other))


def aliases(made: Connection, kind: type[Merged], target: str) -> list[Merged]:
    """Read what was merged into a record."""
    return reading.all_of(made, kind, pointing=("merged_into", target))


def same_perhaps(made: Connection, kind: type[Merged], record: Merged) -> list[Merged]:
    """Suggest who may be the same: the same name, phone or email; then those found by the name."""
    keys = [key for key in (record.phone, record.email, record.name) if key]
    found = [hit.record for key in keys for hit in search(made, f"{key} ", kinds=(kind.kind,), limit=_SUGGESTED)]
    others = reading.several(made, kind, [one for one in dict.fromkeys(found) if one != record.id])
    return sorted(others, key=lambda other: fold(other.name) != fold(record.name))[:_SUGGESTED]


def _differences(one: Record, other: Record) -> tuple[tuple[str, Any, Any], ...]:
    """List the fields of the form in which the two differ: the target keeps its own."""
    found = []
    for f in fields_of(kind_of(one.kind)):
        if Show.FORM in f.declared.show and f.kind is not Kind.DATA:
            mine, theirs = getattr(one, f.name), getattr(other, f.name)
            if mine and mine != theirs:
                found.append((f.name, to_json(f.kind, mine), to_json(f.kind, theirs)))
    return tuple(found)


def _pointing(work: Work, kind: str, source: str) -> list[tuple[Record, str]]:
    found = []
    for of, name in POINTERS[kind]:
        rows = work.ask(lambda made, of=of, name=name: _ids(made, of, name, source))  # type: ignore[misc]  # two strings.
        found += [(of, one, name) for one in rows]
    return _taken(work, found)


def _ids(made: Connection, kind: str, name: str, to: str) -> list[str]:
    rows = made.execute(
        f'SELECT id FROM "{kind}" WHERE "{name}" = ? AND deleted_at IS NULL ORDER BY seq',  # noqa: S608 - declared names.
        (to,),
    )
    return [row[0] for row in rows]


def _moved(made: Connection, kind: str, source: str, target: str) -> list[tuple[str, str, str]]:
    """List what the merges of a record moved, as long as it still points to where the record is merged into."""
    found = []
    for of, name in POINTERS[kind]:
        rows = made.execute(
            "SELECT DISTINCT moved.record FROM change merged "  # noqa: S608 - declared names.
            "JOIN entry e ON e.number = merged.entry AND e.undone_by IS NULL "
            "JOIN change moved ON moved.entry = merged.entry "
            f'JOIN "{of}" r ON r.id = moved.record AND r.deleted_at IS NULL AND r."{name}" = :target '
            "WHERE merged.record = :source AND merged.field = 'merged_into' AND moved.record <> :source "
            'AND moved.kind = :kind AND moved.field = :name AND moved."before" = :before',
            {"target": target, "source": source, "kind": of, "name": name, "before": json.dumps(source)},
        )
        found += [(of, row[0], name) for row in rows]
    return found


def _taken(work: Work, listed: list[tuple[str, str, str]]) -> list[tuple[Record, str]]:
    return [(work.get(kind_of(kind), one), name) for kind, one, name in listed]
