"""The proof of sync.md §6: whatever is typed, lost, doubled, delayed, cut or killed, in the end all desks are one.

The real engine, real SQLite files, the real application, a real PostgreSQL; only the wire and the clocks are ours.
"""

from __future__ import annotations

import itertools
import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CancelReason, CaseStatus, ReopenReason, Severity
from escalation_desk.casework.fields import Merge, field_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.journal.checking import problems
from escalation_desk.journal.sharing import scopes
from escalation_desk.sync import disagreements
from tests.sync.stations import Killed, Office, Station

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.server.serving import Server

FAULTS = ("", "question lost", "answer lost", "twice", "late", "cut", "expired", "busy", "broken")
POINTS = ("told", "before outcomes", "after outcomes", "read", "before page", "after page")
_number = itertools.count(1)

who = st.integers(0, 2)
which = st.integers(0, 5)


class Shared(RuleBasedStateMachine):
    """Three people, three workstations, one team's cases. Each run has a team, and so scopes, of its own."""

    office: Office

    @initialize()
    def begin(self) -> None:
        number = next(_number)
        scope = f"VN/p{number}"
        self.team_scope = scope
        self.desks = [self.office.station(f"person{number}.{one}", scope) for one in range(3)]
        self.team = self._team(f"p{number}")
        for desk, rows in zip(self.desks, (2, 5, None), strict=True):
            desk.rows_to_a_page = rows
            desk.restart()
        self.known: list[tuple[type[Any], str]] = []

    def _team(self, code: str) -> str:
        for desk in self.desks:
            desk.sync()
        ((team,),) = self.desks[0].rows("SELECT id FROM team WHERE code = ?", code)
        return str(team)

    def _do(self, one: int, work: Callable[[Station], object]) -> None:
        with suppress(Refused):
            work(self.desks[one])

    def _edit(self, one: int, record: int, change: Callable[[Any, Any, Station], None], kind: type[Any] = Case) -> None:
        mine = [known for of, known in self.known if of is kind]
        if not mine:
            return
        chosen = mine[record % len(mine)]

        def work(desk: Station) -> None:
            with desk.journal.entry("Edit") as entry:
                change(entry.get(kind, chosen), entry, desk)

        self._do(one, work)

    # What people do

    @rule(one=who, title=st.sampled_from("abc"))
    def make(self, one: int, title: str) -> None:
        with self.desks[one].journal.entry("New case") as work:
            case = work.add(Case(title=title, team=self.team, description="first\nsecond\nthird\n"))
        self.known.append((Case, case.id))

    @rule(one=who, name=st.sampled_from("abc"))
    def make_seller(self, one: int, name: str) -> None:
        with self.desks[one].journal.entry("New seller") as work:
            seller = work.add(Seller(shop_name=name))
        self.known.append((Seller, seller.id))

    @rule(one=who, record=which, name=st.sampled_from(["title", "carrier", "tracking"]), value=st.sampled_from("abcde"))
    def edit(self, one: int, record: int, name: str, value: str) -> None:
        self._edit(one, record, lambda case, _work, _desk: setattr(case, name, value))

    @rule(one=who, record=which, value=st.sampled_from("abcde"))
    def edit_seller(self, one: int, record: int, value: str) -> None:
        self._edit(one, record, lambda seller, _work, _desk: setattr(seller, "shop_name", value), Seller)

    @rule(one=who, record=which, tags=st.frozensets(st.sampled_from("uvwxyz"), max_size=3))
    def tag(self, one: int, record: int, tags: frozenset[str]) -> None:
        self._edit(one, record, lambda case, _work, _desk: setattr(case, "tags", tags))

    @rule(one=who, record=which, severity=st.sampled_from(list(Severity)))
    def judge(self, one: int, record: int, severity: Severity) -> None:
        self._edit(one, record, lambda case, _work, _desk: setattr(case, "severity", severity))

    @rule(one=who, record=which, line=st.integers(0, 2), word=st.sampled_from("abc"))
    def write(self, one: int, record: int, line: int, word: str) -> None:
        def change(case: Case, _work: Any, _desk: Station) -> None:
            lines = case.description.splitlines(keepends=True)
            if lines:
                lines[line % len(lines)] = f"{word}\n"
            case.description = "".join(lines)

        self._edit(one, record, change)

    @rule(one=who, record=which, words=st.sampled_from(["hello", "xin chào", "apa kabar"]))
    def say(self, one: int, record: int, words: str) -> None:
        def change(case: Case, work: Any, desk: Station) -> None:
            work.add(acts.internal_note(case, words, desk.me, work.now))

        self._edit(one, record, change)

    @rule(one=who, record=which)
    def take(self, one: int, record: int) -> None:
        def change(case: Case, work: Any, desk: Station) -> None:
            note = acts.take(case, desk.me, work.now, why="it is mine to do")
            if note:
                work.add(note)

        self._edit(one, record, change)

    @rule(one=who, record=which, to=st.sampled_from(list(CaseStatus)))
    def move(self, one: int, record: int, to: CaseStatus) -> None:
        def change(case: Case, work: Any, desk: Station) -> None:
            acts.move(case, to, desk.me, work.now, CancelReason.DUPLICATE, next(iter(ReopenReason)))

        self._edit(one, record, change)

    @rule(one=who, record=which)
    def remove(self, one: int, record: int) -> None:
        self._edit(one, record, lambda case, work, _desk: work.remove(case))

    @rule(one=who)
    def undo(self, one: int) -> None:
        self._do(one, lambda desk: desk.journal.undo())

    @rule(one=who)
    def redo(self, one: int) -> None:
        self._do(one, lambda desk: desk.journal.redo())

    @rule(one=who, record=which, take=st.sampled_from(["mine", "theirs", "both"]))
    def settle(self, one: int, record: int, take: str) -> None:
        def work(desk: Station) -> None:
            with desk.journal.writing() as made:
                listed = disagreements.listed(made)
            if listed:
                disagreements.resolve(desk.journal, listed[record % len(listed)].id, take)

        self._do(one, work)

    # What happens to them

    @rule(one=who, faults=st.lists(st.sampled_from(FAULTS), max_size=4))
    def sync(self, one: int, faults: list[str]) -> None:
        try:
            self.desks[one].sync(*faults)
        except (Refused, Fault):
            if not faults:
                raise

    @rule(one=who, point=st.sampled_from(POINTS), times=st.integers(1, 2))
    def killed(self, one: int, point: str, times: int) -> None:
        desk = self.desks[one]
        desk.kill_at = (point, times)
        try:
            desk.sync()
        except Killed:
            desk.restart()
        desk.kill_at = None

    @rule(one=who, days=st.sampled_from([-1, 0, 1]))
    def clock_jumps(self, one: int, days: int) -> None:
        self.desks[one].clock.off = timedelta(days=days)

    @rule(one=who)
    def other_life(self, one: int) -> None:
        """Read everything anew, as after a purge."""
        desk = self.desks[one]
        scopes.read_anew(desk.engine._made, [cursor.scope for cursor in scopes.cursors(desk.engine._made)])

    # What must hold in the end

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        try:
            for _round in range(4):
                for desk in self.desks:
                    desk.sync()
            self._all_are_one()
            self._nothing_twice()
            self._nothing_vanished_or_was_overwritten()
            self._nobody_disagrees_with_himself()
        finally:
            for desk in self.desks:
                desk.close()
                self.office.stations.remove(desk)

    def _all_are_one(self) -> None:
        for desk in self.desks:
            granted = [row[0] for row in desk.rows("SELECT scope FROM cursor")]
            served = self.office.served(granted)
            held = desk.held()
            assert held == {record: one for record, one in served.items() if one[0] in KINDS}
            assert desk.waiting() == 0
            assert desk.rows("SELECT count(*) FROM base WHERE data IS NOT NULL") == [(0,)]
            with desk.journal.writing() as made:
                assert problems(made) == []

    def _entries(self) -> list[tuple[Station, str, str, str, str, str, Any, Any]]:
        return [
            (desk, entry, kind, record, op, name, _value(before), _value(after))
            for desk in self.desks
            for entry, kind, record, op, name, before, after in desk.rows(
                'SELECT e.id, c.kind, c.record, c.op, c.field, c."before", c."after" FROM change c '
                "JOIN entry e ON e.number = c.entry WHERE e.workstation = ? AND e.mid IS NOT NULL",
                desk.journal.workstation,
            )
        ]

    def _nothing_twice(self) -> None:
        clients = [desk.journal.workstation for desk in self.desks]
        told = self.office.server.rows("SELECT entry::text FROM mutation WHERE client = ANY(%s::uuid[])", clients)
        assert len(told) == len(set(told))
        typed = {entry for _desk, entry, *_rest in self._entries()}
        assert {row[0] for row in told} == typed

    def _nothing_vanished_or_was_overwritten(self) -> None:
        """Look at fields whose edits either apply or are a conflict; the others become one by their own rules."""
        records = {record for _kind, record in self.known}
        done = self._done()
        contested = {(data["about"], data.get("field_name"), _said(data.get("mine"))) for data in self._conflicts()}
        refused = {
            row[0] for row in self.office.server.rows("SELECT entry::text FROM mutation WHERE state = 'refused'")
        }
        for _desk, entry, kind, record, op, name, before, after in self._entries():
            plain = op == "set" and field_of(KINDS[kind], name).declared.merge is Merge.PLAIN
            if not plain or record not in records or entry in refused:
                continue
            here = done.get((record, name), [])
            assert after in [became for _stood, became, _by in here] or (record, name, after) in contested
            assert all(stood == before for stood, _became, by in here if by == entry), "overwritten unseen"

    def _done(self) -> dict[tuple[str, str], list[tuple[Any, Any, str]]]:
        """List what each field of each record went through at the server: from, to, by which entry."""
        done: dict[tuple[str, str], list[tuple[Any, Any, str]]] = {}
        for record, entry, patch in self.office.server.rows(
            "SELECT c.record::text, m.entry::text, c.patch FROM change c JOIN mutation m USING (client, mid) "
            "WHERE c.record = ANY(%s::uuid[])",
            [record for _kind, record in self.known],
        ):
            for op, name, before, after in patch:
                became = {name: after} if op == "set" else after or {}
                for field, value in became.items():
                    done.setdefault((record, field), []).append((before, value, entry))
        return done

    def _conflicts(self) -> list[dict[str, Any]]:
        return [
            row[0]
            for row in self.office.server.rows(
                "SELECT data FROM record WHERE kind = 'conflict' AND data->>'about' = ANY(%s)",
                [record for _kind, record in self.known],
            )
        ]

    def _nobody_disagrees_with_himself(self) -> None:
        for data in self._conflicts():
            if data.get("form", "both_changed") == "both_changed":
                assert data.get("theirs_by") != data.get("mine_by"), data


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _said(side: Any) -> Any:
    return None if side is None else side.get("value")


def _machine(server: Server, folder: Path) -> type[Shared]:
    office = Office(server, folder)
    return type("SharedHere", (Shared,), {"office": office})


def _prove(server: Server, folder: Path, runs: int, steps: int) -> None:
    run_state_machine_as_test(
        _machine(server, folder),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Each run takes a second: to look for a shorter one that fails as well would take an hour.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            report_multiple_bugs=False,
        ),
    )


def test_all_desks_become_one_whatever_happens(server: Server, tmp_path: Path) -> None:
    _prove(server, tmp_path, runs=RUNS, steps=STEPS)


@pytest.mark.soak
def test_all_desks_become_one_whatever_happens_five_thousand_times(server: Server, tmp_path: Path) -> None:
    _prove(server, tmp_path, runs=5_000, steps=50)


RUNS, STEPS = 40, 30
