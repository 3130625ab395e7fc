"""Prove the exchange with the real server: told once, read whole, and a plain word for whatever stands between."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Attachment
from escalation_desk.i18n import speaking
from escalation_desk.journal import reading
from escalation_desk.journal.sharing.files import WANT
from escalation_desk.server import accounts
from escalation_desk.server.rights import ScopeRole
from escalation_desk.sync import disagreements, files
from escalation_desk.sync.client import refuse_plain
from escalation_desk.sync.refusals import SignedOut, TooOld, Unreachable
from escalation_desk.sync.standing import Link
from tests.sync.stations import Station

if TYPE_CHECKING:
    from tests.sync.stations import Office


@pytest.fixture
def linh(office: Office) -> Station:
    return office.station("linh")


@pytest.fixture
def minh(office: Office) -> Station:
    return office.station("minh")


def new_case(station: Station, **said: Any) -> str:
    with station.journal.entry("New case {title}", title="x") as work:
        return work.add(Case(title=said.pop("title", "Parcel lost"), **said)).id


def edit(station: Station, case: str, **said: object) -> None:
    with station.journal.entry("Edit") as work:
        record = work.get(Case, case)
        for name, value in said.items():
            setattr(record, name, value)


def test_a_case_made_on_one_desk_stands_on_the_other(linh: Station, minh: Station) -> None:
    case = new_case(linh)
    report = linh.sync()
    assert (report.pushed, report.waiting, report.refused) == (1, 0, 0)
    assert minh.sync().pulled >= 1
    assert minh.read(Case, case).title == "Parcel lost"
    with minh.journal.writing() as made:
        (newest, *_older) = reading.history(made, case)
        assert reading.names(made, "user", [newest.by or ""]) == {newest.by: "Linh"}
    assert linh.held() == minh.held()


def test_an_answer_that_is_lost_changes_nothing_twice(linh: Station, minh: Station) -> None:
    linh.sync()  # The first exchange of a program looks before it tells; the next ones tell first.
    case = new_case(linh)
    with pytest.raises(Unreachable):
        linh.sync("answer lost")
    assert linh.waiting() == 1
    assert linh.read(Case, case).title == "Parcel lost"
    edit(linh, case, title="Parcel found")
    linh.sync()
    minh.sync()
    assert minh.read(Case, case).title == "Parcel found"
    assert linh.waiting() == 0
    assert len(linh.office.server.rows("SELECT 1 FROM mutation WHERE client = %s", linh.journal.workstation)) == 2


def test_offline_is_said_with_the_time_and_forgotten_when_it_is_over(linh: Station) -> None:
    linh.sync()
    new_case(linh)
    with pytest.raises(Unreachable):
        linh.sync("question lost")
    standing = linh.engine.board.standing
    assert (standing.link, standing.waiting) == (Link.OFFLINE, 1)
    assert standing.since is not None
    assert standing.sentence().startswith("Offline since")
    linh.sync()
    assert linh.engine.board.standing.link is Link.SYNCED
    assert linh.engine.board.standing.since is None


def test_two_who_change_different_fields_never_notice_each_other(linh: Station, minh: Station) -> None:
    case = new_case(linh)
    linh.sync()
    minh.sync()
    edit(linh, case, carrier="GHN")
    edit(minh, case, tracking="VN123")
    assert linh.sync().conflicts == 0
    assert minh.sync().conflicts == 0
    linh.sync()
    assert linh.held() == minh.held()
    assert (linh.read(Case, case).carrier, linh.read(Case, case).tracking) == ("GHN", "VN123")


def test_a_real_conflict_is_listed_and_settled_by_one_entry(linh: Station, minh: Station) -> None:
    case = new_case(linh)
    linh.sync()
    minh.sync()
    edit(linh, case, title="Theirs")
    edit(minh, case, title="Mine")
    linh.sync()
    assert minh.sync().conflicts == 1
    with minh.journal.writing() as made:
        (shown,) = disagreements.listed(made)
    assert (shown.base, shown.theirs, shown.mine) == ("Parcel lost", "Theirs", "Mine")
    assert (shown.theirs_by, shown.mine_by) == ("Linh", "Minh")
    assert shown.takes == ("mine", "theirs")
    assert minh.read(Case, case).title == "Theirs"
    disagreements.resolve(minh.journal, shown.id, "mine")
    assert minh.read(Case, case).title == "Mine"
    minh.sync()
    linh.sync()
    assert linh.read(Case, case).title == "Mine"
    assert linh.engine.board.standing.conflicts == 0
    minh.journal.undo()
    minh.sync()
    linh.sync()
    assert linh.read(Case, case).title == "Theirs"
    assert linh.engine.board.standing.conflicts == 1


def test_who_comes_second_reads_who_took_it_and_when(linh: Station, minh: Station) -> None:
    case = new_case(linh)
    linh.sync()
    minh.sync()
    for station in (linh, minh):
        with station.journal.entry("Take over") as work:
            acts.take(work.get(Case, case), station.me, work.now)
    linh.sync()
    minh.sync()
    with minh.journal.writing() as made:
        listed = disagreements.listed(made)
    assert any("Linh" in one.why for one in listed), listed
    assert minh.read(Case, case).owner == linh.me.id


def test_a_token_that_ran_out_is_renewed_in_the_middle(linh: Station) -> None:
    new_case(linh)
    report = linh.sync("expired", "", "expired")
    assert (report.pushed, report.waiting) == (1, 0)


def test_a_workstation_that_is_shut_out_is_told_and_keeps_what_it_typed(linh: Station) -> None:
    linh.sync()
    new_case(linh)
    accounts.disable_user(linh.office.server.owner, "linh")
    linh.office.server.app.state.sessions.forget()
    with pytest.raises(SignedOut):
        linh.sync()
    assert linh.engine.board.standing.link in {Link.SIGNED_OUT, Link.REVOKED}
    assert linh.waiting() == 1


def test_a_program_that_is_too_old_still_reads(linh: Station, minh: Station) -> None:
    minh.sync()
    case = new_case(linh)
    linh.sync()
    minh.office.server.rows("UPDATE server_meta SET min_schema = 2 RETURNING 1")
    new_case(minh)
    with pytest.raises(TooOld):
        minh.sync()
    assert minh.read(Case, case).title == "Parcel lost"
    assert minh.engine.board.standing.link is Link.TOO_OLD
    assert minh.waiting() == 1


@pytest.mark.parametrize("fault", ["question lost", "answer lost", "late", "cut", "twice", "busy", "broken"])
def test_each_fault_of_the_wire_meets_a_push_and_does_nothing_twice(linh: Station, minh: Station, fault: str) -> None:
    linh.sync()
    case = new_case(linh)
    edit(linh, case, carrier="GHN")
    with suppress(Unreachable):
        linh.sync(fault)
    edit(linh, case, carrier="VNPost")
    linh.sync()
    minh.sync()
    assert minh.read(Case, case).carrier == "VNPost"
    told = linh.office.server.rows("SELECT entry FROM mutation WHERE client = %s", linh.journal.workstation)
    assert len(told) == len(set(told)) == 3


def test_what_the_server_cannot_digest_is_parked_alone(linh: Station, minh: Station) -> None:
    good = [new_case(linh, title=f"Good {number}") for number in range(3)]
    bad = new_case(linh, title="Poison")
    good += [new_case(linh, title=f"Good {number}") for number in range(3, 6)]
    linh.wire.poison = b"Poison"
    linh.sync()
    assert linh.waiting() == 0
    minh.sync()
    assert set(good) <= minh.held().keys()
    assert bad not in minh.held()
    assert linh.engine.board.standing.refused == 1
    with linh.journal.writing() as made:
        assert reading.history(made, bad)[0].after["title"] == "Poison"


def test_the_server_is_asked_in_the_language_of_the_desk(linh: Station) -> None:
    with speaking("vi"):
        linh.sync()
    assert linh.wire.language == "vi"


def test_a_clock_that_is_off_is_said_and_orders_nothing(linh: Station, minh: Station) -> None:
    case = new_case(linh)
    linh.sync()
    linh.clock.off = timedelta(days=-1)
    minh.sync()
    edit(linh, case, carrier="Later, though it says yesterday")
    linh.sync()
    minh.sync()
    assert minh.read(Case, case).carrier == "Later, though it says yesterday"
    assert "clock off by 1440 minutes" in linh.engine.board.standing.sentence()


def test_losing_a_scope_wipes_it_after_what_waits_was_told(linh: Station) -> None:
    case = new_case(linh, title="Confidential kumquat", team=team_of(linh))
    linh.sync()
    assert linh.held()[case]
    accounts.withdraw(linh.office.server.owner, "linh", ["VN/t2"])
    accounts.grant(linh.office.server.owner, "linh", ScopeRole.SPECIALIST, ["VN/t9"])
    linh.office.server.app.state.sessions.forget()
    linh.sync()
    assert case not in linh.held()
    assert "kumquat" not in str(linh.rows("SELECT * FROM change")) + str(linh.rows('SELECT * FROM "case"'))


def team_of(station: Station) -> str:
    station.sync()
    ((team,),) = station.rows("SELECT id FROM team WHERE code = 't2'")
    return str(team)


def test_a_server_that_came_back_from_a_backup_gets_again_what_it_lost(linh: Station, minh: Station) -> None:
    old = new_case(linh, title="Before")
    linh.sync()
    minh.sync()
    with linh.office.restored():
        lost = new_case(linh, title="After")
        edit(linh, old, carrier="GHN")
        linh.sync()
        minh.sync()
        edit(minh, old, tracking="VN1")
        minh.sync()
    linh.sync()
    minh.sync()
    linh.sync()
    for station in (linh, minh):
        assert station.read(Case, lost).title == "After"
        assert (station.read(Case, old).carrier, station.read(Case, old).tracking) == ("GHN", "VN1")
        assert station.waiting() == 0
    assert linh.held() == minh.held()


def test_a_desk_restored_from_its_own_backup_becomes_another_workstation(linh: Station, minh: Station) -> None:
    kept = new_case(linh, title="Kept")
    linh.sync()
    linh.close()
    copy = linh.folder.with_name("copy")
    shutil.copytree(linh.folder, copy)
    linh.reopen()
    lost = new_case(linh, title="Told, and then lost here")
    linh.sync()
    linh.close()
    shutil.rmtree(linh.folder)
    shutil.copytree(copy, linh.folder)
    linh.reopen()
    typed = new_case(linh, title="Typed after")
    with pytest.raises(SignedOut, match="copy"):
        linh.sync()
    linh.restart()
    linh.sign_in()
    linh.sync()
    minh.sync()
    assert {kept, lost, typed} <= minh.held().keys()
    assert linh.held() == minh.held()


def test_of_two_copies_of_a_desk_that_run_at_once_one_becomes_another_workstation(
    office: Office, linh: Station, minh: Station
) -> None:
    linh.sync()
    linh.close()
    twin = Station(office, shutil.copytree(linh.folder, linh.folder.with_name("twin")), "linh")
    office.stations.append(twin)
    linh.reopen()
    for station in (linh, twin):
        station.sync()
    one = new_case(linh, title="Of the one")
    linh.sync()
    other = new_case(twin, title="Of the other")
    with pytest.raises(SignedOut, match="copy"):
        twin.sync()
    twin.restart()
    twin.sign_in()
    twin.sync()
    minh.sync()
    assert {one, other} <= minh.held().keys()


def test_signing_in_makes_what_was_done_alone_the_accounts(office: Office) -> None:
    alone = office.station("lan", sign_in=False)
    alone.journal.set_profile(User(full_name="Somebody", login="somebody"))
    case = new_case(alone)
    with alone.journal.entry("Take over") as work:
        acts.take(work.get(Case, case), alone.me, work.now)
    before = alone.me.id
    alone.sign_in()
    alone.sync()
    other = office.station("minh")
    other.sync()
    assert other.read(Case, case).owner == alone.me.id != before
    alone.sync()
    assert before not in str(other.rows("SELECT * FROM change")) + str(alone.rows("SELECT * FROM change"))
    assert alone.held() == other.held()


def test_somebody_else_does_not_tell_what_another_has_typed(linh: Station, minh: Station) -> None:
    new_case(linh)
    linh.login = "minh"
    with pytest.raises(Refused, match="still waits"):
        linh.sign_in()


def test_an_address_that_others_can_listen_to_is_refused() -> None:
    for address in ("http://desk.example", "ftp://desk.example", "https://"):
        with pytest.raises(Refused):
            refuse_plain(address)
    assert refuse_plain("desk.example") == "https://desk.example"
    assert refuse_plain("http://127.0.0.1:8765/") == "http://127.0.0.1:8765"


def test_a_large_entry_arrives_whole_in_parts(linh: Station, minh: Station) -> None:
    with linh.journal.entry("Import", kind="import") as work:
        cases = [work.add(Case(title=f"Case {number}", description="từ " * 3_000)).id for number in range(200)]
    report = linh.sync()
    assert (report.pushed, report.waiting) == (1, 0)
    minh.sync()
    assert set(cases) <= minh.held().keys()


def test_old_and_new_meet_without_losing_fields_that_only_one_knows(linh: Station) -> None:
    case = new_case(linh)
    linh.sync()
    linh.office.server.rows('UPDATE record SET data = data || \'{"mood": "stormy"}\' WHERE id = %s RETURNING 1', case)
    edit(linh, case, title="Changed by the old one")
    linh.sync()
    ((data,),) = linh.office.server.rows("SELECT data FROM record WHERE id = %s", case)
    assert (data["mood"], data["title"]) == ("stormy", "Changed by the old one")
    ((unknown,),) = linh.rows("SELECT unknown FROM base WHERE record = ?", case)
    assert json.loads(unknown) == {"mood": "stormy"}


def attach(station: Station, case: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    with station.journal.entry("Attach") as work:
        work.add(Attachment(case=case, file_name="photo.jpg", size=len(content), sha256=sha256))
        work.keep_blob(sha256, content)
    return sha256


def test_the_bytes_of_an_attachment_come_when_they_are_wanted(linh: Station, minh: Station) -> None:
    case, content = new_case(linh), bytes(range(256)) * 10_000
    sha256 = attach(linh, case, content)
    linh.sync()
    minh.sync()
    with pytest.raises(Refused, match="not on this computer"), minh.journal.writing() as made:
        reading.blob(made, sha256)
    minh.journal.local(WANT, (sha256, "2026-11-24T10:00:00Z"))
    minh.sync()
    with minh.journal.writing() as made:
        assert reading.blob(made, sha256) == content


def test_bytes_of_my_own_cases_come_by_themselves_and_others_make_room(linh: Station, minh: Station) -> None:
    mine, other = new_case(linh), new_case(linh)
    linh.sync()
    minh.sync()
    with minh.journal.entry("Take over") as work:
        acts.take(work.get(Case, mine), minh.me, work.now)
    minh.sync()
    linh.sync()
    kept, asked = attach(linh, mine, b"kept" * 1_000), attach(linh, other, b"asked for" * 1_000)
    linh.sync()
    minh.journal.local(WANT, (asked, "2026-11-24T10:00:00Z"))
    minh.sync()
    assert {row[0] for row in minh.rows("SELECT sha256 FROM blob")} == {kept, asked}
    files.exchange(minh.journal, minh.engine._made, minh.engine._client, most=5_000)
    assert {row[0] for row in minh.rows("SELECT sha256 FROM blob")} == {kept}


def test_bytes_go_on_where_a_break_was(linh: Station, minh: Station) -> None:
    case, content = new_case(linh), bytes(range(256)) * 12_000
    sha256 = attach(linh, case, content)
    linh.wire.cut_bytes_after = 1
    with pytest.raises(Unreachable):
        linh.sync()
    linh.wire.cut_bytes_after = None
    sent = linh.wire.bytes_sent
    linh.sync()
    assert linh.wire.bytes_sent == len(content) > sent > 0
    minh.journal.local(WANT, (sha256, "2026-11-24T10:00:00Z"))
    minh.sync()
    with minh.journal.writing() as made:
        assert reading.blob(made, sha256) == content
