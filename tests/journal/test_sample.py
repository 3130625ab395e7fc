from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    Assignment,
    CaseFamily,
    CaseStatus,
    FollowUpForm,
    FollowUpState,
    Form,
    Language,
    Market,
    Platform,
    Priority,
    PromisedBy,
    RiskFlag,
    WaitingOn,
)
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.casework.views import CASE_VIEWS, Now
from escalation_desk.journal import keys, listing, reading, sample, standing_in
from escalation_desk.journal.checking import problems
from escalation_desk.journal.desk import open_desk, profile_of
from escalation_desk.journal.sample_steps import distance
from escalation_desk.resources import folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # ten in the morning in Ha Noi


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    folder = tmp_path_factory.mktemp("sample")
    keys.make_with_passphrase(folder, "demo")
    journal = open_desk(folder, lambda _new: "demo", lambda: NOW - timedelta(days=60))
    sample.fill(journal, NOW)
    journal.clock = lambda: NOW
    yield journal
    journal.close()


@pytest.fixture(scope="module")
def made(desk: Journal) -> Iterator[Connection]:
    connection = desk.reader()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def cases(made: Connection) -> list[Case]:
    return reading.all_of(made, Case)


def test_the_sample_is_a_desk_of_the_size_of_a_real_week(made: Connection, cases: list[Case]) -> None:
    assert len(cases) == 120
    assert len(reading.all_of(made, Seller)) == 25
    assert len(reading.all_of(made, Party)) == 60
    assert len(reading.people(made)) == 5
    told = [Message, FollowUp, Clarification, Attachment]
    assert sum(len(reading.all_of(made, kind)) for kind in told) >= 350


@pytest.mark.parametrize(
    ("field", "choices"),
    [
        ("status", CaseStatus),
        ("priority", Priority),
        ("assignment", Assignment),
        ("family", set(CaseFamily) - {CaseFamily.OTHER}),
        ("market", {Market.VN, Market.ID}),
        ("platform", set(Platform) - {Platform.OTHER}),
        ("language", {Language.EN, Language.VI, Language.ID}),
        ("waiting_on", {WaitingOn.US, WaitingOn.CUSTOMER, WaitingOn.SELLER, WaitingOn.TEAM, WaitingOn.CARRIER}),
    ],
)
def test_every_kind_of_case_is_there(cases: list[Case], field: str, choices: set[str]) -> None:
    assert set(choices) <= {getattr(case, field) for case in cases}


def test_every_flag_of_risk_is_there(cases: list[Case]) -> None:
    assert set(RiskFlag) == {flag for case in cases for flag in case.risk_flags}


def test_some_cases_were_opened_again_some_carry_several_tickets_and_orders(cases: list[Case]) -> None:
    assert any(case.reopen_count for case in cases)
    assert any(len(case.external_tickets) > 1 for case in cases)
    assert any(len(case.orders) > 1 for case in cases)
    assert any(case.merged_into for case in cases)
    assert any(case.follow_up_of for case in cases)


def test_the_same_order_brings_people_back(cases: list[Case]) -> None:
    per_order = Counter(order for case in cases for order in case.orders)
    assert sum(count > 1 for count in per_order.values()) >= 3


def test_promises_are_due_overdue_kept_and_kept_late(made: Connection) -> None:
    promises = [p for p in reading.all_of(made, FollowUp) if p.form is FollowUpForm.PROMISE]
    live = [p for p in promises if p.state is FollowUpState.OPEN and p.due_at]
    end_of_day = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert [p for p in live if p.due_at and NOW < p.due_at <= end_of_day]
    assert [p for p in live if p.due_at and p.due_at < NOW]
    assert {True, False} <= {p.kept for p in promises}
    assert {PromisedBy.US, PromisedBy.THEM} == {p.promised_by for p in promises}
    assert any(p.moved for p in promises)


def test_every_view_of_the_queue_shows_something(desk: Journal, made: Connection) -> None:
    me = profile_of(desk)
    midnight = datetime(2026, 11, 25, tzinfo=ZoneInfo(me.time_zone))
    now = standing_in.told(made, Now(me.id, NOW, midnight, me.team or ""))
    empty = [view.code for view in CASE_VIEWS if not listing.count(made, view.query(now))]
    assert empty == []


def test_the_history_is_told_in_the_order_of_time_by_all_five_colleagues(made: Connection) -> None:
    told = made.execute("SELECT at, by FROM entry WHERE kind = 'do' ORDER BY number").fetchall()
    assert [at for at, _by in told] == sorted(at for at, _by in told)
    assert {by for _at, by in told} == {user.id for user in reading.all_of(made, User)}
    assert all(at <= "2026-11-24T03:00:00Z" for at, _by in told)


def test_no_case_was_touched_before_it_came(made: Connection, cases: list[Case]) -> None:
    for case in cases:
        times = [change.at for change in reversed(reading.history(made, case.id))]
        assert case.received_at
        assert times[0] == case.received_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_whoever_owns_a_case_wrote_on_it_or_was_given_it(made: Connection, cases: list[Case]) -> None:
    owned = [case for case in cases if case.owner]
    assert len(owned) > 50
    for case in owned:
        assert case.owner in {change.by for change in reading.history(made, case.id)}


def test_sellers_have_notes_with_promises_of_both_sides_and_some_a_pinned_note(made: Connection) -> None:
    sellers = reading.all_of(made, Seller)
    notes = reading.all_of(made, SellerNote)
    assert sum(bool(seller.pinned_note) for seller in sellers) >= 5
    assert sum(seller.creator for seller in sellers) >= 4
    assert {note.trust for note in notes} >= {"low", "medium", "high"}
    of_notes = [p for p in reading.all_of(made, FollowUp) if p.note]
    assert {PromisedBy.US, PromisedBy.THEM} == {p.promised_by for p in of_notes}
    assert any(note.next_contact_at and note.next_contact_at > NOW for note in notes)


def test_what_came_in_names_who_wrote_and_what_went_out_is_ours(made: Connection) -> None:
    messages = [m for m in reading.all_of(made, Message) if m.form is Form.MESSAGE]
    assert {str(m.direction) for m in messages} == {"in", "out"}
    assert all(m.author for m in messages if m.direction == "in")
    assert not any(m.author for m in messages if m.direction == "out")


def test_attachments_are_small_pictures_and_kept_whole(made: Connection) -> None:
    attachments = reading.all_of(made, Attachment)
    assert len(attachments) == 6
    for one in attachments:
        content = reading.blob(made, one.sha256)
        assert content.startswith(b"\x89PNG")
        assert len(content) == one.size < 60_000


def test_names_and_addresses_can_belong_to_nobody(made: Connection) -> None:
    parties = reading.all_of(made, Party)
    assert len(parties) > 20
    for party in parties:
        assert party.email is None or party.email.endswith((".example", "@example.com"))
        assert party.phone is None or party.phone.startswith(("0900000", "08000000"))


def test_database_and_journal_of_the_sample_are_whole(made: Connection) -> None:
    assert problems(made) == []


def test_nothing_of_the_sample_waits_to_be_sent_or_is_undone_by_ctrl_z(desk: Journal) -> None:
    assert desk.waiting() == 0
    assert desk.undoable() is None
    with pytest.raises(Refused, match="nothing to undo"):
        desk.undo()


def test_the_lead_of_the_desk_is_at_work(desk: Journal) -> None:
    me = profile_of(desk)
    assert me.full_name == "Lê Ngọc Mai"
    assert me.leads


def test_the_sample_saves_durably_again_once_it_is_written(desk: Journal) -> None:
    with desk.writing() as writer:
        assert writer.execute("PRAGMA synchronous").fetchone() == (2,)


def test_some_cases_have_news_that_nobody_has_seen(made: Connection, cases: list[Case]) -> None:
    seen = dict(made.execute("SELECT record, at FROM seen").fetchall())
    unread = [case for case in cases if case.live and case.last_activity_at and _text(case) > seen[case.id]]
    assert 5 <= len(unread) <= 40


def _text(case: Case) -> str:
    assert case.last_activity_at
    return case.last_activity_at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("-2d4h", timedelta(days=-2, hours=-4)),
        ("+35m", timedelta(minutes=35)),
        ("-1d2h3m", -timedelta(days=1, hours=2, minutes=3)),
    ],
)
def test_a_distance_is_read_in_days_hours_and_minutes(text: str, away: timedelta) -> None:
    assert distance(text) == away


@pytest.mark.parametrize("text", ["", "+", "2h", "-2h1d", "+1w", "-", "+1.5h"])
def test_what_is_no_distance_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        distance(text)


def test_the_files_of_the_sample_spell_every_letter_in_one_way() -> None:
    texts = [path.read_text("utf-8") for path in folder("sample").glob("*.json")]
    assert len(texts) == 7
    assert [text for text in texts if unicodedata.normalize("NFC", text) != text] == []
