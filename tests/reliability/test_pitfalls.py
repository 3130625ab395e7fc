"""What other programs of this kind got wrong, tried on the whole way a file takes: command, desk, list, workbook."""

from __future__ import annotations

import io
import json
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from escalation_desk.__main__ import Window
from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.lists import Condition, Op
from escalation_desk.casework.views import VIEWS, Now
from escalation_desk.cli.main import run
from escalation_desk.journal import listing, sample
from escalation_desk.journal.desk import open_desk, profile_of
from escalation_desk.journal.keys import PASSPHRASE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.lists import ListQuery
    from escalation_desk.casework.people import User
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal

MANY = 6_100
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "nobody is asked")


def typed(folder: Path, *arguments: str) -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        assert run(["--data", str(folder), *arguments], Window()) == 0
    return said.getvalue()


def items(folder: Path, *narrowed: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(
        typed(folder, "list", "cases", "--view", "everything", *narrowed, "--json")
    )["items"]
    return listed


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("first", "second"), [("05/11/2026 09:00", "13/11/2026 09:00"), ("11/05/2026 09:00", "11/13/2026 09:00")]
)
def test_a_table_of_another_program_becomes_its_rows_and_nothing_else(
    tmp_path: Path, sign: str, first: str, second: str
) -> None:
    table = (
        ("Ticket", "Subject", "Created", "Order"),
        ("0071", "Kiện hàng đến muộn", first, "00012345"),
        ("0072", "=1+1", second, "00012346"),
    )
    path = tmp_path / "tickets.csv"
    path.write_bytes("\r\n".join(map(sign.join, table)).encode("utf-8-sig"))

    outcome = json.loads(typed(tmp_path / "desk", "import", str(path), "--json"))

    assert (outcome["created"], outcome["refused"]) == (2, [])
    told = {
        (item["crm_number"], item["title"], item["received_at"][:10], *item["orders"])
        for item in items(tmp_path / "desk")
    }
    assert told == {
        ("0071", "Kiện hàng đến muộn", "2026-11-05", "00012345"),
        ("0072", "=1+1", "2026-11-13", "00012346"),
    }


def test_no_list_and_no_workbook_ends_before_its_last_row(tmp_path: Path) -> None:
    path, book = tmp_path / "tickets.csv", tmp_path / "list.xlsx"
    path.write_text("Ticket,Subject\n" + "".join(f"{n},Parcel {n}\n" for n in range(MANY)), "utf-8")
    folder = tmp_path / "desk"
    typed(folder, "import", str(path))

    again = json.loads(typed(folder, "import", str(path), "--json"))
    typed(folder, "export", "list", "--view", "everything", "--to", str(book))

    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, MANY)
    assert {item["crm_number"] for item in items(folder)} == set(map(str, range(MANY)))
    with closing(openpyxl.load_workbook(book, read_only=True)) as read:
        assert sum(1 for _row in read.worksheets[0].iter_rows(min_row=2)) == MANY


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSPHRASE_VARIABLE, "nobody is asked")
        journal = open_desk(tmp_path_factory.mktemp("sampled") / "desk", clock=lambda: NOW)
    sample.fill(journal, NOW)
    yield journal
    journal.close()


@pytest.mark.parametrize("view", VIEWS)
def test_the_count_of_a_view_is_its_rows(sampled: Journal, view: str) -> None:
    query = VIEWS[view].query(_now(profile_of(sampled)))
    with closing(sampled.reader()) as made:
        rows = list(_walked(made, query))

        assert listing.count(made, query) == len(rows) == len(set(rows))
        assert sorted(listing.ids(made, query)) == sorted(rows)


@pytest.mark.parametrize("field", [f for f in fields_of(Case) if f.declared.facet], ids=lambda f: f.name)
def test_the_counts_beside_a_facet_are_the_rows_it_leaves(sampled: Journal, field: Field) -> None:
    query = VIEWS["everything"].query(_now(profile_of(sampled)))
    with closing(sampled.reader()) as made:
        groups = listing.groups(made, query, field.name)

        assert groups
        whole = listing.groups(made, query, field.name, whole=True)
        assert sum(count for _value, count in whole) == listing.count(made, query)
        for value, count in groups:
            narrowed = query.also(_just(field, value))
            assert count == listing.count(made, narrowed) == len(list(_walked(made, narrowed))), value


def _just(field: Field, value: Any) -> Condition:
    if value is None:
        return Condition(field.name, Op.EMPTY)
    return Condition(field.name, Op.HAS if field.kind is Kind.SET else Op.IS, value)


def _now(me: User) -> Now:
    return Now(me.id, NOW, NOW + timedelta(hours=9))


def _walked(made: Connection, query: ListQuery) -> Iterator[str]:
    """Go through a list as somebody does who scrolls it."""
    after = None
    while rows := listing.page(made, query, (), after, 50):
        yield from (row.id for row in rows)
        after = rows[-1].place
