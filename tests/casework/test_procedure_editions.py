"""New editions of procedures: what was begun keeps its own, and codes of steps are never used twice."""

from __future__ import annotations

import pytest

from escalation_desk.casework.knowing.editions import Line, lines_of, new_edition
from escalation_desk.casework.knowing.procedures import newest
from escalation_desk.casework.knowing.records import Procedure
from escalation_desk.casework.refusal import Refused


@pytest.fixture
def old() -> Procedure:
    steps = tuple({"code": f"S{n}", "text": {"en": text}, "required": n == 1} for n, text in ((1, "Read"), (2, "Ask")))
    return Procedure(id="p1", code="SOP-1", labels={"en": "Lost parcel"}, reasons=frozenset({"CUS.LOG"}), steps=steps)


def test_a_new_edition_keeps_the_codes_of_its_steps_and_what_it_is_for(old: Procedure) -> None:
    lines = [*reversed(lines_of(old)), Line({"en": " Tell ", "vi": "Báo"}, required=True), Line({"en": "  "})]

    made = new_edition(old, {"en": "Lost parcel", "vi": "Mất hàng"}, lines, [old])

    assert [(one["code"], one["required"]) for one in made.steps] == [("S2", False), ("S1", True), ("S3", True)]
    assert made.steps[2]["text"] == {"en": "Tell", "vi": "Báo"}
    assert (made.code, made.edition, made.reasons, made.labels["vi"]) == ("SOP-1", 2, old.reasons, "Mất hàng")
    assert (old.edition, len(old.steps)) == (1, 2)
    assert newest([old, made])["SOP-1"] is made


def test_a_code_that_another_edition_used_is_not_used_again(old: Procedure) -> None:
    second = new_edition(old, old.labels, [*lines_of(old), Line({"en": "Third"})], [old])
    without = lines_of(second)[:2]

    third = new_edition(second, old.labels, [*without, Line({"en": "Other"})], [old, second])

    assert [one["code"] for one in third.steps] == ["S1", "S2", "S4"]
    assert third.edition == 3


def test_nothing_or_nothing_new_is_refused(old: Procedure) -> None:
    with pytest.raises(Refused, match="one step"):
        new_edition(old, old.labels, [Line({})], [old])
    with pytest.raises(Refused, match="in one language"):
        new_edition(old, {"en": " "}, lines_of(old), [old])
    with pytest.raises(Refused, match="says nothing"):
        new_edition(old, old.labels, [Line({"en": ""}, code="S1")], [old])
    with pytest.raises(Refused, match="Nothing has changed"):
        new_edition(old, dict(old.labels), lines_of(old), [old])
