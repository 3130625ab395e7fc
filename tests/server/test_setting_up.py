"""A database becomes the desk's, again and again without harm, and refuses in words where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.journal import seed
from escalation_desk.server import accounts, passwords, setting_up
from escalation_desk.server.checking import problems
from escalation_desk.server.database import Database
from escalation_desk.server.rights import Rights, ScopeRole
from escalation_desk.server.settings import Settings, settings
from escalation_desk.server.tables import metadata
from escalation_desk.server.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.serving import Server


def test_the_migrations_make_the_declared_tables(server: Server) -> None:
    with server.owner.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_setting_up_again_changes_nothing_and_keeps_what_is_there(server: Server) -> None:
    server.person("linh", ScopeRole.SPECIALIST, "VN/t2").case()
    before = server.rows("SELECT epoch FROM server_meta") + server.rows("SELECT id, ver FROM record ORDER BY id")
    setting_up.set_up(server.owner)
    accounts.plant(server.owner)
    accounts.plant(server.owner)
    after = server.rows("SELECT epoch FROM server_meta") + server.rows("SELECT id, ver FROM record ORDER BY id")
    assert set(before) <= set(after)
    assert len(after) == len(before) + len(seed.records())
    assert problems(server.owner) == []


def test_a_new_workstation_finds_what_it_was_born_with_and_differs_in_nothing(server: Server) -> None:
    accounts.plant(server.owner)
    linh = server.person("linh", ScopeRole.LEAD, "VN/t2")
    reason = seed.records()[0]
    linh.pull()
    assert linh.records[reason.id].kind == "reason"
    assert linh.set(reason.id, "reason", poc_team=(getattr(reason, "poc_team", None), "Legal")).state == "applied"


def test_a_lead_can_ask_the_database_itself_in_a_view_for_each_kind(server: Server) -> None:
    case = server.person("linh", ScopeRole.SPECIALIST, "VN/t2").case(amount="12.5", received_at="2026-11-24T09:00:00Z")
    assert server.rows("SELECT id::text, amount * 2, received_at < now() FROM desk.case") == [(case, 25, True)]


def test_the_server_loads_no_window_and_no_local_database() -> None:
    program = (
        "import sys; import escalation_desk.server.running, escalation_desk.server.accounts;"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'sqlcipher3', 'keyring', 'openpyxl'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("listen", "more", "allowed"),
    [
        ("127.0.0.1:8765", {}, True),
        ("[::1]:8765", {}, True),
        ("localhost:8765", {}, True),
        ("0.0.0.0:8765", {}, False),
        ("10.0.0.5:8765", {}, False),
        ("desk.example:443", {}, False),
        ("0.0.0.0:8765", {"behind_proxy": True}, True),
        ("0.0.0.0:8765", {"certificate": "a.pem", "key": "b.pem"}, True),
        ("0.0.0.0:8765", {"certificate": "a.pem"}, False),
        ("8765", {}, False),
        ("127.0.0.1:", {}, False),
        ("127.0.0.1:99999", {}, False),
    ],
)
def test_passwords_never_go_over_a_network_in_the_clear(listen: str, more: dict[str, object], allowed: bool) -> None:
    chosen = settings({"listen": listen, **more})
    if allowed:
        chosen.check()
    else:
        with pytest.raises(Refused):
            chosen.check()


def test_the_line_counts_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "server.toml"
    file.write_text('listen = "127.0.0.1:1"\nconnections = 3\nfiles = "/srv/desk"\n')
    monkeypatch.setenv("ESCALATION_DESK_LISTEN", "127.0.0.1:2")
    monkeypatch.setenv("ESCALATION_DESK_BEHIND_PROXY", "yes")
    chosen = settings({"files": "here", "listen": None}, file)
    assert chosen == Settings(listen="127.0.0.1:2", connections=3, files="here", behind_proxy=True)
    with pytest.raises(Refused):
        settings({"connections": "many"})
    with pytest.raises(Refused):
        settings({}, tmp_path / "missing.toml")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x", "postgresql+nothing://x"])
def test_what_is_no_address_of_a_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(Refused):
        Database(url)


def test_a_database_that_does_not_answer_is_said_to(tmp_path: Path) -> None:
    away = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}", as_owner=True)
    with pytest.raises(Fault):
        setting_up.set_up(away)
    with pytest.raises(Fault), away.reading():
        pass


def test_accounts_are_refused_in_words(server: Server) -> None:
    server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    stored = "hash"
    for login, scopes in (("linh", ["VN"]), ("LINH", ["VN"]), ("two words", ["VN"]), ("new", []), ("new", ["Mars/t2"])):
        with pytest.raises(Refused):
            accounts.add_user(server.owner, login, stored, ScopeRole.LEAD, scopes)
    for scope in ("VN/", "VN!restricted", "VN/t2!secret", "", "ref", "user/1", "VN/a b"):
        with pytest.raises(Refused):
            accounts.add_scope(server.owner, scope)
    for act in (accounts.disable_user, lambda database, login: accounts.grant(database, login, ScopeRole.LEAD, [])):
        with pytest.raises(Refused):
            act(server.owner, "nobody")
    with pytest.raises(Refused):
        passwords.hashed("short")


def test_a_password_is_known_again_and_only_it(server: Server) -> None:
    stored = passwords.hashed("a long enough password")
    assert passwords.matches(stored, "a long enough password")
    assert not passwords.matches(stored, "a long enough passwort")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", "x")


def test_an_account_becomes_the_person_whom_an_import_has_named(server: Server) -> None:
    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    named = linh.create("user", login="crm.minh", full_name="Minh of the CRM")
    minh = server.person("crm.minh", ScopeRole.SPECIALIST, "VN/t2")
    assert minh.me == named
    assert minh.welcome["user"]["full_name"] == "Minh of the CRM"


@pytest.mark.parametrize(
    ("patterns", "scope", "role"),
    [
        ({"VN/t2": "specialist"}, "VN/t2", "specialist"),
        ({"VN/t2": "specialist"}, "VN/t3", None),
        ({"VN/t2": "specialist"}, "VN/t2!restricted", None),
        ({"VN/*": "lead"}, "VN/t9", "lead"),
        ({"VN/*": "lead"}, "VN/t9!restricted", None),
        ({"VN/*": "lead"}, "ID/t9", None),
        ({"*": "auditor"}, "ID/t9", "auditor"),
        ({"*": "admin"}, "ID/t9!restricted", None),
        ({"*": "admin", "ID/t9!restricted": "viewer"}, "ID/t9!restricted", "viewer"),
        ({"VN/t2": "lead"}, "VN", "specialist"),
        ({"VN/t2": "lead"}, "VN/desk", "specialist"),
        ({"VN/t2": "viewer"}, "VN/desk", "viewer"),
        ({"VN/t2": "lead"}, "ID", None),
        ({"VN/t2": "lead"}, "ref", "lead"),
        ({"VN/t2": "specialist"}, "ref", "specialist"),
        ({"VN/t2": "viewer", "VN/t3": "specialist"}, "VN", "specialist"),
        ({"VN/t2": "specialist"}, "user/me", "specialist"),
        ({"*": "admin"}, "user/you", None),
        ({}, "user/me", None),
        ({}, "ref", None),
    ],
)
def test_a_role_follows_from_memberships(patterns: dict[str, str], scope: str, role: str | None) -> None:
    given = {pattern: next(one for one in ScopeRole if one.value == code) for pattern, code in patterns.items()}
    found = Rights("me", "VN", given).role(scope)
    assert (found.value if found else None) == role


@pytest.fixture
def passable() -> Iterator[Path]:
    """Give a folder that another account may pass through; pytest's own are shut to all others."""
    folder = Path(tempfile.mkdtemp(prefix="desk-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def test_a_trial_keeps_its_data_and_takes_over_what_a_killed_server_left(passable: Path) -> None:
    folder = passable / "a folder" / ("long " * 12)
    first = Trial(folder, durable=False)
    assert first.start()
    try:
        with psycopg.connect(first.url().replace("+psycopg", "")) as made:
            made.execute("CREATE TABLE kept (x int)")
        again = Trial(folder, durable=False)
        assert not again.start()
        assert again.url() == first.url()
        again.stop()
        assert not first.running()
        assert first.start()
        with psycopg.connect(first.url().replace("+psycopg", "")) as made:
            assert made.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        (owner,) = {path.stat().st_uid for path in first.cluster.glob("PG_VERSION")}
        assert owner != 0 or os.geteuid() != 0
    finally:
        first.stop()


def test_nobody_else_can_enter_the_socket_of_a_trial(cluster: Trial) -> None:
    place = Path(cluster.url().split("host=")[1].split("&")[0])
    assert place.stat().st_mode & 0o077 == 0
