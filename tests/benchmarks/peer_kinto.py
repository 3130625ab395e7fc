"""Kinto as a peer of the shared server, on the same PostgreSQL, with the same rows; in an interpreter of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2
import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from escalation_desk.server.trial import Trial

_BATCH = 250
_PATIENCE = 60.0
_RECORDS = "/buckets/desk/collections/cases/records"
_SETTINGS = """[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.memory
kinto.userid_hmac_secret = of-a-benchmark
kinto.bucket_create_principals = system.Authenticated
kinto.batch_max_requests = {batch}
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
"""


class Kinto:
    """A collection of cases in a Kinto that runs."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http
        for path in ("/buckets/desk", "/buckets/desk/collections/cases"):
            self._http.put(f"/v1{path}", json={}).raise_for_status()

    def push(self, rows: Sequence[tuple[str, dict[str, Any]]], method: str = "PUT") -> float:
        """Send records whole (PUT) or what changed of them (PATCH); answers the seconds that it took."""
        begun = time.perf_counter()
        for first in range(0, len(rows), _BATCH):
            asked = [
                {"method": method, "path": f"{_RECORDS}/{record}", "body": {"data": data}}
                for record, data in rows[first : first + _BATCH]
            ]
            said = self._http.post("/v1/batch", json={"requests": asked})
            said.raise_for_status()
            refused = [one for one in said.json()["responses"] if one["status"] >= 400]
            assert not refused, refused[:1]
        return time.perf_counter() - begun

    def pull(self, since: str = "") -> tuple[int, float, str]:
        """Read all that is new; answers how many rows, in what time, and where the next pull begins."""
        begun = time.perf_counter()
        said = self._http.get(f"/v1{_RECORDS}", params={"_since": since} if since else {})
        count = len(said.raise_for_status().json()["data"])
        return count, time.perf_counter() - begun, said.headers["ETag"]


@contextmanager
def kinto(python: Path, trial: Trial, folder: Path) -> Iterator[Kinto]:
    """Run Kinto as its command starts it, over a database of its own in the same cluster."""
    with psycopg.connect(trial.url().replace("+psycopg", ""), autocommit=True) as made:
        made.execute("CREATE DATABASE kinto ENCODING 'UTF8'")
        made.execute("ALTER DATABASE kinto SET timezone TO 'UTC'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ini = folder / "kinto.ini"
    ini.write_text(_SETTINGS.format(url=trial.url("kinto").replace("+psycopg", ""), port=port, batch=_BATCH), "utf-8")
    command = [str(python.with_name("kinto"))]
    with (folder / "kinto.log").open("wb") as log:
        subprocess.run([*command, "migrate", "--ini", str(ini)], stdout=log, stderr=log, check=True)
        process = subprocess.Popen(
            [*command, "start", "--ini", str(ini), "--port", str(port)], stdout=log, stderr=log, env=dict(os.environ)
        )
    http = httpx2.Client(base_url=f"http://127.0.0.1:{port}", auth=("desk", "desk"), timeout=120)
    try:
        _wait_for(http, process)
        yield Kinto(http)
    finally:
        http.close()
        process.terminate()
        process.wait(timeout=20)


def _wait_for(http: httpx2.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            if http.get("/v1/").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        assert process.poll() is None, "Kinto ended; its environment needs kinto[postgresql], waitress and setuptools"
        time.sleep(0.3)
    raise TimeoutError("Kinto does not answer")
