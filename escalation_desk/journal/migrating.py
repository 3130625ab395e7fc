"""Runs Alembic's migrations on a connection that is already in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlcipher3
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, pool

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.schema import Steps


def upgrade(made: Connection, steps: Steps) -> None:
    """Bring the schema to the last step inside the caller's transaction."""
    with engine_over(made).connect() as connection:
        command.upgrade(config_for(connection, steps), steps.head)


def config_for(connection: object, steps: Steps) -> Config:
    config = Config()
    config.set_main_option("script_location", str(steps.folder))
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
