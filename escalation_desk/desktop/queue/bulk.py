"""The same change on many cases: first tried on copies, so that everybody sees what will happen, then one entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework import acts, macro_actions
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import FollowUpForm, Form, Language
from escalation_desk.casework.desk import Reason
from escalation_desk.casework.fields import Kind, fields_of
from escalation_desk.casework.macros import body_of, fill, language_for, places_of
from escalation_desk.casework.people import Party
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.seller import Seller
from escalation_desk.i18n import N_, _
from escalation_desk.journal import guarding, reading
from escalation_desk.journal.lookup import Find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from escalation_desk.casework.choices import PromisedBy
    from escalation_desk.casework.desk import Macro
    from escalation_desk.casework.fields import Field
    from escalation_desk.casework.people import User
    from escalation_desk.casework.records import Record
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
    """A field and what becomes of it; `reasons` come along where a state asks for one, `why` where a case is taken."""

    field: Field
    value: Any
    how: How = How.SET
    reasons: dict[str, Any] = with_default(default_factory=dict)
    why: str = ""

    def __call__(self, case: Case, me: User, now: datetime, _find: Find) -> Record | None:
        return acts.edit(case, {self.field.name: self._value(case), **self.reasons}, me, now, why=self.why)

    def _value(self, case: Case) -> Any:
        held = getattr(case, self.field.name)
        if self.how is How.ADD:
            return held | self.value
        return held - self.value if self.how is How.REMOVE else self.value


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note on each case."""

    text: str

    def __call__(self, case: Case, me: User, now: datetime, _find: Find) -> Record | None:
        return acts.say(case, self.text, me, now, form=Form.NOTE)


@dataclass(frozen=True, slots=True)
class Later:
    """A promise or reminder on each case; mine, or that of whoever owns the case."""

    text: str
    due: datetime
    form: FollowUpForm
    by: PromisedBy
    of_owner: bool = False

    def __call__(self, case: Case, me: User, _now: datetime, find: Find) -> Record | None:
        if not case.live:
            raise Refused(_("The case is closed; nothing more is promised on it."))
        party, seller = find(Party, case.requester), find(Seller, case.seller)
        whom = party.display_name if party else seller.shop_name if seller else None
        promised = self.form is FollowUpForm.PROMISE
        return acts.promise(
            self.text,
            self.due,
            me,
            case=case.id,
            form=self.form,
            promised_by=self.by,
            to_whom=whom if promised else None,
            owner=(case.owner if self.of_owner else None) or me.id,
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A macro on each case: what it does, and its text in the language of whoever reads it, filled from the case."""

    macro: Macro
    form: Form
    zone: tzinfo

    def __call__(self, case: Case, me: User, now: datetime, find: Find) -> list[Record]:
        if self.macro.needs_approval:
            raise Refused(_("This text needs an approval each time; write to this one by itself."))
        party, seller = find(Party, case.requester), find(Seller, case.seller)
        wanted = language_for(case, party, seller) if self.form is Form.MESSAGE else str(me.locale)
        body = body_of(self.macro, wanted)
        places = places_of(
            case, me, self.zone, body.language, party=party, seller=seller, reason=find(Reason, case.reason)
        )
        made = macro_actions.use(self.macro, case, macro_actions.Doer(me, now, find, places))
        if not body.text.strip():
            return made
        text, missing = fill(body.text, places)
        if missing:
            names = ", ".join(f"{{{name}}}" for name in missing)
            raise Refused(_("Nothing fills {places}; write to this one by itself.", places=names))
        language = Language(body.language)  # type: ignore[call-arg]  # looks a member up
        return [*made, acts.say(case, text, me, now, form=self.form, macro=self.macro.id, language=language)]


if TYPE_CHECKING:
    Change = Callable[[Case, User, datetime, Find], Record | list[Record] | None]


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
        and f.declared.refers_to != "case"
        and f.name not in {"cancel_reason", "reopen_reason", *acts.BY_ACTS}
    )


def foresee(made: Connection, ids: Sequence[str], change: Change, me: User, now: datetime, tell: Tell) -> Outcome:
    """Try a change on copies and say what would become of each case. Nothing is written."""
    outcome, find = Outcome(), Find(lambda question: question(made))
    for start in range(0, len(ids), CHUNK):
        if not tell(start, len(ids)):
            break
        for case in reading.several(made, Case, ids[start : start + CHUNK]):
            _attempt(case, change, me, now, find, outcome)
    return outcome


def carry_out(work: Work, ids: Sequence[str], change: Change, me: User, tell: Tell) -> Outcome:
    """Change the cases that can be changed, within one entry; the others are left as they are."""
    outcome, find = Outcome(), Find(work.ask)
    for at, case in enumerate(_taken(work, ids)):
        if at % CHUNK == 0 and not tell(at, len(ids)):
            raise Refused(_("Stopped; nothing was changed."))
        if _attempt(replace(case), change, me, work.now, find, outcome):
            made = change(case, me, work.now, find)
            for record in made if isinstance(made, list) else [made] if made else []:
                work.add(record)
        if at % CHUNK == CHUNK - 1:
            work.flush()
    return outcome


def _taken(work: Work, ids: Sequence[str]) -> Iterator[Case]:
    for one in ids:
        yield work.get(Case, one)


def _attempt(case: Case, change: Change, me: User, now: datetime, find: Find, outcome: Outcome) -> bool:
    """Try a change on a case that is only a copy; answer whether it changes something and is allowed."""
    before = {f.name: getattr(case, f.name) for f in fields_of(Case)}
    try:
        made = change(case, me, now, find)
        changed = {name: old for name, old in before.items() if old != getattr(case, name)}
        case.derive()
        case.check(changed)
        coming = made if isinstance(made, list) else [made] if made else []
        find.ask(lambda held: guarding.check_one(held, case, changed, case.status, me, now, coming))
    except Refused as refusal:
        outcome.skipped[_reason(str(refusal), case)] += 1
        return False
    if not changed and not made:
        outcome.same += 1
        return False
    outcome.changed += 1
    return True


def _reason(sentence: str, case: Case) -> str:
    """Say a refusal without the number of the case, so that the same reasons are counted together."""
    return sentence.replace(case.case_no, _("the case"))
