from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.closing import acts
from escalation_desk.journal import reading
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.journal.journal import Journal

    Typed = Callable[..., Any]
    CaseOf = Callable[[str], dict[str, Any]]
    Number = Callable[[str], str]


def test_one_command_is_one_entry_that_one_undo_takes_back(
    cli: Typed, desk: Journal, case_of: CaseOf, number: Number
) -> None:
    no = number("bộ thớt gỗ")
    before = case_of(no)
    answer = cli("set", "case", no, "title=Bộ thớt gỗ đã tìm thấy", "temperature=calm", "amount=512000.50")
    assert answer.done == f"{no} is saved.\n"
    after = case_of(no)
    assert (after["title"], after["temperature"], after["amount"]) == ("Bộ thớt gỗ đã tìm thấy", "calm", "512000.5")
    assert str(desk.undo()) == f"Change Title, Temperature, Amount of {no}"
    back = case_of(no)
    assert {name for name in back if back[name] != before[name]} == {"updated_at", "updated_by", "last_activity_at"}


@pytest.mark.parametrize(
    ("change", "field", "stored"),
    [
        ("title=  Blanks around, words kept ", "title", "Blanks around, words kept"),
        ("title=a=b", "title", "a=b"),
        ("severity=S1", "severity", "S1"),
        ("severity=s2 high", "severity", "S2"),
        ("risk_flags=legal, money", "risk_flags", ["legal", "money"]),
        ("risk_flags=", "risk_flags", []),
        ("orders=K1,K2, K3", "orders", ["K1", "K2", "K3"]),
        ("tags=late parcel", "tags", ["late parcel"]),
        ("due_at=2026-12-01T10:00:00Z", "due_at", "2026-12-01T10:00:00Z"),
        ("due_at=2026-12-01T10:00", "due_at", "2026-12-01T03:00:00Z"),
        ("due_at=01/12/2026 10:00", "due_at", "2026-12-01T03:00:00Z"),
        ("due_at=1/12/2026", "due_at", "2026-11-30T17:00:00Z"),
        ("due_at=", "due_at", None),
        ("amount=89000.25", "amount", "89000.25"),
        ("amount=1 250 000", "amount", "1250000"),
        ("affected_count=12", "affected_count", 12),
        ("flagged=yes", "flagged", True),
        ("flagged=không", "flagged", False),
        ("carrier=", "carrier", None),
        ("seller=gốm lửa chậm", "seller", "Gốm Lửa Chậm"),
        ("watchers=Sari Wulandari,linh.nguyen", "watchers", 2),
        ("reason=CUS.LOG.LATE", "reason", "CUS.LOG.LATE"),
        ("team=escalations indonesia", "team", "Escalations Indonesia"),
    ],
)
def test_every_kind_of_field_is_read_as_people_type_it(
    cli: Typed, case_of: CaseOf, number: Number, desk: Journal, change: str, field: str, stored: Any
) -> None:
    no = number("bộ thớt gỗ")
    assert cli("set", "case", no, change).done
    kept = case_of(no)[field]
    if field in {"seller", "team"}:
        named = {"seller": "shop_name", "team": "title"}[field]
        kept = desk.reader().execute(f'SELECT {named} FROM "{field}" WHERE id = ?', (kept,)).fetchone()[0]
    if field == "watchers":
        kept = len(kept)
    assert kept == stored


@pytest.mark.parametrize("who", ["me", "Lê Ngọc Mai", "le ngoc mai", "mai.le"])
def test_an_owner_is_named_as_me_by_name_or_by_login(
    cli: Typed, case_of: CaseOf, number: Number, desk: Journal, who: str
) -> None:
    no = number("Kiện hàng mất ở kho")
    assert cli("set", "case", no, f"owner={who}").done
    case = case_of(no)
    assert desk.profile
    assert (case["owner"], case["assignment"], case["status"]) == (desk.profile.id, "accepted", "open")


def test_priority_follows_from_severity_and_urgency(cli: Typed, case_of: CaseOf, number: Number) -> None:
    no = number("bộ thớt gỗ")
    cli("set", "case", no, "severity=S1", "urgency=U2")
    assert case_of(no)["priority"] == "P0"


def test_a_case_goes_the_way_that_the_table_lists_with_the_reason_beside_it(
    cli: Typed, case_of: CaseOf, number: Number
) -> None:
    no = number("bộ thớt gỗ")
    assert cli("set", "case", no, "owner=me", "--reason", "Linh is ill").done
    outcome = ("resolution_code=fixed", "resolution_summary=Found at the depot and delivered")
    assert cli("set", "case", no, "status=resolved", *outcome, "fault_party=logistics_partner", "fault_code=PAR1").done
    assert case_of(no)["resolved_at"]
    assert case_of(no)["resolved_by"] == case_of(no)["owner"]
    assert "choose a reason for reopening" in cli("set", "case", no, "status=open").refusal
    assert cli("set", "case", no, "status=open", "reopen_reason=not_fixed").done
    case = case_of(no)
    assert (case["reopen_count"], case["resolved_at"], case["waiting_on"]) == (1, None, "us")


def test_a_refusal_to_resolve_names_all_that_is_missing_in_one_sentence(
    cli: Typed, case_of: CaseOf, number: Number
) -> None:
    no = number("bộ thớt gỗ")
    cli("set", "case", no, "owner=me", "--reason", "Linh is ill")
    before = case_of(no)

    refusal = cli("set", "case", no, "status=resolved").refusal

    assert refusal.startswith(f"{no} cannot become “Resolved” yet.")
    for part in (
        "Choose the outcome.",
        "Write the outcome in words.",
        "by whom it was caused",
        "Choose the fault code",
    ):
        assert part in refusal
    assert case_of(no) == before


def test_exceptions_are_listed_with_the_case_and_who_asked(cli: Typed, desk: Journal, number: Number) -> None:
    me = profile_of(desk)
    decide = ("list", "exceptions", "--view", "exceptions-to-decide", "--json")
    before = cli(*decide).json["total"]
    with desk.entry("Ask") as work:
        case = work.get(Case, reading.case_id(desk.reader(), number("bộ thớt gỗ")))
        work.add(acts.ask_exception(case, "15 ngày", "Hoàn tiền", "Mất hàng", me, work.now))
    told = cli("list", "exceptions", "--json").json
    asked = [(one["we_did"], one["case_name"], one["state"]) for one in told["items"]]
    assert asked[0] == ("Hoàn tiền", number("bộ thớt gỗ"), "asked"), "the newest first, before those of the sample"
    assert cli(*decide).json["total"] == before + 1


@pytest.mark.parametrize("field", ["resolved_by", "verified_by", "verified_at", "signed_off_by"])
def test_nobody_signs_by_hand(cli: Typed, number: Number, field: str) -> None:
    assert "not set by hand" in cli("set", "case", number("bộ thớt gỗ"), f"{field}=").refusal


def test_a_case_of_a_colleague_is_taken_over_only_with_a_reason(
    cli: Typed, case_of: CaseOf, number: Number, desk: Journal
) -> None:
    no = number("bộ thớt gỗ")
    me, before = profile_of(desk).id, desk.waiting()
    sentence = f"Somebody else owns {no}; say why you take it over. Add --reason TEXT."
    assert cli("set", "case", no, "owner=me").refusal == sentence
    assert (case_of(no)["owner"] == me, desk.waiting()) == (False, before)
    assert cli("set", "case", no, "title=Not mine").done

    assert cli("set", "case", no, "owner=me", "--reason", "Linh is ill").done

    assert case_of(no)["owner"] == me
    told = cli("show", "case", no, "--json").json["timeline"]
    assert "Taken over: Linh is ill" in [moment["text"] for moment in told]


def test_a_case_is_cancelled_only_with_a_reason(cli: Typed, case_of: CaseOf, number: Number) -> None:
    no = number("Từ chối trả giày")
    assert "say why" in cli("set", "case", no, "status=cancelled").refusal
    assert case_of(no)["status"] == "new"
    assert cli("set", "case", no, "status=cancelled", "cancel_reason=withdrawn").done
    assert case_of(no)["live"] is False


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (["status=new"], "cannot become “New”"),
        (["status=closed"], "cannot become “Closed”"),
        (["nonsense=1"], "A case has no field “nonsense”."),
        (["Title=x"], "A case has no field “Title”."),
        (["id=1"], "A case has no field “id”."),
        (["title"], "“title” is not FIELD=VALUE."),
        (["title="], "“Title” cannot be empty."),
        (["severity=S9"], "choose one of: S1, S2, S3, S4"),
        (["risk_flags=legal,bad"], "legal, media, safety"),
        (["due_at=tomorrow"], "write a time such as 2026-11-24T14:30"),
        (["due_at=31/02/2026"], "write a time such as"),
        (["amount=many"], "write a number such as"),
        (["affected_count=1.5"], "write a whole number"),
        (["flagged=perhaps"], "write yes or no"),
        (["owner=nobody"], "There is no Person “nobody”."),
        (["owner="], "never left without an owner"),
        (["seller=No Such Shop"], "There is no Seller “No Such Shop”."),
        (["reason=NO.SUCH"], "There is no Reason “NO.SUCH”."),
        (["follow_up_of=ABC-1"], "There is no case ABC-1"),
        (["case_no=X-1"], "is set once and cannot be changed"),
        (["source=direct"], "is set once and cannot be changed"),
        (["received_at=2020-01-01"], "is set once and cannot be changed"),
        (["priority=P0"], "follows from other fields"),
        (["next_due_at=2026-12-01"], "follows from other fields"),
        (["priority_override=P0"], "needs a reason"),
    ],
)
def test_what_the_window_would_refuse_is_refused_and_nothing_changes(
    cli: Typed, case_of: CaseOf, number: Number, changes: list[str], sentence: str
) -> None:
    no = number("bộ thớt gỗ")
    before = case_of(no)
    assert sentence in cli("set", "case", no, "temperature=calm", *changes).refusal
    assert case_of(no) == before


def test_a_final_case_stays_final(cli: Typed, number: Number) -> None:
    assert "is final" in cli("set", "case", number("Phiếu 50.000"), "status=open").refusal


def test_saying_what_is_so_already_writes_no_entry(cli: Typed, desk: Journal, number: Number) -> None:
    assert cli("set", "case", number("bộ thớt gỗ"), "carrier=Giao Nhanh 24").done
    assert desk.undoable() is None


def test_a_note_is_one_internal_entry(cli: Typed, desk: Journal, number: Number) -> None:
    no = number("bộ thớt gỗ")
    assert cli("note", "case", no, "Bưu cục gọi lại lúc 15 giờ").done == f"The note is on {no}.\n"
    moment = cli("show", "case", no, "--json").json["timeline"][-1]
    assert desk.profile
    assert (moment["text"], moment["form"], moment["visibility"], moment["by"]) == (
        "Bưu cục gọi lại lúc 15 giờ",
        "note",
        "internal",
        desk.profile.id,
    )
    assert str(desk.undo()) == f"Note on {no}"
    assert "Bưu cục gọi lại" not in cli("show", "case", no).done


def test_a_note_is_found_at_once(cli: Typed, number: Number) -> None:
    cli("note", "case", number("bộ thớt gỗ"), "quokka seen at the depot")
    assert cli("list", "cases", "--search", "quokka", "--json").json["total"] == 1


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_note_is_refused(cli: Typed, number: Number, text: str) -> None:
    assert "nothing written" in cli("note", "case", number("bộ thớt gỗ"), text).refusal


def test_a_note_on_no_case_is_refused(cli: Typed) -> None:
    assert "There is no case" in cli("note", "case", "XXX-1", "text").refusal
