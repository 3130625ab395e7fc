"""How contacts answer: percentiles against Excel's definition, what counts as kept, and what is nobody's fault."""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.choices import Market
from escalation_desk.casework.contacts import requests, routing, scorecard
from escalation_desk.casework.contacts.records import AnswerQuality, PocRequest
from escalation_desk.casework.contacts.scorecard import Asked, Score, Share, Span
from tests.casework.contact_desk import ME, a_case, asked, hours, local, told

NINE = local("2026-11-10 09:00")
LATER = local("2026-11-10 17:00")


def scored(found: list[PocRequest], now: datetime = LATER) -> Score:
    lines = scorecard.scorecard(
        [Asked(one, Market.VN, "CUS.LOG") for one in found], lambda _one: "all", lambda _one: hours("CAL-BIZ-VN"), now
    )
    (line,) = lines
    return line


def answered_after(minutes: int, quality: AnswerQuality = AnswerQuality.USEFUL, sent: datetime = NINE) -> PocRequest:
    request = asked(a_case(), sent)
    requests.answer(request, a_case(), "Ở kho", told(sent + timedelta(minutes=minutes)), quality)
    return request


def test_of_nothing_there_is_no_rate_and_no_line() -> None:
    assert scorecard.scorecard([], lambda _one: "", lambda _one: hours("CAL-247"), LATER) == []
    assert Share(0, 0).rate is None
    assert scorecard.span([]) == Span(0, None, None)


def test_minutes_are_their_own_working_minutes() -> None:
    evening = answered_after(15 * 60 + 30, sent=local("2026-11-10 17:30"))  # answered at 09:00 the day after
    assert scored([evening], local("2026-11-11 10:00")).answered == Span(1, 30, None)


def test_open_past_due_counts_as_missed_and_open_before_due_does_not_count() -> None:
    waiting = asked(a_case(), NINE)
    assert waiting.ack_due_at == local("2026-11-10 11:00")
    line = scored([waiting], local("2026-11-10 10:59"))
    assert (line.ola_acknowledged, line.open_now, line.oldest) == (Share(0, 0), 1, NINE)
    assert scored([waiting], local("2026-11-10 11:01")).ola_acknowledged == Share(0, 1)


def test_wrong_contacts_count_against_the_rules_only() -> None:
    wrong, right = asked(a_case(), NINE), answered_after(30)
    requests.bounce(wrong, a_case(), routing.Route("ORDER_OPS", None, None, ""), told(NINE))
    line = scored([wrong, right], local("2026-11-16 17:00"))
    assert (line.bounced, line.sent) == (Share(1, 2), 2)
    assert line.ola_answered == Share(1, 1)
    assert line.answered.n == 1


def test_an_answer_of_no_use_is_no_answer() -> None:
    useless = answered_after(30, AnswerQuality.NOT_USEFUL)
    line = scored([useless], local("2026-11-16 17:00"))
    assert (line.answered.n, line.ola_answered) == (0, Share(0, 1))
    assert line.ola_acknowledged == Share(1, 1)


def test_what_was_withdrawn_is_out_of_the_ola() -> None:
    request = asked(a_case(), NINE)
    requests.withdraw(request, "Không cần")
    line = scored([request], local("2026-11-16 17:00"))
    assert (line.ola_acknowledged, line.open_now) == (Share(0, 0), 0)


def test_p90_is_said_for_thirty_and_not_for_fewer() -> None:
    assert scorecard.span([float(n) for n in range(29)]).p90 is None
    assert scorecard.span([float(n) for n in range(30)]).p90 == pytest.approx(26.1)


def test_lines_are_by_what_was_asked_for_the_most_asked_first() -> None:
    found = [Asked(asked(a_case(), NINE), Market.VN, topic) for topic in ("B", "A", "B")]
    lines = scorecard.scorecard(found, lambda one: one.topic, lambda _one: hours("CAL-BIZ-VN"), LATER)
    assert [(line.key, line.sent) for line in lines] == [("B", 2), ("A", 1)]


def test_chases_per_request_leave_out_the_wrong_ones() -> None:
    chased, wrong = asked(a_case(), NINE), asked(a_case(), NINE)
    chased.chases = ({"at": "2026-11-10T03:00:00Z", "by": ME.id}, {"at": "2026-11-10T04:00:00Z", "raised": "e"})
    requests.bounce(wrong, a_case(), routing.Route("ORDER_OPS", None, None, ""), told(NINE))
    assert scored([chased, wrong]).chases == Share(1, 1)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=60))
def test_the_percentiles_are_those_of_excel(minutes: list[int]) -> None:
    found: list[Any] = sorted(map(float, minutes))
    cuts = statistics.quantiles(found, n=10, method="inclusive")
    assert scorecard.percentile(found, 0.5) == pytest.approx(statistics.median(found))
    assert scorecard.percentile(found, 0.9) == pytest.approx(cuts[8])
