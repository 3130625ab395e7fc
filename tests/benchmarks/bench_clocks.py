"""Measures how long it takes to count every running clock of many open cases anew, against only reading their rows.

    python tests/benchmarks/bench_clocks.py [--cases 100000] [--rounds 7]

That is what a new holiday costs (journal.clocks.due). Both read the same rows of the same encrypted table, in turn; the
difference is the counting. What it costs to count the clocks from everything that happened to the cases, which is done
for the cases that are touched, is told beside it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Severity, Urgency, WaitingOn
from escalation_desk.casework.ids import new_id
from escalation_desk.journal import seed
from escalation_desk.journal.clocks.due import RUNNING, moved
from escalation_desk.journal.clocks.facts import known_of
from escalation_desk.journal.clocks.rows import recounted, refresh
from escalation_desk.journal.clocks.rules import rules_of
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.rows import shape_of, to_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.journal.connection import Connection

MOST = 5.0
"""µs for each clock, above the reading of its row."""
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
WAITS = {CaseStatus.PENDING_REQUESTER: WaitingOn.CUSTOMER, CaseStatus.PENDING_INTERNAL: WaitingOn.TEAM}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=7)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "desk", bytes(range(32)), lambda: NOW)
        seed.plant(journal)
        with journal.writing() as made:
            fill(made, options.cases)
            over = measure(made, options.rounds)
        journal.close()
    return int(over > MOST)


def fill(made: Connection, cases: int) -> None:
    """Write open cases of the last weeks with what happened to them, and count their clocks."""
    begun = time.perf_counter()
    insert, ids = shape_of("case").insert, []
    policy = made.execute("SELECT id FROM sla_policy WHERE form = 'sla' ORDER BY place DESC LIMIT 1").fetchone()[0]
    with transaction(made):
        for case in open_cases(cases, policy):
            made.execute(insert, to_row(case))
            ids.append(case.id)
        say(f"{cases:,} open cases in {time.perf_counter() - begun:.0f} s")
        begun = time.perf_counter()
        refresh(made, ids)
    clocks = made.execute("SELECT count(*) FROM clock").fetchone()[0]
    seconds = time.perf_counter() - begun
    each = seconds / clocks * 1e6
    say(f"{clocks:,} clocks counted from the cases and written: {seconds:.1f} s, {each:.1f} µs a clock")


def open_cases(cases: int, policy: str) -> Iterator[Case]:
    chance = random.Random(7)
    for number in range(cases):
        received = NOW - timedelta(minutes=chance.randrange(40_000))
        case = Case(
            title=f"Case {number}",
            case_no=f"B-{number:07d}",
            severity=chance.choice(list(Severity)),
            urgency=chance.choice(list(Urgency)),
            received_at=received,
            policy_used=policy,
        )
        case.id, case.created_at, case.updated_at = new_id(NOW), received, NOW
        case.derive()
        for state in chance.choice(_LIVES):
            case.status, case.waiting_on = state, WAITS.get(state)
            received += timedelta(minutes=chance.randrange(1, 2_000))
            case.note_down(received)
        yield case


_LIVES = (
    (CaseStatus.NEW,),
    (CaseStatus.NEW, CaseStatus.OPEN),
    (CaseStatus.NEW, CaseStatus.OPEN, CaseStatus.PENDING_INTERNAL),
    (CaseStatus.NEW, CaseStatus.OPEN, CaseStatus.PENDING_REQUESTER, CaseStatus.OPEN),
)


def measure(made: Connection, rounds: int) -> float:
    rules = rules_of(made)
    (count,) = made.execute(f"SELECT count(*) FROM ({RUNNING})").fetchone()
    assert not list(moved(made.execute(RUNNING), rules)), "a clock was due at another time than its row says"
    bare, ours = [], []
    for _round in range(rounds):
        bare.append(timed(lambda: sum(1 for _row in made.execute(RUNNING))))
        ours.append(timed(lambda: sum(1 for _moved in moved(made.execute(RUNNING), rules))))
    reading, counting = statistics.median(bare), statistics.median(ours)
    over: float = (counting - reading) / count * 1e6
    say(
        f"{count:,} running clocks: read {reading * 1e3:.0f} ms, read and counted anew {counting * 1e3:.0f} ms, "
        f"ratio {counting / reading:.2f}, {over:.2f} µs a clock above the reading (asked: under {MOST:.0f})"
    )
    _from_the_beginning(made)
    return over


def _from_the_beginning(made: Connection) -> None:
    """Tell what counting from everything that happened costs, for a few thousand cases."""
    ids = [row[0] for row in made.execute('SELECT id FROM "case" LIMIT 5000')]
    rules = rules_of(made)
    begun = time.process_time()
    known = known_of(made, ids)
    read = time.process_time()
    clocks = sum(len(recounted(case, one, (), rules)) for case, one in known.items())
    done = time.process_time()
    say(
        f"from the beginning: {clocks:,} clocks of {len(known):,} cases, {(read - begun) / clocks * 1e6:.1f} µs a "
        f"clock to read what happened, {(done - read) / clocks * 1e6:.1f} µs to count"
    )


def timed(act: object) -> float:
    assert callable(act)
    begun = time.process_time()
    act()
    return time.process_time() - begun


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    sys.exit(main())
