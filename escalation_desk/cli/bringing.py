"""`import`: files from outside, one entry each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from escalation_desk.casework.refusal import Fault, Refused
from escalation_desk.cli.looking import as_json
from escalation_desk.i18n import _, n_
from escalation_desk.intake.bringing import bring_in
from escalation_desk.journal.reading import label_of

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from escalation_desk.intake.planning import Outcome
    from escalation_desk.journal.journal import Journal


class Stopped(Refused):
    """A file that was refused after others were taken: what was done before it is said too."""

    def __init__(self, sentence: str, done: str) -> None:
        super().__init__(sentence)
        self.done = done


def import_files(journal: Journal, asked: Namespace) -> str:
    """Import each file as an entry of its own, in their order, and stop at the first that cannot be read.

    What was imported before it stays. A script can rely on this: the answer tells all that was imported, with --json
    as one document; where no file was, there is none. Exit code 1 says that some file was not.
    """
    outcomes: list[tuple[Path, Outcome]] = []
    for path in asked.files:
        try:
            outcomes.append((path, bring_in(journal, path, source=asked.source, dry_run=asked.dry_run)))
        except (Refused, Fault) as sentence:
            if outcomes:
                raise Stopped(f"{sentence} {_before(outcomes)}", _told(outcomes, as_document=asked.json)) from sentence
            raise
    return _told(outcomes, as_document=asked.json)


def _told(outcomes: list[tuple[Path, Outcome]], *, as_document: bool) -> str:
    if as_document:
        return as_json(_together([outcome for _path, outcome in outcomes]))
    return "\n".join(_line(path, outcome) for path, outcome in outcomes)


def _before(outcomes: list[tuple[Path, Outcome]]) -> str:
    return _("Imported before it: {files}.", files=", ".join(path.name for path, _outcome in outcomes))


def _line(path: Path, outcome: Outcome) -> str:
    line = _(
        "{file}: {created} new, {updated} changed, {unchanged} the same, {refused} rows refused",
        file=path.name,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        refused=len(outcome.refused),
    )
    told = [_("  row {row}: {reason}", row=one.row, reason=one.reason) for one in outcome.refused[:_SHOWN]]
    if len(outcome.refused) > _SHOWN:
        told.append(_("  … and {more} more; --json lists them all", more=len(outcome.refused) - _SHOWN))
    return "\n".join([line, *told, *_kept(outcome)])


def _kept(outcome: Outcome) -> list[str]:
    """Tell what the file says otherwise but a person here has written since."""
    values = sum(len(one.fields) for one in outcome.kept)
    if not values:
        return []
    told = [
        _("  {name} keeps: {fields}", name=one.name, fields=", ".join(label_of(one.kind, f) for f in one.fields))
        for one in outcome.kept[:_SHOWN]
    ]
    if len(outcome.kept) > _SHOWN:
        told.append(_("  … and {more} more; --json lists them all", more=len(outcome.kept) - _SHOWN))
    head = n_(
        "{n} value in the file is left aside, because somebody here has written another one since.",
        "{n} values in the file are left aside, because somebody here has written others since.",
        values,
    )
    return [f"  {head}", *told]


_SHOWN = 10


def _together(outcomes: list[Outcome]) -> dict[str, Any]:
    all_of: dict[str, Any] = {"created": 0, "updated": 0, "unchanged": 0, "refused": []}
    for outcome in outcomes:
        for name, value in outcome.as_data().items():
            all_of[name] += value
    kept = [
        {"record": one.name, "field": name, "here": here, "file": there}
        for outcome in outcomes
        for one in outcome.kept
        for name, (here, there) in one.fields.items()
    ]
    return {**all_of, "kept": kept} if kept else all_of
