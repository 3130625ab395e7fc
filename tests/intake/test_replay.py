"""Real logs of two help desks, replayed as cases: their states, reopenings and times, and our clocks beside their SLA.

The numbers stand in docs/replay.md with what explains them; here they are counted anew.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.clocks.records import SlaPolicy
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.people import User
from escalation_desk.intake.bringing import bring_in
from escalation_desk.intake.sources import by_code
from escalation_desk.journal import reading, seed
from escalation_desk.journal.checking import problems
from escalation_desk.journal.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path

    from escalation_desk.intake.sources import Source

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SERVICENOW = "events/servicenow_incident_event_log.csv.gz"
HELPDESK = "events/helpdesk_italian_company.csv.gz"


@dataclass
class Replayed:
    """A log, and the desk that it was imported into."""

    log: dict[str, list[dict[str, str]]]
    cases: dict[str, Case]
    clocks: dict[str, list[tuple[str, int, str]]]
    faults: list[str]

    def outcome(self, number: str) -> str:
        """Say what became of the resolution of a case: breached where any cycle was, else met, open, or none."""
        states = {state for clock, _cycle, state in self.clocks[self.cases[number].id] if clock == "resolution"}
        return next((one for one in ("breached", "running", "paused", "met") if one in states), "none")


def replay(folder: Path, file: Path, source: str, key: str, *policies: SlaPolicy) -> Replayed:
    journal = Journal(folder, bytes(range(32)), lambda: datetime(2026, 11, 24, 8, tzinfo=UTC))
    with closing(journal):
        seed.plant(journal)
        journal.set_profile(User(full_name="Lan", login="lan", time_zone=str(ZONE)))
        with journal.entry("Policies") as work:
            for policy in policies:
                work.add(policy)
        bring_in(journal, file)
        with closing(journal.reader()) as made:
            cases = {case.crm_number or "": case for case in reading.all_of(made, Case)}
            clocks = defaultdict(list)
            for case, clock, cycle, state in made.execute('SELECT "case", clock, cycle, state FROM clock'):
                clocks[case].append((clock, cycle, state))
            faults = problems(made)
    assert {case.crm for case in cases.values()} == {source}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        log = defaultdict(list)
        for row in csv.DictReader(text):
            log[row[key]].append(row)
    return Replayed(log, cases, clocks, faults)


@pytest.fixture(scope="module")
def incidents(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """Replay the incidents under the policies that a desk is born with."""
    return replay(tmp_path_factory.mktemp("desk"), shared_data / SERVICENOW, "servicenow", "number")


@pytest.fixture(scope="module")
def tickets(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return replay(tmp_path_factory.mktemp("desk"), shared_data / HELPDESK, "helpdesk-log", "Case ID")


def states_told(rows: list[dict[str, str]], source: Source, at: str, state: str, pattern: str) -> list[tuple[str, str]]:
    """Read the states and their times from a log without any of the program's reading."""
    words = source.words["status"]
    steps = [
        (datetime.strptime(row[at], pattern).replace(tzinfo=ZONE).astimezone(UTC), words[row[state].strip().lower()])
        for row in rows
    ]
    steps.sort(key=lambda step: step[0])
    return [(code, instant_text(next(some)[0])) for code, some in groupby(steps, key=lambda step: step[1])]


def phases(case: Case) -> list[tuple[str, str]]:
    told = ((phase["status"], phase["at"]) for phase in case.phases)
    return [next(some) for _status, some in groupby(told, key=lambda one: one[0])]


def known(code: str) -> Source:
    source = by_code(code)
    assert source is not None
    return source


def test_the_incidents_have_the_states_and_times_of_their_log(incidents: Replayed) -> None:
    source = known("servicenow")
    for number, rows in incidents.log.items():
        told = states_told(rows, source, "sys_updated_at", "incident_state", "%d-%m-%Y %H:%M")
        assert phases(incidents.cases[number]) == told, number
    assert incidents.faults == []


def test_the_tickets_have_the_states_and_times_of_their_log(tickets: Replayed) -> None:
    source = known("helpdesk-log")
    for number, rows in tickets.log.items():
        told = states_told(rows, source, "Complete Timestamp", "Activity", "%Y/%m/%d %H:%M:%S.%f")
        assert phases(tickets.cases[number]) == told, number
    assert tickets.faults == []


def test_reopened_cases_have_a_cycle_for_each_time_their_log_shows_them_resolved_and_open_again(
    incidents: Replayed, tickets: Replayed
) -> None:
    for replayed in (incidents, tickets):
        for case in replayed.cases.values():
            live = [one not in {"resolved", "closed", "cancelled"} for one, _at in phases(case)]
            begun = sum(now and not before for before, now in zip([False, *live], live, strict=False))
            cycles = {cycle for clock, cycle, _state in replayed.clocks[case.id] if clock == "resolution"}
            assert len(cycles) in {begun, 0}, case.crm_number


def table(replayed: Replayed) -> dict[tuple[str, str, str], int]:
    """Count incidents by the priority of the log, whether it says that the SLA was made, and our outcome."""
    found: Counter[tuple[str, str, str]] = Counter()
    for number, rows in replayed.log.items():
        found[rows[-1]["priority"][0], rows[-1]["made_sla"], replayed.outcome(number)] += 1
    return dict(found)


def agreed(counted: dict[tuple[str, str, str], int]) -> int:
    return sum(n for (_p, made, ours), n in counted.items() if (made == "TRUE") == (ours == "met"))


def differences(replayed: Replayed) -> dict[str, int]:
    """Count by what explains them the incidents of which we say otherwise than the log."""
    found: Counter[str] = Counter()
    for number, rows in replayed.log.items():
        made, ours = rows[-1]["made_sla"] == "TRUE", replayed.outcome(number)
        if made != (ours == "met"):
            found[_why(replayed.cases[number], made=made, ours=ours)] += 1
    return dict(found)


def _why(case: Case, *, made: bool, ours: str) -> str:
    states = [phase["status"] for phase in case.phases]
    if ours == "none":
        return "came resolved"
    if not made and "pending_requester" in states:
        return "waited for the requester"
    if any(before == "resolved" and after not in {"resolved", "closed"} for before, after in pairwise(states)):
        return "reopened"
    if len({phase["priority"] for phase in case.phases}) > 1:
        return "priority changed"
    return "breached here" if made else "met here"


def test_our_clocks_beside_the_logs_own_sla_under_the_desks_policies(incidents: Replayed) -> None:
    counted = table(incidents)
    assert sum(counted.values()) == 444
    assert agreed(counted) == 347
    assert counted == {
        ("1", "FALSE", "breached"): 4,
        ("1", "FALSE", "met"): 3,
        ("1", "TRUE", "met"): 1,
        ("2", "FALSE", "breached"): 11,
        ("2", "FALSE", "met"): 6,
        ("3", "FALSE", "breached"): 64,
        ("3", "FALSE", "met"): 32,
        ("3", "TRUE", "breached"): 18,
        ("3", "TRUE", "met"): 234,
        ("3", "TRUE", "none"): 15,
        ("4", "FALSE", "breached"): 9,
        ("4", "FALSE", "met"): 22,
        ("4", "TRUE", "met"): 24,
        ("4", "TRUE", "none"): 1,
    }
    assert differences(incidents) == {
        "waited for the requester": 55,
        "breached here": 17,
        "came resolved": 16,
        "met here": 6,
        "priority changed": 2,
        "reopened": 1,
    }


def as_the_log() -> SlaPolicy:
    """Make the policy that a lead would enter for that desk: hours around the clock that part its TRUE from FALSE."""
    hours: dict[str, Any] = {"P0": 1, "P1": 1, "P2": 96, "P3": 144}
    targets = tuple(
        {"priority": priority, "calendar": "CAL-247", "resolution_min": 60 * n} for priority, n in hours.items()
    )
    return SlaPolicy(code="AS-THE-LOG", labels={"en": "As the log"}, place=1, targets=targets)


def test_under_the_logs_own_targets_what_differs_is_that_its_clock_never_waits_for_a_caller(
    shared_data: Path, tmp_path: Path
) -> None:
    replayed = replay(tmp_path / "desk", shared_data / SERVICENOW, "servicenow", "number", as_the_log())
    assert agreed(table(replayed)) == 359
    assert differences(replayed) == {
        "waited for the requester": 62,
        "came resolved": 16,
        "priority changed": 3,
        "met here": 2,
        "breached here": 1,
        "reopened": 1,
    }


def test_the_tickets_of_the_other_desk_are_met_or_breached_and_none_is_left_uncounted(tickets: Replayed) -> None:
    counted = Counter(tickets.outcome(number) for number in tickets.log)
    assert counted == {"met": 1248, "breached": 1034, "running": 7, "paused": 1}
