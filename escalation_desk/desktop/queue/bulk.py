"""The same change on many cases: first tried on copies, so that everybody sees what will happen, then one entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Form
from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.people import User
    from escalation_desk.casework.timeline import Message
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.work import Work

    Tell = Callable[[int, int], bool]  # how many of how many are done; answers whether to go on

CHUNK: Final = 250


class How(StrEnum):
    """What is done with a set: tags are added to more often than replaced."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        return {"set": N_("Replace by"), "add": N_("Add"), "remove": N_("Take away")}[self.value]


@dataclass(frozen=True, slots=True)
class Edit:
    """A field and what becomes of it; `reasons` come along where a state asks for one."""

    field: Field
    value: Any
    how: How = How.SET
    reasons: dict[str, Any] = with_default(default_factory=dict)

    def __call__(self, case: Case, me: User, now: datetime) -> Message | None:
        acts.edit(case, {self.field.name: self._value(case), **self.reasons}, me, now)
        return None

    def _value(self, case: Case) -> Any:
        held = getattr(case, self.field.name)
        if self.how is How.ADD:
            return held | self.value
        return held - self.value if self.how is How.REMOVE else self.value


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note on each case."""

    text: str

    def __call__(self, case: Case, me: User, now: datetime) -> Message | None:
        return acts.say(case, self.text, me, now, form=Form.NOTE)


if TYPE_CHECKING:
    Change = Callable[[Case, User, datetime], Message | None]


@dataclass(slots=True)
class Outcome:
    """How many cases change, how many are so already, and why the others are skipped."""

    changed: int = 0
    same: int = 0
    skipped: Counter[str] = with_default(default_factory=Counter)

    @property
    def left_out(self) -> int:
        return sum(self.skipped.values())


def editable_fields() -> tuple[Field, ...]:
    """List what can be changed on many cases at once: everything that a person sets by hand."""
    return tuple(
        f
        for f in fields_of(Case)
        if not f.declared.computed
        and not f.declared.once
        and f.kind is not Kind.DATA
        and f.declared.refers_to not in {"case", "party"}
        and f.name not in {"cancel_reason", "reopen_reason", "assignment", "merged_into"}
    )


def foresee(made: Connection, ids: Sequence[str], change: Change, me: User, now: datetime, tell: Tell) -> Outcome:
    """Try a change on copies and say what would become of each case. Nothing is written."""
    outcome = Outcome()
    for start in range(0, len(ids), CHUNK):
        if not tell(start, len(ids)):
            break
        for case in reading.several(made, Case, ids[start : start + CHUNK]):
            _attempt(case, change, me, now, outcome)
    return outcome


def carry_out(work: Work, ids: Sequence[str], change: Change, me: User, tell: Tell) -> Outcome:
    """Change the cases that can be changed, within one entry; the others are left as they are."""
    outcome = Outcome()
    for at, case in enumerate(_taken(work, ids)):
        if at % CHUNK == 0 and not tell(at, len(ids)):
            raise Refused(_("Stopped; nothing was changed."))
        if _attempt(replace(case), change, me, work.now, outcome):
            message = change(case, me, work.now)
            if message is not None:
                work.add(message)
        if at % CHUNK == CHUNK - 1:
            work.flush()
    return outcome


def _taken(work: Work, ids: Sequence[str]) -> Iterator[Case]:
    for one in ids:
        yield work.get(Case, one)


def _attempt(case: Case, change: Change, me: User, now: datetime, outcome: Outcome) -> bool:
    """Try a change on a case that is only a copy; answer whether it changes something and is allowed."""
    before = {f.name: getattr(case, f.name) for f in fields_of(Case)}
    try:
        message = change(case, me, now)
        changed = {name: old for name, old in before.items() if old != getattr(case, name)}
        case.derive()
        case.check(changed)
    except Refused as refusal:
        outcome.skipped[_reason(str(refusal), case)] += 1
        return False
    if not changed and message is None:
        outcome.same += 1
        return False
    outcome.changed += 1
    return True


def _reason(sentence: str, case: Case) -> str:
    """Say a refusal without the number of the case, so that the same reasons are counted together."""
    return sentence.replace(case.case_no, _("the case"))
