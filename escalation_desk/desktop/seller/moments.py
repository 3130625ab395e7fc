"""What happened with a seller, newest first: notes, cases, promises; plain data for the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from escalation_desk.casework.fields import instant_text
from escalation_desk.i18n import N_

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.casework.promises import FollowUp
    from escalation_desk.casework.seller import SellerNote
    from escalation_desk.journal.about_seller import About, CaseLine


class Sort(StrEnum):
    """What the timeline can be narrowed to."""

    ALL = "all"
    NOTES = "notes"
    CASES = "cases"
    PROMISES = "promises"

    @property
    def label(self) -> str:
        return {"all": N_("All"), "notes": N_("Notes"), "cases": N_("Cases"), "promises": N_("Promises")}[self.value]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on the timeline: a note with its corrections and promises, a case, or a promise by itself."""

    sort: Sort
    at: str
    note: SellerNote | None = None
    corrections: tuple[SellerNote, ...] = ()
    promises: tuple[FollowUp, ...] = ()
    case: CaseLine | None = None


def moments(about: About, sort: Sort = Sort.ALL) -> list[Moment]:
    """Lay out what happened. A promise given in a note stands in the note, and by itself where only promises show."""
    found: list[Moment] = []
    if sort in {Sort.ALL, Sort.NOTES}:
        found += _notes(about)
    if sort in {Sort.ALL, Sort.CASES}:
        found += [Moment(Sort.CASES, case.received_at, case=case) for case in about.cases]
    if sort in {Sort.ALL, Sort.PROMISES}:
        known = {note.id for note in about.notes} if sort is Sort.ALL else set()
        found += [
            Moment(Sort.PROMISES, _text(one.created_at), promises=(one,))
            for one in about.follow_ups
            if one.note not in known
        ]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _notes(about: About) -> list[Moment]:
    known = {note.id for note in about.notes}
    corrections: dict[str, list[SellerNote]] = {}
    for note in about.notes:
        if note.amends in known:
            corrections.setdefault(str(note.amends), []).append(note)
    return [
        Moment(
            Sort.NOTES,
            _text(note.at or note.created_at),
            note=note,
            corrections=tuple(corrections.get(note.id, ())),
            promises=tuple(about.promises_of(note.id)),
        )
        for note in about.notes
        if note.amends not in known
    ]


def _text(at: datetime | None) -> str:
    return instant_text(at) if at else ""
