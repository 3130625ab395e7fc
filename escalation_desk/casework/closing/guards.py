"""Who may bring a case from one state into another, and what must hold for it (domain.md §2.1, §2.2): one row a way.

Every door of the desk comes through here: the window, the command line, many cases at once, macros, settled conflicts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework import states
from escalation_desk.casework.choices import Assignment, CaseStatus, Priority, Role, VerificationMethod
from escalation_desk.casework.closing import gates
from escalation_desk.casework.closing.gates import G_CLO, G_RES, Asked, Condition, Missing, missing_at
from escalation_desk.casework.contacts.records import RequestState
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from escalation_desk.casework.case import Case
    from escalation_desk.casework.closing.surroundings import Surroundings
    from escalation_desk.casework.people import User

REOPEN_WINDOW: Final = timedelta(days=7)
AUTO_CLOSE: Final = timedelta(days=3)
"""So long a resolved case can be reopened, and after so long P2 and P3 close by themselves (sla.json, lifecycle)."""

_WORKING: Final = frozenset({Role.SPECIALIST, Role.SHIFT_LEAD, Role.LEAD, Role.ADMIN})


def _owned(asked: Asked) -> Iterator[Missing]:
    if asked.case.owner is None or asked.case.assignment is Assignment.OFFERED:
        yield Missing("owner", _("A case in progress needs an owner; take it over first."), "owner")


def _cancelled_for_a_reason(asked: Asked) -> Iterator[Missing]:
    case = asked.case
    if case.cancel_reason is None and case.merged_into is None:
        sentence = _("To cancel a case, say why: duplicate, out of scope, returned to Tier 1, withdrawn or test.")
        yield Missing("cancel_reason", sentence, "cancel_reason")
    if case.priority in {Priority.P0, Priority.P1} and asked.me is not None and not asked.me.leads:
        yield Missing("lead", _("Only a lead cancels what is P0 or P1."), "owner")


def _asked_the_requester(asked: Asked) -> Iterator[Missing]:
    if not asked.around.we_spoke_last:
        sentence = _("Write to the requester first: nothing went out after their last message.")
        yield Missing("asked", sentence, gates.TALK)
    if not any(one.due_at for one in asked.around.open_follow_ups()):
        yield Missing("follow_up", _("Set a follow-up with a date for when they do not answer."), gates.FOLLOW_UPS)


def _asked_a_contact(asked: Asked) -> Iterator[Missing]:
    if all(one.state is RequestState.DRAFT for one in asked.around.open_requests()):  # Nobody was asked by a draft.
        yield Missing("request", _("Ask a point of contact first; no request is open."), gates.REQUESTS)


def _third_party_named(asked: Asked) -> Iterator[Missing]:
    if not (asked.case.waiting_for or "").strip():
        yield Missing("waiting_for", _("Name the third party."), "waiting_for")
    if asked.case.waiting_until is None:
        yield Missing("waiting_until", _("Say by when they are expected to answer."), "waiting_until")


def _window_open(asked: Asked) -> Iterator[Missing]:
    """Ask for a reason, and for a contact soon enough. `resolved_at` is gone when this is asked behind the act."""
    case = asked.case
    if case.reopen_reason is None:
        sentence = _("To reopen a case, say why: choose a reason for reopening.")
        yield Missing("reopen_reason", sentence, "reopen_reason")
    if case.resolved_at is not None and asked.now - case.resolved_at > REOPEN_WINDOW:
        sentence = _(
            "It was resolved more than {days} days ago; open a new case that follows it.", days=REOPEN_WINDOW.days
        )
        yield Missing("window", sentence, "follow_up_of")


GUARDS: Final[Mapping[str, tuple[Condition, ...]]] = {
    "T01": (_owned,),
    "T02": (_cancelled_for_a_reason,),
    "T03": (_asked_the_requester,),
    "T04": (_asked_a_contact,),
    "T05": (_third_party_named,),
    "T06": (),
    "T07": (),
    "T08": (),
    "T09": G_RES,
    "T10": (*G_RES, gates.no_request_open),
    "T11": G_RES,
    "T12": G_RES,
    "T13": G_CLO,
    "T14": (_window_open,),
    "T15": (_cancelled_for_a_reason,),
    "T16": (_cancelled_for_a_reason,),
    "T17": (_cancelled_for_a_reason, gates.no_request_open),
    "T18": (_cancelled_for_a_reason,),
}
"""What must hold for each way, beside who may go it."""


def may_go(case: Case, way: states.Transition, me: User, around: Surroundings, now: datetime) -> bool:
    """Say whether this person may go a way: by role, as owner, or because what happened moves the case by itself."""
    if not me.roles & _WORKING:
        return False
    return (
        bool(way.by & {"specialist", "verifier"})
        or ("owner" in way.by and case.owner == me.id)
        or ("lead" in way.by and me.leads)
        or ("system" in way.by and _moves_by_itself(case, way, around, now))
    )


def _moves_by_itself(case: Case, way: states.Transition, around: Surroundings, now: datetime) -> bool:
    """Say whether something happened on which the case moves, whoever writes it down."""
    if way.code in {"T06", "T14"}:
        return around.they_spoke_last
    if way.code == "T07":
        return not any(one.state.waiting for one in around.requests)
    return way.code == "T08" and case.waiting_until is not None and case.waiting_until <= now


def missing(
    case: Case, before: CaseStatus, to: CaseStatus, around: Surroundings, me: User | None, now: datetime
) -> list[Missing]:
    """List all that stands between a case and another state; `me` is None where the desk moves it by itself."""
    way = states.transition(before, to)
    asked = Asked(case, around, me, now)
    found = [] if me is None or may_go(case, way, me, around, now) else [stranger(case, way, me)]
    if me is None and "system" not in way.by:
        found.append(Missing("system", _("The desk does not do this by itself."), "status"))
    return found + missing_at(GUARDS[way.code], asked)


def stranger(case: Case, way: states.Transition, me: User) -> Missing:
    """Say why this person may not go a way, and what they can do instead."""
    if not me.roles & _WORKING:
        return Missing("role", _("Your role only reads cases; ask a lead."), "owner")
    if "owner" not in way.by:
        return Missing("lead", _("Only a lead may do this with {case}; ask one.", case=case.case_no), "owner")
    if "lead" not in way.by:
        sentence = _("Only the owner may do this with {case}; take it over first.", case=case.case_no)
    else:
        sentence = _("Only the owner or a lead may do this with {case}; take it over first.", case=case.case_no)
    return Missing("stranger", sentence, "owner")


def refuse(
    case: Case, before: CaseStatus, to: CaseStatus, around: Surroundings, me: User | None, now: datetime
) -> None:
    """Refuse a way with one sentence that names everything that is missing."""
    refuse_missing(case, to, missing(case, before, to, around, me, now))


def refuse_missing(case: Case, to: CaseStatus, found: list[Missing]) -> None:
    if found:
        raise Refused(
            _(
                "{case} cannot become “{status}” yet. {missing}",
                case=case.case_no or case.title,
                status=_(to.label),
                missing=" ".join(one.sentence for one in found),
            )
        )


def refuse_unmaking(
    case: Case, before: Mapping[str, Any], around: Surroundings, me: User | None, now: datetime
) -> None:
    """Refuse to take away, on a case that is resolved or closed, what its gate has asked for."""
    gate = gates.STANDING.get(case.status, ())
    touched = before.keys() & gates.KEPT
    if not gate or not touched:
        return
    was = replace(case, **{name: before[name] for name in touched})
    had = {one.code for one in missing_at(gate, Asked(was, around, me, now))}
    left = missing_at(gate, Asked(case, around, me, now))
    gone = [one for one in left if one.code not in had and one.where in gates.KEPT]
    if gone:
        raise Refused(
            _(
                "{case} is “{status}” and keeps what that asked for. {missing}",
                case=case.case_no or case.title,
                status=_(case.status.label),
                missing=" ".join(one.sentence for one in gone),
            )
        )


def refuse_signature(case: Case, before: Mapping[str, Any], me: User) -> None:
    """Refuse to sign with another's name, and what only a lead signs."""
    for name in ("verified_by", "signed_off_by", "resolved_by"):
        if name in before and getattr(case, name) not in {None, me.id}:
            raise Refused(_("Nobody signs with the name of somebody else."))
    if "signed_off_by" in before and case.signed_off_by and not me.leads:
        raise Refused(_("Only a lead signs off a case; ask one."))
    if "verified_how" in before and case.verified_how is VerificationMethod.WAIVED and not me.leads:
        raise Refused(_("Only a lead may waive the check; ask one, or make the check."))


def refuse_priority(case: Case, before: Mapping[str, Any], me: User) -> None:
    """Let anyone raise a priority that is set by hand, and only a lead lower it (domain.md §2.4)."""
    if "priority_override" not in before or me.leads:
        return
    old = replace(case, **{name: value for name, value in before.items() if name in _JUDGED})
    old.derive()
    if case.priority.value > old.priority.value:
        raise Refused(_("Only a lead lowers a priority; ask one, or correct severity and urgency."))


_JUDGED: Final = frozenset({"priority_override", "severity", "urgency"})
