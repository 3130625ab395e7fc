"""Forks children that write to a desk and kills them at random moments; tells as JSON what was found afterwards.

A program of its own, because forking wants a process without threads: `python mother.py FLOW KILLS SEED FOLDER`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import backup
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import connect
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = bytes(range(32))
MANY = 300
LONGEST = {"save": 0.05, "import": 0.3, "migration": 0.0, "backup": 0.2}
"""Seconds within which the child is killed after it began, or, mostly, after its first acknowledgement."""


def save(folder: Path, tell: Callable[[int], None]) -> None:
    """Save one edit after another; each is acknowledged once `entry` has ended."""
    desk = Journal(folder, KEY)
    case_id = _first(desk)
    number = _counted(desk)
    while True:
        number += 1
        with desk.entry("Edit") as work:
            work.get(Case, case_id).title = str(number)
            work.add(Message(case=case_id, body=f"note {number}"))
        tell(number)


def import_many(folder: Path, tell: Callable[[int], None]) -> None:
    """Take over many cases in one entry, flushed in parts, again and again."""
    desk = Journal(folder, KEY)
    batch = _batches(desk)
    while True:
        batch += 1
        with desk.entry("Import", kind="import") as work:
            for number in range(MANY):
                work.add(Case(title=f"batch {batch}", description=f"{number} " * 40))
                if number % 50 == 0:
                    work.flush()
        tell(batch)


def migrate(folder: Path, tell: Callable[[int], None]) -> None:
    """Make a desk from nothing: every migration runs."""
    tell(0)
    Journal(folder, KEY)
    tell(1)
    time.sleep(5)


def back_up(folder: Path, tell: Callable[[int], None]) -> None:
    """Write one backup over another."""
    desk = Journal(folder, KEY)
    number = 0
    while True:
        number += 1
        with desk.writing() as made:
            backup.back_up(made, KEY, folder / "copy.db")
        tell(number)


FLOWS = {"save": save, "import": import_many, "migration": migrate, "backup": back_up}


def _first(desk: Journal) -> str:
    with desk.writing() as made:
        row = made.execute('SELECT id FROM "case" ORDER BY seq LIMIT 1').fetchone()
    if row:
        return str(row[0])
    with desk.entry("New") as work:
        return work.add(Case(title="0")).id


def _counted(desk: Journal) -> int:
    with desk.writing() as made:
        return int(made.execute("SELECT count(*) FROM message").fetchone()[0])


def _batches(desk: Journal) -> int:
    with desk.writing() as made:
        return int(made.execute("SELECT count(*) FROM entry WHERE kind = 'import'").fetchone()[0])


def killed(flow: str, folder: Path, chance: random.Random) -> int:
    """Run a flow in a child, kill it, and answer the last number that it acknowledged (-1 for none)."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            FLOWS[flow](folder, lambda number: _acknowledge(write, number))
        finally:
            os._exit(9)
    os.close(write)
    told = b""
    if flow == "migration":
        told = os.read(read, 8)  # It begins now.
        time.sleep(chance.uniform(0, LONGEST[flow]))
    else:
        if chance.random() < 0.8:
            told = os.read(read, 8)
        time.sleep(chance.uniform(0, LONGEST[flow]))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while block := os.read(read, 65_536):
        told += block
    os.close(read)
    whole = len(told) // 8 * 8
    return max((n for (n,) in struct.iter_unpack("<q", told[:whole])), default=-1)


def _acknowledge(write: int, number: int) -> None:
    os.write(write, struct.pack("<q", number))


def look(flow: str, folder: Path, told: int) -> list[str]:
    """Say what is wrong with a desk whose writer was killed."""
    if flow == "migration" and not (folder / "desk.db").exists():
        return ["an acknowledged desk is gone"] if told == 1 else []
    desk = Journal(folder, KEY)
    try:
        with desk.writing() as made:
            wrong = problems(made)
            if flow == "save":
                wrong += _saved(made.execute, told)
            elif flow == "import":
                wrong += _imported(made.execute, told)
        if flow == "backup":
            wrong += _backed_up(folder, told)
    finally:
        desk.close()
    return wrong


def _saved(ask: Callable[..., Any], told: int) -> list[str]:
    case = ask('SELECT title FROM "case" ORDER BY seq LIMIT 1').fetchone()
    if case is None:
        return ["an acknowledged save is gone"] if told > 0 else []
    title = int(case[0])
    notes = ask("SELECT count(*) FROM message").fetchone()[0]
    wrong = [] if title >= told else [f"{told} was acknowledged, {title} is there"]
    return wrong if notes == title else [*wrong, f"half an entry: {notes} notes, title {title}"]


def _imported(ask: Callable[..., Any], told: int) -> list[str]:
    batches = ask("SELECT count(*) FROM entry WHERE kind = 'import'").fetchone()[0]
    cases = ask('SELECT count(*) FROM "case"').fetchone()[0]
    wrong = [] if batches >= told else [f"batch {told} was acknowledged, {batches} are there"]
    return wrong if cases == batches * MANY else [*wrong, f"half a batch: {cases} cases of {batches} batches"]


def _backed_up(folder: Path, told: int) -> list[str]:
    copy = folder / "copy.db"
    if not copy.exists():
        return ["an acknowledged backup is gone"] if told > 0 else []
    made = connect(copy, KEY, writes=False)
    try:
        return problems(made)
    finally:
        made.close()


def _seconds_of_a_migration(folder: Path) -> float:
    began = time.monotonic()
    Journal(folder, KEY).close()
    return time.monotonic() - began


def main() -> None:
    flow, kills, seed, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    chance = random.Random(seed)
    if flow == "migration":
        LONGEST[flow] = 1.3 * _seconds_of_a_migration(folder)
    wrong: list[str] = []
    acknowledged = 0
    for kill in range(kills):
        if kill % 20 == 0 or flow == "migration":
            shutil.rmtree(folder, ignore_errors=True)
        told = killed(flow, folder, chance)
        acknowledged += told > 0
        wrong += [f"kill {kill}: {what}" for what in look(flow, folder, told)]
    json.dump({"kills": kills, "acknowledged": acknowledged, "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    main()
