"""Passwords: argon2id, a few at a time, because each takes 64 MiB and most of a second on purpose."""

from __future__ import annotations

import threading
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

SHORTEST: Final = 10
LONGEST: Final = 1_000
_AT_ONCE: Final = threading.Semaphore(2)


@cache
def _hasher() -> PasswordHasher:
    # One lane: as strong for the same memory, and it leaves the other cores to the desk.
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """Hash a new password; too short a one is refused."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(_("A password has at least {least} characters; choose a longer one.", least=SHORTEST))
    with _AT_ONCE:
        return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Compare a password. Where there is no account it takes as long as where there is one."""
    with _AT_ONCE:
        try:
            _hasher().verify(stored or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")
