"""Measures the shared server over loopback, each line beside a yardstick of the same run.

    python tests/benchmarks/bench_server.py [--cases 10000] [--kinto PYTHON]
    python tests/benchmarks/bench_server.py --cases 100000      (the full form, some minutes)

One PostgreSQL of its own, as careful with the disk as anybody's, and one real `escalation-desk server`. Times are those
of a workstation's real client: making the JSON, packing, the way there and back, reading the answer. The yardsticks
write the same rows bare: psycopg (`executemany` in batches of the same size, each committed; one COPY) into a table of
JSONB with its key and its number, SQLite in one transaction with three indexes. PYTHON is the interpreter of a virtual
environment with kinto[postgresql], waitress and setuptools; Kinto gets the first 1,000 of the same rows, because all of
them could take it an hour.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from office import BATCH, Workstation, creations, load, new_cases, office
from peer_kinto import kinto

from escalation_desk.sync.messages import APPLIED, Change, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from office import Office

    from escalation_desk.server.trial import Trial

YARDSTICK_ROWS = 10_000
KINTO_ROWS = 1_000
EDITS = 5_000
CHANGES = 100


def main() -> None:
    asked = _arguments()
    with office() as (trial, server):
        server.person("linh", "Linh")
        writer, reader = Workstation(server, "linh"), Workstation(server, "linh")
        print(f"{asked.cases:,} cases, {load()}")
        ids, rate = _new(trial, writer, asked.cases)
        _edits(trial, writer, ids)
        _first_pull(reader)
        _few_changes(trial, writer, reader, ids)
        _idle(reader)
        _memory(server)
        if asked.kinto is None:
            print("Kinto was not run: name the interpreter of an environment that has it with --kinto.")
        else:
            _peer(asked.kinto, trial, writer.team, min(asked.cases, KINTO_ROWS), rate)
        print(f"at the end: {load()}")
        for station in (writer, reader):
            station.client.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--kinto", type=Path, metavar="PYTHON")
    return parser.parse_args()


def _timed(act: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    begun = time.perf_counter()
    made = act(*given)
    return time.perf_counter() - begun, made


def _pushed(station: Workstation, mutations: Sequence[Any]) -> float:
    took, said = _timed(station.client.push, mutations)
    assert [one.state for one in said.outcomes] == [APPLIED] * len(mutations), said.outcomes[:1]
    return took


def _bare(trial: Trial) -> psycopg.Connection[Any]:
    return psycopg.connect(trial.url().replace("+psycopg", ""))


# --- pushing ---


def _new(trial: Trial, writer: Workstation, count: int) -> tuple[list[str], float]:
    ids: list[str] = []
    took: list[float] = []
    for first in range(0, count, BATCH):
        cases = new_cases(first, min(BATCH, count - first), writer.team)
        took.append(_pushed(writer, creations(cases, writer)))
        ids += [record for record, _data in cases]
    many, copied = _bare_new(trial, min(count, YARDSTICK_ROWS), writer.team)
    rate = count / sum(took)
    last = took[-max(len(took) // 10, 1) :]
    print(
        f"push of new cases: {rate:,.0f} entries/s; the last tenth {count / len(took) * len(last) / sum(last):,.0f}/s;"
        f" executemany {many:,.0f} rows/s ({rate / many:.2f}), COPY {copied:,.0f} rows/s ({rate / copied:.2f})"
    )
    return ids, rate


def _bare_new(trial: Trial, count: int, team: str | None) -> tuple[float, float]:
    rows = [
        (record, "VN/t2", number, 1, json.dumps(data, ensure_ascii=False))
        for number, (record, data) in enumerate(new_cases(0, count, team))
    ]
    with _bare(trial) as made:
        for name in ("bare_many", "bare_copy"):
            made.execute(
                f"CREATE TABLE {name} (id uuid PRIMARY KEY, scope text, seq bigint, ver int, data jsonb,"
                " UNIQUE (scope, seq))"
            )
        made.commit()
        many, _none = _timed(_insert, made, rows)
        copied, _none = _timed(_copy, made, rows)
    return count / many, count / copied


def _insert(made: psycopg.Connection[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    for first in range(0, len(rows), BATCH):
        made.cursor().executemany("INSERT INTO bare_many VALUES (%s, %s, %s, %s, %s)", rows[first : first + BATCH])
        made.commit()


def _copy(made: psycopg.Connection[Any], rows: Sequence[tuple[Any, ...]]) -> None:
    with made.cursor().copy("COPY bare_copy FROM STDIN") as out:
        for row in rows:
            out.write_row(row)
    made.commit()


def _edits(trial: Trial, writer: Workstation, ids: Sequence[str]) -> None:
    """Set one field of cases from all over; bare, the same key of the rows that the yardstick has."""
    chosen = random.Random(3).sample(ids, min(EDITS, len(ids)))
    took = 0.0
    for first in range(0, len(chosen), BATCH):
        took += _pushed(
            writer,
            [
                writer.entry(Change("case", record, "set", "carrier", None, f"SPX {first}"))
                for record in chosen[first : first + BATCH]
            ],
        )
    known = ids[:YARDSTICK_ROWS]
    again = random.Random(3).sample(known, min(EDITS, len(known)))
    with _bare(trial) as made:
        bare, _none = _timed(_update, made, again)
    rate, yardstick = len(chosen) / took, len(again) / bare
    print(f"push of edits: {rate:,.0f} entries/s; executemany {yardstick:,.0f} rows/s ({rate / yardstick:.2f})")


def _update(made: psycopg.Connection[Any], ids: Sequence[str]) -> None:
    for first in range(0, len(ids), BATCH):
        made.cursor().executemany(
            "UPDATE bare_many SET data = data || %s::jsonb, ver = ver + 1, seq = seq + 1000000 WHERE id = %s",
            [(f'{{"carrier": "SPX {first}"}}', record) for record in ids[first : first + BATCH]],
        )
        made.commit()


# --- pulling ---


def _first_pull(reader: Workstation) -> None:
    """Pull page by page, and after each page write it bare: the two take turns."""
    pulled = written = 0.0
    count, complete = 0, False
    with tempfile.TemporaryDirectory() as folder:
        bare = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("CREATE TABLE record (id TEXT PRIMARY KEY, kind, scope, seq, ver, data)")
        bare.execute("CREATE UNIQUE INDEX numbered ON record (scope, seq)")
        bare.execute("CREATE INDEX kinds ON record (kind, seq)")
        bare.execute("BEGIN")
        while not complete:
            took, (rows, end) = _timed(reader.page)
            pulled, count, complete = pulled + took, count + len(rows), end.complete
            written += _written(bare, rows)
        took, _none = _timed(bare.execute, "COMMIT")
        bare.close()
    ours, theirs = count / pulled, count / (written + took)
    print(
        f"first pull: {ours:,.0f} rows/s ({pulled:.1f} s); indexed SQLite insert {theirs:,.0f} rows/s"
        f" ({ours / theirs:.2f}; at least 0.33 is asked for)"
    )


def _written(bare: sqlite3.Connection, rows: Sequence[Row]) -> float:
    flat = [
        (r.record, r.kind, r.scope, r.seq, r.version, json.dumps(r.data, ensure_ascii=False))
        for r in rows
        if r.way != "out"
    ]
    return _timed(bare.executemany, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", flat)[0]


def _few_changes(trial: Trial, writer: Workstation, reader: Workstation, ids: Sequence[str]) -> None:
    chance = random.Random(5)
    took: list[float] = []
    bare: list[float] = []
    values: dict[str, str] = {}
    writer.catch_up()
    reader.catch_up()
    with _bare(trial) as made:
        made.autocommit = True
        for number in range(15):
            chosen = chance.sample(ids, CHANGES)
            _pushed(writer, [_tracked(writer, values, record, number) for record in chosen])
            seconds, (rows, _end) = _timed(reader.page)
            assert len(rows) == CHANGES, len(rows)
            took.append(seconds)
            bare.append(_timed(_select, made, chosen)[0])
    ours, theirs = 1000 * statistics.median(took), 1000 * statistics.median(bare)
    print(
        f"pull of {CHANGES} changes: {ours:.1f} ms (at most 30 is asked for); the same rows by a bare SELECT"
        f" {theirs:.1f} ms ({ours / theirs:.1f})"
    )


def _tracked(writer: Workstation, values: dict[str, str], record: str, number: int) -> Any:
    before, values[record] = values.get(record), f"SPX{number:06d}"
    return writer.entry(Change("case", record, "set", "tracking", before, values[record]))


def _select(made: psycopg.Connection[Any], ids: Sequence[str]) -> list[Any]:
    return made.execute("SELECT id, scope, seq, ver, data FROM record WHERE id = ANY(%s::uuid[])", (ids,)).fetchall()


def _idle(reader: Workstation) -> None:
    ours: list[float] = []
    bare: list[float] = []
    for _round in range(200):
        ours.append(_timed(reader.page)[0])
        bare.append(_timed(reader.client._http.get, "/healthz")[0])
    idle, healthz = 1000 * statistics.median(ours), 1000 * statistics.median(bare)
    print(
        f"idle poll: {idle:.2f} ms (at most 3 is asked for); /healthz, which asks the database one thing,"
        f" {healthz:.2f} ms ({idle / healthz:.1f})"
    )


def _memory(server: Office) -> None:
    now, most = server.memory()
    print(f"memory of the server process: {now:.0f} MB, at most {most:.0f} MB (at most 150 is asked for)")


# --- the peer ---


def _peer(python: Path, trial: Trial, team: str | None, count: int, ours: float) -> None:
    rows = new_cases(0, count, team)
    with tempfile.TemporaryDirectory() as folder, kinto(python, trial, Path(folder)) as peer:
        pushed = peer.push(rows)
        edited = peer.push([(record, {"carrier": "SPX 1"}) for record, _data in rows[:BATCH]], "PATCH")
        read, took, since = peer.pull()
        idle = statistics.median(peer.pull(since)[1] for _round in range(50))
    print(
        f"Kinto with {count:,} of the rows: push {count / pushed:,.0f}/s, edits {min(BATCH, count) / edited:,.0f}/s,"
        f" first pull {read / took:,.0f} rows/s, idle poll {1000 * idle:.1f} ms;"
        f" ours pushes {ours * pushed / count:.1f} times as much (at least 20 is asked for)"
    )


if __name__ == "__main__":
    main()
