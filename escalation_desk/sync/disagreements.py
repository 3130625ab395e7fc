"""The conflicts of a desk, as people look at them and settle them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.choices import ConflictState
from escalation_desk.casework.conflicts import Conflict, settle, value_of
from escalation_desk.casework.fields import field_of, from_json, instant_text
from escalation_desk.casework.kinds import KINDS, kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading
from escalation_desk.journal.rows import fetch

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.work import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """One conflict, with every value as a person reads it."""

    id: str
    form: str
    kind: str
    record: str
    name: str
    case: str | None
    field: str | None
    label: str
    base: str
    theirs: str
    mine: str
    theirs_by: str
    theirs_at: str
    mine_by: str
    mine_at: str
    why: str
    takes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "takes": list(self.takes)}


def listed(made: Connection) -> list[Shown]:
    """List what is open, newest first."""
    rows = made.execute(
        "SELECT id FROM conflict WHERE state = ? AND deleted_at IS NULL ORDER BY mine_at DESC, seq DESC",
        (ConflictState.OPEN.value,),
    ).fetchall()
    return [_shown(made, one) for one in reading.several(made, Conflict, [row[0] for row in rows])]


def resolve(journal: Journal, conflict: str, take: str) -> None:
    """Settle a conflict by one entry, which can be undone."""
    with journal.entry(SETTLE, what=_named(journal, conflict)) as work:
        settle_in(work, conflict, take)


SETTLE = N_("Settle the conflict about {what}")


def settle_in(work: Work, conflict: str, take: str) -> None:
    one = work.get(Conflict, conflict)
    if one.about_kind not in KINDS:
        raise Refused(_("Only a newer version of this program knows what this is about."))
    settle(one, work.get(kind_of(one.about_kind), one.about), take)


def _named(journal: Journal, conflict: str) -> str:
    with journal.writing() as made:
        shown = _shown(made, reading.record(made, Conflict, conflict))
    return f"{shown.label} · {shown.name}"


def takes(conflict: Conflict) -> tuple[str, ...]:
    """List the ways in which a conflict can be settled."""
    about = conflict.about_field
    if about is None or conflict.why:
        return ("theirs",)
    return ("mine", "theirs", "both") if about.declared.long else ("mine", "theirs")


def _shown(made: Connection, conflict: Conflict) -> Shown:
    about = fetch(made, conflict.about_kind, conflict.about) if conflict.about_kind in KINDS else None
    people = reading.names(made, "user", [one for one in (conflict.theirs_by, conflict.mine_by) if one])
    return Shown(
        id=conflict.id,
        form=conflict.form.value,
        kind=conflict.about_kind,
        record=conflict.about,
        name=about.name if about else conflict.about,
        case=conflict.case,
        field=conflict.field_name,
        label=conflict.name,
        base=_text(made, conflict, conflict.base),
        theirs=_text(made, conflict, conflict.theirs),
        mine=_text(made, conflict, conflict.mine),
        theirs_by=people.get(conflict.theirs_by or "", ""),
        theirs_at=_when(conflict.theirs_at),
        mine_by=people.get(conflict.mine_by or "", ""),
        mine_at=_when(conflict.mine_at),
        why=conflict.sentence(),
        takes=takes(conflict),
    )


def _text(made: Connection, conflict: Conflict, side: dict[str, Any] | None) -> str:
    value, field = value_of(side), conflict.about_field
    if value is None or value == "":
        return ""
    if field is None:
        return str(value)
    if field.declared.refers_to and isinstance(value, str) and field.declared.refers_to in KINDS:
        return reading.names(made, field.declared.refers_to, [value]).get(value, value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field.choices:
        return _(from_json(field_of(kind_of(conflict.about_kind), field.name), value).label)
    return str(value)


def _when(at: datetime | None) -> str:
    return instant_text(at) if at else ""
