"""The folder of a desk: private, on a disk of this computer, held by one window at a time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from platformdirs import user_data_path

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _

DATABASE = "desk.db"
_CLOUD = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "owncloud", "pcloud")
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "sshfs",
    "fuse.sshfs",
    "9p",
    "afs",
    "davfs",
    "fuse.rclone",
    "vboxsf",
}


def default_folder() -> Path:
    return user_data_path("escalation-desk", appauthor=False)


def prepare(folder: Path) -> None:
    """Make the folder if need be, private to its user, and refuse places that damage databases."""
    folder = folder.absolute()
    _refuse_unsafe(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        raise Fault(_("The folder {folder} cannot be used: {error}.", folder=folder, error=error.strerror)) from error


def _refuse_unsafe(folder: Path) -> None:
    if any(part.casefold().startswith(_CLOUD) for part in folder.parts):
        raise Refused(
            _("{folder} is copied to a cloud, which damages databases; choose a folder outside it.", folder=folder)
        )
    if str(folder).startswith("\\\\") or _file_system(folder) in _NETWORK:
        raise Refused(
            _("{folder} lies on the network, which damages databases; choose one on this computer.", folder=folder)
        )


def _file_system(folder: Path) -> str:
    """Name the file system that holds a folder; empty where the system does not tell."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    held = [
        (Path(where), kind) for _what, where, kind, *_rest in map(str.split, mounts.read_text("utf-8").splitlines())
    ]
    found = [(where, kind) for where, kind in held if folder == where or where in folder.parents]
    return max(found, key=lambda place: len(place[0].parts), default=(folder, ""))[1]


class Hold:
    """Holds a folder for one window; released with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._file: IO[str] | None = (folder / "window.lock").open("a+", encoding="utf-8")
        if not _lock(self._file):
            self._file.seek(0)
            process = self._file.read().strip()
            self._file.close()
            raise Refused(
                _("Escalation Desk is already open on {folder} (process {process}).", folder=folder, process=process)
            )
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


if os.name == "nt":
    import msvcrt

    def _lock(file: IO[str]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
