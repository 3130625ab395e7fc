"""Connections to PostgreSQL, and transactions that say whose they are."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final, cast

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.server.fences import API

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import LiteralString, TypeVar

    T = TypeVar("T")

Cursor = psycopg.Cursor[tuple[Any, ...]]
_WHOSE: Final = "SELECT set_config('app.scopes', {}, true), set_config('app.client', {}, true)"
_ATTEMPTS: Final = 6
_AGAIN: Final = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation)
"""Two pushes met; the one that gave way is done again and finds what the other left."""


class Database:
    """A pool of connections. `as_owner` is for setting up and for accounts; all else works behind the fences."""

    def __init__(self, url: str, *, as_owner: bool = False, size: int = 8) -> None:
        self.url = url
        try:
            self.engine = create_engine(
                url,
                pool_size=size,
                max_overflow=4,
                pool_pre_ping=False,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
            )
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise Refused(
                _("“{url}” is no database address; write postgresql+psycopg://NAME:PASSWORD@HOST/DATABASE.", url=url)
            ) from error
        if not as_owner:
            event.listen(self.engine, "connect", _behind_the_fences)

    def close(self) -> None:
        self.engine.dispose()

    @contextlib.contextmanager
    def writing(self, scopes: Iterable[str] = (), client: str = "") -> Iterator[Cursor]:
        with self._transaction("BEGIN", scopes, client) as cursor:
            yield cursor

    @contextlib.contextmanager
    def reading(self, scopes: Iterable[str] = (), client: str = "") -> Iterator[Cursor]:
        """Read several things as of one moment."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", scopes, client) as cursor:
            yield cursor

    @contextlib.contextmanager
    def _transaction(self, begin: LiteralString, scopes: Iterable[str], client: str) -> Iterator[Cursor]:
        with contextlib.closing(self._lent()) as lent:
            cursor = cast("psycopg.Connection[tuple[Any, ...]]", lent.driver_connection).cursor()
            try:
                # Said at once, without parameters: one way there and back for both.
                cursor.execute(sql.SQL(begin + "; " + _WHOSE).format("\n".join(scopes), client))
                yield cursor
                cursor.execute(b"COMMIT")
            except psycopg.OperationalError as error:
                if cursor.connection.closed or isinstance(error, psycopg.errors.AdminShutdown):
                    lent.invalidate()
                    raise _unreachable() from error
                cursor.execute(b"ROLLBACK")
                raise
            except BaseException:
                if not cursor.connection.closed:
                    cursor.execute(b"ROLLBACK")
                raise

    def _lent(self) -> Any:
        try:
            return self.engine.raw_connection()
        except (OperationalError, psycopg.OperationalError, NoneFree) as error:
            raise _unreachable() from error


def _unreachable() -> Fault:
    return Fault(_("The database cannot be reached; try again in a moment."))


def say_whose(cursor: Cursor, scopes: Iterable[str], client: str = "") -> None:
    """Say what may be seen for the rest of the transaction."""
    cursor.execute(sql.SQL(_WHOSE).format("\n".join(scopes), client))


def again(operation: Callable[[], T]) -> T:
    """Do a transaction, and do it again where it met another one and had to give way."""
    for _attempt in range(_ATTEMPTS - 1):
        with contextlib.suppress(*_AGAIN):
            return operation()
    return operation()


def _behind_the_fences(connection: Any, _record: object) -> None:
    connection.execute(f"SET ROLE {API}")
    # Compiling takes longer than any question of ours: 5 ms for an idle pull, wherever statistics are missing or old.
    connection.execute("SET jit = off")
    # Where PostgreSQL was built with it: writing records takes a quarter less than with its own way of packing.
    connection.execute(
        "SELECT set_config(name, 'lz4', false) FROM pg_settings"
        " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"
    )
