"""What is no desk of ours is refused with one sentence, and not one byte of it changes."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.journal import place, schema
from escalation_desk.journal.checking import problems
from escalation_desk.journal.connection import connect
from escalation_desk.journal.desk import open_desk
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOBODY = 65534

needs_posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def closed(tmp_path: Path, key: bytes) -> Path:
    """Give the folder of a desk that nobody has open."""
    journal = Journal(tmp_path / "desk", key)
    with journal.entry("New case") as work:
        work.add(Case(title="Refund"))
    journal.close()
    return tmp_path / "desk"


def _of_another_key(folder: Path, _key: bytes) -> None:
    (folder / "desk.db").unlink()
    Journal(folder, bytes(32)).close()


def _foreign(folder: Path, key: bytes) -> None:
    (folder / "desk.db").unlink()
    (folder / "desk.db").touch()
    with closing(connect(folder / "desk.db", key, writes=True)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
        made.execute("CREATE TABLE recipe (name TEXT)")


def _newer(folder: Path, key: bytes) -> None:
    with closing(connect(folder / "desk.db", key, writes=True)) as made:
        made.execute(f"PRAGMA user_version = {schema.STEPS.number + 1}")


def _empty(folder: Path, _key: bytes) -> None:
    (folder / "desk.db").write_bytes(b"")


def _noise(folder: Path, _key: bytes) -> None:
    (folder / "desk.db").write_bytes(random.Random(7).randbytes(100_000))


def _plain(folder: Path, _key: bytes) -> None:
    (folder / "desk.db").unlink()
    with closing(sqlite3.connect(folder / "desk.db")) as made:
        made.execute("CREATE TABLE note (text TEXT)")
        made.commit()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_of_another_key, "does not open with this key: it belongs to another desk, or it is not a database."),
        (_foreign, "is a database of another program; choose another folder."),
        (_newer, "was written by a newer version of Escalation Desk; update this one. Nothing was changed."),
        (_empty, "is empty; restore a backup, or remove it to begin anew."),
        (_noise, "does not open with this key: it belongs to another desk, or it is not a database."),
        (_plain, "does not open with this key: it belongs to another desk, or it is not a database."),
    ],
)
def test_what_is_no_desk_of_ours_is_refused_and_left_as_it_is(
    closed: Path, key: bytes, spoil: Callable[[Path, bytes], None], sentence: str
) -> None:
    spoil(closed, key)
    before = _files(closed)

    with pytest.raises(Refused) as refusal:
        Journal(closed, key)

    assert str(refusal.value) == f"{closed / 'desk.db'} {sentence}"
    assert _files(closed) == before


def test_a_wrong_key_leaves_even_a_log_as_it_is(closed: Path, key: bytes, tmp_path: Path) -> None:
    journal = Journal(closed, key)
    with journal.entry("New case") as work:
        work.add(Case(title="Only in the log"))
    shutil.copytree(closed, tmp_path / "killed")
    journal.close()
    before = _files(tmp_path / "killed")

    with pytest.raises(Refused, match="does not open with this key"):
        Journal(tmp_path / "killed", bytes(32))

    after = _files(tmp_path / "killed")
    assert {name: after[name] for name in ("desk.db", "desk.db-wal")} == {
        name: before[name] for name in ("desk.db", "desk.db-wal")
    }


def test_a_desk_is_made_whole_or_not_at_all(tmp_path: Path, key: bytes) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "desk.db.new").write_bytes(b"what a program left that was ended while it made the desk")

    Journal(folder, key).close()

    assert list(_files(folder)) == ["desk.db"]


def test_a_desk_without_its_seed_data_gets_them_when_it_is_opened_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCALATION_DESK_PASSPHRASE", "correct horse")
    desk = open_desk(tmp_path / "desk")
    key = desk.key
    desk.close()
    (tmp_path / "desk" / "desk.db").unlink()
    Journal(tmp_path / "desk", key).close()

    for _time in range(2):
        again = open_desk(tmp_path / "desk")
        with again.writing() as made:
            assert made.execute("SELECT count(*) FROM reason").fetchone()[0] > 50
            assert made.execute("SELECT count(*) FROM entry").fetchone() == (1,)
        again.close()


def _damage(folder: Path, key: bytes, table: str) -> None:
    """Turn one byte of a table on the disk."""
    with closing(connect(folder / "desk.db", key, writes=False)) as made:
        page = made.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    content = bytearray((folder / "desk.db").read_bytes())
    content[(page - 1) * 4096 + 100] ^= 0xFF
    (folder / "desk.db").write_bytes(bytes(content))


def test_damage_inside_is_found_and_told_not_thrown(closed: Path, key: bytes) -> None:
    _damage(closed, key, "change")

    with closing(connect(closed / "desk.db", key, writes=False)) as made:
        assert problems(made)


@pytest.mark.parametrize("table", [None, "change"])
def test_reading_what_is_damaged_is_said_plainly(closed: Path, key: bytes, table: str | None) -> None:
    if table:
        _damage(closed, key, table)
    else:  # All but the first page, which tells whether the key is right.
        content = (closed / "desk.db").read_bytes()
        (closed / "desk.db").write_bytes(content[:4096] + bytes(len(content) - 4096))

    with pytest.raises(Fault, match=r"^The data are damaged: .* restore a backup\.$"):
        _work_on(closed, key)


def _work_on(folder: Path, key: bytes) -> None:
    with closing(Journal(folder, key)) as journal, journal.entry("New") as work:
        work.add(Case(title="x"))


@pytest.mark.parametrize("name", ["OneDrive", "OneDrive - Company", "Dropbox", "Google Drive", "iCloudDrive"])
def test_a_folder_that_is_copied_to_a_cloud_is_refused(tmp_path: Path, key: bytes, name: str) -> None:
    with pytest.raises(Refused, match="is copied to a cloud, which damages databases"):
        Journal(tmp_path / name / "desk", key)

    assert list(tmp_path.iterdir()) == []


@needs_posix
def test_a_link_into_a_cloud_is_refused(tmp_path: Path, key: bytes) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "desk").symlink_to(tmp_path / "Dropbox")

    with pytest.raises(Refused, match="is copied to a cloud"):
        Journal(tmp_path / "desk", key)

    assert _files(tmp_path) == {}


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
//server/share /mnt/team\\040share cifs rw 0 0
server:/home /home/nfs nfs4 rw 0 0
/dev/sdb1 /home/nfs/local ext4 rw 0 0
host /mnt/host virtiofs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "on_the_network"),
    [
        ("/mnt/team share/desk", True),
        ("/home/nfs/lan", True),
        ("/mnt/host", True),
        ("/home/lan/desk", False),
        ("/home/nfs/local/desk", False),
        ("/mnt/hosts", False),
    ],
)
def test_a_folder_on_the_network_is_refused_and_one_on_a_disk_of_this_computer_is_taken(
    folder: str, on_the_network: bool
) -> None:
    said = ""
    try:
        place.refuse_unsafe(Path(folder), MOUNTS)
    except Refused as refused:
        said = str(refused)

    assert ("lies on the network, which damages databases; choose one on this computer" in said) is on_the_network
    assert bool(said) is on_the_network


def test_a_second_window_is_refused_while_the_first_is_open(closed: Path) -> None:
    first = place.Hold(closed)

    with pytest.raises(Refused, match=rf"already open on {re.escape(str(closed))} \(process {os.getpid()}\)\.$"):
        place.Hold(closed)

    first.release()
    place.Hold(closed).release()


def test_a_window_that_was_killed_holds_nothing(closed: Path) -> None:
    program = "\n".join(
        (
            "from pathlib import Path",
            "from escalation_desk.journal.place import Hold",
            f"held = Hold(Path({str(closed)!r}))",
            "print('held', flush=True)",
            "input()",
        )
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], text=True, stdin=pipe, stdout=pipe) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == "held\n"
        with pytest.raises(Refused, match=rf"\(process {window.pid}\)"):
            place.Hold(closed)
        window.kill()

    place.Hold(closed).release()


@needs_posix
def test_only_their_owner_may_look_at_the_data(tmp_path: Path, key: bytes) -> None:
    old = os.umask(0)
    try:
        journal = Journal(tmp_path / "desk", key)
        with journal.entry("New case") as work:
            work.add(Case(title="Refund"))
        rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "desk").iterdir()}
        journal.close()
    finally:
        os.umask(old)

    assert rights == {"desk.db": 0o600, "desk.db-wal": 0o600, "desk.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "desk").stat().st_mode) == 0o700


@needs_posix
def test_a_folder_that_is_somebodys_own_keeps_its_rights(tmp_path: Path, key: bytes) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "letter.txt").write_text("mine", "utf-8")

    Journal(shared, key).close()

    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Give a folder that everybody can reach, unlike those of the tests."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@needs_posix
def test_a_folder_that_may_not_be_written_is_refused_with_a_sentence(open_place: Path, key: bytes) -> None:
    folder = open_place / "desk"
    Journal(folder, key).close()
    folder.chmod(0o555)
    (folder / "desk.db").chmod(0o444)
    before = _files(folder)

    said = _as_nobody(lambda: Journal(folder, key))

    assert said == f"Fault: The folder {folder} cannot be used: Operation not permitted."
    assert _files(folder) == before


@needs_posix
def test_a_new_desk_where_nothing_may_be_made_is_refused_with_a_sentence(open_place: Path, key: bytes) -> None:
    said = _as_nobody(lambda: Journal(open_place / "desk", key))

    assert said == f"Fault: The folder {open_place / 'desk'} cannot be used: Permission denied."
    assert list(open_place.iterdir()) == []


def _as_nobody(act: Callable[[], object]) -> str:
    """Do something in a child with the rights of nobody; say what was refused."""
    if os.getuid() != 0:
        pytest.skip("only root can become nobody")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(NOBODY)
        try:
            act()
            said = "done"
        except Exception as refusal:  # noqa: BLE001 - the parent looks at whatever it was.
            said = f"{type(refusal).__name__}: {refusal}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as told:
        return told.read().decode()
