"""Candidates meet the desk: what is new, changed, the same or refused. It only reads, for many candidates at one go.

A field that somebody changed here since the last import keeps what they wrote: the file's value counts only against
what the last file said (the journal knows it), never against a person's work.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.case import Case
from escalation_desk.casework.fields import Kind, field_of, from_json, to_json
from escalation_desk.casework.ids import new_id
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import _
from escalation_desk.intake.candidates import Candidate, Refusal
from escalation_desk.intake.histories import news, phases_of
from escalation_desk.intake.reaching import as_received, reachable, steps_to
from escalation_desk.journal import outside, reading
from escalation_desk.journal.work import examined, refuse_unfit, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from escalation_desk.casework.records import Record
    from escalation_desk.intake.candidates import Said
    from escalation_desk.journal.connection import Connection

    Differences = dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Met:
    """What comes of a candidate: records to add, and the steps by which a record that is here changes.

    `record` is how it will be; the differences say of each field what stands here and what the file says.
    """

    offer: Candidate
    record: Record
    new: bool
    added: list[Record] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    told: Differences = field(default_factory=dict)
    kept: Differences = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        return bool(self.added or self.steps)


class Meeting:
    """What the desk has, as the candidates of one file meet it: by natural key, and what was met a moment ago."""

    def __init__(self, made: Connection, now: datetime) -> None:
        self._made = made
        self._now = now
        self._own: dict[tuple[str, str], str] = {}
        """Ids of the records that this file makes."""
        self._prints: dict[str, dict[str, int]] = {}
        """Of each record met: what was said of it first, so that two rows about one thing are told apart."""
        self._logged: dict[str, Record] = {}
        """Records of logs as they will be; another table may tell more of them."""
        self._there: dict[tuple[str, str], str] = {}
        self._records: dict[str, Record] = {}
        self._last: dict[str, dict[str, Any]] = {}

    def meet(self, offers: Sequence[Candidate | Refusal]) -> Iterator[Met | Refusal]:
        """Say of each candidate what comes of it; every row ends in one answer."""
        candidates = [offer for offer in offers if isinstance(offer, Candidate)]
        self._read(candidates)
        for offer in offers:
            if isinstance(offer, Refusal):
                yield offer
                continue
            try:
                yield self._met(offer)
            except Refused as refusal:
                yield from (Refusal(row, str(refusal)) for row in offer.rows)

    # What is here, read at one go

    def _read(self, candidates: Sequence[Candidate]) -> None:
        keys: dict[str, set[str]] = {}
        for kind, key in (named for offer in candidates for named in _names(offer)):
            if (kind, key) not in self._own:
                keys.setdefault(kind, set()).add(key)
        self._there = {
            (kind, key): record_id
            for kind, wanted in keys.items()
            for key, record_id in outside.by_keys(self._made, kind, wanted).items()
        }
        self._records = self._several(candidates)
        apart = [record.id for record, offer in self._here(candidates) if self._differs(record, offer)]
        self._last = outside.imported(self._made, apart)

    def _several(self, candidates: Sequence[Candidate]) -> dict[str, Record]:
        ids: dict[str, set[str]] = {}
        for offer in candidates:
            known = self._known(offer)
            if known and (offer.kind, offer.key) not in self._own:
                ids.setdefault(offer.kind, set()).add(known)
        return {
            record.id: record
            for kind, wanted in ids.items()
            for record in reading.several(self._made, kind_of(kind), sorted(wanted))
            if record.deleted_at is None
        }

    def _here(self, candidates: Sequence[Candidate]) -> Iterator[tuple[Record, Candidate]]:
        for offer in candidates:
            record = self._records.get(self._known(offer) or "")
            if record:
                yield record, offer

    def _differs(self, record: Record, offer: Candidate) -> bool:
        """Tell whether a file says anything otherwise; only then it matters what files have said before."""
        if any(self._find(p.kind, p.key) != getattr(record, name) for name, p in offer.pointers.items()):
            return True
        try:
            return any(here != there for _name, here, there in _both(record, offer.values))
        except (ValueError, TypeError, ArithmeticError):
            return True  # Looked at again when its turn comes, and said there.

    # One candidate

    def _met(self, offer: Candidate) -> Met:
        known = self._known(offer)
        if known is None:
            return self._new(offer)
        if known in self._logged:
            return self._changed(self._logged[known], offer, {})
        if known in self._prints:
            return self._again(known, offer)
        record = self._records.get(known)
        if record is None:
            raise Refused(_("{label} {id} does not exist any more.", label=_(kind_of(offer.kind).label), id=known))
        self._prints[known] = _prints_of(offer)
        return self._changed(record, offer, self._last.get(known, {}))

    def _known(self, offer: Candidate) -> str | None:
        """Find the record; a list that this desk has written says by its own numbers which cases it means."""
        own = _own_number(offer)
        return (own and self._find(*own)) or self._find(offer.kind, offer.key)

    def _find(self, kind: str, key: str) -> str | None:
        return self._own.get((kind, key)) or self._there.get((kind, key))

    def _new(self, offer: Candidate) -> Met:
        pointed = self._pointed(offer)
        record = _made(offer.kind, {**offer.values, **pointed.ids})
        if isinstance(record, Case):
            as_received(record)
            record.phases = phases_of(record, offer.history)
        refuse_unfit(record)
        record.id = new_id(self._now)
        self._own.update(pointed.own)
        self._own[offer.kind, offer.key] = record.id
        self._prints[record.id] = _prints_of(offer)
        if offer.said:
            self._logged[record.id] = copy(record)
        return Met(offer, record, new=True, added=[*pointed.records, record, *self._said(record.id, offer.said)])

    def _again(self, known: str, offer: Candidate) -> Met:
        """Refuse a row that says of a record what a row above says otherwise: nothing tells which of them holds."""
        record = self._records.get(known) or _made(offer.kind, offer.values)
        apart = _apart(self._prints[known], _prints_of(offer))
        if apart:
            raise Refused(
                _(
                    "A row above is about {name} too and says otherwise ({fields}); the first one counts.",
                    name=record.name or offer.key.partition(":")[2],
                    fields=", ".join(_(field_of(type(record), name).label) for name in apart),
                )
            )
        return Met(offer, record, new=False)

    def _changed(self, record: Record, offer: Candidate, last: dict[str, Any]) -> Met:
        pointed = self._pointed(offer)
        told, kept = _differences(record, {**offer.values, **pointed.ids}, last)
        steps = steps_to(record, told, self._now)
        changed = _tried(record, steps) if steps else record
        if steps and isinstance(changed, Case):
            _tell_when(record, changed, offer, steps[-1])
        self._own.update(pointed.own)
        if offer.said:
            self._logged[record.id] = changed
        used = {values.get(name) for values in steps for name in offer.pointers}
        added = [one for one in pointed.records if one.id in used] + self._said(record.id, offer.said)
        return Met(offer, changed, new=False, added=added, steps=steps, told=told, kept=kept)

    def _pointed(self, offer: Candidate) -> _Pointed:
        pointed = _Pointed()
        for name, pointer in offer.pointers.items():
            named = (pointer.kind, pointer.key)
            known = self._find(*named) or pointed.own.get(named)
            if known is None:
                record = _made(pointer.kind, pointer.values)
                known = record.id = pointed.own[named] = new_id(self._now)
                pointed.records.append(record)
            pointed.ids[name] = known
        return pointed

    def _said(self, case_id: str, said: Iterable[Said]) -> list[Record]:
        """Make the entries of a timeline that the desk does not have yet."""
        fresh: list[Record] = []
        for one in said:
            if self._find(Message.kind, one.key) is None:
                message = _message(case_id, one)
                message.id = self._own[Message.kind, one.key] = new_id(self._now)
                fresh.append(message)
        return fresh


@dataclass(slots=True)
class _Pointed:
    """The records that a candidate points to, and those of them that nobody has yet."""

    ids: dict[str, str] = field(default_factory=dict)
    own: dict[tuple[str, str], str] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)


def _names(offer: Candidate) -> Iterator[tuple[str, str]]:
    """List the natural keys that a candidate speaks of."""
    yield offer.kind, offer.key
    own = _own_number(offer)
    if own:
        yield own
    yield from ((pointer.kind, pointer.key) for pointer in offer.pointers.values())
    yield from ((Message.kind, said.key) for said in offer.said)


def _own_number(offer: Candidate) -> tuple[str, str] | None:
    number = offer.values.get("case_no") if offer.kind == Case.kind else None
    return (Case.kind, f"no:{number}") if number else None


def _prints_of(offer: Candidate) -> dict[str, int]:
    """Tell two rows about one thing apart, field by field, in little room."""
    said = {name: hash(repr(value)) for name, value in offer.values.items() if value not in (None, "", [])}
    return said | {name: hash(pointer.key) for name, pointer in offer.pointers.items()}


def _apart(first: dict[str, int], second: dict[str, int]) -> list[str]:
    return [name for name, said in second.items() if first.get(name) != said]


def _both(record: Record, values: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Put what stands here beside what the file says, in the same writing."""
    for name, there in values.items():
        declared = field_of(type(record), name)
        yield (
            name,
            to_json(declared.kind, getattr(record, name)),
            to_json(declared.kind, from_json(declared, there)),
        )


def _differences(record: Record, values: dict[str, Any], last: dict[str, Any]) -> tuple[Differences, Differences]:
    """Compare three ways: what the file says, what it said last, and what stands here."""
    told: Differences = {}
    kept: Differences = {}
    for name, here, there in sorted(_both(record, values), key=_state_last):
        declared = field_of(type(record), name)
        if there in (here, last.get(name)) or (declared.declared.once and here not in (None, "")):
            continue
        if declared.kind is Kind.SET:
            grown = sorted({*here, *there})  # A set grows by what others add.
            if grown != here:
                told[name] = (here, grown)
        elif name == "status" and not reachable(record, there, owned="owner" in told):
            kept[name] = (here, there)
        elif here == last.get(name) or (name not in last and here in (None, "", declared.default)):
            told[name] = (here, there)
        else:
            kept[name] = (here, there)
    return told, kept


def _tell_when(record: Record, changed: Case, offer: Candidate, last: dict[str, Any]) -> None:
    """Let the last step say what the CRM tells of the states since, where they end in how the case stands then."""
    if isinstance(record, Case) and offer.history and offer.history[-1]["status"] == changed.status:
        since = phases_of(changed, [*news(record, offer.history)])
        if since:
            last["phases"] = [*record.phases, *since]


def _state_last(one: tuple[str, Any, Any]) -> bool:
    return one[0] == "status"  # A state can need the owner.


def _tried(record: Record, steps: Iterable[dict[str, Any]]) -> Record:
    """Go the steps on a copy, so that what the rules forbid is refused before anything is written."""
    tried = copy(record)
    for step in steps:
        before = values_of(tried)
        for name, value in step.items():
            setattr(tried, name, from_json(field_of(type(tried), name), value))
        examined(tried, before)
        tried.derive()
    return tried


def _made(kind: str, values: dict[str, Any]) -> Record:
    record = kind_of(kind)
    return record(**{name: from_json(field_of(record, name), value) for name, value in values.items()})


def _message(case_id: str, said: Said) -> Message:
    values = {name: from_json(field_of(Message, name), value) for name, value in said.values.items()}
    return Message(case=case_id, outside_id=said.key, **values)
