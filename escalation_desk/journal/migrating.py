"""Runs Alembic's migrations on a connection that is already in a transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, pool

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(made: Connection, revision: str) -> None:
    """Bring the schema to a revision inside the caller's transaction."""
    with engine_over(made).connect() as connection:
        command.upgrade(config_for(connection), revision)


def config_for(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def engine_over(made: Connection) -> Engine:
    """Lend one open connection to SQLAlchemy, which neither begins, commits nor closes it."""
    return create_engine(
        "sqlite://",
        module=sqlcipher3.dbapi2,
        creator=lambda: _Lent(made),
        poolclass=pool.StaticPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )


class _Lent:
    """A connection whose end of transaction belongs to its owner."""

    def __init__(self, made: Connection) -> None:
        self._made = made

    def __getattr__(self, name: str) -> object:
        return getattr(self._made, name)

    def commit(self) -> None:
        """Leave the transaction open."""

    def rollback(self) -> None:
        """Leave the transaction open; its owner takes it back when the error reaches him."""

    def close(self) -> None:
        """Leave the connection open."""
