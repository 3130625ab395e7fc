"""What may still be done with an entry of the timeline once it stands there: correct it, or take a slip back soon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from escalation_desk.casework.choices import Form
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Clarification, Message
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from escalation_desk.casework.people import User

SLIP: Final = timedelta(minutes=10)
"""How long people may take back what they wrote themselves; after that others have read it."""


def refuse_removal(entry: Message, me: User, now: datetime) -> None:
    """Let only the author take an entry back, and only at once."""
    if entry.form is Form.EVENT or entry.automatic:
        raise Refused(_("What the CRM recorded stays on the timeline; add a note that corrects it."))
    if entry.by != me.id:
        raise Refused(_("Somebody else wrote this; add an entry that corrects it instead."))
    if entry.created_at and now - entry.created_at > SLIP:
        raise Refused(_("This was written more than 10 minutes ago and stays; add an entry that corrects it instead."))


def removable(entry: Message, me: User, now: datetime) -> bool:
    try:
        refuse_removal(entry, me, now)
    except Refused:
        return False
    return True


def amendment(entry: Message, text: str, me: User, now: datetime) -> Message:
    """Correct an entry by another one of the same kind; both stay."""
    if not text.strip():
        raise Refused(_("There is nothing written yet."))
    return Message(
        case=entry.case,
        form=entry.form,
        direction=entry.direction,
        visibility=entry.visibility,
        channel=entry.channel,
        counterpart=entry.counterpart,
        language=entry.language,
        body=text,
        at=now,
        by=me.id,
        amends=entry.id,
    )


def mentioned(text: str, people: Iterable[User]) -> frozenset[str]:
    """Find who is called by @ and the whole name; of two names that begin alike, the longer one is meant."""
    found = set()
    for user in sorted(people, key=lambda user: len(user.full_name), reverse=True):
        sign = f"@{user.full_name}"
        if user.active and sign in text:
            found.add(user.id)
            text = text.replace(sign, " ")
    return frozenset(found)


def question(case_id: str, text: str, now: datetime) -> Clarification:
    if not text.strip():
        raise Refused(_("There is nothing written yet."))
    return Clarification(case=case_id, question=text, asked_at=now)


def answer(asked: Clarification, text: str, at: datetime) -> None:
    """Write the answer down; a later one replaces it, and the history keeps both."""
    if not text.strip():
        raise Refused(_("There is nothing written yet."))
    asked.answer, asked.answered_at = text, at
