"""The words that fields may hold are those of the taxonomy, each with a code that is never reused and a label."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import choices
from escalation_desk.casework.case import FAMILY_FIELDS, priority_of
from escalation_desk.casework.case import Case as CaseRecord
from escalation_desk.casework.choices import (
    CancelReason,
    CaseStatus,
    Channel,
    Choice,
    FaultParty,
    PartyKind,
    Priority,
    ReopenReason,
    ResolutionCode,
    RiskFlag,
    Role,
    Sentiment,
    Severity,
    Source,
    Urgency,
)
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.typed import choice_of

if TYPE_CHECKING:
    from pathlib import Path

ALL = [
    made
    for made in vars(choices).values()
    if isinstance(made, type) and issubclass(made, Choice) and made is not Choice
]

FROM_TAXONOMY: dict[str, type[Choice]] = {
    "requester_kinds": PartyKind,
    "sources": Source,
    "channels": Channel,
    "severities": Severity,
    "urgencies": Urgency,
    "priorities": Priority,
    "risk_flags": RiskFlag,
    "case_status": CaseStatus,
    "resolution_codes": ResolutionCode,
    "cancel_reasons": CancelReason,
    "reopen_reasons": ReopenReason,
    "fault_parties": FaultParty,
    "sentiments": Sentiment,
    "roles": Role,
}

ADDED = {"web"}
"""What CRMs say and the taxonomy does not."""

MATRIX = {
    "S1": "P0 P0 P1",
    "S2": "P1 P1 P2",
    "S3": "P1 P2 P3",
    "S4": "P2 P3 P3",
}


@pytest.fixture
def taxonomy(shared_data: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((shared_data.parent / "domain" / "taxonomy.json").read_text("utf-8"))
    return read


@pytest.mark.parametrize("name", FROM_TAXONOMY)
def test_codes_are_those_of_the_taxonomy(taxonomy: dict[str, Any], name: str) -> None:
    codes = {one["code"] for one in taxonomy[name]}

    assert {str(choice) for choice in FROM_TAXONOMY[name]} - ADDED == codes


def test_priority_follows_from_the_matrix(taxonomy: dict[str, Any]) -> None:
    wanted = {
        (severity, urgency): priority
        for severity, row in taxonomy["priority_matrix"].items()
        for urgency, priority in row.items()
    }

    assert {(str(s), str(u)): str(priority_of(s, u)) for s in Severity for u in Urgency} == wanted


@pytest.mark.parametrize("severity", Severity, ids=str)
def test_priority_is_looked_up_for_every_pair(severity: Severity) -> None:
    row = [str(priority_of(severity, urgency)) for urgency in Urgency]

    assert " ".join(row) == MATRIX[str(severity)]


def test_a_priority_set_by_hand_wins_over_the_matrix() -> None:
    case = CaseRecord(title="x", severity=Severity.S4, urgency=Urgency.U3, priority_override=Priority.P0)

    case.derive()

    assert case.priority is Priority.P0


@pytest.mark.parametrize("made", ALL, ids=lambda made: made.__name__)
def test_every_choice_has_words_and_is_found_by_code_and_by_words(made: type[Choice]) -> None:
    codes = [str(choice) for choice in made]
    assert len(codes) == len(set(codes)) == len({choice.label for choice in made})
    for choice in made:
        assert choice_of(made, str(choice).upper()) is choice
        assert choice_of(made, choice.label.lower()) is choice
        assert made(str(choice)) is choice  # type: ignore[call-arg]  # looks a member up
        assert json.loads(json.dumps(choice)) == str(choice)


def test_severity_survives_a_black_and_white_printer() -> None:
    for graded in (Severity, Priority):
        squares = [choice.squares for choice in graded]
        assert [mark.count("■") for mark in squares] == [4, 3, 2, 1]
        assert {len(mark) for mark in squares} == {4}


def test_what_is_live_is_not_over() -> None:
    over = {status for status in CaseStatus if not status.live}

    assert over == {CaseStatus.RESOLVED, CaseStatus.CLOSED, CaseStatus.CANCELLED}
    assert [str(status) for status in CaseStatus if status.waiting] == [
        "pending_requester",
        "pending_internal",
        "pending_third_party",
    ]


def test_the_fields_of_a_family_are_fields_of_the_case() -> None:
    names = {declared.name for declared in fields_of(CaseRecord)}

    assert {name for listed in FAMILY_FIELDS.values() for name in listed} <= names
