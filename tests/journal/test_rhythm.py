"""When a seller is spoken to next where nobody has agreed on it, by the record and by the desk's own column alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.choices import SellerRisk, SellerSegment, SellerStatus
from escalation_desk.casework.rhythm import RHYTHM
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.journal import reading
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPOKEN = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "desk", bytes(32))
    yield made
    made.close()


def spoken_with(journal: Journal, **fields: Any) -> str:
    with journal.entry("Keep") as work:
        seller = work.add(Seller(shop_name="Bếp Mộc", **fields)).id
        work.add(SellerNote(seller=seller, topic="Talk", at=SPOKEN))
    return seller


def next_of(journal: Journal, seller: str) -> datetime | None:
    with journal.writing() as made:
        return reading.record(made, Seller, seller).next_contact_at


def test_every_kind_of_shop_at_every_risk_has_its_usual_rhythm(journal: Journal) -> None:
    for segment in SellerSegment:
        for risk in (None, *SellerRisk):
            seller = spoken_with(journal, segment=segment, risk=risk)
            days = RHYTHM[segment][risk or SellerRisk.GREEN]
            assert next_of(journal, seller) == SPOKEN + timedelta(days=days), (segment, risk)


def test_the_graver_the_risk_the_sooner_and_a_key_shop_before_a_small_one() -> None:
    for by_risk in RHYTHM.values():
        assert by_risk[SellerRisk.RED] < by_risk[SellerRisk.AMBER] < by_risk[SellerRisk.GREEN]
    for risk in SellerRisk:
        days = [RHYTHM[one][risk] for one in (SellerSegment.KEY, SellerSegment.MID, SellerSegment.LONG_TAIL)]
        assert days == sorted(days)
        assert days[0] < days[-1]


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({"contact_every_days": 3, "risk": SellerRisk.RED}, 3),
        ({"contact_every_days": 0, "risk": SellerRisk.RED}, None),
        ({"status": SellerStatus.CLOSED, "risk": SellerRisk.RED}, None),
        ({"status": SellerStatus.CLOSED, "contact_every_days": 5}, 5),
    ],
)
def test_what_was_agreed_counts_first_and_a_closed_shop_has_no_rhythm_of_itself(
    journal: Journal, fields: dict[str, Any], days: int | None
) -> None:
    seller = spoken_with(journal, **fields)
    assert next_of(journal, seller) == (SPOKEN + timedelta(days=days) if days else None)


def test_a_shop_that_turns_red_is_spoken_to_sooner_and_undo_takes_that_back(journal: Journal) -> None:
    seller = spoken_with(journal, segment=SellerSegment.KEY)
    assert next_of(journal, seller) == SPOKEN + timedelta(days=14)
    with journal.entry("Set the risk") as work:
        work.get(Seller, seller).risk = SellerRisk.RED
    assert next_of(journal, seller) == SPOKEN + timedelta(days=2)
    journal.undo()
    assert next_of(journal, seller) == SPOKEN + timedelta(days=14)


def test_whom_nobody_has_spoken_to_yet_waits_for_nothing(journal: Journal) -> None:
    with journal.entry("Keep") as work:
        seller = work.add(Seller(shop_name="Mây Tre", segment=SellerSegment.KEY, risk=SellerRisk.RED)).id
    assert next_of(journal, seller) is None
