"""Lets many simulated workstations edit, read and poll for minutes, and counts what was lost.

    python tests/benchmarks/bench_soak.py [--workstations 20] [--minutes 1] [--pause 5] [--cases 500]
    python tests/benchmarks/bench_soak.py --workstations 200 --minutes 10 --pause 10 --cases 1000      (the full form)

One PostgreSQL of its own and one real `escalation-desk server` on loopback. Each workstation has an account of its own
and the real client, in a thread: after a pause by chance, with the mean of --pause seconds, it edits a field of some
case, reads the history of every fourth, and polls. All threads are in this process and share its interpreter, so the
times of a push are too long rather than too short; a bare question (`/healthz`), asked once a second in the same
process, says how much of them is that. At the end every workstation pulls until nothing is new. Lost is a value that
was acknowledged and stands in no history; a workstation has not converged when it holds other records of a scope, or
other versions, than the server counts. The exit code is 1 if there is any of it.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from office import BATCH, Workstation, creations, load, new_cases, office

from escalation_desk.sync.messages import DELETED, OUT, REFUSED, Change, mark, total
from escalation_desk.sync.refusals import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeVar

    from office import Office

    from escalation_desk.sync.messages import Row, Trailer

    T = TypeVar("T")

TRIES = 3
FIELDS = ("carrier", "tracking", "tried_before", "tier1_summary")
VALUE = re.compile(r"soak-\d+-\d+-")


@dataclass
class Told:
    """What one workstation saw."""

    pushes: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    merged: int = 0
    again: int = 0
    failures: list[str] = field(default_factory=list)


class Person:
    """A workstation and whoever sits at it."""

    def __init__(self, server: Office, number: int) -> None:
        server.person(f"agent{number}", f"Agent {number}")
        self.station = Workstation(server, f"agent{number}")
        self.told = Told()
        self._number = number
        self._chance = random.Random(number)
        self._records: dict[str, dict[str, tuple[int, dict[str, Any]]]] = {}
        self.end: Trailer | None = None

    def pull(self) -> None:
        complete = False
        while not complete:
            rows, self.end = self.station.page()
            complete = self.end.complete
            self._take(rows)

    def _take(self, rows: Iterable[Row]) -> None:
        for row in rows:
            held = self._records.setdefault(row.scope, {})
            if row.way in {OUT, DELETED}:
                held.pop(row.record, None)
            else:
                data = row.data if row.kind == "case" else None
                held[row.record] = (row.version, {name: (data or {}).get(name) for name in FIELDS} if data else {})

    def work(self, until: float, pause: float) -> None:
        try:
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(self._chance.expovariate(1 / pause), left))
                self._edit_and_poll()
        except Exception:  # noqa: BLE001 - said at the end, with all the others.
            self.told.failures.append(traceback.format_exc())

    def _edit_and_poll(self) -> None:
        cases = [(record, held) for scope in self._records.values() for record, (_v, held) in scope.items() if held]
        record, held = self._chance.choice(cases)
        self._edit(record, held)
        if self.station.mid % 4 == 0:
            self.told.reads.append(_timed(self._insist, lambda: self.station.client.history(record)))
        self.told.polls.append(_timed(self._insist, self.pull))

    def _insist(self, act: Callable[[], T]) -> T:
        """Ask again where the connection went, as a workstation does: the server may just have closed an idle one."""
        for _attempt in range(TRIES - 1):
            try:
                return act()
            except Unreachable:
                self.told.again += 1
        return act()

    def _edit(self, record: str, held: dict[str, Any]) -> None:
        name = self._chance.choice(FIELDS)
        value = f"soak-{self._number}-{self.station.mid + 1}-"
        entry = self.station.entry(Change("case", record, "set", name, held[name], value))
        begun = time.perf_counter()
        said = self._insist(lambda: self.station.client.push([entry]))
        self.told.pushes.append(time.perf_counter() - begun)
        (outcome,) = said.outcomes
        assert outcome.state != REFUSED, outcome
        self.told.merged += outcome.state == "merged"
        self.told.said.add(value)

    def differs(self) -> list[str]:
        """Name the scopes in which this workstation does not hold what the server counts."""
        assert self.end is not None
        wrong = []
        for scope, (count, marks) in self.end.checks.items():
            held = self._records.get(scope, {})
            if (len(held), total(mark(record, version) for record, (version, _d) in held.items())) != (count, marks):
                wrong.append(scope)
        return wrong


def main() -> None:
    asked = _arguments()
    with office() as (_trial, server):
        people = [Person(server, number) for number in range(asked.workstations)]
        _fill(people[0].station, asked.cases)
        for person in people:
            person.pull()
        print(f"{asked.workstations} workstations, {asked.cases:,} cases, {asked.minutes:g} minutes, {load()}")
        bare = _run(people, 60 * asked.minutes, asked.pause)
        for person in people:
            person.pull()
        bad = _report(server, people, bare)
        for person in people:
            person.station.client.close()
    sys.exit(bad)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--workstations", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument(
        "--pause", type=float, default=5, help="seconds between two edits of one workstation, on average"
    )
    parser.add_argument("--cases", type=int, default=500)
    return parser.parse_args()


def _timed(act: Any, *given: Any) -> float:
    begun = time.perf_counter()
    act(*given)
    return time.perf_counter() - begun


def _fill(station: Workstation, count: int) -> None:
    for first in range(0, count, BATCH):
        station.client.push(creations(new_cases(first, min(BATCH, count - first), station.team), station))


def _run(people: Sequence[Person], seconds: float, pause: float) -> list[float]:
    """Let everybody work; ask one bare question a second meanwhile."""
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=person.work, args=(until, pause)) for person in people]
    for thread in threads:
        thread.start()
    http, bare = people[0].station.client._http, []
    while any(thread.is_alive() for thread in threads):
        bare.append(_timed(http.get, "/healthz"))
        time.sleep(1)
    return bare


def _report(server: Office, people: Sequence[Person], bare: Sequence[float]) -> bool:
    told = [person.told for person in people]
    for what, times in (
        ("push", [x for one in told for x in one.pushes]),
        ("poll", [x for one in told for x in one.polls]),
        ("history", [x for one in told for x in one.reads]),
        ("bare question", list(bare)),
    ):
        print(f"{what}: {len(times):,} times, p50 {_part(times, 50):.0f} ms, p99 {_part(times, 99):.0f} ms")
    print("(p99 of a push: under 250 ms is asked for)")
    said = {value for one in told for value in one.said}
    lost = said - _histories(server)
    numbers = _numbers(server, people)
    apart = {person.station.client.workstation: wrong for person in people if (wrong := person.differs())}
    failed = [failure for one in told for failure in one.failures]
    now, most = server.memory()
    print(
        f"{len(said):,} edits acknowledged, {sum(one.merged for one in told)} of them met another's; lost: {len(lost)}"
    )
    print(f"workstations whose entries are not all there, each once: {numbers}; not converged: {len(apart)}")
    print(f"asked again after a lost connection: {sum(one.again for one in told)}")
    print(f"workstations that failed: {len(failed)}; server {now:.0f} MB, at most {most:.0f} MB; {load()}")
    for failure in failed[:3]:
        print(failure)
    return bool(lost or numbers or apart or failed)


def _part(times: Sequence[float], percent: int) -> float:
    if len(times) < 2:
        return 1000 * max(times, default=0)
    return 1000 * statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def _histories(server: Office) -> set[str]:
    """Find every value of ours that some history tells, as what a field became or as one side of a conflict."""
    with server.owner.reading() as cursor:
        return {
            value
            for (patch,) in cursor.execute(b"SELECT patch::text FROM change")
            for value in VALUE.findall(patch or "")
        }


def _numbers(server: Office, people: Sequence[Person]) -> int:
    with server.owner.reading() as cursor:
        there = dict(cursor.execute(b"SELECT client::text, count(*) FROM mutation GROUP BY client").fetchall())
    return sum(there.get(person.station.client.workstation, 0) != person.station.mid for person in people)


if __name__ == "__main__":
    main()
