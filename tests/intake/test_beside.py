"""A long file is imported beside people who save: they wait a moment at most, and what they write stays."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.desk import ImportBatch
from escalation_desk.casework.lists import ListQuery
from escalation_desk.casework.people import Party
from escalation_desk.casework.refusal import Fault
from escalation_desk.intake.beside import beside
from escalation_desk.intake.bringing import bring_in
from escalation_desk.intake.child import Cancelled
from escalation_desk.journal import checking, listing, reading
from escalation_desk.journal.desk import profile_of
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = bytes(range(32))
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LONG = 1_500
SAVER = """
import json, sys, time
from pathlib import Path
from escalation_desk.casework.case import Case
from escalation_desk.journal.journal import Journal

desk = Journal(Path(sys.argv[1]), bytes(range(32)))
print("ready", flush=True)
longest, saved = 0.0, 0
while not Path(sys.argv[2]).exists():
    begun = time.monotonic()
    with desk.entry("Beside") as work:
        work.add(Case(title="beside, from another program"))
    longest = max(longest, time.monotonic() - begun)
    saved += 1
    time.sleep(0.02)
print(json.dumps([saved, longest]))
"""
PATIENCE = 2.0
LISTED = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells which processes there are")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "desk", KEY, lambda: NOW)
    profile_of(journal)
    yield journal
    with journal.writing() as made:
        assert checking.problems(made) == []
    journal.close()


def tickets(path: Path, count: int = LONG, title: str = "Lost parcel", **other: str) -> Path:
    """Write so many tickets; `other` titles are by ticket."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Ticket", "Subject", "Customer", "Description"))
        writer.writerows((f"T{n}", other.get(f"T{n}", title), f"Buyer {n % 50}", "parcel " * 40) for n in range(count))
    return path


def counted(desk: Journal) -> dict[str, int]:
    with closing(desk.reader()) as made:
        tables = ("entry", "change", "case", "party", "natural_key", "coming", "search_case_docsize")
        return {table: made.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


def case_of(desk: Journal, number: str) -> Case:
    with closing(desk.reader()) as made:
        return reading.record(made, Case, reading.case_id(made, number))


def test_a_long_file_is_one_entry_and_is_undone_whole(desk: Journal, tmp_path: Path) -> None:
    outcome = bring_in(desk, tickets(tmp_path / "t.csv"))
    with closing(desk.reader()) as made:
        batches = reading.all_of(made, ImportBatch)
        there = listing.count(made, ListQuery()), len(reading.all_of(made, Party))
    act = desk.undo()

    assert (outcome.created, outcome.rows) == (LONG, LONG)
    assert there == (LONG, 50)
    assert [(batch.created, batch.rows) for batch in batches] == [(LONG, LONG)]
    assert str(act) == "Import t.csv"
    with closing(desk.reader()) as made:
        assert listing.count(made, ListQuery()) == 0
        assert reading.all_of(made, ImportBatch) == []


def test_the_same_long_file_again_changes_nothing_and_another_one_what_it_says(desk: Journal, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.csv"))
    before = counted(desk)
    same = bring_in(desk, tmp_path / "t.csv")
    after = counted(desk)
    other = bring_in(desk, tickets(tmp_path / "t.csv", LONG + 1, T3="Found"))

    assert (same.created, same.updated, same.unchanged) == (0, 0, LONG)
    assert after == before
    assert (other.created, other.updated, other.unchanged) == (1, 1, LONG - 1)
    assert case_of(desk, "T3").title == "Found"


def test_a_dry_run_of_a_long_file_says_the_same_and_writes_nothing(desk: Journal, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.csv", 600))
    before = counted(desk)
    path = tickets(tmp_path / "t.csv", LONG, T3="Found")

    planned = bring_in(desk, path, dry_run=True)

    assert counted(desk) == before
    assert planned.as_data() == bring_in(desk, path).as_data()
    assert planned.as_data() == {"created": LONG - 600, "updated": 1, "unchanged": 599, "refused": []}


def test_a_long_import_that_is_stopped_on_the_way_leaves_nothing(desk: Journal, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.csv", 30))
    before = counted(desk)
    gone: list[int] = []

    with pytest.raises(Cancelled):
        bring_in(
            desk, tickets(tmp_path / "t.csv", title="Other"), progress=gone.append, cancelled=lambda: sum(gone) > 1_000
        )

    assert gone
    assert counted(desk) == before
    assert case_of(desk, "T3").title == "Lost parcel"
    assert desk.undoable() is not None


def test_what_a_person_changes_while_a_file_comes_stays(desk: Journal, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.csv"))
    mine = case_of(desk, "T3").id
    edited: list[int] = []

    def edit(_rows: int) -> None:
        if not edited:  # The change of this case is planned by now, and not written.
            edited.append(1)
            with desk.entry("Edit") as work:
                work.get(Case, mine).title = "By hand"

    outcome = bring_in(desk, tickets(tmp_path / "t.csv", title="From the file"), progress=edit)
    again = bring_in(desk, tmp_path / "t.csv")

    assert (case_of(desk, "T3").title, case_of(desk, "T4").title) == ("By hand", "From the file")
    assert (outcome.updated, [refusal.row for refusal in outcome.refused]) == (LONG - 1, [5])
    assert (again.unchanged, again.kept[0].fields) == (LONG, {"title": ("By hand", "From the file")})


@pytest.mark.skipif(os.name != "posix", reason="how long others wait is looked at on one system")
def test_people_save_while_a_long_file_is_imported(desk: Journal, tmp_path: Path) -> None:
    over = tmp_path / "over"
    saver = subprocess.Popen(
        [sys.executable, "-c", SAVER, str(desk.folder), str(over)], stdout=subprocess.PIPE, text=True
    )
    with saver:
        assert saver.stdout is not None
        assert saver.stdout.readline() == "ready\n"
        importing = threading.Thread(target=bring_in, args=(desk, tickets(tmp_path / "t.csv", 2 * LONG)))
        importing.start()
        waits = save_until(desk, lambda: not importing.is_alive())
        over.touch()
        saved, longest = json.loads(saver.stdout.read())

    with closing(desk.reader()) as made:
        assert listing.count(made, ListQuery()) == 2 * LONG + saved + len(waits)
    assert min(saved, len(waits)) >= 10
    assert max(longest, *waits) < PATIENCE


def save_until(desk: Journal, over: Callable[[], Any]) -> list[float]:
    """Save again and again in this program, as its window does; answer how long each save took."""
    waits = []
    while not over():
        begun = time.monotonic()
        with desk.entry("Beside") as work:
            work.add(Case(title="beside, from this program"))
        waits.append(time.monotonic() - begun)
        threading.Event().wait(0.02)
    return waits


def test_in_a_process_of_its_own_the_same_comes_of_it_and_whoever_listens_hears(desk: Journal, tmp_path: Path) -> None:
    heard: list[Any] = []
    told: list[int] = []
    desk.on_change(heard.append)

    outcome = beside(desk, bring_in, tickets(tmp_path / "t.csv"), progress=lambda done, _total: told.append(done))
    again = beside(desk, bring_in, tmp_path / "t.csv", dry_run=True)

    assert (outcome.created, again.unchanged) == (LONG, LONG)
    assert told
    assert told == sorted(told)
    assert {kind for one in heard for kind, _id in one} == {"case", "party", "import_batch"}
    assert counted(desk)["case"] == LONG


def test_what_was_asked_of_another_process_and_stopped_leaves_nothing(desk: Journal, tmp_path: Path) -> None:
    before = counted(desk)
    told: list[int] = []

    with pytest.raises(Cancelled):
        beside(
            desk,
            bring_in,
            tickets(tmp_path / "t.csv", 4 * LONG),
            progress=lambda done, _total: told.append(done),
            cancelled=lambda: bool(told),
        )

    assert counted(desk) == before


@LISTED
def test_a_process_that_is_killed_in_the_middle_leaves_nothing(desk: Journal, tmp_path: Path) -> None:
    before = counted(desk)

    with pytest.raises(Fault, match="ended the work"):
        beside(desk, bring_in, tickets(tmp_path / "t.csv", 4 * LONG), progress=lambda _done, _total: kill_children())

    assert counted(desk) == before
    assert bring_in(desk, tickets(tmp_path / "t.csv", 10)).created == 10


def kill_children() -> None:
    for child in workers():
        os.kill(child, signal.SIGKILL)


def workers() -> list[int]:
    """List the processes that this one has started, as the system tells them."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [int(one) for task in tasks.iterdir() for one in (task / "children").read_text().split()]


@LISTED
def test_no_other_program_can_read_the_key(desk: Journal, tmp_path: Path) -> None:
    seen: list[str] = []

    def look(_done: int, _total: int) -> None:
        for child in workers():
            seen.extend(Path(f"/proc/{child}/{place}").read_text(errors="replace") for place in ("cmdline", "environ"))

    beside(desk, bring_in, tickets(tmp_path / "t.csv"), progress=look)

    assert len(seen) >= 2
    assert not [text for text in seen if KEY.hex() in text or repr(KEY) in text]
