"""Looks the data over where something may have hurt them, and keeps some room for when the disk is full."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import place
from escalation_desk.journal.backup import newest_whole
from escalation_desk.journal.connection import Error

if TYPE_CHECKING:
    from pathlib import Path

    from escalation_desk.journal.journal import Journal


def look_over(journal: Journal) -> None:
    """Check the pages: after an end that was none, and where damage was found before. Refused where they are damaged.

    This is the quick check, a second for a million cases; the whole one is made of every backup.
    """
    problem = _problem(journal)
    if problem is None:
        place.unmark_damaged(journal.folder)
        return
    place.mark_damaged(journal.folder)
    raise damaged(journal.folder, journal.key, problem)


_BALLAST = 64 * 1024 * 1024
_PLENTY = 16 * _BALLAST


def keep_ballast(folder: Path) -> None:
    """Keep some room for the moment when the disk is full, as long as there is plenty."""
    path = place.ballast(folder)
    if path.exists() or shutil.disk_usage(folder).free < _PLENTY:
        return
    temporary = path.with_name("ballast.new")
    with temporary.open("wb") as file:
        for _chunk in range(_BALLAST // 2**20):
            file.write(bytes(2**20))  # Written out: a file with holes would keep no room.
    temporary.replace(path)


def _problem(journal: Journal) -> str | None:
    with journal.writing() as made:
        try:
            found = made.execute("PRAGMA quick_check(1)").fetchone()[0]
        except Error as error:
            return str(error)
    return None if found == "ok" else str(found)


def damaged(folder: Path, key: bytes, problem: str) -> Refused:
    """Say what is wrong, and which backup to go back to."""
    backup = newest_whole(folder, key)
    if backup is None:
        return Refused(
            _(
                "The data in {folder} are damaged ({problem}), and no whole backup lies there; restore another copy.",
                folder=folder,
                problem=problem,
            )
        )
    return Refused(
        _(
            "The data in {folder} are damaged ({problem}); restore the newest whole backup, {backup}.",
            folder=folder,
            problem=problem,
            backup=backup,
        )
    )
