"""What a summary holds of a case of the journal: every section, in order of time, in three languages."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import FaultParty, KnowledgeDecision, Severity, VerificationMethod
from escalation_desk.casework.choices import Form as Entry
from escalation_desk.casework.clocks.records import Deadline
from escalation_desk.casework.closing.records import (
    Confidence,
    ExceptionDecision,
    ExceptionState,
    LookState,
    PeerReview,
    RootCause,
)
from escalation_desk.casework.contacts.records import PocRequest, RequestState
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.timeline import Message
from escalation_desk.documents.case_summary import CaseSummary, Form
from escalation_desk.documents.leaving import summaries
from escalation_desk.i18n import _, speaking
from escalation_desk.journal import seed
from escalation_desk.journal.journal import Journal
from tests.documents.leaving_desk import NOW, ORDERS, Desk, open_leaving_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path, png: bytes) -> Iterator[Desk]:
    made = open_leaving_desk(tmp_path / "desk", png)
    yield made
    made.journal.close()


def gathered(desk: Desk, case_id: str = "", language: str = "en") -> CaseSummary:
    found, _issue = summaries(desk.journal, [case_id or desk.case_id], Form(language=language))
    return found[0]


def add(desk: Desk, *records: Any) -> None:
    with desk.journal.entry("Add") as work:
        for record in records:
            work.add(record)


def test_every_section_is_filled_from_the_journal(desk: Desk) -> None:
    summary = gathered(desk)

    assert summary.head.owner == "Nguyễn Hà Linh"
    assert summary.decision is not None
    assert [party.role for party in summary.parties] == ["Requester: Customer", "Seller: Bếp Mộc"]
    assert [party.name for party in summary.parties] == ["Phạm Thị Hoa", "Trương Văn Lợi"]
    assert [party.ids for party in summary.parties] == [("CRM 10400",), ("TikTok Shop 760011000",)]
    assert summary.goods is not None
    assert summary.goods.orders == tuple(sorted(ORDERS))
    assert len(summary.tried) == 2
    assert [step.what.partition(":")[0] for step in summary.done if step.what] == ["Call"]
    assert len(summary.timeline) == 6  # Four entries, a question, a picture.
    assert len(summary.messages) == 2
    assert [promise.to_whom for promise in summary.promises] == ["Vũ Kim Ngân"]
    assert summary.root_cause is not None
    assert summary.outcome is not None
    assert [line.name for line in summary.evidence] == ["pham_thi_hoa 0912345678.png"]


def test_the_timeline_is_in_order_of_time_whoever_wrote_it_down_when(desk: Desk) -> None:
    late = Message(case=desk.case_id, body="Found an old call", form=Entry.CALL, at=NOW - timedelta(days=2))

    add(desk, late)

    timeline = gathered(desk).timeline
    assert [one.at for one in timeline] == sorted(one.at for one in timeline if one.at)
    assert timeline[0].what == "Found an old call"
    assert timeline[0].entered == NOW  # More than a day later: said.
    assert {one.entered for one in timeline[1:]} == {None}


def test_who_wrote_is_a_colleague_or_whom_the_crm_names(desk: Desk) -> None:
    who = {one.what: one.who for one in gathered(desk).timeline}

    assert who["Gọi 0912 345 678"] == "Nguyễn Hà Linh"
    assert "Đỗ Văn Kiên" in who.values()


def test_three_lines_are_those_written_and_else_what_the_case_says(desk: Desk) -> None:
    case = Case(
        title="Lost parcel",
        description="Nothing came.\nSince Monday.",
        severity=Severity.S3,
        summary="One\nTwo\nThree\nmore",
    )
    bare = Case(title="Lost parcel", description="Nothing came.\nSince Monday.", waiting_for="the carrier")
    add(desk, case, bare)
    add(desk, FollowUp(case=bare.id, text="Ask the carrier", due_at=NOW + timedelta(days=2)))
    add(desk, FollowUp(case=bare.id, text="Call back", due_at=NOW + timedelta(hours=2)))

    written, proposed = gathered(desk, case.id).three_lines, gathered(desk, bare.id).three_lines

    assert written is not None
    assert (written.happened, written.means, written.stands) == ("One", "Two", "Three more")
    assert proposed is not None
    assert proposed.happened == "Nothing came. Since Monday."
    assert proposed.stands == "New: the carrier. Next: Call back"


def test_promises_say_what_became_of_them(desk: Desk) -> None:
    due = NOW - timedelta(days=1)
    case = Case(title="x")
    add(desk, case)
    kept: dict[str, Any] = {"case": case.id, "due_at": due, "first_due_at": due, "state": "done"}
    add(
        desk,
        FollowUp(text="kept", done_at=due - timedelta(hours=1), **kept),
        FollowUp(text="late", done_at=due + timedelta(hours=1), **kept),
        FollowUp(text="open", case=case.id, due_at=due),
    )

    said = {promise.what: str(promise.state) for promise in gathered(desk, case.id).promises}

    assert said == {"kept": "Kept", "late": "Not kept in time", "open": "Still open"}


def test_a_creator_is_a_person_and_a_shop_is_a_business(desk: Desk) -> None:
    creator = Seller(shop_name="An Nhiên Bakes", creator=True, phone="0911222333")
    add(desk, creator)
    case = Case(title="x", seller=creator.id)
    add(desk, case)

    (line,) = gathered(desk, case.id).parties

    assert (line.role, line.name) == ("Creator", "An Nhiên Bakes")
    assert "An Nhiên Bakes" in gathered(desk, case.id).known.people


@pytest.mark.parametrize("language", ["en", "vi", "id"])
def test_words_of_the_desk_are_said_in_the_language_asked_for(desk: Desk, language: str) -> None:
    summary = gathered(desk, language=language)

    with speaking(language):
        assert summary.parties[1].role == _("Seller: {shop}", shop="Bếp Mộc")
        assert summary.promises[0].state == _("Still open")
        assert {one.channel for one in summary.timeline} >= {_("Question"), _("Attachment")}


def test_an_empty_case_has_empty_sections_and_is_not_refused(desk: Desk) -> None:
    case = Case(title="x")
    add(desk, case)

    summary = gathered(desk, case.id)

    assert summary.parties == ()
    assert summary.timeline == ()
    assert summary.root_cause is None
    assert replace(summary.head, number="").title == "x"


def test_everything_is_read_from_one_state_of_the_data(desk: Desk) -> None:
    other = Case(title="Second")
    add(desk, other)

    def write_between() -> bool:
        with desk.journal.entry("Rename") as work:
            work.get(Case, other.id).title = "Renamed meanwhile"
        return False

    found, _issue = summaries(desk.journal, [desk.case_id, other.id], Form(), cancelled=write_between)

    assert found[1].head.title == "Second"
    with closing(desk.journal.reader()) as made:
        assert made.execute('SELECT title FROM "case" WHERE id = ?', (other.id,)).fetchone() == ("Renamed meanwhile",)


def test_a_case_of_two_thousand_entries_takes_no_more_time_for_each_than_one_of_two_hundred(desk: Desk) -> None:
    cases = [Case(title=str(n)) for n in (200, 2000)]
    add(desk, *cases)
    for case, many in zip(cases, (200, 2000), strict=True):
        add(
            desk,
            *(Message(case=case.id, body=f"Entry {n}", at=NOW - timedelta(minutes=n)) for n in range(many)),
        )

    each = []
    for case, many in zip(cases, (200, 2000), strict=True):
        gathered(desk, case.id)
        begun = time.thread_time()
        assert len(gathered(desk, case.id).timeline) == many
        each.append((time.thread_time() - begun) / many)

    assert each[1] < 4 * each[0]


def test_who_was_told_and_asked_stands_with_its_times_and_how_long_it_took(desk: Desk) -> None:
    seed.plant(desk.journal)
    sent = NOW - timedelta(days=4)
    add(
        desk,
        Escalation(
            case=desk.case_id,
            authority="LEGAL",
            reason="The seller threatens to sue",
            decision_asked="Settle or not?",
            raised_at=sent,
            notified_at=sent,
            decided_at=sent + timedelta(hours=3),
            decision="Settle up to the freight",
            state=EscalationState.DECIDED,
        ),
        PocRequest(
            case=desk.case_id,
            team="ORDER_OPS",
            ask="Why were the orders cancelled?",
            state=RequestState.ACCEPTED,
            sent_at=sent,
            answered_at=sent + timedelta(hours=2),
            answer_due_at=sent + timedelta(hours=1),
            answer="The warehouse did not confirm.",
            chases=({"at": "2026-11-20T03:00:00Z"}, {"at": "2026-11-20T04:00:00Z"}),
        ),
    )
    told, asked = gathered(desk).requests
    assert told.what == "The seller threatens to sue. Decision asked: Settle or not?"
    assert told.answer == "Settle up to the freight"
    assert told.when is not None
    assert [line.rpartition(" ")[2] for line in told.when.splitlines()] == ["Asked", "Decided"]
    assert asked.answer == "The warehouse did not confirm."
    assert asked.used is not None
    assert asked.used.startswith("Answer accepted, ")
    assert asked.used.endswith("late, chased 2 times")


def test_the_analysis_and_the_end_of_a_case_are_told_whole(desk: Desk) -> None:
    add(
        desk,
        RootCause(
            case=desk.case_id,
            problem_statement="Fourteen orders were cancelled",
            whys=("Not confirmed", "The number was old"),
            bones={"PRC": ["No second reminder"], "PEO": []},
            cause="Nobody checks the number after a move",
            fault_party=FaultParty.PLATFORM,
            fault_code="PRC1",
            confidence=Confidence.LIKELY,
        ),
        ExceptionDecision(
            case=desk.case_id,
            policy_says="No refund",
            we_did="Refunded freight",
            because="Our fault",
            state=ExceptionState.GRANTED,
        ),
        PeerReview(case=desk.case_id, state=LookState.AGREED, asked_of=None, remark="Enough evidence"),
        Deadline(case=desk.case_id, title="Evidence", due_at=NOW, met_at=NOW - timedelta(hours=1)),
    )
    with desk.journal.entry("Check") as work:
        case = work.get(Case, desk.case_id)
        case.verified_how, case.verified_result = VerificationMethod.CALLBACK, "They have the money"
        case.knowledge, case.knowledge_why = KnowledgeDecision.NOT_NEEDED, "Known already"
        case.breaches = ({"clock": "resolution", "cycle": 1, "why": "The bank was closed"},)
    summary = gathered(desk)
    cause, outcome = summary.root_cause, summary.outcome
    assert cause is not None
    assert outcome is not None
    assert (cause.whys, cause.fault_party) == (("Not confirmed", "The number was old"), FaultParty.PLATFORM)
    assert len(cause.bones) == 1
    assert cause.bones[0].endswith("No second reminder")
    assert (outcome.method, outcome.result) == (VerificationMethod.CALLBACK, "They have the money")
    assert outcome.knowledge == "Not needed: Known already"
    assert outcome.exceptions == ("Policy says: No refund. We did: Refunded freight. Because: Our fault. (Granted)",)
    assert outcome.second_looks[0].endswith("Enough evidence")
    assert [": met " in line for line in summary.head.deadlines] == [True]


def test_the_clocks_stand_on_the_first_page_and_say_why_one_was_missed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, bytes(32), lambda: NOW)
    seed.plant(journal)
    journal.set_profile(User(full_name="Nguyễn Hà Linh", login="linh"))
    with journal.entry("A case") as work:
        case = work.add(Case(title="Late", owner=work.me, received_at=NOW - timedelta(days=30)))
        case.breaches = ({"clock": "first_response", "cycle": 1, "why": "Nobody was on duty"},)
    (summary,), _issue = summaries(journal, [case.id], Form())
    journal.close()
    first = next(line for line in summary.head.clocks if line.startswith("First response"))
    assert first.endswith("Missed because: Nobody was on duty")
    assert "SLA-STD" in first
