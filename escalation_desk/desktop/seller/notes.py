"""Writing a note on a seller: the note, the promises that were given in it, a correction to one that is older."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from escalation_desk.casework import acts
from escalation_desk.casework.choices import FollowUpForm, PromisedBy
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller, SellerNote
from escalation_desk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from escalation_desk.casework.people import User
    from escalation_desk.journal.work import Work


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as it was typed: whose, what, by when."""

    by: PromisedBy
    text: str
    due: datetime


@dataclass(frozen=True)
class Draft:
    """A note as it was typed: the values of its fields, and the promises of both sides."""

    seller: str
    values: Mapping[str, Any]
    promises: tuple[Promised, ...] = ()
    amends: str | None = None
    edits: str | None = None
    answers: str | None = None

    def write(self, work: Work, me: User) -> str:
        """Write the note with its promises as one act; answer its id."""
        seller = work.get(Seller, self.seller)
        note = self._edited(work) if self.edits else self._new(work, me)
        for one in self.promises:
            work.add(
                acts.promise(
                    one.text,
                    one.due,
                    me,
                    seller=self.seller,
                    form=FollowUpForm.PROMISE,
                    promised_by=one.by,
                    to_whom=(note.contact or seller.contact_person) if one.by is PromisedBy.US else None,
                    note=note.id,
                )
            )
        return note.id

    def _new(self, work: Work, me: User) -> SellerNote:
        values = dict(self.values) | {"amends": self.amends, "answers": self.answers}
        if not str(values.get("topic") or "").strip():
            raise Refused(_("Say in a few words what it was about: “Topic” is empty."))
        values["at"] = values.get("at") or work.now
        if values["at"] > work.now:
            raise Refused(_("A contact that has not happened yet is a next contact; put the time there."))
        return work.add(SellerNote(seller=self.seller, our_people=frozenset({me.id}), **values))

    def _edited(self, work: Work) -> SellerNote:
        note = work.get(SellerNote, self.edits or "")
        note.refuse_late_edit(work.now)
        for name, value in self.values.items():
            setattr(note, name, value)
        return note
