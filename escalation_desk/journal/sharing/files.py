"""Which bytes of attachments are still to be told to the server, and which are wanted here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.journal.connection import transaction

if TYPE_CHECKING:
    from escalation_desk.journal.connection import Connection

WANT: Final = (
    "INSERT INTO blob_state (sha256, sent, used_at) VALUES (?, 1, ?) "
    "ON CONFLICT (sha256) DO UPDATE SET used_at = excluded.used_at"
)
"""Says that somebody opens an attachment: (sha256, now). What is not here is fetched, what is here stays longer."""


class File(NamedTuple):
    """The bytes of an attachment, and the attachment that speaks of them."""

    sha256: str
    size: int
    attachment: str


_UNSENT: Final = """
SELECT a.sha256, length(b.bytes), a.id FROM attachment a JOIN blob b ON b.sha256 = a.sha256
JOIN base s ON s.record = a.id AND NOT s.deleted LEFT JOIN blob_state t ON t.sha256 = a.sha256
WHERE a.deleted_at IS NULL AND ifnull(t.sent, 0) = 0 GROUP BY a.sha256
"""
# Bytes that somebody asked for come first, then those of what I work on; large ones only when they are asked for.
_WANTED: Final = """
SELECT a.sha256, a.size, a.id FROM attachment a LEFT JOIN blob_state t ON t.sha256 = a.sha256
LEFT JOIN "case" c ON c.id = a."case"
WHERE a.deleted_at IS NULL AND EXISTS (SELECT 1 FROM base s WHERE s.record = a.id)
AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = a.sha256)
AND (t.used_at IS NOT NULL OR (c.live AND c.owner = (SELECT profile FROM workstation) AND a.size <= :most))
GROUP BY a.sha256 ORDER BY t.used_at IS NULL, t.used_at DESC, a.seq DESC LIMIT 100
"""
_OLDEST: Final = """
SELECT b.sha256, length(b.bytes) FROM blob b JOIN blob_state t ON t.sha256 = b.sha256 WHERE t.sent = 1
AND NOT EXISTS (SELECT 1 FROM attachment a JOIN "case" c ON c.id = a."case" WHERE a.sha256 = b.sha256 AND c.live
    AND c.owner = (SELECT profile FROM workstation)) ORDER BY ifnull(t.used_at, '')
"""


def unsent(made: Connection) -> list[File]:
    """List bytes that are here and that the server may not have; their record is there already."""
    return [File(*row) for row in made.execute(_UNSENT)]


def wanted(made: Connection, most: int) -> list[File]:
    """List bytes that are to be fetched."""
    return [File(*row) for row in made.execute(_WANTED, {"most": most})]


def read(made: Connection, sha256: str) -> bytes:
    row = made.execute("SELECT bytes FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    return bytes(row[0])


def mark_sent(made: Connection, sha256: str) -> None:
    with transaction(made):
        made.execute(
            "INSERT INTO blob_state (sha256, sent) VALUES (?, 1) ON CONFLICT (sha256) DO UPDATE SET sent = 1", (sha256,)
        )


def keep(made: Connection, sha256: str, content: bytes, now: str) -> None:
    """Keep bytes that came from the server."""
    with transaction(made):
        made.execute("INSERT OR IGNORE INTO blob (sha256, bytes) VALUES (?, ?)", (sha256, content))
        made.execute(WANT, (sha256, now))


def make_room(made: Connection, most: int) -> None:
    """Let go of the bytes that nobody has looked at for longest, where there are too many; the server has them."""
    (held,) = made.execute("SELECT ifnull(sum(length(bytes)), 0) FROM blob").fetchone()
    for sha256, size in made.execute(_OLDEST).fetchall() if held > most else ():
        if held <= most:
            return
        with transaction(made):
            made.execute("DELETE FROM blob WHERE sha256 = ?", (sha256,))
            made.execute("UPDATE blob_state SET used_at = NULL WHERE sha256 = ?", (sha256,))
        held -= size
