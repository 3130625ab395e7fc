"""Copies: each is whole and a state that was committed; a restore is the copy, whatever lay beside the old data."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import backup, place, schema
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import connect
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.journal.conftest import Clock

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def _dump(path: Path, key: bytes) -> dict[str, list[Any]]:
    """Read everything that a desk holds."""
    with closing(connect(path, key, writes=False)) as made:
        assert problems(made) == []
        names = [row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: made.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "window.lock"
    }


def _back_up(desk: Journal, target: Path) -> Path:
    with desk.writing() as made:
        return backup.back_up(made, desk.key, target)


def _add(desk: Journal, title: str) -> None:
    with desk.entry("New case") as work:
        work.add(Case(title=title))


def _numbered(desk: Journal, case: Case, number: int) -> None:
    """Write an entry of two changes that must never be seen apart."""
    with desk.entry("Number") as work:
        work.get(Case, case.id).affected_count = number
        for line in range(5):
            work.add(Message(case=case.id, body=f"{number} {line} " + "x" * 500))


def _state(path: Path, key: bytes) -> tuple[int, int]:
    with closing(connect(path, key, writes=False)) as made:
        assert problems(made) == []
        number = made.execute('SELECT ifnull(affected_count, 0) FROM "case"').fetchone()[0]
        return number, made.execute("SELECT count(*) FROM message").fetchone()[0]


def test_copies_made_while_somebody_writes_are_states_that_were_committed(
    desk: Journal, case: Case, tmp_path: Path
) -> None:
    """Thirty copies at random moments, by the writer's connection and by a reader's."""
    chance, written, stop = random.Random(16), [0], threading.Event()

    def write() -> None:
        while not stop.is_set():
            _numbered(desk, case, written[0] + 1)
            written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    try:
        for moment in range(30):
            stop.wait(chance.random() / 50)
            before = written[0]
            target = tmp_path / f"{moment}.db"
            if chance.random() < 0.5:
                _back_up(desk, target)
            else:
                with closing(desk.reader()) as reader:
                    backup.back_up(reader, desk.key, target)
            seen.append((target, before, written[0] + 1))
    finally:
        stop.set()
        writer.join()

    states = [(_state(target, desk.key), least, most) for target, least, most in seen]
    for (number, messages), least, most in states:
        assert least <= number <= most
        assert messages == 5 * number, "an entry is in the copy whole or not at all"
    assert len({state for state, _least, _most in states}) > 5


def test_a_copy_is_one_private_file_under_its_name(desk: Journal, case: Case, tmp_path: Path) -> None:
    target = _back_up(desk, tmp_path / "far" / "away" / "copy.db")

    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_bytes()
    _dump(target, desk.key)
    assert target.read_bytes() == before, "looking at a copy leaves it as it is"


def test_a_copy_does_not_open_with_another_key(desk: Journal, tmp_path: Path) -> None:
    target = _back_up(desk, tmp_path / "copy.db")

    with pytest.raises(Refused, match="does not open with this key"):
        connect(target, bytes(32), writes=False)
    assert b"Refund" not in target.read_bytes()


def test_the_desks_own_file_is_no_place_for_a_copy(desk: Journal) -> None:
    with pytest.raises(Refused, match="is the desk's own file"):
        _back_up(desk, desk.folder / "desk.db")


def test_a_copy_that_cannot_be_written_is_told_with_its_reason(desk: Journal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")

    with pytest.raises(Fault, match=r"^The backup .*copy\.db cannot be written: .+\.$"):
        _back_up(desk, tmp_path / "file" / "copy.db")


def test_damaged_data_replace_no_copy(tmp_path: Path, key: bytes) -> None:
    journal = Journal(tmp_path / "desk", key)
    _add(journal, "x" * 9_000)
    good = _back_up(journal, tmp_path / "copy.db").read_bytes()
    with journal.writing() as made:
        page = made.execute("SELECT rootpage FROM sqlite_master WHERE name = 'change_of_record'").fetchone()[0]
    journal.close()
    content = bytearray((tmp_path / "desk" / "desk.db").read_bytes())
    content[(page - 1) * 4096 + 50] ^= 0xFF
    (tmp_path / "desk" / "desk.db").write_bytes(bytes(content))

    with closing(Journal(tmp_path / "desk", key)) as spoiled, pytest.raises(Fault, match="damaged"):
        _back_up(spoiled, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "desk"]


# Restoring.


@pytest.fixture
def killed(tmp_path: Path, key: bytes) -> Path:
    """Give the folder of a desk whose program was killed: a backup, and newer work that lies in the log only."""
    journal = Journal(tmp_path / "alive", key)
    _add(journal, "In the backup")
    _back_up(journal, tmp_path / "alive" / "backups" / "copy.db")
    for number in range(20):
        _add(journal, f"Newer {number}")
    shutil.copytree(tmp_path / "alive", tmp_path / "killed")
    journal.close()
    assert (tmp_path / "killed" / "desk.db-wal").stat().st_size > 10_000
    return tmp_path / "killed"


def test_a_restore_is_the_copy_whatever_lay_beside_the_old_data(killed: Path, key: bytes) -> None:
    source = killed / "backups" / "copy.db"
    wanted = _dump(source, key)
    (killed / "desk.db-journal").write_bytes(b"left over" * 100)

    backup.restore(killed, key, source)

    assert sorted(path.name for path in killed.iterdir()) == ["backups", "desk.db", "window.lock"]
    assert _dump(killed / "desk.db", key) == wanted
    with closing(Journal(killed, key)) as journal:
        _add(journal, "Life goes on")


def test_a_log_left_over_would_spoil_a_restore_that_only_copied(killed: Path, key: bytes) -> None:
    """The canary of the test before: it has something to find."""
    shutil.copyfile(killed / "backups" / "copy.db", killed / "desk.db")

    with pytest.raises(Refused, match="does not open with this key"):
        connect(killed / "desk.db", key, writes=False)


def test_what_a_restore_replaces_is_kept_with_all_that_lay_in_its_log(killed: Path, key: bytes) -> None:
    backup.restore(killed, key, killed / "backups" / "copy.db")
    backup.restore(killed, key, killed / "backups" / "copy.db")

    replaced = sorted((killed / "backups").glob("replaced-*.db"), key=lambda path: path.stat().st_mtime)
    assert len(replaced) == 2, "two in one second have two names"
    assert max(len(_dump(path, key)["case"]) for path in replaced) == 21


def test_a_restore_replaces_what_does_not_open_and_keeps_its_bytes(killed: Path, key: bytes) -> None:
    noise = random.Random(3).randbytes(50_000)
    (killed / "desk.db").write_bytes(noise)
    log = (killed / "desk.db-wal").read_bytes()

    backup.restore(killed, key, killed / "backups" / "copy.db")

    replaced = next((killed / "backups").glob("replaced-*.db"))
    assert replaced.read_bytes() == noise
    assert replaced.with_name(replaced.name + "-wal").read_bytes() == log
    assert len(_dump(killed / "desk.db", key)["case"]) == 1


def test_a_copy_can_be_restored_where_nothing_is_left(killed: Path, key: bytes, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()

    backup.restore(tmp_path / "new", key, killed / "backups" / "copy.db")

    assert _dump(tmp_path / "new" / "desk.db", key) == _dump(killed / "backups" / "copy.db", key)


def test_another_desk_with_an_unfinished_log_is_restored_with_it(killed: Path, key: bytes, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()

    backup.restore(tmp_path / "new", key, killed / "desk.db")

    assert len(_dump(tmp_path / "new" / "desk.db", key)["case"]) == 21


def _cut(path: Path, _key: bytes) -> None:
    path.write_bytes(path.read_bytes()[:-40_000])


def _turned(path: Path, _key: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def _emptied(path: Path, _key: bytes) -> None:
    path.write_bytes(b"")


def _letter(path: Path, _key: bytes) -> None:
    path.write_text("Dear colleague", "utf-8")


def _newer(path: Path, key: bytes) -> None:
    with closing(connect(path, key, writes=True)) as made:
        made.execute(f"PRAGMA user_version = {schema.STEPS.number + 1}")


def _foreign(path: Path, key: bytes) -> None:
    with closing(connect(path, key, writes=True)) as made:
        made.execute("PRAGMA application_id = 7")


def _unrecorded(path: Path, key: bytes) -> None:
    with closing(connect(path, key, writes=True)) as made:
        made.execute("DELETE FROM change WHERE op = 'create'")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_cut, "The backup .* is damaged"),
        (_turned, "The backup .* is damaged"),
        (_unrecorded, "The backup .* is damaged"),
        (_emptied, "is not a backup; choose a file that this program has written"),
        (_letter, "does not open with this key"),
        (_newer, "was written by a newer version"),
        (_foreign, "is a database of another program"),
    ],
)
def test_what_is_no_good_copy_is_not_restored_and_nothing_changes(
    killed: Path, key: bytes, spoil: Callable[[Path, bytes], None], sentence: str
) -> None:
    source = killed / "backups" / "copy.db"
    spoil(source, key)
    before = _files(killed)

    with pytest.raises((Refused, Fault), match=sentence):
        backup.restore(killed, key, source)

    assert _files(killed) == before


def test_nothing_is_restored_under_an_open_window(killed: Path, key: bytes) -> None:
    window = place.Hold(killed)
    before = _files(killed)

    with pytest.raises(Refused, match="already open"):
        backup.restore(killed, key, killed / "backups" / "copy.db")

    assert _files(killed) == before
    window.release()


# The rota.


def test_the_rota_makes_one_copy_an_hour(desk: Journal, clock: Clock) -> None:
    made = []
    for _quarter in range(9):
        with desk.writing() as connection:
            made.append(backup.back_up_by_rota(connection, desk.folder, desk.key, clock.now))
        clock.advance(minutes=15)

    assert [path.name if path else None for path in made] == [
        "desk-20261124T080000Z.db",
        None,
        None,
        None,
        "desk-20261124T090000Z.db",
        None,
        None,
        None,
        "desk-20261124T100000Z.db",
    ]


def test_a_clock_that_ran_ahead_once_does_not_end_the_rota(desk: Journal, clock: Clock) -> None:
    with desk.writing() as made:
        backup.back_up_by_rota(made, desk.folder, desk.key, clock.now + timedelta(days=3_000))

        assert backup.back_up_by_rota(made, desk.folder, desk.key, clock.now)
        clock.advance(hours=1)
        assert backup.back_up_by_rota(made, desk.folder, desk.key, clock.now)
    assert len(list((desk.folder / "backups").iterdir())) == 3


def test_the_rota_leaves_alone_what_is_not_its_own_and_clears_what_it_left_unfinished(
    desk: Journal, clock: Clock
) -> None:
    folder = desk.folder / "backups"
    folder.mkdir()
    kept = {"before-update-20200101T000000Z.db", "replaced-20200101T000000Z.db", "desk-of-my-own.db"}
    for name in (*kept, ".desk-20200101T000000Z.db.17.part", ".desk-20200101T000000Z.db.17.part-wal"):
        (folder / name).write_bytes(b"x")
    old = folder / "desk-20200101T000000Z.db"
    old.write_bytes(b"x")

    with desk.writing() as made:
        path = backup.back_up_by_rota(made, desk.folder, desk.key, clock.now)

    assert path is not None
    assert {one.name for one in folder.iterdir()} == {*kept, path.name}


dates = st.integers(0, 24 * 400).map(lambda hours: NOW - timedelta(hours=hours))


@given(st.lists(dates, max_size=200), st.integers(0, 48).map(lambda hours: timedelta(hours=hours - 24)))
def test_the_rota_keeps_the_newest_and_never_many(dates: list[datetime], ahead: timedelta) -> None:
    now = NOW + ahead
    kept = backup.to_keep(dates, now)

    assert kept <= set(dates)
    assert len(kept) <= 2 + 26 + 14 + 12 + 11 + max(0, sum(d > now for d in set(dates)))
    assert backup.to_keep(list(kept), now) == kept, "asked again, it keeps the same"
    past = [d for d in dates if d <= now]
    if past:
        assert max(past) in kept
    for when in past:
        assert now - when > timedelta(days=1) or any(abs(when - k) < timedelta(hours=1) for k in kept)
        assert now - when > timedelta(days=12) or any(abs(when - k) < timedelta(days=1) for k in kept)
        assert now - when > timedelta(days=70) or any(abs(when - k) < timedelta(days=7) for k in kept)
        assert now - when > timedelta(days=280) or any(abs(when - k) < timedelta(days=31) for k in kept)


def test_after_a_year_of_copies_every_hour_the_rota_reaches_back_nine_months() -> None:
    kept: set[datetime] = set()
    for hour in range(24 * 365):
        now = NOW + timedelta(hours=hour)
        kept.add(now)
        if hour % 24 == 0 or hour > 24 * 363:
            kept = backup.to_keep(list(kept), now)

    ages = sorted((now - when) / timedelta(days=1) for when in kept)
    assert len([age for age in ages if age <= 1]) >= 24
    for reach, gap in ((1, 1 / 24), (12, 1), (70, 7), (250, 31)):
        within = [age for age in ages if age <= reach]
        steps = [later - earlier for earlier, later in itertools.pairwise(within)]
        assert max(steps) <= gap * 2
    assert max(ages) > 240
