"""Each mutation once, in its order, merged field by field with what stands on the server now."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync.messages import Change

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server


@pytest.fixture
def linh(server: Server) -> Desk:
    return server.person("linh", ScopeRole.SPECIALIST, "VN/t2")


@pytest.fixture
def minh(server: Server, linh: Desk) -> Desk:
    return server.person("minh", ScopeRole.SPECIALIST, "VN/t2")


def test_what_one_creates_the_other_gets_with_its_history(linh: Desk, minh: Desk) -> None:
    case = linh.case(tags=["late"])
    assert minh.data(case)["tags"] == ["late"]
    (entry,) = [one for one in minh.entries if one.changes[0].record == case]
    assert (entry.by, entry.workstation, entry.changes[0].op) == (linh.me, linh.client, "create")


def test_a_mutation_that_comes_twice_is_applied_once_and_answered_alike(linh: Desk) -> None:
    case = linh.case()
    entry = linh.entry(Change("case", case, "set", "title", "Wrong item", "Broken item"))
    first, second = linh.push(entry), linh.push(entry)
    assert first == second
    assert linh.pull().last_mid == 2
    assert linh.records[case].version == 2


def test_a_hole_in_the_numbers_stops_the_push_there(linh: Desk) -> None:
    case = linh.case()
    linh.mid += 1
    said = linh.try_push(linh.entry(Change("case", case, "set", "title", "Wrong item", "Broken item"))).json()
    assert (said["outcomes"], said["last_mid"]) == ([], 1)


def test_edits_of_different_fields_never_notice_each_other(linh: Desk, minh: Desk) -> None:
    case = linh.case()
    assert linh.set(case, title=("Wrong item", "Broken item")).state == "applied"
    assert minh.set(case, tracking=(None, "VN123")).state == "applied"
    assert minh.data(case) | {"title": "Broken item", "tracking": "VN123"} == minh.data(case)
    assert minh.conflicts() == []


def test_edits_of_one_plain_field_leave_both_values_for_a_person_to_choose(linh: Desk, minh: Desk) -> None:
    case = linh.case()
    linh.set(case, title=("Wrong item", "Broken item"))
    outcome = minh.set(case, title=("Wrong item", "Lost item"))
    assert (outcome.state, len(outcome.conflicts)) == ("merged", 1)
    (conflict,) = linh.conflicts()
    assert conflict["base"] == {"value": "Wrong item"}
    assert conflict["theirs"] == {"value": "Broken item"}
    assert conflict["mine"] == {"value": "Lost item"}
    assert (conflict["theirs_by"], conflict["mine_by"]) == (linh.me, minh.me)
    assert linh.data(case)["title"] == "Broken item"


def test_editing_further_what_is_in_conflict_renews_the_conflict(linh: Desk, minh: Desk) -> None:
    case = linh.case()
    linh.set(case, title=("Wrong item", "Broken item"))
    first = minh.set(case, title=("Wrong item", "Lost item"))
    second = minh.set(case, title=("Lost item", "Lost parcel"))
    assert first.conflicts == second.conflicts
    (conflict,) = minh.conflicts()
    assert (conflict["base"]["value"], conflict["mine"]["value"]) == ("Wrong item", "Lost parcel")


def test_nobody_is_in_conflict_with_their_own_earlier_edits(linh: Desk) -> None:
    case = linh.case()
    entries = [
        linh.entry(Change("case", case, "set", "title", old, new))
        for old, new in (("Wrong item", "A"), ("A", "B"), ("B", "C"))
    ]
    assert [one.state for one in linh.push(*entries)] == ["applied"] * 3
    assert linh.data(case)["title"] == "C"


def test_sets_texts_and_severities_are_merged_without_asking_anybody(linh: Desk, minh: Desk) -> None:
    case = linh.case(tags=["a", "b"], severity="S3", description="one\ntwo\nthree\n")
    linh.set(
        case,
        tags=(["a", "b"], ["a", "c"]),
        severity=("S3", "S1"),
        description=("one\ntwo\nthree\n", "ONE\ntwo\nthree\n"),
    )
    outcome = minh.set(
        case,
        tags=(["a", "b"], ["a", "b", "d"]),
        severity=("S3", "S2"),
        description=("one\ntwo\nthree\n", "one\ntwo\nTHREE\n"),
    )
    assert (outcome.state, outcome.conflicts) == ("merged", ())
    data = minh.data(case)
    assert (data["tags"], data["severity"], data["description"]) == (["a", "c", "d"], "S1", "ONE\ntwo\nTHREE\n")


def test_the_second_to_take_a_case_reads_who_took_it(linh: Desk, minh: Desk) -> None:
    case = linh.case()

    def take(desk: Desk) -> str:
        return desk.set(
            case, owner=(None, desk.me), assignment=("unassigned", "accepted"), status=("new", "open")
        ).state

    assert (take(linh), take(minh)) == ("applied", "merged")
    (conflict,) = minh.conflicts()
    assert (conflict["form"], conflict["why"], conflict["places"]["name"]) == (
        "refused",
        "{name} took it at {time}.",
        "Linh",
    )
    assert minh.data(case)["owner"] == linh.me


def test_a_rule_of_the_case_refuses_in_the_language_of_whoever_asked(linh: Desk) -> None:
    case = linh.case(owner=linh.me)
    for language, word in (("en", "offer it"), ("vi", "Hồ sơ")):
        linh.language = language
        linh.set(case, owner=(linh.me, None))
        (conflict,) = linh.conflicts()
        assert word in conflict["places"]["sentence"]


def test_a_state_that_can_still_be_reached_is_reached_and_one_that_cannot_is_refused(linh: Desk, minh: Desk) -> None:
    case = linh.case(owner=linh.me, assignment="accepted", status="open")
    linh.set(case, status=("open", "pending_requester"))
    assert linh.set(case, status=("open", "resolved"), resolved_at=(None, "2026-11-24T09:00:00Z")).state == "applied"
    refused = linh.server.desk("linh").set(case, status=("open", "pending_internal"))
    assert refused.state == "merged"
    (conflict,) = minh.conflicts()
    assert conflict["why"] == "{name} set it to “{value}” at {time}."
    assert minh.data(case)["status"] == "resolved"


def test_the_rest_of_an_entry_is_applied_when_one_field_is_contested(linh: Desk, minh: Desk) -> None:
    case = linh.case()
    linh.set(case, title=("Wrong item", "Broken item"))
    minh.set(case, title=("Wrong item", "Lost item"), tracking=(None, "VN123"))
    assert minh.data(case)["tracking"] == "VN123"


def test_a_case_known_by_the_same_number_is_accepted_and_shown_as_a_twin(linh: Desk, minh: Desk) -> None:
    first = linh.case(crm="zendesk", crm_number="77")
    outcome = minh.do(
        Change("case", str(uuid.uuid4()), "create", None, None, {"title": "Same", "crm": "zendesk", "crm_number": "77"})
    )
    assert outcome.state == "merged"
    (conflict,) = linh.conflicts()
    assert (conflict["form"], conflict["places"]) == ("twice", {"other": first})


def test_deleting_what_somebody_else_worked_on_meanwhile_keeps_it(linh: Desk, minh: Desk) -> None:
    case = linh.case()
    minh.set(case, title=("Wrong item", "Broken item"))
    assert linh.do(Change("case", case, "delete", None, 1, None)).state == "merged"
    assert linh.data(case)["title"] == "Broken item"
    assert [one["form"] for one in linh.conflicts()] == ["deleted"]


def test_working_on_what_somebody_deleted_brings_it_back_with_a_notice(linh: Desk, minh: Desk) -> None:
    case = linh.case()
    assert linh.do(Change("case", case, "delete", None, 1, None)).state == "applied"
    minh.pull()
    assert minh.records[case].way == "deleted"
    assert minh.set(case, title=("Wrong item", "Broken item")).state == "merged"
    assert minh.data(case)["title"] == "Broken item"


def test_what_cannot_be_read_is_answered_and_stepped_over(linh: Desk) -> None:
    case = linh.case()
    broken = [
        linh.entry(Change("case", case, "set", "severity", None, "S99")),
        linh.entry(Change("case", case, "set", "tags", None, "no list")),
        linh.entry(Change("case", "no id", "set", "title", None, "x")),
        linh.entry(Change("case", case, "explode", "title", None, "x")),
        linh.entry(Change("case", case, "set", "title", "Wrong item", "zero \0 character")),
        linh.entry(Change("case", case, "set", "title", "Wrong item", 7)),
        linh.entry(Change("case", case, "set", "status", "new", None)),
        linh.entry(Change("case", str(uuid.uuid4()), "set", "title", None, "nowhere")),
        {"mid": linh.mid + 1, "entry": None},
    ]
    linh.mid += 1
    assert [one.state for one in linh.push(*broken)] == ["refused"] * len(broken)
    assert linh.set(case, title=("Wrong item", "Broken item")).state == "applied"
    assert linh.records == {} or linh.data(case)["title"] == "Broken item"


def test_what_is_nested_too_deeply_is_stepped_over_and_what_waits_behind_it_is_taken(linh: Desk) -> None:
    deep: Any = []
    for _level in range(300):
        deep = [deep]
    case = linh.case()
    odd = linh.entry(Change("case", case, "set", "of_a_newer_version", None, deep))
    fine = linh.entry(Change("case", case, "set", "carrier", None, "SPX"))
    assert [one.state for one in linh.push(odd, fine)] == ["refused", "applied"]


def test_fields_and_kinds_of_a_newer_version_are_kept(linh: Desk, minh: Desk) -> None:
    case = linh.case(mood_of_the_moon="waxing")
    strange = linh.create("spaceship", engine="warp")
    minh.set(case, title=("Wrong item", "Broken item"))
    assert minh.data(case)["mood_of_the_moon"] == "waxing"
    assert minh.data(strange)["engine"] == "warp"


def test_a_large_entry_comes_in_parts_and_is_there_with_the_last_one(linh: Desk, minh: Desk) -> None:
    made = [Change("case", str(uuid.uuid4()), "create", None, None, {"title": f"Case {n}"}) for n in range(10)]
    whole = linh.entry(*made)
    pieces = [{**whole, "changes": whole["changes"][n : n + 4], "part": n // 4 + 1, "parts": 3} for n in (0, 4, 8)]
    assert linh.push(pieces[0]) == []
    assert linh.push(pieces[0], pieces[1]) == []
    minh.pull()
    assert not [row for row in minh.records.values() if row.kind == "case"]
    (outcome,) = linh.push(pieces[2])
    assert outcome.state == "applied"
    minh.pull()
    assert len([row for row in minh.records.values() if row.kind == "case"]) == 10
    assert linh.push(pieces[2]) == [outcome]


def test_numbers_are_dense_and_sums_are_right_whatever_happened(server: Server, linh: Desk, minh: Desk) -> None:
    case = linh.case()
    linh.do(Change("message", str(uuid.uuid4()), "create", None, None, {"case": case, "body": "Called them."}))
    linh.set(case, title=("Wrong item", "Broken item"))
    minh.set(case, title=("Wrong item", "Lost item"))
    minh.do(Change("case", case, "delete", None, 9, None))
    trailer = minh.pull()
    from escalation_desk.sync.messages import mark, total

    for scope, (count, summed) in trailer.checks.items():
        here = [row for row in minh.records.values() if row.scope == scope and row.way == "in"]
        assert (len(here), total(mark(row.record, row.version) for row in here)) == (count, summed)
    holes = server.rows(
        "SELECT scope FROM scope_clock s WHERE last <> (SELECT count(*) FROM change c WHERE c.scope = s.scope)"
    )
    assert holes == []
