"""Makes a new database, and brings an older one up to date: verified backup, one transaction, check, commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.journal.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.journal.connection import Connection

APPLICATION_ID = 0x45534444  # "ESDD"
HEAD = "0001"
NUMBER = int(HEAD)
"""Migrations are numbered; `user_version` holds the number, so that a current database never loads Alembic."""


def prepare(made: Connection, path: Path, back_up: Callable[[], object]) -> bool:
    """Make the schema or bring it up to date. True where the database is new. A newer or foreign one is refused."""
    application = made.execute("PRAGMA application_id").fetchone()[0]
    version = made.execute("PRAGMA user_version").fetchone()[0]
    empty = made.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if empty and application == 0:
        _migrate(made)
        return True
    if application != APPLICATION_ID:
        raise Refused(_("{path} is a database of another program; choose another folder.", path=path))
    if version > NUMBER:
        raise Refused(
            _(
                "{path} was written by a newer version of Escalation Desk; update this one. Nothing was changed.",
                path=path,
            )
        )
    if version < NUMBER:
        back_up()
        _migrate(made)
    return False


def _migrate(made: Connection) -> None:
    # Loaded late: most starts find a current database, and Alembic takes as long to load as the window to open.
    from escalation_desk.journal.migrating import upgrade

    made.execute("PRAGMA foreign_keys = OFF")
    with transaction(made):
        upgrade(made, HEAD)
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {NUMBER}")
        if made.execute("PRAGMA foreign_key_check").fetchone():
            raise Fault(_("The data did not survive the update whole, so nothing was changed; send us the log."))
    made.execute("PRAGMA foreign_keys = ON")
