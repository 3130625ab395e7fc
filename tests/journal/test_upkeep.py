"""After an end that was none the data are looked over; what is damaged is refused, and no backup is let go."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.journal import backup, place, upkeep
from escalation_desk.journal.desk import open_desk
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def _passphrase(_new: bool) -> str:
    return "tám con mèo"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Give a desk with some cases and a backup, open as long as the test leaves it so."""
    made = open_desk(tmp_path / "desk", _passphrase)
    with made.entry("New cases") as work:
        for number in range(300):
            work.add(Case(title=f"Refund {number}", description="Parcel " * 40))
    yield made
    made.close()


@pytest.fixture
def kept(journal: Journal) -> Path:
    with journal.writing() as made:
        path = backup.back_up_by_rota(made, journal.folder, journal.key, NOW)
    assert path is not None
    return path


def _cut_short(journal: Journal, to: Path) -> Path:
    """Copy the folder as it lies on the disk in this moment: so it is after a power cut."""
    with journal.entry("One more") as work:
        work.add(Case(title="Just saved"))
    shutil.copytree(journal.folder, to)
    assert place.has_log(to / place.DATABASE)
    return to


def _tear(database: Path) -> None:
    content = bytearray(database.read_bytes())
    for page in range(8, len(content) // 4096 - 1, 3):
        content[page * 4096 + 100 : page * 4096 + 200] = bytes(100)
    database.write_bytes(content)


def test_a_desk_that_was_cut_short_is_looked_over_and_opens(journal: Journal, tmp_path: Path) -> None:
    cut = _cut_short(journal, tmp_path / "cut")

    opened = open_desk(cut, _passphrase)

    with closing(opened.reader()) as made:
        assert made.execute("SELECT count(*) FROM \"case\" WHERE title = 'Just saved'").fetchone() == (1,)
    assert opened.was_left_open
    opened.close()
    again = open_desk(cut, _passphrase)
    assert not again.was_left_open
    again.close()


def test_a_desk_that_somebody_has_open_was_not_left_open(journal: Journal) -> None:
    with journal.entry("One more") as work:
        work.add(Case(title="Just saved"))
    assert place.has_log(journal.path)

    beside = Journal(journal.folder, journal.key)

    assert not beside.was_left_open
    beside.close()


def test_damage_after_a_cut_is_refused_with_the_backup_to_go_back_to(
    journal: Journal, kept: Path, tmp_path: Path
) -> None:
    cut = _cut_short(journal, tmp_path / "cut")
    _tear(cut / place.DATABASE)

    for _time in range(2):  # It stays refused: the log is gone after the first look, the mark is not.
        with pytest.raises(Refused, match="are damaged") as refused:
            open_desk(cut, _passphrase)
        assert str(cut / "backups" / kept.name) in str(refused.value)

    backup.restore(cut, journal.key, cut / "backups" / kept.name)
    open_desk(cut, _passphrase).close()
    assert not place.is_damaged(cut)


def test_a_first_page_that_is_torn_is_not_taken_for_a_wrong_key(journal: Journal, kept: Path, tmp_path: Path) -> None:
    cut = _cut_short(journal, tmp_path / "cut")
    place.remove_beside(cut / place.DATABASE)
    with (cut / place.DATABASE).open("rb+") as file:
        file.seek(50)
        file.write(bytes(100))

    with pytest.raises(Refused, match="are damaged") as refused:
        open_desk(cut, _passphrase)

    assert kept.name in str(refused.value)


def test_where_no_backup_is_whole_the_sentence_says_so(journal: Journal, kept: Path, tmp_path: Path) -> None:
    cut = _cut_short(journal, tmp_path / "cut")
    _tear(cut / place.DATABASE)
    _tear(cut / "backups" / kept.name)

    with pytest.raises(Refused, match="no whole backup lies there"):
        open_desk(cut, _passphrase)


def test_while_damage_is_marked_no_backup_is_made_or_let_go(journal: Journal, kept: Path) -> None:
    place.mark_damaged(journal.folder)

    for day in range(1, 400):
        with journal.writing() as made:
            assert backup.back_up_by_rota(made, journal.folder, journal.key, NOW + timedelta(days=day)) is None

    assert list((journal.folder / "backups").iterdir()) == [kept]


def test_a_mark_that_no_damage_bears_out_goes(journal: Journal, tmp_path: Path) -> None:
    cut = _cut_short(journal, tmp_path / "cut")
    place.mark_damaged(cut)

    open_desk(cut, _passphrase).close()

    assert not place.is_damaged(cut)


def _fill_the_disk(journal: Journal, *, room: int) -> None:
    """Let the database grow by so many pages and no further: SQLite then says what it says on a full disk."""
    with journal.writing() as made:
        pages = made.execute("PRAGMA page_count").fetchone()[0]
        made.execute(f"PRAGMA max_page_count = {pages + room}")


def _save(journal: Journal, title: str, size: int) -> None:
    with journal.entry("New case") as work:
        work.add(Case(title=title, description="x" * size))


def test_on_a_full_disk_the_room_that_was_kept_is_given_up(journal: Journal) -> None:
    upkeep.keep_ballast(journal.folder)
    ballast = place.ballast(journal.folder)
    assert ballast.stat().st_blocks * 512 >= 64 * 1024 * 1024
    _fill_the_disk(journal, room=10)

    with pytest.raises(Fault, match="do it again"):
        _save(journal, "Too much", 1_000_000)
    assert not ballast.exists()
    with pytest.raises(Fault, match="free some space"):
        _save(journal, "Too much again", 1_000_000)
    _save(journal, "Little", 10)

    with closing(journal.reader()) as made:
        titles = made.execute("SELECT title FROM \"case\" WHERE title NOT LIKE 'Refund%'").fetchall()
    assert titles == [("Little",)]


def test_room_is_kept_only_where_there_is_plenty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_PLENTY", shutil.disk_usage(tmp_path).total)

    upkeep.keep_ballast(tmp_path)

    assert list(tmp_path.iterdir()) == []
