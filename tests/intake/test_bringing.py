"""An import from the file to the desk and back: nothing twice, nothing half, nobody's work overwritten."""

from __future__ import annotations

import csv
import gzip
import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, Severity, WaitingOn
from escalation_desk.casework.desk import ImportBatch
from escalation_desk.casework.lists import ListQuery
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.timeline import Message
from escalation_desk.intake.bringing import bring_in, settle_columns
from escalation_desk.intake.child import Cancelled
from escalation_desk.journal import checking, listing, reading, telling
from escalation_desk.journal.connection import connect
from escalation_desk.journal.desk import profile_of
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from escalation_desk.journal.connection import Connection

KEY = bytes(32)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "desk", KEY, lambda: NOW)
    yield journal
    journal.close()


@pytest.fixture
def looking(desk: Journal) -> Iterator[Connection]:
    reader = desk.reader()
    yield reader
    reader.close()


def tickets(path: Path, *changes: dict[str, Any]) -> Path:
    """Write two Zendesk tickets, the first with changes."""
    first = {
        "id": 101,
        "created_at": "2026-11-20T09:15:00Z",
        "subject": "Đơn hàng chưa tới",
        "description": "Tôi đặt từ tuần trước.",
        "priority": "high",
        "status": "open",
        "submitter_id": 7,
        "assignee_id": 3,
        "organization_id": 55,
        "tags": ["late"],
        "due_at": None,
        "via": "chat",
    }
    second = {**first, "id": 102, "subject": "Refund", "status": "pending", "assignee_id": None}
    for change in changes:
        first |= change
    path.write_text(json.dumps([first, second]), "utf-8")
    return path


def log(path: Path, steps: Sequence[tuple[str, str, str]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Case ID", "Activity", "Resource", "Complete Timestamp", "customer", "product", "workgroup"])
        writer.writerows(
            [case, activity, "Value 1", at, "Customer 9", "Phone", "Desk A"] for case, activity, at in steps
        )
    return path


def case_of(looking: Connection, number: str) -> Case:
    return reading.record(looking, Case, reading.case_id(looking, number))


def test_a_ticket_becomes_a_case_with_its_people_and_its_own_times(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    outcome = bring_in(desk, tickets(tmp_path / "t.json"))

    case = case_of(looking, "101")
    assert (outcome.created, outcome.updated, outcome.unchanged, outcome.refused) == (2, 0, 0, [])
    assert (case.title, case.status, case.crm) == ("Đơn hàng chưa tới", CaseStatus.OPEN, "zendesk")
    assert case.received_at == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert case.tags == {"late"}
    assert reading.record(looking, Party, case.requester or "").natural_keys() == {"zendesk:7"}
    assert reading.record(looking, User, case.owner or "").login == "zendesk:3"
    assert reading.record(looking, Seller, case.seller or "").natural_keys() == {"zendesk:55"}


def test_the_same_file_twice_changes_nothing(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    path = tickets(tmp_path / "t.json")
    bring_in(desk, path)
    waiting = desk.waiting()

    again = bring_in(desk, path)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert desk.waiting() == waiting
    assert listing.count(looking, ListQuery()) == 2


def test_a_changed_ticket_is_shown_and_updated(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))

    outcome = bring_in(desk, tickets(tmp_path / "t.json", {"subject": "Đơn hàng bị mất", "status": "solved"}))

    case = case_of(looking, "101")
    assert (outcome.updated, outcome.unchanged) == (1, 1)
    assert outcome.differences[0].fields["title"] == ("Đơn hàng chưa tới", "Đơn hàng bị mất")
    assert (case.title, case.status) == ("Đơn hàng bị mất", CaseStatus.RESOLVED)
    assert case.resolved_at == NOW  # The file does not say when; the desk learned of it now.


def test_what_a_person_wrote_here_is_never_overwritten(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    with desk.entry("Edit") as work:
        work.get(Case, reading.case_id(looking, "101")).title = "Mất hàng, khách giận"

    same = bring_in(desk, tickets(tmp_path / "t.json"))
    other = bring_in(desk, tickets(tmp_path / "t.json", {"subject": "Late parcel"}))

    assert case_of(looking, "101").title == "Mất hàng, khách giận"
    assert same.unchanged == 2
    assert other.kept[0].fields["title"] == ("Mất hàng, khách giận", "Late parcel")


def test_a_choice_that_happens_to_be_the_usual_one_is_not_overwritten_either(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    me = profile_of(desk)
    with desk.entry("Correct the severity") as work:
        acts.edit(work.get(Case, reading.case_id(looking, "101")), {"severity": Severity.S4}, me, NOW)

    outcome = bring_in(desk, tickets(tmp_path / "t.json", {"priority": "urgent"}))

    assert case_of(looking, "101").severity is Severity.S4
    assert outcome.kept[0].fields["severity"] == ("S4", "S2")


def test_a_ticket_that_was_taken_in_the_crm_is_in_progress_here(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    bring_in(desk, tickets(tmp_path / "t.json", {"status": "new", "assignee_id": None}))

    bring_in(desk, tickets(tmp_path / "t.json", {"status": "open", "assignee_id": 3}))

    case = case_of(looking, "101")
    assert (case.status, case.assignment, case.waiting_on) == (
        CaseStatus.OPEN,
        Assignment.ACCEPTED,
        WaitingOn.US,
    )
    assert reading.record(looking, User, case.owner or "").login == "zendesk:3"


def test_an_import_that_was_undone_and_done_again_is_still_known_as_one(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    desk.undo()
    desk.redo()

    outcome = bring_in(desk, tickets(tmp_path / "t.json", {"subject": "Đơn hàng bị mất"}))

    assert (outcome.updated, outcome.kept) == (1, [])
    assert case_of(looking, "101").title == "Đơn hàng bị mất"


def test_two_rows_that_say_otherwise_of_one_ticket_are_told_and_nothing_swings_between_them(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ticket,Subject\n1,Lost\n2,Late\n1,Found\n2,Late\n", "utf-8")

    outcomes = [bring_in(desk, path) for _time in range(3)]

    assert [(o.created, o.updated, o.unchanged) for o in outcomes] == [(2, 0, 1), (0, 0, 3), (0, 0, 3)]
    assert [[refusal.row for refusal in o.refused] for o in outcomes] == [[4], [4], [4]]
    assert "says otherwise (Title)" in outcomes[0].refused[0].reason
    assert case_of(looking, "1").title == "Lost"


def test_a_row_that_is_refused_does_not_take_the_file_with_it(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ticket,Subject,Amount\n1,Lost,5\n2,Late,7\n", "utf-8")
    bring_in(desk, path)
    path.write_text("Ticket,Subject,Amount\n1,Lost for good,1e400\n2,Very late,8\n", "utf-8")

    outcome = bring_in(desk, path)

    assert (outcome.updated, [refusal.row for refusal in outcome.refused]) == (1, [2])
    assert [case_of(looking, number).title for number in "12"] == ["Lost", "Very late"]


def test_tickets_of_two_unknown_systems_with_the_same_numbers_do_not_meet(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    ours, theirs, later = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    ours.write_text("Ticket,Subject,Status\n1,Lost,open\n", "utf-8")
    theirs.write_text("Number,Summary,State\n1,Broken,new\n", "utf-8")
    later.write_text("Status,Ticket,Subject,Amount\nopen,1,Lost,5\n", "utf-8")

    outcomes = [bring_in(desk, path) for path in (ours, theirs, later)]

    assert [(o.created, o.updated) for o in outcomes] == [(1, 0), (1, 0), (0, 1)]
    assert listing.count(looking, ListQuery()) == 2


def test_settled_columns_are_known_again_without_the_name_of_the_source(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "w.csv"
    path.write_text("Mã,Nội dung\n7,Hàng vỡ\n", "utf-8")
    settle_columns(desk, "Weekly", {"Mã": "crm_number", "Nội dung": "title"})

    bring_in(desk, path)

    assert (case_of(looking, "7").title, case_of(looking, "7").crm) == ("Hàng vỡ", "Weekly")


def test_one_name_in_two_ways_of_writing_is_one_person(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ticket,Subject,Assignee\n1,A,Lan Nguyen\n2,B,LAN NGUYEN\n3,C, lan nguyen \n", "utf-8")

    bring_in(desk, path)

    assert len({case_of(looking, number).owner for number in "123"}) == 1


def test_a_list_that_this_desk_has_written_finds_its_cases(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    case_no = case_of(looking, "101").case_no
    path = tmp_path / "list.csv"
    path.write_text(f"Case,Title,Tags\n{case_no},Đơn hàng chưa tới,checked\n", "utf-8")

    outcome = bring_in(desk, path)

    assert (outcome.created, outcome.updated) == (0, 1)
    assert case_of(looking, "101").tags == {"late", "checked"}


def test_before_a_file_changes_much_the_desk_is_kept_as_it_was(desk: Journal, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    kept = desk.folder / "backups"
    for title, copies in (("Lost", 0), ("Found", 1), ("Lost again", 2)):
        path.write_text("Ticket,Subject\n" + "".join(f"{n},{title}\n" for n in range(30)), "utf-8")
        desk.clock = lambda copies=copies: NOW + timedelta(hours=copies)  # type: ignore[misc]
        bring_in(desk, path)
        assert len(list(kept.glob("before-import-*.db"))) == copies

    with closing(connect(min(kept.iterdir()), KEY, writes=False)) as made:
        assert made.execute('SELECT DISTINCT title FROM "case"').fetchall() == [("Lost",)]


def test_a_state_is_reached_by_the_ways_there_are_or_kept_as_it_is(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    bring_in(desk, tickets(tmp_path / "t.json", {"status": "closed"}))
    steps = [
        change.after for change in reading.history(looking, reading.case_id(looking, "101")) if change.field == "status"
    ]

    outcome = bring_in(desk, tickets(tmp_path / "t.json", {"status": "open"}))

    assert steps == ["closed", "resolved"]
    assert case_of(looking, "101").status is CaseStatus.CLOSED
    assert outcome.kept[0].fields == {"status": ("closed", "open")}


def test_a_dry_run_says_the_same_and_leaves_nothing(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    profile_of(desk)
    waiting = desk.waiting()

    outcome = bring_in(desk, tickets(tmp_path / "t.json"), dry_run=True)

    assert (outcome.created, len(outcome.new)) == (2, 2)
    assert listing.count(looking, ListQuery()) == 0
    assert reading.all_of(looking, Party) == []
    assert desk.waiting() == waiting


def test_a_cancelled_import_leaves_nothing(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv.gz", [(f"Case {n}", "Closed", "2012/10/09 14:50:17.000") for n in range(300)])
    asked = iter([False, False, True])

    with pytest.raises(Cancelled):
        bring_in(desk, path, cancelled=lambda: next(asked, True))

    assert listing.count(looking, ListQuery()) == 0
    assert checking.problems(looking) == []


def test_a_batch_is_one_entry_and_is_undone_whole(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    bring_in(desk, tickets(tmp_path / "t.json", {"subject": "Changed", "tags": ["late", "angry"]}))

    desk.undo()
    after_one = case_of(looking, "101")
    desk.undo()

    assert (after_one.title, after_one.tags) == ("Đơn hàng chưa tới", frozenset({"late"}))
    assert listing.count(looking, ListQuery()) == 0
    assert reading.all_of(looking, ImportBatch) == []
    assert checking.problems(looking) == []
    assert bring_in(desk, tickets(tmp_path / "t.json")).created == 2


def test_an_import_that_somebody_has_worked_on_is_not_undone(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    me = profile_of(desk)
    bring_in(desk, tickets(tmp_path / "t.json"))
    batch = desk.undoable()
    with desk.entry("Note") as work:
        case = work.get(Case, reading.case_id(looking, "101"))
        work.add(acts.internal_note(case, "Đã gọi", me, work.now))

    with pytest.raises(Refused):
        desk.undo(batch.number if batch else None)

    assert listing.count(looking, ListQuery()) == 2


def test_steps_of_a_log_become_one_case_with_its_history_in_order(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    steps = [
        ("Case 1", "Closed", "2012/11/09 12:54:39.000"),
        ("Case 2", "Wait", "2012/10/10 10:00:00.000"),
        ("Case 1", "Assign seriousness", "2012/10/09 14:50:17.000"),
        ("Case 1", "Take in charge ticket", "2012/10/09 14:51:01.000"),
    ]

    outcome = bring_in(desk, log(tmp_path / "log.csv.gz", steps))

    case = case_of(looking, "Case 1")
    told = [moment.text.splitlines()[0] for moment in telling.timeline(looking, case.id)]
    assert (outcome.rows, outcome.created) == (4, 2)
    assert told == ["Activity: Assign seriousness", "Activity: Take in charge ticket", "Activity: Closed"]
    assert case.status is CaseStatus.CLOSED
    assert case_of(looking, "Case 2").status is CaseStatus.PENDING_REQUESTER
    # Times without a zone are those of whoever works here: Viet Nam, seven hours before UTC.
    assert case.received_at == datetime(2012, 10, 9, 7, 50, 17, tzinfo=UTC)


def test_new_steps_of_a_known_case_are_added_once(desk: Journal, looking: Connection, tmp_path: Path) -> None:
    steps = [("Case 1", "Take in charge ticket", "2012/10/09 14:51:01.000")]
    bring_in(desk, log(tmp_path / "log.csv.gz", steps))
    longer = [*steps, ("Case 1", "Wait", "2012/10/10 10:00:00.000")]

    outcome = bring_in(desk, log(tmp_path / "log.csv.gz", longer))
    again = bring_in(desk, log(tmp_path / "log.csv.gz", longer))

    case_id = reading.case_id(looking, "Case 1")
    assert (outcome.updated, again.unchanged) == (1, 1)
    assert len(reading.all_of(looking, Message, pointing=("case", case_id))) == 2


def test_a_row_that_cannot_be_taken_is_refused_with_its_number_and_the_rest_is_taken(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("Ticket;Title;Received\nA1;Late;24/11/2026 10:00\nA2;Lost;soon\nA3;Broken;25/11/2026\n", "utf-8")

    outcome = bring_in(desk, path)

    assert outcome.created == 2
    assert [refusal.row for refusal in outcome.refused] == [3]
    assert "soon" in outcome.refused[0].reason
    assert case_of(looking, "A1").received_at == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "count"),
    [("3", 3), ("3.0", 3), ("3,0", 3), ("1.500", 1500), ("1,500", 1500), ("1 500", 1500), ("2.000.000", 2_000_000)],
)
def test_a_whole_number_is_read_as_people_and_spreadsheets_write_it(
    desk: Journal, looking: Connection, tmp_path: Path, told: str, count: int
) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text(f"Ticket\tTitle\tRequesters affected\nA1\tLate\t{told}\n", "utf-8")
    assert bring_in(desk, path).refused == []
    assert case_of(looking, "A1").affected_count == count


@pytest.mark.parametrize("told", ["1.5", "1,5", "12.75", "(2.5)"])
def test_a_fraction_where_only_whole_numbers_are_is_refused_with_a_sentence_and_never_cut(
    desk: Journal, tmp_path: Path, told: str
) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text(f"Ticket\tTitle\tRequesters affected\nA1\tLate\t{told}\nA2\tLost\t2\n", "utf-8")
    outcome = bring_in(desk, path)
    assert outcome.created == 1
    assert [(one.row, one.reason) for one in outcome.refused] == [
        (2, f"“Requesters affected” is a whole number, and the row says {told}.")
    ]


def test_columns_are_known_by_their_names_in_three_languages(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("case_no,ticket_id,subject,order_id,phone\nx,T-1,Đổi trả,000123,0912345678\n", "utf-8")

    bring_in(desk, path)

    case = case_of(looking, "T-1")
    assert (case.title, case.orders) == ("Đổi trả", frozenset({"000123"}))


def test_what_a_person_settled_about_columns_is_remembered_for_the_source(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("nr,words\n7,Người bán im lặng\n", "utf-8")
    with pytest.raises(Refused, match="nr"):
        bring_in(desk, path, source="bytehi")
    settle_columns(desk, "bytehi", {"nr": "crm_number", "words": "title"})

    bring_in(desk, path, source="bytehi")

    assert case_of(looking, "7").title == "Người bán im lặng"


def test_a_file_of_another_source_than_the_one_named_is_refused(desk: Journal, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="sys_updated_at"):
        bring_in(desk, tickets(tmp_path / "t.json"), source="servicenow")


def test_users_that_come_after_their_tickets_give_them_names(
    desk: Journal, looking: Connection, tmp_path: Path
) -> None:
    bring_in(desk, tickets(tmp_path / "t.json"))
    users = [
        {
            "_id": 7,
            "name": "Trần Thị Bích",
            "role": "end-user",
            "organization_id": 55,
            "signature": "",
            "locale": "vi-VN",
        }
    ]
    path = tmp_path / "users.json"
    path.write_text(json.dumps(users), "utf-8")

    outcome = bring_in(desk, path)

    requester = reading.record(looking, Party, case_of(looking, "101").requester or "")
    assert outcome.updated == 1
    assert requester.display_name == "Trần Thị Bích"


@given(rows=st.lists(st.tuples(st.sampled_from(["A", "B", "", "?"]), st.text(max_size=20)), max_size=12))
def test_every_row_is_taken_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    from escalation_desk.intake.offering import offers  # beside the child: the rows are what is counted here.

    path = tmp_path_factory.mktemp("rows") / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("ticket", "title"), ("first", "x"), *rows])

    taken: list[int] = []
    for offer in offers(path, None, "Asia/Ho_Chi_Minh", {}):
        taken += getattr(offer, "rows", None) or (getattr(offer, "row"),)  # noqa: B009 - either of two shapes.

    assert len(taken) == len(set(taken))
    blank = sum(not "".join(row).strip() for row in rows)
    assert len(rows) + 1 - blank <= len(taken) <= len(rows) + 1


REAL = (
    ("events/servicenow_incident_event_log.csv.gz", 2984, 444, 0),
    ("events/helpdesk_italian_company.csv.gz", 10718, 2290, 0),
    ("exports/zendesk/challenge_tickets.json", 200, 200, 0),
    ("exports/zendesk/challenge_users.json", 75, 75, 0),
    ("exports/zendesk/challenge_organizations.json", 25, 25, 0),
    ("exports/zendesk/full_json_export_shape_SYNTHETIC.jsonl", 60, 60, 0),
    ("olist/olist_sellers_dataset.csv", 1466, 1466, 0),
    ("olist/olist_order_reviews_dataset.csv.gz", 13983, 2226, 11757),
    ("olist/olist_orders_dataset.csv.gz", 14030, 1425, 12605),
)


@pytest.mark.parametrize(("name", "rows", "created", "refused"), REAL)
def test_real_exports_are_taken_whole_and_once(
    desk: Journal, looking: Connection, shared_data: Path, name: str, rows: int, created: int, refused: int
) -> None:
    first = bring_in(desk, shared_data / name)
    second = bring_in(desk, shared_data / name)

    assert (first.rows, first.created, len(first.refused)) == (rows, created, refused)
    assert (second.created, second.updated, second.unchanged) == (0, 0, created)
    assert checking.problems(looking) == []
