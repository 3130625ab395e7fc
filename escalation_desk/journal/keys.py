"""The key of the database: random, kept in the system's keyring; where there is none, wrapped by a passphrase.

It never lies in plain text beside the data.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _
from escalation_desk.journal import place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE = "key.json"
PASSPHRASE_VARIABLE = "ESCALATION_DESK_PASSPHRASE"  # noqa: S105 - the name of a variable, no secret.
_SERVICE = "escalation-desk"
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024}


class WrongPassphrase(Refused):
    """Worth asking again."""


def key_for(folder: Path, ask_passphrase: Callable[[bool], str | None]) -> bytes:
    """Fetch the key of the desk in this folder; a folder without one gets a new key.

    `ask_passphrase(new)` is called where no keyring holds the key; None means that nobody answered.
    """
    kept = folder / FILE
    if kept.exists():
        return _fetch(_read(kept), folder, ask_passphrase)
    if (folder / place.DATABASE).exists():
        raise Refused(_("{path} is missing, and without it the data do not open; put it back.", path=kept))
    return _make(folder, ask_passphrase)


def _read(kept: Path) -> dict[str, Any]:
    try:
        said = json.loads(kept.read_text("utf-8"))
        known = {"passphrase": {"salt", "wrapped"}, "keyring": {"name"}}[said["kept"]] <= said.keys()
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(_("{path} is damaged; put a copy of it back.", path=kept)) from error
    if not known:
        raise Refused(_("{path} is damaged; put a copy of it back.", path=kept))
    return said  # type: ignore[no-any-return]


def make_with_passphrase(folder: Path, passphrase: str) -> bytes:
    """Make a key for a new desk and wrap it, without looking for a keyring."""
    key = secrets.token_bytes(32)
    _write(folder, _wrapped(key, passphrase))
    return key


def _make(folder: Path, ask_passphrase: Callable[[bool], str | None]) -> bytes:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    ring = None if given else _keyring()
    key, name = secrets.token_bytes(32), secrets.token_hex(8)
    if ring is None or not _put(ring, name, key):
        return make_with_passphrase(folder, _given(ask_passphrase(True)))
    _write(folder, {"kept": "keyring", "name": name})
    return key


def keep_secret(name: str, secret: str) -> bool:
    """Keep some other secret of the desk in the keyring. False where there is none that keeps it."""
    ring = None if os.environ.get(PASSPHRASE_VARIABLE) else _keyring()
    return ring is not None and _put_secret(ring, name, secret)


def secret_of(name: str) -> str | None:
    ring = _keyring()
    return _secret(ring, name) if ring else None


def forget_secret(name: str) -> None:
    from keyring.errors import KeyringError  # as _keyring.

    ring = _keyring()
    if ring is not None:
        with suppress(KeyringError):  # It is not there, or the keyring is locked: the server does not take it any more.
            ring.delete_password(_SERVICE, name)


def _put(ring: Any, name: str, key: bytes) -> bool:
    """Put the key into the keyring. False where it does not keep it: a passphrase does then."""
    return _put_secret(ring, name, base64.b64encode(key).decode())


def _put_secret(ring: Any, name: str, secret: str) -> bool:
    from keyring.errors import KeyringError  # as _keyring.

    try:
        ring.set_password(_SERVICE, name, secret)
        return bool(ring.get_password(_SERVICE, name) == secret)
    except KeyringError:
        return False


def _fetch(kept: dict[str, Any], folder: Path, ask_passphrase: Callable[[bool], str | None]) -> bytes:
    if kept["kept"] == "passphrase":
        return _unwrapped(kept, _given(ask_passphrase(False)))
    ring = _keyring()
    secret = _secret(ring, kept["name"]) if ring else None
    if secret is None:
        raise Refused(
            _("The system's keyring has no key for {folder}; sign in as the person who made this desk.", folder=folder)
        )
    return base64.b64decode(secret)


def _secret(ring: Any, name: str) -> str | None:
    from keyring.errors import KeyringError  # as _keyring.

    try:
        secret = ring.get_password(_SERVICE, name)
    except KeyringError as error:
        raise Refused(
            _("The system's keyring does not answer ({error}); unlock it and try again.", error=error)
        ) from error
    return secret  # type: ignore[no-any-return]


def _given(passphrase: str | None) -> str:
    if not passphrase:
        raise Refused(
            _(
                "This computer has no keyring, so a passphrase protects the data: "
                "set {variable} to it, or open the window, which asks.",
                variable=PASSPHRASE_VARIABLE,
            )
        )
    return passphrase


def _keyring() -> Any | None:
    # Loaded late: the keyring looks for its services over D-Bus, and a desk with a passphrase never needs it.
    import keyring
    from keyring.backends import fail

    ring = keyring.get_keyring()
    return None if isinstance(ring, fail.Keyring) or ring.priority <= 0 else ring


def _wrapped(key: bytes, passphrase: str) -> dict[str, Any]:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap  # as _keyring: only with a passphrase.

    salt = secrets.token_bytes(16)
    lock = _stretched(passphrase, salt)
    return {"kept": "passphrase", "salt": salt.hex(), "wrapped": aes_key_wrap(lock, key).hex()}


def _unwrapped(kept: dict[str, Any], passphrase: str) -> bytes:
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap  # as _wrapped.

    lock = _stretched(passphrase, bytes.fromhex(kept["salt"]))
    try:
        return aes_key_unwrap(lock, bytes.fromhex(kept["wrapped"]))
    except InvalidUnwrap as error:
        raise WrongPassphrase(_("That is not the passphrase of this desk; try again. Nothing was changed.")) from error


def _stretched(passphrase: str, salt: bytes) -> bytes:
    """Make a passphrase costly to guess. Keyboards write `ế` in two ways, which are the same passphrase."""
    written = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(written, salt=salt, dklen=32, **_SCRYPT)


def _write(folder: Path, content: dict[str, Any]) -> None:
    temporary = folder / f"{FILE}.new"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file)
    place.settle(temporary, folder / FILE)
