"""A PostgreSQL of the tests' own, a fresh database for each test, and people with workstations."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from escalation_desk.casework.refusal import Fault
from escalation_desk.server.database import Database
from escalation_desk.server.setting_up import set_up
from escalation_desk.server.trial import Trial, binaries
from tests.server.serving import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "desk_template"
PREFIX = "desk-tests-"
OWNER = "tests.pid"


def _sweep() -> None:
    """Stop what tests that were killed have left running."""
    for note in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{OWNER}"):
        with contextlib.suppress(FileNotFoundError, Fault):  # Another process of the tests sweeps as well.
            if not Path(f"/proc/{note.read_text()}").exists():
                Trial(note.parent).stop()
                shutil.rmtree(note.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Trial]:
    """Start PostgreSQL, one for each process of the tests; nobody's data is in it, so it need not reach the disk."""
    if binaries() is None:
        pytest.skip("needs PostgreSQL's programs (apt-get install postgresql)")
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / OWNER).write_text(str(os.getpid()))
    trial = Trial(folder, durable=False)
    trial.start()
    try:
        owner = Database(trial.url(), as_owner=True)
        with psycopg.connect(trial.url().replace("+psycopg", ""), autocommit=True) as made:
            made.execute(f"CREATE DATABASE {TEMPLATE}")
        owner.close()
        template = Database(trial.url(TEMPLATE), as_owner=True)
        set_up(template)
        template.close()
        yield trial
    finally:
        trial.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(cluster: Trial, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"desk_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**8}"
    with psycopg.connect(cluster.url().replace("+psycopg", ""), autocommit=True) as made:
        made.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        yield cluster.url(name)
        made.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server(url: str, tmp_path: Path) -> Iterator[Server]:
    made = Server(url, tmp_path / "files")
    yield made
    made.close()
