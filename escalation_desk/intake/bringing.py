"""From a file to the desk: read and shaped in a child process, met and written by the one that writes.

This is the whole way of an import for whoever starts one: the window, the command line, later a watched folder.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

from escalation_desk.casework.desk import ImportProfile
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _
from escalation_desk.intake import planning
from escalation_desk.intake.child import in_child
from escalation_desk.intake.offering import offers
from escalation_desk.intake.planning import Origin, Outcome
from escalation_desk.journal import reading as desk_reading
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from escalation_desk.journal.journal import Journal


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
    zone = profile_of(journal).time_zone
    origin = Origin(source or path.name, path.name, _sha256(path))
    with closing(in_child(offers, path, source, zone, settled_columns(journal), cancelled=cancelled)) as offered:
        return planning.take_over(journal, offered, origin, dry_run=dry_run, progress=progress, cancelled=cancelled)


def settled_columns(journal: Journal) -> dict[str, dict[str, str]]:
    """Read how people have settled the columns of each source."""
    with closing(journal.reader()) as made:
        return {one.source: dict(one.columns) for one in desk_reading.all_of(made, ImportProfile)}


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
