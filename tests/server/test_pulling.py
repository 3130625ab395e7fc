"""The feed: each record at its newest number, resumable, as of one moment, and only what is granted."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING

import pytest

from escalation_desk.server import accounts, setting_up
from escalation_desk.server.pulling import Asked, pull
from escalation_desk.server.rights import Rights, ScopeRole
from escalation_desk.server.sessions import rights_of
from escalation_desk.server.taking.pushing import Sender, push
from escalation_desk.sync.messages import Change, mark, total

if TYPE_CHECKING:
    from tests.server.serving import Desk, Server


@pytest.fixture
def linh(server: Server) -> Desk:
    return server.person("linh", ScopeRole.SPECIALIST, "VN/t2")


def test_a_page_goes_on_where_the_one_before_ended(linh: Desk) -> None:
    cases = {linh.case(title=f"Case {n}") for n in range(23)}
    answer = linh.try_pull(limit=5)
    rows = [line for line in answer.text.splitlines() if line.startswith('{"row"')]
    assert len(rows) == 5
    linh.pull(limit=5)
    assert cases <= linh.records.keys()


def test_a_record_comes_once_at_its_newest_number_however_often_it_changed(linh: Desk) -> None:
    case = linh.case(title="0")
    for n in range(9):
        linh.set(case, title=(str(n), str(n + 1)))
    text = linh.try_pull().text
    assert text.count(f'"{case}",10,') == 1


def test_idle_pulls_bring_nothing(linh: Desk) -> None:
    linh.case()
    linh.pull()
    assert linh.try_pull().text.count("\n") == 1


def test_postgresql_compiles_no_questions(server: Server) -> None:
    with server.database.reading() as cursor:
        assert cursor.execute("SHOW jit").fetchone() == ("off",)


def test_an_entry_that_touches_several_scopes_is_told_to_each_as_far_as_it_is_theirs(
    server: Server, linh: Desk
) -> None:
    other = server.person("ayu", ScopeRole.SPECIALIST, "VN/t3")
    seller, case = str(uuid.uuid4()), str(uuid.uuid4())
    linh.do(
        Change("seller", seller, "create", None, None, {"shop_name": "Mây", "market": "VN"}),
        Change("case", case, "create", None, None, {"title": "Late", "team": linh.welcome["user"]["team"]}),
    )
    other.pull()
    (entry,) = [one for one in other.entries if any(change.record == seller for change in one.changes)]
    assert [change.record for change in entry.changes] == [seller]
    assert case not in other.records


def test_a_moved_case_leaves_one_team_and_comes_to_the_other_with_all_that_hangs_on_it(server: Server) -> None:
    lead = server.person("lan", ScopeRole.LEAD, "VN/t2", "VN/t3")
    linh, ayu = (
        server.person("linh", ScopeRole.SPECIALIST, "VN/t2"),
        server.person("ayu", ScopeRole.SPECIALIST, "VN/t3"),
    )
    t2, t3 = linh.welcome["user"]["team"], ayu.welcome["user"]["team"]
    case = linh.case(team=t2)
    note = linh.create("message", case=case, body="Called them.")
    linh.pull()
    assert {case, note} <= linh.records.keys()
    ayu.pull()
    assert not {case, note} & ayu.records.keys()
    assert lead.set(case, team=(t2, t3)).state == "applied"
    linh.pull()
    assert not {case, note} & linh.records.keys()
    assert {ayu.data(case)["team"], ayu.records[note].scope} == {t3, "VN/t3"}
    assert lead.set(case, team=(t3, t2)).state == "applied"
    assert linh.data(case)["team"] == t2
    ayu.pull()
    assert not {case, note} & ayu.records.keys()


def test_a_case_that_becomes_restricted_is_gone_for_everybody_who_was_not_let_in(server: Server) -> None:
    lead = server.person("lan", ScopeRole.LEAD, "VN/t2")
    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/*")
    trusted = server.person("thu", ScopeRole.SPECIALIST, "VN/t2", "VN/t2!restricted")
    case = linh.case(team=lead.welcome["user"]["team"])
    assert linh.set(case, restricted=(None, True)).state == "refused"
    assert lead.set(case, restricted=(False, True)).state == "applied"
    linh.pull()
    assert case not in linh.records
    assert linh.get(f"/v1/history/{case}").status_code == 404
    assert trusted.data(case)["restricted"] is True
    new = server.desk("linh")
    new.pull()
    assert not [one for one in new.entries for change in one.changes if change.record == case]


def test_a_newly_granted_scope_begins_at_nothing_and_a_lost_one_is_not_named_any_more(
    server: Server, linh: Desk
) -> None:
    ayu = server.person("ayu", ScopeRole.SPECIALIST, "VN/t3")
    case = ayu.case(team=ayu.welcome["user"]["team"])
    linh.pull()
    accounts.grant(server.owner, "linh", ScopeRole.VIEWER, ["VN/t3"])
    server.app.state.sessions.forget()
    assert linh.pull().scopes["VN/t3"] == "viewer"
    assert case in linh.records
    accounts.withdraw(server.owner, "linh", ["VN/t3"])
    server.app.state.sessions.forget()
    assert "VN/t3" not in linh.pull().scopes


def test_cursors_of_another_life_of_the_server_begin_anew(server: Server, linh: Desk) -> None:
    linh.case()
    epoch = linh.pull().epoch
    setting_up.begin_epoch(server.owner)
    answer = linh.try_pull(epoch=epoch)
    assert answer.status_code == 410
    assert "VN/desk" in answer.json()["scopes"]
    assert answer.json()["error"] == "floor"


def test_a_cursor_from_beyond_what_is_there_begins_anew(linh: Desk) -> None:
    linh.case()
    linh.pull()
    assert linh.try_pull(cursors={"VN/desk": 99}).status_code == 410


def test_the_outcome_of_a_push_whose_answer_was_lost_comes_with_the_pull(linh: Desk) -> None:
    linh.push(linh.entry(Change("case", str(uuid.uuid4()), "set", "title", None, "x")))
    (outcome,) = linh.pull().outcomes
    assert (outcome.mid, outcome.state) == (1, "refused")
    assert linh.pull(mid=1).outcomes == ()


@pytest.mark.parametrize("pushers", [16])
def test_a_reader_misses_nothing_while_many_push_to_one_scope(server: Server, pushers: int) -> None:
    """Small form of the soak: each pusher is a thread with its own connection, the reader polls all the time."""
    linh = server.person("linh", ScopeRole.SPECIALIST, "VN/t2")
    with server.owner.writing() as cursor:
        rights = rights_of(cursor, linh.me)
        clients = [str(uuid.uuid4()) for _ in range(pushers)]
        for client in clients:
            cursor.execute("INSERT INTO client (id, account, device) VALUES (%s, %s, 'x')", (client, linh.me))
    threads = [threading.Thread(target=_push_many, args=(server, rights, client)) for client in clients]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        linh.pull()
    for thread in threads:
        thread.join()
    trailer = linh.pull()
    cases = [row for row in linh.records.values() if row.kind == "case"]
    assert len(cases) == pushers * 12
    assert (len(cases), total(mark(row.record, row.version) for row in cases)) == trailer.checks["VN/desk"]
    assert server.rows("SELECT array_agg(seq ORDER BY seq) FROM change WHERE scope = 'VN/desk'") == [
        (list(range(1, pushers * 12 + 1)),)
    ]


def _push_many(server: Server, rights: Rights, client: str) -> None:
    for mid in range(1, 13):
        change = Change("case", str(uuid.uuid4()), "create", None, None, {"title": f"{mid}"})
        said = {"mid": mid, "entry": str(uuid.uuid4()), "title": "x", "places": {}, "kind": "do"}
        said |= {"at": "2026-11-24T10:00:00Z", "changes": [list(change)]}
        done = push(server.database, Sender(client, rights), [said])
        assert done.last_mid == mid


def test_all_of_a_pull_is_as_of_one_moment(server: Server, linh: Desk) -> None:
    """What is pushed between the first question and the last is not half there."""
    linh.case()
    rights = Rights(linh.me, "VN", {"VN/t2": ScopeRole.SPECIALIST})
    lines = list(pull(server.database, rights, Asked(linh.client, None, {})))
    assert lines[-1].startswith(b'{"end"')


def test_a_creation_that_stands_in_its_row_is_told_once_and_reads_the_same(linh: Desk) -> None:
    unchanged, changed = linh.case(title="As it was"), linh.case(title="Before")
    linh.set(changed, title=("Before", "After"))
    new = linh.server.desk("linh")
    answer = new.try_pull().text
    assert answer.count("As it was") == 1
    new.pull()
    made = {one.record: one.after for said in new.entries for one in said.changes if one.op == "create"}
    assert made[unchanged] == {"title": "As it was", "status": "new", "market": "VN"}
    assert made[changed]["title"] == "Before"
