"""The ground of the acceptance scenarios: a desk as it is born, two specialists and a lead, a Monday at nine."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Direction, Form, Role
from escalation_desk.casework.people import User
from escalation_desk.journal import listing, reading, seed
from escalation_desk.journal.checking import problems
from escalation_desk.journal.clocks.telling import clocks_now
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from escalation_desk.casework.clocks.facts import Clock
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.records import Record

R = TypeVar("R", bound="Record")


@dataclass
class Desk:
    """A desk and its people, and a clock that stands still until it is told."""

    journal: Journal
    linh: User
    minh: User
    thu: User
    """The lead."""
    now: datetime

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def work_as(self, who: User) -> None:
        self.journal.set_profile(who)

    def case(self, **values: Any) -> str:
        """Give a case that Linh has in hand."""
        owned = {"owner": self.linh.id, "status": CaseStatus.OPEN, "received_at": self.now}
        with self.journal.entry("A case") as work:
            return work.add(Case(**{"title": "Parcel lost", **owned, **values})).id

    def edit(self, case: str, who: User, **values: Any) -> None:
        """Change fields of a case as the window and the command line do."""
        self.work_as(who)
        with self.journal.entry("Edit") as work:
            acts.edit(work.get(Case, case), values, who, work.now)

    def tell_requester(self, case: str) -> None:
        with self.journal.entry("Told") as work:
            held = work.get(Case, case)
            way = Direction.OUT
            work.add(acts.say(held, "It is solved.", self.linh, work.now, form=Form.MESSAGE, direction=way))

    def read(self, kind: type[R], record: str) -> R:
        with closing(self.journal.reader()) as made:
            return reading.record(made, kind, record)

    def all_of(self, kind: type[R]) -> list[R]:
        with closing(self.journal.reader()) as made:
            return reading.all_of(made, kind)

    def clocks(self, case: str) -> tuple[Clock, ...]:
        with closing(self.journal.reader()) as made:
            return clocks_now(made, [case], self.now)[case]

    def count(self, query: ListQuery) -> int:
        with closing(self.journal.reader()) as made:
            return listing.count(made, query)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    monday = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam.
    linh, minh = User(full_name="Linh", login="linh"), User(full_name="Minh", login="minh")
    thu = User(full_name="Thu", login="thu", roles=frozenset({Role.SHIFT_LEAD}))
    journal = Journal(tmp_path / "desk", bytes(32), lambda: monday)
    made = Desk(journal, linh, minh, thu, monday)
    journal.clock = lambda: made.now
    seed.plant(journal)
    for one in (minh, thu, linh):
        made.journal.set_profile(one)
    yield made
    with made.journal.writing() as connection:
        assert problems(connection) == []
    made.journal.close()
