"""All verbs of the sample's files: what each does, and how the history names an act that begins with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from escalation_desk.i18n import N_
from escalation_desk.journal import sample_work as work
from escalation_desk.journal.sample_steps import STEPS, Verb, verb_of

if TYPE_CHECKING:
    from escalation_desk.journal.sample_steps import CaseAct, Data

_VERBS = STEPS | {
    "request": Verb(work.request, N_("Ask a point of contact about {case}")),
    "has_it": Verb(work.has_it, N_("Acknowledged by a contact of {case}")),
    "answered": Verb(work.answered, N_("Answer of a contact of {case}")),
    "not_enough": Verb(work.not_enough, N_("Ask a contact of {case} again")),
    "wrong_contact": Verb(work.wrong_contact, N_("Wrong contact of {case} corrected")),
    "chase": Verb(work.chase, N_("Chase a point of contact about {case}")),
    "pass_on": Verb(work.pass_on, N_("Answer passed on in {case}")),
    "withdraw": Verb(work.withdraw, N_("Withdraw a request about {case}")),
    "escalate": Verb(work.escalate, N_("Escalate {case}")),
    "told": Verb(work.told, N_("Mark an escalation of {case} as sent")),
    "acknowledged": Verb(work.has_escalation, N_("Escalation of {case} acknowledged")),
    "decided": Verb(work.decided, N_("Escalation of {case} decided")),
    "carried_out": Verb(work.carried_out, N_("Close an escalation of {case}")),
    "silent": Verb(work.silent, N_("Escalate {case}")),
    "deadline": Verb(work.deadline, N_("Change {case}")),
    "met": Verb(work.met, N_("Change {case}")),
    "cause": Verb(work.cause, N_("Root cause of {case}")),
    "cause_reviewed": Verb(work.cause_reviewed, N_("Review the root cause of {case}")),
    "look": Verb(work.look, N_("Ask for a second look at {case}")),
    "looked": Verb(work.looked, N_("Second look at {case}")),
    "exception": Verb(work.exception, N_("Exception from policy on {case}")),
    "granted": Verb(work.granted, N_("Grant an exception on {case}")),
    "verify": Verb(work.verify, N_("Change {case}")),
    "sign_off": Verb(work.sign_off, N_("Sign off {case}")),
    "link": Verb(work.link, N_("Link {case}")),
    "problem": Verb(work.problem, N_("New problem behind {case}")),
    "comes_from": Verb(work.comes_from, N_("Say what is behind {case}")),
    "problem_known": Verb(work.problem_known, N_("Say what is behind {case}")),
    "checklist": Verb(work.checklist, N_("Change {case}")),
    "article": Verb(work.article, N_("Question and answer logged from {case}")),
    "know": Verb(work.know, N_("Change {case}")),
}


def take_step(on: CaseAct, said: Data) -> None:
    """Do one step of an act."""
    _VERBS[verb_of(said)].does(on, said)


def title_of(steps: list[Data]) -> str:
    """Name an act after its first step."""
    return _VERBS[verb_of(steps[0])].title
