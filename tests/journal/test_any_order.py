"""Whatever is done in whatever order: undo leads back exactly, redo forth, facts follow, and the desk stays whole."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from escalation_desk.casework.case import Case, priority_of
from escalation_desk.casework.choices import (
    CaseStatus,
    FollowUpForm,
    FollowUpState,
    NoteForm,
    Priority,
    RiskFlag,
    SellerRisk,
    SellerSegment,
    SellerStatus,
    Severity,
    Urgency,
)
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.states import ways_from
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import merging
from escalation_desk.journal.checking import problems
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.reading import all_of
from escalation_desk.journal.searching import INDEXES

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.work import Work

Picture = dict[str, Any]
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

# Who and when of the last change, and the activity that follows from it, move on with every undo, as they should.
MOVING = {"seq", "updated_at", "updated_by", "last_activity_at"}

moments = st.integers(0, 60 * 24 * 30).map(lambda minutes: START + timedelta(minutes=minutes))
texts = st.text(min_size=1, max_size=12).filter(lambda text: text.strip("\x00 \n\t\r") != "").map(lambda t: f"x{t}")
seeds = st.integers(0, 10_000)

CASE_EDITS: dict[str, st.SearchStrategy[Any]] = {
    "title": texts,
    "description": st.text(max_size=20),
    "severity": st.sampled_from(Severity),
    "urgency": st.sampled_from(Urgency),
    "risk_flags": st.frozensets(st.sampled_from(RiskFlag), max_size=2),
    "due_at": st.none() | moments,
    "amount": st.none() | st.decimals("-9e9", "9e9", places=5),
    "tags": st.frozensets(st.text(max_size=4), max_size=2),
    "affected_count": st.none() | st.integers(-5, 5_000_000),
    "flagged": st.booleans(),
}
case_edits = st.fixed_dictionaries({}, optional=CASE_EDITS).filter(bool)
seller_edits = st.fixed_dictionaries(
    {},
    optional={
        "shop_name": texts,
        "contact_every_days": st.none() | st.integers(0, 90),
        "segment": st.sampled_from(SellerSegment),
        "risk": st.none() | st.sampled_from(SellerRisk),
        "status": st.sampled_from(SellerStatus),
        "tags": st.frozensets(texts, max_size=2),
        "since": st.none() | st.dates(),
        "creator": st.booleans(),
    },
)
ENTRY_KINDS = st.sampled_from(["do", "do", "do", "import"])


class AnyOrder(RuleBasedStateMachine):
    """One person at one desk; a stack of pictures says what undo and redo must lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = START
        self.key = bytes(range(32))
        self.desk = Journal(self.folder / "desk", self.key, lambda: self.now)
        self.numbers = 0
        self.done: list[tuple[Picture, Picture]] = []
        self.undone: list[tuple[Picture, Picture]] = []

    def teardown(self) -> None:
        """In the end, all of it is taken back to the first day and done again."""
        while self.done:
            self._undo()
            self.facts_follow_from_the_records()
        while self.undone:
            self._redo()
        self.facts_follow_from_the_records()
        self.whole()
        self.desk.close()
        shutil.rmtree(self.folder)

    @initialize()
    def a_few_things_to_work_on(self) -> None:
        def make(work: Work) -> None:
            sellers = [work.add(Seller(shop_name="Shop", external_ids=frozenset({self._number()}))) for _n in range(2)]
            for seller in sellers:
                case = work.add(Case(title="Case", seller=seller.id, due_at=START, received_at=START))
                work.add(Message(case=case.id, body="Said", at=START))
                work.add(FollowUp(text="Call", due_at=START, case=case.id, form=FollowUpForm.PROMISE, seller=seller.id))
                work.add(SellerNote(seller=seller.id, topic="Talk", at=START))

        self._do(make)

    # What a person does.

    @rule(edits=case_edits, kind=ENTRY_KINDS, of=seeds)
    def new_case(self, edits: dict[str, Any], kind: str, of: int) -> None:
        def make(work: Work) -> None:
            seller = self._one(Seller, of)
            case = Case(**{"title": "Case", **edits}, seller=seller.id if seller else None, crm="x")
            case.crm_number = self._number()
            case.received_at = self.now - timedelta(hours=of % 100)
            work.add(case)

        self._do(make, kind)

    @rule(edits=seller_edits, kind=ENTRY_KINDS)
    def new_seller(self, edits: dict[str, Any], kind: str) -> None:
        seller = Seller(**{"shop_name": "Shop", **edits}, external_ids=frozenset({self._number()}))
        self._do(lambda work: work.add(seller), kind)

    @rule(which=seeds, edits=case_edits, kind=ENTRY_KINDS)
    def edit_case(self, which: int, edits: dict[str, Any], kind: str) -> None:
        self._do(lambda work: _edit(work, self._one(Case, which), edits), kind)

    @rule(which=seeds, edits=seller_edits, ids=st.booleans())
    def edit_seller(self, which: int, edits: dict[str, Any], ids: bool) -> None:
        if ids:
            edits = {**edits, "external_ids": frozenset({self._number(), self._number()})}
        self._do(lambda work: _edit(work, self._one(Seller, which), edits))

    @rule(which=seeds, to=seeds)
    def hand_to_another_seller(self, which: int, to: int) -> None:
        seller = self._one(Seller, to)
        self._do(lambda work: _edit(work, self._one(Case, which), {"seller": seller.id if seller else None}))

    @rule(which=seeds, way=seeds)
    def move_case(self, which: int, way: int) -> None:
        def move(work: Work) -> None:
            case = self._one(Case, which)
            ways = ways_from(case.status) if case else ()
            if ways:
                reasons = {"cancel_reason": "test", "reopen_reason": "not_fixed", "owner": "lan"}
                _edit(work, case, {"status": ways[way % len(ways)], **reasons})

        self._do(move)

    @rule(about=seeds, body=texts, at=moments)
    def write_message(self, about: int, body: str, at: datetime) -> None:
        case = self._one(Case, about)
        if case:
            self._do(lambda work: work.add(Message(case=case.id, body=body, at=at)))

    @rule(about=seeds, of_seller=st.booleans(), due=moments, form=st.sampled_from(FollowUpForm))
    def promise(self, about: int, of_seller: bool, due: datetime, form: FollowUpForm) -> None:
        case, seller = self._one(Case, about), self._one(Seller, about)
        made = FollowUp(text="Call", due_at=due, form=form, case=case.id if case else None)
        made.seller = seller.id if seller and of_seller else None
        self._do(lambda work: work.add(made))

    @rule(which=seeds, due=moments, state=st.sampled_from(FollowUpState))
    def change_promise(self, which: int, due: datetime, state: FollowUpState) -> None:
        self._do(lambda work: _edit(work, self._one(FollowUp, which), {"due_at": due, "state": state}))

    @rule(about=seeds, at=st.none() | moments, further=st.none() | moments, form=st.sampled_from(NoteForm))
    def note(self, about: int, at: datetime | None, further: datetime | None, form: NoteForm) -> None:
        seller = self._one(Seller, about)
        if seller:
            note = SellerNote(seller=seller.id, topic="Talk", at=at, form=form, next_contact_at=further)
            self._do(lambda work: work.add(note))

    @rule(kind=st.sampled_from([Case, Seller, FollowUp, Message, SellerNote]), which=seeds, edits=st.booleans())
    def delete(self, kind: type[Record], which: int, edits: bool) -> None:
        def remove(work: Work) -> None:
            found = self._one(kind, which)
            if found:
                mine = work.get(kind, found.id)
                if isinstance(mine, Case) and edits:
                    mine.title = "Last words"
                work.remove(mine)

        self._do(remove)

    @rule(which=seeds, flush=st.booleans(), title=texts)
    def make_and_delete(self, which: int, flush: bool, title: str) -> None:
        def both(work: Work) -> None:
            _edit(work, self._one(Case, which), {"title": title})
            made = work.add(Seller(shop_name=title, external_ids=frozenset({self._number()})))
            if flush:
                work.flush()
                made = work.get(Seller, made.id)
            work.remove(made)

        self._do(both)

    @rule(which=seeds)
    def fail(self, which: int) -> None:
        before = self.picture()
        with contextlib.suppress(Refused), self.desk.entry("Fail") as work:
            work.add(Seller(shop_name="Never", external_ids=frozenset({"never"})))
            _edit(work, self._one(Case, which), {"title": "Never"})
            work.flush()
            work.add(Case(title=""))
        self._see(before)

    @rule(one=seeds, into=seeds)
    def merge_sellers(self, one: int, into: int) -> None:
        source, target = self._one(Seller, one), self._one(Seller, into)
        if source and source.id != target.id and not source.merged_into and not target.merged_into:
            self._do(lambda work: merging.merge(work, Seller, source.id, target.id))

    @rule(which=seeds)
    def take_merge_apart(self, which: int) -> None:
        merged = [seller for seller in self._all(Seller) if seller.merged_into]
        targets = {seller.id for seller in self._all(Seller)}
        if merged and merged[which % len(merged)].merged_into in targets:
            self._do(lambda work: merging.unmerge(work, Seller, merged[which % len(merged)].id))

    # What time and people do to it.

    @rule(minutes=st.integers(0, 5_000))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def open_again(self) -> None:
        self.desk.close()
        self.desk = Journal(self.folder / "desk", self.key, lambda: self.now)

    @rule(back=st.integers(1, 3), forth=st.integers(0, 3))
    def undo_and_redo(self, back: int, forth: int) -> None:
        for _time in range(back):
            self._undo()
        for _time in range(forth):
            self._redo()

    @rule(back=st.integers(1, 5))
    def undo_some(self, back: int) -> None:
        for _time in range(back):
            self._undo()

    def _undo(self) -> None:
        if self.done:
            before, after = self.done.pop()
            self._see(after)
            self.desk.undo()
            self._see(before)
            self.undone.append((before, after))

    def _redo(self) -> None:
        if self.undone:
            before, after = self.undone.pop()
            self._see(before)
            self.desk.redo()
            self._see(after)
            self.done.append((before, after))

    # What always holds.

    @invariant()
    def whole(self) -> None:
        with self.desk.writing() as made:
            assert problems(made) == []

    @invariant()
    def offers_what_can_be_undone_and_redone(self) -> None:
        assert bool(self.desk.undoable()) == bool(self.done)
        assert bool(self.desk.redoable()) == bool(self.undone)

    @invariant()
    def facts_follow_from_the_records(self) -> None:
        with self.desk.writing() as made:
            activity = dict(
                made.execute(
                    "SELECT c.record, max(e.at) FROM change c JOIN entry e ON e.number = c.entry "
                    "WHERE c.op <> 'create' AND e.kind <> 'import' GROUP BY c.record"
                )
            )
            cases, sellers = all_of(made, Case), all_of(made, Seller)
            notes, promises, messages = all_of(made, SellerNote), all_of(made, FollowUp), all_of(made, Message)
            merged = made.execute("SELECT id, merged_into FROM seller WHERE merged_into IS NOT NULL").fetchall()
        for case in cases:
            own = [p for p in promises if p.case == case.id]
            said = [m.at for m in messages if m.case == case.id]
            did = activity.get(case.id)
            assert _facts_of_case(case) == _computed_case(case, own, said, datetime.fromisoformat(did) if did else None)
        for seller in sellers:
            names = {seller.id, *(source for source, target in merged if target == seller.id)}
            assert _facts_of_seller(seller) == _computed_seller(
                seller,
                [n for n in notes if n.seller in names],
                sum(c.live for c in cases if c.seller == seller.id),
                [p for p in promises if p.seller in names],
            )

    # How it is looked at.

    def picture(self) -> Picture:
        """Everything that is there for anybody: living records, names, words that are found."""
        seen: Picture = {}
        with self.desk.writing() as made:
            for kind in KINDS:
                asked = made.execute(f'SELECT * FROM "{kind}" WHERE deleted_at IS NULL')
                columns = [column[0] for column in asked.description]
                rows = [dict(zip(columns, row, strict=True)) for row in asked]
                seen[kind] = {row["id"]: {n: v for n, v in row.items() if n not in MOVING} for row in rows}
            seen["names"] = set(made.execute("SELECT kind, key, record FROM natural_key"))
            for kind, index in INDEXES.items():
                seen[f"words of {kind}"] = _words(made, kind, index.words)
                if index.codes:
                    seen[f"codes of {kind}"] = _words(made, kind, index.codes)
        return seen

    def _see(self, wanted: Picture) -> None:
        seen = self.picture()
        assert {part: seen[part] for part in seen if seen[part] != wanted[part]} == {
            part: wanted[part] for part in seen if seen[part] != wanted[part]
        }

    def _do(self, act: Any, kind: str = "do") -> None:
        before, entries = self.picture(), self._entries()
        self.desk.guarded = False  # Who may go which way is asked in test_guarding; here every way is gone.
        with self.desk.entry("Act", kind=kind) as work:
            act(work)
        if self._entries() > entries:
            self.done.append((before, self.picture()))
            self.undone.clear()
        else:
            self._see(before)

    def _entries(self) -> int:
        with self.desk.writing() as made:
            return int(made.execute("SELECT count(*) FROM entry").fetchone()[0])

    def _all(self, kind: type[Any]) -> list[Any]:
        with self.desk.writing() as made:
            return all_of(made, kind)

    def _one(self, kind: type[Any], which: int) -> Any:
        found = self._all(kind)
        return found[which % len(found)] if found else None

    def _number(self) -> str:
        self.numbers += 1
        return f"no-{self.numbers}"


def _edit(work: Work, found: Any, values: dict[str, Any]) -> None:
    if found is None:
        return
    mine = work.get(type(found), found.id)
    for name, value in values.items():
        setattr(mine, name, value)


def _words(made: Any, kind: str, table: str) -> dict[str, frozenset[tuple[str, int]]]:
    """List the words under which search finds each living record, and where they stand."""
    made.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_{table} USING fts5vocab('main', '{table}', 'instance')"
    )
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for record, word, place in made.execute(
        f'SELECT r.id, w.term, w.offset FROM temp.words_{table} w JOIN "{kind}" r ON r.seq = w.doc'
    ):
        found[record].add((word, place))
    return {record: frozenset(words) for record, words in found.items()}


def _facts_of_case(case: Case) -> dict[str, Any]:
    names = ("priority", "live", "high_risk", "next_due_at", "promise_due_at", "last_activity_at")
    return {name: getattr(case, name) for name in names}


def _computed_case(
    case: Case, promises: list[FollowUp], said: list[datetime | None], did: datetime | None
) -> dict[str, Any]:
    live = case.status not in {CaseStatus.RESOLVED, CaseStatus.CLOSED, CaseStatus.CANCELLED}
    still = [p for p in promises if p.state is FollowUpState.OPEN]
    priority: Priority = case.priority_override or priority_of(case.severity, case.urgency)
    return {
        "priority": priority,
        "live": live,
        "high_risk": len(case.risk_flags) > 0,
        "next_due_at": _least([case.due_at, *(p.due_at for p in still)]) if live else None,
        "promise_due_at": _least([p.due_at for p in still if p.form is FollowUpForm.PROMISE]),
        "last_activity_at": _most([case.received_at, did, *said]),
    }


def _facts_of_seller(seller: Seller) -> dict[str, Any]:
    names = ("last_contact_at", "next_contact_at", "open_cases", "open_promises")
    return {name: getattr(seller, name) for name in names}


def _computed_seller(seller: Seller, notes: list[SellerNote], cases: int, promises: list[FollowUp]) -> dict[str, Any]:
    contact = _most([note.at for note in notes if note.form is not NoteForm.INTERNAL])
    further = [note.next_contact_at for note in notes if note.next_contact_at]
    agreed = _least([at for at in further if contact is None or at > contact])
    every = timedelta(days=seller.rhythm) if seller.rhythm else None
    return {
        "last_contact_at": contact,
        "next_contact_at": agreed or (contact + every if contact and every else None),
        "open_cases": cases,
        "open_promises": len([p for p in promises if p.state is FollowUpState.OPEN and p.form is FollowUpForm.PROMISE]),
    }


def _least(moments: list[datetime | None]) -> datetime | None:
    return min(filter(None, moments), default=None)


def _most(moments: list[datetime | None]) -> datetime | None:
    return max(filter(None, moments), default=None)


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_acts_undos_and_redos_in_any_order_lead_where_they_should() -> None:
    _run(examples=20, steps=25)


@pytest.mark.soak
def test_acts_undos_and_redos_in_any_order_lead_where_they_should_for_minutes() -> None:
    _run(examples=300, steps=50)
