"""Nobody reads or changes what is not theirs: every question × every role × another's scope, both fences apart."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest

from escalation_desk.server import fences
from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync.messages import Change

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server

SECRET = "the secret of the other team"  # noqa: S105 - nobody's.
CONTENT = b"bytes of the other team"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=[True, False], ids=["with row-level security", "without"])
def fenced(request: pytest.FixtureRequest, server: Server) -> bool:
    if not request.param:
        with server.owner.writing() as cursor:
            for table in fences.POLICIES:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'.encode())
    return bool(request.param)


@pytest.fixture
def other(server: Server) -> Desk:
    return server.person("other", ScopeRole.LEAD, "ID/t9", "ID/t9!restricted")


def _secrets(other: Desk) -> list[str]:
    """Make a case, a restricted case and an attachment, and what hangs on them."""
    team = other.welcome["user"]["team"]
    case = other.case(market="ID", team=team, title=SECRET, crm="zendesk", crm_number="4711")
    hidden = other.case(market="ID", team=team, title=SECRET, restricted=True)
    note = other.create("message", case=case, body=SECRET)
    seller = other.create("seller", shop_name="Mây", market="ID", external_ids=["tiktok:9"])
    file = other.create("attachment", case=case, file_name=SECRET, sha256=SHA, size=len(CONTENT))
    put = other.server.http.put(f"/v1/blob/{SHA}", content=CONTENT, headers=other.headers)
    assert put.json() == {"offset": len(CONTENT), "complete": True}
    other.post("/v1/presence", {"case": case})
    return [case, hidden, note, seller, file]


@pytest.mark.parametrize("role", list(ScopeRole), ids=str)
def test_no_answer_holds_anything_of_a_scope_that_is_not_granted(
    server: Server, other: Desk, fenced: bool, role: ScopeRole
) -> None:
    records = _secrets(other)
    spy = server.person("spy", role, "VN/*", "ID/t8")
    answers = [
        spy.try_pull(),
        spy.try_pull(cursors={"ID/t9": 0, "ID/t9!restricted": 1}, epoch=spy.welcome["epoch"]),
        spy.post("/v1/presence", {"case": records[0]}),
        spy.post("/v1/presence", {"case": None}),
        spy.get("/v1/snapshot/ID/t9"),
        spy.get("/v1/snapshot/ID/t9!restricted"),
        spy.get(f"/v1/blob/{SHA}"),
        server.http.head(f"/v1/blob/{SHA}", headers=spy.headers),
        server.http.put(f"/v1/blob/{SHA}", content=CONTENT, headers=spy.headers),
        *(spy.get(f"/v1/history/{record}") for record in records if record != records[3]),
    ]
    for answer in answers:
        assert SECRET not in answer.text
        assert CONTENT not in answer.content
        assert not [record for record in records if record != records[3] and record in answer.text]
        assert other.me not in answer.text or answer.request.url.path == "/v1/pull"  # People are everybody's.


@pytest.mark.parametrize("role", list(ScopeRole), ids=str)
def test_nothing_of_a_scope_that_is_not_granted_is_changed(
    server: Server, other: Desk, fenced: bool, role: ScopeRole
) -> None:
    records = _secrets(other)
    spy = server.person("spy", role, "VN/*", "VN/t2")
    team = other.welcome["user"]["team"]
    attempts = [
        Change("case", records[0], "set", "title", SECRET, "mine"),
        Change("case", records[0], "delete", None, 1, None),
        Change("case", records[0], "create", None, None, {"title": "mine"}),
        Change("case", records[1], "set", "restricted", True, False),
        Change("message", records[2], "set", "pinned", False, True),
        Change("message", str(uuid.uuid4()), "create", None, None, {"case": records[0], "body": "x"}),
        Change(
            "attachment", str(uuid.uuid4()), "create", None, None, {"case": records[0], "file_name": "x", "sha256": SHA}
        ),
        Change("case", str(uuid.uuid4()), "create", None, None, {"title": "x", "market": "ID", "team": team}),
        Change(
            "case",
            str(uuid.uuid4()),
            "create",
            None,
            None,
            {"title": "x", "market": "ID", "team": team, "restricted": True},
        ),
        Change(
            "view",
            str(uuid.uuid4()),
            "create",
            None,
            None,
            {"title": "x", "about": "case", "owner": other.me, "definition": {"kind": "case"}},
        ),
        Change("conflict", str(uuid.uuid4()), "create", None, None, {"about": records[0], "about_kind": "case"}),
    ]
    before = server.rows("SELECT id, ver, data FROM record WHERE left(scope, 3) = 'ID/' ORDER BY id")
    outcomes = spy.push(*(spy.entry(attempt) for attempt in attempts))
    assert [one.state for one in outcomes] == ["refused"] * len(attempts)
    assert server.rows("SELECT id, ver, data FROM record WHERE left(scope, 3) = 'ID/' ORDER BY id") == before


@pytest.mark.parametrize("role", [ScopeRole.VIEWER, ScopeRole.AUDITOR], ids=str)
def test_who_may_only_read_changes_nothing(server: Server, fenced: bool, role: ScopeRole) -> None:
    linh, reader = server.person("linh", ScopeRole.SPECIALIST, "VN/t2"), server.person("reader", role, "VN/t2")
    case = linh.case(team=linh.welcome["user"]["team"])
    assert reader.data(case)["title"] == "Wrong item"
    assert reader.set(case, title=("Wrong item", "x")).state == "refused"
    assert reader.do(Change("seller", str(uuid.uuid4()), "create", None, None, {"shop_name": "x"})).state == "refused"
    assert linh.data(case)["title"] == "Wrong item"


def test_only_leads_change_people_teams_and_reasons_and_everybody_their_own_language(server: Server) -> None:
    linh, lead = server.person("linh", ScopeRole.SPECIALIST, "VN/t2"), server.person("lan", ScopeRole.LEAD, "VN/t2")
    assert linh.set(lead.me, "user", full_name=("Lan", "Nobody")).state == "refused"
    assert linh.set(linh.me, "user", roles=(["specialist"], ["admin"])).state == "refused"
    assert linh.set(linh.me, "user", locale=("en", "vi")).state == "applied"
    assert lead.set(linh.me, "user", full_name=("Linh", "Linh Nguyễn")).state == "applied"
    assert linh.do(Change("reason", str(uuid.uuid4()), "create", None, None, {"code": "X"})).state == "refused"
    assert linh.do(Change("user", str(uuid.uuid4()), "create", None, None, {"login": "crm.agent"})).state == "applied"


def test_the_servers_role_sees_nothing_unless_a_transaction_says_what(server: Server, other: Desk) -> None:
    _secrets(other)
    for table in fences.POLICIES:
        with server.database.reading(["VN"]) as cursor:
            assert cursor.execute(f'SELECT count(*) FROM "{table}"'.encode()).fetchall() == [(0,)]


@pytest.mark.parametrize(
    "statement", ["UPDATE change SET seq = 9", "DELETE FROM change", "TRUNCATE change", "DELETE FROM audit"]
)
def test_what_happened_cannot_be_rewritten_by_the_server_nor_by_accident_by_its_owner(
    server: Server, other: Desk, statement: str
) -> None:
    for database in (server.database, server.owner):
        with pytest.raises(psycopg.Error), database.writing() as cursor:
            cursor.execute(statement.encode())


def test_personal_data_can_be_erased_from_the_history_and_the_chain_still_holds(server: Server, other: Desk) -> None:
    from escalation_desk.server.checking import problems

    case = other.case(market="ID", title=SECRET)
    with server.owner.writing() as cursor:
        cursor.execute("UPDATE change SET patch = NULL WHERE record = %s", (case,))
    assert problems(server.owner) == []


def test_a_rewritten_history_is_found(server: Server, other: Desk) -> None:
    from escalation_desk.server.checking import problems

    other.case(market="ID", title=SECRET)
    assert problems(server.owner) == []
    with server.owner.writing() as cursor:
        cursor.execute("ALTER TABLE change DISABLE TRIGGER ALL")
        cursor.execute(
            """UPDATE change SET patch = replace(patch::text, 'secret', 'public')::json WHERE kind = 'case'"""
        )
    assert any("rewritten" in problem for problem in problems(server.owner))
