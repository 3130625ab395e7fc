"""Articles are found by what a case says, whatever the tones, and numbered without a clash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.journal import articles
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path, bytes(32), lambda: datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    with made.entry("Articles") as work:
        for number, title, answer, reason, state in (
            ("QA-1", "Bao lâu thì hoàn tiền?", "Trong 3 ngày.", "CUS.RFD.REJECTED", ArticleState.VALIDATED),
            ("QA-2", "Where is my parcel?", "Ask the carrier.", "CUS.LOG.LOST", ArticleState.WIP),
            ("QA-3", "Parcel late", "Wait.", "CUS.LOG.LATE", ArticleState.VALIDATED),
            ("QA-4", "Parcel old answer", "No.", "CUS.LOG.LOST", ArticleState.ARCHIVED),
        ):
            work.add(Article(number=number, title=title, answer=answer, reasons=frozenset({reason}), state=state))
    yield made
    made.close()


def numbers(found: list[Article]) -> list[str]:
    return [one.number for one in found]


def test_the_same_reason_comes_first_then_its_group_and_archived_ones_never(journal: Journal) -> None:
    held = Case(title="Parcel lost", reason="CUS.LOG.LOST")
    with journal.writing() as made:
        assert numbers(articles.suggested(made, held)) == ["QA-2", "QA-3"]


def test_what_is_being_written_counts_with_or_without_tones(journal: Journal) -> None:
    held = Case(title="x")
    with journal.writing() as made:
        assert numbers(articles.suggested(made, held, "khach hoi hoan tien")) == ["QA-1"]
        assert numbers(articles.suggested(made, held, 'a "quote" AND (brackets*')) == []


def test_the_article_of_the_case_itself_is_not_suggested_again(journal: Journal) -> None:
    with journal.writing() as made:
        (one,) = articles.find(made, "carrier")
        held = Case(title="Parcel", reason="CUS.LOG.LOST", knowledge_article=one.id)
        assert "QA-2" not in numbers(articles.suggested(made, held))


def test_articles_are_found_in_the_one_box_by_words_and_by_number(journal: Journal) -> None:
    with journal.writing() as made:
        assert [hit.title for hit in search(made, "hoan tien", kinds=("article",))] == ["Bao lâu thì hoàn tiền?"]
        assert numbers(articles.find(made, "QA-2")) == ["QA-2"]
        assert numbers(articles.find(made, "old answer")) == []


def test_each_article_gets_the_next_number_of_the_workstation(journal: Journal) -> None:
    for _again in range(2):
        with journal.entry("One more") as work:
            number = work.ask(articles.next_number)
            work.add(Article(number=number, title="x", answer="y"))
    with journal.writing() as made:
        assert articles.next_number(made).endswith("-0003")
