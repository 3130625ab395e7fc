"""`check`, `backup` and `restore`: the data as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import one_line
from escalation_desk.i18n import _
from escalation_desk.journal import backup, keys, place
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import Error
from escalation_desk.journal.desk import passphrase_from_environment

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from escalation_desk.journal.journal import Journal


def check(journal: Journal, _asked: Namespace) -> str:
    with journal.writing() as made:
        try:
            found = problems(made)
        except Error as error:
            found = [str(error)]
    if found:
        place.mark_damaged(journal.folder)
        told = one_line("; ".join(found), _SENTENCE)
        raise Refused(_("The data are damaged: {problems}. Restore a backup.", problems=told))
    place.unmark_damaged(journal.folder)
    return _("Database and journal are whole.")


_SENTENCE = 300  # What SQLite finds in a torn file fills pages, and the remedy is the same.


def back_up(journal: Journal, asked: Namespace) -> str:
    with journal.writing() as made:
        path = backup.back_up(made, journal.key, asked.file.absolute())
    return _("The backup {path} is written and checked.", path=path)


def restore(folder: Path, asked: Namespace) -> str:
    if not (folder / keys.FILE).exists():
        raise Refused(_("{folder} holds no desk to restore; its key file is missing.", folder=folder))
    place.prepare(folder)
    backup.restore(folder, keys.key_for(folder, passphrase_from_environment), asked.file.absolute())
    return _("{file} is restored; what was there before is kept in the folder “backups”.", file=asked.file)
