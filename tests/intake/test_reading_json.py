"""JSON as help desks and shops give it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.intake.reading import Record, Table, read

if TYPE_CHECKING:
    from pathlib import Path


def tables_of(path: Path) -> list[tuple[Table, list[Record]]]:
    return [(table, list(table.rows)) for table in read(path)]


def written(folder: Path, content: Any, name: str = "export.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


TICKETS: list[dict[str, Any]] = [{"id": 1, "subject": "Late"}, {"id": 2, "subject": "Lost", "due": "2026-01-01"}]


@pytest.mark.parametrize(
    "content",
    [
        TICKETS,
        {"tickets": TICKETS, "next_page": None, "count": 2},
        {"code": 0, "data": {"tickets": TICKETS, "total_count": 2}, "message": "Success", "request_id": "x"},
        {"type": "ticket.list", "pages": {"page": 1, "total_pages": 1}, "tickets": TICKETS, "total_count": 2},
        "\n".join(json.dumps(ticket) for ticket in TICKETS),
        "\n\n" + "\r\n\r\n".join(json.dumps(ticket) for ticket in TICKETS) + "\n",
        "\ufeff" + json.dumps(TICKETS, indent=2),
    ],
    ids=["list", "page", "page inside a page", "page with pages", "lines", "lines with gaps", "marked"],
)
def test_records_are_found_in_every_shape_that_an_export_has(tmp_path: Path, content: Any) -> None:
    ((table, rows),) = tables_of(written(tmp_path, content))

    assert table.columns == ("id", "subject", "due")
    assert table.total == 2
    assert rows == [Record(1, {"id": 1, "subject": "Late"}), Record(2, {**TICKETS[1]})]


def test_one_object_is_one_record_with_the_lists_inside_it(tmp_path: Path) -> None:
    ticket: dict[str, Any] = {"id": 7, "tags": ["a", "b"], "events": [{"id": 1, "body": "x"}]}

    ((table, rows),) = tables_of(written(tmp_path, ticket, "ticket.json"))

    assert table.name == "ticket"
    assert rows == [Record(1, ticket)]


def test_an_object_in_a_wrapper_is_one_record(tmp_path: Path) -> None:
    ((_table, rows),) = tables_of(written(tmp_path, {"ticket": {"id": 7, "subject": "Late"}}))

    assert rows == [Record(1, {"id": 7, "subject": "Late"})]


def test_two_lists_in_a_page_are_two_tables(tmp_path: Path) -> None:
    tables = tables_of(written(tmp_path, {"tickets": TICKETS, "users": [{"id": 9, "name": "Lan"}], "count": 2}))

    assert [(table.name, len(rows)) for table, rows in tables] == [("tickets", 2), ("users", 1)]


def test_nested_values_are_there_whole_and_under_dotted_names(tmp_path: Path) -> None:
    ticket = {"id": 1, "via": {"channel": "web", "source": {"from": {"address": "a@b"}}}, "tags": ["x"], "fields": {}}

    ((table, rows),) = tables_of(written(tmp_path, [ticket]))

    assert table.columns[:4] == ("id", "via", "via.channel", "via.source")
    assert rows[0].values["via.source.from.address"] == "a@b"
    assert rows[0].values["via"] == {"channel": "web", "source": {"from": {"address": "a@b"}}}
    assert rows[0].values["tags"] == ["x"]
    assert rows[0].values["fields"] is None


def test_a_column_that_only_the_last_record_has_is_a_column(tmp_path: Path) -> None:
    ((table, _rows),) = tables_of(written(tmp_path, [*({"id": n} for n in range(5_000)), {"id": 0, "late": 1}]))

    assert table.columns == ("id", "late")


def test_ids_of_twenty_digits_keep_every_digit(tmp_path: Path) -> None:
    ((_table, rows),) = tables_of(written(tmp_path, '[{"id": 12345678901234567890, "x": NaN, "y": 1e999}]'))

    assert rows[0].values == {"id": 12345678901234567890, "x": "NaN", "y": "inf"}


def test_texts_are_cleaned_however_deep_they_lie(tmp_path: Path) -> None:
    ((_table, rows),) = tables_of(written(tmp_path, '[{"a": "x\\u0000\\ud800", "b": {"c": ["e\\u0301 "]}, "d": "  "}]'))

    assert rows[0].values == {"a": "x\ufffd", "b": {"c": ["é"]}, "b.c": ["é"], "d": None}


def test_a_member_that_is_no_object_is_a_fault_of_its_own(tmp_path: Path) -> None:
    ((_table, rows),) = tables_of(written(tmp_path, '[{"id": 1}, "x", {"id": 2}]'))

    assert [row.fault for row in rows] == [None, "Item 2 is not an object with names and values.", None]


def test_a_map_of_a_thousand_ids_does_not_become_a_thousand_columns(tmp_path: Path) -> None:
    content = [{"id": 1, "seen": {f"u{n}": True for n in range(1_000)}}]

    ((table, rows),) = tables_of(written(tmp_path, content))

    assert len(table.columns) == 500
    assert rows[0].values["seen.u999"] is True


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"id": 1}, {"id": ', "item 2"),
        ('[{"id": 1}', "item 2"),
        ('{"id": 1}\n{"id": 2}\n{"id": ', "item 3"),
        ('[{"id": 1}, {"id" 2}]', "item 2"),
        ("[]", "holds no records"),
        ('{"tickets": [], "count": 0}', "holds no records"),
        ("[1, 2, 3]", "no objects with names"),
        ("[" * 100_000, "not built as its kind of file should be"),
        (json.dumps([{f"c{n}": 1 for n in range(501)}]), "more than 500 columns"),
    ],
)
def test_what_is_no_list_of_records_is_refused_in_one_sentence(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        tables_of(written(tmp_path, content))

    assert "“export.json”" in str(refused.value)
    assert reason in str(refused.value)


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def tidied(value: Any) -> Any:
    match value:
        case str():
            return clean(value).strip() or None
        case list():
            return [tidied(each) for each in value] or None
        case dict():
            return {clean(key): tidied(each) for key, each in value.items()} or None
        case _:
            return value


@given(records=st.lists(st.dictionaries(st.sampled_from("abcde"), VALUE, min_size=1), min_size=2, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_list_and_its_lines_give_the_same_records(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    lines = "\n".join(json.dumps(record) for record in records)

    for content in (json.dumps(records), lines, json.dumps(records, indent=3, ensure_ascii=True)):
        ((_table, rows),) = tables_of(written(tmp_path, content))
        assert [{name: row.values[name] for name in record} for row, record in zip(rows, records, strict=True)] == [
            {name: tidied(value) for name, value in record.items()} for record in records
        ]


@pytest.mark.parametrize(
    ("file", "name", "count", "column"),
    [
        ("zendesk/challenge_tickets.json", "challenge_tickets", 200, "created_at"),
        ("zendesk/challenge_users.json", "challenge_users", 75, "_id"),
        ("zendesk/challenge_organizations.json", "challenge_organizations", 25, "domain_names"),
        ("zendesk/full_json_export_shape_SYNTHETIC.jsonl", "full_json_export_shape_SYNTHETIC", 60, "via.channel"),
        ("zendesk/api_object_ticket.json", "api_object_ticket", 1, "via.channel"),
        ("zendesk/api_object_audit.json", "api_object_audit", 1, "events"),
        ("freshdesk_v2/search_tickets.json", "results", 2, "cc_email.fwd_emails"),
        ("zammad/tickets_expand.json", "tickets_expand", 1, "state"),
        ("intercom/tickets_search.json", "tickets", 1, "ticket_state.category"),
        ("intercom/conversation.json", "conversation", 1, "source.author.name"),
        ("tiktok_shop/returns_search_response_SYNTHETIC.json", "return_orders", 25, "return_id"),
        ("shopee_openapi/returns.get_return_list.response.json", "return", 1, "user.username"),
        (
            "shopee_openapi/account_health.get_penalty_point_history.response.json",
            "penalty_point_list",
            8,
            "issue_time",
        ),
        ("lazada_openapi/seller_performance_get.json", "seller_performance_get", 1, "indicators"),
    ],
)
def test_real_answers_of_help_desks_and_shops(shared_data: Path, file: str, name: str, count: int, column: str) -> None:
    ((table, rows),) = tables_of(shared_data / "exports" / file)

    assert (table.name, len(rows)) == (name, count)
    assert column in table.columns
