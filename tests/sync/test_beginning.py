"""Prove that a large scope that begins with a file ends as one that was read page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.sync.refusals import Unreachable

if TYPE_CHECKING:
    from tests.sync.stations import Office, Station

CASES = 12


@pytest.fixture
def linh(office: Office) -> Station:
    linh = office.station("linh")
    with linh.journal.entry("New cases") as work:
        for number in range(CASES):
            work.add(Case(title=f"Case {number}"))
    linh.sync()
    return linh


def begin(office: Office) -> Station:
    minh = office.station("minh")
    minh.rows_to_a_page, minh.file_from = 3, 5
    return minh


def files_asked(station: Station) -> list[str]:
    return [path for path in station.wire.paths if "/snapshot/" in path]


def test_a_large_scope_comes_as_a_file_and_the_rest_with_the_feed(office: Office, linh: Station) -> None:
    minh = begin(office)
    minh.sync()
    assert files_asked(minh) == ["/v1/snapshot/VN/desk"]
    linh.sync()  # Minh himself is new to Linh.
    assert minh.held() == linh.held()
    minh.sync()
    assert len(files_asked(minh)) == 1


def test_what_was_deleted_or_changed_after_the_file_was_made_is_so_here_too(office: Office, linh: Station) -> None:
    begin(office).sync()  # The file is there now, and is given again.
    cases = [record for record, (kind, _data) in linh.held().items() if kind == "case"]
    with linh.journal.entry("Edit") as work:
        work.remove(work.get(Case, cases[0]))
        work.get(Case, cases[1]).title = "Changed since"
    linh.sync()
    late = begin(office)
    late.sync()
    linh.sync()
    assert late.held() == linh.held()
    assert len(files_asked(late)) == 1


def test_a_file_that_breaks_off_is_asked_again_and_nothing_is_there_twice(office: Office, linh: Station) -> None:
    minh = begin(office)
    minh.wire.files_cut_after = 200
    with pytest.raises(Unreachable):
        minh.sync()
    minh.wire.files_cut_after = None
    minh.sync()
    linh.sync()
    assert minh.held() == linh.held()


def test_what_was_typed_here_before_stays_over_an_older_file(office: Office, linh: Station) -> None:
    minh = begin(office)
    minh.sync()
    case = next(record for record, (kind, _data) in minh.held().items() if kind == "case")
    with minh.journal.entry("Edit") as work:
        work.get(Case, case).carrier = "SPX"
    with minh.journal.writing() as made:
        made.execute("UPDATE cursor SET seq = 0, records = 0, marks = '0'")
    minh.sync()
    assert minh.read(Case, case).carrier == "SPX"
    linh.sync()
    assert minh.held() == linh.held()
