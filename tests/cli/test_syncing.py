"""Share a desk from the command line: sign in, exchange, look at conflicts and settle them, with a real server."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
import uvicorn

from escalation_desk.server import accounts
from escalation_desk.server.rights import ScopeRole
from tests.server.conftest import cluster, server, url  # noqa: F401 - fixtures are found by being here.
from tests.server.serving import PASSWORD, STORED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Answer
    from tests.server.serving import Server

    Typed = Callable[..., Answer]


@pytest.fixture
def address(server: Server) -> Iterator[str]:  # noqa: F811 - the fixture above.
    """Let the application listen on a port of this computer."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        # The test client has begun the application's life already.
        serving = uvicorn.Server(uvicorn.Config(server.app, lifespan="off", log_config=None))
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not serving.started and time.monotonic() < until:
            thread.join(0.01)
        yield f"http://127.0.0.1:{port}"
        serving.should_exit = True
        thread.join(10)


@pytest.fixture
def typed(cli: Typed) -> Typed:
    """Type a command; the last `--data` counts."""
    return lambda *arguments: cli(*map(str, arguments))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n", "utf-8")
    return path


@pytest.fixture
def people(server: Server) -> None:  # noqa: F811 - the fixture above.
    for login in ("linh", "minh"):
        accounts.add_user(server.owner, login, STORED, ScopeRole.LEAD, ["VN/t2"], full_name=login.title())


def _number(typed: Typed, folder: Path, title: str) -> str:
    listed = typed("--data", folder, "list", "cases", "--view", "everything", "--json").json
    return next(str(one["case_no"]) for one in listed["items"] if one["title"] == title)


def test_two_desks_share_a_case_and_settle_a_conflict(
    typed: Typed, address: str, secret: Path, people: None, tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, name in ((one, "linh"), (other, "minh")):
        said = typed("--data", folder, "sign-in", address, "--user", name, "--password-file", secret).done
        assert name.title() in said
    csv = tmp_path / "crm.csv"
    csv.write_text("Ticket ID,Subject,Description\n77,Parcel lost,Where is it\n", "utf-8")
    typed("--data", one, "import", csv)
    first = typed("--data", one, "sync", "--json").json
    assert first["pushed"] >= 1
    assert (first["conflicts"], first["refused"], first["waiting"]) == (0, 0, 0)
    assert typed("--data", other, "sync", "--json").json["pulled"] >= 1
    number = _number(typed, other, "Parcel lost")
    assert typed("--data", one, "set", "case", number, "title=Theirs").code == 0
    assert typed("--data", other, "set", "case", number, "title=Mine").code == 0
    typed("--data", one, "sync", "--json")
    assert typed("--data", other, "sync", "--json").json["conflicts"] == 1
    (conflict,) = typed("--data", other, "conflicts", "--json").json
    assert (conflict["base"], conflict["theirs"], conflict["mine"]) == ("Parcel lost", "Theirs", "Mine")
    assert "Theirs" in typed("--data", other, "conflicts").done
    assert typed("--data", other, "resolve", conflict["id"][:13], "--take", "mine").code == 0
    typed("--data", other, "sync")
    typed("--data", one, "sync")
    assert _number(typed, one, "Mine") == number
    assert typed("--data", one, "conflicts", "--json").json == []


def test_a_desk_alone_says_how_to_share_it(typed: Typed, tmp_path: Path) -> None:
    assert "sign-in" in typed("--data", tmp_path / "alone", "sync").refusal


def test_a_wrong_password_changes_nothing(typed: Typed, address: str, people: None, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not this one", "utf-8")
    folder = tmp_path / "desk"
    assert typed("--data", folder, "sign-in", address, "--user", "linh", "--password-file", wrong).code == 1
    assert "sign-in" in typed("--data", folder, "sync").refusal


def test_a_server_that_does_not_answer_is_said_and_nothing_is_lost(
    typed: Typed,
    address: str,
    secret: Path,
    people: None,
    tmp_path: Path,
    server: Server,  # noqa: F811
) -> None:
    folder = tmp_path / "desk"
    typed("--data", folder, "sign-in", "http://127.0.0.1:9", "--user", "linh", "--password-file", secret)
    refused = typed("--data", folder, "sign-in", "http://127.0.0.1:9", "--user", "linh", "--password-file", secret)
    assert "does not answer" in refused.refusal
