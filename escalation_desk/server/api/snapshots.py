"""Snapshots: the records of a large scope in one packed file, as of one number, from which a workstation goes on."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import zstandard

from escalation_desk.server.api.bodies import Problem
from escalation_desk.sync.messages import line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from escalation_desk.server.database import Cursor, Database

WORTH_IT: Final = 20_000
"""Records from which on a file is quicker than the feed."""
_FRESH_ENOUGH: Final = 5_000
"""A file this many numbers behind still saves most of the way."""
_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A file, and what its name says: the scope's name hashed, the epoch, the number."""

    path: Path
    epoch: str
    cursor: int
    sha256: str


def write_all(database: Database, folder: Path) -> list[tuple[str, Path]]:
    """Write the files of all large scopes; the database is opened as its owner."""
    with database.reading() as cursor:
        large = cursor.execute(b"SELECT scope FROM scope_clock WHERE n >= %s ORDER BY scope", (WORTH_IT,)).fetchall()
    return [(scope, snapshot(database, folder, scope).path) for (scope,) in large]


def snapshot(database: Database, folder: Path, scope: str) -> Snapshot:
    """Give the file of a scope, a new one where there is none that is fresh enough."""
    place = folder / "snapshots"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = hashlib.sha256(scope.encode()).hexdigest()[:24]
    with database.reading([scope]) as cursor:
        row = cursor.execute(
            b"SELECT m.epoch::text, c.last, c.floor FROM server_meta m, scope_clock c WHERE c.scope = %s", (scope,)
        ).fetchone()
        if row is None:  # A pattern, or a scope that nobody has used yet.
            raise Problem(404, "not_there", "There is no such scope, or it is not yours to see.")
        epoch, last, floor = row
        known = _known(place, name, epoch, max(floor, last - _FRESH_ENOUGH))
        return known or _write(cursor, place, name, scope, epoch, last)


def _known(place: Path, name: str, epoch: str, least: int) -> Snapshot | None:
    found = [one for path in place.glob(f"{name}.{epoch}.*.zst") if (one := _named(path)) is not None]
    newest = max(found, key=lambda one: one.cursor, default=None)
    return newest if newest and newest.cursor >= least else None


def _named(path: Path) -> Snapshot | None:
    _name, epoch, cursor, sha256, _end = path.name.split(".")
    return Snapshot(path, epoch, int(cursor), sha256)


def _write(cursor: Cursor, place: Path, name: str, scope: str, epoch: str, last: int) -> Snapshot:
    temporary = place / f"{name}.{os.getpid()}.{id(cursor)}.writing"
    try:
        with _packed(temporary) as out:
            for row in _rows(cursor, scope):
                out.write(row)
            out.write(line("end", {"scope": scope, "cursor": last, "epoch": epoch}))
        sha256 = _sha256(temporary)
        path = place / f"{name}.{epoch}.{last}.{sha256}.zst"
        for old in place.glob(f"{name}.*.zst"):
            old.unlink(missing_ok=True)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return Snapshot(path, epoch, last, sha256)


@contextmanager
def _packed(path: Path) -> Iterator[Any]:
    with path.open("xb") as file, zstandard.ZstdCompressor(level=3, write_checksum=True).stream_writer(file) as out:
        yield out


def _rows(cursor: Cursor, scope: str) -> Iterator[bytes]:
    """Write rows as the feed does; what was deleted before anybody began is left out."""
    said = json.dumps(scope, ensure_ascii=False)
    with cursor.connection.cursor("snapshot") as server_side:
        server_side.itersize = _AT_ONCE
        found = server_side.execute(
            b"SELECT seq, kind, id::text, ver, data::text FROM record WHERE scope = %s AND NOT deleted ORDER BY seq",
            (scope,),
        )
        for seq, kind, record, version, data in found:
            kind = json.dumps(kind)  # noqa: PLW2901 - the same, as JSON.
            yield f'{{"row":[{said},{seq},"in",{kind},"{record}",{version},{data}]}}\n'.encode()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
