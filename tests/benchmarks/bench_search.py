"""Measures the one box against the bare index: newest 50 of many cases, from two letters to phrases.

    python tests/benchmarks/bench_search.py [--cases 1000000] [--keep FOLDER]

The yardstick is SQL alone in the same run, over the same encrypted file and connection: the FTS5 query that finds the
newest 50 and reads the number, title and texts of those rows. Row numbers alone answer nobody: whatever asks an index
has to read what it found in order to show it, and reading 50 rows of 1.5 KB costs two to four times what finding them
by a short beginning does. What is measured beyond that is ours alone: the words read and folded, deleted things left
out, exact accents put first, what was merged followed, titles made. The bare row numbers are printed beside it, and
“first” is a line asked for the first time, with nothing of it remembered.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generating import desk, desk_folder

from escalation_desk.journal import place
from escalation_desk.journal.connection import connect
from escalation_desk.journal.searching import INDEXES, search, written

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 2.0
SWITCH_INTERVAL = 0.0005  # As the window sets it.
QUESTIONS = (
    "ma",
    "do",
    "vi",
    "đơn",
    "don",
    "hang",
    "hoan tien",
    "hoàn tiền",
    "refund",
    "khieu nai lan",
    '"giao chậm"',
    "gudang pembayaran rusak",
    "577788000000123",
    "880000001",
    "hang -refund",
    "ha noi warehouse evidence",
    "don vo phan hoi gian lan",
)


def main() -> None:
    asked = _arguments()
    with desk_folder(asked.keep, asked.cases) as folder:
        key = desk(folder, asked.cases, searched=True)
        made = connect(folder / place.DATABASE, key, writes=False)
        print(f"{asked.cases:,} cases, newest {asked.limit}")
        print(
            f"{'asked':28}{'search ms':>10}{'SQL ms':>10}{'ratio':>8}{'row numbers ms':>16}{'first ms':>10}{'found':>7}"
        )
        ratios = list(filter(None, (_compare(made, question, asked.limit) for question in QUESTIONS)))
        print(f"worst ratio {max(ratios):.2f}, median {statistics.median(ratios):.2f}; at most {MOST:.1f} is asked for")
        box = [_timed(partial(_shown, made, question)) for question in QUESTIONS]
        print(f"the box, all kinds, 6 of each: median {statistics.median(box):.2f} ms, worst {max(box):.2f} ms")
        print(f"typing beside it waits {_beside(made):.1f} ms at most")
        made.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--keep", type=Path, help="a folder in which the data stay for the next run")
    return parser.parse_args()


def _compare(made: Any, question: str, limit: int) -> float:
    words, index = written(question), INDEXES["case"]
    texts = ", ".join(f'c."{f.name}"' for f in index.fields)
    tables = [(index.words, words.match), *([(index.codes, words.code)] if words.code else [])]
    columns = f'c.id, c.case_no, c.title, {texts} FROM %s f CROSS JOIN "case" c ON c.seq = f.rowid'
    order = f"ORDER BY f.rowid DESC LIMIT {limit}"
    whole = [(f"SELECT {columns % table} WHERE {table} MATCH ? {order}", match) for table, match in tables]
    bare = [(f"SELECT rowid FROM {t} WHERE {t} MATCH ? ORDER BY rowid DESC LIMIT {limit}", m) for t, m in tables]
    re.purge()
    begun = time.perf_counter()
    found = len(search(made, question, kinds=("case",), limit=limit))
    first = (time.perf_counter() - begun) * 1000
    ours, sql, numbers = _in_turn(
        lambda: search(made, question, kinds=("case",), limit=limit),
        lambda: [made.execute(statement, (match,)).fetchall() for statement, match in whole],
        lambda: [made.execute(statement, (match,)).fetchall() for statement, match in bare],
    )
    print(f"{question:28}{ours:10.2f}{sql:10.2f}{ours / sql:8.2f}{numbers:16.2f}{first:10.2f}{found:7}")
    return ours / sql if found else 0.0  # Nothing found takes no time, and a ratio of nothings says nothing.


def _shown(made: Any, question: str) -> list[str]:
    return [hit.excerpt for hit in search(made, question, limit=6)]


def _beside(made: Any) -> float:
    """Do as the window does: a thread searches while another wants to go on every millisecond; the longest wait."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    searching = threading.Thread(target=lambda: [_shown(made, question) for question in QUESTIONS])
    searching.start()
    waits = []
    while searching.is_alive():
        waits.append(_timed(lambda: time.sleep(0.001)))  # The moment between two letters.
    return max(waits) - 1


def _in_turn(*acts: Callable[[], object]) -> list[float]:
    """Time several acts turn by turn, so that a busy moment hits all of them; the best of each, in ms."""
    taken: list[list[float]] = [[] for _act in acts]
    for _round in range(15):
        for times, act in zip(taken, acts, strict=True):
            times.append(_timed(act))
    return [min(times) for times in taken]


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
