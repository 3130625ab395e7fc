"""Procedures: offered by reason and risk, followed step by step, and open about what changed in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import RiskFlag
from escalation_desk.casework.knowing import procedures
from escalation_desk.casework.knowing.records import Checklist, Procedure
from escalation_desk.casework.people import User
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import LANGUAGES, speaking
from escalation_desk.resources import file

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ME = User(id="me", full_name="Linh", login="linh")


def step(code: str, text: str = "", *, required: bool = True) -> dict[str, object]:
    return {"code": code, "text": {"en": text or code}, "required": required}


def procedure(**said: object) -> Procedure:
    values = {
        "id": "p1",
        "code": "SOP-LOST",
        "labels": {"en": "Lost"},
        "reasons": frozenset({"CUS.LOG"}),
        "steps": (step("S1"), step("S2"), step("S3", required=False)),
        **said,
    }
    return Procedure(**values)  # type: ignore[arg-type]  # the values of a test.


def case(reason: str = "CUS.LOG.LOST", *flags: RiskFlag) -> Case:
    return Case(id="c1", title="x", reason=reason, risk_flags=frozenset(flags))


def checklist() -> Checklist:
    return procedures.begin(procedure(), case())


@pytest.mark.parametrize(
    ("reason", "flags", "fits"),
    [
        ("CUS.LOG.LOST", (), True),
        ("CUS.LOG", (), True),
        ("CUS.LOGO", (), False),
        ("SEL.FIN", (), False),
        ("SEL.FIN", (RiskFlag.PRIVACY,), True),
        ("", (), False),
    ],
)
def test_a_procedure_fits_by_the_group_of_the_reason_or_by_a_risk(
    reason: str, flags: tuple[RiskFlag, ...], fits: bool
) -> None:
    assert procedures.fits(procedure(flags=frozenset({"privacy"})), case(reason, *flags)) is fits


def test_the_newest_version_in_use_is_offered_until_it_is_begun_and_the_most_exact_first() -> None:
    exact = procedure(id="p3", code="SOP-EXACT", reasons=frozenset({"CUS.LOG.LOST"}))
    known = [procedure(), procedure(id="p2", edition=2), exact]
    assert [one.id for one in procedures.offered(known, case(), [])] == ["p3", "p2"]
    assert [one.id for one in procedures.offered(known, case(), [checklist()])] == ["p3"]
    known[1].active = False
    assert [one.id for one in procedures.offered(known, case(), [])] == ["p3"]


def test_a_step_says_who_did_it_and_when_and_the_last_tick_counts() -> None:
    held, rules = checklist(), procedure()
    procedures.tick(held, rules, "S1", ME, NOW)
    (first, *_rest) = procedures.steps_of(held, rules)
    assert (first.done, first.by, first.at) == (True, "me", "2026-11-24T03:00:00Z")
    procedures.tick(held, rules, "S1", ME, NOW + timedelta(minutes=1))
    assert not procedures.steps_of(held, rules)[0].settled
    assert len(held.ticks) == 2


def test_a_required_step_is_done_or_left_out_with_a_reason_before_none_is_open() -> None:
    held, rules = checklist(), procedure()
    assert [one.code for one in procedures.open_steps(held, rules)] == ["S1", "S2"]
    procedures.tick(held, rules, "S1", ME, NOW)
    with pytest.raises(Refused, match="Say why"):
        procedures.leave_out(held, rules, "S2", "  ", ME, NOW)
    procedures.leave_out(held, rules, "S2", "no courier involved", ME, NOW)
    assert procedures.open_steps(held, rules) == []
    assert procedures.steps_of(held, rules)[1].why == "no courier involved"


def test_an_unknown_step_is_refused() -> None:
    held = checklist()
    with pytest.raises(Refused, match="no such step"):
        procedures.tick(held, procedure(), "S9", ME, NOW)
    assert held.ticks == ()


def test_a_new_version_says_what_changed_since_somebody_used_the_old_one() -> None:
    old = procedure()
    used = checklist()
    used.created_by, used.created_at = "me", NOW
    new = procedures.new_edition(old, id="p2", steps=(step("S1", "reworded"), step("S2"), step("S4", "new")))
    assert new.edition == 2
    last = procedures.used_last("SOP-LOST", [old, new], [used], ME)
    assert last is old
    change = procedures.changed_since(last, new)
    assert change == (("new",), ("S3",), ("reworded",))
    assert procedures.changed_since(old, old) is None
    assert procedures.used_last("SOP-LOST", [old, new], [used], User(id="x", full_name="x", login="x")) is None


@given(st.lists(st.tuples(st.sampled_from(("S1", "S2", "S3")), st.sampled_from(("tick", "leave"))), max_size=12))
def test_ticks_of_two_workstations_in_any_order_come_to_the_same_steps(doings: list[tuple[str, str]]) -> None:
    held, rules = checklist(), procedure()
    for minute, (code, what) in enumerate(doings):
        at = NOW + timedelta(minutes=minute)
        if what == "tick":
            procedures.tick(held, rules, code, ME, at)
        else:
            procedures.leave_out(held, rules, code, "why", ME, at)
    turned = Checklist(case="c1", procedure="p1", ticks=tuple(reversed(held.ticks)))
    assert procedures.steps_of(turned, rules) == procedures.steps_of(held, rules)


def test_the_procedures_of_a_new_desk_speak_all_its_languages_and_name_known_reasons() -> None:
    reasons = {one["code"] for one in json.loads(file("seed/reason.json").read_text("utf-8"))}
    flags = {str(one) for one in RiskFlag}
    for one in json.loads(file("seed/procedure.json").read_text("utf-8")):
        assert set(one["reasons"]) <= reasons
        assert set(one["flags"]) <= flags
        assert len({step["code"] for step in one["steps"]}) == len(one["steps"]) >= 5
        for texts in (one["labels"], *(step["text"] for step in one["steps"])):
            assert set(LANGUAGES) <= set(texts)
            assert len(set(texts.values())) == len(texts)
    with speaking("vi"):
        assert (
            procedures.steps_of(checklist(), procedure(steps=({"code": "S", "text": {"vi": "Gọi"}},)))[0].text == "Gọi"
        )
