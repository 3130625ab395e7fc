"""How contacts answer: a line a contact, team, topic or month; every figure with what it was counted from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox, QWidget

from escalation_desk.casework.contacts import scorecard
from escalation_desk.casework.fields import instant_text
from escalation_desk.desktop.contacts.lines import Cell, LineTable
from escalation_desk.desktop.contacts.people import lay_part
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.look.tones import Tone
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import PlainLabel, button
from escalation_desk.i18n import N_, _, language, n_
from escalation_desk.journal import contacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from escalation_desk.casework.contacts.scorecard import Asked, Score, Share, Span
    from escalation_desk.casework.desk import ExportRecord
    from escalation_desk.desktop.pages import Frame, Progress
    from escalation_desk.journal.connection import Connection
    from escalation_desk.journal.contacts import Known

_BY: Final = (
    ("team", N_("By team")),
    ("contact", N_("By contact")),
    ("topic", N_("By topic")),
    ("month", N_("By month")),
)
_SINCE: Final = ((30, N_("30 days")), (90, N_("90 days")), (365, N_("a year")), (0, N_("all time")))


class FiguresPart(QWidget):
    """Reads the requests sent since a day, and measures them in the hours of whoever was asked."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self.by, self.since = QComboBox(), QComboBox()
        self.by.setAccessibleName(_("Figures by"))
        self.since.setAccessibleName(_("Requests sent within"))
        for code, label in _BY:
            self.by.addItem(_(label), code)
        for days, label in _SINCE:
            self.since.addItem(_("Sent within: {span}", span=_(label)), days)
        headings = (
            *(_("Who or what"), _("Requests"), _("Acknowledged"), _("Answered"), _("OLA: acknowledged")),
            *(_("OLA: answered"), _("Chases per request"), _("Wrong contact"), _("Still open"), _("Oldest")),
        )
        self.save = button(_("Save as Excel…"), self._save, sign="export excel")
        self.save.setEnabled(False)
        self._lines: list[Score] = []
        self.table = LineTable(_("How contacts answer"), headings)
        self.hint = PlainLabel("", Role.SMALL, wrap=True)
        self.said = PlainLabel(_(_MEDIAN), Role.SMALL, wrap=True)
        column = lay_part(self, (self.by, self.since, self.save), self.said, self.table)
        column.addWidget(self.hint)
        self.hint.setText("\n".join(f"{_(name)}: {_(formula)}" for name, formula in scorecard.FORMULAS))
        self.by.activated.connect(lambda _at: self.read())
        self.since.activated.connect(lambda _at: self.read())

    def read(self) -> None:
        """Measure anew; it may be many, so nobody waits for it."""
        verbs = self._frame.verbs
        now, days, by = verbs.journal.now(), int(self.since.currentData()), str(self.by.currentData())
        clock = Clock.of(verbs.me, now)
        since = instant_text(now - timedelta(days=days)) if days else ""

        def measure(made: Connection) -> list[Score]:
            known = contacts.known(made)
            return scorecard.scorecard(
                contacts.asked_since(made, since),
                key_of(by, known, clock),
                lambda one: known.own_hours(one.request, one.market),
                now,
            )

        def show(lines: list[Score]) -> None:
            self._lines = lines
            self.save.setEnabled(bool(lines))
            self.said.setText(_(_MEDIAN) if lines else _("Nobody was asked in this time; choose a longer one."))
            self.table.show_lines([(one.key, list(_cells(one, clock))) for one in lines])

        verbs.ask(measure, show, slow=True)

    def _save(self) -> None:
        # What writes Excel is loaded when something leaves.
        from escalation_desk.desktop.papers import doing

        offered = doing.file_name(self._frame, _("List"), self.table.accessibleName(), ".xlsx")
        path = doing.ask_where(self._frame, _("Save as Excel"), offered, _("Excel workbooks (*.xlsx)"))
        if path:
            self.write_to(path)

    def write_to(self, path: Path) -> None:
        """Write what is shown as a workbook, beside the window."""
        from escalation_desk.desktop.papers import doing  # As above.
        from escalation_desk.documents.scorecard_sheet import export_scorecard  # As above.

        frame, lines, title = self._frame, self._lines, self.table.accessibleName()
        spoken = language()
        asked = [(box.accessibleName(), box.currentText()) for box in (self.by, self.since)]

        def work(_strip: Progress) -> ExportRecord:
            return export_scorecard(frame.verbs.journal, lines, path, title, asked, spoken)

        def told(record: ExportRecord) -> None:
            rows = n_("{n} row", "{n} rows", record.items)
            frame.tell(_("{file} is written and logged as {number}: {rows}.", file=path, number=record.name, rows=rows))

        doing.beside(frame, _("Writing {file}", file=path.name), work, told)


_MEDIAN: Final = N_("Median, with P90 from 30 answers on, in the working hours of whoever was asked; n in brackets.")


def key_of(by: str, known: Known, clock: Clock) -> Callable[[Asked], str]:
    """Say how the lines are called."""
    return {
        "team": lambda one: known.directory.who(one.request.team, None),
        "contact": lambda one: known.who(one.request),
        "topic": lambda one: one.topic or "–",
        "month": lambda one: f"{one.request.sent_at.astimezone(clock.zone):%m/%Y}" if one.request.sent_at else "–",
    }[by]


def _cells(one: Score, clock: Clock) -> Iterator[Cell]:
    yield Cell(one.key)
    yield Cell(str(one.sent), number=True)
    yield _span(one.acknowledged)
    yield _span(one.answered)
    yield _share(one.ola_acknowledged)
    yield _share(one.ola_answered)
    ratio = one.chases.rate
    yield Cell("–" if ratio is None else f"{ratio:.1f} ({one.chases.part}/{one.chases.whole})", number=True)
    yield _share(one.bounced)
    yield Cell(str(one.open_now) if one.open_now else "–", number=True)
    yield Cell(clock.age(one.oldest) or "–")


def _span(found: Span) -> Cell:
    """Write median and P90; few answers are written in grey, none as a dash."""
    if found.median is None:
        return Cell("–", number=True)
    parts = [time_said(found.median)]
    if found.p90 is not None:
        parts.append(_("P90 {time}", time=time_said(found.p90)))
    few = found.n < scorecard.ENOUGH_FOR_P90
    return Cell(f"{' · '.join(parts)} ({found.n})", Tone.NEUTRAL if few else None, number=True)


def _share(found: Share) -> Cell:
    rate = found.rate
    return Cell("–" if rate is None else f"{rate:.0%} ({found.part}/{found.whole})", number=True)


def time_said(minutes: float) -> str:
    """Say working time in hours and minutes: a working day is not 24 hours."""
    whole = round(minutes)
    return _("{n} min", n=whole) if whole < 60 else _("{h} h {m}", h=whole // 60, m=f"{whole % 60:02}")
