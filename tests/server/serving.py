"""The real application over a real database, and people who push and pull by hand."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from escalation_desk.server import accounts
from escalation_desk.server.api.app import make_app
from escalation_desk.server.database import Database
from escalation_desk.server.settings import Settings
from escalation_desk.sync.messages import Change, Mutation, Outcome, Row, Said, Trailer, filled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import httpx2

    from escalation_desk.server.rights import ScopeRole

PASSWORD = "a long enough password"  # noqa: S105 - nobody's.
# As strong as it takes for nobody's: the strength is said in the hash, and each sign-in would take most of a second.
STORED = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
AT = "2026-11-24T10:00:00Z"


class Server:
    """One server process, in this one."""

    def __init__(self, url: str, files: Path) -> None:
        self.url = url
        self.database = Database(url)
        self.owner = Database(url, as_owner=True)
        self.app = make_app(Settings(database=url, files=str(files)))
        self.http = TestClient(self.app, raise_server_exceptions=True)
        self.http.__enter__()

    def close(self) -> None:
        self.http.__exit__(None, None, None)
        self.database.close()
        self.owner.close()

    def person(self, login: str, role: ScopeRole, *scopes: str) -> Desk:
        accounts.add_user(self.owner, login, STORED, role, list(scopes), full_name=login.capitalize())
        return self.desk(login)

    def desk(self, login: str) -> Desk:
        """Give another workstation of an account."""
        return Desk(self, login)

    def rows(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.owner.writing() as cursor:
            return cursor.execute(question.encode(), values).fetchall()


class Desk:
    """A workstation that is no more than its messages."""

    def __init__(self, server: Server, login: str) -> None:
        self.server, self.client = server, str(uuid.uuid4())
        said = self.sign_in(login)
        assert said.status_code == 200, said.text
        self.me = said.json()["user"]["id"]
        self.welcome: dict[str, Any] = said.json()
        self.access, self.refresh = said.json()["access"], said.json()["refresh"]
        self.language = "en"
        self.mid = 0
        self.cursors: dict[str, int] = {}
        self.records: dict[str, Row] = {}
        self.entries: list[Said] = []
        self.trailer: Trailer | None = None

    def sign_in(self, login: str, password: str = PASSWORD) -> httpx2.Response:
        body = {"login": login, "password": password, "device": "test", "client": self.client}
        return self.server.http.post("/v1/auth/sign-in", json=body)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}", "Accept-Language": self.language}

    def post(self, path: str, body: dict[str, Any]) -> httpx2.Response:
        return self.server.http.post(path, json=body, headers=self.headers)

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.server.http.get(path, headers=self.headers, **more)

    # --- pushing ---

    def entry(self, *changes: Change, kind: str = "do", **said: Any) -> dict[str, Any]:
        self.mid += 1
        made = Mutation(self.mid, str(uuid.uuid4()), "Edit {case}", {"case": "A-1"}, kind, AT, changes).as_json()
        return {**made, **said}

    def push(self, *mutations: dict[str, Any]) -> list[Outcome]:
        said = self.try_push(*mutations)
        assert said.status_code == 200, said.text
        return [Outcome.from_json(one) for one in said.json()["outcomes"]]

    def try_push(self, *mutations: dict[str, Any]) -> httpx2.Response:
        return self.post("/v1/push", {"client": self.client, "schema": 1, "mutations": mutations})

    def do(self, *changes: Change, kind: str = "do") -> Outcome:
        (outcome,) = self.push(self.entry(*changes, kind=kind))
        return outcome

    def create(self, kind: str, **data: Any) -> str:
        """Make a record; it has to be accepted."""
        record = str(uuid.uuid4())
        outcome = self.do(Change(kind, record, "create", None, None, data))
        assert outcome.state == "applied", outcome
        return record

    def case(self, **data: Any) -> str:
        return self.create("case", **{"title": "Wrong item", "status": "new", "market": "VN", **data})

    def set(self, record: str, kind: str = "case", **fields: tuple[Any, Any]) -> Outcome:
        """Set fields, each from what it was here to what it becomes."""
        return self.do(*(Change(kind, record, "set", name, *values) for name, values in fields.items()))

    # --- pulling ---

    def try_pull(self, **more: Any) -> httpx2.Response:
        body = {"client": self.client, "schema": 1, "cursors": self.cursors, **more}
        return self.post("/v1/pull", body)

    def pull(self, **more: Any) -> Trailer:
        """Pull until there is nothing more, and keep a copy as a workstation does."""
        while True:
            answer = self.try_pull(**more)
            assert answer.status_code == 200, answer.text
            for line in answer.text.splitlines():
                self._take(json.loads(line))
            assert self.trailer is not None
            if self.trailer.complete:
                return self.trailer

    def _take(self, said: dict[str, Any]) -> None:
        if "row" in said:
            row = Row(*said["row"])
            if row.way == "out":
                known = self.records.get(row.record)
                if known and known.scope == row.scope:
                    del self.records[row.record]
            else:
                self.records[row.record] = row
        elif "entry" in said:
            self.entries.append(filled(Said.from_json(said["entry"]), self.records))
        else:
            self.trailer = Trailer.from_json(said["end"])
            self.cursors = dict(self.trailer.cursors)

    def data(self, record: str) -> dict[str, Any]:
        self.pull()
        data = self.records[record].data
        assert data is not None
        return data

    def conflicts(self) -> Sequence[dict[str, Any]]:
        self.pull()
        return [row.data for row in self.records.values() if row.kind == "conflict" and row.data]
