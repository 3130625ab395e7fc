"""Lists by pages: whatever the order and the place, walking and jumping show the list that is there, row for row."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, RiskFlag, Severity, WaitingOn
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.casework.people import User
from escalation_desk.casework.views import CASE_VIEWS, NEXT_BEST, VIEWS, Now
from escalation_desk.journal import listing
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CASES = 120
SORTABLE = ("case_no", "status", "priority", "owner", "reason", "received_at", "next_due_at", "last_activity_at")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    journal = Journal(folder(tmp_path_factory), bytes(range(32)), lambda: START)
    chance = random.Random(5)
    with journal.entry("Import {file}", kind="import", file="a.csv") as work:
        for number in range(CASES):
            work.add(case(number, chance))
    yield journal
    journal.close()


def folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("lists") / "desk"


def case(number: int, chance: random.Random) -> Case:
    due = chance.choice((None, START, START + timedelta(hours=chance.randint(-5, 5))))
    return Case(
        title=f"case {number}",
        status=chance.choice((CaseStatus.NEW, CaseStatus.PENDING_REQUESTER, CaseStatus.CLOSED, CaseStatus.CLOSED)),
        severity=chance.choice(list(Severity)),
        risk_flags=frozenset({RiskFlag.LEGAL}) if chance.random() < 0.2 else frozenset(),
        owner=chance.choice((None, "a", "b")),
        waiting_on=chance.choice((None, WaitingOn.CUSTOMER)),
        due_at=due,
        received_at=START - timedelta(days=chance.randint(0, 9)),
    )


conditions = st.sampled_from(
    [
        (),
        (Condition("live", Op.IS, value=True),),
        (Condition("live", Op.IS, value=True), Condition("owner", Op.ANY, ["a", None])),
        (Condition("status", Op.ANY, ["closed"]), Condition("owner", Op.EMPTY)),
        (Condition("live", Op.IS, value=True), Condition("next_due_at", Op.BEFORE, "2026-11-24T09:00:00Z")),
    ]
)
orders = st.one_of(
    st.just(NEXT_BEST),
    st.lists(st.builds(Order, st.sampled_from(SORTABLE), st.booleans()), max_size=3, unique_by=lambda o: o.field).map(
        tuple
    ),
)


def whole(journal: Journal, query: ListQuery) -> list[str]:
    made = journal.reader()
    try:
        return listing.ids(made, query)
    finally:
        made.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=conditions, order=orders, size=st.integers(1, 50))
def test_walking_page_by_page_either_way_meets_every_row_once(
    desk: Journal, where: tuple[Condition, ...], order: tuple[Order, ...], size: int
) -> None:
    query = ListQuery("case", where, order)
    made = desk.reader()
    there = whole(desk, query)
    forth: list[str] = []
    place = None
    while rows := listing.page(made, query, ("title",), place, size):
        forth += [row.id for row in rows]
        place = rows[-1].place
    back: list[str] = []
    place = None
    while rows := listing.page_before(made, query, ("title",), place, size):
        back = [row.id for row in rows] + back
        place = rows[0].place
    assert forth == back == there
    assert listing.count(made, query) == len(there)
    made.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=conditions, order=orders, at=st.integers(0, CASES), skip=st.integers(0, CASES), size=st.integers(1, 40))
def test_a_jump_from_any_place_lands_on_the_row_that_is_so_far_away(
    desk: Journal, where: tuple[Condition, ...], order: tuple[Order, ...], at: int, skip: int, size: int
) -> None:
    query = ListQuery("case", where, order)
    made = desk.reader()
    there = whole(desk, query)
    start = listing.page_at(made, query, (), at, None, 1)
    assert [row.id for row in start] == there[at : at + 1]
    if start:
        beyond = listing.page_at(made, query, (), skip, start[0].place, size)
        assert [row.id for row in beyond] == there[at + 1 + skip : at + 1 + skip + size]
        before = listing.page_before(made, query, (), start[0].place, size, skip=skip)
        end = max(at - skip, 0)
        assert [row.id for row in before] == there[max(end - size, 0) : end]
    made.close()


@pytest.mark.parametrize("field", SORTABLE)
@pytest.mark.parametrize("descending", [True, False])
def test_landmarks_stand_where_they_say_and_count_the_list(
    desk: Journal, field: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "STRIDE", 50)
    made = desk.reader()
    query = ListQuery("case", (), (Order(field, descending),))
    walked = listing.landmarks(made, query)
    assert walked is not None
    count, places = walked
    rows = listing.page(made, query, (), limit=CASES)
    assert listing.is_walked(query)
    assert count == len(rows) == CASES
    assert places == [rows[49].place, rows[99].place]
    answers = iter([True, False])
    assert listing.landmarks(made, query, lambda: next(answers)) is None, "nobody wants to know any more"
    made.close()


def test_the_views_of_the_desk_count_and_list_from_one_short_index(desk: Journal) -> None:
    made = desk.reader()
    now = Now("a", START, START + timedelta(hours=9), "t")
    queries = {view.code: view.query(now) for view in CASE_VIEWS}
    assert sum(bool(query.where) for query in queries.values()) > 5
    for code, query in queries.items():
        if query.where:
            statement = listing.statement_of(query)
            index = "case_offered" if code == "unanswered-offers" else "case_live"
            assert index in statement.source, code
            plan = made.execute(
                f"EXPLAIN QUERY PLAN SELECT seq FROM {statement.source} WHERE {statement.where}", statement.values
            )
            assert index in plan.fetchone()[3]
        assert listing.count(made, query) == len(listing.ids(made, query))
    made.close()


def test_what_is_flagged_for_all_floats_on_top_and_team_and_watchers_have_their_views(tmp_path: Path) -> None:
    journal = Journal(tmp_path, bytes(32), lambda: START)
    journal.set_profile(User(full_name="Nguyễn Hà Linh", login="linh"))
    with journal.entry("Keep") as work:
        made = {
            "plain": Case(title="plain", due_at=START),
            "risky": Case(title="risky", risk_flags=frozenset({RiskFlag.MEDIA}), team="t"),
            "flagged": Case(title="flagged", flagged=True, due_at=START + timedelta(days=9)),
            "watched": Case(title="watched", watchers=frozenset({"a", "b"}), due_at=START + timedelta(days=1)),
            "closed": Case(title="closed", status=CaseStatus.CLOSED, flagged=True, team="t", watchers=frozenset({"a"})),
        }
        for case in made.values():
            work.add(case)
    now = Now("a", START, START + timedelta(hours=9), "t")
    reader = journal.reader()

    def held(view: str) -> list[str]:
        return [row.values[0] for row in listing.page(reader, VIEWS[view].query(now), ["title"])]

    assert held("all-live") == ["flagged", "risky", "plain", "watched"]
    assert held("flagged") == ["flagged"]
    assert held("my-team") == ["risky"]
    assert held("watched") == ["watched"]
    reader.close()
    journal.close()


class Told:
    """A connection that remembers what it was asked."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.asked: list[tuple[str, Any]] = []

    @property
    def in_transaction(self) -> bool:
        return bool(self.made.in_transaction)

    def execute(self, sql: str, values: Any = ()) -> Any:
        self.asked.append((sql, values))
        return self.made.execute(sql, values)

    def plans(self) -> list[str]:
        """Tell how each statement finds its rows."""
        told = [(sql, values) for sql, values in self.asked if "SELECT" in sql]
        return [row[3] for sql, values in told for row in self.made.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.parametrize("name", ["last_activity_at", "received_at", "next_due_at", "reason", "team"])
@pytest.mark.parametrize("descending", [False, True])
def test_what_follows_in_a_filtered_list_is_never_looked_for_among_all_cases_of_an_owner(
    desk: Journal, name: str, descending: bool
) -> None:
    made = desk.reader()
    someone = made.execute('SELECT owner FROM "case" WHERE owner IS NOT NULL LIMIT 1').fetchone()[0]
    query = ListQuery(
        where=(
            Condition("status", Op.ANY, ["open", "new"]),
            Condition("owner", Op.IS, someone),
            Condition("priority", Op.ANY, ["P2", "P3"]),
        ),
        order=(Order(name, descending),),
    )
    told = Told(made)
    first = listing.page(told, query, [], limit=1)
    assert first
    listing.page(told, query, [], first[0].place)
    listing.page_before(told, query, [], first[0].place)
    assert not [plan for plan in told.plans() if "case_by_owner" in plan]
    made.close()
