"""Articles as a case needs them: suggested by its reason and words, found by what is typed, numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.knowing.articles import closeness, words_of
from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.journal import reading
from escalation_desk.journal.searching import search

if TYPE_CHECKING:
    from escalation_desk.casework.case import Case
    from escalation_desk.journal.connection import Connection

_BY_WORDS = (
    "SELECT r.id FROM search_article f CROSS JOIN article r ON r.seq = f.rowid "
    "WHERE search_article MATCH ? AND r.deleted_at IS NULL AND r.state <> 'archived' "
    "ORDER BY bm25(search_article) LIMIT 40"
)
_BY_REASON = (
    "SELECT r.id FROM article r WHERE r.deleted_at IS NULL AND r.state <> 'archived' "
    "AND EXISTS (SELECT 1 FROM json_each(r.reasons) WHERE value = ?) "
    "ORDER BY r.seq DESC LIMIT 40"
)


def suggested(made: Connection, case: Case, *texts: str, limit: int = 5) -> list[Article]:
    """List what may answer a case: by its reason, and by the words of it and of what is being written."""
    ids: dict[str, None] = {}
    words = words_of(*texts, case.title)
    if words:
        match = " OR ".join(f'"{word}"' for word in words)
        ids |= {row[0]: None for row in made.execute(_BY_WORDS, (match,))}
    if case.reason:
        ids |= {row[0]: None for row in made.execute(_BY_REASON, (case.reason,))}
    found = [one for one in reading.several(made, Article, list(ids)) if one.id != case.knowledge_article]
    place = {one: at for at, one in enumerate(ids)}
    found.sort(key=lambda one: (-closeness(one, case), one.state is not ArticleState.VALIDATED, place[one.id]))
    return found[:limit]


def find(made: Connection, typed: str, limit: int = 8) -> list[Article]:
    """Find articles by words or by a part of their number."""
    hits = search(made, typed, kinds=("article",), limit=limit)
    found = reading.several(made, Article, [hit.record for hit in hits])
    return [one for one in found if one.state is not ArticleState.ARCHIVED]


def next_number(made: Connection) -> str:
    """Say which number comes next on this workstation; no two workstations give the same."""
    prefix = made.execute("SELECT prefix FROM workstation").fetchone()[0]
    taken = made.execute("SELECT count(*) FROM article WHERE number GLOB ?", (f"QA-{prefix}-*",)).fetchone()[0]
    return f"QA-{prefix}-{taken + 1:04d}"
