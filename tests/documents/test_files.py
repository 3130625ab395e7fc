"""A file is swapped in whole, private, and where a fault happens the old one stays."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from typing import IO, TYPE_CHECKING

import pytest

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.documents.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="rights and links of POSIX")


def put(stream: IO[bytes], content: bytes) -> None:
    stream.write(content)


def test_a_new_file_has_the_content_and_tells_its_hash(tmp_path: Path) -> None:
    target = tmp_path / "Hồ sơ.docx"

    digest = replace_file(target, lambda stream: put(stream, b"new"))

    assert target.read_bytes() == b"new"
    assert digest == hashlib.sha256(b"new").hexdigest()
    assert list(tmp_path.iterdir()) == [target]


@posix_only
def test_the_file_is_private_even_where_an_open_one_stood(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o666)

    replace_file(target, lambda stream: put(stream, b"new"))

    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@posix_only
def test_a_link_at_the_target_is_replaced_and_what_it_pointed_to_stays(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    target = tmp_path / "list.xlsx"
    target.symlink_to(victim)

    replace_file(target, lambda stream: put(stream, b"new"))

    assert victim.read_bytes() == b"precious"
    assert not target.is_symlink()
    assert target.read_bytes() == b"new"


def test_an_error_while_writing_leaves_the_old_file_and_no_crumbs(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    target.write_bytes(b"old")

    def broken(stream: IO[bytes]) -> None:
        stream.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        replace_file(target, broken)

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@posix_only
@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "list.xlsx"
    target.write_bytes(b"old")

    with pytest.raises(Fault, match=r"The disk is full, so list\.xlsx was not written"):
        replace_file(target, lambda stream: put(stream, b"x" * 100_000))

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_does_not_exist_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"There is no folder .*nowhere"):
        replace_file(tmp_path / "nowhere" / "list.xlsx", lambda stream: put(stream, b""))


def test_a_folder_as_the_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a folder"):
        replace_file(tmp_path, lambda stream: put(stream, b""))


@posix_only
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(Fault, match="may not be written there"):
        replace_file(tmp_path / "list.xlsx", lambda stream: put(stream, b""))
