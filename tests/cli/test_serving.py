"""`escalation-desk server`: started, stopped, killed and started again, as a person does it in a terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from escalation_desk.server.trial import Trial, binaries

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(binaries() is None, reason="needs PostgreSQL's programs (apt-get install postgresql)")
PASSWORD = "a long enough password"  # noqa: S105 - nobody's.


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that PostgreSQL's own account may pass through; pytest's are shut to all others."""
    place = Path(tempfile.mkdtemp(prefix="desk-tests-"))
    place.chmod(0o711)
    (place / "password").write_text(f"{PASSWORD}\n")
    yield place / "trial"
    Trial(place / "trial").stop()
    shutil.rmtree(place)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "escalation_desk", "--data", str(folder), "server", *words]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


class Running:
    """A server in a process of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "escalation_desk", "--data", str(folder)]
        command += ["server", "--trial", "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found
        self.url = found[0]

    def sign_in(self) -> httpx2.Response:
        client = str(uuid.uuid4())
        body = {"login": "linh", "password": PASSWORD, "device": "test", "client": client}
        return httpx2.post(f"{self.url}/v1/auth/sign-in", json=body)

    def end(self, how: signal.Signals) -> str:
        self.process.send_signal(how)
        out, _none = self.process.communicate(timeout=60)
        return out


def test_a_trial_server_serves_is_killed_and_serves_again(folder: Path) -> None:
    first = Running(folder)
    password = str(folder.parent / "password")
    made = run(folder, "user", "add", "linh", "--role", "specialist", "--scope", "VN/t2", "--password-file", password)
    assert (made.returncode, made.stderr) == (0, "")
    assert first.sign_in().status_code == 200
    first.end(signal.SIGKILL)
    second = Running(folder)
    assert second.sign_in().status_code == 200
    assert "stopped" in second.end(signal.SIGTERM)
    assert not Trial(folder).running()
    assert run(folder, "check").stdout.startswith("Sums, numbers")
    (user,) = json.loads(run(folder, "user", "list").stdout)
    assert user["scopes"] == {"VN/t2": "specialist"}
    again = run(folder, "user", "add", "linh", "--role", "lead", "--scope", "VN/t2", "--password-file", password)
    assert (again.returncode, "taken" in again.stderr) == (1, True)
    assert run(folder, "user", "disable", "linh").returncode == 0
    assert run(folder, "scope", "add", "VN/t2").stdout == "The scope VN/t2 is there already.\n"
    assert not Trial(folder).running()


def test_wrong_words_are_answered_in_one_sentence(folder: Path) -> None:
    assert run(folder, "init").stderr == "Say where the database is: --database URL, or --trial for one of its own.\n"
    open_to_all = run(folder, "--trial", "--listen", "0.0.0.0:0")
    assert (open_to_all.returncode, "in the clear" in open_to_all.stderr) == (1, True)
    assert run(folder, "user", "add", "linh").returncode == 2
