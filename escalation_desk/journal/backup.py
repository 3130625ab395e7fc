"""Copies of the database: each is opened and checked before it counts; a restore cannot be fooled by leftovers."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.journal import place, schema
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import Damaged, Error, connect, said_plainly

if TYPE_CHECKING:
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
    _refuse_itself(made, target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place.remove_database(temporary)
        _copy(made, key, temporary)
        place.settle(temporary, target)
    except OSError as error:
        raise Fault(_("The backup {path} cannot be written: {error}.", path=target, error=error.strerror)) from error
    finally:
        with suppress(OSError):  # What could not be written may not be removable either; the first fault is told.
            place.remove_database(temporary)
    return target


def _refuse_itself(made: Connection, target: Path) -> None:
    own = Path(made.execute("PRAGMA database_list").fetchone()[2])
    if target.exists() and target.samefile(own):
        raise Refused(_("{path} is the desk's own file; choose another name for the backup.", path=target))


def _copy(made: Connection, key: bytes, temporary: Path) -> None:
    temporary.touch(0o600)
    with said_plainly():
        copy = connect(temporary, key, writes=True)
        try:
            made.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = problems(copy)
        finally:
            copy.close()
    if found:
        raise Fault(_("The copy is damaged and was thrown away: {problem}.", problem=found[0]))


def back_up_before_update(made: Connection, folder: Path, key: bytes, now: datetime) -> Path:
    """Keep the data as they were before an update; these copies are never rotated away."""
    return back_up(made, key, folder / "backups" / f"before-update-{now.strftime(_STAMP)}.db")


def back_up_before_import(made: Connection, folder: Path, key: bytes, now: datetime) -> Path:
    """Keep the data as they were before a file changes much of them; the rota leaves the last few of these alone."""
    path = back_up(made, key, folder / "backups" / f"before-import-{now.strftime(_STAMP)}.db")
    for older in sorted(path.parent.glob("before-import-*.db"), reverse=True)[_KEPT_BEFORE_IMPORTS:]:
        older.unlink()
    return path


_KEPT_BEFORE_IMPORTS = 5


def back_up_by_rota(made: Connection, folder: Path, key: bytes, now: datetime) -> Path | None:
    """Make the copy of this hour and let go of those that the rota no longer keeps. None where it is there already.

    None too where damage was found: a copy of damage would in time push out the last good one.
    """
    if place.is_damaged(folder) or any(timedelta(0) <= now - when < timedelta(hours=1) for when in _dated(folder)):
        return None
    path = back_up(made, key, folder / "backups" / f"desk-{now.strftime(_STAMP)}.db")
    kept = _dated(folder)
    for when in kept.keys() - to_keep(list(kept), now):
        kept[when].unlink()
    for unfinished in path.parent.glob(".*.part*"):  # Left behind when the power or the program ended.
        unfinished.unlink(missing_ok=True)
    return path


def to_keep(dates: list[datetime], now: datetime) -> set[datetime]:
    """Choose which copies stay: hourly for a day, then daily, weekly, monthly; the newest always."""
    kept = {max(dates), max((d for d in dates if d <= now), default=max(dates))} if dates else set()
    for reach, every in _KEPT:
        slots: dict[int, datetime] = {}
        for when in sorted(dates):
            if now - when <= reach:
                slots.setdefault(int(when.timestamp() // every.total_seconds()), when)
        kept |= set(slots.values())
    return kept


def newest_whole(folder: Path, key: bytes) -> Path | None:
    """Find the newest copy that opens and is whole, so that it can be named to whoever needs it."""
    copies = [path for path in (folder / "backups").glob("*.db") if not path.name.startswith("replaced-")]
    return next((path for path in sorted(copies, key=_age, reverse=True) if _is_whole(path, key)), None)


def _age(path: Path) -> float:
    return path.stat().st_mtime


def _is_whole(path: Path, key: bytes) -> bool:
    try:
        with closing(connect(path, key, writes=False)) as made:
            return not problems(made)
    except (Refused, Fault, Error):
        return False


def restore(folder: Path, key: bytes, source: Path) -> None:
    """Put a backup in the place of the desk's data, which are kept beside it. No window may be open on them."""
    held = place.Hold(folder)
    path = folder / place.DATABASE
    temporary = path.with_name(f".{path.name}.restoring")
    try:
        place.remove_database(temporary)
        _fetch_backup(source, key, temporary)
        if path.exists():
            _set_aside(path, key)
        place.remove_beside(path)
        place.settle(temporary, path)
        place.unmark_damaged(folder)
    except OSError as error:
        raise Fault(_("The backup cannot be put in place: {error}.", error=error.strerror)) from error
    finally:
        with suppress(OSError):  # As in back_up.
            place.remove_database(temporary)
        held.release()


def _fetch_backup(source: Path, key: bytes, temporary: Path) -> None:
    """Check a backup and copy it through the database, which brings along what lies in a log beside it."""
    if not source.is_file() or source.stat().st_size == 0:
        raise Refused(_("{path} is not a backup; choose a file that this program has written.", path=source))
    try:
        made = connect(source, key, writes=False)
    except Damaged as damage:
        raise Refused(_("The backup {path} is damaged: {problem}.", path=source, problem=damage.__cause__)) from damage
    try:
        schema.refuse_strange(made, source)
        found = problems(made)
        if not found:
            _copy(made, key, temporary)
    except Error as error:
        raise Refused(_("The backup {path} is damaged: {problem}.", path=source, problem=error)) from error
    finally:
        made.close()
    if found:
        raise Refused(_("The backup {path} is damaged: {problem}.", path=source, problem=found[0]))


def _set_aside(path: Path, key: bytes) -> None:
    """Give the present data a second name, with their log where they do not open: that is why somebody restores."""
    target = _free(path.parent / "backups" / f"replaced-{datetime.now(UTC).strftime(_STAMP)}.db")
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(Refused, Fault, Error):
        connect(path, key, writes=False).close()  # Only a file that opens may have its log played into it.
        with closing(connect(path, key, writes=True)) as made:
            made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in place.BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(target.with_name(target.name + ending))
    # Not moved: whatever happens now, there are data under the desk's own name.
    try:
        os.link(path, target)
    except OSError:  # Not every file system knows second names.
        shutil.copyfile(path, target)


def _free(path: Path) -> Path:
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.stem.split('.')[0]}.{number}{path.suffix}")
    return path


def _dated(folder: Path) -> dict[datetime, Path]:
    dated = {}
    for path in (folder / "backups").glob("desk-*.db"):
        with suppress(ValueError):  # Somebody's own file of a similar name.
            dated[datetime.strptime(path.stem.removeprefix("desk-"), _STAMP).replace(tzinfo=UTC)] = path
    return dated
