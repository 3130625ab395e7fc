"""Promises: what is typed is understood or asked back, and only what was done by its first date was kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework import acts
from escalation_desk.casework.catching import catch
from escalation_desk.casework.choices import FollowUpForm, FollowUpState, PromisedBy
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp, kept_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=HERE)  # A Tuesday.
ME = User(id="u1", full_name="Linh", login="linh")


def read(text: str) -> tuple[str, str]:
    """Say what was promised and by when, or what is asked back."""
    caught = catch(text, NOW, HERE)
    if caught.due is None:
        return caught.text, f"? {caught.asks}"
    return caught.text, f"{caught.due.astimezone(HERE):%d/%m/%Y %H:%M}{' filled' if caught.filled else ''}"


@pytest.mark.parametrize(
    ("typed", "what", "when"),
    [
        ("gọi lại 15:00 mai", "gọi lại", "25/11/2026 15:00"),
        ("call back tomorrow 15:00", "call back", "25/11/2026 15:00"),
        ("telepon besok 15.00", "telepon", "25/11/2026 15:00"),
        ("goi lai 3 gio chieu mai", "goi lai", "25/11/2026 15:00"),
        ("tối nay 8h gọi anh Nam", "gọi anh Nam", "24/11/2026 20:00"),
        ("12 giờ trưa mai gọi", "gọi", "25/11/2026 12:00"),
        ("kabari jam 3 sore", "kabari", "24/11/2026 15:00"),
        ("kabari besok pagi jam 9", "kabari", "25/11/2026 09:00"),
        ("send the answer by Friday 17:00", "send the answer", "27/11/2026 17:00"),
        ("thứ 2 10h gọi lại", "gọi lại", "30/11/2026 10:00"),
        ("hari minggu jam 10 cek", "cek", "29/11/2026 10:00"),
        ("call back in 2 hours", "call back", "24/11/2026 12:00"),
        ("trong vòng 24h báo kết quả", "báo kết quả", "25/11/2026 10:00"),
        ("30 phút nữa gọi", "gọi", "24/11/2026 10:30"),
        ("3 ngày nữa 15:00 kiểm tra", "kiểm tra", "27/11/2026 15:00"),
        ("telepon 2 jam lagi", "telepon", "24/11/2026 12:00"),
        ("hoàn tiền 25/11 15h30", "hoàn tiền", "25/11/2026 15:30"),
        ("gọi 5/1 9:00", "gọi", "05/01/2027 09:00"),
        ("gọi chị Mai 15:00", "gọi chị Mai", "24/11/2026 15:00"),
    ],
)
def test_a_promise_is_understood_in_three_languages(typed: str, what: str, when: str) -> None:
    assert read(typed) == (what, when)


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("reply tomorrow", "25/11/2026 18:00 filled"),
        ("gọi lại sáng mai", "25/11/2026 12:00 filled"),
        ("call tonight", "24/11/2026 21:00 filled"),
        ("refund 12.50 USD tomorrow", "25/11/2026 18:00 filled"),
        ("khuyến mãi 15:00", "24/11/2026 15:00"),
    ],
)
def test_an_hour_that_nobody_said_is_filled_in_and_said_to_be(typed: str, when: str) -> None:
    assert read(typed)[1] == when


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("gọi lại 3 giờ", "03:00"),
        ("Mai gọi lại 15:00", "Mai"),
        ("gửi 9:00", "past"),
        ("call 15:00 and 16:00 tomorrow", "More than one"),
        ("in 2 hours, at 15:00", "More than one"),
        ("30/2 gọi", "30/2"),
        ("12 giờ đêm mai gọi", "Midnight"),
        ("thu 2 triệu", "by when"),
        ("hỗ trợ 24/7", "by when"),
        ("đơn 2311-15:00", "by when"),
        ("", "by when"),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked_back_and_nothing_is_taken_from_the_text(typed: str, asked: str) -> None:
    what, when = read(typed)
    assert when.startswith("? ")
    assert asked in when
    assert what == typed


_HOURS = st.integers(7, 23)
_MINUTES = st.integers(0, 59)


@given(st.integers(1, 2), _HOURS, _MINUTES, st.data())
def test_every_way_to_write_a_day_and_an_hour_means_the_same_moment(
    ahead: int, hour: int, minute: int, data: st.DataObject
) -> None:
    days = {1: ("tomorrow", "mai", "ngày mai", "besok"), 2: ("ngày kia", "lusa", "day after tomorrow", "mốt")}[ahead]
    half = f"{(hour - 1) % 12 + 1}:{minute:02}{'am' if hour < 12 else 'pm'}"
    times = (f"{hour}:{minute:02}", f"{hour}h{minute:02}", f"lúc {hour:02}:{minute:02}", f"{hour}.{minute:02}", half)
    day, time = data.draw(st.sampled_from(days)), data.draw(st.sampled_from(times))
    order = data.draw(st.sampled_from((f"{day} {time}", f"{time} {day}")))
    typed = data.draw(st.sampled_from((f"gọi lại {order}", f"{order} gọi lại")))
    caught = catch(typed, NOW, HERE)
    expected = NOW.replace(hour=hour, minute=minute) + timedelta(days=ahead)
    assert (caught.text, caught.due, caught.filled) == ("gọi lại", expected, "")


_PIECES: Sequence[str] = (
    *("gọi", "call", "Mai", "mai", "tối", "nay", "thứ", "2", "3", "15:00", "15.00", "25/11", "31/2", "in", "trong"),
    *("hours", "giờ", "nữa", "jam", "sore", "am", "pm", "+", "h", "Tuesday", "24/7", "12.500", "\u0130", "ß", "!!"),
)


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=8).map(" ".join))
def test_whatever_is_typed_there_is_a_moment_to_come_or_a_question(typed: str) -> None:
    caught = catch(typed, NOW, HERE)
    assert (caught.due is None) == bool(caught.asks)
    if caught.due is not None:
        assert caught.due > NOW
        assert caught.due.tzinfo is UTC
    left = caught.text
    assert all(word in typed or "\n" in typed for word in left.split()[:1])


def made(**said: object) -> FollowUp:
    one = acts.promise("call back", NOW + timedelta(hours=2), ME, seller="s1")
    for name, value in said.items():
        setattr(one, name, value)
    return one


def test_a_promise_done_by_its_first_date_is_kept() -> None:
    one = made()
    acts.finish(one, NOW + timedelta(hours=1))
    assert one.kept is True


def test_a_promise_moved_twice_is_not_kept_though_it_is_done_by_the_new_date_and_both_moves_stay_visible() -> None:
    """Scenario 12 of domain.md §11."""
    one = made()
    first = one.due_at
    assert first
    acts.move_due(one, first + timedelta(hours=1), "warehouse closed", ME, NOW)
    acts.move_due(one, first + timedelta(hours=2), "still closed", ME, NOW + timedelta(minutes=5))
    acts.finish(one, first - timedelta(minutes=30))
    assert one.first_due_at == first
    assert one.kept is False
    assert [move["why"] for move in one.moved] == ["warehouse closed", "still closed"]
    assert kept_rate([one], NOW) == (0, 1, 1)


def test_an_overdue_promise_is_not_kept_and_one_to_come_does_not_count_yet() -> None:
    one = made()
    assert one.kept_by(NOW) is None
    assert one.kept_by(NOW + timedelta(hours=3)) is False


def test_calling_a_promise_off_after_its_date_does_not_hide_that_it_was_broken() -> None:
    before = made(state=FollowUpState.CANCELLED, updated_at=NOW)
    after = made(state=FollowUpState.CANCELLED, updated_at=NOW + timedelta(hours=3))
    assert before.kept_by(NOW + timedelta(days=1)) is None
    assert after.kept_by(NOW + timedelta(days=1)) is False


def test_the_rate_is_of_one_side_and_of_promises_only() -> None:
    ours, theirs, reminder = made(), made(promised_by=PromisedBy.THEM), made(form=FollowUpForm.REMINDER)
    for one in (ours, reminder):
        acts.finish(one, NOW)
    later = NOW + timedelta(days=1)
    assert kept_rate([ours, theirs, reminder], later) == (1, 1, 0)
    assert kept_rate([ours, theirs, reminder], later, PromisedBy.THEM) == (0, 1, 0)


def test_nothing_to_keep_is_neither_none_nor_all_of_it() -> None:
    assert kept_rate([], NOW).percent is None
