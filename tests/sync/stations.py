"""Workstations of an office: real desks and the real engine, on a wire that loses, doubles, delays and cuts."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import zstandard

from escalation_desk.casework.fields import whole
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.records import COMMON
from escalation_desk.journal import reading
from escalation_desk.journal.journal import Journal
from escalation_desk.journal.sharing import outbox
from escalation_desk.server import accounts
from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync import joining
from escalation_desk.sync.beginning import WORTH_IT
from escalation_desk.sync.engine import Engine, Report
from tests.server.serving import PASSWORD, STORED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from escalation_desk.casework.people import User
    from escalation_desk.casework.records import Record
    from tests.server.serving import Server

FEED = ("record", "left_scope", "change", "mutation", "natural_key", "part", "client", "scope_clock")
SESSIONS = ("session",)
URL = "http://127.0.0.1"
KEY = bytes(range(32))


@dataclass
class Clock:
    """A clock that may be off by days."""

    off: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.off


_REFUSALS = {"expired": 401, "busy": 503, "broken": 500}


@dataclass
class Wire(httpx2.BaseTransport):
    """What lies between a workstation and its server. Each fault meets one question of `/v1/push` or `/v1/pull`."""

    under: httpx2.BaseTransport
    faults: list[str] = field(default_factory=list)
    late: list[httpx2.Request] = field(default_factory=list)
    poison: bytes | None = None
    """A push that holds this is beyond the server, whenever it comes."""
    cut_bytes_after: int | None = None
    """How many pieces of attachments get through."""
    bytes_sent: int = 0
    files_cut_after: int | None = None
    """How many bytes of a snapshot get through."""
    paths: list[str] = field(default_factory=list)
    language: str = ""
    asked: int = 0
    heard: int = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        request.read()
        self.paths.append(request.url.path)
        self.language = request.headers.get("accept-language", "")
        if self.poison and request.url.path == "/v1/push" and self.poison in _plain(request):
            return httpx2.Response(500, json={"error": "bug", "why": "a bug"})
        fault = self.faults.pop(0) if self.faults and request.url.path in {"/v1/push", "/v1/pull"} else ""
        if fault in _REFUSALS:
            return httpx2.Response(_REFUSALS[fault], json={"error": fault, "why": ""})
        if fault == "question lost":
            raise httpx2.ConnectError("the cable is out")
        if fault == "late":
            self.late.append(request)
            raise httpx2.ReadTimeout("no answer yet")
        if request.method == "PUT":
            self._count_bytes(request)
        answer = self._there(request)
        if fault == "twice":
            answer = self._there(request)
        while self.late:
            self._there(self.late.pop())
        if fault == "answer lost":
            raise httpx2.ReadError("the cable is out")
        return self._cut(request, answer, fault)

    def _cut(self, request: httpx2.Request, answer: httpx2.Response, fault: str) -> httpx2.Response:
        if fault == "cut":
            return httpx2.Response(answer.status_code, content=answer.content[: len(answer.content) // 2])
        if self.files_cut_after is not None and "/v1/snapshot/" in request.url.path:
            return httpx2.Response(200, headers=answer.headers, content=answer.content[: self.files_cut_after])
        return answer

    def _count_bytes(self, request: httpx2.Request) -> None:
        if self.cut_bytes_after is not None:
            if self.cut_bytes_after == 0:
                raise httpx2.WriteError("the cable is out")
            self.cut_bytes_after -= 1
        self.bytes_sent += len(request.content)

    def _there(self, request: httpx2.Request) -> httpx2.Response:
        self.heard += 1
        again = httpx2.Request(request.method, request.url, headers=request.headers, content=request.content)
        answer = self.under.handle_request(again)
        answer.read()
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
        return httpx2.Response(answer.status_code, headers=headers, content=answer.content)


def _plain(request: httpx2.Request) -> bytes:
    content = request.content
    if request.headers.get("content-encoding") == "zstd":
        content = zstandard.ZstdDecompressor().decompress(content)
    return content


class Killed(BaseException):
    """The program ended here; nothing after it ran."""


class Station:
    """One workstation."""

    def __init__(self, office: Office, folder: Path, login: str) -> None:
        self.office = office
        self.folder = folder
        self.login = login
        self.clock = Clock()
        self.wire = Wire(office.server.http._transport)
        self.rows_to_a_page: int | None = None
        self.file_from = WORTH_IT
        self.kill_at: tuple[str, int] | None = None
        self.differed = False
        self.at: Callable[[str], None] | None = None
        self.journal = self._open()

    def _open(self) -> Journal:
        journal = Journal(self.folder, KEY, self.clock)
        self._engine: Engine | None = None
        return journal

    def sign_in(self) -> None:
        joining.sign_in(self.journal, URL, self.login, PASSWORD, self.wire)

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            client = joining.client(self.journal, self.wire)
            self._engine = Engine(
                self.journal,
                client,
                pause=lambda _seconds: None,
                at=self._passing,
                rows=self.rows_to_a_page,
                file_from=self.file_from,
            )
        return self._engine

    def _passing(self, point: str) -> None:
        self.differed |= point == "differing"
        if self.at is not None:
            self.at(point)
        if self.kill_at and self.kill_at[0] == point:
            self.kill_at = (point, self.kill_at[1] - 1)
            if self.kill_at[1] <= 0:
                self.kill_at = None
                raise Killed(point)

    def sync(self, *faults: str) -> Report:
        self.wire.faults = list(faults)
        try:
            return self.engine.exchange()
        finally:
            self.wire.faults = []

    def restart(self) -> None:
        """Begin the program again, on what lies on the disk."""
        self.close()
        self.reopen()

    def reopen(self) -> None:
        self.journal = self._open()

    def close(self) -> None:
        if self._engine is not None:
            self._engine._client.close()
            self._engine.close()
            self._engine = None
        self.journal.close()

    @property
    def me(self) -> User:
        me = self.journal.profile
        assert me is not None
        return me

    def held(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Show every record that stands here, as the server would write it."""
        with self.journal.writing() as made:
            return {
                record.id: (kind, dict(whole(record))) for kind in KINDS for record in reading.all_of(made, KINDS[kind])
            }

    def waiting(self) -> int:
        with self.journal.writing() as made:
            return outbox.count_waiting(made)

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.journal.writing() as made:
            return list(made.execute(question, values).fetchall())

    def read(self, kind: type[Record], record: str) -> Any:
        with self.journal.writing() as made:
            return reading.record(made, kind, record)


class Office:
    """A server and its workstations."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.stations: list[Station] = []
        self._fresh = folder / "fresh"

    def station(
        self, login: str, *scopes: str, role: ScopeRole = ScopeRole.SPECIALIST, sign_in: bool = True
    ) -> Station:
        """Give somebody an account, unless there is one, and a workstation with an empty desk."""
        if not self.server.rows("SELECT 1 FROM account WHERE login = %s", login):
            accounts.add_user(
                self.server.owner, login, STORED, role, list(scopes) or ["VN/t2"], full_name=login.title()
            )
        place = self.folder / f"{login}-{len(self.stations)}"
        self._copy(place)
        made = self.begin(place, login)
        if sign_in:
            made.sign_in()
        return made

    def begin(self, place: Path, login: str) -> Station:
        """Begin a workstation on what lies in a folder."""
        made = Station(self, place, login)
        self.stations.append(made)
        return made

    def _copy(self, place: Path) -> None:
        """Copy an empty desk and give it a name of its own: to make one takes ten times as long."""
        if not self._fresh.exists():
            Journal(self._fresh, KEY).close()
        shutil.copytree(self._fresh, place)
        journal = Journal(place, KEY)
        with journal.writing() as made:
            outbox.become_another(made, new_id(datetime.now(UTC)))
        journal.close()

    def close(self) -> None:
        for one in self.stations:
            one.close()

    def all_sync(self, rounds: int = 3) -> None:
        for _round in range(rounds):
            for one in self.stations:
                one.sync()

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Give the server, in the end, the state back that it had in the beginning, in a new life."""
        self.keep("backup")
        yield
        self.give_back("backup")
        self.begin_another_life()

    def keep(self, name: str) -> None:
        """Keep what the server has beside it."""
        tables = (*FEED, *SESSIONS)
        self._all(f"DROP TABLE IF EXISTS {name}_{table}" for table in tables)
        self._all(f"CREATE UNLOGGED TABLE {name}_{table} AS SELECT * FROM {table}" for table in tables)

    def give_back(self, name: str, *, sessions: bool = False) -> None:
        """Let the server have what was kept, and nothing else; and who was signed in, if asked."""
        tables = (*FEED, *SESSIONS) if sessions else FEED
        emptied = f"TRUNCATE {', '.join(tables)}"
        given = [f"INSERT INTO {table} SELECT * FROM {name}_{table}" for table in tables]
        # Its triggers, which let nobody rewrite history, look away.
        self._all(["SET LOCAL session_replication_role = replica", emptied, *given])

    def begin_another_life(self) -> None:
        self._all(["UPDATE server_meta SET epoch = gen_random_uuid()"])

    def _all(self, statements: Iterable[str]) -> None:
        with self.server.owner.writing() as cursor:
            cursor.execute("; ".join(statements).encode())

    def served(self, scopes: list[str]) -> dict[str, tuple[str, dict[str, Any]]]:
        """Show what the server has in these scopes."""
        made = set(COMMON)
        return {
            record: (kind, {name: value for name, value in data.items() if name not in made and value is not None})
            for record, kind, data in self.server.rows(
                "SELECT id::text, kind, data FROM record WHERE scope = ANY(%s) AND NOT deleted", scopes
            )
        }
