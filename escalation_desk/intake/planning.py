"""Candidates meet the desk: what is new, changed, the same or refused; written as one entry that can be undone whole.

A field that somebody changed here since the last import keeps what they wrote: the file's value counts only against
what the last file said (the journal knows it), never against a person's work.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from escalation_desk.casework import states
from escalation_desk.casework.acts import WAITS_ON
from escalation_desk.casework.case import Case
from escalation_desk.casework.choices import Assignment, CancelReason, CaseStatus, ReopenReason
from escalation_desk.casework.desk import ImportBatch
from escalation_desk.casework.fields import Kind, field_of, from_json, instant_text, to_json
from escalation_desk.casework.kinds import kind_of
from escalation_desk.casework.refusal import Refused
from escalation_desk.casework.timeline import Message
from escalation_desk.i18n import N_, _
from escalation_desk.intake.candidates import Candidate, Pointer, Refusal, Said
from escalation_desk.intake.child import Cancelled
from escalation_desk.journal.backup import back_up_before_import
from escalation_desk.journal.work import refuse_unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from escalation_desk.casework.records import Record
    from escalation_desk.journal.journal import Journal
from escalation_desk.journal.work import Work

_FLUSH_EVERY = 1_000
_TOLD = 1_000


class _OnlyLooked(Exception):  # noqa: N818 - ends a dry run, which leaves nothing behind.
    """Takes a dry run back."""


@dataclass(slots=True)
class Difference:
    """What an import would change in one record: field, here, in the file."""

    name: str
    fields: dict[str, tuple[Any, Any]]


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rows: int = 0
    refused: list[Refusal] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    kept: list[Difference] = field(default_factory=list)
    """Fields that the file says otherwise, but a person here has changed since: theirs stays."""

    def as_data(self) -> dict[str, Any]:
        """Lay the outcome out as `import --json` prints it."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": [{"row": refusal.row, "reason": refusal.reason} for refusal in self.refused],
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that an import takes over, for its record and the name of its entry."""

    source: str
    file_name: str
    sha256: str


def take_over(
    journal: Journal,
    offers: Iterable[Candidate | Refusal],
    origin: Origin,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Write the candidates as one entry. A dry run and a cancelled one leave nothing behind."""
    outcome = Outcome()
    try:
        with journal.entry(N_("Import {file}"), kind="import", file=origin.file_name) as work:
            _meet_all(work, offers, outcome, progress, cancelled)
            if outcome.created or outcome.updated:
                work.add(_batch(origin, outcome))
            if not dry_run and _changes_much(work, outcome):
                # Others see the desk as it was, as long as this entry is not written.
                with closing(journal.reader()) as made:
                    back_up_before_import(made, journal.folder, journal.key, journal.now())
            if dry_run:
                raise _OnlyLooked  # noqa: TRY301 - takes the whole entry back from inside it.
    except _OnlyLooked:
        return outcome
    return outcome


def _changes_much(work: Work, outcome: Outcome) -> bool:
    """Tell whether an import changes more than one in fifty of what was here, and more than twenty."""
    if outcome.updated <= _FEW:
        return False
    here = work.ask(lambda made: made.execute(_ALL_THAT_IMPORTS_CHANGE).fetchone()[0]) - outcome.created
    return bool(outcome.updated > here * _MUCH)


_ALL_THAT_IMPORTS_CHANGE = (
    'SELECT (SELECT count(*) FROM "case") + (SELECT count(*) FROM seller) + (SELECT count(*) FROM party)'
)
_FEW, _MUCH = 20, 0.02


def _meet_all(
    work: Work,
    offers: Iterable[Candidate | Refusal],
    outcome: Outcome,
    progress: Callable[[int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    desk = _Desk(work)
    for number, offer in enumerate(offers, 1):
        if isinstance(offer, Refusal):
            outcome.rows += 1
            outcome.refused.append(offer)
        else:
            outcome.rows += len(offer.rows)
            desk.meet(offer, outcome)
        if number % _FLUSH_EVERY == 0:
            desk.flush()
        if progress and number % 100 == 0:
            progress(outcome.rows)
        if cancelled and cancelled():
            raise Cancelled
    desk.flush()


def _batch(origin: Origin, outcome: Outcome) -> ImportBatch:
    return ImportBatch(
        source=origin.source,
        file_name=origin.file_name,
        sha256=origin.sha256,
        rows=outcome.rows,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        refused=len(outcome.refused),
    )


class _Desk:
    """What the desk has, as the candidates meet it: records by natural key, and those made a moment ago."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._ids: dict[tuple[str, str], str] = {}
        self._met: dict[str, int] = {}

    def flush(self) -> None:
        self._work.flush()

    def meet(self, offer: Candidate, outcome: Outcome) -> None:
        """Create, update or leave the record that a candidate is about."""
        try:
            known = self._known(offer)
            if known is None:
                self._create(offer, outcome)
            else:
                self._update(known, offer, outcome)
        except Refused as refusal:
            outcome.refused += [Refusal(row, str(refusal)) for row in offer.rows]

    def _known(self, offer: Candidate) -> str | None:
        """Find the record; a list that this desk has written says by its own numbers which cases it means."""
        number = offer.values.get("case_no") if offer.kind == Case.kind else None
        own = self._find(offer.kind, f"no:{number}") if number else None
        return own or self._find(offer.kind, offer.key)

    def _create(self, offer: Candidate, outcome: Outcome) -> None:
        values = {**offer.values, **self._pointed(offer)}
        record = _made(offer.kind, values)
        if isinstance(record, Case):
            _as_received(record)
        refuse_unfit(record)
        self._work.add(record)
        self._ids[offer.kind, offer.key] = record.id
        self._met[record.id] = _print_of(offer)
        for said in offer.said:
            self._work.add(_message(record.id, said))
        outcome.created += 1
        if len(outcome.new) < _TOLD:
            outcome.new.append(record.name or offer.key)

    def _update(self, record_id: str, offer: Candidate, outcome: Outcome) -> None:
        self._work.flush()
        record = self._work.get(kind_of(offer.kind), record_id)
        told, kept = self._differences(record, {**offer.values, **self._pointed(offer)})
        self._work.forget(record)
        self._refuse_other(record, offer, {**told, **kept})
        for values in _steps(record, told, self._work.now):
            self._write(kind_of(offer.kind), record_id, values)
        fresh = [said for said in offer.said if not self._find("message", said.key)]
        for said in fresh:
            self._work.add(_message(record_id, said))
        if kept and len(outcome.kept) < _TOLD:
            outcome.kept.append(Difference(record.name, kept))
        if not told and not fresh:
            outcome.unchanged += 1
            return
        outcome.updated += 1
        if len(outcome.differences) < _TOLD:
            outcome.differences.append(Difference(record.name, told))

    def _refuse_other(self, record: Record, offer: Candidate, other: dict[str, Any]) -> None:
        """Refuse a row that says of a record what a row above says otherwise: nothing tells which of them holds."""
        own = _print_of(offer)
        first = self._met.setdefault(record.id, own)
        if other and not offer.said and first != own:
            raise Refused(
                _(
                    "A row above is about {name} too and says otherwise ({fields}); the first one counts.",
                    name=record.name,
                    fields=", ".join(_(field_of(type(record), name).label) for name in other),
                )
            )

    def _write(self, kind: type[Record], record_id: str, values: dict[str, Any]) -> None:
        record = self._work.get(kind, record_id)
        try:
            for name, value in values.items():
                setattr(record, name, from_json(field_of(kind, name), value))
            self._work.flush()
        except Refused:
            self._work.forget(record)  # Otherwise the next flush would write it, or refuse the whole file for it.
            raise

    def _differences(self, record: Record, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Compare three ways: what the file says, what it said last, and what stands here."""
        last = self._work.imported(record.id)
        told: dict[str, tuple[Any, Any]] = {}
        kept: dict[str, tuple[Any, Any]] = {}
        for name, there in sorted(values.items(), key=lambda told: told[0] == "status"):  # A state can need the owner.
            declared = field_of(type(record), name)
            here = to_json(declared.kind, getattr(record, name))
            there = to_json(declared.kind, from_json(declared, there))  # noqa: PLW2901 - in the same writing.
            if there in (here, last.get(name)) or (declared.declared.once and here not in (None, "")):
                continue
            if declared.kind is Kind.SET:
                there = sorted({*here, *there})  # noqa: PLW2901 - a set grows by what others add.
                if there != here:
                    told[name] = (here, there)
            elif name == "status" and not _reachable(record, there, owned="owner" in told):
                kept[name] = (here, there)
            elif here == last.get(name) or (name not in last and here in (None, "", declared.default)):
                told[name] = (here, there)
            else:
                kept[name] = (here, there)
        return told, kept

    def _pointed(self, offer: Candidate) -> dict[str, Any]:
        return {name: self._record_for(pointer) for name, pointer in offer.pointers.items()}

    def _record_for(self, pointer: Pointer) -> str:
        known = self._find(pointer.kind, pointer.key)
        if known is None:
            record = self._work.add(_made(pointer.kind, pointer.values))
            known = self._ids[pointer.kind, pointer.key] = record.id
        return known

    def _find(self, kind: str, key: str) -> str | None:
        if (kind, key) not in self._ids:
            found = self._work.lookup(kind, key)
            if found is None:
                return None
            self._ids[kind, key] = found
        return self._ids[kind, key]


def _print_of(offer: Candidate) -> int:
    """Tell two rows about one thing apart, in little room."""
    return hash(repr((offer.values, offer.pointers)))


def _made(kind: str, values: dict[str, Any]) -> Record:
    record = kind_of(kind)
    return record(**{name: from_json(field_of(record, name), value) for name, value in values.items()})


def _as_received(case: Case) -> None:
    """Complete a case that comes from outside: whoever owned it there owns it here."""
    case.assignment = Assignment.ACCEPTED if case.owner else Assignment.UNASSIGNED
    case.waiting_on = WAITS_ON.get(case.status)
    if case.resolved_at and not case.first_resolved_at:
        case.first_resolved_at = case.resolved_at


def _reachable(record: Record, there: str, *, owned: bool) -> bool:
    """Tell whether the case can come to the file's state by the ways there are; otherwise the two drifted apart."""
    if not isinstance(record, Case):
        return False
    path = states.path(record.status, CaseStatus(there))  # type: ignore[call-arg]
    return path is not None and (CaseStatus.OPEN not in path or owned or record.owner is not None)


def _steps(record: Record, told: dict[str, tuple[Any, Any]], now: datetime) -> list[dict[str, Any]]:
    """Part a change into what is written at once: a state is reached way by way, each one a change of its own."""
    values = {name: there for name, (_here, there) in told.items()}
    there = values.pop("status", None)
    if isinstance(record, Case) and "owner" in values:
        values |= {"assignment": str(Assignment.ACCEPTED), "offered_to": None}
    steps = [values] if values else []
    if isinstance(record, Case) and there is not None:
        path = states.path(record.status, CaseStatus(there)) or ()  # type: ignore[call-arg]
        steps += [
            {"status": str(state), "waiting_on": WAITS_ON.get(state), **_why(record.status, state)}
            | {name: value for name, value in _when(record, state, now).items() if name not in values}
            for state in path
        ]
    return steps


def _when(case: Case, to: CaseStatus, now: datetime) -> dict[str, Any]:
    """Say when a state was reached, for a file that does not: the moment at which the desk learned of it."""
    if to is CaseStatus.RESOLVED:
        return {"resolved_at": instant_text(now)}
    if to in {CaseStatus.CLOSED, CaseStatus.CANCELLED}:
        return {"closed_at": instant_text(now)}
    if to is CaseStatus.OPEN and case.status is CaseStatus.RESOLVED:
        return {"resolved_at": None, "reopen_count": case.reopen_count + 1}
    return {}


def _why(here: CaseStatus, to: CaseStatus) -> dict[str, str]:
    """Give the reason that a state asks for; a CRM tells that it happened, not why."""
    if to is CaseStatus.CANCELLED:
        return {"cancel_reason": str(CancelReason.WITHDRAWN)}
    if here is CaseStatus.RESOLVED and to is CaseStatus.OPEN:
        return {"reopen_reason": str(ReopenReason.NOT_FIXED)}
    return {}


def _message(case_id: str, said: Said) -> Message:
    values = {name: from_json(field_of(Message, name), value) for name, value in said.values.items()}
    return Message(case=case_id, outside_id=said.key, **values)
