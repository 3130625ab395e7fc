"""Work in a process of its own: its items arrive, and nothing that happens to it happens to the desk."""

from __future__ import annotations

import importlib
import os
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import speaking
from escalation_desk.intake import child
from escalation_desk.intake.child import Cancelled, ChildFailed, in_child
from escalation_desk.intake.reading import Record, read
from escalation_desk.intake.survey import Survey, survey
from escalation_desk.intake.types import Kind

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

WORK = """
import os, time
from datetime import datetime, UTC
from decimal import Decimal
from fractions import Fraction
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.i18n import language
from escalation_desk.intake.child import Progress
from escalation_desk.intake.reading import read

def count(n):
    for number in range(n):
        if number % 100 == 0:
            yield Progress(number, n)
        yield {"number": number, "at": datetime(2026, 1, 1, tzinfo=UTC), "price": Decimal("1.5"), "rows": (number,)}

def spoken():
    yield language()

def refuse(*_args):
    yield 1
    raise Refused("No.")

def fault():
    raise Fault("The disk is gone.")
    yield

def mistake():
    yield 1 / 0

def chatter():
    print("hello", flush=True)
    yield 1
    os.write(1, b"from a library")
    yield 2

def die(_path):
    yield 1
    os.abort()

def hog(_path):
    held = []
    while True:
        held.append(bytes(50_000_000))
        yield len(held)

def spin(_path):
    yield os.getpid()
    time.sleep(0.3)
    yield "now for ever"
    while True:
        pass

def smuggle():
    yield Fraction(1, 3)

def rows(path):
    for table in read(path):
        yield from table.rows

def flood():
    while True:
        yield "x" * 10_000
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give a module that the child can import too, because it is told where the desk imports from."""
    (tmp_path / "foreign_work.py").write_text(WORK, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "foreign_work", raising=False)
    return importlib.import_module("foreign_work")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_items_arrive_in_order_with_their_types_and_progress_beside_them(work: ModuleType) -> None:
    told: list[tuple[int, int | None]] = []

    items = list(in_child(work.count, 1_000, progress=lambda done, total: told.append((done, total))))

    assert items == [item for item in work.count(1_000) if isinstance(item, dict)]
    assert told == [(number, 1_000) for number in range(0, 1_000, 100)]


def test_records_of_the_desk_arrive_as_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("number,opened\n1,29-02-2016 01:16\n2,01-02-2016 10:00\n", encoding="utf-8")

    (found,) = in_child(survey, tmp_path / "a.csv")

    assert isinstance(found, Survey)
    assert [(column.name, column.guess.kind) for column in found.columns] == [
        ("number", Kind.ID),
        ("opened", Kind.INSTANT),
    ]
    assert found.rows[0] == {"number": "1", "opened": "29-02-2016 01:16"}
    assert found.total == 2


def test_refusals_and_faults_are_raised_here_as_they_were_there(work: ModuleType) -> None:
    with pytest.raises(Refused, match=r"^No\.$"):
        list(in_child(work.refuse))
    with pytest.raises(Fault, match="The disk is gone"):
        list(in_child(work.fault))


def test_the_child_speaks_the_language_of_whoever_asks(work: ModuleType) -> None:
    with speaking("vi"):
        assert list(in_child(work.spoken)) == ["vi"]


def test_a_bug_comes_back_with_its_traceback(work: ModuleType) -> None:
    with pytest.raises(ChildFailed, match=r"(?s)in mistake.*ZeroDivisionError"):
        list(in_child(work.mistake))


def test_what_a_library_prints_does_not_mix_with_the_items(work: ModuleType) -> None:
    assert list(in_child(work.chatter)) == [1, 2]


def test_a_child_that_dies_is_one_sentence_that_names_the_file(work: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^“evil\.xlsx” could not be read"):
        list(in_child(work.die, tmp_path / "evil.xlsx"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux holds a process to its memory")
def test_a_child_that_takes_too_much_memory_is_one_sentence(work: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="more memory than an import may take"):
        list(in_child(work.hog, tmp_path / "bomb.xlsx"))


def test_a_spinning_child_is_stopped_within_a_second(work: ModuleType, tmp_path: Path) -> None:
    stop: list[float] = []
    items = in_child(work.spin, tmp_path / "a.csv", cancelled=lambda: bool(stop))
    pid = next(items)
    assert next(items) == "now for ever"

    stop.append(time.monotonic())
    with pytest.raises(Cancelled):
        next(items)

    assert time.monotonic() - stop[0] < 1
    assert not is_alive(pid)


def test_closing_the_items_ends_the_child_even_before_a_full_queue(work: ModuleType, tmp_path: Path) -> None:
    with closing(in_child(work.spin, tmp_path / "a.csv")) as items:
        pid = next(items)
        assert is_alive(pid)
    assert not is_alive(pid)

    with closing(in_child(work.flood)) as items:
        assert next(items) == "x" * 10_000


def test_a_child_that_falls_silent_is_given_up(
    work: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "QUIET_SECONDS", 2.0)

    with pytest.raises(Refused, match=r"“slow\.csv” was stopped"):
        list(in_child(work.spin, tmp_path / "slow.csv"))


def test_only_plain_data_and_records_of_the_desk_come_out(work: ModuleType) -> None:
    with pytest.raises(ChildFailed, match=r"must not say: fractions\.Fraction"):
        list(in_child(work.smuggle))


@pytest.mark.parametrize(
    "frame",
    [b"", b"garbage", b"cos\nsystem\n(S'true'\ntR.", b"cbuiltins\neval\n(S'1'\ntR.",
     b"cescalation_desk.intake.child\nin_child\n.", b"csubprocess\nPopen\n."],
)  # fmt: skip
def test_a_frame_can_name_nothing_that_does_anything(frame: bytes) -> None:
    with pytest.raises(ChildFailed):
        child._received(frame)


def test_a_module_lying_beside_the_export_is_not_run(
    work: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    (downloads / "pickle.py").write_text("raise SystemExit('run!')", encoding="utf-8")
    monkeypatch.chdir(downloads)

    assert list(in_child(work.spoken)) == ["en"]


def test_a_large_log_comes_through_the_child_whole(work: ModuleType, shared_data: Path) -> None:
    file = shared_data / "events" / "helpdesk_italian_company.csv.gz"

    rows = list(in_child(work.rows, file))

    assert len(rows) == 10_718
    assert rows[0] == next(record for table in read(file) for record in table.rows)
    assert isinstance(rows[0], Record)
