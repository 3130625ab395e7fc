"""Makes the record of a conflict: what two people wanted, who they are, and why neither of them was simply right."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import ConflictForm, ConflictState
from escalation_desk.server.taking.ground import Head

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.server.taking.ground import Author, Ground
    from escalation_desk.sync.messages import Mutation

KIND: Final = "conflict"
_CONFLICTS: Final = uuid.UUID("b8a4d2a6-2f0e-5a52-8c8e-0d1f6f1f8a11")


class Sides:
    """The three values of one field, or nothing where the conflict is about a whole record."""

    def __init__(self, base: Any = None, theirs: Any = None, mine: Any = None) -> None:
        self.base, self.theirs, self.mine = base, theirs, mine


def disagree(
    ground: Ground,
    mutation: Mutation,
    about: Head,
    form: ConflictForm,
    *,
    name: str | None = None,
    sides: Sides | None = None,
    why: str | None = None,
    places: Mapping[str, str] | None = None,
    author: Author | None = None,
) -> str | None:
    """Note a conflict, or renew the one that is open between the same two. Conflicts about conflicts there are none."""
    if about.kind == KIND:
        return None
    said = _said(ground, mutation, about, form, name, sides or Sides(), author or ground.last_author(about.id, name))
    said |= {"why": why, "places": dict(places) if places else None}
    said = {key: value for key, value in said.items() if value is not None}
    key = f"{about.id}:{name or form}:{ground.client}"
    record = str(uuid.uuid5(_CONFLICTS, key))
    known = ground.get(record)
    if known and known.data.get("state") == ConflictState.OPEN.value and not known.deleted:
        _renew(ground, mutation, known, said)
        return record
    if known:
        record = str(uuid.uuid5(_CONFLICTS, f"{key}:{mutation.entry}"))
        if ground.get(record):
            return record
    _make(ground, mutation, about, record, said)
    return record


def _said(
    ground: Ground, mutation: Mutation, about: Head, form: ConflictForm, name: str | None, sides: Sides, author: Author
) -> dict[str, Any]:
    values = {"base": sides.base, "theirs": sides.theirs, "mine": sides.mine} if name else {}
    return {
        "form": form.value,
        "about_kind": about.kind,
        "about": about.id,
        "case": about.id if about.kind == "case" else about.data.get("case"),
        "field_name": name,
        **{side: {"value": value} for side, value in values.items()},
        "theirs_by": author.id,
        "theirs_at": author.at,
        "mine_by": ground.rights.account,
        "mine_at": mutation.at,
        "state": ConflictState.OPEN.value,
    }


def _make(ground: Ground, mutation: Mutation, about: Head, record: str, said: dict[str, Any]) -> None:
    made = {"created_at": mutation.at, "created_by": ground.rights.account}
    made |= {"updated_at": mutation.at, "updated_by": ground.rights.account}
    follows = about.follows or about.id
    head = ground.make(
        Head(record, KIND, about.scope, 0, 0, False, follows, ground.client, {**said, **made}, fresh=True)
    )
    ground.touch(head, [["create", None, None, said]])


def _renew(ground: Ground, mutation: Mutation, known: Head, said: dict[str, Any]) -> None:
    """Let an open conflict hold what its author wants now; what both began with stays."""
    renewed = {
        name: said.get(name) for name in ("theirs", "mine", "theirs_by", "theirs_at", "mine_at", "why", "places")
    }
    patch = [
        ["set", name, known.data.get(name), value] for name, value in renewed.items() if known.data.get(name) != value
    ]
    if patch:
        head = ground.change(known.id)
        head.data |= renewed
        head.data |= {"updated_at": mutation.at, "updated_by": ground.rights.account}
        ground.touch(head, patch)
