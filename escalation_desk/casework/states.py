"""The eight states of a case and the eighteen ways between them (domain.md §2.1); anything else is refused.

The two gates, G-RES and G-CLO, stand in front of `resolved` and `closed` and come with the escalation work.
"""

from __future__ import annotations

from typing import NamedTuple

from escalation_desk.casework.choices import CaseStatus as S
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _


class Transition(NamedTuple):
    """One allowed way. `by` holds who may go it: owner, lead, specialist, verifier, system."""

    code: str
    before: S
    after: S
    by: frozenset[str]


def _way(code: str, before: S, after: S, by: str) -> Transition:
    return Transition(code, before, after, frozenset(by.split()))


TRANSITIONS: tuple[Transition, ...] = (
    _way("T01", S.NEW, S.OPEN, "specialist lead"),
    _way("T02", S.NEW, S.CANCELLED, "specialist lead"),
    _way("T03", S.OPEN, S.PENDING_REQUESTER, "owner"),
    _way("T04", S.OPEN, S.PENDING_INTERNAL, "owner"),
    _way("T05", S.OPEN, S.PENDING_THIRD_PARTY, "owner"),
    _way("T06", S.PENDING_REQUESTER, S.OPEN, "owner lead system"),
    _way("T07", S.PENDING_INTERNAL, S.OPEN, "owner lead system"),
    _way("T08", S.PENDING_THIRD_PARTY, S.OPEN, "owner lead system"),
    _way("T09", S.OPEN, S.RESOLVED, "owner"),
    _way("T10", S.PENDING_INTERNAL, S.RESOLVED, "owner"),
    _way("T11", S.PENDING_THIRD_PARTY, S.RESOLVED, "owner"),
    _way("T12", S.PENDING_REQUESTER, S.RESOLVED, "owner"),
    _way("T13", S.RESOLVED, S.CLOSED, "verifier system"),
    _way("T14", S.RESOLVED, S.OPEN, "owner lead system"),
    _way("T15", S.OPEN, S.CANCELLED, "owner lead"),
    _way("T16", S.PENDING_REQUESTER, S.CANCELLED, "owner lead"),
    _way("T17", S.PENDING_INTERNAL, S.CANCELLED, "lead"),
    _way("T18", S.PENDING_THIRD_PARTY, S.CANCELLED, "lead"),
)

_WAYS = {(way.before, way.after): way for way in TRANSITIONS}


def transition(before: S, after: S) -> Transition:
    """Find the way between two states, or refuse with the ways that exist."""
    way = _WAYS.get((before, after))
    if way is None:
        raise Refused(_no_way(before, after))
    return way


def ways_from(before: S) -> tuple[S, ...]:
    return tuple(way.after for way in TRANSITIONS if way.before is before)


def path(before: S, after: S) -> tuple[S, ...] | None:
    """Find the shortest chain of states from one to another (the first left out), or None where none leads there."""
    reached: dict[S, tuple[S, ...]] = {before: ()}
    waiting = [before]
    while waiting and after not in reached:
        here = waiting.pop(0)
        for there in ways_from(here):
            if there not in reached:
                reached[there] = (*reached[here], there)
                waiting.append(there)
    return reached.get(after)


def _no_way(before: S, after: S) -> str:
    ways = ways_from(before)
    if not ways:
        return _(
            "A case that is “{before}” is final and cannot become “{after}”; open a new case that follows it.",
            before=_(before.label),
            after=_(after.label),
        )
    return _(
        "A case that is “{before}” cannot become “{after}”; it can become: {ways}.",
        before=_(before.label),
        after=_(after.label),
        ways=", ".join(_(way.label) for way in ways),
    )
