"""The clocks of a case: the rules of the domain, the faults that other desks had, and a count minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_desk.casework.choices import CaseStatus, Direction, Priority, WaitingOn
from escalation_desk.casework.clocks.policies import Rules
from escalation_desk.casework.clocks.records import Calendar, SlaPolicy
from escalation_desk.casework.clocks.running import (
    Clock,
    ClockKind,
    ClockState,
    Facts,
    Phase,
    Spoken,
    clocks_of,
)
from escalation_desk.casework.clocks.working import DAYS, seconds

if TYPE_CHECKING:
    import random

S, P = CaseStatus, Priority
ALWAYS = {day: [["00:00", "24:00"]] for day in DAYS}
SHIFT = {day: [["09:00", "12:00"], ["13:00", "19:00"]] for day in DAYS}


def at(text: str) -> int:
    """Read an hour, on Monday 2 March 2026 or the day that is written before it, in Ho Chi Minh City."""
    day, _, hour = text.rpartition(" ")
    return seconds(datetime.fromisoformat(f"2026-03-{int(day or 2):02}T{hour:>05}:00+07:00"))


def policy(**said: Any) -> SlaPolicy:
    target = {"calendar": "DESK", "first_response_min": 60, "next_update_min": 120, "resolution_min": 240}
    targets = said.pop("targets", None) or (
        {"priority": "P0", **target, "calendar": "ALWAYS", "resolution_min": 120, "mitigation_min": 60},
        {"priority": "P1", **target, "resolution_min": 180},
        {"priority": "P2", **target},
        {"priority": "P3", **target, "resolution_min": 600, "update_mode": "reply_only"},
    )
    return SlaPolicy(**{"id": "std", "code": "STD", "labels": {"en": "Standard"}, "targets": targets, **said})


CALENDARS = (
    Calendar(code="ALWAYS", labels={"en": "Always"}, time_zone="UTC", week=ALWAYS),
    Calendar(code="DESK", labels={"en": "Desk"}, time_zone="Asia/Ho_Chi_Minh", week=SHIFT),
)


def rules(*policies: SlaPolicy) -> Rules:
    return Rules.of(policies or (policy(),), CALENDARS, ())


def phase(hour: str, status: CaseStatus = S.OPEN, priority: Priority = P.P2, **said: Any) -> Phase:
    return Phase(at(hour), status, priority, **{"policy": "std", **said})


def said(hour: str, direction: Direction = Direction.OUT, *, by_person: bool = True) -> Spoken:
    return Spoken(at(hour), direction, by_person)


def facts(*phases: Phase, spoken: tuple[Spoken, ...] = (), **more: Any) -> Facts:
    return Facts(phases[0].at, phases, spoken, **more)


def clocks(one: Facts, as_of: str, kind: ClockKind, by: Rules | None = None) -> list[Clock]:
    return [clock for clock in clocks_of(one, by or rules(), at(as_of)) if clock.kind is kind]


def only(one: Facts, as_of: str, kind: ClockKind = ClockKind.RESOLUTION, by: Rules | None = None) -> Clock:
    (clock,) = clocks(one, as_of, kind, by)
    return clock


def test_golden_case_g15_counts_only_the_open_part_of_a_pause() -> None:
    """Waiting for the requester from 18:30 to 10:00; the desk closes at 19:00 and opens at 9:00."""
    paused = facts(phase("18:00"), phase("18:30", S.PENDING_REQUESTER), phase("3 10:00"))
    shift = {day: [["09:00", "19:00"]] for day in DAYS}
    desk = Calendar(code="DESK", labels={"en": "Desk"}, time_zone="Asia/Ho_Chi_Minh", week=shift)
    target = {"priority": "P2", "calendar": "DESK", "resolution_min": 120}
    clock = only(paused, "3 10:00", by=Rules.of([policy(targets=(target,))], [desk], ()))
    assert clock.due_at == at("3 11:30")


def test_the_first_word_of_a_person_stops_the_first_response() -> None:
    spoken = (said("9:30", by_person=False), said("9:10", Direction.IN), said("9:50"), said("9:55"))
    clock = only(facts(phase("9:00", S.NEW), spoken=spoken), "18:00", ClockKind.FIRST_RESPONSE)
    assert (clock.state, clock.finished_at, clock.due_at, clock.used_min) == (
        *(ClockState.MET, at("9:50"), at("10:00")),
        50,
    )


def test_a_word_after_the_target_does_not_mend_the_breach() -> None:
    clock = only(facts(phase("9:00"), spoken=(said("10:01"),)), "18:00", ClockKind.FIRST_RESPONSE)
    assert (clock.state, clock.finished_at, clock.left_min) == (ClockState.BREACHED, at("10:01"), -1)


def test_a_word_at_the_very_moment_is_in_time() -> None:
    clock = only(facts(phase("9:00"), spoken=(said("10:00"),)), "18:00", ClockKind.FIRST_RESPONSE)
    assert clock.state is ClockState.MET


def test_what_was_said_before_the_desk_had_the_case_is_no_response() -> None:
    """Tier 1 had written to the requester; imported cases run from when the escalation arrived."""
    clock = only(facts(phase("9:00"), spoken=(said("1 8:00"),)), "9:30", ClockKind.FIRST_RESPONSE)
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, at("10:00"))


def test_nothing_pauses_the_first_response() -> None:
    waiting = facts(phase("9:00"), phase("9:10", S.PENDING_REQUESTER))
    assert only(waiting, "9:30", ClockKind.FIRST_RESPONSE).due_at == at("10:00")


def test_waiting_for_an_internal_team_never_pauses() -> None:
    waiting = facts(phase("9:00"), phase("9:30", S.PENDING_INTERNAL, waiting_on=WaitingOn.TEAM))
    clock = only(waiting, "11:00")
    assert (clock.state, clock.paused, clock.due_at) == (ClockState.RUNNING, (), at("14:00"))


@pytest.mark.parametrize(("says_so", "state"), [(False, ClockState.RUNNING), (True, ClockState.PAUSED)])
def test_waiting_for_a_third_party_pauses_only_where_the_policy_says_so(says_so: bool, state: ClockState) -> None:
    waiting = facts(phase("9:00"), phase("9:30", S.PENDING_THIRD_PARTY, waiting_on=WaitingOn.CARRIER))
    by = rules(policy(third_party_pauses=says_so))
    clock = only(waiting, "11:00", by=by)
    assert clock.state is state
    assert [one.why for one in clock.paused] == ([WaitingOn.CARRIER] if says_so else [])


def test_a_paused_clock_shows_what_is_left_and_no_due_time() -> None:
    waiting = facts(phase("9:00"), phase("9:30", S.PENDING_REQUESTER, waiting_on=WaitingOn.SELLER))
    clock = only(waiting, "4 11:00")
    assert (clock.state, clock.due_at, clock.left_min, clock.open) == (ClockState.PAUSED, None, 210, True)
    assert clock.paused == ((at("9:30"), None, WaitingOn.SELLER),)


def test_leaving_a_pause_never_resets() -> None:
    waiting = facts(phase("9:00"), phase("12:59", S.PENDING_REQUESTER), phase("15:00"))
    assert only(waiting, "15:30").due_at == at("16:00")


def test_a_clock_used_up_when_the_pause_begins_is_overdue_in_it() -> None:
    waiting = facts(phase("9:00"), phase("14:00", S.PENDING_REQUESTER))
    clock = only(waiting, "14:01")
    assert (clock.state, clock.due_at) == (ClockState.BREACHED, at("14:00"))


def test_priority_moves_the_target_and_what_was_used_counts() -> None:
    raised = facts(phase("9:00", priority=P.P3), phase("10:00", priority=P.P1))
    clock = only(raised, "10:30")
    assert (clock.due_at, clock.target_min, clock.priority) == (at("12:00"), 180, P.P1)


def test_a_clock_asked_for_at_the_moment_of_a_change_knows_of_it() -> None:
    waiting = facts(phase("9:00"), phase("9:30", S.PENDING_REQUESTER), phase("10:00"))
    assert only(facts(*waiting.phases[:2]), "9:30").state is ClockState.PAUSED
    assert only(waiting, "10:00").state is ClockState.RUNNING


def test_a_target_below_what_is_used_is_due_at_the_change() -> None:
    raised = facts(phase("9:00", priority=P.P3), phase("14:00", priority=P.P0))
    clock = only(raised, "15:00")
    assert (clock.due_at, clock.state, clock.calendar) == (at("14:00"), ClockState.BREACHED, "ALWAYS")


def test_a_breached_clock_is_not_saved_by_a_lower_priority() -> None:
    lowered = facts(phase("9:00", priority=P.P1), phase("15:00", priority=P.P3))
    clock = only(lowered, "16:00")
    assert (clock.state, clock.due_at, clock.priority, clock.target_min) == (
        *(ClockState.BREACHED, at("12:00")),
        *(P.P1, 180),
    )


def test_a_reopened_case_starts_a_second_cycle_and_leaves_the_first_as_it_was() -> None:
    first = facts(phase("9:00"), phase("11:00", S.RESOLVED))
    again = facts(*first.phases, phase("4 10:00"))
    before, after = only(first, "11:00"), clocks(again, "4 11:00", ClockKind.RESOLUTION)
    assert after[0] == before
    assert (after[1].cycle, after[1].started_at, after[1].due_at) == (2, at("4 10:00"), at("4 15:00"))


def test_a_cancelled_case_has_no_clock_that_counts_and_what_was_met_stays() -> None:
    gone = facts(phase("9:00"), phase("10:30", S.CANCELLED), spoken=(said("9:20"),))
    states = {clock.kind: clock.state for clock in clocks_of(gone, rules(), at("5 9:00"))}
    assert states == {
        ClockKind.FIRST_RESPONSE: ClockState.MET,
        ClockKind.NEXT_UPDATE: ClockState.VOID,
        ClockKind.RESOLUTION: ClockState.VOID,
    }


def test_a_case_resolved_without_a_word_is_waited_for_no_longer() -> None:
    silent = facts(phase("9:00"), phase("9:30", S.RESOLVED))
    clock = only(silent, "5 9:00", ClockKind.FIRST_RESPONSE)
    assert (clock.state, clock.finished_at) == (ClockState.MET, at("9:30"))


def test_only_a_p0_is_asked_to_stop_the_harm_and_from_when_it_became_one() -> None:
    assert clocks(facts(phase("9:00")), "10:00", ClockKind.MITIGATION) == []
    raised = facts(phase("9:00"), phase("10:00", priority=P.P0))
    assert only(raised, "10:30", ClockKind.MITIGATION).due_at == at("11:00")
    stopped = only(raised._replace(mitigated_at=at("10:40")), "12:00", ClockKind.MITIGATION)
    assert (stopped.state, stopped.finished_at) == (ClockState.MET, at("10:40"))


def test_updates_are_owed_from_word_to_word() -> None:
    spoken = (said("9:30"), said("10:30"), said("10:40", Direction.IN), said("15:00"))
    made = clocks(facts(phase("9:00"), spoken=spoken), "15:30", ClockKind.NEXT_UPDATE)
    assert [(c.cycle, c.started_at, c.due_at, c.state) for c in made] == [
        (1, at("9:30"), at("11:30"), ClockState.MET),
        (2, at("10:30"), at("13:30"), ClockState.BREACHED),
        (3, at("15:00"), at("17:00"), ClockState.RUNNING),
    ]


def test_where_only_answers_are_owed_a_question_starts_the_clock() -> None:
    spoken = (said("9:30"), said("10:00", Direction.IN), said("10:30", Direction.IN), said("11:00"))
    made = clocks(facts(phase("9:00", priority=P.P3), spoken=spoken), "18:00", ClockKind.NEXT_UPDATE)
    assert [(c.started_at, c.finished_at, c.state) for c in made] == [(at("10:00"), at("11:00"), ClockState.MET)]


def test_an_automatic_message_is_no_update() -> None:
    spoken = (said("9:30"), said("10:00", by_person=False))
    assert only(facts(phase("9:00"), spoken=spoken), "10:30", ClockKind.NEXT_UPDATE).due_at == at("11:30")


def test_telling_the_outcome_and_resolving_leaves_no_update_owed() -> None:
    done = facts(phase("9:00"), phase("10:30", S.RESOLVED), spoken=(said("9:30"), said("10:30")))
    made = clocks(done, "18:00", ClockKind.NEXT_UPDATE)
    assert [(c.finished_at, c.state) for c in made] == [(at("10:30"), ClockState.MET)]


def test_a_reopened_case_owes_an_update_from_then_on() -> None:
    again = facts(phase("9:00"), phase("10:00", S.RESOLVED), phase("3 9:00"), spoken=(said("9:30"),))
    made = clocks(again, "3 9:30", ClockKind.NEXT_UPDATE)
    assert [(c.cycle, c.started_at, c.state) for c in made] == [
        (1, at("9:30"), ClockState.MET),
        (2, at("3 9:00"), ClockState.RUNNING),
    ]


def test_a_clock_before_its_time_has_not_started() -> None:
    assert only(facts(phase("9:00")), "8:00").state is ClockState.NOT_STARTED


def test_a_case_without_a_policy_has_no_clocks() -> None:
    assert clocks_of(facts(phase("9:00", policy=None)), rules(), at("10:00")) == ()
    assert clocks_of(Facts(at("9:00"), ()), rules(), at("10:00")) == ()


def test_bug_8_pause_time_survives_a_change_of_priority_and_of_policy() -> None:
    """glpi#6902, #15605: the pause was lost when the SLA changed."""
    other = policy(id="other", code="OTHER", third_party_pauses=True)
    story = facts(
        phase("9:00", priority=P.P3),
        phase("9:30", S.PENDING_REQUESTER, P.P3),
        phase("10:30", priority=P.P3),
        phase("10:40", priority=P.P2),
        phase("10:50", priority=P.P2, policy="other"),
    )
    clock = only(story, "11:00", by=rules(policy(), other))
    assert [(one.begins, one.ends) for one in clock.paused] == [(at("9:30"), at("10:30"))]
    assert (clock.due_at, clock.policy) == (at("15:00"), "other")


def test_a_pause_that_goes_on_over_a_change_of_priority_is_one_pause() -> None:
    waiting = facts(phase("9:00"), phase("9:30", S.PENDING_REQUESTER), phase("10:00", S.PENDING_REQUESTER, P.P1))
    clock = only(waiting, "11:00")
    assert [(one.begins, one.ends) for one in clock.paused] == [(at("9:30"), None)]
    assert clock.left_min == 150


def test_bug_9_an_update_is_never_owed_before_an_unmet_first_response() -> None:
    """zammad#5177."""
    for priority in (P.P2, P.P3):
        asked = facts(phase("9:00", priority=priority), spoken=(said("9:05", Direction.IN), said("9:10", Direction.IN)))
        assert clocks(asked, "18:00", ClockKind.NEXT_UPDATE) == []


def test_bug_10_leaving_what_a_policy_is_for_drops_its_targets() -> None:
    """zammad#5624: the old targets went on after the ticket had left the group."""
    bare = policy(id="bare", code="BARE", targets=({"priority": "P2", "calendar": "DESK", "resolution_min": 600},))
    moved = facts(phase("9:00"), phase("9:30", policy="bare"), spoken=(said("9:10"),))
    made = {clock.kind: clock for clock in clocks_of(moved, rules(policy(), bare), at("18:00"))}
    assert made[ClockKind.NEXT_UPDATE].state is ClockState.VOID
    assert made[ClockKind.FIRST_RESPONSE].state is ClockState.MET
    assert (made[ClockKind.RESOLUTION].policy, made[ClockKind.RESOLUTION].target_min) == ("bare", 600)


def test_bug_11_a_merged_case_never_falls_due() -> None:
    """zammad#904: merged tickets went on escalating."""
    merged = facts(phase("9:00"), ended=at("9:40"))
    made = clocks_of(merged, rules(), at("9 9:00"))
    assert {clock.state for clock in made} == {ClockState.VOID}
    assert not any(clock.open for clock in made)


def test_bug_12_a_change_of_state_without_a_reply_does_not_stop_the_reply_clock() -> None:
    asked = (said("9:10"), said("9:30", Direction.IN))
    moved = facts(
        phase("9:00", priority=P.P3),
        phase("9:40", S.PENDING_INTERNAL, P.P3),
        phase("9:50", S.PENDING_REQUESTER, P.P3),
        phase("10:00", S.PENDING_THIRD_PARTY, P.P3),
        spoken=asked,
    )
    clock = only(moved, "10:30", ClockKind.NEXT_UPDATE)
    assert (clock.state, clock.started_at, clock.due_at) == (ClockState.RUNNING, at("9:30"), at("11:30"))


def test_bug_13_lunch_is_not_counted_and_a_change_of_calendar_counts_from_the_change() -> None:
    story = facts(phase("11:30", priority=P.P2), phase("18:30", priority=P.P0))
    before, after = only(facts(story.phases[0]), "11:40"), only(story, "18:40")
    assert before.due_at == at("16:30"), "half an hour before lunch, three and a half after it"
    assert (after.state, after.due_at) == (ClockState.BREACHED, at("16:30"))
    early = only(facts(phase("11:30", priority=P.P3), phase("12:30", priority=P.P0)), "12:40")
    assert early.due_at == at("14:00"), "half an hour was used; what is left runs through lunch"


def test_bug_14_a_report_asks_the_same_clocks_as_the_screen() -> None:
    """chatwoot#11057: what stopped long ago says the same however late somebody asks."""
    done = facts(phase("11:30"), phase("14:00", S.RESOLVED), spoken=(said("11:40"),))
    assert clocks_of(done, rules(), at("14:00")) == clocks_of(done, rules(), at("31 9:00"))


def test_no_two_clocks_of_one_kind_run_at_once() -> None:
    spoken = (said("9:30"), said("10:00"), said("3 9:30", Direction.IN))
    story = facts(phase("9:00"), phase("11:00", S.RESOLVED), phase("3 9:00"), spoken=spoken)
    going = [clock.kind for clock in clocks_of(story, rules(), at("3 10:00")) if clock.open]
    assert sorted(going) == sorted(set(going))


# What follows invents cases and counts them minute by minute, knowing nothing of intervals.

MINUTES = 3 * 1440
START = at("9:00")
LIVE = (S.OPEN, S.PENDING_REQUESTER, S.PENDING_INTERNAL, S.PENDING_THIRD_PARTY)


@st.composite
def stories(draw: st.DrawFn) -> Facts:
    minutes = sorted(draw(st.sets(st.integers(1, MINUTES - 1), max_size=7)))
    made = [phase("9:00", S.NEW, draw(st.sampled_from(P)))]
    for n in minutes:
        status = draw(st.sampled_from((*LIVE, *LIVE, S.RESOLVED)))
        ours = draw(st.sampled_from(("std", "third")))
        made.append(Phase(START + 60 * n, status, draw(st.sampled_from(P)), ours))
    words = st.tuples(st.integers(0, MINUTES - 1), st.sampled_from((Direction.IN, Direction.OUT)), st.booleans())
    drawn = draw(st.lists(words, max_size=6, unique_by=_minute))
    spoken = tuple(Spoken(START + 60 * n, direction, by_person) for n, direction, by_person in drawn)
    return Facts(START, tuple(made), spoken)


def _minute(word: tuple[int, Direction, bool]) -> int:
    return word[0]


INVENTED = rules(policy(), policy(id="third", code="THIRD", third_party_pauses=True))


def looked_at(story: Facts, kind: ClockKind, begins: int, ends: int) -> tuple[int | None, int]:
    """Look at one clock each minute: when was it found used up, if ever, and how many minutes are used."""
    used, due = 0, None
    for now in range(begins, ends, 60):
        here = [one for one in story.phases if one.at <= now][-1]
        target = INVENTED.target(here.policy, here.priority, None)
        assert target is not None
        wanted = {ClockKind.FIRST_RESPONSE: target.first_response, ClockKind.RESOLUTION: target.resolution}[kind]
        if due is None and used * 60 >= wanted:
            due = now
        stands = kind is ClockKind.RESOLUTION and (
            here.status is S.PENDING_REQUESTER or (here.status is S.PENDING_THIRD_PARTY and here.policy == "third")
        )
        hour = datetime.fromtimestamp(now, UTC).hour + 7
        desk = target.calendar == "ALWAYS" or 9 <= hour % 24 < 12 or 13 <= hour % 24 < 19
        if desk and not stands:
            used += 1
    return due, used


@settings(max_examples=40)
@given(stories())
def test_clocks_count_as_somebody_does_who_looks_each_minute(story: Facts) -> None:
    ends = START + 60 * MINUTES
    for clock in clocks_of(story, INVENTED, ends):
        if clock.kind not in {ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION}:
            continue
        until = ends if clock.finished_at is None else clock.finished_at
        due, used = looked_at(story, clock.kind, clock.started_at, until)
        assert clock.used_min == used
        assert (clock.due_at if clock.state is ClockState.BREACHED else None) == due


@given(stories())
def test_a_due_time_is_when_somebody_who_looks_each_minute_finds_it_used_up(story: Facts) -> None:
    """Cut short the story behind any moment: what was breached by then stays breached, with the same due time."""
    ends = START + 60 * MINUTES
    final = {(c.kind, c.cycle): c for c in clocks_of(story, INVENTED, ends)}
    for cut in range(START, ends, 60 * 397):
        until = story._replace(
            phases=tuple(p for p in story.phases if p.at <= cut),
            spoken=tuple(s for s in story.spoken if s.at <= cut),
        )
        for clock in clocks_of(until, INVENTED, cut):
            if clock.finished_at is not None and clock.finished_at < cut:
                assert final[clock.kind, clock.cycle] == clock, "a finished clock was changed"
            if clock.state is ClockState.BREACHED:
                assert final[clock.kind, clock.cycle].due_at == clock.due_at


@given(stories(), st.randoms(use_true_random=False))
def test_the_same_facts_in_any_order_of_arrival_give_the_same_clocks(story: Facts, chance: random.Random) -> None:
    phases, spoken = list(story.phases), list(story.spoken)
    chance.shuffle(phases)
    chance.shuffle(spoken)
    shuffled = story._replace(phases=tuple(phases), spoken=tuple(spoken))
    assert clocks_of(shuffled, INVENTED, START + 60 * MINUTES) == clocks_of(story, INVENTED, START + 60 * MINUTES)


@given(stories())
def test_never_do_two_clocks_of_one_kind_overlap(story: Facts) -> None:
    ends = START + 60 * MINUTES
    last: dict[ClockKind, int] = {}
    for clock in clocks_of(story, INVENTED, ends):
        assert clock.started_at >= last.get(clock.kind, 0)
        last[clock.kind] = ends if clock.finished_at is None else clock.finished_at
