"""Swaps a finished file into place, so that whoever opens it sees the old one or the new one, never a half."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _
from escalation_desk.intake.child import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


__all__ = ["Cancelled", "never", "no_progress", "replace_file"]


def never() -> bool:
    """Stand in for a cancel button where there is none."""
    return False


def no_progress(done: int, total: int) -> None:
    """Stand in for a progress bar where there is none."""


def replace_file(path: Path, write: Callable[[IO[bytes]], None]) -> str:
    """Write a private file (0600) beside the target, put it in the target's place, and return its SHA-256.

    A link at the target is replaced, not followed: nobody can send an export elsewhere by planting one.
    """
    _check(path)
    try:
        return _written(path, write)
    except OSError as error:
        raise Fault(_sentence(path, error)) from error


def _check(path: Path) -> None:
    if not path.parent.is_dir():
        raise Refused(_("There is no folder {folder}. Choose a folder that exists.", folder=path.parent))
    if path.is_dir():
        raise Refused(_("{name} is a folder. Give the file a name of its own.", name=path))


def _written(path: Path, write: Callable[[IO[bytes]], None]) -> str:
    handle, name = tempfile.mkstemp(prefix=".export-", suffix=path.suffix, dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w+b") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return digest


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no handle on a folder; NTFS journals the rename by itself.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in _DISK_FULL:
        return _("The disk is full, so {name} was not written. Make room or choose another disk.", name=path.name)
    if error.errno in _NOT_ALLOWED:
        return _(
            "{name} may not be written there. Close it if another program has it open, or choose another folder.",
            name=path.name,
        )
    return _("{name} was not written: {reason}.", name=path.name, reason=error.strerror or error)
