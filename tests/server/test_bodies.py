"""Whatever arrives, the server answers with a sentence: too large, packed too well, no JSON; and never with a 5xx."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_desk.server.api.bodies import MOST_PACKED, MOST_UNPACKED
from escalation_desk.server.rights import ScopeRole

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server


@pytest.fixture
def linh(server: Server) -> Desk:
    return server.person("linh", ScopeRole.SPECIALIST, "VN/t2")


def _send(desk: Desk, content: bytes, **headers: str) -> Any:
    return desk.server.http.post("/v1/push", content=content, headers={**desk.headers, **headers})


def test_packed_bodies_are_understood_and_packed_answers_given(linh: Desk) -> None:
    for n in range(30):
        linh.case(title=f"Case {n}")
    body = {"client": linh.client, "schema": 1, "cursors": {}}
    packed = zstandard.compress(json.dumps(body).encode())
    headers = {**linh.headers, "Content-Encoding": "zstd", "Accept-Encoding": "zstd"}
    with linh.server.http.stream("POST", "/v1/pull", content=packed, headers=headers) as answer:
        assert answer.headers["content-encoding"] == "zstd"
        raw = b"".join(answer.iter_raw())
    assert b'"Case 29"' in zstandard.ZstdDecompressor().stream_reader(raw).read()


def test_a_bomb_is_refused_before_it_unfolds(linh: Desk) -> None:
    bomb = zstandard.compress(b'{"mutations":[' + b" " * (50 * MOST_UNPACKED) + b"]}")
    assert len(bomb) < 100_000
    answer = _send(linh, bomb, **{"Content-Encoding": "zstd"})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_a_body_that_is_too_large_is_not_even_read(linh: Desk) -> None:
    assert _send(linh, b" " * (MOST_PACKED + 1)).status_code == 413
    answer = linh.server.http.post("/v1/push", content=iter([b" " * 1_000_000] * 5), headers=linh.headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"{}",
        b'{"client": 7}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"mutations": NaN}',
        b"1" * 10_000,
    ],
)
def test_what_is_no_message_is_answered_so(linh: Desk, content: bytes) -> None:
    for path in ("/v1/push", "/v1/pull", "/v1/presence", "/v1/auth/sign-in", "/v1/auth/refresh"):
        answer = linh.server.http.post(path, content=content, headers=linh.headers)
        assert answer.status_code in {400, 200 if path == "/v1/presence" else 400}
        if answer.status_code == 400:
            assert answer.json()["why"]


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "br", "zstd, zstd"])
def test_what_is_packed_in_another_way_is_refused(linh: Desk, encoding: str) -> None:
    assert _send(linh, b"no such thing", **{"Content-Encoding": encoding}).status_code in {400, 415}


def test_a_workstation_too_old_may_read_and_not_push(server: Server, linh: Desk) -> None:
    server.rows("UPDATE server_meta SET min_schema = 2 RETURNING 1")
    entry = linh.entry()
    answer = linh.try_push(entry)
    assert (answer.status_code, answer.json()["error"]) == (426, "too_old")
    assert linh.pull().min_schema == 2
    assert linh.pull().last_mid == 0


_TEXT = st.text(max_size=6) | st.sampled_from(["\x00", "\ud800", "2026-11-24T10:00:00Z", "9999-12-31T23:59:59Z"])
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_IDS = st.sampled_from([str(uuid.UUID(int=n)) for n in range(4)])
_CHANGE = st.tuples(
    st.sampled_from(["case", "message", "user", "team", "conflict", "attachment", "ghost"]) | _ANY,
    _IDS | _ANY,
    st.sampled_from(["create", "set", "delete", "restore"]) | _ANY,
    st.sampled_from(["title", "status", "tags", "severity", "owner", "due_at", "case", "team", "sha256"]) | _ANY,
    _ANY,
    _ANY
    | st.dictionaries(st.sampled_from(["title", "case", "team", "market", "owner", "restricted", "body"]), _ANY | _IDS),
)
_MUTATION = st.fixed_dictionaries(
    {"mid": st.integers(1, 3) | _ANY, "entry": _IDS | _ANY, "title": _ANY, "places": st.just({}) | _ANY},
    optional={
        "kind": st.just("do") | _ANY,
        "at": st.just("2026-11-24T10:00:00Z") | _ANY,
        "changes": st.lists(_CHANGE, max_size=4) | _ANY,
        "part": st.integers() | _ANY,
        "parts": st.integers(1, 3) | _ANY,
    },
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(mutations=st.lists(_MUTATION, max_size=3) | _ANY, at=_ANY, cursors=_ANY)
def test_no_message_however_odd_makes_the_server_stumble(linh: Desk, mutations: Any, at: Any, cursors: Any) -> None:
    said = {"client": linh.client, "schema": 1, "mutations": mutations, "at": at}
    assert _send(linh, json.dumps(said).encode()).status_code in {200, 400}
    said = {"client": linh.client, "schema": 1, "cursors": cursors, "limit": at, "epoch": at, "mid": at}
    answer = linh.server.http.post("/v1/pull", content=json.dumps(said).encode(), headers=linh.headers)
    assert answer.status_code in {200, 400, 410}


def test_patterns_and_invented_scopes_have_no_snapshot(server: Server) -> None:
    boss = server.person("boss", ScopeRole.ADMIN, "*", "VN/*")
    for scope in ("*", "VN/*", "VN/x%0AID/t9", "ID/t99", "user/1"):
        assert boss.get(f"/v1/snapshot/{scope}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/v1/poke?wait=nan",
        "/v1/poke?wait=-inf",
        "/v1/poke?wait=soon",
        "/v1/poke?wait=0&after=99999999999999999999999",
        "/v1/poke?wait=0&after=x",
        "/v1/history/%00",
        "/v1/history/../../etc/passwd",
        "/v1/snapshot/%00",
        "/v1/snapshot/VN/*",
        "/v1/snapshot/*",
        "/v1/snapshot/VN/nobody has this%0Aref",
        "/v1/blob/..%2f..%2fetc%2fpasswd",
        f"/v1/blob/{'A' * 64}",
        "/v1/push",
        "/nothing/here",
    ],
)
def test_odd_addresses_are_answered_too(linh: Desk, path: str) -> None:
    answer = linh.get(path)
    assert answer.status_code < 500
    assert answer.status_code == 200 or answer.json()["why"]


def test_sentences_come_without_anybodys_data_in_the_log(linh: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    linh.case(title="a very private title")
    linh.sign_in("linh", "a very private password")
    linh.get(f"/v1/history/{uuid.uuid4()}")
    said = str([(record.getMessage(), record.__dict__.get("said")) for record in caplog.records])
    assert "/v1/history/{record}" in said
    assert "private" not in said
    assert linh.me not in said


def test_health_and_measures_are_told(linh: Desk) -> None:
    linh.case()
    assert linh.server.http.get("/healthz").json() == {"ok": True}
    told = linh.server.http.get("/metrics").text
    assert 'escalation_desk_mutations_total{state="applied"} 1.0' in told
    assert 'path="/v1/push",status="200"' in told


def test_the_api_describes_itself(server: Server) -> None:
    described = server.http.get("/openapi.json").json()
    assert {"/v1/push", "/v1/pull", "/v1/auth/sign-in", "/v1/blob/{sha256}"} <= described["paths"].keys()
    assert described["paths"]["/v1/push"]["post"]["requestBody"]


def test_the_bytes_of_an_attachment_come_in_pieces_are_checked_and_given_back(linh: Desk) -> None:
    content = b"evidence " * 1000
    sha = hashlib.sha256(content).hexdigest()
    path, http = f"/v1/blob/{sha}", linh.server.http
    assert http.put(path, content=content, headers=linh.headers).status_code == 404
    linh.create("attachment", case=linh.case(), file_name="a.txt", sha256=sha, size=len(content))
    assert http.put(path, content=content[:4000], headers=linh.headers).json() == {"offset": 4000, "complete": False}
    assert http.head(path, headers=linh.headers).headers["upload-offset"] == "4000"
    assert http.put(path, content=content[:4000], headers=linh.headers).json()["offset"] == 4000
    more = {**linh.headers, "Upload-Offset": "4000"}
    assert http.put(path, content=content[4000:], headers=more).json() == {"offset": 9000, "complete": True}
    assert linh.get(path).content == content
    part = http.get(path, headers={**linh.headers, "Range": "bytes=9-16"})
    assert (part.status_code, part.content) == (206, b"evidence")


def test_other_bytes_than_the_attachments_are_thrown_away(linh: Desk) -> None:
    sha = hashlib.sha256(b"right").hexdigest()
    linh.create("attachment", case=linh.case(), file_name="a.txt", sha256=sha, size=5)
    wrong = linh.server.http.put(f"/v1/blob/{sha}", content=b"wrong", headers=linh.headers)
    assert (wrong.status_code, wrong.json()["error"]) == (422, "damaged")
    assert linh.server.http.put(f"/v1/blob/{sha}", content=b"too long", headers=linh.headers).status_code == 413
    assert linh.server.http.put(f"/v1/blob/{sha}", content=b"right", headers=linh.headers).json()["complete"]


def test_a_snapshot_holds_the_scope_as_of_its_number(linh: Desk) -> None:
    cases = {linh.case(title=f"Case {n}") for n in range(5)}
    answer = linh.get("/v1/snapshot/VN/desk")
    assert hashlib.sha256(answer.content).hexdigest() == answer.headers["x-sha256"]
    lines = zstandard.ZstdDecompressor().stream_reader(answer.content).read().splitlines()
    rows = [json.loads(line)["row"] for line in lines[:-1]]
    assert {row[4] for row in rows} == cases
    end = json.loads(lines[-1])["end"]
    assert (end["cursor"], end["epoch"]) == (int(answer.headers["x-cursor"]), answer.headers["x-epoch"])
    later = linh.case(title="Later")
    linh.cursors = {"VN/desk": end["cursor"]}
    linh.pull()
    assert later in linh.records
    assert not cases & linh.records.keys()


def test_who_waits_for_news_is_woken_by_a_push_and_by_nothing_else(server: Server, linh: Desk) -> None:
    after = linh.get("/v1/poke?wait=0").json()["after"]
    assert linh.get(f"/v1/poke?wait=0.2&after={after}").json()["changed"] is False
    other = server.person("ayu", ScopeRole.SPECIALIST, "ID/t9")
    after = linh.get("/v1/poke?wait=1").json()["after"]
    other.case(market="ID")
    assert linh.get(f"/v1/poke?wait=0.5&after={after}").json()["changed"] is False
    after = linh.get("/v1/poke?wait=0").json()["after"]
    linh.case()
    assert linh.get(f"/v1/poke?wait=20&after={after}").json()["changed"] is True


def test_people_see_who_else_has_a_case_open(server: Server, linh: Desk) -> None:
    minh = server.person("minh", ScopeRole.SPECIALIST, "VN/t2")
    case = linh.case()
    assert linh.post("/v1/presence", {"case": case}).json() == {"present": {}}
    assert minh.post("/v1/presence", {"case": case}).json() == {"present": {case: ["Linh"]}}
    assert linh.post("/v1/presence", {"case": None}).json() == {"present": {case: ["Minh"]}}
    assert minh.post("/v1/presence", {"case": case}).json() == {"present": {}}
