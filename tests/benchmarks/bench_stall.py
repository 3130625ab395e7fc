"""The longest time that the window does not answer while long work runs beside it and somebody scrolls.

    python tests/benchmarks/bench_stall.py [CASES] [--rows N] [--keep FOLDER]

The real window on a copy of a generated desk: a page down every 50 ms, and a timer that wants to come every
millisecond. First nothing else happens; then all cases are written as Excel; then N rows are imported, both in the
window's own way (a process of their own does the work, a thread waits for it). A gap is told by the clock, which a busy
computer lengthens, and by what the window's own thread computed in it, which is ours alone.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from generating import NOW, SYLLABLES, arguments, desk, desk_folder
from measuring import Gaps, memory, press, settle, wait_for
from PySide6.QtCore import Qt, QTimer

from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.papers import doing
from escalation_desk.desktop.session import Session
from escalation_desk.desktop.starting import application
from escalation_desk.documents.leaving import export_list
from escalation_desk.intake.beside import beside
from escalation_desk.intake.bringing import bring_in
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.desktop.window import Desk

MOST = 50.0
QUIET_SECONDS = 30  # Long enough to fill what the window keeps of a list; what grows after that is not scrolling.


def write_csv(path: Path, rows: int) -> None:
    """Write tickets of about 1.5 KB, as a help desk exports them."""
    chance = random.Random(11)
    text = " ".join(chance.choices(SYLLABLES, k=20_000))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("ticket_id", "subject", "status", "severity", "created_at", "description", "assignee", "customer")
        )
        for number in range(rows):
            start = chance.randrange(len(text) - 1_000)
            writer.writerow(
                (
                    f"T{number:07}",
                    text[start + 40 : start + 90].strip(),
                    chance.choice(("new", "open", "closed", "closed", "resolved")),
                    chance.choice(("S2", "S3", "S4")),
                    f"2026-10-{number % 28 + 1:02}T10:{number % 60:02}:00Z",
                    text[start : start + 900],
                    f"agent{number % 40}",
                    f"Customer {number % 4_000}",
                )
            )


class Scroller:
    """Somebody who goes down the queue, page by page, and begins again now and then."""

    def __init__(self, shown: Desk) -> None:
        self._table = shown.queue.table
        self._steps = 0
        self._timer = QTimer(interval=50)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def stop(self) -> int:
        self._timer.stop()
        return self._steps

    def _step(self) -> None:
        self._steps += 1
        bar = self._table.verticalScrollBar()
        if self._steps % 40 == 0:
            bar.setValue(int(bar.maximum() * (self._steps % 7) / 7))
        else:
            press(self._table, Qt.Key.Key_PageDown)


def during(name: str, shown: Desk, begin: Callable[[Callable[[], None]], None]) -> None:
    """Measure while something runs that calls back when it is done, and two seconds longer: what follows counts too."""
    gaps, scroller, over = Gaps(), Scroller(shown), [False]
    begun, before = time.perf_counter(), memory()
    begin(lambda: over.__setitem__(0, True))
    wait_for(lambda: over[0], patience=1_200)
    seconds = time.perf_counter() - begun
    settle(2)
    gaps.end()
    steps = scroller.stop()
    worst = ", ".join(f"{gap:.0f} ({busy:.0f} computing)" for gap, busy in sorted(gaps.found, reverse=True)[:5])
    print(f"{name}: {seconds:.1f} s, {steps} pages down, {memory() - before:+.0f} MB")
    print(f"      away at most {gaps.worst:.0f} ms, of which computing {gaps.busiest:.0f}  (at most {MOST:.0f})")
    print(f"      over that: {gaps.over(MOST)} times by the clock, {gaps.busy_over(MOST)} times computing")
    print(f"      longest: {worst}; longest collection of garbage {gaps.collecting:.0f} ms", flush=True)


def nothing(done: Callable[[], None]) -> None:
    QTimer.singleShot(QUIET_SECONDS * 1000, done)


def importing(shown: Desk, path: Path) -> Callable[[Callable[[], None]], None]:
    """Do what the import dialog does when somebody has seen what would change."""

    def begin(done: Callable[[], None]) -> None:
        strip = shown.progress(f"Importing {path.name}")

        def work() -> Any:
            return beside(
                shown.verbs.journal,
                bring_in,
                path,
                source="bench",
                progress=strip.at,
                cancelled=lambda: strip.cancelled,
            )

        def told(outcome: Any) -> None:
            strip.end()
            print(f"      {outcome.created:,} created, {len(outcome.refused)} refused")
            done()

        shown.verbs.beside(work, told)

    return begin


def exporting(shown: Desk, path: Path) -> Callable[[Callable[[], None]], None]:
    """Do what the dialog of Excel lists does."""

    def begin(done: Callable[[], None]) -> None:
        query = VIEWS["everything"].query(Now(shown.verbs.me.id, NOW, NOW))

        def work(strip: Any) -> Any:
            return beside(shown.verbs.journal, export_list, query, path, "Everything", progress=strip.at)

        doing.beside(shown, "Writing", work, lambda _record: done())

    return begin


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    asked = parser.parse_args()
    theme = Theme(application(), Scheme.LIGHT)
    with desk_folder(asked.keep, asked.cases) as made, tempfile.TemporaryDirectory() as place:
        key = desk(made, asked.cases)
        folder = Path(place) / "desk"
        shutil.copytree(made, folder, ignore=shutil.ignore_patterns("plain.*", "*.lock"))
        source = Path(place) / "tickets.csv"
        write_csv(source, asked.rows)
        session = Session(Journal(folder, key), theme)
        assert session.desk is not None
        shown = session.desk
        shown.open_place("queue", "everything")
        wait_for(lambda: bool(shown.queue.table.rows.count))
        settle(3)
        print(f"{asked.cases:,} cases in the window, {asked.rows:,} rows imported")
        during("nothing else", shown, nothing)
        during("export to Excel", shown, exporting(shown, Path(place) / "list.xlsx"))
        during("import", shown, importing(shown, source))
        session.close()
        session.verbs.journal.close()


if __name__ == "__main__":
    main()
