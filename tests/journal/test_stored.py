"""What other versions have written: fields and words that this one does not know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Severity
from escalation_desk.casework.fields import whole
from escalation_desk.journal.rows import from_whole

if TYPE_CHECKING:
    from escalation_desk.journal.journal import Journal


def test_a_record_is_built_again_from_what_its_creation_carries(desk: Journal, case: Case) -> None:
    with desk.writing() as made:
        carried = made.execute("SELECT after FROM change WHERE record = ?", (case.id,)).fetchone()[0]

    again = from_whole("case", case.id, json.loads(carried))

    assert whole(again) == whole(case)


def test_a_field_of_a_newer_version_is_left_out() -> None:
    built = from_whole("case", "1", {"title": "Refund", "severity": "S1", "mood_ring": "green"})

    assert isinstance(built, Case)
    assert (built.title, built.severity) == ("Refund", Severity.S1)


def test_a_word_of_a_newer_version_is_said_to_be_unknown() -> None:
    with pytest.raises(ValueError, match="'S9' is not a valid Severity"):
        from_whole("case", "1", {"title": "Refund", "severity": "S9"})
