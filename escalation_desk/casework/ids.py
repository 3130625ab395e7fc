"""Identities made on the workstation: UUIDv7 for records, UUIDv5 for data that every workstation is born with."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_BORN_WITH = "6f1d6f0e-9c53-5d0a-9a57-0e5c41a7de5c"


def new_id(now: datetime) -> str:
    """Make a UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then randomness; sorts by time of making."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def new_prefix() -> str:
    """Make the letters with which the numbers of a desk's cases begin, so that no two desks make the same number."""
    return "".join(secrets.choice("ACDEFGHJKLMNPQRTUVWXY34679") for _letter in range(4))


def seed_id(kind: str, code: str) -> str:
    """Name a record that every workstation is born with, so that two of them never hold it twice."""
    import uuid  # It asks after the computer it runs on, which takes longer than opening the desk needs.

    return str(uuid.uuid5(uuid.UUID(_BORN_WITH), f"{kind}:{code}"))
