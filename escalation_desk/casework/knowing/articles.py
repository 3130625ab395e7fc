"""Questions and answers that come of cases: logged in the asker's words, masked, validated, linked, flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import Direction, Form, KnowledgeDecision, Visibility
from escalation_desk.casework.fields import field_of, instant_text
from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import fold, one_line, words
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.choices import Language
    from escalation_desk.casework.masking import Mask
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message

_SPOKEN: Final = frozenset({Form.MESSAGE, Form.CHAT, Form.CALL})
_QUESTION: Final = 300
_WORDS: Final = 12
_SHORTEST: Final = 3
_NEXT: Final = {
    ArticleState.WIP: frozenset({ArticleState.NOT_VALIDATED, ArticleState.ARCHIVED}),
    ArticleState.NOT_VALIDATED: frozenset({ArticleState.WIP, ArticleState.VALIDATED, ArticleState.ARCHIVED}),
    ArticleState.VALIDATED: frozenset({ArticleState.NOT_VALIDATED, ArticleState.ARCHIVED}),
    ArticleState.ARCHIVED: frozenset({ArticleState.WIP}),
}
"""From which state an article goes to which."""
_WORDING: Final = frozenset({"title", "answer", "conditions", "policy", "reasons", "language", "audience"})


def question_of(case: Case, messages: Iterable[Message]) -> str:
    """Find the requester's own words: the first that they wrote or said; else what the case is called."""
    theirs = [one.body for one in _spoken(messages) if one.direction is Direction.IN]
    return one_line(theirs[0], _QUESTION) if theirs else case.title


def answer_of(messages: Iterable[Message]) -> str:
    """Find what the desk answered last."""
    ours = [one.body for one in _spoken(messages) if one.direction is Direction.OUT and not one.automatic]
    return ours[-1] if ours else ""


def _spoken(messages: Iterable[Message]) -> list[Message]:
    said = [one for one in messages if one.visibility is Visibility.PUBLIC and one.form in _SPOKEN and one.at]
    return sorted(said, key=lambda one: (str(one.at), one.id))


def log(case: Case, question: str, answer: str, mask: Mask, language: Language, number: str, me: User) -> Article:
    """Write a question and its answer down, without anybody's name."""
    if not question.strip():
        raise Refused(_("Write the question in the words of whoever asked."))
    if not answer.strip():
        raise Refused(_("Write the answer."))
    return Article(
        number=number,
        title=one_line(mask.text(question), _QUESTION),
        answer=mask.text(answer).strip(),
        language=language,
        reasons=frozenset({case.reason}) if case.reason else frozenset(),
        policy=case.policy,
        state=ArticleState.WIP,
        owner=me.id,
        source_cases=frozenset({case.id}),
    )


def decide(case: Case, how: KnowledgeDecision, article: Article | None = None, why: str = "") -> None:
    """Make the knowledge decision of a case."""
    if how is KnowledgeDecision.NOT_NEEDED and not why.strip():
        raise Refused(_("Write why no article is needed."))
    case.knowledge = how
    case.knowledge_article = article.id if article else None
    case.knowledge_why = why.strip() or None


def link(case: Case, article: Article) -> None:
    """Say that an article answers a case; both know of each other from then on."""
    if article.state is ArticleState.ARCHIVED:
        raise Refused(_("{article} is archived; link one that is in use.", article=article.number))
    article.source_cases |= {case.id}
    decide(case, KnowledgeDecision.LINKED, article)


def flag(case: Case | None, article: Article, what: str, me: User, now: datetime) -> None:
    """Remark that an article is wrong or out of date; its owner sees to it."""
    if not what.strip():
        raise Refused(_("Say what is wrong with the article."))
    article.flags = (*article.flags, {"by": me.id, "at": instant_text(now), "text": what.strip()})
    if case is not None:
        article.source_cases |= {case.id}
        decide(case, KnowledgeDecision.FLAGGED, article)


def move(article: Article, to: ArticleState, me: User) -> None:
    """Bring an article into another state; leads validate."""
    if to is article.state:
        return
    if to not in _NEXT[article.state]:
        raise Refused(
            _("From “{state}” an article does not become “{other}”.", state=_(article.state.label), other=_(to.label))
        )
    if to is ArticleState.VALIDATED and not me.leads:
        raise Refused(_("A lead validates articles; ask one to read it."))
    article.state = to


def edit(article: Article, values: Mapping[str, Any], me: User) -> None:
    """Change an article. What a lead validated is to be validated again when somebody else changes its words."""
    changed = {name for name, value in values.items() if getattr(article, name) != value}
    for name in changed:
        setattr(article, field_of(Article, name).name, values[name])
    if changed & _WORDING and article.state is ArticleState.VALIDATED and not me.leads:
        article.state = ArticleState.NOT_VALIDATED


def words_of(*texts: str) -> list[str]:
    """Pick the words by which articles are suggested: those long enough to mean something, each once."""
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(word for word in words(fold(text)) if len(word) >= _SHORTEST and not word.isdigit())
    return list(found)[:_WORDS]


def closeness(article: Article, case: Case) -> int:
    """Say how near an article is to a case by its reason: the same, the same group, or none."""
    reason = case.reason or ""
    if reason and reason in article.reasons:
        return 2
    group = reason.rpartition(".")[0]
    return 1 if group and any(one.startswith(f"{group}.") for one in article.reasons) else 0
