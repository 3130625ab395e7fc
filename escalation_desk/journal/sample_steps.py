"""One act on a case of the sample, step by step: what the verbs in the sample's files mean."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from escalation_desk.casework import acts
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Direction, Form, Visibility
from escalation_desk.casework.fields import Kind, field_of, from_json
from escalation_desk.casework.linking import merging
from escalation_desk.casework.people import Party
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.timeline import Attachment, Clarification
from escalation_desk.i18n import N_
from escalation_desk.resources import file

if TYPE_CHECKING:
    from collections.abc import Callable

    from escalation_desk.casework.people import User
    from escalation_desk.casework.records import Record
    from escalation_desk.journal.work import Work

Data = dict[str, Any]

_BY_CODE = frozenset({"reason", "fault_code", "poc_team", "calendar", "authority"})
"""Kinds that records speak of by a code, as the files do."""

_DISTANCE = re.compile(r"([+-])(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?")


def distance(text: str) -> timedelta:
    """Read how far from now something is: `-2d4h`, `+35m`."""
    read = _DISTANCE.fullmatch(text)
    if read is None:
        raise ValueError(text)
    days, hours, minutes = (int(part or 0) for part in read.groups()[1:])
    away = timedelta(days=days, hours=hours, minutes=minutes)
    return -away if read[1] == "-" else away


@dataclass
class Scene:
    """The sample while it is written: when now is, and which key of the files became which record."""

    now: datetime
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def when(self, text: str) -> datetime:
        return self.now + distance(text)

    def values(self, kind: type[Record], data: Data) -> Data:
        """Turn what a file says about a record into values: distances into times, keys into ids."""
        return {name: self._value(kind, name, said) for name, said in data.items()}

    def _value(self, kind: type[Record], name: str, said: Any) -> Any:
        one = field_of(kind, name)
        to = one.declared.refers_to
        if one.kind is Kind.INSTANT:
            return self.when(said)
        if one.kind is Kind.DAY and _DISTANCE.fullmatch(said):
            return self.when(said).date()
        if to is None or to in _BY_CODE:
            return from_json(one, said)
        return frozenset(self.ids[to, key] for key in said) if one.kind is Kind.SET else self.ids[to, said]

    def add(self, work: Work, record: Record, key: str) -> None:
        work.add(record)
        self.ids[record.kind, key] = record.id

    def promise(self, work: Work, said: Data, by: str, key: str, **about: Any) -> None:
        """Make the follow-up that a step or a note speaks of."""
        kinds = {"form": said.get("form", "promise"), "promised_by": said.get("whose", "us")}
        follow_up = acts.promise(
            said["promise"], self.when(said["due"]), self.people[by], **self.values(FollowUp, kinds), **about
        )
        self.add(work, follow_up, key)


class CaseAct:
    """What one colleague does on one case at one moment; each step is an object of the file that begins with a verb."""

    def __init__(self, scene: Scene, work: Work, key: str, by: str) -> None:
        self.scene, self.work, self.key, self.by = scene, work, key, by
        self.case = work.get(Case, scene.ids["case", key])
        self.me = scene.people[by]

    def named(self, key: str) -> str:
        """Tell keys of this case from the same keys of other ones."""
        return f"{self.key}:{key}"

    def say(self, said: Data) -> None:
        verb = verb_of(said)
        coming_in = said.get("in", False)
        entry = acts.say(
            self.case,
            said[verb],
            self.me,
            self.work.now,
            form=_FORMS[verb],
            direction=Direction.IN if coming_in else Direction.OUT,
            counterpart=said.get("with"),
        )
        if entry.visibility is Visibility.PUBLIC:
            entry.language = self.case.language
            entry.author = self._requester() if coming_in else None
        self.work.add(entry)

    def _requester(self) -> str | None:
        return self.work.get(Party, self.case.requester).display_name if self.case.requester else None

    def take(self, said: Data) -> None:
        note = acts.take(self.case, self.me, self.work.now, why=said["take"])
        if note:
            self.work.add(note)

    def offer(self, said: Data) -> None:
        acts.offer(self.case, self.scene.people[said["offer"]], self.me, self.work.now)
        self.work.add(acts.internal_note(self.case, said["why"], self.me, self.work.now))

    def set(self, said: Data) -> None:
        note = acts.edit(
            self.case, self.scene.values(Case, said["set"]), self.me, self.work.now, why=said.get("why", "")
        )
        if note:
            self.work.add(note)

    def merge(self, said: Data) -> None:
        into = self.scene.values(Case, {"merged_into": said["merge"]})["merged_into"]
        merging.merge(self.case, self.work.get(Case, into), self.me)

    def promise(self, said: Data) -> None:
        key = self.named(said["key"] if "key" in said else said["promise"])
        self.scene.promise(self.work, said, self.by, key, case=self.case.id, to_whom=said.get("to"))

    def _follow_up(self, key: str) -> FollowUp:
        return self.work.get(FollowUp, self.scene.ids["follow_up", self.named(key)])

    def done(self, said: Data) -> None:
        acts.finish(self._follow_up(said["done"]), self.work.now)

    def moved(self, said: Data) -> None:
        follow_up = self._follow_up(said["moved"])
        acts.move_due(follow_up, self.scene.when(said["due"]), said["why"], self.me, self.work.now)

    def ask(self, said: Data) -> None:
        asked = Clarification(case=self.case.id, question=said["ask"], asked_at=self.work.now)
        self.scene.add(self.work, asked, self.named(said["key"]))

    def answer(self, said: Data) -> None:
        asked = self.work.get(Clarification, self.scene.ids["clarification", self.named(said["to"])])
        asked.answer, asked.answered_at = said["answer"], self.work.now

    def attach(self, said: Data) -> None:
        content = file(f"sample/files/{said['attach']}").read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        self.work.keep_blob(digest, content)
        evidence = self.scene.values(Attachment, {"evidence": said["evidence"]})
        self.work.add(
            Attachment(
                case=self.case.id,
                file_name=said["attach"],
                size=len(content),
                sha256=digest,
                media_type=mimetypes.guess_type(said["attach"])[0] or "application/octet-stream",
                **evidence,
            )
        )


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the files: what it does, and how the history names an act that begins with it."""

    does: Callable[[CaseAct, Data], None]
    title: str


_FORMS = {str(form): form for form in Form if form is not Form.EVENT}

STEPS = {
    "note": Verb(CaseAct.say, N_("Note on {case}")),
    "message": Verb(CaseAct.say, N_("Message on {case}")),
    "call": Verb(CaseAct.say, N_("Call on {case}")),
    "chat": Verb(CaseAct.say, N_("Chat on {case}")),
    "poc": Verb(CaseAct.say, N_("Message to a point of contact on {case}")),
    "decision": Verb(CaseAct.say, N_("Decision on {case}")),
    "take": Verb(CaseAct.take, N_("Take over {case}")),
    "offer": Verb(CaseAct.offer, N_("Offer {case}")),
    "set": Verb(CaseAct.set, N_("Change {case}")),
    "merge": Verb(CaseAct.merge, N_("Merge {case}")),
    "promise": Verb(CaseAct.promise, N_("Promise on {case}")),
    "done": Verb(CaseAct.done, N_("Follow-up done on {case}")),
    "moved": Verb(CaseAct.moved, N_("Move the date of a follow-up on {case}")),
    "ask": Verb(CaseAct.ask, N_("Question on {case}")),
    "answer": Verb(CaseAct.answer, N_("Answer on {case}")),
    "attach": Verb(CaseAct.attach, N_("Attachment on {case}")),
}


def verb_of(said: Data) -> str:
    return next(iter(said))
