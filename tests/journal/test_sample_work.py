from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.absence import Absence
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Language
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.closing.records import (
    CauseMethod,
    ExceptionDecision,
    ExceptionState,
    LookState,
    PeerReview,
    RootCause,
)
from escalation_desk.casework.contacts.records import Poc, PocRequest, RequestState
from escalation_desk.casework.contacts.routing import is_there, unconfirmed
from escalation_desk.casework.escalating.flags import open_hints
from escalation_desk.casework.escalating.records import AuthorityRule, Escalation, EscalationState
from escalation_desk.casework.knowing.records import Article, ArticleState, Checklist
from escalation_desk.casework.linking.records import CaseLink, LinkForm, Problem
from escalation_desk.casework.people import User
from escalation_desk.casework.timeline import Message
from escalation_desk.casework.views import UNANSWERED
from escalation_desk.journal import escalations, keys, noticing, problems, reading, sample
from escalation_desk.journal.contacts import to_pass_on
from escalation_desk.journal.desk import open_desk, profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # ten in the morning in Ha Noi
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    folder = tmp_path_factory.mktemp("sample")
    keys.make_with_passphrase(folder, "demo")
    journal = open_desk(folder, lambda _new: "demo", lambda: NOW - timedelta(days=61))
    sample.fill(journal, NOW)
    journal.clock = lambda: NOW
    yield journal
    journal.close()


@pytest.fixture(scope="module")
def made(desk: Journal) -> Iterator[Connection]:
    connection = desk.reader()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def cases(made: Connection) -> dict[str, Case]:
    return {case.id: case for case in reading.all_of(made, Case)}


@pytest.fixture(scope="module")
def requests(made: Connection) -> list[PocRequest]:
    return reading.all_of(made, PocRequest)


def test_the_clocks_are_those_of_a_desk_that_works(made: Connection) -> None:
    told = made.execute(
        'SELECT k.state, k.due_at FROM clock k JOIN "case" c ON c.id = k."case" WHERE c.live'
    ).fetchall()
    met = sum(state == "met" for state, _due in told)
    runs = sum(state == "running" and due > "2026-11-24T03:00:00Z" for state, due in told)
    missed = sum(state == "breached" or (state == "running" and due <= "2026-11-24T03:00:00Z") for state, due in told)
    assert met > 100
    assert runs > 60
    assert 3 <= missed <= 15


def test_points_of_contact_have_hours_backup_and_one_is_long_unconfirmed(made: Connection) -> None:
    pocs = reading.all_of(made, Poc)
    assert len({one.team for one in pocs}) >= 12
    assert {str(one.market) for one in pocs} == {"VN", "ID", "None"}
    assert any(one.backup for one in pocs)
    assert any(one.calendar for one in pocs)
    assert any(unconfirmed(one, TODAY) and is_there(one, TODAY) for one in pocs)
    assert any(one.away_until and one.away_until > TODAY for one in pocs)


@pytest.mark.parametrize("state", sorted(set(RequestState) - {RequestState.DRAFT, RequestState.INSUFFICIENT}))
def test_requests_to_points_of_contact_are_there_in_each_state(requests: list[PocRequest], state: RequestState) -> None:
    assert any(one.state is state for one in requests)


def test_requests_run_beside_each_other_are_chased_asked_again_and_wait_to_be_passed_on(
    requests: list[PocRequest], cases: dict[str, Case]
) -> None:
    live = [one for one in requests if cases[one.case].live]
    waiting = [one.case for one in live if one.state.waiting]
    assert len(waiting) > len(set(waiting))
    assert any(len(one.chases) == 2 for one in live)
    assert any(one.rounds for one in live)
    assert any(to_pass_on(one) for one in live)
    assert any(one.bounced_to for one in live)


def test_escalations_are_raised_sent_acknowledged_decided_closed_and_not_answered_in_time(made: Connection) -> None:
    told = reading.all_of(made, Escalation)
    states = {one.state for one in told}
    assert states == set(EscalationState) - {EscalationState.WITHDRAWN}
    raised = [one for one in told if one.state is EscalationState.RAISED]
    assert any(one.notified_at is None for one in raised)
    assert any(one.notified_at and one.ack_due_at and one.ack_due_at > NOW for one in raised)
    late = {one.id for one in told if one.state is EscalationState.TIMED_OUT}
    assert any(one.previous in late for one in told)


def test_authorities_have_a_person_a_backup_and_a_way_in_each_market(made: Connection) -> None:
    rules = [one for one in reading.all_of(made, AuthorityRule) if one.contacts]
    assert len(rules) >= 15
    for rule in rules:
        assert {one["market"] for one in rule.contacts} == {"VN", "ID"}
        assert all(one["primary"] and one["backup"] and one["channel"] for one in rule.contacts)


def test_dates_set_outside_are_due_tomorrow_and_met(made: Connection) -> None:
    told = reading.all_of(made, Deadline)
    assert any(one.open and one.due_at and NOW < one.due_at < NOW + timedelta(days=1) for one in told)
    assert any(one.met_at for one in told)


def test_causes_second_looks_and_exceptions_are_there(made: Connection) -> None:
    causes = reading.all_of(made, RootCause)
    assert {CauseMethod.FIVE_WHYS, CauseMethod.FISHBONE} <= {one.method for one in causes}
    assert any(len(one.whys) == 5 and one.reviewed_by for one in causes)
    assert {LookState.ASKED, LookState.AGREED, LookState.CHANGES} <= {
        one.state for one in reading.all_of(made, PeerReview)
    }
    assert {ExceptionState.ASKED, ExceptionState.GRANTED} <= {
        one.state for one in reading.all_of(made, ExceptionDecision)
    }


def test_some_resolved_cases_wait_for_their_check_and_closed_ones_have_it(cases: dict[str, Case]) -> None:
    assert any(one.status is CaseStatus.RESOLVED and not one.verified_how for one in cases.values())
    closed = [one for one in cases.values() if one.status is CaseStatus.CLOSED and one.verified_how]
    assert len([one for one in closed if one.knowledge]) >= 4


def test_cases_are_linked_in_several_ways_and_a_problem_stands_behind_five(made: Connection) -> None:
    assert len({one.form for one in reading.all_of(made, CaseLink)} - {LinkForm.CAUSED_BY}) >= 4
    behind = [len(problems.cases_of(made, one.id)) for one in reading.all_of(made, Problem)]
    assert max(behind) == 5


def test_articles_are_there_in_every_state_and_language_and_checklists_half_done(made: Connection) -> None:
    told = reading.all_of(made, Article)
    assert {one.state for one in told} == set(ArticleState)
    assert {one.language for one in told} == {Language.EN, Language.VI, Language.ID}
    assert all(one.ticks for one in reading.all_of(made, Checklist))


def test_an_offer_waits_for_more_than_half_an_hour(cases: dict[str, Case]) -> None:
    offered = [one for one in cases.values() if one.offered_to and one.offered_at]
    assert any(NOW - one.offered_at > UNANSWERED for one in offered if one.offered_at)


def test_a_threat_to_sue_hints_at_a_risk_and_a_parcel_does_not(made: Connection, cases: dict[str, Case]) -> None:
    hints = {case.title: open_hints(case, escalations.hints_of(made, case)) for case in cases.values() if case.live}
    assert any("khởi kiện" in str(found) for found in hints.values())
    assert not any(found for title, found in hints.items() if title.startswith("Kiện hàng"))


def test_what_the_program_writes_is_in_the_language_of_whoever_acts(made: Connection) -> None:
    speaks = {user.id: str(user.locale) for user in reading.all_of(made, User)}
    told = {speaks[one.by] for one in reading.all_of(made, Message) if one.by and one.body.startswith("Told ")}
    assert told == {"en"}


def test_a_bell_tells_a_handful(desk: Journal) -> None:
    with desk.writing() as writer:
        told = noticing.look(writer, profile_of(desk), NOW)
    assert len(told) <= 15


def test_whoever_is_away_has_somebody_who_stands_in(made: Connection) -> None:
    names = {user.id: user.full_name for user in reading.all_of(made, User)}
    found = [(names[one.user], names[str(one.substitute)]) for one in reading.all_of(made, Absence) if one.at(NOW)]
    assert found == [("Bayu Pratama", "Lê Ngọc Mai")]
