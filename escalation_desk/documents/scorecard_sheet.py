"""How contacts answer as an Excel file: each figure a column of numbers, with what it was counted from beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from escalation_desk.casework.choices import ExportFormat, ExportKind, Language
from escalation_desk.casework.contacts.scorecard import FORMULAS
from escalation_desk.casework.desk import ExportRecord
from escalation_desk.casework.masking import Mask
from escalation_desk.documents.cells import Kind
from escalation_desk.documents.leaving import Leave, issue, log
from escalation_desk.documents.sheet import Column, write_list
from escalation_desk.i18n import N_, _, language, speaking
from escalation_desk.journal.desk import profile_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from escalation_desk.casework.contacts.scorecard import Score
    from escalation_desk.journal.journal import Journal

_WIDE: Final = 28
_COLUMNS: Final = (
    (N_("Who or what"), Kind.TEXT),
    (N_("Requests"), Kind.NUMBER),
    (N_("Acknowledged: median (min)"), Kind.DECIMAL),
    (N_("Acknowledged: P90 (min)"), Kind.DECIMAL),
    (N_("Acknowledged: counted"), Kind.NUMBER),
    (N_("Answered: median (min)"), Kind.DECIMAL),
    (N_("Answered: P90 (min)"), Kind.DECIMAL),
    (N_("Answered: counted"), Kind.NUMBER),
    (N_("Acknowledged within the OLA"), Kind.NUMBER),
    (N_("Acknowledged within the OLA: of"), Kind.NUMBER),
    (N_("Answered within the OLA"), Kind.NUMBER),
    (N_("Answered within the OLA: of"), Kind.NUMBER),
    (N_("Chases"), Kind.NUMBER),
    (N_("Chases: requests"), Kind.NUMBER),
    (N_("Wrong contact"), Kind.NUMBER),
    (N_("Wrong contact: of"), Kind.NUMBER),
    (N_("Still open"), Kind.NUMBER),
    (N_("Oldest open one sent"), Kind.INSTANT),
)


def export_scorecard(
    journal: Journal, lines: Sequence[Score], path: Path, title: str, asked: Sequence[tuple[str, str]], spoken: str
) -> ExportRecord:
    """Write the lines as a workbook and log it; `asked` says by what they were counted, and since when."""
    with speaking(spoken):
        return log(journal, _written(journal, lines, path, title, asked))


def _written(
    journal: Journal, lines: Sequence[Score], path: Path, title: str, asked: Sequence[tuple[str, str]]
) -> ExportRecord:
    me, leave = profile_of(journal), Leave()
    circumstances = issue(journal, me, ExportKind.LIST)
    notes = [
        (_("View"), title),
        *asked,
        (_("Personal data"), _(leave.personal_data.label)),
        (_("Made by"), circumstances.by),
        (_("State of the data"), circumstances.sync_state),
        (_("Document"), circumstances.number),
        *((_(name), _(formula)) for name, formula in FORMULAS),
    ]
    sheet = write_list(
        path,
        title,
        [Column(_(label), kind, _WIDE if at == 0 else 18) for at, (label, kind) in enumerate(_COLUMNS)],
        [list(_cells(one)) for one in lines],
        notes,
        as_of=circumstances.as_of,
        zone=circumstances.zone,
        total=len(lines),
    )
    return ExportRecord(
        form=ExportKind.LIST,
        document_no=circumstances.number,
        subjects=(title,),
        file_name=path.name,
        language=Language(language()),  # type: ignore[call-arg]  # looks a member up
        format=ExportFormat.XLSX,
        personal_data=leave.personal_data,
        content_sha256=sheet.sha256,
        snapshot_at=circumstances.as_of,
        sync_state=circumstances.sync_state,
        items=sheet.rows,
    )


def _cells(one: Score) -> Iterator[Any]:
    yield Mask().text(one.key)
    yield one.sent
    for span in (one.acknowledged, one.answered):
        yield from (span.median, span.p90, span.n)
    for share in (one.ola_acknowledged, one.ola_answered, one.chases, one.bounced):
        yield from (share.part, share.whole)
    yield one.open_now
    yield one.oldest
