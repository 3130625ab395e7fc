"""The proof of sync.md §6: whatever is typed, lost, doubled, delayed, cut or killed, in the end all desks are one.

The real engine, real SQLite files, the real application, a real PostgreSQL; only the wire and the clocks are ours.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
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
from escalation_desk.journal.connection import connect
from escalation_desk.journal.sharing import scopes
from escalation_desk.sync import disagreements
from escalation_desk.sync.refusals import SignedOut
from tests.sync.stations import KEY, Killed, Office, Station

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.server.serving import Server

FAULTS = ("", "question lost", "answer lost", "twice", "late", "cut", "expired", "busy", "broken")
POINTS = ("told", "before outcomes", "after outcomes", "read", "before page", "after page")
RUNS, STEPS, PARTS = 120, 30, 6  # In parts, so that they can run side by side.
_number = itertools.count(1)

who = st.integers(0, 2)
which = st.integers(0, 5)


class Prepared:
    """Three workstations that are signed in, kept so that each run begins with copies of them and of the server."""

    _GOOD_FOR = 600.0  # Seconds; then the tokens that lie in the copies will soon have run out.

    def __init__(self, office: Office) -> None:
        self.office = office
        self._folders: list[Path] = []
        self._until = 0.0
        self._copies = itertools.count(1)
        self.team = self.other_team = ""

    def begin(self) -> list[Station]:
        if time.monotonic() > self._until:
            self._prepare()
        self.office.give_back("fresh", sessions=True)
        self.office.server.app.state.sessions.forget()
        desks = [self.office.begin(self._copy(folder), folder.name) for folder in self._folders]
        try:
            desks[0].sync()
        except SignedOut:  # The tokens in the copies count no more; nothing was done with them yet.
            self._until = 0.0
            for desk in desks:
                desk.close()
                self.office.stations.remove(desk)
            return self.begin()
        return desks

    def _copy(self, folder: Path) -> Path:
        return Path(shutil.copytree(folder, self.office.folder / f"copy-{next(self._copies)}"))

    def _prepare(self) -> None:
        """Two of the people see both teams, the third only the first."""
        generation = next(_number)
        teams = f"p{generation}", f"q{generation}"
        scopes_of = [[f"VN/{team}" for team in teams], [f"VN/{team}" for team in teams], [f"VN/{teams[0]}"]]
        desks = [self.office.station(f"person{generation}.{one}", *given) for one, given in enumerate(scopes_of)]
        for desk in desks:
            desk.sync()
        self.team, self.other_team = (
            str(desks[0].rows("SELECT id FROM team WHERE code = ?", team)[0][0]) for team in teams
        )
        for desk in desks:
            desk.sync()
            desk.close()
            self.office.stations.remove(desk)
        self._folders = [desk.folder for desk in desks]
        self.office.keep("fresh")
        self._until = time.monotonic() + self._GOOD_FOR


class Shared(RuleBasedStateMachine):
    """Three people, three workstations, the cases of two teams."""

    prepared: Prepared

    @initialize()
    def begin(self) -> None:
        self.office = self.prepared.office
        self.desks = self.prepared.begin()
        self.team, self.other_team = self.prepared.team, self.prepared.other_team
        for desk, rows in zip(self.desks, (2, 5, None), strict=True):
            desk.rows_to_a_page = rows
        self.known: list[tuple[type[Any], str]] = []
        self.backed_up = False

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

    @rule(one=who, record=which, there=st.booleans())
    def hand_over(self, one: int, record: int, there: bool) -> None:
        """Give a case to another team, which the third person does not see."""
        team = self.other_team if there else self.team
        self._edit(one, record, lambda case, _work, _desk: setattr(case, "team", team))

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

    @rule()
    def all_sync(self) -> None:
        for desk in self.desks:
            desk.sync()

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
    def disk_full(self, one: int) -> None:
        """Let the file not grow while the desk speaks with the server."""
        made = self.desks[one].engine._made
        (pages,) = made.execute("PRAGMA page_count").fetchone()
        made.execute(f"PRAGMA max_page_count = {pages}")
        with suppress(Refused, Fault):
            self.desks[one].sync()
        made.execute("PRAGMA max_page_count = 1073741823")

    @rule(one=who, point=st.sampled_from(POINTS))
    def locked(self, one: int, point: str) -> None:
        """Let another program write for a moment, just when the desk wants to."""
        desk = self.desks[one]
        other = connect(desk.journal.path, KEY, writes=True)
        done = threading.Timer(0.03, lambda: other.execute("COMMIT"))

        def hold(passed: str) -> None:
            if passed == point and not other.in_transaction and done.ident is None:
                other.execute("BEGIN IMMEDIATE")
                done.start()

        desk.at = hold
        with suppress(Fault):
            desk.sync()
        desk.at = None
        if done.ident is not None:
            done.join()
        other.close()

    @rule()
    def back_up(self) -> None:
        self.office.keep("backup")
        self.backed_up = True

    @rule()
    def restore(self) -> None:
        """Let the server come back from its backup, or from how all began. What it lost comes again."""
        self.office.give_back("backup" if self.backed_up else "fresh")
        self.office.begin_another_life()

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
            self._come_to_rest()
            assert not any(desk.differed for desk in self.desks), "only reading all anew made them one"
            self._all_are_one()
            self._nothing_twice()
            self._nothing_vanished_or_was_overwritten()
            self._nobody_disagrees_with_himself()
        finally:
            for desk in self.desks:
                desk.close()
                self.office.stations.remove(desk)
                shutil.rmtree(desk.folder)

    def _come_to_rest(self) -> None:
        """Let everybody sync until nobody has anything to tell or to hear, which takes a few rounds and no more."""
        for _round in range(5):
            reports = [desk.sync() for desk in self.desks]
            if not any(report.pushed or report.pulled for report in reports):
                return
        raise AssertionError(reports)

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
        typed = {
            row[0]
            for desk in self.desks
            for row in desk.rows(
                "SELECT id FROM entry WHERE workstation = ? AND mid IS NOT NULL", desk.journal.workstation
            )
        }
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


def _prove(server: Server, folder: Path, runs: int, steps: int, part: int = 0) -> None:
    machine = type("SharedHere", (Shared,), {"prepared": Prepared(Office(server, folder))})
    run_state_machine_as_test(
        seed(part)(machine),
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


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: programs are killed here, not computers, so no disk is needed."""
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(prefix="desk-proof-", dir=memory if os.access(memory, os.W_OK) else tmp_path))
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize("part", range(PARTS))
def test_all_desks_become_one_whatever_happens(server: Server, folder: Path, part: int) -> None:
    _prove(server, folder, RUNS // PARTS, STEPS, part)


@pytest.mark.soak
def test_all_desks_become_one_whatever_happens_five_thousand_times(server: Server, folder: Path) -> None:
    _prove(server, folder, runs=5_000, steps=50)
