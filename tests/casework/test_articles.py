"""Questions and answers: in the asker's words, without names, validated by leads, linked both ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Direction, Form, KnowledgeDecision, Language, Role, Visibility
from escalation_desk.casework.knowing import articles
from escalation_desk.casework.knowing.records import Article, ArticleState
from escalation_desk.casework.masking import Known, Mask
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ME = User(id="me", full_name="Linh", login="linh")
LEAD = User(id="lead", full_name="Bảo", login="bao", roles=frozenset({Role.LEAD}))
MASK = Mask(known=Known(people=frozenset({"Phạm Thị Hoa"})))


def case(**said: Any) -> Case:
    return Case(id="c1", case_no="E-1", title="Parcel lost", **said)


def said(text: str, minute: int, **more: Any) -> Message:
    values = {"form": Form.MESSAGE, "visibility": Visibility.PUBLIC, "direction": Direction.OUT, **more}
    return Message(case="c1", body=text, at=NOW + timedelta(minutes=minute), **values)


def article(**more: Any) -> Article:
    return Article(**{"id": "a1", "number": "QA-1", "title": "How?", "answer": "So.", **more})


def decision(held: Case) -> tuple[KnowledgeDecision | None, str | None]:
    return held.knowledge, held.knowledge_why


def state(one: Article) -> ArticleState:
    return one.state


def test_the_question_is_the_first_the_requester_said_and_the_answer_the_last_that_went_out() -> None:
    told = [
        said("We refund within 3 days.", 30),
        said("Where is my parcel?", 0, direction=Direction.IN),
        said("We look for it.", 10),
        said("Thank you", 40, direction=Direction.IN),
        said("Only we know", 50, visibility=Visibility.INTERNAL),
        said("Your ticket was received", 60, automatic=True),
    ]
    assert articles.question_of(case(), told) == "Where is my parcel?"
    assert articles.answer_of(told) == "We refund within 3 days."
    assert articles.question_of(case(), []) == "Parcel lost"
    assert articles.answer_of([]) == ""


def test_names_and_numbers_of_people_are_masked_before_anything_is_kept() -> None:
    made = articles.log(
        case(reason="CUS.LOG.LOST"),
        "Tôi là Phạm Thị Hoa, 0912 345 612, đơn ở đâu?",
        "Chào chị Hoa, hàng đến mai. hoa@gmail.com",
        MASK,
        Language.VI,
        "QA-7",
        ME,
    )
    for secret in ("Hoa", "345", "hoa@gmail"):
        assert secret not in made.title
        assert secret not in made.answer
    assert (made.state, made.reasons, made.source_cases) == (
        ArticleState.WIP,
        frozenset({"CUS.LOG.LOST"}),
        frozenset({"c1"}),
    )


@pytest.mark.parametrize(("question", "answer"), [("", "x"), ("x", "  ")])
def test_half_a_question_is_refused(question: str, answer: str) -> None:
    with pytest.raises(Refused):
        articles.log(case(), question, answer, MASK, Language.EN, "QA-1", ME)


def test_linking_makes_the_decision_and_both_know_of_each_other() -> None:
    held, one = case(), article()
    articles.link(held, one)
    assert (held.knowledge, held.knowledge_article) == (KnowledgeDecision.LINKED, "a1")
    assert one.source_cases == {"c1"}
    with pytest.raises(Refused, match="archived"):
        articles.link(case(), article(state=ArticleState.ARCHIVED))


def test_no_article_is_needed_only_with_a_reason() -> None:
    held = case()
    with pytest.raises(Refused, match="why no article"):
        articles.decide(held, KnowledgeDecision.NOT_NEEDED)
    assert decision(held) == (None, None)
    articles.decide(held, KnowledgeDecision.NOT_NEEDED, why="one of a kind")
    assert decision(held) == (KnowledgeDecision.NOT_NEEDED, "one of a kind")


def test_a_remark_says_who_and_what_and_counts_as_the_decision() -> None:
    held, one = case(), article()
    articles.flag(held, one, "The limit is 5 days now", ME, NOW)
    assert one.flags == ({"by": "me", "at": "2026-11-24T03:00:00Z", "text": "The limit is 5 days now"},)
    assert held.knowledge is KnowledgeDecision.FLAGGED
    with pytest.raises(Refused):
        articles.flag(held, one, " ", ME, NOW)


def test_leads_validate_and_an_edit_by_others_takes_that_back() -> None:
    one = article(state=ArticleState.NOT_VALIDATED)
    with pytest.raises(Refused, match="A lead"):
        articles.move(one, ArticleState.VALIDATED, ME)
    articles.move(one, ArticleState.VALIDATED, LEAD)
    articles.edit(one, {"owner": "me"}, ME)
    assert state(one) is ArticleState.VALIDATED
    articles.edit(one, {"answer": "Other."}, ME)
    assert state(one) is ArticleState.NOT_VALIDATED
    with pytest.raises(Refused, match="does not become"):
        articles.move(article(), ArticleState.VALIDATED, LEAD)


def test_closeness_is_of_the_reason_then_of_its_group() -> None:
    held = case(reason="CUS.LOG.LOST")
    assert articles.closeness(article(reasons=frozenset({"CUS.LOG.LOST"})), held) == 2
    assert articles.closeness(article(reasons=frozenset({"CUS.LOG.LATE"})), held) == 1
    assert articles.closeness(article(reasons=frozenset({"SEL.FIN.TAX"})), held) == 0
    assert articles.closeness(article(), case()) == 0
