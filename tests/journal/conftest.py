"""The place of the journal's tests: a real desk in a folder of its own, at a time that the test sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.people import User
from escalation_desk.journal.checking import problems
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass
class Clock:
    """A clock that stands still until it is told."""

    now: datetime = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def key() -> bytes:
    return bytes(range(32))


@pytest.fixture
def desk(tmp_path: Path, clock: Clock, key: bytes) -> Iterator[Journal]:
    """Lend a desk in a folder; whatever a test does to it, it must be whole in the end."""
    journal = Journal(tmp_path / "desk", key, clock)
    journal.set_profile(User(full_name="Lan", login="lan"))
    yield journal
    with journal.writing() as made:
        assert problems(made) == []
    journal.close()


@pytest.fixture
def ask(desk: Journal) -> Callable[..., list[tuple[Any, ...]]]:
    """Put a question to the desk's database."""

    def put(sql: str, *values: object) -> list[tuple[Any, ...]]:
        with desk.writing() as made:
            return made.execute(sql, values).fetchall()  # type: ignore[no-any-return]

    return put


@pytest.fixture
def case(desk: Journal) -> Case:
    """Give a case that was written down an hour ago, as it was then."""
    with desk.entry("New case") as work:
        return work.add(Case(title="Refund missing", owner="lan"))
