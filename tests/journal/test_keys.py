"""The key of the data: in the keyring of the system, or wrapped by a passphrase; never in plain text."""

from __future__ import annotations

import base64
import json
import os
import stat
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked, PasswordSetError

from escalation_desk.casework.refusal import Refused
from escalation_desk.journal import keys
from escalation_desk.journal.desk import passphrase_from_environment
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Drawer(KeyringBackend):
    """A keyring in memory, as the system's is outside of us."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.full = False

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.full:
            raise PasswordSetError("full")
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("the drawer is locked")
        return self.kept.get((service, username))


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """Take the system's keyring away, whatever a test before has left there."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture
def drawer(no_keyring: None) -> Iterator[Drawer]:
    before = keyring.get_keyring()
    made = Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def _nobody_answers(_new: bool) -> str | None:
    return None


def test_without_a_keyring_a_passphrase_wraps_the_key(tmp_path: Path) -> None:
    key = keys.key_for(tmp_path, lambda new: "correct horse" if new else None)

    assert len(key) == 32
    assert keys.key_for(tmp_path, lambda new: None if new else "correct horse") == key
    kept = (tmp_path / "key.json").read_text("utf-8")
    assert json.loads(kept).keys() == {"kept", "salt", "wrapped"}
    for shape in (key.hex(), base64.b64encode(key).decode(), "correct horse"):
        assert shape not in kept
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600


def test_two_desks_with_one_passphrase_have_two_keys(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()

    made = {keys.make_with_passphrase(folder, "correct horse") for folder in folders}

    assert len(made) == 2


def test_a_wrong_passphrase_is_worth_asking_again(tmp_path: Path) -> None:
    key = keys.make_with_passphrase(tmp_path, "correct horse")
    before = (tmp_path / "key.json").read_bytes()

    with pytest.raises(keys.WrongPassphrase, match="That is not the passphrase of this desk; try again"):
        keys.key_for(tmp_path, lambda _new: "correct house")

    assert (tmp_path / "key.json").read_bytes() == before
    assert keys.key_for(tmp_path, lambda _new: "correct horse") == key


def test_a_passphrase_is_the_same_however_the_keyboard_writes_its_accents(tmp_path: Path) -> None:
    key = keys.make_with_passphrase(tmp_path, "tie\u0302\u0301ng Vie\u0323\u0302t")

    assert keys.key_for(tmp_path, lambda _new: "tiếng Việt") == key


def test_with_neither_keyring_nor_passphrase_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        keys.key_for(tmp_path, _nobody_answers)

    assert str(refusal.value) == (
        "This computer has no keyring, so a passphrase protects the data: "
        "set ESCALATION_DESK_PASSPHRASE to it, or open the window, which asks."
    )
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_reads_the_passphrase_from_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawer: Drawer
) -> None:
    monkeypatch.setenv("ESCALATION_DESK_PASSPHRASE", "correct horse")
    key = keys.key_for(tmp_path, passphrase_from_environment)

    assert drawer.kept == {}, "who gives a passphrase wants one"
    assert keys.key_for(tmp_path, lambda _new: "correct horse") == key


def test_a_keyring_keeps_the_key_and_the_folder_only_its_name(tmp_path: Path, drawer: Drawer) -> None:
    key = keys.key_for(tmp_path, _nobody_answers)

    assert keys.key_for(tmp_path, _nobody_answers) == key
    kept = json.loads((tmp_path / "key.json").read_text("utf-8"))
    assert drawer.kept == {("escalation-desk", kept["name"]): base64.b64encode(key).decode()}
    assert kept.keys() == {"kept", "name"}


def test_a_keyring_of_somebody_else_has_no_key_for_the_desk(tmp_path: Path, drawer: Drawer) -> None:
    keys.key_for(tmp_path, _nobody_answers)
    drawer.kept.clear()

    with pytest.raises(Refused, match=r"keyring has no key for .*; sign in as the person who made this desk"):
        keys.key_for(tmp_path, _nobody_answers)


def test_a_keyring_that_stays_locked_is_named(tmp_path: Path, drawer: Drawer) -> None:
    keys.key_for(tmp_path, _nobody_answers)
    drawer.locked = True

    with pytest.raises(Refused, match=r"keyring does not answer \(the drawer is locked\); unlock it and try again"):
        keys.key_for(tmp_path, _nobody_answers)


def test_a_keyring_that_keeps_nothing_gives_way_to_a_passphrase(tmp_path: Path, drawer: Drawer) -> None:
    drawer.full = True

    key = keys.key_for(tmp_path, lambda _new: "correct horse")

    assert keys.key_for(tmp_path, lambda _new: "correct horse") == key


def test_data_whose_key_file_is_missing_get_no_new_key(tmp_path: Path, key: bytes) -> None:
    Journal(tmp_path / "desk", key).close()

    with pytest.raises(Refused, match=r"key\.json is missing, and without it the data do not open; put it back"):
        keys.key_for(tmp_path / "desk", lambda _new: "correct horse")

    assert not (tmp_path / "desk" / "key.json").exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"kept": "pocket"}', '{"kept": "passphrase"}', '{"kept": "keyring"}']
)
def test_a_damaged_key_file_is_refused_and_left(tmp_path: Path, content: str) -> None:
    (tmp_path / "key.json").write_text(content, "utf-8")

    with pytest.raises(Refused, match=r"key\.json is damaged; put a copy of it back"):
        keys.key_for(tmp_path, lambda _new: "correct horse")

    assert (tmp_path / "key.json").read_text("utf-8") == content
