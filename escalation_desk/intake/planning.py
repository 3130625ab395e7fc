"""Takes a file over as one entry that can be undone whole; people save meanwhile, however long the file is.

A file of a few hundred records is written in one transaction. A longer one comes in parts (`journal.coming`): its
records stay hidden, and its changes wait, until all of it is there.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from escalation_desk.casework.desk import ImportBatch
from escalation_desk.i18n import N_, _
from escalation_desk.intake.candidates import Candidate, Refusal
from escalation_desk.intake.child import Cancelled
from escalation_desk.intake.meeting import Meeting
from escalation_desk.journal.backup import back_up_before_import
from escalation_desk.journal.coming import Coming, take_step, turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from escalation_desk.intake.meeting import Met
    from escalation_desk.journal.coming import Pace
    from escalation_desk.journal.journal import Journal
    from escalation_desk.journal.work import Work

    Offer = Candidate | Refusal

_TITLE = N_("Import {file}")
_AT_ONCE = 500
"""Records that are written in one transaction: so many take a few tenths of a second."""
_LOOKED_AT = 500
_TOLD = 1_000


@dataclass(slots=True)
class Difference:
    """What an import would change in one record: field, here, in the file."""

    name: str
    fields: dict[str, tuple[Any, Any]]
    kind: str


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

    def count(self, met: Met | Refusal) -> None:
        """Count what comes of a candidate."""
        if isinstance(met, Refusal):
            self.refused.append(met)
            self.rows += 1
            return
        self.rows += len(met.offer.rows)
        if met.kept and len(self.kept) < _TOLD:
            self.kept.append(Difference(met.record.name, met.kept, met.record.kind))
        if met.new:
            self.created += 1
            if len(self.new) < _TOLD:
                self.new.append(met.record.name or met.offer.key)
        elif met.changes:
            self.updated += 1
            if len(self.differences) < _TOLD:
                self.differences.append(Difference(met.record.name, met.told, met.record.kind))
        else:
            self.unchanged += 1

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


@dataclass(frozen=True, slots=True)
class _Watcher:
    """Whoever waits for an import: is told how far it is, and may stop it."""

    progress: Callable[[int], None] | None
    cancelled: Callable[[], bool] | None

    def look(self) -> None:
        """Stop here where somebody wants it."""
        if self.cancelled and self.cancelled():
            raise Cancelled

    def at(self, rows: int) -> None:
        if self.progress:
            self.progress(rows)
        self.look()


def take_over(
    journal: Journal,
    offers: Iterable[Offer],
    origin: Origin,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Outcome:
    """Write the candidates as one entry. A dry run and a cancelled one leave nothing behind."""
    watcher = _Watcher(progress, cancelled)
    offered = iter(offers)
    first = list(islice(offered, _AT_ONCE + 1))
    if dry_run:
        return _looked_ahead(journal, chain(first, offered), watcher)
    with turn(journal, watcher.look):
        if len(first) <= _AT_ONCE:
            return _at_once(journal, first, origin, watcher)
        return _in_parts(journal, chain(first, offered), origin, watcher)


def _looked_ahead(journal: Journal, offers: Iterator[Offer], watcher: _Watcher) -> Outcome:
    """Say what an import would do; nothing is written."""
    outcome = Outcome()
    with closing(journal.reader()) as made:
        meeting = Meeting(made, journal.now())
        while some := list(islice(offers, _LOOKED_AT)):
            for met in meeting.meet(some):
                outcome.count(met)
            watcher.at(outcome.rows)
    return outcome


def _at_once(journal: Journal, offers: list[Offer], origin: Origin, watcher: _Watcher) -> Outcome:
    """Write a short file in one transaction, in which everything is read again: it is as nobody can change it."""
    _keep_what_was(journal, _looked_ahead(journal, iter(offers), watcher))
    outcome = Outcome()
    with journal.entry(_TITLE, kind="import", file=origin.file_name) as work:
        for met in work.ask(lambda made: list(Meeting(made, work.now).meet(offers))):
            outcome.count(met)
            if not isinstance(met, Refusal):
                _write(work, met)
        if outcome.created or outcome.updated:
            work.add(_batch(origin, outcome))
        watcher.look()
    return outcome


def _write(work: Work, met: Met) -> None:
    for record in met.added:
        work.add(record)
    if met.steps:
        work.flush()
    for step in met.steps:
        take_step(work, met.offer.kind, met.record.id, step)


def _in_parts(journal: Journal, offers: Iterator[Offer], origin: Origin, watcher: _Watcher) -> Outcome:
    """Write a long file in parts. Nobody sees any of it before all of it is there; then it cannot be stopped."""
    outcome = Outcome()
    changed: dict[str, Candidate] = {}
    with closing(journal.reader()) as made, Coming(journal, _TITLE, file=origin.file_name) as coming:
        meeting = Meeting(made, journal.now())
        for some in _by_pace(offers, coming.pace):
            met = list(meeting.meet(some))
            for one in met:
                outcome.count(one)
            own = [one for one in met if not isinstance(one, Refusal) and one.changes]
            if own:
                _prepare(coming, own)
                changed.update((one.record.id, one.offer) for one in own if one.steps)
            watcher.at(outcome.rows)
        if not outcome.created and not outcome.updated:
            return outcome
        with coming.part() as work:
            work.add(_batch(origin, outcome))
        _keep_what_was(journal, outcome)
        watcher.look()
        coming.settle()
        _leave(coming.arrive(), changed, outcome)
    return outcome


def _by_pace(offers: Iterator[Offer], pace: Pace) -> Iterator[list[Offer]]:
    while some := list(islice(offers, pace.size)):
        yield some


def _prepare(coming: Coming, own: list[Met]) -> None:
    with coming.part() as work:
        for one in own:
            for record in one.added:
                work.add(record)
            if one.steps:
                coming.change(one.offer.kind, one.record.id, one.steps)


def _leave(overtaken: Iterable[str], changed: dict[str, Candidate], outcome: Outcome) -> None:
    """Refuse the rows about what somebody changed here while the file came: their work stays."""
    for record_id in overtaken:
        reason = _("Somebody has changed this here while the file was imported; theirs stays. Import it again.")
        outcome.refused += [Refusal(row, reason) for row in changed[record_id].rows]
        outcome.updated -= 1


def _keep_what_was(journal: Journal, outcome: Outcome) -> None:
    """Make a copy where an import changes more than one in fifty of what is here, and more than twenty."""
    if outcome.updated <= _FEW:
        return
    with closing(journal.reader()) as made:
        (here,) = made.execute(_ALL_THAT_IMPORTS_CHANGE).fetchone()
        if outcome.updated > here * _MUCH:
            back_up_before_import(made, journal.folder, journal.key, journal.now())


_ALL_THAT_IMPORTS_CHANGE = (
    'SELECT (SELECT count(*) FROM "case" WHERE deleted_at IS NULL) '
    "+ (SELECT count(*) FROM seller WHERE deleted_at IS NULL) + (SELECT count(*) FROM party WHERE deleted_at IS NULL)"
)
_FEW, _MUCH = 20, 0.02


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
