"""The two gates of a case: what must be there before it is resolved (G-RES), and before it is closed (G-CLO).

A gate does not say no; it lists what is missing, and where that is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework.choices import (
    BadCaseDecision,
    CaseStatus,
    KnowledgeDecision,
    Priority,
    ResolutionCode,
)
from escalation_desk.casework.clocks.records import DeadlineSide
from escalation_desk.casework.closing.records import LookAt, LookState
from escalation_desk.casework.closing.surroundings import Surroundings, is_high_risk
from escalation_desk.casework.escalating.records import EscalationState
from escalation_desk.casework.linking.families import open_parts_gap
from escalation_desk.i18n import _, n_

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.people import User

NUDGES: Final = 2
WAITING_WINDOW: Final = timedelta(days=3)
"""So often and so long a requester is asked again before “no answer” is an outcome (sla.json, lifecycle)."""

REOPENED_OFTEN: Final = 2

TALK: Final = "talk"
FOLLOW_UPS: Final = "follow_ups"
REQUESTS: Final = "requests"
ESCALATIONS: Final = "escalations"
LOOKS: Final = "looks"
CHECKLIST: Final = "checklist"
DEADLINES: Final = "deadlines"
SECTIONS: Final = frozenset({TALK, FOLLOW_UPS, REQUESTS, ESCALATIONS, LOOKS, CHECKLIST, DEADLINES})
"""Where something is mended that is no field of the case."""


class Missing(NamedTuple):
    """One thing that a gate or guard asks for. `where` is a field of the case, or one of SECTIONS."""

    code: str
    sentence: str
    where: str


class Asked(NamedTuple):
    """A case that somebody wants to bring into another state. `me` is None where the desk does it by itself."""

    case: Case
    around: Surroundings
    me: User | None
    now: datetime

    @property
    def careful(self) -> bool:
        """Whether four eyes are needed, and a lead closes."""
        return self.case.priority in {Priority.P0, Priority.P1} or is_high_risk(self.case, self.around)


Condition = Callable[[Asked], Iterator[Missing]]


def reason_is_leaf(asked: Asked) -> Iterator[Missing]:
    if asked.around.reason is None or not asked.around.reason.leaf:
        yield Missing("reason", _("Choose the exact reason; a group of reasons is not enough."), "reason")


def outcome_said(asked: Asked) -> Iterator[Missing]:
    if asked.case.resolution_code is None:
        yield Missing("outcome", _("Choose the outcome."), "resolution_code")
    if not (asked.case.resolution_summary or "").strip():
        yield Missing("outcome_words", _("Write the outcome in words."), "resolution_summary")


def requester_told(asked: Asked) -> Iterator[Missing]:
    if not asked.around.we_spoke_last and not (asked.case.no_contact_reason or "").strip():
        told = _("Tell the requester the outcome, or write why they were not told.")
        yield Missing("told", told, TALK)


def waited_for_answer(asked: Asked) -> Iterator[Missing]:
    if asked.case.resolution_code is not ResolutionCode.NO_RESPONSE:
        return
    ours = asked.around.unanswered()
    if len(ours) <= NUDGES or asked.now - ours[0].at < WAITING_WINDOW:
        sentence = _(
            "“No answer” is an outcome only after {n} reminders and {days} days; remind the requester.",
            n=NUDGES,
            days=WAITING_WINDOW.days,
        )
        yield Missing("nudges", sentence, TALK)


def nobody_left_asked(asked: Asked) -> Iterator[Missing]:
    waiting = sum(one.state.unanswered for one in asked.around.escalations)
    if waiting:
        sentence = n_(
            "{n} escalation is not decided; get the decision, or withdraw it.",
            "{n} escalations are not decided; get the decisions, or withdraw them.",
            waiting,
        )
        yield Missing("escalation_open", sentence, ESCALATIONS)


def risk_was_told(asked: Asked) -> Iterator[Missing]:
    raised = any(one.state is not EscalationState.WITHDRAWN for one in asked.around.escalations)
    if is_high_risk(asked.case, asked.around) and not raised:
        yield Missing("not_escalated", _("A case of high risk is escalated before it is resolved."), ESCALATIONS)


def fault_named(asked: Asked) -> Iterator[Missing]:
    if asked.case.priority is Priority.P3:
        return
    if asked.case.fault_party is None:
        yield Missing("fault_party", _("Say by whom it was caused."), "fault_party")
    if asked.case.fault_code is None:
        yield Missing("fault_code", _("Choose the fault code."), "fault_code")


def promises_kept(asked: Asked) -> Iterator[Missing]:
    broken = len(asked.around.broken_promises(asked.now))
    if broken:
        sentence = n_(
            "{n} promise is overdue; keep it, or move it to a date that you can keep.",
            "{n} promises are overdue; keep them, or move them to dates that you can keep.",
            broken,
        )
        yield Missing("promises", sentence, FOLLOW_UPS)


def deadlines_met(asked: Asked) -> Iterator[Missing]:
    """Let no date pass unseen that law or a platform has set: a case that is over is in no list of what is due."""
    deadlines = len(asked.around.open_deadlines(DeadlineSide.DESK))
    if deadlines:
        sentence = n_(
            "{n} external deadline is open; say that it was met, or why it does not hold any more.",
            "{n} external deadlines are open; say that they were met, or why they do not hold any more.",
            deadlines,
        )
        yield Missing("deadlines", sentence, DEADLINES)


def steps_done(asked: Asked) -> Iterator[Missing]:
    if asked.around.undone_steps:
        sentence = n_(
            "{n} required step of the checklist is open; do it, or say why not.",
            "{n} required steps of the checklist are open; do them, or say why not.",
            asked.around.undone_steps,
        )
        yield Missing("steps", sentence, CHECKLIST)


def looked_at(about: LookAt) -> Condition:
    """Let a second look that was asked for be answered first; the newest answer counts."""

    def look(asked: Asked) -> Iterator[Missing]:
        looks = [one for one in asked.around.looks if one.about is about and one.state is not LookState.WITHDRAWN]
        if looks and looks[-1].state is LookState.ASKED:
            yield Missing("look_open", _("The second look is not answered yet; wait for it, or withdraw it."), LOOKS)
        if looks and looks[-1].state is LookState.CHANGES:
            yield Missing("look_changes", _("The second look wants changes; make them, then ask again."), LOOKS)

    return look


def checked(asked: Asked) -> Iterator[Missing]:
    case = asked.case
    if case.verified_how is None or case.verified_at is None:
        yield Missing("check", _("Check that the outcome has arrived, and say how."), "verified_how")
    elif not (case.verified_result or "").strip():
        yield Missing("check_result", _("Write what the check found."), "verified_result")


def no_request_open(asked: Asked) -> Iterator[Missing]:
    requests = len(asked.around.open_requests())
    if requests:
        sentence = n_(
            "{n} request to a point of contact is open; accept the answer, or withdraw it.",
            "{n} requests to points of contact are open; accept the answers, or withdraw them.",
            requests,
        )
        yield Missing("requests", sentence, REQUESTS)


def all_answered(asked: Asked) -> Iterator[Missing]:
    yield from no_request_open(asked)
    escalations = sum(one.state.open for one in asked.around.escalations)
    if escalations:
        sentence = n_("{n} escalation is not closed.", "{n} escalations are not closed.", escalations)
        yield Missing("escalations", sentence, ESCALATIONS)
    follow_ups = len(asked.around.open_follow_ups())
    if follow_ups:
        sentence = n_(
            "{n} follow-up is open; finish or cancel it.", "{n} follow-ups are open; finish or cancel them.", follow_ups
        )
        yield Missing("follow_ups", sentence, FOLLOW_UPS)


def parts_finished(asked: Asked) -> Iterator[Missing]:
    gap = open_parts_gap(asked.around.parts, asked.case.parts_why or "")
    if gap:
        yield Missing("parts", gap, "parts_why")


def knowledge_decided(asked: Asked) -> Iterator[Missing]:
    case = asked.case
    if case.knowledge is None:
        yield Missing("knowledge", _("Decide what the knowledge base gets from it."), "knowledge")
    elif case.knowledge is KnowledgeDecision.NOT_NEEDED and not (case.knowledge_why or "").strip():
        yield Missing("knowledge_why", _("Write why no article is needed."), "knowledge_why")
    elif case.knowledge is not KnowledgeDecision.NOT_NEEDED and case.knowledge_article is None:
        yield Missing("article", _("Name the article."), "knowledge_article")


def bad_case_decided(asked: Asked) -> Iterator[Missing]:
    # A low mark in a survey (DSAT) asks for the decision as well; the desk reads no surveys yet.
    case = asked.case
    flagged = asked.around.reason is not None and "bad_case" in asked.around.reason.flags
    if case.bad_case is None and (case.priority is Priority.P0 or case.reopen_count >= REOPENED_OFTEN or flagged):
        yield Missing("bad_case", _("Decide whether it is reviewed as a bad case."), "bad_case")
    if case.bad_case is BadCaseDecision.NOT_NEEDED and not (case.bad_case_why or "").strip():
        yield Missing("bad_case_why", _("Write why no review is needed."), "bad_case_why")


def signed_off(asked: Asked) -> Iterator[Missing]:
    if is_high_risk(asked.case, asked.around) and asked.case.signed_off_by is None:
        yield Missing("sign_off", _("A case of high risk needs the sign-off of a lead."), "signed_off_by")


def four_eyes(asked: Asked) -> Iterator[Missing]:
    """Let somebody else than the resolver check and close what is urgent or of high risk, and a lead close it."""
    case = asked.case
    if not asked.careful:
        return
    if case.verified_by is not None and case.verified_by == case.resolved_by:
        sentence = _("Somebody else than who resolved it makes the check (four eyes).")
        yield Missing("four_eyes", sentence, "verified_how")
    if asked.me is None or asked.me.id == case.resolved_by:
        yield Missing("closer", _("Somebody else than who resolved it closes it (four eyes)."), "owner")
    elif not asked.me.leads:
        yield Missing("lead", _("A lead closes what is P0, P1 or of high risk."), "owner")


G_RES: Final[tuple[Condition, ...]] = (
    reason_is_leaf,
    outcome_said,
    requester_told,
    waited_for_answer,
    risk_was_told,
    nobody_left_asked,
    fault_named,
    promises_kept,
    deadlines_met,
    looked_at(LookAt.RESOLVING),
)

G_CLO: Final[tuple[Condition, ...]] = (
    checked,
    all_answered,
    deadlines_met,
    parts_finished,
    steps_done,
    knowledge_decided,
    bad_case_decided,
    signed_off,
    four_eyes,
    looked_at(LookAt.CLOSING),
)

KEPT: Final = frozenset(
    {
        *("reason", "resolution_code", "resolution_summary", "no_contact_reason", "fault_party", "fault_code"),
        *("verified_how", "verified_result", "verified_at", "verified_by", "signed_off_by"),
        *("knowledge", "knowledge_article", "knowledge_why", "bad_case", "bad_case_why", "parts_why"),
    }
)
"""What a gate has let through with a case stays with it; only a reopening takes it up again."""

STANDING: Final = {CaseStatus.RESOLVED: G_RES, CaseStatus.CLOSED: (*G_RES, *G_CLO)}


def missing_at(gate: tuple[Condition, ...], asked: Asked) -> list[Missing]:
    """List what a gate still asks for."""
    return [one for condition in gate for one in condition(asked)]
