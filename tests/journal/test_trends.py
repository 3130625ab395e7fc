from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from escalation_desk.casework.case import Case
from escalation_desk.casework.seller import Seller
from escalation_desk.journal.trends import received

if TYPE_CHECKING:
    from escalation_desk.journal.journal import Journal
    from tests.journal.conftest import Clock


def test_cases_are_counted_in_two_stretches_of_thirty_days(desk: Journal, clock: Clock) -> None:
    now = clock.now
    with desk.entry("Keep") as work:
        busy, quiet = (work.add(Seller(shop_name=name)).id for name in ("Busy", "Quiet"))
        work.flush()
        for hours in (0, 24, 24 * 30 - 1, 24 * 30, 24 * 60 - 1, 24 * 60, -1):
            work.add(Case(title="t", seller=busy, received_at=now - timedelta(hours=hours)))
        gone = work.add(Case(title="gone", seller=busy, received_at=now))
        first = work.add(Case(title="first", seller=busy, received_at=now - timedelta(days=400)))
        work.add(Case(title="again", seller=busy, received_at=now, merged_into=first.id))
        work.flush()
        work.remove(gone)

    with closing(desk.reader()) as made:
        assert received(made, [busy, quiet], now) == {busy: (3, 2)}


def test_they_are_counted_from_the_index_alone(desk: Journal) -> None:
    with closing(desk.reader()) as made:
        plan = made.execute(
            "EXPLAIN QUERY PLAN SELECT seller, count(*) FROM \"case\" WHERE seller IN ('a', 'b') "
            "AND received_at > 'c' AND deleted_at IS NULL AND merged_into IS NULL GROUP BY 1"
        ).fetchall()
    assert any("COVERING INDEX case_of_seller" in row[3] for row in plan)
