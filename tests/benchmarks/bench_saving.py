"""Measures one saved act, journal and search included, against one bare commit of the same rows.

    python tests/benchmarks/bench_saving.py [--cases 20000] [--rounds 200]

The yardstick is SQL alone in the same run, turn by turn on the same encrypted file with the same settings
(`synchronous=FULL`): the statements that write the same rows of the record, its entry and its changes, and a commit.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Severity
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.timeline import Message
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.rows import shape_of, to_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

    Act = tuple[str, Callable[[Work, str, int], object], Callable[[Connection, str, int], object]]

KEY = bytes(range(32))
MOST = 5.0
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SAID = (
    "đơn hàng giao chậm khách yêu cầu hoàn tiền người bán không phản hồi gói hàng bị vỡ sai mẫu thiếu phụ kiện vận "
    "chuyển kho thanh toán ví điện tử khiếu nại pesanan terlambat pembeli meminta pengembalian dana paket rusak"
)


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        desk = Journal(Path(folder) / "desk", KEY)
        cases = _fill(desk, asked.cases)
        print(f"{asked.cases:,} cases, {asked.rounds} rounds, medians")
        print(f"{'saved':34}{'ours ms':>10}{'bare ms':>10}{'ratio':>8}")
        ratios = [_compare(desk, act, cases, asked.rounds) for act in ACTS]
        desk.close()
    print(f"worst ratio {max(ratios):.2f}; at most {MOST:.1f} is asked for")
    sys.exit(max(ratios) > MOST)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=200)
    return parser.parse_args()


def _fill(desk: Journal, count: int) -> list[str]:
    chance, words = random.Random(1), SAID.split()
    made: list[str] = []
    with desk.entry("Fill", kind="import") as work:
        for number in range(count):
            text = " ".join(chance.choices(words, k=150))
            made.append(work.add(Case(title=text[:60], description=text, crm="zendesk", crm_number=str(number))).id)
            if number % 2_000 == 0:
                work.flush()
    return made


def _compare(desk: Journal, act: Act, cases: list[str], rounds: int) -> float:
    name, ours, bare = act
    chance = random.Random(2)
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(rounds):
        times["ours"].append(_timed(_save, desk, ours, chance.choice(cases), number))
        times["bare"].append(_timed(_commit, desk, bare, chance.choice(cases), number))
    medians = {which: 1000 * statistics.median(took) for which, took in times.items()}
    ratio = medians["ours"] / medians["bare"]
    print(f"{name:34}{medians['ours']:>10.2f}{medians['bare']:>10.2f}{ratio:>8.2f}")
    return ratio


def _timed(act: Callable[..., object], *given: object) -> float:
    began = time.perf_counter()
    act(*given)
    return time.perf_counter() - began


def _save(desk: Journal, act: Callable[[Work, str, int], object], case: str, number: int) -> None:
    with desk.entry("Edit") as work:
        act(work, case, number)


def _commit(desk: Journal, act: Callable[[Connection, str, int], object], case: str, number: int) -> None:
    with desk.writing() as made:
        made.execute("BEGIN IMMEDIATE")
        made.execute(
            "INSERT INTO entry (id, title, places, kind, at, workstation) VALUES (?, 'Edit', '{}', 'do', ?, 'here')",
            (new_id(desk.now()), "2026-11-24T08:00:00Z"),
        )
        act(made, case, number)
        made.execute("COMMIT")


def _set(name: str, value: Callable[[int], Any]) -> Callable[[Work, str, int], object]:
    return lambda work, case, number: setattr(work.get(Case, case), name, value(number))


def _update(name: str, value: Callable[[int], Any]) -> Callable[[Connection, str, int], object]:
    def act(made: Connection, case: str, number: int) -> None:
        made.execute(
            f'UPDATE "case" SET "{name}" = ?, updated_at = ?, updated_by = ?, last_activity_at = ? WHERE id = ?',
            (str(value(number)), "2026-11-24T08:00:00Z", None, "2026-11-24T08:00:00Z", case),
        )
        _change(made, "case", case, "set", name, f'"{value(number)}"')

    return act


def _change(made: Connection, kind: str, record: str, op: str, field: str | None, after: str) -> None:
    made.execute(
        "INSERT INTO change (entry, position, kind, record, op, field, before, after) "
        "VALUES (last_insert_rowid(), 1, ?, ?, ?, ?, '\"before\"', ?)",
        (kind, record, op, field, after),
    )


def _message(case: str, number: int) -> Message:
    return Message(case=case, body=f"Called the carrier for the time {number}. {SAID}")


def _insert_message(made: Connection, case: str, number: int) -> None:
    message = _message(case, number)
    message.id = new_id(NOW)
    message.created_at = message.updated_at = NOW
    _change(made, "message", message.id, "create", None, message.body)
    made.execute(shape_of("message").insert, to_row(message))
    made.execute('UPDATE "case" SET last_activity_at = ? WHERE id = ?', ("2026-11-24T08:00:00Z", case))


def _severity(number: int) -> Severity:
    return list(Severity)[number % 4]


def _title(number: int) -> str:
    return f"Refund missing for the time {number}"


ACTS: tuple[Act, ...] = (
    ("a field", _set("carrier", lambda n: f"SPX{n}"), _update("carrier", lambda n: f"SPX{n}")),
    ("a field that others follow from", _set("severity", _severity), _update("severity", _severity)),
    ("a text that is searched", _set("title", _title), _update("title", _title)),
    ("a note on the timeline", lambda work, case, n: work.add(_message(case, n)), _insert_message),
)

if __name__ == "__main__":
    main()
