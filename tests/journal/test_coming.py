"""An entry that comes in parts: nobody sees it before it is all there, and people save beside it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.lists import ListQuery
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.journal import coming as parts
from escalation_desk.journal import listing, reading, searching
from escalation_desk.journal.coming import Coming
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLES = ("entry", "change", "case", "seller", "natural_key", "coming", "workstation", "search_case_docsize")


class Cut(BaseException):
    """The end of a program, as far as this can be had without one."""


def state(journal: Journal) -> dict[str, list[Any]]:
    """Take all that can be seen in the tables."""
    with journal.writing() as made:
        return {table: made.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall() for table in TABLES}


def bring(entry: Coming, count: int, known: str | None = None) -> None:
    """Write so many new cases in parts of ten, and plan a change of one that is here."""
    for start in range(0, count, 10):
        with entry.part() as work:
            for number in range(start, min(start + 10, count)):
                work.add(Case(title=f"Coming {number}", crm="c", crm_number=str(number)))
    if known:
        with entry.part():
            entry.change("case", known, [{"title": "From the file"}])


def one_case(desk: Journal, **values: Any) -> str:
    with desk.entry("New") as work:
        return work.add(Case(title="Here", **values)).id


def shown(desk: Journal) -> int:
    with desk.writing() as made:
        return int(made.execute('SELECT count(*) FROM "case" WHERE deleted_at IS NULL').fetchone()[0])


def test_what_comes_is_not_seen_before_it_is_all_there(desk: Journal) -> None:
    reader = desk.reader()
    with Coming(desk, "Import") as entry:
        bring(entry, 25)
        unseen = (shown(desk), len(searching.search(reader, "coming")), desk.undoable())
        with desk.entry("Look") as work:
            found = work.find(Case, "c:7")
        entry.settle()
        entry.arrive()

    assert (unseen[0], unseen[1], found) == (0, 0, None)
    assert shown(desk) == 25
    assert len(searching.search(reader, "coming")) == 25
    assert reading.case_id(reader, "7")
    assert str(desk.undoable()) == "Import"
    reader.close()


def test_what_is_not_settled_leaves_nothing_behind(desk: Journal) -> None:
    known = one_case(desk)
    before = state(desk)

    with suppress(Cut), Coming(desk, "Import") as entry:
        bring(entry, 25, known)
        raise Cut

    assert state(desk) == before


def test_people_save_beside_it_and_what_they_change_stays(desk: Journal) -> None:
    mine, other = one_case(desk), one_case(desk)
    with Coming(desk, "Import") as entry:
        bring(entry, 5, mine)
        bring(entry, 0, other)
        with desk.entry("Edit") as work:
            work.get(Case, mine).title = "By hand"
        entry.settle()
        overtaken = entry.arrive()

    with desk.writing() as made:
        titles = [reading.record(made, Case, one).title for one in (mine, other)]
        history = [change.after for change in reading.history(made, mine) if change.field == "title"]
    assert overtaken == [mine]
    assert titles == ["By hand", "From the file"]
    assert history == ["By hand"]


def test_it_is_one_entry_and_is_undone_whole(desk: Journal) -> None:
    known = one_case(desk)
    with Coming(desk, "Import") as entry:
        bring(entry, 25, known)
        entry.settle()
        entry.arrive()

    desk.undo(entry.entry)

    with desk.writing() as made:
        assert reading.record(made, Case, known).title == "Here"
    assert shown(desk) == 1


def test_it_cannot_be_undone_while_it_arrives(desk: Journal) -> None:
    with Coming(desk, "Import") as entry:
        bring(entry, 25)
        entry.settle()
        with pytest.raises(Refused):
            desk.undo(entry.entry)
        assert desk.undoable() is None
        entry.arrive()


def test_facts_of_sellers_follow_when_their_cases_are_shown(desk: Journal) -> None:
    with desk.entry("New") as work:
        seller = work.add(Seller(shop_name="Hoa Sen")).id
    with Coming(desk, "Import") as entry:
        with entry.part() as work:
            for number in range(3):
                work.add(Case(title=str(number), seller=seller))
        entry.settle()
        entry.arrive()

    with desk.writing() as made:
        assert reading.record(made, Seller, seller).open_cases == 3


@given(cut=st.integers(0, 14), settled=st.booleans())
def test_whoever_opens_the_desk_next_finishes_what_was_cut_short(
    tmp_path_factory: pytest.TempPathFactory, key: bytes, cut: int, settled: bool
) -> None:
    folder: Path = tmp_path_factory.mktemp("desk")
    first = Journal(folder, key)
    known = one_case(first)
    before = state(first)
    entry = Coming(first, "Import")
    bring(entry, 60, known)
    if settled:
        entry.settle()
        entry.pace.size = 5
    with pytest.raises(Cut):
        _cut_short(first, entry, cut, settled=settled)

    second = Journal(folder, key)
    with second.writing() as made:
        title = reading.record(made, Case, known).title
    if settled:
        assert (shown(second), title, state(second)["coming"]) == (61, "From the file", [])
    else:
        assert state(second) == before
    second.close()
    first.close()


def _cut_short(desk: Journal, entry: Coming, after: int, *, settled: bool) -> None:
    """Go on until so many transactions are done, then end as a program does that is killed: without a word."""
    begun = desk.short
    left = [after]

    def short() -> Any:
        if not left[0]:
            raise Cut
        left[0] -= 1
        return begun()

    desk.short = short  # type: ignore[method-assign]  # There is no other way to stand between two transactions.
    try:
        entry.arrive() if settled else entry.__exit__(Cut, None, None)
        raise Cut
    finally:
        desk.short = begun  # type: ignore[method-assign]


def test_a_second_one_waits_for_its_turn(desk: Journal) -> None:
    asked: list[int] = []

    def enough() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise Cut

    with parts.turn(desk, enough), pytest.raises(Cut), parts.turn(desk, enough):
        pass

    with parts.turn(desk, enough):
        assert len(asked) == 2


def test_the_parts_grow_and_shrink_with_the_time_that_they_take() -> None:
    pace = parts.Pace()
    began = pace.size
    with pace.step():
        pass
    grown = pace.size

    assert began < grown <= 2 * began


def test_a_list_that_is_read_meanwhile_keeps_to_what_is_there(desk: Journal, ask: Callable[..., Any]) -> None:
    one_case(desk)
    reader = desk.reader()
    with Coming(desk, "Import") as entry:
        bring(entry, 30)
        assert listing.count(reader, ListQuery()) == 1
        assert ask('SELECT count(*) FROM "case"') == [(31,)]
    assert ask('SELECT count(*) FROM "case"') == [(1,)]
    reader.close()
