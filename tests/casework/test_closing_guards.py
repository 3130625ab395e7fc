"""Who may bring a case where, and what must hold: each of the eighteen ways with right and wrong person and guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from escalation_desk.casework import states
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import (
    BadCaseDecision,
    CancelReason,
    CaseStatus,
    FaultParty,
    FollowUpForm,
    FollowUpState,
    KnowledgeDecision,
    Priority,
    PromisedBy,
    ReopenReason,
    ResolutionCode,
    RiskFlag,
    Role,
    Severity,
    Urgency,
    VerificationMethod,
)
from escalation_desk.casework.closing import acts, causes, guards
from escalation_desk.casework.closing.gates import KEPT, SECTIONS
from escalation_desk.casework.closing.records import LookAt, LookState, PeerReview, RootCause
from escalation_desk.casework.closing.surroundings import Spoken, Surroundings
from escalation_desk.casework.contacts.records import PocRequest, RequestState
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.escalating.records import Escalation, EscalationState
from escalation_desk.casework.fields import fields_of
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OWNER = User(id="owner", full_name="Lan", login="lan")
OTHER = User(id="other", full_name="Minh", login="minh")
LEAD = User(id="lead", full_name="Sari", login="sari", roles=frozenset({Role.LEAD}))
SHIFT_LEAD = User(id="shift", full_name="Bao", login="bao", roles=frozenset({Role.SHIFT_LEAD}))
VIEWER = User(id="viewer", full_name="Eka", login="eka", roles=frozenset({Role.VIEWER}))
LEAF = Reason(code="CUS.LOG.LATE", labels={"en": "Late"})
TOLD = (Spoken(NOW - timedelta(hours=5), ours=False), Spoken(NOW - timedelta(hours=1), ours=True))
CLOSING: dict[str, Any] = {
    "resolved_by": "owner",
    "resolved_at": NOW - timedelta(days=1),
    "verified_how": VerificationMethod.CALLBACK,
    "verified_result": "The money is there",
    "verified_by": "lead",
    "verified_at": NOW,
    "knowledge": KnowledgeDecision.NOT_NEEDED,
    "knowledge_why": "Known",
}


def a_case(**values: Any) -> Case:
    """Give a case that may go any way; what a test asks about it takes away."""
    ready: dict[str, Any] = {
        "id": "c",
        "case_no": "AB-1",
        "title": "Refund",
        "owner": "owner",
        "reason": LEAF.code,
        "severity": Severity.S2,
        "urgency": Urgency.U3,
        "resolution_code": ResolutionCode.FIXED,
        "resolution_summary": "Refunded",
        "fault_party": FaultParty.PLATFORM,
        "fault_code": "SYS1",
        "waiting_for": "Court",
        "waiting_until": NOW + timedelta(days=1),
        "cancel_reason": CancelReason.WITHDRAWN,
        "reopen_reason": ReopenReason.NOT_FIXED,
        **CLOSING,
    }
    made = Case(**(ready | values))
    made.derive()
    return made


def beside(**values: Any) -> Surroundings:
    held: dict[str, Any] = {"reason": LEAF, "spoken": TOLD}
    return Surroundings(**(held | values))


def request(state: RequestState = RequestState.SENT) -> PocRequest:
    return PocRequest(case="c", team="LOGISTICS", ask="Where is it?", state=state)


def escalation(state: EscalationState = EscalationState.RAISED) -> Escalation:
    return Escalation(case="c", authority="LEGAL", reason="Risk", decision_asked="Pay?", state=state)


def follow_up(due: timedelta = timedelta(days=1), **values: Any) -> FollowUp:
    return FollowUp(case="c", text="Call back", due_at=NOW + due, **values)


# Each way with what it needs beside the case, so that it may be gone.
WAY_READY: dict[str, Surroundings] = {
    "T03": beside(follow_ups=[follow_up()]),
    "T04": beside(requests=[request()]),
}
ALLOWED: dict[str, set[str]] = {
    "T01": {"owner", "other", "lead", "shift"},
    "T02": {"owner", "other", "lead", "shift"},
    **{way: {"owner"} for way in ("T03", "T04", "T05", "T09", "T10", "T11", "T12")},
    **{way: {"owner", "lead", "shift"} for way in ("T06", "T07", "T08", "T14", "T15", "T16")},
    "T13": {"owner", "other", "lead", "shift"},
    "T17": {"lead", "shift"},
    "T18": {"lead", "shift"},
}


def codes(case: Case, way: str, around: Surroundings, me: User | None) -> list[str]:
    going = next(one for one in states.TRANSITIONS if one.code == way)
    return [one.code for one in guards.missing(case, going.before, going.after, around, me, NOW)]


@pytest.mark.parametrize("way", [one.code for one in states.TRANSITIONS])
@pytest.mark.parametrize("me", [OWNER, OTHER, LEAD, SHIFT_LEAD, VIEWER], ids=lambda user: user.id)
def test_each_way_is_gone_by_whom_the_table_names_and_by_nobody_else(way: str, me: User) -> None:
    around = WAY_READY.get(way, beside())
    if way == "T07":
        around = beside(requests=[request()])  # Nobody has answered: the case does not move by itself.

    found = codes(a_case(severity=Severity.S3), way, around, me)

    assert (found == []) is (me.id in ALLOWED[way]), f"{way} by {me.id}: {found}"


def test_a_viewer_is_told_whom_to_ask() -> None:
    with pytest.raises(Refused, match="only reads"):
        guards.refuse(a_case(), CaseStatus.OPEN, CaseStatus.RESOLVED, beside(), VIEWER, NOW)


UNMET: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("T01", {"owner": None}, {}, "owner"),
    *((way, {"cancel_reason": None}, {}, "cancel_reason") for way in ("T02", "T15", "T16", "T17", "T18")),
    ("T03", {}, {"spoken": (), "follow_ups": [follow_up()]}, "asked"),
    ("T03", {}, {"spoken": TOLD[:1], "follow_ups": [follow_up()]}, "asked"),
    ("T03", {}, {}, "follow_up"),
    ("T03", {}, {"follow_ups": [follow_up(state=FollowUpState.DONE)]}, "follow_up"),
    ("T04", {}, {}, "request"),
    ("T04", {}, {"requests": [request(RequestState.BOUNCED)]}, "request"),
    ("T05", {"waiting_for": " "}, {}, "waiting_for"),
    ("T05", {"waiting_until": None}, {}, "waiting_until"),
    ("T10", {}, {"requests": [request(RequestState.ANSWERED)]}, "requests"),
    ("T14", {"reopen_reason": None}, {}, "reopen_reason"),
    ("T14", {"resolved_at": NOW - timedelta(days=7, seconds=1)}, {}, "window"),
    ("T17", {}, {"requests": [request()]}, "requests"),
]
for _way in ("T09", "T10", "T11", "T12"):
    UNMET += [
        (_way, {"resolution_code": None}, {}, "outcome"),
        (_way, {"resolution_summary": "  "}, {}, "outcome_words"),
        (_way, {"fault_party": None}, {}, "fault_party"),
        (_way, {"fault_code": None}, {}, "fault_code"),
        (_way, {"risk_flags": frozenset({RiskFlag.LEGAL})}, {}, "not_escalated"),
        (_way, {}, {"escalations": [escalation(EscalationState.ACKNOWLEDGED)]}, "escalation_open"),
        (_way, {}, {"reason": replace(LEAF, leaf=False)}, "reason"),
        (_way, {}, {"reason": None}, "reason"),
        (_way, {}, {"spoken": TOLD[:1]}, "told"),
        (_way, {}, {"spoken": ()}, "told"),
        (_way, {"resolution_code": ResolutionCode.NO_RESPONSE}, {}, "nudges"),
    ]
UNMET += [
    ("T13", {"verified_how": None}, {}, "check"),
    ("T13", {"verified_at": None}, {}, "check"),
    ("T13", {"verified_result": ""}, {}, "check_result"),
    ("T13", {}, {"undone_steps": 1}, "steps"),
    ("T13", {}, {"requests": [request(RequestState.ANSWERED)]}, "requests"),
    ("T13", {}, {"escalations": [escalation(EscalationState.DECIDED)]}, "escalations"),
    ("T13", {}, {"follow_ups": [follow_up()]}, "follow_ups"),
    ("T13", {"knowledge": None}, {}, "knowledge"),
    ("T13", {"knowledge_why": None}, {}, "knowledge_why"),
    ("T13", {"knowledge": KnowledgeDecision.LINKED}, {}, "article"),
    ("T13", {"reopen_count": 2}, {}, "bad_case"),
    ("T13", {}, {"reason": replace(LEAF, flags=frozenset({"bad_case"}))}, "bad_case"),
    ("T13", {"severity": Severity.S1, "urgency": Urgency.U1}, {}, "bad_case"),
    ("T13", {"bad_case": BadCaseDecision.NOT_NEEDED}, {}, "bad_case_why"),
    ("T13", {}, {"reason": replace(LEAF, flags=frozenset({"high_risk"}))}, "sign_off"),
    ("T13", {}, {"looks": [PeerReview(case="c", about=LookAt.CLOSING)]}, "look_open"),
]


@pytest.mark.parametrize(("way", "values", "around", "code"), UNMET, ids=lambda value: str(value)[:40])
def test_each_guard_names_what_is_missing_and_where_it_is_mended(
    way: str, values: dict[str, Any], around: dict[str, Any], code: str
) -> None:
    ready = WAY_READY.get(way, beside())
    kept: dict[str, Any] = {
        "reason": ready.reason,
        "spoken": ready.spoken,
        "follow_ups": ready.follow_ups,
        "requests": ready.requests,
    }
    if not values:
        kept |= {"follow_ups": (), "requests": ()}
    going = next(one for one in states.TRANSITIONS if one.code == way)

    found = guards.missing(
        a_case(**values),
        going.before,
        going.after,
        Surroundings(**(kept | around)),
        LEAD if way == "T13" else None,
        NOW,
    )

    assert code in [one.code for one in found]
    names = {f.name for f in fields_of(Case)}
    assert all(one.where in SECTIONS | names and one.sentence.endswith(".") for one in found)


def test_a_refusal_names_all_that_is_missing_at_once() -> None:
    case = a_case(resolution_code=None, fault_code=None)

    with pytest.raises(Refused) as refusal:
        guards.refuse(case, CaseStatus.OPEN, CaseStatus.RESOLVED, beside(spoken=()), OWNER, NOW)

    assert str(refusal.value) == (
        "AB-1 cannot become “Resolved” yet. Choose the outcome. Tell the requester the outcome, or write why they were "
        "not told. Choose the fault code."
    )


def test_a_low_case_needs_no_fault_and_a_reason_not_to_tell_stands_for_telling() -> None:
    low = a_case(severity=Severity.S4, fault_party=None, fault_code=None, no_contact_reason="No address known")

    assert low.priority is Priority.P3
    assert codes(low, "T09", beside(spoken=()), OWNER) == []


def test_no_answer_is_an_outcome_only_after_two_reminders_and_three_days() -> None:
    case = a_case(resolution_code=ResolutionCode.NO_RESPONSE)

    def spoken(*days: float) -> Surroundings:
        return beside(spoken=[Spoken(NOW - timedelta(days=day), ours=True) for day in days])

    assert codes(case, "T12", spoken(4, 2), OWNER) == ["nudges"]
    assert codes(case, "T12", spoken(2.9, 2, 1), OWNER) == ["nudges"]
    assert codes(case, "T12", spoken(3, 2, 1), OWNER) == []
    assert codes(case, "T09", spoken(2, 1), OWNER) == ["nudges"], "no way round by going on with it first"


def test_a_promise_is_kept_or_carried_by_a_date_that_is_to_come() -> None:
    ours = {"form": FollowUpForm.PROMISE, "promised_by": PromisedBy.US}

    def with_promise(one: FollowUp) -> list[str]:
        return codes(a_case(), "T09", beside(follow_ups=[one]), OWNER)

    assert with_promise(follow_up(timedelta(hours=-1), **ours)) == ["promises"]
    assert with_promise(follow_up(timedelta(hours=1), **ours)) == []
    assert with_promise(follow_up(timedelta(hours=-1), state=FollowUpState.DONE, **ours)) == []
    theirs = ours | {"promised_by": PromisedBy.THEM}
    assert with_promise(follow_up(timedelta(hours=-1), **theirs)) == []


def test_the_newest_second_look_counts_and_can_be_withdrawn() -> None:
    def looks(*states_: LookState) -> list[str]:
        asked = [PeerReview(case="c", about=LookAt.RESOLVING, state=one) for one in states_]
        return codes(a_case(), "T09", beside(looks=asked), OWNER)

    assert looks(LookState.ASKED) == ["look_open"]
    assert looks(LookState.CHANGES) == ["look_changes"]
    assert looks(LookState.CHANGES, LookState.AGREED) == []
    assert looks(LookState.AGREED, LookState.WITHDRAWN) == []
    assert looks(LookState.CHANGES, LookState.WITHDRAWN) == ["look_changes"]


@pytest.mark.parametrize("risk", ["P0", "P1", "flag", "reason"])
def test_four_eyes_close_what_is_urgent_or_of_high_risk_and_a_lead_closes_it(risk: str) -> None:
    values: dict[str, dict[str, Any]] = {
        "P0": {"severity": Severity.S1, "urgency": Urgency.U1, "bad_case": BadCaseDecision.NEEDED},
        "P1": {"severity": Severity.S2, "urgency": Urgency.U1},
        "flag": {"risk_flags": frozenset({RiskFlag.MONEY})},
        "reason": {},
    }
    around = beside(reason=replace(LEAF, flags=frozenset({"high_risk"} if risk == "reason" else ())))
    case = a_case(**values[risk], signed_off_by="lead")

    assert codes(case, "T13", around, LEAD) == []
    assert codes(case, "T13", around, SHIFT_LEAD) == []
    assert codes(case, "T13", around, OTHER) == ["lead"]
    assert codes(case, "T13", around, OWNER) == ["closer"], "the resolver"
    assert codes(replace(case, verified_by="owner"), "T13", around, LEAD) == ["four_eyes"]
    assert codes(case, "T13", around, None) == ["closer"], "never by itself"


def test_what_is_low_may_be_closed_by_who_resolved_it() -> None:
    assert codes(a_case(verified_by="owner"), "T13", beside(), OWNER) == []


@pytest.mark.parametrize(
    ("way", "around", "moves"),
    [
        ("T06", {"spoken": TOLD[:1]}, True),
        ("T06", {}, False),
        ("T07", {"requests": [request(RequestState.ANSWERED)]}, True),
        ("T07", {"requests": [request()]}, False),
        ("T14", {"spoken": TOLD[:1]}, True),
        ("T14", {}, False),
    ],
)
def test_whoever_writes_down_what_moves_a_case_moves_it(way: str, around: dict[str, Any], moves: bool) -> None:
    assert (codes(a_case(), way, beside(**around), OTHER) == []) is moves


def test_a_third_party_that_is_late_moves_the_case() -> None:
    late = a_case(waiting_until=NOW)
    assert codes(late, "T08", beside(), OTHER) == []
    assert codes(a_case(), "T08", beside(), OTHER) == ["stranger"]


@pytest.mark.parametrize("way", ["T02", "T15", "T16"])
def test_only_a_lead_cancels_what_is_urgent(way: str) -> None:
    urgent = a_case(severity=Severity.S2, urgency=Urgency.U1)
    assert codes(urgent, way, beside(), OWNER) == ["lead"]
    assert codes(urgent, way, beside(), LEAD) == []


# A priority set by hand


@pytest.mark.parametrize(
    ("before", "after", "me", "taken"),
    [
        (None, Priority.P1, OTHER, True),
        (None, Priority.P3, OTHER, False),
        (None, Priority.P3, SHIFT_LEAD, True),
        (Priority.P0, None, OTHER, False),
        (Priority.P0, Priority.P1, OTHER, False),
        (Priority.P3, None, OTHER, True),
        (Priority.P0, None, LEAD, True),
    ],
)
def test_anyone_raises_a_priority_and_only_a_lead_lowers_it(
    before: Priority | None, after: Priority | None, me: User, taken: bool
) -> None:
    case = a_case(priority_override=after, priority_reason="Because")
    assert guards.may_go(case, states.TRANSITIONS[0], me, beside(), NOW)

    def change() -> None:
        guards.refuse_priority(case, {"priority_override": before}, me)

    _taken_or_refused(change, taken)


def _taken_or_refused(change: Callable[[], None], taken: bool) -> None:
    if taken:
        change()
    else:
        with pytest.raises(Refused):
            change()


# Signing, and what stays


def test_nobody_signs_for_another_and_only_leads_sign_off_or_waive() -> None:
    for name in ("verified_by", "resolved_by", "signed_off_by"):
        with pytest.raises(Refused, match="somebody else"):
            guards.refuse_signature(a_case(**{name: "other"}), {name: None}, LEAD)
    with pytest.raises(Refused, match="Only a lead signs off"):
        guards.refuse_signature(a_case(signed_off_by="other"), {"signed_off_by": None}, OTHER)
    waived = a_case(verified_how=VerificationMethod.WAIVED)
    with pytest.raises(Refused, match="waive"):
        guards.refuse_signature(waived, {"verified_how": None}, OTHER)
    guards.refuse_signature(waived, {"verified_how": None}, LEAD)
    with pytest.raises(Refused, match="waive"):
        acts.verify(a_case(), VerificationMethod.WAIVED, "Small", OTHER, NOW)
    with pytest.raises(Refused, match="lead"):
        acts.sign_off(a_case(), OTHER, NOW)


def test_what_a_gate_has_let_through_with_a_case_is_not_taken_away_from_it() -> None:
    resolved = a_case(status=CaseStatus.RESOLVED, fault_code=None)
    with pytest.raises(Refused, match="Choose the fault code"):
        guards.refuse_unmaking(resolved, {"fault_code": "SYS1"}, beside(), LEAD, NOW)
    guards.refuse_unmaking(resolved, {"fault_party": FaultParty.SELLER}, beside(), LEAD, NOW)
    guards.refuse_unmaking(resolved, {"title": "Refund"}, beside(), LEAD, NOW)
    guards.refuse_unmaking(replace(resolved, status=CaseStatus.OPEN), {"fault_code": "SYS1"}, beside(), LEAD, NOW)
    assert {f.name for f in fields_of(Case)} >= KEPT


# Beside the gates


def test_a_second_look_is_answered_by_somebody_else_with_words_where_it_wants_changes() -> None:
    look = acts.ask_look(a_case(), LookAt.RESOLVING, OWNER, NOW)
    for me, remark, sentence in ((OWNER, "Fine", "somebody else"), (OTHER, " ", "what should change")):
        with pytest.raises(Refused, match=sentence):
            acts.answer_look(look, me is OWNER, remark, me, NOW)
    acts.answer_look(look, False, "Name the amount", OTHER, NOW)
    assert (look.state, look.answered_by, look.remark) == (LookState.CHANGES, "other", "Name the amount")
    with pytest.raises(Refused, match="answered already"):
        acts.answer_look(look, True, "", LEAD, NOW)
    with pytest.raises(Refused, match="Only who asked"):
        acts.withdraw_look(look, OTHER)
    acts.withdraw_look(look, OWNER)
    with pytest.raises(Refused, match="colleague"):
        acts.ask_look(a_case(), LookAt.CLOSING, OWNER, NOW, of="owner")
    with pytest.raises(Refused, match="nothing written"):
        acts.ask_look(a_case(), LookAt.MESSAGE, OWNER, NOW)


def test_an_exception_says_three_things_and_a_lead_decides_it_once() -> None:
    case = a_case()
    with pytest.raises(Refused, match="what is done instead"):
        acts.ask_exception(case, "No refund after 15 days", "", "Carrier lost it", OWNER, NOW)
    asked = acts.ask_exception(case, "No refund after 15 days", "Refunded on day 20", "Carrier lost it", OWNER, NOW)
    assert asked.reason == case.reason
    with pytest.raises(Refused, match="Only a lead"):
        acts.decide_exception(case, asked, True, OWNER, NOW)
    told = acts.decide_exception(case, asked, True, LEAD, NOW, condition="Once per customer")
    assert told.body == "Exception granted: Refunded on day 20\nOnce per customer"
    with pytest.raises(Refused, match="decided already"):
        acts.decide_exception(case, asked, False, LEAD, NOW)


def test_a_ladder_of_whys_that_ends_at_a_person_is_doubted() -> None:
    cause = RootCause(case="c", whys=("Late", "Not told", "Minh forgot"), cause="Forgotten", by="owner")
    assert [str(one)[:27] for one in causes.doubts(cause, ["Minh"])] == ["The last why names Minh. As"]
    cause.whys, cause.fault_code = ("Late", "Not told", "No reminder exists"), "PEO3"
    assert causes.doubts(cause, ["Minh"]) == [
        "People are never the root cause alone. Ask on: which gap in system, procedure or standard?"
    ]
    cause.whys, cause.fault_code = ("Late", "No reminder exists"), "PRC1"
    assert causes.doubts(cause, ["Minh"]) == ["Only 2 whys; ask at least 3 times."]
    with pytest.raises(Refused, match="Somebody else"):
        acts.review_cause(cause, OWNER, NOW)
    acts.review_cause(cause, OTHER, NOW)
    assert cause.reviewed_by == "other"


@pytest.mark.parametrize(
    ("values", "around", "closes"),
    [
        ({}, {}, True),
        ({"verified_how": None, "verified_by": None, "verified_result": None, "verified_at": None}, {}, True),
        ({"resolved_at": NOW - timedelta(days=3, seconds=-1)}, {}, False),
        ({"severity": Severity.S2, "urgency": Urgency.U1}, {}, False),
        ({"risk_flags": frozenset({RiskFlag.MONEY}), "signed_off_by": "lead"}, {}, False),
        ({"knowledge": None}, {}, False),
        ({}, {"spoken": TOLD[:1]}, False),
        ({}, {"follow_ups": [follow_up()]}, False),
    ],
)
def test_a_low_case_closes_by_itself_three_days_later_with_all_that_its_gate_asks(
    values: dict[str, Any], around: dict[str, Any], closes: bool
) -> None:
    case = a_case(**({"status": CaseStatus.RESOLVED, "resolved_at": NOW - timedelta(days=3)} | values))

    assert acts.close_by_itself(case, beside(**around), NOW) is closes

    assert (case.status is CaseStatus.CLOSED) is closes
    if closes:
        assert case.verified_how is not None
        assert case.verified_result


def test_a_later_contact_is_a_new_case_that_follows() -> None:
    old = a_case(status=CaseStatus.CLOSED, requester="p", orders=frozenset({"K1"}))
    new = acts.follow_on(old, "", OTHER, NOW)
    assert (new.follow_up_of, new.requester, new.orders, new.owner) == ("c", "p", frozenset({"K1"}), "other")
    assert (new.status, new.reopen_count, new.resolution_code) == (CaseStatus.OPEN, 0, None)
