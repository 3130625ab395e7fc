"""One entry of a case is a matter of its own: it becomes a case that is linked with the first one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Direction, Form
from escalation_desk.casework.linking.records import CaseLink, LinkForm
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message

SHARED: Final = (
    *("requester", "seller", "source", "market", "platform", "channel", "language", "team"),
    *("orders", "products", "tracking", "carrier", "severity", "urgency", "tier1_agent", "tier1_team", "restricted"),
)
"""What a case that is split off has in common with the first one until somebody says otherwise."""


class Split(NamedTuple):
    """The new case, what was said in it, and how the two are linked. The link is made once the case has its id."""

    case: Case
    entry: Message


def split(entry: Message, origin: Case, title: str, me: User, now: datetime) -> Split:
    """Make a case of an entry. The entry stays where it is as well; what was said is never moved."""
    if not title.strip():
        raise Refused(_("Give the new case a title."))
    if entry.form is Form.EVENT:
        raise Refused(_("What the CRM recorded is no matter of its own; choose something that somebody said."))
    asked = entry.direction is Direction.IN and entry.at is not None
    case = Case(
        title=title.strip(),
        description=entry.body if entry.direction is Direction.IN else "",
        received_at=entry.at if asked else now,
        **{name: getattr(origin, name) for name in SHARED},
    )
    acts.take(case, me, now)
    return Split(case, replace(entry, id="", outside_id=None, amends=None, macro=None, pinned=False))


def tie(made: Split, origin: Case, me: User, now: datetime) -> tuple[CaseLink, Message]:
    """Link the new case, once it has its number, with the first one, and say so on the timeline there."""
    made.entry.case = made.case.id
    words = _("Split off into {case}: {title}", case=made.case.case_no, title=made.case.title)
    link = CaseLink(case=made.case.id, form=LinkForm.SPLIT, other=origin.id, by=me.id)
    return link, acts.internal_note(origin, words, me, now)
