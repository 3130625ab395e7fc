from __future__ import annotations

import re
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.desk import SavedView
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.lists import ListQuery
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.views import CASE_VIEWS, FOLLOW_UP_VIEWS, SELLER_VIEWS
from escalation_desk.journal import listing
from escalation_desk.journal.desk import open_desk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from escalation_desk.casework.records import Record

    Typed = Callable[..., Any]


@pytest.mark.parametrize(
    ("what", "record", "total"), [("cases", Case, 120), ("sellers", Seller, 25), ("follow-ups", FollowUp, 80)]
)
def test_a_list_as_json_is_a_total_and_every_record_with_every_declared_field(
    look: Typed, what: str, record: type[Record], total: int
) -> None:
    data = look("list", what, "--json").json
    assert data.keys() == {"total", "items"}
    assert data["total"] == len(data["items"]) == total
    for item in data["items"]:
        assert {"id", *(f.name for f in fields_of(record))} <= item.keys()


def test_json_stands_alone_and_keeps_accents_as_they_are(look: Typed) -> None:
    answer = look("list", "cases", "--view", "mine", "--json")
    assert answer.done.startswith("{")
    assert answer.out.endswith("}\n")
    assert "Lê Ngọc Mai" in answer.out


def test_names_stand_beside_the_ids_of_other_records(look: Typed, number: Callable[[str], str]) -> None:
    case = look("show", "case", number("186,4 triệu"), "--json").json
    assert case["owner_name"] == "Nguyễn Thùy Linh"
    assert case["seller_name"] == "Lâm Hương Skincare"
    assert case["reason_name"] == "Settlement or balance on hold"


@pytest.mark.parametrize(
    ("what", "view"),
    [
        (what, view.code)
        for what, views in (("cases", CASE_VIEWS), ("sellers", SELLER_VIEWS), ("follow-ups", FOLLOW_UP_VIEWS))
        for view in views
    ],
)
def test_every_view_of_the_desk_is_there_by_its_name(look: Typed, what: str, view: str) -> None:
    data = look("list", what, "--view", view, "--json").json
    assert data["total"] == len(data["items"]) > 0


def test_a_view_holds_what_its_name_says(look: Typed) -> None:
    mine = look("list", "cases", "--view", "mine", "--json").json["items"]
    assert {case["owner_name"] for case in mine} == {"Lê Ngọc Mai"}
    waiting = look("list", "cases", "--view", "waiting-seller", "--json").json["items"]
    assert {case["waiting_on"] for case in waiting} == {"seller"}
    assert all(case["live"] for case in (*mine, *waiting))


def test_a_saved_view_is_found_by_the_name_somebody_gave_it(look: Typed) -> None:
    items = look("list", "cases", "--view", "Key sellers, money at stake", "--json").json["items"]
    assert items
    assert all("money" in case["risk_flags"] and case["live"] for case in items)


def test_a_group_of_reasons_in_a_saved_view_means_everything_in_it(cli: Typed, folder: Path) -> None:
    with closing(open_desk(folder)) as desk:
        with desk.entry("Keep a view") as work:
            definition = {"picks": {"reason": ['"SEL"']}}
            work.add(SavedView(title="Sellers' matters", owner="somebody", shared=True, definition=definition))
        with closing(desk.reader()) as made:
            expected = sum(n for code, n in listing.groups(made, ListQuery("case"), "reason") if code[:3] == "SEL")
    assert expected > 0

    assert cli("list", "cases", "--view", "Sellers' matters", "--json").json["total"] == expected


def test_an_unknown_view_is_refused_with_those_that_there_are(look: Typed) -> None:
    sentence = look("list", "cases", "--view", "nobody").refusal
    assert "“nobody”" in sentence
    assert "due-today" in sentence
    assert "my-sellers" not in sentence


def test_a_view_of_something_else_is_refused(look: Typed) -> None:
    assert "my-sellers" in look("list", "sellers", "--view", "mine").refusal
    assert "There is no view" in look("list", "sellers", "--view", "Key sellers, money at stake").refusal


def test_search_finds_without_accents_and_by_a_beginning(look: Typed) -> None:
    found = look("list", "cases", "--search", "bo thot go", "--json").json["items"]
    assert "Báo đã giao nhưng khách chưa nhận: bộ thớt gỗ" in {case["title"] for case in found}
    assert look("list", "sellers", "--search", "batik ken", "--json").json["total"] == 1


def test_search_finds_an_order_and_a_ticket(look: Typed) -> None:
    by_order = look("list", "cases", "--search", "K7QX2M4B9T", "--json").json["items"]
    assert len(by_order) == 2
    assert all("K7QX2M4B9T" in case["orders"] for case in by_order)
    assert look("list", "cases", "--search", "T-480377", "--json").json["total"] == 1


def test_search_narrows_a_view(look: Typed) -> None:
    everywhere = look("list", "cases", "--search", "mukena", "--json").json["total"]
    new = look("list", "cases", "--view", "new", "--search", "mukena", "--json").json["total"]
    assert 0 < new < everywhere


def test_operators_narrow_a_search(look: Typed) -> None:
    found = look("list", "cases", "--search", "state:closed", "--json").json["items"]
    assert found
    assert {case["status"] for case in found} == {"closed"}


def test_an_operator_that_there_is_not_is_refused(look: Typed) -> None:
    assert "There is no operator “colour:”" in look("list", "cases", "--search", "colour:red").refusal


def test_a_search_that_finds_nothing_is_an_answer_not_a_refusal(look: Typed) -> None:
    assert look("list", "cases", "--search", "xyzzyx", "--json").json == {"total": 0, "items": []}
    assert look("list", "cases", "--search", "xyzzyx").code == 0


def test_a_limit_cuts_the_items_and_not_the_total(look: Typed) -> None:
    data = look("list", "cases", "--limit", "3", "--json").json
    assert (data["total"], len(data["items"])) == (120, 3)
    assert look("list", "cases", "--limit", "0", "--json").json == {"total": 120, "items": []}
    more = look("list", "cases", "--limit", "5000", "--json").json
    assert len(more["items"]) == 120


def test_a_list_keeps_the_order_of_its_view(look: Typed) -> None:
    received = [case["received_at"] for case in look("list", "cases", "--json").json["items"]]
    assert received == sorted(received, reverse=True)
    names = [seller["shop_name"] for seller in look("list", "sellers", "--json").json["items"]]
    assert names[0] == "An Nấu Bếp"


def test_a_list_for_people_is_a_table_of_a_screenful(look: Typed) -> None:
    lines = look("list", "cases").done.splitlines()
    assert "Title" in lines[0]
    assert len(lines) == 52
    assert lines[-1] == "50 of 120"
    assert "Nguyễn Thùy Linh" in "\n".join(lines)
    assert len(look("list", "cases", "--limit", "120").done.splitlines()) == 122


def test_a_case_is_shown_with_all_fields_its_timeline_and_its_history(
    look: Typed, number: Callable[[str], str]
) -> None:
    case = look("show", "case", number("bộ thớt gỗ"), "--json").json
    assert {"id", "timeline", "history", *(f.name for f in fields_of(Case))} <= case.keys()
    assert case["orders"] == ["578104423390114"]
    assert case["risk_flags"] == []
    assert case["amount"] == "489000"
    assert case["received_at"].endswith("Z")


def test_the_timeline_runs_forward_and_holds_every_kind_of_moment(look: Typed, number: Callable[[str], str]) -> None:
    case = look("show", "case", number("186,4 triệu"), "--json").json
    moments = case["timeline"]
    assert [m["at"] for m in moments] == sorted(m["at"] for m in moments)
    assert {m["kind"] for m in moments} == {"message", "follow_up", "attachment", "clarification", "change"}
    assert {"at", "kind", "text", "by", "author", "form", "direction", "visibility", "due_at"} <= moments[0].keys()


def test_the_history_runs_backward_and_tells_who_changed_what(look: Typed, number: Callable[[str], str]) -> None:
    case = look("show", "case", number("186,4 triệu"), "--json").json
    history = case["history"]
    assert [h["at"] for h in history] == sorted((h["at"] for h in history), reverse=True)
    assert history[-1]["op"] == "create"
    taken = next(h for h in reversed(history) if h["field"] == "status" and h["after"] == "open")
    assert taken["before"] == "new"
    assert taken["title"].startswith("Take over ")


def test_a_case_is_found_by_the_number_of_its_ticket_and_by_its_id(look: Typed, number: Callable[[str], str]) -> None:
    case = look("show", "case", number("bộ thớt gỗ"), "--json").json
    for name in (case["crm_number"], case["id"]):
        assert look("show", "case", name, "--json").json["case_no"] == case["case_no"]


def test_a_case_for_people_names_fields_by_their_labels(look: Typed, number: Callable[[str], str]) -> None:
    lines = look("show", "case", number("bộ thớt gỗ")).done.splitlines()
    assert "Carrier: Giao Nhanh 24" in lines
    assert "Requester: Phạm Thị Hoa" in lines
    assert "Status: Waiting for third party" in lines
    assert not [line for line in lines if re.search(r"\dT\d\d:", line)]


def test_times_for_people_are_local(look: Typed, number: Callable[[str], str]) -> None:
    no = number("bộ thớt gỗ")
    received = datetime.fromisoformat(look("show", "case", no, "--json").json["received_at"])
    here = received.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f"Received: {here:%d/%m/%Y %H:%M}" in look("show", "case", no).done.splitlines()


def test_a_set_of_people_is_named_too(look: Typed, number: Callable[[str], str]) -> None:
    no = number("187 paket kosong")
    assert set(look("show", "case", no, "--json").json["watchers_name"]) == {"Lê Ngọc Mai", "Trần Minh Đức"}
    assert re.search(r"^Watchers: .*Lê Ngọc Mai", look("show", "case", no).done, re.MULTILINE)


def test_a_case_that_is_not_there_is_refused(look: Typed) -> None:
    assert look("show", "case", "XXX-999999").refusal.startswith("There is no case XXX-999999")
    assert look("show", "case", "XXX-999999", "--json").refusal


def test_a_case_is_shown_with_what_it_is_linked_with(look: Typed, number: Callable[[str], str]) -> None:
    merged = look("show", "case", number("Hỏi lại về bộ thớt"), "--json").json
    (link,) = [one for one in merged["links"] if one["word"] == "Merged into"]
    target = look("show", "case", link["number"], "--json").json
    assert [one["number"] for one in target["links"] if one["word"] == "Stands for"] == [merged["case_no"]]
    assert merged["case_no"] in {moment["origin"] for moment in target["timeline"]}
    assert f"Merged into: {link['number']}" in look("show", "case", merged["case_no"]).out


def test_macros_are_listed_by_their_codes(look: Typed) -> None:
    found = look("list", "macros", "--json").json
    assert [one["code"] for one in found["items"]] == sorted(one["code"] for one in found["items"])
    assert found["total"] == len(found["items"]) > 10
    assert all(one["owner"] is None for one in found["items"])
    assert look("list", "macros", "--view", "my-macros", "--json").json["total"] == 0
