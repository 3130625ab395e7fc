"""A conflict: two edits of one field that only a person can settle. Nothing typed is lost: both values stay here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from escalation_desk.casework.choices import ConflictForm, ConflictState
from escalation_desk.casework.fields import Merge, field, field_of, from_json
from escalation_desk.casework.kinds import KINDS
from escalation_desk.casework.records import Record
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from escalation_desk.casework.fields import Field


@dataclass(kw_only=True)
class Conflict(Record):
    """What the server could not settle alone. Made by the server; a person settles it by an ordinary entry.

    `base`, `theirs` and `mine` are the three values as JSON; "mine" is the one that waited, "theirs" the one that
    stands. `why` is a sentence marked for translation, with `places`, where a rule of the desk refused the edit.
    """

    kind: ClassVar[str] = "conflict"
    label: ClassVar[str] = N_("Conflict")

    form: ConflictForm = field(N_("Kind of conflict"), default=ConflictForm.BOTH_CHANGED, once=True, show="column")
    about_kind: str = field(N_("Kind of record"), required=True, once=True)
    about: str = field(N_("Record"), required=True, once=True)
    case: str | None = field(N_("Case"), default=None, refers_to="case", once=True, show="column")
    field_name: str | None = field(N_("Field"), default=None, once=True, show="column")
    base: dict[str, Any] | None = field(N_("Before"), default=None)
    theirs: dict[str, Any] | None = field(N_("Theirs"), default=None)
    mine: dict[str, Any] | None = field(N_("Mine"), default=None)
    theirs_by: str | None = field(N_("Changed by"), default=None, refers_to="user", show="column")
    theirs_at: datetime | None = field(N_("Changed"), default=None)
    mine_by: str | None = field(N_("Waiting from"), default=None, refers_to="user", show="column")
    mine_at: datetime | None = field(N_("Written"), default=None, show="column")
    why: str | None = field(N_("Why"), default=None)
    places: dict[str, Any] | None = field(N_("Places"), default=None)
    state: ConflictState = field(
        N_("State"), default=ConflictState.OPEN, merge=Merge.GUARDED, facet=True, show="column"
    )

    @property
    def name(self) -> str:
        about = self.about_field
        return _(about.label) if about else _(KINDS[self.about_kind].label if self.about_kind in KINDS else self.label)

    @property
    def about_field(self) -> Field | None:
        """The field it is about; None where it is about the whole record, or this version does not know it."""
        if self.field_name is None or self.about_kind not in KINDS:
            return None
        try:
            return field_of(KINDS[self.about_kind], self.field_name)
        except KeyError:
            return None

    def sentence(self) -> str:
        """Say why a rule of the desk refused the edit; empty where it is only that both changed the same."""
        return _(self.why, **(self.places or {})) if self.why else ""


TAKE: Final = {"mine": ConflictState.MINE, "theirs": ConflictState.THEIRS, "both": ConflictState.BOTH}
"""The words by which a conflict is settled, and what it is then."""


def value_of(side: dict[str, Any] | None) -> Any:
    """Take the value, as JSON, out of `base`, `theirs` or `mine`."""
    return None if side is None else side.get("value")


def settle(conflict: Conflict, record: Record, take: str) -> None:
    """Settle a conflict: the record gets the value that was taken, and the other one stays in the history.

    "both" is for long text: mine comes behind theirs. Refused where it is settled already or nothing can be set.
    """
    about = conflict.about_field
    if conflict.state is not ConflictState.OPEN:
        raise Refused(_("This conflict is settled already."))
    if take == "both" and not (about and about.declared.long):
        raise Refused(_("Only long text can be kept from both; take yours or theirs."))
    if take != "theirs":
        _give(conflict, record, about, both=take == "both")
    conflict.state = TAKE[take]


def _give(conflict: Conflict, record: Record, about: Field | None, *, both: bool) -> None:
    if about is None or conflict.form is ConflictForm.REFUSED:
        raise Refused(_("The desk refused this edit; take theirs, and do it again in another way."))
    mine = value_of(conflict.mine)
    if both:
        here = getattr(record, about.name) or ""
        mine = f"{here}\n\n{mine or ''}".strip() if here != mine else here
    setattr(record, about.name, from_json(about, mine))
