"""A PostgreSQL of one's own, in a folder: for trying the server out, and for its tests.

It listens on a socket in a folder that only its own account (and root) can enter, and nowhere else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUPERUSER: Final = "postgres"
_BINARIES_VARIABLE: Final = "ESCALATION_DESK_POSTGRESQL"
_NOBODY: Final = 65534
_LONGEST_SOCKET: Final = 85
"""The system allows 107 bytes with the name of the socket."""
_HIDDEN_FOLDERS: Final = Path("/var/lib/escalation-desk")


@dataclass(frozen=True, slots=True)
class _Account:
    """Whom PostgreSQL runs as; it refuses to be root."""

    user: int
    group: int


class Trial:
    """A cluster in `folder`. `start` makes it when there is none, and takes over one that still runs."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._account = _account()
        self._durable = durable
        self.folder = folder
        self.cluster = folder / "postgresql"

    def start(self) -> bool:
        """Start it; False where it ran already."""
        self._prepare()
        if self.running():
            return False
        # What is left behind by one that was killed is PostgreSQL's own affair: it plays its log back.
        options = [f"-k {self._socket_folder()}", "-c listen_addresses=''", "-c max_connections=60"]
        options += [] if self._durable else ["-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off"]
        log = self.cluster.resolve() / "server.log"
        self._run("pg_ctl", "-D", str(log.parent), "-l", str(log), "-o", " ".join(options), "-w", "start")
        return True

    def exists(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def stop(self) -> None:
        if self.running():
            self._run("pg_ctl", "-D", str(self.cluster.resolve()), "-m", "fast", "-w", "stop")

    def running(self) -> bool:
        return self.exists() and not self._call("pg_ctl", "-D", str(self.cluster.resolve()), "status").returncode

    def url(self, database: str = SUPERUSER) -> str:
        """Give the address of a database in it, as SQLAlchemy writes it."""
        socket, port = (self.cluster / "postmaster.pid").read_text("utf-8").splitlines()[4:2:-1]
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={socket}&port={port}"

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._account:
            self._let_in()
        if not self.exists():
            self._make()

    def _make(self) -> None:
        place = self.cluster.resolve()
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._give(place)
        quick = [] if self._durable else ["--no-sync"]
        self._run("initdb", "-D", str(place), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale", *quick)

    def _let_in(self) -> None:
        """Let the account pass through the folder; where a folder above bars it, the cluster lies elsewhere."""
        if self.folder.stat().st_uid == os.geteuid() and self._account:
            os.chown(self.folder, -1, self._account.group)
            self.folder.chmod(self.folder.stat().st_mode | 0o010)
        if self.cluster.exists() or self.cluster.is_symlink() or not self._barred():
            return
        name = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:16]
        _HIDDEN_FOLDERS.mkdir(parents=True, exist_ok=True, mode=0o755)
        self.cluster.symlink_to(_HIDDEN_FOLDERS / name)

    def _barred(self) -> bool:
        return self._call("test", "-x", str(self.folder.resolve())).returncode != 0

    def _socket_folder(self) -> Path:
        place = self.cluster.resolve()
        if len(os.fsencode(place)) <= _LONGEST_SOCKET:
            return place
        short = Path(tempfile.mkdtemp(prefix="escalation-desk-"))
        self._give(short)
        return short

    def _give(self, place: Path) -> None:
        if self._account:
            os.chown(place, self._account.user, self._account.group)

    def _run(self, program: str, *arguments: str) -> None:
        done = self._call(program, *arguments)
        if done.returncode:
            raise Fault(_("PostgreSQL does not start in {folder}: {why}", folder=self.folder, why=_last_line(done)))

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        whom = self._account
        as_whom = {"user": whom.user, "group": whom.group, "extra_groups": []} if whom else {}
        # Into a file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            done = subprocess.run(
                [_binary(program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                check=False,
                **as_whom,  # type: ignore[call-overload]  # only for root
            )
            said.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, said.read())


def binaries() -> Path | None:
    """Find the folder of PostgreSQL's programs, the newest first."""
    return next((folder for folder in _folders() if (folder / "initdb").exists()), None)


def _folders() -> Iterator[Path]:
    if os.environ.get(_BINARIES_VARIABLE):
        yield Path(os.environ[_BINARIES_VARIABLE])
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: _number(one.parent.name), reverse=True)


def _number(version: str) -> float:
    try:
        return float(version)
    except ValueError:
        return 0


def _binary(program: str) -> str:
    if program == "test":
        return "/usr/bin/test"
    folder = binaries()
    if folder is None:
        raise Refused(
            _("PostgreSQL is not installed here. Install it (on Debian: apt-get install postgresql) and start again.")
        )
    return str(folder / program)


def _account() -> _Account | None:
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd  # Windows has none.

    try:
        found = pwd.getpwnam(SUPERUSER)
    except KeyError:
        return _Account(_NOBODY, _NOBODY)
    return _Account(found.pw_uid, found.pw_gid)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines: Sequence[str] = [line for line in done.stdout.splitlines() if line.strip()]
    return lines[-1].strip() if lines else str(done.returncode)
