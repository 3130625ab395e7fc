"""What Today and the lead's board cost above the questions they put to the data, and what a window costs at rest.

    python tests/benchmarks/bench_today.py [CASES] [--keep FOLDER] [--rest SECONDS]

The yardstick is the very statements, recorded while the page is read and put again bare, over the same connection. Then
the page is opened in the window, from the act to its last card. At rest, nobody touches the window and nothing falls
due: the processor time of the whole process, of one core.
"""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from generating import NOW, arguments, desk, desk_folder
from measuring import median, settle, wait_for

from escalation_desk.casework.views import Now
from escalation_desk.desktop.board.sections import read_sections
from escalation_desk.desktop.look.theme import Theme
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.session import Session
from escalation_desk.desktop.starting import application
from escalation_desk.desktop.today.day import read_day
from escalation_desk.journal import place
from escalation_desk.journal.connection import connect
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.load import loads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.casework.people import User

MOST = 2.0
AT_REST = 1.0
ROUNDS = 7
_FIRST_BACKUP = 25.0
"""So long after its start a window makes its first backup; after that it rests."""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rest", type=float, default=20.0)
    asked = parser.parse_args()
    with desk_folder(asked.keep, asked.cases) as folder:
        key = desk(folder, asked.cases)
        journal = Journal(folder, key, lambda: NOW)
        me = journal.profile
        if me is None:
            raise SystemExit("The desk has no profile; make it anew.")
        read(folder, key, me)
        shown(journal, asked.rest)
        journal.close()


def read(folder: Path, key: bytes, me: User) -> None:
    """Read both pages, and then put their statements bare."""
    made = connect(folder / place.DATABASE, key, writes=False)
    clock = Clock.of(me, NOW)
    now = Now(me.id, clock.now, clock.day_end)
    pages: dict[str, Callable[[], Any]] = {
        "Today": lambda: read_day(made, now, clock),
        "the lead's board": lambda: (read_sections(made, now, clock), loads(made, NOW, clock.day_end)),
    }
    for name, page in pages.items():
        statements: list[str] = []
        made.set_trace_callback(statements.append)
        page()
        made.set_trace_callback(None)
        ours, bare = _in_turn(page, partial(_put, made, statements))
        ratio = ours / bare
        print(
            f"{name:20}{ours:9.1f} ms, {len(statements)} statements bare {bare:9.1f} ms: {ratio:.2f}  (at most {MOST})"
        )
    made.close()


def _put(made: Any, statements: list[str]) -> None:
    for one in statements:
        made.execute(one).fetchall()


def _in_turn(*ways: Callable[[], Any]) -> list[float]:
    taken: list[list[float]] = [[] for _way in ways]
    for _round in range(ROUNDS):
        for at, way in enumerate(ways):
            begun = time.perf_counter()
            way()
            taken[at].append((time.perf_counter() - begun) * 1000)
    return [median(times) for times in taken]


def shown(journal: Journal, rest: float) -> None:
    """Open Today in the window, and then leave the window alone."""
    theme = Theme(application())
    session = Session(journal, theme)
    window = session.desk
    if window is None:
        raise SystemExit("There is no window.")
    window.resize(1400, 850)
    wait_for(lambda: window.later.begun)
    settle(3.0)
    begun = time.perf_counter()
    window.open_place("today")
    wait_for(lambda: _filled(window))
    print(f"Today in the window  {(time.perf_counter() - begun) * 1000:9.1f} ms from the act to its lines")
    settle(_FIRST_BACKUP)
    used, begun = time.process_time(), time.perf_counter()
    settle(rest)
    share = (time.process_time() - used) / (time.perf_counter() - begun) * 100
    print(f"at rest              {share:9.2f} % of a core  (less than {AT_REST} %)")
    session.close()


def _filled(window: Any) -> bool:
    return bool(window.middle.currentWidget()._below.text())


if __name__ == "__main__":
    main()
