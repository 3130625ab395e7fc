"""Makes a database the desk's: tables, fences, what every desk is born with. Doing it again brings it up to date."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.casework.scopes import REFERENCE
from escalation_desk.i18n import _
from escalation_desk.server import fences

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from escalation_desk.server.database import Database

HEAD: Final = "0001"


def set_up(database: Database) -> None:
    """Bring a database, opened as its owner, to what this version needs."""
    try:
        with (
            database.engine.connect() as connection,
            connection.execution_options(isolation_level="SERIALIZABLE").begin(),
        ):
            _make(connection)
    except OperationalError as error:
        raise Fault(_("The database cannot be reached; try again in a moment.")) from error
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise Refused(
                _(
                    "This role may not set the database up: {why} Use its owner, and let an administrator"
                    " create the role {role} first.",
                    why=str(error.orig).splitlines()[0],
                    role=fences.API,
                )
            ) from error
        raise


def _make(connection: Connection) -> None:
    from alembic import command  # Loaded late: a server that only asks whether all is there needs none of it.
    from alembic.config import Config  # As above.

    connection.execute(text("SELECT pg_advisory_xact_lock(7316552)"))  # Two at once would both find nothing.
    _make_role(connection)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
    for statement in fences.statements():
        connection.exec_driver_sql(statement)
    connection.execute(
        text("INSERT INTO server_meta (epoch) VALUES (:epoch) ON CONFLICT DO NOTHING"), {"epoch": str(uuid.uuid4())}
    )
    connection.execute(text("INSERT INTO scope_clock (scope) VALUES (:ref) ON CONFLICT DO NOTHING"), {"ref": REFERENCE})


def _make_role(connection: Connection) -> None:
    """Make the role that the server works as, once for all databases of a cluster, and let this one become it."""
    if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :api"), {"api": fences.API}).first():
        connection.exec_driver_sql(f"CREATE ROLE {fences.API} NOLOGIN NOBYPASSRLS")
    if not connection.execute(text("SELECT pg_has_role(:api, 'MEMBER')"), {"api": fences.API}).scalar():
        connection.exec_driver_sql(f"GRANT {fences.API} TO CURRENT_USER")


def begin_epoch(database: Database) -> None:
    """Begin another life of the server, after a restore: what workstations know of numbers is not to be relied on."""
    with database.writing() as cursor:
        cursor.execute(b"UPDATE server_meta SET epoch = %s", (str(uuid.uuid4()),))


def is_set_up(database: Database) -> bool:
    """Say whether the tables are there and those of this version."""
    try:
        with database.engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    except OperationalError as error:
        raise Fault(_("The database cannot be reached; try again in a moment.")) from error
    except DBAPIError:
        return False
