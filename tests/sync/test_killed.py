"""Prove that ending a workstation or the server by force, at any instant, loses and doubles nothing that was saved."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from escalation_desk.journal.checking import problems
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.sharing import outbox
from escalation_desk.server import checking
from escalation_desk.sync import joining
from escalation_desk.sync.engine import Engine
from tests.loopback import PASSWORD, Loopback
from tests.sync.stations import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = 8
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


@pytest.fixture
def loopback(url: str, tmp_path: Path) -> Iterator[Loopback]:
    server = Loopback(url, tmp_path / "server")
    server.person("linh", "Linh")
    server.start()
    yield server
    server.close()


def type_and_be_killed(folder: Path, chance: random.Random) -> set[str]:
    """Let the program work for so many of its steps, kill it there, and answer what it had said was saved."""
    command = [sys.executable, "-m", "tests.sync.typist", str(folder), KEY.hex()]
    typist = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert typist.stdout is not None
    said = [typist.stdout.readline() for _step in range(chance.randint(1, 25))]
    typist.send_signal(signal.SIGKILL)
    said += typist.stdout.readlines()
    typist.stdout.close()
    typist.wait(timeout=10)
    assert typist.returncode == -signal.SIGKILL
    return {line.split()[1] for line in said if line.startswith("saved") and line.endswith("\n")}


def test_a_workstation_that_is_killed_over_and_over_loses_nothing_it_saved(loopback: Loopback, tmp_path: Path) -> None:
    folder, chance = tmp_path / "desk", random.Random(7)
    journal = Journal(folder, KEY)
    joining.sign_in(journal, loopback.url, "linh", PASSWORD)
    journal.close()
    saved: set[str] = set()
    for kill in range(KILLS):
        if kill % 4 == 3:
            loopback.stop()  # The server is killed as well, and comes back only after the workstation was.
        saved |= type_and_be_killed(folder, chance)
        if kill % 4 == 3:
            loopback.start()
    assert len(saved) > KILLS
    journal = Journal(folder, KEY)
    client = joining.client(journal)
    engine = Engine(journal, client)
    assert engine.exchange().waiting == 0
    with journal.writing() as made:
        here = {row[0] for row in made.execute("SELECT id FROM \"case\" WHERE title = 'typed'")}
        assert problems(made) == []
        assert outbox.count_waiting(made) == 0
    engine.close()
    client.close()
    journal.close()
    with loopback.owner.writing() as cursor:
        there = [row[0] for row in cursor.execute("SELECT id::text FROM record WHERE data->>'title' = 'typed'")]
        told = [row[0] for row in cursor.execute("SELECT entry::text FROM mutation")]
    assert saved <= here
    assert set(there) == here
    assert len(told) == len(set(told))
    assert checking.problems(loopback.owner) == []
