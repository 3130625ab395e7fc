"""Asking points of contact on a real desk: one entry each, the case with it, the rule flagged, the lists right."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Market, PartyKind, WaitingOn
from escalation_desk.casework.contacts import chasing, scorecard
from escalation_desk.casework.contacts.records import AnswerQuality, Poc, PocRequest, RequestState
from escalation_desk.casework.contacts.routing import Route
from escalation_desk.casework.escalating.records import Escalation
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.journal import contacting, contacts, listing, reading, seed
from escalation_desk.journal.clocks.telling import clocks_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.work import Work

R = TypeVar("R", bound="Record")
Clock = Any
S = RequestState


@pytest.fixture
def me(desk: Journal) -> User:
    seed.plant(desk)
    assert desk.profile is not None
    return desk.profile


@pytest.fixture
def case(desk: Journal, me: User, clock: Clock) -> str:
    with desk.entry("Keep") as work:
        siti = work.add(Party(display_name="Siti", party_kind=PartyKind.CUSTOMER))
        work.add(Poc(full_name="Minh", team="LOGISTICS", market=Market.VN, confirmed_on=date(2026, 11, 1)))
        made = work.add(Case(title="Lost", reason="CUS.LOG.NOT_DELIVERED", requester=siti.id, received_at=clock.now))
    with desk.entry("Take") as work:
        work.get(Case, made.id).owner = me.id
        work.get(Case, made.id).status = CaseStatus.OPEN
    return made.id


def read(desk: Journal, kind: type[R], record: str) -> R:
    with closing(desk.reader()) as made:
        return reading.record(made, kind, record)


def all_of(desk: Journal, kind: type[R]) -> list[R]:
    with closing(desk.reader()) as made:
        return reading.all_of(made, kind)


def ask(desk: Journal, me: User, case: str, *, waits: bool = True, to: Route | None = None) -> str:
    with closing(desk.reader()) as made:
        route = to or contacts.where(made, case, contacts.today(me, desk.now())).route
    assert route is not None
    with desk.entry("Ask") as work:
        return contacting.ask(work, me, case, route, "Kiện hàng ở đâu?", waits=waits).id


def do(desk: Journal, act: Callable[..., object], *said: Any) -> None:
    with desk.entry("Act") as work:
        act(work, *said)


def test_asking_routes_sends_and_lets_the_case_wait_in_one_entry(desk: Journal, me: User, case: str) -> None:
    request = read(desk, PocRequest, ask(desk, me, case))
    assert (request.state, request.team, request.calendar) == (S.SENT, "LOGISTICS", "CAL-BIZ-VN")
    assert request.routed_because == "rule CUS.LOG holds: the reason begins with CUS.LOG"
    held = read(desk, Case, case)
    assert (held.status, held.waiting_on) == (CaseStatus.PENDING_INTERNAL, WaitingOn.TEAM)
    (said,) = all_of(desk, Message)
    assert (said.body, said.counterpart) == ("Kiện hàng ở đâu?", "Logistics, Minh")

    desk.undo()
    assert all_of(desk, PocRequest) == []
    assert read(desk, Case, case).status is CaseStatus.OPEN


def test_the_case_is_ours_again_when_the_last_request_is_answered(desk: Journal, me: User, case: str) -> None:
    one, two = ask(desk, me, case), ask(desk, me, case)
    do(desk, contacting.answer, me, one, "Ở kho", AnswerQuality.USEFUL)
    assert read(desk, Case, case).status is CaseStatus.PENDING_INTERNAL
    do(desk, contacting.answer, me, two, "Chưa rõ", AnswerQuality.NOT_USEFUL)
    assert read(desk, Case, case).status is CaseStatus.OPEN


def test_a_colleague_who_does_not_own_the_case_can_write_the_answer_down(desk: Journal, me: User, case: str) -> None:
    request = ask(desk, me, case)
    with desk.entry("Hire") as work:
        bao = work.add(User(full_name="Bảo", login="bao"))
    desk.set_profile(bao)
    do(desk, contacting.answer, bao, request, "Ở kho", AnswerQuality.USEFUL)
    assert read(desk, Case, case).status is CaseStatus.OPEN


def test_scenario_6_a_wrong_contact_goes_on_to_the_right_one_and_flags_the_rule(
    desk: Journal, me: User, case: str
) -> None:
    first = ask(desk, me, case)
    with desk.entry("Wrong contact") as work:
        right = Route("ORDER_OPS", None, None, "Lan chose it")
        second = contacting.bounce(work, me, first, right, "Không phải của kho").id
    old, new = read(desk, PocRequest, first), read(desk, PocRequest, second)
    assert (old.state, old.bounced_to) == (S.BOUNCED, second)
    assert (new.state, new.team, new.ask) == (S.SENT, "ORDER_OPS", old.ask)
    assert read(desk, Case, case).status is CaseStatus.PENDING_INTERNAL
    with closing(desk.reader()) as made:
        known = contacts.known(made)
        (flagged,) = contacts.corrections(made, known.directory.rules)
        asked = contacts.asked_since(made, "2026-01-01T00:00:00Z")
    assert (flagged.rule.code, flagged.times, flagged.right) == ("CUS.LOG", 1, (("ORDER_OPS", 1),))
    by_team = {
        line.key: line
        for line in scorecard.scorecard(
            asked, lambda one: one.request.team, lambda one: known.own_hours(one.request, one.market), desk.now()
        )
    }
    assert by_team["LOGISTICS"].bounced == scorecard.Share(1, 1)
    assert by_team["LOGISTICS"].ola_answered == scorecard.Share(0, 0)

    desk.undo()
    with closing(desk.reader()) as made:
        assert contacts.corrections(made, known.directory.rules) == []
    assert read(desk, PocRequest, first).state is S.SENT


def test_scenario_5_a_silent_contact_ends_at_the_lead_and_the_ola_is_missed(
    desk: Journal, me: User, case: str, clock: Clock
) -> None:
    request = ask(desk, me, case)
    for _chase in range(2):
        due = read(desk, PocRequest, request).next_chase_at
        assert due
        clock.now = due
        do(desk, contacting.chase, me, request, "Nhắc")
    held = read(desk, PocRequest, request)
    with closing(desk.reader()) as made:
        known = contacts.known(made)
    assert chasing.step_of(held, known.held(held)).escalates

    clock.now = held.next_chase_at + timedelta(days=3) if held.next_chase_at else clock.now
    do(desk, contacting.climb, me, request)
    (raised,) = all_of(desk, Escalation)
    assert (raised.authority, raised.notified_at) == ("T2_LEAD", None)  # Nobody is told before a person does it.
    assert "after 2 chases" in raised.reason
    assert raised.brief
    assert "after 2 chases" in raised.brief
    with closing(desk.reader()) as made:
        clocks = clocks_now(made, [case], clock.now)[case]
    assert clocks
    assert not any(one.paused for one in clocks)  # Waiting inside is our own time.
    assert read(desk, PocRequest, request).state is S.SENT
    with closing(desk.reader()) as made:
        asked = contacts.asked_since(made, "2026-01-01T00:00:00Z")
        (line,) = scorecard.scorecard(
            asked, lambda one: one.topic, lambda one: known.own_hours(one.request, one.market), clock.now
        )
    assert (line.key, line.ola_answered, line.chases) == ("CUS.LOG", scorecard.Share(0, 1), scorecard.Share(2, 1))


def test_a_request_that_a_macro_began_is_sent_by_a_person(desk: Journal, me: User, case: str, clock: Clock) -> None:
    with desk.entry("Begin") as work:
        request = work.add(PocRequest(case=case, team="LOGISTICS", ask="Ở đâu?", owner=me.id)).id
    clock.advance(hours=1)
    do(desk, contacting.send, me, request)
    held = read(desk, PocRequest, request)
    assert (held.state, held.sent_at, held.priority) == (S.SENT, clock.now, "P3")
    assert held.answer_due_at is not None


def test_without_a_rule_a_person_chooses_and_it_is_kept_who(desk: Journal, me: User, case: str) -> None:
    request = read(desk, PocRequest, ask(desk, me, case, to=Route("LEGAL_TEAM", None, None, "Lan chose it")))
    assert (request.routed_by, request.routed_because) == (None, "Lan chose it")


def test_a_refusal_leaves_everything_as_it_was(desk: Journal, me: User, case: str) -> None:
    request = ask(desk, me, case)

    def both(work: Work) -> None:
        contacting.answer(work, me, request, "Ở kho")
        contacting.not_enough(work, me, request, " ")

    with pytest.raises(Refused, match="what is missing"):
        do(desk, both)
    assert read(desk, PocRequest, request).state is S.SENT


def ids(desk: Journal, view: str, me: User) -> list[str]:
    now = Now(me.id, desk.now(), desk.now())
    with closing(desk.reader()) as made:
        return listing.ids(made, VIEWS[f"poc-requests-{view}"].query(now))


def test_the_views_hold_what_their_names_say(desk: Journal, me: User, case: str, clock: Clock) -> None:
    silent, answered, done = (ask(desk, me, case) for _one in range(3))
    do(desk, contacting.acknowledge, me, silent)
    do(desk, contacting.answer, me, answered, "Ở kho")
    do(desk, contacting.answer, me, done, "Ở kho", AnswerQuality.USEFUL)
    do(desk, contacting.pass_on, me, done, "Hàng ở kho")
    assert set(ids(desk, "open", me)) == set(ids(desk, "mine", me)) == {silent, answered}
    assert ids(desk, "answered-not-passed-on", me) == [answered]
    assert ids(desk, "overdue", me) == ids(desk, "chase", me) == []
    clock.advance(days=7)
    assert ids(desk, "overdue", me) == ids(desk, "chase", me) == [silent]
    assert len(ids(desk, "all", me)) == 3
