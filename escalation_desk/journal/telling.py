"""Tells a case in the order of time: what was said, done, promised and attached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import field_of, from_json, instant_text
from escalation_desk.casework.promises import FollowUp
from escalation_desk.casework.timeline import Attachment, Clarification, Message
from escalation_desk.i18n import _
from escalation_desk.journal import merged, reading

if TYPE_CHECKING:
    from datetime import datetime

    from escalation_desk.journal.connection import Connection

_TOLD = ("status", "owner", "priority_override", "severity", "urgency", "merged_into")
"""The fields whose change is told on the timeline; the others stand in the history."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing on a timeline. `by` is the id of a person, `author` a name that only the CRM knows."""

    at: str
    recorded_at: str
    kind: str
    record: str
    text: str
    by: str | None = None
    author: str | None = None
    form: str | None = None
    direction: str | None = None
    visibility: str | None = None
    channel: str | None = None
    automatic: bool = False
    pinned: bool = False
    amends: str | None = None
    due_at: str | None = None
    state: str | None = None
    origin: str | None = None
    """The number of the case it belongs to, where that was merged into the one that is told."""


def timeline(made: Connection, case_id: str) -> list[Moment]:
    """List the moments of a case and of those it stands for, oldest first."""
    moments = [*_said(made, case_id), *_acts(made, case_id)]
    parts = merged.parts_of(made, case_id)
    numbers = reading.names(made, "case", parts)
    moments += [replace(one, origin=numbers.get(part, "")) for part in parts for one in _said(made, part)]
    return sorted(moments, key=lambda moment: (moment.at, moment.recorded_at))


def _said(made: Connection, case_id: str) -> list[Moment]:
    mine = ("case", case_id)
    return [
        *map(_message, reading.all_of(made, Message, pointing=mine)),
        *map(_follow_up, reading.all_of(made, FollowUp, pointing=mine)),
        *map(_attachment, reading.all_of(made, Attachment, pointing=mine)),
        *map(_clarification, reading.all_of(made, Clarification, pointing=mine)),
    ]


def _message(message: Message) -> Moment:
    recorded = _text(message.created_at)
    return Moment(
        at=_text(message.at) or recorded,
        recorded_at=recorded,
        kind="message",
        record=message.id,
        text=message.body,
        by=message.by,
        author=message.author,
        form=str(message.form),
        direction=str(message.direction),
        visibility=str(message.visibility),
        channel=str(message.channel) if message.channel else None,
        automatic=message.automatic,
        pinned=message.pinned,
        amends=message.amends,
    )


def _follow_up(follow_up: FollowUp) -> Moment:
    recorded = _text(follow_up.created_at)
    return Moment(
        at=recorded,
        recorded_at=recorded,
        kind="follow_up",
        record=follow_up.id,
        text=follow_up.text,
        by=follow_up.owner,
        form=str(follow_up.form),
        due_at=_text(follow_up.due_at),
        state=str(follow_up.state),
    )


def _attachment(attachment: Attachment) -> Moment:
    recorded = _text(attachment.created_at)
    return Moment(recorded, recorded, "attachment", attachment.id, attachment.file_name, attachment.created_by)


def _clarification(asked: Clarification) -> Moment:
    recorded = _text(asked.created_at)
    text = f"{asked.question}\n{asked.answer}" if asked.answer else asked.question
    return Moment(_text(asked.asked_at) or recorded, recorded, "clarification", asked.id, text, asked.created_by)


def _acts(made: Connection, case_id: str) -> list[Moment]:
    return [
        Moment(change.at, change.at, "change", case_id, _told(made, change), change.by)
        for change in reading.history(made, case_id)
        if change.op == "set" and change.field in _TOLD and change.entry_kind != "import"
    ]


def _told(made: Connection, change: reading.PastChange) -> str:
    field = field_of(Case, change.field or "")
    return _(
        "{field}: {before} → {after}",
        field=_(field.label),
        before=_shown(made, field.name, change.before),
        after=_shown(made, field.name, change.after),
    )


def _shown(made: Connection, name: str, value: Any) -> str:
    field = field_of(Case, name)
    if value is None:
        return "–"
    if field.choices:
        return _(from_json(field, value).label)
    if field.declared.refers_to:
        return reading.names(made, field.declared.refers_to, [value]).get(value, str(value))
    return str(value)


def _text(at: datetime | None) -> str:
    return instant_text(at) if at else ""
