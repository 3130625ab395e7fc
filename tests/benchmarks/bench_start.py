"""From nothing to a window that can be used: the desk with its first page painted, against an empty Qt window.

    python tests/benchmarks/bench_start.py [CASES] [--keep FOLDER] [--rounds N]

Every start is a process of its own, timed from before the interpreter until the last thing is painted and the window
answers. What the desk does after that, a step at a time, is timed too: it is ready when the counts are asked for, the
search box is there, and what was open is open again. The yardstick is a QMainWindow with an empty QTableView. The key
comes once directly and once out of its file with the passphrase, which is made costly on purpose. `--imports` says
which modules a start loads, the slowest first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MOST, AIM = 2.0, 1.5
NEVER = (
    *("sqlalchemy", "alembic", "openpyxl", "docx", "keyring", "cryptography", "lxml", "xlsxwriter", "calamine"),
    *("httpx2", "zstandard", "escalation_desk.sync"),
)
_UNWRAPS = "cryptography"  # The one part of it that unwraps a key takes some milliseconds; without a passphrase, none.
_KEY, _PASSPHRASE = "BENCH_KEY", "ESCALATION_DESK_PASSPHRASE"


def empty() -> None:
    """Show an empty window, say when it is painted, and leave."""
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Table(QTableView):
        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            _painted(0)

    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(Table())
    window.resize(1400, 850)
    window.show()
    app.exec()


def window(folder: Path) -> None:
    """Show the desk as desktop.run does; say when the queue is painted from real rows and when all is there; leave."""
    import gc

    gc.disable()  # As desktop.run.
    from escalation_desk.desktop import opening
    from escalation_desk.journal.journal import Journal

    if _KEY in os.environ:
        key = bytes.fromhex(os.environ[_KEY])
        vars(opening)["open_desk"] = lambda folder, _ask: Journal(folder, key)
    begun = opening.Opening(folder)
    from escalation_desk.desktop import ahead  # noqa: F401 - As desktop.run.
    from escalation_desk.desktop.starting import show
    from escalation_desk.desktop.table import QueueTable

    paint: Callable[[Any, Any], None] = QueueTable.paintEvent

    def told(self: QueueTable, event: Any) -> None:
        paint(self, event)
        if self.settled and self.rows.rowCount():
            QueueTable.paintEvent = paint  # type: ignore[assignment]
            _painted(self.rows.rowCount(), leave=False)
            desk: Any = self.window()
            desk.later.done.connect(_ready)

    QueueTable.paintEvent = told  # type: ignore[method-assign]
    show(begun)


def _painted(rows: int, *, leave: bool = True) -> None:
    from PySide6.QtWidgets import QApplication

    modules = ",".join(name for name in NEVER if name in sys.modules)
    print(f"painted {time.monotonic()} {rows} {time.process_time()} {modules}", flush=True)
    if leave:
        QApplication.exit(0)


def _ready() -> None:
    from PySide6.QtWidgets import QApplication

    print(f"ready {time.monotonic()}", flush=True)
    # It ends as it should: a desk that was killed is looked over whole at its next start.
    QApplication.exit(0)


class Taken(NamedTuple):
    """What one start took, in ms: until it has painted, how much of that it computed, until all was there."""

    painted: float
    computed: float
    ready: float
    heavy: set[str]


def start(*told: str, **environment: str) -> Taken:
    """Start a process and time it; `heavy` is what it should not have loaded before it painted."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, __file__, *told],
        env=_surroundings(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = re.search(r"painted (\S+) (\d+) (\S+) (\S*)", done.stdout)
    if found is None:
        raise RuntimeError(done.stderr)
    ready = re.search(r"ready (\S+)", done.stdout)
    painted = (float(found[1]) - begun) * 1000
    return Taken(
        painted,
        float(found[3]) * 1000,
        (float(ready[1]) - begun) * 1000 if ready else painted,
        set(filter(None, found[4].split(","))),
    )


def _surroundings(more: dict[str, str]) -> dict[str, str]:
    """Let modules be kept compiled, as they are wherever the program is installed, but not where tests run."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folder = str(Path(tempfile.gettempdir()) / f"bench-start-{os.getuid() if hasattr(os, 'getuid') else 0}")
    return kept | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": folder} | more


def measure(folder: Path, key: bytes, passphrase: str, rounds: int) -> None:
    ways: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
        "empty window": (("--empty",), {}),
        "the desk": (("--window", str(folder)), {_KEY: key.hex()}),
        "the desk, by passphrase": (("--window", str(folder)), {_PASSPHRASE: passphrase}),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, (told, environment) in ways.items():
            one = start(*told, **environment)
            if turn:  # The first start warms the disk.
                taken[name].append(one)
            elif heavy := one.heavy - ({_UNWRAPS} if _PASSPHRASE in environment else set()):
                print(f"{name} loads {', '.join(sorted(heavy))}, which it should not")
    base = _median(taken["empty window"])
    for name, starts in taken.items():
        painted, computed, ready = _median(starts)
        said = f"{name:26}{painted:8.0f} ms{painted / base[0]:6.2f} (at most {MOST}, aim {AIM})"
        print(f"{said}  computing {computed:6.0f} ms {computed / base[1]:6.2f}  ready {ready:6.0f} ms")


def _median(starts: list[Taken]) -> list[float]:
    columns = zip(*(one[:3] for one in starts), strict=True)
    return [sorted(column)[len(column) // 2] for column in columns]


def imports(folder: Path, key: bytes) -> None:
    """Say what a start spends on loading modules."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", __file__, "--window", str(folder)],
        env=_surroundings({_KEY: key.hex()}),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = re.findall(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)", done.stderr)
    ours = sum(int(own) for own, _whole, _depth, name in lines if name.startswith("escalation_desk"))
    print(f"{ours / 1000:8.1f} ms for the desk's own modules, {len(lines)} modules in all")
    for own, whole, _depth, name in sorted(lines, key=lambda line: -int(line[0]))[:40]:
        print(f"{int(own) / 1000:8.1f} ms alone {int(whole) / 1000:8.1f} ms with what it loads   {name}")


def compare() -> None:
    # Loaded here, for the processes that are timed must not load it.
    from generating import PASSPHRASE, arguments, desk, desk_folder

    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--imports", action="store_true", help="say what a start loads, the slowest first")
    asked = parser.parse_args()
    with desk_folder(asked.keep, asked.cases) as folder:
        key = desk(folder, asked.cases)
        print(f"{asked.cases:,} cases")
        if asked.imports:
            imports(folder, key)
        else:
            measure(folder, key, PASSPHRASE, asked.rounds)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--empty"]:
            empty()
        case ["--window", folder]:
            window(Path(folder))
        case _:
            compare()
