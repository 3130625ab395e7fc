"""Guarded fields: what one entry does to them in one record is a command, checked on the record as it stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.choices import CaseStatus, Choice, ConflictForm
from escalation_desk.casework.fields import Merge, from_json
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.states import transition
from escalation_desk.i18n import N_, _
from escalation_desk.server.taking.disagreeing import Sides, disagree
from escalation_desk.server.taking.shapes import as_record, shape_of, value_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.server.taking.ground import Ground, Head
    from escalation_desk.sync.messages import Change, Mutation

_OWNING = frozenset({"owner", "assignment", "offered_to", "offered_at"})
_WHEN = frozenset({"resolved_at", "closed_at", "reopen_count"})
_AS_IT_WAS = frozenset({"undo", "redo", "import", "fact"})
"""Kinds of entries whose ways between states are not those that a person may go: what is taken back was right once."""
TOOK = N_("{name} took it at {time}.")
OFFERED = N_("{name} offered it to somebody at {time}.")
SET = N_("{name} set it to “{value}” at {time}.")
CHANGED = N_("{name} changed it at {time}.")
ANOTHERS = N_("It belongs to somebody else now; take it over first.")
RULE = "{sentence}"
MERGED_ITSELF = N_("{name} is merged into another one itself by now; merge into that one.")
NOT_THERE_TO_MERGE = N_("What this was to be merged into is not there any more.")


class Verdict(NamedTuple):
    """What applies; where the command does not, the conflict that says so (there is none about a conflict)."""

    changes: Sequence[Change] = ()
    refused: bool = False
    conflict: str | None = None


def is_guarded(kind: str, name: str | None) -> bool:
    one = shape_of(kind).get(name or "")
    return one is not None and one.declared.merge is Merge.GUARDED


def command(ground: Ground, mutation: Mutation, head: Head, changes: Sequence[Change]) -> Verdict:
    """Judge a command. Either all of it applies to the record as it stands, or nothing does and a person reads why."""
    now: dict[str | None, Any] = {one.field: value_in(head.kind, head.data, one.field or "") for one in changes}
    if any(one.field == "status" and now["status"] == one.after for one in changes):
        # Both did the same: it happened when the first one did it.
        changes = [one for one in changes if one.field not in _WHEN or now[one.field] == one.before]
    contested = {one.field for one in changes if now[one.field] not in (one.before, one.after)}
    left = [one for one in changes if now[one.field] != one.after]
    if not left:
        return Verdict()
    if contested and not _possible_all_the_same(head, changes, contested):
        return Verdict(refused=True, conflict=_refuse(ground, mutation, head, changes, contested))
    lost = _would_lose(ground, left)
    if lost:
        why, places = lost
        return Verdict((), True, _conflict(ground, mutation, head, _merging(left), why, places))
    if not contested and mutation.kind in _AS_IT_WAS:
        return Verdict(left)
    return _checked(ground, mutation, head, left)


def _would_lose(ground: Ground, changes: Sequence[Change]) -> tuple[str, dict[str, str]] | None:
    """Say why a merge would make a record vanish: what it goes into is gone, or is merged by somebody else meanwhile.

    What a merge goes into stands for itself at that moment, so no chain of merges ever comes back to its beginning.
    """
    into = next((one.after for one in changes if one.field == "merged_into"), None)
    if into is None:
        return None
    target = ground.get(into)
    if target is None or target.deleted:
        return NOT_THERE_TO_MERGE, {}
    name = target.data.get("case_no") or target.data.get("shop_name") or ""
    return (MERGED_ITSELF, {"name": str(name)}) if target.data.get("merged_into") else None


def _merging(changes: Sequence[Change]) -> Change:
    return next(one for one in changes if one.field == "merged_into")


def _possible_all_the_same(head: Head, changes: Sequence[Change], contested: set[str | None]) -> bool:
    """Say whether a case that somebody else moved on meanwhile can still go to the wanted state."""
    wanted = next((one.after for one in changes if one.field == "status"), None)
    if head.kind != "case" or wanted is None or contested & _OWNING:
        return False
    try:
        transition(_status(head.data.get("status")), _status(wanted))
    except Refused:
        return False
    return True


def _status(code: Any) -> CaseStatus:
    return next(one for one in CaseStatus if one.value == (code or CaseStatus.NEW.value))


def _checked(ground: Ground, mutation: Mutation, head: Head, changes: Sequence[Change]) -> Verdict:
    """Ask the rules of the record itself, on the data of now."""
    after = dict(head.data)
    after.update((one.field or "", one.after) for one in changes)
    try:
        record = as_record(head.kind, head.id, after)
        if record is not None:
            fields = shape_of(head.kind)
            names = [one.field for one in changes if one.field]
            before = {name: from_json(fields[name], value_in(head.kind, head.data, name)) for name in names}
            record.check(before)
    except Refused as refused:
        why, places = RULE, {"sentence": str(refused)}
        return Verdict((), True, _conflict(ground, mutation, head, changes[0], why, places))
    stranger = (
        head.kind == "case" and any(one.field == "status" for one in changes) and _is_strange(ground, head, after)
    )
    if stranger:
        return Verdict((), True, _conflict(ground, mutation, head, changes[0], ANOTHERS, {}))
    return Verdict(changes)


def _is_strange(ground: Ground, head: Head, after: dict[str, Any]) -> bool:
    """Say whether only the owner may go this way, and it is another. Taking a case and moving it is one command.

    What a case does by itself, because a contact or the requester has answered, it does whoever writes that down; that
    it was so, the workstation has looked.
    """
    way = transition(_status(head.data.get("status")), _status(after["status"]))
    owner = after.get("owner")
    free = way.by & {"specialist", "verifier", "system"} or owner in {None, ground.rights.account}
    return not free and not ground.rights.leads(head.scope)


def _refuse(
    ground: Ground, mutation: Mutation, head: Head, changes: Sequence[Change], contested: set[str | None]
) -> str | None:
    first = min((one for one in changes if one.field in contested), key=lambda one: _weight(one.field))
    author = ground.last_author(head.id, first.field)
    theirs = value_in(head.kind, head.data, first.field or "")
    places = {"name": author.name or _("Somebody"), "time": author.at or ""}
    why = CHANGED
    if first.field in _OWNING:
        why = TOOK if first.field == "owner" and theirs else OFFERED
    elif isinstance(choices := getattr(shape_of(head.kind).get(first.field or ""), "choices", None), type) and theirs:
        why, places = SET, {**places, "value": _label(choices, theirs)}
    return _conflict(ground, mutation, head, first, why, places)


def _weight(name: str | None) -> tuple[int, str]:
    """Name the owner before the state, and the state before what follows from it."""
    order = ("owner", "offered_to", "offered_at", "assignment", "status", "state")
    return (order.index(name) if name in order else len(order), name or "")


def _label(choices: type[Choice], code: Any) -> str:
    return next((one.label for one in choices if one.value == code), str(code))


def _conflict(
    ground: Ground, mutation: Mutation, head: Head, about: Change, why: str, places: dict[str, str]
) -> str | None:
    sides = Sides(about.before, value_in(head.kind, head.data, about.field or ""), about.after)
    return disagree(ground, mutation, head, ConflictForm.REFUSED, name=about.field, sides=sides, why=why, places=places)
