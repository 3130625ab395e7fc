"""A real server process on loopback, over a database of its own, that can be stopped and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING
from urllib.error import URLError

from escalation_desk.server import accounts
from escalation_desk.server.database import Database
from escalation_desk.server.rights import ScopeRole
from tests.server.serving import PASSWORD, STORED

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PASSWORD", "Loopback"]

_PATIENCE = 90.0  # Only a start that fails waits that long; the machine may have other work.


class Loopback:
    """The server as it is started by its command."""

    def __init__(self, database: str, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.owner = Database(database, as_owner=True)

    def person(self, login: str, full_name: str, role: ScopeRole = ScopeRole.SPECIALIST, scope: str = "VN/t2") -> None:
        accounts.add_user(self.owner, login, STORED, role, [scope], full_name=full_name)

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "escalation_desk", "server", "--database", self._database]
        command += ["--listen", f"127.0.0.1:{self._port}", "--files", str(self._folder / "files")]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=dict(os.environ))
        if not self._comes_up():
            self.stop()  # Or a later test would be told of a process that nobody waits for.
            raise AssertionError("the server does not answer: " + (self._folder / "server.log").read_text("utf-8"))

    def stop(self) -> None:
        """Pull the cable."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=10)
            self._process = None

    def close(self) -> None:
        self.stop()
        self.owner.close()

    def _comes_up(self) -> bool:
        assert self._process is not None
        until = time.monotonic() + _PATIENCE
        while not (answers := self._answers()) and self._process.poll() is None and time.monotonic() < until:
            self._wait(0.1)
        return answers

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:  # noqa: S310 - the address above.
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _wait(self, seconds: float) -> None:
        assert self._process is not None
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return
