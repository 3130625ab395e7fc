"""Today: what is due, what was promised, what is new, in the order in which a shift goes through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from escalation_desk.casework.views import Now
from escalation_desk.desktop.look.lettering import Role
from escalation_desk.desktop.moments import Clock
from escalation_desk.desktop.plain import Card, PlainLabel, button
from escalation_desk.desktop.today.cards import Columns, SectionCard, page_in
from escalation_desk.desktop.today.day import LATELY, SECTIONS, Day, Section, read_day
from escalation_desk.i18n import N_, _, n_

if TYPE_CHECKING:
    from escalation_desk.desktop.pages import Frame
    from escalation_desk.journal.journal import Touched

_PAUSE: Final = 200


class TodayPlace(QWidget):
    """The home of the window."""

    icon: Final = "today"
    renamed = Signal(str)

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self._frame = frame
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.refresh)
        self._cards: dict[str, SectionCard] = {}
        self._hello = PlainLabel("", Role.TITLE)
        self._below = PlainLabel("", Role.MUTED, wrap=True)
        self._lately = SectionCard(frame, LATELY)
        self._first = _FirstSteps(frame)
        self._lay_out()
        frame.verbs.changed.connect(self._changed)
        frame.minute.connect(self.refresh)
        self.refresh()

    def title(self) -> str:
        return _("Today")

    def refresh(self) -> None:
        verbs = self._frame.verbs
        clock = Clock.of(verbs.me, verbs.journal.now())
        now = Now(verbs.me.id, clock.now, clock.day_end)
        verbs.ask(lambda made: read_day(made, now, clock), lambda day: self._show(day, clock), slow=True)

    def _show(self, day: Day, clock: Clock) -> None:
        self._hello.setText(_greeting(clock, self._frame.verbs.me.full_name))
        self._below.setText(_in_short(day, clock))
        self._first.setVisible(day.empty)
        self._grid.setVisible(not day.empty)
        for code, card in self._cards.items():
            card.show_lines(day.lines[code], day.counts[code])
        self._lately.show_lines(day.lately, len(day.lately))

    def _changed(self, _touched: Touched) -> None:
        self._pause.start()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._pause.start()

    def _lay_out(self) -> None:
        column = page_in(self)
        column.addWidget(self._hello)
        column.addWidget(self._below)
        column.addWidget(self._first)
        self._grid = Columns([*(self._card(section) for section in SECTIONS), self._lately])
        column.addWidget(self._grid)
        column.addStretch(1)

    def _card(self, section: Section) -> SectionCard:
        card = self._cards[section.code] = SectionCard(self._frame, section)
        return card


class _FirstSteps(Card):
    """What to do on a desk without a case."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(_("There is no case on this desk yet"))
        self.body.addWidget(PlainLabel(_(_FIRST_STEPS), Role.MUTED, wrap=True))
        row = QHBoxLayout()
        row.addWidget(button(_("Import a file…"), lambda: frame.import_files([]), kind="first", sign="import"))
        row.addStretch(1)
        self.body.addLayout(row)
        self.hide()


_FIRST_STEPS: Final = N_(
    "Import what your CRM or your tracker exports: CSV, Excel or JSON. You can also drop the file on this window."
)


def _greeting(clock: Clock, name: str) -> str:
    hour = clock.now.astimezone(clock.zone).hour
    if 4 <= hour < 12:
        return _("Good morning, {name}", name=name)
    return _("Good afternoon, {name}", name=name) if 12 <= hour < 18 else _("Good evening, {name}", name=name)


def _in_short(day: Day, clock: Clock) -> str:
    """Say the day in one line."""
    parts = [
        n_("{n} overdue", "{n} overdue", day.counts["overdue"]),
        n_("{n} due today", "{n} due today", day.counts["due"]),
        n_("{n} promise today", "{n} promises today", day.counts["promised"]),
        n_("{n} new", "{n} new", day.counts["new"]),
    ]
    return f"{clock.now.astimezone(clock.zone):%d/%m/%Y}  ·  " + "  ·  ".join(parts)
