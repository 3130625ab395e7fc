"""Signing in and staying so: opaque tokens, kept only as their SHA-256, bound to a workstation (sync.md §5.8)."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.choices import Market
from escalation_desk.server import limits, passwords
from escalation_desk.server.auditing import note
from escalation_desk.server.rights import Rights, ScopeRole

if TYPE_CHECKING:
    from escalation_desk.server.database import Cursor, Database

ACCESS: Final = timedelta(minutes=15)
REFRESH: Final = timedelta(days=60)
_REMEMBERED: Final = 10.0
"""Seconds for which a token is not looked up again; a revoked one lives no longer."""
_MOST_REMEMBERED: Final = 5_000


class NotSignedIn(Exception):  # noqa: N818 - an answer.
    """Why a token or a password does not count: expired, revoked, unknown, credentials."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DeviceRevoked(Exception):  # noqa: N818 - as above.
    """The workstation may not come back."""


class SomebodyElses(Exception):  # noqa: N818 - as above.
    """The workstation holds another person's desk."""


class TooOften(Exception):  # noqa: N818 - as above.
    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Tokens(NamedTuple):
    access: str
    refresh: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in, on a workstation."""

    account: str
    client: str
    family: str
    rights: Rights


class Sessions:
    """Knows who is signed in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[bytes, tuple[float, Signed]] = {}
        self._lock = threading.Lock()

    def sign_in(self, login: str, password: str, device: str, client: str, address: str) -> tuple[Signed, Tokens]:
        with self._database.writing() as cursor:
            found = _find(cursor, login)
            known = found is not None and _owner(cursor, client) == found[0]
            counted = limits.keys(address, login, known=known)
            seconds = limits.wait(cursor, counted)
        if seconds:
            raise TooOften(seconds)
        # Outside of a transaction: it takes most of a second.
        right = passwords.matches(found[1] if found else None, password)
        if found is None or not right or found[2]:
            with self._database.writing() as cursor:
                note(cursor, "sign-in refused", account=found[0] if found else None)
            raise NotSignedIn("credentials")
        with self._database.writing() as cursor:
            limits.forget(cursor, counted)
            _register(cursor, client, found[0], device)
            family = str(uuid.uuid4())
            tokens = _begin(cursor, family, found[0], client)
            note(cursor, "signed in", account=found[0], client=client)
            return Signed(found[0], client, family, rights_of(cursor, found[0])), tokens

    def refresh(self, token: str) -> tuple[Signed, Tokens]:
        """Give new tokens for a refresh token, once. Who comes with one that was used is a thief or was robbed.

        Unless nobody ever came with what it was exchanged for: then the answer was lost, and is given anew.
        """
        with self._database.writing() as cursor:
            row = cursor.execute(
                b"SELECT s.id, s.family::text, s.account::text, s.client::text, s.replaced_at, s.revoked_at,"
                b" s.refresh_until < now(), a.disabled_at, c.revoked_at FROM session s"
                b" JOIN account a ON a.id = s.account JOIN client c ON c.id = s.client"
                b" WHERE s.refresh = %s FOR UPDATE OF s",
                (_hash(token),),
            ).fetchone()
            why = _why_not(row)
            if row is not None and row[4] and not row[5] and not _take_back(cursor, row[0], row[1]):
                _revoke(cursor, "family", row[1])
                note(cursor, "refresh token used twice", account=row[2], client=row[3])
                why = "revoked"
            if row is not None and not why and not row[8]:
                cursor.execute(b"UPDATE session SET replaced_at = now() WHERE id = %s", (row[0],))
                tokens = _begin(cursor, row[1], row[2], row[3])
                return Signed(row[2], row[3], row[1], rights_of(cursor, row[2])), tokens
        self.forget()
        if row is not None and row[8]:
            raise DeviceRevoked
        raise NotSignedIn(why or "unknown")

    def sign_out(self, signed: Signed) -> None:
        with self._database.writing() as cursor:
            _revoke(cursor, "family", signed.family)
            note(cursor, "signed out", account=signed.account, client=signed.client)
        self.forget()

    def who(self, token: str) -> Signed:
        """Find out whose access token it is."""
        if known := self.remembered(token):
            return known
        key = _hash(token)
        signed = self._look_up(key)
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = (time.monotonic() + _REMEMBERED, signed)
        return signed

    def remembered(self, token: str) -> Signed | None:
        """Tell it without asking the database, if that was asked a moment ago."""
        with self._lock:
            known = self._known.get(_hash(token))
        return known[1] if known and known[0] > time.monotonic() else None

    def forget(self) -> None:
        with self._lock:
            self._known.clear()

    def _look_up(self, key: bytes) -> Signed:
        with self._database.reading() as cursor:
            row = cursor.execute(
                b"SELECT s.id, s.family::text, s.account::text, s.client::text, s.replaced_at, s.revoked_at,"
                b" s.access_until < now(), a.disabled_at, c.revoked_at FROM session s"
                b" JOIN account a ON a.id = s.account JOIN client c ON c.id = s.client WHERE s.access = %s",
                (key,),
            ).fetchone()
            if row is not None and row[8]:
                raise DeviceRevoked
            why = _why_not(row)
            if row is None or why:
                raise NotSignedIn(why or "unknown")
            signed = Signed(row[2], row[3], row[1], rights_of(cursor, row[2]))
        with self._database.writing() as cursor:
            cursor.execute(b"UPDATE session SET used_at = now() WHERE access = %s AND used_at IS NULL", (key,))
        return signed


def _take_back(cursor: Cursor, session: int, family: str) -> bool:
    """Take back the tokens that came after a session if nobody ever had them; say whether it was so."""
    used = cursor.execute(
        b"SELECT 1 FROM session WHERE family = %s AND id > %s AND (used_at IS NOT NULL OR replaced_at IS NOT NULL)",
        (family, session),
    ).fetchone()
    if used is None:
        cursor.execute(b"UPDATE session SET revoked_at = now() WHERE family = %s AND id > %s", (family, session))
    return used is None


def rights_of(cursor: Cursor, account: str) -> Rights:
    """Read the memberships of an account that count now."""
    cursor.execute(b"SELECT set_config('app.scopes', 'ref', true)")
    home = cursor.execute(b"SELECT data ->> 'market' FROM record WHERE id = %s", (account,)).fetchone()
    found = cursor.execute(
        b"SELECT scope, role FROM membership"
        b" WHERE account = %s AND since <= now() AND (until IS NULL OR until > now())",
        (account,),
    ).fetchall()
    patterns = {scope: next(one for one in ScopeRole if one.value == role) for scope, role in found}
    return Rights(account, home[0] if home and home[0] else Market.VN.value, patterns)


def revoke_device(cursor: Cursor, client: str) -> None:
    cursor.execute(b"UPDATE client SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL", (client,))
    _revoke(cursor, "client", client)


def revoke_account(cursor: Cursor, account: str) -> None:
    _revoke(cursor, "account", account)


def _revoke(cursor: Cursor, column: str, value: str) -> None:
    cursor.execute(
        f"UPDATE session SET revoked_at = now() WHERE {column} = %s AND revoked_at IS NULL".encode(),  # noqa: S608 - our own names.
        (value,),
    )


def _find(cursor: Cursor, login: str) -> tuple[str, str, Any] | None:
    row = cursor.execute(
        b"SELECT id::text, password, disabled_at FROM account WHERE lower(login) = lower(%s)", (login,)
    ).fetchone()
    return (row[0], row[1], row[2]) if row else None


def _owner(cursor: Cursor, client: str) -> str | None:
    row = cursor.execute(b"SELECT account::text FROM client WHERE id = %s", (client,)).fetchone()
    return row[0] if row else None


def _register(cursor: Cursor, client: str, account: str, device: str) -> None:
    row = cursor.execute(
        b"INSERT INTO client (id, account, device, seen_at) VALUES (%s, %s, %s, now())"
        b" ON CONFLICT (id) DO UPDATE SET device = excluded.device, seen_at = excluded.seen_at"
        b" RETURNING account::text, revoked_at",
        (client, account, device[:200]),
    ).fetchone()
    if row and row[0] != account:
        raise SomebodyElses
    if row and row[1]:
        raise DeviceRevoked


def _begin(cursor: Cursor, family: str, account: str, client: str) -> Tokens:
    tokens = Tokens(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    now = datetime.now(UTC)
    cursor.execute(
        b"INSERT INTO session (family, account, client, access, refresh, access_until, refresh_until)"
        b" VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (family, account, client, _hash(tokens.access), _hash(tokens.refresh), now + ACCESS, now + REFRESH),
    )
    cursor.execute(b"DELETE FROM session WHERE client = %s AND refresh_until < now()", (client,))
    return tokens


def _why_not(row: tuple[Any, ...] | None) -> str | None:
    if row is None:
        return "unknown"
    _id, _family, _account, _client, _replaced, revoked, over, disabled, _gone = row
    if revoked or disabled:
        return "revoked"
    return "expired" if over else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
