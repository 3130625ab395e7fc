"""Makes a new database, and brings an older one up to date: verified backup, one transaction, check, commit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.journal.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.connection import Connection

APPLICATION_ID = 0x45534444  # "ESDD"


class Steps(NamedTuple):
    """The migrations: the folder they lie in, and the last of them.

    They are numbered; `user_version` holds the number, so that a current database never loads Alembic.
    """

    folder: Path
    head: str

    @property
    def number(self) -> int:
        return int(self.head)


STEPS = Steps(Path(__file__).parent / "migrations", "0001")


def prepare(made: Connection, path: Path, back_up: Callable[[], object], steps: Steps = STEPS) -> None:
    """Make the schema of a new database, or bring an older one up to date. A newer or foreign one is refused."""
    if is_empty(made):
        _migrate(made, steps)
        return
    refuse_strange(made, path, steps)
    if version_of(made) < steps.number:
        back_up()
        _migrate(made, steps)


def version_of(made: Connection) -> int:
    return int(made.execute("PRAGMA user_version").fetchone()[0])


def is_empty(made: Connection) -> bool:
    """Say whether nothing was ever written to this database."""
    return (_application(made), made.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]) == (0, 0)


def refuse_strange(made: Connection, path: Path, steps: Steps = STEPS) -> None:
    """Refuse the database of another program, and one that a newer version of this one has written."""
    if _application(made) != APPLICATION_ID:
        raise Refused(_("{path} is a database of another program; choose another folder.", path=path))
    if version_of(made) > steps.number:
        raise Refused(
            _(
                "{path} was written by a newer version of Escalation Desk; update this one. Nothing was changed.",
                path=path,
            )
        )


def _application(made: Connection) -> int:
    return int(made.execute("PRAGMA application_id").fetchone()[0])


def _migrate(made: Connection, steps: Steps) -> None:
    # Loaded late: most starts find a current database, and Alembic takes as long to load as the window to open.
    from escalation_desk.journal.migrating import upgrade

    made.execute("PRAGMA foreign_keys = OFF")
    with transaction(made):
        upgrade(made, steps)
        made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        made.execute(f"PRAGMA user_version = {steps.number}")
        if made.execute("PRAGMA foreign_key_check").fetchone():
            raise Fault(_("The data did not survive the update whole, so nothing was changed; send us the log."))
    made.execute("PRAGMA foreign_keys = ON")
