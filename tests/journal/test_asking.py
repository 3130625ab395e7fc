"""The operators of the one box: what they mean, and the one sentence for what they do not."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Market, Priority, RiskFlag
from escalation_desk.casework.lists import ListQuery
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.journal import listing
from escalation_desk.journal.asking import answer, narrowed, operators_of, read
from escalation_desk.journal.asking.operators import WORDS
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.seen import MARK_SEEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 10:00 in Viet Nam


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path, bytes(32), lambda: NOW)
    made.set_profile(User(full_name="Nguyễn Hà Linh", login="linh"))
    fill(made)
    yield made
    made.close()


def fill(journal: Journal) -> None:
    with journal.entry("Keep") as work:
        other = work.add(User(full_name="Trần Minh", login="minh"))
        seller = work.add(Seller(shop_name="Mây Tre Việt", external_ids=frozenset({"shopee:9911"})))
        party = work.add(Party(display_name="Ánh Dương", phone="0912345678"))
        work.flush()
        me = work.me
        work.add(
            Case(
                title="zero",
                status=CaseStatus.OPEN,
                owner=me,
                received_at=NOW - timedelta(days=1),
                orders=frozenset({"VN2311-ABC", "77"}),
                tags=frozenset({"gấp", "quà tặng"}),
                seller=seller.id,
                amount=Decimal("89000.5"),
                description="đơn hàng vỡ",
            )
        )
        work.add(
            Case(
                title="one",
                owner=other.id,
                status=CaseStatus.PENDING_INTERNAL,
                received_at=NOW - timedelta(days=20),
                requester=party.id,
                priority_override=Priority.P1,
                priority_reason="x",
                risk_flags=frozenset({RiskFlag.MEDIA}),
                affected_count=12,
                market=Market.ID,
            )
        )
        work.add(Case(title="two", received_at=datetime(2026, 10, 31, 17, 0, tzinfo=UTC), due_at=NOW))
        work.add(FollowUp(text="call", due_at=NOW + timedelta(hours=2), owner=me, seller=seller.id))


def asked(journal: Journal, text: str, kind: str = "case") -> list[str]:
    reader = journal.reader()
    profile = journal.profile
    assert profile is not None
    try:
        query = narrowed(reader, ListQuery(kind), text, profile, NOW)
        shown = {"case": "title", "follow_up": "text", "seller": "shop_name"}[kind]
        return sorted(row.values[0] for row in listing.page(reader, query, [shown]))
    finally:
        reader.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("state:open", ["zero"]),
        ("state:pending", ["one"]),
        ("state:new,open", ["two", "zero"]),
        ("STATE:Open", ["zero"]),
        ("state:live", ["one", "two", "zero"]),
        ("-state:open", ["one", "two"]),
        ("-state:open,new", ["one"]),
        ("status:open", ["zero"]),
        ("owner:linh", ["zero"]),
        ('owner:"ha linh"', ["zero"]),
        ("owner:me", ["zero"]),
        ("owner:MINH", ["one"]),
        ("owner:none", ["two"]),
        ("-owner:none", ["one", "zero"]),
        ("-owner:me", ["one", "two"]),
        ("created:>2026-11-01", ["one", "zero"]),
        ("created:>=2026-11-01", ["one", "two", "zero"]),
        ("created:<2026-11-01", []),
        ("created:<=01/11/2026", ["two"]),
        ("created:2026-11", ["one", "two", "zero"]),
        ("created:2026", ["one", "two", "zero"]),
        ("created:2026-10", []),
        ("created:01/11/2026", ["two"]),
        ("created:yesterday", ["zero"]),
        ("created:>now-7d", ["zero"]),
        ("created:now-7d", ["zero"]),
        ("created:<now-1w", ["one", "two"]),
        ("created:2026-11-01..2026-11-10", ["one", "two"]),
        ("created:>2026-11-23T09:00", ["zero"]),
        ("due:today", ["two"]),
        ("due:>2026-01-01", ["two"]),
        ("due:none", ["one", "zero"]),
        ("seller:tre", ["zero"]),
        ('seller:"may tre"', ["zero"]),
        ("shop:9911", ["zero"]),
        ("customer:anh", ["one"]),
        ("requester:0912345678", ["one"]),
        ("order:n2311", ["zero"]),
        ("order:77", ["zero"]),
        ("order:zzz9", []),
        ("tag:gap", ["zero"]),
        ('tag:"qua tang"', ["zero"]),
        ("tag:nothing", []),
        ("risk:media", ["one"]),
        ("-risk:media", ["two", "zero"]),
        ("priority:P1", ["one"]),
        ("priority:p1", ["one"]),
        ("market:indonesia", ["one"]),
        ("amount:>89000", ["zero"]),
        ("amount:<89000", []),
        ("affected_count:>=12", ["one"]),
        ("affected_count:>12", []),
        ("high_risk:yes", ["one"]),
        ("state:open don hang", ["zero"]),
        ("state:open -vo", []),
        ('state:open owner:linh created:>now-7d seller:tre order:77 tag:gap "đơn hàng" -zebra', ["zero"]),
        ("http://shop.example", []),
        ("12:30", []),
    ],
)
def test_operators_narrow_a_list(journal: Journal, text: str, expected: list[str]) -> None:
    assert asked(journal, text) == expected


def test_other_lists_have_operators_of_their_own(journal: Journal) -> None:
    assert asked(journal, "due:today owner:me", "follow_up") == ["call"]
    assert asked(journal, "seller:tre state:open", "follow_up") == ["call"]
    assert asked(journal, "id:9911", "seller") == ["Mây Tre Việt"]
    assert asked(journal, "state:active tre", "seller") == ["Mây Tre Việt"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("foo:bar", "no operator “foo:”"),
        ("state:nonsense", "choose one of"),
        ("owner:zebra", "“zebra”"),
        ("created:2026-13-45", "is no time"),
        ("created:>soon", "is no time"),
        ("created:now+999999w", "is no time"),
        ("priority:>P1", "not compared"),
        ("-tag:gap,", "cannot be turned around"),
        ("-created:today", "cannot be turned around"),
        ("amount:much", "“much”"),
        ("case:nothing", "no operator"),
    ],
)
def test_what_is_not_understood_is_said_in_one_sentence(journal: Journal, text: str, part: str) -> None:
    if text == "-tag:gap,":
        assert asked(journal, text) == ["one", "two"]
        return
    with pytest.raises(Refused, match=part) as refused:
        asked(journal, text)
    assert "\n" not in str(refused.value)


def test_what_nobody_here_has_looked_at_since_it_changed_is_found(journal: Journal) -> None:
    assert asked(journal, "unread:yes") == ["one", "two", "zero"]
    with closing(journal.reader()) as reader:
        one = next(row.id for row in listing.page(reader, ListQuery("case"), ["title"]) if row.values[0] == "one")
    journal.local(MARK_SEEN, (one, "2026-11-25T00:00:00Z"))
    assert asked(journal, "unread:yes") == ["two", "zero"]
    assert asked(journal, "unread:no") == asked(journal, "-unread:yes") == ["one"]
    journal.local(MARK_SEEN, (one, "2026-10-01T00:00:00Z"))
    assert asked(journal, "unread:no") == []


def test_every_operator_of_the_desk_names_a_declared_field(journal: Journal) -> None:
    reader, profile = journal.reader(), journal.profile
    assert profile is not None
    for kind in WORDS:
        for name in operators_of(kind):
            assert read(reader, kind, f"{name}:{'no' if name == 'unread' else 'none'}", profile, NOW).conditions
    reader.close()


def test_the_box_finds_by_words_what_it_does_not_understand(journal: Journal) -> None:
    reader, profile = journal.reader(), journal.profile
    assert profile is not None
    given_up = answer(reader, "foo:bar hang", profile, NOW)
    assert "foo:" in given_up.sentence
    assert given_up.query is None
    found = answer(reader, "hang", profile, NOW)
    assert [hit.kind for hit in found.hits] == ["case"]
    narrowed_down = answer(reader, "state:open", profile, NOW)
    assert [hit.title.split(" · ")[1] for hit in narrowed_down.hits] == ["zero"]
    assert narrowed_down.query is not None
    reader.close()


def test_the_box_says_of_which_kinds_there_is_more(journal: Journal) -> None:
    with journal.entry("Keep") as work:
        for number in range(4):
            work.add(Case(title=f"zebra {number}"))
    reader, profile = journal.reader(), journal.profile
    assert profile is not None
    assert answer(reader, "zebra", profile, NOW, limit=3).more == {"case"}
    assert answer(reader, "zebra", profile, NOW, limit=4).more == frozenset()
    reader.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    name=st.sampled_from([*operators_of("case"), "amount", "high_risk", "title", "x"]),
    sign=st.sampled_from(["", ">", "<", ">=", "<=", "="]),
    value=st.text(max_size=12)
    | st.sampled_from(["now-99999h", "0001-01-01", "9999-12", "9999-12-31", "0000", '""', ","]),
    minus=st.sampled_from(["", "-"]),
)
def test_an_operator_in_any_form_narrows_or_is_refused(
    journal: Journal, name: str, sign: str, value: str, minus: str
) -> None:
    try:
        found = asked(journal, f"{minus}{name}:{sign}{value}")
    except Refused:
        return
    assert set(found) <= {"one", "two", "zero"}
