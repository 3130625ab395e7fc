"""Speaks with the server over HTTPS: one request at a time, compressed, with tokens that renew themselves."""

from __future__ import annotations

import ipaddress
import json
import platform
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _, language
from escalation_desk.sync.keys import Tokens
from escalation_desk.sync.messages import SCHEMA, Mutation, Outcome, Row, Said, Trailer, filled
from escalation_desk.sync.refusals import Copied, ReadAnew, Revoked, SignedOut, TooOld, Undigested, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import httpx2

    from escalation_desk.sync.keys import Keeper

_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_WORTH_IT: Final = 1_000
"""Bytes from which a body is compressed."""
_POKE_SECONDS: Final = 25
_KEPT_OPEN: Final = 45
"""Seconds for which a connection is used again; the server and what stands before it keep it longer."""
_TOO_LARGE: Final = 256 * 1024 * 1024


class Account(NamedTuple):
    """Who signed in, and what is granted."""

    user: dict[str, Any]
    scopes: dict[str, str]
    epoch: str


@dataclass(frozen=True, slots=True)
class Pushed:
    """What the server said to a push."""

    outcomes: tuple[Outcome, ...]
    last_mid: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """One answer to a pull."""

    rows: tuple[Row, ...]
    entries: tuple[Said, ...]
    end: Trailer


class Snapshot(NamedTuple):
    """The file of a scope: its records as of one number, line by line, then a line that says it is whole."""

    epoch: str
    cursor: int
    lines: Iterator[dict[str, Any]]


class Client:
    """The server, as one workstation sees it. Used by one thread at a time."""

    def __init__(
        self,
        url: str,
        workstation: str,
        keeper: Keeper,
        clock: Callable[[], datetime],
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        import httpx2  # Loaded late: a desk that belongs to no server never needs it.

        self.url = refuse_plain(url)
        self.workstation = workstation
        self.skew: timedelta | None = None
        """How far the clock of the server is ahead of this one."""
        self._heard: int | None = None
        self._keeper = keeper
        self._tokens = keeper.read()
        self._clock = clock
        self._http = httpx2.Client(
            base_url=self.url,
            transport=transport,
            timeout=httpx2.Timeout(60, connect=10),
            limits=httpx2.Limits(max_connections=4, keepalive_expiry=_KEPT_OPEN),
            headers={"Accept-Encoding": "zstd", "User-Agent": f"escalation-desk/{SCHEMA}"},
            follow_redirects=False,
        )
        self._failures: tuple[type[Exception], ...] = (httpx2.TransportError, httpx2.StreamError, httpx2.DecodingError)

    def close(self) -> None:
        self._http.close()

    # Who is here

    def sign_in(self, login: str, password: str) -> Account:
        said = self._public(
            "/v1/auth/sign-in",
            {"login": login, "password": password, "device": platform.node(), "client": self.workstation},
        )
        self._keep(said)
        user = said["user"]
        return Account(user, dict(said["scopes"]), said["epoch"])

    def sign_out(self) -> None:
        self._ask("POST", "/v1/auth/sign-out", {})
        self._tokens = None
        self._keeper.forget()

    def _keep(self, said: Mapping[str, Any]) -> None:
        self._tokens = Tokens(said["access"], said["refresh"])
        self._keeper.write(self._tokens)

    def _renew(self) -> None:
        """Get new tokens, or those that another thread or program of this desk got meanwhile: none is used twice."""
        with self._keeper.turn():
            kept = self._keeper.read()
            if kept is None:
                raise SignedOut(_(_SIGN_IN_ANEW))
            if kept != self._tokens:
                self._tokens = kept
            else:
                self._keep(self._refreshed(kept))

    def _refreshed(self, kept: Tokens) -> Any:
        try:
            return self._public("/v1/auth/refresh", {"refresh": kept.refresh})
        except SignedOut:
            self._tokens = None
            self._keeper.forget()
            raise

    # What is said and told

    def push(self, mutations: Sequence[Mutation]) -> Pushed:
        begun = self._clock()
        said = self._json(
            "/v1/push",
            {
                "client": self.workstation,
                "schema": SCHEMA,
                "at": instant_text(self._clock()),
                "mutations": [one.as_json() for one in mutations],
            },
        )
        self._note_time(said["server_time"], begun)
        return Pushed(tuple(Outcome.from_json(one) for one in said["outcomes"]), said["last_mid"], said["epoch"])

    def pull(self, cursors: Mapping[str, int], epoch: str, limit: int) -> Pulled:
        body = {
            "client": self.workstation,
            "schema": SCHEMA,
            "epoch": epoch or None,
            "cursors": dict(cursors),
            "limit": limit,
        }
        begun = self._clock()
        said = _read_lines(self._ask("POST", "/v1/pull", body))
        self._note_time(said.end.server_time, begun)
        return said

    def history(self, record: str) -> tuple[Said, ...]:
        """Ask for what was ever done to a record, where it did not come along."""
        said = _parsed(self._ask("GET", f"/v1/history/{record}"))
        return tuple(Said.from_json(one) for one in said["entries"])

    def poke(self) -> bool:
        """Wait until something may have changed; answers whether it did."""
        after = "" if self._heard is None else f"&after={self._heard}"
        said = _parsed(self._ask("GET", f"/v1/poke?wait={_POKE_SECONDS}{after}"))
        self._heard = said.get("after")
        return bool(said["changed"])

    def present(self, case: str | None) -> dict[str, list[str]]:
        """Say which case is open here; answers who has which open."""
        return dict(self._json("/v1/presence", {"case": case})["present"])

    @contextmanager
    def snapshot(self, scope: str) -> Iterator[Snapshot]:
        """Read the file of a large scope as it arrives."""
        from urllib.parse import quote

        try:
            with self._http.stream("GET", f"/v1/snapshot/{quote(scope)}", headers=self._proof()) as answer:
                if answer.status_code != 200:
                    answer.read()
                    raise _refusal(answer, self.url)
                cursor, epoch = int(answer.headers["X-Cursor"]), answer.headers["X-Epoch"]
                yield Snapshot(epoch, cursor, _unpacked_lines(answer.iter_bytes()))
        except self._failures as error:
            raise self._unreachable(error) from error

    # Bytes of attachments

    def bytes_there(self, sha256: str) -> int:
        """Ask how many bytes of an attachment the server has."""
        answer = self._asked("HEAD", _blob(sha256))
        if answer.status_code in {200, 404} and "Upload-Offset" in answer.headers:
            return int(answer.headers["Upload-Offset"])
        raise _refusal(answer, self.url)

    def send_bytes(self, sha256: str, offset: int, content: bytes) -> int:
        """Send more bytes from where the last ones ended; answers how many are there now."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
        return int(_parsed(self._plain(self._asked("PUT", _blob(sha256), content, headers)))["offset"])

    def fetch_bytes(self, sha256: str) -> bytes:
        answer = self._asked("GET", _blob(sha256))
        if answer.status_code == 200:
            return answer.content
        raise _refusal(answer, self.url)

    # How

    def _json(self, path: str, body: Any) -> Any:
        return _parsed(self._ask("POST", path, body))

    def _public(self, path: str, body: Any) -> Any:
        return _parsed(self._plain(self._send("POST", path, *_written(body))))

    def _ask(self, method: str, path: str, body: Any = None) -> bytes:
        return self._plain(self._asked(method, path, *_written(body)))

    def _asked(
        self, method: str, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """Ask as whoever is signed in; a token that ran out is renewed, once."""
        answer = self._send(method, path, content, {**(headers or {}), **self._proof()})
        if answer.status_code == 401 and _word(answer) not in {"revoked", "unknown"}:
            self._renew()
            answer = self._send(method, path, content, {**(headers or {}), **self._proof()})
        return answer

    def _proof(self) -> dict[str, str]:
        if self._tokens is None:
            raise SignedOut(_(_SIGN_IN_ANEW))
        return {"Authorization": f"Bearer {self._tokens.access}"}

    def _send(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> httpx2.Response:
        try:
            # What the server refuses is said in the words of whoever asked.
            said = {**headers, "Accept-Language": language()}
            answer = self._http.request(method, path, content=content, headers=said)
        except self._failures as error:
            raise self._unreachable(error) from error
        return answer

    def _unreachable(self, error: Exception) -> Unreachable:
        return Unreachable(
            _("The server {url} does not answer; what you type waits here ({error}).", url=self.url, error=error)
        )

    def _note_time(self, server: str, begun: datetime) -> None:
        """Learn how far the clocks are apart; the way there and back is halved."""
        ended = self._clock()
        self.skew = datetime.fromisoformat(server) - (begun + (ended - begun) / 2)

    def _plain(self, answer: httpx2.Response) -> bytes:
        if answer.status_code == 200:
            return _stretched(answer.content)
        raise _refusal(answer, self.url)


def refuse_plain(url: str) -> str:
    """Let only addresses pass over which nobody can listen; plain HTTP goes no further than this computer."""
    from urllib.parse import urlsplit

    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise Refused(_("{url} is no address of a server; it begins with https://.", url=url))
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise Refused(_("{url} would send everything readable for others; use https://.", url=url))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_SIGN_IN_ANEW: Final = N_("Sign in at the server again; what you typed waits here.")
_NOT_WHOLE: Final = N_("The answer of the server did not arrive whole; it is asked again.")
_REVOKED: Final = N_("This workstation was shut out by the server; what you typed stays here. Ask whoever runs it.")
_BY_STATUS: Final[dict[int, tuple[type[Refused], str]]] = {
    401: (SignedOut, _SIGN_IN_ANEW),
    426: (TooOld, N_("The server needs a newer version of this program; what you typed waits here until then.")),
}


def _blob(sha256: str) -> str:
    return f"/v1/blob/{sha256}"


def _written(body: Any) -> tuple[bytes | None, dict[str, str]]:
    """Write a body, packed where that is worth it, and the headers that say so."""
    if body is None:
        return None, {}
    import orjson  # As httpx2.

    content = orjson.dumps(body)
    headers = {"Content-Type": "application/json"}
    if len(content) <= _WORTH_IT:
        return content, headers
    return _squeezed(content), {**headers, "Content-Encoding": "zstd"}


def _refusal(answer: httpx2.Response, url: str) -> Exception:
    said = _said(answer)
    if answer.status_code == 410:
        return ReadAnew(_("The server begins anew."), tuple(said.get("scopes", ())))
    if answer.status_code == 409 and said.get("error") == "copy":
        return Copied(_(_SIGN_IN_ANEW))
    if answer.status_code in {401, 403} and said.get("error") == "revoked":
        return Revoked(_(_REVOKED))
    if answer.status_code in _BY_STATUS:
        kind, sentence = _BY_STATUS[answer.status_code]
        return kind(said.get("why") or _(sentence))
    if answer.status_code in {429, 503}:
        return Unreachable(_("The server {url} is too busy; it is tried again.", url=url))
    why = said.get("why") or said.get("error") or answer.status_code
    return Undigested(_("The server {url} could not do this: {why}.", url=url, why=why), answer.status_code)


def _said(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said = json.loads(_stretched(answer.content))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _word(answer: httpx2.Response) -> str:
    return str(_said(answer).get("error", ""))


def _squeezed(content: bytes) -> bytes:
    import zstandard  # As httpx2.

    return zstandard.ZstdCompressor(level=3).compress(content)


def _stretched(content: bytes) -> bytes:
    if not content.startswith(_ZSTD):
        return content
    import zstandard  # As httpx2.

    try:
        # Read as a stream: the frame of a stream does not say how large it becomes.
        with zstandard.ZstdDecompressor().stream_reader(content) as stretched:
            read: bytes = stretched.read(_TOO_LARGE)
    except zstandard.ZstdError as error:
        raise Unreachable(_(_NOT_WHOLE)) from error
    return read


def _unpacked_lines(pieces: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    import orjson  # As httpx2.
    import zstandard  # As httpx2.

    unpacking, rest = zstandard.ZstdDecompressor().decompressobj(), b""
    try:
        for piece in pieces:
            *lines, rest = (rest + unpacking.decompress(piece)).split(b"\n")
            yield from map(orjson.loads, lines)
    except (zstandard.ZstdError, ValueError) as error:
        raise Unreachable(_(_NOT_WHOLE)) from error


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise Unreachable(_(_NOT_WHOLE)) from error


def _read_lines(content: bytes) -> Pulled:
    """Read the answer to a pull; one without its end did not arrive whole, and nothing of it counts."""
    import orjson  # As httpx2. It reads a first pull in a third of the time.

    rows, entries, end = [], [], None
    try:
        for line in content.splitlines():
            ((kind, said),) = orjson.loads(line).items()
            if kind == "row":
                rows.append(Row(*said))
            elif kind == "entry":
                entries.append(Said.from_json(said))
            elif kind == "end":
                end = Trailer.from_json(said)
    except (ValueError, TypeError, KeyError) as error:
        raise Unreachable(_(_NOT_WHOLE)) from error
    if end is None:
        raise Unreachable(_(_NOT_WHOLE))
    by_record = {row.record: row for row in rows if row.data}
    return Pulled(tuple(rows), tuple(filled(one, by_record) for one in entries), end)
