"""Who has which case open: soft, forgotten after three quarters of a minute, never a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.server.api.histories import granted

if TYPE_CHECKING:
    from escalation_desk.server.database import Database
    from escalation_desk.server.sessions import Signed


def tell(database: Database, who: Signed, case: str | None) -> dict[str, list[str]]:
    """Note which case is open here, and list who else has which of the cases that may be seen."""
    scopes = granted(database, who)
    with database.writing(scopes, who.client) as cursor:
        if case is not None:
            cursor.execute(
                b'INSERT INTO presence (client, account, "case", at) SELECT %s, %s, id, now() FROM record'
                b" WHERE id = %s AND kind = 'case' AND NOT deleted AND scope = ANY(%s)"
                b' ON CONFLICT (client) DO UPDATE SET "case" = excluded."case", at = now(), account = excluded.account',
                (who.client, who.account, case, scopes),
            )
        else:
            cursor.execute(b"DELETE FROM presence WHERE client = %s", (who.client,))
        found = cursor.execute(
            b"SELECT p.\"case\"::text, u.data ->> 'full_name' FROM presence p JOIN record u ON u.id = p.account"
            b' JOIN record c ON c.id = p."case" AND c.scope = ANY(%s)'
            b" WHERE p.at > now() - interval '45 seconds' AND p.client <> %s ORDER BY p.at",
            (scopes, who.client),
        ).fetchall()
    present: dict[str, list[str]] = {}
    for one, name in found:
        names = present.setdefault(one, [])
        if name not in names:
            names.append(name)
    return present
