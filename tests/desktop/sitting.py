"""A whole window on a real journal with a few cases, for the tests of the shell and the queue."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, RiskFlag, Severity, Urgency, WaitingOn
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.desktop.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.look.theme import Theme
    from escalation_desk.desktop.table import Row
    from escalation_desk.desktop.window import Desk
    from escalation_desk.journal.journal import Journal


@contextmanager
def sitting(journal: Journal, theme: Theme, qtbot: QtBot) -> Iterator[Session]:
    made = Session(journal, theme)
    assert made.window is not None
    qtbot.waitExposed(made.window)
    try:
        yield made
    finally:
        window = made.window
        made.close()
        window.deleteLater()


def desk_of(session: Session) -> Desk:
    assert session.desk is not None
    return session.desk


def plant(journal: Journal) -> dict[str, str]:
    """Write five cases, known by a word each; answer their ids."""
    now = journal.now()
    me = journal.profile
    assert me is not None
    with journal.entry("Import {file}", kind="import", file="a.csv") as work:
        bao = work.add(User(full_name="Trần Quốc Bảo", login="bao"))
        party = work.add(Party(display_name="Siti Rahayu"))
        work.flush()
        mine: dict[str, Any] = {"owner": me.id, "assignment": Assignment.ACCEPTED, "status": CaseStatus.OPEN}
        cases = {
            "parcel": Case(
                title="Parcel lost",
                requester=party.id,
                due_at=now - timedelta(hours=2),
                received_at=_ago(now, 5),
                **mine,
            ),
            "refund": Case(
                title="Refund refused",
                due_at=now + timedelta(minutes=35),
                received_at=_ago(now, 2),
                severity=Severity.S2,
                urgency=Urgency.U1,
                **mine,
            ),
            "press": Case(
                title="Press asks",
                risk_flags=frozenset({RiskFlag.MEDIA}),
                received_at=_ago(now, 1),
                tags=frozenset({"tet"}),
            ),
            "waiting": Case(
                title="Đơn hàng chưa giao",
                status=CaseStatus.PENDING_REQUESTER,
                owner=bao.id,
                waiting_on=WaitingOn.CUSTOMER,
                received_at=_ago(now, 40),
            ),
            "old": Case(title="Old matter", status=CaseStatus.CLOSED, owner=bao.id, received_at=_ago(now, 90)),
        }
        for case in cases.values():
            work.add(case)
        work.flush()
        work.add(FollowUp(case=cases["refund"].id, text="Call back", due_at=now + timedelta(hours=3), owner=me.id))
    return {name: case.id for name, case in cases.items()}


def _ago(now: Any, days: int) -> Any:
    return now - timedelta(days=days)


def rows(desk: Desk) -> list[Row]:
    return [row for _line, row in sorted(desk.queue.table.rows.rows_at_hand(), key=lambda pair: pair[0])]


def titles(desk: Desk) -> list[str]:
    """List the titles in the queue, top to bottom."""
    at = [column.id for column in desk.queue.table.rows.columns].index("title") if desk.queue.table.rows.columns else 0
    return [row.cells[at] for row in rows(desk)]


def cell(desk: Desk, title: str, column: str) -> str:
    names = [one.id for one in desk.queue.table.rows.columns]
    row = next(row for row in rows(desk) if row.cells[names.index("title")] == title)
    return row.cells[names.index(column)]


def settled(desk: Desk) -> bool:
    """Tell whether the list shows what was asked for last."""
    return desk.queue.table.rows.count == len(rows(desk))
