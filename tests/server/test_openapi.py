"""Whatever the description of the API lets anybody ask, the server answers; a 5xx would be a bug of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.server.rights import ScopeRole

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.server.serving import Desk, Server

# Each of the other wrong passwords takes most of a second, on purpose.
EXAMPLES = {"/v1/auth/sign-in": 5, "/v1/push": 40, "/v1/pull": 30}


@pytest.fixture
def boss(server: Server) -> Desk:
    boss = server.person("boss", ScopeRole.ADMIN, "*", "VN/*", "VN/t2")
    boss.case(title="Something to find")
    return boss


def described(server: Server) -> dict[str, Any]:
    said: dict[str, Any] = server.app.openapi()
    return said


def ask(boss: Desk, case: Case[Any], own: bool) -> int:
    """Send what was made up, as somebody who is signed in; with the own workstation, so that it gets further."""
    if isinstance(case.body, dict) and own and "client" in case.body:
        case.body["client"] = boss.client
    waits = {"wait": 0} if "poke" in case.path else {}  # Or it would wait, as asked.
    answer = boss.server.http.request(
        case.method, case.formatted_path, params={**(case.query or {}), **waits}, headers=boss.headers, **sent(case)
    )
    return answer.status_code


def sent(case: Case[Any]) -> dict[str, Any]:
    if isinstance(case.body, str | bytes):
        return {"content": case.body}
    return {"json": case.body} if isinstance(case.body, dict | list) else {}


@pytest.mark.parametrize("path", ["/v1/push", "/v1/pull", "/v1/auth/sign-in", "/v1/auth/refresh", "others"])
def test_nothing_that_fits_the_description_makes_the_server_stumble(boss: Desk, path: str) -> None:
    schema = schemathesis.openapi.from_dict(described(boss.server))
    apart = {*EXAMPLES, "/v1/auth/refresh", "/v1/auth/sign-out"}
    every: list[Any] = [one.ok() for one in cast("Any", schema.get_all_operations())]
    operations = [one for one in every if one.path == path or (path == "others" and one.path not in apart)]
    assert operations
    cases = st.one_of([one.as_strategy() for one in operations])

    @settings(max_examples=EXAMPLES.get(path, 40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=cases, own=st.booleans())
    def prove(case: Case[Any], own: bool) -> None:
        assert ask(boss, case, own) < 500

    prove()
