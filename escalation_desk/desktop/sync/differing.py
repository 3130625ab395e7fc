"""The open conflicts as people read them: what it was, what stands now, what waits; each with who and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import ConflictState
from escalation_desk.casework.conflicts import Conflict, value_of
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.text import one_line
from escalation_desk.desktop.case.values import EMPTY, from_history, said_of
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading
from escalation_desk.journal.rows import fetch
from escalation_desk.sync.disagreements import SETTLE, settle_in, takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from escalation_desk.casework.records import Record
    from escalation_desk.desktop.moments import Clock
    from escalation_desk.desktop.verbs import Verbs
    from escalation_desk.journal.connection import Connection

_GONE = N_("It was removed, or it is restricted now. What you wrote stays in the history of this workstation.")
_LONGEST, _SHORT = 200, 80


class Side(NamedTuple):
    """One of the values, and whose it is."""

    text: str
    who: str = ""
    when: str = ""


class Differing(NamedTuple):
    """One conflict. `about` names the record and the field; `case` can be opened; `ways` are those of settling it."""

    id: str
    about: str
    part: str
    case: str | None
    base: Side
    theirs: Side
    mine: Side
    is_mine: bool
    why: str
    ways: tuple[str, ...]


def open_ones(made: Connection, me: str, clock: Clock, case: str | None = None, most: int = 100) -> list[Differing]:
    """List what is open, those of the person at this workstation first; of one case, where it is named."""
    rows = made.execute(
        'SELECT id FROM conflict WHERE state = ?1 AND deleted_at IS NULL AND (?2 IS NULL OR "case" = ?2) '
        "ORDER BY mine_by IS NOT ?3, mine_at DESC, id LIMIT ?4",
        (ConflictState.OPEN.value, case, me, most),
    ).fetchall()
    return [_read(made, one, me, clock) for one in reading.several(made, Conflict, [row[0] for row in rows])]


def settle(verbs: Verbs, one: Differing, take: str) -> None:
    """Settle it by one entry, which can be undone."""
    verbs.do(SETTLE, lambda work: settle_in(work, one.id, take), what=one.about)


def _read(made: Connection, conflict: Conflict, me: str, clock: Clock) -> Differing:
    about = fetch(made, conflict.about_kind, conflict.about) if conflict.about_kind in KINDS else None
    gone = about is None or about.deleted_at is not None
    people = reading.names(made, "user", [conflict.theirs_by or "", conflict.mine_by or ""])
    name = _named(about) if about is not None else ""
    return Differing(
        id=conflict.id,
        about=" · ".join(part for part in (name, conflict.name) if part),
        part=conflict.name if conflict.about == conflict.case else f"{name} · {conflict.name}",
        case=conflict.case,
        base=Side(_text(made, conflict, conflict.base, clock)),
        theirs=Side(
            _text(made, conflict, conflict.theirs, clock),
            people.get(conflict.theirs_by or "", _("Somebody")),
            clock.full(conflict.theirs_at),
        ),
        mine=Side(
            _text(made, conflict, conflict.mine, clock),
            people.get(conflict.mine_by or "", _("Somebody")),
            clock.full(conflict.mine_at),
        ),
        is_mine=conflict.mine_by == me,
        why=conflict.sentence() or (_(_GONE) if gone else ""),
        ways=() if gone else takes(conflict),
    )


def _named(about: Record) -> str:
    return one_line(f"{about.name}  {about.title}" if isinstance(about, Case) else about.name, _LONGEST)


def _text(made: Connection, conflict: Conflict, side: dict[str, Any] | None, clock: Clock) -> str:
    value, field = value_of(side), conflict.about_field
    if value in (None, "", []):
        return EMPTY
    if field is None:
        return one_line(str(value), _LONGEST)
    if field.declared.long:
        return str(value)

    def names(kind: str, record: str) -> str:
        return reading.names(made, kind, [record]).get(record, record) if kind in KINDS else record

    return said_of(field, from_history(field, value), names, clock)


def sentence(one: Differing) -> str:
    """Say the conflict in one sentence, where there is no room for three values beside each other."""
    if one.why:
        return f"{one.part}: {one.why}"
    places = {"part": one.part, "theirs": one_line(one.theirs.text, _SHORT), "mine": one_line(one.mine.text, _SHORT)}
    if one.is_mine:
        return _("{part}: {name} wrote “{theirs}”, you wrote “{mine}”.", name=one.theirs.who, **places)
    return _("{part}: “{theirs}” stands, {name} wrote “{mine}”.", name=one.mine.who, **places)


def words(one: Differing) -> dict[str, str]:
    """Say what each way of settling it does, in the words of whoever looks."""
    mine = _("Take mine") if one.is_mine else _("Take what {name} wrote", name=one.mine.who)
    theirs = _("Take theirs") if one.is_mine else _("Leave what stands")
    return {"mine": mine, "theirs": theirs, "both": _("Keep both")}


def ways(one: Differing) -> Sequence[tuple[str, str]]:
    """List the ways in which it can be settled, with their words."""
    said = words(one)
    if one.ways == ("theirs",):
        return [("theirs", _("Understood"))]
    return [(way, said[way]) for way in one.ways]
