"""The queue table against QSqlQueryModel in the same QTableView: same plain SQLite file, same order, one run.

    python tests/benchmarks/bench_table.py [ROWS]          100,000 rows unless told; 1,000,000 is the law

Each figure is until the screen is painted from real rows. Ours fetches on another thread, as the window does.
"""

from __future__ import annotations

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtSql import QSqlDatabase, QSqlQuery, QSqlQueryModel
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from escalation_desk.desktop.look.now import look
from escalation_desk.desktop.look.theme import Scheme, Theme
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.table import CellStyle, Column, QueueTable, Row, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEvent

# fmt: off
SHOWN = (
    "number", "state", "priority", "severity", "title", "requester", "seller", "market", "channel", "reason", "owner",
    "waiting", "created", "updated",
)
WIDTHS = (7.0, 9.0, 7.0, 7.0, 20.0, 11.0, 11.0, 5.0, 7.0, 13.0, 8.0, 7.0, 9.0, 9.0)
HIDDEN = ("body", "notes", "order_no", "phone", "email", "url", "tags", "risk", "due", "source", "batch")
WORDS = (
    "đơn", "hàng", "chưa", "giao", "hoàn", "tiền", "khiếu", "nại", "người", "bán", "pesanan", "belum", "dikirim",
    "voucher", "refund", "chargeback", "seller",
)
# fmt: on
STATES = ("New", "In progress", "Waiting for requester", "Waiting for internal team", "Resolved", "Closed")
TONES = {"P0": Tone.CRITICAL, "P1": Tone.SERIOUS, "P2": Tone.WARN, "P3": Tone.NEUTRAL}
STYLES = {key: CellStyle(tone=tone, chip=True) for key, tone in TONES.items()}
PICKED = f"select {', '.join(SHOWN)}, id from cases"
ORDER = "order by updated desc, id desc"
STEPS = 40
FIRSTS = 7


def make(path: Path, rows: int) -> None:
    chance = random.Random(7)
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("pragma journal_mode = off")
    base.execute("pragma synchronous = off")
    base.execute(f"create table cases (id integer primary key, {', '.join((*SHOWN, *HIDDEN))})")
    marks = ", ".join("?" * (1 + len(SHOWN) + len(HIDDEN)))
    base.execute("begin")
    base.executemany(f"insert into cases values ({marks})", (_case(at, chance) for at in range(rows)))
    base.execute("create index by_updated on cases (updated desc, id desc)")
    base.execute("commit")
    base.close()


def _case(at: int, chance: random.Random) -> tuple[object, ...]:
    said = " ".join(chance.choices(WORDS, k=8))
    owner = f"agent{int(chance.paretovariate(1.1)) % 60}"
    stamp = f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:{at % 60:02}:00Z"
    shown = (
        f"VN-{at:07}", chance.choice(STATES), f"P{min(int(chance.expovariate(0.8)), 3)}", f"S{chance.randint(1, 4)}",
        said, f"Nguyễn Văn {chance.choice('ABCDĐEGH')}", f"Shop {chance.randint(1, 9000)}", chance.choice(("VN", "ID")),
        "Email", "Cancellation refused", owner, "Seller", stamp, stamp,
    )  # fmt: skip
    body = " ".join(chance.choices(WORDS, k=180))
    return (at, *shown, body, said, f"24{at:012}", "+84900000000", "a@b.vn", "https://x", "tag", "", stamp, "crm", "b1")


class SqliteSource(QObject):
    """A source over plain SQLite: keyset pages on a thread of its own, rows formatted there."""

    answered = Signal(object)

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._thread = ThreadPoolExecutor(1)
        self._base: sqlite3.Connection | None = None
        self._total = 0
        self.answered.connect(lambda answer: answer())
        self.columns = [Column(name, name.title(), width) for name, width in zip(SHOWN, WIDTHS, strict=True)]
        self.grouped = False

    def shape(self, then: Callable[[Shape], None]) -> None:
        self._ask(lambda base: Shape(base.execute("select count(*) from cases").fetchone()[0]), then)

    def fetch(
        self, first: int, n: int, then: Callable[[Sequence[Row]], None], *, after: Row | None, before: Row | None
    ) -> None:
        self._ask(lambda base: self._page(base, first, n, after, before), then)

    def ids(self, first: int, n: int, then: Callable[[Sequence[str]], None]) -> None:
        sql = f"select id from cases {ORDER} limit ? offset ?"
        self._ask(lambda base: [str(row[0]) for row in base.execute(sql, (n, first))], then)

    def _at(self, base: sqlite3.Connection, first: int) -> tuple[object, object]:
        """Walk to a row along the index alone, from the nearer end: with an offset SQLite would read every row."""
        turned = first > self._total // 2
        steps = self._total - 1 - first if turned else first
        order = "order by updated, id" if turned else ORDER
        place = base.execute(f"select updated, id from cases {order} limit 1 offset ?", (steps,)).fetchone()
        return place or ("", 0)

    def close(self) -> None:
        self._thread.shutdown()

    def _ask(self, question: Callable[[sqlite3.Connection], Any], then: Callable[[Any], None]) -> None:
        def work() -> None:
            if self._base is None:
                self._base = sqlite3.connect(self._path, check_same_thread=False)
            answer = question(self._base)
            self.answered.emit(lambda: then(answer))

        self._thread.submit(work)

    def _page(self, base: sqlite3.Connection, first: int, n: int, after: Row | None, before: Row | None) -> list[Row]:
        self._total = self._total or base.execute("select count(*) from cases").fetchone()[0]
        if after:
            found = base.execute(f"{PICKED} where (updated, id) < (?, ?) {ORDER} limit ?", (*_place(after), n))
        elif before:
            turned = base.execute(
                f"{PICKED} where (updated, id) > (?, ?) order by updated, id limit ?", (*_place(before), n)
            )
            return [_row(each) for each in turned.fetchall()[::-1]]
        else:
            found = base.execute(f"{PICKED} where (updated, id) <= (?, ?) {ORDER} limit ?", (*self._at(base, first), n))
        return [_row(each) for each in found]


def _place(row: Row) -> tuple[object, object]:
    assert isinstance(row.place, tuple)
    return row.place


def _row(found: tuple[Any, ...]) -> Row:
    cells = found[:-1]
    styles = (None, None, STYLES[cells[2]], *(None,) * (len(cells) - 3))
    return Row(str(found[-1]), cells, styles, place=(cells[-1], found[-1]))


class OurTable(QueueTable):
    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += self.settled


class TheirTable(QTableView):
    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted += 1


def until_painted(table: OurTable | TheirTable, act: Callable[[], object]) -> float:
    seen = table.painted
    begun = time.perf_counter()
    act()
    table.viewport().update()
    while table.painted == seen:
        QApplication.processEvents()
        if time.perf_counter() - begun > 60:
            raise TimeoutError("nothing was painted for a minute")
    return (time.perf_counter() - begun) * 1000


def settle() -> None:
    until = time.perf_counter() + 0.05
    while time.perf_counter() < until:
        QApplication.processEvents()


def press(table: QTableView, key: Qt.Key) -> None:
    QApplication.sendEvent(table, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def steps(table: OurTable | TheirTable, rows: int) -> dict[str, float]:
    chance = random.Random(3)
    bar = table.verticalScrollBar()
    figures: dict[str, list[float]] = {"page down": [], "page up": [], "jump": [], "end and home": []}
    press(table, Qt.Key.Key_Home)
    settle()
    for name, key in (("page down", Qt.Key.Key_PageDown), ("page up", Qt.Key.Key_PageUp)):
        for _ in range(STEPS):
            figures[name].append(until_painted(table, lambda key=key: press(table, key)))  # type: ignore[misc]
            settle()
    for _ in range(STEPS):
        figures["jump"].append(until_painted(table, lambda: bar.setValue(int(bar.maximum() * chance.random()))))
        settle()
    for _ in range(STEPS // 4):
        figures["end and home"].append(until_painted(table, lambda: bar.setValue(bar.maximum())))
        figures["end and home"].append(until_painted(table, lambda: bar.setValue(0)))
        settle()
    assert table.model().rowCount() == rows
    return {name: statistics.median(taken) for name, taken in figures.items()}


def ours(path: Path, rows: int) -> tuple[dict[str, float], float]:
    table = OurTable(name="ours")
    table.resize(1500, 1000)
    table.show()
    settle()
    source = SqliteSource(path, table)
    before = memory()
    firsts = []
    for _ in range(FIRSTS):
        firsts.append(until_painted(table, lambda: table.show_source(source)))
        while table.rows.count is None:
            QApplication.processEvents()
        settle()
    found = {"first page": statistics.median(firsts)} | steps(table, rows)
    found["refresh"] = statistics.median(until_painted(table, table.refresh) for _ in range(10))
    grown = memory() - before
    table.close()
    source.close()
    return found, grown


def theirs(path: Path, rows: int) -> tuple[dict[str, float], float]:
    base = QSqlDatabase.addDatabase("QSQLITE", "bench")
    base.setDatabaseName(str(path))
    if not base.open():
        raise OSError(base.lastError().text())
    table = TheirTable()
    table.resize(1500, 1000)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(look().letters.row())
    table.verticalHeader().hide()
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setWordWrap(False)
    table.show()
    settle()
    before = memory()
    model = QSqlQueryModel(table)

    def show() -> None:
        query = QSqlQuery(base)
        query.exec(f"{PICKED} {ORDER}")
        model.setQuery(query)
        table.setModel(model)
        for at, width in enumerate(WIDTHS):
            table.setColumnWidth(at, round(width * 13.3))

    first = statistics.median(until_painted(table, show) for _ in range(FIRSTS))
    while model.canFetchMore():  # Its only way to have a scroll bar of the whole list.
        model.fetchMore()
    found = {"first page": first} | steps(table, rows)
    grown = memory() - before
    table.close()
    return found, grown


def memory() -> float:
    """Read the resident memory in MB; 0 where the system does not tell in this way."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def main() -> None:
    rows = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000
    app = QApplication([])
    Theme(app, Scheme.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.sqlite"
        make(path, rows)
        settle()
        mine, my_memory = ours(path, rows)
        other, other_memory = theirs(path, rows)
    print(f"{rows:,} rows      queue table  QSqlQueryModel  ratio   (ms, medians)")
    for name, taken in mine.items():
        peer = other.get(name)
        print(f"{name:16}{taken:12.1f}" + (f"{peer:16.1f}{taken / peer:7.2f}" if peer else ""))
    print(f"{'memory, MB':16}{my_memory:12.1f}{other_memory:16.1f}")


if __name__ == "__main__":
    main()
