"""`list articles`: what the desk knows, by the short names of its views, with people by name."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.journal.desk import open_desk, profile_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Typed = Callable[..., Any]


def test_articles_are_listed_searched_and_narrowed_by_view(cli: Typed, folder: Path) -> None:
    with closing(open_desk(folder)) as desk:
        me = profile_of(desk)
        with desk.entry("Articles") as work:
            for number, title, state in (
                ("QA-T-0001", "Bao lâu thì hoàn tiền?", ArticleState.VALIDATED),
                ("QA-T-0002", "Where is my parcel?", ArticleState.NOT_VALIDATED),
                ("QA-T-0003", "An old answer", ArticleState.ARCHIVED),
            ):
                work.add(Article(number=number, title=title, answer="So.", state=state, owner=me.id))

    def numbers(*more: str) -> list[str]:
        found = cli("list", "articles", *more, "--json").json["items"]
        return [one["number"] for one in found if one["number"].startswith("QA-T-")]

    assert numbers() == ["QA-T-0002", "QA-T-0001"]
    assert numbers("--view", "articles-to-validate") == ["QA-T-0002"]
    assert numbers("--view", "articles-all") == ["QA-T-0003", "QA-T-0002", "QA-T-0001"]
    assert numbers("--search", "hoan tien") == ["QA-T-0001"]
