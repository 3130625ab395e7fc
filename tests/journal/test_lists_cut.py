from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.lists import Condition, ListQuery, Op, Order
from escalation_desk.journal import listing, seen

if TYPE_CHECKING:
    from escalation_desk.journal.journal import Journal


def plant(desk: Journal) -> dict[str, str]:
    with desk.entry("Import") as work:
        cases = {
            "two": work.add(Case(title="two", tags=frozenset({"tet", "b"}), received_at=desk.now())),
            "one": work.add(Case(title="one", tags=frozenset({"tet"}))),
            "none": work.add(Case(title="none")),
        }
    return {name: case.id for name, case in cases.items()}


def titles(desk: Journal, *conditions: Condition) -> set[str]:
    made = desk.reader()
    rows = listing.page(made, ListQuery("case", conditions), ("title",))
    made.close()
    return {row.values[0] for row in rows}


def test_sets_are_found_by_a_member_by_none_and_as_they_stand(desk: Journal) -> None:
    plant(desk)

    assert titles(desk, Condition("tags", Op.ANY, ["b", None])) == {"two", "none"}
    assert titles(desk, Condition("tags", Op.IS, ["tet", "b"])) == {"two"}
    assert titles(desk, Condition("tags", Op.EMPTY)) == {"none"}
    assert titles(desk, Condition("tags", Op.FILLED)) == {"two", "one"}


def test_whole_sets_count_every_row_once_and_members_each_time(desk: Journal) -> None:
    plant(desk)
    made = desk.reader()

    whole = listing.groups(made, ListQuery("case"), "tags", whole=True)
    members = listing.groups(made, ListQuery("case"), "tags")
    made.close()

    assert sorted(whole, key=str) == sorted([(["b", "tet"], 1), (["tet"], 1), ([], 1)], key=str)
    assert dict(members) == {"tet": 2, "b": 1}


def test_ranges_leave_their_end_out_and_none_of_them_is_nothing(desk: Journal) -> None:
    plant(desk)
    at = desk.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    assert titles(desk, Condition("received_at", Op.WITHIN, [[at, None]])) >= {"two"}
    assert titles(desk, Condition("received_at", Op.WITHIN, [[None, at]])) == set()
    assert titles(desk, Condition("received_at", Op.WITHIN, [])) == set()


def test_the_last_rows_come_backwards_over_any_distance(desk: Journal) -> None:
    plant(desk)
    made = desk.reader()
    query = ListQuery("case", (), (Order("case_no"),))

    assert [r.values[0] for r in listing.page_before(made, query, ("title",), None, 1, skip=1)] == ["one"]
    assert [r.values[0] for r in listing.page_before(made, query, ("title",), None, 2)] == ["one", "none"]
    made.close()


def test_marks_of_what_was_seen_are_kept_apart_from_stars(desk: Journal) -> None:
    ids = plant(desk)
    waiting = desk.waiting()
    desk.local(seen.STAR, (ids["one"], 1))
    desk.local(seen.MARK_SEEN, (ids["one"], "2026-11-24T03:00:00Z"))
    desk.local(seen.MARK_SEEN, (ids["two"], "2026-11-24T04:00:00Z"))
    made = desk.reader()

    assert seen.marks(made, list(ids.values())) == {
        ids["one"]: seen.Mark("2026-11-24T03:00:00Z", starred=True),
        ids["two"]: seen.Mark("2026-11-24T04:00:00Z"),
    }
    assert (seen.starred(made), seen.lately(made)) == ([ids["one"]], [ids["two"], ids["one"]])
    made.close()
    assert desk.waiting() == waiting
