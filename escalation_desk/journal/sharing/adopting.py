"""Makes the person at this workstation the one whom a server knows: everywhere, before anything was ever told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.scopes import REFERENCE
from escalation_desk.i18n import _
from escalation_desk.journal.leading import SERVER
from escalation_desk.journal.sharing import outbox
from escalation_desk.journal.sharing.laying import Sheet, lay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where this desk belongs to."""

    url: str
    login: str
    account: str


def belonging(made: Connection) -> Belonging | None:
    """Say which server this desk belongs to; None where it is one person's own."""
    row = made.execute("SELECT value FROM setting WHERE name = ?", (SERVER,)).fetchone()
    return Belonging(**json.loads(row[0])) if row else None


def refuse_other(made: Connection, url: str, login: str) -> None:
    """Refuse a sign-in that would mix two desks, or let one person tell what another one has typed."""
    known = belonging(made)
    if known is None:
        return
    if known.url != url and made.execute("SELECT 1 FROM base LIMIT 1").fetchone():
        raise Refused(
            _("This desk belongs to {url}; choose another folder for another server (--data).", url=known.url)
        )
    if known.login.casefold() != login.casefold() and outbox.count_waiting(made):
        raise Refused(
            _("What {name} has typed here still waits for the server; sign in as {name} first.", name=known.login)
        )


def adopt(journal: Journal, to: Belonging, person: Mapping[str, Any], scopes: Mapping[str, str]) -> None:
    """Write down whom the server knows, make that person the one who works here, and begin to read the scopes."""
    now = journal.now()
    with journal.short() as made:
        (old,) = made.execute("SELECT profile FROM workstation").fetchone()
        if old and old != to.account and belonging(made) is None:
            _rename(made, old, to.account)
        _know(made, to.account)
        data = {name: value for name, value in person.items() if value is not None}
        lay(made, User.kind, [Sheet(to.account, data, False, {})], now)
        made.execute("UPDATE workstation SET profile = ?", (to.account,))
        said = json.dumps({"url": to.url, "login": to.login, "account": to.account})
        made.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (SERVER, said))
        made.executemany(
            "INSERT INTO cursor (scope, epoch, seq, role) VALUES (?, '', 0, ?) ON CONFLICT (scope) "
            "DO UPDATE SET role = excluded.role",
            list(scopes.items()),
        )
        # The server knows who works here; it is not told.
        made.execute(
            "UPDATE entry SET acknowledged_at = at WHERE acknowledged_at IS NULL AND kind = 'fact' AND mid IS NULL "
            "AND number IN (SELECT entry FROM change WHERE record = ? AND op = 'create')",
            (to.account,),
        )
    journal.tell(frozenset({("*", "*")}))


def _know(made: Connection, account: str) -> None:
    """Note that the server has this person; what it has comes with the first pull."""
    made.execute(
        "INSERT OR IGNORE INTO base (record, kind, scope, seq, version, deleted) VALUES (?, 'user', ?, -1, 0, 0)",
        (account, REFERENCE),
    )


def _rename(made: Connection, old: str, new: str) -> None:
    for kind in KINDS:
        names = _naming(kind)
        made.execute(
            f'UPDATE "{kind}" SET {", ".join(f"{n} = replace({n}, :old, :new)" for n in names)} '  # noqa: S608 - declared names.
            f"WHERE {' OR '.join(f'instr({n}, :old)' for n in names)}",
            {"old": old, "new": new},
        )
    for table, columns in _TABLES.items():
        made.execute(
            f"UPDATE {table} SET {', '.join(f'{c} = replace({c}, :old, :new)' for c in columns)} "  # noqa: S608 - constants.
            f"WHERE {' OR '.join(f'instr({c}, :old)' for c in columns)}",
            {"old": old, "new": new},
        )


_TABLES: Final = {
    "entry": ("by",),
    "change": ("record", '"before"', '"after"'),
    "natural_key": ("record",),
    "seen": ("record",),
    "setting": ("value",),
}


def _naming(kind: str) -> list[str]:
    """List the columns in which the id of a person can stand."""
    own = ["id"] if kind == User.kind else []
    fields = [f.name for f in fields_of(KINDS[kind]) if f.declared.refers_to == User.kind or f.kind is Kind.DATA]
    return [f'"{name}"' for name in [*own, "created_by", "updated_by", *fields]]
