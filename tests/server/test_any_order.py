"""Three workstations edit a case offline, push and pull in any order, lose answers, send twice: nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.server.checking import problems
from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync.messages import Change, mark, total

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server

_WHO = st.integers(0, 2)
_STEP = st.one_of(
    st.tuples(st.just("edit"), _WHO, st.sampled_from(["title", "tags", "severity", "owner"])),
    st.tuples(st.just("push"), _WHO, st.integers(1, 4)),
    st.tuples(st.just("pull"), _WHO, st.integers(1, 2)),
)


class Copy:
    """What a workstation keeps of two cases: what it pulled, and what of its own the server has not shown yet."""

    def __init__(self, desk: Desk, cases: list[str]) -> None:
        self.desk, self.cases = desk, cases
        self.queue: list[dict[str, Any]] = []
        self.written: list[tuple[str, str, Any]] = []

    def value(self, case: str, field: str) -> Any:
        for mutation in reversed(self.queue):
            for change in mutation["changes"]:
                if (change[1], change[3]) == (case, field):
                    return change[5]
        data = self.desk.records[case].data or {}
        return data.get(field, [] if field == "tags" else None)

    def edit(self, field: str, number: int) -> None:
        case = self.cases[number % len(self.cases)]
        before = self.value(case, field)
        word = f"{self.desk.client[:4]}-{number}"
        after: Any = {
            "title": word,
            "tags": sorted([*(before or []), word]),
            "severity": f"S{number % 4 + 1}",
            "owner": self.desk.me,
        }[field]
        if before != after:
            self.queue.append(self.desk.entry(Change("case", case, "set", field, before, after)))
            self.written.append((case, field, word if field in {"title", "tags"} else after))

    def push(self, count: int) -> None:
        """Send some of what waits; the answer counts for nothing until a pull shows it."""
        self.desk.push(*self.queue[:count])

    def pull(self, limit: int) -> None:
        trailer = self.desk.pull(limit=limit)
        self.queue = [one for one in self.queue if one["mid"] > trailer.last_mid]

    def drain(self) -> None:
        while self.queue:
            self.push(len(self.queue))
            self.pull(1000)


@pytest.fixture
def desks(server: Server) -> list[Desk]:
    return [server.person(name, ScopeRole.SPECIALIST, "VN/t2") for name in ("linh", "minh", "thu")]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(_STEP, min_size=16, max_size=30))
def test_whatever_the_order_all_copies_become_equal_and_no_edit_vanishes(
    server: Server, desks: list[Desk], steps: list[tuple[str, int, Any]]
) -> None:
    cases = [desks[0].case(title="begun", severity="S4") for _ in range(2)]
    copies = [Copy(desk, cases) for desk in desks]
    for copy in copies:
        copy.pull(1000)
    for number, (what, who, how) in enumerate(steps):
        getattr(copies[who], what)(how, number) if what == "edit" else getattr(copies[who], what)(how)
    for copy in copies:
        copy.drain()
    for copy in copies:
        copy.pull(1000)
    _equal(desks)
    _nothing_vanished(server, copies)
    assert problems(server.owner) == []


def _equal(desks: list[Desk]) -> None:
    first, *others = ({r: (row.version, row.data) for r, row in desk.records.items()} for desk in desks)
    shared = {record: row for record, row in first.items() if desks[0].records[record].scope == "VN/desk"}
    for other in others:
        assert shared == {record: row for record, row in other.items() if record in shared}
    trailer = desks[0].trailer
    assert trailer is not None
    marks = [mark(record, version) for record, (version, _data) in shared.items()]
    assert (len(marks), total(marks)) == trailer.checks["VN/desk"]


def _nothing_vanished(server: Server, copies: list[Copy]) -> None:
    records = copies[0].desk.records
    conflicts = [row.data for row in records.values() if row.kind == "conflict" and row.data]
    replaced = server.rows(
        "SELECT p -> 2 FROM change, json_array_elements(patch) AS p WHERE kind IN ('case', 'conflict') AND ver > 0"
        " AND p ->> 0 = 'set'"
    )
    seen = str(conflicts) + str(replaced)
    for copy in copies:
        for case, field, word in copy.written:
            data = records[case].data or {}
            assert field != "tags" or word in data["tags"]
            assert field != "title" or data["title"] == word or f"'{word}'" in seen
    assert all(conflict["theirs_by"] != conflict["mine_by"] for conflict in conflicts)
