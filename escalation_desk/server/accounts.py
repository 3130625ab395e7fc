"""Accounts, scopes and teams, as an administrator makes them; the records that go with them go through the feed."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import Market
from escalation_desk.casework.choices import Role as DeskRole
from escalation_desk.casework.fields import instant_text, whole
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.people import Team, User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.scopes import REFERENCE, RESTRICTED
from escalation_desk.i18n import N_, _
from escalation_desk.journal import seed
from escalation_desk.server import passwords
from escalation_desk.server.auditing import note
from escalation_desk.server.rights import EVERYTHING, OWN, Rights, ScopeRole
from escalation_desk.server.sessions import revoke_account, revoke_device
from escalation_desk.server.taking.pushing import Sender, push
from escalation_desk.sync.messages import REFUSED, Change, Mutation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from escalation_desk.casework.records import Record
    from escalation_desk.server.database import Cursor, Database

SERVER: Final = "2d3a1c6e-5b0e-5d0c-9c55-6d1a7f0c2b11"
"""The server as an author of entries: its account and its workstation."""
_LOGIN: Final = re.compile(r"[\w.@+-]{1,80}")
_SCOPE: Final = re.compile(r"(?P<market>[A-Za-z]+)(/(?P<team>[A-Za-z0-9_.-]{1,60}))?(!restricted)?")
_PATTERN: Final = re.compile(r"\*|[A-Za-z]+/\*")
_DESK_ROLES: Final = {
    ScopeRole.LEAD: DeskRole.LEAD,
    ScopeRole.ADMIN: DeskRole.ADMIN,
    ScopeRole.VIEWER: DeskRole.VIEWER,
    ScopeRole.AUDITOR: DeskRole.VIEWER,
}


def add_user(
    database: Database, login: str, stored: str, role: ScopeRole, scopes: Sequence[str], *, full_name: str = ""
) -> str:
    """Make an account, with the hash of its password, and its person, unless an import has named them already."""
    if not _LOGIN.fullmatch(login):
        raise Refused(_("A login is made of letters, digits and . _ @ + - only; choose another one."))
    if not scopes:
        raise Refused(_("Say which scopes the account is for, for example --scope VN/t2."))
    for scope in scopes:
        add_scope(database, scope)
    person = _known_person(database, login)
    account = person or new_id(datetime.now(UTC))
    with database.writing() as cursor:
        if cursor.execute(b"SELECT 1 FROM account WHERE lower(login) = lower(%s)", (login,)).fetchone():
            raise Refused(_("The login “{login}” is taken; use another one, or reset its password.", login=login))
        cursor.execute(b"INSERT INTO account (id, login, password) VALUES (%s, %s, %s)", (account, login, stored))
        _grant(cursor, account, role, scopes)
        _begin_scopes(cursor, [f"{OWN}{account}"])
        note(cursor, "account made", account=account)
    if person is None:
        made = _person(database, account, login, role, scopes, full_name or login)
        write_as_server(database, N_("Account of {name}"), {"name": made.full_name}, [made])
    return account


def _person(
    database: Database, account: str, login: str, role: ScopeRole, scopes: Sequence[str], full_name: str
) -> User:
    return User(
        id=account,
        full_name=full_name,
        login=login,
        roles=frozenset({_DESK_ROLES.get(role, DeskRole.SPECIALIST)}),
        market=next((_market(scope) for scope in scopes if scope != EVERYTHING), Market.VN),
        team=_team_of(database, scopes),
    )


def grant(database: Database, login: str, role: ScopeRole, scopes: Sequence[str]) -> None:
    """Give an account another role or more scopes."""
    for scope in scopes:
        add_scope(database, scope)
    with database.writing() as cursor:
        account = _account(cursor, login)
        _grant(cursor, account, role, scopes)
        note(cursor, "rights given", f"{role} {' '.join(scopes)}", account=account)


def withdraw(database: Database, login: str, scopes: Sequence[str]) -> None:
    with database.writing() as cursor:
        account = _account(cursor, login)
        cursor.execute(b"DELETE FROM membership WHERE account = %s AND scope = ANY(%s)", (account, list(scopes)))
        note(cursor, "rights withdrawn", " ".join(scopes), account=account)


def disable_user(database: Database, login: str) -> None:
    with database.writing() as cursor:
        account = _account(cursor, login)
        cursor.execute(b"UPDATE account SET disabled_at = now() WHERE id = %s", (account,))
        revoke_account(cursor, account)
        note(cursor, "account disabled", account=account)


def reset_password(database: Database, login: str, password: str) -> None:
    """Give a new password; every workstation has to sign in again. A disabled account is enabled."""
    stored = passwords.hashed(password)
    with database.writing() as cursor:
        account = _account(cursor, login)
        cursor.execute(b"UPDATE account SET password = %s, disabled_at = NULL WHERE id = %s", (stored, account))
        revoke_account(cursor, account)
        note(cursor, "password reset", account=account)


def add_scope(database: Database, scope: str) -> bool:
    """Make a scope that can be given to people, with the team it is named after; False where it was there."""
    if _PATTERN.fullmatch(scope):
        return False
    found = _SCOPE.fullmatch(scope)
    if (
        found is None
        or found["market"] not in {market.value for market in Market}
        or (scope.endswith(RESTRICTED) and not found["team"])
    ):
        raise Refused(
            _(
                "“{scope}” is no scope; write for example VN/t2, VN/t2!restricted, VN, or the patterns VN/* and *.",
                scope=scope,
            )
        )
    with database.writing() as cursor:
        there = cursor.execute(b"SELECT 1 FROM scope_clock WHERE scope = %s", (scope,)).fetchone()
        _begin_scopes(cursor, [scope, found["market"], REFERENCE])
    if found["team"] and _team(database, found["market"], found["team"]) is None:
        team = Team(
            id=str(uuid.uuid5(uuid.UUID(SERVER), f"team:{found['market']}/{found['team']}")),
            title=f"{found['market']} {found['team']}",
            market=Market(found["market"]),  # type: ignore[call-arg]  # looks a member up
            code=found["team"],
        )
        write_as_server(database, N_("Team {name}"), {"name": team.title}, [team])
    return not there


def write_as_server(database: Database, title: str, places: dict[str, str], records: Iterable[Record]) -> None:
    """Write records as an entry of the server, the way that everything comes into the feed."""
    now = instant_text(datetime.now(UTC))
    with database.writing() as cursor:
        cursor.execute(
            b"INSERT INTO client (id, account, device) VALUES (%s, %s, 'server') ON CONFLICT DO NOTHING",
            (SERVER, SERVER),
        )
        row = cursor.execute(b"SELECT last_mid FROM client WHERE id = %s", (SERVER,)).fetchone()
    changes = tuple(Change(one.kind, one.id, "create", None, None, dict(whole(one))) for one in records)
    entry = new_id(datetime.now(UTC))
    mutation = Mutation((row[0] if row else 0) + 1, entry, title, places, "fact", now, changes)
    rights = Rights(SERVER, Market.VN.value, {EVERYTHING: ScopeRole.ADMIN})
    done = push(database, Sender(SERVER, rights), [mutation.as_json()])
    for outcome in done.outcomes:
        if outcome.state == REFUSED:
            raise Refused(_(outcome.why, **outcome.places))


def plant(database: Database) -> None:
    """Write what every desk is born with, as far as it is not there yet."""
    born_with = seed.records()
    with database.reading([REFERENCE]) as cursor:
        there = {
            row[0]
            for row in cursor.execute(
                b"SELECT id::text FROM record WHERE id = ANY(%s)", ([one.id for one in born_with],)
            )
        }
    new = [one for one in born_with if one.id not in there]
    if new:
        write_as_server(database, N_("Set up the desk"), {}, new)


def all_users(cursor: Cursor) -> list[dict[str, Any]]:
    found = cursor.execute(
        b"SELECT a.login, a.disabled_at IS NOT NULL, m.role, m.scope FROM account a"
        b" LEFT JOIN membership m ON m.account = a.id ORDER BY a.login, m.scope"
    ).fetchall()
    users: dict[str, dict[str, Any]] = {}
    for login, disabled, role, scope in found:
        one = users.setdefault(login, {"login": login, "disabled": disabled, "scopes": {}})
        if scope:
            one["scopes"][scope] = role
    return list(users.values())


def all_devices(cursor: Cursor) -> list[dict[str, Any]]:
    found = cursor.execute(
        b"SELECT c.id::text, a.login, c.device, c.seen_at, c.last_mid, c.schema, c.revoked_at IS NOT NULL"
        b" FROM client c JOIN account a ON a.id = c.account ORDER BY a.login, c.made_at"
    ).fetchall()
    names = ("id", "login", "device", "seen", "entries", "schema", "revoked")
    return [dict(zip(names, (*row[:3], row[3] and instant_text(row[3]), *row[4:]), strict=True)) for row in found]


def revoke(database: Database, device: str) -> None:
    """Shut a workstation out; it hears of it within half a minute."""
    with database.writing() as cursor:
        row = cursor.execute(b"SELECT account::text FROM client WHERE id::text = %s", (device,)).fetchone()
        if row is None or device == SERVER:
            raise Refused(_("There is no workstation {device}; “server device list” names them.", device=device))
        revoke_device(cursor, device)
        note(cursor, "workstation shut out", device, account=row[0])


def _grant(cursor: Cursor, account: str, role: ScopeRole, scopes: Iterable[str]) -> None:
    for scope in scopes:
        cursor.execute(
            b"INSERT INTO membership (account, scope, role) VALUES (%s, %s, %s)"
            b" ON CONFLICT (account, scope) DO UPDATE SET role = excluded.role, until = NULL",
            (account, scope, role.value),
        )


def _begin_scopes(cursor: Cursor, scopes: Iterable[str]) -> None:
    for scope in scopes:
        cursor.execute(b"INSERT INTO scope_clock (scope) VALUES (%s) ON CONFLICT DO NOTHING", (scope,))


def _account(cursor: Cursor, login: str) -> str:
    row = cursor.execute(b"SELECT id::text FROM account WHERE lower(login) = lower(%s)", (login,)).fetchone()
    if row is None:
        raise Refused(_("There is no account “{login}”.", login=login))
    return str(row[0])


def _known_person(database: Database, login: str) -> str | None:
    """Find the person whom an import named already, so that the account becomes theirs."""
    with database.reading([REFERENCE]) as cursor:
        row = cursor.execute(
            b"SELECT record::text FROM natural_key WHERE kind = 'user' AND key = %s ORDER BY 1 LIMIT 1", (login,)
        ).fetchone()
    return row[0] if row else None


def _team(database: Database, market: str, code: str) -> str | None:
    with database.reading([REFERENCE]) as cursor:
        row = cursor.execute(
            b"SELECT id::text FROM record WHERE kind = 'team' AND NOT deleted"
            b" AND data ->> 'code' = %s AND data ->> 'market' = %s ORDER BY id LIMIT 1",
            (code, market),
        ).fetchone()
    return row[0] if row else None


def _team_of(database: Database, scopes: Iterable[str]) -> str | None:
    for scope in scopes:
        found = _SCOPE.fullmatch(scope)
        if found and found["team"]:
            return _team(database, found["market"], found["team"])
    return None


def _market(scope: str) -> Market:
    code = scope.split("/", maxsplit=1)[0].removesuffix(RESTRICTED)
    return next((market for market in Market if market.value == code), Market.VN)
