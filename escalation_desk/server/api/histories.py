"""The history of one record, for workstations that did not get it with the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.casework.scopes import is_restricted
from escalation_desk.server.api.bodies import Problem
from escalation_desk.server.auditing import note
from escalation_desk.server.pulling import entries_json

if TYPE_CHECKING:
    from escalation_desk.server.database import Database
    from escalation_desk.server.sessions import Signed


def history(database: Database, who: Signed, record: str) -> bytes:
    """Give every entry that changed a record, with what it did to that record, the oldest first."""
    with database.writing(granted(database, who), who.client) as cursor:
        row = cursor.execute(b"SELECT scope FROM record WHERE id = %s", (record,)).fetchone()
        if row is None or not who.rights.reads(row[0]):
            raise Problem(404, "not_there", "There is no such record, or it is not yours to see.")
        if is_restricted(row[0]):
            note(cursor, "history of a restricted record read", record, account=who.account, client=who.client)
        found = cursor.execute(
            b"SELECT m.entry::text, m.title, m.places::text, m.kind, m.at, m.actor::text, c.client::text, c.kind,"
            b" c.record::text, c.patch::text FROM change c JOIN mutation m ON m.client = c.client AND m.mid = c.mid"
            b" WHERE c.record = %s ORDER BY c.received_at, c.ver, c.client, c.mid, c.place",
            (record,),
        ).fetchall()
    return f'{{"entries":[{",".join(entries_json(found))}]}}'.encode()


def granted(database: Database, who: Signed) -> list[str]:
    """List the scopes that somebody may see, among those that there are."""
    with database.reading() as cursor:
        return list(who.rights.among(row[0] for row in cursor.execute(b"SELECT scope FROM scope_clock")))
