"""Who is away, and who stands in meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from escalation_desk.casework.fields import field
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escalation_desk.casework.people import User


@dataclass(kw_only=True)
class Absence(Record):
    """A stretch of time in which somebody does not work; it ends by itself."""

    kind: ClassVar[str] = "absence"
    label: ClassVar[str] = N_("Absence")

    user: str = field(N_("Person"), refers_to="user", once=True, required=True, show="column form")
    begins_at: datetime | None = field(N_("Begins"), default=None, required=True, sortable=True, show="column form")
    ends_at: datetime | None = field(N_("Ends"), default=None, required=True, show="column form")
    substitute: str | None = field(N_("Substitute"), default=None, refers_to="user", show="column form")
    note: str | None = field(N_("Note"), default=None, show="column form")

    def check(self, before: dict[str, Any]) -> None:
        if before.keys() & {"begins_at", "ends_at", "substitute"}:
            refuse_unfit(self)

    def at(self, moment: datetime) -> bool:
        """Say whether the person is away at this moment. Nobody needs to end an absence: its date does."""
        return self.begins_at is not None and self.ends_at is not None and self.begins_at <= moment < self.ends_at


def refuse_unfit(absence: Absence) -> None:
    if absence.begins_at is None or absence.ends_at is None or absence.ends_at <= absence.begins_at:
        raise Refused(_("An absence ends after it begins; check both dates."))
    if absence.substitute == absence.user:
        raise Refused(_("Nobody stands in for themselves; choose a colleague."))


def away(who: User, begins: datetime, ends: datetime, substitute: User | None, note: str, me: User) -> Absence:
    """Write an absence down: one's own, or as a lead somebody else's."""
    if who.id != me.id and not me.leads:
        raise Refused(_("Only {name} or a lead may write down this absence.", name=who.full_name))
    if substitute is not None and not substitute.active:
        raise Refused(_("{name} does not work at the desk any more; choose somebody else.", name=substitute.full_name))
    made = Absence(
        user=who.id,
        begins_at=begins,
        ends_at=ends,
        substitute=substitute.id if substitute else None,
        note=note.strip() or None,
    )
    refuse_unfit(made)
    return made


def absence_of(absences: Iterable[Absence], user: str, moment: datetime) -> Absence | None:
    """Find the absence that somebody is on; of several, the one that ends last."""
    found = [one for one in absences if one.user == user and one.at(moment)]
    return max(found, key=lambda one: (str(one.ends_at), one.substitute is not None), default=None)


def stands_in(absences: Iterable[Absence], user: str, moment: datetime) -> str | None:
    """Find who is there for somebody: themselves, else their substitute, or the substitute's where that one is away.

    None where everybody asked is away: two who stand in for each other end nobody's search.
    """
    known = list(absences)
    asked: set[str] = set()
    here: str | None = user
    while here is not None and here not in asked:
        absent = absence_of(known, here, moment)
        if absent is None:
            return here
        asked.add(here)
        here = absent.substitute
    return None


def stood_in_for(absences: Iterable[Absence], me: str, moment: datetime) -> tuple[str, ...]:
    """List the people whose work is mine now, because they are away and I am the one there for them."""
    known = list(absences)
    absent = {one.user for one in known if one.at(moment)}
    return tuple(sorted(one for one in absent if one != me and stands_in(known, one, moment) == me))
