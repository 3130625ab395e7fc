"""Macros that do something: they say first what will change, change it as said, and send nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import macro_actions
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CaseStatus, FollowUpForm, Form, Severity
from escalation_desk.casework.contacts.records import PocRequest, PocTeam, RequestState
from escalation_desk.casework.desk import Macro
from escalation_desk.casework.escalating.records import Authority, Escalation, EscalationState
from escalation_desk.casework.macro_actions import Doer
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.journal import seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.records import Record

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ME = User(id="me", full_name="Linh", login="linh")


class Known:
    """Looks up in what a new desk is born with."""

    def __init__(self, *more: Record) -> None:
        self.more = more

    def __call__(self, kind: type[Any], key: str | None, /) -> Any:
        known = seed.of_kind(kind.kind)
        return next((one for one in known if getattr(one, "code", one.id) == key), None)

    def of_case(self, kind: type[Any], _case: str, /) -> Sequence[Any]:
        return [one for one in self.more if isinstance(one, kind)]


def doer(*more: Record, **places: str) -> Doer:
    return Doer(ME, NOW, Known(*more), {"case_no": "E-7", **places})


def case(**said: Any) -> Case:
    values = {"status": CaseStatus.OPEN, "owner": "me", "assignment": Assignment.ACCEPTED, **said}
    return Case(id="c1", case_no="E-7", title="Parcel lost", **values)


def macro(*actions: dict[str, Any], **said: Any) -> Macro:
    return Macro(id="m1", code="A1", use="try", **{"texts": {}, "actions": actions, **said})


def test_what_is_foreseen_is_what_is_done_and_foreseeing_changes_nothing() -> None:
    one = macro(
        {"do": "set_field", "field": "severity", "to": "S2"},
        {"do": "add_tag", "tag": "parcel-search"},
        {"do": "follow_up", "hours": 24, "text": {"en": "See whether it came"}, "form": "check"},
    )
    held = case()
    foreseen = macro_actions.foresee(one, held, doer())
    assert held == case()
    assert foreseen.refused == ""
    assert foreseen.lines[-1] == "A follow-up: See whether it came"
    assert any("S2 High" in line for line in foreseen.lines)
    assert "Tags: – → parcel-search" in foreseen.lines
    made = macro_actions.use(one, held, doer())
    assert held.severity is Severity.S2
    assert held.tags == {"parcel-search"}
    follow_up = next(record for record in made if isinstance(record, FollowUp))
    assert (follow_up.due_at, follow_up.form) == (NOW + timedelta(days=1), FollowUpForm.CHECK)


def test_a_macro_without_text_leaves_a_trace_that_says_which_it_was() -> None:
    made = macro_actions.use(macro({"do": "add_tag", "tag": "x"}), case(), doer())
    (trace,) = made
    assert isinstance(trace, Message)
    assert (trace.form, trace.macro, trace.body) == (Form.EVENT, "m1", "Macro A1: try")


def test_requests_and_escalations_begin_as_drafts_that_a_person_sends() -> None:
    one = macro(
        {"do": "poc_request", "team": "LOGISTICS", "ask": {"en": "Find the parcel of {case_no}."}},
        {"do": "escalation", "authority": "DPO", "decision": {"en": "Is it a breach?"}},
    )
    made = macro_actions.run(one, case(), doer())
    request = next(record for record in made if isinstance(record, PocRequest))
    assert (request.state, request.sent_at, request.ask) == (RequestState.DRAFT, None, "Find the parcel of E-7.")
    escalation = next(record for record in made if isinstance(record, Escalation))
    assert (escalation.state, escalation.notified_at) == (EscalationState.RAISED, None)
    assert not any(isinstance(record, Message) and record.visibility.value == "public" for record in made)


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ({"do": "fly"}, "fly"),
        ({"do": "set_status", "to": "closed"}, ""),
        ({"do": "set_status", "to": "gone"}, "a state that there is not"),
        ({"do": "set_field", "field": "severity", "to": "S9"}, "severity"),
        ({"do": "set_field", "field": "no_such", "to": "1"}, "no_such"),
        ({"do": "add_tag", "tag": " "}, "name it"),
        ({"do": "follow_up", "hours": 0}, "1 to 8760"),
        ({"do": "poc_request", "team": "NOBODY", "ask": "x"}, "NOBODY"),
        ({"do": "poc_request", "team": "LOGISTICS", "ask": "About {order.id}"}, "{order.id}"),
        ({"do": "escalation", "authority": "NOBODY"}, "NOBODY"),
    ],
)
def test_what_cannot_be_done_is_said_before_and_refused_whole(action: dict[str, Any], why: str) -> None:
    held = case()
    foreseen = macro_actions.foresee(macro({"do": "add_tag", "tag": "first"}, action), held, doer())
    assert why in foreseen.refused
    assert foreseen.refused
    assert foreseen.lines == ()
    assert held == case()


def test_a_second_escalation_to_the_same_authority_is_refused_while_the_first_is_unanswered() -> None:
    one = macro({"do": "escalation", "authority": "DPO", "decision": "Is it a breach?"})
    first = next(record for record in macro_actions.run(one, case(), doer()) if isinstance(record, Escalation))
    assert "not answered yet" in macro_actions.foresee(one, case(), doer(first)).refused


def test_a_text_that_needs_approval_is_used_only_with_who_approved_and_that_is_recorded() -> None:
    one = macro(texts={"en": "We know about it."}, needs_approval="PR")
    with pytest.raises(Refused, match="Public relations"):
        macro_actions.use(one, case(), doer(), "")
    (record,) = macro_actions.use(one, case(), doer(), "Ms Lan, 10:05 by phone")
    assert isinstance(record, Message)
    assert record.form is Form.DECISION
    assert record.body == "A1 approved by Public relations: Ms Lan, 10:05 by phone"


def test_the_macros_of_a_new_desk_can_be_used() -> None:
    (approved,) = [one for one in seed.of_kind("macro") if getattr(one, "needs_approval", None)]
    assert approved.name == "M10"
    assert Known()(Authority, "PR") is not None
    acting = [one for one in seed.of_kind("macro") if isinstance(one, Macro) and one.actions]
    assert {one.code for one in acting} >= {"A01", "A02", "A03"}
    for one in acting:
        macro_actions.refuse_unfit(one)
        foreseen = macro_actions.foresee(one, case(), doer())
        assert not foreseen.refused, json.dumps([one.code, foreseen.refused])
        assert Known()(PocTeam, "LOGISTICS") is not None
