"""What a list asks of the desk, it asks no longer than somebody looks at it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from escalation_desk.casework.lists import ListQuery, Order
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.queue.source import ListSource

EVERYTHING = ListQuery("case", (), (Order("received_at", descending=True),))


class Waiting:
    """Verbs that answer when they are told to."""

    def __init__(self) -> None:
        self.questions: list[Any] = []

    def ask(self, question: Any, _then: Any, *, slow: bool = False) -> None:
        assert slow, "a count never stands in the way of a page"
        self.questions.append(question)


def source_of(waiting: Waiting) -> ListSource:
    return ListSource(cast("Any", waiting), EVERYTHING, lambda: Clock(datetime(2026, 11, 24, tzinfo=UTC), UTC))


def test_a_list_that_was_left_is_not_counted() -> None:
    waiting = Waiting()
    source_of(waiting).shape(lambda _shape: None)
    assert waiting.questions[0](None) is None


def test_a_count_that_was_overtaken_is_not_begun() -> None:
    waiting = Waiting()
    source = source_of(waiting)
    source.shape(lambda _shape: None)
    source.shape(lambda _shape: None)
    assert waiting.questions[0](None) is None
