"""What is being written for the timeline: which kind of entry, to whom, with which promises; a draft, then put."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework import acts, entries
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Channel, Direction, FollowUpForm, FollowUpState, Form, Language, PromisedBy
from escalation_desk.casework.fields import instant_text
from escalation_desk.casework.people import User
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Clarification, Message
from escalation_desk.i18n import N_, _
from escalation_desk.journal import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from escalation_desk.journal.work import Work


@dataclass(frozen=True, slots=True)
class Mode:
    """A kind of entry: its words, and what goes with it. `title` names the act in the history."""

    code: str
    label: str
    icon: str
    title: str
    form: Form | None = None
    external: bool = False
    directed: bool = False
    named: bool = False


MODES: Final = (
    Mode("note", N_("Note"), "note", N_("Note on {case}"), Form.NOTE),
    Mode("message", N_("Message"), "message", N_("Message on {case}"), Form.MESSAGE, external=True, directed=True),
    Mode("call", N_("Call"), "call", N_("Call on {case}"), Form.CALL, external=True, directed=True, named=True),
    Mode("chat", N_("Chat"), "message", N_("Chat on {case}"), Form.CHAT, external=True, directed=True),
    Mode(
        "poc",
        N_("Contact"),
        "poc message",
        N_("Message to a point of contact on {case}"),
        Form.POC,
        directed=True,
        named=True,
    ),
    Mode("decision", N_("Decision"), "decision", N_("Decision on {case}"), Form.DECISION),
    Mode("report", N_("Report"), "flag", N_("Status report on {case}"), Form.REPORT),
    Mode("question", N_("Question"), "help", N_("Question on {case}"), external=True),
)
BY_CODE: Final = {mode.code: mode for mode in MODES}


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise or reminder that goes onto the timeline together with the text."""

    text: str
    due: datetime
    to_whom: str = ""
    by: PromisedBy = PromisedBy.US
    form: FollowUpForm = FollowUpForm.PROMISE
    of_macro: bool = False
    """Made by the text of a macro: not made a second time where it is promised already."""

    def to_data(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "due": instant_text(self.due),
            "to_whom": self.to_whom,
            "by": str(self.by),
            "form": str(self.form),
            "of_macro": self.of_macro,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Promised:
        return cls(
            data["text"],
            datetime.fromisoformat(data["due"]),
            data.get("to_whom", ""),
            PromisedBy(data.get("by", "us")),  # type: ignore[call-arg]  # looks a member up
            FollowUpForm(data.get("form", "promise")),  # type: ignore[call-arg]  # as above
            bool(data.get("of_macro")),
        )


@dataclass(frozen=True)
class Writing:
    """Everything that the composer holds. `at` is the time as typed, for an entry about something past."""

    mode: str = "note"
    text: str = ""
    direction: str = str(Direction.OUT)
    channel: str = ""
    counterpart: str = ""
    at: str = ""
    language: str = ""
    macro: str = ""
    amends: str = ""
    answers: str = ""
    promises: tuple[Promised, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost: the kind of entry alone is no draft."""
        return not (self.text.strip() or self.promises or self.counterpart.strip() or self.at.strip())

    @property
    def external(self) -> bool:
        return BY_CODE[self.mode].external

    def to_data(self) -> dict[str, Any]:
        data = {f.name: getattr(self, f.name) for f in fields(self)}
        return data | {"promises": [one.to_data() for one in self.promises]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Writing:
        known = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        promises = tuple(map(Promised.from_data, data.get("promises", ())))
        read = cls(**known | {"promises": promises})
        return read if read.mode in BY_CODE else replace(read, mode="note")


def title_of(writing: Writing) -> str:
    """Name the act of putting this onto the timeline."""
    if writing.answers:
        return N_("Answer on {case}")
    if writing.amends:
        return N_("Correction on {case}")
    if not writing.text.strip() and writing.promises:
        return N_("Promise on {case}")
    return BY_CODE[writing.mode].title


def put(work: Work, case_id: str, writing: Writing, me: User, at: datetime | None = None) -> None:
    """Write it, with its promises, as one entry of the journal."""
    if writing.empty:
        raise Refused(_("There is nothing written yet."))
    if writing.text.strip() or writing.counterpart or writing.answers:
        _put_text(work, case_id, writing, me, at)
        _tell_colleagues(work, case_id, writing.text, me)
    promised = {one.due_at for one in _open_ones(work, case_id)} if writing.promises else set()
    for one in writing.promises:
        if one.of_macro and one.due in promised:
            continue
        work.add(
            acts.promise(
                one.text,
                one.due,
                me,
                case=case_id,
                form=one.form,
                promised_by=one.by,
                to_whom=one.to_whom or None,
            )
        )


def _open_ones(work: Work, case_id: str) -> list[FollowUp]:
    found = work.ask(lambda made: reading.all_of(made, FollowUp, pointing=("case", case_id)))
    return [one for one in found if one.state is FollowUpState.OPEN]


def _put_text(work: Work, case_id: str, writing: Writing, me: User, at: datetime | None) -> None:
    mode = BY_CODE[writing.mode]
    if writing.answers:
        entries.answer(work.get(Clarification, writing.answers), writing.text, at or work.now)
    elif writing.amends:
        work.add(entries.amendment(work.get(Message, writing.amends), writing.text, me, work.now))
    elif mode.form is None:
        work.add(entries.question(case_id, writing.text, at or work.now))
    else:
        work.add(_message(work, case_id, writing, me, at))


def _tell_colleagues(work: Work, case_id: str, text: str, me: User) -> None:
    """Let whoever is mentioned watch the case, so that it is among what they look at."""
    called = entries.mentioned(text, work.ask(lambda made: reading.all_of(made, User))) - {me.id} if "@" in text else ()
    if called:
        case = work.get(Case, case_id)
        case.watchers |= called


def _message(work: Work, case_id: str, writing: Writing, me: User, at: datetime | None) -> Message:
    mode = BY_CODE[writing.mode]
    form = mode.form or Form.NOTE
    if at and at > work.now:
        raise Refused(_("An entry tells what has happened; for something to come make a follow-up."))
    directed = {"direction": Direction(writing.direction)} if mode.directed else {}  # type: ignore[call-arg]
    channel = Channel.PHONE if form is Form.CALL else _channel(writing)
    return acts.say(
        work.get(Case, case_id),
        writing.text,
        me,
        at or work.now,
        form=form,
        channel=channel,
        counterpart=writing.counterpart.strip() or None,
        language=Language(writing.language) if writing.language and mode.external else None,  # type: ignore[call-arg]
        macro=writing.macro or None,
        **directed,
    )


def _channel(writing: Writing) -> Channel | None:
    return Channel(writing.channel) if writing.channel else None  # type: ignore[call-arg]  # looks a member up
