"""Prove what comes from the server: laid under what waits, once and whole, and gone when it is not ours any more."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Severity
from escalation_desk.casework.fields import field_of, whole
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import reading
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import connect
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.searching import search
from escalation_desk.journal.sharing import outbox, scopes
from escalation_desk.journal.sharing.learning import learn
from escalation_desk.journal.sharing.receiving import Incoming, Page, Rules, receive
from escalation_desk.sync.merging import merge
from escalation_desk.sync.messages import Change, Said, mark, total

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = Rules(merge, mark)
SCOPE = "VN/t2"


class Kept(NamedTuple):
    """A record at the server."""

    kind: str
    seq: int
    version: int
    deleted: bool
    data: dict[str, Any]


class Server:
    """As little of a server as these tests need: it merges what it is told, and tells what it has, in order."""

    def __init__(self) -> None:
        self.records: dict[str, Kept] = {}
        self.entries: list[tuple[int, Said]] = []
        self.seq = 0
        self.last_mid = 0

    def put(self, kind: str, record: str, by: str | None = None, **data: Any) -> None:
        """Let a colleague set fields."""
        old = self.records.get(record, Kept(kind, 0, 0, False, {}))
        self.seq += 1
        self.records[record] = Kept(kind, self.seq, old.version + 1, False, {**old.data, **data})
        changes = tuple(Change(kind, record, "set", name, old.data.get(name), value) for name, value in data.items())
        if not old.version:
            changes = (Change(kind, record, "create", None, None, data),)
        said = Said(new_id(_NOW), "Edit {case}", {"case": "x"}, "do", "2026-11-24T07:00:00Z", by, "elsewhere", changes)
        self.entries.append((self.seq, said))

    def drop(self, record: str) -> None:
        self.seq += 1
        old = self.records[record]
        self.records[record] = old._replace(seq=self.seq, version=old.version + 1, deleted=True)

    def take(self, waiting: outbox.Waiting) -> None:
        if waiting.mid <= self.last_mid:
            return
        assert waiting.mid == self.last_mid + 1
        self.last_mid = waiting.mid
        for change in waiting.changes:
            self._apply(change)

    def _apply(self, change: outbox.Told) -> None:
        old = self.records.get(change.record, Kept(change.kind, 0, 0, False, {}))
        data, deleted = dict(old.data), old.deleted
        if change.op == "create":
            data = {**data, **change.after}
        elif change.op == "set":
            data[change.field or ""] = merge(_field(change), change.before, data.get(change.field or ""), change.after)[
                0
            ]
        deleted = change.op == "delete" or (deleted and change.op != "restore")
        self.seq += 1
        self.records[change.record] = Kept(change.kind, self.seq, old.version + 1, deleted, data)

    def page(self, after: int, limit: int = 1000) -> Page:
        rows = sorted((kept.seq, record, kept) for record, kept in self.records.items() if kept.seq > after)
        told, complete = rows[:limit], len(rows) <= limit
        until = self.seq if complete else told[-1][0]
        return Page(
            rows=[
                Incoming(SCOPE, seq, "deleted" if kept.deleted else "in", kept.kind, record, kept.version, kept.data)
                for seq, record, kept in told
            ],
            entries=[said for seq, said in self.entries if after < seq <= until],
            epoch="e1",
            cursors={SCOPE: until},
            complete=complete,
            last_mid=self.last_mid,
            scopes={SCOPE: "specialist"},
        )

    def check(self) -> dict[str, tuple[int, int]]:
        standing = [(record, kept.version) for record, kept in self.records.items() if not kept.deleted]
        return {SCOPE: (len(standing), total(mark(*one) for one in standing))}


def _field(change: outbox.Told) -> Any:
    return field_of(kind_of(change.kind), change.field or "")


_NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Side:
    """A desk and its own connection to what the server says."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.made = connect(journal.path, journal.key, writes=True)

    def push(self, server: Server) -> None:
        outbox.give_mids(self.made)
        for batch in outbox.batches(self.made, server.last_mid, 500, 1_000_000):
            for waiting in batch:
                server.take(waiting)

    def pull(self, server: Server, limit: int = 1000) -> None:
        complete = False
        while not complete:
            page = server.page(self.seq, limit)
            receive(self.made, page, RULES, self.journal.now())
            complete = page.complete

    @property
    def seq(self) -> int:
        return next((cursor.seq for cursor in scopes.cursors(self.made)), 0)

    def holds(self) -> dict[str, Any]:
        """Show all that stands here, as the server would write it."""
        return {
            record.id: dict(whole(record)) for kind in (Case, Message) for record in reading.all_of(self.made, kind)
        }

    def apart(self) -> int:
        return int(self.made.execute("SELECT count(*) FROM base WHERE data IS NOT NULL").fetchone()[0])


@pytest.fixture
def side(desk: Journal) -> Iterator[Side]:
    made = Side(desk)
    yield made
    made.made.close()


def _case(title: str = "Parcel lost", **more: Any) -> dict[str, Any]:
    return {**whole(Case(title=title, case_no="AAAA-000001")), **more}


def _served(server: Server) -> dict[str, Any]:
    return {
        record: {name: value for name, value in kept.data.items() if value is not None}
        for record, kept in server.records.items()
        if not kept.deleted and kept.kind in {"case", "message"}
    }


def test_what_a_colleague_made_is_here_found_and_told_with_the_colleagues_name(side: Side) -> None:
    server, linh = Server(), new_id(_NOW)
    server.put("user", linh, full_name="Linh", login="linh", roles=["specialist"])
    case = new_id(_NOW)
    server.put("case", case, by=linh, **_case("Đơn hàng thất lạc", owner=linh, status="open"))
    server.put("case", case, by=linh, title="Đơn hàng chưa giao")
    side.pull(server)
    assert reading.record(side.made, Case, case).title == "Đơn hàng chưa giao"
    assert [hit.record for hit in search(side.made, "chua giao ")] == [case]
    newest = reading.history(side.made, case)[0]
    assert (newest.by, newest.before, newest.after) == (linh, "Đơn hàng thất lạc", "Đơn hàng chưa giao")
    assert reading.find(side.made, Case, "no:AAAA-000001") is not None
    assert not scopes.differing(side.made, server.check())
    assert side.journal.waiting() == 1  # who works here, and nothing that came


def test_what_waits_stays_in_sight_and_other_fields_come_through(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    side.pull(server)
    with side.journal.entry("Edit") as work:
        work.get(Case, case).tags = frozenset({"mine"})
    server.put("case", case, title="Parcel found", tags=["theirs"])
    side.pull(server)
    held = reading.record(side.made, Case, case)
    assert held.title == "Parcel found"
    assert held.tags == frozenset({"mine", "theirs"})
    assert side.apart() == 1
    side.push(server)
    side.pull(server)
    assert side.apart() == 0
    assert side.holds() == _served(server)
    assert side.journal.waiting() == 0


def test_a_field_that_stays_in_conflict_shows_what_the_server_has(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    side.pull(server)
    with side.journal.entry("Edit") as work:
        work.get(Case, case).title = "Mine"
    server.put("case", case, title="Theirs")
    side.push(server)
    side.pull(server)
    assert reading.record(side.made, Case, case).title == "Theirs"
    assert "Mine" in [change.after for change in reading.history(side.made, case)]


def test_undo_is_refused_where_a_colleague_changed_the_same_since(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    side.pull(server)
    with side.journal.entry("Edit") as work:
        work.get(Case, case).carrier = "GHN"
    side.push(server)
    server.put("case", case, carrier="VNPost")
    side.pull(server)
    with pytest.raises(Refused, match="changed since"):
        side.journal.undo()


def test_undo_of_a_case_is_refused_once_a_colleague_has_worked_on_it(side: Side) -> None:
    server = Server()
    with side.journal.entry("New") as work:
        case = work.add(Case(title="New one")).id
    side.push(server)
    side.pull(server)
    server.put("case", case, carrier="VNPost")
    side.pull(server)
    with pytest.raises(Refused, match="worked on"):
        side.journal.undo()


def test_a_page_that_comes_twice_changes_nothing(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    server.put("message", new_id(_NOW), case=case, body="Hello", form="note")
    page = server.page(0)
    assert receive(side.made, page, RULES, side.journal.now())
    before = list(side.made.iterdump()) if hasattr(side.made, "iterdump") else side.holds()
    assert not receive(side.made, page, RULES, side.journal.now())
    after = list(side.made.iterdump()) if hasattr(side.made, "iterdump") else side.holds()
    assert after == before


def test_what_is_refused_stays_in_the_history_and_leaves_the_lists(side: Side) -> None:
    server = Server()
    with side.journal.entry("New") as work:
        case = work.add(Case(title="Not mine to make")).id
    outbox.give_mids(side.made)
    server.last_mid = side.made.execute("SELECT max(mid) FROM entry").fetchone()[0]
    side.made.execute("UPDATE entry SET outcome = ? WHERE mid = ?", (outbox.outcome("refused", "No."), server.last_mid))
    side.pull(server)
    with pytest.raises(Refused):
        reading.record(side.made, Case, case)
    assert reading.history(side.made, case)[0].after["title"] == "Not mine to make"
    assert not search(side.made, "mine to make ")


def test_an_edit_that_is_refused_gives_way_to_what_the_server_has(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    side.pull(server)
    with side.journal.entry("Edit") as work:
        work.get(Case, case).title = "Not mine to say"
    with side.journal.entry("Delete") as work:
        work.remove(work.get(Case, case))
    outbox.give_mids(side.made)
    server.last_mid = side.made.execute("SELECT max(mid) FROM entry").fetchone()[0]
    assert not search(side.made, "parcel lost ")
    side.pull(server)
    assert side.holds() == _served(server)
    assert [hit.record for hit in search(side.made, "parcel lost ")] == [case]


def test_an_older_page_that_comes_late_changes_nothing(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    late = server.page(0)
    server.put("case", case, title="Newer")
    side.pull(server)
    assert not receive(side.made, late, RULES, side.journal.now())
    assert reading.record(side.made, Case, case).title == "Newer"
    side.pull(server)
    assert not scopes.differing(side.made, server.check())


def test_fields_and_kinds_of_a_newer_version_are_kept_as_they_came(side: Side) -> None:
    server, case, other = Server(), new_id(_NOW), new_id(_NOW)
    server.put("case", case, **_case(mood="stormy", severity="s9"))
    server.put("robot", other, name="R2")
    side.pull(server)
    kept = side.made.execute("SELECT unknown FROM base WHERE record = ?", (case,)).fetchone()[0]
    assert json.loads(kept) == {"mood": "stormy", "severity": "s9"}
    assert reading.record(side.made, Case, case).severity is Severity.S4
    raw = side.made.execute("SELECT data FROM base WHERE record = ?", (other,)).fetchone()[0]
    assert json.loads(raw) == {"name": "R2"}
    assert not scopes.differing(side.made, server.check())


def test_after_an_update_the_fields_that_were_kept_take_their_place(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case(mood="stormy"))
    side.pull(server)
    # As an older version left it, which knew of no carrier.
    side.made.execute("UPDATE base SET unknown = ?", (json.dumps({"mood": "stormy", "carrier": "GHN"}),))
    assert learn(side.made, side.journal.now()) == {("case", case)}
    assert reading.record(side.made, Case, case).carrier == "GHN"
    assert json.loads(side.made.execute("SELECT unknown FROM base").fetchone()[0]) == {"mood": "stormy"}
    assert not learn(side.made, side.journal.now())


def test_a_scope_that_is_lost_leaves_no_word_on_this_disk(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case("Confidential kumquat"))
    side.pull(server)
    with side.journal.entry("Edit {title}", title="kumquat") as work:
        work.get(Case, case).summary = "kumquat again"
    side.push(server)
    side.pull(server)
    page = Page([], [], "e1", {}, True, server.last_mid, {})
    receive(side.made, page, RULES, side.journal.now())
    side.made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    text = "\n".join(
        str(row) for table in ('"case"', "change", "entry", "base", "natural_key") for row in _all(side, table)
    )
    assert "kumquat" not in text
    assert not search(side.made, "kumquat ")
    assert scopes.cursors(side.made) == []


def _all(side: Side, table: str) -> list[Any]:
    return list(side.made.execute(f"SELECT * FROM {table}").fetchall())


def test_a_record_that_left_its_scope_is_gone_and_one_that_moved_is_not(side: Side) -> None:
    server, here, gone = Server(), new_id(_NOW), new_id(_NOW)
    server.put("case", here, **_case("Stays"))
    server.put("case", gone, **_case("Goes", case_no="AAAA-000002"))
    side.pull(server)
    rows = [
        Incoming(SCOPE, 3, "out", "case", here, 2, None),
        Incoming(SCOPE, 4, "out", "case", gone, 2, None),
        Incoming("VN/t3", 1, "in", "case", here, 2, server.records[here].data),
    ]
    granted = {SCOPE: "specialist", "VN/t3": "specialist"}
    receive(side.made, Page(rows, [], "e1", {SCOPE: 4, "VN/t3": 1}, True, 0, granted), RULES, side.journal.now())
    assert side.holds().keys() == {here}
    assert not scopes.differing(side.made, {SCOPE: (0, 0), "VN/t3": (1, mark(here, 2))})


def test_a_scope_read_anew_loses_what_the_server_lost_and_keeps_what_waits(side: Side) -> None:
    server, kept, lost = Server(), new_id(_NOW), new_id(_NOW)
    server.put("case", kept, **_case())
    server.put("case", lost, **_case("Lost", case_no="AAAA-000002"))
    side.pull(server)
    with side.journal.entry("Edit") as work:
        work.get(Case, kept).carrier = "GHN"
    del server.records[lost]
    scopes.read_anew(side.made, [SCOPE])
    side.pull(server)
    assert side.holds().keys() == {kept}
    assert reading.record(side.made, Case, kept).carrier == "GHN"
    assert not scopes.differing(side.made, server.check())


def test_large_entries_go_in_parts_and_small_ones_together(side: Side) -> None:
    with side.journal.entry("Many") as work:
        for number in range(60):
            work.add(Case(title=f"Case {number}", description="word " * 400))
    for number in range(5):
        with side.journal.entry("One") as work:
            work.add(Case(title=f"Single {number}"))
    outbox.give_mids(side.made)
    batches = list(outbox.batches(side.made, 0, 3, 100_000))
    parts = [one for batch in batches for one in batch if one.parts > 1]
    assert [one.part for one in parts] == list(range(1, parts[0].parts + 1))
    assert sum(len(one.changes) for one in parts) == 60
    assert all(len(batch) == 1 for batch in batches if batch[0].parts > 1)
    assert [len(batch) for batch in batches if batch[0].parts == 1] == [1, 3, 2]
    assert [one.mid for batch in batches for one in batch if one.part == 1] == list(range(1, 8))


def test_a_deletion_says_which_version_was_seen(side: Side) -> None:
    server, case = Server(), new_id(_NOW)
    server.put("case", case, **_case())
    server.put("case", case, carrier="GHN")
    side.pull(server)
    with side.journal.entry("Delete") as work:
        work.remove(work.get(Case, case))
    (told,) = side.made.execute("SELECT \"before\" FROM change WHERE op = 'delete'").fetchone()
    assert json.loads(told) == 2


_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("title"), st.sampled_from(["a", "b", "c"])),
        st.tuples(st.just("tags"), st.frozensets(st.sampled_from("xyz"), max_size=2)),
        st.tuples(st.just("description"), st.sampled_from(["one\n", "one\ntwo\n", "two\n", ""])),
        st.tuples(st.just("severity"), st.sampled_from(list(Severity))),
        st.tuples(st.just("their title"), st.sampled_from(["a", "b", "d"])),
        st.tuples(st.just("their tags"), st.lists(st.sampled_from("wxy"), unique=True, max_size=2).map(sorted)),
        st.tuples(st.just("their severity"), st.sampled_from([one.value for one in Severity])),
        st.tuples(
            st.sampled_from(["undo", "remove", "their remove", "push", "refuse", "pull", "page", "anew", "new"]),
            st.none(),
        ),
    ),
    max_size=25,
)


@settings(max_examples=50)
@given(acts=_ACTS)
def test_in_any_order_nothing_flickers_and_in_the_end_both_sides_are_one(
    acts: list[tuple[str, Any]], tmp_path_factory: pytest.TempPathFactory, key: bytes
) -> None:
    folder: Path = tmp_path_factory.mktemp("desk")
    journal = Journal(folder, key, lambda: _NOW)
    journal.set_profile(User(full_name="Lan", login="lan"))
    side, server, case = Side(journal), Server(), new_id(_NOW)
    try:
        server.put("case", case, **_case("a", status=CaseStatus.NEW.value))
        side.pull(server)
        for act, value in acts:
            _do(side, server, case, act, value)
        side.push(server)
        side.pull(server)
        assert side.holds() == _served(server)
        assert side.apart() == 0
        assert journal.waiting() == 0
        assert not scopes.differing(side.made, server.check())
        assert problems(side.made) == []
    finally:
        side.made.close()
        journal.close()


def _do(side: Side, server: Server, case: str, act: str, value: Any) -> None:  # noqa: C901 - one line for each act.
    try:
        match act.split():
            case ["their", "remove"]:
                server.drop(case)
            case ["their", name]:
                server.put("case", case, **{name: value})
            case ["undo"]:
                side.journal.undo()
            case ["push"]:
                side.push(server)
            case ["refuse"]:
                outbox.give_mids(side.made)
                server.last_mid = side.made.execute("SELECT ifnull(max(mid), 0) FROM entry").fetchone()[0]
            case ["pull"]:
                side.pull(server, limit=1)
            case ["page"]:
                receive(side.made, server.page(side.seq, 1), RULES, side.journal.now())
            case ["anew"]:
                scopes.read_anew(side.made, [SCOPE])
            case ["new"]:
                with side.journal.entry("New") as work:
                    work.add(Case(title="fresh"))
            case ["remove"]:
                with side.journal.entry("Remove") as work:
                    work.remove(work.get(Case, case))
            case [name]:
                with side.journal.entry("Edit") as work:
                    setattr(work.get(Case, case), name, value)
                assert getattr(reading.record(side.made, Case, case), name) == value
    except Refused:
        pass
