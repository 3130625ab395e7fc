"""What somebody is told of: once, only what concerns them, and again when it was put off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Form, Severity, Urgency
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.contacts.records import PocRequest, RequestState
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.notices import Notice, NoticeKind
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.journal import noticing, seed
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from escalation_desk.journal.work import Work

BEGUN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


class Watch:
    def __init__(self) -> None:
        self.now = BEGUN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def journal(tmp_path: Path, watch: Watch) -> Iterator[Journal]:
    made = Journal(tmp_path, bytes(32), watch)
    made.set_profile(User(full_name="Nguyễn Hà Linh", login="linh"))
    yield made
    made.close()


@pytest.fixture
def case(journal: Journal) -> Case:
    with journal.entry("A case") as work:
        return work.add(Case(title="Parcel lost", owner=work.me))


def look(journal: Journal, watch: Watch) -> list[Notice]:
    me = journal.profile
    assert me is not None
    with journal.short() as made:
        return noticing.look(made, me, watch.now)


def kinds(found: list[Notice]) -> list[str]:
    return sorted(one.kind.value for one in found)


def as_colleague(journal: Journal, act: Any) -> None:
    """Do something as somebody else at this desk."""
    me = journal.profile
    assert me is not None
    with journal.entry("A colleague") as work:
        bao = work.find(User, "bao") or work.add(User(full_name="Trần Quốc Bảo", login="bao"))
        work.flush()
        act(work, bao)
    journal.local('UPDATE entry SET "by" = ? WHERE number = (SELECT max(number) FROM entry)', (bao.id,))


def test_a_promise_is_told_a_quarter_of_an_hour_before_its_time_and_once(
    journal: Journal, case: Case, watch: Watch
) -> None:
    due = BEGUN + timedelta(hours=1)
    with journal.entry("Promise") as work:
        work.add(FollowUp(case=case.id, text="Call back", due_at=due, owner=work.me))
    assert look(journal, watch) == []
    me = journal.profile
    assert me is not None
    with journal.short() as made:
        assert noticing.next_moment(made, me, watch.now) == due
    watch.now = due - noticing.BEFORE
    (one,) = look(journal, watch)
    assert (one.kind, one.about, one.what) == (NoticeKind.PROMISE, case.id, "Call back")
    watch.now = due
    assert look(journal, watch) == []


def test_a_promise_that_was_moved_is_told_again_at_its_new_time(journal: Journal, case: Case, watch: Watch) -> None:
    with journal.entry("Promise") as work:
        held = work.add(FollowUp(case=case.id, text="Call back", due_at=BEGUN, owner=work.me))
    assert kinds(look(journal, watch)) == ["promise"]
    me = journal.profile
    assert me is not None
    with journal.entry("Move") as work:
        acts.move_due(work.get(FollowUp, held.id), BEGUN + timedelta(minutes=5), "busy", me, work.now)
    assert kinds(look(journal, watch)) == ["promise"]


def test_the_promise_of_a_colleague_and_one_that_is_done_are_not_told(
    journal: Journal, case: Case, watch: Watch
) -> None:
    as_colleague(journal, lambda work, bao: work.add(FollowUp(case=case.id, text="Theirs", due_at=BEGUN, owner=bao.id)))
    with journal.entry("Promise") as work:
        held = work.add(FollowUp(case=case.id, text="Mine", due_at=BEGUN, owner=work.me))
        acts.finish(held, work.now)
    assert look(journal, watch) == []


def test_what_was_put_off_comes_again_until_it_is_read(journal: Journal, case: Case, watch: Watch) -> None:
    with journal.entry("Promise") as work:
        work.add(FollowUp(case=case.id, text="Call back", due_at=BEGUN, owner=work.me))
    (one,) = look(journal, watch)
    later = BEGUN + timedelta(minutes=10)
    journal.local(noticing.SNOOZE, (instant_text(later), one.key))
    assert look(journal, watch) == []
    watch.now = later
    assert look(journal, watch) == [one]
    journal.local(noticing.MARK_READ, (instant_text(later), one.key))
    watch.now += timedelta(days=1)
    assert look(journal, watch) == []


def test_a_case_given_by_another_and_a_call_by_name_are_told_but_not_what_i_did_myself(
    journal: Journal, case: Case, watch: Watch
) -> None:
    me = journal.profile
    assert me is not None
    look(journal, watch)
    with journal.entry("My own") as work:
        mine = work.get(Case, case.id)
        work.add(acts.say(mine, f"@{me.full_name} to myself", me, work.now, form=Form.NOTE))
    assert look(journal, watch) == []

    def call(work: Work, bao: User) -> None:
        held = work.get(Case, case.id)
        work.add(acts.say(held, f"@{me.full_name} please look", bao, work.now, form=Form.NOTE))
        other = work.add(Case(title="Taken by nobody"))
        work.flush()
        acts.assign(work.get(Case, other.id), me.id)

    as_colleague(journal, call)
    assert kinds(look(journal, watch)) == ["given", "mentioned"]
    assert look(journal, watch) == []


def test_an_offer_an_answer_and_a_silent_authority_are_told(journal: Journal, case: Case, watch: Watch) -> None:
    me = journal.profile
    assert me is not None
    with journal.entry("Ask") as work:
        work.add(
            PocRequest(
                case=case.id, team="LEGAL", ask="May we?", owner=me.id, state=RequestState.ANSWERED, answered_at=BEGUN
            )
        )
        work.add(
            Escalation(
                case=case.id,
                authority="LEGAL",
                reason="Threat of a lawsuit",
                decision_asked="Settle?",
                raised_by=me.id,
                ack_due_at=BEGUN - timedelta(minutes=5),
            )
        )
    as_colleague(journal, lambda work, bao: acts.offer(work.add(Case(title="Yours?", owner=bao.id)), me, bao, work.now))
    found = look(journal, watch)
    assert kinds(found) == ["answered", "authority", "offered"]
    assert [one.critical for one in found if one.kind is NoticeKind.AUTHORITY] == [True]


def test_what_is_long_past_when_somebody_comes_back_is_left_to_the_lists(
    journal: Journal, case: Case, watch: Watch
) -> None:
    with journal.entry("Promise") as work:
        work.add(FollowUp(case=case.id, text="Old", due_at=BEGUN - timedelta(days=9), owner=work.me))
    assert look(journal, watch) == []


def test_a_clock_of_mine_warns_before_its_end_and_is_missed_once(tmp_path: Path, watch: Watch) -> None:
    journal = open_desk_of(tmp_path, watch)
    with journal.entry("A case") as work:
        work.add(Case(title="Urgent", owner=work.me, severity=Severity.S2, urgency=Urgency.U1, received_at=BEGUN))
    me = journal.profile
    assert me is not None
    seen: list[str] = []
    for _minute in range(12 * 60):
        with journal.short() as made:
            moment = noticing.next_moment(made, me, watch.now)
        if moment is None or moment > BEGUN + timedelta(minutes=31):
            break
        watch.now = moment
        seen += kinds(look(journal, watch))
    assert seen == ["warned", "warned", "warned", "warned", "missed"], "half, three quarters, ten minutes, nine tenths"
    assert look(journal, watch) == []
    journal.close()


def open_desk_of(folder: Path, watch: Watch) -> Journal:
    made = Journal(folder / "seeded", bytes(32), watch)
    seed.plant(made)
    made.set_profile(User(full_name="Nguyễn Hà Linh", login="linh"))
    look(made, watch)
    return made


def escalation(journal: Journal, case: Case, **said: Any) -> None:
    with journal.entry("Escalation", kind="fact") as work:
        work.add(Escalation(case=case.id, authority="A", reason="Late", decision_asked="Pay?", **said))


def authority(journal: Journal, watch: Watch) -> list[str]:
    return [one.key for one in look(journal, watch) if one.kind is NoticeKind.AUTHORITY]


def test_the_owner_is_told_when_a_level_that_nobody_raised_is_silent_too(
    journal: Journal, case: Case, watch: Watch
) -> None:
    escalation(journal, case, state=EscalationState.TIMED_OUT, ended_at=BEGUN, ack_due_at=BEGUN)
    assert len(authority(journal, watch)) == 1


def test_what_is_so_for_good_is_told_once_however_long_ago_it_was_read(
    journal: Journal, case: Case, watch: Watch
) -> None:
    escalation(journal, case, state=EscalationState.TIMED_OUT, ended_at=BEGUN, ack_due_at=BEGUN)
    with journal.entry("Offer", kind="fact") as work:
        held = work.get(Case, case.id)
        held.offered_to, held.offered_at = work.me, work.now
    assert len(look(journal, watch)) == 2
    told = []
    for _day in range(20):
        with journal.short() as made:
            made.execute(noticing.MARK_ALL_READ, (instant_text(watch.now),))
        watch.now += timedelta(days=1)
        told += look(journal, watch)
    assert told == []


def test_an_authority_that_nobody_has_told_in_time_is_said_at_that_moment(
    journal: Journal, case: Case, watch: Watch
) -> None:
    by = BEGUN + timedelta(minutes=15)
    escalation(journal, case, notify_due_at=by, raised_by=case.owner)
    assert authority(journal, watch) == []
    with journal.writing() as made:
        assert journal.profile
        assert noticing.next_moment(made, journal.profile, watch.now) == by
    watch.now = by
    assert len(authority(journal, watch)) == 1


def test_a_date_from_outside_is_told_a_day_before_and_when_it_is_missed(
    journal: Journal, case: Case, watch: Watch
) -> None:
    due = BEGUN + timedelta(days=2)
    with journal.entry("Deadline") as work:
        work.add(Deadline(case=case.id, title="Evidence", due_at=due))
    assert look(journal, watch) == []
    found = []
    for moment in (due - timedelta(days=1), due):
        with journal.writing() as made:
            assert journal.profile
            assert noticing.next_moment(made, journal.profile, watch.now) == moment
        watch.now = moment
        found += [(one.kind, one.what) for one in look(journal, watch)]
    assert found == [(NoticeKind.WARNED, "Evidence"), (NoticeKind.MISSED, "Evidence")]


def test_my_clocks_are_found_by_my_cases_and_not_among_all_that_run(journal: Journal) -> None:
    with journal.writing() as made:
        steps = [row[3] for row in made.execute(f"EXPLAIN QUERY PLAN {noticing._MY_CLOCKS}", ("me", "a", "b"))]
    assert [step.split(" (")[0] for step in steps] == [
        "SEARCH c USING INDEX case_filtered",
        "SEARCH k USING INDEX clock_of_case",
    ]
