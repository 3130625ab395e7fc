"""What the benchmarks of the shared server share: PostgreSQL, one real server process, workstations, rows."""

from __future__ import annotations

import os
import random
import tempfile
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generating import SYLLABLES

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import instant_text, whole
from escalation_desk.server.database import Database
from escalation_desk.server.setting_up import set_up
from escalation_desk.server.trial import Trial
from escalation_desk.sync.client import Client
from escalation_desk.sync.keys import Keeper
from escalation_desk.sync.messages import Change, Mutation, Row, Trailer
from tests.loopback import PASSWORD, Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.sync.keys import Tokens

PAGE = 5_000
BATCH = 250


class Office(Loopback):
    """One server process that listens on loopback."""

    def memory(self) -> tuple[float, float]:
        """Tell what the process holds now and held at most, in MB."""
        assert self._process is not None
        said = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        kilobytes = {line.split(":")[0]: line.split()[1] for line in said.splitlines() if line.startswith("Vm")}
        return int(kilobytes["VmRSS"]) / 1024, int(kilobytes["VmHWM"]) / 1024


@contextmanager
def office() -> Iterator[tuple[Trial, Office]]:
    """Start PostgreSQL, as careful with the disk as anybody's, and the server; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="desk-bench-") as folder:
        trial = Trial(Path(folder))
        trial.start()
        try:
            owner = Database(trial.url(), as_owner=True)
            set_up(owner)
            owner.close()
            server = Office(trial.url(), Path(folder) / "server")
            try:
                server.start()
                yield trial, server
            finally:
                server.close()
        finally:
            trial.stop()


class Pocket(Keeper):
    """Keeps the tokens of a workstation in memory; there is no desk that could keep them."""

    def __init__(self) -> None:
        self._tokens: Tokens | None = None

    def read(self) -> Tokens | None:
        return self._tokens

    def write(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def forget(self) -> None:
        self._tokens = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield


class Workstation:
    """The wire of a workstation, compressed and parsed by its real client; no desk behind it."""

    def __init__(self, server: Office, login: str) -> None:
        self.client = Client(server.url, str(uuid.uuid4()), Pocket(), lambda: datetime.now(UTC))
        account = self.client.sign_in(login, PASSWORD)
        self.team: str | None = account.user["team"]
        self.epoch = account.epoch
        self.cursors: dict[str, int] = {}
        self.mid = 0

    def entry(self, *changes: Change) -> Mutation:
        self.mid += 1
        at = instant_text(datetime.now(UTC))
        return Mutation(self.mid, str(uuid.uuid4()), "Edit {case}", {"case": "B-1"}, "do", at, changes)

    def page(self) -> tuple[tuple[Row, ...], Trailer]:
        said = self.client.pull(self.cursors, self.epoch, PAGE)
        self.cursors = dict(said.end.cursors)
        return said.rows, said.end

    def catch_up(self) -> None:
        while not self.page()[1].complete:
            pass


def new_cases(first: int, count: int, team: str | None) -> list[tuple[str, dict[str, Any]]]:
    """Make cases of about 1.5 KB, each with an id and a number of its own."""
    chance = random.Random(first)
    made = []
    for number in range(first, first + count):
        text = " ".join(chance.choices(SYLLABLES, k=170))
        case = Case(
            title=text[:60],
            description=text[60:],
            crm="helpdesk",
            crm_number=f"INC{number:07d}",
            case_no=f"BENC-{number:07d}",
            team=team,
        )
        made.append((str(uuid.UUID(int=chance.getrandbits(128), version=4)), dict(whole(case))))
    return made


def creations(cases: list[tuple[str, dict[str, Any]]], station: Workstation) -> list[Mutation]:
    return [station.entry(Change("case", record, "create", None, None, data)) for record, data in cases]


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
