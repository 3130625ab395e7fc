"""The bytes of attachments, under their SHA-256 in a folder: resumable, checked, given only with their record.

To know a hash is no right. An attachment's record in a scope that is granted is, and it comes before its bytes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.scopes import is_restricted
from escalation_desk.server.api.bodies import Problem
from escalation_desk.server.api.histories import granted
from escalation_desk.server.auditing import note

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from escalation_desk.server.database import Database
    from escalation_desk.server.sessions import Signed

MOST: Final = 200_000_000
_NAME: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Blob:
    """Where the bytes of an attachment are, or will be, for somebody who may have them."""

    sha256: str
    whole: Path
    partly: Path
    size: int
    may_write: bool

    @property
    def there(self) -> int:
        """Count the bytes that have come so far."""
        for path in (self.whole, self.partly):
            if path.exists():
                return path.stat().st_size
        return 0


def find(database: Database, folder: Path, who: Signed, sha256: str) -> Blob:
    """Find the blob of an attachment that may be seen."""
    if not _NAME.fullmatch(sha256):
        raise Problem(400, "malformed", "A blob is named by the SHA-256 of its bytes.")
    with database.writing(granted(database, who), who.client) as cursor:
        found = cursor.execute(
            b"SELECT scope, data ->> 'size' FROM record"
            b" WHERE kind = 'attachment' AND data ->> 'sha256' = %s AND NOT deleted ORDER BY scope",
            (sha256,),
        ).fetchall()
        found = [(scope, size) for scope, size in found if who.rights.reads(scope)]
        if not found:
            raise Problem(404, "not_there", "There is no such attachment, or it is not yours to see.")
        if all(is_restricted(scope) for scope, _size in found):
            note(cursor, "attachment of a restricted case asked for", sha256, account=who.account, client=who.client)
    place = folder / "blobs" / sha256[:2]
    return Blob(
        sha256,
        place / sha256,
        folder / "arriving" / f"{sha256}.{who.client}",
        max(int(size or 0) for _scope, size in found),
        any(who.rights.writes(scope) for scope, _size in found),
    )


async def receive(blob: Blob, offset: int, pieces: AsyncIterator[bytes]) -> int:
    """Take more bytes, from where the last ones ended; answer how many there are now."""
    if not blob.may_write:
        raise Problem(403, "not_yours", "You may read this case, not add to it.")
    if blob.whole.exists():
        return blob.size
    if offset != blob.there:
        raise Problem(409, "offset", "Go on where the last bytes ended.", offset=blob.there)
    blob.partly.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = offset
    with blob.partly.open("ab") as file:
        async for piece in pieces:
            size += len(piece)
            if size > min(blob.size, MOST):
                file.truncate(offset)
                raise Problem(413, "too_large", "There are more bytes than the attachment has.")
            file.write(piece)
    return size


def settle(database: Database, blob: Blob) -> None:
    """Check what has come, and keep it under its name."""
    with blob.partly.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != blob.sha256:
        blob.partly.unlink()
        raise Problem(422, "damaged", "These are other bytes than the attachment's; send them again.")
    blob.whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    blob.partly.replace(blob.whole)
    with database.writing() as cursor:
        cursor.execute(
            b"INSERT INTO blob (sha256, size) VALUES (%s, %s) ON CONFLICT DO NOTHING", (blob.sha256, blob.size)
        )
