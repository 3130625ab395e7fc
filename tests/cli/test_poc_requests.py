"""`list poc-requests`: what was asked of points of contact, by the short names of its views."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from escalation_desk.casework.case import Case
from escalation_desk.casework.contacts.routing import Route
from escalation_desk.casework.people import Party
from escalation_desk.journal import contacting
from escalation_desk.journal.desk import open_desk, profile_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Typed = Callable[..., Any]

PARCEL, MARK = "Kiện hàng ở đâu?", "Có đăng ký không?"


@pytest.fixture
def asked(cli: Typed, folder: Path) -> Typed:
    """Ask two teams about one case; one of them has answered."""
    with closing(open_desk(folder)) as desk:
        me = profile_of(desk)
        with desk.entry("A case") as work:
            case = work.add(Case(title="Parcel lost", owner=me.id)).id
        with desk.entry("Ask") as work:
            contacting.ask(work, me, case, Route("LOGISTICS", None, None, "chosen"), PARCEL)
            answered = contacting.ask(work, me, case, Route("IPR_TEAM", None, None, "chosen"), MARK)
        with desk.entry("Answer") as work:
            contacting.answer(work, me, answered.id, "Có")
    return cli


def test_requests_are_listed_by_the_short_name_of_a_view(asked: Typed) -> None:
    def listed(view: str) -> set[tuple[str, str]]:
        """List what the view holds of the two; the sample has requests of its own."""
        items = asked("list", "poc-requests", "--view", view, "--json").json["items"]
        return {(one["ask"], one["team_name"]) for one in items if one["ask"] in {PARCEL, MARK}}

    assert listed("answered-not-passed-on") == {(MARK, "IPR")}
    assert listed("open") == {(PARCEL, "Logistics"), (MARK, "IPR")}
    assert listed("overdue") == set()
    assert asked("list", "cases", "--view", "overdue", "--json").json["total"] > 0


def test_the_list_as_a_workbook_masks_the_requester_of_the_case(cli: Typed, folder: Path, tmp_path: Path) -> None:
    with closing(open_desk(folder)) as desk:
        me = profile_of(desk)
        with desk.entry("Keep") as work:
            party = work.add(Party(display_name="Phạm Thị Thanh Hoa"))
            case = work.add(Case(title="Lost", requester=party.id))
        with desk.entry("Ask") as work:
            route = Route("LOGISTICS", None, None, "chosen")
            contacting.ask(work, me, case.id, route, "Phạm Thị Thanh Hoa hỏi kiện hàng ở đâu?")
    target = tmp_path / "requests.xlsx"
    assert cli("export", "list", "--view", "poc-requests-open", "--to", str(target)).code == 0
    sheet = load_workbook(target).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("hỏi kiện hàng ở đâu?" in cell for cell in cells)
    assert not any("Thanh Hoa" in cell for cell in cells)


def test_requests_are_told_in_a_table_with_names_for_codes(asked: Typed) -> None:
    table = asked("list", "poc-requests").done
    assert "Logistics" in table
    assert PARCEL in table
