"""The queue on an encrypted desk of many cases, against QSqlQueryModel in the same window on a plain copy of them.

    python tests/benchmarks/bench_queue.py [CASES] [--keep FOLDER] [--rounds N] [--only WORDS] [--steps N]

Ours is the real thing: journal, readers' threads, rows with names and chips, the queue table. The peer gets the very
same SQL, has fetched every row beforehand (its only way to have a scroll bar) and shows what stands in the columns.
Acts are timed turn by turn, ours, the peer's and ours on 10,000 cases, so that a busy moment hits all three.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from generating import NOW, arguments, desk, desk_folder, plain_copy
from measuring import Gaps, OurTable, TheirTable, median, memory, press, settle, until_painted, wait_for
from PySide6.QtCore import Qt
from PySide6.QtSql import QSqlDatabase, QSqlQuery, QSqlQueryModel
from PySide6.QtWidgets import QHeaderView, QMainWindow, QTableView

from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.queue.cells import columns_of, fields_behind, indexed
from escalation_desk.desktop.queue.source import ListSource
from escalation_desk.desktop.starting import application
from escalation_desk.desktop.verbs import Verbs
from escalation_desk.journal import listing
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PEER, PAGE_DOWN, SMALL, GROWTH, STALL = 1.0, 0.7, 1.3, 20.0, 50.0
FEW = 10_000
SHOWN = [column for column in columns_of("case") if column.shown]
# The columns that a list of any length is sorted by; age is the moment of receipt.
SORTS = [column.id for column in columns_of("case") if indexed("case", column.id) and column.id != "age"]


@dataclass
class Ours:
    """The queue table on one desk."""

    window: QMainWindow
    table: OurTable
    verbs: Verbs

    @classmethod
    def on(cls, folder: Path, key: bytes) -> Ours:
        journal = Journal(folder, key, lambda: NOW)
        assert journal.profile is not None
        return cls(*_in_window(OurTable(name="ours")), Verbs(journal, journal.profile))

    def show(self, query: ListQuery) -> None:
        clock = Clock.of(self.verbs.me, NOW)
        self.table.show_source(ListSource(self.verbs, query, lambda: clock))

    def whole(self) -> None:
        """Wait until it was counted."""
        wait_for(lambda: self.table.rows.count is not None)

    def rest(self) -> None:
        """Let what follows the first paint come to its end, so that it is in nobody's way."""
        self.whole()
        settle()

    def close(self) -> None:
        self.window.close()
        self.verbs.close()
        self.verbs.journal.close()


@dataclass
class Theirs:
    """Qt's table with Qt's model on the plain copy."""

    window: QMainWindow
    table: TheirTable
    base: QSqlDatabase
    model: QSqlQueryModel

    @classmethod
    def on(cls, path: Path) -> Theirs:
        base = QSqlDatabase.addDatabase("QSQLITE", "peer")
        base.setDatabaseName(str(path))
        if not base.open():
            raise OSError(base.lastError().text())
        window, table = _in_window(TheirTable())
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(look().letters.row())
        table.verticalHeader().hide()
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setWordWrap(False)
        return cls(window, table, base, QSqlQueryModel(table))

    def show(self, query: ListQuery) -> None:
        self.model.setQuery(self._asked(query))
        self.table.setModel(self.model)
        for at, column in enumerate(SHOWN):
            self.table.setColumnWidth(at, round(column.letters * look().letters.letter))

    def whole(self) -> None:
        """Fetch every row."""
        while self.model.canFetchMore():
            self.model.fetchMore()

    def rest(self) -> None:
        """Nothing follows."""

    def _asked(self, query: ListQuery) -> QSqlQuery:
        s = listing.statement_of(query)
        order = ", ".join(f"{expression} {'DESC' if down else 'ASC'}" for expression, down in s.order)
        names = ", ".join(f'"{name}"' for name in fields_behind(column.id for column in SHOWN))
        asked = QSqlQuery(self.base)
        asked.prepare(f"SELECT {names} FROM {s.source} WHERE {s.where} ORDER BY {order}")
        for name, value in s.values.items():
            asked.bindValue(f":{name}", value)
        if not asked.exec():
            raise OSError(asked.lastError().text())
        return asked


def _in_window(table: Any) -> tuple[QMainWindow, Any]:
    window = QMainWindow()
    window.setCentralWidget(table)
    window.resize(1500, 1000)
    window.show()
    settle()
    return window, table


def _queries(ours: Ours) -> dict[str, ListQuery]:
    """What is asked for a first page: the whole list, sorted by each column that offers it, and filtered."""
    now = Now(ours.verbs.me.id, NOW, NOW)
    whole = VIEWS["everything"].query(now)
    queries = {"first page": whole, "first page, all live": VIEWS["all-live"].query(now)}
    for name in SORTS:
        queries[f"sort by {name}"] = replace(whole, order=(Order(name),))
        queries[f"sort by {name}, descending"] = replace(whole, order=(Order(name, descending=True),))
    owner, priority = Condition("owner", Op.ANY, [now.me]), Condition("priority", Op.ANY, ["P2"])
    filtered = whole.also(Condition("status", Op.ANY, ["open"]), owner, priority)
    queries["filter state, owner, priority"] = filtered
    queries["same, by last activity"] = replace(filtered, order=(Order("last_activity_at", descending=True),))
    queries["filter that leaves much"] = whole.also(Condition("status", Op.ANY, ["closed"]), owner, priority)
    return queries


def _acts(chance: random.Random) -> dict[str, Callable[[Any], Any]]:
    def jump(table: QTableView, part: float) -> None:
        table.verticalScrollBar().setValue(int(table.verticalScrollBar().maximum() * part))

    return {
        "page down": lambda table: press(table, Qt.Key.Key_PageDown),
        "jump to the end": lambda table: jump(table, 1.0),
        "jump to the beginning": lambda table: jump(table, 0.0),
        "jump to the middle": lambda table: jump(table, 0.5),
        "jump anywhere": lambda table: jump(table, chance.random()),
    }


@dataclass
class Taken:
    """What one act took each time: by the clock, and in computing of all threads, which a busy computer tells too."""

    clock: list[float]
    computing: list[float]

    def take(self, table: OurTable | TheirTable, act: Callable[[], Any]) -> None:
        begun = time.process_time()
        self.clock.append(until_painted(table, act))
        self.computing.append((time.process_time() - begun) * 1000)
        settle(0.03)


def _three() -> list[Taken]:
    return [Taken([], []), Taken([], []), Taken([], [])]


def first_pages(sides: list[Any], rounds: int, only: str) -> None:
    few = _queries(sides[2])
    for name, query in _queries(sides[0]).items():
        if only not in name:
            continue
        taken = _three()
        for _round in range(rounds):
            for side, times in zip(sides, taken, strict=True):
                times.take(side.table, partial(side.show, few[name] if side is sides[2] else query))
                side.rest()
        _say(name, taken, PEER)


def moves(sides: list[Any], rounds: int, only: str) -> None:
    few = _queries(sides[2])["first page"]
    for side in sides:
        until_painted(side.table, partial(side.show, few if side is sides[2] else _queries(sides[0])["first page"]))
        side.whole()
    for name, act in _acts(random.Random(3)).items():
        if only not in name:
            continue
        taken = _three()
        for _round in range(rounds * 3):
            for side, times in zip(sides, taken, strict=True):
                if name.startswith("jump to"):
                    until_painted(side.table, partial(side.table.verticalScrollBar().setValue, 40_000))
                    settle(0.02)
                times.take(side.table, partial(act, side.table))
        _say(name, taken, PAGE_DOWN if name == "page down" else PEER)


def _say(name: str, taken: list[Taken], limit: float) -> None:
    ours, peer, small = (median(each.clock) for each in taken)
    own, their, little = (median(each.computing) for each in taken)
    over = (" OVER the peer" if ours > limit * peer else "") + (" OVER the small" if ours > SMALL * small else "")
    print(
        f"{name:30}{ours:8.1f}{peer:8.1f}{ours / peer:6.2f} <={limit:.1f}  computing{own:7.1f}{their:7.1f}"
        f"{own / their:6.2f}   10,000:{small:7.1f}{ours / small:6.2f} <={SMALL} computing{own / little:6.2f}{over}",
        flush=True,
    )


def scrolled(ours: Ours, steps: int) -> tuple[float, Gaps]:
    """Scroll, jump, sort and filter for a while; answer what memory grew, and the gaps of the event loop."""
    chance = random.Random(5)
    queries = list(_queries(ours).values())
    bar = ours.table.verticalScrollBar()
    until_painted(ours.table, partial(ours.show, queries[0]))
    ours.whole()
    before, gaps = memory(), Gaps()
    for step in range(steps):
        if step % 25 == 24:
            until_painted(ours.table, partial(ours.show, chance.choice(queries)))
        elif step % 3:
            until_painted(ours.table, lambda: press(ours.table, Qt.Key.Key_PageDown))
        else:
            until_painted(ours.table, lambda: bar.setValue(int(bar.maximum() * chance.random())))
        settle(0.01)
    gaps.end()
    return memory() - before, gaps


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=300, help="how often is scrolled to see whether memory grows")
    parser.add_argument("--only", default="", help="words in the names of the lines that are wanted")
    asked = parser.parse_args()
    Theme(application(), Scheme.LIGHT)
    with desk_folder(asked.keep, asked.cases) as folder, desk_folder(asked.keep, FEW) as few:
        key, little = desk(folder, asked.cases), desk(few, FEW)
        ours, small = Ours.on(folder, key), Ours.on(few, little)
        grown, gaps = scrolled(ours, asked.steps)
        peer = Theirs.on(plain_copy(folder, key))
        print(f"{asked.cases:,} cases; ours, QSqlQueryModel, ratio: ms by the clock, then ms of computing; medians")
        first_pages([ours, peer, small], asked.rounds, asked.only)
        moves([ours, peer, small], asked.rounds, asked.only)
        print(f"memory after {asked.steps} steps: +{grown:.1f} MB  (less than {GROWTH:.0f})")
        print(
            f"event loop away: {gaps.worst:.0f} ms at most, of which computing {gaps.busiest:.0f}; "
            f"over {STALL:.0f} ms: {gaps.over(STALL)} times  (never)"
        )
        for side in (ours, small):
            side.close()


if __name__ == "__main__":
    main()
