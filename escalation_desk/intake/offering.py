"""Reads a file and shapes its rows into candidates: the part of an import that runs in the child process."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.intake import naming, sources
from escalation_desk.intake.reading import read
from escalation_desk.intake.shaping import Reading, shape
from escalation_desk.intake.types import days_first, decimal_mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from escalation_desk.intake.candidates import Candidate, Refusal
    from escalation_desk.intake.child import Progress
    from escalation_desk.intake.reading import Record, Table

    Profiles = Mapping[str, Mapping[str, str]]

_LOOKED_AT = 500
"""Rows looked at before the first is shaped: enough to tell which number of a date is the day."""


def offers(path: Path, source: str | None, zone: str, profiles: Profiles) -> Iterator[Candidate | Refusal | Progress]:
    """Read a file and shape its rows."""
    found = False
    for table in read(path):
        for offer in _of_table(table, source, ZoneInfo(zone), profiles):
            found = True
            yield offer
    if not found:
        raise Refused(_("“{file}” has no rows.", file=path.name))


def _of_table(
    table: Table, name: str | None, zone: ZoneInfo, profiles: Profiles
) -> Iterator[Candidate | Refusal | Progress]:
    source = _source_of(table, name, profiles)
    if source.refusal:
        raise Refused(_(source.refusal))
    first = list(islice(table.rows, _LOOKED_AT))
    if not first:
        return
    day_first = source.day_first
    if day_first is None:
        day_first = days_first(record.values for record in first)
    marks = _decimal_marks(table.columns, first)
    yield from shape(chain(first, table.rows), Reading(source, zone, day_first, marks))


def _decimal_marks(columns: Sequence[str], rows: Sequence[Record]) -> dict[str, str]:
    """Say for each column of amounts which sign it uses for decimals, where its cells tell."""
    marks = {}
    for column in columns:
        cells = (row.values.get(column) for row in rows)
        mark = decimal_mark_of(cell for cell in cells if isinstance(cell, str))
        if mark:
            marks[column] = mark
    return marks


def _source_of(table: Table, name: str | None, profiles: Profiles) -> sources.Source:
    """Choose how a table is read: as the source that was named, as one whose columns it has, or by its column names."""
    settled = profiles.get(name, {}) if name else {}
    named = sources.by_code(name) if name else None
    if named and not settled:
        return _refuse_other(table, named)
    recognised = None if settled else sources.recognise(table.columns)
    if recognised:
        return recognised
    name = name or naming.usual_name(table.columns, profiles)
    return naming.source_for(table.columns, name, profiles.get(name, {}))


def _refuse_other(table: Table, source: sources.Source) -> sources.Source:
    missing = sorted(source.needs - set(table.columns))
    if missing:
        raise Refused(
            _(
                "This is no file of {source}: it lacks the columns {columns}.",
                source=_(source.label),
                columns=", ".join(missing),
            )
        )
    return source
