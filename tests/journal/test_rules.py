"""What the records' own rules refuse is refused in the journal, whoever asks."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CancelReason, CaseStatus, ExportKind, Priority, ReopenReason
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from escalation_desk.journal.journal import Journal

WAYS = {
    ("new", "open"),
    ("new", "cancelled"),
    ("open", "pending_requester"),
    ("open", "pending_internal"),
    ("open", "pending_third_party"),
    ("open", "resolved"),
    ("open", "cancelled"),
    ("pending_requester", "open"),
    ("pending_requester", "resolved"),
    ("pending_requester", "cancelled"),
    ("pending_internal", "open"),
    ("pending_internal", "resolved"),
    ("pending_internal", "cancelled"),
    ("pending_third_party", "open"),
    ("pending_third_party", "resolved"),
    ("pending_third_party", "cancelled"),
    ("resolved", "closed"),
    ("resolved", "open"),
}


def test_the_ways_between_states_are_those_of_the_taxonomy(shared_data: Path) -> None:
    taxonomy = json.loads((shared_data.parent / "domain" / "taxonomy.json").read_text("utf-8"))

    assert {(way["frm"], way["to"]) for way in taxonomy["case_transitions"]} == WAYS


# What else must hold for a way (who goes it, what is there) is in test_guarding; an import is not asked for that.
@pytest.mark.parametrize("before", CaseStatus, ids=str)
def test_of_all_pairs_of_states_the_journal_takes_the_eighteen(desk: Journal, before: CaseStatus) -> None:
    for after in CaseStatus:
        with desk.entry("New case") as work:
            case = work.add(Case(title="Refund", status=before, owner="lan"))

        taken = _moved(desk, case.id, after)

        assert taken is (before is after or (str(before), str(after)) in WAYS), f"{before} to {after}"


def _moved(desk: Journal, case_id: str, after: CaseStatus) -> bool:
    try:
        with desk.entry("Move", kind="import") as work:
            case = work.get(Case, case_id)
            case.status = after
            case.cancel_reason = CancelReason.TEST
            case.reopen_reason = ReopenReason.NOT_FIXED
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("before", "values", "sentence"),
    [
        ({"status": CaseStatus.NEW}, {"status": CaseStatus.OPEN}, "needs an owner"),
        ({"status": CaseStatus.NEW}, {"status": CaseStatus.CANCELLED}, "say why"),
        ({"status": CaseStatus.RESOLVED, "owner": "lan"}, {"status": CaseStatus.OPEN}, "say why"),
        ({"status": CaseStatus.CLOSED}, {"status": CaseStatus.OPEN}, "is final"),
        ({}, {"priority_override": Priority.P0}, "needs a reason"),
        ({"owner": "lan"}, {"owner": None}, "never left without an owner"),
        ({}, {"title": ""}, "“Title” is missing"),
        ({}, {"title": "\x00 \n"}, "“Title” is missing"),
        ({}, {"case_no": "X-1"}, "“Case” of .* is set once"),
        ({"crm": "zendesk"}, {"crm": "freshdesk"}, "is set once"),
        ({}, {"amount": Decimal(10**18)}, "“Amount” is too large"),
        ({}, {"amount": Decimal("NaN")}, "“Amount” is too large"),
        ({}, {"affected_count": 2**63}, "“Requesters affected” is too large"),
    ],
)
def test_what_a_case_forbids_is_refused_with_a_sentence(
    desk: Journal, before: dict[str, Any], values: dict[str, Any], sentence: str
) -> None:
    with desk.entry("New case") as work:
        case = work.add(Case(title="Refund", **before))

    with pytest.raises(Refused, match=sentence):
        _edit(desk, case.id, values)


def _edit(desk: Journal, case_id: str, values: dict[str, Any]) -> None:
    with desk.entry("Edit") as work:
        mine = work.get(Case, case_id)
        for name, value in values.items():
            setattr(mine, name, value)


@pytest.mark.parametrize("title", ["", "  ", "\x00", "\t\n"])
def test_a_new_case_without_a_title_is_refused(desk: Journal, title: str) -> None:
    with pytest.raises(Refused, match="“Title” is missing"), desk.entry("New case") as work:
        work.add(Case(title=title))


def test_what_is_set_once_can_still_be_filled_once(desk: Journal, case: Case) -> None:
    with desk.entry("Edit") as work:
        work.get(Case, case.id).crm = "zendesk"

    with pytest.raises(Refused, match="is set once"), desk.entry("Edit") as work:
        work.get(Case, case.id).crm = "jira"


def test_what_was_said_is_never_changed_only_pinned(desk: Journal, case: Case) -> None:
    with desk.entry("Note") as work:
        note = work.add(Message(case=case.id, body="Called the carrier"))
    with desk.entry("Pin") as work:
        work.get(Message, note.id).pinned = True

    with pytest.raises(Refused), desk.entry("Rewrite") as work:
        work.get(Message, note.id).body = "Did not call"
    with pytest.raises(Refused, match="is not changed"), desk.entry("Rewrite") as work:
        work.get(Message, note.id).automatic = True


def test_the_record_of_an_export_is_never_changed(desk: Journal) -> None:
    with desk.entry("Export", kind="fact") as work:
        kept = work.add(ExportRecord(form=ExportKind.LIST, document_no="1", content_sha256="00"))

    with pytest.raises(Refused), desk.entry("Rewrite") as work:
        work.get(ExportRecord, kept.id).items = 7
