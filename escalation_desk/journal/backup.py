"""Copies of the database: each is opened and checked before it counts; a restore cannot be fooled by leftovers."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.journal import place
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import Error, connect, said_plainly

if TYPE_CHECKING:
    from pathlib import Path

    from escalation_desk.journal.connection import Connection

_STAMP = "%Y%m%dT%H%M%SZ"
_KEPT = (
    # (how far back, one per so much)
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=12), timedelta(days=1)),
    (timedelta(days=70), timedelta(days=7)),
    (timedelta(days=280), timedelta(days=31)),
)


def back_up(made: Connection, key: bytes, target: Path) -> Path:
    """Copy the database to a file, check the copy whole, and only then give it its name."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(temporary)
        copy = connect(temporary, key, writes=True, create=True)
        try:
            temporary.chmod(0o600)
            with said_plainly():
                made.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = problems(copy)
        finally:
            copy.close()
        if found:
            raise Fault(_("The copy is damaged and was thrown away: {problem}.", problem=found[0]))
        _settle(temporary, target)
    except OSError as error:
        raise Fault(_("The backup {path} cannot be written: {error}.", path=target, error=error.strerror)) from error
    finally:
        _remove(temporary)
    return target


def back_up_before_update(made: Connection, folder: Path, key: bytes, now: datetime) -> Path:
    """Keep the data as they were before an update; these copies are never rotated away."""
    return back_up(made, key, folder / "backups" / f"before-update-{now.strftime(_STAMP)}.db")


def back_up_by_rota(made: Connection, folder: Path, key: bytes, now: datetime) -> Path | None:
    """Make the copy of this hour and let go of those that the rota no longer keeps. None where it is there already."""
    kept = _dated(folder)
    if kept and now - max(kept) < timedelta(hours=1):
        return None
    path = back_up(made, key, folder / "backups" / f"desk-{now.strftime(_STAMP)}.db")
    for when, old in _dated(folder).items():
        if when not in to_keep(list(_dated(folder)), now):
            old.unlink()
    return path


def to_keep(dates: list[datetime], now: datetime) -> set[datetime]:
    """Choose which copies stay: hourly for a day, then daily, weekly, monthly; the newest always."""
    kept = {max(dates)} if dates else set()
    for reach, every in _KEPT:
        slots: dict[int, datetime] = {}
        for when in sorted(dates):
            if now - when <= reach:
                slots.setdefault(int(when.timestamp() // every.total_seconds()), when)
        kept |= set(slots.values())
    return kept


def restore(folder: Path, key: bytes, source: Path) -> None:
    """Put a backup in the place of the desk's data, which are kept beside it. No window may be open on them."""
    held = place.Hold(folder)
    try:
        _check_backup(source, key)
        path = folder / place.DATABASE
        temporary = path.with_name(f".{path.name}.restoring")
        _copy(source, temporary)
        _check_backup(temporary, key)
        set_aside = folder / "backups" / f"replaced-{datetime.now(UTC).strftime(_STAMP)}.db"
        if path.exists():
            _set_aside(path, key, set_aside)
        for leftover in ("-wal", "-shm", "-journal"):
            _remove(path.with_name(path.name + leftover))
        _settle(temporary, path)
    finally:
        held.release()


def _set_aside(path: Path, key: bytes, target: Path) -> None:
    try:
        made = connect(path, key, writes=True)
    except Refused:  # It does not open, which is why somebody restores: keep the bytes as they are.
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        return
    try:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        made.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)


def _check_backup(source: Path, key: bytes) -> None:
    if not source.is_file() or source.stat().st_size == 0:
        raise Refused(_("{path} is not a backup; choose a file that this program has written.", path=source))
    made = connect(source, key, writes=False)
    try:
        found = problems(made)
    except Error as error:
        raise Refused(_("The backup {path} is damaged: {problem}.", path=source, problem=error)) from error
    finally:
        made.close()
    if found:
        raise Refused(_("The backup {path} is damaged: {problem}.", path=source, problem=found[0]))


def _dated(folder: Path) -> dict[datetime, Path]:
    dated = {}
    for path in (folder / "backups").glob("desk-*.db"):
        dated[datetime.strptime(path.stem.removeprefix("desk-"), _STAMP).replace(tzinfo=UTC)] = path
    return dated


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("wb") as written:
        while block := read.read(1 << 20):
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    target.chmod(0o600)


def _settle(temporary: Path, target: Path) -> None:
    """Give a finished file its name, and make both outlive a power cut."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(target)
    if os.name == "posix":
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
