"""“Saved” survives a power cut (T2): the journal's own code on a disk that loses what it had not yet synced."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import apsw
import pytest
import sqlcipher3

from escalation_desk.casework.case import Case
from escalation_desk.casework.timeline import Message
from escalation_desk.journal.connection import PRAGMAS
from escalation_desk.journal.journal import Journal
from tests.reliability.lossy import Disk

if TYPE_CHECKING:
    from pathlib import Path

CUTS = 300
SAVES = 40
MANY = 60
START = datetime(2026, 11, 24, tzinfo=UTC)


class CutDesk(Journal):
    """A desk on the lossy disk. SQLCipher takes no disk of ours, so the same SQLite code runs without its cipher."""

    def __init__(self, folder: Path, disk: Disk, pragmas: tuple[str, ...]) -> None:
        self._disk, self._pragmas = disk, pragmas
        self._ticks = 0
        super().__init__(folder, bytes(32), self._tick)

    def _tick(self) -> datetime:
        self._ticks += 1
        return START + timedelta(seconds=self._ticks)

    def _make(self) -> None:
        """Nothing has to be made first: the disk is empty."""

    def _look(self) -> None:
        """Nobody else's file can lie on this disk."""

    def _prepared(self) -> Any:
        made = apsw.Connection(str(self.path), vfs=Disk.NAME)
        made.pragma("locking_mode", "EXCLUSIVE")  # Write-ahead logging without shared memory, which the disk has not.
        for pragma in self._pragmas:
            made.execute(f"PRAGMA {pragma}")
        for statement in import_module("escalation_desk.journal.migrations.versions.0001_first").STATEMENTS:
            made.execute(statement)
        made.execute("INSERT INTO workstation (only, id, prefix, next_case) VALUES (1, 'here', 'CUT', 1)")
        return made


@dataclass
class Acknowledged:
    """What the person was told is saved, by the step of the disk at which they were told."""

    at_step: list[int]
    titles: list[str]

    def before(self, step: int) -> int:
        return sum(told <= step for told in self.at_step)


def worked(folder: Path, pragmas: tuple[str, ...]) -> tuple[Disk, Acknowledged, int]:
    """Make a case, save it again and again, and take over many at once in the middle."""
    disk = Disk()
    desk = CutDesk(folder, disk, pragmas)
    told = Acknowledged([], [])
    with desk.entry("New") as work:
        case_id = work.add(Case(title="0", description="a" * 900)).id
    first = len(disk.steps)
    for number in range(1, SAVES + 1):
        with desk.entry("Edit") as work:
            work.get(Case, case_id).title = str(number)
            work.add(Message(case=case_id, body=f"{number} " * 50))
            if number == SAVES // 2:
                for other in range(MANY):
                    work.add(Case(title=f"other {other}", description="b" * 500))
        told.at_step.append(len(disk.steps))
        told.titles.append(str(number))
    desk.close()
    return disk, told, first


def found_after(disk: Disk, cut: int, chance: random.Random, into: Path) -> tuple[int, list[str]]:
    """Open what the cut left, as the program would; answer the last save that is there, and what is wrong."""
    for old in into.iterdir():
        old.unlink()
    disk.cut(cut, chance, into)
    made = sqlcipher3.connect(into / "desk.db")
    try:
        wrong = [row[0] for row in made.execute("PRAGMA integrity_check") if row[0] != "ok"]
        title = int(made.execute('SELECT title FROM "case" ORDER BY seq LIMIT 1').fetchone()[0])
        entries = made.execute("SELECT count(*) FROM entry").fetchone()[0]
        notes = made.execute("SELECT count(*) FROM message").fetchone()[0]
        others = made.execute("SELECT count(*) FROM \"case\" WHERE title LIKE 'other %'").fetchone()[0]
        journaled = made.execute("SELECT count(*) FROM change WHERE field = 'title'").fetchone()[0]
    except sqlcipher3.DatabaseError as error:
        return -1, [str(error)]
    finally:
        made.close()
    if not entries - 1 == notes == journaled == title or others != (MANY if title >= SAVES // 2 else 0):
        wrong.append(
            f"half an entry: {entries} entries, {notes} notes, {journaled} changes, title {title}, {others} others"
        )
    return title, wrong


@pytest.fixture
def image(tmp_path: Path) -> Path:
    made = tmp_path / "image"
    made.mkdir()
    return made


@pytest.mark.parametrize("pages", [1000, 20], ids=["as it is", "with the log played into the file all the time"])
def test_no_cut_loses_a_save_that_was_acknowledged(tmp_path: Path, image: Path, pages: int) -> None:
    pragmas = tuple(p.replace("wal_autocheckpoint = 1000", f"wal_autocheckpoint = {pages}") for p in PRAGMAS)
    disk, told, first = worked(tmp_path / "desk", pragmas)
    chance = random.Random(20261124)

    for _cut in range(CUTS if pages == 1000 else CUTS // 3):
        cut = chance.randrange(first, len(disk.steps) + 1)
        title, wrong = found_after(disk, cut, chance, image)
        assert wrong == [], f"cut after step {cut}"
        assert title >= told.before(cut), f"cut after step {cut}"


def test_the_same_test_sees_what_a_weaker_setting_loses(tmp_path: Path, image: Path) -> None:
    weaker = tuple(pragma.replace("synchronous = FULL", "synchronous = NORMAL") for pragma in PRAGMAS)
    disk, told, first = worked(tmp_path / "desk", weaker)
    chance = random.Random(20261124)

    lost = 0
    for _cut in range(CUTS // 3):
        cut = chance.randrange(first, len(disk.steps) + 1)
        title, _wrong = found_after(disk, cut, chance, image)
        lost += title < told.before(cut)

    assert weaker != PRAGMAS
    assert lost > CUTS // 10
