from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.journal.drafts import FILE, KEPT, SPAN, Drafts
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = bytes(range(32))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def drafts(tmp_path: Path, clock: Hands) -> Iterator[Drafts]:
    made = Drafts(tmp_path, KEY, clock)
    yield made
    made.close()


def test_what_was_put_is_there_after_opening_again(tmp_path: Path, clock: Hands) -> None:
    first = Drafts(tmp_path, KEY, clock)
    first.put("case:1:composer", {"text": "Chị Hoa gọi lại lúc 9 giờ"})
    first.close()
    second = Drafts(tmp_path, KEY, clock)
    found = second.get("case:1:composer")
    second.close()
    assert found is not None
    assert found.content == {"text": "Chị Hoa gọi lại lúc 9 giờ"}


def test_nothing_readable_lies_on_the_disk(tmp_path: Path, clock: Hands) -> None:
    made = Drafts(tmp_path, KEY, clock)
    made.put("case:1:composer", {"text": "SECRETSECRET"})
    made.flush()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    made.close()
    assert b"SECRET" not in content
    assert not content.startswith(b"SQLite")


def test_a_closed_place_has_no_draft_but_keeps_its_versions(drafts: Drafts) -> None:
    drafts.put("a", {"text": "one"})
    drafts.close_place("a")
    assert drafts.get("a") is None
    assert [draft.content["text"] for draft in drafts.versions("a")] == ["one"]


def test_typing_on_writes_over_the_same_version(drafts: Drafts, clock: Hands) -> None:
    for text in ("Ch", "Chị", "Chị H", "Chị Hoa"):
        drafts.put("a", {"text": text})
        drafts.flush()
        clock.forward(timedelta(seconds=2))
    assert [draft.content["text"] for draft in drafts.versions("a")] == ["Chị Hoa"]


def test_what_was_deleted_in_one_go_is_an_earlier_version(drafts: Drafts, clock: Hands) -> None:
    drafts.put("a", {"text": "a long explanation of what happened to the parcel"})
    drafts.flush()
    clock.forward(timedelta(seconds=2))
    drafts.put("a", {"text": "x"})
    assert [draft.content["text"][:6] for draft in drafts.versions("a")] == ["x", "a long"]


def test_after_saving_the_next_text_is_a_version_of_its_own(drafts: Drafts) -> None:
    drafts.put("a", {"text": "the first note"})
    drafts.flush()
    drafts.close_place("a")
    drafts.flush()
    drafts.put("a", {"text": "the second note"})
    assert [draft.content["text"] for draft in drafts.versions("a")] == ["the second note", "the first note"]


@given(st.lists(st.sampled_from([timedelta(seconds=1), SPAN]), min_size=1, max_size=20))
def test_the_newest_is_always_kept_and_never_more_than_five(
    tmp_path_factory: pytest.TempPathFactory, steps: list[timedelta]
) -> None:
    clock = Hands()
    made = Drafts(tmp_path_factory.mktemp("drafts"), KEY, clock)
    for number, step in enumerate(steps):
        made.put("a", {"text": f"{number:04}"})
        made.flush()
        clock.forward(step)
    found = made.versions("a")
    made.close()
    assert found[0].content == {"text": f"{len(steps) - 1:04}"}
    assert len(found) <= KEPT
    numbers = [draft.number for draft in found]
    assert numbers == sorted(numbers, reverse=True)


def test_the_last_of_many_puts_in_a_row_is_what_stays(drafts: Drafts) -> None:
    for number in range(500):
        drafts.put("a", {"text": f"{number:04}"})
    found = drafts.get("a")
    assert found is not None
    assert found.content == {"text": "0499"}


def test_broken_halves_of_characters_are_kept_too(drafts: Drafts) -> None:
    drafts.put("a", {"text": "half \ud83d end\x00"})
    found = drafts.get("a")
    assert found is not None
    assert found.content == {"text": "half \ud83d end\x00"}


def test_saved_drafts_are_forgotten_after_a_month_and_unsaved_ones_never(tmp_path: Path, clock: Hands) -> None:
    first = Drafts(tmp_path, KEY, clock)
    first.put("saved", {"text": "1"})
    first.put("unsaved", {"text": "2"})
    first.flush()
    first.close_place("saved")
    first.close()
    clock.forward(timedelta(days=31))
    second = Drafts(tmp_path, KEY, clock)
    left = second.versions("saved"), second.get("unsaved")
    second.close()
    assert left[0] == []
    assert left[1] is not None


def test_drafts_of_another_key_are_set_aside_whole(tmp_path: Path, clock: Hands) -> None:
    first = Drafts(tmp_path, KEY, clock)
    first.put("a", {"text": "theirs"})
    first.close()
    other = Drafts(tmp_path, bytes(32), clock)
    assert other.get("a") is None
    other.close()
    aside = next(path for path in tmp_path.iterdir() if path.name.startswith("other-"))
    aside.rename(tmp_path / FILE)
    again = Drafts(tmp_path, KEY, clock)
    found = again.get("a")
    again.close()
    assert found is not None
    assert found.content == {"text": "theirs"}


def test_a_disk_that_refuses_is_told_and_the_draft_goes_along_with_the_next(tmp_path: Path, clock: Hands) -> None:
    (tmp_path / FILE).mkdir()
    made = Drafts(tmp_path, KEY, clock)
    told: list[str] = []
    heard = threading.Event()
    made.on_fault(told.append)
    made.on_fault(lambda _sentence: heard.set())
    made.put("a", {"text": "kept in memory"})
    assert heard.wait(10)
    assert "cannot be opened" in told[0]
    (tmp_path / FILE).rmdir()
    made.put("b", {"text": "there is room again"})
    found = made.get("a")
    made.close()
    assert found is not None
    assert found.content == {"text": "kept in memory"}


def test_a_draft_is_written_while_an_import_holds_the_writer(tmp_path: Path) -> None:
    journal = Journal(tmp_path, KEY)
    with journal.entry("A long import"):
        journal.drafts.put("a", {"text": "written meanwhile"})
        journal.drafts.flush()
        found = journal.drafts.get("a")
    journal.close()
    assert found is not None
    assert found.content == {"text": "written meanwhile"}


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from escalation_desk.journal.drafts import Drafts
made = Drafts(Path(sys.argv[1]), bytes(range(32)), lambda: datetime.now(UTC))
number = int(sys.argv[2])
while True:
    made.put("a", {"text": str(number)})
    made.flush()
    print(number, flush=True)
    number += 1
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_what_was_flushed_survives_being_killed(tmp_path: Path) -> None:
    said = 0
    for _kill in range(10):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(said + 1)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _line in range(5):
                said = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            said = max([said, *map(int, writer.stdout.read().split())])
        made = Drafts(tmp_path, KEY, lambda: datetime.now(UTC))
        found = made.get("a")
        made.close()
        assert found is not None
        # The one after the last that was said may have reached the disk before the word of it reached us.
        assert int(found.content["text"]) in {said, said + 1}
        said = int(found.content["text"])
