"""From a file to the desk: read and shaped in a child process, met and written by the one that writes.

This is the whole way of an import for whoever starts one: the window, the command line, later a watched folder.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from escalation_desk.casework.desk import ImportProfile
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _
from escalation_desk.intake import naming, planning, sources
from escalation_desk.intake.child import in_child
from escalation_desk.intake.planning import Origin, Outcome
from escalation_desk.intake.reading import read
from escalation_desk.intake.shaping import Reading, shape
from escalation_desk.intake.types import days_first
from escalation_desk.journal import reading as desk_reading
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from escalation_desk.intake.candidates import Candidate, Refusal
    from escalation_desk.intake.reading.base import Table
    from escalation_desk.journal.journal import Journal

_LOOKED_AT = 500
"""Rows looked at before the first is shaped: enough to tell which number of a date is the day."""


def bring_in(
    journal: Journal,
    path: Path,
    *,
    source: str | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Import a file, or only say what that would do. Refused for a file that cannot be read at all."""
    if not path.is_file():
        raise Refused(_("There is no file {path}.", path=path))
    settled = settled_columns(journal, source) if source else {}
    zone = profile_of(journal).time_zone
    origin = Origin(source or path.name, path.name, _sha256(path))
    with closing(in_child(offers, path, source, zone, settled)) as offered:
        return planning.take_over(journal, offered, origin, dry_run=dry_run, progress=progress, cancelled=cancelled)


def offers(path: Path, source: str | None, zone: str, settled: Mapping[str, str]) -> Iterator[Candidate | Refusal]:
    """Read a file and shape its rows. Runs in the child process."""
    found = False
    for table in read(path):
        for offer in _of_table(table, source, ZoneInfo(zone), settled):
            found = True
            yield offer
    if not found:
        raise Refused(_("“{file}” has no rows.", file=path.name))


def _of_table(
    table: Table, name: str | None, zone: ZoneInfo, settled: Mapping[str, str]
) -> Iterator[Candidate | Refusal]:
    source = _source_of(table, name, settled)
    if source.refusal:
        raise Refused(_(source.refusal))
    first = list(islice(table.rows, _LOOKED_AT))
    if not first:
        return
    day_first = source.day_first
    if day_first is None:
        day_first = days_first(record.values for record in first)
    yield from shape(chain(first, table.rows), Reading(source, zone, day_first))


def _source_of(table: Table, name: str | None, settled: Mapping[str, str]) -> sources.Source:
    """Choose how a table is read: as the source that was named, as one whose columns it has, or by its column names."""
    named = sources.by_code(name) if name else None
    if named and not settled:
        return _refuse_other(table, named)
    return (None if settled else sources.recognise(table.columns)) or naming.source_for(
        table.columns, name or "table", settled
    )


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


def settled_columns(journal: Journal, source: str) -> dict[str, str]:
    """Read how a person has settled the columns of a source."""
    made = journal.reader()
    try:
        known = desk_reading.find(made, ImportProfile, source)
    finally:
        made.close()
    return dict(known.columns) if known else {}


def settle_columns(journal: Journal, source: str, columns: Mapping[str, str]) -> None:
    """Remember for a source which column is which field; an empty field leaves the column out."""
    with journal.entry(N_("Settle the columns of {source}"), source=source) as work:
        known = work.find(ImportProfile, source)
        if known:
            known.columns = dict(columns)
        else:
            work.add(ImportProfile(source=source, columns=dict(columns)))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
