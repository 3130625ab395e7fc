"""What an administrator does once a year: restore a backup, purge what is old; and what workstations make of it."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import make_url

from escalation_desk.server import accounts, setting_up
from escalation_desk.server.checking import problems
from escalation_desk.server.purging import purge
from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync.messages import Change
from tests.server.serving import Server

if TYPE_CHECKING:
    from pathlib import Path

    from escalation_desk.server.trial import Trial


def _age(server: Server) -> None:
    """Let everything have happened two years ago."""
    with server.owner.writing() as cursor:
        cursor.execute("ALTER TABLE change DISABLE TRIGGER ALL")
        cursor.execute("UPDATE change SET received_at = '2024-01-01T00:00:00Z'")
        cursor.execute("ALTER TABLE change ENABLE TRIGGER ALL")
        cursor.execute("""UPDATE record SET data = data || '{"updated_at": "2024-01-01T00:00:00Z"}' WHERE deleted""")


def test_what_was_deleted_long_ago_is_gone_and_cannot_come_back(server: Server, tmp_path: Path) -> None:
    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    case, kept = linh.case(title="a private matter"), linh.case()
    sha = hashlib.sha256(b"evidence").hexdigest()
    file = linh.create("attachment", case=case, file_name="a", sha256=sha, size=8)
    linh.server.http.put(f"/v1/blob/{sha}", content=b"evidence", headers=linh.headers)
    old = dict(linh.pull().cursors)
    linh.do(Change("case", case, "delete", None, 1, None), Change("attachment", file, "delete", None, 1, None))
    _age(server)
    assert purge(server.owner, tmp_path / "files", timedelta(days=9999)) == 0
    assert purge(server.owner, tmp_path / "files") == 2
    assert "a private matter" not in str(server.rows("SELECT patch::text, data::text FROM change, record"))
    assert not list((tmp_path / "files" / "blobs").rglob(sha))
    assert linh.set(case, title=("a private matter", "back")).state == "refused"
    assert linh.do(Change("case", case, "create", None, None, {"title": "back"})).state == "refused"
    assert linh.try_pull(cursors=old).status_code == 410
    linh.cursors = {}
    linh.pull()
    assert kept in linh.records


def test_a_backup_that_lost_entries_gets_them_again(cluster: Trial, server: Server, url: str, tmp_path: Path) -> None:
    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    first = linh.entry(Change("case", str(uuid.uuid4()), "create", None, None, {"title": "before the backup"}))
    linh.push(first)
    epoch = linh.pull().epoch
    name = f"restored_{uuid.uuid4().hex[:8]}"
    database = make_url(url).database
    server.database.engine.dispose()
    server.owner.engine.dispose()
    lost = linh.entry(Change("case", str(uuid.uuid4()), "create", None, None, {"title": "after the backup"}))
    with psycopg.connect(cluster.url().replace("+psycopg", ""), autocommit=True) as made:
        server.app.state.database.engine.dispose()
        server.app.state.bell.stop()
        made.execute(f"CREATE DATABASE {name} TEMPLATE {database}")
    linh.push(lost)
    restored = Server(cluster.url(name), tmp_path / "files")
    try:
        setting_up.begin_epoch(restored.owner)
        linh.server = restored
        assert linh.try_pull(epoch=epoch).json()["error"] == "floor"
        linh.cursors = {}
        linh.records = {}
        assert linh.pull().last_mid == 1
        assert [one.state for one in linh.push(first, lost)] == ["applied", "applied"]
        linh.pull()
        assert {row.data["title"] for row in linh.records.values() if row.kind == "case" and row.data} == {
            "before the backup",
            "after the backup",
        }
        assert problems(restored.owner) == []
    finally:
        restored.close()


def test_devices_are_listed_and_shut_out_by_their_id(server: Server) -> None:
    from escalation_desk.casework.refusal import Refused

    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    with server.owner.reading() as cursor:
        (device,) = accounts.all_devices(cursor)
    assert (device["id"], device["login"], device["revoked"]) == (linh.client, "linh", False)
    for wrong in ("nonsense", str(uuid.uuid4()), accounts.SERVER):
        with pytest.raises(Refused):
            accounts.revoke(server.owner, wrong)
