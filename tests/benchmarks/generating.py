"""Makes a desk of many cases for the benchmarks: realistic skew, about 1.5 KB each, encrypted like any other.

The rows go straight into the tables, indexes are built afterwards, and memory stays flat: a million takes minutes.
A folder that is kept is taken again by the next run. `plain_copy` gives the cases without encryption, for peers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Language, Role, Severity, Urgency
from escalation_desk.casework.fields import fields_of, instant_text
from escalation_desk.casework.people import Party, Team, User
from escalation_desk.casework.records import COMMON
from escalation_desk.casework.seller import Seller
from escalation_desk.journal import keys, place, seed
from escalation_desk.journal.connection import transaction
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.rows import from_row, shape_of, to_row
from escalation_desk.journal.searching import remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PASSPHRASE = "a desk of numbers"  # noqa: S105 - Of a desk that holds nothing.
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
BEGINS = NOW - timedelta(days=3 * 365)
CHUNK = 10_000
POOL = 10_007  # Draws are made once and walked through; a prime, so that columns do not march in step.
TEXT = (
    "đơn hàng giao chậm khách yêu cầu hoàn tiền người bán không phản hồi gói hàng bị vỡ sai mẫu thiếu phụ kiện vận "
    "chuyển kho Hà Nội thanh toán ví điện tử khiếu nại lần hai quản lý gian lận hình ảnh bằng chứng chính sách đổi trả "
    "pesanan terlambat pembeli meminta pengembalian dana penjual tidak merespons paket rusak kurang gudang Jakarta "
    "order delayed refund requested seller unresponsive parcel damaged wrong variant warehouse payment dispute"
)
SYLLABLES = TEXT.split()
# What people see first is rare in a long list: nearly everything is over and done with.
STATES = {
    "closed": 74,
    "resolved": 11,
    "cancelled": 6,
    "open": 4,
    "pending_requester": 2,
    "pending_internal": 1.5,
    "pending_third_party": 0.5,
    "new": 1,
}
LIVE = {"open", "pending_requester", "pending_internal", "pending_third_party", "new"}
WAITS = {"pending_requester": "customer", "pending_internal": "team", "pending_third_party": "carrier"}
URGENCIES = {("S1", "U1"): "P0", ("S1", "U2"): "P0", ("S2", "U1"): "P1", ("S2", "U2"): "P1", ("S3", "U1"): "P1"}
FLAGS = ("legal", "media", "safety", "fraud", "vip", "money")


def desk(folder: Path, cases: int, *, searched: bool = False) -> bytes:
    """Make the desk in this folder, or take the one that is there; answer its key."""
    if not (folder / place.DATABASE).exists():
        _make(folder, cases, searched=searched)
    return keys.key_for(folder, lambda _new: PASSPHRASE)


@contextmanager
def desk_folder(keep: Path | None, cases: int) -> Iterator[Path]:
    """Lend a folder for a desk of so many cases: a kept one, or one that goes away again."""
    if keep is not None:
        yield keep / f"cases-{cases}"
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "desk"


def plain_copy(folder: Path, key: bytes) -> Path:
    """Copy the cases, with their indexes, into a database that anybody can open."""
    path = folder / "plain.sqlite"
    if path.exists():
        return path
    begun = time.perf_counter()
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    sqlite3.connect(fresh).close()
    journal = Journal(folder, key)
    with journal.writing() as made:
        made.execute("ATTACH ? AS plain KEY ''", (str(fresh),))
        made.execute("PRAGMA plain.journal_mode = OFF")
        made.execute("PRAGMA plain.synchronous = OFF")
        for _type, sql in _statements(made, "table"):
            made.execute(sql.replace("CREATE TABLE ", "CREATE TABLE plain.", 1))
        made.execute('INSERT INTO plain."case" SELECT * FROM main."case"')
        for name, sql in _statements(made, "index"):
            made.execute(sql.replace(f"INDEX {name}", f"INDEX plain.{name}", 1))
        made.execute("DETACH plain")
    journal.close()
    fresh.replace(path)
    _say(f"a plain copy, {time.perf_counter() - begun:.0f} s\n")
    return path


def _statements(made: Any, kind: str) -> list[tuple[str, str]]:
    found = "SELECT name, sql FROM main.sqlite_master WHERE tbl_name = 'case' AND type = ? AND sql IS NOT NULL"
    return [(row[0], row[1]) for row in made.execute(found, (kind,))]


def _make(folder: Path, cases: int, *, searched: bool) -> None:
    begun = time.perf_counter()
    place.prepare(folder)
    journal = Journal(folder, keys.make_with_passphrase(folder, PASSPHRASE))
    seed.plant(journal)
    me = User(
        full_name="Trần Minh Khoa",
        login="khoa",
        roles=frozenset({Role.SPECIALIST, Role.LEAD}),
        locale=Language.EN,
        time_zone="Asia/Ho_Chi_Minh",
    )
    journal.set_profile(me)
    # The window begins with the queue of all cases, as if that had been open last.
    for name, value in (("place", ["queue", "everything"]), ("look", ["everything", {}])):
        journal.local("INSERT INTO setting (name, value) VALUES (?, ?)", (name, json.dumps(value)))
    with journal.writing() as made:
        made.execute("PRAGMA synchronous = OFF")
        made.execute("PRAGMA cache_size = -256000")
        indexes = _statements(made, "index")
        for name, _sql in indexes:
            made.execute(f"DROP INDEX {name}")
        _fill(made, cases, begun, searched=searched)
        for name, sql in indexes:
            made.execute(sql)
            _say(f"\r{cases:,} cases, index {name:24}{time.perf_counter() - begun:5.0f} s")
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    journal.close()
    _say("\n")


def _fill(made: Any, cases: int, begun: float, *, searched: bool) -> None:
    chance = random.Random(7)
    pointed = _people(made, chance, cases)
    rows = _rows(chance, cases, pointed)
    insert, shape = shape_of("case").insert, shape_of("case")
    done = 0
    while chunk := list(itertools.islice(rows, CHUNK)):
        with transaction(made):
            made.executemany(insert, chunk)
            if searched:
                remember(made, [from_row(shape, row) for row in chunk])
        done += len(chunk)
        _say(f"\r{done:,} cases, {time.perf_counter() - begun:.0f} s")


def _people(made: Any, chance: random.Random, cases: int) -> dict[str, list[str]]:
    """Write owners, teams, requesters and sellers; answer their ids, the busiest first."""
    sellers, parties = max(cases // 100, 10), max(cases // 5, 10)
    me = made.execute("SELECT profile FROM workstation").fetchone()[0]
    records: dict[str, list[Any]] = {
        "user": [User(full_name=f"{_words(chance, 2).title()} {n}", login=f"agent{n}") for n in range(59)],
        "team": [Team(title=f"Tier 2 {name}") for name in ("Hà Nội", "Sài Gòn", "Jakarta", "Payments", "Fraud")],
        "party": [Party(display_name=f"Nguyễn {_words(chance, 2).title()}") for _n in range(parties)],
        "seller": [Seller(shop_name=f"{_words(chance, 2).title()} {n}") for n in range(sellers)],
    }
    ids: dict[str, list[str]] = {}
    for kind, all_of_them in records.items():
        with transaction(made):
            for number, record in enumerate(all_of_them):
                # Whoever asks comes to the desk with a first case: they are as old as their cases.
                record.created_at = BEGINS + (NOW - BEGINS) * (number / len(all_of_them))
                record.updated_at = record.created_at
                record.id = _id(chance, record.created_at)
                record.derive()
            made.executemany(shape_of(kind).insert, map(to_row, all_of_them))
        ids[kind] = [record.id for record in all_of_them]
    ids["reason"] = [row[0] for row in made.execute("SELECT code FROM reason WHERE leaf")]
    return ids | {"user": [me, *ids["user"]]}


def _rows(chance: random.Random, cases: int, pointed: dict[str, list[str]]) -> Iterator[tuple[Any, ...]]:
    """Lay out the rows of the insert statement: a plain case, and on it what differs."""
    plain = Case(title="")
    plain.derive()
    blank = list(to_row(plain))
    names = ("id", *COMMON, *(f.name for f in fields_of(Case)))
    at = {name: number for number, name in enumerate(names)}
    draws = _draws(chance, pointed)
    text = " ".join(chance.choices(SYLLABLES, k=40_000))
    step = (NOW - BEGINS) / cases
    parties = pointed["party"]
    for number in range(cases):
        received = BEGINS + step * number
        values = {name: pool[(number * 31 + number // POOL + shift) % POOL] for name, (pool, shift) in draws.items()}
        # Most ask for the first time, or come again soon.
        back = int(chance.paretovariate(0.8)) if number % 4 else chance.randrange(cases)
        values["requester"] = parties[max(number - back, 0) * len(parties) // cases]
        _settle(values, number, received, text, chance)
        row = blank.copy()
        for name, value in values.items():
            row[at[name]] = value
        yield tuple(row)


def _draws(chance: random.Random, pointed: dict[str, list[str]]) -> dict[str, tuple[Sequence[Any], int]]:
    def skewed(values: Sequence[Any], steep: float = 1.2) -> list[Any]:
        return [values[int(chance.paretovariate(steep) - 1) % len(values)] for _n in range(POOL)]

    pools: dict[str, Callable[[], list[Any]]] = {
        "status": lambda: chance.choices(list(STATES), list(STATES.values()), k=POOL),
        "severity": lambda: chance.choices([str(s) for s in Severity], (2, 12, 50, 36), k=POOL),
        "urgency": lambda: chance.choices([str(u) for u in Urgency], (5, 25, 70), k=POOL),
        "owner": lambda: skewed(pointed["user"], 0.9),
        "team": lambda: skewed(pointed["team"]),
        "reason": lambda: skewed(pointed["reason"], 0.7),
        "risk_flags": lambda: [_flags(chance) for _n in range(POOL)],
        "market": lambda: chance.choices(("VN", "ID", "TH", "MY"), (60, 25, 10, 5), k=POOL),
        "channel": lambda: chance.choices(("crm", "email", "phone", "in_app_chat"), (55, 20, 15, 10), k=POOL),
        "platform": lambda: chance.choices(("tiktok_shop", "shopee", "lazada"), (70, 20, 10), k=POOL),
        "seller": lambda: skewed(pointed["seller"], 0.3),
    }
    return {name: (draw(), at * 1_009) for at, (name, draw) in enumerate(pools.items())}


def _settle(values: dict[str, Any], number: int, received: datetime, text: str, chance: random.Random) -> None:
    """Give a case what follows from its state and its number."""
    state = values["status"]
    priority = URGENCIES.get((values["severity"], values["urgency"]), "P3" if values["severity"] == "S4" else "P2")
    at, touched = instant_text(received), instant_text(received + timedelta(minutes=number * 7_919 % 20_000))
    start = number * 7_907 % (len(text) - 1_200)
    due = instant_text(NOW + timedelta(minutes=number * 104_729 % 9_000 - 3_000)) if state in LIVE else None
    if state == "new":
        values["owner"] = None
    values |= {
        "id": _id(chance, received),
        "created_at": at,
        "updated_at": touched,
        "case_no": f"BENC-{number:07d}",
        "title": text[start + 31 : start + 80].strip(),
        "description": text[start : start + 620],
        "tier1_summary": text[start + 620 : start + 740],
        "crm": "helpdesk",
        "crm_number": f"INC{number:07d}",
        "orders": json.dumps([f"5777880{number:08d}"]),
        "priority": priority,
        "assignment": "accepted" if values["owner"] else "unassigned",
        "received_at": at,
        "last_activity_at": touched,
        "high_risk": int(values["risk_flags"] != "[]"),
        "live": int(state in LIVE),
        "waiting_on": WAITS.get(state),
        "next_due_at": due,
        **dict.fromkeys(("sla_due_at", "breach_due_at", "missed_from"), due),
        "resolved_at": touched if state in {"resolved", "closed"} else None,
        "closed_at": touched if state == "closed" else None,
    }


def _flags(chance: random.Random) -> str:
    return json.dumps(sorted(chance.sample(FLAGS, chance.choice((1, 1, 2))))) if chance.random() < 0.04 else "[]"


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(SYLLABLES, k=count))


def _id(chance: random.Random, at: datetime) -> str:
    """Make a UUIDv7 as the desk does, but one that repeats itself."""
    value = f"{int(at.timestamp() * 1000):012x}7{chance.getrandbits(12):03x}8{chance.getrandbits(60):015x}"
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def _say(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)


def arguments(told: str | None, cases: int = 100_000) -> argparse.ArgumentParser:
    """Make the options that every benchmark on a generated desk has."""
    parser = argparse.ArgumentParser(description=(told or "").splitlines()[0])
    parser.add_argument("cases", nargs="?", type=lambda text: int(text.replace(",", "")), default=cases)
    parser.add_argument("--keep", type=Path, help="a folder in which the data stay for the next run")
    return parser


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--searched", action="store_true", help="fill the search indexes too; takes much longer")
    asked = parser.parse_args()
    with desk_folder(asked.keep, asked.cases) as folder:
        key = desk(folder, asked.cases, searched=asked.searched)
        plain_copy(folder, key)


if __name__ == "__main__":
    main()
