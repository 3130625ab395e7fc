"""Measures an import against bare `executemany` of the very same rows into the same tables and indexes.

    python tests/benchmarks/bench_import.py [--rows 100000]

Both write into a new encrypted database: the import in its short parts, the yardstick in one transaction. The import
starts at candidates, as they come from the child process that reads the file; the yardstick has its rows, and the
folded texts of its search indexes, ready in memory. Beside the import another program saves five times a second; how
long its longest save took is told. Then the same candidates come once more, of which nothing is new.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.text import fold
from escalation_desk.intake.candidates import Candidate, Pointer
from escalation_desk.intake.planning import Origin, take_over
from escalation_desk.journal import seed
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.rows import from_row, shape_of
from escalation_desk.journal.searching import indexes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.journal.connection import Connection

KEY = bytes(range(32))
MOST = 4.0
MOST_AGAIN = 2.0
LONGEST_SAVE = 2.0
WORDS = [
    "đơn",
    "hàng",
    "giao",
    "chậm",
    "khách",
    "yêu",
    "cầu",
    "hoàn",
    "tiền",
    "người",
    "bán",
    "không",
    "phản",
    "hồi",
    "gói",
    "hàng",
    "bị",
    "vỡ",
    "sai",
    "mẫu",
    "thiếu",
    "phụ",
    "kiện",
    "vận",
    "chuyển",
    "kho",
    "pesanan",
    "terlambat",
    "pembeli",
    "meminta",
    "pengembalian",
    "dana",
    "penjual",
    "tidak",
    "merespons",
    "paket",
    "rusak",
    "order",
    "delayed",
]
TABLES = ("entry", "case", "clock", "party", "user", "import_batch", "change", "natural_key")


class Taken(NamedTuple):
    """How long something took: by the clock, which others lengthen, and in computing of this process alone."""

    clock: float
    computing: float

    @classmethod
    def now(cls) -> Taken:
        return cls(time.perf_counter(), time.process_time())

    def since(self) -> Taken:
        now = Taken.now()
        return Taken(now.clock - self.clock, now.computing - self.computing)


def candidates(rows: int) -> Iterator[Candidate]:
    """Make tickets of about 1.5 kB with their requesters and owners."""
    chance = random.Random(7)
    for number in range(rows):
        values = {
            "crm": "bench",
            "crm_number": str(number),
            "title": " ".join(chance.choices(WORDS, k=8)),
            "description": " ".join(chance.choices(WORDS, k=150)),
            "status": chance.choice(["new", "open", "closed", "resolved", "pending_requester"]),
            "severity": chance.choice(["S2", "S3", "S4"]),
            "received_at": f"2026-10-{number % 28 + 1:02d}T10:00:00Z",
            "orders": [str(577_788_000_000 + number)],
            "tags": ["late", "refund"],
        }
        owner, requester = f"bench:u{number % 20}", f"bench:p{number % 3000}"
        pointers = {
            "owner": Pointer("user", owner, {"full_name": owner, "login": owner, "active": False}),
            "requester": Pointer("party", requester, {"display_name": requester, "external_ids": [requester]}),
        }
        yield Candidate("case", f"bench:{number}", (number + 2,), values, pointers)


def bare(source: Connection, target: Connection) -> Taken:
    """Write all that the import wrote, by executemany alone; answer how long it took."""
    plain = [(table, source.execute(f'SELECT * FROM "{table}"').fetchall()) for table in TABLES]
    texts = [written for kind in ("case", "party") for written in texts_of(source, kind)]
    taken = Taken.now()
    with transaction(target):
        for table, rows in plain:
            marks = ",".join("?" * len(rows[0]))
            target.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({marks})', rows)
        for table, column, rows in texts:
            target.executemany(f"INSERT INTO {table} (rowid, {column}) VALUES (?, ?)", rows)
    return taken.since()


def texts_of(source: Connection, kind: str) -> Iterator[tuple[str, str, list[tuple[int, str]]]]:
    shape, index = shape_of(kind), indexes.INDEXES[kind]
    records = [from_row(shape, row) for row in source.execute(f"{shape.select} ORDER BY seq")]
    numbers = [row[0] for row in source.execute(f'SELECT seq FROM "{kind}" ORDER BY seq')]
    written: list[tuple[str, str, Any]] = [
        (index.words, "words", [fold(indexes._text(r, index.fields)) for r in records])
    ]
    if index.codes:
        written.append((index.codes, "code", [indexes._codes(r, index.code_fields) for r in records]))
    for table, column, values in written:
        yield table, column, list(zip(numbers, values, strict=True))


SAVER = """
import json, sys, time
from pathlib import Path
from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Fault
from escalation_desk.journal.journal import Journal

desk = Journal(Path(sys.argv[1]), bytes(range(32)))
print("ready", flush=True)
waits, refused = [], 0
while not Path(sys.argv[2]).exists():
    begun = time.monotonic()
    try:
        with desk.entry("Beside") as work:
            work.add(Case(title="beside"))
    except Fault:
        refused += 1
    waits.append(time.monotonic() - begun)
    time.sleep(0.2)
print(json.dumps([len(waits), refused, sorted(waits)[len(waits) // 2], max(waits)]))
"""


@contextmanager
def saving_beside(folder: Path) -> Iterator[None]:
    """Let another program save meanwhile; tell how long it had to wait."""
    over = folder.with_name("over")
    command = [sys.executable, "-c", SAVER, str(folder), str(over)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as saver:
        assert saver.stdout is not None
        saver.stdout.readline()
        yield
        over.touch()
        saves, refused, usual, longest = json.loads(saver.stdout.read())
    print(f"saves beside it: {saves}, of which refused {refused}; usually {usual * 1000:.0f} ms, ", end="")
    print(f"at most {longest * 1000:.0f} ms  (at most {LONGEST_SAVE * 1000:.0f}, none refused)")


def imported(desk: Journal, rows: int) -> Taken:
    offers = list(candidates(rows))
    taken = Taken.now()
    take_over(desk, iter(offers), Origin("bench", "bench.csv", "0" * 64))
    return taken.since()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=20_000)
    rows = asked.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        desk = Journal(Path(folder) / "desk", KEY)
        seed.plant(desk)  # With policies and calendars: cases come with their clocks.
        with saving_beside(desk.folder):
            first = imported(desk, rows)
        again = imported(desk, rows)
        yardstick = Journal(Path(folder) / "bare", KEY)
        reader = desk.reader()
        with yardstick.writing() as target:
            seconds = bare(reader, target)
        reader.close()
        desk.close()
        yardstick.close()
    print(f"import      {rows / first.clock:9.0f} rows/s")
    print(f"executemany {rows / seconds.clock:9.0f} rows/s")
    told("import : executemany", first, seconds, MOST)
    told("the same again : import", again, first, MOST_AGAIN)


def told(name: str, ours: Taken, theirs: Taken, most: float) -> None:
    by_clock, computing = ours.clock / theirs.clock, ours.computing / theirs.computing
    print(f"{name:24}{by_clock:6.2f} by the clock, {computing:.2f} in computing  (at most {most})")


if __name__ == "__main__":
    main()
