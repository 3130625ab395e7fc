"""The bell, its list, and what comes up: only what is wished, critical in any case, from timers of the desk's own."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from escalation_desk.casework.notices import (
    Notice,
    NoticeKind,
    Wishes,
    loud,
    next_shift,
    quiet,
    wishes_from,
    wishes_to,
)
from escalation_desk.casework.promises import FollowUp
from escalation_desk.desktop.notices.panel import NoticePanel
from escalation_desk.desktop.notices.watch import NoticeWatch
from escalation_desk.desktop.notices.wishes import WishesDialog
from tests.desktop.sitting import desk_of, plant

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from escalation_desk.desktop.session import Session
    from escalation_desk.journal.journal import Journal
    from tests.desktop.conftest import PlainFrame, Watch

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PLAIN = Notice("promise:1", NoticeKind.PROMISE, "case", "c1", AT, "Call back")
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(begins=times, ends=times, at=times)
def test_hours_of_quiet_and_the_hours_around_them_make_a_day(begins: time, ends: time, at: time) -> None:
    if begins == ends:
        assert not quiet((begins, ends), at)
    else:
        assert quiet((begins, ends), at) != quiet((ends, begins), at)


@given(
    off=st.frozensets(st.sampled_from(NoticeKind)),
    hours=st.tuples(times, times),
    muted=st.frozensets(st.text(max_size=4)),
    sound=st.booleans(),
)
def test_wishes_are_kept_as_they_are(
    off: frozenset[NoticeKind], hours: tuple[time, time], muted: frozenset[str], sound: bool
) -> None:
    wishes = Wishes(off, hours, sound, muted)
    assert wishes_from(wishes_to(wishes)) == wishes


def test_what_another_version_kept_is_as_at_the_beginning() -> None:
    assert wishes_from({"off": ["unheard-of"], "quiet": ["late", 7], "muted": "c1"}) == Wishes()


def test_critical_breaks_through_quiet_and_a_muted_case_but_not_a_kind_that_is_off() -> None:
    wishes = Wishes(quiet=(time(22), time(7)), muted=frozenset({"c1"}))
    critical = PLAIN._replace(critical=True)
    night, day = datetime(2026, 11, 24, 23, 0), datetime(2026, 11, 24, 10, 0)  # noqa: DTZ001 - local times of day.
    assert loud(critical, wishes, night)
    assert not loud(PLAIN, wishes, day)
    assert not loud(PLAIN._replace(about="c2"), wishes, night)
    assert loud(PLAIN._replace(about="c2"), wishes, day)
    assert not loud(critical, wishes._replace(off=frozenset({NoticeKind.PROMISE})), day)


def test_the_next_shift_is_the_next_opening() -> None:
    assert next_shift(AT.replace(hour=8)) == AT.replace(hour=9)
    assert next_shift(AT.replace(hour=9)) == AT.replace(hour=9) + timedelta(days=1)


@pytest.fixture
def promised(journal: Journal) -> dict[str, str]:
    ids = plant(journal)
    with journal.entry("Promise") as work:
        work.add(FollowUp(case=ids["parcel"], text="Send photos", due_at=journal.now(), owner=work.me))
    return ids


@pytest.fixture
def heard(plain_frame: PlainFrame, promised: dict[str, str], qtbot: QtBot) -> NoticeWatch:
    del promised
    plain_frame.hold(QWidget())
    made = NoticeWatch(plain_frame, plain_frame)
    with qtbot.waitSignal(made.counted):
        pass
    return made


def shown(panel: NoticePanel) -> list[str]:
    return [panel.list.item(at).text() for at in range(panel.list.count())]


def test_enter_opens_what_a_notice_is_about_and_it_counts_as_read(
    plain_frame: PlainFrame, heard: NoticeWatch, promised: dict[str, str], qtbot: QtBot
) -> None:
    panel = NoticePanel(plain_frame, heard, lambda: None, plain_frame)
    panel.come_up(plain_frame)
    qtbot.waitUntil(panel.isVisible)
    at = next(row for row, text in enumerate(shown(panel)) if "Send photos" in text)
    panel.list.setCurrentRow(at)
    before = len(shown(panel))
    with qtbot.waitSignal(heard.counted) as told:
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert told.args == [before - 1]
    assert plain_frame.went == [("case", promised["parcel"])]


def test_a_notice_is_put_off_by_keys_and_comes_again(
    plain_frame: PlainFrame, heard: NoticeWatch, watch: Watch, qtbot: QtBot
) -> None:
    panel = NoticePanel(plain_frame, heard, lambda: None, plain_frame)
    panel.come_up(plain_frame)
    qtbot.waitUntil(panel.isVisible)
    count = len(shown(panel))
    with qtbot.waitSignal(heard.counted) as told:
        panel.put_off(watch.now + timedelta(minutes=10))
    assert told.args == [count - 1]
    watch.now += timedelta(minutes=10)
    with qtbot.waitSignal(heard.came) as again:
        heard.look()
    assert len(again.args[0]) >= 1


def test_a_muted_case_comes_up_no_more_and_what_is_off_is_not_listed(
    plain_frame: PlainFrame, heard: NoticeWatch, promised: dict[str, str], journal: Journal, qtbot: QtBot
) -> None:
    heard.mute(promised["parcel"])
    with qtbot.assertNotEmitted(heard.came), qtbot.waitSignal(heard.counted), journal.entry("Again") as work:
        work.add(FollowUp(case=promised["parcel"], text="Again", due_at=journal.now(), owner=work.me))
    dialog = WishesDialog(plain_frame, heard)
    dialog.kinds[NoticeKind.PROMISE].setChecked(False)
    dialog.accept()
    assert NoticeWatch(plain_frame, plain_frame).wishes.off == {NoticeKind.PROMISE}
    panel = NoticePanel(plain_frame, heard, lambda: None, plain_frame)
    panel.come_up(plain_frame)
    qtbot.waitUntil(panel.isVisible)
    assert [text for text in shown(panel) if "promise" in text.casefold()] == []


def test_the_bell_of_the_window_counts_and_its_key_brings_the_list(session: Session, qtbot: QtBot) -> None:
    desk = desk_of(session)
    qtbot.waitUntil(lambda: "notices" in vars(desk))
    with desk.verbs.journal.entry("Promise") as work:
        work.add(FollowUp(case=desk.queue.table.current_id() or None, text="Now", due_at=work.now, owner=work.me))
    desk.commands.action("notices").trigger()
    qtbot.waitUntil(desk.notices.panel.isVisible)
    desk.notices.panel.hide()
