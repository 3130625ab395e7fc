"""Links, parts, merges and splits: read from both sides, undone at one go, and no case is ever out of reach."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Direction, Form
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.closing.gates import G_RES, Asked, missing_at
from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.linking.records import CaseLink, LinkForm, Problem, ProblemState
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import escalations, guarding, linking, merged, problems, reading, telling
from escalation_desk.journal.checking import problems as faults
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def me(journal: Journal) -> User:
    found = journal.profile
    assert found is not None
    return found


def cases(journal: Journal, count: int, **said: Any) -> list[str]:
    with journal.entry("New") as work:
        return [work.add(Case(title=f"Refund {number}", **said)).id for number in range(count)]


def read(journal: Journal, case: str) -> Case:
    with journal.writing() as made:
        return reading.record(made, Case, case)


def words(journal: Journal, case: str) -> list[tuple[str, str]]:
    with journal.writing() as made:
        return [(one.word, one.record) for one in linking.links_of(made, case)]


def link(journal: Journal, case: str, other: str, form: LinkForm, *, back: bool = False) -> str:
    with journal.entry("Link") as work:
        return linking.add(work, case, other, form, me(journal), back=back).id


def merge(journal: Journal, source: str, target: str) -> None:
    with journal.entry("Merge") as work:
        linking.merge(work, source, target, me(journal))


def unmerge(journal: Journal, source: str) -> None:
    with journal.entry("Unmerge") as work:
        linking.unmerge(work, source)


def test_a_link_is_read_from_both_sides_in_the_word_of_each(desk: Journal) -> None:
    first, second = cases(desk, 2)
    link(desk, first, second, LinkForm.DUPLICATE)

    assert words(desk, first) == [("Duplicate of", second)]
    assert words(desk, second) == [("Has the duplicate", first)]


def test_a_link_can_be_made_from_the_other_side(desk: Journal) -> None:
    whole, part = cases(desk, 2)
    link(desk, whole, part, LinkForm.CHILD, back=True)

    assert words(desk, part) == [("Part of", whole)]


def test_a_link_is_changed_and_removed_and_one_undo_brings_it_back(desk: Journal) -> None:
    first, second = cases(desk, 2)
    made = link(desk, first, second, LinkForm.RELATED)
    with desk.entry("Change") as work:
        linking.change(work, made, LinkForm.REPEAT, why="called again")
    with desk.entry("Remove") as work:
        linking.remove(work, made)
    assert words(desk, first) == words(desk, second) == []

    desk.undo()
    assert words(desk, second) == [("Came again as", first)]
    desk.undo()
    assert words(desk, first) == [("Related to", second)]


def test_the_same_link_is_not_made_twice_nor_a_mutual_one_from_the_other_side(desk: Journal) -> None:
    first, second = cases(desk, 2)
    link(desk, first, second, LinkForm.SAME_ORDER)
    for one, other in ((first, second), (second, first)):
        with pytest.raises(Refused, match="in this way already"):
            link(desk, one, other, LinkForm.SAME_ORDER)
    link(desk, first, second, LinkForm.FOLLOW_UP)
    with pytest.raises(Refused, match="with itself"):
        link(desk, first, first, LinkForm.RELATED)


def test_a_case_is_never_a_part_of_its_own_part(desk: Journal) -> None:
    first, second, third = cases(desk, 3)
    link(desk, second, first, LinkForm.CHILD)
    link(desk, third, second, LinkForm.CHILD)

    with pytest.raises(Refused, match="itself a part"):
        link(desk, first, third, LinkForm.CHILD)
    with pytest.raises(Refused, match="of another case already"):
        link(desk, third, first, LinkForm.CHILD)
    with desk.writing() as made:
        assert [one.id for one in linking.parts(made, first)] == [second]


def test_a_whole_is_not_closed_while_a_part_is_open(desk: Journal) -> None:
    whole, part = cases(desk, 2)
    link(desk, part, whole, LinkForm.CHILD)
    with desk.writing() as made:
        around = guarding.surroundings(made, read(desk, whole))
    assert [one.id for one in around.parts] == [part]


def test_what_was_merged_shows_with_the_target_and_says_where_it_comes_from(desk: Journal, clock: Any) -> None:
    source, target = cases(desk, 2)
    with desk.entry("Note") as work:
        work.add(acts.internal_note(work.get(Case, source), "The carrier has it", me(desk), work.now))
    clock.advance(hours=1)
    merge(desk, source, target)

    with desk.writing() as made:
        said = [(one.text, one.origin) for one in telling.timeline(made, target) if one.kind == "message"]
        kept = [one.text for one in telling.timeline(made, source) if one.kind == "message"]
    assert said == [("The carrier has it", read(desk, source).case_no)]
    assert kept == ["The carrier has it"]
    assert not read(desk, source).live
    assert words(desk, target) == [("Stands for", source)]
    assert words(desk, source) == [("Merged into", target)]


@pytest.mark.parametrize("back", ["undo", "unmerge"])
def test_undo_and_unmerge_restore_exactly_what_was(desk: Journal, back: str) -> None:
    source, target = cases(desk, 2)
    before = {one: reading.as_data(read(desk, one)) for one in (source, target)}
    merge(desk, source, target)
    if back == "undo":
        desk.undo()
    else:
        unmerge(desk, source)

    for one, was in before.items():
        now = reading.as_data(read(desk, one))
        changed = {name for name in now if now[name] != was[name]}
        # What the clocks follow notes that it was merged and that it no longer is; all else is as it was.
        assert changed <= {"updated_at", "updated_by", "last_activity_at", "phases"}
    with desk.writing() as made:
        assert [one.text for one in telling.timeline(made, target)] == []


def test_a_case_is_not_merged_into_one_that_is_merged(desk: Journal) -> None:
    first, second, third = cases(desk, 3)
    merge(desk, first, second)
    with pytest.raises(Refused, match="merge into that one"):
        merge(desk, third, first)
    with pytest.raises(Refused, match="merge into that one"):
        merge(desk, second, first)


def test_only_a_lead_merges_cases_of_different_requesters(desk: Journal) -> None:
    """domain.md §9.4, 10."""
    with desk.entry("People") as work:
        one, other = (work.add(Party(display_name=name)).id for name in ("An", "Bình"))
    (first,), (second,) = cases(desk, 1, requester=one), cases(desk, 1, requester=other)

    with pytest.raises(Refused, match="only a lead"):
        merge(desk, first, second)
    with desk.writing() as made, pytest.raises(Refused, match="only a lead"):
        linking.plan(made, first, second, me(desk))


def test_the_preview_says_what_would_move_before_anything_does(desk: Journal) -> None:
    source, target = cases(desk, 2)
    with desk.entry("Work") as work:
        held = work.get(Case, source)
        work.add(acts.internal_note(held, "one", me(desk), work.now))
        work.add(acts.promise("call back", work.now, me(desk), case=source))
    with desk.writing() as made:
        plan = linking.plan(made, source, target, me(desk))

    assert (plan.entries, plan.follow_ups, plan.files, plan.across) == (1, 1, 0, False)
    assert ("title", "Refund 0", "Refund 1") in plan.differences
    assert read(desk, source).merged_into is None


def test_an_entry_becomes_a_linked_case_and_stays_where_it_was(desk: Journal) -> None:
    (origin,) = cases(desk, 1, orders=frozenset({"24-1"}))
    with desk.entry("Said") as work:
        said = work.add(
            Message(case=origin, body="And my other parcel?", form=Form.MESSAGE, direction=Direction.IN, at=work.now)
        ).id
    with desk.entry("Split") as work:
        made = linking.split(work, said, "Other parcel", me(desk)).id

    new = read(desk, made)
    assert (new.title, new.owner, new.orders) == ("Other parcel", me(desk).id, frozenset({"24-1"}))
    assert words(desk, made) == [("Split from", origin)]
    assert words(desk, origin) == [("Split off into", made)]
    with desk.writing() as conn:
        assert [one.text for one in telling.timeline(conn, made) if one.kind == "message"] == ["And my other parcel?"]
        assert [one.form for one in telling.timeline(conn, origin) if one.kind == "message"] == ["message", "note"]
    desk.undo()
    assert words(desk, origin) == []


def test_a_problem_is_told_to_all_its_open_cases_and_solved_with_a_cause(desk: Journal) -> None:
    first, second = cases(desk, 2)
    with desk.entry("Begin") as work:
        problem = problems.begin(work, "Vouchers fail", me(desk)).id
    with desk.entry("Join") as work:
        for case in (first, second):
            problems.join(work, case, problem, me(desk))
    with desk.entry("Tell") as work:
        assert problems.note_to_all(work, problem, "Fixed by noon", me(desk)) == 2

    assert words(desk, first) == [("Comes from", problem)]
    with desk.writing() as made:
        assert [one.id for one in problems.cases_of(made, problem)] == [first, second]
        assert "Fixed by noon" in telling.timeline(made, second)[0].text
    with pytest.raises(Refused, match="what the cause was"), desk.entry("Solve") as work:
        problems.move(work, problem, ProblemState.SOLVED, me(desk))
    with desk.entry("Solve") as work:
        work.get(Problem, problem).cause = "A wrong price list"
        problems.move(work, problem, ProblemState.SOLVED, me(desk))
    assert read(desk, first).live  # Its cases are closed by people, one by one.


def test_problems_are_numbered_one_after_the_other(desk: Journal) -> None:
    with desk.entry("Begin") as work:
        first = problems.begin(work, "One", me(desk)).number
    with desk.entry("Begin") as work:
        second = problems.begin(work, "Two", me(desk)).number
    assert (first[-4:], second[-4:]) == ("0001", "0002")


class Web(RuleBasedStateMachine):
    """Any sequence of merges, unmerges, links, undo and redo."""

    make: Callable[[], Journal]

    @initialize()
    def begin(self) -> None:
        self.journal = self.make()
        with self.journal.entry("New", kind="fact") as work:  # Nobody undoes the cases themselves.
            self.ids = [work.add(Case(title=f"Refund {number}")).id for number in range(5)]
        self.plain = {one: self._own(one) for one in self.ids}

    def _own(self, case: str) -> tuple[object, ...]:
        held = read(self.journal, case)
        return held.title, held.status, held.owner, held.orders

    def _do(self, act: Callable[[Any], object]) -> None:
        with suppress(Refused), self.journal.entry("Do") as work:
            act(work)

    @rule(one=st.integers(0, 4), other=st.integers(0, 4))
    def merge(self, one: int, other: int) -> None:
        self._do(lambda work: linking.merge(work, self.ids[one], self.ids[other], me(self.journal)))

    @rule(one=st.integers(0, 4))
    def unmerge(self, one: int) -> None:
        self._do(lambda work: linking.unmerge(work, self.ids[one]))

    @rule(one=st.integers(0, 4), other=st.integers(0, 4), form=st.sampled_from(list(LinkForm)), back=st.booleans())
    def link(self, one: int, other: int, form: LinkForm, back: bool) -> None:
        self._do(lambda work: linking.add(work, self.ids[one], self.ids[other], form, me(self.journal), back=back))

    @rule(which=st.integers(0, 9), form=st.sampled_from(list(LinkForm)))
    def change(self, which: int, form: LinkForm) -> None:
        held = self._links()
        if held:
            self._do(lambda work: linking.change(work, held[which % len(held)].id, form))

    @rule(which=st.integers(0, 9))
    def remove(self, which: int) -> None:
        held = self._links()
        if held:
            self._do(lambda work: linking.remove(work, held[which % len(held)].id))

    @rule(back=st.booleans())
    def undo(self, back: bool) -> None:
        with suppress(Refused):
            self.journal.undo() if back else self.journal.redo()

    def _links(self) -> list[CaseLink]:
        with self.journal.writing() as made:
            return reading.all_of(made, CaseLink)

    @invariant()
    def every_case_is_reached_and_there_is_no_circle(self) -> None:
        with self.journal.writing() as made:
            held = {one.id: one for one in reading.all_of(made, Case)}
            for one in held.values():
                end = merged.stands_for(made, "case", one.id)
                assert held[end].merged_into is None
                assert end == one.id or one.id in merged.parts_of(made, end)
                assert one.live == (one.merged_into is None)
                assert one.id not in linking.above(made, one.id)

    @invariant()
    def both_sides_tell_of_a_link(self) -> None:
        with self.journal.writing() as made:
            seen = [(one.link, case) for case in self.ids for one in linking.links_of(made, case) if one.link]
        assert sorted(one for one, _case in seen) == sorted(2 * [one.id for one in self._links()])

    def teardown(self) -> None:
        for one in self.ids:
            if read(self.journal, one).merged_into:
                unmerge(self.journal, one)
        assert {one: self._own(one) for one in self.ids} == self.plain
        assert all(read(self.journal, one).live for one in self.ids)
        with self.journal.writing() as made:
            assert faults(made) == []
        self.journal.close()


def test_no_sequence_of_merges_and_links_makes_a_circle_or_loses_a_case(tmp_path: Path) -> None:
    count = iter(range(10_000))
    ticking = iter(datetime(2026, 11, 24, 8, tzinfo=UTC) + timedelta(seconds=at) for at in range(10_000_000))

    def make() -> Journal:
        made = Journal(tmp_path / str(next(count)), bytes(32), lambda: next(ticking))
        made.set_profile(User(full_name="Lan", login="lan"))
        return made

    class Here(Web):
        pass

    Here.make = staticmethod(make)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )


def test_pitfall_11_what_is_merged_is_never_due_and_never_escalates(desk: Journal, clock: Any) -> None:
    source, target = cases(desk, 2)
    with desk.entry("Work") as work:
        held = work.get(Case, source)
        held.due_at = work.now
        raised = Escalation(case=source, authority="GOVERNANCE", reason="No answer", decision_asked="Unblock")
        raised.ack_due_at = work.now
        work.add(raised)
        work.add(acts.promise("call back", work.now, me(desk), case=source))
    clock.advance(minutes=5)
    with desk.writing() as made:
        assert len(escalations.silent(made, desk.now())) == 1
    merge(desk, source, target)

    with desk.writing() as made:
        assert escalations.silent(made, desk.now()) == []
    gone = read(desk, source)
    assert (gone.next_due_at, gone.sla_due_at) == (None, None)
    unmerge(desk, source)
    assert read(desk, source).next_due_at is not None


# What was merged stays owed


def owe(journal: Journal, case: str, *, by: datetime) -> tuple[str, str]:
    """Give a case a promise and an external deadline."""
    with journal.entry("Owe") as work:
        who = me(journal)
        date = work.add(Deadline(case=case, title="Evidence", due_at=by))
        return work.add(acts.promise("Call", by, who, case=case)).id, date.id


def test_what_a_merged_case_owes_is_due_on_the_case_that_stands_for_it(desk: Journal) -> None:
    first, second, third = cases(desk, 3)
    due = desk.now() + timedelta(hours=1)
    owe(desk, first, by=due)
    merge(desk, first, second)
    merge(desk, second, third)
    found = read(desk, third)
    assert (found.promise_due_at, found.breach_due_at, found.next_due_at) == (due, due, due)
    assert read(desk, second).next_due_at is None
    desk.undo()
    assert (read(desk, third).next_due_at, read(desk, second).next_due_at) == (None, due)


def test_a_deadline_that_is_met_on_a_merged_case_is_due_nowhere_any_more(desk: Journal) -> None:
    first, second = cases(desk, 2)
    _promise, date = owe(desk, first, by=desk.now() + timedelta(hours=1))
    merge(desk, first, second)
    with desk.entry("Met") as work:
        work.get(Deadline, date).met_at = work.now
    assert read(desk, second).breach_due_at is None


def test_what_a_merged_case_owes_keeps_the_case_that_stands_for_it_from_being_resolved(desk: Journal) -> None:
    first, second = cases(desk, 2)
    owe(desk, first, by=desk.now() - timedelta(hours=1))
    merge(desk, first, second)
    with desk.writing() as made:
        around = guarding.surroundings(made, reading.record(made, Case, second))
    missing = missing_at(G_RES, Asked(read(desk, second), around, me(desk), desk.now()))
    assert {"promises", "deadlines"} <= {one.code for one in missing}
