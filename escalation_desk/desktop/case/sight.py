"""What the editor shows of a case, read at one go on a reader's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.people import Party, User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.seller import Seller
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.journal import around, merged, merging, reading, seen, telling

if TYPE_CHECKING:
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.connection import Connection

Names = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Sight:
    """A case and its papers as they stood at one moment. The records are copies; nobody writes through them."""

    case: Case
    names: Names
    people: dict[str, User]
    party: Party | None
    aliases: tuple[Party, ...]
    seller: Seller | None
    reason: Reason | None
    moments: tuple[telling.Moment, ...]
    messages: dict[str, Message]
    later: frozenset[str]
    follow_ups: tuple[FollowUp, ...]
    questions: tuple[Clarification, ...]
    attachments: tuple[Attachment, ...]
    starred: bool

    def name(self, kind: str, record: str | None) -> str:
        return self.names.get(kind, {}).get(record or "", record or "")


def look_at(made: Connection, case_id: str) -> Sight:
    """Read a case whole. Refused where there is none."""
    case = reading.record(made, Case, case_id)
    mine = ("case", case_id)
    people = {user.id: user for user in reading.all_of(made, User)}
    names = names_of(made, case)
    names["user"] = {user.id: user.full_name for user in people.values()}
    stood_for = [case_id, *merged.parts_of(made, case_id)]
    names["case"] = {**names.get("case", {}), **reading.names(made, Case.kind, stood_for)}
    messages = [one for case_held in stood_for for one in reading.all_of(made, Message, pointing=("case", case_held))]
    owed = [one for case_held in stood_for for one in reading.all_of(made, FollowUp, pointing=("case", case_held))]
    party = _maybe(made, Party, case.requester)
    return Sight(
        case=case,
        names=names,
        people=people,
        party=party,
        aliases=tuple(merging.aliases(made, Party, party.id)) if party else (),
        seller=_maybe(made, Seller, case.seller),
        reason=reading.find(made, Reason, case.reason) if case.reason else None,
        moments=tuple(telling.timeline(made, case_id)),
        messages={message.id: message for message in messages},
        later=around.written_later(made, case_id),
        follow_ups=tuple(owed),
        questions=tuple(reading.all_of(made, Clarification, pointing=mine)),
        attachments=tuple(reading.all_of(made, Attachment, pointing=mine)),
        starred=seen.marks(made, [case_id]).get(case_id, seen.Mark()).starred,
    )


def names_of(made: Connection, record: Record) -> Names:
    """Look up how people call everything that a record points to."""
    wanted: dict[str, set[str]] = {}
    for f in fields_of(type(record)):
        to, held = f.declared.refers_to, getattr(record, f.name)
        if to and held:
            wanted.setdefault(to, set()).update(held if f.kind is Kind.SET else {held})
    return {kind: reading.names(made, kind, ids) for kind, ids in wanted.items()}


def _maybe(made: Connection, kind: Any, record: str | None) -> Any:
    found = reading.several(made, kind, [record]) if record else []
    return found[0] if found and not found[0].deleted_at else None
