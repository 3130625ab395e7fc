"""Writes what was typed on a case as one entry that names what was changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import CaseStatus, Choice
from escalation_desk.casework.fields import field_of, fields_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.text import clean
from escalation_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.casework.people import User
    from escalation_desk.journal.work import Work


@dataclass(frozen=True)
class Saving:
    """One save: the typed values, what they were typed over, and perhaps a move of the state along with them."""

    case: str
    case_no: str
    typed: Mapping[str, Any]
    bases: Mapping[str, Any]
    to: CaseStatus | None = None
    reasons: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def title(self) -> str:
        if self.to is None:
            return N_("Change {fields} of {case}")
        return N_("Set “{status}” on {case} and change {fields}") if self.typed else N_("Set “{status}” on {case}")

    @property
    def places(self) -> dict[str, str]:
        fields = ", ".join(_(field_of(Case, name).label) for name in self.typed)
        return {"case": self.case_no, "fields": fields, "status": _(self.to.label) if self.to else ""}

    def write(self, work: Work, me: User) -> dict[str, Any]:
        """Write it; answer the values as they now stand. Refused where somebody was faster."""
        case = work.get(Case, self.case)
        for name, base in self.bases.items():
            if getattr(case, name) not in (base, self.typed[name]):
                raise Refused(_(_FASTER, field=_(field_of(Case, name).label)))
        moving = {"status": self.to, **self.reasons} if self.to else {}
        note = acts.edit(case, {**self.typed, **moving}, me, work.now)
        if note:
            work.add(note)
        work.flush()
        return {name: getattr(case, name) for name in self.typed}


_FASTER = N_("“{field}” was changed by somebody else just now; look at it, then save again.")


def field_refused(sentence: str) -> str | None:
    """Find the field that a refusal speaks of: sentences put its name into “ ”."""
    named = [f.name for f in fields_of(Case) if f"“{_(f.label)}”" in sentence]
    return named[-1] if named else None


def same(one: Any, other: Any) -> bool:
    """Tell whether a typed text is what was kept of it: the desk cleans texts when it keeps them."""
    if isinstance(one, str) and isinstance(other, str) and not isinstance(one, Choice):
        return clean(one) == other
    return bool(one == other)
