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
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import backup, schema
from escalation_desk.journal.checking import problems
from escalation_desk.journal.coming import Coming
from escalation_desk.journal.connection import connect
from escalation_desk.journal.desk import open_desk
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = bytes(range(32))
MANY = 120
PASSPHRASE = "correct horse"  # noqa: S105 - it protects nothing.
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LONGEST = {"save": 0.05, "import": 0.15, "parts": 0.2, "backup": 0.1, "restore": 0.1}
"""Seconds within which the child is killed after it began, or, mostly, after its first acknowledgement."""


STEP_OF_TOMORROW = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("case", sa.Column("mood", sa.Integer))
    op.execute('UPDATE "case" SET mood = 5')
    op.execute('ALTER TABLE seller RENAME COLUMN city TO town')
    op.create_table("shift", sa.Column("seq", sa.Integer, primary_key=True), sa.Column("id", sa.Text, nullable=False))
    op.execute('INSERT INTO shift (id) SELECT id FROM "case"')
"""


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


def import_in_parts(folder: Path, tell: Callable[[int], None]) -> None:
    """Take over many cases in one entry that comes in parts and changes a case that is here, again and again."""
    desk = Journal(folder, KEY)
    first = _first(desk)
    batch = _batches(desk)
    while True:
        batch += 1
        with Coming(desk, "Import") as coming:
            for part in range(4):
                with coming.part() as work:
                    for number in range(MANY // 4):
                        work.add(Case(title=f"batch {batch}", crm="c", crm_number=f"{batch}:{part}:{number}"))
                    coming.change("case", first, [{"title": str(batch)}])
            coming.pace.size = MANY // 3
            coming.settle()
            coming.arrive()
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


def update(folder: Path, tell: Callable[[int], None]) -> None:
    """Bring a desk of today up to a version of tomorrow."""
    path = folder / "desk.db"
    made = connect(path, KEY, writes=True)
    tell(0)
    schema.prepare(made, path, lambda: backup.back_up_before_update(made, folder, KEY, NOW), _tomorrow(folder))
    tell(1)
    time.sleep(5)


def begin(folder: Path, tell: Callable[[int], None]) -> None:
    """Begin a desk with its key and its seed data."""
    tell(0)
    open_desk(folder, lambda _new: PASSPHRASE)
    tell(1)
    time.sleep(5)


def restore(folder: Path, tell: Callable[[int], None]) -> None:
    """Put one backup after the other in place: they hold one case and two."""
    number = 0
    while True:
        number += 1
        backup.restore(folder, KEY, folder / f"{1 + number % 2}.db")
        tell(number)


FLOWS = {
    "save": save,
    "import": import_many,
    "parts": import_in_parts,
    "migration": migrate,
    "backup": back_up,
    "update": update,
    "begin": begin,
    "restore": restore,
}
ONE_OFF = {"migration", "update", "begin"}


def _tomorrow(folder: Path) -> schema.Steps:
    return schema.Steps(folder.with_name("steps"), "0002")


def _lay_out(flow: str, folder: Path) -> None:
    """Make what a flow finds when it begins."""
    shutil.rmtree(folder, ignore_errors=True)
    if flow not in {"update", "restore"}:
        return
    first = folder.with_name("first")
    if not first.exists():
        _two_backups(first)
    shutil.copytree(first, folder)
    if flow == "update" and not _tomorrow(folder).folder.exists():
        steps = shutil.copytree(schema.STEPS.folder, _tomorrow(folder).folder)
        (steps / "versions" / "0002_tomorrow.py").write_text(STEP_OF_TOMORROW, "utf-8")


def _two_backups(folder: Path) -> None:
    """Make a desk of two cases, with a backup from the time when there was one, and one of now."""
    desk = Journal(folder, KEY)
    for number in (1, 2):
        with desk.entry("New") as work:
            work.add(Case(title=str(number)))
        with desk.writing() as made:
            backup.back_up(made, KEY, folder / f"{number}.db")
    desk.close()


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
    if flow in ONE_OFF:
        told = os.read(read, 8)  # It begins now.
        if chance.random() < 0.2:
            told = os.read(read, 8)  # And now it is done.
        else:
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
    if flow == "update":
        return _updated(folder, told)
    desk = open_desk(folder, lambda _new: PASSPHRASE) if flow == "begin" else Journal(folder, KEY)
    try:
        with desk.writing() as made:
            wrong = problems(made)
            if flow == "save":
                wrong += _saved(made.execute, told)
            elif flow == "import":
                wrong += _imported(made.execute, told)
            elif flow == "parts":
                wrong += _imported_in_parts(made.execute, told)
            elif flow == "begin":
                wrong += _begun(made.execute)
            elif flow == "restore":
                wrong += _restored(made.execute)
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


def _imported_in_parts(ask: Callable[..., Any], told: int) -> list[str]:
    """Look at a desk that was opened again: what was begun is all there, or nothing of it is."""
    batches = ask("SELECT count(*) FROM entry WHERE kind = 'import'").fetchone()[0]
    wrong = [] if batches >= told else [f"batch {told} was acknowledged, {batches} are there"]
    cases, shown = ask("SELECT count(*), ifnull(sum(deleted_at IS NULL), 0) FROM \"case\" WHERE crm = 'c'").fetchone()
    if not cases == shown == batches * MANY:
        wrong.append(f"half a batch: {cases} cases, {shown} shown, of {batches} batches")
    names = ask("SELECT count(*) FROM natural_key WHERE kind = 'case' AND key LIKE 'c:%'").fetchone()[0]
    changed = ask('SELECT title FROM "case" WHERE crm IS NULL').fetchone()
    left = ask("SELECT count(*) + (SELECT count(*) FROM entry WHERE kind = 'coming') FROM coming").fetchone()[0]
    if names != cases or left or (changed and changed[0] != str(batches)):
        wrong.append(f"{names} names of {cases} cases; {left} left over; the changed one says {changed}")
    return wrong


def _backed_up(folder: Path, told: int) -> list[str]:
    copy = folder / "copy.db"
    if not copy.exists():
        return ["an acknowledged backup is gone"] if told > 0 else []
    made = connect(copy, KEY, writes=False)
    try:
        return problems(made)
    finally:
        made.close()


def _begun(ask: Callable[..., Any]) -> list[str]:
    entries, reasons = ask("SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM reason)").fetchone()
    return [] if entries == 1 and reasons > 50 else [f"half a beginning: {entries} entries, {reasons} reasons"]


def _restored(ask: Callable[..., Any]) -> list[str]:
    titles = [row[0] for row in ask('SELECT title FROM "case" ORDER BY seq')]
    return [] if titles in (["1"], ["1", "2"]) else [f"neither the one nor the other: {titles}"]


def _updated(folder: Path, told: int) -> list[str]:
    """Compare with the desk as it was and as it should become: nothing lies between."""
    version, shape = _shape(folder / "desk.db")
    old = _shape(folder / "2.db")
    wrong = ["an acknowledged update is gone"] if told == 1 and version == 1 else []
    if version == 1 and shape != old[1]:
        wrong.append("the update left something behind")
    if version == 2 and ("shift" not in shape or shape["shift"] != 2 or shape["case"] != 2):
        wrong.append("half an update")
    for copy in (folder / "backups").glob("before-update-*.db"):
        wrong += [] if _shape(copy) == old else ["the copy is not what was before the update"]
    return wrong


def _shape(path: Path) -> tuple[int, dict[str, int]]:
    made = connect(path, KEY, writes=False)
    try:
        whole = [row[0] for row in made.execute("PRAGMA integrity_check")] == ["ok"]
        tables = [row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        shape = {table: made.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}
        columns = made.execute("SELECT count(*) FROM pragma_table_info('seller') WHERE name = 'town'").fetchone()[0]
        return schema.version_of(made), shape | {"whole": int(whole), "town": columns}
    finally:
        made.close()


def _seconds_of(flow: str, folder: Path) -> float:
    """Do a flow once undisturbed, which also loads what its children then need not load."""
    _lay_out(flow, folder)
    began = time.monotonic()
    told: list[float] = []
    with suppress(_Done):
        FLOWS[flow](folder, lambda number: _done(number, told))
    return told[0] - began


class _Done(Exception):  # noqa: N818 - it is no error.
    """A flow was done once."""


def _done(number: int, told: list[float]) -> None:
    if number:
        told.append(time.monotonic())
        raise _Done


def main() -> None:
    flow, kills, seed, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    chance = random.Random(seed)
    _seconds_of(flow, folder)
    if flow in ONE_OFF:
        LONGEST[flow] = _seconds_of(flow, folder)
    wrong: list[str] = []
    acknowledged = 0
    for kill in range(kills):
        if kill % 10 == 0 or flow in ONE_OFF:  # Before the desk is so large that looking at it takes longest.
            _lay_out(flow, folder)
        told = killed(flow, folder, chance)
        acknowledged += told > 0
        wrong += [f"kill {kill}: {what}" for what in look(flow, folder, told)]
    json.dump({"kills": kills, "acknowledged": acknowledged, "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    main()
