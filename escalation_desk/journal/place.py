"""The folder of a desk: private, on a disk of this computer, held by one window at a time."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import IO, Final

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _

DATABASE = "desk.db"
BESIDE = ("-wal", "-shm", "-journal")
_OCTAL = re.compile(r"\\([0-7]{3})")
_CLOUD = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud",
    "cloudstorage",
    "mobile documents",
    "nextcloud",
    "owncloud",
    "pcloud",
)
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
    "virtiofs",
    "ceph",
    "glusterfs",
    "fuse.glusterfs",
    "lustre",
    "fuse.s3fs",
    "fuse.vmhgfs-fuse",
    "prl_fs",
    "vboxsf",
}


def default_folder() -> Path:
    from platformdirs import user_data_path  # Nobody asks where the folder is named.

    return user_data_path("escalation-desk", appauthor=False)


def prepare(folder: Path) -> None:
    """Make the folder if need be, private to its user, and refuse places that damage databases."""
    folder = folder.absolute()
    refuse_unsafe(folder, _mounts())
    refuse_unsafe(folder.resolve(), _mounts())
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (folder / DATABASE).exists() or not any(folder.iterdir()):  # Somebody's own folder keeps its rights.
            folder.chmod(0o700)
    except OSError as error:
        raise Fault(_("The folder {folder} cannot be used: {error}.", folder=folder, error=error.strerror)) from error


def settle(temporary: Path, target: Path) -> None:
    """Give a finished file its name, and make both outlive a power cut."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(target)
    if os.name == "posix":
        handle = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove_database(path: Path) -> None:
    """Remove a database with all that lies beside it: a log left over would be played into whatever comes next."""
    remove_beside(path)
    path.unlink(missing_ok=True)


def remove_beside(path: Path) -> None:
    for ending in BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def refuse_unsafe(folder: Path, mounts: str) -> None:
    """Refuse a folder in a cloud or on a network; `mounts` is what the system says of its file systems."""
    if any(part.casefold().startswith(_CLOUD) for part in folder.parts):
        raise Refused(
            _("{folder} is copied to a cloud, which damages databases; choose a folder outside it.", folder=folder)
        )
    if str(folder).startswith("\\\\") or _file_system_of(folder, mounts) in _NETWORK:
        raise Refused(
            _("{folder} lies on the network, which damages databases; choose one on this computer.", folder=folder)
        )


def _mounts() -> str:
    """Read what is mounted where; empty where the system does not tell."""
    mounts = Path("/proc/self/mounts")
    return mounts.read_text("utf-8", "surrogateescape") if mounts.exists() else ""


def _file_system_of(folder: Path, mounts: str) -> str:
    """Name the file system that holds a folder; empty where it is not known."""
    held = [(Path(_unescaped(where)), kind) for _what, where, kind, *_rest in map(str.split, mounts.splitlines())]
    found = [(where, kind) for where, kind in held if folder == where or where in folder.parents]
    # Of two mounts on one place, the later covers the earlier.
    return max(reversed(found), key=lambda place: len(place[0].parts), default=(folder, ""))[1]


def _unescaped(where: str) -> str:
    r"""Read a blank that is written as \040."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), where)


def is_damaged(folder: Path) -> bool:
    """Tell whether damage was found here that no restore or check has dealt with since."""
    return (folder / _DAMAGED).exists()


def mark_damaged(folder: Path) -> None:
    """Remember that the data are damaged: backups made before are not let go any more."""
    (folder / _DAMAGED).touch()


def unmark_damaged(folder: Path) -> None:
    (folder / _DAMAGED).unlink(missing_ok=True)


_DAMAGED = "damaged"


def ballast(folder: Path) -> Path:
    """Name the file that keeps some room free: a full disk would not even let anybody delete from a database."""
    return folder / "ballast"


def has_log(database: Path) -> bool:
    """Tell whether something lies in the log: somebody has the database open, or nobody has closed it."""
    log = database.with_name(f"{database.name}-wal")
    return log.exists() and log.stat().st_size > 0


class Sitting:
    """Says, for as long as a desk is open, that it is; `alone` tells whether nobody else had it open before."""

    def __init__(self, folder: Path) -> None:
        self._folder = _open_folder(folder)
        self.alone = self._folder is None or _sit_down(self._folder)

    def rise(self) -> None:
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None


def take(path: Path) -> IO[str] | None:
    """Take a lock file for as long as it is open, or as this process lives; None where somebody else has it."""
    file = path.open("a+", encoding="utf-8")
    if _lock(file):
        return file
    file.close()
    return None


class AlreadyOpen(Refused):
    """Another window holds the folder; it can be called to come forward."""


HELD: Final = "window.lock"
_KNOCK: Final = "window.knock"


class Hold:
    """Holds a folder for one window; released with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file: IO[str] | None = (folder / HELD).open("a+", encoding="utf-8")
        except OSError as error:
            raise Fault(
                _("The folder {folder} cannot be used: {error}.", folder=folder, error=error.strerror)
            ) from error
        if not _lock(self._file):
            self._file.seek(0)
            process = self._file.read().strip()
            self._file.close()
            raise AlreadyOpen(
                _("Escalation Desk is already open on {folder} (process {process}).", folder=folder, process=process)
            )
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def knock(folder: Path, patience: float = 1.0) -> bool:
    """Call the window that holds the folder, which watches its lock; tell whether it answered."""
    sign, ends = folder / _KNOCK, time.monotonic() + patience
    try:
        sign.touch(0o600)
        os.utime(folder / HELD)
        while sign.exists() and time.monotonic() < ends:
            time.sleep(_LOOK_AGAIN)
        answered = not sign.exists()
        sign.unlink(missing_ok=True)
    except OSError:  # Nobody can be called in a folder that cannot be written; the refusal is said all the same.
        return False
    return answered


_LOOK_AGAIN = 0.02


def answer_knock(folder: Path) -> bool:
    """Tell whether somebody knocked, and let them know that it was heard."""
    try:
        (folder / _KNOCK).unlink()
    except OSError:
        return False
    return True


if os.name == "nt":
    import msvcrt

    _BEYOND = 1 << 20  # A locked byte cannot be read; the number of the process, at the beginning, must be.

    def _lock(file: IO[str]) -> bool:
        try:
            os.lseek(file.fileno(), _BEYOND, os.SEEK_SET)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _open_folder(folder: Path) -> int | None:  # noqa: ARG001 - as its sister below.
        """Leave folders alone: they cannot be locked here, and the price is a look too many at the data."""
        return None

    def _sit_down(folder: int) -> bool:  # noqa: ARG001 - as its sister below.
        return True

else:
    import fcntl

    def _lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _open_folder(folder: Path) -> int | None:
        return os.open(folder, os.O_RDONLY)

    def _sit_down(folder: int) -> bool:
        """Lock the folder beside the others who have it open; tell whether there were none."""
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            alone = False
        else:
            alone = True
        fcntl.flock(folder, fcntl.LOCK_SH)
        return alone
