"""Opens the encrypted database with the settings that make “saved” mean on the platter (reliability.md §7)."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlcipher3

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Connection = Any
"""A sqlcipher3 connection; the library has no type information."""

Error: type[Exception] = sqlcipher3.DatabaseError


class DiskFull(Fault):
    """There is no room to write."""


class Damaged(Fault):
    """The file is ours, but not whole."""


_OLDEST_SQLITE = (3, 51, 3)  # Before it, a checkpoint that raced a writer could corrupt the file.

PRAGMAS = (
    "busy_timeout = 5000",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "temp_store = MEMORY",
    "wal_autocheckpoint = 1000",
)
"""What makes a save outlive a power cut; the tests that cut the power run these very lines."""

_WRITTEN_INTO_THE_FILE = "journal_mode"


def connect(path: Path, key: bytes, *, writes: bool) -> Connection:
    """Open one connection. The key is checked before anything else, so that a wrong one is not taken for damage."""
    if sqlcipher3.sqlite_version_info < _OLDEST_SQLITE:
        raise Fault(_("The SQLite that is installed can damage data; install the one this program asks for."))
    uri = f"{path.absolute().as_uri()}?mode={_mode(path, writes=writes)}&psow=0"
    try:
        made = sqlcipher3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
    except Error as error:
        raise Fault(_("The database {path} cannot be opened: {error}.", path=path, error=error)) from error
    try:
        _unlock(made, key, path)
        _settle(made, writes=writes)
    except Error as error:
        made.close()
        raise (
            _fault(error) or Fault(_("The database {path} cannot be opened: {error}.", path=path, error=error))
        ) from error
    except BaseException:
        made.close()
        raise
    return made


def _mode(path: Path, *, writes: bool) -> str:
    """Choose how to open. Where a log lies beside, the last one who may write plays it into the file as he leaves."""
    log = path.with_name(f"{path.name}-wal")
    return "ro" if not writes and log.exists() and log.stat().st_size else "rw"


def _unlock(made: Connection, key: bytes, path: Path) -> None:
    made.execute("PRAGMA cipher_log_level = NONE")
    made.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    try:
        made.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except Error as error:
        if _name(error) != "SQLITE_NOTADB":  # The disk is at fault, not the key.
            raise
        raise Refused(
            _("{path} does not open with this key: it belongs to another desk, or it is not a database.", path=path)
        ) from error


def _settle(made: Connection, *, writes: bool) -> None:
    """Set a connection up. One that only reads leaves even the file's kind of journal as it is."""
    own = (f"cache_size = -{64_000 if writes else 4_000}", f"query_only = {'OFF' if writes else 'ON'}")
    for pragma in (*PRAGMAS, *own):
        if writes or not pragma.startswith(_WRITTEN_INTO_THE_FILE):
            made.execute(f"PRAGMA {pragma}")


@contextmanager
def transaction(made: Connection) -> Iterator[Connection]:
    """Do all of it or nothing. Writers queue up at the start, never in the middle."""
    with said_plainly():
        _begin(made)
        try:
            yield made
            made.execute("COMMIT")
        except BaseException:
            if made.in_transaction:
                made.execute("ROLLBACK")
            raise


_PATIENCE = 5.0
_LOOK_EVERY = 10


def _begin(made: Connection) -> None:
    """Wait for the turn to write, looking up every few milliseconds.

    SQLite itself would look ten times a second and miss the moments that long work leaves free for others.
    """
    until = time.monotonic() + _PATIENCE
    made.execute(f"PRAGMA busy_timeout = {_LOOK_EVERY}")
    try:
        while not _has_begun(made, until):
            pass
    finally:
        made.execute(f"PRAGMA {PRAGMAS[0]}")


def _has_begun(made: Connection, until: float) -> bool:
    try:
        made.execute("BEGIN IMMEDIATE")
    except Error as error:
        if _name(error).startswith("SQLITE_BUSY") and time.monotonic() < until:
            return False
        raise
    return True


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the surroundings do to a database into a sentence; our own mistakes pass through whole."""
    try:
        yield
    except Error as error:
        fault = _fault(error)
        if fault is None:
            raise
        raise fault from error


def _fault(error: Exception) -> Fault | None:
    name = _name(error)
    if name.startswith("SQLITE_FULL") or name == "SQLITE_IOERR_WRITE":
        return DiskFull(_("The disk is full; free some space and do it again. Nothing was changed."))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Fault(
            _("Another program is writing to the same data; wait a moment and do it again. Nothing was changed.")
        )
    if name.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return Fault(_("The disk refused: {error}. Nothing was changed.", error=error))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Damaged(_("The data are damaged: {error}. Nothing was changed; restore a backup.", error=error))
    return None


def is_unreadable(error: BaseException | None) -> bool:
    """Tell whether a file was no database to SQLite: the key is another, or its first page is torn."""
    return _name(error) == "SQLITE_NOTADB"


def _name(error: BaseException | None) -> str:
    return getattr(error, "sqlite_errorname", "") or ""
