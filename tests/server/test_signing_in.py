"""Passwords and tokens: what is right counts, what was used, ended, shut out or guessed does not."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from escalation_desk.server import accounts, limits
from escalation_desk.server.rights import ScopeRole

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server


@pytest.fixture
def linh(server: Server) -> Desk:
    return server.person("linh", ScopeRole.SPECIALIST, "VN/t2")


def test_signing_in_tells_who_one_is_and_where_one_works(linh: Desk) -> None:
    assert linh.welcome["user"]["full_name"] == "Linh"
    own = f"user/{linh.me}"
    assert linh.welcome["scopes"] == dict.fromkeys(["ref", "VN", "VN/t2", own], "specialist")
    assert {"epoch", "min_schema", "schema", "server_time", "access_seconds"} <= linh.welcome.keys()


@pytest.mark.parametrize(("login", "password"), [("linh", "wrong"), ("nobody", "wrong"), ("linh", ""), ("", "")])
def test_a_wrong_password_and_a_wrong_login_are_answered_alike(linh: Desk, login: str, password: str) -> None:
    answer = linh.sign_in(login, password)
    assert (answer.status_code, answer.json()["error"]) == (401, "credentials")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic bGluaDp4", "Bearer \x7f"])
def test_without_a_right_token_nothing_is_answered(linh: Desk, header: str) -> None:
    answer = linh.server.http.get("/v1/poke?wait=0", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["error"]) == (401, "unknown")


def test_a_refresh_token_counts_once_and_coming_with_it_again_ends_the_session(linh: Desk) -> None:
    first = linh.server.http.post("/v1/auth/refresh", json={"refresh": linh.refresh})
    assert first.status_code == 200
    linh.access = first.json()["access"]
    assert linh.get("/v1/poke?wait=0").status_code == 200
    again = linh.server.http.post("/v1/auth/refresh", json={"refresh": linh.refresh})
    assert (again.status_code, again.json()["error"]) == (401, "revoked")
    assert linh.get("/v1/poke?wait=0").json()["error"] == "revoked"
    assert linh.server.http.post("/v1/auth/refresh", json={"refresh": first.json()["refresh"]}).status_code == 401


def test_a_lost_answer_to_a_refresh_is_given_anew_and_the_lost_tokens_count_no_more(linh: Desk) -> None:
    lost = linh.server.http.post("/v1/auth/refresh", json={"refresh": linh.refresh}).json()
    again = linh.server.http.post("/v1/auth/refresh", json={"refresh": linh.refresh})
    assert again.status_code == 200
    linh.access = lost["access"]
    assert linh.get("/v1/poke?wait=0").json()["error"] == "revoked"
    assert linh.server.http.post("/v1/auth/refresh", json={"refresh": lost["refresh"]}).status_code == 401
    linh.access = again.json()["access"]
    assert linh.get("/v1/poke?wait=0").status_code == 200


def test_tokens_are_kept_as_their_hash_only(server: Server, linh: Desk) -> None:
    kept = server.rows("SELECT session::text, account::text FROM session, account")
    assert linh.access not in str(kept)
    assert "a long enough password" not in str(kept)


def test_an_access_token_is_over_after_its_time(server: Server, linh: Desk) -> None:
    server.rows("UPDATE session SET access_until = now() - interval '1 second' RETURNING 1")
    assert linh.get("/v1/poke?wait=0").json()["error"] == "expired"


def test_signing_out_ends_the_session(linh: Desk) -> None:
    assert linh.post("/v1/auth/sign-out", {}).status_code == 200
    assert linh.get("/v1/poke?wait=0").json()["error"] == "revoked"


def test_a_workstation_that_was_shut_out_is_told_so_and_cannot_come_back(server: Server, linh: Desk) -> None:
    accounts.revoke(server.owner, linh.client)
    server.app.state.sessions.forget()  # Half a minute later.
    for answer in (linh.get("/v1/poke?wait=0"), linh.try_push(), linh.try_pull(), linh.sign_in("linh")):
        assert (answer.status_code, answer.json()["error"]) == (403, "revoked")
    assert server.desk("linh").pull().complete


def test_what_is_remembered_of_a_token_is_forgotten_within_half_a_minute() -> None:
    from escalation_desk.server import sessions

    assert sessions._REMEMBERED <= 30


def test_a_disabled_account_is_out_and_back_after_a_reset(server: Server, linh: Desk) -> None:
    accounts.disable_user(server.owner, "linh")
    server.app.state.sessions.forget()
    assert linh.try_pull().json()["error"] == "revoked"
    assert linh.sign_in("linh").status_code == 401
    accounts.reset_password(server.owner, "linh", "quite another password")
    assert linh.sign_in("linh").status_code == 401
    assert linh.sign_in("linh", "quite another password").status_code == 200


def test_a_workstation_that_holds_somebody_elses_desk_is_refused(server: Server, linh: Desk) -> None:
    server.person("minh", ScopeRole.SPECIALIST, "VN/t2")
    assert linh.sign_in("minh").json()["error"] == "somebody_elses"
    body = {"client": str(uuid.uuid4()), "schema": 1, "mutations": []}
    assert linh.post("/v1/push", body).json()["error"] == "not_yours"


def test_guessing_is_slowed_down_and_never_for_longer_than_a_minute(server: Server, linh: Desk) -> None:
    answers = [server.http.post("/v1/auth/sign-in", json=_guess(n)) for n in range(limits.FREE + 200)]
    assert [one.status_code for one in answers[: limits.FREE]] == [401] * limits.FREE
    assert answers[-1].status_code == 429
    looked_at = sum(one.status_code == 401 for one in answers)
    assert looked_at <= limits.FREE + 12
    assert all(int(one.headers["Retry-After"]) <= 60 for one in answers if one.status_code == 429)
    server.rows("UPDATE attempt SET last_at = last_at - interval '61 seconds' RETURNING 1")
    assert linh.sign_in("linh").status_code == 200


def _guess(n: int) -> dict[str, str]:
    return {"login": "linh", "password": f"guess {n}", "device": "x", "client": str(uuid.UUID(int=n))}


def test_what_others_do_to_a_login_does_not_hold_up_a_workstation_that_knows_it(server: Server, linh: Desk) -> None:
    with server.database.writing() as cursor:
        elsewhere = limits.keys("203.0.113.9", "linh", known=False)
        for _ in range(limits.FREE + 5):
            limits.wait(cursor, elsewhere)
            cursor.execute("UPDATE attempt SET last_at = now() - interval '2 minutes'")
        cursor.execute("UPDATE attempt SET last_at = now()")
        assert limits.wait(cursor, limits.keys("203.0.113.10", "linh", known=False)) > 0
        assert limits.wait(cursor, limits.keys("203.0.113.10", "linh", known=True)) == 0
    assert linh.sign_in("linh").status_code == 200
