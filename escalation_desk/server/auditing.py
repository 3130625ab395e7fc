"""Notes who signed in, read what is restricted, took data away: who and what, never what was in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from escalation_desk.server.database import Cursor


def note(cursor: Cursor, what: str, about: str = "", *, account: str | None = None, client: str | None = None) -> None:
    cursor.execute(
        b"INSERT INTO audit (account, client, what, about) VALUES (%s, %s, %s, %s)", (account, client, what, about)
    )
