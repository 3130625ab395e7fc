"""Slows down whoever guesses passwords, for each address and each login, and never for longer than a minute.

What was refused for coming too early does not count, so nobody can keep somebody else out for good by trying on; and a
workstation that has signed in to the account before is not held up by what others do to its login.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.server.database import Cursor

FREE: Final = 10
"""Failures before the first wait."""
LONGEST_WAIT: Final = timedelta(minutes=1)
_FORGOTTEN_AFTER: Final = timedelta(minutes=15)


def keys(address: str, login: str, *, known: bool) -> list[str]:
    """Name what is counted; hashed, because a log of who mistyped where is nobody's business."""
    said = [f"address {address}"] if known else [f"address {address}", f"login {login.casefold()}"]
    return [hashlib.sha256(one.encode(errors="replace")).hexdigest() for one in said]


def wait(cursor: Cursor, counted: Sequence[str]) -> float:
    """Tell how many seconds to wait before the next attempt is looked at; and count this one as if it fails.

    Counted before it is looked at, or a thousand at once would all be looked at; a success forgets it again.
    """
    now = datetime.now(UTC)
    rows = cursor.execute(
        b"SELECT failures, last_at FROM attempt WHERE key = ANY(%s) ORDER BY key FOR UPDATE", (list(counted),)
    ).fetchall()
    left = max((_until(failures, last) - now for failures, last in rows), default=timedelta())
    if left > timedelta():
        return left.total_seconds()
    cursor.execute(
        b"INSERT INTO attempt (key, failures, since, last_at) SELECT key, 1, %s, %s FROM unnest(%s::text[]) AS u(key)"
        b" ORDER BY key ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at,"
        b" failures = CASE WHEN attempt.last_at < %s THEN 1 ELSE attempt.failures + 1 END",
        (now, now, list(counted), now - _FORGOTTEN_AFTER),
    )
    return 0


def _until(failures: int, last: datetime) -> datetime:
    if failures < FREE:
        return last
    return last + min(LONGEST_WAIT, timedelta(seconds=2.0 ** min(failures - FREE, 10)))


def forget(cursor: Cursor, counted: Sequence[str]) -> None:
    cursor.execute(b"DELETE FROM attempt WHERE key = ANY(%s)", (list(counted),))
