"""Measures the one box against the bare index: newest 50 of many cases, from two letters to phrases.

    python tests/benchmarks/bench_search.py [--cases 1000000] [--keep FOLDER]

The yardstick is SQL alone in the same run, over the same encrypted file: the FTS5 query that finds the newest 50 and
reads their number and text, which is what a result shows. The bare row numbers are printed beside it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.people import Party
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.text import fold
from escalation_desk.journal.connection import connect, transaction
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.rows import shape_of, to_row
from escalation_desk.journal.searching import INDEXES, remember, search, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = bytes(range(32))
MOST = 2.0
CHUNK = 5_000
TEXT = (  # The first words are the most common ones.
    "đơn hàng giao chậm khách yêu cầu hoàn tiền người bán không phản hồi gói hàng bị vỡ sai mẫu thiếu phụ kiện vận "
    "chuyển kho Hà Nội Thành phố Hồ Chí Minh Việt Nam thanh toán ví điện tử khiếu nại lần hai quản lý gian lận hình "
    "ảnh bằng chứng chính sách đổi trả bảo hành pesanan terlambat pembeli meminta pengembalian dana penjual tidak "
    "merespons paket rusak salah varian kurang aksesoris gudang Jakarta pembayaran keluhan kedua foto bukti kebijakan "
    "order delayed refund requested seller unresponsive parcel damaged wrong variant warehouse payment dispute evidence"
)
SYLLABLES = TEXT.split()
QUESTIONS = (
    "ma",
    "do",
    "xq",
    "đơn",
    "hoan tien",
    "hoàn tiền",
    "refund",
    "khieu nai lan",
    '"giao chậm"',
    "viet nam hoan",
    "rareword77",
    "rareword7",
    "SPX0000",
    "hang -refund",
    "Ha Noi warehouse evidence",
)


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        place = asked.keep or Path(folder)
        if not (place / "desk.db").exists():
            _fill(place, asked.cases)
        made = connect(place / "desk.db", KEY, writes=False)
        print(f"{asked.cases:,} cases, newest {asked.limit}")
        print(f"{'asked':28}{'search ms':>10}{'SQL ms':>10}{'ratio':>8}{'row numbers ms':>16}{'found':>7}")
        ratios = list(filter(None, (_compare(made, question, asked.limit) for question in QUESTIONS)))
        print(f"worst ratio {max(ratios):.2f}, median {statistics.median(ratios):.2f}; at most {MOST:.1f} is asked for")
        box = [_timed(partial(_shown, made, question)) for question in QUESTIONS]
        print(f"the box, all kinds, 6 of each: median {statistics.median(box):.2f} ms, worst {max(box):.2f} ms")
        made.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=50)
    parser.add_argument("--keep", type=Path, help="a folder in which the data stay for the next run")
    return parser.parse_args()


def _compare(made: Any, question: str, limit: int) -> float:
    match = written(question).match
    index = INDEXES["case"]
    texts = ", ".join(f'c."{f.name}"' for f in index.fields)
    whole = (
        f'SELECT c.id, c.case_no, c.title, {texts} FROM {index.words} f CROSS JOIN "case" c ON c.seq = f.rowid '
        f"WHERE {index.words} MATCH ? ORDER BY f.rowid DESC LIMIT {limit}"
    )
    bare = f"SELECT rowid FROM {index.words} WHERE {index.words} MATCH ? ORDER BY rowid DESC LIMIT {limit}"
    found = len(search(made, question, kinds=("case",), limit=limit))
    ours, sql, numbers = _in_turn(
        lambda: search(made, question, kinds=("case",), limit=limit),
        lambda: made.execute(whole, (match,)).fetchall(),
        lambda: made.execute(bare, (match,)).fetchall(),
    )
    print(f"{question:28}{ours:10.2f}{sql:10.2f}{ours / sql:8.2f}{numbers:16.2f}{found:7}")
    return ours / sql if found else 0.0  # Nothing found takes no time, and a ratio of nothings says nothing.


def _shown(made: Any, question: str) -> list[str]:
    return [hit.excerpt for hit in search(made, question, limit=6)]


def _in_turn(*acts: Callable[[], object]) -> list[float]:
    """Time several acts turn by turn, so that a busy moment hits all of them; the median of each, in ms."""
    taken: list[list[float]] = [[] for _act in acts]
    for _round in range(9):
        for times, act in zip(taken, acts, strict=True):
            times.append(_timed(act))
    return [statistics.median(times) for times in taken]


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _fill(folder: Path, count: int) -> None:
    begun = time.perf_counter()
    journal = Journal(folder, KEY)
    chance = random.Random(7)  # noqa: S311 - Sample data.
    with journal.writing() as made:
        made.execute("PRAGMA synchronous = OFF")
        made.execute("PRAGMA cache_size = -256000")
        sellers = [Seller(id=new_id(datetime.now(UTC)), shop_name=_text(chance, 3)) for _n in range(count // 200 + 1)]
        parties = [Party(id=new_id(datetime.now(UTC)), display_name=_text(chance, 3)) for _n in range(count // 20 + 1)]
        _insert(made, [*sellers])
        _insert(made, [*parties])
        for chunk in _chunks(count):
            _insert(made, [_case(chance, number, sellers, parties) for number in chunk])
            print(f"\r{chunk.stop:,} cases written, {time.perf_counter() - begun:.0f} s", end="", flush=True)
    print()
    journal.close()


def _chunks(count: int) -> Iterator[range]:
    for start in range(0, count, CHUNK):
        yield range(start, min(start + CHUNK, count))


def _insert(made: Any, records: list[Any]) -> None:
    with transaction(made):
        for record in records:
            record.created_at = record.updated_at = datetime(2026, 1, 1, tzinfo=UTC)
        made.executemany(shape_of(records[0].kind).insert, map(to_row, records))
        remember(made, records)


def _case(chance: random.Random, number: int, sellers: list[Seller], parties: list[Party]) -> Case:
    moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    rare = f" rareword{chance.randrange(2_000)}" if number % 10 == 0 else ""
    return Case(
        id=new_id(moment),
        case_no=f"BEN-{number:07d}",
        title=_text(chance, 6),
        description=_text(chance, 220) + rare,
        summary=_text(chance, 20),
        orders=frozenset({f"SPX{number:09d}VN"}),
        seller=chance.choice(sellers).id,
        requester=chance.choice(parties).id,
        received_at=datetime.fromisoformat(instant_text(moment)),
        next_due_at=moment,
    )


def _text(chance: random.Random, words: int) -> str:
    # Squared, so that some words are far more common than others, as in any language.
    picked = (SYLLABLES[int(chance.random() ** 2 * len(SYLLABLES))] for _word in range(words))
    return " ".join(word if chance.random() < 0.9 else fold(word) for word in picked)


if __name__ == "__main__":
    main()
