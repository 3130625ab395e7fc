"""What a column holds, and how times, days, numbers and money are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from escalation_desk.intake.reading import read
from escalation_desk.intake.types import (
    Kind,
    Money,
    days_first,
    decimal_mark_of,
    guess,
    is_empty,
    parse_day,
    parse_flag,
    parse_instant,
    parse_money,
    parse_number,
)

if TYPE_CHECKING:
    from pathlib import Path

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2016-04-28T11:19:34 -10:00", "2016-04-28T21:19:34"),
        ("29-02-2016 01:16", "2016-02-28T18:16:00"),
        ("2012/10/09 14:50:17.000", "2012-10-09T07:50:17"),
        ("2018-02-26 19:58:54", "2018-02-26T12:58:54"),
        ("2017-09-10 03:27:54+00:00", "2017-09-10T03:27:54"),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00"),
        ("2026-11-24 10:00:00 UTC", "2026-11-24T10:00:00"),
        ("25/Feb/26 10:17 PM", "2026-02-25T15:17:00"),
        ("12:05 AM 25/02/2026", "2026-02-24T17:05:00"),
        ("14:35 25/02/2026", "2026-02-25T07:35:00"),
        ("25/02/2026 02:17 CH", "2026-02-25T07:17:00"),
        ("Wed, 25 Feb 2026 10:17:00 +0700 (ICT)", "2026-02-25T03:17:00"),
        ("Feb 25, 2026 10:17 PM", "2026-02-25T15:17:00"),
        ("25 Agustus 2026 09.15", "2026-08-25T02:15:00"),
        ("24/11/2026 10:00 WIB", "2026-11-24T03:00:00"),
        ("24/11/2026 10:00 GMT+7", "2026-11-24T03:00:00"),
        ("25 thg 2, 2026 14:35", "2026-02-25T07:35:00"),
        ("ngày 25 tháng 2 năm 2026", "2026-02-24T17:00:00"),
        ("14/09/2019", "2019-09-13T17:00:00"),
        ("20160428111934", "2016-04-28T04:19:34"),
        ("1734537511", "2024-12-18T15:58:31"),
        (1734537511, "2024-12-18T15:58:31"),
        (1734537511123, "2024-12-18T15:58:31"),
        (42488.5, "2016-04-28T05:00:00"),
        (datetime(2026, 11, 24, 10, 0, 0, 999_000), "2026-11-24T03:00:00"),  # noqa: DTZ001
        (date(2026, 11, 24), "2026-11-23T17:00:00"),
    ],
)
def test_moments_are_read_as_programs_and_people_write_them(text: Any, moment: str) -> None:
    assert parse_instant(text, zone=SAIGON) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["?", "N/A", "-", "", None, "2 tuần trước", "31/02/2020 10:10", "2016-02-30", "10:17", "1.15", "May 2020",
     "25:00 1/1/2020", "12", True, 7, "0001-01-01", "9999-12-31 23:59", [], {}, "24/11/2026 10:00 XYZ"],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: Any) -> None:
    assert parse_instant(text, zone=SAIGON) is None


FORMATS = st.sampled_from(
    ["%d/%m/%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S.000",
     "%d/%b/%Y %I:%M:%S %p", "%b %d, %Y %I:%M:%S %p", "%a, %d %b %Y %H:%M:%S", "%H:%M:%S %d/%m/%Y", "%Y%m%d%H%M%S"]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
ZONES = st.sampled_from([UTC, SAIGON, ZoneInfo("Asia/Jakarta"), ZoneInfo("America/Sao_Paulo")])


@given(moment=MOMENTS, form=FORMATS, zone=ZONES)
def test_every_moment_comes_back_from_every_form(moment: datetime, form: str, zone: ZoneInfo) -> None:
    here = moment.replace(tzinfo=zone)

    assert parse_instant(moment.strftime(form), day_first=True, zone=zone) == here.astimezone(UTC)


@given(moment=MOMENTS, minutes=st.integers(-14 * 60, 14 * 60), gap=st.sampled_from(["", " "]))
def test_a_zone_that_is_written_wins_over_the_one_given(moment: datetime, minutes: int, gap: str) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    text = moment.isoformat() + gap + there.isoformat()[19:]

    assert parse_instant(text, zone=SAIGON) == there.astimezone(UTC)


@given(moment=MOMENTS, form=st.sampled_from(["%d/%m/%Y", "%d-%m-%Y %H:%M", "%m/%d/%Y", "%m-%d-%Y %H:%M"]))
def test_an_order_that_is_proved_is_the_order_in_which_it_was_written(moment: datetime, form: str) -> None:
    text = moment.strftime(form)
    proved = days_first([{"at": text}])

    assert proved in {None, form.startswith("%d")}
    if proved is not None:
        assert parse_day(text, day_first=proved) == moment.date()
        assert parse_instant(text, day_first=not proved) is None
    assert parse_day(text, day_first=form.startswith("%d")) == moment.date()


@given(text=st.text(max_size=30) | st.from_regex(r"[\d/:. APMTZ+-]{1,25}", fullmatch=True))
def test_any_text_is_a_moment_or_none_and_never_an_accident(text: str) -> None:
    for order in (True, False, None):
        moment = parse_instant(text, day_first=order, zone=SAIGON)
        assert moment is None or (moment.tzinfo is UTC and moment.microsecond == 0)


def test_two_orders_in_one_table_prove_nothing() -> None:
    assert days_first([{"a": "13/01/2020"}, {"a": "01/13/2020"}]) is None
    assert days_first([{"a": "13/01/2020", "b": 5, "c": "01/02/2020"}]) is True


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234.567,89", "1234567.89"), ("1,234.56", "1234.56"), ("12.345,67", "12345.67"), ("-123", "-123"),
        ("1,23", "1.23"), ("0.500", "0.500"), ("1,234", "1234"), ("(1,200.00)", "-1200.00"), ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"), (".5", "0.5"), ("1e3", "1000"), ("58.90", "58.90"),
    ],
)  # fmt: skip
def test_numbers_are_read_with_points_and_commas_in_either_meaning(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "?", "abc", "1.2.3", "--3", "1,2,3", "5 kg", "12-34", "1,23,456", "٣"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@given(amount=st.decimals(-(10**9), 10**9, places=2), mark=st.sampled_from(".,"), grouped=st.booleans())
def test_a_number_comes_back_when_its_decimal_sign_is_known(amount: Decimal, mark: str, grouped: bool) -> None:
    text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    written = text if mark == "." else text.translate(str.maketrans(".,", ",."))

    assert parse_number(written, mark) == amount


@given(amounts=st.lists(st.integers(1_000, 999_999_999), min_size=1), mark=st.sampled_from(".,"))
def test_a_column_that_only_groups_by_three_says_what_its_sign_means(amounts: list[int], mark: str) -> None:
    written = [f"{amount:,}".replace(",", mark) for amount in amounts]

    found = decimal_mark_of(written)

    assert [parse_number(text, found) for text in written] == amounts


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.234.567₫", "1234567", "VND"), ("89.000 VND", "89000", "VND"), ("Rp 89.000", "89000", "IDR"),
        ("Rp89.000,00", "89000.00", "IDR"), ("{$300.00}", "300.00", "USD"), ("-₫1.000", "-1000", "VND"),
        ("R$ 58,90", "58.90", "BRL"), ("12.50", "12.50", None), ("đ 1,000", "1000", "VND"),
    ],
)  # fmt: skip
def test_money_is_read_with_its_currency(text: str, amount: str, currency: str | None) -> None:
    assert parse_money(text) == Money(Decimal(amount), currency)


@pytest.mark.parametrize("value", [None, "", " ", "?", "N/A", "n/a", "-", "—", "NULL", "nan", [], {}])
def test_a_cell_says_nothing_in_many_ways(value: Any) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, False, "0", "no", "?!", "a-b"])
def test_a_cell_that_says_little_still_says_something(value: Any) -> None:
    assert not is_empty(value)


def test_yes_and_no_are_read_in_three_languages() -> None:
    assert [parse_flag(text) for text in ("TRUE", "Có", "ya", "Không", "tidak", False, "maybe", "1")] == [
        True, True, True, False, False, False, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "name", "kind"),
    [
        (["2020-01-01 10:00", "2020-01-02 11:00"], "", Kind.INSTANT),
        (["01/02/2020", "?", "13/02/2020"], "", Kind.DAY),
        (["TRUE", "FALSE"], "", Kind.FLAG),
        (["1", "2", "3"], "rating", Kind.NUMBER),
        (["1", "2", "3"], "assignee_id", Kind.ID),
        (["00123", "00124"], "", Kind.ID),
        ([583870924922846175, 583870924922846176], "", Kind.ID),
        (["INC0001", "INC0002"], "", Kind.ID),
        (["P1", "P2", "P1", "P2", "P1", "P1"], "", Kind.TEXT),
        ([1734537511, 1734537999], "created_at", Kind.INSTANT),
        ([1734537511, 1734537999], "requester", Kind.NUMBER),
        (["89.000₫", "120.000₫"], "", Kind.MONEY),
        (["late parcel", "lost parcel 2"], "", Kind.TEXT),
        ([None, "", "?"], "", Kind.TEXT),
        ([{"channel": "web"}], "", Kind.TEXT),
    ],
)
def test_a_column_is_guessed_by_its_cells_and_where_they_leave_doubt_by_its_name(
    values: list[Any], name: str, kind: Kind
) -> None:
    assert guess(values, name).kind is kind


def test_a_guess_shows_its_evidence() -> None:
    found = guess(["01-02-2016 01:16", "29-02-2016 01:16", "03-04-2016 10:00"])

    assert found.day_first is True
    assert found.evidence == "The day comes first: “29-02-2016 01:16”."
    assert guess(["89.000", "125.500"]).decimal_mark == ","


@given(moments=st.lists(MOMENTS, min_size=1, max_size=30), day_first=st.booleans())
def test_a_column_of_times_is_guessed_and_read_as_it_was_written(moments: list[datetime], day_first: bool) -> None:
    form = "%d/%m/%Y %H:%M:%S" if day_first else "%m/%d/%Y %H:%M:%S"
    texts = [moment.strftime(form) for moment in moments]
    found = guess(texts)

    assert found.kind is Kind.INSTANT
    assert found.day_first in {None, day_first}
    assume(found.day_first is not None)
    assert [parse_instant(text, day_first=found.day_first) for text in texts] == [
        m.replace(tzinfo=UTC) for m in moments
    ]


def test_the_columns_of_real_exports_are_guessed_right(shared_data: Path) -> None:
    for file, expected in {
        "events/servicenow_incident_event_log.csv.gz": {
            "number": Kind.ID, "active": Kind.FLAG, "opened_at": Kind.INSTANT, "reopen_count": Kind.NUMBER,
            "priority": Kind.TEXT, "made_sla": Kind.FLAG,
        },
        "exports/zendesk/challenge_tickets.json": {
            "_id": Kind.ID, "created_at": Kind.INSTANT, "assignee_id": Kind.ID, "has_incidents": Kind.FLAG,
            "subject": Kind.TEXT, "tags": Kind.TEXT,
        },
        "texts/en_cfpb_full_2023.csv.gz": {"Date_received": Kind.DAY, "Complaint_ID": Kind.ID, "Issue": Kind.TEXT},
        "olist/olist_orders_dataset.csv.gz": {"order_id": Kind.ID, "order_approved_at": Kind.INSTANT},
    }.items():  # fmt: skip
        for table in read(shared_data / file):
            rows = [record.values for record in table.rows][:1_000]
            found = {name: guess((row.get(name) for row in rows), name).kind for name in expected}
            assert found == expected
