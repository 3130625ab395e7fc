from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.acts import internal_note
from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_
from escalation_desk.journal import place, reading, sample_desk
from escalation_desk.journal.desk import open_desk, profile_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which somebody has tried the sample and left a note."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert sample_desk.prepare(folder, NOW)
    journal = open_desk(folder, sample_desk.passphrase)
    with journal.entry(N_("Note on {case}")) as work:
        case = work.get(Case, first_case(folder))
        work.add(internal_note(case, "a note of somebody who tries", profile_of(journal), work.now))
    journal.close()
    return folder


def first_case(folder: Path) -> str:
    return told(folder, 'SELECT id FROM "case" ORDER BY seq')[0]


def told(folder: Path, statement: str) -> list[str]:
    journal = open_desk(folder, sample_desk.passphrase)
    made = journal.reader()
    rows = made.execute(statement).fetchall()
    made.close()
    journal.close()
    return [row[0] for row in rows]


def notes(folder: Path) -> list[str]:
    return told(folder, "SELECT body FROM message WHERE body = 'a note of somebody who tries'")


def test_what_somebody_tried_today_is_still_there_later_today(shown: Path) -> None:
    assert not sample_desk.prepare(shown, NOW + timedelta(hours=23))
    assert notes(shown)


@pytest.fixture
def copied(shown: Path, tmp_path: Path) -> Path:
    return shutil.copytree(shown, tmp_path / "demo")


@pytest.mark.parametrize("later", [timedelta(days=1), timedelta(hours=-1)])
def test_another_day_gets_another_sample_that_speaks_of_it(copied: Path, later: timedelta) -> None:
    (copied / "my export.docx").write_bytes(b"mine")
    before = first_case(copied)
    assert sample_desk.prepare(copied, NOW + later)
    assert first_case(copied) != before
    assert not notes(copied)
    newest = told(copied, 'SELECT max(received_at) FROM "case"')[0]
    assert timedelta(0) < NOW + later - datetime.fromisoformat(newest) < timedelta(hours=1)
    assert (copied / "my export.docx").read_bytes() == b"mine"


def test_a_sample_that_was_cut_off_half_way_is_made_anew(copied: Path) -> None:
    (copied / sample_desk.MARK).write_text("", encoding="utf-8")
    (copied / place.DATABASE).write_bytes(b"half of it")
    assert sample_desk.prepare(copied, NOW)
    assert len(told(copied, 'SELECT id FROM "case"')) == 120


def test_a_desk_of_ones_own_is_never_taken_for_a_sample(tmp_path: Path) -> None:
    journal = open_desk(tmp_path / "mine", lambda _new: "a passphrase of mine")
    profile = profile_of(journal).full_name
    journal.close()
    for path in ("desk.db", "key.json"):
        assert (tmp_path / "mine" / path).exists()
    with pytest.raises(Refused, match="holds a desk that is no sample"):
        sample_desk.prepare(tmp_path / "mine", NOW)
    journal = open_desk(tmp_path / "mine", lambda _new: "a passphrase of mine")
    assert profile_of(journal).full_name == profile
    journal.close()


def test_the_key_of_a_desk_alone_is_enough_to_leave_it_alone(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Refused, match="no sample"):
        sample_desk.prepare(tmp_path, NOW)
    assert (tmp_path / "key.json").read_text("utf-8") == "{}"


def test_a_sample_with_an_open_window_is_not_pulled_away(shown: Path) -> None:
    hold = place.Hold(shown)
    with pytest.raises(Refused, match="already open"):
        sample_desk.prepare(shown, NOW + timedelta(days=9))
    hold.release()
    assert notes(shown)


def test_the_desk_is_older_than_its_sample(shown: Path) -> None:
    founded, began = told(shown, "SELECT at FROM entry ORDER BY number LIMIT 2")
    assert founded < began


def test_a_sample_says_who_works_at_the_desk_without_asking(shown: Path) -> None:
    journal = open_desk(shown, sample_desk.passphrase)
    assert journal.profile
    made = journal.reader()
    assert journal.profile in reading.people(made)
    made.close()
    journal.close()
